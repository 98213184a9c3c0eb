//! Civil time to the minute, and half-open intervals of it.
//!
//! Nothing here knows a time zone or a clock: see [`zone`](super::zone) for which civil times exist.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Minutes in a civil day as written on the clock.
pub const MINUTES_PER_DAY: i32 = 24 * 60;

/// A length of time in whole minutes; may be negative where two times are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minutes(pub i32);

/// A civil time in the clinic's time zone, exact to the minute.
///
/// Stored as minutes since 1970-01-01T00:00 on the wall clock, so comparing and adding cost one
/// integer operation; wide enough for every date there is. Written and parsed as
/// `YYYY-MM-DDTHH:MM`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CivilTime(i64);

/// Why a text is not a [`CivilTime`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a time of the form YYYY-MM-DDTHH:MM")]
pub struct NotACivilTime;

impl CivilTime {
    /// The start (00:00) of a date.
    pub fn start_of(date: NaiveDate) -> Self {
        Self(i64::from(date.to_epoch_days()) * i64::from(MINUTES_PER_DAY))
    }

    /// The last time that can be written: 9999-12-31T23:59.
    pub fn last() -> Self {
        let last_day = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
        Self::at(last_day, Minutes(MINUTES_PER_DAY - 1))
    }

    /// `minute` minutes after a date's midnight on the wall clock; may lie past the date's end.
    pub fn at(date: NaiveDate, minute: Minutes) -> Self {
        Self::start_of(date) + minute
    }

    /// The date this time lies on; the first or last date there is, if it lies beyond.
    pub fn date(self) -> NaiveDate {
        let days = self.0.div_euclid(i64::from(MINUTES_PER_DAY));
        let beyond = if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
        i32::try_from(days).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(beyond)
    }

    /// Minutes since the date's midnight, 0–1439.
    pub fn minute_of_day(self) -> Minutes {
        let minute = self.0.rem_euclid(i64::from(MINUTES_PER_DAY));
        Minutes(i32::try_from(minute).unwrap_or(0))
    }

    /// The same time as chrono's type.
    pub fn to_chrono(self) -> NaiveDateTime {
        let minute = self.minute_of_day().0.unsigned_abs();
        let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap_or(NaiveTime::MIN);
        self.date().and_time(time)
    }

    /// `HH:MM`.
    pub fn clock(self) -> String {
        let minute = self.minute_of_day().0;
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    /// Minutes from `earlier` to this time; at most [`i32::MAX`] (some 4,000 years) either way.
    pub fn since(self, earlier: CivilTime) -> Minutes {
        let minutes = self.0.saturating_sub(earlier.0);
        let most = if minutes < 0 { i32::MIN } else { i32::MAX };
        Minutes(i32::try_from(minutes).unwrap_or(most))
    }

    /// Minutes from `earlier` to this time, exactly.
    pub(super) fn exactly_since(self, earlier: CivilTime) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This time moved by minutes, for distances that [`Minutes`] may not hold.
    pub(super) fn plus_exactly(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes))
    }

    /// Moves the date by whole calendar days, keeping the time on the clock.
    pub fn plus_days(self, days: i32) -> Self {
        self.plus_exactly(i64::from(days) * i64::from(MINUTES_PER_DAY))
    }
}

impl From<NaiveDateTime> for CivilTime {
    /// Drops seconds: the domain is exact to the minute.
    fn from(value: NaiveDateTime) -> Self {
        let minute = value.time().num_seconds_from_midnight() / 60;
        Self::at(value.date(), Minutes(i32::try_from(minute).unwrap_or(0)))
    }
}

impl std::ops::Add<Minutes> for CivilTime {
    type Output = CivilTime;
    fn add(self, minutes: Minutes) -> CivilTime {
        self.plus_exactly(i64::from(minutes.0))
    }
}

impl std::ops::Sub<Minutes> for CivilTime {
    type Output = CivilTime;
    fn sub(self, minutes: Minutes) -> CivilTime {
        self.plus_exactly(-i64::from(minutes.0))
    }
}

impl fmt::Display for CivilTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        let minute = self.minute_of_day().0;
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            minute / 60,
            minute % 60
        )
    }
}

impl fmt::Debug for CivilTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for CivilTime {
    type Err = NotACivilTime;

    /// Accepts exactly `YYYY-MM-DDTHH:MM`, ASCII digits only, years 1000–9999.
    fn from_str(text: &str) -> Result<Self, NotACivilTime> {
        if text.len() != 16 || text.as_bytes()[10] != b'T' || text.as_bytes()[13] != b':' {
            return Err(NotACivilTime);
        }
        let (Some(date), Some(hour), Some(minute)) =
            (text.get(..10), text.get(11..13), text.get(14..16))
        else {
            return Err(NotACivilTime);
        };
        let date = parse_date(date).ok_or(NotACivilTime)?;
        let hour = parse_digits(hour).filter(|hour| *hour < 24).ok_or(NotACivilTime)?;
        let minute = parse_digits(minute).filter(|minute| *minute < 60).ok_or(NotACivilTime)?;
        Ok(Self::at(date, Minutes(hour * 60 + minute)))
    }
}

impl Serialize for CivilTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CivilTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn parse_digits(text: &str) -> Option<i32> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Parses exactly `YYYY-MM-DD` (ASCII digits, years 1000–9999); `None` for anything else.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = parse_digits(text.get(..4)?).filter(|year| *year >= 1000)?;
    let month = parse_digits(text.get(5..7)?)?.unsigned_abs();
    let day = parse_digits(text.get(8..10)?)?.unsigned_abs();
    NaiveDate::from_ymd_opt(year, month, day)
}

