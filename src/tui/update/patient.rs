//! A patient's card: loading it, going about in it, editing it, and booking from the recall (R16).

use crossterm::event::KeyEvent;

use crate::clinic::{ClinicError, Command, PatientCard, Refusal};
use crate::domain::{Changed, OfferedContacts, PatientId, Permission, SettingChange};
use crate::texts::clinic_error;
use crate::tui::actions::Action;
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::disabled::disabled;
use crate::tui::history::Outgoing;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;
use crate::tui::patient::{CardRow, Editing, FromRecall, PatientView, form, given, offer_lines};
use crate::tui::settings::{
    CardForm, Conflict, WordedFaults, fault_texts, faults_in_words, in_words,
};
use crate::tui::theme::Role;

use super::card::Refused;
use super::{ask_to_leave, change, grid, say};

/// Opens the card of the booking at the cursor.
pub(super) fn open_at_cursor(model: &mut Model) -> Vec<Effect> {
    let patient = model.booking_at_cursor().and_then(|booking| booking.patient.clone());
    patient.map_or_else(Vec::new, |id| open_patient_card(model, id))
}

/// Opens a patient's card, whoever asks for it.
pub(super) fn open_patient_card(model: &mut Model, id: PatientId) -> Vec<Effect> {
    if let Some(reason) = crate::tui::patient::lacks_view(model) {
        return say(model, reason, Role::Warning);
    }
    let request = model.requests.next();
    let view = PatientView::new(id.clone(), request);
    model.overlays.push(Overlay::Patient(Box::new(view)));
    vec![Effect::LoadPatient { request, patient: id }]
}

/// The card that is open, wherever it lies.
fn view_mut(model: &mut Model) -> Option<&mut PatientView> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Patient(view) => Some(&mut **view),
        _ => None,
    })
}

fn editing_mut(model: &mut Model) -> Option<&mut Editing> {
    view_mut(model)?.editing.as_deref_mut()
}

/// Loads the open card anew.
pub(super) fn reload(model: &mut Model) -> Option<Effect> {
    let request = model.requests.next();
    let view = view_mut(model)?;
    view.loading = Some(request);
    Some(Effect::LoadPatient { request, patient: view.id.clone() })
}

/// The same because something may have changed. Beneath the lock nobody looks at the card, and the log of
/// who has seen whom must not say so.
pub(super) fn reload_if_seen(model: &mut Model) -> Option<Effect> {
    if model.lock.is_some() { None } else { reload(model) }
}

/// The card arrived; where somebody else was first, what differs is shown.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<Box<PatientCard>, ClinicError>,
) -> Vec<Effect> {
    let (language, setup) = (model.language, std::sync::Arc::clone(&model.setup));
    let Some(view) = view_mut(model).filter(|view| view.loading == Some(request)) else {
        return Vec::new();
    };
    view.loading = None;
    match result {
        Ok(card) => view.take(card),
        Err(error) => {
            view.error = Some(clinic_error(language, &error, &setup));
            return Vec::new();
        }
    }
    let Some(editing) = editing_mut(model) else { return Vec::new() };
    if let Some(conflict) = editing.conflict.take() {
        editing.error = None;
        ask_about(model, &conflict);
    }
    Vec::new()
}

/// An action, with how far it moves; one that is grey says why instead.
pub(super) fn perform(model: &mut Model, action: Action, steps: isize) -> Vec<Effect> {
    if editing_mut(model).is_some() {
        return on_form(model, action, steps);
    }
    if let Some(reason) = disabled(model, action) {
        return say(model, reason, Role::Warning);
    }
    match action {
        Action::Cancel => {
            model.overlays.pop();
            Vec::new()
        }
        Action::EditPatient => edit(model),
        Action::BookRecall => book_from_recall(model),
        Action::OpenRow => open_row(model),
        _ => {
            if let Some(view) = view_mut(model) {
                view.select_by(steps);
            }
            Vec::new()
        }
    }
}

