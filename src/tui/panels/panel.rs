//! A framed panel over the grid: lines of text, some of which can be chosen or typed into.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::domain::Minutes;
use crate::tui::layout::Layout;
use crate::tui::marking::Lane;
use crate::tui::model::Model;
use crate::tui::sanitise::width;
use crate::tui::theme::Role;

use super::{fill, put};

/// Columns that the text of a line keeps beside a long one to the right.
const TEXT_AT_LEAST: usize = 20;

/// Where a panel opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Beside the marking.
    Marking,
    Centre,
}

/// One line: texts from the left, and one at the right edge.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub spans: Vec<(String, Role)>,
    /// A preblock type's bar, at a column.
    pub swatch: Option<(u16, Style)>,
    pub right: Option<(String, Role)>,
    /// Columns that the text from the left keeps whatever stands to the right; some in any case.
    pub at_least: usize,
}

impl Line {
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { spans: vec![(text.into(), role)], ..Self::default() }
    }

    pub fn and(mut self, text: impl Into<String>, role: Role) -> Self {
        self.spans.push((text.into(), role));
        self
    }

    fn width(&self) -> usize {
        let left: usize = self.spans.iter().map(|(text, _)| width(text)).sum();
        let right = self.right.as_ref().map_or(0, |(text, _)| width(text) + 2);
        left + right
    }
}

/// A panel as it is to be drawn.
pub(super) struct Panel {
    pub title: String,
    pub place: Place,
    pub lines: Vec<Line>,
    /// The lines that are entries: first and count.
    pub entries: (usize, usize),
    /// How many lines an entry takes.
    pub tall: usize,
    /// The selected line.
    pub selected: Option<usize>,
    /// Where the terminal's cursor goes: line and column.
    pub cursor: Option<(usize, usize)>,
    pub scroll: usize,
    /// Room to keep while what is inside changes: columns and lines.
    pub keep: (usize, usize),
}

impl Panel {
    pub fn new(title: impl Into<String>, place: Place, lines: Vec<Line>) -> Self {
        Self {
            title: title.into(),
            place,
            lines,
            entries: (0, 0),
            tall: 1,
            selected: None,
            cursor: None,
            scroll: 0,
            keep: (0, 0),
        }
    }

    /// The area it takes: as much as it needs and the screen has.
    pub fn area(&self, model: &Model, layout: &Layout) -> Rect {
        let (screen_width, screen_height) = model.size;
        let widest = self.lines.iter().map(Line::width).max().unwrap_or(0);
        let columns = widest.max(self.keep.0).max(width(&self.title) + 2) + 4;
        let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(screen_width - 4).min(96);
        let rows = self.lines.len().max(self.keep.1) + 2;
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(screen_height - 3);
        let bottom = screen_height - 1;
        let (first, last) = match self.place {
            // Over the settings there is no marking to stand at.
            Place::Marking if !model.settings_are_open() => corners(model, layout),
            Place::Marking | Place::Centre => (None, None),
        };
        let (x, y) = match (first, last) {
            (_, Some(last)) if last.right() + 1 + columns <= screen_width => {
                (last.right() + 1, last.y)
            }
            (Some(first), _) if first.x > columns => (first.x - columns - 1, first.y),
            (_, Some(last)) => (screen_width - columns - 1, last.y + 1),
            _ => ((screen_width - columns) / 2, (bottom - rows) / 2),
        };
        Rect::new(x.min(screen_width - columns), y.min(bottom - rows).max(1), columns, rows)
    }

    /// The first line in view, so that what is selected or typed into is in it.
    fn first_line(&self, rows: usize) -> usize {
        let below = |line| line + self.tall - 1;
        let focus = self.cursor.map(|(line, _)| line).or(self.selected.map(below));
        let last = self.lines.len().saturating_sub(rows);
        match focus {
            Some(line) => (line + 1).saturating_sub(rows).min(last),
            None => self.scroll.min(last),
        }
    }

    /// How far it scrolls.
    pub fn last_scroll(&self, area: Rect) -> usize {
        self.lines.len().saturating_sub(usize::from(area.height.saturating_sub(2)))
    }

    /// The index of the entry at a place on the screen.
    pub fn entry_at(&self, area: Rect, x: u16, y: u16) -> Option<usize> {
        let inner = Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2);
        if !inner.contains(Position::new(x, y)) {
            return None;
        }
        let line = usize::from(y - inner.y) + self.first_line(usize::from(inner.height));
        let at = line.checked_sub(self.entries.0)? / self.tall.max(1);
        (at < self.entries.1).then_some(at)
    }

    /// Draws it; answers where the terminal's cursor goes.
    pub fn draw(&self, model: &Model, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.frame(model, area, buffer);
        let rows = usize::from(area.height.saturating_sub(2));
        let first = self.first_line(rows);
        let (x, room) = (area.x + 2, area.width.saturating_sub(4));
        for (at, line) in self.lines.iter().enumerate().skip(first).take(rows) {
            let y = area.y + 1 + u16::try_from(at - first).unwrap_or(0);
            let selected =
                self.selected.is_some_and(|first| (first..first + self.tall).contains(&at));
            draw_line(model, line, Rect::new(x, y, room, 1), selected, buffer);
        }
        let hidden = self.lines.len() > first + rows;
        if hidden {
            let style = model.palette.style(Role::Dim);
            put(buffer, area.right().saturating_sub(3), area.bottom() - 1, "…", 1, style);
        }
        let (line, column) = self.cursor.or(self.selected.map(|line| (line, 0)))?;
        let line = u16::try_from(line.checked_sub(first)?)
            .ok()
            .filter(|line| usize::from(*line) < rows)?;
        let column = u16::try_from(column).unwrap_or(0).min(room);
        Some(Position::new(x + column, area.y + 1 + line))
    }

    fn frame(&self, model: &Model, area: Rect, buffer: &mut Buffer) {
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
        let title = format!(" {} ", self.title);
        let strong = Style::reset().patch(model.palette.style(Role::Title));
        put(buffer, area.x + 1, area.y, &title, area.width.saturating_sub(2), strong);
    }
}

/// The marking's first row in view, on its first lane and on its last.
fn corners(model: &Model, layout: &Layout) -> (Option<Rect>, Option<Rect>) {
    let block = model.block();
    let row = model.row().0;
    let minute = Minutes((block.from.0 / row * row).max(model.scroll.0));
    let lanes = model.chosen_lanes();
    let area = |lane: Option<&Lane>| layout.cell_area(model, lane?, minute);
    (area(lanes.first()), area(lanes.last()))
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
