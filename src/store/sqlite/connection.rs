//! One SQLite connection: how it is opened and set, how statements run, what its errors mean.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags, ffi};

use super::{busy, files, make, migrate};
use crate::store::OpenMode;
use crate::store::error::StoreError;
use crate::store::migration::Pending;
use crate::store::value::{Row, Statement, Value};

/// Statements kept prepared on each connection.
const PREPARED: usize = 96;

/// A SELECT of more parameters is not kept: it names what it asks for one by one, next time rarely as many,
/// and with hundreds of them takes a hundred kilobytes.
const NAMED_BY_KEPT: usize = 24;

/// How much of the file each reader keeps in memory of its own, in kilobytes: the system keeps what has been
/// read lately for all of them, and readers of a console live as long as it does.
const KEPT_BY_A_READER: i32 = 512;

/// Files up to this many bytes are checked whole before the first write of a process.
const CHECKED_WHOLE: u64 = 64 << 20;

/// What a connection may do with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    ReadWrite,
    /// By mode, by the file's permissions, or both.
    ReadOnly,
}

/// An existing database file of ours and what may be done with it.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) path: Arc<Path>,
    pub(super) access: Access,
}

/// Finds or makes the file, checks whose it is, and brings its schema up to date where the mode says so.
pub(super) fn prepare(path: &Path, mode: OpenMode) -> Result<Target, StoreError> {
    let path: Arc<Path> = match (files::locate(path), mode) {
        (Err(StoreError::Missing { .. }), OpenMode::Create) => make::make(path)?.into(),
        (located, _) => located?.into(),
    };
    let (mut connection, access) = match mode {
        OpenMode::ReadOnly => (raw(&path, Access::ReadOnly)?, Access::ReadOnly),
        OpenMode::Create | OpenMode::Upgrade | OpenMode::Existing => as_permitted(&path)?,
    };
    migrate::accept(&mut connection, &path, access, mode)?;
    Ok(Target { path, access })
}

/// Steps that an existing file lacks.
pub(super) fn pending(path: &Path) -> Result<Pending, StoreError> {
    let path = files::locate(path)?;
    // One that may write takes the files beside the database away again; nothing is written.
    let (connection, _) = as_permitted(&path)?;
    migrate::pending(&connection, &path)
}

/// A connection to an existing file of ours, whichever schema it has, and the file's true path.
pub(super) fn open_unread(path: &Path) -> Result<(Connection, PathBuf), StoreError> {
    let path = files::locate(path)?;
    let (connection, _) = as_permitted(&path)?;
    match migrate::pending(&connection, &path)?.found {
        0 => Err(StoreError::Empty { path }),
        _ => Ok((connection, path)),
    }
}

/// A connection that writes where the permissions allow it, else one that reads.
fn as_permitted(path: &Path) -> Result<(Connection, Access), StoreError> {
    let connection = raw(path, Access::ReadWrite)?;
    if may_write(&connection, path)? {
        return Ok((connection, Access::ReadWrite));
    }
    Ok((raw(path, Access::ReadOnly)?, Access::ReadOnly))
}

/// A connection that reads a file which [`prepare`] has found good.
pub(super) fn open_reader(target: &Target) -> Result<Connection, StoreError> {
    let connection = open(target)?;
    connection
        .pragma_update(None, "cache_size", -KEPT_BY_A_READER)
        .map_err(|error| explain(&error, &target.path))?;
    Ok(connection)
}

fn open(target: &Target) -> Result<Connection, StoreError> {
    let connection = raw(&target.path, target.access)?;
    configure(&connection, target.access).map_err(|error| explain(&error, &target.path))?;
    if target.access == Access::ReadWrite {
        // The files beside the database are made by the first read, not by opening.
        let first = connection.query_row("SELECT COUNT(*) FROM schema_migration", (), |_| Ok(()));
        first.map_err(|error| explain(&error, &target.path))?;
        files::share_with_group(&target.path);
    }
    Ok(connection)
}

/// The connection that writes; a damaged file is refused before it is altered.
pub(super) fn open_writer(target: &Target) -> Result<Connection, StoreError> {
    let connection = open(target)?;
    refuse_damaged(&connection, &target.path)?;
    Ok(connection)
}

