//! Setting a password from the console: one's own, and with `users.manage` another's. What was typed
//! leaves the model as soon as it is sent.

use crossterm::event::KeyEvent;

use crate::clinic::{BadPassword, Outcome, PasswordError, SHORTEST_PASSWORD, SignInError};
use crate::domain::{Actor, Signature};
use crate::texts::{bad_password, password_error};
use crate::tui::actions::Action;
use crate::tui::dialogs::{AskOld, Edited, Overlay, PasswordField, PasswordForm};
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::{Model, Status};
use crate::tui::secret::Secret;
use crate::tui::settings::{EntityId, Leading};
use crate::tui::theme::Role;

use super::{load_setup, say};

/// One's own password.
pub(super) fn open_own(model: &mut Model) -> Vec<Effect> {
    match &model.actor {
        Actor::User(user) => {
            let user = user.signature.clone();
            open_for(model, user)
        }
        Actor::System | Actor::OnlineClient => Vec::new(),
    }
}

/// The password of the user that is selected in the settings.
pub(super) fn open_selected(model: &mut Model) -> Vec<Effect> {
    let row = model.settings().and_then(|settings| settings.row(model));
    match row.map(|row| row.id) {
        Some(EntityId::User(signature)) => open_for(model, signature),
        _ => Vec::new(),
    }
}

/// Whoever changes their own gives the one so far, if there is one.
pub(super) fn open_for(model: &mut Model, user: Signature) -> Vec<Effect> {
    let own = model.actor.signature() == user.as_str();
    let has_one = model.users.get(&user).is_some_and(|user| user.password_hash.is_some());
    let ask_old = if own && has_one { AskOld::Yes } else { AskOld::No };
    model.overlays.push(Overlay::Password(Box::new(PasswordForm::new(user, ask_old))));
    Vec::new()
}

fn form(model: &mut Model) -> Option<&mut PasswordForm> {
    match model.overlays.last_mut() {
        Some(Overlay::Password(form)) if form.saving.is_none() => Some(form),
        _ => None,
    }
}

/// A key that is no command: typed into the focused field.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    edit(model, |secret| secret.press(key))
}

/// A text was pasted into the focused field.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    edit(model, |secret| {
        secret.paste(text);
        Edited::Yes
    })
}

fn edit(model: &mut Model, edit: impl FnOnce(&mut Secret) -> Edited) -> Vec<Effect> {
    let Some(form) = form(model) else { return Vec::new() };
    if form.focused().map(edit) == Some(Edited::Yes) {
        form.error = None;
    }
    Vec::new()
}

/// An action of the form.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(form) = form(model) else { return Vec::new() };
    match action {
        Action::NextField => form.step(1),
        Action::PreviousField => form.step(-1),
        Action::Accept if form.field != PasswordField::Save => form.step(1),
        Action::Accept | Action::Save => return save(model),
        _ => {}
    }
    Vec::new()
}

/// Sends what was typed, once it is long enough and twice the same.
fn save(model: &mut Model) -> Vec<Effect> {
    let (language, differ) = (model.language, model.texts().password_differ);
    let request = model.requests.next();
    let Some(form) = form(model) else { return Vec::new() };
    if form.new.len() < SHORTEST_PASSWORD {
        return refuse(form, PasswordField::New, bad_password(language, BadPassword::TooShort));
    }
    if !form.new.is_same(&form.again) {
        return refuse(form, PasswordField::Again, differ.to_owned());
    }
    form.saving = Some(request);
    form.error = None;
    let change = form.take();
    let id = (model.command_ids)();
    vec![Effect::SetPassword { request, id, change }]
}

/// Says why not at the field; what is typed there next begins anew.
fn refuse(form: &mut PasswordForm, field: PasswordField, error: String) -> Vec<Effect> {
    form.field = field;
    if let Some(secret) = form.focused() {
        *secret = Secret::new();
    }
    form.again = Secret::new();
    form.error = Some(error);
    Vec::new()
}

/// It has been set, or refused. A new clinic's set-up leads on from the first administrator's.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<Box<Outcome>, PasswordError>,
) -> Vec<Effect> {
    let ours = |overlay: &Overlay| matches!(overlay, Overlay::Password(form) if form.saving == Some(request));
    let at = model.overlays.iter().position(ours);
    match result {
        Ok(_) => {
            let gone = at.map(|at| model.overlays.remove(at));
            if let Some(Overlay::Password(form)) = gone {
                let text = model.texts().password_set(form.user.as_str());
                model.status = Some(Status { text, role: Role::Plain });
                if let Some(settings) = model.settings_mut()
                    && settings.leading == Leading::Yes
                {
                    settings.to_select = Some(EntityId::User(form.user.clone()));
                }
            }
            vec![load_setup(model, model.polled.clone())]
        }
        Err(error) => {
            let text = password_error(model.language, &error, &model.setup);
            match at.and_then(|at| model.overlays.get_mut(at)) {
                Some(Overlay::Password(form)) => {
                    form.saving = None;
                    let field = match error {
                        PasswordError::Old(SignInError::Wrong) => PasswordField::Old,
                        _ => form.fields().first().copied().unwrap_or(PasswordField::New),
                    };
                    refuse(form, field, text)
                }
                _ => say(model, text, Role::Error),
            }
        }
    }
}
