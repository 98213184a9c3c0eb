//! The cursor's cell and what is marked: the same time block on one or several days of one
//! practitioner, or on one day of several practitioners. Pure.

use chrono::NaiveDate;

use crate::domain::{CivilTime, Interval, MINUTES_PER_DAY, Minutes, PractitionerId};

/// What a column of the grid shows: one practitioner's one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    pub practitioner: PractitionerId,
    pub date: NaiveDate,
}

/// A row of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub date: NaiveDate,
    /// The row's first minute.
    pub minute: Minutes,
}

impl Cell {
    /// The row's start.
    pub fn start(self) -> CivilTime {
        CivilTime::at(self.date, self.minute)
    }
}

/// A row of somebody's day; of nobody's in a clinic without practitioners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub practitioner: Option<PractitionerId>,
    pub cell: Cell,
}

/// What keeps a marking of rows alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// Made with Shift or the mouse: a plain move drops it.
    Held,
    /// Made with `v`: moves extend it.
    Sticky,
}

/// What is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marking {
    /// From the anchor's row to the cursor's.
    Rows { anchor: Spot, grip: Grip },
    /// Typed; on the days, or between the practitioners, that were marked.
    Exact { block: Block, between: Option<(PractitionerId, PractitionerId)>, grip: Grip },
}

impl Marking {
    /// Whether moves extend it.
    pub fn is_sticky(&self) -> bool {
        let (Marking::Rows { grip, .. } | Marking::Exact { grip, .. }) = self;
        *grip == Grip::Sticky
    }
}

/// The same stretch of the day on each day from `first` to `last`; `from < to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub from: Minutes,
    pub to: Minutes,
}

impl Block {
    /// The block that two rows of `row` minutes span.
    pub fn spanning(one: Cell, other: Cell, row: Minutes) -> Self {
        let to = one.minute.max(other.minute).0 + row.0;
        Self {
            first: one.date.min(other.date),
            last: one.date.max(other.date),
            from: one.minute.min(other.minute),
            to: Minutes(to.min(MINUTES_PER_DAY)),
        }
    }

    /// The same stretch, from the day that lies farther from one to another.
    pub fn reaching(self, from: NaiveDate, to: NaiveDate) -> Self {
        let kept = if from == self.last { self.first } else { self.last };
        Self { first: kept.min(to), last: kept.max(to), ..self }
    }

    /// Its stretch of one day.
    pub fn on(self, date: NaiveDate) -> Option<Interval> {
        if !self.covers(date) {
            return None;
        }
        Interval::new(CivilTime::at(date, self.from), CivilTime::at(date, self.to)).ok()
    }

    /// Whether it lies on a day.
    pub fn covers(self, date: NaiveDate) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// Its stretches on those of the days that it covers.
    pub fn intervals(self, days: &[NaiveDate]) -> Vec<Interval> {
        days.iter().filter_map(|date| self.on(*date)).collect()
    }

    /// Minutes a day.
    pub fn minutes(self) -> i32 {
        self.to.0 - self.from.0
    }

    /// When it begins on its first day.
    pub fn start(self) -> CivilTime {
        CivilTime::at(self.first, self.from)
    }
}
