//! A panel over the grid: lines of text, some of which can be chosen or typed into, and how large it is.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::domain::Minutes;
use crate::tui::layout::Layout;
use crate::tui::marking::Lane;
use crate::tui::model::Model;
use crate::tui::sanitise::width;
use crate::tui::theme::Role;

/// Where a panel opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Beside the marking.
    Marking,
    Centre,
}

/// One line: texts from the left, and one at the right edge.
#[derive(Clone, Debug, Default)]
pub struct Line {
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
pub struct Panel {
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
    /// The last line that belongs to the one with the cursor: in view with it as far as there is room.
    pub seen_to: Option<usize>,
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
            seen_to: None,
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
    pub fn first_line(&self, rows: usize) -> usize {
        let below = |line| line + self.tall - 1;
        let focus = self.cursor.map(|(line, _)| line).or(self.selected.map(below));
        let last = self.lines.len().saturating_sub(rows);
        match focus {
            Some(line) => {
                let to = self.seen_to.map_or(line, |to| to.max(line));
                (to + 1).saturating_sub(rows).min(line).min(last)
            }
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
