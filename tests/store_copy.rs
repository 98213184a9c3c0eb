//! Everything of one store into another, between any two engines: all of it or nothing.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::path::Path;

use chrono::TimeDelta;
use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use support::line::{Weather, stormy};
use support::{Place, now};
use tempfile::TempDir;
use tidbok::store::{
    CopyError, CopyProgress, CopyStep, DatabaseLocation, OpenMode, Reached, RevisionScope, Store,
    copy, export, may_copy, verify_audit,
};
use tokio::sync::oneshot;

/// Rows of one table that begin with the same part of a key: several pages of them.
const ANNAS: usize = 1_300;

/// What the example clinic has nothing of; texts that engines sort in different orders, or might alter.
const MORE: &str = "
    INSERT INTO failed_sign_in VALUES ('AE', 2, '2026-11-23T11:00:00Z');
    INSERT INTO inbox_seen VALUES ('AE', 'practitioner/AE', 3), ('AE', 'settings', 1);
    INSERT INTO booking_call VALUES ('b1', 'AE', '2026-11-23T11:00');
    INSERT INTO given_contacts VALUES
        ('b1', '2026-11-23T11:00', 'Åsa', '', 'å@ö.se', '070', NULL, 1, 'sv');
    INSERT INTO recall_move VALUES ('b1', NULL, '2027-11-25');
    INSERT INTO notice VALUES ('b1', 0, 'moved', 'AE', '2026-11-25T09:00', '2026-11-25T09:40', NULL,
        '2026-11-24T10:00:00Z', 'waiting', 1, 1, '2026-11-24T10:05:00Z', 'unanswered');
    INSERT INTO preblock_list VALUES ('dag', 'Dagen', 'practitioner', 'AE');
    INSERT INTO preblock_list_item VALUES ('dag', 0, 'lunch'), ('dag', 1, 'e-us');
    INSERT INTO week_template VALUES ('Z', 'Zebra'), ('ö', ' övre ''vecka'' '), ('ä', ''), ('a', '🦷');
    INSERT INTO week_template_session VALUES ('a', 0, 480, 60), ('a', 0, 480, 90), ('ö', 6, 0, 1);
    INSERT INTO audit_personal VALUES ('ff', 'salt', '{\"email\": null}');
    INSERT INTO user_permission SELECT signature, 'audit.read' FROM app_user WHERE signature = 'AE';
    UPDATE sync_lease SET holder = 'another', held_until = '2026-11-23T12:00:00Z';
    UPDATE sync_state SET content = '{}';
";

/// A SQLite database with something in every table that is copied.
async fn full(folder: &Path) -> (DatabaseLocation, Store) {
    let path = folder.join("full.db");
    let location = DatabaseLocation::Sqlite(path.clone());
    let store = Store::open(&location, OpenMode::Create).await.unwrap();
    support::take_in(&store, &support::example(), tidbok::store::ImportMode::IntoEmpty)
        .await
        .unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    connection.execute_batch(MORE).unwrap();
    for number in 0..ANNAS {
        let id = format!("anna-{number}");
        let patient =
            "INSERT INTO patient VALUES (?1, NULL, 'Anna', '', NULL, NULL, NULL, 0, 12, ?2, NULL)";
        let day = (number % 2 == 0).then_some("2027-02-28");
        connection.execute(patient, (&id, day)).unwrap();
        connection.execute("INSERT INTO patient_name VALUES ('anna', ?1)", [&id]).unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
    let rows = everything(&path);
    let empty: Vec<&String> =
        rows.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table).collect();
    assert!(empty.is_empty(), "put something into {empty:?} for the sake of this test");
    (location, store)
}

/// All rows of all tables but those that each database has of its own.
fn everything(path: &Path) -> BTreeMap<String, Vec<String>> {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sync^_%' \
               ESCAPE '^' AND name NOT IN ('schema_migration', 'out_there')";
    let mut tables = connection.prepare(sql).unwrap();
    let tables = tables.query_map((), |row| row.get::<_, String>(0)).unwrap();
    let rows = |table: &str| {
        let mut rows = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = rows.column_count();
        let values = |row: &Row| (0..columns).map(|column| row.get::<_, Value>(column)).collect();
        let rows = rows.query_map((), |row| values(row)).unwrap();
        let mut rows: Vec<String> =
            rows.map(|row: rusqlite::Result<Vec<Value>>| format!("{:?}", row.unwrap())).collect();
        rows.sort();
        rows
    };
    tables.map(Result::unwrap).map(|table| (table.clone(), rows(&table))).collect()
}

