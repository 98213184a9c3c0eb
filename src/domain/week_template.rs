//! Week templates (*veckomall*): a working week kept under a name, to be laid on weeks of any book
//! (R19). Pure.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::id::WeekTemplateId;
use super::repeating::week_of;
use super::time::{CivilTime, Interval, MINUTES_PER_DAY, Minutes};

/// The longest session of a week template: a whole day.
pub const LONGEST_WEEK_SESSION: i32 = MINUTES_PER_DAY;

/// A working week under a name; belongs to nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekTemplate {
    pub id: WeekTemplateId,
    pub name: String,
    /// In order of weekday, then start.
    pub sessions: Vec<WeekSession>,
}

/// A work session of some weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekSession {
    pub weekday: Weekday,
    /// Minute of the day, 0–1439.
    pub start: Minutes,
    /// How long, 1–1440 minutes; may reach into the next day.
    pub minutes: Minutes,
}

impl WeekSession {
    /// A session within bounds; `None` outside them.
    pub fn new(weekday: Weekday, start: Minutes, minutes: Minutes) -> Option<Self> {
        let starts = (0..MINUTES_PER_DAY).contains(&start.0);
        let lasts = (1..=LONGEST_WEEK_SESSION).contains(&minutes.0);
        (starts && lasts).then_some(Self { weekday, start, minutes })
    }

    /// The session on a date, if that is its weekday.
    pub fn on(self, date: NaiveDate) -> Option<Interval> {
        let start = CivilTime::at(date, self.start);
        let here = date.weekday() == self.weekday;
        here.then(|| Interval::new(start, start + self.minutes).ok()).flatten()
    }

    fn place(self) -> (u32, i32, i32) {
        (self.weekday.num_days_from_monday(), self.start.0, self.minutes.0)
    }
}

impl WeekTemplate {
    /// The sessions of a week as they stand in a book; what is longer than a day is cut to one.
    pub fn sessions_of(calendar: &Calendar, date: NaiveDate) -> Vec<WeekSession> {
        let week = week_of(date);
        let own = calendar
            .sessions()
            .iter()
            .map(|session| session.interval)
            .filter(|interval| week.contains(interval.start().date()))
            .filter_map(|interval| {
                let start = interval.start();
                let minutes = Minutes(interval.length().0.min(LONGEST_WEEK_SESSION));
                WeekSession::new(start.date().weekday(), start.minute_of_day(), minutes)
            });
        in_order(own.collect())
    }
}

/// By weekday, then start; each once.
pub fn in_order(mut sessions: Vec<WeekSession>) -> Vec<WeekSession> {
    sessions.sort_by_key(|session| session.place());
    sessions.dedup();
    sessions
}
