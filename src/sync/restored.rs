//! What patients were told and the clinic's books do not have: its database is an older copy than the one
//! that was published last. It is taken back from the booking page, as far as it fits.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::error::SyncError;
use super::mapping::{read_on_page, read_portal_id};
use super::wire::Wire;
use crate::clinic::{Clinic, ClinicError, Command, KeptOnline, OnPage, Standing};
use crate::domain::{
    Actor, CivilTime, CommandId, Interval, PortalId, PractitionerId, Restored, Setup, StrayBooking,
    SyncState,
};
use crate::fhir::{Appointment, AppointmentStatus, Resource, Slot};

/// The clinic and the booking page, which are held against each other at an instant.
#[derive(Clone, Copy)]
pub(super) struct Between<'a> {
    pub clinic: &'a Clinic,
    pub wire: &'a Wire,
    pub setup: &'a Setup,
    pub now: CivilTime,
}

/// What has become of a booking that no book had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It is over, of nobody here, or booked no longer: there is nothing to put back.
    Nothing,
    /// It stands in this practitioner's book now.
    Back(PractitionerId),
    /// It was stray, and stands in this practitioner's book now.
    FitsNow(PractitionerId),
    /// It does not fit into this practitioner's book.
    Stray(PractitionerId),
    /// It still does not fit.
    StillStray(PractitionerId),
}

/// Whether what the page has fits into the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fitted {
    Yes,
    No,
}

/// An appointment as it is stored.
struct Stored {
    appointment: Appointment,
    id: String,
    version: String,
}

impl Between<'_> {
    /// Puts a booking that no book has into the one that it belongs into, or among the stray ones.
    ///
    /// # Errors
    /// What wire and store meet.
    pub async fn find(
        &self,
        portal_id: &PortalId,
        id: &str,
        stray: &mut BTreeSet<StrayBooking>,
    ) -> Result<Found, SyncError> {
        let found = self.wire.find::<Appointment>(id).await?;
        let Some((appointment, version)) = found else { return Ok(Found::Nothing) };
        let stored = Stored { appointment, id: id.to_owned(), version };
        self.find_stored(portal_id, &stored, stray).await
    }

    async fn find_stored(
        &self,
        portal_id: &PortalId,
        stored: &Stored,
        stray: &mut BTreeSet<StrayBooking>,
    ) -> Result<Found, SyncError> {
        if stored.appointment.status != AppointmentStatus::Booked {
            return Ok(Found::Nothing);
        }
        let Some(there) = self.coming(&stored.appointment, None).await? else {
            return Ok(Found::Nothing);
        };
        let place = stray_at(&there, None);
        let practitioner = there.practitioner.clone();
        Ok(match self.keep(portal_id, stored, Standing::Booked(there)).await? {
            Fitted::Yes if stray.remove(&place) => Found::FitsNow(practitioner),
            Fitted::Yes => Found::Back(practitioner),
            Fitted::No if stray.insert(place) => Found::Stray(practitioner),
            Fitted::No => Found::StillStray(practitioner),
        })
    }

    /// Where a booked appointment stands: with `known` where it names nobody; `None` where it is over, or
    /// can't be read.
    async fn coming(
        &self,
        appointment: &Appointment,
        known: Option<&PractitionerId>,
    ) -> Result<Option<OnPage>, SyncError> {
        let Some(slot) = appointment.slot.first().and_then(|it| it.id_of(Slot::KIND)) else {
            return Ok(None);
        };
        let slot = self.wire.find::<Slot>(slot).await?;
        let there = slot.and_then(|(slot, _)| read_on_page(appointment, &slot, known, self.setup));
        Ok(there.filter(|there| there.interval.start() > self.now))
    }

    /// Makes a booking in the books what it is on the page.
    async fn keep(
        &self,
        portal_id: &PortalId,
        stored: &Stored,
        standing: Standing,
    ) -> Result<Fitted, SyncError> {
        let id = CommandId::new(format!("kept-{}-{}", stored.id, stored.version));
        let command = Command::KeepOnline(KeptOnline { portal_id: portal_id.clone(), standing });
        match self.clinic.execute(&Actor::OnlineClient, id, &command, self.now).await {
            Ok(_) => Ok(Fitted::Yes),
            Err(ClinicError::Refused(_)) => Ok(Fitted::No),
            Err(error @ ClinicError::Store(_)) => Err(error.into()),
        }
    }

    /// Takes back what the page was told since the copy was made: bookings that no book has, and what
    /// was rebooked or cancelled. What does not fit is kept as stray, and stays as the books have it.
    ///
    /// # Errors
    /// What wire and store meet: all of it is done anew, with the same result.
    pub async fn settle(&self, state: &mut SyncState, at: DateTime<Utc>) -> Result<(), SyncError> {
        let mut restored = state.restored.take().unwrap_or_else(|| Restored::noticed(at));
        let settled = self.take_back(&mut restored, &mut state.stray).await;
        restored.settled_at = settled.is_ok().then_some(at);
        state.restored = Some(restored);
        settled
    }

    async fn take_back(
        &self,
        restored: &mut Restored,
        stray: &mut BTreeSet<StrayBooking>,
    ) -> Result<(), SyncError> {
        for (portal_id, stored) in self.last_told().await? {
            let Some(booking) = self.clinic.online_booking(&portal_id).await? else {
                let found = self.find_stored(&portal_id, &stored, stray).await?;
                restored.brought_back +=
                    usize::from(matches!(found, Found::Back(_) | Found::FitsNow(_)));
                continue;
            };
            // Cancelled before the copy was made, or over: the page follows the books.
            if !booking.is_active() || booking.interval.start() <= self.now {
                continue;
            }
            if stored.appointment.status == AppointmentStatus::Cancelled {
                let kept = self.keep(&portal_id, &stored, Standing::Cancelled).await?;
                restored.cancelled += usize::from(kept == Fitted::Yes);
                continue;
            }
            let known = Some(&booking.practitioner);
            let Some(there) = self.coming(&stored.appointment, known).await? else { continue };
            let in_book = (booking.practitioner, booking.interval);
            if in_book == (there.practitioner.clone(), there.interval) {
                continue;
            }
            let place = stray_at(&there, Some(in_book));
            match self.keep(&portal_id, &stored, Standing::Booked(there)).await? {
                Fitted::Yes => restored.moved += 1,
                Fitted::No => drop(stray.insert(place)),
            }
        }
        Ok(())
    }

    /// The appointment that tells what has become of each booking: one that was rebooked has several.
    async fn last_told(&self) -> Result<BTreeMap<PortalId, Stored>, SyncError> {
        let query = "status=booked,cancelled&_sort=_lastUpdated";
        let mut last: BTreeMap<PortalId, Stored> = BTreeMap::new();
        for found in self.wire.search(Appointment::KIND, query).await? {
            let (id, version) = (found.id().to_owned(), found.version);
            let Ok(appointment) = Appointment::from_value(found.value) else { continue };
            let Some(portal_id) = read_portal_id(&appointment) else { continue };
            let before = last.get(&portal_id).map(|stored| stored.appointment.status);
            if appointment.status == AppointmentStatus::Booked
                || before != Some(AppointmentStatus::Booked)
            {
                last.insert(portal_id, Stored { appointment, id, version });
            }
        }
        Ok(last)
    }
}

fn stray_at(there: &OnPage, in_book: Option<(PractitionerId, Interval)>) -> StrayBooking {
    let OnPage { practitioner, interval, .. } = there.clone();
    StrayBooking { interval, practitioner, in_book }
}
