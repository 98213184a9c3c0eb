//! The screen lock: at once by key, or after minutes without one. While it holds, nothing of the clinic
//! is shown and nothing but the password is taken; what lies beneath waits as it was.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::clinic::SignInError;
use crate::domain::{CivilTime, Signature};
use crate::texts::sign_in_error;
use crate::tui::actions::{Action, Context};
use crate::tui::dialogs::Edited;
use crate::tui::disabled::why_not_lock;
use crate::tui::keymap::Chord;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::{Lock, Model};
use crate::tui::secret::Secret;

use super::patient;

/// Locks the screen, if it can be opened again.
pub(super) fn lock(model: &mut Model) -> Vec<Effect> {
    if model.lock.is_none() && why_not_lock(model).is_none() {
        model.lock = Some(Lock { typed: Secret::new(), error: None, trying: None });
    }
    Vec::new()
}

/// The user has done something.
pub(super) fn stir(model: &mut Model) {
    model.idle_minutes = 0;
}

/// A minute has begun: locks once enough have passed. Counts the minutes that a machine slept, and
/// never fewer than one, whatever the clock is set to.
pub(super) fn minute(model: &mut Model, now: CivilTime) -> Vec<Effect> {
    let passed = u32::try_from(now.since(model.now).0).unwrap_or(0).max(1);
    model.idle_minutes = model.idle_minutes.saturating_add(passed);
    match model.access.lock_minutes {
        Some(limit) if model.idle_minutes >= limit => lock(model),
        _ => Vec::new(),
    }
}

/// A key while the screen is locked: typed into the password's field, and nothing else.
pub(super) fn pressed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if model.keymap.action(Context::Grid, Chord::of(key)) == Some(Action::Redraw) {
        return vec![Effect::Redraw];
    }
    let Some(lock) = model.lock.as_mut().filter(|lock| lock.trying.is_none()) else {
        return Vec::new();
    };
    match key.code {
        KeyCode::Enter => return attempt(model),
        KeyCode::Esc => lock.typed = Secret::new(),
        _ if key.modifiers.contains(KeyModifiers::CONTROL)
            && matches!(key.code, KeyCode::Char('c')) =>
        {
            lock.typed = Secret::new();
        }
        _ => {
            if lock.typed.press(key) == Edited::Yes {
                lock.error = None;
            }
        }
    }
    Vec::new()
}

/// A text was pasted while the screen is locked.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(lock) = model.lock.as_mut().filter(|lock| lock.trying.is_none()) {
        lock.typed.paste(text);
        lock.error = None;
    }
    Vec::new()
}

fn attempt(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let signature = Signature::new(model.actor.signature());
    let Some(lock) = model.lock.as_mut().filter(|lock| lock.typed.len() > 0) else {
        return Vec::new();
    };
    lock.trying = Some(request);
    lock.error = None;
    vec![Effect::Unlock { request, signature, password: lock.typed.take() }]
}

/// The password fitted, or did not.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<(), SignInError>,
) -> Vec<Effect> {
    let (language, wrong) = (model.language, model.texts().lock_wrong);
    let Some(lock) = model.lock.as_mut().filter(|lock| lock.trying == Some(request)) else {
        return Vec::new();
    };
    match result {
        Ok(()) => {
            model.lock = None;
            stir(model);
            patient::reload(model).into_iter().collect()
        }
        Err(error) => {
            lock.trying = None;
            lock.error = Some(match error {
                SignInError::Wrong => wrong.to_owned(),
                error => sign_in_error(language, &error),
            });
            Vec::new()
        }
    }
}
