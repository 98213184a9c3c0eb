//! Which database, and how it is to be opened.

mod ado;
mod server;
mod url;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

pub use server::{DatabasePassword, Encryption, Instance, LogIn, ServerLocation, Trust};

use super::error::StoreError;

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseLocation {
    /// A SQLite file on this machine, written `sqlite:PATH`.
    Sqlite(PathBuf),
    /// A database of a SQL Server, written `sqlserver://USER@HOST:PORT/DATABASE` or as an ADO.NET
    /// connection string.
    SqlServer(Box<ServerLocation>),
}

impl DatabaseLocation {
    /// The file, where the database is one.
    pub fn file(&self) -> Option<&std::path::Path> {
        match self {
            DatabaseLocation::Sqlite(path) => Some(path),
            DatabaseLocation::SqlServer(_) => None,
        }
    }
}

impl FromStr for DatabaseLocation {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        if let Some(rest) = text.strip_prefix("sqlserver:") {
            return Ok(DatabaseLocation::SqlServer(Box::new(url::parse(rest)?)));
        }
        if ado::is_one(text) {
            return Ok(DatabaseLocation::SqlServer(Box::new(ado::parse(text)?)));
        }
        match text.strip_prefix("sqlite:") {
            // SQLite's special names would make a database that is gone at the end.
            Some("" | ":memory:") | None => Err(StoreError::Location),
            Some(path) => Ok(DatabaseLocation::Sqlite(PathBuf::from(path))),
        }
    }
}

/// Never shows a password.
impl fmt::Display for DatabaseLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseLocation::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseLocation::SqlServer(server) => fmt::Display::fmt(server, f),
        }
    }
}

/// What opening may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Makes the file (not its folder) and the schema where missing; an older one is refused.
    Create,
    /// Refuses a file that is missing or has nothing in it; an older schema is brought up to date, and
    /// a server's is made where there is none.
    Upgrade,
    /// Refuses what is missing, and an older schema: others may work on it with the program that made it,
    /// and a copy is for that program. Reads only where the permissions allow no more.
    Existing,
    /// Refuses the same, and never writes.
    ReadOnly,
}
