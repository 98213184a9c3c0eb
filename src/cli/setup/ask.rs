//! The questions, in order, with what is there already as their defaults.

use std::path::PathBuf;

use crate::cli::layout::Layout;
use crate::cli::{Failure, units};
use crate::config::{LanguageCode, Login};
use crate::store::{DatabaseLocation, LogIn, ServerLocation, Trust};

use super::answers::{AgentAnswers, AgentToken, Answers, ClinicAnswers};
use super::dialogue::{Dialogue, Secret};
use super::existing::Existing;
use super::secrets;
use super::understand::Understand;
use super::{ask_mail, ask_portal};

/// Which database the clinic has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    Sqlite,
    SqlServer,
    /// Another machine has it: this one has the booking page only.
    Elsewhere,
}

/// Where the booking page is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    Here,
    Elsewhere,
    Nowhere,
}

/// What a question is asked with.
pub(super) struct Asking<'a> {
    pub(super) dialogue: &'a Dialogue,
    pub(super) existing: &'a Existing,
    pub(super) layout: &'a Layout,
    /// `--database`: goes before what is there already.
    pub(super) database: Option<&'a DatabaseLocation>,
}

/// Asks for the language of screens and messages.
pub(super) fn language(dialogue: &Dialogue, existing: &Existing) -> Result<LanguageCode, Failure> {
    let usual = dialogue.pick(LanguageCode::Sv, LanguageCode::En);
    let default = existing.said.language.unwrap_or(usual);
    let words = [("sv", "sv", LanguageCode::Sv), ("en", "en", LanguageCode::En)];
    dialogue.choose("Språk / Language", default, &words)
}