/// Goes to the selected booking in the grid, or asks what becomes of the contacts that were given.
fn open_row(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Patient(view)) = model.overlays.last() else { return Vec::new() };
    match view.row() {
        Some(CardRow::Booking(booking)) => {
            let (practitioner, start) = (booking.practitioner.clone(), booking.interval.start());
            model.overlays.clear();
            grid::show_time(model, practitioner, start)
        }
        Some(CardRow::Offered(offered)) => {
            let menu = ask_about_offer(model, view, offered);
            model.overlays.push(Overlay::Menu(menu));
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// R14: field by field what stands on the card and what was given; the harmless answer comes first.
fn ask_about_offer(model: &Model, view: &PatientView, offered: &OfferedContacts) -> Menu {
    let texts = model.language.patient_texts();
    let booking = offered.booking.clone();
    let mut entries = vec![Entry::new(Choice::Close, texts.offer_wait)];
    if let Some(card) = view.card.as_deref() {
        let card = Box::new(card.patient.clone());
        let take = Command::TakeOverContacts { booking: booking.clone(), card };
        entries.push(Entry::new(Choice::Run(Box::new(take)), texts.offer_take));
    }
    let dismiss = Command::DismissContacts { booking };
    entries.push(Entry::new(Choice::Run(Box::new(dismiss)), texts.offer_dismiss));
    let lacks = model.lacks(Permission::BookingEdit);
    let answers = entries.split_off(1).into_iter().map(|entry| entry.disabled(lacks.clone()));
    entries.extend(answers);
    Menu::new(texts.offer_title, entries, model.texts().no_entries)
        .noting(vec![given(model, offered)])
        .telling(offer_lines(model, offered))
}

/// R16: leads to a time for the recall, whose template the booking starts with.
fn book_from_recall(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Patient(view)) = model.overlays.last() else { return Vec::new() };
    let Some(template) = view.recall_template(model) else { return Vec::new() };
    let Some(card) = view.card.as_deref() else { return Vec::new() };
    let patient = card.patient.clone();
    let date = patient.recall.date.filter(|date| *date > model.now.date());
    model.from_recall = Some(Box::new(FromRecall { patient, template }));
    model.overlays.clear();
    date.map_or_else(Vec::new, |date| grid::go_to(model, date))
}

/// Begins to fill in the card.
fn edit(model: &mut Model) -> Vec<Effect> {
    let patient = view_mut(model).and_then(|view| view.card.as_deref());
    let Some(patient) = patient.map(|card| card.patient.clone()) else { return Vec::new() };
    let form = form::of_patient(model, &patient);
    if let Some(view) = view_mut(model) {
        let editing = Editing { before: patient, form, saving: None, error: None, conflict: None };
        view.editing = Some(Box::new(editing));
    }
    Vec::new()
}

fn on_form(model: &mut Model, action: Action, steps: isize) -> Vec<Effect> {
    match action {
        Action::Cancel => return leave(model),
        Action::Save => return save(model),
        _ => {}
    }
    let Some(editing) = editing_mut(model) else { return Vec::new() };
    match action {
        Action::NextField | Action::Accept => editing.form.step(1),
        Action::PreviousField => editing.form.step(-1),
        _ => editing.form.step_within(steps),
    }
    Vec::new()
}

/// A key that is no command: typed into the focused field.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    edit_form(model, |form| form.press(key))
}

/// A text was pasted into the focused field.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    edit_form(model, |form| form.paste(text))
}

/// Edits the form; a field that can't be changed says why.
fn edit_form(
    model: &mut Model,
    edit: impl FnOnce(&mut CardForm) -> Result<(), String>,
) -> Vec<Effect> {
    let Some(editing) = editing_mut(model) else { return Vec::new() };
    match edit(&mut editing.form) {
        Ok(()) => Vec::new(),
        Err(reason) => say(model, reason, Role::Warning),
    }
}

/// Leaves the form, asking first where something was edited; the harmless answer comes first.
fn leave(model: &mut Model) -> Vec<Effect> {
    if editing_mut(model).is_none_or(|editing| !editing.form.is_edited()) {
        return drop_form(model);
    }
    ask_to_leave(model, Choice::DropCard)
}

/// Leaves the form without saving.
pub(super) fn drop_form(model: &mut Model) -> Vec<Effect> {
    if let Some(view) = view_mut(model) {
        view.editing = None;
    }
    Vec::new()
}

/// Saves the form; what is wrong stands at its field, and what was typed is kept.
fn save(model: &mut Model) -> Vec<Effect> {
    let Some(view) = view_mut(model) else { return Vec::new() };
    let Some(mut editing) = view.editing.take() else { return Vec::new() };
    let effects = if editing.saving.is_none() { send(model, &mut editing) } else { Vec::new() };
    if let Some(view) = view_mut(model) {
        view.editing = Some(editing);
    }
    effects
}

