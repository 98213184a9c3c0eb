//! The finder: practitioners, patients and bookings in one list, and where Enter leads.

use insta::assert_snapshot;
use tidbok::clinic::Found;
use tidbok::domain::{IdentityProtection, Permission};
use tidbok::tui::{Effect, Message, Reply, RequestId};

use crate::fixture::{Console, Start, patient, user};

/// What has been asked for and not been answered.
fn asked(console: &Console) -> Vec<(RequestId, String)> {
    let text = |effect: &Effect| match effect {
        Effect::Find { request, text } => Some((*request, text.clone())),
        _ => None,
    };
    console.effects.iter().filter_map(text).collect()
}

#[test]
fn practitioners_patients_and_bookings_stand_in_one_list() {
    let mut console = Console::open(Start::default());
    console.press("/").type_text("ka").answer();
    assert_snapshot!(console.screen());
    let mut console = Console::open(Start::plain());
    assert_snapshot!("finder_120_by_40", console.press("/").type_text("ek").answer().screen());
}

#[test]
fn practitioners_are_found_by_name_and_signature_at_once() {
    let mut console = Console::open(Start::default());
    for (typed, found) in [("a", "Anna Ek (AE)"), ("öst", "Bo Öst (BO)"), ("bo", "Bo Öst (BO)")]
    {
        console.press("/").type_text(typed);
        assert!(console.screen().contains(found), "{typed}: {}", console.screen());
        console.press("Esc");
    }
    console.press("/").type_text("bo").press("Enter").answer();
    assert!(console.line(0).contains("Bo Öst"), "{}", console.line(0));
}

#[test]
fn a_booking_leads_to_its_time_and_a_patient_to_the_card() {
    let mut console = Console::open(Start::default());
    console.press("/").type_text("karlsson").answer().press("Down Enter").answer();
    assert!(console.line(21).contains("tis 24 08:00"), "{}", console.screen());
    console.press("/").type_text("karlsson").answer().press("Enter");
    let asked = console.effects.iter().any(
        |effect| matches!(effect, Effect::LoadPatient { patient, .. } if patient.as_str() == "pk"),
    );
    assert!(asked, "the card of the patient");
    console.answer();
    assert!(console.screen().contains("Patientkort · Karlsson, Karl"), "{}", console.screen());
    console.press("Esc");
    assert!(console.screen().contains("Sök: karlsson"), "back to what was found");
}

#[test]
fn one_letter_asks_for_nothing_and_late_answers_are_dropped() {
    let mut console = Console::open(Start::default());
    console.press("/").type_text("k");
    assert!(asked(&console).is_empty());
    assert!(console.screen().contains("En bokstav till"), "{}", console.screen());
    console.type_text("a");
    let (first, _) = asked(&console).pop().expect("asked");
    console.take();
    console.type_text("x");
    let found = console.found("ka");
    console.send(Message::Reply { request: first, reply: Reply::Found(Ok(Box::new(found))) });
    let screen = console.screen();
    assert!(!screen.contains("Karlsson, Karl") && screen.contains("söker…"), "{screen}");
    console.answer();
    assert!(console.screen().contains("Inget hittat"), "{}", console.screen());
}

#[test]
fn r17_without_the_right_to_see_patients_none_is_asked_for() {
    let start = Start { user: user(&[Permission::BookingEdit]), ..Start::default() };
    let mut console = Console::open(start);
    console.press("/").type_text("karlsson");
    assert!(asked(&console).is_empty());
    let screen = console.screen();
    assert!(
        screen.contains("Patienter och bokningar: behörighet saknas: Se patienter"),
        "{screen}"
    );
    console.press("Ctrl+U").type_text("åsa").press("Enter").answer();
    assert!(console.line(0).contains("Åsa Alm"));
}

#[test]
fn r22_protected_patients_are_masked_and_one_key_hides_every_name() {
    let mut console = Console::open(Start::default());
    console.press("/").type_text("hemlig").answer();
    let screen = console.screen();
    assert!(screen.contains("Hemlig, Stina (Skyddad identitet)"), "as where one books: {screen}");
    assert!(screen.contains("09:10–09:40 Skyddad identitet"), "as in the grid: {screen}");
    assert_eq!(screen.matches("Hemlig").count(), 1, "{screen}");
    assert!(!console.press("F9").screen().contains("Hemlig"), "{}", console.screen());
    console.press("F9");
    console.press("Ctrl+U").type_text("karlsson").answer().press("F9");
    let screen = console.screen();
    assert!(!screen.to_lowercase().contains("karl"), "also what is typed: {screen}");
    assert!(screen.contains("Undersökning 30 min"), "{screen}");
    console.press("F9");
    assert!(console.screen().contains("Karlsson, Karl"));
}

#[test]
fn what_comes_from_the_database_is_harmless_on_screen() {
    let mut console = Console::open(Start::default());
    console.press("/").type_text("xx");
    let (request, _) = asked(&console).pop().expect("asked");
    console.take();
    let evil = patient("p", "\x1b]0;x\x07Ev\u{202e}a", "\r\nEk\x1b[2J", IdentityProtection::None);
    let found = Found { patients: vec![evil], ..Found::default() };
    console.send(Message::Reply { request, reply: Reply::Found(Ok(Box::new(found))) });
    let buffer = console.buffer();
    let harmless = buffer.content().iter().all(|cell| !cell.symbol().contains(char::is_control));
    assert!(harmless && !console.screen().contains('\u{202e}'));
}

#[test]
fn the_smallest_screen_scrolls_to_what_is_selected() {
    let mut console = Console::open(Start { size: (60, 16), ..Start::default() });
    console.press("/").type_text("a").press("End");
    assert!(console.screen().contains("Sök: a"), "{}", console.screen());
    console.press("Enter").answer();
    assert!(console.line(0).contains("Åsa Alm"), "{}", console.line(0));
}
