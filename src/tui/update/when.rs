//! When a new booking is to be: the day and the time of its form, where the one at the cursor is taken or
//! does not suit.

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::Interval;
use crate::tui::dialogs::{BookingField, BookingForm, Confirmed, Edited, Making, Previewed};
use crate::tui::message::Effect;
use crate::tui::model::Model;

use super::booking::{form_mut, preview};
use super::moving::STEP;

/// A key that is typed into the day or the time, or moves the time.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    let by = match key.code {
        KeyCode::Char('+') => Some(STEP),
        KeyCode::Char('-') => Some(-STEP),
        _ => None,
    };
    let edited = match (&mut form.making, by) {
        (Making::New { when, .. }, Some(by)) if form.field == BookingField::Time => {
            when.shift(by);
            Edited::Yes
        }
        _ => form.short().map_or(Edited::No, |short| short.press(key)),
    };
    if edited == Edited::Yes { follow(model) } else { Vec::new() }
}

/// A text was pasted into the day or the time.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(short) = form_mut(model).and_then(BookingForm::short) else { return Vec::new() };
    short.paste(text);
    follow(model)
}

/// The booking follows what was typed, once it can be read, and what it would do is asked anew.
fn follow(model: &mut Model) -> Vec<Effect> {
    let today = model.now.date();
    let Some(form) = form_mut(model) else { return Vec::new() };
    let Making::New { when, .. } = &form.making else { return Vec::new() };
    let start = when.start(today);
    let moved = start.and_then(|start| Interval::new(start, start + form.interval.length()).ok());
    form.confirmed = Confirmed::No;
    match moved {
        Some(interval) => {
            form.interval = interval;
            preview(model)
        }
        None => {
            (form.preview, form.renewing) = (Previewed::Nothing, None);
            Vec::new()
        }
    }
}
