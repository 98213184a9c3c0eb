//! How many bookings hold each resource, and when (R9): kept as steps up and down, so that reading them
//! costs the same however many bookings there are.
//!
//! Each day begins at nothing: what is held past midnight goes down at the end of the one day (minute 1440)
//! and up at the start of the next, so that days are read without those before them. Every method that
//! writes a booking counts it; the resources' revisions are the caller's to bump first.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::registers::{RESOURCE, resource};
use crate::domain::{
    Booking, CivilTime, Interval, Minutes, ResourceCode, ResourceStep, ResourceUse, parse_date,
};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, values};

/// When on the days that an interval touches resources have no capacity left (R9).
pub(super) fn resource_use(within: Interval) -> Question<ResourceUse> {
    let all = Question::rows(RESOURCE, values![], "resource", resource);
    let sql = "SELECT resource, day, minute, change FROM resource_step \
               WHERE day >= @P1 AND day <= @P2 AND change <> 0";
    // Times are written to the last that can be.
    let last = (within.end() - Minutes(1)).min(CivilTime::last()).date();
    let steps = Question::rows(sql, values![within.start().date(), last], "resource_step", step);
    all.and(steps).map(|(all, steps)| Ok(ResourceUse::new(&all, steps)))
}

fn step(row: &mut Columns) -> Result<ResourceStep, StoreError> {
    Ok(ResourceStep {
        resource: ResourceCode(row.read(|code| code.parse().ok())?),
        at: CivilTime::at(row.read(parse_date)?, Minutes(row.number()?)),
        change: row.number()?,
    })
}

/// How much more, or less, each resource is held from a minute of a day on.
#[derive(Default)]
pub(super) struct Steps(BTreeMap<(NaiveDate, Minutes, ResourceCode), i32>);

impl Steps {
    /// These, and those of one such booking more (1) or fewer (-1).
    pub(super) fn and(mut self, booking: &Booking, change: i32) -> Self {
        self.add(booking, change);
        self
    }

    /// Adds those of one such booking more (1) or fewer (-1).
    pub(super) fn add(&mut self, booking: &Booking, change: i32) {
        for code in booking.held_resources() {
            for day in booking.interval.days().iter() {
                let Some(held) = Interval::whole_day(day).intersection(booking.interval) else {
                    continue;
                };
                let from = held.start().minute_of_day();
                let to = Minutes(from.0 + held.length().0);
                for (minute, change) in [(from, change), (to, -change)] {
                    *self.0.entry((day, minute, code)).or_default() += change;
                }
            }
        }
    }
}

impl Session {
    /// Adds the steps to those that are kept.
    pub(super) async fn count_resources(&mut self, steps: Steps) -> Result<(), StoreError> {
        const THIS: &str = "resource = @P1 AND day = @P2 AND minute = @P3";
        for ((day, minute, code), change) in steps.0.into_iter().filter(|(_, change)| *change != 0)
        {
            self.write(
                format!(
                    "INSERT INTO resource_step (resource, day, minute, change) \
                     SELECT @P1, @P2, @P3, 0 WHERE NOT EXISTS \
                     (SELECT 1 FROM resource_step WHERE {THIS})"
                ),
                values![code, day, minute.0],
            )
            .await?;
            self.write(
                format!("UPDATE resource_step SET change = change + @P4 WHERE {THIS}"),
                values![code, day, minute.0, change],
            )
            .await?;
        }
        Ok(())
    }
}
