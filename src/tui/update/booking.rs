//! The booking form (R13): opened for a new booking or on one there is, filled in, previewed and saved.
//! What can be booked is offered by `bookable.rs`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::clinic::{BookingSubject, ClinicError, Confirmation, Refusal};
use crate::domain::{Booking, CategoryId, Interval, Permission, TemplateId, TemplateMinutes};
use crate::texts::clinic_error;
use crate::tui::actions::Action;
use crate::tui::dialogs::{
    BookingField, BookingForm, Choice, Confirmed, Edited, Looking, Making, Overlay, Previewed,
    Unreadable, When, edit, paste,
};
use crate::tui::form::{Item, OneOf};
use crate::tui::history::Outgoing;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

use super::{ask_to_leave, change, meanwhile, registering, when, whom};

/// What is to be booked.
pub(super) enum Subject {
    Template(TemplateId),
    /// Without a template, for as long as is marked.
    Free(CategoryId),
}

/// Opens the form, for the patient whose recall waits for a time if there is one, and asks what the
/// booking would do.
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
    let Some((subject, minutes, name)) = found else { return Vec::new() };
    let Ok(interval) = Interval::new(start, start + minutes.minutes()) else { return Vec::new() };
    // Who may not see patients begins there, too: a name typed out of habit is refused where it would
    // have stood, and does not become the booking's text.
    let making = Making::New { subject, name, when: When::new(start) };
    show(model, making, interval, BookingField::Patient);
    // It waits on until it is booked or dropped: the time may be taken, or not suit.
    let waiting = model.from_recall.clone();
    if let Some(from) = waiting
        && let Some(form) = form_mut(model)
    {
        form.patient = Some(from.patient);
        form.field = BookingField::Text;
    }
    preview(model)
}

/// Opens the form with the template of the recall that waits for a time (R16).
pub(super) fn open_from_recall(model: &mut Model) -> Vec<Effect> {
    let template = model.from_recall.as_ref().map(|from| from.template.clone());
    template.map_or_else(Vec::new, |template| open(model, Subject::Template(template)))
}

/// Opens the form on the booking at the cursor.
pub(super) fn open_edit(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = model.booking_at_cursor().cloned() else { return Vec::new() };
    let sees_patients = model.may(Permission::PatientView);
    let known = |id| model.current_book().and_then(|book| book.patients.get(id)).cloned();
    let patient = booking.patient.as_ref().filter(|_| sees_patients).and_then(known);
    let unseen = booking.patient.clone().filter(|_| patient.is_none());
    let (interval, text) = (booking.interval, booking.text.clone());
    let template = templates(model, &booking);
    let making = Making::Edited { seen: Box::new(booking), before: None, template };
    let field = if sees_patients { BookingField::Text } else { BookingField::Template };
    show(model, making, interval, field);
    if let Some(Overlay::Booking(form)) = model.overlays.last_mut() {
        form.patient = patient;
        form.unseen = unseen;
        form.text = Input::new(text);
    }
    Vec::new()
}

/// What a booking can be booked by: what it is, then the active templates of the effective list.
fn templates(model: &Model, booking: &Booking) -> OneOf<Option<TemplateId>> {
    let own = booking.template.as_ref().and_then(|id| model.setup.templates.get(id));
    let category = model.setup.categories.get(&booking.category);
    let name = match (own, category) {
        (Some(template), _) => template.name.clone(),
        (None, Some(category)) => category.name.clone(),
        (None, None) => String::new(),
    };
    let listed = model.current_practitioner().map(|of| model.setup.staff_templates(of).items);
    let others = listed
        .into_iter()
        .flatten()
        .filter_map(|id| model.setup.templates.get(&id))
        .filter(|template| template.active && Some(&template.id) != booking.template.as_ref())
        .map(|template| Item::new(Some(template.id.clone()), template.name.clone()));
    let items = std::iter::once(Item::new(None, name)).chain(others).collect();
    OneOf::new(items, Some(&None))
}

