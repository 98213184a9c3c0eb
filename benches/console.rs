//! The console as its user meets it, in a terminal of 120×40 on years of bookings (`common/years.rs`): how
//! soon it stands there, how fast a key is answered, how little goes over the line, what it costs to
//! leave it open. Beside it, where they are installed, vim and calcurse under the same keys.
//!
//! Prints a table; `cargo bench --bench console`. `TIDBOK_BENCH_ROUNDS` says how often (50 unless set).

mod common;
#[path = "common/process.rs"]
mod process;
#[path = "common/terminal.rs"]
mod terminal;

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use common::years::Years;
use portable_pty::CommandBuilder;
use process::memory;
use tempfile::TempDir;
use terminal::{Sent, Terminal};

const SIZE: (u16, u16) = (120, 40);
/// Longer than the console waits before it tells more of where the cursor rests.
const REST: Duration = Duration::from_millis(400);
/// Longer than the bytes of one answer lie apart.
const ANSWERED: Duration = Duration::from_millis(40);
const IDLE: Duration = Duration::from_secs(10);

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";
const RIGHT: &str = "\x1b[C";
const LEFT: &str = "\x1b[D";
const NEXT_PAGE: &str = "\x1b[6~";
const PREVIOUS_PAGE: &str = "\x1b[5~";

