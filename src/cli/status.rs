//! `tidbok status`: which database this is, what it holds in numbers, and who would act in it. For
//! anybody who may open the file, also an account that is no user's.

use serde::Serialize;

use crate::clinic::Clinic;
use crate::config::ChosenBy;
use crate::store::{Counts, OpenMode};
use crate::texts::Language;

use super::context::Context;
use super::{Failure, actor, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Status {
    version: &'static str,
    database: String,
    chosen_by: &'static str,
    login: &'static str,
    account: Option<String>,
    /// Whose rights hold: a signature or `system`.
    actor: Option<String>,
    /// Why nobody can act.
    refused: Option<String>,
    schema: u64,
    companies: u64,
    practitioners: u64,
    users: u64,
    patients: u64,
    work_sessions: u64,
    preblocks: u64,
    bookings: u64,
    audit_entries: u64,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let store = context.open(OpenMode::Existing).await?;
    let read = async { store.read().await?.counts().await };
    let counts = read.await.map_err(|error| context.store_failure(&error))?;
    let clinic = Clinic::new(store.clone());
    let users = clinic.users().await;
    let users = users.map_err(|error| context.failure(&error, &Default::default()))?;
    let who = actor::resolve(
        context.settings.login.value,
        context.user.as_deref(),
        actor::os_account().as_deref(),
        &users,
    );
    let status = status(context, counts, who);
    drop(clinic);
    store.close().await;
    let text =
        if arguments.json { output::json_line(&status)? } else { lines(context.language, &status) };
    output::print(&text)
}

fn status(
    context: &Context,
    counts: Counts,
    who: Result<crate::domain::Actor, actor::NoActor>,
) -> Status {
    Status {
        version: env!("CARGO_PKG_VERSION"),
        database: context.settings.database.to_string(),
        chosen_by: match context.settings.chosen_by {
            ChosenBy::Option => "--database",
            ChosenBy::Variable => "TIDBOK_DATABASE",
            by => by.name(),
        },
        login: context.settings.login.value.name(),
        account: actor::os_account(),
        refused: who.as_ref().err().map(|error| error.sentence(context.language)),
        actor: who.ok().map(|actor| actor.signature().to_owned()),
        schema: counts.schema,
        companies: counts.companies,
        practitioners: counts.practitioners,
        users: counts.users,
        patients: counts.patients,
        work_sessions: counts.work_sessions,
        preblocks: counts.preblocks,
        bookings: counts.bookings,
        audit_entries: counts.audit_entries,
    }
}

fn lines(language: Language, status: &Status) -> String {
    let names = language.pick(
        [
            "Version",
            "Databas",
            "Vald av",
            "Schema",
            "Inloggning",
            "Konto",
            "Användare här",
            "Företag",
            "Behandlare",
            "Användare",
            "Patienter",
            "Arbetspass",
            "Preblock",
            "Bokningar",
            "Händelser i loggen",
        ],
        [
            "Version",
            "Database",
            "Chosen by",
            "Schema",
            "Login",
            "Account",
            "Acting user",
            "Companies",
            "Practitioners",
            "Users",
            "Patients",
            "Work sessions",
            "Preblocks",
            "Bookings",
            "Audit entries",
        ],
    );
    let actor = status.actor.as_ref().or(status.refused.as_ref());
    let values = [
        status.version.to_owned(),
        status.database.clone(),
        status.chosen_by.to_owned(),
        status.schema.to_string(),
        status.login.to_owned(),
        status.account.clone().unwrap_or_else(|| "–".to_owned()),
        actor.cloned().unwrap_or_default(),
        status.companies.to_string(),
        status.practitioners.to_string(),
        status.users.to_string(),
        status.patients.to_string(),
        status.work_sessions.to_string(),
        status.preblocks.to_string(),
        status.bookings.to_string(),
        status.audit_entries.to_string(),
    ];
    let line = |(name, value): (&str, String)| format!("{name:<20}{}\n", output::plain(&value));
    names.into_iter().zip(values).map(line).collect()
}
