//! What a change would do to bookable times, computed from a book already read. Pure.

use super::Book;
use crate::domain::{
    Change, Changed, CivilTime, Interval, OverlapChoice, PreblockId, PreblockTypeId, Resolver,
    Setup, plan_laying,
};

/// How many bookable times laying the type on the intervals would give, those of preblocks that lie
/// there already not counted; 0 where it can't be laid so. Codes and permissions are not asked for.
pub fn times_if_laid(
    setup: &Setup,
    book: &Book,
    preblock_type: &PreblockTypeId,
    intervals: &[Interval],
    overlap: OverlapChoice,
    now: CivilTime,
) -> usize {
    let Some(found) = setup.preblock_types.get(preblock_type) else { return 0 };
    // What is counted and not kept needs no id of its own.
    let mut new_id = || PreblockId::from("what-if");
    let planned = plan_laying(
        setup,
        &book.practitioner,
        &book.calendar,
        found,
        intervals,
        overlap,
        &mut new_id,
    );
    let Ok(changes) = planned else { return 0 };
    let laid: Vec<Interval> =
        changes.iter().filter_map(|change| laid_by(change, &found.id)).collect();
    let calendar = book.calendar.changed(&changes);
    let resolver = Resolver::new(setup, &book.resources, now);
    resolver
        .slots(&book.practitioner, &calendar, book.days)
        .iter()
        .filter(|slot| laid.iter().any(|interval| interval.contains(slot.interval)))
        .count()
}

/// The stretch that a change newly gives to the type.
fn laid_by(change: &Change, preblock_type: &PreblockTypeId) -> Option<Interval> {
    match change {
        Change::Preblock { change: Changed::Added(laid), .. } => {
            (laid.preblock_type == *preblock_type).then_some(laid.interval)
        }
        _ => None,
    }
}