/// A stretch of civil time, from inclusive, to exclusive, never empty. Touching is not overlapping.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "RawInterval")]
pub struct Interval {
    start: CivilTime,
    end: CivilTime,
}

#[derive(Deserialize)]
struct RawInterval {
    start: CivilTime,
    end: CivilTime,
}

impl TryFrom<RawInterval> for Interval {
    type Error = EndNotAfterStart;
    fn try_from(raw: RawInterval) -> Result<Self, EndNotAfterStart> {
        Interval::new(raw.start, raw.end)
    }
}

/// The end of an interval is not after its start.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the end is not after the start")]
pub struct EndNotAfterStart;

impl Interval {
    /// # Errors
    /// [`EndNotAfterStart`] where `end <= start`.
    pub fn new(start: CivilTime, end: CivilTime) -> Result<Self, EndNotAfterStart> {
        if end > start { Ok(Self { start, end }) } else { Err(EndNotAfterStart) }
    }

    /// The whole of a date, midnight to midnight.
    pub fn whole_day(date: NaiveDate) -> Self {
        let start = CivilTime::start_of(date);
        Self { start, end: start.plus_days(1) }
    }

    /// First minute inside.
    pub fn start(self) -> CivilTime {
        self.start
    }

    /// First minute after.
    pub fn end(self) -> CivilTime {
        self.end
    }

    /// Length; at least one minute.
    pub fn length(self) -> Minutes {
        self.end.since(self.start)
    }

    /// Whether at least one minute is shared.
    pub fn overlaps(self, other: Interval) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether the two overlap or one begins where the other ends.
    pub fn touches(self, other: Interval) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Interval) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the minute at `time` lies inside.
    pub fn contains_time(self, time: CivilTime) -> bool {
        self.start <= time && time < self.end
    }

    /// The shared part, if any.
    pub fn intersection(self, other: Interval) -> Option<Interval> {
        Interval::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// The smallest interval that holds both.
    pub fn hull(self, other: Interval) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The days it touches.
    pub fn days(self) -> DateRange {
        let first = self.start.date();
        let last = (self.end - Minutes(1)).date();
        let count = last.signed_duration_since(first).num_days() + 1;
        DateRange::new(first, u32::try_from(count).unwrap_or(0))
    }

    /// Moves both ends by whole calendar days.
    pub fn plus_days(self, days: i32) -> Self {
        Self { start: self.start.plus_days(days), end: self.end.plus_days(days) }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.start, self.end)
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Joins intervals that touch or overlap; the result is sorted and its members are apart (R1).
pub fn union(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut joined: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match joined.last_mut() {
            Some(last) if last.touches(interval) => last.end = last.end.max(interval.end),
            _ => joined.push(interval),
        }
    }
    joined
}

/// The parts of `whole` that none of `holes` (sorted by start, may overlap) covers, in order.
pub fn subtract(whole: Interval, holes: &[Interval]) -> Vec<Interval> {
    let mut left = Vec::new();
    let mut from = whole.start;
    for hole in holes.iter().filter(|hole| hole.overlaps(whole)) {
        left.extend(Interval::new(from, hole.start).ok());
        from = from.max(hole.end);
    }
    left.extend(Interval::new(from, whole.end).ok());
    left
}

/// The run of items, sorted by interval and apart, that overlap `interval`.
pub(super) fn overlapping<T>(items: &[T], interval: Interval, of: impl Fn(&T) -> Interval) -> &[T] {
    let first = items.partition_point(|item| of(item).end() <= interval.start());
    let count = items[first..].partition_point(|item| of(item).start() < interval.end());
    &items[first..first + count]
}

/// The first of the intervals, sorted and apart, that overlaps `interval`.
pub(super) fn first_overlapping(sorted: &[Interval], interval: Interval) -> Option<Interval> {
    let first = sorted.partition_point(|one| one.end() <= interval.start());
    sorted.get(first).copied().filter(|one| one.overlaps(interval))
}

/// Whole days, first inclusive, `days` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    first: NaiveDate,
    days: u32,
}

impl DateRange {
    /// `days` days from `first` on; zero days is an empty range.
    pub fn new(first: NaiveDate, days: u32) -> Self {
        Self { first, days }
    }

    /// First day.
    pub fn first(self) -> NaiveDate {
        self.first
    }

    /// How many days.
    pub fn days(self) -> u32 {
        self.days
    }

    /// The day after the last.
    pub fn end(self) -> NaiveDate {
        self.first.checked_add_days(Days::new(u64::from(self.days))).unwrap_or(NaiveDate::MAX)
    }

    /// Whether the date is one of the days.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.first <= date && date < self.end()
    }

    /// The days in order.
    pub fn iter(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take(self.days as usize)
    }

    /// The days in stretches of so many, but one at least; the last is shorter where they don't come out
    /// even.
    pub fn stretches(self, days: u32) -> impl Iterator<Item = Self> {
        let days = days.max(1);
        (0..self.days).step_by(days as usize).filter_map(move |before| {
            let first = self.first.checked_add_days(Days::new(u64::from(before)))?;
            Some(Self { first, days: days.min(self.days - before) })
        })
    }

    /// From the first day's midnight to the midnight after the last; `None` if there are no days.
    pub fn interval(self) -> Option<Interval> {
        Interval::new(CivilTime::start_of(self.first), CivilTime::start_of(self.end())).ok()
    }
}
