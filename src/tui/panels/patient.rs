//! A patient's card: who they are, the recall, and the bookings; or the form it is filled in with.

use crate::domain::{Booking, IdentityProtection, Patient, Recall};
use crate::tui::actions::{Action, Context};
use crate::tui::model::Model;
use crate::tui::patient::{Editing, PatientView, given, lacks_view, offer_lines};
use crate::tui::sanitise::clean;
use crate::tui::theme::Role;
use crate::tui::told::booked_by;

use super::booking::family_name_first;
use super::fields::{FORM, columns, field, flowed};
use super::form::{FormLines, Use, keys, lines as form_lines};
use super::panel::{Line, Panel, Place};

/// The card as a panel.
pub(super) fn panel(model: &Model, view: &PatientView) -> Panel {
    let texts = model.language.patient_texts();
    let rows = usize::from(model.size.1.saturating_sub(5));
    let patient = view.card.as_deref().map(|card| &card.patient);
    let name = patient.map_or_else(|| texts.card.to_owned(), |it| family_name_first(model, it));
    let panel = |lines| Panel {
        keep: (FORM, rows),
        ..Panel::new(format!("{} · {}", texts.card, clean(&name)), Place::Centre, lines)
    };
    // It may have been taken away since the card was opened (R17).
    if let Some(lacks) = lacks_view(model) {
        return panel(vec![Line::new(lacks, Role::Disabled)]);
    }
    match (&view.editing, patient) {
        (Some(editing), _) => {
            let Form { lines, cursor, seen_to } = form(model, editing, rows);
            Panel { cursor, seen_to: Some(seen_to), ..panel(lines) }
        }
        (None, Some(patient)) => {
            let mut lines = details(model, patient);
            let selected = bookings(model, view, &mut lines);
            Panel { selected, ..panel(lines) }
        }
        (None, None) => panel(Vec::from([match &view.error {
            Some(error) => Line::new(error.clone(), Role::Error),
            None => Line::new(model.texts().loading, Role::Dim),
        }])),
    }
}

/// Who the patient is, unless names are hidden.
fn details(model: &Model, patient: &Patient) -> Vec<Line> {
    let texts = model.language.patient_texts();
    let own = |text: &str| model.personal(text);
    let mut lines = Vec::new();
    if patient.protection == IdentityProtection::Protected {
        lines.push(Line::new(texts.protected, Role::Warning));
    }
    let number = patient.personnummer.as_ref().map_or("–", |number| number.as_str());
    let optional = |text: &Option<String>| text.as_deref().map_or("–".to_owned(), own);
    lines.push(field(texts.personnummer, own(number), false));
    lines.push(field(texts.mobile, optional(&patient.mobile), false));
    lines.push(field(texts.email, optional(&patient.email), false));
    lines.push(field(texts.address, optional(&patient.address), false));
    lines.push(field(texts.recall, recall(model, &patient.recall), false));
    lines
}

/// `var 12:e månad · nästa 2027-03-01 · Undersökning 30 min`.
fn recall(model: &Model, recall: &Recall) -> String {
    let texts = model.language.patient_texts();
    let date = recall.date.map_or_else(|| texts.recall_none.to_owned(), |date| date.to_string());
    let template = recall.template.as_ref().and_then(|id| model.setup.templates.get(id));
    let mut parts = vec![date, texts.every(recall.months)];
    parts.extend(template.map(|found| clean(&found.name).into_owned()));
    parts.join(" · ")
}

/// What is offered, the bookings to come, and those that have been; answers the selected line.
fn bookings(model: &Model, view: &PatientView, lines: &mut Vec<Line>) -> Option<usize> {
    let texts = model.language.patient_texts();
    let card = view.card.as_deref()?;
    let mut selected = None;
    let mut at = 0;
    if let Some(offered) = &card.offered {
        lines.push(Line::default());
        if view.selected == 0 {
            selected = Some(lines.len());
        }
        at += 1;
        lines.push(Line::new(given(model, offered), Role::Warning));
        let told = offer_lines(model, offered).into_iter();
        lines.extend(told.map(|(label, own)| Line::new(format!("  {label}: {own}"), Role::Plain)));
    }
    for (heading, none, group) in
        [(texts.coming, texts.no_coming, &card.coming), (texts.past, texts.no_past, &card.past)]
    {
        lines.push(Line::default());
        let title = if group.is_empty() { none.to_owned() } else { heading.to_owned() };
        lines.push(Line::new(title, Role::Title));
        for booking in group {
            if at == view.selected {
                selected = Some(lines.len());
            }
            at += 1;
            lines.push(booking_line(model, booking));
        }
    }
    selected
}

/// `2026-11-25 10:00–10:30  Undersökning 30 min · Anna Ek · avbokad`.
fn booking_line(model: &Model, booking: &Booking) -> Line {
    let start = booking.interval.start();
    let when = format!("{} {}", start.date(), model.dates().hours(booking.interval));
    let practitioner = model.setup.practitioners.get(&booking.practitioner);
    let mut parts = vec![booked_by(model, booking)];
    parts.extend(practitioner.map(|found| found.name.clone()));
    if booking.is_online() {
        parts.push(booking.registered_by.clone());
    }
    let role = if booking.is_active() {
        Role::Plain
    } else {
        parts.push(model.language.patient_texts().cancelled.to_owned());
        Role::Dim
    };
    Line::new(format!("{when}  {}", clean(&parts.join(" · "))), role)
}

/// The form as lines, where the cursor goes, and the last line to be seen with it.
struct Form {
    lines: Vec<Line>,
    cursor: Option<(usize, usize)>,
    seen_to: usize,
}

/// The form, and the help of the field that has the focus.
fn form(model: &Model, editing: &Editing, rows: usize) -> Form {
    let FormLines { mut lines, cursor, focus } =
        form_lines(model, &editing.form, Use::Editing, columns(model), rows);
    let mut seen_to = focus.1;
    lines.push(Line::default());
    if let Some(error) = &editing.error {
        lines.extend(flowed(error, columns(model), Role::Error));
        seen_to = lines.len() - 1;
    }
    if let Some(focused) = editing.form.focused() {
        lines.extend(flowed(focused.help, columns(model), Role::Plain));
        lines.extend(flowed(keys(model, focused), columns(model), Role::Dim));
    }
    let key = |action| model.key_of(Context::Card, action);
    let keys = [Action::Save, Action::NextField, Action::Cancel].map(key);
    let [save, next, cancel] = keys.each_ref().map(String::as_str);
    lines.push(Line::new(model.texts().form_keys(save, next, cancel), Role::Dim));
    Form { lines, cursor, seen_to }
}
