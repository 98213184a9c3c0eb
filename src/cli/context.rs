//! What every subcommand starts from: the settings, and the database that they name.

use std::env::VarError;
use std::path::{Path, PathBuf};

use crate::clinic::{ClinicError, again};
use crate::config::{
    self, Asked, ChosenBy, DATABASE_VARIABLE, LanguageCode, NO_COLOR_VARIABLE, Places, Settings,
};
use crate::domain::Setup;
use crate::store::{DatabaseLocation, OpenMode, Store, StoreError};
use crate::texts::Language;
use crate::tui::keymap::{BadKeys, Keymap};

use super::failure::Failure;
use super::layout::Layout;
use super::{Global, units};

/// The settings of this run.
pub struct Context {
    pub language: Language,
    pub settings: Settings,
    /// Where the configuration files are.
    pub places: Places,
    /// `--user`.
    pub user: Option<String>,
}

/// The language that is asked for, where no configuration is read.
pub(super) fn language(global: &Global) -> Language {
    global.language.map_or(Language::default(), language_of)
}

impl Context {
    /// Reads options, environment and configuration files.
    pub fn new(global: Global) -> Result<Self, Failure> {
        let variable = match std::env::var(DATABASE_VARIABLE) {
            Ok(value) => Some(value),
            Err(VarError::NotPresent) => None,
            Err(error) => return Err(Failure::Usage(format!("{DATABASE_VARIABLE}: {error}"))),
        };
        Self::read(global, Places::of_system(), variable)
    }

    /// The same of an installation that may lie under a folder of its own: there its own file holds alone.
    pub(super) fn at(global: Global, layout: &Layout) -> Result<Self, Failure> {
        if layout.is_machine() {
            return Self::new(global);
        }
        let places = Places {
            machine_config: Some(layout.config()),
            user_config: None,
            user_database: Some(layout.state(&units::SYNC).join("clinic.db")),
        };
        Self::read(global, places, None)
    }

    fn read(global: Global, places: Places, variable: Option<String>) -> Result<Self, Failure> {
        let asked_language = language(&global);
        let fail = |error: &config::ConfigError| Failure::config(asked_language, error);
        let (machine, user) = config::read_files(&places).map_err(|error| fail(&error))?;
        let no_color = std::env::var(NO_COLOR_VARIABLE).ok();
        let asked = Asked {
            database: global.database.as_deref(),
            variable: variable.as_deref(),
            language: global.language,
            theme: global.theme,
            ascii: global.ascii,
            no_color: no_color.as_deref(),
            started: global.started,
        };
        let mut settings =
            Settings::resolve(asked, &machine, &user, places.user_database.as_deref())
                .map_err(|error| fail(&error))?;
        // The machine's password is for the machine's database, and for no other.
        let of_machine = (settings.chosen_by == ChosenBy::MachineConfig)
            .then(|| places.machine_config.as_deref()?.parent())
            .flatten();
        let file = of_machine.map(|folder| folder.join(config::DATABASE_PASSWORD_FILE));
        settings.database = with_password(settings.database, file).map_err(|error| fail(&error))?;
        let language = language_of(settings.language.value);
        Ok(Self { language, settings, places, user: global.user })
    }

    /// The console's keys: the registry's, with the configured ones in their place.
    pub fn keymap(&self) -> Result<Keymap, Failure> {
        let own = self.settings.keys.iter();
        Keymap::with(own.map(|(id, keys)| (id.as_str(), keys.value.0.as_slice()))).map_err(
            |error| {
                let by = self.settings.keys.get(error.id()).map(|keys| keys.by);
                let file = by.and_then(|by| self.places.file(by));
                let sentence = bad_keys(self.language, &error);
                Failure::Usage(match file {
                    Some(file) => format!("{}: {sentence}", file.display()),
                    None => sentence,
                })
            },
        )
    }

    /// Opens the database.
    pub async fn open(&self, mode: OpenMode) -> Result<Store, Failure> {
        if mode == OpenMode::Create && self.settings.chosen_by == ChosenBy::Default {
            self.make_default_folder()?;
        }
        let location = &self.settings.database;
        again(async || Ok(Store::open(location, mode).await?)).await.map_err(|error| match error {
            ClinicError::Store(StoreError::NoFolder { .. } | StoreError::Missing { .. })
                if self.settings.chosen_by == ChosenBy::Default =>
            {
                self.no_database_yet(location)
            }
            error => self.failure(&error, &Setup::default()),
        })
    }

    /// Nobody has named a database, so there is no name to be wrong.
    fn no_database_yet(&self, location: &DatabaseLocation) -> Failure {
        let path = location.file().unwrap_or(Path::new(""));
        Failure::Store(self.language.pick(
            format!(
                "det finns ingen databas än: `tidbok import FIL` läser in en klinik, `tidbok init` \
                 skapar en tom databas ({}), `tidbok demo` visar en påhittad; --database anger en \
                 annan",
                path.display()
            ),
            format!(
                "there is no database yet: `tidbok import FILE` reads in a clinic, `tidbok init` \
                 creates an empty database ({}), `tidbok demo` shows an invented one; --database \
                 names another",
                path.display()
            ),
        ))
    }

    pub fn store_failure(&self, error: &StoreError) -> Failure {
        Failure::store(self.language, error)
    }

    pub fn failure(&self, error: &ClinicError, setup: &Setup) -> Failure {
        Failure::clinic(self.language, error, setup)
    }

    /// The user's own data folder, which nobody else may look into.
    fn make_default_folder(&self) -> Result<(), Failure> {
        let file = self.settings.database.file();
        let Some(folder) = file.and_then(Path::parent) else { return Ok(()) };
        make_private_folder(folder)
            .map_err(|error| Failure::Store(format!("{}: {error}", folder.display())))
    }
}

/// A server's location with the password that the environment gives, or the file that is given holds.
fn with_password(
    location: DatabaseLocation,
    file: Option<PathBuf>,
) -> Result<DatabaseLocation, config::ConfigError> {
    match location {
        DatabaseLocation::SqlServer(server) => {
            let password = config::DATABASE_PASSWORD.password(file)?;
            Ok(DatabaseLocation::SqlServer(Box::new(server.with_password(password))))
        }
        file => Ok(file),
    }
}

/// The language with this code.
pub fn language_of(code: LanguageCode) -> Language {
    match code {
        LanguageCode::En => Language::English,
        LanguageCode::Sv => Language::Swedish,
    }
}

/// What is wrong with keys of one's own; English is the key map's own.
fn bad_keys(language: Language, error: &BadKeys) -> String {
    if language == Language::English {
        return error.to_string();
    }
    match error {
        BadKeys::UnknownAction { id, nearest } => {
            format!("[keys] {id}: det finns inget sådant kommando; närmast är {nearest}")
        }
        BadKeys::NotAKey { id, key } => format!(
            "[keys] {id}: {key} är ingen tangent; skriv t.ex. p, P, Ctrl+Y, Shift+Up, PgDn eller F2"
        ),
        BadKeys::NoKey { id } => format!("[keys] {id}: ett kommando behåller minst en tangent"),
        BadKeys::Typed { id, key } => format!(
            "[keys] {id}: {key} skrivs i fälten där; välj en med Ctrl eller en namngiven tangent"
        ),
        BadKeys::Taken { id, key, other } => {
            format!("[keys] {id}: {key} är redan tangenten för {other}; ge det en annan")
        }
    }
}

#[cfg(unix)]
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A folder in the account's profile is private already.
#[cfg(not(unix))]
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}
