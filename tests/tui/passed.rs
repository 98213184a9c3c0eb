//! Days without a year, the year of a day, and times that have passed, in the forms about bookings.

use tidbok::clinic::Command;
use tidbok::tui::Effect;

use crate::fixture::{Console, Start, time};

/// The form that moves Karlsson's booking of Tuesday 24 November, with a day typed.
fn moving_to(day: &str) -> Console {
    let mut console = Console::open(Start { now: "2026-11-23T07:00", ..Start::default() });
    console.press("g").type_text("24/11").press("Enter").answer();
    console.press("Home m Up Ctrl+U").type_text(day).answer();
    console
}

#[test]
fn a_booking_is_moved_to_the_next_coming_day_and_its_year_is_told() {
    // The first of June that has been is nearer.
    let mut console = moving_to("26/5");
    let screen = console.screen();
    assert!(screen.contains("→ ons 26 maj 2027 08:00"), "{screen}");
    assert!(!screen.contains("Tiden har passerat"), "{screen}");
    console.press("F2");
    let sent = console.take();
    let [Effect::Execute { command: Command::MoveBooking(moved), .. }] = sent.as_slice() else {
        panic!("one command")
    };
    assert_eq!(moved.interval.start(), time("2027-05-26T08:00"));
}

#[test]
fn of_a_day_in_this_year_no_year_is_told() {
    let screen = moving_to("1/12").screen();
    assert!(screen.contains("→ tis 1 dec 08:00"), "{screen}");
}

#[test]
fn r13_a_booking_moved_to_a_time_that_has_passed_says_so_and_is_not_refused() {
    let mut console = moving_to("2026-05-26");
    let screen = console.screen();
    assert!(screen.contains("→ tis 26 maj 08:00"), "{screen}");
    assert!(screen.contains("Tiden har passerat."), "{screen}");
    console.press("F2");
    let sent = console.take();
    assert!(matches!(sent.as_slice(), [Effect::Execute { .. }]));
}

#[test]
fn r13_a_booking_made_on_a_time_that_has_passed_says_so_and_is_not_refused() {
    let on = |keys: &str| {
        let mut console = Console::open(Start::default());
        console.press(keys).press("b 3").answer();
        console
    };
    let mut console = on("Left Left");
    let screen = console.screen();
    assert!(screen.contains("Tiden har passerat."), "{screen}");
    console.press("F2");
    let sent = console.take();
    assert!(matches!(sent.as_slice(), [Effect::Execute { .. }]));
    // A time that has begun can still be used.
    let screen = on("Left Right").screen();
    assert!(!screen.contains("Tiden har passerat."), "{screen}");
}

#[test]
fn a_booking_made_in_another_year_tells_the_year() {
    let mut console = Console::open(Start::default());
    console.press("g").type_text("2027-01-12").press("Enter").answer();
    let screen = console.press("b 3").answer().screen();
    assert!(screen.contains("· tis 12 jan 2027 "), "{screen}");
}
