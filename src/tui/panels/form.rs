//! A form as lines: label left, field right, what is wrong below it; and the help of the field that has
//! the focus.

use crate::tui::form::{Control, ManyOf, OneOf, Pane, PickList};
use crate::tui::model::Model;
use crate::tui::sanitise::{clean, fit, width, window, wrap};
use crate::tui::settings::{CardField, CardForm, Value, shown};
use crate::tui::theme::Role;

use super::panel::Line;

/// Columns of the mark before the label of the field that has the focus.
const MARK: usize = 2;
/// Column at which the fields begin.
const FIELDS: usize = MARK + 19;
/// Most columns of a text field.
const TEXT: usize = 44;
/// Columns of a number.
const NUMBER: usize = 8;
/// Most items of a choice or a list to tick off in view.
const ITEMS: usize = 8;

/// Whether the form is being filled in or only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Editing,
    Looking,
}

/// A form as it is to be drawn.
#[derive(Default)]
pub struct FormLines {
    pub lines: Vec<Line>,
    /// First and last line of the field that has the focus.
    pub focus: (usize, usize),
    /// Where the terminal's cursor goes: line and column.
    pub cursor: Option<(usize, usize)>,
}

/// The form in so many columns and rows.
pub fn lines(model: &Model, form: &CardForm, using: Use, columns: usize, rows: usize) -> FormLines {
    let mut drawn = FormLines::default();
    for (at, field) in form.fields().iter().enumerate() {
        let focused = using == Use::Editing && at == form.focus();
        let first = drawn.lines.len();
        let locked = form.locked(field).is_some();
        let painter = Painter { model, field, focused, locked, columns, rows };
        let (lines, cursor) = painter.lines();
        drawn.lines.extend(lines);
        drawn.lines.extend(field.fault.iter().flat_map(|fault| painter.fault(fault)));
        if focused {
            drawn.focus = (first, drawn.lines.len().saturating_sub(1));
            drawn.cursor = Some((first + cursor.0, cursor.1));
        }
    }
    drawn
}

/// What is chosen in a field, where the card has too few columns to tell it whole.
pub fn cut_choice(field: &CardField, columns: u16) -> Option<&str> {
    let Control::One(one) = &field.control else { return None };
    let chosen = one.chosen()?.text.as_str();
    let framed = FIELDS + width("< ") + width(chosen) + width(" >");
    (framed > usize::from(columns)).then_some(chosen)
}

/// The keys that the focused field understands.
pub fn keys(model: &Model, field: &CardField) -> &'static str {
    let texts = model.form_texts();
    match field.control {
        Control::Text(_) | Control::Date(_) | Control::Number { .. } => texts.keys_text,
        Control::YesNo(_) => texts.keys_yes_no,
        Control::One(_) => texts.keys_one,
        Control::Many(_) => texts.keys_many,
        Control::Picks(_) => texts.keys_picks,
    }
}

/// One field on its way to the screen.
struct Painter<'a> {
    model: &'a Model,
    field: &'a CardField,
    focused: bool,
    locked: bool,
    columns: usize,
    rows: usize,
}

