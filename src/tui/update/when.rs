//! When a new booking is to be: the day and the time of its form, where the one at the cursor is taken or
//! does not suit.

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::dialogs::{
    BookingField, BookingForm, Confirmed, Edited, Making, Previewed, ShortInput,
};
use crate::tui::message::Effect;
use crate::tui::model::Model;

use super::booking::{form_mut, preview};
use super::moving::STEP;

/// A key that is typed into the day or the time, or moves the time.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    let edited = match &mut form.making {
        Making::New { when, .. }
            if form.field == BookingField::Time
                && let Some(by) = step_of(key, &when.time) =>
        {
            when.shift(by);
            Edited::Yes
        }
        _ => form.short().map_or(Edited::No, |short| short.press(key)),
    };
    if edited == Edited::Yes { follow(model) } else { Vec::new() }
}

/// The minutes by which a key moves the time; `None` where it is typed: a dash after what has been typed
/// begins the end of a stretch, `9-10`.
pub(super) fn step_of(key: KeyEvent, time: &ShortInput) -> Option<i32> {
    match key.code {
        KeyCode::Char('+') => Some(STEP),
        KeyCode::Char('-') if !time.is_being_typed() => Some(-STEP),
        _ => None,
    }
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
    form.confirmed = Confirmed::No;
    if form.follow(today) {
        return preview(model);
    }
    form.preview = Previewed::Nothing;
    Vec::new()
}
