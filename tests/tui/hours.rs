//! Hours and days as people type them into the forms about bookings.

use tidbok::clinic::{BookingSubject, Command, RepeatUntil};
use tidbok::domain::{TemplateMinutes, parse_date};
use tidbok::tui::{Effect, Message};

use crate::fixture::{Console, Start, interval, time};

fn commands(console: &mut Console) -> Vec<Command> {
    let command = |effect: Effect| match effect {
        Effect::Execute { command, .. } => Some(command),
        _ => None,
    };
    console.take().into_iter().filter_map(command).collect()
}

/// The form that moves Tuesday's booking 08:00–08:30, at its time.
fn moving() -> Console {
    let mut console = Console::open(Start::default());
    console.press("Left Home m");
    console
}

#[test]
fn a_stretch_typed_as_the_time_of_a_move_is_when_it_begins_and_how_long_it_is() {
    let table = [
        ("9-10", "", "09:00-10:00"),
        ("9-1030", "", "09:00-10:30"),
        ("kl 9-9.45", "", "09:00-09:45"),
        ("kl 9", "", "09:00-09:30"),
        // What is typed as its length afterwards is its length.
        ("9-10", "Tab 4 5", "09:00-09:45"),
        ("9-10", "Tab Shift+Tab 1 1", "11:00-12:00"),
        ("", "End - 9", "08:00-09:00"),
        ("", "- -", "07:50-08:20"),
        ("9", "+", "09:05-09:35"),
    ];
    for (typed, keys, hours) in table {
        let mut console = moving();
        console.type_text(typed);
        if !keys.is_empty() {
            console.press(keys);
        }
        console.answer().press("F2");
        let screen = console.screen();
        let sent = commands(&mut console);
        let [Command::MoveBooking(moved)] = sent.as_slice() else { panic!("{typed}\n{screen}") };
        assert_eq!(moved.interval, interval("2026-11-24", hours), "{typed} {keys}");
    }
    let mut console = moving();
    console.send(Message::Paste("9–10".to_owned())).answer().press("F2");
    let sent = commands(&mut console);
    let [Command::MoveBooking(moved)] = sent.as_slice() else { panic!("a move") };
    assert_eq!(moved.interval, interval("2026-11-24", "09:00-10:00"));
}

#[test]
fn a_stretch_that_is_none_or_too_long_moves_nothing() {
    for (typed, told) in [("10-9", "Skriv en tid"), ("9-", "Skriv en tid"), ("7-18", "1–600")] {
        let mut console = moving();
        console.type_text(typed).answer().press("F2");
        assert!(commands(&mut console).is_empty(), "{typed}");
        assert!(console.screen().contains(told), "{typed}\n{}", console.screen());
    }
}

#[test]
fn a_stretch_typed_for_a_booking_as_long_as_its_template_must_fit_it() {
    let booking = |typed: &str| {
        let mut console = Console::open(Start::default());
        console.press("b 3").answer().press("Shift+Tab").type_text(typed).answer().press("F2");
        console
    };
    let mut console = booking("9-930");
    let sent = commands(&mut console);
    let [Command::Book(booked)] = sent.as_slice() else { panic!("a booking") };
    assert_eq!(booked.start, time("2026-11-25T09:00"));
    for leaving in ["F2", "Tab F2"] {
        let mut console = booking("9-10");
        console.press(leaving);
        assert!(commands(&mut console).is_empty(), "{leaving}");
        let screen = console.screen();
        assert!(screen.contains("Bokningen är 30 min lång"), "{leaving}\n{screen}");
        assert!(screen.contains("Undersökning 30 min · – "), "{leaving}\n{screen}");
    }
}

#[test]
fn a_booking_without_a_template_is_as_long_as_the_stretch_that_is_typed() {
    let mut console = Console::open(Start::default());
    console.press("b 5 1").answer().press("Shift+Tab").type_text("9-10").answer().press("F2");
    let sent = commands(&mut console);
    let [Command::Book(booked)] = sent.as_slice() else { panic!("{}", console.screen()) };
    assert_eq!(booked.start, time("2026-11-25T09:00"));
    let BookingSubject::Free { minutes, .. } = &booked.what else { panic!("without a template") };
    assert_eq!(Some(*minutes), TemplateMinutes::new(60).ok());
}

#[test]
fn the_help_of_the_time_says_what_a_dash_does_there() {
    let mut console = moving();
    assert!(console.screen().contains("+ och - flyttar fem minuter"), "{}", console.screen());
    console.type_text("9");
    assert!(console.screen().contains("8:15-9"), "{}", console.screen());
}

#[test]
fn a_day_is_typed_as_the_screens_write_it() {
    let mut console = moving();
    console.press("Shift+Tab").type_text("mån 7 dec").answer().press("F2");
    let sent = commands(&mut console);
    let [Command::MoveBooking(moved)] = sent.as_slice() else { panic!("{}", console.screen()) };
    assert_eq!(moved.interval, interval("2026-12-07", "08:00-08:30"));
    let mut console = moving();
    console.press("Shift+Tab").type_text("mån 8 dec").answer().press("F2");
    assert!(commands(&mut console).is_empty());
    assert!(console.screen().contains("Skriv en dag"), "it is a Tuesday: {}", console.screen());
}

#[test]
fn r19_weeks_ahead_are_repeated_whole_however_they_are_written() {
    let until = |typed: &str| {
        let mut console = Console::open(Start::default());
        console.press("r").answer().type_text(typed);
        let asked = console.take().into_iter().filter_map(|effect| match effect {
            Effect::Preview { command: Command::RepeatWorkSessions { repeat, .. }, .. } => {
                Some(repeat.until)
            }
            _ => None,
        });
        asked.last()
    };
    let sunday = parse_date("2026-12-13").map(RepeatUntil::Date);
    assert_eq!(until("+2v"), sunday);
    assert_eq!(until("v50"), sunday);
    for typed in ["4v", "4V", "4 veckor", "4 weeks"] {
        assert_eq!(until(typed), Some(RepeatUntil::Weeks(4)), "{typed}");
    }
}
