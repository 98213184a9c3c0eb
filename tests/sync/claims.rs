//! Two databases and one booking page: one is published, whoever the other's agent is, and nobody offers
//! times of the wrong one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Bytes;
use axum::http::Request;
use chrono::{DateTime, TimeDelta, Utc};
use tidbok::clinic::Command;
use tidbok::domain::{ClinicZone, OverlapChoice, SyncFaultKind};
use tidbok::sync::{Agent, BearerToken, Http, Sending, SyncError, Transport, Wire, Worked};

use crate::place::{AGENT, Place, day_at};

/// Carries requests until the other end answers no more.
struct Stalling {
    http: Http,
    stalled: Arc<AtomicBool>,
}

impl Transport for Stalling {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        match self.stalled.load(Ordering::Relaxed) {
            true => Box::pin(std::future::pending()),
            false => self.http.send(request),
        }
    }
}

/// A clinic with a page, and a copy of it with other times whose agent publishes to the same page.
async fn two() -> (Place, Agent, Place, Agent) {
    let place = Place::open().await;
    place.lay("09:00", "10:30").await;
    let copy = Place::open().await;
    copy.lay("08:00", "11:30").await;
    let own = place.agent("reception").of_database("the clinic's");
    let other = copy.agent_to(place.address()).of_database("a copy");
    (place, own, copy, other)
}

/// The agent is told whose page it is, and so are those who ask how it goes.
async fn contested(agent: &mut Agent, at: DateTime<Utc>) -> String {
    match agent.round(at).await {
        Err(SyncError::Contested { host }) => {
            let fault = agent.state().fault.as_ref().expect("it is told");
            assert_eq!(fault.kind, SyncFaultKind::Contested);
            host
        }
        other => panic!("published a second database: {other:?}"),
    }
}

#[tokio::test]
async fn a_copy_is_not_published_beside_the_clinics_own_database() {
    let (place, mut own, _copy, mut other) = two().await;
    let mut now = Utc::now();
    own.round(now).await.expect("a round");
    let free = place.free().await;
    for _ in 0..8 {
        now += TimeDelta::seconds(20);
        assert_eq!(contested(&mut other, now).await, "reception");
        assert_eq!(own.round(now).await.expect("a round"), Worked::InStep);
        assert_eq!(place.free().await, free);
    }
}

#[tokio::test]
async fn an_agent_that_ends_makes_room_at_once() {
    let (place, mut own, copy, mut other) = two().await;
    let now = Utc::now();
    own.round(now).await.expect("a round");
    contested(&mut other, now).await;
    own.stop(now).await.expect("gives lease and claim back");
    assert_eq!(other.round(now).await.expect("a round"), Worked::InStep);
    assert_eq!(place.free().await, copy.bookable().await);
    assert!(other.state().fault.is_none());
}

#[tokio::test]
async fn an_agent_that_is_gone_is_taken_over_from_after_a_minute_and_heeds_it_when_it_is_back() {
    let (place, mut own, copy, mut other) = two().await;
    let now = Utc::now();
    own.round(now).await.expect("a round");
    for seconds in [0, 30, 59] {
        contested(&mut other, now + TimeDelta::seconds(seconds)).await;
    }
    let then = now + TimeDelta::seconds(61);
    assert_eq!(other.round(then).await.expect("a round"), Worked::InStep);
    assert_eq!(place.free().await, copy.bookable().await);
    assert_eq!(contested(&mut own, then).await, "elsewhere");
}

#[tokio::test]
async fn another_agent_of_the_same_database_waits_for_nobody() {
    let (place, mut own, _copy, _other) = two().await;
    let now = Utc::now();
    own.round(now).await.expect("a round");
    // Killed: it gives nothing back, and its lease ends.
    drop(own);
    let mut next = place.agent("the other computer").of_database("the clinic's");
    let then = now + TimeDelta::seconds(20);
    assert_eq!(next.round(then).await.expect("a round"), Worked::InStep);
}

#[tokio::test]
async fn what_others_change_out_there_is_found_within_an_hour_or_so() {
    let place = Place::open().await;
    place.lay("09:00", "10:30").await;
    let mut agent = place.agent("one");
    let now = Utc::now();
    agent.round(now).await.expect("a round");
    let free = place.free().await;
    place.take_all_away().await;
    agent.round(now + TimeDelta::minutes(5)).await.expect("a round");
    assert_eq!(place.free().await, [], "nothing tells of it");
    let practitioners = place.clinic.setup().await.expect("a set-up").practitioners.len();
    for round in 0..i32::try_from(practitioners).expect("a few") {
        let then = now + TimeDelta::minutes(61) + TimeDelta::seconds(round.into());
        agent.round(then).await.expect("a round");
    }
    assert_eq!(place.free().await, free);
}

#[tokio::test]
async fn a_lease_that_was_taken_by_a_clock_that_goes_ahead_holds_nobody_up() {
    let place = Place::open().await;
    let now = Utc::now();
    let mut ahead = place.agent("one");
    ahead.round(now + TimeDelta::days(3)).await.expect("a round");
    let mut right = place.agent("two");
    assert_eq!(right.round(now).await.expect("a round"), Worked::InStep);
}

#[tokio::test]
async fn an_agent_whose_clock_is_set_back_goes_on_telling_that_it_lives() {
    let place = Place::open().await;
    let now = Utc::now();
    let mut agent = place.agent("one");
    agent.round(now + TimeDelta::minutes(50)).await.expect("a round");
    agent.round(now).await.expect("a round");
    let pulse = place.report().await.expect("a report").pulse;
    let alive_at = pulse.alive_at.expect("it has been at work");
    assert!(alive_at - now < TimeDelta::seconds(10), "{alive_at} is no time that has come");
}

#[tokio::test]
async fn times_that_had_faded_by_a_clock_that_went_ahead_are_offered_when_it_is_set_right() {
    let place = Place::open().await;
    let (practitioner, intervals) = ("BL".into(), vec![day_at("09:00", "10:30")]);
    place.run(Command::AddWorkSessions { practitioner, intervals: intervals.clone() }).await;
    place
        .run(Command::LayPreblocks {
            practitioner: "BL".into(),
            preblock_type: "e-alla".into(),
            intervals,
            overlap: OverlapChoice::Refuse,
            code: None,
        })
        .await;
    let at = |clock: &str| {
        let time = day_at(clock, "23:59").start();
        ClinicZone::default().first_instant(time).to_utc()
    };
    let mut agent = place.agent("one");
    // Two hours' notice are asked for.
    agent.round(at("07:31")).await.expect("a round");
    let left = place.free().await;
    agent.round(at("06:31")).await.expect("a round");
    let all = place.free().await;
    assert!(all.len() > left.len(), "{left:?}, {all:?}");
    assert!(all.iter().any(|(clock, _)| clock == "09:00"));
}

#[tokio::test]
async fn an_agent_that_is_to_stop_waits_for_no_server_and_makes_room_in_its_database() {
    let place = Place::open().await;
    let stalled = Arc::new(AtomicBool::new(false));
    let http = Http::new().expect("a client");
    let transport = Stalling { http, stalled: Arc::clone(&stalled) };
    let address = place.address().parse().expect("an address");
    let wire = Wire::new(Box::new(transport), &address, BearerToken::new(AGENT));
    let mut agent = place.agent_by("one", wire, place.address());
    let now = Utc::now();
    agent.round(now).await.expect("a round");
    stalled.store(true, Ordering::Relaxed);
    agent.stop(now).await.expect("it stops");
    let next = place.agent("two").round(now).await;
    assert_eq!(next.expect("a round"), Worked::InStep, "the lease was given back");
}
