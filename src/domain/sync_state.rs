//! How it goes with the Online Client: what its agent says of itself, kept in the clinic's store, and
//! what consoles and `tidbok status` make of it. Holds nothing of patients.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::id::{PractitionerId, TemplateId};
use super::online::OnlineSettings;
use super::time::Interval;

/// Rounds that are remembered.
const ROUNDS: usize = 20;
/// Minutes whose latency is remembered.
const LATENCIES: usize = 60;

/// An agent that has not been heard from for longer is gone: it tells of itself every few seconds, and
/// may have to wait twice for a booking page's server that does not answer.
const SILENCE: TimeDelta = TimeDelta::seconds(60);
/// How far ahead of the own clock the agent's may be: two that lie further apart tell nothing of each other.
const AHEAD: TimeDelta = TimeDelta::hours(2);
/// From this age on what waits, or what is wrong, is no passing thing any more.
const LONG: TimeDelta = TimeDelta::minutes(1);
/// What has waited for this long: the booking page may have stopped offering anything.
const TOO_LONG: TimeDelta = TimeDelta::minutes(5);

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
pub struct Fault {
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
    #[default]
    #[serde(other)]
    Other,
}

/// A round in which something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        let (published, withdrawn, refused) = (0, 0, 0);
        let (booked, rebooked, cancelled) = (0, 0, 0);
        let (reasons, milliseconds) = (BTreeMap::new(), 0);
        Self {
            at,
            published,
            withdrawn,
            booked,
            rebooked,
            cancelled,
            refused,
            reasons,
            milliseconds,
        }
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

/// What users ask of the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyncRequest {
    /// Compute every book's times anew, and send what differs.
    Now,
    /// Read what the other end has, too, instead of trusting what was sent.
    Everything,
}

impl SyncRequest {
    /// Every request there is.
    pub const ALL: [SyncRequest; 2] = [SyncRequest::Now, SyncRequest::Everything];

    /// Its name in the store.
    pub fn key(self) -> &'static str {
        match self {
            SyncRequest::Now => "now",
            SyncRequest::Everything => "everything",
        }
    }

    /// The request of this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|request| request.key() == key)
    }
}

/// How often each thing has been asked of the agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncAsked {
    pub now: u64,
    pub everything: u64,
}

impl SyncAsked {
    /// How often a request has been made.
    pub fn of(self, request: SyncRequest) -> u64 {
        match request {
            SyncRequest::Now => self.now,
            SyncRequest::Everything => self.everything,
        }
    }

    /// The same count, to be changed.
    pub fn of_mut(&mut self, request: SyncRequest) -> &mut u64 {
        match request {
            SyncRequest::Now => &mut self.now,
            SyncRequest::Everything => &mut self.everything,
        }
    }
}

/// The last request that was carried out: its number, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestDone {
    pub n: u64,
    pub at: DateTime<Utc>,
}

/// The last requests that were carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestsDone {
    pub now: Option<RequestDone>,
    pub everything: Option<RequestDone>,
}

impl RequestsDone {
    /// The last of a kind.
    pub fn of(self, request: SyncRequest) -> Option<RequestDone> {
        match request {
            SyncRequest::Now => self.now,
            SyncRequest::Everything => self.everything,
        }
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, request: SyncRequest) -> &mut Option<RequestDone> {
        match request {
            SyncRequest::Now => &mut self.now,
            SyncRequest::Everything => &mut self.everything,
        }
    }

    /// Whether a request has been made that is not carried out yet.
    pub fn is_pending(self, request: SyncRequest, asked: SyncAsked) -> bool {
        self.of(request).map_or(0, |done| done.n) < asked.of(request)
    }
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
    pub fault: Option<Fault>,
    /// The fault before, and when it was over.
    pub last_fault: Option<(Fault, DateTime<Utc>)>,
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
        if (round.booked, round.rebooked, round.cancelled, round.refused) == (0, 0, 0, 0) {
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
    }

    /// How many times are out there.
    pub fn published_times(&self) -> usize {
        self.published.values().flat_map(BTreeMap::values).sum()
    }
}