fn send(model: &mut Model, editing: &mut Editing) -> Vec<Effect> {
    editing.error = None;
    if !editing.form.is_edited() {
        let text = model.form_texts().nothing_edited.to_owned();
        return say(model, text, Role::Plain);
    }
    let (after, unreadable) = form::read_patient(model, &editing.form, &editing.before);
    let change = Changed::Altered { before: editing.before.clone(), after };
    let command = Command::ChangeSetting(Box::new(SettingChange::Patient(change)));
    let mut faults = fault_texts(model, &command);
    faults.at_fields.splice(0..0, unreadable);
    if !faults.is_empty() {
        editing.error = faults.show_on(&mut editing.form);
        return Vec::new();
    }
    let (request, effects) = change::send(model, Outgoing::Run(Box::new(command)));
    editing.saving = Some(request);
    effects
}

/// A change has been carried out: closes the form that it saved, and shows the card as it is now.
pub(super) fn saved(model: &mut Model, request: RequestId) -> Option<Effect> {
    if let Some(view) = view_mut(model) {
        view.editing.take_if(|editing| editing.saving == Some(request));
    }
    reload(model)
}

/// The form's command was refused: says why on it. Answers whether there is such a form.
pub(super) fn refused(model: &mut Model, request: RequestId, error: &ClinicError) -> Refused {
    let text = clinic_error(model.language, error, &model.setup);
    let faults = match error {
        ClinicError::Refused(Refusal::Faults(faults)) => faults_in_words(model, faults),
        _ => WordedFaults::default(),
    };
    let editing = editing_mut(model).filter(|editing| editing.saving == Some(request));
    let Some(editing) = editing else { return Refused::Elsewhere };
    editing.saving = None;
    match error {
        ClinicError::Refused(Refusal::ChangedMeanwhile { who, when }) => {
            editing.conflict = Some(Conflict { who: who.clone(), when: *when });
            editing.error = Some(text);
            Refused::Behind
        }
        _ if !faults.is_empty() => {
            editing.error = faults.show_on(&mut editing.form);
            Refused::OnCard
        }
        _ => {
            editing.error = Some(text);
            Refused::OnCard
        }
    }
}

/// The form whose command waited behind one that failed may be saved again.
pub(super) fn release(model: &mut Model) {
    let never_sent = model.texts().never_sent;
    let waiting = editing_mut(model).and_then(|editing| editing.saving);
    if waiting.is_none_or(|request| model.history.holds(request)) {
        return;
    }
    if let Some(editing) = editing_mut(model) {
        (editing.saving, editing.error) = (None, Some(never_sent.to_owned()));
    }
}

/// Shows field by field what differs, and lets the user choose; the harmless answer comes first.
fn ask_about(model: &mut Model, conflict: &Conflict) {
    let Some(view) = model.patient_view() else { return };
    let Some((card, editing)) = view.card.as_deref().zip(view.editing.as_deref()) else { return };
    let theirs = form::of_patient(model, &card.patient);
    let texts = model.form_texts();
    let differing = editing.form.differences(&theirs).map(|(mine, theirs)| {
        let (own, other) = (in_words(model, mine), in_words(model, theirs));
        (mine.label.to_owned(), format!("{} {own} · {} {other}", texts.mine, texts.theirs))
    });
    let differing: Vec<(String, String)> = differing.collect();
    let mut notes = vec![texts.changed_by(&conflict.who, conflict.when)];
    notes.extend(differing.is_empty().then(|| texts.conflict_same.to_owned()));
    let entries = vec![
        Entry::new(Choice::Close, texts.conflict_back),
        Entry::new(Choice::KeepMine, texts.conflict_mine),
        Entry::new(Choice::DropCard, texts.conflict_theirs),
    ];
    let menu = Menu::new(texts.conflict_title, entries, model.texts().no_entries)
        .noting(notes)
        .telling(differing);
    model.overlays.push(Overlay::Menu(menu));
}

/// Puts what was edited on top of what somebody else saved, to be looked over and saved.
pub(super) fn keep_mine(model: &mut Model) -> Vec<Effect> {
    let card = model.patient_view().and_then(|view| view.card.as_deref());
    let Some(theirs) = card.map(|card| card.patient.clone()) else { return Vec::new() };
    let mut form = form::of_patient(model, &theirs);
    let Some(editing) = editing_mut(model) else { return Vec::new() };
    form.take_edits_of(&editing.form);
    (editing.form, editing.before) = (form, theirs);
    let text = model.form_texts().conflict_merged.to_owned();
    say(model, text, Role::Plain)
}
