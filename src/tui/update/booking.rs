//! Booking by staff (R13): choosing what, the form, its preview and saving it.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::clinic::BookingSubject;
use crate::domain::{CategoryId, Interval, Permission, TemplateId, TemplateMinutes};
use crate::tui::actions::{Action, disabled};
use crate::tui::dialogs::{
    BookingField, BookingForm, Choice, Confirmed, Edited, Entry, Menu, Overlay, Previewed, edit,
};
use crate::tui::history::Outgoing;
use crate::tui::message::Effect;
use crate::tui::model::{Model, Spread};

use super::change;

/// Fewest characters that are searched for.
const SEARCH_FROM: usize = 2;

/// What is to be booked.
pub(super) enum Subject {
    Template(TemplateId),
    /// Without a template, for as long as is marked.
    Free(CategoryId),
}

/// The templates of the effective list for staff, then a booking without one.
pub(super) fn entries(model: &Model) -> Vec<Entry> {
    let texts = model.texts();
    let Some(practitioner) = model.current_practitioner() else { return Vec::new() };
    let lacking = disabled(model, Action::Book);
    let mut entries: Vec<Entry> = model
        .setup
        .staff_templates(practitioner)
        .items
        .iter()
        .filter_map(|id| model.setup.templates.get(id))
        .map(|template| {
            let inactive = (!template.active).then(|| texts.inactive.to_owned());
            let text = format!("{} {}", texts.book_title, template.name);
            Entry::new(Choice::Template(template.id.clone()), text)
                .right(format!("{} min", template.minutes.minutes().0))
                .disabled(lacking.clone().or(inactive))
        })
        .collect();
    entries.push(
        Entry::new(Choice::Free, texts.book_free)
            .right(format!("{} min", model.block().minutes()))
            .disabled(lacking),
    );
    entries
}

/// The menu of what can be booked.
pub(super) fn open_menu(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let start = model.dates().moment(model.block().start());
    let whose = model.current_practitioner().filter(|_| model.spread == Spread::Day);
    let title = match whose {
        Some(practitioner) => format!("{} · {} {start}", texts.book_title, practitioner.name),
        None => format!("{} · {start}", texts.book_title),
    };
    let menu = Menu::new(title, entries(model), texts.no_templates);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// The categories that a booking without a template can have.
pub(super) fn open_categories(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let mut categories: Vec<_> = model.setup.categories.values().collect();
    categories.sort_by(|a, b| crate::domain::swedish::compare(&a.name, &b.name));
    let entries = categories
        .into_iter()
        .map(|category| Entry::new(Choice::Category(category.id.clone()), category.name.clone()))
        .collect();
    model.overlays.push(Overlay::Menu(Menu::new(texts.choose_category, entries, texts.no_entries)));
    Vec::new()
}

/// Opens the form and asks what the booking would do.
pub(super) fn open(model: &mut Model, subject: Subject) -> Vec<Effect> {
    let block = model.block();
    let found = match subject {
        Subject::Template(id) => model.setup.templates.get(&id).map(|template| {
            (BookingSubject::Template(id), template.minutes, template.name.clone())
        }),
        Subject::Free(category) => model.setup.categories.get(&category).and_then(|found| {
            let minutes = TemplateMinutes::new(block.minutes().clamp(1, 600).into()).ok()?;
            Some((BookingSubject::Free { minutes, category }, minutes, found.name.clone()))
        }),
    };
    let start = block.start();
    let (Some((subject, minutes, subject_name)), Some(practitioner)) =
        (found, model.practitioner.clone())
    else {
        return Vec::new();
    };
    let Ok(interval) = Interval::new(start, start + minutes.minutes()) else { return Vec::new() };
    let sees_patients = model.may(Permission::PatientView);
    let form = BookingForm {
        practitioner,
        subject,
        subject_name,
        interval,
        search: Input::default(),
        patient: None,
        found: Vec::new(),
        selected: 0,
        searching: None,
        text: Input::default(),
        confirmed: Confirmed::No,
        field: if sees_patients { BookingField::Patient } else { BookingField::Text },
        preview: Previewed::Nothing,
        error: None,
        saving: None,
    };
    model.overlays.push(Overlay::Booking(Box::new(form)));
    preview(model)
}

/// Asks what the booking would do.
fn preview(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let Some(Overlay::Booking(form)) = model.overlays.last_mut() else { return Vec::new() };
    form.preview = Previewed::Waiting(request);
    vec![Effect::Preview { request, command: form.command(BTreeSet::new()) }]
}

/// The text field that has the focus.
pub(super) fn input(form: &mut BookingForm) -> Option<&mut Input> {
    match form.field {
        BookingField::Patient => Some(&mut form.search),
        BookingField::Text => Some(&mut form.text),
        BookingField::Confirm | BookingField::Save => None,
    }
}

/// A key that is no command: typed into the focused field.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Booking(form)) = model.overlays.last_mut() else { return Vec::new() };
    form.error = None;
    if form.field == BookingField::Confirm {
        if matches!(key.code, KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right) {
            toggle(form);
        }
        return Vec::new();
    }
    match input(form).map(|input| edit(input, key)) {
        Some(Edited::Yes) => typed(model),
        Some(Edited::No) | None => Vec::new(),
    }
}

