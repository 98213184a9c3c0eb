//! A program run in a terminal of its own.

use std::io::{Read, Write};
use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What has come out of the program.
struct Output {
    screen: vt100::Parser,
    bytes: Vec<u8>,
    ended: bool,
}

/// A program in a terminal.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    writer: Option<Box<dyn Write + Send>>,
    child: Option<Box<dyn Child + Send + Sync>>,
    output: Arc<(Mutex<Output>, Condvar)>,
    stop: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Pty {
    /// Starts a command in a terminal of `columns` × `rows`.
    pub fn run(mut command: CommandBuilder, (columns, rows): (u16, u16)) -> Self {
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("LANG", "sv_SE.UTF-8");
        command.env_remove("LC_ALL");
        command.env_remove("NO_COLOR");
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let output = Arc::new((
            Mutex::new(Output { screen: parser(columns, rows), bytes: Vec::new(), ended: false }),
            Condvar::new(),
        ));
        let stop = Arc::new(AtomicBool::new(false));
        let reader = {
            let reader = pair.master.try_clone_reader().expect("a reader");
            let fd = pair.master.as_raw_fd().expect("a file descriptor");
            let (output, stop) = (Arc::clone(&output), Arc::clone(&stop));
            std::thread::spawn(move || collect(reader, fd, &output, &stop))
        };
        let writer = pair.master.take_writer().expect("a writer");
        let (writer, reader) = (Some(writer), Some(reader));
        Self { master: pair.master, writer, child: Some(child), output, stop, reader }
    }

    /// Types keys.
    pub fn send(&mut self, keys: impl AsRef<[u8]>) {
        self.try_to_send(keys).expect("keys are taken");
    }

    /// The same for a program that may have ended.
    ///
    /// # Errors
    /// Nobody takes them.
    pub fn try_to_send(&mut self, keys: impl AsRef<[u8]>) -> std::io::Result<()> {
        let writer = self.writer.as_mut().expect("the terminal is open");
        writer.write_all(keys.as_ref()).and_then(|()| writer.flush())
    }

    /// Whether nothing more will come.
    pub fn is_over(&self) -> bool {
        self.output().ended
    }

    /// Waits until the screen is as wished.
    pub fn wait_until(&self, what: &str, wished: impl Fn(&str) -> bool) -> String {
        self.wait(what, |output| {
            let screen = output.screen.screen().contents();
            wished(&screen).then_some(screen)
        })
    }

    /// Waits until the text stands on the screen.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_until(&format!("{text:?} on the screen"), |screen| screen.contains(text))
    }

    /// Waits until the text is gone from the screen.
    pub fn wait_gone(&self, text: &str) -> String {
        self.wait_until(&format!("no {text:?} on the screen"), |screen| !screen.contains(text))
    }

    /// Waits until these bytes have come since `mark`.
    pub fn wait_for_bytes(&self, mark: usize, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.wait(&format!("the bytes {text:?}"), |output| {
            find(&output.bytes[mark..], bytes).map(|_| ())
        });
    }

    /// Waits until anything has come since `mark`.
    pub fn wait_for_more(&self, mark: usize) {
        self.wait("a change on the screen", |output| (output.bytes.len() > mark).then_some(()));
    }

    /// Waits until nothing has come for a while, and returns how much has come in all.
    pub fn wait_quiet(&self, quiet: Duration) -> usize {
        let (lock, changed) = &*self.output;
        let mut output = lock.lock().expect("the reader lives");
        loop {
            let before = output.bytes.len();
            let (now, timeout) = changed.wait_timeout(output, quiet).expect("the reader lives");
            output = now;
            if timeout.timed_out() && output.bytes.len() == before {
                return before;
            }
        }
    }

    fn wait<T>(&self, what: &str, wished: impl Fn(&Output) -> Option<T>) -> T {
        let (_, changed) = &*self.output;
        let until = Instant::now() + PATIENCE;
        let mut output = self.output();
        loop {
            if let Some(found) = wished(&output) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || output.ended {
                let screen = output.screen.screen().contents();
                drop(output);
                panic!("waited in vain for {what}; the screen:\n{screen}");
            }
            output = changed.wait_timeout(output, left).expect("the reader lives").0;
        }
    }

    fn output(&self) -> MutexGuard<'_, Output> {
        self.output.0.lock().expect("the reader lives")
    }

    /// The text on the screen.
    pub fn screen(&self) -> String {
        self.output().screen.screen().contents()
    }

    /// Row and column of the terminal's cursor; `None` while it is hidden.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let output = self.output();
        let screen = output.screen.screen();
        (!screen.hide_cursor()).then(|| screen.cursor_position())
    }

    /// Everything that the program has sent from `mark` on; a mark is what [`Self::wait_quiet`]
    /// returns.
    pub fn bytes_since(&self, mark: usize) -> Vec<u8> {
        self.output().bytes[mark..].to_vec()
    }

    /// The terminal's modes (echo, lines, signals), written out.
    pub fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios().expect("a terminal").local_flags)
    }

    /// Changes the terminal's size.
    pub fn resize(&self, (columns, rows): (u16, u16)) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let mut output = self.output();
        output.screen = parser(columns, rows);
        self.master.resize(size).expect("a terminal takes a size");
    }

    /// The process that was started.
    pub fn pid(&self) -> Pid {
        let child = self.child.as_ref().expect("the program runs");
        let pid = child.process_id().and_then(|pid| i32::try_from(pid).ok());
        Pid::from_raw(pid.expect("the program runs"))
    }

    /// Sends a signal to the process.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).expect("the program runs");
    }

    /// Closes the terminal, as when its window is closed or the connection is lost.
    pub fn close(mut self) -> Closed {
        Closed { child: self.child.take().expect("the program runs") }
    }

    /// Waits for the program's end.
    pub fn wait_end(&mut self) -> ExitStatus {
        wait_end(self.child.as_mut().expect("the program runs"))
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
        }
        self.stop.store(true, Ordering::SeqCst);
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