impl Painter<'_> {
    /// The lines, and where the terminal's cursor goes among them.
    fn lines(&self) -> (Vec<Line>, (usize, usize)) {
        let beginning = (0, FIELDS);
        match &self.field.control {
            Control::Text(input) => self.text(input),
            Control::Date(input) => self.text(input.input()),
            Control::Number { input, unit } => {
                let (text, column) = self.typed(input.input(), NUMBER);
                let line = self.labelled(text).and(format!(" {unit}"), self.role());
                (vec![line], (0, FIELDS + 1 + column))
            }
            Control::YesNo(yes) => {
                let texts = self.model.form_texts();
                let (on, off) = if *yes { ("•", " ") } else { (" ", "•") };
                let text = format!("({on}) {}  ({off}) {}", texts.yes, texts.no);
                (
                    vec![self.labelled(text)],
                    (0, FIELDS + 1 + if *yes { 0 } else { width(texts.yes) + 6 }),
                )
            }
            Control::One(one) => (self.one(one), beginning),
            Control::Many(many) => self.many(many),
            Control::Picks(picks) => self.picks(picks),
        }
    }

    fn text(&self, input: &tui_input::Input) -> (Vec<Line>, (usize, usize)) {
        let (text, column) = self.typed(input, self.room().saturating_sub(2).min(TEXT));
        (vec![self.labelled(text)], (0, FIELDS + 1 + column))
    }

    fn room(&self) -> usize {
        self.columns.saturating_sub(FIELDS)
    }

    fn role(&self) -> Role {
        if self.locked { Role::Disabled } else { Role::Field }
    }

    /// Mark and label, then the field's value.
    fn labelled(&self, value: impl Into<String>) -> Line {
        let mark = if self.focused { "▶ " } else { "  " };
        let label = fit(self.field.label, FIELDS - MARK - 1);
        let gap = " ".repeat((FIELDS - MARK).saturating_sub(width(&label)));
        let role = match (self.focused, self.locked) {
            (true, _) => Role::Key,
            (false, true) => Role::Disabled,
            (false, false) => Role::Plain,
        };
        Line::new(format!("{mark}{label}{gap}"), role).and(value, self.role())
    }

    fn indented(&self, text: &str, role: Role) -> Line {
        Line::new(" ".repeat(FIELDS), role).and(text, role)
    }

    /// What there is to choose from has to be set up first.
    fn nothing_to_choose(&self) -> Line {
        self.indented(self.model.form_texts().nothing_to_choose, Role::Dim)
    }

    fn fault(&self, text: &str) -> Vec<Line> {
        let lines = wrap(text, self.room().saturating_sub(2));
        let marks = std::iter::once("! ").chain(std::iter::repeat("  "));
        let lines = lines.iter().zip(marks);
        lines.map(|(line, mark)| self.indented(&format!("{mark}{line}"), Role::Error)).collect()
    }

    /// `[text      ]`, scrolled so that the cursor is in it, and the cursor's column.
    fn typed(&self, input: &tui_input::Input, columns: usize) -> (String, usize) {
        let skipped = if self.focused { input.visual_scroll(columns) } else { 0 };
        let shown = window(&shown(self.model, self.field, input.value()), skipped, columns);
        let gap = " ".repeat(columns.saturating_sub(width(&shown)));
        let cursor = input.visual_cursor().saturating_sub(skipped).min(columns);
        (format!("[{shown}{gap}]"), cursor)
    }

    /// The chosen one; while it has the focus, with the others below.
    fn one(&self, one: &OneOf<Value>) -> Vec<Line> {
        let palette = self.model.palette;
        let none = self.model.form_texts().none;
        let chosen = one.chosen();
        let bar = |swatch: Option<crate::domain::Color>, column: usize| {
            let style = swatch.map(|color| palette.bar(color))?;
            Some((u16::try_from(column).ok()?, style))
        };
        let pad = |swatch: Option<crate::domain::Color>| if swatch.is_some() { "  " } else { "" };
        let text = chosen.map_or(none, |item| item.text.as_str());
        let swatch = chosen.and_then(|item| item.swatch);
        let value = match self.focused && !self.locked {
            true => format!("{}< {} >", pad(swatch), clean(text)),
            false => format!("{}{}", pad(swatch), clean(text)),
        };
        let first = Line { swatch: bar(swatch, FIELDS), ..self.labelled(value) };
        let mut lines = vec![first];
        if self.focused && !self.locked {
            let at = one.at().unwrap_or(0);
            let first_item = lines.len();
            let from = first_in_view(at, one.items().len());
            for (nth, item) in one.items().iter().enumerate().skip(from).take(ITEMS) {
                let mark = if Some(nth) == one.at() { "(•) " } else { "( ) " };
                let text = format!("{mark}{}{}", pad(item.swatch), clean(&item.text));
                let role = if Some(nth) == one.at() { Role::Strong } else { Role::Dim };
                let line = self.indented(&text, role);
                lines.push(Line { swatch: bar(item.swatch, FIELDS + 4), ..line });
            }
            mark_hidden(&mut lines, first_item, hidden(from, ITEMS, one.items().len()));
            if one.items().is_empty() {
                lines.push(self.nothing_to_choose());
            }
        }
        lines
    }

    /// The chosen ones; while it has the focus, all of them to tick off.
    fn many(&self, many: &ManyOf<Value>) -> (Vec<Line>, (usize, usize)) {
        let texts = self.model.form_texts();
        let names: Vec<&str> = many.chosen().map(|item| item.text.as_str()).collect();
        let summary = if names.is_empty() { texts.none.to_owned() } else { texts.chosen(&names) };
        if !self.focused || self.locked {
            return (vec![self.labelled(fit(&summary, self.room()))], (0, FIELDS));
        }
        let searched = match many.searched() {
            "" => fit(&summary, self.room()),
            typed => format!("{}: {}", texts.search, clean(typed)),
        };
        let mut lines = vec![self.labelled(searched)];
        let mut cursor = (0, FIELDS);
        let matching = many.matching();
        if matching.is_empty() {
            lines.push(match many.searched() {
                "" => self.nothing_to_choose(),
                _ => self.indented(texts.none_match, Role::Dim),
            });
        }
        let (first_item, count) = (lines.len(), matching.len());
        let from = first_in_view(many.cursor(), count);
        for (nth, (item, ticked)) in matching.into_iter().enumerate().skip(from).take(ITEMS) {
            if let Some(heading) = item.heading {
                lines.push(self.indented(heading, Role::Dim));
            }
            let here = nth == many.cursor();
            if here {
                cursor = (lines.len(), FIELDS + 1);
            }
            let mark = if ticked { "[x]" } else { "[ ]" };
            let role = if here { Role::Selected } else { Role::Plain };
            lines.push(self.indented(&format!("{mark} {}", clean(&item.text)), role));
        }
        mark_hidden(&mut lines, first_item, hidden(from, ITEMS, count));
        (lines, cursor)
    }

    /// Two panes: what is in the list, and what there is to choose from.
    fn picks(&self, picks: &PickList<Value>) -> (Vec<Line>, (usize, usize)) {
        let texts = self.model.form_texts();
        let half = (self.columns.saturating_sub(MARK + 3)) / 2;
        let shown = self.rows.saturating_sub(8).clamp(5, 24);
        let available = picks.available();
        let chosen: Vec<_> = picks.chosen().collect();
        let right_title = match picks.searched() {
            "" => texts.available.to_owned(),
            typed => format!("{}: {}", texts.search, clean(typed)),
        };
        let active = |pane| self.focused && !self.locked && picks.pane() == pane;
        let title_role = |pane| if active(pane) { Role::Key } else { Role::Dim };
        let nothing = available.is_empty() && chosen.is_empty() && picks.searched().is_empty();
        let mut lines = vec![
            self.labelled(if nothing { texts.nothing_to_choose } else { "" }),
            Line::new("  ", Role::Plain)
                .and(padded(texts.picked, half), title_role(Pane::Chosen))
                .and(" │ ", Role::Frame)
                .and(padded(&right_title, half), title_role(Pane::Available)),
        ];
        let from = |pane: Pane, count| first_of(picks.cursor(pane), count, shown);
        let (left, right) =
            (from(Pane::Chosen, chosen.len()), from(Pane::Available, available.len()));
        let mut cursor = (1, MARK);
        for row in 0..shown {
            let place = lines.len();
            let mut cell = |pane, at: usize, text: Option<String>, column: usize| {
                let here = active(pane) && at == picks.cursor(pane) && text.is_some();
                if here {
                    cursor = (place, column);
                }
                let role = if here { Role::Selected } else { self.role() };
                (padded(&text.unwrap_or_default(), half), role)
            };
            let at = left + row;
            let text = chosen.get(at).map(|item| format!("{:>2} {}", at + 1, clean(&item.text)));
            let (text, role) = cell(Pane::Chosen, at, text, MARK);
            let at = right + row;
            let other = available.get(at).map(|item| clean(&item.text).into_owned());
            let (other, other_role) = cell(Pane::Available, at, other, MARK + half + 3);
            lines.push(
                Line::new("  ", Role::Plain)
                    .and(text, role)
                    .and(" │ ", Role::Frame)
                    .and(other, other_role),
            );
        }
        (lines, cursor)
    }
}

