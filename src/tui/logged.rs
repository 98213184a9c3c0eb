//! Entries of the audit log in words: who did what to what, when and where. Nothing personal. Pure.

use crate::clinic::{AuditEntry, AuditValue, LogFilter};
use crate::domain::{CivilTime, Interval, PractitionerId};
use crate::texts::{Deed, Thing, action_name, hits, kind_name};

use super::model::Model;

/// What a filter of the log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    By,
    Practitioner,
    Action,
    Kind,
    From,
    To,
}

impl Facet {
    /// Every one, in the order of the menu.
    pub const ALL: [Facet; 6] =
        [Facet::By, Facet::Practitioner, Facet::Action, Facet::Kind, Facet::From, Facet::To];

    /// What it is called.
    pub fn label(self, model: &Model) -> &'static str {
        let texts = model.texts();
        match self {
            Facet::By => texts.filter_by,
            Facet::Practitioner => texts.filter_practitioner,
            Facet::Action => texts.filter_action,
            Facet::Kind => texts.filter_kind,
            Facet::From => texts.filter_from,
            Facet::To => texts.filter_to,
        }
    }

    /// What it is set to, in words; `None` where it lets everything through.
    pub fn in_words(self, model: &Model, filter: &LogFilter) -> Option<String> {
        let day = |date| model.dates().short(date, model.now.date());
        match self {
            Facet::By => filter.by.clone(),
            Facet::Practitioner => filter.practitioner.as_ref().map(|id| name(model, id)),
            Facet::Action => filter.action.as_ref().map(|it| action_name(model.language, it)),
            Facet::Kind => filter.kind.as_ref().map(|it| kind_name(model.language, it)),
            Facet::From => filter.from.map(day),
            Facet::To => filter.to.map(day),
        }
    }
}

