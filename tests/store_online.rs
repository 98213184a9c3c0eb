//! What every engine behind the store must hold of patients' bookings: by the portal's id, by
//! patient, with the contacts given and the recalls moved. Written against `Store` alone.

mod support;

use std::collections::BTreeSet;

use support::{Place, command, example, interval, now};
use tidbok::domain::*;
use tidbok::store::{AuditChain, NewAuditEntry, RevisionScope, Store, StoreError, Transaction};

fn booking(id: &str, times: &str) -> Booking {
    Booking {
        id: id.into(),
        practitioner: "AE".into(),
        interval: interval(times),
        category: "us".into(),
        template: Some("us30".into()),
        patient: Some("p1".into()),
        text: String::new(),
        resources: ResourceCodes::default(),
        registered_by: ITB.to_owned(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    }
}

/// The example's patient without bookings of their own, so that each test says which there are.
async fn unbooked(place: &Place) -> Store {
    let store = place.store().await;
    let mut file = example();
    file.bookings.clear();
    support::take_in(&store, &file, tidbok::store::ImportMode::IntoEmpty).await.unwrap();
    store
}

fn time(text: &str) -> CivilTime {
    text.parse().unwrap()
}

fn ids(bookings: &[Booking]) -> Vec<&str> {
    bookings.iter().map(|booking| booking.id.as_str()).collect()
}

#[tokio::test]
async fn a_booking_is_found_by_the_portals_id_letter_by_letter_cancelled_or_not() {
    let place = Place::new();
    let store = unbooked(&place).await;
    let mut change = store.begin().await.unwrap();
    let rows = [("b", "w1", "09"), ("a", "w1", "10"), ("c", "W1", "11")];
    for (id, portal, start) in rows {
        let times = format!("2026-11-25T{start}:00/2026-11-25T{start}:30");
        let mut booking = booking(id, &times);
        booking.portal_id = Some(portal.to_owned());
        booking.state = BookingState::Cancelled;
        change.insert_booking(&booking).await.unwrap();
    }
    let mut found = async |id: &str| {
        let id = PortalId::parse(id).unwrap();
        change.booking_from_portal(&id).await.unwrap().map(|booking| booking.id.to_string())
    };
    assert_eq!(found("w1").await, Some("a".to_owned()), "of two that were imported the first");
    assert_eq!(found("W1").await, Some("c".to_owned()));
    assert_eq!(found("w2").await, None);
    assert_eq!(found("%").await, None);
}

#[tokio::test]
async fn a_patient_is_found_by_the_whole_number() {
    let place = Place::new();
    let store = place.example().await;
    let mut reading = store.read().await.unwrap();
    let mut found = async |number: &str| {
        let number = Personnummer::parse(number, support::today()).unwrap();
        reading.patient_by_number(&number).await.unwrap().map(|patient| patient.id.to_string())
    };
    assert_eq!(found("19121212-1212").await, Some("p1".to_owned()));
    assert_eq!(found("19811218-9876").await, None);
}

#[tokio::test]
async fn coming_bookings_are_the_soonest_and_past_ones_the_latest_within_the_limit() {
    let place = Place::new();
    let store = unbooked(&place).await;
    let mut change = store.begin().await.unwrap();
    let rows = [
        ("over", "2026-11-25T08:00/2026-11-25T09:00", BookingState::Booked),
        ("under-way", "2026-11-25T09:00/2026-11-25T10:00", BookingState::Booked),
        ("cancelled", "2026-11-25T12:00/2026-11-25T12:30", BookingState::Cancelled),
        ("later", "2026-12-25T12:00/2026-12-25T12:30", BookingState::Booked),
        ("long-ago", "2025-11-25T12:00/2025-11-25T12:30", BookingState::Booked),
    ];
    for (id, times, state) in rows {
        change.insert_booking(&Booking { state, ..booking(id, times) }).await.unwrap();
    }
    let elses =
        Booking { patient: None, ..booking("nobodys", "2026-11-27T12:00/2026-11-27T12:30") };
    change.insert_booking(&elses).await.unwrap();
    let (p1, now) = (PatientId::from("p1"), time("2026-11-25T09:59"));
    let coming = change.coming_bookings(&p1, now, 9).await.unwrap();
    assert_eq!(ids(&coming), ["under-way", "later"]);
    let past = change.past_bookings(&p1, now, 9).await.unwrap();
    assert_eq!(ids(&past), ["cancelled", "over", "long-ago"]);
    assert_eq!(ids(&change.coming_bookings(&p1, now, 1).await.unwrap()), ["under-way"]);
    assert_eq!(ids(&change.past_bookings(&p1, now, 2).await.unwrap()), ["cancelled", "over"]);
    let ended = time("2026-11-25T10:00");
    assert_eq!(ids(&change.coming_bookings(&p1, ended, 9).await.unwrap()), ["later"]);
}

fn given(booking: &str, at: &str) -> GivenContacts {
    GivenContacts {
        booking: booking.into(),
        given_at: time(at),
        contacts: Contacts {
            first_name: "Åsa".to_owned(),
            last_name: "O'Brien; --".to_owned(),
            email: "asa@example.org".to_owned(),
            mobile: "070-174 06 05".to_owned(),
            address: None,
        },
        offer: Offer::Open,
        language: Some(PatientLanguage::English),
    }
}

async fn write(change: &mut Transaction, contacts: Changed<GivenContacts>) {
    change.write_setting(&SettingChange::Contacts(contacts)).await.unwrap();
}

#[tokio::test]
async fn contacts_are_kept_with_their_booking_and_the_last_given_are_found_by_patient() {
    let place = Place::new();
    let store = unbooked(&place).await;
    let mut change = store.begin().await.unwrap();
    for (id, start) in [("a", "09"), ("b", "10")] {
        let times = format!("2026-11-25T{start}:00/2026-11-25T{start}:30");
        change.insert_booking(&booking(id, &times)).await.unwrap();
    }
    let (p1, a) = (PatientId::from("p1"), BookingId::from("a"));
    assert!(change.given_contacts(&a).await.unwrap().is_none());
    assert!(change.last_given_contacts(&p1).await.unwrap().is_none());
    let (later, earlier) = (given("a", "2026-11-23T12:01"), given("b", "2026-11-23T12:00"));
    write(&mut change, Changed::Added(later.clone())).await;
    write(&mut change, Changed::Added(earlier.clone())).await;
    assert!(change.given_contacts(&a).await.unwrap() == Some(later.clone()));
    assert!(change.last_given_contacts(&p1).await.unwrap() == Some(later.clone()));
    let settled = GivenContacts { offer: Offer::Settled, ..later.clone() };
    write(&mut change, Changed::Altered { before: later, after: settled.clone() }).await;
    assert!(change.last_given_contacts(&p1).await.unwrap() == Some(settled.clone()));
    write(&mut change, Changed::Removed(settled)).await;
    assert!(change.last_given_contacts(&p1).await.unwrap() == Some(earlier));
    let stray = SettingChange::Contacts(Changed::Added(given("??", "2026-11-23T12:00")));
    assert!(matches!(change.write_setting(&stray).await, Err(StoreError::BrokenReference)));
}

fn date(text: &str) -> Option<chrono::NaiveDate> {
    parse_date(text)
}

#[tokio::test]
async fn what_a_booking_did_to_a_recall_is_kept_with_it_and_goes_with_it() {
    let place = Place::new();
    let store = unbooked(&place).await;
    let mut change = store.begin().await.unwrap();
    change.insert_booking(&booking("a", "2026-11-25T09:00/2026-11-25T09:30")).await.unwrap();
    let a = BookingId::from("a");
    let free = RecallState { date: None, moved: None };
    let held = RecallState { date: date("2027-11-25"), moved: Some(MovedFrom { date: None }) };
    let moved = RecallChange {
        patient: "p1".into(),
        booking: a.clone(),
        before: free.clone(),
        after: held.clone(),
    };
    change.write_recall(&moved).await.unwrap();
    let kept = RecallMove { from: MovedFrom { date: None }, to: date("2027-11-25").unwrap() };
    assert_eq!(change.recall_move(&a).await.unwrap(), Some(kept));
    change.write_recall(&moved.clone().reversed()).await.unwrap();
    assert_eq!(change.recall_move(&a).await.unwrap(), None);
    change.write_recall(&moved).await.unwrap();
    let booked = change.booking(&a).await.unwrap().unwrap();
    change.delete_booking(&booked).await.unwrap();
    assert_eq!(change.recall_move(&a).await.unwrap(), None);
    let nobodys = RecallChange { patient: "??".into(), ..moved };
    assert!(matches!(change.write_recall(&nobodys).await, Err(StoreError::Gone { .. })));
}

#[tokio::test]
async fn the_command_that_did_something_to_an_entity_first_is_found() {
    let place = Place::new();
    let store = place.example().await;
    let mut change = store.begin().await.unwrap();
    change.bump(&BTreeSet::from([RevisionScope::Practitioner("AE".into())])).await.unwrap();
    let rows = [("c1", "booking.add"), ("c2", "booking.online"), ("c3", "booking.online")];
    for (id, action) in rows {
        let entry = NewAuditEntry {
            chain: AuditChain::Practitioner("AE".into()),
            at: now(),
            actor: ITB.to_owned(),
            command: command(id),
            action: action.to_owned(),
            entity: "booking/b1".to_owned(),
            before: None,
            after: None,
        };
        change.append_audit(&entry).await.unwrap();
    }
    let mut found = async |action: &str, entity: &str| {
        change.command_that(action, entity).await.unwrap().map(|id| id.to_string())
    };
    assert_eq!(found("booking.online", "booking/b1").await, Some("c2".to_owned()));
    assert_eq!(found("booking.online", "booking/b2").await, None);
    assert_eq!(found("booking.cancel", "booking/b1").await, None);
}

on_the_server_too! {
    a_booking_is_found_by_the_portals_id_letter_by_letter_cancelled_or_not,
    a_patient_is_found_by_the_whole_number,
    coming_bookings_are_the_soonest_and_past_ones_the_latest_within_the_limit,
    contacts_are_kept_with_their_booking_and_the_last_given_are_found_by_patient,
    what_a_booking_did_to_a_recall_is_kept_with_it_and_goes_with_it,
    the_command_that_did_something_to_an_entity_first_is_found,
}
