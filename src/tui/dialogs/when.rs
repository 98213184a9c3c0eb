//! When a booking is to begin, as it is typed: a day and a time of day. Pure.

use chrono::NaiveDate;

use crate::domain::{CivilTime, MINUTES_PER_DAY, Minutes};
use crate::tui::goto::{From, parse_coming};
use crate::tui::range::{parse_clock, parse_range};

use super::ShortInput;

/// A day and a time of day.
pub struct When {
    pub day: ShortInput,
    pub time: ShortInput,
    /// The day it stood on at first.
    shown: NaiveDate,
}

impl When {
    /// As it stands.
    pub fn new(start: CivilTime) -> Self {
        let shown = start.date();
        let (day, time) = (ShortInput::new(shown.to_string()), ShortInput::new(start.clock()));
        Self { day, time, shown }
    }

    /// The focus has moved.
    pub fn rest(&mut self) {
        self.day.rest();
        self.time.rest();
    }

    /// Of a stretch that is typed, only its start stays.
    pub fn keep_start(&mut self) {
        if let Some((from, _)) = self.stretch() {
            self.set_time(from);
        }
    }

    /// The day as typed; relative ones count from the day it stood on, one without a year is to come.
    pub fn to_day(&self, today: NaiveDate) -> Option<NaiveDate> {
        parse_coming(self.day.value(), From { today, shown: self.shown })
    }

    /// The time of day as typed; of a stretch, `9-10`, its start.
    pub fn to_time(&self) -> Option<Minutes> {
        let clock = || parse_clock(self.time.value()).filter(|time| time.0 < MINUTES_PER_DAY);
        self.stretch().map(|(from, _)| from).or_else(clock)
    }

    /// The length, where a stretch of the day is typed.
    pub fn to_length(&self) -> Option<Minutes> {
        self.stretch().map(|(from, to)| Minutes(to.0 - from.0))
    }

    fn stretch(&self) -> Option<(Minutes, Minutes)> {
        parse_range(self.time.value())
    }

    /// When it is to begin, once both can be read.
    pub fn start(&self, today: NaiveDate) -> Option<CivilTime> {
        Some(CivilTime::start_of(self.to_day(today)?) + self.to_time()?)
    }

    /// Moves the time of day by some minutes, within the day.
    pub fn shift(&mut self, by: i32) {
        let Some(time) = self.to_time() else { return };
        self.set_time(Minutes((time.0 + by).clamp(0, MINUTES_PER_DAY - 1)));
    }

    fn set_time(&mut self, time: Minutes) {
        self.time = ShortInput::new(format!("{:02}:{:02}", time.0 / 60, time.0 % 60));
    }
}
