//! What a change would do to bookable times, computed from a book already read. Pure.

use super::Book;
use crate::domain::{
    CivilTime, Interval, OverlapChoice, PreblockId, PreblockTypeId, Resolver, Setup, plan_laying,
};

/// How many bookable times lie in the intervals after laying the type there; 0 where it can't be
/// laid so. Codes and permissions are not asked for.
pub fn times_if_laid(
    setup: &Setup,
    book: &Book,
    preblock_type: &PreblockTypeId,
    intervals: &[Interval],
    overlap: OverlapChoice,
    now: CivilTime,
) -> usize {
    let Some(found) = setup.preblock_types.get(preblock_type) else { return 0 };
    let mut next = 0_u32;
    let mut new_id = || {
        next += 1;
        PreblockId::new(format!("what-if/{next}"))
    };
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
    let calendar = book.calendar.changed(&changes);
    let resolver = Resolver::new(setup, &book.resources, now);
    resolver
        .slots(&book.practitioner, &calendar, book.days)
        .iter()
        .filter(|slot| intervals.iter().any(|interval| interval.contains(slot.interval)))
        .count()
}
