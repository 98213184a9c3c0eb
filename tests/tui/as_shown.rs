//! What is done is what the screen said it would be, though others change the book meanwhile.

use tidbok::clinic::{ClinicError, Preview, Refusal};
use tidbok::domain::{Slot, TemplateId};
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, Start, interval, preview};

/// Anna Ek's half hour on Wednesday, which patients can book.
fn lost() -> Preview {
    let slot = Slot {
        practitioner: "AE".into(),
        template: TemplateId::from("us30"),
        interval: interval("2026-11-25", "10:00-10:30"),
    };
    Preview { lost: vec![slot], ..preview() }
}

/// Answers every question of what something would do; how many there were.
fn tell(console: &mut Console, told: &Preview) -> usize {
    let mut asked = 0;
    for effect in console.take() {
        if let Effect::Preview { request, .. } = effect {
            asked += 1;
            let reply = Reply::Preview(Ok(Box::new(told.clone())));
            console.send(Message::Reply { request, reply });
        }
    }
    asked
}

#[test]
fn what_a_screen_has_counted_is_sent_as_it_was_shown() {
    for (goes, opens, sends) in [
        ("Home", "b 3", "F2"),
        ("Left Home", "m +", "F2"),
        ("Right Home x PgDn", "k", "F2"),
        ("Home", "r", "F2"),
        ("Right Home", "R", "F2"),
        ("Right Home", "p 3", "2"),
    ] {
        let mut console = Console::open(Start::default());
        console.press(goes).answer().press(opens).answer().press(sends).answer();
        assert_eq!(console.as_shown.len(), 1, "{opens} {sends}\n{}", console.screen());
    }
}

#[test]
fn where_more_would_be_done_by_now_the_form_stays_and_counts_anew() {
    for opens in ["b 3", "Left Home m +"] {
        let mut console = Console::open(Start::default());
        console.press(opens).answer().press("F2");
        let sent = console.take().into_iter().find_map(|effect| match effect {
            Effect::Execute { request, .. } => Some(request),
            _ => None,
        });
        let reply = Reply::Executed(Err(ClinicError::Refused(Refusal::NotAsShown)));
        console.send(Message::Reply { request: sent.expect("it is sent"), reply });
        assert_eq!(tell(&mut console, &lost()), 1, "{opens}");
        let screen = console.screen();
        assert!(screen.contains("Inget är gjort: någon har ändrat boken"), "{opens}\n{screen}");
        assert!(screen.contains("1 tid försvinner"), "{opens}\n{screen}");
        console.press("F2");
        assert_eq!(console.as_shown.len(), 2, "{opens}: as it is shown now");
    }
}

#[test]
fn a_form_that_lies_open_counts_anew_when_the_book_comes_in_and_keeps_what_it_knows_until_then() {
    for (goes, opens) in [
        ("Home", "b 3"),
        ("Left Home", "m +"),
        ("Right Home x PgDn", "k"),
        ("Home", "r"),
        ("Right Home", "R"),
    ] {
        let mut console = Console::open(Start::default());
        console.press(goes).answer().press("F5");
        let asked = console.take().into_iter().find_map(|effect| match effect {
            Effect::LoadBooks { request, practitioners, days } => {
                Some((request, practitioners, days))
            }
            _ => None,
        });
        let (request, practitioners, days) = asked.expect("the book is asked for");
        console.press(opens).answer();
        let before = console.screen();
        let reply = console.reply_books(practitioners, days);
        console.send(Message::Reply { request, reply });
        assert_eq!(console.screen(), before, "{opens}");
        assert_eq!(tell(&mut console, &lost()), 1, "{opens}\n{before}");
    }
}

#[test]
fn what_was_in_the_way_is_asked_about_again_when_the_book_comes_in() {
    for opens in ["b 3", "Left Home m +", "r"] {
        let mut console = Console::open(Start::default());
        console.press("Home F5");
        let asked = console.take().into_iter().find_map(|effect| match effect {
            Effect::LoadBooks { request, practitioners, days } => {
                Some((request, practitioners, days))
            }
            _ => None,
        });
        let (book, practitioners, days) = asked.expect("the book is asked for");
        console.press(opens);
        for effect in console.take() {
            if let Effect::Preview { request, .. } = effect {
                let refusal = Refusal::BookingInTheWay(interval("2026-11-25", "10:00-10:30"));
                let reply = Reply::Preview(Err(ClinicError::Refused(refusal)));
                console.send(Message::Reply { request, reply });
            }
        }
        assert!(console.screen().contains("En bokning tar redan"), "{}", console.screen());
        let reply = console.reply_books(practitioners, days);
        console.send(Message::Reply { request: book, reply });
        assert_eq!(tell(&mut console, &preview()), 1, "{opens}");
        assert!(!console.screen().contains("En bokning tar redan"), "{}", console.screen());
    }
}
