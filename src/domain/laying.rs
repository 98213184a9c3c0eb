//! Planning preblocks: laying, removing, repeating a week of them (R6, R12, R18, R19). Pure.

use std::collections::BTreeSet;

use super::calendar::Calendar;
use super::change::{Change, Changed};
use super::choice::{OverlapChoice, Repeat, SkippedDay};
use super::id::{PractitionerId, PreblockId, PreblockTypeId};
use super::preblock::{Preblock, PreblockKind, PreblockType};
use super::refusal::{NothingToDo, Refusal};
use super::repeating::{Onto, repeated, target_days};
use super::setup::Setup;
use super::time::{DateRange, Interval, subtract};

/// A stretch that is to become a preblock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPreblock {
    pub preblock_type: PreblockTypeId,
    pub interval: Interval,
}

/// The type, if it may be laid out on the practitioner's book with the codes typed (R6, R18).
///
/// # Errors
/// The type is unknown, inactive, not valid for the practitioner, or its code is not among `codes`.
pub fn layable<'a>(
    setup: &'a Setup,
    practitioner: &PractitionerId,
    preblock_type: &PreblockTypeId,
    codes: &[&str],
) -> Result<&'a PreblockType, Refusal> {
    let found = setup
        .preblock_types
        .get(preblock_type)
        .ok_or_else(|| Refusal::UnknownPreblockType(preblock_type.clone()))?;
    if !found.active {
        return Err(Refusal::InactivePreblockType(preblock_type.clone()));
    }
    if !found.is_valid_for(practitioner) {
        return Err(Refusal::TypeNotValid(preblock_type.clone()));
    }
    match &found.code {
        Some(code) if !codes.contains(&code.as_str()) => Err(Refusal::Code(preblock_type.clone())),
        _ => Ok(found),
    }
}

/// Lays one type on the stretches (R12).
///
/// # Errors
/// No stretch; stretches that overlap each other; with [`OverlapChoice::Refuse`] a preblock in the
/// way; nothing left to lay.
pub fn plan_laying(
    setup: &Setup,
    practitioner: &PractitionerId,
    calendar: &Calendar,
    preblock_type: &PreblockType,
    intervals: &[Interval],
    overlap: OverlapChoice,
    new_id: &mut dyn FnMut() -> PreblockId,
) -> Result<Vec<Change>, Refusal> {
    if intervals.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::NoTime));
    }
    let wanted = intervals
        .iter()
        .map(|interval| WantedPreblock {
            preblock_type: preblock_type.id.clone(),
            interval: *interval,
        })
        .collect();
    let changes = lay(setup, practitioner, calendar, wanted, overlap, new_id)?;
    if changes.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::AllCovered));
    }
    Ok(changes)
}

/// Removes whole preblocks.
///
/// # Errors
/// None was given, or one is not in the calendar any more.
pub fn plan_removing(
    setup: &Setup,
    calendar: &Calendar,
    preblocks: &[PreblockId],
) -> Result<Vec<Change>, Refusal> {
    if preblocks.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::NoPreblock));
    }
    let wanted: BTreeSet<&PreblockId> = preblocks.iter().collect();
    let found: Vec<Change> = calendar
        .preblocks()
        .iter()
        .filter(|preblock| wanted.contains(&preblock.id))
        .map(|preblock| change(setup, Changed::Removed(preblock.clone())))
        .collect();
    if found.len() == wanted.len() { Ok(found) } else { Err(Refusal::Gone) }
}

/// Removes whole the Internet preblocks that touch some days: nothing can be booked online then.
///
/// # Errors
/// None touches them.
pub fn plan_withdrawing(
    setup: &Setup,
    calendar: &Calendar,
    days: DateRange,
) -> Result<Vec<Change>, Refusal> {
    let nothing = Refusal::NothingToDo(NothingToDo::NothingPublished);
    let within = days.interval().ok_or(nothing.clone())?;
    let found: Vec<Change> = calendar
        .preblocks_in(within)
        .iter()
        .filter(|preblock| kind_of(setup, preblock) == PreblockKind::Internet)
        .map(|preblock| change(setup, Changed::Removed(preblock.clone())))
        .collect();
    if found.is_empty() { Err(nothing) } else { Ok(found) }
}

