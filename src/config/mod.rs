//! Which database, which way to sign in, which language and looks, which keys: from the command line,
//! the environment and two configuration files. May use `store` for what a database's name is.

mod file;
mod keys;
mod password;
mod places;

use std::collections::BTreeMap;
use std::path::Path;

use thiserror::Error;

pub use file::{
    BadConfigFile, ConfigFile, LanguageCode, LockMinutes, Login, OwnKeys, Place, RowMinutes,
    ThemeName, fault_in,
};
pub use keys::{KEYS, KeyDoc};
pub use password::{
    BadPasswordSource, CREDENTIALS_VARIABLE, DATABASE_PASSWORD, DATABASE_PASSWORD_FILE,
    PasswordPlaces, TARGET_PASSWORD,
};
pub use places::Places;

use crate::store::{DatabaseLocation, StoreError};

/// The variable that names the database.
pub const DATABASE_VARIABLE: &str = "TIDBOK_DATABASE";

/// The variable that asks for no colour (no-color.org).
pub const NO_COLOR_VARIABLE: &str = "NO_COLOR";

/// What the command line and the environment say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// `--database`.
    pub database: Option<&'a str>,
    /// [`DATABASE_VARIABLE`]; empty counts as unset.
    pub variable: Option<&'a str>,
    /// `--language`.
    pub language: Option<LanguageCode>,
    /// `--theme`.
    pub theme: Option<ThemeName>,
    /// `--ascii`.
    pub ascii: Option<bool>,
    /// [`NO_COLOR_VARIABLE`]; empty counts as unset, as its convention says.
    pub no_color: Option<&'a str>,
    pub started: Started,
}

/// How the program was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Started {
    #[default]
    AsCommand,
    /// In place of a shell: restricted, whatever the files say.
    AsLoginShell,
}

/// What holds for this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub database: DatabaseLocation,
    pub chosen_by: ChosenBy,
    pub login: Chosen<Login>,
    pub lock_minutes: Chosen<Option<LockMinutes>>,
    pub restricted: Chosen<bool>,
    /// Swedish unless chosen.
    pub language: Chosen<LanguageCode>,
    /// `None`: as the terminal tells.
    pub theme: Chosen<Option<ThemeName>>,
    /// `None`: as the locale tells.
    pub ascii: Chosen<Option<bool>>,
    /// Where the console starts for a user who has not changed it there.
    pub row_minutes: Chosen<RowMinutes>,
    /// By action id.
    pub keys: BTreeMap<String, Chosen<OwnKeys>>,
}

/// A value and who said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen<T> {
    pub value: T,
    pub by: ChosenBy,
}

impl<T> Chosen<T> {
    /// The first that has been said, else the default.
    fn first<const N: usize>(said: [(ChosenBy, Option<T>); N], default: T) -> Self {
        let said = said.into_iter().find_map(|(by, value)| Some(Self { value: value?, by }));
        said.unwrap_or(Self { value: default, by: ChosenBy::Default })
    }

    /// What the machine's file says holds, else what the user's says.
    fn by_machine(machine: Option<T>, user: Option<T>, default: T) -> Self {
        Self::first([(ChosenBy::MachineConfig, machine), (ChosenBy::UserConfig, user)], default)
    }

    /// The option, else what the user's file says, else the machine's.
    fn by_user(option: Option<T>, user: Option<T>, machine: Option<T>, default: T) -> Self {
        let said = [
            (ChosenBy::Option, option),
            (ChosenBy::UserConfig, user),
            (ChosenBy::MachineConfig, machine),
        ];
        Self::first(said, default)
    }
}

/// Who said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    Option,
    Variable,
    MachineConfig,
    UserConfig,
    /// The way the program was started.
    LoginShell,
    /// Nobody: for the database, the file in the user's data folder.
    Default,
}

impl ChosenBy {
    /// As `tidbok status` and `tidbok config` have it, but for an option and a variable, which go by
    /// their names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::Variable => "environment",
            Self::MachineConfig => "machine configuration",
            Self::UserConfig => "user configuration",
            Self::LoginShell => "login shell",
            Self::Default => "default",
        }
    }
}

