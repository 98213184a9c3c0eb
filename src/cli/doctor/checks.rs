//! The checks of what lies around the settings: configuration, database, its file, the audit log.

use serde::Serialize;

use crate::cli::actor::NoActor;
use crate::cli::output;
use crate::domain::{Actor, Permission};
use crate::store::{DatabaseLocation, Store, verify_audit};
use crate::texts::{self, Language};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Well,
    /// Nothing is known to be wrong; something was not looked at, or can't be.
    Notice,
    Fault,
}

/// One thing that was looked at.
pub(super) struct Check {
    pub(super) state: State,
    /// Stable name, for programs.
    key: &'static str,
    name: &'static str,
    told: String,
}

#[derive(Serialize)]
pub(super) struct JsonCheck<'a> {
    check: &'a str,
    state: &'a str,
    text: &'a str,
}

impl Check {
    pub(super) fn new(
        key: &'static str,
        name: &'static str,
        state: State,
        told: impl Into<String>,
    ) -> Self {
        Self { state, key, name, told: told.into() }
    }

    pub(super) fn json(&self) -> JsonCheck<'_> {
        let state = match self.state {
            State::Well => "ok",
            State::Notice => "notice",
            State::Fault => "fault",
        };
        JsonCheck { check: self.key, state, text: &self.told }
    }

    pub(super) fn line(&self, language: Language) -> String {
        line(language, self.state, self.name, &self.told)
    }
}

/// `Bra     Databas: …`.
pub(super) fn line(language: Language, state: State, name: &str, told: &str) -> String {
    let state = match state {
        State::Well => language.pick("Bra", "Good"),
        State::Notice => language.pick("Obs", "Notice"),
        State::Fault => language.pick("Fel", "Fault"),
    };
    format!("{state:<7} {name}: {}\n", output::plain(told))
}

/// Whether the configuration files could be read and hold known keys only.
pub(super) fn configuration(failure: Option<&str>, language: Language) -> Check {
    let name = language.pick("Konfiguration", "Configuration");
    match failure {
        None => {
            let told = language.pick("filerna är läsbara", "the files are readable");
            Check::new("configuration", name, State::Well, told)
        }
        Some(told) => Check::new("configuration", name, State::Fault, told),
    }
}

fn database_name(language: Language) -> &'static str {
    language.pick("Databas", "Database")
}

/// The database could be opened.
pub(super) fn database(location: &DatabaseLocation, language: Language) -> Check {
    Check::new("database", database_name(language), State::Well, location.to_string())
}

/// The database could not be opened.
pub(super) fn no_database(failure: &str, language: Language) -> Check {
    Check::new("database", database_name(language), State::Fault, failure)
}

/// There is none here, as it should be where another machine has it.
pub(super) fn database_elsewhere(language: Language) -> Check {
    let told = language.pick(
        "finns på en annan dator: här är bokningssidan",
        "lies on another machine: the booking page is here",
    );
    Check::new("database", database_name(language), State::Notice, told)
}

/// What the database holds could not be understood.
pub(super) fn unreadable(failure: &str, language: Language) -> Check {
    let name = language.pick("Innehåll", "Content");
    Check::new("content", name, State::Fault, failure)
}

/// Nobody can act, so nobody may look further.
pub(super) fn nobody(why: &NoActor, language: Language) -> Check {
    let name = language.pick("Användare", "User");
    let why_not = why.sentence(language);
    if why.is_asked_wrongly() {
        return Check::new("user", name, State::Fault, why_not);
    }
    let told = language.pick(
        format!("inställningar och logg är inte kontrollerade: {why_not}"),
        format!("settings and audit log were not checked: {why_not}"),
    );
    Check::new("user", name, State::Notice, told)
}

/// Schema, and the engine's own check of its files.
pub(super) async fn inside(store: &Store, language: Language) -> Vec<Check> {
    let looked = async {
        let mut reading = store.read().await?;
        let schema = reading.counts().await?.schema;
        Ok((schema, reading.integrity_faults().await?))
    };
    let whole = language.pick("Databasens filer", "Database files");
    match looked.await {
        Ok((schema, faults)) => {
            let (state, told) = match faults.as_deref() {
                Some([]) => (State::Well, language.pick("hela", "whole").to_owned()),
                Some(faults) => (State::Fault, damaged(language, faults)),
                None => (State::Notice, unseen(language).to_owned()),
            };
            let integrity = Check::new("integrity", whole, state, told);
            let name = language.pick("Schema", "Schema");
            let schema = Check::new("schema", name, State::Well, schema.to_string());
            vec![schema, integrity]
        }
        Err(error) => {
            let told = texts::store_error(language, &error);
            vec![Check::new("integrity", whole, State::Fault, told)]
        }
    }
}

