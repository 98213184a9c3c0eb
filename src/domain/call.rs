//! That a patient has been called about a booking (*ringd*).

use serde::{Deserialize, Serialize};

use super::id::{BookingId, PractitionerId, Signature};
use super::time::{CivilTime, Interval};

/// Who called the patient of a booking, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub booking: BookingId,
    /// Whose book the booking stands in.
    pub practitioner: PractitionerId,
    /// The booking's time.
    pub interval: Interval,
    pub by: Signature,
    pub at: CivilTime,
}

/// Whether a booking is to be marked as called about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallMark {
    Called,
    NotCalled,
}
