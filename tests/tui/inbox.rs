//! The inbox: what patients did online since somebody looked last.

use chrono::{DateTime, Utc};
use insta::assert_snapshot;
use tidbok::clinic::{Arrival, CameBy, ClinicError, Inbox, Looked, Online, Revisions, StoreError};
use tidbok::domain::{Identification, Permission};
use tidbok::store::AuditChain;
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, Start, interval, patients, time, user};

fn arrival(n: u64, what: Online, patient: &str, at: &str) -> Arrival {
    let at: DateTime<Utc> = at.parse().expect("a moment");
    let before = interval("2026-11-26", "08:00-08:30");
    Arrival {
        at,
        what,
        came_by: CameBy::Wish,
        booking: format!("b{n}").as_str().into(),
        place: ("AE".into(), interval("2026-11-25", "13:30-14:10")),
        before: (what == Online::Rebooked).then(|| ("BO".into(), before)),
        template: Some("us30".into()),
        patient: Some(patient.into()),
        identification: match what {
            Online::Booked => Identification::Unverified,
            Online::Rebooked | Online::Cancelled => Identification::EId,
        },
        looked: Looked::New,
        entry: (AuditChain::Practitioner("AE".into()), n),
    }
}

/// One of each, the oldest seen already.
fn inbox() -> Inbox {
    let seen = Arrival {
        looked: Looked::Seen,
        ..arrival(1, Online::Booked, "pk", "2026-11-23T09:00:00Z")
    };
    let arrivals = vec![
        arrival(4, Online::Cancelled, "ps", "2026-11-25T09:05:00Z"),
        arrival(3, Online::Rebooked, "pk", "2026-11-25T08:00:00Z"),
        arrival(2, Online::Booked, "pk", "2026-11-24T18:30:00Z"),
        seen,
    ];
    Inbox { arrivals, patients: patients(), ..Inbox::default() }
}

/// A console that has heard of the inbox.
fn console(start: Start) -> Console {
    let mut console = Console::open(start);
    console.inbox = inbox();
    console.send(Message::Polled(Revisions::default())).answer();
    console
}

#[test]
fn what_was_brought_back_from_the_page_is_told_of_without_a_patient() {
    let mut console = Console::open(Start::plain());
    let back = |what| Arrival {
        patient: None,
        came_by: CameBy::Page,
        ..arrival(1, what, "pk", "2026-11-25T08:00:00Z")
    };
    console.inbox.arrivals = vec![back(Online::Booked), back(Online::Cancelled)];
    console.send(Message::Polled(Revisions::default())).answer();
    let screen = console.press("N").answer().screen();
    assert!(screen.contains("unknown patient"), "{screen}");
    for told in ["from the booking page: booked", "from the booking page: cancelled"] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
    assert!(!screen.contains("e-ID"), "whoever did it: {screen}");
}

#[test]
fn the_title_says_how_many_are_new_and_the_list_who_did_what_when() {
    let mut opened = console(Start::default());
    assert!(opened.line(0).contains("ITB: 3 nya"), "{}", opened.line(0));
    assert_snapshot!(opened.press("N").answer().screen());
    assert_snapshot!("inbox_120_by_40", console(Start::plain()).press("N").answer().screen());
}

#[test]
fn what_was_booked_in_another_name_than_the_cards_says_so() {
    let mut console = Console::open(Start::default());
    console.inbox = Inbox { in_other_names: ["b2".into()].into(), ..inbox() };
    console.send(Message::Polled(Revisions::default())).answer().press("N").answer();
    let told: Vec<_> = console.screen().lines().map(str::to_owned).collect();
    let marked: Vec<_> = told.iter().filter(|line| line.contains("annat namn än på")).collect();
    assert_eq!(marked.len(), 1, "{told:#?}");
    assert!(marked[0].contains("ej e-leg"), "{marked:?}");
}

#[test]
fn on_the_smallest_screen_title_and_list_still_say_it() {
    let mut opened = console(Start { size: (60, 16), ..Start::default() });
    assert_snapshot!("inbox_60_by_16", opened.press("N").answer().press("End").screen());
}

#[test]
fn what_fails_behind_ones_back_is_told_of_only_where_it_is_looked_at() {
    let fail = |console: &mut Console| {
        let request = console.take().iter().find_map(|effect| match effect {
            Effect::LoadInbox { request } => Some(*request),
            _ => None,
        });
        let reply = Reply::Inbox(Err(ClinicError::Store(StoreError::TransactionLost)));
        let request = request.expect("asked");
        console.send(Message::Reply { request, reply }).screen()
    };
    let mut console = Console::open(Start::default());
    let before = console.screen();
    console.send(Message::Polled(Revisions::default()));
    assert_eq!(fail(&mut console), before);
    console.press("N");
    fail(&mut console);
    assert!(!console.line(21).is_empty() && !console.line(22).is_empty(), "{}", console.screen());
}