fn show(model: &mut Model, making: Making, interval: Interval, field: BookingField) {
    let Some(practitioner) = model.practitioner.clone() else { return };
    let form = BookingForm {
        practitioner,
        making,
        interval,
        search: Input::default(),
        patient: None,
        unseen: None,
        registering: None,
        found: Vec::new(),
        selected: 0,
        looking: Looking::Done,
        text: Input::default(),
        confirmed: Confirmed::No,
        field,
        preview: Previewed::Nothing,
        error: None,
        saving: None,
    };
    model.overlays.push(Overlay::Booking(Box::new(form)));
}

/// Whether saving does something to times: an edited booking does not until its template changes.
fn is_foreseen(form: &BookingForm) -> bool {
    matches!(form.making, Making::New { .. }) || form.template().is_some()
}

/// Asks what the booking would do to times, if it does something.
pub(super) fn preview(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let Some(form) = form_mut(model) else { return Vec::new() };
    if !is_foreseen(form) {
        form.preview = Previewed::Nothing;
        return Vec::new();
    }
    form.preview = Previewed::Waiting(request);
    vec![Effect::Preview { request, command: form.command(None, BTreeSet::new()) }]
}

/// Asks it anew for another patient, who may be booked elsewhere then; what is known stands until the
/// answer comes.
pub(super) fn renew_preview(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let Some(form) = form_mut(model) else { return Vec::new() };
    if matches!(form.preview, Previewed::Nothing | Previewed::Refused(_)) {
        return Vec::new();
    }
    form.preview.renew(request);
    vec![Effect::Preview { request, command: form.command(None, BTreeSet::new()) }]
}

/// The booking form on top.
pub(super) fn form_mut(model: &mut Model) -> Option<&mut BookingForm> {
    match model.overlays.last_mut() {
        Some(Overlay::Booking(form)) => Some(form),
        _ => None,
    }
}

/// Why nothing can be typed into the focused field, if so: who may not see the patient may neither look for
/// one nor read the text (R17).
fn why_locked(model: &Model) -> Option<String> {
    let Some(Overlay::Booking(form)) = model.overlays.last() else { return None };
    match form.field {
        BookingField::Patient => model.lacks(Permission::PatientView),
        BookingField::Text if form.unseen.is_some() => {
            Some(model.texts().lacks(Permission::PatientView))
        }
        _ => None,
    }
}

/// A key that is no command: typed into the focused field.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let lacking = why_locked(model);
    let Some(form) = form_mut(model) else { return Vec::new() };
    form.error = lacking;
    match form.field {
        _ if form.error.is_some() => Vec::new(),
        BookingField::Confirm => {
            if matches!(key.code, KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right) {
                form.confirmed = form.confirmed.other();
            }
            Vec::new()
        }
        BookingField::Day | BookingField::Time => when::key(model, key),
        BookingField::Template => turn_template(model, key),
        BookingField::Save => Vec::new(),
        BookingField::Patient if form.registering.is_some() => registering::key(model, key),
        BookingField::Patient => {
            let drops = matches!(key.code, KeyCode::Backspace | KeyCode::Delete)
                || key.code == KeyCode::Char('u') && !key.modifiers.is_empty();
            if form.patient.is_some() && drops {
                form.search.reset();
                return whom::typed(model);
            }
            match edit(&mut form.search, key) {
                Edited::Yes => whom::typed(model),
                Edited::No => Vec::new(),
            }
        }
        BookingField::Text => {
            edit(&mut form.text, key);
            Vec::new()
        }
    }
}