/// `av EK · Anna Ek · flyttade bokning · 1/11–25/11`; empty where nothing is filtered.
pub fn filter_in_words(model: &Model, filter: &LogFilter) -> String {
    let texts = model.texts();
    let told = |facet: Facet| facet.in_words(model, filter);
    let days = match (told(Facet::From), told(Facet::To)) {
        (None, None) => None,
        (from, to) => Some(format!("{}–{}", from.unwrap_or_default(), to.unwrap_or_default())),
    };
    let parts = [
        told(Facet::By).map(|by| format!("{} {by}", texts.by)),
        told(Facet::Practitioner),
        told(Facet::Action),
        told(Facet::Kind).map(|kind| format!("{} {kind}", texts.on)),
        days,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `23/11 10:12  AE  lade till preblock E-us 25/11 13:00–15:00`.
pub fn line(model: &Model, entry: &AuditEntry) -> String {
    let at = model.setup.zone.civil(entry.at);
    let when = format!("{} {}", model.dates().short(at.date(), model.now.date()), at.clock());
    let what = in_book(entry).map_or_else(
        || {
            let kind = entry.entity.split('/').next().unwrap_or_default();
            let named = match kind {
                // They have the id of their booking, which tells nobody anything.
                "contacts" => "",
                _ => entry.entity.strip_prefix(kind).unwrap_or_default().trim_matches('/'),
            };
            let did = action_name(model.language, &entry.action);
            match found(entry) {
                Some(count) => format!("{did}: {}", hits(model.language, count)),
                None => format!("{did}: {} {named}", kind_name(model.language, kind))
                    .trim_end()
                    .to_owned(),
            }
        },
        |thing| {
            let deed = deed(entry);
            let told = model.texts().deed_on(deed, thing);
            // What must not be cut comes first: whose book, and when.
            let parts = [told, whose(model, entry), times(model, entry), type_name(model, entry)];
            let said = parts.into_iter().filter(|part| !part.is_empty());
            said.collect::<Vec<_>>().join(" ")
        },
    );
    format!("{when}  {}  {what}", entry.actor)
}

/// Where to find what the entry is about.
pub fn place(entry: &AuditEntry) -> Option<(PractitionerId, CivilTime)> {
    let value = entry.after.as_ref().or(entry.before.as_ref())?;
    let practitioner = value.plain_field("practitioner")?.into();
    Some((practitioner, value.interval()?.start()))
}

/// What of a book or of its patients the entry is about, if it is.
fn in_book(entry: &AuditEntry) -> Option<Thing> {
    match entry.entity.split('/').next() {
        Some("preblock") => Some(Thing::Preblock),
        Some("work_session") => Some(Thing::Session),
        Some("booking") => Some(Thing::Booking),
        Some("call") => Some(Thing::Call),
        // What is called so itself is no change of a card.
        Some("patient") if !entry.action.starts_with("patient.") => Some(Thing::Patient),
        _ => None,
    }
}

/// How much a search found, where the entry is about one.
fn found(entry: &AuditEntry) -> Option<i64> {
    let value = entry.after.as_ref().filter(|_| entry.entity == "search")?;
    let count = |name| value.number_field(name).unwrap_or(0);
    Some(count("patients").saturating_add(count("bookings")))
}

fn deed(entry: &AuditEntry) -> Deed {
    let is_cancelled = |value: &AuditValue| value.plain_field("state") == Some("cancelled");
    match (&entry.before, &entry.after) {
        (Some(before), Some(after)) if is_cancelled(after) && !is_cancelled(before) => {
            Deed::Cancelled
        }
        (Some(before), Some(after)) if has_moved(before, after) => Deed::Moved,
        (Some(_), Some(_)) => Deed::Altered,
        (Some(_), None) => Deed::Removed,
        (None, _) => Deed::Added,
    }
}

/// Whether it begins at another time or stands in another book.
fn has_moved(before: &AuditValue, after: &AuditValue) -> bool {
    let start = |value: &AuditValue| value.interval().map(|interval| interval.start());
    let book = |value: &AuditValue| value.plain_field("practitioner").map(str::to_owned);
    start(before) != start(after) || book(before) != book(after)
}

/// Whose book it is about: `hos AE`; where it changed books, the times tell both.
fn whose(model: &Model, entry: &AuditEntry) -> String {
    let book = |value: &AuditValue| value.plain_field("practitioner").map(PractitionerId::from);
    let books = [&entry.before, &entry.after].map(|value| value.as_ref().and_then(book));
    match books {
        [Some(from), Some(to)] if from != to => String::new(),
        [from, to] => to.or(from).map_or_else(String::new, |id| {
            format!("{} {}", model.texts().in_book_of, signature(model, &id))
        }),
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

/// Where it stands, or from where to where it went: its end where it has another length than before,
/// its book where that is another.
fn times(model: &Model, entry: &AuditEntry) -> String {
    let book = |value: &AuditValue| value.plain_field("practitioner").map(PractitionerId::from);
    let (before, after) = (entry.before.as_ref(), entry.after.as_ref());
    let (from, to) = (before.and_then(book), after.and_then(book));
    let other_book = from.is_some() && to.is_some() && from != to;
    let length = |value: &AuditValue| value.interval().map(Interval::length);
    let moved_whole =
        deed(entry) == Deed::Moved && before.and_then(length) == after.and_then(length);
    let told = |value: &AuditValue| {
        let interval = value.interval()?;
        let day = model.dates().short(interval.start().date(), model.now.date());
        let hours = match moved_whole {
            true => interval.start().clock(),
            false => model.dates().hours(interval),
        };
        let book = book(value).filter(|_| other_book);
        let book = book.map(|id| format!(" {}", signature(model, &id)));
        Some(format!("{day} {hours}{}", book.unwrap_or_default()))
    };
    match (before.and_then(told), after.and_then(told)) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (before, after) => after.or(before).unwrap_or_default(),
    }
}

fn signature(model: &Model, id: &PractitionerId) -> String {
    model.setup.practitioners.get(id).map_or_else(|| id.to_string(), |it| it.signature.clone())
}

fn name(model: &Model, id: &PractitionerId) -> String {
    model.setup.practitioners.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
}
