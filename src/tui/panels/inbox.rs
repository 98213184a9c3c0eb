//! The inbox: one line for each thing that patients did online, the newest first.

use crate::clinic::{Arrival, CameBy, Looked, Online};
use crate::domain::{Identification, Interval, PractitionerId};
use crate::tui::model::Model;
use crate::tui::sanitise::clean;
use crate::tui::theme::Role;

use super::finder::who;
use super::panel::{Line, Panel, Place};

/// Columns kept while what is inside changes.
const COLUMNS: usize = 72;
/// Columns of the mark that tells a new one.
const MARK: usize = 4;

/// The inbox as a panel.
pub(super) fn panel(model: &Model, selected: usize) -> Panel {
    let texts = model.texts();
    let arrivals = &model.inbox.arrivals;
    let mut lines: Vec<Line> = arrivals.iter().flat_map(|it| lines(model, it)).collect();
    if arrivals.is_empty() {
        // Without the database nobody knows that it is empty.
        let unknown = model.requests.inbox.is_some() || model.lost_since.is_some();
        let text = if unknown { texts.loading } else { texts.inbox_empty };
        lines.push(Line::new(text, Role::Dim));
    }
    let title = match model.inbox.new_ones() {
        0 => texts.inbox_title.to_owned(),
        new => format!("{} · {}", texts.inbox_title, texts.new_ones(new)),
    };
    Panel {
        entries: (0, arrivals.len()),
        selected: (!arrivals.is_empty()).then_some(selected * 2),
        keep: (COLUMNS, 12),
        tall: 2,
        ..Panel::new(title, Place::Centre, lines)
    }
}

/// When and who, then what they did; a new one says so in a word.
fn lines(model: &Model, it: &Arrival) -> [Line; 2] {
    let texts = model.texts();
    let (mark, role) = match it.looked {
        Looked::New => (texts.new_mark, Role::Strong),
        Looked::Seen => ("", Role::Plain),
    };
    let patient = it.patient.as_ref().and_then(|id| model.inbox.patients.get(id));
    let nobody = || match it.came_by {
        CameBy::Page => model.language.sync_texts().unknown_patient.to_owned(),
        CameBy::Wish => texts.blank_patient.to_owned(),
    };
    let who = patient.map_or_else(nobody, |patient| who(model, patient));
    let (practitioner, interval) = &it.place;
    let first = format!("{mark:MARK$}{} {who}", when(model, *interval));
    let template = it.template.as_ref().and_then(|id| model.setup.templates.get(id));
    let identified = match it.identification {
        Identification::EId => texts.e_id,
        Identification::Unverified => texts.unverified,
    };
    let mut parts = match it.came_by {
        CameBy::Wish => vec![deed(model, it), identified.to_owned()],
        CameBy::Page => {
            vec![format!("{}: {}", model.language.sync_texts().back_online, deed(model, it))]
        }
    };
    if model.inbox.in_other_names.contains(&it.booking) {
        parts.push(texts.other_name.to_owned());
    }
    parts.extend(template.map(|template| template.name.clone()));
    let second = format!("{:MARK$}{}", "", parts.join(" · "));
    let at = model.setup.zone.civil(it.at);
    let came = match at.date() == model.now.date() {
        true => at.clock(),
        false => format!("{} {}", model.dates().short(at.date(), model.now.date()), at.clock()),
    };
    let right = |text: String| Some((clean(&text).into_owned(), Role::Dim));
    [
        Line { right: right(name(model, practitioner)), ..Line::new(clean(&first), role) },
        Line {
            right: right(format!("{} {came}", texts.came_in)),
            ..Line::new(clean(&second), Role::Plain)
        },
    ]
}

/// What the patient did; where from, where it was moved.
fn deed(model: &Model, it: &Arrival) -> String {
    let texts = model.texts();
    let Some((before, interval)) = &it.before else {
        return match it.what {
            Online::Cancelled => texts.online_cancelled.to_owned(),
            Online::Booked | Online::Rebooked => texts.online_booked.to_owned(),
        };
    };
    let mut text = format!("{} {}", texts.online_rebooked, when(model, *interval));
    if *before != it.place.0 {
        text.push_str(&format!(" ({})", name(model, before)));
    }
    text
}

fn when(model: &Model, interval: Interval) -> String {
    format!("{} {}", model.date(interval.start().date()), model.dates().hours(interval))
}

fn name(model: &Model, id: &PractitionerId) -> String {
    model.setup.practitioners.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
}
