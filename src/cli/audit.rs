//! `tidbok audit`: read the audit log, and prove that it is whole.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::clinic::{LogFilter, again};
use crate::domain::{CivilTime, ClinicZone, IdentityProtection, PatientId, Permission};
use crate::store::{
    AuditChain, AuditEntry, AuditFault, AuditFilter, AuditReport, AuditValue, OpenMode, StoreError,
    verify_audit,
};
use crate::texts::Language;

use super::arguments;
use super::context::Context;
use super::entered::Entered;
use super::{Failure, output};

#[derive(clap::Subcommand, Debug)]
pub enum Subcommands {
    /// List entries, the oldest first
    List(List),
    /// Prove that no entry has been removed or altered
    Verify(Verify),
}

#[derive(clap::Args, Debug)]
pub struct Verify {
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args, Debug)]
pub struct List {
    /// Only entries on this practitioner's book
    #[arg(long, value_name = "ID", conflicts_with = "settings")]
    practitioner: Option<String>,
    /// Only entries on registers, settings, users and imports
    #[arg(long)]
    settings: bool,
    /// Only entries from this time on (YYYY-MM-DDTHH:MM)
    #[arg(long, value_name = "TIME", value_parser = arguments::time, conflicts_with = "from")]
    since: Option<CivilTime>,
    /// Only entries from this day on (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = arguments::date)]
    from: Option<NaiveDate>,
    /// Only entries up to this day, the day included (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = arguments::date)]
    to: Option<NaiveDate>,
    /// Only what this user did
    #[arg(long, value_name = "SIGNATURE")]
    by: Option<String>,
    /// Only what was done to this, such as booking/b1
    #[arg(long)]
    entity: Option<String>,
    /// Only what was done to things of this kind, such as booking or preblock_type
    #[arg(long, conflicts_with = "entity")]
    kind: Option<String>,
    /// Only what was done in this way, such as booking.move
    #[arg(long)]
    action: Option<String>,
    /// Only the newest so many
    #[arg(long, value_name = "N", default_value_t = 200)]
    limit: u32,
    /// Show personal values, too (JSON only)
    #[arg(long, requires = "json")]
    personal: bool,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    chain: String,
    n: u64,
    at: DateTime<Utc>,
    actor: String,
    command: String,
    action: String,
    entity: String,
    before: Option<Value>,
    after: Option<Value>,
}

pub(super) async fn run(context: &Context, command: Subcommands) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    entered.require(Permission::AuditRead)?;
    match command {
        Subcommands::List(asked) => list(context, entered, &asked).await,
        Subcommands::Verify(asked) => verify(context, entered, &asked).await,
    }
}

async fn list(context: &Context, entered: Entered, asked: &List) -> Result<(), Failure> {
    if asked.personal {
        entered.require(Permission::PatientView)?;
    }
    let filter = filter(asked, entered.setup.zone);
    let store = entered.clinic.store();
    let read = again(async || Ok(store.read().await?.audit(&filter).await?)).await;
    let mut entries = read.map_err(|error| entered.failure(&error))?;
    entries.sort_by(|a, b| (a.at, &a.chain, a.n).cmp(&(b.at, &b.chain, b.n)));
    let text = if asked.json {
        let protected = protected(&entered, &entries).await;
        let protected = protected.map_err(|error| context.store_failure(&error))?;
        let values = |entry: &AuditEntry| match asked.personal && !tells_of(entry, &protected) {
            true => PersonalValues::Shown,
            false => PersonalValues::Masked,
        };
        output::json_list(
            &entries.iter().map(|entry| row(entry, values(entry))).collect::<Vec<_>>(),
        )?
    } else {
        table(&entered, &entries)
    };
    entered.leave().await;
    output::print(&text)
}

/// The same filters as on screen, and the finer ones of programs.
fn filter(asked: &List, zone: ClinicZone) -> AuditFilter {
    let days = LogFilter {
        by: asked.by.clone(),
        practitioner: asked.practitioner.as_deref().map(Into::into),
        action: asked.action.clone(),
        kind: asked.kind.clone(),
        from: asked.from,
        to: asked.to,
    };
    let filter = days.in_zone(zone, asked.limit);
    AuditFilter {
        chain: filter.chain.or_else(|| asked.settings.then_some(AuditChain::Settings)),
        since: asked.since.map(|since| zone.first_instant(since)).or(filter.since),
        entity: asked.entity.clone(),
        ..filter
    }
}

/// The patients whose identity is protected now (R22).
async fn protected(
    entered: &Entered,
    entries: &[AuditEntry],
) -> Result<BTreeSet<PatientId>, StoreError> {
    let named: BTreeSet<PatientId> = entries.iter().filter_map(patient).collect();
    let mut found = entered.clinic.store().read().await?.patients(&named).await?;
    found.retain(|_, patient| patient.protection == IdentityProtection::Protected);
    Ok(found.into_keys().collect())
}

/// Whose personal values an entry may hold.
fn patient(entry: &AuditEntry) -> Option<PatientId> {
    let of = |value: &AuditValue| value.plain_field("patient").map(PatientId::from);
    let own = entry.entity.strip_prefix("patient/").map(PatientId::from);
    own.or_else(|| entry.after.as_ref().and_then(of)).or_else(|| entry.before.as_ref().and_then(of))
}

