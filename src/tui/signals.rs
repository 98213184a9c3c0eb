//! What the operating system asks of the console, and stopping as it asks.

#[cfg(unix)]
pub use unix::{Signals, stop_until_continued};
#[cfg(windows)]
pub use windows::{Signals, stop_until_continued};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Give the terminal back and end.
    Leave,
    /// Give the terminal back and stop until continued.
    Suspend,
    /// The process goes on; somebody else may have used the terminal.
    Continued,
}

#[cfg(unix)]
mod unix {
    use std::io;

    use nix::sys::signal::{
        SaFlags, SigAction, SigHandler, SigSet, Signal as Kind, killpg, sigaction,
    };
    use nix::unistd::getpgrp;
    use tokio::signal::unix::{self, SignalKind};

    use super::Signal;

    /// The signals that concern a console.
    pub struct Signals {
        hang_up: unix::Signal,
        terminate: unix::Signal,
        interrupt: unix::Signal,
        quit: unix::Signal,
        stop: unix::Signal,
        go_on: unix::Signal,
    }

    impl Signals {
        /// Listens from now on; needs a running tokio runtime.
        ///
        /// # Errors
        /// When the operating system refuses a handler.
        pub fn listen() -> io::Result<Self> {
            Ok(Self {
                hang_up: unix::signal(SignalKind::hangup())?,
                terminate: unix::signal(SignalKind::terminate())?,
                interrupt: unix::signal(SignalKind::interrupt())?,
                quit: unix::signal(SignalKind::quit())?,
                stop: unix::signal(SignalKind::from_raw(Kind::SIGTSTP as i32))?,
                go_on: unix::signal(SignalKind::from_raw(Kind::SIGCONT as i32))?,
            })
        }

        /// The next one. May be dropped while it waits, without loss.
        pub async fn next(&mut self) -> Signal {
            tokio::select! {
                biased;
                _ = self.hang_up.recv() => Signal::Leave,
                _ = self.terminate.recv() => Signal::Leave,
                _ = self.interrupt.recv() => Signal::Leave,
                _ = self.quit.recv() => Signal::Leave,
                _ = self.go_on.recv() => Signal::Continued,
                _ = self.stop.recv() => Signal::Suspend,
            }
        }
    }

    /// Stops the whole process group, as Ctrl+Z does, and returns when it goes on. Returns at once
    /// where nobody could continue it (a group without a shell above it).
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn stop_until_continued() -> io::Result<()> {
        let by_default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
        // SAFETY: the default action runs no code of ours, and the handler that is put back is the
        // one that was in force.
        let ours = unsafe { sigaction(Kind::SIGTSTP, &by_default) }?;
        let stopped = killpg(getpgrp(), Kind::SIGTSTP);
        // SAFETY: as above.
        unsafe { sigaction(Kind::SIGTSTP, &ours) }?;
        Ok(stopped?)
    }
}

#[cfg(windows)]
mod windows {
    use std::io;

    use tokio::signal::windows;

    use super::Signal;

    /// The signals that concern a console.
    pub struct Signals {
        ctrl_c: windows::CtrlC,
        close: windows::CtrlClose,
        shutdown: windows::CtrlShutdown,
    }

    impl Signals {
        /// Listens from now on; needs a running tokio runtime.
        ///
        /// # Errors
        /// When the operating system refuses a handler.
        pub fn listen() -> io::Result<Self> {
            Ok(Self {
                ctrl_c: windows::ctrl_c()?,
                close: windows::ctrl_close()?,
                shutdown: windows::ctrl_shutdown()?,
            })
        }

        /// The next one. May be dropped while it waits, without loss.
        pub async fn next(&mut self) -> Signal {
            tokio::select! {
                biased;
                _ = self.close.recv() => Signal::Leave,
                _ = self.shutdown.recv() => Signal::Leave,
                _ = self.ctrl_c.recv() => Signal::Leave,
            }
        }
    }

    /// Windows has no such stopping; goes on at once.
    ///
    /// # Errors
    /// Never.
    pub fn stop_until_continued() -> io::Result<()> {
        Ok(())
    }
}
