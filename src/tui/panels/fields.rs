//! What the forms over the grid have in common: label left, field right, the key to save at the foot.

use tui_input::Input;

use crate::domain::OverlapChoice;
use crate::tui::actions::{Action, Context};
use crate::tui::model::Model;
use crate::tui::sanitise::{width, window, wrap};
use crate::tui::theme::Role;

use super::panel::Line;

/// Columns of a form, kept while what is inside changes.
pub(super) const FORM: usize = 62;
/// Column at which a form's fields begin.
pub(super) const FIELDS: usize = 13;

/// Columns that a form has within its panel.
pub(super) fn columns(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(8).min(FORM)
}

/// Columns of a field.
pub(super) fn room(model: &Model) -> usize {
    columns(model).saturating_sub(FIELDS)
}

/// What of a typed text shows in so many columns, and where its cursor stands among them: after the last
/// letter it needs a column, too.
pub(super) fn scrolled((input, shown): (&Input, &str), columns: usize) -> (String, usize) {
    let skipped = input.visual_scroll(columns.saturating_sub(1));
    (window(shown, skipped, columns), input.visual_cursor().saturating_sub(skipped))
}

/// A text on as many lines as it takes.
pub(super) fn flowed(text: &str, columns: usize, role: Role) -> impl Iterator<Item = Line> + use<> {
    wrap(text, columns).into_iter().map(move |line| Line::new(line, role))
}

/// Lines under a field.
pub(super) fn below(model: &Model, text: &str, role: Role) -> impl Iterator<Item = Line> + use<> {
    let lines = wrap(text, room(model)).into_iter();
    lines.map(move |line| Line::new(format!("{}{line}", " ".repeat(FIELDS)), role))
}

/// Label left, field right.
pub(super) fn field(label: &str, value: impl Into<String>, focused: bool) -> Line {
    let label_role = if focused { Role::Key } else { Role::Plain };
    let gap = " ".repeat(FIELDS.saturating_sub(width(label)));
    Line::new(format!("{label}{gap}"), label_role).and(value, Role::Field)
}

/// The key to save, what is wrong, and the keys, at the foot of every form; answers the last line of what is
/// wrong, which is to be seen wherever the cursor stands.
pub(super) fn save_lines(
    model: &Model,
    lines: &mut Vec<Line>,
    cursor: &mut Option<(usize, usize)>,
    focused: bool,
    error: Option<&String>,
) -> Option<usize> {
    lines.push(Line::default());
    if focused {
        *cursor = Some((lines.len(), 0));
    }
    let role = if focused { Role::Selected } else { Role::Key };
    lines.push(Line::new(format!("[ {} ]", model.texts().save), role));
    let wrong = error.map(|error| {
        lines.extend(flowed(error, columns(model), Role::Error));
        lines.len() - 1
    });
    let key = |action| model.key_of(Context::Form, action);
    let keys = [Action::Save, Action::NextField, Action::Cancel].map(key);
    let [save, next, cancel] = keys.each_ref().map(String::as_str);
    lines.push(Line::new(model.texts().form_keys(save, next, cancel), Role::Dim));
    wrong
}

/// The choice of what to do where preblocks already lie (R12), in a word.
pub(super) fn overlap(model: &Model, choice: OverlapChoice) -> &'static str {
    match choice {
        OverlapChoice::Refuse => model.texts().overlap_refuse,
        OverlapChoice::Replace => model.texts().overlap_replace,
        OverlapChoice::Fill => model.texts().overlap_fill,
    }
}
