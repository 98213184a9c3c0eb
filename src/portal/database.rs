//! The booking page's own database: one SQLite file. Whoever looks sees it as it was last committed and
//! waits for nobody (`readers`); whoever changes it does so one after the other (`writer`).

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use serde_json::Value;
use thiserror::Error;

use super::indexed::{Key, keys};
use super::readers::Readers;
use super::refusal::Refusal;
use super::writer::Writer;

/// Marks the file as ours: "tbpo".
const APPLICATION: i32 = 0x7462_706f;
/// The schema that this program knows.
const SCHEMA: i32 = 4;
/// The schema before the portal had pages of its own.
const BEFORE_PAGES: i32 = 1;
/// The schema before free times told their own hours, and registers their version.
const BEFORE_HOURS: i32 = 2;
/// The schema whose files still hold what was erased from them.
const UNFORGETTING: i32 = 3;
/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many statements a connection keeps prepared: as many as are asked again and again.
const STATEMENTS: usize = 64;

/// Why the database can't be opened.
#[derive(Debug, Error)]
pub enum DatabaseError {
    #[error("{path}: {source}; check that the folder is there and may be written to")]
    Unreadable { path: String, source: rusqlite::Error },
    #[error(
        "{path} is damaged, or its disk does not answer: {source}; check the disk. If the file is damaged, \
         move it aside, with those beside it that end in -wal and -shm, and start anew: the agents publish \
         everything again. Lost with it are wishes that no agent has fetched, and patients no longer see \
         their earlier bookings on the page; the clinics' own books lose nothing"
    )]
    Damaged { path: String, source: rusqlite::Error },
    #[error("{path} is another portal's that is running; stop that one, or name another file")]
    InUse { path: String },
    #[error("{path}: {source}; the portal makes this file and must be able to write it")]
    Unmarked { path: String, source: io::Error },
    #[error("{path} is the database of another program, or of a clinic; name another file")]
    Foreign { path: String },
    #[error("{path} was made by a newer tidbok; use that one")]
    Newer { path: String },
}

impl DatabaseError {
    fn of(path: &Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, SystemIoFailure};
        let path = path.display().to_string();
        match source.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase | SystemIoFailure) => {
                Self::Damaged { path, source }
            }
            _ => Self::Unreadable { path, source },
        }
    }
}

/// Marks a database as a running portal's until the mark is dropped, or the process ends in whatever
/// way: two portals would each know the log-ins, and count the tries, of their own visitors only.
///
/// # Errors
/// [`DatabaseError::InUse`], [`DatabaseError::Unmarked`].
pub(super) fn mark_running(path: &Path) -> Result<File, DatabaseError> {
    // A file beside it: closing the database's own would let go what SQLite has locked in it.
    let mut beside = path.as_os_str().to_owned();
    beside.push("-running");
    let beside = PathBuf::from(beside);
    let unmarked = |source| DatabaseError::Unmarked { path: beside.display().to_string(), source };
    let mark = File::options().write(true).create(true).truncate(false).open(&beside);
    let mark = mark.map_err(unmarked)?;
    match mark.try_lock() {
        Ok(()) => Ok(mark),
        Err(TryLockError::WouldBlock) => {
            Err(DatabaseError::InUse { path: path.display().to_string() })
        }
        Err(TryLockError::Error(source)) => Err(unmarked(source)),
    }
}

/// The database. Clones share its connections.
#[derive(Clone)]
pub struct Database {
    path: PathBuf,
    readers: Arc<Readers>,
    writer: Arc<Writer>,
}

impl Database {
    /// Opens the file, making it where it is not there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        create_private(path);
        let shown = || path.display().to_string();
        let unreadable = |source| DatabaseError::of(path, source);
        let mut connection = connect(path).map_err(unreadable)?;
        let pragma = |connection: &Connection, name| {
            connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0))
        };
        let application = pragma(&connection, "application_id").map_err(unreadable)?;
        let schema = pragma(&connection, "user_version").map_err(unreadable)?;
        match (application, schema) {
            (0, 0) if is_empty(&connection).map_err(unreadable)? => {}
            (APPLICATION, SCHEMA | UNFORGETTING | BEFORE_HOURS | BEFORE_PAGES) => {}
            (APPLICATION, _) => return Err(DatabaseError::Newer { path: shown() }),
            _ => return Err(DatabaseError::Foreign { path: shown() }),
        }
        set_up(&mut connection, schema).map_err(unreadable)?;
        let readers = Readers::open(path).map_err(unreadable)?;
        let (readers, writer) = (Arc::new(readers), Arc::new(Writer::start(connection)));
        Ok(Self { path: path.to_owned(), readers, writer })
    }

    /// Empties the log of writing: it holds pages as they were before something was erased from them.
    /// Where somebody reads the file just now, the next time does it.
    ///
    /// # Errors
    /// The store not answering.
    pub(super) async fn empty_log(&self) -> Result<(), Refusal> {
        let path = self.path.clone();
        let done = tokio::task::spawn_blocking(move || Ok(empty_log(&connect(&path)?)?));
        done.await.map_err(|_| Refusal::BrokenOff)?
    }

    /// Looks at the database as it was last committed; nothing can be changed.
    ///
    /// # Errors
    /// What the work meets; the store not answering.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.readers.with(work).await
    }

    /// Does a piece of work that changes something: all of it lasts, or nothing. Once it is answered it
    /// is on the disk, and whoever looks from then on sees it.
    ///
    /// # Errors
    /// What the work meets; the store not answering.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.writer.with(work).await
    }
}

/// Makes the file its owner's alone where it is not there; SQLite makes those beside it like it. Where it
/// can't be made, opening it tells why.
fn create_private(path: &Path) {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

/// Another connection to the file.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
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
    match schema {
        0 => make(connection),
        SCHEMA => Ok(()),
        UNFORGETTING => forget_erased(connection),
        earlier => {
            bring_up(connection, earlier)?;
            forget_erased(connection)
        }
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
    transaction.execute_batch(include_str!("page/free.sql"))?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", SCHEMA)?;
    transaction.commit()
}

/// Brings an earlier schema up to this one, but for what was erased from its file.
fn bring_up(connection: &mut Connection, from: i32) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if from == BEFORE_HOURS {
        transaction.execute_batch("DROP TABLE free_time")?;
    } else {
        transaction.execute_batch(include_str!("page/page.sql"))?;
    }
    transaction.execute_batch(include_str!("page/free.sql"))?;
    index_free(&transaction)?;
    transaction.pragma_update(None, "user_version", UNFORGETTING)?;
    transaction.commit()
}

/// Looks through the slots that are stored already.
fn index_free(connection: &Connection) -> rusqlite::Result<()> {
    let mut slots =
        connection.prepare("SELECT clinic, id, content FROM resource WHERE kind = 'Slot'")?;
    let mut rows = slots.query(())?;
    while let Some(row) = rows.next()? {
        let (clinic, id, content): (String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let slot: Value = serde_json::from_str(&content).unwrap_or_default();
        for key in keys("Slot", &slot) {
            if let Key::Free(free) = key {
                free.store(connection, &clinic, &id)?;
            }
        }
    }
    Ok(())
}
