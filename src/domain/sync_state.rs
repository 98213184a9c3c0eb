//! What the Online Client's agent says of itself, as it is kept in the clinic's store. Holds nothing of
//! patients, and judges nothing: what to make of it is told by [`SyncStatus`](super::SyncStatus).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::health::Health;
use super::id::{PractitionerId, TemplateId};
use super::sync_request::RequestsDone;
use super::time::Interval;

/// Rounds that are remembered.
const ROUNDS: usize = 20;
/// How long it is told that a database was restored.
const RESTORED_TOLD: TimeDelta = TimeDelta::days(7);
/// Minutes whose latency is remembered.
const LATENCIES: usize = 60;

/// Who works, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentAt {
    pub host: String,
    pub process: u32,
    pub version: String,
    pub since: DateTime<Utc>,
    /// Where it publishes to; the address holds no secret.
    pub publishes_to: String,
}

impl AgentAt {
    /// Where patients find a practitioner's times of a while, on a portal of ours. `None` where the
    /// agent publishes to a server that has no booking page of ours.
    pub fn page_of(&self, practitioner: &PractitionerId, shown: Interval) -> Option<String> {
        let (host, clinic) = self.publishes_to.trim_end_matches('/').rsplit_once("/fhir/")?;
        let practitioner = utf8_percent_encode(practitioner.as_str(), NON_ALPHANUMERIC);
        let (start, minutes) = (shown.start(), shown.length().0);
        Some(format!("{host}/{clinic}/here/{practitioner}/{start}/{minutes}"))
    }
}

/// What went wrong last, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncFault {
    pub since: DateTime<Utc>,
    #[serde(default)]
    pub kind: SyncFaultKind,
    /// What is wrong, in the agent's own words; says nothing of what was sent.
    pub text: String,
}

/// What kind of thing is wrong: it tells what to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SyncFaultKind {
    /// The booking page's server is not there.
    Unreachable,
    TimedOut,
    /// Its certificate is not trusted.
    NotTrusted,
    /// It does not take the token.
    Unauthorized,
    /// It has something else stored than was expected, again and again.
    Conflict,
    /// It refuses what is sent.
    Refused,
    /// What it answers is not FHIR R4, or it fails the probe.
    Unfit,
    /// The clinic's own database.
    Database,
    /// Another agent has taken over.
    LeaseLost,
    /// Another database is published to the same booking page.
    Contested,
    /// Another database was published there for a while, again and again.
    Interrupted,
    #[default]
    #[serde(other)]
    Other,
}

/// A round in which something was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    pub at: DateTime<Utc>,
    pub published: usize,
    pub withdrawn: usize,
    pub booked: usize,
    #[serde(default)]
    pub rebooked: usize,
    #[serde(default)]
    pub cancelled: usize,
    pub refused: usize,
    /// Why, by the code on the wire.
    #[serde(default)]
    pub reasons: BTreeMap<String, usize>,
    /// From when the round began until the other end had everything, in milliseconds.
    pub milliseconds: u64,
}

impl Round {
    /// A round that begins.
    pub fn begun(at: DateTime<Utc>) -> Self {
        Self { at, ..Self::default() }
    }

    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        self.published + self.withdrawn + self.answered() == 0
    }

    /// How many patients were answered.
    pub fn answered(&self) -> usize {
        self.booked + self.rebooked + self.cancelled + self.refused
    }
}

/// What patients' wishes of one day came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishesOfDay {
    pub date: NaiveDate,
    pub booked: usize,
    pub rebooked: usize,
    pub cancelled: usize,
    /// How many were refused, by the reason's code on the wire.
    pub refused: BTreeMap<String, usize>,
}

/// The longest that a change, or a wish, took within a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// When the minute began.
    pub at: DateTime<Utc>,
    pub milliseconds: u64,
}

/// That the clinic's database is an older copy than the one the booking page was last told of, and what
/// was taken back from the page since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When an agent noticed.
    pub noticed_at: DateTime<Utc>,
    /// When everything on the page had been held against the books; `None` until then.
    pub settled_at: Option<DateTime<Utc>>,
    /// Bookings whose patients only they themselves know by now.
    pub brought_back: usize,
    pub moved: usize,
    pub cancelled: usize,
}

impl Restored {
    /// Noticed, and nothing done about it yet.
    pub fn noticed(at: DateTime<Utc>) -> Self {
        Self { noticed_at: at, settled_at: None, brought_back: 0, moved: 0, cancelled: 0 }
    }
}

/// A booking that a patient was told of and that no book has there: it did not fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StrayBooking {
    /// When and with whom it is on the booking page.
    pub interval: Interval,
    pub practitioner: PractitionerId,
    /// Where it stands in a book instead; `None` where it is in none.
    pub in_book: Option<(PractitionerId, Interval)>,
}

