//! What the Online Client's agent keeps of its work, what is asked of it, and the page that it publishes to.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tidbok::domain::*;

fn at(clock: &str) -> DateTime<Utc> {
    format!("2026-11-25T{clock}Z").parse().expect("an instant")
}

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")
}

fn round(alter: impl FnOnce(&mut Round)) -> Round {
    let mut round = Round::begun(at("10:00:00"));
    alter(&mut round);
    round
}

#[test]
fn a_round_is_empty_until_something_was_published_withdrawn_or_answered() {
    assert!(round(|_| {}).is_empty());
    assert!(round(|it| it.milliseconds = 40).is_empty());
    for (alter, answered) in [
        ((|it| it.published = 3) as fn(&mut Round), 0),
        (|it| it.withdrawn = 3, 0),
        (|it| it.booked = 3, 3),
        (|it| it.rebooked = 3, 3),
        (|it| it.cancelled = 3, 3),
        (|it| it.refused = 3, 3),
    ] {
        let round = round(alter);
        assert!(!round.is_empty(), "{round:?}");
        assert_eq!(round.answered(), answered, "{round:?}");
    }
    let all = round(|it| (it.booked, it.rebooked, it.cancelled, it.refused) = (1, 2, 4, 8));
    assert_eq!(all.answered(), 15);
}

#[test]
fn the_latest_twenty_rounds_are_kept() {
    let mut state = SyncState::default();
    for n in 1..=25 {
        state.remember(round(|it| it.published = n));
    }
    let kept: Vec<usize> = state.rounds.iter().map(|round| round.published).collect();
    assert_eq!(kept, (6..=25).collect::<Vec<_>>());
}

#[test]
fn wishes_are_counted_by_the_day() {
    let mut state = SyncState::default();
    state.count_wishes(&round(|it| it.published = 9), date(25));
    assert_eq!(state.today, None, "a round without wishes counts none");
    let refused = round(|it| {
        it.refused = 3;
        it.reasons = [("R2".to_owned(), 2), ("R8".to_owned(), 1)].into();
    });
    let answered = round(|it| (it.booked, it.rebooked, it.cancelled) = (3, 2, 5));
    for round in [&answered, &refused, &answered, &refused] {
        state.count_wishes(round, date(25));
    }
    let expected = WishesOfDay {
        date: date(25),
        booked: 6,
        rebooked: 4,
        cancelled: 10,
        refused: [("R2".to_owned(), 4), ("R8".to_owned(), 2)].into(),
    };
    assert_eq!(state.today, Some(expected));
    for (alter, booked, rebooked, cancelled) in [
        ((|it| it.booked = 1) as fn(&mut Round), 1, 0, 0),
        (|it| it.rebooked = 1, 0, 1, 0),
        (|it| it.cancelled = 1, 0, 0, 1),
    ] {
        let mut state = SyncState { today: state.today.clone(), ..SyncState::default() };
        state.count_wishes(&round(alter), date(26));
        let refused = BTreeMap::new();
        let next = WishesOfDay { date: date(26), booked, rebooked, cancelled, refused };
        assert_eq!(state.today, Some(next), "a new day begins at nothing");
    }
}

#[test]
fn a_fault_that_is_mended_is_remembered_with_when() {
    let fault = SyncFault {
        since: at("09:00:00"),
        kind: SyncFaultKind::TimedOut,
        text: "timed out".to_owned(),
    };
    let mut state = SyncState { fault: Some(fault.clone()), ..SyncState::default() };
    for clock in ["10:00:00", "11:00:00"] {
        state.mended(at(clock));
        assert_eq!(state.fault, None);
        assert_eq!(state.last_fault, Some((fault.clone(), at("10:00:00"))), "not mended again");
    }
}

