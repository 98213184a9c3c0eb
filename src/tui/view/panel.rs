//! Draws a panel in its frame.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::tui::model::Model;
use crate::tui::panels::{Line, Panel};
use crate::tui::sanitise::width;
use crate::tui::theme::Role;

use super::{fill, put};

/// Columns that the text of a line keeps beside a long one to the right.
const TEXT_AT_LEAST: usize = 20;

/// Draws it; answers where the terminal's cursor goes.
pub(super) fn draw(
    panel: &Panel,
    model: &Model,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    frame(panel, model, area, buffer);
    let rows = usize::from(area.height.saturating_sub(2));
    let first = panel.first_line(rows);
    let (x, room) = (area.x + 2, area.width.saturating_sub(4));
    for (at, line) in panel.lines.iter().enumerate().skip(first).take(rows) {
        let y = area.y + 1 + u16::try_from(at - first).unwrap_or(0);
        let selected =
            panel.selected.is_some_and(|first| (first..first + panel.tall).contains(&at));
        draw_line(model, line, Rect::new(x, y, room, 1), selected, buffer);
    }
    let hidden = panel.lines.len() > first + rows;
    if hidden {
        let style = model.palette.style(Role::Dim);
        put(buffer, area.right().saturating_sub(3), area.bottom() - 1, "…", 1, style);
    }
    let (line, column) = panel.cursor.or(panel.selected.map(|line| (line, 0)))?;
    let line =
        u16::try_from(line.checked_sub(first)?).ok().filter(|line| usize::from(*line) < rows)?;
    let column = u16::try_from(column).unwrap_or(0).min(room);
    Some(Position::new(x + column, area.y + 1 + line))
}

fn frame(panel: &Panel, model: &Model, area: Rect, buffer: &mut Buffer) {
    let style = model.palette.style(Role::Frame);
    for y in area.y..area.bottom() {
        for x in area.x..area.right() {
            if let Some(cell) = buffer.cell_mut(Position::new(x, y)) {
                cell.reset();
            }
        }
        fill(buffer, area.x, y, 1, "│", style);
        fill(buffer, area.right() - 1, y, 1, "│", style);
    }
    for (y, ends) in [(area.y, ["┌", "┐"]), (area.bottom() - 1, ["└", "┘"])] {
        fill(buffer, area.x, y, area.width, "─", style);
        fill(buffer, area.x, y, 1, ends[0], style);
        fill(buffer, area.right() - 1, y, 1, ends[1], style);
    }
    let title = format!(" {} ", panel.title);
    let strong = Style::reset().patch(model.palette.style(Role::Title));
    put(buffer, area.x + 1, area.y, &title, area.width.saturating_sub(2), strong);
}

pub(super) fn draw_line(
    model: &Model,
    line: &Line,
    area: Rect,
    selected: bool,
    buffer: &mut Buffer,
) {
    let style_of = |role: Role| {
        let style = model.palette.style(role);
        // A grey entry stays grey when selected: underlined, not inverted.
        match (selected, role) {
            (true, Role::Disabled) => style.add_modifier(ratatui::style::Modifier::UNDERLINED),
            (true, _) => model.palette.style(Role::Selected),
            (false, _) => style,
        }
    };
    let base = line.spans.first().map_or(Role::Plain, |(_, role)| *role);
    if selected {
        fill(buffer, area.x, area.y, area.width, " ", style_of(base));
    }
    // The text to the left gives way only as far as it can still be told apart.
    let left: usize = line.spans.iter().map(|(text, _)| width(text)).sum();
    let left = u16::try_from(left.min(line.at_least.max(TEXT_AT_LEAST))).unwrap_or(0);
    let right = line.right.as_ref().map_or(0, |(text, _)| {
        u16::try_from(width(text)).unwrap_or(area.width).min(area.width.saturating_sub(left + 1))
    });
    let mut x = area.x;
    let end = area.right().saturating_sub(if right > 0 { right + 1 } else { 0 });
    for (text, role) in &line.spans {
        let room = end.saturating_sub(x);
        x += put(buffer, x, area.y, text, room, style_of(*role));
    }
    if let Some((text, role)) = &line.right {
        put(buffer, area.right() - right, area.y, text, right, style_of(*role));
    }
    if let Some((column, style)) = line.swatch
        && column < area.width
    {
        fill(buffer, area.x + column, area.y, 1, "▌", style);
    }
}
