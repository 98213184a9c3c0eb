//! The audit log on screen: what happened to the time under the cursor, and the newest entries. Shows
//! who, when, what and where, nothing personal.

use crate::clinic::{AuditEntry, AuditValue, LogQuestion};
use crate::domain::{CivilTime, PractitionerId};
use crate::texts::{Deed, Thing};
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::message::Effect;
use crate::tui::model::Model;

/// *Vem flyttade den?*: asks what happened to what lies on the cursor's row, or lay there.
pub(super) fn ask_about_cell(model: &mut Model) -> Vec<Effect> {
    let (Some(practitioner), Some(interval)) =
        (model.practitioner.clone(), model.cursor_interval())
    else {
        return Vec::new();
    };
    ask(model, LogQuestion::Time { practitioner, interval })
}

/// Asks for the newest entries.
pub(super) fn ask_newest(model: &mut Model) -> Vec<Effect> {
    ask(model, LogQuestion::Newest)
}

fn ask(model: &mut Model, question: LogQuestion) -> Vec<Effect> {
    let request = model.requests.next();
    model.requests.log = Some((request, question.clone()));
    vec![Effect::LoadLog { request, question }]
}

/// The entries arrived: a list that can be searched, whose entries lead to the time they tell of.
/// Where something else has been opened meanwhile, they are no longer wanted.
pub(super) fn arrived(
    model: &mut Model,
    question: &LogQuestion,
    entries: &[AuditEntry],
) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        return Vec::new();
    }
    let texts = model.texts();
    let (title, empty) = match question {
        LogQuestion::Newest => (texts.log_title.to_owned(), texts.log_empty),
        LogQuestion::Time { interval, .. } => {
            let moment = model.dates().moment(interval.start());
            (format!("{} · {moment}", texts.history_title), texts.history_empty)
        }
    };
    let lines = entries.iter().map(|entry| line(model, entry)).collect();
    model.overlays.push(Overlay::Menu(Menu::new(title, lines, empty)));
    Vec::new()
}

/// `23/11 10:12  AE  lade till preblock E-us 25/11 13:00–15:00`.
fn line(model: &Model, entry: &AuditEntry) -> Entry {
    let at = model.setup.zone.civil(entry.at);
    let when = format!("{} {}", model.dates().short(at.date(), model.now.date()), at.clock());
    let what = in_book(entry).map_or_else(
        || format!("{} {}", entry.action, entry.entity),
        |thing| {
            let told = model.texts().deed_on(deed(entry), thing);
            [told, type_name(model, entry), times(model, entry)].join(" ")
        },
    );
    let choice = place(entry).map_or(Choice::Close, |(id, time)| Choice::Time(id, time));
    Entry::new(choice, format!("{when}  {}  {what}", entry.actor))
}

/// What of a book or of its patients the entry is about, if it is.
fn in_book(entry: &AuditEntry) -> Option<Thing> {
    match entry.entity.split('/').next() {
        Some("preblock") => Some(Thing::Preblock),
        Some("work_session") => Some(Thing::Session),
        Some("booking") => Some(Thing::Booking),
        Some("call") => Some(Thing::Call),
        Some("patient") => Some(Thing::Patient),
        _ => None,
    }
}

fn deed(entry: &AuditEntry) -> Deed {
    let is_cancelled = |value: &AuditValue| value.plain_field("state") == Some("cancelled");
    match (&entry.before, &entry.after) {
        (Some(before), Some(after)) if is_cancelled(after) && !is_cancelled(before) => {
            Deed::Cancelled
        }
        (Some(_), Some(_)) => Deed::Altered,
        (Some(_), None) => Deed::Removed,
        (None, _) => Deed::Added,
    }
}

/// The name of the preblock's type or of the booking's template.
fn type_name(model: &Model, entry: &AuditEntry) -> String {
    let value = entry.after.as_ref().or(entry.before.as_ref());
    let field = |name| value.and_then(|value| value.plain_field(name));
    let setup = &model.setup;
    let preblock_type = field("type").and_then(|id| setup.preblock_types.get(&id.into()));
    let template = field("template").and_then(|id| setup.templates.get(&id.into()));
    preblock_type
        .map(|found| found.name.clone())
        .or_else(|| template.map(|found| found.name.clone()))
        .unwrap_or_default()
}

/// Where it stands, or from where to where it went.
fn times(model: &Model, entry: &AuditEntry) -> String {
    let told = |value: &AuditValue| {
        let interval = value.interval()?;
        let day = model.dates().short(interval.start().date(), model.now.date());
        Some(format!("{day} {}", model.dates().hours(interval)))
    };
    let before = entry.before.as_ref().and_then(told);
    let after = entry.after.as_ref().and_then(told);
    match (before, after) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (before, after) => after.or(before).unwrap_or_default(),
    }
}

/// Where to find what the entry is about.
fn place(entry: &AuditEntry) -> Option<(PractitionerId, CivilTime)> {
    let value = entry.after.as_ref().or(entry.before.as_ref())?;
    let practitioner = value.plain_field("practitioner")?.into();
    Some((practitioner, value.interval()?.start()))
}
