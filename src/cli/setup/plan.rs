//! What the answers make of the files: worked out whole, and found to be usable, before anything is written.

use std::path::{Path, PathBuf};

use crate::cli::drop_in::DropIn;
use crate::cli::layout::{Layout, SERVICES};
use crate::cli::units::{self, Unit};
use crate::cli::{Failure, ServiceFile, secret_file};
use crate::config::{ConfigError, ConfigFile};
use crate::store::{DatabaseLocation, Store};
use crate::texts::Language;

use super::answers::{
    AgentAnswers, AgentToken, Answers, ClinicAnswers, MailAnswers, PortalAnswers,
};
use super::ask_mail::SECURITIES;
use super::dialogue::{Kept, Secret};
use super::existing::Existing;
use super::toml_edits::{TomlFile, text_of};
use super::{plan_portal, secrets};

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readers {
    Everyone,
    OwnerAlone,
}

/// A file that is to be.
pub(super) struct Planned {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// `None` where there is none yet, or what it holds is nobody's business.
    pub(super) before: Option<String>,
    pub(super) readers: Readers,
}

/// A folder that must be there.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) mode: u32,
    /// The account it belongs to, where there is such.
    pub(super) account: Option<&'static str>,
}

/// Everything that is to be written.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) folders: Vec<Folder>,
    pub(super) files: Vec<Planned>,
    /// Files that are there and are not needed any more.
    pub(super) gone: Vec<PathBuf>,
    /// Secrets that stay as they are.
    pub(super) kept: Vec<PathBuf>,
    /// The services that are to run here.
    pub(super) services: Vec<&'static Unit>,
    /// Those that are not to run here any more.
    pub(super) stopped: Vec<&'static Unit>,
    /// The clinic of the portal's file that the agent here published for until now.
    pub(super) deserted: Option<String>,
}

impl Planned {
    pub(super) fn is_change(&self) -> bool {
        self.before.as_deref() != Some(&self.text)
    }
}

impl Plan {
    /// Adds a file that everyone may read.
    pub(super) fn file(&mut self, path: PathBuf, text: String) -> Result<(), Failure> {
        let before = text_of(&path)?;
        self.files.push(Planned { path, text, before, readers: Readers::Everyone });
        Ok(())
    }

    /// Adds a secret that was typed, or keeps the one that is there.
    pub(super) fn secret(&mut self, path: PathBuf, typed: Option<&Secret>) {
        match typed {
            Some(Secret(text)) => self.new_secret(path, text.clone()),
            None => self.kept.push(path),
        }
    }

    /// Adds a secret that is made here, unless there is one.
    pub(super) fn made_secret(&mut self, path: PathBuf) -> Result<(), Failure> {
        match secrets::kept(&path) {
            Kept::There => self.kept.push(path),
            Kept::Missing => {
                let made =
                    secret_file::made().map_err(|error| Failure::Refused(error.to_string()))?;
                self.new_secret(path, made);
            }
        }
        Ok(())
    }

    fn new_secret(&mut self, path: PathBuf, text: String) {
        let (text, before) = (format!("{text}\n"), None);
        self.files.push(Planned { path, text, before, readers: Readers::OwnerAlone });
    }

    fn runs(&self, unit: &Unit) -> bool {
        self.services.iter().any(|it| it.name == unit.name)
    }
}

/// Works everything out.
pub(super) fn plan(
    answers: &Answers,
    existing: Existing,
    layout: &Layout,
    language: Language,
) -> Result<Plan, Failure> {
    let mut plan = Plan::default();
    plan.folders.push(Folder { path: layout.folder(), mode: 0o755, account: None });
    plan.deserted = existing
        .agents_clinic()
        .filter(|before| answers.portal.as_ref().is_some_and(|portal| portal.clinic != *before));
    let Existing { config, said, portal, mail, .. } = existing;
    let before = said.database.as_deref().and_then(|it| it.parse().ok());
    if let Some(clinic) = &answers.clinic {
        plan_config(&mut plan, config, (clinic, before.as_ref()), answers, layout, language)?;
    }
    let own_token = match &answers.portal {
        Some(answers) => plan_portal::plan(&mut plan, answers, portal, layout, language)?,
        None => None,
    };
    if let Some(agent) = &answers.agent {
        plan_agent(&mut plan, agent, (mail, own_token), answers, layout)?;
    }
    plan_units(&mut plan, layout)?;
    Ok(plan)
}

fn plan_config(
    plan: &mut Plan,
    mut file: TomlFile,
    (clinic, before): (&ClinicAnswers, Option<&DatabaseLocation>),
    answers: &Answers,
    layout: &Layout,
    language: Language,
) -> Result<(), Failure> {
    if before != Some(&clinic.database) {
        file.set(&["database"], clinic.database.to_string());
    }
    file.set(&["login"], clinic.login.name());
    file.put(&["lock_minutes"], clinic.lock_minutes.map(|it| i64::from(it.minutes())));
    if clinic.restricted || file.has(&["restricted"]) {
        file.set(&["restricted"], clinic.restricted);
    }
    file.set(&["language"], answers.language.name());
    let text = file.text();
    ConfigFile::parse(&text, &file.path)
        .map_err(|error| Failure::config(language, &ConfigError::File(error)))?;
    plan.file(file.path, text)?;
    match &clinic.database {
        DatabaseLocation::Sqlite(path) => plan.folders.extend(path.parent().map(|folder| Folder {
            path: folder.to_owned(),
            // New files in it belong to its group, too.
            mode: 0o2770,
            account: Some(units::SYNC.account),
        })),
        DatabaseLocation::SqlServer(_) => {
            plan.secret(secrets::database_password(layout), clinic.password.as_ref());
            let grants = Store::grants(&clinic.database).unwrap_or_default();
            plan.file(layout.grants(), grants)?;
        }
    }
    Ok(())
}