/// A connection to a file that nothing is known of yet.
pub(super) fn connect(path: &Path, access: Access) -> rusqlite::Result<Connection> {
    let flags = match access {
        Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let mut connection = Connection::open_with_flags(path, flags | COMMON)?;
    connection.busy_handler(Some(busy::handler()))?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    Ok(connection)
}

fn raw(path: &Path, access: Access) -> Result<Connection, StoreError> {
    let connection = connect(path, access).map_err(|error| explain(&error, path))?;
    if access == Access::ReadOnly && !files::has_log(path) && is_barred(&connection, path) {
        // Nobody has the file open and nothing may be made beside it: the file is all there is.
        let uri = files::immutable_uri(path);
        return Connection::open_with_flags(
            uri,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | COMMON,
        )
        .map_err(|error| explain(&error, path));
    }
    Ok(connection)
}

const COMMON: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_EXRESCODE);

/// Whether the files beside the database that SQLite reads through can't be made, or shouldn't: those
/// of an account that may not write would keep out the ones that may.
fn is_barred(connection: &Connection, path: &Path) -> bool {
    if !files::is_writable(path) {
        return true;
    }
    let probe = connection.query_row("SELECT COUNT(*) FROM sqlite_schema", (), |_| Ok(()));
    let code = probe.err().and_then(|error| error.sqlite_error_code());
    matches!(code, Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

fn may_write(connection: &Connection, path: &Path) -> Result<bool, StoreError> {
    let read_only = connection.is_readonly("main").map_err(|error| explain(&error, path))?;
    Ok(!read_only && !is_barred(connection, path))
}

/// Settings that hold for one connection: full durability, references checked, nothing erased left lying.
pub(super) fn configure(connection: &Connection, access: Access) -> rusqlite::Result<()> {
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    match access {
        Access::ReadWrite => {
            // What is erased is overwritten.
            connection.pragma_update(None, "secure_delete", true)?;
            connection.pragma_update(None, "synchronous", "FULL")
        }
        Access::ReadOnly => connection.pragma_update(None, "query_only", true),
    }
}

pub(super) fn refuse_damaged(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let length = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if length > CHECKED_WHOLE {
        return Ok(());
    }
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", (), |row| row.get(0))
        .map_err(|error| explain(&error, path))?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Corrupt { path: path.to_owned() }) }
}

/// Opens a read transaction and takes its snapshot now, not at the first query.
pub(super) fn begin_reading(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let begun = run(connection, "BEGIN").and_then(|()| {
        let mut first = connection.prepare_cached("SELECT COUNT(*) FROM schema_migration")?;
        first.query_row((), |_| Ok(()))
    });
    begun.map_err(|error| explain(&error, path))
}

/// Opens a write transaction, waiting for other processes' to end.
pub(super) fn begin_writing(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    run(connection, "BEGIN IMMEDIATE").map_err(|error| explain(&error, path))
}

/// Writes the transaction through to the disk.
pub(super) fn commit(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    still_open(connection)?;
    run(connection, "COMMIT").map_err(|error| explain(&error, path))
}

/// Ends whatever transaction is open.
pub(super) fn roll_back(connection: &mut Connection) {
    if !connection.is_autocommit() {
        // A failing rollback leaves the transaction to the connection's close, which undoes it.
        let _ = run(connection, "ROLLBACK");
    }
}

/// Runs one of the statements around transactions: kept prepared, since every reading has two of them.
fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute(()).map(drop)
}

/// SQLite ends a transaction by itself on some errors; what came after would be committed singly.
fn still_open(connection: &Connection) -> Result<(), StoreError> {
    if connection.is_autocommit() { Err(StoreError::TransactionLost) } else { Ok(()) }
}

/// All rows of a query; `None` where the statement is none, but a change.
pub(super) fn query(
    connection: &mut Connection,
    path: &Path,
    statement: &Statement,
) -> Result<Option<Vec<Row>>, StoreError> {
    still_open(connection)?;
    let rows = || {
        let mut prepared = bound(connection, statement)?;
        let rows = all_rows(&mut prepared)?;
        if statement.parameters.len() > NAMED_BY_KEPT {
            prepared.discard();
        }
        Ok(rows)
    };
    rows().map_err(|error| explain(&error, path))
}

