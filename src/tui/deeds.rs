//! What changes did, counted. Pure.

use std::collections::BTreeMap;

use crate::clinic::{Change, Changed};
use crate::domain::{Booking, ChangeKind, SettingChange, WorkSession};
use crate::texts::{Deed, Thing};

/// What was done to how many of what.
pub fn deeds(changes: &[Change]) -> Vec<(Deed, Thing, usize)> {
    counted(changes.iter().filter_map(|change| deed_on(change, changes.len())))
}

/// The same as people tell it: a work session that became longer or shorter has been changed, though
/// another stands in its place.
pub fn told(changes: &[Change]) -> Vec<(Deed, Thing, usize)> {
    let (mut new, mut gone) = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::WorkSession(Changed::Added(session)) => new.push(session),
            Change::WorkSession(Changed::Removed(session)) => gone.push(session),
            _ => {}
        }
    }
    counted(changes.iter().filter_map(|change| match change {
        Change::WorkSession(Changed::Added(session)) if meets(session, &gone) => None,
        Change::WorkSession(Changed::Removed(session)) if meets(session, &new) => {
            Some((Deed::Altered, Thing::Session))
        }
        change => deed_on(change, changes.len()),
    }))
}

/// Whether a session overlaps or adjoins one of some in the same book.
fn meets(session: &WorkSession, others: &[&WorkSession]) -> bool {
    others.iter().any(|other| {
        other.practitioner == session.practitioner && other.interval.touches(session.interval)
    })
}

fn counted(each: impl Iterator<Item = (Deed, Thing)>) -> Vec<(Deed, Thing, usize)> {
    let mut counts: BTreeMap<(Deed, Thing), usize> = BTreeMap::new();
    for what in each {
        *counts.entry(what).or_default() += 1;
    }
    counts.into_iter().map(|((deed, thing), count)| (deed, thing, count)).collect()
}

/// What one of so many changes did; `None` where it follows another, which is told of.
fn deed_on(change: &Change, of: usize) -> Option<(Deed, Thing)> {
    Some(match change {
        Change::Preblock { change, .. } => (deed(change.kind()), Thing::Preblock),
        Change::WorkSession(change) => (deed(change.kind()), Thing::Session),
        Change::Booking(change) => {
            let active = |booking: Option<&Booking>| booking.is_some_and(Booking::is_active);
            match (active(change.before()), change.after()) {
                (true, Some(after)) if !after.is_active() => (Deed::Cancelled, Thing::Booking),
                _ => (deed(change.kind()), Thing::Booking),
            }
        }
        // It follows the booking.
        Change::Recall(_) => return None,
        Change::Call(change) => (deed(change.kind()), Thing::Call),
        Change::Setting(change) => match &**change {
            SettingChange::Contacts(_) if of > 1 => return None,
            SettingChange::Contacts(change) => (deed(change.kind()), Thing::Patient),
            SettingChange::Patient(change) => (deed(change.kind()), Thing::Patient),
            change => (deed(change.kind()), Thing::Setting),
        },
    })
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