async fn copied(from: &Store, to: &DatabaseLocation) -> Result<u64, CopyError> {
    let target = Store::open(to, OpenMode::Create).await.unwrap();
    let counts = copy(from, &target, |_| {}).await?;
    target.close().await;
    Ok(counts.iter().map(|(_, rows)| rows).sum())
}

/// Whether a copy into it may begin.
async fn is_empty(from: &DatabaseLocation, place: &Place) -> bool {
    may_copy(from, &place.location()).await.is_ok()
}

#[tokio::test]
async fn everything_goes_there_and_back_and_is_the_same() {
    let (folder, place) = (TempDir::new().unwrap(), Place::new());
    let (location, store) = full(folder.path()).await;
    may_copy(&location, &place.location()).await.unwrap();
    let rows = copied(&store, &place.location()).await.unwrap();
    assert!(rows > 2 * ANNAS as u64, "{rows}");

    let back = folder.path().join("back.db");
    let between = place.store().await;
    assert_eq!(copied(&between, &DatabaseLocation::Sqlite(back.clone())).await.unwrap(), rows);
    assert_eq!(everything(&back), everything(&folder.path().join("full.db")));
    assert_eq!(export(&between).await.unwrap(), export(&store).await.unwrap());
}

#[tokio::test]
async fn the_audit_log_is_whole_in_the_copy_and_a_command_is_not_done_twice() {
    let (from, to) = (Place::new(), Place::new());
    let store = from.example().await;
    copied(&store, &to.location()).await.unwrap();
    let copy = to.store().await;
    let report = verify_audit(&copy).await.unwrap();
    assert!(report.faults.is_empty() && report.entries > 0, "{:?}", report.faults);
    let mut reading = copy.read().await.unwrap();
    let before = store.read().await.unwrap().revisions().await.unwrap();
    assert_eq!(reading.revisions().await.unwrap(), before);
    assert!(before.get(&RevisionScope::Settings) > 0);
}

#[tokio::test]
async fn the_agent_of_the_source_goes_on_there_and_holds_nothing_in_the_copy() {
    let (from, to) = (Place::new(), Place::new());
    let store = from.example().await;
    let mut change = store.begin().await.unwrap();
    let later = now() + TimeDelta::seconds(15);
    assert!(change.take_lease("the source's", now(), later).await.unwrap());
    change.keep_sync_state("{\"agent\": 1}").await.unwrap();
    change.commit().await.unwrap();
    copied(&store, &to.location()).await.unwrap();
    let copy = to.store().await;
    let mut change = copy.begin().await.unwrap();
    assert_eq!(change.sync_state().await.unwrap(), None);
    assert!(change.take_lease("the copy's", now(), later).await.unwrap());
}

#[tokio::test]
async fn a_target_that_holds_something_is_refused_and_left_as_it_is() {
    let (folder, place) = (TempDir::new().unwrap(), Place::new());
    let (location, store) = full(folder.path()).await;
    let target = place.example().await;
    let before = export(&target).await.unwrap();
    let refused = may_copy(&location, &place.location()).await;
    assert!(matches!(refused, Err(CopyError::NotEmpty { .. })), "{refused:?}");
    let refused = copy(&store, &target, |_| {}).await;
    assert!(matches!(refused, Err(CopyError::NotEmpty { .. })), "{refused:?}");
    assert_eq!(export(&target).await.unwrap(), before);
}

#[tokio::test]
async fn one_audit_entry_is_something_too() {
    let (folder, place) = (TempDir::new().unwrap(), Place::new());
    let (location, _) = full(folder.path()).await;
    let target = place.store().await;
    let mut change = target.begin().await.unwrap();
    change.bump(&BTreeSet::from([RevisionScope::Settings])).await.unwrap();
    change.commit().await.unwrap();
    assert!(!is_empty(&location, &place).await);
}