/// The little that is asked for every second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgentPulse {
    /// Counts up whenever the state does more than grow older; 0 until there is one.
    pub state: u64,
    /// When the agent last said that it lives.
    pub alive_at: Option<DateTime<Utc>>,
    /// When the agent last found everything published.
    pub in_step_at: Option<DateTime<Utc>>,
    /// What has been asked of it.
    pub asked: SyncAsked,
}

impl AgentPulse {
    /// Whether the agent lives.
    pub fn liveness(&self, now: DateTime<Utc>) -> Liveness {
        match self.alive_at {
            None => Liveness::Never,
            // Said by a clock that goes ahead: it tells nothing of whether there is still an agent.
            Some(at) if at.signed_duration_since(now) > AHEAD => Liveness::Silent { since: now },
            Some(at) if now.signed_duration_since(at) > SILENCE => Liveness::Silent { since: at },
            Some(_) => Liveness::Alive,
        }
    }
}

/// Whether there is an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Liveness {
    /// No agent has ever worked here.
    #[default]
    Never,
    Alive,
    /// It has not been heard from since.
    Silent {
        since: DateTime<Utc>,
    },
}

/// How it goes with the Online Client, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncStatus {
    /// The clinic has no Online Client: nobody is told anything of it.
    NoAgent,
    InStep,
    /// Books whose times are not yet out there as they should be, the oldest since.
    Waiting {
        books: usize,
        since: DateTime<Utc>,
    },
    Fault {
        since: DateTime<Utc>,
    },
    /// *Tillfälligt stängd* (R10), and nothing is out there any more.
    Paused,
    /// The agent has stopped, or can't reach the clinic's database.
    Silent {
        since: DateTime<Utc>,
    },
}

/// How bad it is, as monitoring systems count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyncSeverity {
    Well,
    Warning,
    Critical,
}

impl SyncStatus {
    /// What to make of a state at an instant; `None` where no agent has ever kept one.
    pub fn of(state: Option<&SyncState>, online: &OnlineSettings, now: DateTime<Utc>) -> Self {
        let Some(state) = state else { return Self::NoAgent };
        let pulse = AgentPulse { alive_at: state.alive_at, ..AgentPulse::default() };
        Self::given(state, pulse.liveness(now), online)
    }

    /// The same where it is known whether the agent lives.
    ///
    /// A fault hides what waits because of it. A pause is told of once what it withdraws is withdrawn;
    /// from then on no agent is missed.
    pub fn given(state: &SyncState, liveness: Liveness, online: &OnlineSettings) -> Self {
        let closed = online.paused && state.published_times() == 0;
        match liveness {
            Liveness::Never => return Self::NoAgent,
            Liveness::Silent { .. } if closed => return Self::Paused,
            Liveness::Silent { since } => return Self::Silent { since },
            Liveness::Alive => {}
        }
        if let Some(fault) = &state.fault {
            return Self::Fault { since: fault.since };
        }
        match state.waiting.values().min() {
            Some(since) => Self::Waiting { books: state.waiting.len(), since: *since },
            None if online.paused => Self::Paused,
            None => Self::InStep,
        }
    }

    /// How bad it is. What passes by itself within a minute wakes nobody; a clinic that is closed on
    /// the booking page should not be forgotten so.
    pub fn severity(&self, now: DateTime<Utc>) -> SyncSeverity {
        let age = |since: &DateTime<Utc>| now.signed_duration_since(*since);
        match self {
            Self::NoAgent | Self::InStep => SyncSeverity::Well,
            Self::Paused => SyncSeverity::Warning,
            Self::Waiting { since, .. } if age(since) < LONG => SyncSeverity::Well,
            Self::Waiting { since, .. } if age(since) < TOO_LONG => SyncSeverity::Warning,
            Self::Fault { since } if age(since) < LONG => SyncSeverity::Warning,
            Self::Waiting { .. } | Self::Fault { .. } | Self::Silent { .. } => {
                SyncSeverity::Critical
            }
        }
    }

