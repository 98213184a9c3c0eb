//! The check of the Online Client's agent: whether it is at work, and when it was last.

use chrono::Utc;

use super::checks::{Check, State};
use crate::clinic::{Clinic, ClinicError};
use crate::domain::{DateRange, PractitionerId, Setup, SyncSeverity, SyncStatus};
use crate::texts::{Language, Telling, sync_fault};

/// How it goes with the agent. `expected` tells whether one is set up here.
pub(super) async fn agent(
    clinic: &Clinic,
    setup: &Setup,
    expected: bool,
    language: Language,
) -> Result<Check, ClinicError> {
    let (now, zone) = (Utc::now(), setup.zone);
    let report = clinic.agent_report(&[], DateRange::new(zone.civil(now).date(), 1)).await?;
    let status = SyncStatus::of(report.state.as_ref(), &setup.online, now);
    let telling = Telling { language, zone, now: zone.civil(now) };
    let check = |state, told: String| Check::new("agent", "Online Client", state, told);
    let Some(state) = report.state else {
        return Ok(if expected {
            check(
                State::Notice,
                language.pick(
                    "har inte arbetat än: `systemctl enable --now tidbok-sync`".into(),
                    "has not been at work yet: `systemctl enable --now tidbok-sync`".into(),
                ),
            )
        } else {
            check(State::Well, language.pick("ingen här".into(), "none here".into()))
        });
    };
    let mut told = telling.status(&status).unwrap_or_default();
    if let Some(at) = state.alive_at {
        let last = language.pick("senast hörd", "last heard from");
        told.push_str(&format!(", {last} {}", telling.at(at)));
    }
    match (&status, &state.fault) {
        (SyncStatus::Silent { .. }, _) => told.push_str(language.pick(
            ": `systemctl status tidbok-sync` och `journalctl -u tidbok-sync` säger varför",
            ": `systemctl status tidbok-sync` and `journalctl -u tidbok-sync` tell why",
        )),
        (SyncStatus::Fault { .. }, Some(fault)) => {
            told.push_str(&format!(": {}", sync_fault(language, fault.kind)));
        }
        _ => {}
    }
    let name = |id: &PractitionerId| {
        setup.practitioners.get(id).map_or_else(|| id.to_string(), |found| found.name.clone())
    };
    if let Some(stray) = telling.stray(&state.stray, name) {
        told.push_str(&format!(
            "; {}: {stray}",
            language.pick("ryms inte i boken", "not in the book")
        ));
    }
    let state = match status.severity(now).max(state.severity_of_stray()) {
        SyncSeverity::Well => State::Well,
        SyncSeverity::Warning => State::Notice,
        SyncSeverity::Critical => State::Fault,
    };
    Ok(check(state, told))
}