fn main() {
    let rounds = std::env::var("TIDBOK_BENCH_ROUNDS").ok();
    let rounds: usize = rounds.map_or(50, |rounds| rounds.parse().expect("a number of rounds"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let years = runtime.expect("a runtime").block_on(Years::get());
    let home = TempDir::new().expect("a folder");
    println!("{:<58} {:>10} {:>10} {:>10}", "", "median", "p99", "most");
    tidbok(&years, home.path(), rounds);
    vim(home.path(), rounds);
    calcurse(home.path(), rounds);
}

/// The console on the database of years, or one with nothing in it.
fn console(database: &str, home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tidbok"));
    command.args(["--database", database]);
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS"] {
        command.env(name, home);
    }
    command
}

fn stands(screen: &str) -> bool {
    screen.contains("Practitioner 0") && screen.contains("Hjälp") && !screen.contains("Hämtar")
}

fn tidbok(years: &Years, home: &Path, rounds: usize) {
    let database = years.location.to_string();
    let start = || {
        let begun = Instant::now();
        let mut terminal = Terminal::run(console(&database, home), SIZE);
        let took = terminal.wait_until(begun, stands);
        (terminal, took)
    };
    let starts: Vec<Duration> = (0..rounds).map(|_| start().1).collect();
    times(&format!("tidbok: first week of {} years on screen", years.years), &starts);

    let (mut terminal, _) = start();
    terminal.take(Instant::now(), REST);
    // On whatever day it is run, the days beside are those of the same week.
    terminal.press("g", REST);
    terminal.press("ons\r", REST);
    let answers = |terminal: &mut Terminal, keys: &[&str]| -> Vec<Duration> {
        let keys = keys.iter().cycle().take(rounds);
        keys.map(|key| terminal.press(key, ANSWERED).last).collect()
    };
    times(
        "tidbok: a cursor move, key to last byte of its frame",
        &answers(&mut terminal, &[DOWN, DOWN, UP, UP]),
    );
    times(
        "tidbok: to another day, key to last byte of its frame",
        &answers(&mut terminal, &[LEFT, RIGHT]),
    );
    let pages = [NEXT_PAGE, NEXT_PAGE, PREVIOUS_PAGE, PREVIOUS_PAGE];
    times("tidbok: another week, key to last byte", &answers(&mut terminal, &pages));

    // Half a year ahead has bookings; the days after the last are free.
    terminal.press("i", REST);
    let weeks = |terminal: &mut Terminal| {
        (0..rounds.min(20)).map(|_| terminal.press(NEXT_PAGE, REST)).collect::<Vec<Sent>>()
    };
    bytes("tidbok: another week, in bytes", &weeks(&mut terminal));
    let moves = |terminal: &mut Terminal, keys: &[&str]| -> Vec<Sent> {
        let keys = keys.iter().cycle().take(rounds);
        keys.map(|key| terminal.press(key, REST)).collect()
    };
    bytes(
        "tidbok: a move among bookings, with what rests, in bytes",
        &moves(&mut terminal, &[DOWN, DOWN, DOWN, UP, UP]),
    );
    bytes(
        "tidbok: a move to another day, with what rests, in bytes",
        &moves(&mut terminal, &[LEFT, LEFT, RIGHT, RIGHT]),
    );
    terminal.press("g", REST);
    terminal.press("+60v\r", REST);
    bytes(
        "tidbok: a move over free time, in bytes",
        &moves(&mut terminal, &[DOWN, DOWN, DOWN, UP, UP]),
    );
    resting("tidbok", &mut terminal);
}

fn vim(home: &Path, rounds: usize) {
    let file = home.join("text");
    let text: String = (0..200).fold(String::new(), |mut text, n| {
        writeln!(text, "{n:03} a line of a file, about as long as the lines of files are")
            .expect("writes");
        text
    });
    std::fs::write(&file, text).expect("writes");
    let command = || {
        let mut command = CommandBuilder::new("vim");
        command.args(["-u", "NONE", "-N"]);
        command.arg(&file);
        command
    };
    other(
        "vim",
        command,
        |screen| screen.contains("000 a line"),
        ["j", "j", "k", "k"],
        "\x06",
        rounds,
    );
}

fn calcurse(home: &Path, rounds: usize) {
    let mut started = 0;
    // A folder each time: one that was not left in good order is not entered again.
    let command = || {
        started += 1;
        let mut command = CommandBuilder::new("calcurse");
        command.arg("-D");
        command.arg(home.join(format!("calcurse-{started}")));
        command
    };
    let stands = |screen: &str| screen.contains("Calendar") || screen.contains("Kalender");
    other("calcurse", command, stands, [DOWN, DOWN, UP, UP], "", rounds);
}

/// The same of another program, where there is one of this name.
fn other(
    name: &str,
    mut command: impl FnMut() -> CommandBuilder,
    stands: impl Fn(&str) -> bool,
    keys: [&str; 4],
    page: &str,
    rounds: usize,
) {
    let installed = std::process::Command::new(name).arg("--version").output().is_ok();
    if !installed {
        println!("{name} is not installed here");
        return;
    }
    let mut start = || {
        let begun = Instant::now();
        let mut terminal = Terminal::run(command(), SIZE);
        let took = terminal.wait_until(begun, &stands);
        (terminal, took)
    };
    let starts: Vec<Duration> = (0..rounds).map(|_| start().1).collect();
    times(&format!("{name}: first screen"), &starts);
    let (mut terminal, _) = start();
    terminal.take(Instant::now(), REST);
    let sent: Vec<Sent> =
        keys.iter().cycle().take(rounds).map(|key| terminal.press(key, ANSWERED)).collect();
    times(
        &format!("{name}: a cursor move, key to last byte"),
        &sent.iter().map(|it| it.last).collect::<Vec<_>>(),
    );
    bytes(&format!("{name}: a cursor move, in bytes"), &sent);
    if !page.is_empty() {
        bytes(&format!("{name}: a page on, in bytes"), &[terminal.press(page, REST)]);
    }
    resting(name, &mut terminal);
}

/// What a program that nobody touches sends and costs, and how much memory it holds.
fn resting(name: &str, terminal: &mut Terminal) {
    terminal.take(Instant::now(), Duration::from_millis(1500));
    let before = processor(terminal.pid());
    let sent = terminal.take_for(IDLE);
    let used = processor(terminal.pid()) - before;
    let share = 100.0 * used.as_secs_f64() / IDLE.as_secs_f64();
    println!("{:<58} {:>10}", format!("{name}: bytes in {} s at rest", IDLE.as_secs()), sent);
    println!("{:<58} {share:>9.2} %", format!("{name}: processor at rest"));
    let [resident, most] = ["VmRSS", "VmHWM"].map(|what| memory(terminal.pid(), what));
    println!("{:<58} {resident:>7} kB {:>10} {most:>7} kB", format!("{name}: memory"), "");
}

/// Processor time of a process, in ticks of ten milliseconds.
fn processor(pid: u32) -> Duration {
    let stat =
        std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a Linux kernel's /proc");
    let fields: Vec<&str> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|it| it.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

fn times(what: &str, of: &[Duration]) {
    let mut of = of.to_vec();
    of.sort_unstable();
    let told = [0.5, 0.99, 1.0]
        .map(|part| format!("{:.2} ms", 1000.0 * at(&of, part).unwrap_or_default().as_secs_f64()));
    row(what, &told);
}

fn bytes(what: &str, of: &[Sent]) {
    let mut of: Vec<usize> = of.iter().map(|sent| sent.bytes).collect();
    of.sort_unstable();
    row(what, &[0.5, 0.99, 1.0].map(|part| at(&of, part).unwrap_or_default().to_string()));
}

fn row(what: &str, [median, p99, most]: &[String; 3]) {
    println!("{what:<58} {median:>10} {p99:>10} {most:>10}");
}

/// The value below which this part of them lies.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few hundred at most"
)]
fn at<T: Copy>(sorted: &[T], part: f64) -> Option<T> {
    let place = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(place.max(1) - 1).copied()
}
