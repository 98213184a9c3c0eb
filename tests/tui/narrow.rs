//! Long texts and small screens: what matters stays in view, and so does what is typed.

use crossterm::event::{MouseButton, MouseEventKind as Kind};
use tidbok::clinic::{CallList, Confirmation, Found, ToCall};
use tidbok::domain::{Booking, IdentityProtection, Minutes, Patient, Personnummer};
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, NOW, Start, booking, interval, patient, preview, time};

const SIZES: [(u16, u16); 2] = [(80, 24), (60, 16)];

fn opened(size: (u16, u16)) -> Console {
    Console::open(Start { size, ..Start::default() })
}

/// Answers the last preview that was asked for.
fn answer_preview(console: &mut Console, told: impl FnOnce(&mut tidbok::clinic::Preview)) {
    let mut answer = preview();
    told(&mut answer);
    let asked = console.take().into_iter().filter_map(|effect| match effect {
        Effect::Preview { request, .. } => Some(request),
        _ => None,
    });
    let request = asked.last().expect("a preview");
    console.send(Message::Reply { request, reply: Reply::Preview(Ok(Box::new(answer))) });
}

/// The text that stands before the terminal's cursor.
fn before_cursor(console: &Console) -> String {
    let cursor = console.cursor();
    console.line(cursor.y.into()).chars().take(cursor.x.into()).collect()
}

#[test]
fn a_reason_longer_than_the_window_scrolls_with_the_cursor() {
    for size in SIZES {
        let mut console = opened(size);
        console.press("Left Home a").answer().press("5");
        console.type_text(&"hon ringde och sade ".repeat(6)).type_text("återbud");
        assert!(before_cursor(&console).ends_with("återbud"), "{size:?}\n{}", console.screen());
        console.press("Home");
        assert!(before_cursor(&console).ends_with("> "), "{size:?}\n{}", console.screen());
        assert!(console.screen().contains("> hon ringde"), "{}", console.screen());
    }
}

#[test]
fn the_ways_to_write_a_date_are_all_there_on_the_smallest_screen() {
    let screen = opened((60, 16)).press("g").screen();
    for way in ["idag", "v37 to", "2026-12-01", "1/12 · to"] {
        assert!(screen.contains(way), "{way}\n{screen}");
    }
}

#[test]
fn the_ways_to_write_the_first_day_are_all_there_on_the_smallest_screen() {
    let screen = opened((60, 16)).press("n 3").answer().press("Tab Tab Tab").screen();
    assert!(screen.contains("2026-12-01 · 1/12"), "{screen}");
}

#[test]
fn how_a_patient_is_found_is_told_whole_on_the_smallest_screen() {
    let screen = opened((60, 16)).press("b 3").answer().screen();
    assert!(screen.contains("tomt "), "{screen}");
}

#[test]
fn what_a_change_would_do_is_told_whole_on_the_smallest_screen() {
    let mut console = opened((60, 16));
    console.press("b 3");
    answer_preview(&mut console, |told| {
        let own = booking("b9", interval("2026-11-25", "10:00-10:30"), "pk", "EK");
        told.elsewhere = vec![Booking { practitioner: "BO".into(), ..own }];
    });
    let screen = console.screen();
    assert!(screen.contains("hos Bo Öst."), "{screen}");
}

#[test]
fn what_is_wrong_is_in_view_wherever_the_cursor_stands() {
    let mut console = opened((60, 16));
    console.press("b 3");
    answer_preview(&mut console, |told| {
        let bypassed = ["moete", "e-us", "e-akut", "kod"];
        let confirm = bypassed.into_iter().map(|id| Confirmation::BypassPreblock(id.into()));
        told.to_confirm = confirm.collect();
    });
    let screen = console.press("F2").screen();
    assert!(screen.contains("Bekräfta varningen först"), "{screen}");
    assert!(screen.contains("Bekräfta     [ ] nej"), "{screen}");
    let typed = console.press("Shift+Tab").type_text("x").press("F2").screen();
    assert!(typed.contains("Bekräfta varningen först"), "{typed}");
}

#[test]
fn how_a_part_of_the_day_is_written_is_told_whole_beside_what_cannot_be_read() {
    for size in SIZES {
        let mut console = opened(size);
        console.press("n 3").answer().press("Tab Tab").type_text("på kvällen efter fem");
        let screen = console.screen();
        assert!(screen.contains("10-14."), "{size:?}\n{screen}");
        console.type_text(&" och helst ännu senare".repeat(3)).type_text(" slut");
        assert!(before_cursor(&console).ends_with("slut"), "{size:?}\n{}", console.screen());
    }
}

