//! The terminal is given back whatever happens: a panic, on whichever thread.
//!
//! The program that panics is this test file itself, started in a terminal of its own.
#![cfg(unix)]

mod common;

use common::pty::Pty;
use portable_pty::CommandBuilder;
use tidbok::tui::terminal::Screen;

/// What is sent to leave the alternate screen, and to show the cursor.
const MAIN_SCREEN: &str = "\x1b[?1049l";
const CURSOR: &str = "\x1b[?25h";
const NO_MOUSE: &str = "\x1b[?1002l";
const NO_PASTE: &str = "\x1b[?2004l";

fn run(name: &str) -> (Pty, String) {
    let mut command = CommandBuilder::new(std::env::current_exe().expect("this program's path"));
    command.args(["--exact", "--ignored", "--nocapture", name]);
    command.env("RUST_BACKTRACE", "0");
    let mut pty = Pty::run(command, (80, 24));
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
