//! A program in a terminal, watched byte by byte: when each came, and what stands on the screen.

use std::io::{Read, Write};
use std::num::NonZero;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a program may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    screen: vt100::Parser,
}

/// What a program sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    pub bytes: usize,
    /// From the question until the last byte.
    pub last: Duration,
}

impl Terminal {
    pub fn run(mut command: CommandBuilder, (columns, rows): (u16, u16)) -> Self {
        for (name, value) in
            [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "sv_SE.UTF-8")]
        {
            command.env(name, value);
        }
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        Self {
            reader: pair.master.try_clone_reader().expect("a reader"),
            writer: pair.master.take_writer().expect("a writer"),
            master: pair.master,
            child,
            screen: vt100::Parser::new(cells(rows), cells(columns), 0),
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// Types a key, and takes all that comes until nothing has for `quiet`.
    pub fn press(&mut self, key: &str, quiet: Duration) -> Sent {
        let asked = Instant::now();
        self.writer.write_all(key.as_bytes()).expect("keys are taken");
        self.writer.flush().expect("keys are taken");
        self.take(asked, quiet)
    }

    /// Takes all that comes until nothing has for `quiet`.
    pub fn take(&mut self, since: Instant, quiet: Duration) -> Sent {
        let mut sent = Sent::default();
        while let Some(bytes) = self.read(quiet) {
            sent.bytes += bytes;
            sent.last = since.elapsed();
        }
        sent
    }

    /// Takes all that comes within this time, in bytes.
    pub fn take_for(&mut self, time: Duration) -> usize {
        let until = Instant::now() + time;
        let mut sent = 0;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            sent += self.read(left.max(Duration::from_millis(1))).unwrap_or(0);
        }
        sent
    }

    /// Waits until the screen is as wished; how long it took since `since`.
    pub fn wait_until(&mut self, since: Instant, wished: impl Fn(&str) -> bool) -> Duration {
        while !wished(&self.screen.screen().contents()) {
            assert!(since.elapsed() < PATIENCE, "{}", self.screen.screen().contents());
            self.read(Duration::from_millis(50));
        }
        since.elapsed()
    }

    /// What has come within this time, in bytes.
    fn read(&mut self, within: Duration) -> Option<usize> {
        let fd = self.master.as_raw_fd().expect("a file descriptor");
        // SAFETY: the master outlives the borrow.
        let fd = unsafe { BorrowedFd::borrow_raw(fd) };
        let mut ready = [PollFd::new(fd, PollFlags::POLLIN)];
        let timeout = PollTimeout::try_from(within).expect("a short time");
        if poll(&mut ready, timeout).expect("polls") == 0 {
            return None;
        }
        let mut bytes = [0; 65_536];
        let count = self.reader.read(&mut bytes).ok().filter(|count| *count > 0)?;
        self.screen.process(bytes.get(..count)?);
        Some(count)
    }
}

fn cells(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("a terminal has cells")
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Nothing is left to be done where it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
