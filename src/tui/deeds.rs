//! What changes did, counted and told with where. Pure.

use std::collections::BTreeMap;

use crate::clinic::{Change, Changed};
use crate::domain::{Booking, ChangeKind, Interval, PractitionerId, SettingChange, WorkSession};
use crate::texts::{Deed, Thing};

use super::model::Model;
use super::told::{GAP, booked_by};

/// What was done to how many of what.
pub fn deeds(changes: &[Change]) -> Vec<(Deed, Thing, usize)> {
    counted(changes.iter().filter_map(|change| deed_on(change, changes)))
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
        change => deed_on(change, changes),
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

/// What one of some changes did; `None` where it follows another, which is told of.
fn deed_on(change: &Change, among: &[Change]) -> Option<(Deed, Thing)> {
    let with_booking = || among.iter().any(|it| matches!(it, Change::Booking(_)));
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
        Change::Call(_) if with_booking() => return None,
        Change::Call(change) => (deed(change.kind()), Thing::Call),
        Change::Setting(change) => match &**change {
            SettingChange::Contacts(_) if among.len() > 1 => return None,
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

/// Where the first of some changes is: whose book, and when.
pub fn place(changes: &[Change]) -> Option<(PractitionerId, Interval)> {
    first(changes).map(|(_, practitioner, interval)| (practitioner, interval))
}

/// The first of some changes by time, whose book it is in, and when.
fn first(changes: &[Change]) -> Option<(&Change, PractitionerId, Interval)> {
    let of = |change: &Change| match change {
        Change::Preblock { change, .. } => {
            Some((change.latest().practitioner.clone(), change.latest().interval))
        }
        Change::WorkSession(change) => {
            Some((change.latest().practitioner.clone(), change.latest().interval))
        }
        Change::Booking(change) => {
            Some((change.latest().practitioner.clone(), change.latest().interval))
        }
        Change::Call(change) => {
            Some((change.latest().practitioner.clone(), change.latest().interval))
        }
        Change::Setting(_) | Change::Recall(_) => None,
    };
    let placed = changes.iter().filter_map(|change| {
        let (practitioner, interval) = of(change)?;
        Some((change, practitioner, interval))
    });
    placed.min_by_key(|(_, _, interval)| interval.start())
}

/// `lade till 2 preblock · tis 22 dec 09:00–10:00 E-us hos AE …`; nothing personal.
pub fn what_and_where(model: &Model, changes: &[Change]) -> String {
    let counted = told(changes);
    let what = model.texts().deeds(&counted);
    let Some((change, practitioner, interval)) = first(changes) else { return what };
    let setup = &model.setup;
    let name = match change {
        Change::Preblock { change, .. } => {
            let found = setup.preblock_types.get(&change.latest().preblock_type);
            found.map(|found| found.name.clone())
        }
        Change::Booking(change) => Some(booked_by(model, change.latest())),
        _ => None,
    };
    let signature = setup.practitioners.get(&practitioner).map(|found| found.signature.as_str());
    let day = model.date(interval.start().date());
    let several = counted.iter().map(|(.., count)| count).sum::<usize>() > 1;
    let parts = [
        Some(format!("{day} {}", model.dates().hours(interval))),
        name,
        signature.map(|signature| format!("{} {signature}", model.texts().in_book_of)),
        several.then(|| "…".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|it| !it.is_empty()).collect();
    format!("{what}{GAP}{}", parts.join(" "))
}
