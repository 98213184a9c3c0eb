//! Which days a repeated week goes onto (R19). Pure.

use chrono::{Datelike, Days, NaiveDate};

use super::change::Change;
use super::choice::{RedDays, Repeat, RepeatUntil, SkippedDay};
use super::refusal::{NothingToDo, Refusal};
use super::setup::Setup;
use super::time::DateRange;

/// At most this many weeks are repeated at once: a slip of the finger must not fill a century.
pub const MOST_WEEKS_REPEATED: u32 = 104;

/// The Monday-to-Sunday week that holds a date.
pub fn week_of(date: NaiveDate) -> DateRange {
    let back = u64::from(date.weekday().num_days_from_monday());
    DateRange::new(date.checked_sub_days(Days::new(back)).unwrap_or(date), 7)
}

/// The days a week is copied from and onto.
pub(super) struct Onto {
    pub source: DateRange,
    pub days: Vec<TargetDay>,
    pub skipped: Vec<SkippedTarget>,
}

/// One day that is copied onto.
pub(super) struct TargetDay {
    pub source: NaiveDate,
    pub target: NaiveDate,
    /// Calendar days from source to target.
    pub distance: i32,
}

/// A red day that is left out.
pub(super) struct SkippedTarget {
    pub source: NaiveDate,
    pub skipped: SkippedDay,
}

/// Every day after the week, up to the end asked for; red days apart where they are to be skipped.
///
/// # Errors
/// [`Refusal::RepeatsNothing`] and [`Refusal::RepeatsTooFar`].
pub(super) fn target_days(setup: &Setup, repeat: &Repeat) -> Result<Onto, Refusal> {
    onto(setup, repeat, week_of(repeat.week).end())
}

/// The days of the repeat's own week and of those after it, up to the end asked for: weeks are counted
/// from that week on. Red days apart, as in [`target_days`].
///
/// # Errors
/// [`Refusal::RepeatsNothing`] and [`Refusal::RepeatsTooFar`].
pub(super) fn days_from_own_week(setup: &Setup, repeat: &Repeat) -> Result<Onto, Refusal> {
    onto(setup, repeat, week_of(repeat.week).first())
}

fn onto(setup: &Setup, repeat: &Repeat, first: NaiveDate) -> Result<Onto, Refusal> {
    let source = week_of(repeat.week);
    let count = match repeat.until {
        RepeatUntil::Weeks(weeks) => i64::from(weeks) * 7,
        RepeatUntil::Date(last) => last.signed_duration_since(first).num_days() + 1,
    };
    if count <= 0 {
        return Err(Refusal::RepeatsNothing);
    }
    if count > i64::from(MOST_WEEKS_REPEATED) * 7 {
        return Err(Refusal::RepeatsTooFar(MOST_WEEKS_REPEATED));
    }
    let count = u32::try_from(count).unwrap_or(0);
    let mut onto = Onto { source, days: Vec::new(), skipped: Vec::new() };
    let week: Vec<NaiveDate> = source.iter().collect();
    let targets = DateRange::new(first, count);
    let asked = |(target, _): &(NaiveDate, NaiveDate)| repeat.weeks.holds(*target);
    for (target, from) in targets.iter().zip(week.into_iter().cycle()).filter(asked) {
        match setup.red_day(target) {
            Some(why) if repeat.red_days == RedDays::Skip => onto
                .skipped
                .push(SkippedTarget { source: from, skipped: SkippedDay { date: target, why } }),
            _ => {
                let distance = target.signed_duration_since(from).num_days();
                let distance = i32::try_from(distance).unwrap_or(0);
                onto.days.push(TargetDay { source: from, target, distance });
            }
        }
    }
    if onto.days.is_empty() && onto.skipped.is_empty() {
        return Err(Refusal::RepeatsNothing);
    }
    Ok(onto)
}

/// What a repetition comes to: its changes, and the red days that it leaves out.
///
/// # Errors
/// Nothing would change.
pub(super) fn repeated(
    changes: Vec<Change>,
    skipped: Vec<SkippedTarget>,
) -> Result<(Vec<Change>, Vec<SkippedDay>), Refusal> {
    if changes.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::AlreadyRepeated));
    }
    Ok((changes, skipped.into_iter().map(|day| day.skipped).collect()))
}
