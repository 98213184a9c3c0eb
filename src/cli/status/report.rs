//! What `tidbok status` tells, in lines and as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::clinic::AgentReport;
use crate::config::ChosenBy;
use crate::domain::{
    Actor, Health, NoticeFault, NoticeReport, Setup, Signature, SyncState, SyncStatus, User,
};
use crate::store::Counts;
use crate::texts::{Language, Telling, sync_fault};

use crate::cli::actor::{self, NoActor};
use crate::cli::context::Context;
use crate::cli::{Failure, output};

/// What was read.
pub(super) struct Facts {
    pub users: BTreeMap<Signature, User>,
    pub setup: Arc<Setup>,
    pub agent: AgentReport,
    pub counts: Option<Counts>,
    pub at: DateTime<Utc>,
}

/// What is told.
pub(super) struct Report {
    telling: Telling,
    setup: Arc<Setup>,
    pub at: DateTime<Utc>,
    pub health: Health,
    pub status: SyncStatus,
    pub state: Option<SyncState>,
    /// How the e-mail to patients goes.
    pub notices: NoticeReport,
    told: Told,
}

/// The report as JSON.
#[derive(Serialize)]
struct Told {
    version: &'static str,
    /// `well`, `warning` or `critical`.
    status: &'static str,
    /// The exit code.
    code: u8,
    sync: Sync,
    mail: Mail,
    database: String,
    chosen_by: &'static str,
    login: &'static str,
    account: Option<String>,
    /// Whose rights hold: a signature or `system`.
    actor: Option<String>,
    /// Why nobody can act.
    refused: Option<String>,
    #[serde(flatten)]
    counts: Option<CountsTold>,
}

#[derive(Serialize)]
struct Sync {
    status: &'static str,
    since: Option<DateTime<Utc>>,
    /// What the agent tells of itself.
    state: Option<SyncState>,
}

/// E-mail to patients.
#[derive(Serialize)]
struct Mail {
    /// Messages that could not be sent yet, since when, and why.
    held_up: usize,
    since: Option<DateTime<Utc>>,
    fault: Option<&'static str>,
    /// Messages that were given up within a day.
    given_up: usize,
    given_up_for: Option<&'static str>,
}

impl From<&NoticeReport> for Mail {
    fn from(report: &NoticeReport) -> Self {
        let NoticeReport { held_up, since, fault, given_up, given_up_for } = *report;
        let [fault, given_up_for] = [fault, given_up_for].map(|fault| fault.map(NoticeFault::key));
        Self { held_up, since, fault, given_up, given_up_for }
    }
}

#[derive(Serialize)]
struct CountsTold {
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

impl From<Counts> for CountsTold {
    fn from(counts: Counts) -> Self {
        Self {
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
}

/// A status as programs know it.
pub(super) fn status_name(status: &SyncStatus) -> &'static str {
    match status {
        SyncStatus::NoAgent => "no-agent",
        SyncStatus::InStep => "in-step",
        SyncStatus::Waiting { .. } => "waiting",
        SyncStatus::Fault { .. } => "fault",
        SyncStatus::Paused => "paused",
        SyncStatus::Silent { .. } => "silent",
    }
}

/// How bad it is, in a word and as an exit code.
pub(super) fn graded(health: Health) -> (&'static str, u8) {
    match health {
        Health::Well => ("well", 0),
        Health::Warning => ("warning", 1),
        Health::Critical => ("critical", 2),
    }
}

/// What is written as JSON where nothing is known.
pub(super) fn unknown_json(failure: &Failure) -> Result<String, Failure> {
    output::json_line(&serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "status": "unknown",
        "code": 3,
        "reason": failure.to_string(),
    }))
}

impl Report {
    pub fn new(context: &Context, facts: Facts, who: Result<Actor, NoActor>) -> Self {
        let Facts { setup, agent, counts, at, .. } = facts;
        let (language, zone) = (context.language, setup.zone);
        let status = SyncStatus::of(agent.state.as_ref(), &setup.online, at);
        let stray = agent.state.as_ref().map_or(Health::Well, SyncState::health_of_stray);
        let health = status.health(at).max(agent.notices.health(at)).max(stray);
        let (name, code) = graded(health);
        let told = Told {
            version: env!("CARGO_PKG_VERSION"),
            status: name,
            code,
            sync: Sync {
                status: status_name(&status),
                since: status.since(),
                state: agent.state.clone(),
            },
            mail: Mail::from(&agent.notices),
            database: context.settings.database.to_string(),
            chosen_by: match context.settings.chosen_by {
                ChosenBy::Option => "--database",
                ChosenBy::Variable => "TIDBOK_DATABASE",
                by => by.name(),
            },
            login: context.settings.login.value.name(),
            account: actor::os_account(),
            refused: who.as_ref().err().map(|error| error.sentence(language)),
            actor: who.ok().map(|actor| actor.signature().to_owned()),
            counts: counts.map(CountsTold::from),
        };
        let telling = Telling { language, zone, now: zone.civil(at) };
        Self {
            telling,
            setup,
            at,
            health,
            status,
            state: agent.state,
            notices: agent.notices,
            told,
        }
    }

