//! Moving a booking, making it longer or shorter (R13), and cancelling it: what each would do is asked
//! first.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent};

use crate::clinic::{ClinicError, Command, Confirmation, Refusal};
use crate::domain::{Booking, PractitionerId};
use crate::texts::clinic_error;
use crate::tui::actions::Action;
use crate::tui::dialogs::{
    Choice, Confirmed, Edited, Entry, Menu, MoveField, MoveForm, Overlay, Previewed, ShortInput,
    When,
};
use crate::tui::form::{Item, OneOf};
use crate::tui::history::Outgoing;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

use super::when::step_of;
use super::{change, meanwhile};

/// Minutes that `+` and `-` move by.
pub(super) const STEP: i32 = 5;

/// Opens the form on the booking at the cursor.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let booking = model.booking_at_cursor().cloned();
    booking.map_or_else(Vec::new, |booking| open_on(model, booking))
}

/// Opens the form on a booking.
pub(super) fn open_on(model: &mut Model, booking: Booking) -> Vec<Effect> {
    let (start, length) = (booking.interval.start(), booking.interval.length());
    let mut practitioners: Vec<Item<PractitionerId>> = model
        .active_practitioners()
        .into_iter()
        .map(|each| Item::new(each.id.clone(), each.name.clone()))
        .collect();
    if practitioners.iter().all(|item| item.value != booking.practitioner) {
        let own = model.setup.practitioners.get(&booking.practitioner);
        let name = own.map_or(String::new(), |own| own.name.clone());
        practitioners.insert(0, Item::new(booking.practitioner.clone(), name));
    }
    let form = MoveForm {
        when: When::new(start),
        minutes: ShortInput::new(length.0.to_string()),
        practitioner: OneOf::new(practitioners, Some(&booking.practitioner)),
        booking: Box::new(booking),
        confirmed: Confirmed::No,
        field: MoveField::Time,
        preview: Previewed::Nothing,
        error: None,
        saving: None,
    };
    model.overlays.push(Overlay::Move(Box::new(form)));
    Vec::new()
}

fn form_mut(model: &mut Model) -> Option<&mut MoveForm> {
    match model.overlays.last_mut() {
        Some(Overlay::Move(form)) => Some(form),
        _ => None,
    }
}

/// A key that is no command: typed into the focused field, or moving what it holds.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    form.error = None;
    let edited = match (form.field, key.code) {
        (MoveField::Time, _) if let Some(by) = step_of(key, &form.when.time) => shifted(form, by),
        (MoveField::Minutes, KeyCode::Char('+')) => shifted(form, STEP),
        (MoveField::Minutes, KeyCode::Char('-')) => shifted(form, -STEP),
        (MoveField::Practitioner, _) => form.practitioner.press(key),
        (MoveField::Confirm, KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right) => {
            form.confirmed = form.confirmed.other();
            Edited::No
        }
        _ => form.short().map_or(Edited::No, |short| short.press(key)),
    };
    if edited == Edited::No {
        return Vec::new();
    }
    form.take_length();
    preview(model)
}

fn shifted(form: &mut MoveForm, by: i32) -> Edited {
    form.shift(by);
    Edited::Yes
}

/// A text was pasted into the focused field.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    let Some(short) = form.short() else { return Vec::new() };
    short.paste(text);
    form.take_length();
    preview(model)
}

/// Asks what moving it would do, once all of it can be read.
fn preview(model: &mut Model) -> Vec<Effect> {
    let (request, today) = (model.requests.next(), model.now.date());
    let Some(form) = form_mut(model) else { return Vec::new() };
    form.confirmed = Confirmed::No;
    match form.command(today, BTreeSet::new()).filter(|_| form.is_edited(today)) {
        Some(command) => {
            form.preview = Previewed::Waiting(request);
            vec![Effect::Preview { request, command }]
        }
        None => {
            form.preview = Previewed::Nothing;
            Vec::new()
        }
    }
}

