//! The status as metrics in Prometheus' text format. Tells of nobody: neither patients nor staff.

use chrono::{DateTime, Utc};

use crate::domain::{AgentPulse, Liveness, NoticeReport, SyncState, SyncStatus};

use super::report::{Report, graded, status_name};

/// Every status there is, by name.
const STATUSES: [&str; 6] = ["no-agent", "in-step", "waiting", "fault", "paused", "silent"];

/// What is written where the database does not answer.
pub(super) fn unknown() -> String {
    let mut text = String::new();
    gauge(&mut text, "tidbok_up", "Whether the clinic's database answers.", 0);
    gauge(&mut text, "tidbok_status", STATUS_HELP, 3);
    text
}

const STATUS_HELP: &str = "0 well, 1 warning, 2 critical, 3 unknown.";

/// The metrics of a report.
pub(super) fn metrics(report: &Report) -> String {
    let mut text = String::new();
    gauge(&mut text, "tidbok_up", "Whether the clinic's database answers.", 1);
    gauge(&mut text, "tidbok_status", STATUS_HELP, graded(report.health).1);
    head(&mut text, "tidbok_build_info", "The program's version.");
    text.push_str(&format!("tidbok_build_info{{version=\"{}\"}} 1\n", env!("CARGO_PKG_VERSION")));
    head(&mut text, "tidbok_sync_state", "1 for the state that the Online Client is in.");
    let now = status_name(&report.status);
    for name in STATUSES {
        let is = u8::from(name == now);
        text.push_str(&format!("tidbok_sync_state{{state=\"{name}\"}} {is}\n"));
    }
    if let Some(state) = &report.state {
        of_state(&mut text, state, report);
    }
    let NoticeReport { held_up, since, given_up, .. } = report.notices;
    let help = "Messages to patients that could not be sent yet.";
    gauge(&mut text, "tidbok_mail_held_up", help, held_up);
    let help = "Since when the oldest of them waits.";
    moment(&mut text, "tidbok_mail_held_up_since_timestamp_seconds", help, since);
    let help = "Messages to patients that were given up in the last 24 hours.";
    gauge(&mut text, "tidbok_mail_given_up", help, given_up);
    text
}

fn of_state(text: &mut String, state: &SyncState, report: &Report) {
    let pulse = AgentPulse { alive_at: state.alive_at, ..AgentPulse::default() };
    let alive = pulse.liveness(report.at) == Liveness::Alive;
    gauge(text, "tidbok_sync_agent_up", "Whether the agent lives.", u8::from(alive));
    moment(
        text,
        "tidbok_sync_agent_seen_timestamp_seconds",
        "When the agent was last heard from.",
        state.alive_at,
    );
    moment(
        text,
        "tidbok_sync_in_step_timestamp_seconds",
        "When everything was last found published.",
        state.in_step_at,
    );
    let fault = state.fault.as_ref().map(|fault| fault.since);
    moment(
        text,
        "tidbok_sync_fault_since_timestamp_seconds",
        "Since when there is a fault.",
        fault,
    );
    let waiting = state.waiting.len();
    gauge(text, "tidbok_sync_waiting_books", "Books whose times wait to be published.", waiting);
    moment(
        text,
        "tidbok_sync_waiting_since_timestamp_seconds",
        "Since when the oldest of them waits.",
        state.waiting.values().min().copied(),
    );
    let times = state.published_times();
    gauge(text, "tidbok_sync_published_slots", "Times that patients can book.", times);
    let help = "Wishes that could not be understood, since the agent started.";
    gauge(text, "tidbok_sync_set_aside_wishes", help, state.set_aside);
    let help = "Bookings that patients were told of and that no book has there.";
    gauge(text, "tidbok_sync_stray_bookings", help, state.stray.len());
    moment(
        text,
        "tidbok_sync_restored_timestamp_seconds",
        "When the database was last found to be an older copy.",
        state.restored.as_ref().map(|restored| restored.noticed_at),
    );
    let paused = matches!(report.status, SyncStatus::Paused);
    gauge(text, "tidbok_sync_paused", "Whether the clinic is closed online.", u8::from(paused));
}

fn head(text: &mut String, name: &str, help: &str) {
    text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
}

fn gauge(text: &mut String, name: &str, help: &str, value: impl std::fmt::Display) {
    head(text, name, help);
    text.push_str(&format!("{name} {value}\n"));
}

/// An instant, where there is one.
fn moment(text: &mut String, name: &str, help: &str, at: Option<DateTime<Utc>>) {
    if let Some(at) = at {
        gauge(text, name, help, at.timestamp());
    }
}