fn unseen(language: Language) -> &'static str {
    language.pick(
        "ses inte härifrån: databasserverns egen kontroll (DBCC CHECKDB) säger om de är hela",
        "are not seen from here: the database server's own check (DBCC CHECKDB) tells whether they are whole",
    )
}

fn damaged(language: Language, faults: &[String]) -> String {
    let what = faults.join("; ");
    language.pick(
        format!("skadade ({what}): kopiera undan databasen och återställ från en säkerhetskopia eller en export"),
        format!("damaged ({what}): copy the database aside and restore it from a backup or an export"),
    )
}

/// Whether readers at a server wait for writers; nothing where that is not known.
pub(super) fn waiting(reads_what_is_committed: Option<bool>, language: Language) -> Option<Check> {
    let name = language.pick("Läsning på servern", "Reading at the server");
    let (state, told) = match reads_what_is_committed? {
        true => (State::Well, language.pick("väntar inte på ändringar", "waits for no change")),
        false => (
            State::Notice,
            language.pick(
                "väntar på ändringar som pågår: låt serverns administratör slå på READ_COMMITTED_SNAPSHOT \
                 (`tidbok migrate --grants` skriver hur)",
                "waits for changes under way: let the server's administrator turn \
                 READ_COMMITTED_SNAPSHOT on (`tidbok migrate --grants` writes how)",
            ),
        ),
    };
    Some(Check::new("read-committed-snapshot", name, state, told))
}

/// The audit log, for those who may read it (R17).
pub(super) async fn audit(store: &Store, actor: &Actor, language: Language) -> Check {
    let name = language.pick("Logg", "Audit log");
    let check = |state, told: String| Check::new("audit", name, state, told);
    if !actor.may(Permission::AuditRead) {
        let lacks = language.texts().lacks(Permission::AuditRead);
        let told = language.pick("inte kontrollerad", "not checked");
        return check(State::Notice, format!("{told}, {lacks}"));
    }
    match verify_audit(store).await {
        Err(error) => check(State::Fault, texts::store_error(language, &error)),
        Ok(report) if report.faults.is_empty() => {
            let entries = report.entries;
            let told = language
                .pick(format!("hel, händelser: {entries}"), format!("whole, entries: {entries}"));
            check(State::Well, told)
        }
        Ok(report) => {
            let faults = report.faults.len();
            let told = language.pick(
                format!("inte hel, {faults} fel: `tidbok audit verify` säger vilka"),
                format!("not whole, faults: {faults}: `tidbok audit verify` tells which"),
            );
            check(State::Fault, told)
        }
    }
}

/// Who may open the database file: patients' data must not lie open to every account.
#[cfg(unix)]
pub(super) fn permissions(location: &DatabaseLocation, language: Language) -> Check {
    use std::os::unix::fs::PermissionsExt;

    const OTHERS: u32 = 0o007;
    let name = language.pick("Filens rättigheter", "File permissions");
    let Some(path) = location.file() else {
        let told = language.pick("databasservern avgör", "the database server decides");
        return Check::new("permissions", name, State::Well, told);
    };
    let check = |state, told: String| Check::new("permissions", name, state, told);
    match std::fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777) {
        Err(error) => check(State::Notice, error.to_string()),
        Ok(mode) if mode & OTHERS == 0 => check(State::Well, format!("{mode:03o}")),
        Ok(mode) => {
            let path = path.display();
            let told = language.pick(
                format!("{mode:03o}, alla konton på datorn kommer åt filen: chmod o= {path}"),
                format!("{mode:03o}, every account of the machine can reach it: chmod o= {path}"),
            );
            check(State::Fault, told)
        }
    }
}

/// The folder's access list decides, and is not read.
#[cfg(not(unix))]
pub(super) fn permissions(_location: &DatabaseLocation, language: Language) -> Check {
    let name = language.pick("Filens rättigheter", "File permissions");
    let told = language.pick("mappens åtkomstlista gäller", "the folder's access list holds");
    Check::new("permissions", name, State::Notice, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_where_readers_wait_is_remarked_on_and_one_that_does_not_say_is_not() {
        let state = |reads| waiting(reads, Language::English).map(|check| check.state);
        assert_eq!(state(Some(true)), Some(State::Well));
        assert_eq!(state(Some(false)), Some(State::Notice));
        assert_eq!(state(None), None);
        let told = waiting(Some(false), Language::Swedish).unwrap().told;
        assert!(told.contains("READ_COMMITTED_SNAPSHOT") && told.contains("--grants"), "{told}");
    }
}
