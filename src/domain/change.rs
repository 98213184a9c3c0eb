//! Changes of single entities with their before and after: what planning yields, and what is
//! written, audited and undone.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::booking::Booking;
use super::call::Call;
use super::id::PractitionerId;
use super::preblock::{Preblock, PreblockKind};
use super::recall::RecallChange;
use super::setting::SettingChange;
use super::time::Interval;
use super::user::Permission;
use super::work_session::WorkSession;

/// One entity before and after.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Changed<T> {
    Added(T),
    Removed(T),
    Altered { before: T, after: T },
}

/// Whether an entity is added, altered or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Altered,
    Removed,
}

impl<T> Changed<T> {
    /// Whether it is added, altered or removed.
    pub fn kind(&self) -> ChangeKind {
        match self {
            Changed::Added(_) => ChangeKind::Added,
            Changed::Removed(_) => ChangeKind::Removed,
            Changed::Altered { .. } => ChangeKind::Altered,
        }
    }

    /// As it was, if it was there.
    pub fn before(&self) -> Option<&T> {
        match self {
            Changed::Added(_) => None,
            Changed::Removed(before) | Changed::Altered { before, .. } => Some(before),
        }
    }

    /// As it became, if it still is there.
    pub fn after(&self) -> Option<&T> {
        match self {
            Changed::Removed(_) => None,
            Changed::Added(after) | Changed::Altered { after, .. } => Some(after),
        }
    }

    /// As it became, or as it was where it is gone.
    pub fn latest(&self) -> &T {
        match self {
            Changed::Added(latest)
            | Changed::Removed(latest)
            | Changed::Altered { after: latest, .. } => latest,
        }
    }

    /// The change that takes this one back.
    pub fn reversed(self) -> Self {
        match self {
            Changed::Added(entity) => Changed::Removed(entity),
            Changed::Removed(entity) => Changed::Added(entity),
            Changed::Altered { before, after } => Changed::Altered { before: after, after: before },
        }
    }
}

/// One change of one entity, as the audit log and undo know it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// The kind is kept along: it decides the permission, also when the change is taken back.
    Preblock {
        kind: PreblockKind,
        change: Changed<Preblock>,
    },
    WorkSession(Changed<WorkSession>),
    Booking(Box<Changed<Booking>>),
    Call(Box<Changed<Call>>),
    Setting(Box<SettingChange>),
    /// A patient's recall date that goes along with a booking (R16).
    Recall(RecallChange),
}

impl Change {
    /// The change that takes this one back.
    pub fn reversed(self) -> Self {
        match self {
            Change::Preblock { kind, change } => {
                Change::Preblock { kind, change: change.reversed() }
            }
            Change::WorkSession(change) => Change::WorkSession(change.reversed()),
            Change::Booking(change) => Change::Booking(Box::new(change.reversed())),
            Change::Call(change) => Change::Call(Box::new(change.reversed())),
            Change::Setting(change) => Change::Setting(Box::new(change.reversed())),
            Change::Recall(change) => Change::Recall(change.reversed()),
        }
    }

    /// Whose books it touches: both practitioners' where a booking goes from one to the other.
    pub fn practitioners(&self) -> BTreeSet<PractitionerId> {
        fn both<T>(
            change: &Changed<T>,
            of: impl Fn(&T) -> &PractitionerId,
        ) -> BTreeSet<PractitionerId> {
            change.before().into_iter().chain(change.after()).map(|it| of(it).clone()).collect()
        }
        match self {
            Change::Preblock { change, .. } => both(change, |preblock| &preblock.practitioner),
            Change::WorkSession(change) => both(change, |session| &session.practitioner),
            Change::Booking(change) => both(change, |booking| &booking.practitioner),
            Change::Call(change) => both(change, |call| &call.practitioner),
            Change::Setting(_) | Change::Recall(_) => BTreeSet::new(),
        }
    }

    /// The change as one practitioner's book sees it: what comes from another's is added, what goes
    /// to another's removed. `None` where the book has no part in it.
    pub fn in_book_of(&self, practitioner: &PractitionerId) -> Option<Change> {
        if !self.practitioners().contains(practitioner) {
            return None;
        }
        let Change::Booking(change) = self else { return Some(self.clone()) };
        let Changed::Altered { before, after } = &**change else { return Some(self.clone()) };
        let own = match (&before.practitioner == practitioner, &after.practitioner == practitioner)
        {
            (true, false) => Changed::Removed(before.clone()),
            (false, true) => Changed::Added(after.clone()),
            _ => return Some(self.clone()),
        };
        Some(Change::Booking(Box::new(own)))
    }

    /// The stretches of the book that the change touches.
    pub fn intervals(&self) -> Vec<Interval> {
        fn both<T>(change: &Changed<T>, of: impl Fn(&T) -> Interval) -> Vec<Interval> {
            change.before().into_iter().chain(change.after()).map(of).collect()
        }
        match self {
            Change::Preblock { change, .. } => both(change, |preblock| preblock.interval),
            Change::WorkSession(change) => both(change, |session| session.interval),
            Change::Booking(change) => both(change, |booking| booking.interval),
            Change::Call(change) => both(change, |call| call.interval),
            Change::Setting(_) | Change::Recall(_) => Vec::new(),
        }
    }

    /// The permissions this change needs, all of them (R17).
    pub fn permissions(&self) -> BTreeSet<Permission> {
        match self {
            Change::Preblock { kind, .. } => BTreeSet::from([kind.permission()]),
            Change::WorkSession(_) => BTreeSet::from([Permission::ScheduleEdit]),
            // The recall follows the booking: who may make the one may do the other.
            Change::Booking(_) | Change::Call(_) | Change::Recall(_) => {
                BTreeSet::from([Permission::BookingEdit])
            }
            Change::Setting(change) => change.permissions(),
        }
    }
}

/// Every change taken back, the last one first (R20).
pub fn reversed(changes: &[Change]) -> Vec<Change> {
    changes.iter().rev().cloned().map(Change::reversed).collect()
}
