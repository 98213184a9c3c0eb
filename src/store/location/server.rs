//! A database of a SQL Server: where it is, who signs in, and how far the server is trusted.

use std::fmt;
use std::net::Ipv6Addr;
use std::num::NonZeroU16;
use std::path::PathBuf;

use crate::store::server_error::BadLocation;

/// The port a SQL Server listens on unless told otherwise.
pub(super) const PORT: u16 = 1433;

/// The schema that holds tidbok's tables.
pub(super) const SCHEMA: &str = "tidbok";

/// The collation of ids: by code point.
pub(super) const COLLATION: &str = "Latin1_General_BIN2";

/// A database of a SQL Server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerLocation {
    /// A name or an address; one of IPv6 without its brackets.
    pub host: String,
    pub instance: Instance,
    pub database: String,
    /// The schema that holds the tables; another than `tidbok` where clinics share a database.
    pub schema: String,
    /// The collation that the ids' columns are made with, where the server has no
    /// `Latin1_General_BIN2`: one that tells capital letters from small ones.
    pub collation: String,
    pub log_in: LogIn,
    pub encryption: Encryption,
    pub trust: Trust,
}

/// Which of a host's servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instance {
    Port(u16),
    /// By name; the host's SQL Browser tells the port.
    Named(String),
}

/// Who signs in to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogIn {
    /// A login of the server's own; the password comes from elsewhere.
    Sql { user: String, password: DatabasePassword },
    /// The account that the program runs as.
    Windows,
}

/// How what is sent is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte (TDS 8.0).
    Strict,
    /// Everything within TLS.
    #[default]
    On,
    /// Only signing in within TLS.
    Off,
}

impl Encryption {
    fn word(self) -> &'static str {
        match self {
            Encryption::Strict => "strict",
            Encryption::On => "on",
            Encryption::Off => "off",
        }
    }

    /// The level by its word here or in an ADO.NET string.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "strict" => Some(Encryption::Strict),
            "on" | "true" | "yes" | "mandatory" => Some(Encryption::On),
            "off" | "false" | "no" | "optional" => Some(Encryption::Off),
            _ => None,
        }
    }
}

/// Which certificate is taken for the server's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// One that an authority of this machine vouches for.
    #[default]
    Machine,
    /// Also one that an authority in this file vouches for.
    Also(PathBuf),
    /// Any: whoever sits in between can read and alter everything.
    Anyone,
}

/// The password of a login; never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DatabasePassword(Option<String>);

impl DatabasePassword {
    /// The password itself.
    pub fn new(password: String) -> Self {
        Self(Some(password))
    }

    /// Whether there is one.
    pub fn is_given(&self) -> bool {
        self.0.is_some()
    }

    pub(in crate::store) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Debug for DatabasePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabasePassword(…)")
    }
}

impl Default for Instance {
    fn default() -> Self {
        Self::Port(PORT)
    }
}

impl ServerLocation {
    /// A database that a login of the server's own signs in to, with everything else as it is unless said.
    pub fn of_login(host: &str, database: &str, user: &str) -> Self {
        let log_in = LogIn::Sql { user: user.to_owned(), password: DatabasePassword::default() };
        Self::new(host.to_owned(), database.to_owned(), log_in)
    }

    /// A location with everything but host, database and user as it is unless said.
    pub(super) fn new(host: String, database: String, log_in: LogIn) -> Self {
        Self {
            host,
            instance: Instance::default(),
            database,
            schema: SCHEMA.to_owned(),
            collation: COLLATION.to_owned(),
            log_in,
            encryption: Encryption::default(),
            trust: Trust::default(),
        }
    }

    /// Host and port or instance, as people write it.
    pub fn server(&self) -> String {
        match &self.instance {
            Instance::Port(PORT) => self.written_host(),
            Instance::Port(port) => format!("{}:{port}", self.written_host()),
            Instance::Named(name) => format!("{}\\{name}", self.written_host()),
        }
    }

    /// The host as it stands before a port.
    fn written_host(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }

    /// The same with the password of its login.
    pub fn with_password(mut self, given: DatabasePassword) -> Self {
        if let LogIn::Sql { password, .. } = &mut self.log_in {
            *password = given;
        }
        self
    }
}

/// As a URL without the password.
impl fmt::Display for ServerLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sqlserver://")?;
        if let LogIn::Sql { user, .. } = &self.log_in {
            write!(f, "{}@", super::url::encoded(user))?;
        }
        f.write_str(&self.written_host())?;
        if let Instance::Port(port) = self.instance {
            write!(f, ":{port}")?;
        }
        write!(f, "/{}", super::url::encoded(&self.database))?;
        write!(f, "?encrypt={}", self.encryption.word())?;
        if let Instance::Named(name) = &self.instance {
            write!(f, "&instance={}", super::url::encoded(name))?;
        }
        match &self.trust {
            Trust::Machine => {}
            Trust::Also(path) => {
                write!(f, "&ca={}", super::url::encoded_path(&path.to_string_lossy()))?;
            }
            Trust::Anyone => f.write_str("&trust_server_certificate=true")?,
        }
        if self.schema != SCHEMA {
            write!(f, "&schema={}", self.schema)?;
        }
        if self.collation != COLLATION {
            write!(f, "&collation={}", self.collation)?;
        }
        Ok(())
    }
}

/// Whether a schema's name needs no quoting anywhere, so that it can stand in SQL as it is.
pub(super) fn is_plain_name(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    first && name.len() <= 60 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A host's name or address, without the brackets around one of IPv6.
///
/// # Errors
/// [`BadLocation::NoHost`], [`BadLocation::Host`].
pub(super) fn host_of(text: &str) -> Result<String, BadLocation> {
    let bare = text.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(text);
    let plain = |letter: char| letter.is_alphanumeric() || "-._".contains(letter);
    match bare {
        "" => Err(BadLocation::NoHost),
        _ if bare.chars().all(plain) || bare.parse::<Ipv6Addr>().is_ok() => Ok(bare.to_owned()),
        _ => Err(BadLocation::Host),
    }
}

/// A port, 1 to 65535.
///
/// # Errors
/// [`BadLocation::Port`].
pub(super) fn port_of(text: &str) -> Result<u16, BadLocation> {
    let port = text.parse::<NonZeroU16>().ok().filter(|_| !text.starts_with('+'));
    port.map(NonZeroU16::get).ok_or(BadLocation::Port)
}