    /// Since when it is so, where that is told.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Waiting { since, .. } | Self::Fault { since } | Self::Silent { since } => {
                Some(*since)
            }
            Self::NoAgent | Self::InStep | Self::Paused => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-25T{text}Z").parse().expect("an instant")
    }

    fn state() -> SyncState {
        let published = BTreeMap::from([("us30".into(), 4)]);
        SyncState {
            alive_at: Some(at("10:00:00")),
            in_step_at: Some(at("10:00:00")),
            published: BTreeMap::from([("AE".into(), published)]),
            ..SyncState::default()
        }
    }

    fn faulty() -> SyncState {
        let (kind, text) = (SyncFaultKind::TimedOut, String::new());
        SyncState { fault: Some(SyncFault { since: at("09:58:30"), kind, text }), ..state() }
    }

    fn waiting(since: &str) -> SyncState {
        let waiting = [("AE".into(), at(since)), ("BO".into(), at("09:59:59"))].into();
        SyncState { waiting, ..state() }
    }

    use Fault as SyncFault;

    #[test]
    fn what_a_state_amounts_to_and_how_bad_it_is() {
        use SyncSeverity::{Critical, Warning, Well};
        let empty = SyncState { published: BTreeMap::new(), ..state() };
        let silent = SyncStatus::Silent { since: at("10:00:00") };
        let fault = SyncStatus::Fault { since: at("09:58:30") };
        let two = |since| SyncStatus::Waiting { books: 2, since: at(since) };
        let (open, closed) = (false, true);
        let table = [
            (None, open, "10:00:01", SyncStatus::NoAgent, Well),
            (None, closed, "10:00:01", SyncStatus::NoAgent, Well),
            (Some(state()), open, "10:01:00", SyncStatus::InStep, Well),
            // A clock that runs ahead is no silence.
            (Some(state()), open, "09:00:00", SyncStatus::InStep, Well),
            (Some(state()), open, "10:01:01", silent, Critical),
            // What was out there when the agent fell silent may be there still.
            (Some(state()), closed, "10:01:01", silent, Critical),
            (Some(empty.clone()), closed, "10:01:01", SyncStatus::Paused, Warning),
            (Some(empty), closed, "10:00:01", SyncStatus::Paused, Warning),
            (Some(waiting("09:59:50")), open, "10:00:01", two("09:59:50"), Well),
            (Some(waiting("09:59:00")), open, "10:00:01", two("09:59:00"), Warning),
            (Some(waiting("09:55:00")), open, "10:00:01", two("09:55:00"), Critical),
            // Closing withdraws; until that is done it waits.
            (Some(waiting("09:59:50")), closed, "10:00:01", two("09:59:50"), Well),
            (Some(faulty()), open, "09:59:00", fault, Warning),
            (Some(faulty()), open, "10:00:01", fault, Critical),
            (
                Some(SyncState { fault: faulty().fault, ..waiting("09:55:00") }),
                open,
                "10:00:01",
                fault,
                Critical,
            ),
        ];
        for (state, paused, now, status, severity) in table {
            let online = OnlineSettings { paused, ..OnlineSettings::default() };
            let found = SyncStatus::of(state.as_ref(), &online, at(now));
            assert_eq!((found, found.severity(at(now))), (status, severity), "{state:?} {now}");
        }
    }

    #[test]
    fn what_an_older_agent_kept_is_read_and_a_fault_of_a_newer_one_too() {
        let older = r#"{"agent": null, "in_step_at": null, "alive_at": "2026-11-25T10:00:00Z",
            "fault": {"since": "2026-11-25T10:00:00Z", "text": "x", "kind": "of-tomorrow"},
            "waiting": {}, "published": {"AE": {"us30": 3}}}"#;
        let read: SyncState = serde_json::from_str(older).expect("read");
        assert_eq!(read.published_times(), 3);
        assert_eq!(read.fault.map(|fault| fault.kind), Some(SyncFaultKind::Other));
    }

    #[test]
    fn a_clock_that_goes_far_ahead_tells_nothing_of_whether_there_is_an_agent() {
        let pulse = |alive_at| AgentPulse { alive_at: Some(alive_at), ..AgentPulse::default() };
        let now = at("10:00:00");
        assert_eq!(pulse(at("11:59:00")).liveness(now), Liveness::Alive);
        assert_eq!(pulse(at("12:01:00")).liveness(now), Liveness::Silent { since: now });
    }
}
