//! *Behandlaren är sjuk*: which days are offered, and what withdrawing asks. The rest is told by the
//! flow tests.

use tidbok::clinic::{
    CallList, Change, ClinicError, Command, RevisionScope, Revisions, StoreError,
};
use tidbok::domain::{Changed, DateRange, PreblockKind, parse_date};
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, Start, interval, preblock, preview, time};

/// Anna Ek's list of Thursday 26 November has been open; Bo Öst is shown.
fn after_annas_list() -> Console {
    let mut console = Console::open(Start::default());
    console.press("Right D 2").answer().press("Esc Tab").answer();
    console
}

/// What the menu offers, from the top.
fn offered(console: &Console) -> Vec<String> {
    let entry = |line: &str| {
        let (_, after) = line.split_once("│")?;
        let text = after.trim_start().split("  ").next()?.trim().to_owned();
        text.starts_with(|letter: char| letter.is_ascii_digit()).then_some(text)
    };
    console.screen().lines().filter_map(entry).collect()
}

#[test]
fn the_shown_practitioners_days_come_first_and_the_list_that_was_open_last() {
    let mut console = after_annas_list();
    let screen = console.press("D").screen();
    assert!(screen.contains("Bo Öst är sjuk"), "{screen}");
    let offered = offered(&console);
    assert_eq!(offered.first().map(String::as_str), Some("1 Idag"), "{offered:?}\n{screen}");
    let last = offered.last().map(String::as_str);
    assert_eq!(last, Some("4 Fortsätt med Anna Ek"), "{offered:?}\n{screen}");
}

#[test]
fn the_digits_stay_once_the_shown_practitioners_own_list_was_open() {
    let mut console = after_annas_list();
    let screen = console.press("Shift+Tab").answer().press("D").screen();
    let offered = offered(&console);
    assert_eq!(offered.first().map(String::as_str), Some("1 Idag"), "{screen}");
    let last = offered.last().map(String::as_str);
    assert!(last.is_some_and(|text| text.ends_with("Fortsätt med Anna Ek")), "{screen}");
}

#[test]
fn withdrawing_asks_with_name_and_days_and_does_nothing_by_default() {
    let mut console = Console::open(Start::default());
    console.press("Right D 2");
    let asked = console.take().into_iter().filter_map(|effect| match effect {
        Effect::Preview { request, command: Command::WithdrawPreblocks { .. } } => Some(request),
        _ => None,
    });
    let request = asked.last().expect("what withdrawing would do");
    let mut told = preview();
    let gone = preblock("p2", "e-us", interval("2026-11-26", "08:00-10:00"));
    let kind = PreblockKind::Internet;
    told.changes = vec![Change::Preblock { kind, change: Changed::Removed(gone) }];
    console.send(Message::Reply { request, reply: Reply::Preview(Ok(Box::new(told))) });
    let screen = console.press("Del").screen();
    assert!(screen.contains("Anna Ek · tor 26 nov"), "{screen}");
    console.press("Enter");
    assert!(!console.take().iter().any(|effect| matches!(effect, Effect::Execute { .. })));
    console.press("Del 2");
    assert!(matches!(console.as_shown.as_slice(), [Command::WithdrawPreblocks { .. }]));
}

#[test]
fn a_week_of_absence_is_the_whole_of_it() {
    for (typed, first, days) in [
        ("v49", "2026-11-30", 7),
        ("nästa vecka", "2026-11-30", 7),
        ("v49-v50", "2026-11-30", 14),
        ("25-27/11", "2026-11-25", 3),
        ("fre", "2026-11-27", 1),
    ] {
        let mut console = Console::open(Start::default());
        console.press("D 2").type_text(typed).press("Enter");
        let asked = console.take().into_iter().find_map(|effect| match effect {
            Effect::LoadCalls { days, .. } => Some(days),
            _ => None,
        });
        let expected = parse_date(first).map(|first| DateRange::new(first, days));
        assert_eq!(asked, expected, "{typed}\n{}", console.screen());
    }
}

#[test]
fn a_list_that_could_not_be_read_is_asked_for_again() {
    let asks = |console: &Console| {
        console.effects.iter().any(|effect| matches!(effect, Effect::LoadCalls { .. }))
    };
    for again in [Message::Polled(Revisions::default()), Message::StoreBack] {
        let mut console = Console::open(Start::default());
        console.press("D 1");
        for effect in console.take() {
            if let Effect::LoadCalls { request, .. } = effect {
                let lost = ClinicError::Store(StoreError::ConnectionLost);
                console.send(Message::Reply { request, reply: Reply::Calls(Err(lost)) });
            }
        }
        assert!(!asks(&console), "not at once");
        assert!(asks(console.send(again)));
    }
}

#[test]
fn the_way_out_stands_in_the_footer_and_what_cannot_be_done_is_said_once() {
    let mut console = Console::open(Start::default());
    console.press("D 1").answer();
    assert!(console.line(23).contains("Esc Stäng"), "{}", console.screen());
    let screen = console.press("r").screen();
    assert_eq!(screen.matches("ingen bokning är vald").count(), 1, "{screen}");
}

#[test]
fn a_list_that_could_not_be_read_is_asked_for_again_once_the_database_is_back() {
    let mut console = Console::open(Start::default());
    console.press("D 1");
    for effect in console.take() {
        if let Effect::LoadCalls { request, .. } = effect {
            let reply = Reply::Calls(Err(ClinicError::Store(StoreError::ConnectionLost)));
            console.send(Message::Reply { request, reply });
        }
    }
    console.send(Message::StoreLost(time("2026-11-25T10:12"))).send(Message::StoreBack).answer();
    let screen = console.screen();
    assert!(screen.contains("Ingen bokning de dagarna"), "{screen}");
}

#[test]
fn a_list_that_its_book_has_moved_away_from_while_it_was_on_its_way_is_read_again() {
    let at = |n| Revisions::from_iter([(RevisionScope::Practitioner("AE".into()), n)]);
    let lists = |console: &mut Console| {
        let asked = console.take().into_iter().filter_map(|effect| match effect {
            Effect::LoadCalls { request, practitioner, days } => {
                Some((request, practitioner, days))
            }
            _ => None,
        });
        asked.collect::<Vec<_>>()
    };
    let mut console = Console::open(Start::default());
    console.press("D 1");
    for (asked, read_at) in [("as it was", 1), ("as it is", 2)] {
        let mut waiting = lists(&mut console);
        let (request, practitioner, days) = waiting.pop().unwrap_or_else(|| panic!("{asked}"));
        console.send(Message::Polled(at(2)));
        let list = CallList { practitioner, days, bookings: Vec::new(), revisions: at(read_at) };
        console.take();
        console.send(Message::Reply { request, reply: Reply::Calls(Ok(Box::new(list))) });
    }
    assert!(lists(&mut console).is_empty(), "nothing has moved since");
}