impl Asking<'_> {
    pub(super) fn understand(&self) -> Understand {
        Understand(self.dialogue.language)
    }

    /// Asks for everything but the language.
    pub(super) fn everything(&self, language: LanguageCode) -> Result<Answers, Failure> {
        let it = self.dialogue;
        it.say("")?;
        it.say(it.pick("-- Klinikens databas", "-- The clinic's database"))?;
        let clinic = self.clinic()?;
        it.say("")?;
        it.say(it.pick("-- Bokningssidan", "-- The booking page"))?;
        let page = self.page(clinic.as_ref())?;
        let portal = match page {
            Page::Here => Some(ask_portal::ask(self)?),
            Page::Elsewhere | Page::Nowhere => None,
        };
        let agent = match (&clinic, page) {
            (None, _) | (_, Page::Nowhere) => None,
            (Some(_), page) => {
                it.say("")?;
                let heading = (
                    "-- Agenten, som håller bokningssidan i takt med kliniken",
                    "-- The agent, which keeps the booking page in step with the clinic",
                );
                it.say(it.pick(heading.0, heading.1))?;
                self.agent(
                    page,
                    portal.as_ref().map(|it| (it.clinic.as_str(), it.local_address())),
                )?
            }
        };
        Ok(Answers { language, clinic, portal, agent })
    }

    fn clinic(&self) -> Result<Option<ClinicAnswers>, Failure> {
        let it = self.dialogue;
        let before = self.database.cloned().or_else(|| self.existing.database());
        let default = match &before {
            Some(DatabaseLocation::Sqlite(_)) => Engine::Sqlite,
            Some(DatabaseLocation::SqlServer(_)) => Engine::SqlServer,
            None if self.existing.is_new() => Engine::Sqlite,
            None => Engine::Elsewhere,
        };
        let words = [
            ("sqlite", "sqlite", Engine::Sqlite),
            ("sqlserver", "sqlserver", Engine::SqlServer),
            ("annanstans", "elsewhere", Engine::Elsewhere),
        ];
        let question = it.pick(
            "Databas: en fil på den här datorn, en SQL Server, eller bara på annan dator",
            "Database: a file on this machine, a SQL Server, or only on another machine",
        );
        let (database, password) = match it.choose(question, default, &words)? {
            Engine::Sqlite => (self.sqlite(before.as_ref())?, None),
            Engine::SqlServer => self.sql_server(before)?,
            Engine::Elsewhere => return Ok(None),
        };
        let (login, lock_minutes, restricted) = self.sign_in()?;
        Ok(Some(ClinicAnswers { database, password, login, lock_minutes, restricted }))
    }

    fn sqlite(&self, before: Option<&DatabaseLocation>) -> Result<DatabaseLocation, Failure> {
        let (it, understand) = (self.dialogue, self.understand());
        let usual = self.layout.state(&units::SYNC).join("clinic.db");
        let default = before.and_then(DatabaseLocation::file).unwrap_or(&usual);
        let question = it.pick("Databasens fil", "The database's file");
        let path = it.ask(question, Some(&default.display().to_string()), |text| {
            match self.layout.is_machine() {
                true => understand.seen_path(text),
                false => understand.path(text),
            }
        })?;
        Ok(DatabaseLocation::Sqlite(path))
    }

    fn sql_server(
        &self,
        before: Option<DatabaseLocation>,
    ) -> Result<(DatabaseLocation, Option<Secret>), Failure> {
        let (it, understand) = (self.dialogue, self.understand());
        let before = match before {
            Some(DatabaseLocation::SqlServer(server)) => Some(server),
            _ => None,
        };
        let shown = before.as_ref().map(|it| it.server());
        let question = it.pick(
            "Servern (värd, värd:port eller värd\\instans)",
            "The server (host, host:port or host\\instance)",
        );
        let (host, instance) =
            it.ask(question, shown.as_deref(), |text| understand.server(text))?;
        let named = before.as_ref().map_or("Klinik", |it| it.database.as_str());
        let question = it.pick("Databasens namn där", "The database's name there");
        let database = it.ask(question, Some(named), |text| understand.name(text))?;
        let user = match before.as_ref().map(|it| &it.log_in) {
            Some(LogIn::Sql { user, .. }) => user.as_str(),
            _ => "tidbok_console",
        };
        let question = it.pick("Inloggningens namn på servern", "The name of the login there");
        let user = it.ask(question, Some(user), |text| understand.name(text))?;
        let ca = self.authority(before.as_deref())?;
        let kept = secrets::kept(&secrets::database_password(self.layout));
        let question = it.pick("Inloggningens lösenord", "The login's password");
        let password = it.secret(question, kept, |_| Ok(()))?;
        let mut server = match before {
            Some(server) => *server,
            None => ServerLocation::of_login(&host, &database, &user),
        };
        server.host = host;
        server.database = database;
        server.instance = instance.unwrap_or_default();
        server.log_in = LogIn::Sql { user, password: Default::default() };
        server.trust = match (ca, server.trust) {
            (Some(file), _) => Trust::Also(file),
            (None, Trust::Anyone) => Trust::Anyone,
            (None, _) => Trust::Machine,
        };
        Ok((DatabaseLocation::SqlServer(Box::new(server)), password))
    }

    /// The file with the issuer of the server's certificate.
    fn authority(&self, before: Option<&ServerLocation>) -> Result<Option<PathBuf>, Failure> {
        let (it, understand) = (self.dialogue, self.understand());
        let before = match before.map(|it| &it.trust) {
            Some(Trust::Also(file)) => Some(file.display().to_string()),
            _ => None,
        };
        let question = it.pick(
            "Fil med utfärdaren av serverns certifikat (PEM), - om datorn redan litar på den",
            "File with the issuer of the server's certificate (PEM), - where this machine trusts it",
        );
        it.ask_or_nothing(question, before.as_deref(), |text| understand.file(text))
    }

    fn sign_in(&self) -> Result<(Login, Option<crate::config::LockMinutes>, bool), Failure> {
        let (it, understand) = (self.dialogue, self.understand());
        let words = [Login::Os, Login::Password, Login::None].map(|it| (it.name(), it.name(), it));
        let question = it.pick(
            "Hur man blir användare: os = datorns konto, password = signatur och lösenord, none = alla \
             som kommer åt filen",
            "How one becomes a user: os = the machine's account, password = signature and password, \
             none = whoever can open the file",
        );
        let default = self.existing.said.login.unwrap_or(Login::Os);
        let login = it.choose(question, default, &words)?;
        let minutes = self.existing.said.lock_minutes.map(|it| it.minutes().to_string());
        let question = it.pick(
            "Skärmen låses efter så många minuter utan tangent (kräver lösenord), - för aldrig",
            "The screen locks after so many minutes without a key (needs passwords), - for never",
        );
        let lock =
            it.ask_or_nothing(question, minutes.as_deref(), |text| understand.lock_minutes(text))?;
        let restricted = match login {
            Login::None => false,
            Login::Os | Login::Password => {
                let question = it.pick(
                    "Begränsad: bara den här databasen, ingen väg ut ur konsolen",
                    "Restricted: only this database, no way out of the console",
                );
                it.yes(question, self.existing.said.restricted.unwrap_or(false))?
            }
        };
        Ok((login, lock, restricted))
    }

    fn page(&self, clinic: Option<&ClinicAnswers>) -> Result<Page, Failure> {
        let it = self.dialogue;
        let default = match (self.existing.serves, &self.existing.publishes_to) {
            (true, _) => Page::Here,
            (false, Some(_)) => Page::Elsewhere,
            (false, None) => Page::Nowhere,
        };
        if clinic.is_none() {
            it.say(it.pick(
                "Bokningssidan är på den här datorn.",
                "The booking page is on this machine.",
            ))?;
            return Ok(Page::Here);
        }
        let words = [
            ("här", "here", Page::Here),
            ("annanstans", "elsewhere", Page::Elsewhere),
            ("ingen", "none", Page::Nowhere),
        ];
        let question = it.pick(
            "Var är bokningssidan (tidbok portal)",
            "Where is the booking page (tidbok portal)",
        );
        it.choose(question, default, &words)
    }

    /// The agent's settings; `here` is the clinic's name and the portal's address on this machine.
    fn agent(
        &self,
        page: Page,
        here: Option<(&str, String)>,
    ) -> Result<Option<AgentAnswers>, Failure> {
        let (it, understand) = (self.dialogue, self.understand());
        let question =
            it.pick("Ska agenten gå på den här datorn", "Is the agent to run on this machine");
        // Where something is set up and the agent is not, that was the answer.
        let known = self.existing.is_new() || self.existing.publishes_to.is_some();
        let new_page = page == Page::Elsewhere || !self.existing.serves;
        if !it.yes(question, known || new_page)? {
            return Ok(None);
        }
        let (portal, token) = match here {
            Some((clinic, address)) => {
                (format!("{address}/fhir/{clinic}"), AgentToken::OfPortalHere)
            }
            None => {
                let before = self.existing.publishes_to.as_deref();
                let question = it.pick(
                    "Adress till bokningssidans server, som https://boka.klinik.se/fhir/storgatan",
                    "The address of the booking page's server, as https://boka.klinik.se/fhir/storgatan",
                );
                let portal = it.ask(question, before, |text| understand.portal(text))?;
                let kept = secrets::kept(&secrets::portal_token(self.layout));
                let question = it.pick(
                    "Agentens token, av den som sköter servern",
                    "The agent's token, from whoever runs that server",
                );
                let token = it.secret(question, kept, |text| understand.token(text))?;
                (portal, AgentToken::Typed(token))
            }
        };
        let mail = ask_mail::ask(self)?;
        Ok(Some(AgentAnswers { portal, token, mail }))
    }
}

/// A path that a file names, counted from its folder.
pub(super) fn from_folder(layout: &Layout, file: &str) -> PathBuf {
    layout.folder().join(file)
}
