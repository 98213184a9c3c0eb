//! What every engine behind the store must hold. Written against `Store` alone.

mod support;

use std::collections::BTreeSet;

use support::{Place, command, example, interval, now, take_in};
use tidbok::domain::{
    Booking, BookingId, BookingState, Identification, PatientId, PractitionerId, Preblock,
    PreblockId, Resource, ResourceCode, ResourceCodes, Signature, WorkSession, WorkSessionId,
};
use tidbok::store::{
    DatabaseLocation, FailedSignIns, ImportMode, OpenMode, RevisionScope, Store, StoreError,
    StoredCommand, Whose, export,
};

fn preblock(id: &str, times: &str) -> Preblock {
    Preblock {
        id: PreblockId::from(id),
        practitioner: PractitionerId::from("AE"),
        preblock_type: "e-us".into(),
        interval: interval(times),
    }
}

fn booking(id: &str, times: &str) -> Booking {
    Booking {
        id: BookingId::from(id),
        practitioner: PractitionerId::from("AE"),
        interval: interval(times),
        category: "us".into(),
        template: Some("us45r".into()),
        patient: Some("p1".into()),
        text: "Ringer först".to_owned(),
        resources: ResourceCodes::parse("R").unwrap(),
        registered_by: "AE".to_owned(),
        state: BookingState::Booked,
        portal_id: Some("portal-1".to_owned()),
        identification: Identification::EId,
    }
}

#[tokio::test]
async fn what_was_imported_is_read_back_the_same() {
    let place = Place::new();
    let store = place.example().await;
    let mut reading = store.read().await.unwrap();
    let file = example();
    assert_eq!(reading.setup().await.unwrap(), file.setup);
    assert_eq!(reading.users().await.unwrap(), file.users);
    let ids = BTreeSet::from([PatientId::from("p1"), PatientId::from("nobody")]);
    assert_eq!(reading.patients(&ids).await.unwrap(), file.patients);
    let wednesday = interval("2026-11-25T00:00/2026-11-26T00:00");
    let calendars = reading.stretch(Whose::All, wednesday).await.unwrap().calendars;
    assert_eq!(calendars.len(), 3);
    let anna = reading.calendar(&PractitionerId::from("AE"), wednesday).await.unwrap();
    assert_eq!(anna, calendars[&PractitionerId::from("AE")]);
    let counts = (anna.sessions().len(), anna.preblocks().len(), anna.bookings().len());
    assert_eq!(counts, (2, 2, 1));
    // The cancelled booking takes no time.
    assert_eq!(calendars[&PractitionerId::from("CÅ")].bookings().len(), 1);
}

