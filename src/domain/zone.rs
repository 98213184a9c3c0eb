//! The clinic's time zone: which civil times exist, and at what UTC offset.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, LocalResult, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use super::time::{CivilTime, Interval};

/// An IANA time zone, such as Europe/Stockholm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClinicZone(Tz);

/// A text names no IANA time zone.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not the name of a time zone, such as Europe/Stockholm")]
pub struct UnknownZone;

impl Default for ClinicZone {
    fn default() -> Self {
        Self(Tz::Europe__Stockholm)
    }
}

impl ClinicZone {
    /// Civil time at an instant.
    pub fn civil(self, instant: DateTime<Utc>) -> CivilTime {
        instant.with_timezone(&self.0).naive_local().into()
    }

    /// The UTC offset in seconds of a civil time that exists exactly once; `None` where the clock
    /// jumps over it or passes it twice.
    pub fn offset(self, time: CivilTime) -> Option<i32> {
        match self.0.offset_from_local_datetime(&time.to_chrono()) {
            LocalResult::Single(offset) => Some(offset.fix().local_minus_utc()),
            LocalResult::Ambiguous(..) | LocalResult::None => None,
        }
    }

    /// Whether start and end each exist exactly once and have the same offset: only then is a slot
    /// offered.
    pub fn is_plain(self, interval: Interval) -> bool {
        let start = self.offset(interval.start());
        start.is_some() && start == self.offset(interval.end())
    }

    /// Whether no clock change comes near the days from `first` to `last`, so that every interval in
    /// them is plain. May say no where it would be yes; never the reverse (clocks do not change
    /// forth and back within days).
    pub fn is_steady(self, first: NaiveDate, last: NaiveDate) -> bool {
        let before = self.offset(CivilTime::start_of(first).plus_days(-1));
        let after = self.offset(CivilTime::start_of(last).plus_days(2));
        before.is_some() && before == after
    }
}

impl FromStr for ClinicZone {
    type Err = UnknownZone;
    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        text.parse().map(Self).map_err(|_| UnknownZone)
    }
}

impl fmt::Display for ClinicZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}
