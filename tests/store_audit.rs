//! The audit log: chained, so that what is altered or removed shows; personal values erasable.

mod support;

use std::collections::BTreeSet;

use rusqlite::Connection;
use support::{Place, command, example, now};
use tidbok::domain::BookingId;
use tidbok::store::{
    AuditChain, AuditFault, AuditFilter, AuditValue, Audited, NewAuditEntry, RevisionScope, Store,
    verify_audit,
};

fn anna() -> AuditChain {
    AuditChain::Practitioner("AE".into())
}

fn entry(number: u32, entity: &str) -> NewAuditEntry {
    NewAuditEntry {
        chain: anna(),
        at: now() + chrono::TimeDelta::minutes(i64::from(number)),
        actor: "AE".to_owned(),
        command: command(&format!("c{number}")),
        action: "booking.add".to_owned(),
        entity: entity.to_owned(),
        before: None,
        after: Some(AuditValue::record([("number", AuditValue::number(number))])),
    }
}

async fn append(store: &Store, entry: &NewAuditEntry) {
    let mut change = store.begin().await.unwrap();
    change.bump(&BTreeSet::from([RevisionScope::Practitioner("AE".into())])).await.unwrap();
    change.append_audit(entry).await.unwrap();
    change.commit().await.unwrap();
}

/// The example clinic with three entries about bookings in Anna's chain.
async fn with_entries(place: &Place) -> Store {
    let store = place.example().await;
    for (number, entity) in [(1, "booking/b1"), (2, "booking/b2"), (3, "booking/b1")] {
        append(&store, &entry(number, entity)).await;
    }
    store
}

#[tokio::test]
async fn an_untouched_log_is_whole_and_an_import_is_an_entry() {
    let place = Place::new();
    let store = with_entries(&place).await;
    let report = verify_audit(&store).await.unwrap();
    assert_eq!((report.chains, report.entries, report.faults.len()), (2, 4, 0));
    let settings = AuditFilter { chain: Some(AuditChain::Settings), ..AuditFilter::default() };
    let entries = store.read().await.unwrap().audit(&settings).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].action, "clinic.import");
    let after = entries[0].after.as_ref().unwrap().to_json();
    assert_eq!(
        (after["bookings"].as_i64(), after["sha256"].as_str().unwrap().len()),
        (Some(4), 64)
    );
}

#[tokio::test]
async fn entries_are_found_by_chain_time_entity_and_number_newest_first() {
    let place = Place::new();
    let store = with_entries(&place).await;
    let mut reading = store.read().await.unwrap();
    let mut numbers = async |filter: AuditFilter| {
        let entries = reading.audit(&filter).await.unwrap();
        entries.iter().map(|entry| entry.n).collect::<Vec<_>>()
    };
    let all = AuditFilter { chain: Some(anna()), ..AuditFilter::default() };
    assert_eq!(numbers(all.clone()).await, [3, 2, 1]);
    assert_eq!(numbers(AuditFilter { limit: Some(2), ..all.clone() }).await, [3, 2]);
    let since = Some(now() + chrono::TimeDelta::minutes(2));
    assert_eq!(numbers(AuditFilter { since, ..all }).await, [3, 2]);
    let about = AuditFilter { entity: Some("booking/b1".to_owned()), ..AuditFilter::default() };
    assert_eq!(numbers(about).await, [3, 1]);
    let last = reading.last_audit_of("booking/b1").await.unwrap().unwrap();
    assert_eq!((last.n, last.actor.as_str()), (3, "AE"));
    assert_eq!(reading.last_audit_of("booking/none").await.unwrap(), None);
}

#[tokio::test]
async fn pages_hold_each_entry_once_whatever_happened_in_one_second() {
    let place = Place::new();
    // The import is an entry of the settings.
    let store = place.example().await;
    let looked = |number| NewAuditEntry {
        chain: AuditChain::Reading,
        at: now(),
        ..entry(number, "patient/p1")
    };
    for entry in [looked(1), looked(2), NewAuditEntry { at: now(), ..entry(3, "booking/b1") }] {
        let mut change = store.begin().await.unwrap();
        change.lock_chain(&entry.chain).await.unwrap();
        change.append_audit(&entry).await.unwrap();
        change.commit().await.unwrap();
    }
    let mut read = Vec::new();
    let mut before = None;
    while read.len() < 10 {
        let filter = AuditFilter { limit: Some(2), before, ..AuditFilter::default() };
        let page = store.read().await.unwrap().audit(&filter).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.place());
        read.extend(page.into_iter().map(|entry| (entry.chain, entry.n)));
    }
    read.sort();
    let reading = AuditChain::Reading;
    let each = [(anna(), 1), (AuditChain::Settings, 1), (reading.clone(), 1), (reading.clone(), 2)];
    assert_eq!(read, each);
}

