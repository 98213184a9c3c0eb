//! What users ask of the Online Client, how often, and what of it has been carried out: requests are
//! counted, so that one that is asked twice is carried out once, and none is lost.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::keys::keys;

/// What users ask of the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyncRequest {
    /// Compute every book's times anew, and send what differs.
    Now,
    /// Read what the other end has, too, instead of trusting what was sent.
    Everything,
}

keys!(SyncRequest: Now = "now", Everything = "everything");

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
