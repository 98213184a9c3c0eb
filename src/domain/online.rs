//! Settings of the online booking as a whole.

use serde::{Deserialize, Serialize};

/// *Online Client* settings that the rules need (R8, R10, R14, R15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlineSettings {
    /// How many days ahead times show.
    pub horizon_days: u32,
    /// How long before its start a time stops showing, in minutes.
    pub notice_minutes: u32,
    pub require_address: bool,
    pub allow_rebook: bool,
    pub allow_cancel: bool,
    /// Rebooking and cancelling end this many hours before the start.
    pub change_deadline_hours: u32,
    /// *Tillfälligt stängd*: publishes nothing, keeps the set-up.
    pub paused: bool,
}

impl Default for OnlineSettings {
    fn default() -> Self {
        Self {
            horizon_days: 90,
            notice_minutes: 120,
            require_address: false,
            allow_rebook: false,
            allow_cancel: false,
            change_deadline_hours: 24,
            paused: false,
        }
    }
}