/// Another template: the text follows where it was the former one's, and what R13 asks is asked anew.
fn turn_template(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let setup = Arc::clone(&model.setup);
    let Some(form) = form_mut(model) else { return Vec::new() };
    let Making::Edited { seen, template, .. } = &mut form.making else { return Vec::new() };
    let calendar_text = |chosen: Option<TemplateId>| {
        let found = chosen.or_else(|| seen.template.clone());
        found.and_then(|id| setup.templates.get(&id)).map(|found| found.calendar_text.clone())
    };
    let current = |of: &OneOf<Option<TemplateId>>| of.chosen().and_then(|it| it.value.clone());
    let before = calendar_text(current(template));
    if template.press(key) == Edited::No {
        return Vec::new();
    }
    let after = calendar_text(current(template));
    if before.is_some_and(|before| before.trim() == form.text.value().trim()) {
        form.text = Input::new(after.unwrap_or_default());
    }
    form.confirmed = Confirmed::No;
    preview(model)
}

/// A text was pasted into the focused field.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let lacking = why_locked(model);
    let Some(form) = form_mut(model) else { return Vec::new() };
    form.error = lacking;
    match form.field {
        _ if form.error.is_some() => Vec::new(),
        BookingField::Patient if form.registering.is_some() => registering::pasted(model, text),
        BookingField::Patient => {
            paste(&mut form.search, text);
            whom::typed(model)
        }
        BookingField::Text => {
            paste(&mut form.text, text);
            Vec::new()
        }
        BookingField::Day | BookingField::Time => when::pasted(model, text),
        BookingField::Template | BookingField::Confirm | BookingField::Save => Vec::new(),
    }
}

/// An action of the form.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    let choosing = form.is_choosing();
    match action {
        Action::NextField if choosing && form.selected < form.found.len() => form.selected += 1,
        Action::PreviousField if choosing && form.selected > 0 => form.selected -= 1,
        Action::NextField => form.step(1),
        Action::PreviousField => form.step(-1),
        Action::Save => return save(model),
        Action::Cancel => return leave(model),
        Action::Accept => return accept(model),
        _ => {}
    }
    Vec::new()
}

/// Done with the field: chooses the patient, begins to register one, or goes on.
fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    match form.field {
        BookingField::Patient if form.registering.is_some() => return registering::accept(model),
        BookingField::Patient if form.is_choosing() => return whom::take(model),
        BookingField::Confirm => {
            (form.confirmed, form.error) = (form.confirmed.other(), None);
            form.step(1);
        }
        BookingField::Save => return save(model),
        BookingField::Day
        | BookingField::Time
        | BookingField::Template
        | BookingField::Patient
        | BookingField::Text => form.step(1),
    }
    Vec::new()
}

/// One step out: from registering to the search, from the form to the week; asks first where something
/// has been filled in.
fn leave(model: &mut Model) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    if form.is_edited() {
        return ask_to_leave(model, Choice::DropForm);
    }
    if form.registering.take().is_some() {
        form.field = BookingField::Patient;
        return whom::look(model);
    }
    model.overlays.pop();
    Vec::new()
}

/// Drops the whole form, the one that moves a booking, or what was written in a prompt: whoever was asked has
/// said so.
pub(super) fn drop_form(model: &mut Model) -> Vec<Effect> {
    let is_form = |it: &mut Overlay| {
        matches!(it, Overlay::Booking(_) | Overlay::Move(_) | Overlay::Prompt(_))
    };
    if let Some(Overlay::Booking(form)) = model.overlays.pop_if(is_form)
        && form.saving.is_some()
    {
        // What waited for a time has been sent to it.
        model.from_recall.take_if(|from| form.books(&from.patient.id));
    }
    Vec::new()
}

