//! What the console knows of the Online Client. State only. Pure.

use crate::clinic::AgentReport;
use crate::domain::{
    DateRange, Liveness, Minutes, Outward, PractitionerId, Preblock, PreblockKind, SyncState,
    SyncStatus, Taken, outward,
};
use crate::texts::Telling;

use super::message::RequestId;
use super::model::Model;

/// What the poll tells of the agent: changes when there is something to read, or when the agent falls
/// silent, and never just because time passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgentNews {
    /// The number of what the agent told last.
    pub state: u64,
    pub liveness: Liveness,
}

/// What is known of the agent.
#[derive(Default)]
pub(super) struct KnownAgent {
    pub news: AgentNews,
    pub report: Option<Box<AgentReport>>,
    /// The report that has been asked for.
    pub asked: Option<AskedAbout>,
}

/// A question for the report, with what of some practitioners' days is published.
pub(super) struct AskedAbout {
    pub request: RequestId,
    pub practitioners: Vec<PractitionerId>,
    pub days: DateRange,
}

impl KnownAgent {
    /// What the agent tells of itself; `None` where none has ever worked here.
    pub fn state(&self) -> Option<&SyncState> {
        self.report.as_ref()?.state.as_ref()
    }

    /// The number of the report that is there.
    pub fn known(&self) -> u64 {
        self.report.as_ref().map_or(0, |report| report.pulse.state)
    }
}

impl Model {
    /// How it goes with the Online Client.
    pub(super) fn sync_status(&self) -> SyncStatus {
        self.agent.state().map_or(SyncStatus::NoAgent, |state| {
            SyncStatus::given(state, self.agent.news.liveness, &self.setup.online)
        })
    }

    /// How far an Internet preblock's times have come, and how many are out there; `None` where the
    /// clinic has no Online Client, or its book is not there.
    pub(super) fn outward(&self, preblock: &Preblock) -> Option<(Outward, usize)> {
        let state = self.agent.state()?;
        let found = self.setup.preblock_types.get(&preblock.preblock_type)?;
        let open = self.open_book(&preblock.practitioner)?;
        if found.kind != PreblockKind::Internet {
            return None;
        }
        let notice = i32::try_from(self.setup.online.notice_minutes).unwrap_or(i32::MAX);
        let taken = match state.refused.contains_key(&preblock.practitioner) {
            true => Taken::Refused,
            false => Taken::Taken,
        };
        let fading = self.now + Minutes(notice);
        Some(outward(preblock.interval, &open.slots, &open.book.out_there, fading, taken))
    }

    /// What tells of instants on this screen.
    pub(super) fn telling(&self) -> Telling {
        Telling { language: self.language, zone: self.setup.zone, now: self.now }
    }
}
