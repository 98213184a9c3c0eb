//! The finder: one line for each practitioner, patient and booking, with its kind.

use crate::domain::{Booking, IdentityProtection, Patient, Permission, Practitioner};
use crate::tui::finder::{Finder, Hit, SEARCH_FROM};
use crate::tui::model::Model;
use crate::tui::sanitise::{clean, width};
use crate::tui::theme::Role;
use crate::tui::told::tells_more;

use super::booking::patient_name;
use super::panel::{Line, Panel, Place};

/// Columns and lines kept while what is found changes.
const ROOM: (usize, usize) = (72, 16);
/// Column at which what was found stands.
const FOUND: usize = 13;

/// The finder as a panel.
pub(super) fn panel(model: &Model, finder: &Finder) -> Panel {
    let hits = finder.hits(model);
    let mut lines: Vec<Line> = hits.iter().map(|hit| line(model, finder, *hit)).collect();
    lines.extend(remark(model, finder, hits.len()));
    Panel {
        entries: (0, hits.len()),
        selected: (!hits.is_empty()).then_some(finder.selected),
        keep: ROOM,
        ..Panel::new(title(model, finder), Place::Centre, lines)
    }
}

/// What is typed.
fn title(model: &Model, finder: &Finder) -> String {
    let texts = model.texts();
    match clean(&model.personal(finder.input.value())) {
        nothing if nothing.is_empty() => texts.finder_title.to_owned(),
        typed => format!("{}: {typed}", texts.finder_title),
    }
}

/// What there is to say beside what was found.
fn remark(model: &Model, finder: &Finder, hits: usize) -> Vec<Line> {
    let texts = model.texts();
    let dim = |text: &str| vec![Line::new(text, Role::Dim)];
    let typed = finder.input.value().trim().chars().count();
    if let Some(error) = &finder.error {
        return vec![Line::new(error.clone(), Role::Error)];
    }
    if finder.asked.is_some() {
        return dim(texts.searching);
    }
    if let Some(lacks) = model.lacks(Permission::PatientView) {
        return vec![Line::new(format!("{}: {lacks}", texts.finder_closed), Role::Disabled)];
    }
    match typed {
        0 => dim(texts.finder_help),
        typed if typed < SEARCH_FROM => dim(texts.finder_more),
        _ if hits == 0 => dim(texts.finder_nothing),
        _ => Vec::new(),
    }
}

fn line(model: &Model, finder: &Finder, hit: Hit<'_>) -> Line {
    let texts = model.texts();
    match hit {
        Hit::Practitioner(it) => practitioner(model, it),
        Hit::Patient(it) => {
            let columns = usize::from(model.size.0).saturating_sub(8).min(ROOM.0) - FOUND;
            kind(texts.patient_label, Role::Key).and(patient_name(model, it, columns), Role::Plain)
        }
        Hit::Booking(it) => booking(model, finder, it),
    }
}

/// The kind, with room for the longest.
fn kind(word: &str, role: Role) -> Line {
    let gap = " ".repeat(FOUND.saturating_sub(width(word)));
    Line::new(format!("{word}{gap}"), role)
}

fn practitioner(model: &Model, it: &Practitioner) -> Line {
    let texts = model.texts();
    let company = model.setup.company_of(it).map_or("", |company| company.name.as_str());
    let right = if it.active { company } else { texts.inactive };
    let name = format!("{} ({})", it.name, it.signature);
    Line {
        right: Some((clean(right).into_owned(), Role::Dim)),
        ..kind(texts.practitioner_label, Role::Key).and(name, Role::Plain)
    }
}

/// `tis 24 nov 08:00–08:30 Karlsson, Karl · Undersökning 30 min`, the signature to the right; what has
/// been is dim.
fn booking(model: &Model, finder: &Finder, it: &Booking) -> Line {
    let texts = model.texts();
    let past = it.interval.end() <= model.now;
    let (label, role) = if past { (Role::Dim, Role::Dim) } else { (Role::Key, Role::Plain) };
    let when =
        format!("{} {}", model.date(it.interval.start().date()), model.dates().hours(it.interval));
    let patient = it.patient.as_ref().and_then(|id| finder.found.booked.get(id));
    let template = it.template.as_ref().and_then(|id| model.setup.templates.get(id));
    let category = model.setup.categories.get(&it.category);
    let name = template.map(|it| it.name.as_str()).or(category.map(|it| it.name.as_str()));
    let mut parts = vec![patient.map_or_else(|| texts.blank_patient.to_owned(), |p| who(model, p))];
    parts.extend(name.map(str::to_owned));
    if model.shows_patients() && !is_protected(patient) && tells_more(it, template) {
        parts.push(it.text.clone());
    }
    let practitioner = model.setup.practitioners.get(&it.practitioner);
    let signature = practitioner.map_or("", |it| it.signature.as_str());
    Line {
        right: Some((clean(signature).into_owned(), Role::Dim)),
        ..kind(texts.booking, label).and(format!("{when} {}", parts.join(" · ")), role)
    }
}

fn is_protected(patient: Option<&Patient>) -> bool {
    patient.is_some_and(|it| it.protection == IdentityProtection::Protected)
}

/// Whom something in a list is for, as far as lists show it (R22): the number stands on the card.
pub(super) fn who(model: &Model, patient: &Patient) -> String {
    if patient.protection == IdentityProtection::Protected {
        return model.texts().protected_patient.to_owned();
    }
    if !model.shows_patients() {
        return model.texts().patient_label.to_owned();
    }
    format!("{}, {}", patient.last_name, patient.first_name)
}
