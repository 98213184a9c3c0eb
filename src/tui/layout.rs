//! Where everything stands on the screen, for drawing and for the mouse alike. Pure.

use ratatui::layout::Rect;

use crate::domain::{MINUTES_PER_DAY, Minutes};

use super::marking::Lane;
use super::model::{Model, Spread};

/// Below this the screen says that it is too small.
pub const SMALLEST: (u16, u16) = (60, 16);
/// From this width on "Patienten ser" stands beside the grid.
pub const PANE_FROM: u16 = 110;
/// Columns of the screen that the rows' times take.
pub const GUTTER: u16 = 7;
/// Below this a practitioner's column on the day tells too little.
const NARROWEST_LANE: u16 = 12;

/// The areas of the grid screen.
#[derive(Clone, Debug)]
pub struct Layout {
    pub title: Rect,
    pub header: Rect,
    /// The rows of the grid, gutter included.
    pub grid: Rect,
    /// The lanes in view, each with its left edge and its width.
    pub columns: Vec<Column>,
    /// How many lanes there are to the left and to the right of those.
    pub outside: (usize, usize),
    pub pane: Option<Rect>,
    pub info: Rect,
    pub status: Rect,
    pub footer: Rect,
}

/// A lane's column.
#[derive(Clone, Debug)]
pub struct Column {
    pub lane: Lane,
    pub x: u16,
    pub width: u16,
}

impl Layout {
    /// The areas at the model's size; `None` where it is too small.
    pub fn of(model: &Model) -> Option<Self> {
        let (width, height) = model.size;
        if width < SMALLEST.0 || height < SMALLEST.1 {
            return None;
        }
        let line = |y| Rect::new(0, y, width, 1);
        let pane_width = if width >= PANE_FROM { (width / 3).clamp(36, 60) } else { 0 };
        let grid = Rect::new(0, 2, width - pane_width, height - 5);
        let lanes = model.lanes();
        let fit = lanes_that_fit(model.spread, grid.width);
        let before = model.first_lane.min(lanes.len().saturating_sub(fit));
        let after = lanes.len().saturating_sub(before + fit);
        let in_view = lanes.into_iter().skip(before).take(fit).collect();
        Some(Self {
            title: line(0),
            header: Rect { height: 1, y: 1, ..grid },
            grid,
            columns: columns(in_view, grid.width),
            outside: (before, after),
            pane: (pane_width > 0)
                .then(|| Rect::new(width - pane_width, 1, pane_width, height - 4)),
            info: line(height - 3),
            status: line(height - 2),
            footer: line(height - 1),
        })
    }

    /// Where a cell is drawn, if it is in view.
    pub fn cell_area(&self, model: &Model, lane: &Lane, minute: Minutes) -> Option<Rect> {
        let column = self.columns.iter().find(|column| column.lane == *lane)?;
        let row = (minute.0 - model.scroll.0).div_euclid(model.row().0);
        let row = u16::try_from(row).ok().filter(|row| *row < self.grid.height)?;
        Some(Rect::new(column.x, self.grid.y + row, column.width, 1))
    }

    /// The cell at a place on the screen.
    pub fn cell_at(&self, model: &Model, x: u16, y: u16) -> Option<(Lane, Minutes)> {
        let column = self.columns.iter().find(|c| (c.x..c.x + c.width + 1).contains(&x))?;
        let row = y.checked_sub(self.grid.y).filter(|row| *row < self.grid.height)?;
        let minute = model.scroll.0 + i32::from(row) * model.row().0;
        (minute < MINUTES_PER_DAY).then(|| (column.lane.clone(), Minutes(minute)))
    }
}

/// How many lanes stand side by side: a week always does.
fn lanes_that_fit(spread: Spread, width: u16) -> usize {
    match spread {
        Spread::Week => 7,
        Spread::Day => usize::from(width.saturating_sub(GUTTER) / NARROWEST_LANE).max(1),
    }
}

fn columns(lanes: Vec<Lane>, width: u16) -> Vec<Column> {
    let count = u16::try_from(lanes.len()).unwrap_or(7).max(1);
    let room = width.saturating_sub(GUTTER);
    let (each, left_over) = (room / count, room % count);
    let mut x = GUTTER;
    lanes
        .into_iter()
        .zip(0u16..)
        .map(|(lane, at)| {
            let step = each + u16::from(at < left_over);
            let column = Column { lane, x, width: step.saturating_sub(1).max(1) };
            x += step;
            column
        })
        .collect()
}
