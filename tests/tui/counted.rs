//! What a change of the settings does to the times that patients can book is told before it is made.

use tidbok::clinic::{Command, Preview};
use tidbok::domain::Slot;
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, Start, interval, preview};

/// The template of half an hour, edited and saved; what it would do to times is answered so.
fn saved_and_counted(told: Preview) -> Console {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.counts_settings = true;
    console.press("I Down Enter Enter End").type_text("x").press("F2");
    let asked = console.take().into_iter().find_map(|effect| match effect {
        Effect::Preview { request, command: Command::ChangeSetting(_) } => Some(request),
        Effect::Execute { .. } => panic!("not before it has been counted"),
        _ => None,
    });
    let reply = Reply::Preview(Ok(Box::new(told)));
    console.send(Message::Reply { request: asked.expect("it is counted"), reply });
    console
}

fn is_sent(console: &mut Console) -> bool {
    console.take().iter().any(|effect| matches!(effect, Effect::Execute { .. }))
}

fn a_time() -> Slot {
    Slot {
        practitioner: "BO".into(),
        template: "us30".into(),
        interval: interval("2026-11-25", "10:00-10:30"),
    }
}

#[test]
fn a_card_that_takes_or_gives_no_times_is_saved_at_once() {
    assert!(is_sent(&mut saved_and_counted(Preview { practitioner: None, ..preview() })));
}

#[test]
fn times_that_come_or_go_with_a_card_are_told_in_numbers_before_it_is_saved() {
    let nothing = || Preview { practitioner: None, ..preview() };
    for (told, line) in [
        (Preview { lost: vec![a_time()], ..nothing() }, "1 tid försvinner från bokningssidan"),
        (Preview { gained: vec![a_time()], ..nothing() }, "1 tid blir bokningsbar"),
    ] {
        let mut console = saved_and_counted(told);
        let screen = console.screen();
        assert!(screen.contains(line) && screen.contains("hos Bo Öst"), "{screen}");
        console.press("Enter");
        assert!(!is_sent(&mut console), "the harmless answer comes first");
        console.press("F2");
        let asked = console.take().into_iter().find_map(|effect| match effect {
            Effect::Preview { request, .. } => Some(request),
            _ => None,
        });
        let again = Preview { lost: vec![a_time()], ..nothing() };
        let reply = Reply::Preview(Ok(Box::new(again)));
        console.send(Message::Reply { request: asked.expect("counted anew"), reply });
        console.press("2");
        assert!(is_sent(&mut console), "{}", console.screen());
        assert_eq!(console.as_shown.len(), 1, "held to what was counted");
    }
}

#[test]
fn who_types_on_while_it_is_counted_saves_anew() {
    let mut console = Console::open(Start::default());
    console.counts_settings = true;
    console.press("I Down Enter Enter End").type_text("x").press("F2");
    let effects = console.take();
    console.type_text("y");
    for effect in effects {
        if let Effect::Preview { request, .. } = effect {
            let reply = Reply::Preview(Ok(Box::new(preview())));
            console.send(Message::Reply { request, reply });
        }
    }
    assert!(!is_sent(&mut console), "{}", console.screen());
}

#[test]
fn what_deactivating_takes_from_patients_stands_above_the_answer() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.counts_settings = true;
    console.press("I Down Enter Del");
    let asked = console.take().into_iter().find_map(|effect| match effect {
        Effect::Preview { request, command: Command::ChangeSetting(_) } => Some(request),
        _ => None,
    });
    let told = Preview { practitioner: None, lost: vec![a_time()], ..preview() };
    let reply = Reply::Preview(Ok(Box::new(told)));
    console.send(Message::Reply { request: asked.expect("it is counted"), reply });
    let screen = console.screen();
    assert!(screen.contains("1 tid försvinner från bokningssidan"), "{screen}");
    console.press("2");
    assert_eq!(console.as_shown.len(), 1, "held to what was counted");
}
