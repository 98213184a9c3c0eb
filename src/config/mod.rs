//! Which database, which way to sign in and which language: from the command line, the environment
//! and two configuration files. May use `store` for what a database's name is.

mod file;
mod places;

use std::path::Path;

use thiserror::Error;

pub use file::{BadConfigFile, ConfigFile, LanguageCode, Login, Place};
pub use places::Places;

use crate::store::{DatabaseLocation, StoreError};

/// The variable that names the database.
pub const DATABASE_VARIABLE: &str = "TIDBOK_DATABASE";

/// What the command line and the environment say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// `--database`.
    pub database: Option<&'a str>,
    /// [`DATABASE_VARIABLE`]; empty counts as unset.
    pub variable: Option<&'a str>,
    /// `--language`.
    pub language: Option<LanguageCode>,
}

/// What holds for this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub database: DatabaseLocation,
    pub chosen_by: ChosenBy,
    pub login: Login,
    /// `None`: nobody has chosen one.
    pub language: Option<LanguageCode>,
}

/// Who said which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    Option,
    Variable,
    MachineConfig,
    UserConfig,
    /// Nobody: the file in the user's data folder.
    Default,
}

/// Why there are no settings.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(transparent)]
    File(#[from] BadConfigFile),
    #[error(transparent)]
    Location(#[from] StoreError),
    #[error(
        "this build speaks SQLite only: name a file, as in --database sqlite:/srv/tidbok/clinic.db"
    )]
    SqlServer,
    #[error("no home folder to keep a database in: name one with --database sqlite:PATH")]
    NoHome,
}

/// The two files together, the machine's first.
///
/// # Errors
/// [`ConfigError::File`].
pub fn read_files(places: &Places) -> Result<(ConfigFile, ConfigFile), ConfigError> {
    let read = |path: Option<&Path>| path.map_or(Ok(ConfigFile::default()), ConfigFile::read);
    Ok((read(places.machine_config.as_deref())?, read(places.user_config.as_deref())?))
}

impl Settings {
    /// The database: `--database`, else the variable, else the machine's file, else the user's, else
    /// a file in the user's data folder. How to sign in: what the machine's file says holds whatever
    /// database is named, else what the user's says. The language: the user's own choice first.
    ///
    /// # Errors
    /// Where the name that wins is no database's.
    pub fn resolve(
        asked: Asked<'_>,
        machine: &ConfigFile,
        user: &ConfigFile,
        user_database: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let named = [
            (ChosenBy::Option, asked.database),
            (ChosenBy::Variable, asked.variable.filter(|name| !name.is_empty())),
            (ChosenBy::MachineConfig, machine.database.as_deref()),
            (ChosenBy::UserConfig, user.database.as_deref()),
        ];
        let named = named.into_iter().find_map(|(by, name)| Some((by, name?)));
        let (chosen_by, database) = match named {
            Some((by, name)) => (by, location(name)?),
            None => {
                let path = user_database.ok_or(ConfigError::NoHome)?;
                (ChosenBy::Default, DatabaseLocation::Sqlite(path.to_owned()))
            }
        };
        Ok(Self {
            database,
            chosen_by,
            login: machine.login.or(user.login).unwrap_or_default(),
            language: asked.language.or(user.language).or(machine.language),
        })
    }
}

fn location(name: &str) -> Result<DatabaseLocation, ConfigError> {
    if name.starts_with("sqlserver:") {
        return Err(ConfigError::SqlServer);
    }
    Ok(name.parse()?)
}

#[cfg(test)]
mod tests;