/// *Klistra in*: lays stretches of any types on a book (R12); what they were cut from, in this book or
/// another, is removed first, and so is in nobody's way. Whether the types may be laid is asked of
/// [`layable`] beforehand.
///
/// # Errors
/// No stretch; they go where they were cut from; stretches that overlap each other; with
/// [`OverlapChoice::Refuse`] a preblock in the way; nothing left to lay.
pub fn plan_pasting(
    setup: &Setup,
    practitioner: &PractitionerId,
    calendar: &Calendar,
    cut: &[Preblock],
    pasted: &[WantedPreblock],
    overlap: OverlapChoice,
    new_id: &mut dyn FnMut() -> PreblockId,
) -> Result<Vec<Change>, Refusal> {
    if pasted.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::NoPreblock));
    }
    let stands = |wanted: &WantedPreblock| {
        cut.iter().any(|preblock| preblock.practitioner == *practitioner && wanted.is(preblock))
    };
    if pasted.len() == cut.len() && pasted.iter().all(stands) {
        return Err(Refusal::NothingToDo(NothingToDo::Unchanged));
    }
    let mut changes: Vec<Change> =
        cut.iter().map(|preblock| change(setup, Changed::Removed(preblock.clone()))).collect();
    let calendar = calendar.changed(&changes);
    let laid = lay(setup, practitioner, &calendar, pasted.to_vec(), overlap, new_id)?;
    if laid.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::AllCovered));
    }
    changes.extend(laid);
    Ok(changes)
}

/// Copies the preblocks of the repeat's week onto the following ones (R19).
///
/// A preblock belongs to the day it starts on. What stands there already exactly like the copy is
/// left alone.
///
/// # Errors
/// Nothing to copy, no later day, a type that may not be laid out, R12's refusal.
pub fn plan_repeating_preblocks(
    setup: &Setup,
    practitioner: &PractitionerId,
    calendar: &Calendar,
    repeat: &Repeat,
    overlap: OverlapChoice,
    codes: &[&str],
    new_id: &mut dyn FnMut() -> PreblockId,
) -> Result<(Vec<Change>, Vec<SkippedDay>), Refusal> {
    let Onto { source, days, mut skipped } = target_days(setup, repeat)?;
    let originals: Vec<&Preblock> = calendar
        .preblocks()
        .iter()
        .filter(|preblock| source.contains(preblock.interval.start().date()))
        .collect();
    if originals.is_empty() {
        return Err(Refusal::NothingToDo(NothingToDo::EmptyPreblockWeek));
    }
    for preblock in &originals {
        layable(setup, practitioner, &preblock.preblock_type, codes)?;
    }
    let mut wanted = Vec::new();
    for day in days {
        let copies = originals
            .iter()
            .filter(|preblock| preblock.interval.start().date() == day.source)
            .map(|preblock| WantedPreblock {
                preblock_type: preblock.preblock_type.clone(),
                interval: preblock.interval.plus_days(day.distance),
            })
            .filter(|wanted| !stands_already(calendar, wanted));
        wanted.extend(copies);
    }
    skipped.retain(|day| {
        originals.iter().any(|preblock| preblock.interval.start().date() == day.source)
    });
    repeated(lay(setup, practitioner, calendar, wanted, overlap, new_id)?, skipped)
}

impl WantedPreblock {
    /// Whether a preblock is of that type and on that stretch.
    fn is(&self, preblock: &Preblock) -> bool {
        preblock.interval == self.interval && preblock.preblock_type == self.preblock_type
    }
}