#[tokio::test]
async fn a_long_chain_is_proved_from_end_to_end() {
    const ENTRIES: u32 = 2_500;
    let place = Place::new();
    let store = place.example().await;
    let mut change = store.begin().await.unwrap();
    change.bump(&BTreeSet::from([RevisionScope::Practitioner("AE".into())])).await.unwrap();
    change.gather();
    for number in 1..=ENTRIES {
        let personal = Some(AuditValue::personal(format!("{number}")));
        let entry = NewAuditEntry { after: personal, ..entry(number, "booking/b1") };
        change.append_audit(&entry).await.unwrap();
    }
    change.commit().await.unwrap();
    let report = verify_audit(&store).await.unwrap();
    assert_eq!((report.entries, report.faults), (ENTRIES as usize + 1, Vec::new()));

    let direct = Connection::open(place.path()).unwrap();
    let tampering = "DELETE FROM audit_entry WHERE n BETWEEN 990 AND 1010 \
                     AND chain = 'practitioner/AE'; \
                     UPDATE audit_entry SET actor = 'BL' WHERE n = 2500; \
                     UPDATE audit_personal SET value = 'x' \
                     WHERE hash IN (SELECT MIN(hash) FROM audit_personal UNION ALL \
                                    SELECT MAX(hash) FROM audit_personal)";
    direct.execute_batch(tampering).unwrap();
    let faults = verify_audit(&store).await.unwrap().faults;
    let chain = || "practitioner/AE".to_owned();
    let [missing, altered, of_personal @ ..] = &faults[..] else { panic!("{faults:?}") };
    assert_eq!(*missing, AuditFault::Missing { chain: chain(), from: 990, to: 1010 });
    assert_eq!(*altered, AuditFault::Altered { chain: chain(), n: 2500 });
    assert_eq!(of_personal.len(), 2, "the first and the last: {of_personal:?}");
}

#[tokio::test]
async fn every_way_of_tampering_shows() {
    let chain = || "practitioner/AE".to_owned();
    let of_anna = "WHERE chain = 'practitioner/AE'";
    let cases = [
        (
            format!("UPDATE audit_entry SET actor = 'BL' {of_anna} AND n = 2"),
            vec![AuditFault::Altered { chain: chain(), n: 2 }],
        ),
        (
            format!("UPDATE audit_entry SET hash = 'x' {of_anna} AND n = 3"),
            vec![
                AuditFault::Altered { chain: chain(), n: 3 },
                AuditFault::WrongEnd { chain: chain(), n: 3 },
            ],
        ),
        (
            format!("DELETE FROM audit_entry {of_anna} AND n = 2"),
            vec![AuditFault::Missing { chain: chain(), from: 2, to: 2 }],
        ),
        (
            format!("DELETE FROM audit_entry {of_anna} AND n = 1"),
            vec![AuditFault::Missing { chain: chain(), from: 1, to: 1 }],
        ),
        (
            format!("DELETE FROM audit_entry {of_anna} AND n >= 2"),
            vec![AuditFault::Missing { chain: chain(), from: 2, to: 3 }],
        ),
        (
            format!("DELETE FROM audit_entry {of_anna}"),
            vec![AuditFault::Missing { chain: chain(), from: 1, to: 3 }],
        ),
        (
            format!(
                "DELETE FROM audit_entry {of_anna} AND n = 2; \
                 UPDATE audit_entry SET n = 2 {of_anna} AND n = 3"
            ),
            vec![
                AuditFault::BrokenLink { chain: chain(), n: 2 },
                AuditFault::Altered { chain: chain(), n: 2 },
                AuditFault::Missing { chain: chain(), from: 3, to: 3 },
            ],
        ),
        (format!("DELETE FROM audit_head {of_anna}"), vec![AuditFault::NoHead { chain: chain() }]),
    ];
    for (sql, expected) in cases {
        let place = Place::new();
        let store = with_entries(&place).await;
        Connection::open(place.path()).unwrap().execute_batch(&sql).unwrap();
        assert_eq!(verify_audit(&store).await.unwrap().faults, expected, "{sql}");
    }
}

/// Entries cut off at the end leave a whole chain behind, once its head is set back to match.
#[tokio::test]
async fn a_chain_cut_short_shows_by_the_commands_it_no_longer_tells_of() {
    let place = Place::new();
    place.example().await.close().await;
    let direct = Connection::open(place.path()).unwrap();
    let import: String = direct.query_row("SELECT id FROM command", (), |row| row.get(0)).unwrap();
    direct.execute_batch("DELETE FROM audit_entry; DELETE FROM audit_head").unwrap();
    let store = place.store().await;
    let report = verify_audit(&store).await.unwrap();
    assert_eq!(report.faults, [AuditFault::Untold { command: import }]);
}

#[tokio::test]
async fn personal_values_lie_apart_and_can_be_erased_without_breaking_the_chain() {
    let place = Place::new();
    let store = place.example().await;
    let booking = example().bookings[&BookingId::from("b1")].clone();
    let change =
        NewAuditEntry { before: None, after: Some(booking.audit_view()), ..entry(1, "booking/b1") };
    append(&store, &change).await;
    let read = || async {
        let last = store.read().await.unwrap().last_audit_of("booking/b1").await.unwrap();
        last.unwrap().after.unwrap()
    };
    assert_eq!(read().await.to_json()["text"], "Kontroll");
    assert!(!format!("{change:?}").contains("Kontroll"));

    let direct = Connection::open(place.path()).unwrap();
    let stored: String = direct
        .query_row("SELECT after_value FROM audit_entry WHERE action = 'booking.add'", (), |row| {
            row.get(0)
        })
        .unwrap();
    assert!(!stored.contains("Kontroll"), "{stored}");
    direct.execute("UPDATE audit_personal SET value = 'Annat'", ()).unwrap();
    let faults = verify_audit(&store).await.unwrap().faults;
    assert!(matches!(faults[..], [AuditFault::AlteredPersonalValue { .. }]), "{faults:?}");
    direct.execute("DELETE FROM audit_personal", ()).unwrap();
    assert_eq!(verify_audit(&store).await.unwrap().faults, []);
    assert!(read().await.to_json()["text"].is_null());
    assert_eq!(read().await.to_json()["start"], "2026-11-25T09:00");
}

on_the_server_too! {
    an_untouched_log_is_whole_and_an_import_is_an_entry,
    entries_are_found_by_chain_time_entity_and_number_newest_first,
    pages_hold_each_entry_once_whatever_happened_in_one_second,
}