    pub fn json(&self) -> Result<String, Failure> {
        output::json_line(&self.told)
    }

    /// A name and what there is to say of it, a line each.
    pub fn lines(&self) -> String {
        let pick = |sv, en| self.telling.language.pick(sv, en);
        let told = &self.told;
        let mut rows = self.sync_rows();
        let mail = self.telling.notices(&self.notices);
        rows.extend(mail.map(|told| (pick("E-post", "E-mail"), told)));
        rows.push((pick("Databas", "Database"), format!("{} ({})", told.database, told.chosen_by)));
        let account = told.account.as_deref().unwrap_or("–");
        let actor = told.actor.as_ref().or(told.refused.as_ref()).cloned().unwrap_or_default();
        let who = match self.telling.language {
            Language::Swedish => format!("{actor} (konto {account}, inloggning {})", told.login),
            Language::English => format!("{actor} (account {account}, login {})", told.login),
        };
        rows.push((pick("Användare här", "Acting user"), who));
        rows.push((pick("Version", "Version"), told.version.to_owned()));
        if let Some(counts) = &told.counts {
            rows.extend(counts.rows(self.telling.language));
        }
        rows.into_iter()
            .map(|(name, value)| format!("{name:<20}{}\n", output::plain(&value)))
            .collect()
    }

    fn sync_rows(&self) -> Vec<(&'static str, String)> {
        let telling = self.telling;
        let (texts, pick) = (telling.language.texts(), |sv, en| telling.language.pick(sv, en));
        let Some(state) = &self.state else {
            let none = pick(
                "ingen har startats här (tidbok sync)",
                "none has been started here (tidbok sync)",
            );
            return vec![("Online Client", none.to_owned())];
        };
        let mut rows = vec![("Online Client", telling.status(&self.status).unwrap_or_default())];
        if let Some(fault) = &state.fault {
            rows.push((pick("Fel", "Fault"), sync_fault(telling.language, fault.kind).to_owned()));
        }
        if let Some(since) = state.waiting.values().min() {
            let since = telling.at(*since);
            rows.push((
                pick("Väntar", "Waiting"),
                format!(
                    "{}, {} {since}",
                    texts.books(state.waiting.len()),
                    pick("den äldsta sedan", "the oldest since")
                ),
            ));
        }
        if let Some(restored) = state.lately_restored(self.at) {
            rows.push((telling.language.sync_texts().restored, telling.restored(restored)));
        }
        if let Some(stray) = telling.stray(&state.stray, &self.setup) {
            rows.push((telling.language.sync_texts().stray, stray));
        }
        if let Some(at) = state.in_step_at {
            rows.push((pick("Senast i takt", "Last in step"), telling.at(at)));
        }
        let (times, books) = (state.published_times(), state.published.len());
        rows.push((
            pick("Ute", "Out there"),
            format!("{} {} {}", texts.times(times), pick("hos", "of"), texts.practitioners(books)),
        ));
        if let Some(agent) = &state.agent {
            let (host, process, version) = (&agent.host, agent.process, &agent.version);
            let (since, to) = (telling.at(agent.since), &agent.publishes_to);
            rows.push((
                "Agent",
                match telling.language {
                    Language::Swedish => {
                        format!("{host} ({process}), version {version}, sedan {since}, till {to}")
                    }
                    Language::English => {
                        format!("{host} ({process}), version {version}, since {since}, to {to}")
                    }
                },
            ));
        }
        rows
    }
}

impl CountsTold {
    fn rows(&self, language: Language) -> Vec<(&'static str, String)> {
        let pick = |sv, en| language.pick(sv, en);
        [
            (pick("Schema", "Schema"), self.schema),
            (pick("Företag", "Companies"), self.companies),
            (pick("Behandlare", "Practitioners"), self.practitioners),
            (pick("Användare", "Users"), self.users),
            (pick("Patienter", "Patients"), self.patients),
            (pick("Arbetspass", "Work sessions"), self.work_sessions),
            (pick("Preblock", "Preblocks"), self.preblocks),
            (pick("Bokningar", "Bookings"), self.bookings),
            (pick("Händelser i loggen", "Audit entries"), self.audit_entries),
        ]
        .map(|(name, count)| (name, count.to_string()))
        .into()
    }
}