/// Whether there are more items above and below those in view.
fn hidden(from: usize, shown: usize, count: usize) -> (bool, bool) {
    (from > 0, count > from + shown)
}

/// `↑` beside the first item in view where there are more above, `↓` beside the last where there are
/// more below.
fn mark_hidden(lines: &mut [Line], first_item: usize, (above, below): (bool, bool)) {
    let arrow = |arrow: &str| Some((arrow.to_owned(), Role::Dim));
    if let Some(line) = lines.get_mut(first_item).filter(|_| above) {
        line.right = arrow("↑");
    }
    if let Some(line) = lines.last_mut().filter(|_| below) {
        line.right = arrow("↓");
    }
}

/// The first of the items in view, so that the cursor is among them.
fn first_in_view(cursor: usize, count: usize) -> usize {
    first_of(cursor, count, ITEMS)
}

fn first_of(cursor: usize, count: usize, shown: usize) -> usize {
    (cursor + 1).saturating_sub(shown).min(count.saturating_sub(shown))
}

/// The text in exactly so many columns.
fn padded(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let gap = " ".repeat(columns.saturating_sub(width(&text)));
    format!("{text}{gap}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_of_a_long_list_stays_in_view() {
        assert_eq!(first_of(0, 20, 8), 0);
        assert_eq!(first_of(9, 20, 8), 2);
        assert_eq!(first_of(19, 20, 8), 12);
        assert_eq!(first_of(2, 3, 8), 0);
    }
}
