//! How it goes with the agent: kept in the clinic's store by the agent that works, shown by consoles
//! and `tidbok status`. Holds nothing of patients.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{PractitionerId, TemplateId};

/// Rounds that are remembered.
const ROUNDS: usize = 20;

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

/// What went wrong last, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub since: DateTime<Utc>,
    /// What is wrong and what to do.
    pub text: String,
}

/// A round in which something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    pub at: DateTime<Utc>,
    pub published: usize,
    pub withdrawn: usize,
    pub booked: usize,
    pub refused: usize,
    /// From when the round began until the other end had everything, in milliseconds.
    pub milliseconds: u64,
}

impl Round {
    /// Whether nothing was done.
    pub fn is_empty(&self) -> bool {
        (self.published, self.withdrawn, self.booked, self.refused) == (0, 0, 0, 0)
    }
}

/// The state as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncState {
    pub agent: Option<AgentAt>,
    /// When the agent last found everything published.
    pub in_step_at: Option<DateTime<Utc>>,
    /// When the agent last said that it lives.
    pub alive_at: Option<DateTime<Utc>>,
    pub fault: Option<Fault>,
    /// Practitioners whose times wait to be published, since when.
    pub waiting: BTreeMap<PractitionerId, DateTime<Utc>>,
    /// Times that are out there, by practitioner and template.
    pub published: BTreeMap<PractitionerId, BTreeMap<TemplateId, usize>>,
    /// Wishes that could not be understood, since the agent started.
    pub set_aside: usize,
    /// The last rounds in which something was done, newest last.
    pub rounds: VecDeque<Round>,
}

impl SyncState {
    /// Remembers a round.
    pub fn remember(&mut self, round: Round) {
        self.rounds.push_back(round);
        while self.rounds.len() > ROUNDS {
            self.rounds.pop_front();
        }
    }

    /// How many times are out there.
    pub fn published_times(&self) -> usize {
        self.published.values().flat_map(BTreeMap::values).sum()
    }
}