/// Saves, once what must be confirmed is; the form stays until the answer has come.
fn save(model: &mut Model) -> Vec<Effect> {
    let (texts, own, today) = (model.texts(), model.language.booking_texts(), model.now.date());
    let nothing_edited = model.form_texts().nothing_edited;
    let Some(form) = form_mut(model) else { return Vec::new() };
    if form.saving.is_some() {
        return Vec::new();
    }
    if let Some(what) = form.unreadable(today) {
        let (field, bad) = match what {
            Unreadable::Day => (BookingField::Day, own.day_bad.to_owned()),
            Unreadable::Time => (BookingField::Time, own.time_bad.to_owned()),
            Unreadable::Length => {
                (BookingField::Time, own.length_is_given(form.interval.length().0))
            }
        };
        (form.field, form.error) = (field, Some(bad));
        return Vec::new();
    }
    if form.is_unchosen() {
        form.error = Some(texts.choose_patient.to_owned());
        form.field = BookingField::Patient;
        return Vec::new();
    }
    if let Making::Edited { seen, .. } = &form.making
        && !form.differs_from(seen)
    {
        form.error = Some(nothing_edited.to_owned());
        return Vec::new();
    }
    let asked: BTreeSet<Confirmation> = form.to_confirm().iter().cloned().collect();
    match (&form.preview, form.confirmed) {
        // What was in the way may be gone by now. What an edited booking has become is told by saving it.
        (Previewed::Refused(_), _) if matches!(form.making, Making::New { .. }) => {
            return preview(model);
        }
        (_, Confirmed::No) if !asked.is_empty() => {
            form.error = Some(texts.confirm_first.to_owned());
            form.field = BookingField::Confirm;
            return Vec::new();
        }
        _ => {}
    }
    let Ok(new) = registering::read(model) else { return Vec::new() };
    let Some(form) = form_mut(model) else { return Vec::new() };
    let command = form.preview.holding(form.command(new, asked));
    let (request, effects) = change::send(model, Outgoing::Run(Box::new(command)));
    if let Some(form) = form_mut(model) {
        form.saving = Some(request);
    }
    effects
}

/// The form's command was refused: says why on it. `None` where it came from no such form.
pub(super) fn refused(
    model: &mut Model,
    request: RequestId,
    error: &ClinicError,
) -> Option<Vec<Effect>> {
    let text = clinic_error(model.language, error, &model.setup);
    let at = model.overlays.iter().position(
        |overlay| matches!(overlay, Overlay::Booking(form) if form.saving == Some(request)),
    )?;
    let Some(Overlay::Booking(form)) = model.overlays.get_mut(at) else { return None };
    form.saving = None;
    form.confirmed = Confirmed::No;
    match error {
        ClinicError::Refused(Refusal::NeedsConfirmation(what)) => {
            form.preview.ask_for(what);
            if !form.to_confirm().is_empty() {
                form.field = BookingField::Confirm;
            }
        }
        ClinicError::Refused(Refusal::NotAsShown) => {
            form.error = Some(text);
            return Some(meanwhile::ask_anew(model));
        }
        ClinicError::Refused(Refusal::ChangedMeanwhile { .. }) => {
            if let Making::Edited { seen, before, .. } = &mut form.making {
                before.get_or_insert_with(|| seen.clone());
            }
        }
        ClinicError::Refused(Refusal::Faults(faults)) if form.registering.is_some() => {
            form.error = Some(text);
            return Some(registering::refused(model, faults));
        }
        _ => {}
    }
    form.error = Some(text);
    Some(Vec::new())
}

/// The week has arrived: where somebody else was first, the form takes note of what is stored now, so
/// that it can be seen. What the user has not edited follows it; what both have, the user's is saved over.
pub(super) fn book_arrived(model: &mut Model) {
    let sees_patients = model.may(Permission::PatientView);
    for overlay in &mut model.overlays {
        if let Overlay::Booking(form) = overlay
            && let Making::Edited { seen, before: Some(_), .. } = &mut form.making
            && let Some(open) = model.books.get(&form.practitioner)
            && let Some(stored) = open.book.calendar.bookings().iter().find(|it| it.id == seen.id)
        {
            let was = std::mem::replace(&mut **seen, stored.clone());
            if form.text.value().trim() == was.text.trim() {
                form.text = Input::new(stored.text.clone());
            }
            if form.chosen() == was.patient.as_ref() && form.registering.is_none() {
                let patient = stored.patient.as_ref().filter(|_| sees_patients);
                let known = patient.and_then(|id| open.book.patients.get(id));
                // Whom the user can't see is not saved over either (R17).
                form.unseen = stored.patient.clone().filter(|_| known.is_none());
                form.patient = known.cloned();
            }
        }
    }
}
