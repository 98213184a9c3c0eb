//! Where everything stands on the screen, for drawing and for the mouse alike. Pure.

use chrono::NaiveDate;
use ratatui::layout::Rect;

use crate::domain::{MINUTES_PER_DAY, Minutes};

use super::marking::Cell;
use super::model::Model;

/// Below this the screen says that it is too small.
pub const SMALLEST: (u16, u16) = (60, 16);
/// From this width on "Patienten ser" stands beside the grid.
pub const PANE_FROM: u16 = 110;
const GUTTER: u16 = 7;

/// The areas of the grid screen.
#[derive(Clone, Debug)]
pub struct Layout {
    pub title: Rect,
    pub header: Rect,
    /// The rows of the grid, gutter included.
    pub grid: Rect,
    /// One column per shown day: the day, its left edge and its width.
    pub columns: Vec<Column>,
    pub pane: Option<Rect>,
    pub info: Rect,
    pub status: Rect,
    pub footer: Rect,
}

/// A day's column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub date: NaiveDate,
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
        Some(Self {
            title: line(0),
            header: Rect { height: 1, y: 1, ..grid },
            grid,
            columns: columns(&model.days(), grid.width),
            pane: (pane_width > 0)
                .then(|| Rect::new(width - pane_width, 1, pane_width, height - 4)),
            info: line(height - 3),
            status: line(height - 2),
            footer: line(height - 1),
        })
    }

    /// Where a cell is drawn, if it is in view.
    pub fn cell_area(&self, model: &Model, cell: Cell) -> Option<Rect> {
        let column = self.columns.iter().find(|column| column.date == cell.date)?;
        let row = (cell.minute.0 - model.scroll.0).div_euclid(model.row().0);
        let row = u16::try_from(row).ok().filter(|row| *row < self.grid.height)?;
        Some(Rect::new(column.x, self.grid.y + row, column.width, 1))
    }

    /// The cell at a place on the screen.
    pub fn cell_at(&self, model: &Model, x: u16, y: u16) -> Option<Cell> {
        let column = self.columns.iter().find(|c| (c.x..c.x + c.width + 1).contains(&x))?;
        let row = y.checked_sub(self.grid.y).filter(|row| *row < self.grid.height)?;
        let minute = model.scroll.0 + i32::from(row) * model.row().0;
        (minute < MINUTES_PER_DAY).then_some(Cell { date: column.date, minute: Minutes(minute) })
    }
}

fn columns(days: &[NaiveDate], width: u16) -> Vec<Column> {
    let count = u16::try_from(days.len()).unwrap_or(7).max(1);
    let room = width.saturating_sub(GUTTER);
    let (each, left_over) = (room / count, room % count);
    let mut x = GUTTER;
    days.iter()
        .zip(0u16..)
        .map(|(date, at)| {
            let step = each + u16::from(at < left_over);
            let column = Column { date: *date, x, width: step.saturating_sub(1).max(1) };
            x += step;
            column
        })
        .collect()
}
