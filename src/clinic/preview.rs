//! What a command would do: its changes, what it asks to have confirmed, and the bookable times that come
//! and go with it. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::book::books_around;
use super::execute::only;
use super::facts::{Facts, Target};
use super::plan::{Plan, changed_days, plan_share};
use super::target::shares;
use super::{
    Change, Changed, Clinic, ClinicError, Command, NothingToDo, Preview, Refusal, current,
};
use super::{online, settings};
use crate::domain::{
    Actor, Booking, Calendar, CivilTime, DateRange, Interval, LaidOutside, Permission,
    PractitionerId, Preblock, Resolver, SettingChange, Setup, SkippedDay, Slot,
};
use crate::store::{Session, Stretch, Whose};

impl Clinic {
    /// What the command would do, checked as [`Clinic::execute`] would, but for confirmations, which
    /// are listed. Nothing is written.
    ///
    /// # Errors
    /// As [`Clinic::execute`].
    pub async fn preview(
        &self,
        actor: &Actor,
        command: &Command,
        now: CivilTime,
    ) -> Result<Preview, ClinicError> {
        let command = command.bare();
        let mut reading = self.store().read().await?;
        let actor = &current(&mut reading, actor).await?;
        online::by_whom(actor, command)?;
        if let Some(asked) = settings::asked(&mut reading, actor, command).await? {
            asked.check(&mut reading, actor).await?;
            let changes = asked.changes();
            let setup = self.setup_in(&mut reading).await?;
            let (gained, lost) = effect_of_settings(&mut reading, &setup, &changes, now).await?;
            return Ok(Preview { gained, lost, ..Preview::of_changes(changes) });
        }
        let setup = self.setup_in(&mut reading).await?;
        let shares = shares(&mut reading, &setup, actor, command).await?;
        let mut all = Preview { practitioner: only(&shares), ..Preview::of_changes(Vec::new()) };
        for share in &shares {
            let facts = Facts::read(&mut reading, Arc::clone(&setup), &share.target, now).await?;
            let planned = plan_share(&mut reading, &facts, actor, share, shares.len()).await?;
            let Some(plan) = planned else { continue };
            let target = &share.target;
            let whose = Times::Everybodys;
            let (gained, lost) =
                effect_on_times(&mut reading, target, &facts, &plan, whose).await?;
            let calendar = facts.calendar.changed(&seen_by(&target.practitioner, &plan));
            all.gained.extend(gained);
            all.lost.extend(lost);
            all.outside.extend(outside(&facts, &plan, &calendar));
            all.on_red_days.extend(on_red_days(&facts, &plan));
            if actor.may(Permission::PatientView) {
                all.elsewhere.extend(elsewhere(&mut reading, &plan).await?);
            }
            all.changes.extend(plan.changes);
            all.to_confirm.extend(plan.to_confirm);
            all.skipped.extend(plan.skipped);
        }
        if all.changes.is_empty() {
            return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
        }
        // Each book meets the same red days.
        for days in [&mut all.skipped, &mut all.on_red_days] {
            days.sort_unstable();
            days.dedup();
        }
        Ok(all)
    }
}

/// Bookable times that appear and disappear with a change of the settings, everybody's.
pub(super) async fn effect_of_settings(
    session: &mut Session,
    setup: &Setup,
    changes: &[Change],
    now: CivilTime,
) -> Result<(Vec<Slot>, Vec<Slot>), ClinicError> {
    let settings: Vec<&SettingChange> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Setting(change) => Some(&**change),
            _ => None,
        })
        .collect();
    if !settings.iter().any(|change| change.concerns_times()) {
        return Ok((Vec::new(), Vec::new()));
    }
    let after = settings.iter().fold(setup.clone(), |setup, change| setup.changed(change));
    let horizon = setup.online.horizon_days.max(after.online.horizon_days);
    let days = DateRange::new(now.date(), horizon.saturating_add(1));
    let Some(within) = days.interval() else { return Ok((Vec::new(), Vec::new())) };
    let Stretch { calendars, resources } = books_around(session, Whose::All, within).await?;
    let times = |setup: &Setup| -> BTreeSet<Slot> {
        let resolver = Resolver::new(setup, &resources, now);
        let of = |(id, calendar)| resolver.slots(id, calendar, days);
        calendars.iter().flat_map(of).collect()
    };
    let (were, will) = (times(setup), times(&after));
    let gained = will.difference(&were).cloned().collect();
    Ok((gained, were.difference(&will).cloned().collect()))
}

/// The changes as one practitioner's book sees them.
fn seen_by(practitioner: &PractitionerId, plan: &Plan) -> Vec<Change> {
    plan.changes.iter().filter_map(|change| change.in_book_of(practitioner)).collect()
}