/// Why there are no settings.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(transparent)]
    File(#[from] BadConfigFile),
    #[error(transparent)]
    Location(#[from] StoreError),
    #[error(transparent)]
    Password(#[from] BadPasswordSource),
    #[error(
        "restricted: only the machine's database is open here; leave out {0}, or name the same in both"
    )]
    OtherDatabase(&'static str),
    #[error(
        "restricted: the machine's configuration file must name `database`, and `login` as os or password"
    )]
    Unrestricted,
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
    /// a file in the user's data folder; where restricted, the machine's alone. How to sign in, locking
    /// and restriction: what the machine's file says holds whatever database is named, else what the
    /// user's says. Language, looks and keys: the user's own choice first; `NO_COLOR` goes before what the
    /// machine's file says of the theme.
    ///
    /// # Errors
    /// Where the name that wins is no database's, or may not be named.
    pub fn resolve(
        asked: Asked<'_>,
        machine: &ConfigFile,
        user: &ConfigFile,
        user_database: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let restricted = match asked.started {
            Started::AsLoginShell => Chosen { value: true, by: ChosenBy::LoginShell },
            Started::AsCommand => Chosen::by_machine(machine.restricted, user.restricted, false),
        };
        if restricted.value {
            refuse_others(asked, machine)?;
        }
        let (chosen_by, database) = database(asked, machine, user, user_database)?;
        let minutes = |file: &ConfigFile| file.lock_minutes.map(Some);
        let ascii = |file: &ConfigFile| file.ascii.map(Some);
        let (swedish, rows) = (LanguageCode::Sv, RowMinutes::default());
        Ok(Self {
            database,
            chosen_by,
            login: Chosen::by_machine(machine.login, user.login, Login::default()),
            lock_minutes: Chosen::by_machine(minutes(machine), minutes(user), None),
            restricted,
            language: Chosen::by_user(asked.language, user.language, machine.language, swedish),
            theme: theme(asked, machine, user),
            ascii: Chosen::by_user(asked.ascii.map(Some), ascii(user), ascii(machine), None),
            row_minutes: Chosen::by_user(None, user.row_minutes, machine.row_minutes, rows),
            keys: keys_of(machine, user),
        })
    }
}

/// Refuses a database other than the machine's, and a machine that leaves open which it is or who gets
/// in.
fn refuse_others(asked: Asked<'_>, machine: &ConfigFile) -> Result<(), ConfigError> {
    let own = machine.database.as_deref();
    if own.is_none() || matches!(machine.login, None | Some(Login::None)) {
        return Err(ConfigError::Unrestricted);
    }
    let variable = asked.variable.filter(|name| !name.is_empty());
    for (name, database) in [("--database", asked.database), (DATABASE_VARIABLE, variable)] {
        if database.is_some() && database != own {
            return Err(ConfigError::OtherDatabase(name));
        }
    }
    Ok(())
}

/// The database that is named first, else the user's own file; and what named it.
fn database(
    asked: Asked<'_>,
    machine: &ConfigFile,
    user: &ConfigFile,
    user_database: Option<&Path>,
) -> Result<(ChosenBy, DatabaseLocation), ConfigError> {
    let named = [
        (ChosenBy::Option, asked.database),
        (ChosenBy::Variable, asked.variable.filter(|name| !name.is_empty())),
        (ChosenBy::MachineConfig, machine.database.as_deref()),
        (ChosenBy::UserConfig, user.database.as_deref()),
    ];
    match named.into_iter().find_map(|(by, name)| Some((by, name?))) {
        Some((by, name)) => Ok((by, name.parse()?)),
        None => {
            let path = user_database.ok_or(ConfigError::NoHome)?;
            Ok((ChosenBy::Default, DatabaseLocation::Sqlite(path.to_owned())))
        }
    }
}

fn theme(asked: Asked<'_>, machine: &ConfigFile, user: &ConfigFile) -> Chosen<Option<ThemeName>> {
    let no_color = asked.no_color.filter(|value| !value.is_empty()).map(|_| ThemeName::Mono);
    let said = [
        (ChosenBy::Option, asked.theme),
        (ChosenBy::UserConfig, user.theme),
        (ChosenBy::Variable, no_color),
        (ChosenBy::MachineConfig, machine.theme),
    ];
    Chosen::first(said.map(|(by, theme)| (by, theme.map(Some))), None)
}

/// Each action's keys, the user's before the machine's.
fn keys_of(machine: &ConfigFile, user: &ConfigFile) -> BTreeMap<String, Chosen<OwnKeys>> {
    let said = [(ChosenBy::MachineConfig, &machine.keys), (ChosenBy::UserConfig, &user.keys)];
    said.into_iter()
        .flat_map(|(by, keys)| {
            keys.iter().map(move |(id, own)| (id.clone(), Chosen { value: own.clone(), by }))
        })
        .collect()
}

#[cfg(test)]
mod tests;
