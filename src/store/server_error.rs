//! What can go wrong with a database server, told so that the reader knows what to set. No stored
//! value and no password is ever part of an error.

use std::path::PathBuf;

use thiserror::Error;

/// Why a text names no database of a server.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadLocation {
    #[error(
        "write sqlserver://USER@HOST:1433/DATABASE, or an ADO.NET string such as Server=HOST,1433;Database=DATABASE;User ID=USER"
    )]
    Form,
    #[error("it names no server")]
    NoHost,
    #[error(
        "a server's name has letters, digits, - . and _ only, or it is an address such as [::1]"
    )]
    Host,
    #[error("it names no database of the server")]
    NoDatabase,
    #[error("the port is no number from 1 to 65535")]
    Port,
    /// Arguments are seen by every account of the machine.
    #[error(
        "a password does not belong there, where others can read it: take it out and set TIDBOK_DATABASE_PASSWORD, or TIDBOK_DATABASE_PASSWORD_FILE to a file that holds it"
    )]
    HoldsPassword,
    #[error("{name} has no such value")]
    Value { name: String },
    #[error("{name} is no setting that is known here")]
    Unknown { name: String },
    #[error(
        "trusting every certificate makes a file of authorities pointless: keep one of the two"
    )]
    TwoTrusts,
}

/// A setting of an unknown name; the name is told where it is one, and holds no password that was written in
/// the wrong place.
pub(super) fn unknown_setting(name: &str) -> BadLocation {
    let is_name = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ' ';
    let plain = name.len() <= 40 && name.chars().all(is_name);
    let small = name.to_ascii_lowercase();
    let may_be_told = plain && !["password", "pwd"].iter().any(|word| small.contains(word));
    BadLocation::Unknown { name: if may_be_told { name } else { "…" }.to_owned() }
}

/// A database server could not be reached or refuses.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ServerError {
    #[error("that names no database of a server: {0}")]
    Location(#[from] BadLocation),

    #[error(
        "the database server {server} can't be reached ({detail}): nothing was changed; check that it runs, and its name, port and firewall"
    )]
    Unreachable { server: String, detail: String },

    /// It was there: it restarts, fails over, or the line broke.
    #[error(
        "the database server {server} hung up while signing in: nothing was changed; try again, and check the network and the server's log if it goes on"
    )]
    HungUp { server: String },

    /// The server's certificate was not accepted.
    #[error(
        "the certificate of the database server {server} is not trusted ({detail}): add ca=FILE to the database's URL with the certificate of the authority that signed it, and write the server's name as it stands in the certificate; trust_server_certificate=true skips the check, which lets whoever sits in between read everything"
    )]
    Certificate { server: String, detail: String },

    /// The server can't encrypt as asked.
    #[error(
        "the database server {server} does not encrypt as asked ({detail}): give it a certificate, or, on a network that nobody else reaches, set encrypt=off"
    )]
    Encryption { server: String, detail: String },

    #[error(
        "the file {path} with authorities' certificates can't be read ({detail}): check ca= in the database's URL",
        path = path.display()
    )]
    Authorities { path: PathBuf, detail: String },

    /// The server does not let the login in.
    #[error(
        "the database server {server} refuses the login {user}: check its name and password, and that it is enabled"
    )]
    LogIn { server: String, user: String },

    #[error(
        "there is no password for the login {user}: set TIDBOK_DATABASE_PASSWORD, TIDBOK_DATABASE_PASSWORD_FILE to a file that holds it, or give systemd's credential tidbok-database-password; the machine's own database has it in /etc/tidbok/database-password"
    )]
    NoPassword { user: String },

    #[error(
        "this program signs in to a server with a login of its own: write sqlserver://LOGIN@{server}/DATABASE"
    )]
    NoWindowsLogIn { server: String },

    #[error(
        "the database {database} is not on the server {server}, or the login may not use it: create it there, or check its name"
    )]
    NoDatabase { server: String, database: String },

    /// The database holds no schema of tidbok's.
    #[error(
        "the database {database} on {server} holds no tables of tidbok (schema {schema}): create them with `tidbok migrate`, as a login that may create a schema"
    )]
    NoSchema { server: String, database: String, schema: String },

    #[error(
        "the database on {server} has schema {found}, this program knows up to {known}: use a newer tidbok"
    )]
    Newer { server: String, found: i64, known: i64 },

    #[error(
        "the database on {server} has the older schema {found}, this program needs {known}: run `tidbok migrate`, as a login that may alter the schema"
    )]
    Older { server: String, found: i64, known: i64 },

    #[error(
        "the database server does not permit that to this login: `tidbok migrate --grants` writes what it needs"
    )]
    NotPermitted,

    #[error(
        "the database server keeps others waiting for too long: nothing was changed; try again in a moment"
    )]
    Busy,

    #[error(
        "no room left in the database: nothing was changed; ask whoever looks after the server"
    )]
    Full,

    /// Opened for reading only, by us or by the server.
    #[error("the database can only be read: nothing was changed")]
    ReadOnly,
}
