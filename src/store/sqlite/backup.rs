//! A copy of the whole database in a new file, while others work on it.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connection::explain;
use super::files;
use crate::store::OpenMode;
use crate::store::error::StoreError;

/// Pages copied between two looks at who else waits, and the pause then.
const PAGES: std::ffi::c_int = 1024;
const PAUSE: Duration = Duration::from_millis(5);

/// Copies what the connection sees into a file that must not be there. A copy that fails leaves
/// nothing behind.
pub(super) fn copy(source: &Connection, to: &Path) -> Result<(), StoreError> {
    files::refuse_existing(to)?;
    let to = files::locate(to, OpenMode::Create)?;
    let copied = copy_into(source, &to);
    if copied.is_err() {
        // What it holds is no backup; that it can't be removed changes nothing about the error.
        let _ = std::fs::remove_file(&to);
    }
    copied
}

fn copy_into(source: &Connection, to: &Path) -> Result<(), StoreError> {
    let fail = |error: rusqlite::Error| explain(&error, to);
    let mut target = Connection::open(to).map_err(fail)?;
    {
        let backup = Backup::new(source, &mut target).map_err(fail)?;
        while backup.step(PAGES).map_err(fail)? != StepResult::Done {
            std::thread::sleep(PAUSE);
        }
    }
    // One tidy file, and whole: a backup that can't be restored is none.
    let mode = target.query_row("PRAGMA journal_mode = DELETE", (), |row| row.get::<_, String>(0));
    mode.map_err(fail)?;
    let verdict = target.query_row("PRAGMA quick_check(1)", (), |row| row.get::<_, String>(0));
    match verdict.map_err(fail)?.as_str() {
        "ok" => Ok(()),
        _ => Err(StoreError::Corrupt { path: to.to_owned() }),
    }
}
