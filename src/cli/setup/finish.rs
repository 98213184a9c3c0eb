//! What follows the writing: accounts, database, services, the checks, and what is left to do by hand.

use std::path::Path;
use std::process::{Command, Stdio};

use chrono::Utc;

use crate::cli::context::Context;
use crate::cli::layout::Layout;
use crate::cli::{Failure, Global, doctor, drop_in, output, sync, units, upgrade};
use crate::store::{DatabaseLocation, OpenMode, Store, StoreError};
use crate::texts::Language;

use super::answers::{AgentAnswers, AgentToken, Answers};
use super::left::{self, Left};
use super::plan::{Folder, Plan};
use super::{Wanted, disk, first_report, secrets};

/// Does it, and tells how it came out.
pub(super) async fn finish(
    global: Global,
    answers: &Answers,
    (plan, new): (&Plan, &[&Folder]),
    (layout, wanted, language): (&Layout, Wanted, Language),
) -> Result<(), Failure> {
    let mut left = Left::new(language);
    if layout.is_machine() {
        make_accounts(plan, layout, &mut left);
        hand_folders_over(new)?;
    }
    // What was asked for is in the files now.
    let context = Context::at(Global { database: None, ..global }, layout)?;
    if answers.clinic.is_some() {
        prepare(&context, layout, wanted, &mut left).await?;
    }
    let begun = Utc::now();
    let services = start_services(plan, wanted, &mut left);
    if services == Services::Started && answers.agent.is_some() {
        first_report::wait(&context, begun).await?;
    }
    output::print("\n")?;
    let report = doctor::examine(&context, layout).await;
    output::print(&report.text())?;
    let mut faults = report.faults() + usize::from(services == Services::Failed);
    if let Some(agent) = &answers.agent {
        faults += check_agent(agent, (answers, layout, services), &mut left, language).await?;
    }
    left.by_hand(answers, plan, layout);
    output::print(&left.text(layout))?;
    match faults {
        0 => Ok(()),
        faults => Err(Failure::Refused(language.pick(
            format!("allt är skrivet, men {faults} fel återstår; raderna ovan säger var de rättas"),
            format!("everything is written, but faults are left: {faults}; the lines above tell where to mend them"),
        ))),
    }
}

/// Runs a program of the system; says whether it did what it should.
fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn make_accounts(plan: &Plan, layout: &Layout, left: &mut Left) {
    let accounts = plan.folders.iter().filter_map(|folder| folder.account);
    if accounts.clone().all(disk::account_exists) {
        return;
    }
    let file = layout.accounts();
    let file = file.display().to_string();
    if !succeeds("systemd-sysusers", &[&file]) {
        left.command(
            "skapa tjänsternas konton, och kör sedan `tidbok setup` igen",
            "create the accounts of the services, then run `tidbok setup` again",
            &format!("systemd-sysusers {file}"),
        );
    }
}

/// Folders that were there before stay whose they are.
fn hand_folders_over(new: &[&Folder]) -> Result<(), Failure> {
    for folder in new {
        let Some(account) = folder.account else { continue };
        disk::hand_over(&folder.path, account)
            .map_err(|error| Failure::Refused(format!("{}: {error}", folder.path.display())))?;
    }
    Ok(())
}

/// Makes the database, or brings its schema up to date.
async fn prepare(
    context: &Context,
    layout: &Layout,
    wanted: Wanted,
    left: &mut Left,
) -> Result<(), Failure> {
    let (location, language) = (&context.settings.database, context.language);
    let is_new = location.file().is_some_and(|path| !path.exists());
    let command = if is_new { "init" } else { "migrate" };
    let command = format!("{} {command}", left::program(location, layout));
    if !wanted.database {
        left.command("gör i ordning databasen", "get the database ready", &command);
        return Ok(());
    }
    let told = match make_or_upgrade(location, language).await {
        Ok(told) => {
            if is_new {
                hand_database_over(location)?;
            }
            told.to_owned()
        }
        Err(error) => {
            left.command("gör i ordning databasen", "get the database ready", &command);
            context.store_failure(&error).to_string()
        }
    };
    output::print(&format!("{}\n", output::plain(&told)))
}