fn all_rows(prepared: &mut CachedStatement<'_>) -> rusqlite::Result<Option<Vec<Row>>> {
    let columns = prepared.column_count();
    let mut rows = prepared.raw_query();
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(row.get_ref(column)?.try_into_value(column)?);
        }
        all.push(Row(values));
    }
    Ok((columns > 0).then_some(all))
}

/// How many rows a statement changed.
pub(super) fn execute(
    connection: &mut Connection,
    path: &Path,
    statement: &Statement,
) -> Result<u64, StoreError> {
    still_open(connection)?;
    let changed = bound(connection, statement).and_then(|mut prepared| prepared.raw_execute());
    changed.map(|count| count as u64).map_err(|error| explain(&error, path))
}

/// Binds by name: by position, a parameter used out of order would silently swap values.
fn bound<'c>(
    connection: &'c Connection,
    statement: &Statement,
) -> rusqlite::Result<CachedStatement<'c>> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    if prepared.parameter_count() != statement.parameters.len() {
        return Err(rusqlite::Error::InvalidParameterCount(
            statement.parameters.len(),
            prepared.parameter_count(),
        ));
    }
    for (place, value) in statement.parameters.iter().enumerate() {
        let name = format!("@P{}", place + 1);
        let index =
            prepared.parameter_index(&name)?.ok_or(rusqlite::Error::InvalidParameterName(name))?;
        match value {
            Value::Null => prepared.raw_bind_parameter(index, rusqlite::types::Null)?,
            Value::Integer(number) => prepared.raw_bind_parameter(index, number)?,
            Value::Text(text) => prepared.raw_bind_parameter(index, text)?,
            Value::Time(time) => prepared.raw_bind_parameter(index, time.to_string())?,
            Value::Date(date) => prepared.raw_bind_parameter(index, date.to_string())?,
        }
    }
    Ok(prepared)
}

trait TryIntoValue {
    fn try_into_value(self, column: usize) -> rusqlite::Result<Value>;
}

impl TryIntoValue for ValueRef<'_> {
    fn try_into_value(self, column: usize) -> rusqlite::Result<Value> {
        match self {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Integer(number)),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes)
                .map(|text| Value::Text(text.to_owned()))
                .map_err(|error| rusqlite::Error::Utf8Error(column, error)),
            ValueRef::Real(_) | ValueRef::Blob(_) => {
                Err(rusqlite::Error::InvalidColumnType(column, String::new(), self.data_type()))
            }
        }
    }
}

/// What an engine error means for whoever asked. Holds no stored value: SQLite names only tables
/// and columns.
pub(super) fn explain(error: &rusqlite::Error, path: &Path) -> StoreError {
    let path = path.to_owned();
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return StoreError::Engine { code: 0, message: error.to_string() };
    };
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked { path },
        ErrorCode::ReadOnly => StoreError::ReadOnly { path },
        ErrorCode::DiskFull => StoreError::DiskFull { path },
        // The first to open the file makes another beside it, for which there is no room, either.
        ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
            StoreError::DiskFull { path }
        }
        ErrorCode::DatabaseCorrupt => StoreError::Corrupt { path },
        ErrorCode::NotADatabase => StoreError::NotADatabase { path },
        ErrorCode::CannotOpen if !path.exists() => StoreError::Missing { path },
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => StoreError::Denied { path },
        ErrorCode::SystemIoFailure => StoreError::Disk { path, detail: failure.to_string() },
        ErrorCode::ConstraintViolation => constraint(failure.extended_code, message.as_deref()),
        _ => StoreError::Engine { code: failure.extended_code, message: error.to_string() },
    }
}

fn constraint(code: i32, message: Option<&str>) -> StoreError {
    let message = message.unwrap_or_default();
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            let what = message.rsplit_once(": ").map_or(message, |(_, columns)| columns);
            StoreError::Duplicate { what: what.to_owned() }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::BrokenReference,
        _ => StoreError::Engine { code, message: message.to_owned() },
    }
}
