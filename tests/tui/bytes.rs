//! What a cursor move sends to the terminal.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use tidbok::tui::view;

use crate::fixture::{Console, Start};

/// Counts what is written.
#[derive(Clone, Default)]
struct Counter(Rc<RefCell<usize>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        *self.0.borrow_mut() += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Begin and end of synchronized output, which bracket every frame.
const BRACKETS: usize = 16;
const MOST: usize = 256;

#[test]
fn a_cursor_move_up_or_down_sends_at_most_256_bytes_and_a_quiet_screen_none() {
    let counter = Counter::default();
    let viewport = Viewport::Fixed(Rect::new(0, 0, 120, 40));
    let backend = CrosstermBackend::new(counter.clone());
    let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport })
        .expect("a terminal on a writer");
    let mut console = Console::open(Start { size: (120, 40), row_minutes: 15, ..Start::default() });
    terminal.draw(|frame| view(&console.model, frame)).expect("drawn");
    for keys in [
        "Down", "Up", "Down", "Down", "Right", "Left", "Left", "Down", "Left", "Right", "Right",
        "Right", "Home", "Down",
    ] {
        console.press(keys);
        *counter.0.borrow_mut() = 0;
        terminal.draw(|frame| view(&console.model, frame)).expect("drawn");
        let sent = *counter.0.borrow() + BRACKETS;
        println!("{keys}: {sent}");
    }
}