/// An action of the form.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    match (action, form.field) {
        (Action::NextField, _) => form.step(1),
        (Action::PreviousField, _) => form.step(-1),
        (Action::Save, _) | (Action::Accept, MoveField::Save) => return save(model),
        (Action::Accept, MoveField::Confirm) => {
            (form.confirmed, form.error) = (form.confirmed.other(), None);
            form.step(1);
        }
        (Action::Accept, _) => form.step(1),
        _ => {}
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
    let unreadable = [
        (form.when.to_day(today).is_none(), MoveField::Day, own.day_bad),
        (form.when.to_time().is_none(), MoveField::Time, own.time_bad),
        (form.to_minutes().is_none(), MoveField::Minutes, own.minutes_bad),
    ];
    if let Some((_, field, text)) = unreadable.into_iter().find(|(bad, ..)| *bad) {
        (form.field, form.error) = (field, Some(text.to_owned()));
        return Vec::new();
    }
    if !form.is_edited(today) {
        form.error = Some(nothing_edited.to_owned());
        return Vec::new();
    }
    let asked: BTreeSet<Confirmation> = form.to_confirm().iter().cloned().collect();
    match (&form.preview, form.confirmed) {
        // What was in the way may be gone by now.
        (Previewed::Refused(_), _) => return preview(model),
        (_, Confirmed::No) if !asked.is_empty() => {
            (form.field, form.error) = (MoveField::Confirm, Some(texts.confirm_first.to_owned()));
            return Vec::new();
        }
        _ => {}
    }
    let Some(command) = form.command(today, asked) else { return Vec::new() };
    let command = form.preview.holding(command);
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
    let form = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Move(form) if form.saving == Some(request) => Some(form),
        _ => None,
    })?;
    (form.saving, form.confirmed, form.error) = (None, Confirmed::No, Some(text));
    if matches!(error, ClinicError::Refused(Refusal::NotAsShown)) {
        return Some(meanwhile::ask_anew(model));
    }
    if let ClinicError::Refused(Refusal::NeedsConfirmation(what)) = error {
        form.preview.ask_for(what);
        if !form.to_confirm().is_empty() {
            form.field = MoveField::Confirm;
        }
    }
    Some(Vec::new())
}

/// Asks whether to cancel the booking at the cursor, and why; what becomes bookable is asked along.
pub(super) fn ask_to_cancel(model: &mut Model) -> Vec<Effect> {
    let booking = model.booking_at_cursor().cloned();
    booking.map_or_else(Vec::new, |booking| ask_to_cancel_this(model, &booking))
}

/// Asks whether to cancel a booking, and why.
pub(super) fn ask_to_cancel_this(model: &mut Model, booking: &Booking) -> Vec<Effect> {
    let (texts, own) = (model.texts(), model.language.booking_texts());
    let cancel = |reason: Option<&str>| Choice::Run(Box::new(cancelling(booking, reason)));
    let because = |reason| Entry::new(cancel(Some(reason)), texts.cancel_because(reason));
    let entries = vec![
        Entry::new(Choice::Close, texts.keep),
        Entry::new(cancel(None), texts.cancel_yes),
        because(texts.reason_patient),
        because(texts.reason_clinic),
        Entry::new(Choice::Reason(Box::new(booking.clone())), own.reason_other),
    ];
    // Nobody has failed to come before the time has come.
    let has_begun = booking.interval.start() <= model.now;
    let no_show = has_begun.then(|| because(texts.reason_no_show));
    let entries = entries.into_iter().chain(no_show).collect();
    let request = model.requests.next();
    let menu = Menu::new(texts.cancel_booking_title, entries, texts.no_entries);
    let menu = Menu { effect: Previewed::Waiting(request), ..menu.about(booking.clone()) };
    model.overlays.push(Overlay::Menu(menu));
    vec![Effect::Preview { request, command: cancelling(booking, None) }]
}

/// Cancels a booking as it was seen.
pub(super) fn cancelling(booking: &Booking, reason: Option<&str>) -> Command {
    Command::CancelBooking {
        booking: booking.id.clone(),
        seen: Some(booking.as_seen()),
        reason: reason.map(str::to_owned),
    }
}

/// The reason was typed: cancels.
pub(super) fn cancel_because(model: &mut Model, booking: &Booking, reason: &str) -> Vec<Effect> {
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
    change::run(model, cancelling(booking, reason))
}
