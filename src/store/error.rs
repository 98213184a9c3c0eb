//! What can go wrong with a database, told so that the reader knows what to do. No stored value is
//! ever part of an error.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::server_error::{BadLocation, ServerError};

/// A database could not be opened, read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The text names no database. It is not repeated: it may hold a password.
    #[error(
        "that names no database: write sqlite:PATH, such as sqlite:/srv/tidbok/clinic.db, or sqlserver://USER@HOST/DATABASE"
    )]
    Location,

    /// A database server can't be reached or refuses.
    #[error(transparent)]
    Server(#[from] ServerError),

    /// The file is not there and was not to be made.
    #[error("there is no database at {path}: create it with `tidbok --database sqlite:{path} init`, or name another with --database", path = path.display())]
    Missing { path: PathBuf },

    /// The folder the file is to lie in is not there.
    #[error("the folder {folder} does not exist: create it, or name another place with --database", folder = folder.display())]
    NoFolder { folder: PathBuf },

    /// The path is a folder or another thing that can't be a database.
    #[error("{path} is not a file: name the database file itself", path = path.display())]
    NotAFile { path: PathBuf },

    /// A file that would be written over.
    #[error("{path} is there already and is left as it is: name another file", path = path.display())]
    Exists { path: PathBuf },

    /// A server's database is no file.
    #[error("a server's database is backed up there, with the server's own means")]
    NoFile,

    /// The operating system denies access.
    #[error("no access to {path}: ask whoever owns it for read and write permission on the file and its folder", path = path.display())]
    Denied { path: PathBuf },

    /// The file lies where locking can't be relied on.
    #[error("{path} lies on a network file system ({kind}), where several programs writing at once would damage it: keep the database on a local disk of one computer, or use a database server", path = path.display())]
    NetworkFileSystem { path: PathBuf, kind: String },

    /// The file's content is not SQLite's.
    #[error("{path} is not a database: nothing was changed; check the path, or restore the file from a backup", path = path.display())]
    NotADatabase { path: PathBuf },

    /// A database, but not one of tidbok's.
    #[error("{path} is a database of another program: nothing was changed; name another file with --database", path = path.display())]
    OtherProgram { path: PathBuf },

    /// The file is damaged.
    #[error("the database {path} is damaged: nothing more is written to it; copy it away and restore it from a backup or an export", path = path.display())]
    Corrupt { path: PathBuf },

    /// Writing was asked for where only reading is possible.
    #[error("the database {path} can only be read: to change it, permission to write to the file and to its folder is needed", path = path.display())]
    ReadOnly { path: PathBuf },

    /// Written by a newer program.
    #[error("the database {path} has schema {found}, this program knows up to {known}: use a newer tidbok", path = path.display())]
    Newer { path: PathBuf, found: i64, known: i64 },

    /// Written by an older program, and not brought up to date unasked.
    #[error("the database {path} has the older schema {found}, this program needs {known}: make a copy and run `tidbok migrate` (`tidbok help upgrade`)", path = path.display())]
    Older { path: PathBuf, found: i64, known: i64 },

    /// A file with nothing in it: new, or what a failed copy or a full disk has left of a database.
    #[error("there is nothing in the database {path}: restore it from a backup (`tidbok help backup`), or make an empty clinic of it with `tidbok --database sqlite:{path} init`", path = path.display())]
    Empty { path: PathBuf },

    /// No room to write. What to do stands before the path, which a narrow screen cuts.
    #[error("no room left on the disk: nothing was changed; free some space and try again ({path})", path = path.display())]
    DiskFull { path: PathBuf },

    /// Another program holds the database for longer than we wait.
    #[error("another program holds the database: nothing was changed; try again in a moment ({path})", path = path.display())]
    Locked { path: PathBuf },

    /// Reading or writing the file failed.
    #[error("reading or writing {path} failed ({detail}): check the disk", path = path.display())]
    Disk { path: PathBuf, detail: String },

    /// A unique id or value stands in the database already; `what` is table and column, or what a server
    /// names: the constraint, or the table.
    #[error("already in the database: {what}")]
    Duplicate { what: String },

    /// Something refers to what was to be removed, or is referred to and not there.
    #[error(
        "a reference in the database would point at nothing: it is used by something else, or what it names is gone"
    )]
    BrokenReference,

    /// The row to change or remove is gone.
    #[error("{entity} is not in the database any more: somebody may have removed it")]
    Gone { entity: String },

    /// A stored value can't be understood.
    #[error(
        "the database holds a value that makes no sense (table {table}, column {column} of the query): restore it from a backup or an export"
    )]
    Unreadable { table: &'static str, column: usize },

    /// The transaction was ended by the database before its time.
    #[error("the database ended the transaction: nothing was changed; try again")]
    TransactionLost,

    /// The connection is gone.
    #[error(
        "the connection to the database was lost: whether the last change was made shows when it is opened again"
    )]
    ConnectionLost,

    /// Anything else the database engine says.
    #[error("the database answered with an error ({code}): {message}")]
    Engine { code: i32, message: String },
}

impl StoreError {
    /// What an error of the operating system means for the file that is named.
    pub fn of_file(error: &io::Error, path: &Path) -> Self {
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Disk { path, detail: error.kind().to_string() },
        }
    }
}

impl From<BadLocation> for StoreError {
    fn from(bad: BadLocation) -> Self {
        StoreError::Server(bad.into())
    }
}
