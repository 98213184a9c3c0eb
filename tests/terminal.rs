//! The terminal is given back whatever happens: a panic, on whichever thread.
//!
//! The program that panics is this test file itself, started in a terminal of its own.
#![cfg(unix)]

mod common;

use std::io::IsTerminal;
use std::time::Duration;

use common::pty::Pty;
use nix::sys::signal::Signal;
use portable_pty::CommandBuilder;
use tidbok::clinic::{Clinic, new_command_id};
use tidbok::domain::Actor;
use tidbok::store::{DatabaseLocation, OpenMode, Store};
use tidbok::texts::Language;
use tidbok::tui::keymap::Keymap;
use tidbok::tui::terminal::Screen;
use tidbok::tui::{Access, ConsoleError, Options, Palette, Preferences, Purpose, Symbols};
use tokio::signal::unix::{SignalKind, signal};

/// What is sent to leave the alternate screen, and to show the cursor.
const MAIN_SCREEN: &str = "\x1b[?1049l";
const CURSOR: &str = "\x1b[?25h";
const NO_MOUSE: &str = "\x1b[?1002l";
const NO_PASTE: &str = "\x1b[?2004l";

fn start(name: &str) -> Pty {
    let mut command = CommandBuilder::new(std::env::current_exe().expect("this program's path"));
    command.args(["--exact", "--ignored", "--nocapture", name]);
    command.env("RUST_BACKTRACE", "0");
    Pty::run(command, (80, 24))
}

fn run(name: &str) -> (Pty, String) {
    let mut pty = start(name);
    pty.wait_for_bytes(0, b"broken down");
    assert!(!pty.wait_end().success());
    let sent = String::from_utf8_lossy(&pty.bytes_since(0)).into_owned();
    (pty, sent)
}

fn assert_given_back_first(name: &str) {
    let (pty, sent) = run(name);
    let told = sent.find("broken down").expect("the panic is told of");
    for sequence in [MAIN_SCREEN, CURSOR, NO_MOUSE, NO_PASTE] {
        let at = sent.rfind(sequence);
        assert!(at.is_some_and(|at| at < told), "{sequence:?} comes first");
    }
    assert_eq!(sent.matches(MAIN_SCREEN).count(), 1, "given back once");
    assert!(pty.modes().contains("ICANON"), "lines are read again: {}", pty.modes());
    assert!(pty.modes().contains("ECHO |"), "typing is shown again: {}", pty.modes());
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told_of() {
    assert_given_back_first("panics_with_the_terminal");
}

#[test]
fn a_panic_on_another_thread_gives_the_terminal_back_and_nothing_is_drawn_after() {
    assert_given_back_first("another_thread_panics");
}

#[test]
fn a_panic_beside_an_idle_console_ends_it_at_once() {
    let mut pty = start("panics_beside_the_console");
    pty.wait_for("Kliniken är ny");
    pty.wait_quiet(Duration::from_millis(1500));
    pty.signal(Signal::SIGUSR1);
    pty.wait_for_bytes(0, b"broken down");
    pty.wait_for_bytes(0, b"the console noticed");
    assert!(!pty.wait_end().success());
}

/// Opens the terminal, if there is one; there is none where somebody runs all ignored tests.
fn screen() -> Option<Screen> {
    let mut screen = Screen::open().ok()?;
    screen.draw(|frame| frame.set_cursor_position((3, 3))).expect("a terminal");
    Some(screen)
}

#[test]
#[ignore = "is the program that the other tests run"]
fn panics_with_the_terminal() {
    if screen().is_some() {
        panic!("broken down");
    }
}

#[test]
#[ignore = "is the program that the other tests run"]
fn another_thread_panics() {
    let Some(mut screen) = screen() else { return };
    let other = std::thread::spawn(|| panic!("broken down"));
    assert!(other.join().is_err());
    assert!(screen.draw(|_| ()).is_err(), "the terminal is not ours any more");
    drop(screen);
    panic!("the test has shown what it should");
}

/// A thread that panics when it is told to.
fn to_panic() {
    let (listens, ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        #[tokio::main(flavor = "current_thread")]
        async fn wait(listens: std::sync::mpsc::Sender<()>) {
            let mut told = signal(SignalKind::user_defined1()).expect("a signal");
            listens.send(()).expect("somebody waits");
            told.recv().await;
        }
        wait(listens);
        panic!("broken down");
    });
    ready.recv().expect("a thread");
}

#[test]
#[ignore = "is the program that the other tests run"]
fn panics_beside_the_console() {
    #[tokio::main(flavor = "current_thread")]
    async fn console() -> Result<(), ConsoleError> {
        let folder = tempfile::tempdir().expect("a folder");
        let database = DatabaseLocation::Sqlite(folder.path().join("clinic.db"));
        let store = Store::open(&database, OpenMode::Create).await.expect("a database");
        let options = Options {
            actor: Actor::System,
            language: Language::Swedish,
            palette: Palette::Mono,
            symbols: Symbols::Unicode,
            preferences: Preferences::default(),
            keymap: Keymap::default(),
            purpose: Purpose::Clinic,
            access: Access::default(),
            practitioner: None,
            command_ids: Box::new(new_command_id),
        };
        tidbok::tui::run(Clinic::new(store), options).await
    }
    if !std::io::stdin().is_terminal() {
        return;
    }
    to_panic();
    assert!(matches!(console(), Err(ConsoleError::BrokeDown)));
    panic!("the console noticed");
}
