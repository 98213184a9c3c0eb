//! The locked screen: who is signed in, and a field for the password. Nothing of the clinic, and no
//! clock: it stays as it is until somebody types.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::Actor;
use crate::tui::model::{Lock, Model};
use crate::tui::sanitise::{width, wrap};
use crate::tui::theme::Role;

use super::put;

/// Columns that the texts take at most.
const COLUMNS: u16 = 58;

/// Draws it; answers where the terminal's cursor goes.
pub(super) fn draw(
    model: &Model,
    lock: &Lock,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let texts = model.texts();
    let who = match &model.actor {
        Actor::User(user) => format!("{} ({})", user.name, user.signature),
        Actor::System | Actor::OnlineClient => model.actor.signature().to_owned(),
    };
    let told = match (&lock.error, lock.trying) {
        (_, Some(_)) => (texts.lock_checking, Role::Dim),
        (Some(error), None) => (error.as_str(), Role::Error),
        (None, None) => (texts.lock_help, Role::Dim),
    };
    let columns = area.width.saturating_sub(2).min(COLUMNS);
    let x = area.x + area.width.saturating_sub(columns) / 2;
    let y = area.y + area.height.saturating_sub(6) / 2;
    // In a low window the field comes before what stands above it.
    let field = (y + 3).min(area.bottom().saturating_sub(1));
    let label = format!("{}: ", texts.password_label);
    let indent = u16::try_from(width(&label)).unwrap_or(0);
    let room = columns.saturating_sub(indent);
    let title = format!("tidbok · {}", texts.locked);
    for ((text, role), y) in [(title, Role::Title), (who, Role::Strong)].iter().zip(y..field) {
        put(buffer, x, y, text, columns, model.palette.style(*role));
    }
    put(buffer, x, field, &label, columns, model.palette.style(Role::Key));
    let stars = lock.typed.stars();
    put(buffer, x + indent, field, &stars, room, model.palette.style(Role::Field));
    let style = model.palette.style(told.1);
    for (line, y) in wrap(told.0, usize::from(columns)).iter().zip(field + 1..area.bottom()) {
        put(buffer, x, y, line, columns, style);
    }
    let typed = u16::try_from(stars.len()).unwrap_or(room).min(room.saturating_sub(1));
    Some(Position::new(x + indent + typed, field))
}