#[test]
fn of_each_minute_the_longest_latency_is_kept_and_of_the_latest_hour() {
    let mut state = SyncState::default();
    for (clock, milliseconds) in
        [("10:00:05", 30), ("10:00:59", 80), ("10:00:59", 50), ("10:01:00", 20)]
    {
        state.remember_latency(at(clock), milliseconds);
    }
    let latency = |clock, milliseconds| Latency { at: at(clock), milliseconds };
    assert_eq!(state.latency, [latency("10:00:00", 80), latency("10:01:00", 20)]);
    for minute in 2..70 {
        state.remember_latency(at("10:00:00") + TimeDelta::minutes(minute), 10);
    }
    assert_eq!(state.latency.len(), 60);
    assert_eq!(state.latency.front(), Some(&latency("10:10:00", 10)));
}

#[test]
fn an_agent_that_takes_over_goes_on_where_the_other_was() {
    let mut before = SyncState {
        set_aside: 3,
        fault: Some(SyncFault {
            since: at("09:00:00"),
            kind: SyncFaultKind::Database,
            text: String::new(),
        }),
        passed_probe: Some(("page".to_owned(), "version".to_owned())),
        ..SyncState::default()
    };
    before.mended(at("10:00:00"));
    before.remember(round(|it| it.published = 1));
    before.count_wishes(&round(|it| it.booked = 1), date(25));
    before.remember_latency(at("10:00:00"), 10);
    *before.done.of_mut(SyncRequest::Now) = Some(RequestDone { n: 4, at: at("10:00:00") });
    let mut after = SyncState::default();
    after.adopt(before.clone());
    assert_eq!(after, SyncState { set_aside: 0, ..before });
}

#[test]
fn a_request_is_pending_until_as_many_are_done_as_were_asked() {
    use SyncRequest::{Everything, Now};
    let (mut asked, mut done) = (SyncAsked::default(), RequestsDone::default());
    for request in SyncRequest::ALL {
        assert!(!done.is_pending(request, asked), "{request:?} was not asked");
        assert_eq!(SyncRequest::from_key(request.key()), Some(request));
    }
    assert_eq!(SyncRequest::from_key("later"), None);
    *asked.of_mut(Now) = 2;
    *asked.of_mut(Everything) = 1;
    assert_eq!((asked.of(Now), asked.of(Everything)), (2, 1));
    for (n, pending) in [(1, true), (2, false), (3, false)] {
        *done.of_mut(Now) = Some(RequestDone { n, at: at("10:00:00") });
        assert_eq!(done.is_pending(Now, asked), pending, "{n}");
        assert!(done.is_pending(Everything, asked));
    }
}

#[test]
fn a_time_is_looked_at_on_the_page_that_it_is_published_to() {
    let agent = |publishes_to: &str| AgentAt {
        host: "klinik".to_owned(),
        process: 1,
        version: "0.1.0".to_owned(),
        since: at("10:00:00"),
        publishes_to: publishes_to.to_owned(),
    };
    let start: CivilTime = "2026-11-25T09:00".parse().expect("a time");
    let shown = Interval::new(start, start + Minutes(90)).expect("an interval");
    for (publishes_to, page) in [
        (
            "https://boka.example.se/fhir/ek",
            Some("https://boka.example.se/ek/here/A%2FE/2026-11-25T09:00/90"),
        ),
        (
            "https://boka.example.se/x/fhir/ek/",
            Some("https://boka.example.se/x/ek/here/A%2FE/2026-11-25T09:00/90"),
        ),
        ("https://boka.example.se/r4/ek", None),
    ] {
        let found = agent(publishes_to).page_of(&"A/E".into(), shown);
        assert_eq!(found.as_deref(), page, "{publishes_to}");
    }
}

#[test]
fn since_when_it_goes_wrong_is_told_where_it_does() {
    let since = at("10:00:00");
    for (status, expected) in [
        (SyncStatus::NoAgent, None),
        (SyncStatus::InStep, None),
        (SyncStatus::Paused, None),
        (SyncStatus::Waiting { books: 1, since }, Some(since)),
        (SyncStatus::Fault { since }, Some(since)),
        (SyncStatus::Silent { since }, Some(since)),
    ] {
        assert_eq!(status.since(), expected, "{status:?}");
    }
}
