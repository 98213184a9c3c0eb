//! What changes did, counted. Pure.

use std::collections::BTreeMap;

use crate::clinic::Change;
use crate::domain::{Booking, ChangeKind, SettingChange};
use crate::texts::{Deed, Thing};

/// What was done to how many of what.
pub fn deeds(changes: &[Change]) -> Vec<(Deed, Thing, usize)> {
    let mut counts: BTreeMap<(Deed, Thing), usize> = BTreeMap::new();
    for change in changes {
        let (deed, thing) = match change {
            Change::Preblock { change, .. } => (deed(change.kind()), Thing::Preblock),
            Change::WorkSession(change) => (deed(change.kind()), Thing::Session),
            Change::Booking(change) => {
                let active = |booking: Option<&Booking>| booking.is_some_and(Booking::is_active);
                match (active(change.before()), change.after()) {
                    (true, Some(after)) if !after.is_active() => (Deed::Cancelled, Thing::Booking),
                    _ => (deed(change.kind()), Thing::Booking),
                }
            }
            // It follows the booking, which is told of.
            Change::Recall(_) => continue,
            Change::Call(_) if changes.iter().any(|it| matches!(it, Change::Booking(_))) => {
                continue;
            }
            Change::Call(change) => (deed(change.kind()), Thing::Call),
            Change::Setting(change) => match &**change {
                SettingChange::Contacts(_) if changes.len() > 1 => continue,
                SettingChange::Contacts(change) => (deed(change.kind()), Thing::Patient),
                SettingChange::Patient(change) => (deed(change.kind()), Thing::Patient),
                change => (deed(change.kind()), Thing::Setting),
            },
        };
        *counts.entry((deed, thing)).or_default() += 1;
    }
    counts.into_iter().map(|((deed, thing), count)| (deed, thing, count)).collect()
}

fn deed(kind: ChangeKind) -> Deed {
    match kind {
        ChangeKind::Added => Deed::Added,
        ChangeKind::Removed => Deed::Removed,
        ChangeKind::Altered => Deed::Altered,
    }
}

/// How many were added, removed and altered.
pub fn count_changes(changes: &[Change]) -> (usize, usize, usize) {
    let mut counts = (0, 0, 0);
    for (deed, _, count) in deeds(changes) {
        match deed {
            Deed::Added => counts.0 += count,
            Deed::Removed | Deed::Cancelled => counts.1 += count,
            Deed::Altered | Deed::Moved => counts.2 += count,
        }
    }
    counts
}
