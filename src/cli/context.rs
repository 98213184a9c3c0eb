//! What every subcommand starts from: the settings, the open clinic, and who acts in it.

use std::collections::BTreeMap;
use std::env::VarError;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clinic::{Clinic, ClinicError, again};
use crate::config::{
    self, Asked, ChosenBy, DATABASE_VARIABLE, LanguageCode, NO_COLOR_VARIABLE, Places, Settings,
};
use crate::domain::{Actor, Permission, Refusal, Setup, Signature, User};
use crate::store::{DatabaseLocation, ImportMode, OpenMode, Store, StoreError};
use crate::texts::Language;
use crate::tui::keymap::{BadKeys, Keymap};

use super::actor::{NoActor, Ownership};
use super::failure::Failure;
use super::layout::Layout;
use super::{Global, actor, sign_in, units};

/// The settings of this run.
pub struct Context {
    pub language: Language,
    pub settings: Settings,
    /// Where the configuration files are.
    pub places: Places,
    /// `--user`.
    pub user: Option<String>,
}

/// An open clinic with somebody in it.
pub struct Entered {
    pub language: Language,
    pub clinic: Clinic,
    pub setup: Arc<Setup>,
    pub actor: Actor,
}

/// The language that is asked for, where no configuration is read.
pub(super) fn language(global: &Global) -> Language {
    global.language.map_or(Language::default(), language_of)
}

/// Where somebody acts.
#[derive(Clone, Copy)]
enum At {
    Commands,
    /// Reading a clinic into a database that must be empty.
    FirstImport,
    Console,
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

    /// Opens the database and finds out who acts in it (R17).
    pub async fn enter(&self, mode: OpenMode) -> Result<Entered, Failure> {
        self.enter_at(At::Commands, mode).await
    }

    /// The same for reading a clinic in: an empty database is filled before anybody can sign in.
    pub(super) async fn enter_to_import(&self, mode: ImportMode) -> Result<Entered, Failure> {
        let place = match mode {
            ImportMode::IntoEmpty => At::FirstImport,
            ImportMode::Replace => At::Commands,
        };
        self.enter_at(place, OpenMode::Create).await
    }

    /// The same for the console, where a clinic is set up that nobody can sign in to yet.
    pub async fn enter_console(&self) -> Result<Entered, Failure> {
        self.enter_at(At::Console, OpenMode::Existing).await
    }

    async fn enter_at(&self, place: At, mode: OpenMode) -> Result<Entered, Failure> {
        let file = self.settings.database.file();
        if mode == OpenMode::Create && file.is_some_and(|path| !path.exists()) {
            // Whoever may not act leaves no new file behind.
            self.told(self.who(place, &BTreeMap::new()))?;
        }
        let clinic = Clinic::new(self.open(mode).await?);
        let read = again(async || Ok((clinic.setup().await?, clinic.users().await?))).await;
        let (setup, users) = read.map_err(|error| self.failure(&error, &Setup::default()))?;
        let login = self.settings.login.value;
        let by_password = login == config::Login::Password && !actor::nobody_gets_in(login, &users);
        let actor = match self.who(place, &users) {
            // That nobody signs in as ITB is told no more than of any other signature.
            Err(NoActor::NotSignedIn | NoActor::Reserved) if by_password => {
                sign_in::sign_in(self, &clinic).await?
            }
            who => self.told(who)?,
        };
        Ok(Entered { language: self.language, clinic, setup, actor })
    }

    /// Who looks at an installation: whoever sets the clinic up, too.
    pub(super) fn who_looks(&self, users: &BTreeMap<Signature, User>) -> Result<Actor, NoActor> {
        self.who(At::Console, users)
    }

    /// Who acts, given the clinic's users (R17).
    fn who(&self, place: At, users: &BTreeMap<Signature, User>) -> Result<Actor, NoActor> {
        let (login, asked) = (self.settings.login.value, self.user.as_deref());
        let account = actor::os_account();
        match place {
            At::Commands => actor::resolve(login, asked, account.as_deref(), users),
            At::FirstImport => {
                actor::resolve_at_first_import(login, asked, account.as_deref(), users)
            }
            At::Console => {
                let runner = (account.as_deref(), self.ownership());
                actor::resolve_at_console(login, asked, runner, users)
            }
        }
    }

    /// Whose the data is. Who holds the password of a server's login owns what the login may; in a
    /// restricted console it is the machine that holds it.
    pub(super) fn ownership(&self) -> Ownership {
        match self.settings.database.file() {
            Some(path) => actor::ownership(path),
            None if self.settings.restricted.value => Ownership::Others,
            None => Ownership::Own,
        }
    }

    fn told(&self, who: Result<Actor, NoActor>) -> Result<Actor, Failure> {
        who.map_err(|error| Failure::Refused(error.sentence(self.language)))
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

impl Entered {
    /// A clinic's error in the user's language.
    pub fn failure(&self, error: &ClinicError) -> Failure {
        Failure::clinic(self.language, error, &self.setup)
    }

    pub fn refused(&self, refusal: &Refusal) -> Failure {
        Failure::refusal(self.language, refusal, &self.setup)
    }

    /// R17's check of what is read and not changed.
    pub fn require(&self, permission: Permission) -> Result<(), Failure> {
        if self.actor.may(permission) {
            return Ok(());
        }
        let user = self.actor.signature().to_owned();
        Err(self.refused(&Refusal::Permission { user, permission }))
    }

    /// Closes the database, so that it is one tidy file again.
    pub async fn leave(self) {
        let store = self.clinic.store().clone();
        drop(self.clinic);
        store.close().await;
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