/// What came of it, as a sentence.
async fn make_or_upgrade(
    location: &DatabaseLocation,
    language: Language,
) -> Result<&'static str, StoreError> {
    match Store::pending(location).await {
        Ok(pending) if pending.steps.is_empty() => {
            return Ok(language
                .pick("Databasen finns och är aktuell.", "The database is there and up to date."));
        }
        Ok(pending) if pending.found > 0 => upgrade::upgrade(language, location).await?,
        // What is wrong with one that is there is told by making it.
        Ok(_) | Err(_) => Store::open(location, OpenMode::Create).await?.close().await,
    }
    Ok(language.pick("Databasen är i ordning.", "The database is ready."))
}

/// The agent's account owns the file that root has made in its folder.
fn hand_database_over(location: &DatabaseLocation) -> Result<(), Failure> {
    let Some(path) = location.file() else { return Ok(()) };
    disk::hand_over(path, units::SYNC.account)
        .map_err(|error| Failure::Refused(format!("{}: {error}", path.display())))
}

/// What came of starting the services.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Services {
    Started,
    /// There are none, or they are to be started later.
    NotAsked,
    Failed,
}

fn start_services(plan: &Plan, wanted: Wanted, left: &mut Left) -> Services {
    if plan.services.is_empty() {
        return Services::NotAsked;
    }
    let names: Vec<&str> = plan.services.iter().map(|unit| unit.name).collect();
    let names = names.join(" ");
    if wanted.services && succeeds("systemctl", &["daemon-reload"]) {
        let enabled = ["enable", "--quiet"].into_iter().chain(names.split(' ')).collect::<Vec<_>>();
        let restarted = ["restart"].into_iter().chain(names.split(' ')).collect::<Vec<_>>();
        if succeeds("systemctl", &enabled) && succeeds("systemctl", &restarted) {
            return Services::Started;
        }
    }
    left.command(
        "starta tjänsterna (går det inte: `journalctl -u` med tjänstens namn)",
        "start the services (where that fails: `journalctl -u` with the service's name)",
        // One that runs already has to be started anew with what is new of it.
        &format!(
            "systemctl daemon-reload && systemctl enable {names} && systemctl restart {names}"
        ),
    );
    if wanted.services { Services::Failed } else { Services::NotAsked }
}

/// Tries the booking page's server and the mail server out; how many do not do.
async fn check_agent(
    agent: &AgentAnswers,
    (answers, layout, services): (&Answers, &Layout, Services),
    left: &mut Left,
    language: Language,
) -> Result<usize, Failure> {
    let token = match &agent.token {
        AgentToken::Typed(_) => Some(secrets::portal_token(layout)),
        AgentToken::OfPortalHere => drop_in::credential(
            &super::toml_edits::text_of(&layout.drop_in(&units::SYNC))?.unwrap_or_default(),
            "portal-token",
        ),
    };
    let Some(token) = token else { return Ok(0) };
    let mail = agent.mail.as_ref().map(|_| layout.mail());
    if answers.portal.is_some() && services != Services::Started {
        let command = check_command(&agent.portal, &token, mail.as_deref());
        left.command(
            "prova förbindelsen när portalen är igång",
            "test the connection once the portal runs",
            &command,
        );
        return Ok(0);
    }
    output::print("\n")?;
    match sync::check(language, &agent.portal, &token, mail.as_deref()).await {
        Ok(()) => Ok(0),
        Err(failure @ (Failure::ReaderGone | Failure::Output(_))) => Err(failure),
        Err(failure) => {
            output::print(&format!("{}\n", output::plain(&failure.to_string())))?;
            let command = check_command(&agent.portal, &token, mail.as_deref());
            left.command(
                "rätta det som står ovan, och prova igen",
                "mend what is said above, and try again",
                &command,
            );
            Ok(1)
        }
    }
}

fn check_command(portal: &str, token: &Path, mail: Option<&Path>) -> String {
    let mail = mail.map(|it| format!(" --mail {}", it.display())).unwrap_or_default();
    format!("tidbok sync --portal {portal} --token-file {}{mail} --check", token.display())
}
