//! The clinic's time zone: which civil times exist, and at what UTC offset.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, LocalResult, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use super::time::{CivilTime, Interval, Minutes};

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
        let utc = instant.naive_utc();
        let offset = self.0.offset_from_utc_datetime(&utc).fix();
        // Where adding the offset would leave the dates there are, UTC is near enough.
        utc.checked_add_offset(offset).unwrap_or(utc).into()
    }

    /// The first instant at which the clock shows this time or, where it jumps over it, a later one.
    pub fn first_instant(self, time: CivilTime) -> DateTime<Utc> {
        let at = |time: CivilTime| self.0.from_local_datetime(&time.to_chrono()).earliest();
        // No clock jumps by more than a day.
        let found = at(time).or_else(|| at(time + Minutes(60))).or_else(|| at(time.plus_days(1)));
        found.map_or(DateTime::<Utc>::MIN_UTC, |instant| instant.with_timezone(&Utc))
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

    /// The weeks of a stretch in which the clock changes, in order. Whatever in the stretch overlaps
    /// none of them [is plain](Self::is_plain), so that the zone need not be asked about each slot.
    ///
    /// Takes for granted that no clock changes forth and back within a week.
    pub(super) fn weeks_of_change(self, stretch: Interval) -> Vec<Interval> {
        let mut weeks = Vec::new();
        let mut week = (stretch.start(), self.offset(stretch.start()));
        while week.0 < stretch.end() {
            let until = week.0.plus_days(7).min(stretch.end());
            let next = (until, self.offset(until));
            if week.1.is_none() || week.1 != next.1 {
                weeks.extend(Interval::new(week.0, until).ok());
            }
            week = next;
        }
        weeks
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