fn stands_already(calendar: &Calendar, wanted: &WantedPreblock) -> bool {
    calendar.preblocks_in(wanted.interval).iter().any(|preblock| wanted.is(preblock))
}

/// R12 for stretches of any types.
fn lay(
    setup: &Setup,
    practitioner: &PractitionerId,
    calendar: &Calendar,
    mut wanted: Vec<WantedPreblock>,
    overlap: OverlapChoice,
    new_id: &mut dyn FnMut() -> PreblockId,
) -> Result<Vec<Change>, Refusal> {
    wanted.sort_by_key(|stretch| stretch.interval);
    let clash = wanted.windows(2).find(|pair| pair[0].interval.overlaps(pair[1].interval));
    if let Some([_, second]) = clash {
        return Err(Refusal::SelfOverlap(second.interval));
    }
    let mut changes = match overlap {
        OverlapChoice::Refuse => refuse_overlaps(calendar, &wanted)?,
        OverlapChoice::Replace => {
            wanted.retain(|stretch| !stands_already(calendar, stretch));
            replace_overlaps(setup, calendar, &wanted, new_id)
        }
        OverlapChoice::Fill => {
            wanted = wanted.into_iter().flat_map(|stretch| gaps(calendar, &stretch)).collect();
            Vec::new()
        }
    };
    changes.extend(wanted.into_iter().map(|stretch| {
        let laid = Preblock {
            id: new_id(),
            practitioner: practitioner.clone(),
            preblock_type: stretch.preblock_type,
            interval: stretch.interval,
        };
        change(setup, Changed::Added(laid))
    }));
    Ok(changes)
}

fn refuse_overlaps(calendar: &Calendar, wanted: &[WantedPreblock]) -> Result<Vec<Change>, Refusal> {
    let in_the_way: BTreeSet<Interval> = wanted
        .iter()
        .flat_map(|stretch| calendar.preblocks_in(stretch.interval))
        .map(|preblock| preblock.interval)
        .collect();
    if in_the_way.is_empty() {
        return Ok(Vec::new());
    }
    Err(Refusal::PreblockInTheWay(in_the_way.into_iter().collect()))
}

/// Removes what is overlapped and adds each remainder as a preblock with a grid of its own.
fn replace_overlaps(
    setup: &Setup,
    calendar: &Calendar,
    wanted: &[WantedPreblock],
    new_id: &mut dyn FnMut() -> PreblockId,
) -> Vec<Change> {
    let stretches: Vec<Interval> = wanted.iter().map(|stretch| stretch.interval).collect();
    let mut seen = BTreeSet::new();
    let mut changes = Vec::new();
    let overlapped = stretches.iter().flat_map(|stretch| calendar.preblocks_in(*stretch));
    for preblock in overlapped.filter(|preblock| seen.insert(&preblock.id)) {
        changes.push(change(setup, Changed::Removed(preblock.clone())));
        for remainder in subtract(preblock.interval, &stretches) {
            let rest = Preblock { id: new_id(), interval: remainder, ..preblock.clone() };
            changes.push(change(setup, Changed::Added(rest)));
        }
    }
    changes
}

fn gaps(calendar: &Calendar, wanted: &WantedPreblock) -> Vec<WantedPreblock> {
    let taken: Vec<Interval> =
        calendar.preblocks_in(wanted.interval).iter().map(|preblock| preblock.interval).collect();
    subtract(wanted.interval, &taken)
        .into_iter()
        .map(|interval| WantedPreblock { interval, ..wanted.clone() })
        .collect()
}

fn change(setup: &Setup, change: Changed<Preblock>) -> Change {
    Change::Preblock { kind: kind_of(setup, change.latest()), change }
}

/// A type that is not known any more counts as Internet: the stricter permission.
fn kind_of(setup: &Setup, preblock: &Preblock) -> PreblockKind {
    let preblock_type = setup.preblock_types.get(&preblock.preblock_type);
    preblock_type.map_or(PreblockKind::Internet, |found| found.kind)
}
