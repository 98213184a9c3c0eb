//! When a booking is to begin, as it is typed: a day and a time of day. Pure.

use chrono::NaiveDate;

use crate::domain::{CivilTime, MINUTES_PER_DAY, Minutes};
use crate::tui::goto::{From, parse_coming};
use crate::tui::range::parse_clock;

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

    /// The day as typed; relative ones count from the day it stood on, one without a year is to come.
    pub fn to_day(&self, today: NaiveDate) -> Option<NaiveDate> {
        parse_coming(self.day.value(), From { today, shown: self.shown })
    }

    /// The time of day as typed.
    pub fn to_time(&self) -> Option<Minutes> {
        parse_clock(self.time.value()).filter(|time| time.0 < MINUTES_PER_DAY)
    }

    /// When it is to begin, once both can be read.
    pub fn start(&self, today: NaiveDate) -> Option<CivilTime> {
        Some(CivilTime::start_of(self.to_day(today)?) + self.to_time()?)
    }

    /// Moves the time of day by some minutes, within the day.
    pub fn shift(&mut self, by: i32) {
        let Some(time) = self.to_time() else { return };
        let moved = Minutes((time.0 + by).clamp(0, MINUTES_PER_DAY - 1));
        self.time = ShortInput::new(format!("{:02}:{:02}", moved.0 / 60, moved.0 % 60));
    }
}
