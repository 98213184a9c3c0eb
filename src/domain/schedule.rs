//! Planning the working schedule: adding, removing, repeating a week (R1, R19). Pure.

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::change::{Change, Changed};
use super::choice::{Repeat, SkippedDay};
use super::id::{PractitionerId, WorkSessionId};
use super::refusal::{NothingToDo, Refusal};
use super::repeating::{Onto, TargetDay, days_from_own_week, repeated, target_days};
use super::setup::Setup;
use super::time::{Interval, subtract, union};
use super::week_template::WeekTemplate;
use super::work_session::WorkSession;

/// Schedules what of the intervals is not scheduled yet.
///
/// # Errors
/// No interval, or all of it is scheduled.
pub fn plan_scheduling(
    practitioner: &PractitionerId,
    calendar: &Calendar,
    intervals: &[Interval],
    new_id: &mut dyn FnMut() -> WorkSessionId,
) -> Result<Vec<Change>, Refusal> {
    if intervals.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::NoTime));
    }
    let changes: Vec<Change> = union(intervals.to_vec())
        .into_iter()
        .flat_map(|interval| subtract(interval, calendar.scheduled_in(interval)))
        .map(|interval| {
            let practitioner = practitioner.clone();
            added(WorkSession { id: new_id(), practitioner, interval })
        })
        .collect();
    if changes.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::AllScheduled));
    }
    Ok(changes)
}

/// Takes the intervals out of the schedule; sessions that reach beyond them are trimmed.
///
/// # Errors
/// No interval, or none of it is scheduled.
pub fn plan_unscheduling(
    calendar: &Calendar,
    intervals: &[Interval],
    new_id: &mut dyn FnMut() -> WorkSessionId,
) -> Result<Vec<Change>, Refusal> {
    if intervals.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::NoTime));
    }
    let taken = union(intervals.to_vec());
    let mut changes = Vec::new();
    let hit = |session: &&WorkSession| taken.iter().any(|gone| gone.overlaps(session.interval));
    for session in calendar.sessions().iter().filter(hit) {
        changes.push(Change::WorkSession(Changed::Removed(session.clone())));
        for rest in subtract(session.interval, &taken) {
            changes.push(added(WorkSession { id: new_id(), interval: rest, ..session.clone() }));
        }
    }
    if changes.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::NothingScheduled));
    }
    Ok(changes)
}

/// Copies the sessions of the repeat's week onto every following day up to the end asked
/// for, replacing that day's sessions; so the later weeks look like the week copied (R19).
///
/// A session belongs to the day it starts on. A day that looks like its copy already is left alone.
///
/// # Errors
/// Nothing to copy, no later day, nothing that would change.
pub fn plan_repeating_schedule(
    setup: &Setup,
    calendar: &Calendar,
    repeat: &Repeat,
    new_id: &mut dyn FnMut() -> WorkSessionId,
) -> Result<(Vec<Change>, Vec<SkippedDay>), Refusal> {
    let Onto { source, days, mut skipped } = target_days(setup, repeat)?;
    if !source.iter().any(|day| !starting_on(calendar, day).is_empty()) {
        return Err(Refusal::NothingToDo(NothingToDo::EmptyScheduleWeek));
    }
    let changes = replace_days(calendar, &days, |day| {
        let copied = starting_on(calendar, day.source).into_iter();
        let copy = |session: &WorkSession| WorkSession {
            id: new_id(),
            interval: session.interval.plus_days(day.distance),
            ..session.clone()
        };
        copied.map(copy).collect()
    });
    skipped.retain(|day| !starting_on(calendar, day.source).is_empty());
    repeated(changes, skipped)
}

/// *Veckomall*: gives the days of the span, its own week first, the sessions of a week template,
/// replacing theirs (R19). A day that looks like the template already is left alone.
///
/// # Errors
/// The template has no sessions, no day is meant, nothing that would change.
pub fn plan_applying_week(
    setup: &Setup,
    practitioner: &PractitionerId,
    calendar: &Calendar,
    template: &WeekTemplate,
    span: &Repeat,
    new_id: &mut dyn FnMut() -> WorkSessionId,
) -> Result<(Vec<Change>, Vec<SkippedDay>), Refusal> {
    let Onto { days, mut skipped, .. } = days_from_own_week(setup, span)?;
    if template.sessions.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::EmptyScheduleWeek));
    }
    let on = |date| template.sessions.iter().filter_map(move |session| session.on(date));
    let changes = replace_days(calendar, &days, |day| {
        let session = |interval| {
            let practitioner = practitioner.clone();
            WorkSession { id: new_id(), practitioner, interval }
        };
        on(day.target).map(session).collect()
    });
    skipped.retain(|day| on(day.skipped.date).next().is_some());
    repeated(changes, skipped)
}

/// Gives each day other sessions in place of its own, unless they are the same.
fn replace_days(
    calendar: &Calendar,
    days: &[TargetDay],
    mut other: impl FnMut(&TargetDay) -> Vec<WorkSession>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for day in days {
        let before = starting_on(calendar, day.target);
        let after = other(day);
        let intervals = |session: &WorkSession| session.interval;
        if !before.iter().copied().map(intervals).eq(after.iter().map(intervals)) {
            let removed = before.into_iter().cloned().map(Changed::Removed);
            changes.extend(removed.map(Change::WorkSession));
            changes.extend(after.into_iter().map(added));
        }
    }
    changes
}

fn starting_on(calendar: &Calendar, day: NaiveDate) -> Vec<&WorkSession> {
    let sessions = calendar.sessions();
    let first = sessions.partition_point(|session| session.interval.start().date() < day);
    sessions[first..].iter().take_while(|session| session.interval.start().date() == day).collect()
}

fn added(session: WorkSession) -> Change {
    Change::WorkSession(Changed::Added(session))
}
