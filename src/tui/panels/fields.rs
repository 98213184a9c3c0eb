//! What the forms over the grid have in common: label left, field right, the key to save at the foot.

use crate::domain::OverlapChoice;
use crate::tui::actions::{Action, Context};
use crate::tui::model::Model;
use crate::tui::sanitise::{width, wrap};
use crate::tui::theme::Role;

use super::panel::Line;

/// Columns of a form, kept while what is inside changes.
pub(super) const FORM: usize = 62;
/// Column at which a form's fields begin.
pub(super) const FIELDS: usize = 13;

/// Label left, field right.
pub(super) fn field(label: &str, value: impl Into<String>, focused: bool) -> Line {
    let label_role = if focused { Role::Key } else { Role::Plain };
    let gap = " ".repeat(FIELDS.saturating_sub(width(label)));
    Line::new(format!("{label}{gap}"), label_role).and(value, Role::Field)
}

/// The key to save, what is wrong, and the keys, at the foot of every form.
pub(super) fn save_lines(
    model: &Model,
    lines: &mut Vec<Line>,
    cursor: &mut Option<(usize, usize)>,
    focused: bool,
    error: Option<&String>,
) {
    lines.push(Line::default());
    if focused {
        *cursor = Some((lines.len(), 0));
    }
    let role = if focused { Role::Selected } else { Role::Key };
    lines.push(Line::new(format!("[ {} ]", model.texts().save), role));
    if let Some(error) = error {
        lines.extend(wrap(error, FORM).into_iter().map(|line| Line::new(line, Role::Error)));
    }
    let key = |action| model.key_of(Context::Form, action);
    let keys = [Action::Save, Action::NextField, Action::Cancel].map(key);
    let [save, next, cancel] = keys.each_ref().map(String::as_str);
    lines.push(Line::new(model.texts().form_keys(save, next, cancel), Role::Dim));
}

/// The choice of what to do where preblocks already lie (R12), in a word.
pub(super) fn overlap(model: &Model, choice: OverlapChoice) -> &'static str {
    match choice {
        OverlapChoice::Refuse => model.texts().overlap_refuse,
        OverlapChoice::Replace => model.texts().overlap_replace,
        OverlapChoice::Fill => model.texts().overlap_fill,
    }
}
