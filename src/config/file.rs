//! One configuration file: what may stand in it, and what is said when something else does.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;
use thiserror::Error;

/// What a configuration file says; every key may be left out, no other key is taken. [`super::KEYS`]
/// tells of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// As `--database`; a path that is not absolute is counted from the file's folder.
    pub database: Option<String>,
    pub login: Option<Login>,
    pub lock_minutes: Option<LockMinutes>,
    /// Only the machine's database, and no way out of the console.
    pub restricted: Option<bool>,
    pub language: Option<LanguageCode>,
    pub theme: Option<ThemeName>,
    /// Draw without line-drawing characters.
    pub ascii: Option<bool>,
    pub row_minutes: Option<RowMinutes>,
    /// By action id.
    #[serde(default)]
    pub keys: BTreeMap<String, OwnKeys>,
}

/// A theme as it is written in a configuration file and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    /// For a dark background
    Dark,
    /// For a light background
    Light,
    /// 16 colours, for a dark background
    #[serde(rename = "16")]
    #[value(name = "16")]
    Sixteen,
    /// Without colour
    Mono,
}

impl ThemeName {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Sixteen => "16",
            Self::Mono => "mono",
        }
    }
}

/// Minutes a row of the week grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct RowMinutes(u8);

impl RowMinutes {
    /// 5, 10, 15 or 30.
    pub fn minutes(self) -> u8 {
        self.0
    }
}

impl Default for RowMinutes {
    fn default() -> Self {
        Self(15)
    }
}

impl TryFrom<i64> for RowMinutes {
    type Error = &'static str;
    fn try_from(minutes: i64) -> Result<Self, Self::Error> {
        match u8::try_from(minutes) {
            Ok(minutes @ (5 | 10 | 15 | 30)) => Ok(Self(minutes)),
            _ => Err("row_minutes is 5, 10, 15 or 30"),
        }
    }
}

/// Minutes without a key after which the screen locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct LockMinutes(u32);

impl LockMinutes {
    /// 1 to 240.
    pub fn minutes(self) -> u32 {
        self.0
    }
}

impl TryFrom<i64> for LockMinutes {
    type Error = &'static str;
    fn try_from(minutes: i64) -> Result<Self, Self::Error> {
        match u32::try_from(minutes) {
            Ok(minutes @ 1..=240) => Ok(Self(minutes)),
            _ => Err("lock_minutes is 1 to 240"),
        }
    }
}

/// The keys of one action: one, or a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMore")]
pub struct OwnKeys(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "a key such as \"p\", or a list of keys")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl From<OneOrMore> for OwnKeys {
    fn from(keys: OneOrMore) -> Self {
        match keys {
            OneOrMore::One(key) => Self(vec![key]),
            OneOrMore::More(keys) => Self(keys),
        }
    }
}

/// How the user at the keyboard becomes a user of the clinic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Login {
    /// Whoever may open the file says who they are.
    #[default]
    None,
    /// Only the user whose OS account runs the program.
    Os,
    /// Only who knows a user's password.
    Password,
}

impl Login {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Os => "os",
            Self::Password => "password",
        }
    }
}

/// A language as it is written in a configuration file and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LanguageCode {
    Sv,
    En,
}

impl LanguageCode {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::En => "en",
        }
    }
}

/// A configuration file that cannot be used.
#[derive(Debug, Error)]
pub enum BadConfigFile {
    #[error("{}: {error}; correct the file's permissions, or remove it", .path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{}: is not text in UTF-8; save it as UTF-8", .path.display())]
    NotText { path: PathBuf },
    #[error("{place}: {message}")]
    Wrong { place: Place, message: String },
}

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: PathBuf,
    /// From 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.line)
    }
}

impl ConfigFile {
    /// Reads a file; one that is not there says nothing.
    ///
    /// # Errors
    /// [`BadConfigFile`], with the line of an unknown key or a wrong value.
    pub fn read(path: &Path) -> Result<Self, BadConfigFile> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(BadConfigFile::NotText { path: path.to_owned() })
            }
            Err(error) => Err(BadConfigFile::Unreadable { path: path.to_owned(), error }),
        }
    }

    /// `path` is named in errors, and is what a database's path is counted from.
    ///
    /// # Errors
    /// [`BadConfigFile::Wrong`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, BadConfigFile> {
        let mut file: Self = toml::from_str(text).map_err(|error| {
            let (line, message) = fault_in(text, error.span(), error.message());
            BadConfigFile::Wrong { place: Place { path: path.to_owned(), line }, message }
        })?;
        file.database = file.database.map(|url| from_folder_of(path, url));
        Ok(file)
    }
}

/// In which line of a TOML text a fault lies, from 1, and what is told of it: of a value also whose it is.
pub fn fault_in(text: &str, at: Option<Range<usize>>, told: &str) -> (usize, String) {
    let before = at.and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let begun = before.rsplit('\n').next().unwrap_or_default();
    match begun.split_once('=').map(|(key, _)| key.trim()) {
        Some(key) if !told.contains(key) => (line, format!("{key}: {told}")),
        _ => (line, told.to_owned()),
    }
}

fn from_folder_of(config: &Path, url: String) -> String {
    match (url.strip_prefix("sqlite:"), config.parent()) {
        (Some(path), Some(folder)) if !path.is_empty() && Path::new(path).is_relative() => {
            format!("sqlite:{}", folder.join(path).display())
        }
        _ => url,
    }
}
