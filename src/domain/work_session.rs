//! Work sessions (*arbetspass*): when a practitioner works.

use serde::{Deserialize, Serialize};

use super::id::{PractitionerId, WorkSessionId};
use super::time::Interval;

/// A stretch of scheduled time (*arbetspass*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkSession {
    pub id: WorkSessionId,
    pub practitioner: PractitionerId,
    pub interval: Interval,
}
