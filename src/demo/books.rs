//! The demo's appointment books: sessions, preblocks and bookings around the current week.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::domain::*;

use super::bookings;
use super::timetable::{self, Stretch};

/// Weeks before the current one.
const WEEKS_BACK: i32 = 2;
/// Weeks from the current one on.
const WEEKS_AHEAD: i32 = 6;
/// Weeks from the current one on that hold Internet preblocks already; the rest is left to publish.
const WEEKS_PUBLISHED: i32 = 5;

/// What stands in the books.
#[derive(Default)]
pub(super) struct Books {
    pub(super) sessions: Vec<WorkSession>,
    pub(super) preblocks: Vec<Preblock>,
    pub(super) bookings: Vec<Booking>,
}

/// One practitioner's day, before it is booked.
pub(super) struct Day<'a> {
    pub(super) practitioner: &'a PractitionerId,
    /// Weeks from the current one; negative for past weeks.
    pub(super) week: i32,
    pub(super) sessions: Vec<Interval>,
    pub(super) preblocks: Vec<(PreblockTypeId, Interval)>,
}

/// The books of every active practitioner over the eight weeks around `monday`.
pub(super) fn books(setup: &Setup, patients: &[PatientId], monday: NaiveDate) -> Books {
    let mut books = Books::default();
    let mut book = bookings::Bookings::new(setup, patients);
    for week in -WEEKS_BACK..WEEKS_AHEAD {
        for weekday in 0..6 {
            let Some(date) = day_of(monday, week, weekday) else { continue };
            if setup.red_day(date).is_some() {
                continue;
            }
            for practitioner in setup.practitioners.values().filter(|found| found.active) {
                let day = plan(&practitioner.id, week, date);
                book.fill(&day);
                books.add(day);
            }
        }
    }
    books.bookings = book.finish();
    books
}

impl Books {
    fn add(&mut self, day: Day<'_>) {
        for interval in day.sessions {
            let id = WorkSessionId::new(format!("s{:04}", self.sessions.len() + 1));
            self.sessions.push(WorkSession {
                id,
                practitioner: day.practitioner.clone(),
                interval,
            });
        }
        for (preblock_type, interval) in day.preblocks {
            let id = PreblockId::new(format!("k{:04}", self.preblocks.len() + 1));
            let practitioner = day.practitioner.clone();
            self.preblocks.push(Preblock { id, practitioner, preblock_type, interval });
        }
    }
}

fn day_of(monday: NaiveDate, week: i32, weekday: u32) -> Option<NaiveDate> {
    let days = u64::try_from((week + WEEKS_BACK) * 7).ok()? + u64::from(weekday);
    let first = monday.checked_sub_days(Days::new(u64::try_from(WEEKS_BACK * 7).ok()?))?;
    first.checked_add_days(Days::new(days))
}

/// Sessions and preblocks of a day, from the practitioner's timetable.
fn plan<'a>(practitioner: &'a PractitionerId, week: i32, date: NaiveDate) -> Day<'a> {
    let weekday = date.weekday();
    let at = |stretch: &Stretch| stretch.on(date);
    let away = timetable::is_away(practitioner.as_str(), week)
        || (weekday == Weekday::Sat && !timetable::open_saturday(practitioner.as_str(), week));
    if away {
        return Day { practitioner, week, sessions: Vec::new(), preblocks: Vec::new() };
    }
    let sessions = timetable::sessions(practitioner.as_str(), weekday);
    let preblocks = timetable::preblocks(practitioner.as_str(), weekday, week)
        .iter()
        .filter(|(id, _)| week < WEEKS_PUBLISHED || !id.starts_with("e-"))
        .filter_map(|(id, stretch)| Some((PreblockTypeId::new(*id), at(stretch)?)))
        .collect();
    Day { practitioner, week, sessions: sessions.iter().filter_map(at).collect(), preblocks }
}

/// How many times each resource is held, over all practitioners.
#[derive(Default)]
pub(super) struct Held(BTreeMap<ResourceCode, Vec<Interval>>);

impl Held {
    /// Whether each of the codes is free in the interval.
    pub(super) fn is_free(&self, codes: &ResourceCodes, interval: Interval) -> bool {
        codes.iter().all(|code| {
            self.0.get(&code).is_none_or(|held| !held.iter().any(|other| other.overlaps(interval)))
        })
    }

    pub(super) fn hold(&mut self, codes: &ResourceCodes, interval: Interval) {
        for code in codes.iter() {
            self.0.entry(code).or_default().push(interval);
        }
    }
}
