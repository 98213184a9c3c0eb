//! Agent and portal are killed while staff and patients are at work; once that stops, nothing is lost,
//! doubled or left unanswered.
//!
//! `TIDBOK_KILLS=200 cargo test --test processes kills -- --nocapture` kills as often;
//! `TIDBOK_KILLS_SEED=N` makes other choices.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;
use tidbok::clinic::{BookedFor, BookingSubject, Command, StaffBooking};
use tidbok::domain::*;

use crate::dice::Dice;
use crate::programs::{Place, now, stretch};

/// Kills where nothing else is asked.
const KILLS: u64 = 6;
const PRACTITIONERS: [&str; 3] = ["AE", "BL", "CÅ"];

/// Below `sides`, as counts of minutes are.
fn below(dice: &mut Dice, sides: i32) -> i32 {
    let sides = u64::try_from(sides).expect("sides");
    i32::try_from(dice.roll(sides)).expect("small")
}

pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Somebody does something, whatever comes of it.
async fn act(place: &Place, dice: &mut Dice) {
    let practitioner = *dice.pick(&PRACTITIONERS).expect("one");
    let at = stretch(below(dice, 5), 8 * 60 + 15 * below(dice, 32), 30 + 15 * below(dice, 7));
    let days = DateRange::new(stretch(0, 480, 30).start().date(), 6);
    match dice.roll(10) {
        0..3 => {
            place.lay(practitioner, at).await;
        }
        3 => {
            let practitioner = PractitionerId::from(practitioner);
            let book = place.clinic.book(&practitioner, days).await.expect("the store answers");
            if let Some(laid) = dice.pick(book.calendar.preblocks()) {
                let preblocks = vec![laid.id.clone()];
                place.run(Command::RemovePreblocks { practitioner, preblocks }).await;
            }
        }
        4 => {
            place
                .run(Command::Book(StaffBooking {
                    practitioner: practitioner.into(),
                    start: at.start(),
                    what: BookingSubject::Template("us30".into()),
                    patient: BookedFor::Nobody,
                    text: None,
                    confirmed: [Confirmation::OutsideSchedule].into(),
                }))
                .await;
        }
        5 => {
            let book = place.clinic.book(&practitioner.into(), days).await;
            let book = book.expect("the store answers");
            let active: Vec<_> =
                book.calendar.bookings().iter().filter(|it| it.is_active()).collect();
            if let Some(booking) = dice.pick(&active) {
                let booking = booking.id.clone();
                place.run(Command::CancelBooking { booking, seen: None, reason: None }).await;
            }
        }
        _ => {
            let free = place.all("Slot?status=free").await;
            if let Some(slot) = dice.pick(&free) {
                place.wish(slot).await;
            }
        }
    }
}

/// Every wish that was granted stands in the books once, at its time; nothing overlaps (R12).
async fn check(place: &Place) -> BTreeMap<&'static str, usize> {
    let mut in_books = BTreeMap::new();
    for practitioner in PRACTITIONERS {
        let days = DateRange::new(now().date(), 60);
        let book = place.clinic.book(&practitioner.into(), days).await.expect("the store answers");
        let active: Vec<_> = book.calendar.bookings().iter().filter(|it| it.is_active()).collect();
        for (at, one) in active.iter().enumerate() {
            let double = active[at + 1..].iter().any(|other| other.interval.overlaps(one.interval));
            assert!(!double, "R12: no double booking");
            if let Some(portal_id) = one.portal_id.clone().filter(|_| one.is_online()) {
                let before = in_books.insert(portal_id, one.interval.start().to_string());
                assert_eq!(before, None, "a wish stands in the books once");
            }
        }
    }
    let appointments = place.all("Appointment?_sort=_id").await;
    let mut out_there = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for appointment in &appointments {
        let status = appointment["status"].as_str().expect("a status");
        let refused = appointment["cancelationReason"].is_object();
        let what = match (status, refused) {
            ("booked", _) => "booked",
            ("cancelled", true) => "refused",
            ("cancelled", false) => "cancelled",
            _ => panic!("not answered: {status}"),
        };
        *counts.entry(what).or_default() += 1;
        if status == "booked" {
            let id = appointment["id"].as_str().map(str::to_owned);
            let start = appointment["start"].as_str().expect("a start")[..16].to_owned();
            out_there.insert(id.expect("an id"), start);
        }
    }
    assert_eq!(out_there, in_books, "what is booked out there is booked here");
    counts
}

#[tokio::test]
async fn kills_at_any_moment_lose_nothing_and_double_nothing() {
    let kills = number("TIDBOK_KILLS").unwrap_or(KILLS);
    let mut dice = Dice(number("TIDBOK_KILLS_SEED").unwrap_or(1));
    let begun = Instant::now();
    let mut place = Place::open().await;
    for practitioner in PRACTITIONERS {
        for day in 0..5 {
            assert!(place.lay(practitioner, stretch(day, 8 * 60, 4 * 60)).await);
        }
    }
    let mut agent = place.agent("agent");
    place.wait_in_step().await;
    let (mut agents, mut portals) = (0, 0);
    for kill in 0..kills {
        for _ in 0..3 {
            act(&place, &mut dice).await;
        }
        tokio::time::sleep(Duration::from_millis(dice.roll(250))).await;
        if kill % 2 == 0 {
            agent.kill();
            agent = place.agent("agent");
            agents += 1;
            // The lease of the one that was killed ends: the next one is to be at work, too.
            if dice.roll(2) == 0 {
                agent.wait_saying("in step").await;
            }
        } else {
            place.kill_portal();
            portals += 1;
        }
    }
    let settled = place.wait_in_step().await;
    // What was cancelled in the books is followed in the same rounds; the last may be under way.
    let mut counts = check_patiently(&place).await;
    counts.insert("free", place.published().await.len());
    println!(
        "{agents} agents and {portals} portals killed in {:?}; in step again after {settled:?}; \
         {counts:?}",
        begun.elapsed()
    );
    assert!(counts.get("booked").is_some_and(|booked| *booked > 0), "{counts:?}");
    agent.stop();
}

/// Waits until what staff have cancelled last is cancelled out there, too, then checks everything.
pub async fn check_patiently(place: &Place) -> BTreeMap<&'static str, usize> {
    let begun = Instant::now();
    while begun.elapsed() < crate::programs::PATIENCE {
        let booked = place.all("Appointment?status=booked").await.len();
        let mut active = 0;
        for practitioner in PRACTITIONERS {
            let days = DateRange::new(now().date(), 60);
            let book = place.clinic.book(&practitioner.into(), days).await;
            let book = book.expect("the store answers");
            active += book
                .calendar
                .bookings()
                .iter()
                .filter(|it| it.is_active() && it.portal_id.is_some())
                .count();
        }
        if booked == active {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    check(place).await
}

#[tokio::test]
async fn what_was_wished_while_no_agent_lived_is_answered_by_the_next() {
    let place = Place::open().await;
    assert!(place.lay("AE", stretch(0, 9 * 60, 120)).await);
    let agent = place.agent("agent");
    place.wait_in_step().await;
    let free = place.all("Slot?status=free").await;
    agent.kill();
    assert!(place.wish(&free[0]).await);
    let found = place.page(Method::GET, "Appointment?status=proposed", None).await;
    assert_eq!(found.map(|(_, found)| found["entry"].as_array().map(Vec::len)), Some(Some(1)));
    let agent = place.agent("next");
    place.wait_in_step().await;
    let booked: Vec<Value> = place.all("Appointment?status=booked").await;
    assert_eq!(booked.len(), 1);
    agent.stop();
}
