//! What must hold when it is over.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde_json::Value;
use tidbok::domain::{Booking, CommandId, DateRange, Interval, PractitionerId};

use super::console::{Spot, Told};
use super::ground::{CONSOLES, PATIENTS, SCRIPTS};
use super::scripts::{Ended, Runs};
use super::world::{Stands, World, locked};
use crate::programs::{AGENT, Place, now};

/// Whatever was told is so, nothing overlaps, and everything is whole.
pub async fn everything(place: &mut Place, world: &World, told: &[Told], runs: &Runs) {
    // What browsers hold for now is offered to nobody else; the agent sees it.
    place.token = AGENT;
    let settled = place.wait_in_step().await;
    println!("in step {settled:?} after the last fault");
    whole(place, runs);
    published(place, runs).await;
    for ((practitioner, _), told) in CONSOLES.iter().zip(told) {
        console(place, practitioner, told).await;
    }
    patients(place, world).await;
    scripts(place, world).await;
}

/// Both databases and the log are whole.
fn whole(place: &Place, runs: &Runs) {
    for name in ["clinic.db", "portal.db"] {
        let database = Connection::open(place.path(name)).expect("a database");
        let verdict: String = database
            .query_row("PRAGMA integrity_check", (), |row| row.get(0))
            .expect("it can be checked");
        assert_eq!(verdict, "ok", "{name}");
    }
    let verified = runs.run(None, &["audit", "verify"]);
    assert!(matches!(verified, Ended::Well(_)), "the log verifies");
}

/// What the command line says is bookable is what the page offers.
async fn published(place: &Place, runs: &Runs) {
    let Ended::Well(slots) = runs.run(None, &["slots", "--days", "95", "--json"]) else {
        panic!("the slots are listed");
    };
    let slots: Vec<Value> = serde_json::from_str(&slots).expect("JSON");
    let of = |slot: &Value, name: &str| slot[name].as_str().expect("a text").to_owned();
    let mut wanted: Vec<String> = slots
        .iter()
        .map(|slot| format!("{} {}", of(slot, "start"), of(slot, "template")))
        .collect();
    wanted.sort();
    assert!(!wanted.is_empty());
    assert_eq!(place.published().await, wanted, "what is published is what is wanted");
    println!("{} times are published", wanted.len());
}

/// The bookings of a book that are not cancelled; no two overlap (R12).
async fn bookings(place: &Place, practitioner: &str) -> Vec<Booking> {
    let days = DateRange::new(now().date(), 120);
    let book = place.clinic.book(&PractitionerId::from(practitioner), days).await;
    let book = book.expect("the store answers");
    let mut active: Vec<Booking> =
        book.calendar.bookings().iter().filter(|it| it.is_active()).cloned().collect();
    active.sort_by_key(|it| it.interval.start());
    let mut preblocks: Vec<Interval> =
        book.calendar.preblocks().iter().map(|it| it.interval).collect();
    preblocks.sort_by_key(|it| it.start());
    let booked: Vec<Interval> = active.iter().map(|it| it.interval).collect();
    for intervals in [booked, preblocks] {
        for pair in intervals.windows(2) {
            assert!(!pair[0].overlaps(pair[1]), "{practitioner}: {pair:?}");
        }
    }
    active
}

/// A console's book holds what the console said.
async fn console(place: &Place, practitioner: &str, told: &Told) {
    let booked: BTreeSet<Interval> =
        bookings(place, practitioner).await.iter().map(|it| it.interval).collect();
    let days = DateRange::new(now().date(), 120);
    let book = place.clinic.book(&PractitionerId::from(practitioner), days).await;
    let laid: BTreeSet<Interval> = book
        .expect("the store answers")
        .calendar
        .preblocks()
        .iter()
        .map(|preblock| preblock.interval)
        .collect();
    let mut unknown = 0;
    for (spot, stands) in told {
        let is_there = match spot {
            Spot::Preblock(interval) => laid.contains(interval),
            Spot::Booking(interval) => booked.contains(interval),
        };
        match stands {
            Stands::There => assert!(is_there, "{practitioner}: {spot:?} was said to be there"),
            Stands::Not => assert!(!is_there, "{practitioner}: {spot:?} was said to be gone"),
            Stands::Unknown => unknown += 1,
        }
    }
    println!(
        "{practitioner}: {} preblocks and {} bookings as the console said, {unknown} of which it \
         was not told",
        laid.len(),
        booked.len()
    );
}

/// Each time that the page called booked stands in a book once, and none that it called cancelled.
async fn patients(place: &Place, world: &World) {
    let mut online: BTreeMap<String, usize> = BTreeMap::new();
    for practitioner in PATIENTS {
        for booking in bookings(place, practitioner).await {
            *online.entry(booking.portal_id.unwrap_or_default()).or_default() += 1;
        }
    }
    let told = locked(&world.booked).clone();
    for (id, stands) in &told {
        let found = online.get(id).copied().unwrap_or_default();
        match stands {
            Stands::There => assert_eq!(found, 1, "{id} was called booked"),
            Stands::Not => assert_eq!(found, 0, "{id} was called cancelled"),
            Stands::Unknown => assert!(found < 2, "{id} stands twice"),
        }
    }
    let untold = online.keys().filter(|id| !told.contains_key(*id)).count();
    println!("{} patients were answered; {untold} left before", told.len());
}

/// Every command that ended well is known to the store.
async fn scripts(place: &Place, world: &World) {
    bookings(place, SCRIPTS).await;
    let mut reading = place.clinic.store().read().await.expect("the store answers");
    let commands = locked(&world.commands).clone();
    for id in &commands {
        let kept = reading.command(&CommandId::from(id.as_str())).await.expect("it answers");
        assert!(kept.is_some(), "{id} ended well");
    }
    println!("{} changes by scripts", commands.len());
}