#[tokio::test]
async fn a_calendar_holds_what_overlaps_and_not_what_touches_however_long_it_is() {
    let place = Place::new();
    let store = place.example().await;
    let mut change = store.begin().await.unwrap();
    change.insert_preblock(&preblock("year", "2027-01-01T00:00/2028-01-01T00:00")).await.unwrap();
    change.insert_preblock(&preblock("after", "2028-01-01T00:00/2028-01-01T00:10")).await.unwrap();
    let mut seen = async |times: &str| {
        let calendar = change.calendar(&"AE".into(), interval(times)).await.unwrap();
        calendar.preblocks().iter().map(|block| block.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(seen("2027-12-31T23:59/2028-01-01T00:00").await, ["year"]);
    assert_eq!(seen("2027-01-01T00:00/2027-01-01T00:01").await, ["year"]);
    assert_eq!(seen("2026-12-31T23:00/2027-01-01T00:00").await, [""; 0]);
    assert_eq!(seen("2027-12-31T00:00/2028-01-01T00:01").await, ["year", "after"]);
}

#[tokio::test]
async fn r9_resources_are_counted_over_all_practitioners() {
    let place = Place::new();
    let store = place.example().await;
    let mut reading = store.read().await.unwrap();
    let wednesday = interval("2026-11-25T00:00/2026-11-26T00:00");
    let used = reading.stretch(Whose::These(&[]), wednesday).await.unwrap().resources;
    let codes = ResourceCodes::parse("R").unwrap();
    assert!(used.first_lacking(&codes, interval("2026-11-25T10:44/2026-11-25T11:00")).is_some());
    assert!(used.first_lacking(&codes, interval("2026-11-25T10:45/2026-11-25T11:00")).is_none());
}

#[tokio::test]
async fn entities_are_added_changed_and_removed() {
    let place = Place::new();
    let store = place.example().await;
    let mut change = store.begin().await.unwrap();
    let block = preblock("new", "2026-12-01T09:00/2026-12-01T10:00");
    change.insert_preblock(&block).await.unwrap();
    assert_eq!(change.preblock(&block.id).await.unwrap(), Some(block.clone()));
    change.delete_preblock(&block.id).await.unwrap();
    assert_eq!(change.preblock(&block.id).await.unwrap(), None);
    assert!(matches!(change.delete_preblock(&block.id).await, Err(StoreError::Gone { .. })));

    let session = WorkSession {
        id: WorkSessionId::from("new"),
        practitioner: "AE".into(),
        interval: block.interval,
    };
    change.insert_work_session(&session).await.unwrap();
    assert_eq!(change.work_session(&session.id).await.unwrap(), Some(session.clone()));
    change.delete_work_session(&session.id).await.unwrap();

    let booked = booking("new", "2026-12-01T09:00/2026-12-01T09:45");
    change.insert_booking(&booked).await.unwrap();
    assert_eq!(change.booking(&booked.id).await.unwrap(), Some(booked.clone()));
    let cancelled =
        Booking { state: BookingState::Cancelled, text: String::new(), ..booked.clone() };
    change.update_booking(&booked, &cancelled).await.unwrap();
    assert_eq!(change.booking(&booked.id).await.unwrap(), Some(cancelled.clone()));
    change.delete_booking(&cancelled).await.unwrap();
    let again = change.update_booking(&cancelled, &booked).await;
    assert!(matches!(again, Err(StoreError::Gone { .. })));
}

#[tokio::test]
async fn r9_whatever_is_done_with_bookings_what_they_hold_is_counted() {
    let place = Place::new();
    let mut file = support::example();
    for (code, capacity) in [('S', 2), ('😀', 1)] {
        let code = ResourceCode(code);
        let name = "Annan".to_owned();
        file.setup.resources.insert(code, Resource { code, name, capacity });
    }
    let store = place.store().await;
    take_in(&store, &file, ImportMode::IntoEmpty).await.unwrap();
    support::resources_are_counted(&store).await;
    let holding = |id: &str, times: &str, codes: &str| Booking {
        resources: ResourceCodes::parse(codes).unwrap(),
        ..booking(id, times)
    };
    let day = holding("day", "2026-12-01T09:00/2026-12-01T09:45", "R");
    let later = Booking { interval: interval("2026-12-01T09:30/2026-12-01T10:15"), ..day.clone() };
    let both = Booking { resources: ResourceCodes::parse("SR😀X").unwrap(), ..later.clone() };
    let cancelled = Booking { state: BookingState::Cancelled, ..both.clone() };
    let days = Booking { interval: interval("2026-12-01T22:00/2026-12-04T01:30"), ..both.clone() };
    let told = Booking { text: "Ring före".to_owned(), ..days.clone() };
    let night = holding("night", "2026-12-01T23:00/2026-12-02T00:00", "R");
    let mut before: Option<Booking> = None;
    for after in [
        Some(day),
        Some(later),
        Some(both.clone()),
        Some(cancelled),
        Some(both),
        Some(days),
        Some(told.clone()),
        None,
        Some(night),
        None,
        Some(told),
    ] {
        let mut change = store.begin().await.unwrap();
        match (&before, &after) {
            (None, Some(after)) => change.insert_booking(after).await.unwrap(),
            (Some(before), Some(after)) => change.update_booking(before, after).await.unwrap(),
            (Some(before), None) => change.delete_booking(before).await.unwrap(),
            (None, None) => unreachable!("there is always one"),
        }
        change.commit().await.unwrap();
        support::resources_are_counted(&store).await;
        before = after;
    }
}

#[tokio::test]
async fn hundreds_of_changes_are_written_in_one_transaction() {
    let place = Place::new();
    let store = place.example().await;
    let mut change = store.begin().await.unwrap();
    change.gather();
    for day in 0..500 {
        let mut block = preblock(&format!("new-{day}"), "2027-01-01T09:00/2027-01-01T10:00");
        block.interval = block.interval.plus_days(day);
        change.insert_preblock(&block).await.unwrap();
    }
    change.commit().await.unwrap();
    let mut reading = store.read().await.unwrap();
    let years = interval("2027-01-01T00:00/2029-01-01T00:00");
    let calendar = reading.calendar(&"AE".into(), years).await.unwrap();
    assert_eq!(calendar.preblocks().len(), 500);
}

#[tokio::test]
async fn unknown_references_and_repeated_ids_are_refused_by_the_database_too() {
    let place = Place::new();
    let store = place.example().await;
    let mut change = store.begin().await.unwrap();
    let mut block = preblock("new", "2026-12-01T09:00/2026-12-01T10:00");
    block.preblock_type = "nothing".into();
    assert!(matches!(change.insert_preblock(&block).await, Err(StoreError::BrokenReference)));
    drop(change);
    let mut change = store.begin().await.unwrap();
    let twin = booking("b1", "2026-12-01T09:00/2026-12-01T09:45");
    assert!(matches!(change.insert_booking(&twin).await, Err(StoreError::Duplicate { .. })));
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_and_a_reading_keeps_its_snapshot() {
    let place = Place::new();
    let store = place.example().await;
    let block = preblock("new", "2026-12-01T09:00/2026-12-01T10:00");
    let mut before = store.read().await.unwrap();
    // A snapshot is taken by the first question at the latest.
    assert_eq!(before.preblock(&block.id).await.unwrap(), None);
    let mut dropped = store.begin().await.unwrap();
    dropped.insert_preblock(&block).await.unwrap();
    drop(dropped);
    let mut kept = store.begin().await.unwrap();
    assert_eq!(kept.preblock(&block.id).await.unwrap(), None);
    kept.insert_preblock(&block).await.unwrap();
    kept.commit().await.unwrap();
    assert_eq!(before.preblock(&block.id).await.unwrap(), None);
    drop(before);
    let mut after = store.read().await.unwrap();
    assert_eq!(after.preblock(&block.id).await.unwrap(), Some(block));
}

#[tokio::test]
async fn revisions_count_up_by_scope_and_never_go_back() {
    let place = Place::new();
    let store = place.example().await;
    let first = store.read().await.unwrap().revisions().await.unwrap();
    let anna = RevisionScope::Practitioner("AE".into());
    let xray = RevisionScope::Resource(ResourceCode('R'));
    assert_eq!(
        (first.get(&anna), first.get(&xray), first.get(&RevisionScope::Settings)),
        (1, 1, 1)
    );
    let mut change = store.begin().await.unwrap();
    change.bump(&BTreeSet::from([xray.clone(), anna.clone()])).await.unwrap();
    change.commit().await.unwrap();
    let second = store.read().await.unwrap().revisions().await.unwrap();
    assert_eq!(second.moved_since(&first), BTreeSet::from([anna.clone(), xray]));
    let mut smaller = example();
    smaller.setup.practitioners.clear();
    smaller.work_sessions.clear();
    smaller.preblocks.clear();
    smaller.bookings.clear();
    smaller.setup.preblock_types.clear();
    take_in(&store, &smaller, ImportMode::Replace).await.unwrap();
    let third = store.read().await.unwrap().revisions().await.unwrap();
    assert_eq!(third.get(&anna), 3);
}

#[tokio::test]
async fn two_writers_on_one_database_lose_no_update() {
    let place = Place::new();
    let stores = [place.example().await, place.store().await];
    let anna = RevisionScope::Practitioner("AE".into());
    let mut writers = Vec::new();
    for (number, store) in stores.into_iter().enumerate() {
        let anna = anna.clone();
        writers.push(tokio::spawn(async move {
            for step in 0..25 {
                let mut change = store.begin().await.unwrap();
                change.bump(&BTreeSet::from([anna.clone()])).await.unwrap();
                // Read and decide under the lock: the first free quarter of an hour.
                let day = interval("2027-03-01T00:00/2027-03-02T00:00");
                let taken = change.calendar(&"AE".into(), day).await.unwrap();
                let free = (0..96)
                    .map(|quarter| {
                        let start = day.start() + tidbok::domain::Minutes(quarter * 15);
                        let end = start + tidbok::domain::Minutes(15);
                        tidbok::domain::Interval::new(start, end).unwrap()
                    })
                    .find(|quarter| taken.booked_in(*quarter).is_empty())
                    .unwrap();
                let mut next =
                    booking(&format!("w{number}-{step}"), "2027-03-01T00:00/2027-03-01T00:15");
                next.interval = free;
                change.insert_booking(&next).await.unwrap();
                change.commit().await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let store = place.store().await;
    let mut reading = store.read().await.unwrap();
    assert_eq!(reading.revisions().await.unwrap().get(&anna), 51);
    let day = interval("2027-03-01T00:00/2027-03-02T00:00");
    assert_eq!(reading.calendar(&"AE".into(), day).await.unwrap().bookings().len(), 50);
}

#[tokio::test]
async fn attempts_to_sign_in_made_at_the_same_moment_count_each() {
    let place = Place::new();
    let stores = [place.example().await, place.store().await];
    let anna = Signature::from("AE");
    let mut guessing = Vec::new();
    for store in stores {
        let anna = anna.clone();
        guessing.push(tokio::spawn(async move {
            for _ in 0..25 {
                let mut change = store.begin().await.unwrap();
                change.hold_sign_ins(&anna).await.unwrap();
                let before = change.failed_sign_ins(&anna).await.unwrap();
                let failures = before.map_or(1, |failed| failed.failures + 1);
                let failed = FailedSignIns { failures, last_at: now() };
                change.keep_failed_sign_ins(&anna, failed).await.unwrap();
                change.commit().await.unwrap();
            }
        }));
    }
    for guesser in guessing {
        guesser.await.unwrap();
    }
    let store = place.store().await;
    let mut reading = store.read().await.unwrap();
    let counted = reading.failed_sign_ins(&anna).await.unwrap();
    assert_eq!(counted.map(|failed| failed.failures), Some(50));
}

#[tokio::test]
async fn a_command_is_found_by_its_id_and_carried_out_once() {
    let place = Place::new();
    let store = place.example().await;
    let done = StoredCommand {
        id: command("c1"),
        actor: "AE".to_owned(),
        at: now(),
        outcome: r#"{"added":1}"#.to_owned(),
    };
    let mut change = store.begin().await.unwrap();
    assert_eq!(change.command(&done.id).await.unwrap(), None);
    change.insert_command(&done).await.unwrap();
    change.commit().await.unwrap();
    let mut twin = store.begin().await.unwrap();
    assert_eq!(twin.command(&done.id).await.unwrap(), Some(done.clone()));
    assert!(matches!(twin.insert_command(&done).await, Err(StoreError::Duplicate { .. })));
}

#[tokio::test]
async fn patients_are_found_by_parts_of_names_and_any_spelling_of_the_number() {
    let place = Place::new();
    let store = place.example().await;
    let mut change = store.begin().await.unwrap();
    let mut people = example().patients;
    let tolvan = people.remove(&PatientId::from("p1")).unwrap();
    for (id, first, last) in [
        ("p2", "Åsa", "Öberg-Lind"),
        ("p3", "Anna", "Åberg"),
        ("p4", "Eva", "Zorn"),
        ("p5", "Siniša", "Kovačević"),
        ("p6", "Sinisa", "Jørgensen"),
    ] {
        let mut patient = tolvan.clone();
        patient.id = id.into();
        patient.personnummer = None;
        (patient.first_name, patient.last_name) = (first.to_owned(), last.to_owned());
        change.insert_patient(&patient).await.unwrap();
    }
    let mut found = async |text: &str| {
        let found = change.find_patients(text, 3).await.unwrap();
        found.iter().map(|patient| patient.id.to_string()).collect::<Vec<_>>()
    };
    for number in [
        "19121212-1212",
        "191212121212",
        "121212+1212",
        "121212-1212",
        "1212121212",
        "19121212",
        "121212",
    ] {
        assert_eq!(found(number).await, ["p1"], "{number}");
    }
    let mobile = tolvan.mobile.clone().expect("a number");
    assert_eq!(mobile, "+46701740605");
    for number in [
        "+46701740605",
        "0701740605",
        "070-174 06 05",
        "0046 70 174 06 05",
        "0701740",
        "070–1740605",
    ] {
        assert!(found(number).await.contains(&"p1".to_owned()), "{number}");
    }
    assert_eq!(found("19121212\u{2013}1212").await, ["p1"]);
    assert_eq!(found("0701740606").await, [""; 0]);
    assert_eq!(found("tol").await, ["p1"]);
    assert_eq!(found("  TOLVANSS tolvan ").await, ["p1"]);
    // A combining ring is the same letter.
    assert_eq!(found("A\u{30a}S").await, ["p2"]);
    assert_eq!(found("lind").await, ["p2"]);
    // Signs around names do not matter: patients are listed as `Tolvansson, Tolvan`.
    for text in ["Tolvansson, Tolvan", "tolvansson,tolvan", "tolvansson; tolvan.", "tolvan ,"] {
        assert_eq!(found(text).await, ["p1"], "{text}");
    }
    assert_eq!(found(" , ").await, [""; 0]);
    // Accents that Swedish does not count need not be typed, and may be; those of å ä ö count.
    for text in ["kovac", "Kovač", "kovacevic", "sinisa kov", "kovac sini", "siniša kovać"] {
        assert_eq!(found(text).await, ["p5"], "{text}");
    }
    assert_eq!(found("siniša").await, ["p6", "p5"]);
    assert_eq!(found("jörg").await, ["p6"]);
    assert_eq!(found("oberg").await, [""; 0]);
    assert_eq!(found("olv").await, [""; 0]);
    assert_eq!(found("%").await, [""; 0]);
    assert_eq!(found(" ").await, [""; 0]);
    // Swedish order: z before å before ö.
    assert_eq!(found("å").await, ["p3", "p2"]);
}

#[tokio::test]
async fn a_store_opened_again_holds_everything() {
    let place = Place::new();
    let store = place.example().await;
    let before = export(&store).await.unwrap();
    store.close().await;
    let again = Store::open(&place.location(), OpenMode::Existing).await.unwrap();
    assert_eq!(export(&again).await.unwrap(), before);
}

#[tokio::test]
async fn files_are_said_to_be_whole_only_where_they_were_looked_at() {
    let place = Place::new();
    let store = place.example().await;
    let faults = store.read().await.unwrap().integrity_faults().await.unwrap();
    match place.location() {
        DatabaseLocation::Sqlite(_) => assert_eq!(faults, Some(Vec::new())),
        DatabaseLocation::SqlServer(_) => assert_eq!(faults, None),
    }
}

on_the_server_too! {
    what_was_imported_is_read_back_the_same,
    a_calendar_holds_what_overlaps_and_not_what_touches_however_long_it_is,
    r9_resources_are_counted_over_all_practitioners,
    entities_are_added_changed_and_removed,
    hundreds_of_changes_are_written_in_one_transaction,
    unknown_references_and_repeated_ids_are_refused_by_the_database_too,
    a_dropped_transaction_leaves_nothing_and_a_reading_keeps_its_snapshot,
    revisions_count_up_by_scope_and_never_go_back,
    two_writers_on_one_database_lose_no_update,
    attempts_to_sign_in_made_at_the_same_moment_count_each,
    a_command_is_found_by_its_id_and_carried_out_once,
    patients_are_found_by_parts_of_names_and_any_spelling_of_the_number,
    a_store_opened_again_holds_everything,
    files_are_said_to_be_whole_only_where_they_were_looked_at,
}
