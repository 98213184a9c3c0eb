//! What others do to the same database, as an open console shows it.
#![cfg(unix)]

mod common;

use std::time::{Duration, Instant};

use common::place::Place;

/// Within which a change of somebody else shows.
const SOON: Duration = Duration::from_secs(2);

/// A Monday far beyond what the demo has laid out.
const FREE_DAY: &str = "2031-03-03";

/// The Friday of the same week: beside the menu, on rows that are shown at any time of day.
const BESIDE_THE_MENU: &str = "2031-03-07T09:00/2031-03-07T09:30";

/// Changes the database from the command line, as somebody else.
fn elsewhere(place: &Place, arguments: &[&str]) {
    let done = place.tidbok("ADM", arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The rows of the menu, with what is written in them.
fn menu(screen: &str) -> Vec<String> {
    let inside = |line: &str| line.split('│').nth(1).map(str::to_owned);
    screen.lines().filter_map(inside).collect()
}

#[test]
fn a_change_from_the_command_line_shows_within_two_seconds_and_leaves_an_open_menu_alone() {
    let place = Place::new();
    let mut pty = place.demo("REC", (80, 24));
    pty.send("g");
    pty.wait_for("Gå till datum");
    pty.send(format!("{FREE_DAY}\r"));
    pty.wait_for("Inget arbetspass");
    pty.send("t");
    pty.wait_for("Exakt tid");
    pty.send("0900-1000\r");
    pty.wait_for("1 dag × 60 min");
    pty.send("p");
    pty.wait_for("Preblock · mån");
    pty.send("\x1b[B");
    let before = pty.wait_until("a menu", |screen| menu(screen).len() > 5);

    let changed = Instant::now();
    elsewhere(&place, &["session", "add", "AE", BESIDE_THE_MENU]);
    let after = pty.wait_until("the change", |screen| {
        screen.lines().any(|line| line.contains("09:15") && line.contains("···"))
    });
    assert!(changed.elapsed() < SOON, "it took {:?}", changed.elapsed());
    assert_eq!(menu(&after), menu(&before), "the menu stays as it is");
    assert!(after.contains("1 dag × 60 min"), "so does the marking");

    pty.send("\x1b");
    pty.wait_gone("Preblock · mån");
    pty.send("q");
    assert!(pty.wait_end().success());
}
