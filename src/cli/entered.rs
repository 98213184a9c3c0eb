//! The open clinic with somebody in it: who acts, what they may do, and what their words name.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clinic::{Book, Clinic, ClinicError, again};
use crate::config::Login;
use crate::domain::{
    Actor, CompanyId, DateRange, Permission, PractitionerId, Refusal, Setup, Signature, User,
};
use crate::store::{ImportMode, OpenMode};
use crate::texts::Language;

use super::actor::{NoActor, Ownership};
use super::context::Context;
use super::failure::Failure;
use super::{actor, output, sign_in};

/// An open clinic with somebody in it.
pub struct Entered {
    pub language: Language,
    pub clinic: Clinic,
    pub setup: Arc<Setup>,
    pub actor: Actor,
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
        let by_password = login == Login::Password && !actor::nobody_gets_in(login, &users);
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

    /// A practitioner's book on some days.
    pub(super) async fn book(
        &self,
        practitioner: &PractitionerId,
        days: DateRange,
    ) -> Result<Book, Failure> {
        let book = again(|| self.clinic.book(practitioner, days)).await;
        book.map_err(|error| self.failure(&error))
    }

    /// The one that is named, else all of them.
    pub(super) fn practitioners(
        &self,
        named: Option<&str>,
    ) -> Result<Vec<PractitionerId>, Failure> {
        let Some(named) = named else {
            return Ok(self.setup.practitioners.keys().cloned().collect());
        };
        self.practitioner(named).map(|id| vec![id])
    }

    /// The practitioner with this id.
    pub(super) fn practitioner(&self, named: &str) -> Result<PractitionerId, Failure> {
        let id = PractitionerId::new(named);
        match self.setup.practitioners.contains_key(&id) {
            true => Ok(id),
            false => Err(self.refused(&Refusal::UnknownPractitioner(id))),
        }
    }

    /// The company with this id.
    pub(super) fn company(&self, named: &str) -> Result<CompanyId, Failure> {
        let id = CompanyId::new(named);
        if self.setup.companies.contains_key(&id) {
            return Ok(id);
        }
        Err(Failure::Refused(output::plain(&self.language.pick(
            format!("Företaget {named} finns inte; se `tidbok export` för vilka som finns"),
            format!("There is no company {named}; `tidbok export` tells which there are"),
        ))))
    }
}