/// A protected patient among many, each with a number.
fn to_call(n: i32) -> ToCall {
    let start = interval("2026-11-25", "08:00-08:05");
    let at = |minutes: i32| start.start() + Minutes(minutes);
    let interval = tidbok::domain::Interval::new(at(5 * n), at(5 * n + 5)).expect("five minutes");
    let id = format!("p{n}");
    let told = Booking {
        text: "kommer med sin dotter och behöver tolk, ringer på morgonen ".repeat(2),
        ..booking(&format!("b{n}"), interval, &id, "EK")
    };
    let patient = Patient {
        mobile: Some(format!("070-100 {n:04}")),
        ..patient(&id, "Stina", "Hemlig", IdentityProtection::Protected)
    };
    ToCall { booking: told, patient: Some(patient), call: None }
}

fn answer_calls(console: &mut Console, count: i32) {
    for effect in console.take() {
        match effect {
            Effect::LoadCalls { request, practitioner, days } => {
                let bookings = (0..count).map(to_call).collect();
                let revisions = tidbok::clinic::Revisions::default();
                let list = CallList { practitioner, days, bookings, revisions };
                let reply = Reply::Calls(Ok(Box::new(list)));
                console.send(Message::Reply { request, reply });
            }
            other => console.effects.push(other),
        }
    }
    console.answer();
}

#[test]
fn r22_the_number_of_a_protected_patient_to_call_is_in_view_however_long_the_list() {
    for size in SIZES {
        for count in [1, 3, 40] {
            let mut console = opened(size);
            console.press("D 1");
            answer_calls(&mut console, count);
            let seen = |console: &Console, n: i32| {
                let screen = console.screen();
                let number = format!("070-100 {n:04}");
                assert!(screen.contains(&number), "{size:?} {n} of {count}\n{screen}");
                assert!(screen.contains("Skyddad identitet"), "{screen}");
            };
            seen(&console, 0);
            for n in 1..count {
                console.press("Down");
                seen(&console, n);
            }
            console.press("Down Home");
            seen(&console, 0);
        }
    }
}

#[test]
fn where_there_are_more_to_call_than_are_in_view_it_says_how_many() {
    let mut console = opened((80, 24));
    console.press("D 1");
    answer_calls(&mut console, 40);
    let first = console.screen();
    assert!(first.contains("… och 27 till"), "{first}");
    let last = console.press("End").screen();
    assert!(last.contains("11:15"), "{last}");
    assert_ne!(first.contains("11:15"), last.contains("11:15"));
}

#[test]
fn a_stray_click_loses_no_reason_that_was_typed() {
    let mut console = opened((80, 24));
    console.press("Left Home a").answer().press("5").type_text("ringde återbud");
    console.mouse(Kind::Down, MouseButton::Left, (79, 1));
    assert!(console.screen().contains("ringde återbud"), "{}", console.screen());
    let mut empty = opened((80, 24));
    empty.press("Left Home a").answer().press("5");
    empty.mouse(Kind::Down, MouseButton::Left, (79, 1));
    assert!(!empty.screen().contains("Enter avbokar"), "{}", empty.screen());
}

#[test]
fn patients_with_the_same_long_name_are_told_apart_by_their_numbers() {
    let numbers = ["19121212-1212", "19811218-9876"];
    let named = |number: &str| Patient {
        personnummer: Personnummer::parse(number, time(NOW).date()).ok(),
        ..patient(number, &"Karl-Gustav ".repeat(9), "von Hallwyl", IdentityProtection::None)
    };
    let found = || -> Vec<Patient> { numbers.map(named).into() };
    for size in SIZES {
        for keys in ["b 3", "/"] {
            let mut console = opened(size);
            console.press(keys).answer().type_text("hallwyl");
            for effect in console.take() {
                let (request, reply) = match effect {
                    Effect::FindPatients { request, .. } => (request, Reply::Patients(Ok(found()))),
                    Effect::Find { request, .. } => {
                        let found = Found { patients: found(), ..Found::default() };
                        (request, Reply::Found(Ok(Box::new(found))))
                    }
                    _ => continue,
                };
                console.send(Message::Reply { request, reply });
            }
            let screen = console.screen();
            for number in numbers {
                assert!(screen.contains(number), "{size:?} {keys} {number}\n{screen}");
            }
            assert!(screen.contains("von Hallwyl, Karl"), "{screen}");
        }
    }
}
