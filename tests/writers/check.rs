//! What must hold after all have written.

use std::collections::{BTreeMap, BTreeSet};

use tidbok::domain::{Booking, BookingId, Interval};
use tidbok::store::{Store, export, verify_audit};

use crate::people::Told;
use crate::support::resources_are_counted;

/// Everything that somebody was told of stands as last told, nothing else does, nothing overlaps in a
/// book or for the shared resource, and the log is whole.
pub async fn nothing_is_lost(store: &Store, told: &[Told]) {
    let stored = export(store).await.expect("reads").bookings;
    let in_doubt: usize = told.iter().map(|one| one.in_doubt).sum();
    let out_of_sight: BTreeSet<&BookingId> =
        told.iter().flat_map(|one| &one.out_of_sight).collect();
    let told: BTreeMap<&BookingId, &Booking> = told.iter().flat_map(|one| &one.bookings).collect();
    assert!(!told.is_empty(), "somebody gets a time");
    for (id, booking) in &told {
        let found = stored.get(*id).expect("what was acknowledged is stored");
        assert!(found == *booking, "{id} is not as its writer was told");
    }
    let unknown = stored.keys().filter(|id| !told.contains_key(id) && !out_of_sight.contains(id));
    let unknown: Vec<&BookingId> = unknown.collect();
    assert!(unknown.len() <= in_doubt, "nobody asked for so many: {unknown:?}");
    nothing_overlaps(stored.values());
    resources_are_counted(store).await;
    let report = verify_audit(store).await.expect("reads");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    let active = stored.values().filter(|booking| booking.is_active()).count();
    let doubts = in_doubt + out_of_sight.len();
    println!("{} bookings made, {active} of them stand, {doubts} answers lost", stored.len());
}

fn nothing_overlaps<'a>(bookings: impl Iterator<Item = &'a Booking>) {
    let mut held: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
    for booking in bookings.filter(|booking| booking.is_active()) {
        held.entry(booking.practitioner.to_string()).or_default().push(booking.interval);
        for code in booking.resources.iter() {
            held.entry(format!("resource {code}")).or_default().push(booking.interval);
        }
    }
    for (what, mut intervals) in held {
        intervals.sort_by_key(|interval| interval.start());
        let overlap = intervals.windows(2).find(|two| two[0].overlaps(two[1]));
        assert!(overlap.is_none(), "{what}: {overlap:?}");
    }
}