#[test]
fn enter_goes_to_the_booking() {
    let mut console = console(Start::default());
    console.press("N").answer().press("Enter").answer();
    assert!(console.line(21).contains("ons 25 13:30"), "{}", console.screen());
}

#[test]
fn marking_as_seen_takes_the_selected_one_and_all_before_it() {
    let mut console = console(Start::default());
    console.press("N").answer().press("Down s");
    assert!(console.line(0).contains("ITB: 1 ny "), "at once: {}", console.line(0));
    let screen = console.screen();
    assert!(screen.contains("markerad") && screen.contains("den här och äldre"), "{screen}");
    assert!(console.line(23).contains("s Sett hit"), "{screen}");
    let kept = console.effects.iter().find_map(|effect| match effect {
        Effect::KeepSeen { seen, .. } => seen.get(&AuditChain::Practitioner("AE".into())).copied(),
        _ => None,
    });
    assert_eq!(kept, Some(3));
    console.answer().press("Home s").answer();
    assert!(!console.line(0).contains("ITB:"), "{}", console.line(0));
    assert!(console.screen().contains("avbokade"), "it stays in the list");
}

#[test]
fn what_comes_in_while_others_are_marked_as_seen_is_not_missed() {
    let mut console = console(Start::default());
    console.inbox.arrivals.insert(0, arrival(5, Online::Booked, "pk", "2026-11-25T09:10:00Z"));
    console.press("N s");
    assert!(!console.line(0).contains("ITB:"), "at once: {}", console.line(0));
    console.answer();
    assert!(console.line(0).contains("ITB: 1 ny "), "{}", console.line(0));
}

#[test]
fn what_could_not_be_read_is_asked_for_again_once_the_database_is_back() {
    let mut console = Console::open(Start::default());
    console.inbox = inbox();
    console.send(Message::Polled(Revisions::default()));
    for effect in console.take() {
        if let Effect::LoadInbox { request } = effect {
            let reply = Reply::Inbox(Err(ClinicError::Store(StoreError::TransactionLost)));
            console.send(Message::Reply { request, reply });
        }
    }
    console.send(Message::StoreBack).answer();
    assert!(console.line(0).contains("ITB: 3 nya"), "{}", console.line(0));
}

#[test]
fn it_is_asked_for_again_when_a_book_moves_and_only_then() {
    let asks = |console: &Console| {
        console.effects.iter().filter(|it| matches!(it, Effect::LoadInbox { .. })).count()
    };
    let mut console = Console::open(Start::default());
    console.send(Message::Polled(Revisions::default()));
    assert_eq!(asks(&console), 1, "at the start");
    console.answer().send(Message::Polled(Revisions::default()));
    assert_eq!(asks(&console), 0);
}

#[test]
fn what_could_not_be_read_is_not_called_nothing_and_is_asked_for_once_the_database_is_back() {
    let mut console = Console::open(Start::default());
    console.inbox = inbox();
    console.press("N");
    for effect in console.take() {
        if let Effect::LoadInbox { request } = effect {
            let lost = ClinicError::Store(StoreError::ConnectionLost);
            console.send(Message::Reply { request, reply: Reply::Inbox(Err(lost)) });
        }
    }
    console.send(Message::StoreLost(time("2026-11-25T10:12")));
    assert!(!console.screen().contains("Inget har kommit in"), "{}", console.screen());
    console.send(Message::StoreBack).answer();
    assert!(console.screen().contains("Karlsson"), "{}", console.screen());
}

#[test]
fn nothing_in_it_says_so() {
    let mut console = Console::open(Start::default());
    console.press("N").answer();
    assert!(console.screen().contains("Inget har kommit in från bokningssidan."));
    console.press("s Enter").answer();
}

#[test]
fn r17_the_inbox_is_for_those_who_book_or_see_patients() {
    for (permissions, opens) in [
        (&[Permission::BookingEdit][..], true),
        (&[Permission::PatientView], true),
        (&[Permission::AuditRead], false),
    ] {
        let mut console = console(Start { user: user(permissions), ..Start::default() });
        console.press("N").answer();
        assert_eq!(console.screen().contains("kom in"), opens, "{permissions:?}");
        assert_eq!(console.screen().contains("behörighet saknas: Boka och avboka"), !opens);
    }
}

#[test]
fn r22_names_in_the_inbox_are_masked_like_all_others() {
    let mut opened = console(Start::default());
    let screen = opened.press("N").answer().screen();
    assert!(screen.contains("Skyddad identitet") && !screen.contains("Hemlig"), "{screen}");
    assert!(screen.contains("Karlsson"), "{screen}");
    assert!(!opened.press("F9").screen().contains("Karl"), "{}", opened.screen());
    let start = Start { user: user(&[Permission::BookingEdit]), ..Start::default() };
    assert!(!console(start).press("N").answer().screen().contains("Karl"));
}