/// The state as a whole. What was kept by an older agent lacks some of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncState {
    pub agent: Option<AgentAt>,
    /// When the agent last found everything published.
    pub in_step_at: Option<DateTime<Utc>>,
    /// When the agent last said that it lives.
    pub alive_at: Option<DateTime<Utc>>,
    pub fault: Option<SyncFault>,
    /// The fault before, and when it was over.
    pub last_fault: Option<(SyncFault, DateTime<Utc>)>,
    /// Practitioners whose times wait to be published, since when.
    pub waiting: BTreeMap<PractitionerId, DateTime<Utc>>,
    /// Times that are out there, by practitioner and template.
    pub published: BTreeMap<PractitionerId, BTreeMap<TemplateId, usize>>,
    /// Wishes that could not be understood, since the agent started.
    pub set_aside: usize,
    /// The last rounds in which something was done, newest last.
    pub rounds: VecDeque<Round>,
    /// Practitioners whose times the other end refuses, since when.
    pub refused: BTreeMap<PractitionerId, DateTime<Utc>>,
    /// The day of the last wish.
    pub today: Option<WishesOfDay>,
    /// The last minutes in which something was done, newest last.
    pub latency: VecDeque<Latency>,
    pub done: RequestsDone,
    /// The server that passed the probe, and the version of the agent that tried it.
    pub passed_probe: Option<(String, String)>,
    /// Counts the rounds in which something was done. The booking page is told, too: where it knows of
    /// more of them, this database is an older copy.
    pub generation: u64,
    /// The last time that it was one.
    pub restored: Option<Restored>,
    /// Bookings on the page that did not fit into the books, the earliest first.
    pub stray: BTreeSet<StrayBooking>,
}

impl SyncState {
    /// Remembers a round.
    pub fn remember(&mut self, round: Round) {
        self.rounds.push_back(round);
        while self.rounds.len() > ROUNDS {
            self.rounds.pop_front();
        }
    }

    /// Counts what became of wishes on a day.
    pub fn count_wishes(&mut self, round: &Round, date: NaiveDate) {
        if round.answered() == 0 {
            return;
        }
        let fresh = || WishesOfDay { date, ..WishesOfDay::default() };
        let today = self.today.get_or_insert_with(fresh);
        if today.date != date {
            *today = fresh();
        }
        today.booked += round.booked;
        today.rebooked += round.rebooked;
        today.cancelled += round.cancelled;
        for (reason, count) in &round.reasons {
            *today.refused.entry(reason.clone()).or_default() += count;
        }
    }

    /// Whatever was wrong is over.
    pub fn mended(&mut self, at: DateTime<Utc>) {
        if let Some(fault) = self.fault.take() {
            self.last_fault = Some((fault, at));
        }
    }

    /// Remembers how long something took.
    pub fn remember_latency(&mut self, at: DateTime<Utc>, milliseconds: u64) {
        let at = at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at);
        match self.latency.back_mut().filter(|last| last.at == at) {
            Some(last) => last.milliseconds = last.milliseconds.max(milliseconds),
            None => self.latency.push_back(Latency { at, milliseconds }),
        }
        while self.latency.len() > LATENCIES {
            self.latency.pop_front();
        }
    }

    /// Takes over what an agent before this one remembered.
    pub fn adopt(&mut self, before: SyncState) {
        self.rounds = before.rounds;
        self.today = before.today;
        self.latency = before.latency;
        self.last_fault = before.last_fault;
        self.done = before.done;
        self.passed_probe = before.passed_probe;
        self.generation = before.generation;
        self.restored = before.restored;
        self.stray = before.stray;
    }

    /// That the database was restored, where that is no old story yet.
    pub fn lately_restored(&self, now: DateTime<Utc>) -> Option<&Restored> {
        let lately = |it: &&Restored| now.signed_duration_since(it.noticed_at) < RESTORED_TOLD;
        self.restored.as_ref().filter(lately)
    }

    /// How bad it is that there are bookings that patients were told of and no book has there.
    pub fn health_of_stray(&self) -> Health {
        if self.stray.is_empty() { Health::Well } else { Health::Warning }
    }

    /// Whether something is still to be taken back from the booking page.
    pub fn is_to_be_settled(&self) -> bool {
        self.restored.as_ref().is_some_and(|restored| restored.settled_at.is_none())
    }

    /// How many times are out there.
    pub fn published_times(&self) -> usize {
        self.published.values().flat_map(BTreeMap::values).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_agent_kept_is_read_and_a_fault_of_a_newer_one_too() {
        let older = r#"{"agent": null, "in_step_at": null, "alive_at": "2026-11-25T10:00:00Z",
            "fault": {"since": "2026-11-25T10:00:00Z", "text": "x", "kind": "of-tomorrow"},
            "waiting": {}, "published": {"AE": {"us30": 3}}}"#;
        let read: SyncState = serde_json::from_str(older).expect("read");
        assert_eq!(read.published_times(), 3);
        assert_eq!(read.fault.map(|fault| fault.kind), Some(SyncFaultKind::Other));
    }
}
