//! A database where there is none: made beside its place and put there in one step, so that one that could
//! not be made is not there at all.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rusqlite::Error;
use tempfile::TempPath;

use super::connection::{Access, connect, explain};
use super::unfinished::Unfinished;
use super::{files, migrate};
use crate::store::OpenMode;
use crate::store::error::StoreError;

/// Makes an empty database of the newest schema; returns its true path. Where another process was faster, its
/// is as good.
pub(super) fn make(path: &Path) -> Result<PathBuf, StoreError> {
    let folder = files::folder_of(path)?;
    let fail = |error: io::Error| files::explain(&error, path);
    // A folder of its own, for what SQLite puts beside a file while it writes it.
    let unfinished = Unfinished::new_in(folder, ".tidbok-new-").map_err(fail)?;
    let file = unfinished.path().join("new.db");
    files::create_shared(&file).map_err(fail)?;
    fill(&file, path)?;
    let whole = TempPath::try_from_path(file).map_err(fail)?;
    match whole.persist_noclobber(path) {
        Ok(()) => files::keep_names(folder).map_err(fail)?,
        Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => {}
        Err(refused) => return Err(fail(refused.error)),
    }
    files::locate(path)
}

/// Gives the file a schema, and has all of it in the one file. Errors name the place that it is to have.
fn fill(file: &Path, place: &Path) -> Result<(), StoreError> {
    let fail = |error: Error| explain(&error, place);
    let mut connection = connect(file, Access::ReadWrite).map_err(fail)?;
    migrate::accept(&mut connection, place, Access::ReadWrite, OpenMode::Create)?;
    // Closing would do it, too, and not tell where it can't.
    let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
    connection.query_row(emptied, (), |_| Ok(())).map_err(fail)?;
    connection.close().map_err(|(_, error)| fail(error))
}
