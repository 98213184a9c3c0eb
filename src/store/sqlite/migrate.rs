//! Bringing a file's schema up to date: numbered steps in one transaction, each recorded.
//!
//! Nothing is written to a file that is not ours, is damaged, or is newer than this program.

use std::path::Path;
use std::time::Instant;

use chrono::Utc;
use rusqlite::{Connection, ErrorCode, TransactionBehavior, named_params};

use super::busy;
use super::connection::{Access, configure, explain, refuse_damaged};
use crate::store::OpenMode;
use crate::store::error::StoreError;
use crate::store::migration::{Pending, SQLITE, newest};
use crate::store::value::instant_text;

/// Marks a SQLite file as tidbok's in its header ("tidb").
const APPLICATION: i64 = 0x7469_6462;

const RECORD: &str = "CREATE TABLE schema_migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT";

/// The whole schema.
#[cfg(test)]
pub(in crate::store) fn schema() -> String {
    SQLITE.iter().map(|migration| migration.sql).collect()
}

/// What a file turned out to be.
enum Found {
    /// No table at all: new, or left by a process that died before it made any.
    Empty,
    /// Ours, with this schema.
    Schema(i64),
}

/// Checks whose file it is, and applies what is missing where the mode says so.
///
/// # Errors
/// [`StoreError::NotADatabase`], [`StoreError::OtherProgram`], [`StoreError::Corrupt`],
/// [`StoreError::Newer`], [`StoreError::Older`], [`StoreError::Empty`] and what opening meets.
pub(super) fn accept(
    connection: &mut Connection,
    path: &Path,
    access: Access,
    mode: OpenMode,
) -> Result<(), StoreError> {
    let (found, known) = (inspect(connection, path)?, newest(SQLITE));
    let may = |asked: OpenMode| access == Access::ReadWrite && mode == asked;
    match found {
        Found::Schema(found) if found > known => {
            return Err(StoreError::Newer { path: path.to_owned(), found, known });
        }
        // A copy that somebody only looks at must still be one for the program that wrote it.
        Found::Schema(found) if found < known && !may(OpenMode::Upgrade) => {
            return Err(StoreError::Older { path: path.to_owned(), found, known });
        }
        // A file that has been emptied must not pass for a clinic with nothing to offer.
        Found::Empty if !may(OpenMode::Create) => {
            return Err(StoreError::Empty { path: path.to_owned() });
        }
        Found::Schema(found) if found < known => refuse_damaged(connection, path)?,
        Found::Schema(_) | Found::Empty => {}
    }
    if access == Access::ReadOnly {
        return Ok(());
    }
    use_wal(connection, path)?;
    configure(connection, access).map_err(|error| explain(&error, path))?;
    if matches!(found, Found::Schema(found) if found == known) {
        return Ok(());
    }
    apply_missing(connection, path)
}

/// Steps that a file lacks; nothing is altered.
///
/// # Errors
/// As [`accept`].
pub(super) fn pending(connection: &Connection, path: &Path) -> Result<Pending, StoreError> {
    let found = match inspect(connection, path)? {
        Found::Schema(schema) => schema,
        Found::Empty => 0,
    };
    let known = newest(SQLITE);
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(Pending::after(found, SQLITE))
}

fn inspect(connection: &Connection, path: &Path) -> Result<Found, StoreError> {
    let ask = |sql: &str| -> Result<i64, StoreError> {
        connection.query_row(sql, (), |row| row.get(0)).map_err(|error| explain(&error, path))
    };
    let tables = ask("SELECT COUNT(*) FROM sqlite_schema")?;
    let recorded = ask("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_migration'")?;
    let application = ask("PRAGMA application_id")?;
    match (application, tables) {
        (APPLICATION, 1..) if recorded > 0 => {
            ask("SELECT COALESCE(MAX(number), 0) FROM schema_migration").map(Found::Schema)
        }
        (0 | APPLICATION, 0) => Ok(Found::Empty),
        _ => Err(StoreError::OtherProgram { path: path.to_owned() }),
    }
}

/// Turns write-ahead logging on; it stays on in the file. SQLite does not call the busy handler
/// for this switch, so two processes opening a new file at once wait here.
fn use_wal(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let since = Instant::now();
    for attempt in 0.. {
        let switched =
            connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get::<_, String>(0));
        match switched {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                let detail = format!("write-ahead logging is refused, journal mode is {mode}");
                return Err(StoreError::Disk { path: path.to_owned(), detail });
            }
            Err(error) => {
                let busy = error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
                if !busy || since.elapsed() >= busy::PATIENCE {
                    return Err(explain(&error, path));
                }
                std::thread::sleep(busy::pause(attempt));
            }
        }
    }
    Ok(())
}

