//! What to make of the Online Client: whether its agent lives, how it goes in a word, and how bad that
//! is. Consoles, `tidbok status` and reports judge by this alone.

use chrono::{DateTime, TimeDelta, Utc};

use super::health::Health;
use super::online::OnlineSettings;
use super::sync_request::SyncAsked;
use super::sync_state::SyncState;

/// An agent that has not been heard from for longer is gone: it tells of itself every few seconds, and
/// may have to wait twice for a booking page's server that does not answer.
const SILENCE: TimeDelta = TimeDelta::seconds(60);
/// How far ahead of the own clock the agent's may be: two that lie further apart tell nothing of each other.
const AHEAD: TimeDelta = TimeDelta::hours(2);
/// From this age on what waits, or what is wrong, is no passing thing any more.
const LONG: TimeDelta = TimeDelta::minutes(1);
/// What has waited for this long: the booking page may have stopped offering anything.
const TOO_LONG: TimeDelta = TimeDelta::minutes(5);

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

impl SyncStatus {
    /// What to make of a state at an instant; there is none where no agent has ever kept one.
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
    pub fn health(&self, now: DateTime<Utc>) -> Health {
        let age = |since: &DateTime<Utc>| now.signed_duration_since(*since);
        match self {
            Self::NoAgent | Self::InStep => Health::Well,
            Self::Paused => Health::Warning,
            Self::Waiting { since, .. } if age(since) < LONG => Health::Well,
            Self::Waiting { since, .. } if age(since) < TOO_LONG => Health::Warning,
            Self::Fault { since } if age(since) < LONG => Health::Warning,
            Self::Waiting { .. } | Self::Fault { .. } | Self::Silent { .. } => Health::Critical,
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::sync_state::{SyncFault, SyncFaultKind};

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

    #[test]
    fn what_a_state_amounts_to_and_how_bad_it_is() {
        use Health::{Critical, Warning, Well};
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
            (Some(waiting("09:59:02")), open, "10:00:01", two("09:59:02"), Well),
            (Some(waiting("09:59:01")), open, "10:00:01", two("09:59:01"), Warning),
            (Some(waiting("09:55:02")), open, "10:00:01", two("09:55:02"), Warning),
            (Some(waiting("09:55:01")), open, "10:00:01", two("09:55:01"), Critical),
            // Closing withdraws; until that is done it waits.
            (Some(waiting("09:59:50")), closed, "10:00:01", two("09:59:50"), Well),
            (Some(faulty()), open, "09:59:29", fault, Warning),
            (Some(faulty()), open, "09:59:30", fault, Critical),
            (
                Some(SyncState { fault: faulty().fault, ..waiting("09:55:00") }),
                open,
                "10:00:01",
                fault,
                Critical,
            ),
        ];
        for (state, paused, now, status, health) in table {
            let online = OnlineSettings { paused, ..OnlineSettings::default() };
            let found = SyncStatus::of(state.as_ref(), &online, at(now));
            assert_eq!((found, found.health(at(now))), (status, health), "{state:?} {now}");
        }
    }

    #[test]
    fn a_clock_that_goes_far_ahead_tells_nothing_of_whether_there_is_an_agent() {
        let pulse = |alive_at| AgentPulse { alive_at: Some(alive_at), ..AgentPulse::default() };
        let now = at("10:00:00");
        assert_eq!(pulse(at("12:00:00")).liveness(now), Liveness::Alive);
        assert_eq!(pulse(at("12:00:01")).liveness(now), Liveness::Silent { since: now });
    }
}
