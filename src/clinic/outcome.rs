//! What a command did, or would do: changes with their before and after, and their effect on times.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Booking, CommandId, Confirmation, LaidOutside, Permission, Preblock, PreblockKind,
    PractitionerId, SkippedDay, Slot, WorkSession,
};

/// One entity before and after.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Changed<T> {
    Added(T),
    Removed(T),
    Altered { before: T, after: T },
}

impl<T> Changed<T> {
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
    Preblock { kind: PreblockKind, change: Changed<Preblock> },
    WorkSession(Changed<WorkSession>),
    Booking(Changed<Booking>),
}

impl Change {
    /// The permission this change needs (R17).
    pub fn permission(&self) -> Permission {
        match self {
            Change::Preblock { kind: PreblockKind::Internet, .. } => Permission::PreblockInternet,
            Change::Preblock { kind: PreblockKind::Internal, .. } => Permission::PreblockInternal,
            Change::WorkSession(_) => Permission::ScheduleEdit,
            Change::Booking(_) => Permission::BookingEdit,
        }
    }
}

/// What a carried out command did.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub command: CommandId,
    pub practitioner: PractitionerId,
    pub changes: Vec<Change>,
}

/// What a command would do, for the screen to say in numbers before it is done.
#[derive(Clone, PartialEq, Eq)]
pub struct Preview {
    pub practitioner: PractitionerId,
    pub changes: Vec<Change>,
    /// Bookable times that would appear, of the practitioner.
    pub gained: Vec<Slot>,
    /// Bookable times that would disappear, of the practitioner.
    pub lost: Vec<Slot>,
    /// What the user must confirm first (R13).
    pub to_confirm: Vec<Confirmation>,
    /// Red and closed days that a repeat leaves out (R19).
    pub skipped: Vec<SkippedDay>,
    /// Bookings and preblocks that would lie outside scheduled time (R1, R19).
    pub outside: Vec<LaidOutside>,
    /// Laid or repeated preblocks that lie on a public holiday or a closed day: the screens warn.
    pub on_red_days: Vec<SkippedDay>,
}