/// A program whose terminal is gone.
pub struct Closed {
    child: Box<dyn Child + Send + Sync>,
}

impl Closed {
    /// The process.
    pub fn pid(&self) -> Pid {
        let pid = self.child.process_id().and_then(|pid| i32::try_from(pid).ok());
        Pid::from_raw(pid.expect("the program runs"))
    }

    /// Waits for the program's end; returns the processor time it was last seen to have used.
    pub fn wait_end_watching(mut self) -> Duration {
        let pid = self.pid();
        let until = Instant::now() + PATIENCE;
        let mut used = Duration::ZERO;
        while Instant::now() < until {
            used = used.max(cpu_time(pid));
            if self.child.try_wait().expect("the program can be waited for").is_some() {
                return used;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        panic!("the program did not end");
    }
}

fn wait_end(child: &mut Box<dyn Child + Send + Sync>) -> ExitStatus {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            return status;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    panic!("the program did not end");
}

fn parser(columns: u16, rows: u16) -> vt100::Parser {
    let size = |cells: u16| cells.try_into().expect("a terminal has cells");
    vt100::Parser::new(size(rows), size(columns), 0)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn collect(
    mut reader: Box<dyn Read + Send>,
    fd: i32,
    output: &(Mutex<Output>, Condvar),
    stop: &AtomicBool,
) {
    let mut buffer = [0; 8192];
    let wait = PollTimeout::try_from(Duration::from_millis(20)).expect("a short time");
    while !stop.load(Ordering::SeqCst) {
        // SAFETY: the terminal outlives this thread: it is dropped after the thread has ended.
        let fd = unsafe { BorrowedFd::borrow_raw(fd) };
        if poll(&mut [PollFd::new(fd, PollFlags::POLLIN)], wait) == Ok(0) {
            continue;
        }
        let read = reader.read(&mut buffer).unwrap_or(0);
        let mut output_now = output.0.lock().expect("the test lives");
        output_now.screen.process(&buffer[..read]);
        output_now.bytes.extend_from_slice(&buffer[..read]);
        output_now.ended = read == 0;
        output.1.notify_all();
        if read == 0 {
            return;
        }
    }
}

/// Processor time that all threads of a process have used; none for one that is gone.
pub fn cpu_time(pid: Pid) -> Duration {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return Duration::ZERO };
    let nanoseconds = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .filter_map(|line| line.split(' ').next()?.parse::<u64>().ok())
        .sum();
    Duration::from_nanos(nanoseconds)
}