fn plan_agent(
    plan: &mut Plan,
    agent: &AgentAnswers,
    (mail, own_token): (TomlFile, Option<PathBuf>),
    all: &Answers,
    layout: &Layout,
) -> Result<(), Failure> {
    plan.services.push(&units::SYNC);
    let mut own = DropIn::default();
    own.variables.push(("TIDBOK_PORTAL", agent.portal.clone()));
    let token = match &agent.token {
        AgentToken::OfPortalHere => own_token,
        AgentToken::Typed(typed) => {
            let path = secrets::portal_token(layout);
            plan.secret(path.clone(), typed.as_ref());
            Some(path)
        }
    };
    if let Some(token) = token {
        own.give_as("portal-token".to_owned(), token);
    }
    if let Some(answers) = &agent.mail {
        own.variables.push(("TIDBOK_MAIL", layout.mail().display().to_string()));
        let page = all.portal.as_ref().and_then(PortalAnswers::page);
        plan_mail(plan, (answers, page), mail, &mut own, layout)?;
    }
    match all.clinic.as_ref().map(|clinic| &clinic.database) {
        Some(DatabaseLocation::SqlServer(_)) => {
            let name = crate::config::DATABASE_PASSWORD.credential.to_owned();
            own.give_as(name, secrets::database_password(layout));
        }
        Some(DatabaseLocation::Sqlite(path)) => {
            let folder = path.parent().unwrap_or(Path::new("/"));
            if folder != layout.state(&units::SYNC) {
                own.lines.push(format!("ReadWritePaths={}", folder.display()));
            }
        }
        None => {}
    }
    plan.file(layout.drop_in(&units::SYNC), own.text())
}

fn plan_mail(
    plan: &mut Plan,
    (answers, page): (&MailAnswers, Option<String>),
    mut file: TomlFile,
    own: &mut DropIn,
    layout: &Layout,
) -> Result<(), Failure> {
    file.set(&["host"], answers.host.as_str());
    let tls = SECURITIES.iter().find(|it| it.2 == answers.tls).map_or("starttls", |it| it.0);
    if file.has(&["tls"]) || answers.tls != Default::default() {
        file.set(&["tls"], tls);
    }
    file.put(&["port"], answers.port.map(i64::from));
    file.put(&["user"], answers.login.as_ref().map(|it| it.user.as_str()));
    file.set(&["from"], answers.from.as_str());
    file.put(&["reply_to"], answers.reply_to.as_deref());
    // One that is there already says what it is to say.
    if let Some(page) = page.filter(|_| !file.is_there()) {
        file.set(&["page"], page);
    }
    match &answers.login {
        None => file.remove(&["password_file"]),
        Some(login) => {
            if !file.has(&["password_file"]) {
                file.set(&["password_file"], secrets::MAIL);
            }
            let said = file.said(&["password_file"]).unwrap_or(secrets::MAIL);
            let path = layout.folder().join(said);
            plan.secret(path.clone(), login.password.as_ref());
            own.give(path);
        }
    }
    let text = file.text();
    ServiceFile::Mail.look_over(&text, &file.path)?;
    plan.file(file.path, text)
}

/// The unit files, where no package has brought them, and what is a clinic's own of a service that is not
/// to run here any more.
fn plan_units(plan: &mut Plan, layout: &Layout) -> Result<(), Failure> {
    for unit in SERVICES {
        let (own, earlier) = (layout.drop_in(unit), layout.earlier_drop_in(unit));
        let unneeded = [Some(own).filter(|_| !plan.runs(unit)), Some(earlier)];
        plan.gone.extend(unneeded.into_iter().flatten().filter(|path| path.exists()));
        if !plan.runs(unit) {
            plan.stopped.extend(layout.found_drop_in(unit).exists().then_some(unit));
        } else if layout.packaged_unit(unit).is_none() {
            plan.file(layout.own_unit(unit), unit.text.to_owned())?;
        }
    }
    if plan.runs(&units::PORTAL) {
        let path = layout.state(&units::PORTAL);
        plan.folders.push(Folder { path, mode: 0o700, account: Some(units::PORTAL.account) });
    }
    if plan.folders.iter().any(|it| it.account.is_some()) && !layout.packaged_accounts().exists() {
        plan.file(layout.accounts(), units::ACCOUNTS.to_owned())?;
    }
    // Strictly read, by the one that reads it later.
    let planned = plan.files.iter().find(|it| it.path == layout.portal());
    planned.map_or(Ok(()), |it| ServiceFile::Portal.look_over(&it.text, &it.path))
}
