//! *Behandlaren är sjuk*, drawn: what is published, and the bookings with whom to call.

use crate::clinic::ToCall;
use crate::domain::{IdentityProtection, Patient};
use crate::texts::AwayTexts;
use crate::tui::actions::{Action, Context};
use crate::tui::dialogs::{CallBoard, Previewed};
use crate::tui::model::Model;
use crate::tui::sanitise::{clean, fit, width};
use crate::tui::theme::Role;
use crate::tui::told::booking_line;

use super::fields::flowed;
use super::panel::{Line, Panel, Place};

/// Columns that a list takes at most.
const WIDEST: usize = 88;
/// Columns of a time, and of a telephone number.
const TIME: usize = 13;
const PHONE: usize = 15;
/// Lines kept for what is known of the selected booking, and for how many more there are.
const DETAIL: usize = 3;
/// Lines of the screen around what stands in a panel.
const AROUND: usize = 5;

/// The list as a panel.
pub(super) fn panel(model: &Model, board: &CallBoard) -> Panel {
    let texts = model.language.away_texts();
    let name = model.setup.practitioners.get(&board.practitioner).map_or("", |it| it.name.as_str());
    let columns = WIDEST.min(usize::from(model.size.0).saturating_sub(8));
    let title = format!("{} · {}", texts.title(name), model.period(board.days));
    let mut lines = head(model, board, texts, columns);
    let first = lines.len();
    let rows = board.bookings();
    // What is known of the selected one stays beneath, however long the list is.
    let shown = visible(model, first);
    let from = (board.selected + 1).saturating_sub(shown).min(rows.len().saturating_sub(shown));
    let in_view = rows.iter().skip(from).take(shown);
    lines.extend(in_view.map(|row| row_line(model, row, columns)));
    let beneath = lines.len();
    lines.push(match rows.len().saturating_sub(from + shown) {
        0 => Line::default(),
        more => Line::new(model.texts().and_more(more), Role::Dim),
    });
    let detail = board.current().map(|row| detail(model, row, columns)).unwrap_or_default();
    lines.extend(detail.into_iter().take(DETAIL - 1));
    Panel {
        selected: (!rows.is_empty()).then(|| first + board.selected.saturating_sub(from)),
        keep: (columns, beneath + DETAIL),
        ..Panel::new(title, Place::Centre, lines)
    }
}

/// How many bookings are in view below so many lines.
fn visible(model: &Model, above: usize) -> usize {
    usize::from(model.size.1).saturating_sub(AROUND + above + DETAIL).max(1)
}

/// What is published, how many bookings are concerned, and what has just been said.
fn head(model: &Model, board: &CallBoard, texts: &AwayTexts, columns: usize) -> Vec<Line> {
    let mut told = Vec::new();
    let key = model.key_of(Context::Calls, Action::Withdraw);
    told.push(match (&board.withdrawal, board.published()) {
        (Previewed::Refused(reason), _) => (reason.clone(), Role::Dim),
        (_, Some((preblocks, times))) => (texts.published(preblocks, times, &key), Role::Strong),
        _ => (model.texts().loading.to_owned(), Role::Dim),
    });
    told.push(match (board.list.as_ref(), board.bookings()) {
        (None, _) => (model.texts().loading.to_owned(), Role::Dim),
        (Some(_), []) => (texts.empty.to_owned(), Role::Plain),
        (Some(_), rows) => {
            let called = rows.iter().filter(|row| row.call.is_some()).count();
            (texts.concerned(rows.len(), called), Role::Plain)
        }
    });
    let lines = told.into_iter().flat_map(|(text, role)| flowed(&text, columns, role));
    // Always a line of its own: nothing moves when something is said that fits there.
    let said: Vec<Line> = match &model.status {
        Some(status) => flowed(&status.text, columns, status.role).collect(),
        None => vec![Line::default()],
    };
    lines.chain(said).collect()
}

/// `ons 25 08:00  070-123 45 67   Karl Karlsson    ringd EK 25/11 10:12`.
fn row_line(model: &Model, row: &ToCall, columns: usize) -> Line {
    let texts = model.language.away_texts();
    let when = padded(&model.dates().moment(row.booking.interval.start()), TIME);
    let phone = padded(&phone(model, row), PHONE);
    let called = row.call.as_ref().map(|call| texts.called_by(call, model.dates()));
    let right = called.as_ref().map_or(0, |called| width(called) + 2);
    let name = fit(&who(model, row), columns.saturating_sub(TIME + PHONE + right));
    let role = if row.call.is_some() { Role::Dim } else { Role::Plain };
    Line {
        right: called.map(|called| (clean(&called).into_owned(), Role::Slot)),
        ..Line::new(format!("{when}{phone}{name}"), role)
    }
}

fn padded(text: &str, columns: usize) -> String {
    let text = fit(text, columns.saturating_sub(1));
    let gap = columns.saturating_sub(width(&text));
    format!("{text}{}", " ".repeat(gap))
}

/// The patient, where the screen may show who it is: in a list never a protected one (R22).
fn shown<'a>(model: &Model, row: &'a ToCall) -> Option<&'a Patient> {
    let patient = row.patient.as_ref().filter(|_| model.shows_patients());
    patient.filter(|patient| patient.protection == IdentityProtection::None)
}

fn phone(model: &Model, row: &ToCall) -> String {
    match shown(model, row) {
        Some(patient) => {
            let none = model.language.away_texts().no_phone;
            clean(patient.mobile.as_deref().unwrap_or(none)).into_owned()
        }
        None => "–".to_owned(),
    }
}

fn who(model: &Model, row: &ToCall) -> String {
    let texts = model.texts();
    let protected = |patient: &Patient| patient.protection == IdentityProtection::Protected;
    match (shown(model, row), &row.patient) {
        (Some(patient), _) => {
            clean(&format!("{} {}", patient.first_name, patient.last_name)).into_owned()
        }
        (None, Some(patient)) if protected(patient) => texts.protected_patient.to_owned(),
        (None, _) if row.booking.patient.is_some() => texts.patient_label.to_owned(),
        (None, _) => texts.blank_patient.to_owned(),
    }
}

/// All that is known of the selected booking, the number of a protected patient, too, to whoever may
/// see it. How to reach the patient comes first: the rest may be cut.
fn detail(model: &Model, row: &ToCall, columns: usize) -> Vec<Line> {
    let patient = row.patient.as_ref().filter(|_| model.shows_patients());
    let contacts = patient.into_iter().flat_map(|it| it.mobile.iter().chain(&it.email));
    let told: Vec<String> = contacts.cloned().chain([booking_line(model, &row.booking)]).collect();
    flowed(&told.join(" · "), columns, Role::Dim).collect()
}
