//! The fields of the booking form: long texts, leaving, and what may not be seen.

use tidbok::clinic::{ClinicError, Command, StoreError};
use tidbok::domain::{Patient, Permission};
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, Start, user};

/// The booking form on a free time.
fn booking(start: Start) -> Console {
    let mut console = Console::open(start);
    console.press("b 3").answer();
    console
}

/// Columns of the form's frame.
fn frame(console: &Console) -> usize {
    let screen = console.screen();
    let top = screen.lines().find(|line| line.contains("┌ Boka")).expect("the form");
    top.chars().filter(|letter| *letter == '─').count()
}

#[test]
fn a_text_longer_than_its_field_scrolls_with_the_cursor_and_the_form_keeps_its_width() {
    for size in [(80, 24), (60, 16)] {
        for keys in ["Ctrl+U", "Tab"] {
            let mut console = booking(Start { size, ..Start::default() });
            let before = frame(&console);
            console.press(keys).type_text(&"lång text ".repeat(9)).type_text("slut").answer();
            let screen = console.screen();
            assert!(screen.contains("text slut"), "{size:?} {keys}\n{screen}");
            assert_eq!(frame(&console), before, "{size:?} {keys}\n{screen}");
            let cursor = console.cursor();
            let line: Vec<char> = console.line(cursor.y.into()).chars().collect();
            let typed = &line[..cursor.x.into()];
            assert!(typed.ends_with(&['s', 'l', 'u', 't']), "{size:?} {keys}\n{screen}");
        }
    }
}

#[test]
fn a_text_that_has_not_the_focus_shows_its_beginning_and_that_it_is_cut() {
    let mut console = booking(Start::default());
    console.press("Tab").type_text(&"lång text ".repeat(9)).press("Tab");
    let screen = console.screen();
    assert!(screen.contains("Text         lång text") && screen.contains("…"), "{screen}");
}

#[test]
fn r17_a_name_typed_by_who_may_not_see_patients_is_refused_and_becomes_no_text() {
    let user = user(&[Permission::BookingEdit]);
    let mut console = booking(Start { user, ..Start::default() });
    let screen = console.type_text("karlsson").screen();
    assert!(!screen.contains("karlsson"), "{screen}");
    assert!(screen.contains("Patient      behörighet saknas: Se patienter"), "{screen}");
    assert!(!screen.contains("patient.view"), "{screen}");
    console.press("Tab").type_text("ring först");
    assert!(console.screen().contains("ring först"), "{}", console.screen());
}

#[test]
fn leaving_asks_before_a_chosen_patient_is_dropped() {
    let mut console = booking(Start::default());
    console.type_text("karl").answer().press("Enter").press("Esc");
    let screen = console.screen();
    assert!(screen.contains("Lämna utan att spara?"), "{screen}");
    console.press("Esc");
    assert!(console.screen().contains("[ Spara ]"), "the harmless answer is the first");
}

#[test]
fn that_a_patient_is_to_be_chosen_is_said_until_one_is() {
    let mut console = booking(Start::default());
    console.type_text("karl").answer().press("F2");
    let told = "Välj patienten i listan med Enter";
    assert!(console.screen().contains(told), "{}", console.screen());
    console.press("Enter");
    assert!(!console.screen().contains(told), "{}", console.screen());
}

#[test]
fn the_form_and_the_footer_call_the_way_out_the_same() {
    let console = booking(Start::default());
    let screen = console.screen();
    assert!(screen.contains("Esc Stäng"), "{screen}");
    assert!(!screen.contains("Esc Avbryt"), "{screen}");
}

#[test]
fn a_long_name_leaves_room_for_what_the_booking_is_and_who_made_it() {
    let mut console = Console::started(Start::default());
    let karl = console.patients.get_mut(&"pk".into()).expect("a patient");
    karl.first_name = "Karl-Gustav Alexander Ferdinand".to_owned();
    karl.last_name = "von Hallwyl-Lagercrantz af Östanå".to_owned();
    console.answer().press("Left Home").answer();
    let screen = console.screen();
    assert!(screen.contains("Karl-Gustav Alexander"), "{screen}");
    assert!(screen.contains("Undersökning 30 min"), "{screen}");
    assert!(screen.contains("av EK"), "{screen}");
}

#[test]
fn preblocks_laid_outside_the_schedule_are_warned_of() {
    let mut console = Console::open(Start::default());
    let told = "utanför arbetsschemat";
    assert!(!console.press("p").screen().contains(told), "{}", console.screen());
    console.press("Esc Right Right p");
    assert!(console.screen().contains(told), "{}", console.screen());
    assert!(!console.take().iter().any(|effect| matches!(effect, Effect::Execute { .. })));
}

#[test]
fn r17_a_name_pasted_by_who_may_not_see_patients_is_refused_as_a_typed_one_is() {
    let user = user(&[Permission::BookingEdit]);
    let mut console = booking(Start { user, ..Start::default() });
    console.send(Message::Paste("karlsson".to_owned()));
    assert!(console.take().is_empty(), "nobody is looked for");
    let told = "behörighet saknas: Se patienter";
    assert_eq!(console.screen().matches(told).count(), 2, "{}", console.screen());
    console.press("Tab").send(Message::Paste("ring först".to_owned()));
    console.press("F2");
    let booked = |effect: &Effect| match effect {
        Effect::Execute { command: Command::Book(booking), .. } => booking.text.clone(),
        _ => None,
    };
    assert_eq!(console.effects.iter().find_map(booked).as_deref(), Some("ring först"));
}

/// Answers every search for patients so.
fn answer_searches(console: &mut Console, answer: impl Fn() -> Result<Vec<Patient>, ClinicError>) {
    for effect in console.take() {
        if let Effect::FindPatients { request, .. } = effect {
            console.send(Message::Reply { request, reply: Reply::Patients(answer()) });
        }
    }
}

#[test]
fn a_search_that_failed_tells_of_no_new_patient_and_enter_searches_again() {
    let mut console = booking(Start::default());
    console.type_text("karl");
    answer_searches(&mut console, || Err(ClinicError::Store(StoreError::TransactionLost)));
    let screen = console.screen();
    assert!(screen.contains("försök igen"), "{screen}");
    assert!(!screen.contains("ingen patient hittad") && !screen.contains("Ny patient"), "{screen}");
    let screen = console.press("Enter").screen();
    assert!(!screen.contains("Förnamn"), "nobody is registered who may be there\n{screen}");
    console.answer();
    let screen = console.screen();
    assert!(screen.contains("Karlsson, Karl") && !screen.contains("försök igen"), "{screen}");
}

#[test]
fn back_from_registering_whoever_was_found_is_there_again() {
    for away in ["Esc", "Shift+Tab Esc"] {
        let mut console = booking(Start::default());
        console.type_text("karl").answer().press("Down Down Enter");
        assert!(console.screen().contains("Förnamn"), "{}", console.screen());
        console.press(away).answer();
        let screen = console.screen();
        assert!(screen.contains("Karlsson, Karl"), "{away}\n{screen}");
        assert!(!screen.contains("ingen patient hittad"), "{away}\n{screen}");
    }
}
