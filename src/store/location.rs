//! Which database, and how it is to be opened.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::error::StoreError;

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseLocation {
    /// A SQLite file on this machine, written `sqlite:PATH`.
    Sqlite(PathBuf),
}

impl FromStr for DatabaseLocation {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        match text.strip_prefix("sqlite:") {
            // SQLite's special names would make a database that is gone at the end.
            Some("" | ":memory:") | None => Err(StoreError::Location),
            Some(path) => Ok(DatabaseLocation::Sqlite(PathBuf::from(path))),
        }
    }
}

impl fmt::Display for DatabaseLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseLocation::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
        }
    }
}

/// What opening may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Makes the file (not its folder) and the schema where missing.
    Create,
    /// Refuses a missing file; reads only where the permissions allow no more.
    Existing,
    /// Refuses a missing file, and never writes.
    ReadOnly,
}
