//! The check of the Online Client's agent: whether it is at work, and when it was last.

use chrono::Utc;

use super::checks::{Check, State};
use crate::cli::layout::Layout;
use crate::cli::units;
use crate::clinic::{Clinic, ClinicError};
use crate::domain::{DateRange, Health, Setup, SyncState, SyncStatus};
use crate::texts::{Language, Telling, sync_fault};

/// How it goes with the agent.
pub(super) async fn agent(
    clinic: &Clinic,
    setup: &Setup,
    layout: &Layout,
    language: Language,
) -> Result<Check, ClinicError> {
    let (now, zone) = (Utc::now(), setup.zone);
    let report = clinic.agent_report(&[], DateRange::new(zone.civil(now).date(), 1)).await?;
    let status = SyncStatus::of(report.state.as_ref(), &setup.online, now);
    let telling = Telling { language, zone, now: zone.civil(now) };
    let (state, told) = match &report.state {
        None => never_heard_from(layout, language),
        Some(agent) => {
            let state = match status.health(now).max(agent.health_of_stray()) {
                Health::Well => State::Well,
                Health::Warning => State::Notice,
                Health::Critical => State::Fault,
            };
            let stray = telling.stray(&agent.stray, setup).map_or_else(String::new, |stray| {
                format!("; {}: {stray}", language.pick("ryms inte i boken", "not in the book"))
            });
            (state, told(agent, &status, telling) + &stray)
        }
    };
    Ok(Check::new("agent", "Online Client", state, told))
}

/// What to do where one is set up here; elsewhere there need not be any.
fn never_heard_from(layout: &Layout, language: Language) -> (State, String) {
    if !layout.found_drop_in(&units::SYNC).exists() {
        return (State::Well, language.pick("ingen här", "none here").to_owned());
    }
    let told = match layout.is_enabled(&units::SYNC) {
        false => language.pick(
            "har inte arbetat än: `systemctl enable --now tidbok-sync`",
            "has not been at work yet: `systemctl enable --now tidbok-sync`",
        ),
        true => language.pick(
            "är satt att starta men har inte arbetat än: `systemctl status tidbok-sync` och `journalctl -u \
             tidbok-sync` säger varför",
            "is set to start and has not been at work yet: `systemctl status tidbok-sync` and `journalctl -u \
             tidbok-sync` tell why",
        ),
    };
    (State::Notice, told.to_owned())
}

/// The status, when it was last heard from, and where to look for what is wrong.
fn told(agent: &SyncState, status: &SyncStatus, telling: Telling) -> String {
    let language = telling.language;
    let mut told = telling.status(status).unwrap_or_default();
    if let Some(at) = agent.alive_at {
        let last = language.pick("senast hörd", "last heard from");
        told.push_str(&format!(", {last} {}", telling.at(at)));
    }
    match (status, &agent.fault) {
        (SyncStatus::Silent { .. }, _) => told.push_str(language.pick(
            ": `systemctl status tidbok-sync` och `journalctl -u tidbok-sync` säger varför",
            ": `systemctl status tidbok-sync` and `journalctl -u tidbok-sync` tell why",
        )),
        (SyncStatus::Fault { .. }, Some(fault)) => {
            told.push_str(&format!(": {}", sync_fault(language, fault.kind)));
        }
        _ => {}
    }
    told
}
