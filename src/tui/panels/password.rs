//! The form in which a password is set, as a panel of masked fields.

use crate::clinic::SHORTEST_PASSWORD;
use crate::tui::dialogs::{PasswordField, PasswordForm};
use crate::tui::model::Model;
use crate::tui::theme::Role;

use super::fields::{FIELDS, FORM, field, save_lines};
use super::panel::{Line, Panel, Place};

/// Whose it is, the fields as stars, and how long it must be.
pub(super) fn panel(model: &Model, form: &PasswordForm) -> Panel {
    let texts = model.texts();
    let name = model.users.get(&form.user).map_or("", |user| user.name.as_str());
    let mut lines = vec![Line::new(format!("{name} ({})", form.user), Role::Strong)];
    let mut cursor = None;
    for wanted in form.fields() {
        let label = match wanted {
            PasswordField::Old => texts.password_old,
            PasswordField::New => texts.password_new,
            PasswordField::Again => texts.password_again,
            PasswordField::Save => continue,
        };
        let stars = form.secret(*wanted).map_or_else(String::new, |secret| secret.stars());
        let focused = form.field == *wanted;
        if focused {
            cursor = Some((lines.len(), FIELDS + stars.len()));
        }
        let hint = match wanted {
            PasswordField::New => format!("  {}", texts.at_least(SHORTEST_PASSWORD)),
            _ => String::new(),
        };
        lines.push(field(label, stars, focused).and(hint, Role::Dim));
    }
    if form.saving.is_some() {
        lines.push(Line::new(texts.lock_checking, Role::Dim));
    }
    let focused = form.field == PasswordField::Save;
    let seen_to = save_lines(model, &mut lines, &mut cursor, focused, form.error.as_ref());
    Panel {
        cursor,
        seen_to,
        keep: (FORM, 9),
        ..Panel::new(texts.password_title, Place::Centre, lines)
    }
}