/// Whose bookable times are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    Everybodys,
    /// Those of the books that are changed.
    OfTheBooks,
}

/// Bookable times that appear and disappear. A booking that takes or frees a resource concerns every
/// practitioner (R9).
pub(super) async fn effect_on_times(
    session: &mut Session,
    target: &Target,
    facts: &Facts,
    plan: &Plan,
    whose: Times,
) -> Result<(Vec<Slot>, Vec<Slot>), ClinicError> {
    let resources_after = facts.resources.changed(&plan.changes);
    let calendar_after = facts.calendar.changed(&seen_by(&target.practitioner, plan));
    let before = Resolver::new(&facts.setup, &facts.resources, facts.now);
    let after = Resolver::new(&facts.setup, &resources_after, facts.now);
    let days: Vec<DateRange> =
        changed_days(&plan.changes).into_iter().map(Interval::days).collect();
    let all = |resolver: &Resolver<'_>,
               practitioner: &PractitionerId,
               calendar: &Calendar|
     -> Vec<Slot> {
        days.iter().flat_map(|days| resolver.slots(practitioner, calendar, *days)).collect()
    };
    let mut were = all(&before, &target.practitioner, &facts.calendar);
    let mut will = all(&after, &target.practitioner, &calendar_after);
    let mut others = match &target.also {
        _ if !target.resources.is_empty() && whose == Times::Everybodys => {
            books_around(session, Whose::All, target.within).await?.calendars
        }
        Some(also) => {
            let whose = Whose::These(std::slice::from_ref(also));
            books_around(session, whose, target.within).await?.calendars
        }
        None => BTreeMap::new(),
    };
    others.remove(&target.practitioner);
    for (practitioner, calendar) in &others {
        let after_too = calendar.changed(&seen_by(practitioner, plan));
        were.extend(all(&before, practitioner, calendar));
        will.extend(all(&after, practitioner, &after_too));
    }
    let were: BTreeSet<Slot> = were.into_iter().collect();
    let will: BTreeSet<Slot> = will.into_iter().collect();
    let gained = will.difference(&were).cloned().collect();
    let lost = were.difference(&will).cloned().collect();
    Ok((gained, lost))
}

/// What the patients of new and moved bookings are booked for with others at the time.
async fn elsewhere(session: &mut Session, plan: &Plan) -> Result<Vec<Booking>, ClinicError> {
    let mut found = Vec::new();
    for change in &plan.changes {
        let Change::Booking(change) = change else { continue };
        let Some(after) = change.after().filter(|after| after.is_active()) else { continue };
        let Some(patient) = &after.patient else { continue };
        let mut others = session.bookings_of_at(patient, after.interval).await?;
        others.retain(|it| it.id != after.id && it.practitioner != after.practitioner);
        found.extend(others);
    }
    Ok(found)
}

/// Bookings and preblocks of the changed days that are not wholly inside the schedule afterwards.
fn outside(facts: &Facts, plan: &Plan, after: &Calendar) -> Vec<LaidOutside> {
    let days = changed_days(&plan.changes);
    let concerned = |interval: Interval| days.iter().any(|day| day.overlaps(interval));
    let is_outside = |interval: Interval| {
        !after.scheduled_in(interval).iter().any(|stretch| stretch.contains(interval))
    };
    let bookings = after.bookings().iter().map(|booking| {
        (booking.interval, LaidOutside::Booking(booking.id.clone(), booking.interval))
    });
    let preblocks =
        after.preblocks().iter().filter(|preblock| in_force(facts, preblock)).map(|preblock| {
            (preblock.interval, LaidOutside::Preblock(preblock.id.clone(), preblock.interval))
        });
    bookings
        .chain(preblocks)
        .filter(|(interval, _)| concerned(*interval) && is_outside(*interval))
        .map(|(_, what)| what)
        .collect()
}

fn in_force(facts: &Facts, preblock: &Preblock) -> bool {
    let preblock_type = facts.setup.preblock_types.get(&preblock.preblock_type);
    let date = preblock.interval.start().date();
    preblock_type.is_none_or(|found| found.in_force(date, facts.now.date()))
}

/// Red days on which something new is laid all the same.
fn on_red_days(facts: &Facts, plan: &Plan) -> Vec<SkippedDay> {
    let laid = plan.changes.iter().filter_map(|change| match change {
        Change::Preblock { change: Changed::Added(preblock), .. } => Some(preblock.interval),
        _ => None,
    });
    let red: BTreeSet<SkippedDay> = laid
        .flat_map(|interval| interval.days().iter().collect::<Vec<_>>())
        .filter_map(|date| facts.setup.red_day(date).map(|why| SkippedDay { date, why }))
        .collect();
    red.into_iter().collect()
}