#[tokio::test]
async fn what_is_cut_short_leaves_nothing_and_is_begun_again() {
    let (folder, place) = (TempDir::new().unwrap(), Place::new());
    let (location, store) = full(folder.path()).await;
    let moments = [
        (CopyStep::Copying, "settings"),
        (CopyStep::Copying, "patient_name"),
        (CopyStep::Comparing, "booking"),
    ];
    for (step, table) in moments {
        let target = place.store().await;
        let (cut, wait) = oneshot::channel();
        let mut cut = Some(cut);
        let cutting = |progress: CopyProgress| {
            if (progress.step, progress.table) == (step, table) {
                cut.take().map(|cut| cut.send(()));
            }
        };
        tokio::select! {
            biased;
            _ = wait => {}
            _ = copy(&store, &target, cutting) => panic!("not cut"),
        }
        target.close().await;
        assert!(is_empty(&location, &place).await, "{step:?} {table}");
    }
    copied(&store, &place.location()).await.unwrap();
}

/// Runs something to its end while the caller stands still.
fn meanwhile<F: Future<Output = ()>>(work: impl FnOnce() -> F + Send + 'static) {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(work());
    };
    std::thread::spawn(work).join().unwrap();
}

#[tokio::test]
async fn what_is_written_to_the_source_meanwhile_is_all_in_the_copy_or_not_at_all() {
    let place = Place::new();
    let (folder, source) = (TempDir::new().unwrap(), place.example().await);
    let path = folder.path().join("copy.db");
    let target = Store::open(&DatabaseLocation::Sqlite(path.clone()), OpenMode::Create).await;
    let target = target.unwrap();
    let location = place.location();
    let before = export(&source).await.unwrap();
    let writing = |progress: CopyProgress| {
        let CopyProgress { step, table, reached, .. } = progress;
        if (step, table, reached) != (CopyStep::Copying, "booking", Reached::End) {
            return;
        }
        let location = location.clone();
        meanwhile(async move || {
            let store = Store::open(&location, OpenMode::Existing).await.unwrap();
            let mut change = store.begin().await.unwrap();
            change.bump(&BTreeSet::from([RevisionScope::Settings])).await.unwrap();
            let b1 = change.booking(&"b1".into()).await.unwrap().unwrap();
            change.delete_booking(&b1).await.unwrap();
            change.commit().await.unwrap();
            store.close().await;
        });
    };
    match copy(&source, &target, writing).await {
        Ok(_) => assert_eq!(export(&target).await.unwrap(), before),
        // A server that allows no snapshots: nothing is kept.
        Err(CopyError::Differs { .. }) => {
            target.close().await;
            assert!(everything(&path).values().all(Vec::is_empty));
        }
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn two_copies_into_one_target_at_once_make_one() {
    let (folder, place) = (TempDir::new().unwrap(), Place::new());
    let (_, store) = full(folder.path()).await;
    let targets = [place.store().await, place.store().await];
    let (one, other) =
        tokio::join!(copy(&store, &targets[0], |_| {}), copy(&store, &targets[1], |_| {}),);
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let refused = one.err().or(other.err()).unwrap();
    let told = refused.to_string();
    assert!(told.contains("nothing was"), "{told}");
}

#[tokio::test]
async fn a_target_that_keeps_something_else_than_it_was_given_is_found_out() {
    let folder = TempDir::new().unwrap();
    let (_, store) = full(folder.path()).await;
    for (name, trigger) in [
        (
            "alters",
            "AFTER INSERT ON patient BEGIN UPDATE patient SET mobile = '1' WHERE id = 'anna-7'; END",
        ),
        (
            "drops",
            "AFTER INSERT ON patient_name BEGIN DELETE FROM patient_name WHERE patient = 'anna-7'; END",
        ),
        (
            "adds",
            "AFTER INSERT ON settings BEGIN INSERT INTO closed_day VALUES ('2027-01-02'); END",
        ),
    ] {
        let path = folder.path().join(name);
        let location = DatabaseLocation::Sqlite(path.clone());
        let target = Store::open(&location, OpenMode::Create).await.unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(&format!("CREATE TRIGGER {name} {trigger}")).unwrap();
        let told = copy(&store, &target, |_| {}).await;
        assert!(matches!(told, Err(CopyError::Differs { rows: 1, .. })), "{name}: {told:?}");
        target.close().await;
        assert!(everything(&path).values().all(Vec::is_empty), "{name}");
    }
}

#[tokio::test]
async fn the_source_by_another_name_a_newer_target_and_an_older_one_are_refused() {
    let folder = TempDir::new().unwrap();
    let (location, _) = full(folder.path()).await;
    let by_link = folder.path().join("link.db");
    std::os::unix::fs::symlink(folder.path().join("full.db"), &by_link).unwrap();
    for same in [location.clone(), DatabaseLocation::Sqlite(by_link)] {
        assert!(matches!(may_copy(&location, &same).await, Err(CopyError::Same)));
    }
    let other = folder.path().join("other.db");
    let to = DatabaseLocation::Sqlite(other.clone());
    may_copy(&location, &to).await.unwrap();
    assert!(!other.exists(), "asking makes nothing");
    Store::open(&to, OpenMode::Create).await.unwrap().close().await;
    let numbered = |sql: &str| Connection::open(&other).unwrap().execute_batch(sql).unwrap();
    let newest = "(SELECT MAX(number) FROM schema_migration)";
    numbered(&format!("DELETE FROM schema_migration WHERE number = {newest}"));
    let told = may_copy(&location, &to).await;
    assert!(matches!(told, Err(CopyError::OlderTarget { .. })), "{told:?}");
    numbered(&format!("UPDATE schema_migration SET number = 1000 WHERE number = {newest}"));
    let told = may_copy(&location, &to).await.unwrap_err().to_string();
    assert!(told.contains("1000"), "{told}");
}

#[test]
#[cfg_attr(not(tidbok_test_sqlserver), ignore = "TIDBOK_TEST_SQLSERVER names no server")]
fn over_a_line_that_is_cut_again_and_again_a_copy_is_whole_or_not_there() {
    #[tokio::main(flavor = "current_thread")]
    async fn run() {
        let (folder, place) = (TempDir::new().unwrap(), Place::new());
        let (location, store) = full(folder.path()).await;
        let DatabaseLocation::SqlServer(server) = place.location() else { panic!("a server") };
        let mut cuts = 0;
        // Each try is cut later than the one before, until one gets through.
        for pieces in (0..).map(|n| 4_u64 << n) {
            let weather = Weather { cuts: Some(pieces), ..Default::default() };
            let (torn, _) = stormy(&server, weather).await;
            let torn = DatabaseLocation::SqlServer(Box::new(torn));
            let Ok(target) = Store::open(&torn, OpenMode::Create).await else { continue };
            match copy(&store, &target, |_| {}).await {
                Ok(_) => break,
                // Whether it arrived shows in the target: nothing or everything.
                Err(CopyError::Unanswered) if !is_empty(&location, &place).await => break,
                Err(_) => cuts += 1,
            }
            assert!(is_empty(&location, &place).await, "a part of a copy");
        }
        assert!(cuts > 0);
        let back = folder.path().join("back.db");
        let between = place.store().await;
        copied(&between, &DatabaseLocation::Sqlite(back.clone())).await.unwrap();
        assert_eq!(everything(&back), everything(&folder.path().join("full.db")));
    }
    support::engine::on_server(run);
}

on_the_server_too! {
    everything_goes_there_and_back_and_is_the_same,
    the_audit_log_is_whole_in_the_copy_and_a_command_is_not_done_twice,
    the_agent_of_the_source_goes_on_there_and_holds_nothing_in_the_copy,
    a_target_that_holds_something_is_refused_and_left_as_it_is,
    one_audit_entry_is_something_too,
    what_is_cut_short_leaves_nothing_and_is_begun_again,
    what_is_written_to_the_source_meanwhile_is_all_in_the_copy_or_not_at_all,
    two_copies_into_one_target_at_once_make_one,
}
