//! A copy of the whole database in a new file, while others work on it.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use tempfile::TempPath;

use super::connection::explain;
use super::files;
use super::unfinished::Unfinished;
use crate::store::error::StoreError;

/// Pages copied between two looks at who else waits, and the pause then.
const PAGES: std::ffi::c_int = 1024;
const PAUSE: Duration = Duration::from_millis(5);

/// What the folder begins with in which a copy grows.
const UNFINISHED: &str = ".tidbok-backup-";

/// Copies what the connection sees into a file that must not be there, its owner's alone. It gets its name when
/// it is whole and on the disk: a copy that fails or is cut short never has it. What copies that were killed have
/// left in the folder is cleared away.
pub(super) fn copy(source: &Connection, to: &Path) -> Result<(), StoreError> {
    let folder = files::folder_of(to)?;
    files::refuse_existing(to)?;
    let fail = |error: io::Error| files::explain(&error, to);
    // A folder of its own, for what SQLite puts beside a file while it writes it.
    let unfinished = Unfinished::new_in(folder, UNFINISHED).map_err(fail)?;
    let copied = unfinished.path().join("copy.db");
    files::create_private(&copied).map_err(fail)?;
    copy_into(source, &copied).map_err(|error| match error {
        CopyError::Engine(error) => explain(&error, to),
        CopyError::Damaged => StoreError::Corrupt { path: to.to_owned() },
    })?;
    let whole = TempPath::try_from_path(copied).map_err(fail)?;
    whole.persist_noclobber(to).map_err(|refused| match refused.error.kind() {
        ErrorKind::AlreadyExists => StoreError::Exists { path: to.to_owned() },
        _ => fail(refused.error),
    })?;
    files::keep_names(folder).map_err(fail)
}

enum CopyError {
    Engine(rusqlite::Error),
    Damaged,
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

fn copy_into(source: &Connection, file: &Path) -> Result<(), CopyError> {
    let mut target = Connection::open(file)?;
    {
        let backup = Backup::new(source, &mut target)?;
        while backup.step(PAGES)? != StepResult::Done {
            std::thread::sleep(PAUSE);
        }
    }
    // One tidy file, and whole: a backup that can't be restored is none.
    target.query_row("PRAGMA journal_mode = DELETE", (), |_| Ok(()))?;
    let verdict: String = target.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        _ => Err(CopyError::Damaged),
    }
}
