//! Somebody new registered in the booking form: field by field, the number looked up as it is typed.

use crossterm::event::KeyEvent;

use crate::domain::{Fault, NewPatient};
use crate::tui::dialogs::{BookingField, Registering};
use crate::tui::message::Effect;
use crate::tui::model::Model;
use crate::tui::patient::form;
use crate::tui::settings::{Key, WordedFaults, faults_in_words};

use super::booking::form_mut;
use super::whom::choose;

/// Begins with what was typed to search.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = form_mut(model) else { return Vec::new() };
    let typed = booking.search.value().to_owned();
    let new = form::registering(model, &typed);
    if let Some(booking) = form_mut(model) {
        let new = Registering { form: new, looking: None, taken: None };
        booking.registering = Some(Box::new(new));
        booking.found.clear();
    }
    look_up(model)
}

/// A key that is typed into the focused field.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    edited(model, |new| new.form.press(key))
}

/// A text was pasted into the focused field.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    edited(model, |new| new.form.paste(text))
}

fn edited(
    model: &mut Model,
    edit: impl FnOnce(&mut Registering) -> Result<(), String>,
) -> Vec<Effect> {
    let new = form_mut(model).and_then(|booking| booking.registering.as_mut());
    let Some(new) = new else { return Vec::new() };
    let number = new.form.text(Key::Personnummer);
    // No field is locked.
    let _ = edit(new);
    if new.form.text(Key::Personnummer) == number {
        return Vec::new();
    }
    look_up(model)
}

/// Looks whether somebody has the number already, once it is one.
fn look_up(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let Some(mut new) = form_mut(model).and_then(|booking| booking.registering.take()) else {
        return Vec::new();
    };
    let number = form::number(model, &new.form).ok().flatten();
    (new.taken, new.looking) = (None, number.as_ref().map(|_| request));
    if let Some(booking) = form_mut(model) {
        booking.registering = Some(new);
    }
    let text = number.map(|number| number.as_str().to_owned());
    text.map(|text| Effect::FindPatients { request, text }).into_iter().collect()
}

/// Done with the field; on the number of somebody who is registered, that patient is chosen.
pub(super) fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = form_mut(model) else { return Vec::new() };
    let Some(new) = &booking.registering else { return Vec::new() };
    let on_number = new.form.focused().is_some_and(|field| field.key == Key::Personnummer);
    if let Some(patient) = new.taken.clone().filter(|_| on_number) {
        return choose(model, patient);
    }
    booking.step(1);
    Vec::new()
}

/// Who is to be registered; what is wrong stands at its field.
///
/// # Errors
/// [`NotYet`].
pub(super) fn read(model: &mut Model) -> Result<Option<NewPatient>, NotYet> {
    let Some(new) = form_mut(model).and_then(|booking| booking.registering.take()) else {
        return Ok(None);
    };
    let read = form::read_new(model, &new.form);
    if let Some(booking) = form_mut(model) {
        booking.registering = Some(new);
    }
    read.map(Some).map_err(|faults| {
        show_faults(model, faults);
        NotYet
    })
}

/// Something is wrong with what was filled in.
pub(super) struct NotYet;

fn show_faults(model: &mut Model, faults: WordedFaults) {
    let Some(booking) = form_mut(model) else { return };
    let Some(new) = &mut booking.registering else { return };
    booking.error = faults.show_on(&mut new.form);
    booking.field = BookingField::Patient;
}

/// The store has something against it: somebody may have registered the number meanwhile.
pub(super) fn refused(model: &mut Model, faults: &[Fault]) -> Vec<Effect> {
    let faults = faults_in_words(model, faults);
    show_faults(model, faults);
    look_up(model)
}
