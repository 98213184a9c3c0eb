//! One practitioner's appointment book over some stretch of time, held sorted for the resolver.

use super::booking::Booking;
use super::change::{Change, Changed};
use super::preblock::Preblock;
use super::time::{Interval, overlapping, union};
use super::work_session::WorkSession;

/// What stands in one practitioner's book. Sorted by start; bookings are the active ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    sessions: Vec<WorkSession>,
    scheduled: Vec<Interval>,
    preblocks: Vec<Preblock>,
    bookings: Vec<Booking>,
    booked: Vec<Interval>,
}

impl Calendar {
    /// Takes entities in any order; cancelled bookings are left out.
    pub fn new(
        mut sessions: Vec<WorkSession>,
        mut preblocks: Vec<Preblock>,
        mut bookings: Vec<Booking>,
    ) -> Self {
        sessions.sort_by(|a, b| (a.interval, &a.id).cmp(&(b.interval, &b.id)));
        preblocks.sort_by(|a, b| (a.interval, &a.id).cmp(&(b.interval, &b.id)));
        bookings.retain(Booking::is_active);
        bookings.sort_by(|a, b| (a.interval, &a.id).cmp(&(b.interval, &b.id)));
        let scheduled = union(sessions.iter().map(|session| session.interval).collect());
        let booked = bookings.iter().map(|booking| booking.interval).collect();
        Self { sessions, scheduled, preblocks, bookings, booked }
    }

    /// As it would be after the changes.
    pub fn changed(&self, changes: &[Change]) -> Self {
        let mut sessions = self.sessions.clone();
        let mut preblocks = self.preblocks.clone();
        let mut bookings = self.bookings.clone();
        for change in changes {
            match change {
                Change::Preblock { change, .. } => {
                    apply(&mut preblocks, change, |preblock| &preblock.id);
                }
                Change::WorkSession(change) => apply(&mut sessions, change, |session| &session.id),
                Change::Booking(change) => apply(&mut bookings, change, |booking| &booking.id),
                Change::Call(_) | Change::Setting(_) | Change::Recall(_) => {}
            }
        }
        Self::new(sessions, preblocks, bookings)
    }

    /// Work sessions by start; they may touch or overlap.
    pub fn sessions(&self) -> &[WorkSession] {
        &self.sessions
    }

    /// The union of the work sessions: sorted and apart (R1).
    pub fn scheduled(&self) -> &[Interval] {
        &self.scheduled
    }

    /// Preblocks by start; they do not overlap (R12).
    pub fn preblocks(&self) -> &[Preblock] {
        &self.preblocks
    }

    /// Active bookings by start; they do not overlap (R12).
    pub fn bookings(&self) -> &[Booking] {
        &self.bookings
    }

    /// The intervals of [`Self::bookings`], in the same order.
    pub fn booked(&self) -> &[Interval] {
        &self.booked
    }

    /// The scheduled stretches that overlap an interval.
    pub fn scheduled_in(&self, interval: Interval) -> &[Interval] {
        overlapping(&self.scheduled, interval, |stretch| *stretch)
    }

    /// The preblocks that overlap an interval.
    pub fn preblocks_in(&self, interval: Interval) -> &[Preblock] {
        overlapping(&self.preblocks, interval, |preblock| preblock.interval)
    }

    /// The active bookings that overlap an interval.
    pub fn bookings_in(&self, interval: Interval) -> &[Booking] {
        overlapping(&self.bookings, interval, |booking| booking.interval)
    }

    /// The intervals of active bookings that overlap an interval.
    pub fn booked_in(&self, interval: Interval) -> &[Interval] {
        overlapping(&self.booked, interval, |booked| *booked)
    }
}

fn apply<T: Clone, I: PartialEq>(items: &mut Vec<T>, change: &Changed<T>, id: impl Fn(&T) -> &I) {
    if let Some(before) = change.before() {
        items.retain(|item| id(item) != id(before));
    }
    items.extend(change.after().cloned());
}
