//! Draws the model; changes nothing. What is drawn where comes from `layout`, colours from `theme`.

mod grid;
mod info;
mod lock;
mod pane;
mod panel;
mod settings;
mod title;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;

use super::layout::Layout;
use super::model::Model;
use super::panels;
use super::sanitise::{fit, width, wrap};
use super::theme::{Role, Symbols, to_ascii};

/// Draws the screen and puts the terminal's cursor on what has the focus.
pub fn view(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    let cursor = match Layout::of(model) {
        _ if let Some(lock) = &model.lock => lock::draw(model, lock, area, buffer),
        // The terminal may have another size than the model until its resize has arrived.
        Some(layout) if area.width >= model.size.0 && area.height >= model.size.1 => {
            screen(model, &layout, buffer)
        }
        _ => {
            let style = model.palette.style(Role::Strong);
            let lines = wrap(model.texts().screen_too_small, usize::from(area.width));
            let above = usize::from(area.height).saturating_sub(lines.len()) / 2;
            for (line, y) in lines.iter().zip((area.y..area.bottom()).skip(above)) {
                put(buffer, area.x, y, line, area.width, style);
            }
            None
        }
    };
    if model.symbols == Symbols::Ascii {
        to_ascii(frame.buffer_mut());
    }
    if let Some(position) = cursor.filter(|position| area.contains(*position)) {
        frame.set_cursor_position(position);
    }
}

fn screen(model: &Model, layout: &Layout, buffer: &mut Buffer) -> Option<Position> {
    let mut cursor = match model.settings() {
        Some(settings) => settings::draw(model, settings, buffer),
        None => week(model, layout, buffer),
    };
    info::footer(model, layout.footer, buffer);
    if let Some(top) = panels::top(model) {
        cursor = panel::draw(&top, model, top.area(model, layout), buffer);
    }
    cursor
}

/// The week with what stands beside and below it.
fn week(model: &Model, layout: &Layout, buffer: &mut Buffer) -> Option<Position> {
    title::draw(model, layout.title, buffer);
    let cursor = grid::draw(model, layout, buffer);
    if let Some(area) = layout.pane {
        pane::draw(model, area, buffer);
    }
    info::info(model, layout, buffer);
    cursor
}

/// Writes a text, cleaned and cut to `columns`; answers how many columns it took.
fn put(buffer: &mut Buffer, x: u16, y: u16, text: &str, columns: u16, style: Style) -> u16 {
    let inside = buffer.area.contains(Position::new(x, y));
    if !inside {
        return 0;
    }
    let columns = columns.min(buffer.area.right().saturating_sub(x));
    let text = fit(text, usize::from(columns));
    buffer.set_stringn(x, y, &text, usize::from(columns), style);
    u16::try_from(width(&text)).unwrap_or(columns)
}

/// Fills a stretch of a line with one symbol.
fn fill(buffer: &mut Buffer, x: u16, y: u16, columns: u16, symbol: &'static str, style: Style) {
    for at in x..x.saturating_add(columns) {
        if let Some(cell) = buffer.cell_mut(Position::new(at, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
    }
}
