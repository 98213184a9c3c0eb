//! The user's choices that planning a change depends on, and what it reports back.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::holiday::PublicHoliday;
use super::id::{BookingId, PreblockId, PreblockTypeId};
use super::resource::LackingResource;
use super::time::Interval;

/// What to do where a preblock already lies (R12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OverlapChoice {
    /// Refuse the whole change.
    Refuse,
    /// Replace the overlapped part; each remainder becomes a preblock with a grid of its own.
    Replace,
    /// Lay only where nothing lies.
    Fill,
}

/// Whether a repeat goes onto public holidays and closed days (R19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RedDays {
    Skip,
    Include,
}

/// How far a week is repeated (R19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RepeatUntil {
    /// Onto this many following weeks.
    Weeks(u32),
    /// Onto following days up to and including a date.
    Date(NaiveDate),
}

/// Which weeks a repeat goes onto, by their ISO numbers (R19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeekParity {
    Every,
    Odd,
    Even,
}

impl WeekParity {
    /// Whether the week that a date lies in is one of them.
    pub fn holds(self, date: NaiveDate) -> bool {
        let odd = date.iso_week().week() % 2 == 1;
        match self {
            WeekParity::Every => true,
            WeekParity::Odd => odd,
            WeekParity::Even => !odd,
        }
    }
}

/// Which week is repeated and how far (R19).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// Any day of the week that is copied; weeks run Monday to Sunday.
    pub week: NaiveDate,
    pub until: RepeatUntil,
    pub weeks: WeekParity,
    pub red_days: RedDays,
}

/// What staff confirm before a booking is saved all the same (R13).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Error)]
pub enum Confirmation {
    /// A preblock in force does not allow the category, but may be bypassed.
    #[error("the preblock type {0} does not allow the category and would be bypassed")]
    BypassPreblock(PreblockTypeId),
    /// Some of it lies outside scheduled time.
    #[error("it lies outside the working schedule")]
    OutsideSchedule,
    /// A resource is taken.
    #[error("{}", match .0 {
        LackingResource::Unknown(code) => format!("no resource has the character {:?}", code.0),
        LackingResource::Full(code) => format!("the resource {:?} is taken", code.0),
    })]
    BeyondCapacity(LackingResource),
}

/// Why a day is red.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RedDay {
    Holiday(PublicHoliday),
    /// One of the clinic's own closed days.
    Closed,
}

/// A day that a repeat leaves out, or that a preblock is laid on all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SkippedDay {
    pub date: NaiveDate,
    pub why: RedDay,
}

/// What would lie outside scheduled time after a change (R1, R19).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LaidOutside {
    Booking(BookingId, Interval),
    Preblock(PreblockId, Interval),
}
