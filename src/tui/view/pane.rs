//! "Patienten ser" beside the grid.

use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::actions::{Action, Context};
use crate::tui::model::Model;
use crate::tui::panels::{Line, beside_the_grid};
use crate::tui::theme::Role;

use super::{fill, put};

/// Draws it where the cursor last rested.
pub(super) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let frame = model.palette.style(Role::Frame);
    for y in area.y..area.bottom() {
        fill(buffer, area.x, y, 1, "│", frame);
    }
    let (x, room) = (area.x + 2, area.width.saturating_sub(3));
    put(
        buffer,
        x,
        area.y,
        &short_title(model, model.rested.cell.date),
        room,
        model.palette.style(Role::Title),
    );
    let mut lines = beside_the_grid(model, model.rested.cell.date, usize::from(room));
    let rows = usize::from(area.height.saturating_sub(1));
    if lines.len() > rows {
        lines.truncate(rows.saturating_sub(1));
        let key = model.key_of(Context::Grid, Action::PatientsSee);
        lines.push(Line::new(model.texts().more_with(&key), Role::Dim));
    }
    for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
        let mut at = x;
        for (text, role) in &line.spans {
            let left = area.right().saturating_sub(at + 1);
            at += put(buffer, at, y, text, left, model.palette.style(*role));
        }
    }
}

/// `Patienten ser · 25 nov`: the weekday stands above the day's column and in the info line.
fn short_title(model: &Model, day: NaiveDate) -> String {
    format!("{} · {}", model.texts().patients_see, model.dates().day_of_month(day))
}