fn apply_missing(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    // Read again under the write lock: another process may have been first.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| explain(&error, path))?;
    let applied = match inspect(&transaction, path)? {
        Found::Schema(schema) => schema,
        Found::Empty => {
            let begun = transaction
                .pragma_update(None, "application_id", APPLICATION)
                .and_then(|()| transaction.execute_batch(RECORD));
            begun.map_err(|error| explain(&error, path))?;
            0
        }
    };
    for migration in SQLITE.iter().filter(|migration| migration.number > applied) {
        let done = transaction.execute_batch(migration.sql).and_then(|()| {
            transaction.execute(
                "INSERT INTO schema_migration (number, name, applied_at) VALUES (@P1, @P2, @P3)",
                named_params! {
                    "@P1": migration.number,
                    "@P2": migration.name,
                    "@P3": instant_text(Utc::now()),
                },
            )
        });
        done.map_err(|error| explain(&error, path))?;
    }
    transaction.commit().map_err(|error| explain(&error, path))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{dialled_number, swedish};

    /// Makes these steps.
    fn make(connection: &Connection, numbers: std::ops::RangeInclusive<i64>) {
        for migration in SQLITE.iter().filter(|step| numbers.contains(&step.number)) {
            connection.execute_batch(migration.sql).expect(migration.name);
        }
    }

    /// A database with the steps up to one, that lets rows name what is not there.
    fn made_up_to(number: i64) -> Connection {
        let connection = Connection::open_in_memory().expect("opens");
        make(&connection, 1..=number);
        connection.pragma_update(None, "foreign_keys", false).expect("set");
        connection
    }

    #[test]
    fn names_that_are_kept_already_get_their_spelling_without_accents() {
        let connection = made_up_to(15);
        let latin = ('\u{e0}'..'\u{250}').chain('\u{1e00}'..'\u{1f00}');
        let words: BTreeSet<String> = latin
            .map(|letter| format!("k{letter}va{letter}"))
            .chain(["kovačević", "åäö", "ek", "jørgensen"].map(str::to_owned))
            .map(|word| swedish::search_key(&word))
            .collect();
        for word in &words {
            connection
                .execute("INSERT INTO patient_name VALUES (@P1, @P1)", named_params! {"@P1": word})
                .expect("kept");
        }
        make(&connection, 16..=16);
        let mut rows =
            connection.prepare("SELECT patient, part FROM patient_name").expect("a table");
        let kept: BTreeSet<(String, String)> = rows
            .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .expect("rows");
        let plain = |word: &String| Some(swedish::loose_key(word)).filter(|it| it.is_ascii());
        let expected = words.iter().flat_map(|word| {
            [Some(word.clone()), plain(word)].into_iter().flatten().map(|part| (word.clone(), part))
        });
        let swedish = [("jørgensen".to_owned(), "jörgensen".to_owned())];
        let missing: Vec<_> = expected.chain(swedish).filter(|it| !kept.contains(it)).collect();
        assert_eq!(missing, []);
    }

    #[test]
    fn the_numbers_of_patients_who_are_kept_already_find_them_as_they_are_dialled() {
        let connection = made_up_to(15);
        let numbers = [
            "+46701740605",
            "+46 (0)70-174 06 05",
            "+46 070 174 06 05",
            "0046701740605",
            "00460701740605",
            "070-174 06 05",
            "08/12 34 56",
            "+358 40 123 4567",
            "ring mig",
            "12345",
        ];
        for number in numbers {
            connection
                .execute(
                    "INSERT INTO patient (id, first_name, last_name, mobile, protected, recall_months) \
                     VALUES (@P1, 'A', 'B', @P1, 0, 0)",
                    named_params! {"@P1": number},
                )
                .expect("kept");
        }
        make(&connection, 16..=16);
        for number in numbers {
            let sql = "SELECT COALESCE(MAX(part), '') FROM patient_name WHERE patient = @P1";
            let kept: String = connection
                .query_row(sql, named_params! {"@P1": number}, |row| row.get(0))
                .expect("a row");
            assert_eq!(kept, dialled_number(number).unwrap_or_default(), "{number}");
        }
    }

    #[test]
    fn r9_what_bookings_hold_already_is_counted_when_the_counts_come() {
        let connection = made_up_to(14);
        for (id, starts_at, ends_at, resources, active) in [
            ("a", "2026-12-01T09:00", "2026-12-01T09:45", "R", 1),
            ("b", "2026-12-01T09:30", "2026-12-01T10:15", "SR", 1),
            ("cancelled", "2026-12-01T09:30", "2026-12-01T10:15", "R", 0),
            ("late", "2026-12-01T23:00", "2026-12-02T00:00", "R", 1),
            ("long", "2026-12-01T22:00", "2026-12-03T01:30", "😀", 1),
            ("nothing", "2026-12-01T09:00", "2026-12-01T09:45", "", 1),
        ] {
            connection
                .execute(
                    "INSERT INTO booking VALUES \
                     (@P1, @P1, @P2, @P3, 0, 'us', NULL, NULL, '', @P4, @P4 <> '', 'AE', @P5, NULL, 0)",
                    named_params! {
                        "@P1": id, "@P2": starts_at, "@P3": ends_at, "@P4": resources, "@P5": active,
                    },
                )
                .expect("books");
        }
        make(&connection, 15..=15);
        let mut rows = connection
            .prepare("SELECT day, minute, resource, change FROM resource_step ORDER BY day, minute, resource")
            .expect("a table");
        let kept: Vec<(String, i32, String, i32)> = rows
            .query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .and_then(Iterator::collect)
            .expect("rows");
        let expected = [
            ("2026-12-01", 540, "R", 1),
            ("2026-12-01", 570, "R", 1),
            ("2026-12-01", 570, "S", 1),
            ("2026-12-01", 585, "R", -1),
            ("2026-12-01", 615, "R", -1),
            ("2026-12-01", 615, "S", -1),
            ("2026-12-01", 1320, "😀", 1),
            ("2026-12-01", 1380, "R", 1),
            ("2026-12-01", 1440, "R", -1),
            ("2026-12-01", 1440, "😀", -1),
            ("2026-12-02", 0, "😀", 1),
            ("2026-12-02", 1440, "😀", -1),
            ("2026-12-03", 0, "😀", 1),
            ("2026-12-03", 90, "😀", -1),
        ];
        let expected =
            expected.map(|(day, at, code, change)| (day.into(), at, code.into(), change));
        assert_eq!(kept, expected);
    }
}
