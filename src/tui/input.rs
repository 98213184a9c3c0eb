//! Keys, mouse, paste and size as they come from the terminal, and its hanging up.
//!
//! Reads on a thread of its own: when a terminal goes away, crossterm may read its end for ever,
//! and the loop must still see the hang-up and leave.

use std::io;
use std::thread;

use crossterm::event::{Event, read};
use tokio::sync::mpsc;

/// What the terminal says.
#[derive(Debug)]
pub enum Input {
    Event(Event),
    /// The terminal is gone, or cannot be read.
    Closed,
}

/// Events that may wait for the loop; a full queue holds the reader, and so the terminal, back.
const QUEUE: usize = 1024;

/// Starts reading. The threads end with the process: a read that waits for a key cannot be broken
/// off.
///
/// # Errors
/// When the threads cannot be started.
pub fn listen() -> io::Result<mpsc::Receiver<Input>> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let hang_up = sender.clone();
    thread::Builder::new().name("keys".to_owned()).spawn(move || forward(&sender))?;
    #[cfg(unix)]
    thread::Builder::new().name("hang-up".to_owned()).spawn(move || {
        unix::wait_for_hang_up();
        // Nobody listens any more: then nobody needs to be told.
        let _ = hang_up.blocking_send(Input::Closed);
    })?;
    #[cfg(not(unix))]
    drop(hang_up);
    Ok(receiver)
}

fn forward(sender: &mpsc::Sender<Input>) {
    loop {
        let (input, last) = match read() {
            Ok(event) => (Input::Event(event), false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => (Input::Closed, true),
        };
        if sender.blocking_send(input).is_err() || last {
            return;
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::fd::AsFd;

    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    /// Returns when the terminal behind standard input is gone.
    pub fn wait_for_hang_up() {
        let stdin = io::stdin();
        // Asked for nothing, `poll` still tells of hang-up and error.
        let mut terminal = [PollFd::new(stdin.as_fd(), PollFlags::empty())];
        while poll(&mut terminal, PollTimeout::NONE) == Err(Errno::EINTR) {}
    }
}