fn toggle(form: &mut BookingForm) {
    form.confirmed = match form.confirmed {
        Confirmed::No => Confirmed::Yes,
        Confirmed::Yes => Confirmed::No,
    };
}

/// Something was typed: a changed search asks for patients anew.
pub(super) fn typed(model: &mut Model) -> Vec<Effect> {
    let sees_patients = model.may(Permission::PatientView);
    let request = model.requests.next();
    let Some(Overlay::Booking(form)) = model.overlays.last_mut() else { return Vec::new() };
    if form.field != BookingField::Patient {
        return Vec::new();
    }
    (form.patient, form.selected, form.searching) = (None, 0, None);
    let text = form.search.value().trim().to_owned();
    if text.chars().count() < SEARCH_FROM || !sees_patients {
        form.found.clear();
        return Vec::new();
    }
    form.searching = Some(request);
    vec![Effect::FindPatients { request, text }]
}

/// An action of the form.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Booking(form)) = model.overlays.last_mut() else { return Vec::new() };
    let choosing =
        form.field == BookingField::Patient && form.patient.is_none() && !form.found.is_empty();
    match action {
        Action::NextField if choosing && form.selected + 1 < form.found.len() => form.selected += 1,
        Action::PreviousField if choosing && form.selected > 0 => form.selected -= 1,
        Action::NextField => form.step(1),
        Action::PreviousField => form.step(-1),
        Action::Save => return save(model),
        Action::Accept => match form.field {
            BookingField::Patient => {
                if choosing {
                    form.patient = form.found.get(form.selected).cloned();
                }
                form.step(1);
            }
            BookingField::Text => form.step(1),
            BookingField::Confirm => {
                toggle(form);
                form.step(1);
            }
            BookingField::Save => return save(model),
        },
        _ => {}
    }
    Vec::new()
}

/// Saves, once what must be confirmed is; the form stays until the answer has come.
fn save(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let Some(Overlay::Booking(form)) = model.overlays.last_mut() else { return Vec::new() };
    if form.saving.is_some() {
        return Vec::new();
    }
    if form.patient.is_none() && !form.search.value().trim().is_empty() {
        form.error = Some(texts.choose_patient.to_owned());
        form.field = BookingField::Patient;
        return Vec::new();
    }
    let asked: BTreeSet<_> = form.to_confirm().iter().cloned().collect();
    match (&form.preview, form.confirmed) {
        // What was in the way may be gone by now.
        (Previewed::Refused(_), _) => return preview(model),
        (_, Confirmed::No) if !asked.is_empty() => {
            form.error = Some(texts.confirm_first.to_owned());
            form.field = BookingField::Confirm;
            return Vec::new();
        }
        _ => {}
    }
    let command = form.command(asked);
    let (request, effects) = change::send(model, Outgoing::Run(Box::new(command)));
    if let Some(Overlay::Booking(form)) = model.overlays.last_mut() {
        form.saving = Some(request);
    }
    effects
}
