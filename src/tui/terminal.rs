//! The terminal taken over and given back.
//!
//! Every way out (leaving, signals, panics, suspension) goes through [`restore`], which may be
//! called any number of times from anywhere. Knows nothing of what is drawn.

use std::io::{self, IsTerminal, Stdout, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::{cursor, event, queue, style, terminal};
use ratatui::layout::Size;
use ratatui::{Frame, Terminal};
use thiserror::Error;

use super::backend::{AnsiBackend, settle};

/// Whether the terminal is ours now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Why the terminal could not be taken over.
#[derive(Debug, Error)]
pub enum TerminalError {
    #[error(
        "the console needs a terminal for both input and output; for scripts use the other commands, see --help"
    )]
    NotATerminal,
    #[error("the terminal cannot be used: {0}; try another terminal")]
    Io(#[from] io::Error),
}

/// The terminal while it is ours: raw, on its alternate screen, with mouse and bracketed paste.
///
/// There is one terminal, so there should be one `Screen` at a time. Dropping it gives the terminal
/// back.
pub struct Screen {
    terminal: Terminal<AnsiBackend<Stdout>>,
    size: Size,
}

impl Screen {
    /// Takes the terminal over, and sees to it that a panic gives it back before it is told of.
    ///
    /// # Errors
    /// [`TerminalError::NotATerminal`] unless both input and output are terminals; nothing is
    /// written then.
    pub fn open() -> Result<Self, TerminalError> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(TerminalError::NotATerminal);
        }
        restore_on_panic();
        let size = terminal_size()?;
        take()?;
        let terminal = Terminal::new(AnsiBackend::new(io::stdout(), size));
        terminal.map(|terminal| Self { terminal, size }).map_err(|error| {
            restore();
            error.into()
        })
    }

    /// Columns and rows that are drawn on.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The terminal has got a new size; the next frame is drawn whole.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn resize(&mut self, size: Size) -> io::Result<()> {
        self.size = size;
        self.terminal.backend_mut().set_size(size);
        self.terminal.clear()
    }

    /// Draws what differs from the last frame, in one write.
    ///
    /// # Errors
    /// When the terminal cannot be written to, or is no longer ours (see [`is_taken`]).
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if !is_taken() {
            return Err(io::Error::other("the terminal has been given back"));
        }
        let whole = |frame: &mut Frame<'_>| {
            view(frame);
            settle(frame.buffer_mut());
        };
        self.terminal.draw(whole).map(|_| ())
    }

    /// Takes the terminal over anew, after suspension or whatever else has used it meanwhile; the
    /// next frame is drawn whole. Returns the size it has now.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn retake(&mut self) -> io::Result<Size> {
        TAKEN.store(false, Ordering::SeqCst);
        // What raw mode was left as says nothing of how the terminal is now.
        terminal::disable_raw_mode()?;
        take()?;
        let size = terminal_size()?;
        self.resize(size)?;
        Ok(size)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Whether the terminal is taken over; a panic anywhere in the program gives it back.
pub fn is_taken() -> bool {
    TAKEN.load(Ordering::SeqCst)
}

/// Gives the terminal back as it was found. Does nothing when it has been given back already.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = Vec::new();
    // Writing to memory cannot fail, and a terminal that is gone needs nothing.
    let _ = out.write_all(b"\x1b[?2026l");
    let _ = queue!(
        out,
        event::DisableBracketedPaste,
        style::ResetColor,
        cursor::Show,
        terminal::LeaveAlternateScreen
    );
    let _ = mouse::release(&mut out);
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(&out).and_then(|()| stdout.flush());
    let _ = terminal::disable_raw_mode();
}

fn take() -> io::Result<()> {
    terminal::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = Vec::new();
    queue!(out, terminal::EnterAlternateScreen, event::EnableBracketedPaste)?;
    mouse::capture(&mut out)?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(&out).and_then(|()| stdout.flush()).inspect_err(|_| restore())
}

fn terminal_size() -> io::Result<Size> {
    let (width, height) = terminal::size()?;
    Ok(Size { width, height })
}

fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            tell(panic);
        }));
    });
}

/// Buttons, wheel and drags. Movement without a button is not asked for: it would wake an idle
/// console for nothing.
#[cfg(not(windows))]
mod mouse {
    use std::io::{self, Write};

    pub fn capture(out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"\x1b[?1000h\x1b[?1002h\x1b[?1006h")
    }

    pub fn release(out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"\x1b[?1006l\x1b[?1002l\x1b[?1000l")
    }
}

/// Buttons, wheel and drags, as the Windows console is asked for them.
#[cfg(windows)]
mod mouse {
    use std::io::{self, Write};

    use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
    use crossterm::queue;

    pub fn capture(out: &mut impl Write) -> io::Result<()> {
        queue!(out, EnableMouseCapture)
    }

    pub fn release(out: &mut impl Write) -> io::Result<()> {
        queue!(out, DisableMouseCapture)
    }
}
