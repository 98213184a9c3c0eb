//! The booking page's own database: one SQLite file, one connection, one piece of work at a time, each
//! in a transaction of its own.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use thiserror::Error;

use super::refusal::Refusal;
use crate::fhir::names;

/// Marks the file as ours: "tbpo".
const APPLICATION: i32 = 0x7462_706f;
/// The schema that this program knows.
const SCHEMA: i32 = 3;
/// The schema before the portal had pages of its own.
const BEFORE_PAGES: i32 = 1;
/// The schema whose files still hold what was erased from them.
const UNFORGETTING: i32 = 2;
/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why the database can't be opened.
#[derive(Debug, Error)]
pub enum DatabaseError {
    #[error("{path}: {source}; check that the folder is there and may be written to")]
    Unreadable { path: String, source: rusqlite::Error },
    #[error("{path} is the database of another program, or of a clinic; name another file")]
    Foreign { path: String },
    #[error("{path} was made by a newer tidbok; use that one")]
    Newer { path: String },
}

/// The database. Clones share the connection.
#[derive(Clone)]
pub struct Database {
    connection: Arc<Mutex<Connection>>,
}

impl Database {
    /// Opens the file, making it where it is not there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let shown = || path.display().to_string();
        let unreadable = |source| DatabaseError::Unreadable { path: shown(), source };
        let mut connection = Connection::open(path).map_err(unreadable)?;
        connection.busy_timeout(PATIENCE).map_err(unreadable)?;
        let pragma = |connection: &Connection, name| {
            connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0))
        };
        let application = pragma(&connection, "application_id").map_err(unreadable)?;
        let schema = pragma(&connection, "user_version").map_err(unreadable)?;
        match (application, schema) {
            (0, 0) if is_empty(&connection).map_err(unreadable)? => {}
            (APPLICATION, SCHEMA | UNFORGETTING | BEFORE_PAGES) => {}
            (APPLICATION, _) => return Err(DatabaseError::Newer { path: shown() }),
            _ => return Err(DatabaseError::Foreign { path: shown() }),
        }
        set_up(&mut connection, schema).map_err(unreadable)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Empties the log of writing: it holds pages as they were before something was erased from them.
    /// Where another process reads the file just now, the next time does it.
    ///
    /// # Errors
    /// The store not answering.
    pub(super) async fn empty_log(&self) -> Result<(), Refusal> {
        let connection = Arc::clone(&self.connection);
        let done = tokio::task::spawn_blocking(move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(empty_log(&connection)?)
        });
        done.await.map_err(|_| Refusal::BrokenOff)?
    }

    /// Does a piece of work in a transaction: all of it lasts, or nothing.
    ///
    /// # Errors
    /// What the work meets; the store not answering.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let connection = Arc::clone(&self.connection);
        let done = tokio::task::spawn_blocking(move || {
            // A panic elsewhere rolled its transaction back: the connection is whole.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        });
        done.await.map_err(|_| Refusal::BrokenOff)?
    }
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT COUNT(*) = 0 FROM sqlite_schema", (), |row| row.get(0))
}

/// Makes the schema what this program knows, from an earlier one or from nothing, and sets the connection
/// up so that what is erased is overwritten.
fn set_up(connection: &mut Connection, schema: i32) -> rusqlite::Result<()> {
    connection.pragma_update(None, "secure_delete", true)?;
    // What is sorted aside reaches no other file.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    match schema {
        0 => make(connection),
        SCHEMA => Ok(()),
        BEFORE_PAGES => {
            add_pages(connection)?;
            forget_erased(connection)
        }
        _ => forget_erased(connection),
    }
}

/// Writes the file anew without what was erased from it before erasing overwrote.
fn forget_erased(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("VACUUM")?;
    connection.pragma_update(None, "user_version", SCHEMA)?;
    empty_log(connection)
}

fn empty_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
}

fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    transaction.execute_batch(include_str!("page/page.sql"))?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", SCHEMA)?;
    transaction.commit()
}

fn add_pages(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(include_str!("page/page.sql"))?;
    // What is stored already is looked through, too.
    transaction.execute_batch(&format!(
        "INSERT INTO free_time (clinic, service, at, book, slot) \
         SELECT m.clinic, substr(s.value, {} + 2), m.at, substr(b.value, length('Schedule/') + 1), m.id \
         FROM moment m \
         JOIN term f ON f.clinic = m.clinic AND f.kind = m.kind AND f.id = m.id \
           AND f.name = 'status' AND f.value = 'free' \
         JOIN term s ON s.clinic = m.clinic AND s.kind = m.kind AND s.id = m.id \
           AND s.name = 'service-type' AND s.value LIKE '{}|%' \
         JOIN term b ON b.clinic = m.clinic AND b.kind = m.kind AND b.id = m.id \
           AND b.name = 'schedule' AND b.value LIKE 'Schedule/%' \
         WHERE m.kind = 'Slot' AND m.name = 'start'",
        names::TEMPLATE.len(),
        names::TEMPLATE
    ))?;
    transaction.pragma_update(None, "user_version", UNFORGETTING)?;
    transaction.commit()
}