/// Whether an entry is about one of them, or about somebody who was protected then, or may be: the
/// contacts given with a booking name nobody who could be asked about.
fn tells_of(entry: &AuditEntry, protected: &BTreeSet<PatientId>) -> bool {
    let was = |value: &AuditValue| value.to_masked_json()["protected"] == true;
    entry.entity.starts_with("contacts/")
        || patient(entry).is_some_and(|patient| protected.contains(&patient))
        || entry.before.as_ref().is_some_and(was)
        || entry.after.as_ref().is_some_and(was)
}

/// What becomes of an entry's personal values.
#[derive(Clone, Copy)]
enum PersonalValues {
    Shown,
    Masked,
}

fn row(entry: &AuditEntry, personal: PersonalValues) -> Row {
    let value = |value: &AuditValue| match personal {
        PersonalValues::Shown => value.to_json(),
        PersonalValues::Masked => value.to_masked_json(),
    };
    Row {
        chain: entry.chain.name(),
        n: entry.n,
        at: entry.at,
        actor: entry.actor.clone(),
        command: entry.command.to_string(),
        action: entry.action.clone(),
        entity: entry.entity.clone(),
        before: entry.before.as_ref().map(value),
        after: entry.after.as_ref().map(value),
    }
}

fn table(entered: &Entered, entries: &[AuditEntry]) -> String {
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            [
                entered.setup.zone.civil(entry.at).to_string(),
                entry.actor.clone(),
                entry.action.clone(),
                entry.entity.clone(),
                entry.chain.name(),
                entry.n.to_string(),
            ]
        })
        .collect();
    let language = entered.language;
    let head = language.pick(
        ["NÄR", "VEM", "VAD", "PÅ", "KEDJA", "NR"],
        ["WHEN", "WHO", "WHAT", "ON", "CHAIN", "NO"],
    );
    output::table(head, &rows, language.pick("Inga händelser i loggen.", "No entries in the log."))
}

async fn verify(context: &Context, entered: Entered, asked: &Verify) -> Result<(), Failure> {
    let report = verify_audit(entered.clinic.store()).await;
    let report = report.map_err(|error| context.store_failure(&error))?;
    let language = entered.language;
    entered.leave().await;
    if asked.json {
        let faults: Vec<String> = report.faults.iter().map(AuditFault::to_string).collect();
        output::print(&output::json_line(&serde_json::json!({
            "chains": report.chains,
            "entries": report.entries,
            "whole": faults.is_empty(),
            "faults": faults,
        }))?)?;
    } else if report.faults.is_empty() {
        let (entries, chains) = (report.entries, report.chains);
        output::print(&language.pick(
            format!("Loggen är hel. Händelser: {entries}, kedjor: {chains}.\n"),
            format!("The log is whole. Entries: {entries}, chains: {chains}.\n"),
        ))?;
    }
    match report.faults.is_empty() {
        true => Ok(()),
        false => Err(Failure::Refused(broken(language, &report))),
    }
}

/// How many faults are told of one by one in text.
const TOLD: usize = 100;

/// A fault a line; of more than can be read, how many more.
fn broken(language: Language, report: &AuditReport) -> String {
    let count = report.faults.len();
    let sentence = language.pick(
        format!("loggen är inte hel, {count} fel:"),
        format!("the log is not whole, faults: {count}"),
    );
    let mut faults: Vec<String> =
        report.faults.iter().take(TOLD).map(|it| fault_in(language, it)).collect();
    if count > TOLD {
        let more = count - TOLD;
        faults.push(language.pick(
            format!("och {more} till: --json nämner alla"),
            format!("and {more} more: --json names all"),
        ));
    }
    output::listed(sentence, &faults)
}

/// One fault as a sentence; English is the store's own.
fn fault_in(language: Language, fault: &AuditFault) -> String {
    if language == Language::English {
        return fault.to_string();
    }
    match fault {
        AuditFault::Altered { chain, n } => format!("{chain}: händelse {n} har ändrats"),
        AuditFault::Missing { chain, from, to } if from == to => {
            format!("{chain}: händelse {from} har tagits bort")
        }
        AuditFault::Missing { chain, from, to } => {
            format!("{chain}: händelserna {from} till {to} har tagits bort")
        }
        AuditFault::BrokenLink { chain, n } => {
            format!("{chain}: händelse {n} följer inte på den som står före")
        }
        AuditFault::WrongEnd { chain, n } => {
            format!("{chain}: händelse {n} är inte den som kedjan slutade med")
        }
        AuditFault::NoHead { chain } => {
            format!("{chain}: uppgiften om var kedjan slutar har tagits bort")
        }
        AuditFault::Untold { command } => {
            format!("händelserna för ändringen {command} har tagits bort")
        }
        AuditFault::AlteredPersonalValue { hash } => {
            format!("personuppgiften {hash} har ändrats")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_more_faults_than_can_be_read_it_is_told_how_many_more() {
        let told = |count| {
            let chain = "practitioner/AE".to_owned();
            let faults = (1..=count).map(|n| AuditFault::Altered { chain: chain.clone(), n });
            let report = AuditReport { faults: faults.collect(), ..AuditReport::default() };
            broken(Language::Swedish, &report).lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let (all, most) = (told(100), told(102));
        assert_eq!(all.len(), 101);
        assert!(all[100].contains("händelse 100 har ändrats"));
        assert_eq!(most.len(), 102);
        assert!(most[0].contains("102 fel") && most[101].contains("och 2 till"), "{most:?}");
    }
}
