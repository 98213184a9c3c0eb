//! Reading what a screen needs of one practitioner's days, and bookable times; each in one snapshot.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clinic, ClinicError};
use crate::domain::{
    Booking, Calendar, CivilTime, DateRange, Interval, Patient, PatientId, PortalId,
    PractitionerId, Resolver, ResourceUse, Slot,
};
use crate::store::{Revisions, Session};

/// One practitioner's days as they stood at [`Book::revisions`].
#[derive(Clone, Debug)]
pub struct Book {
    pub practitioner: PractitionerId,
    pub days: DateRange,
    /// Whatever overlaps the days, and whatever overlaps the preblocks that do.
    pub calendar: Calendar,
    pub resources: ResourceUse,
    /// The patients of the bookings.
    pub patients: BTreeMap<PatientId, Patient>,
    /// Read before the data: what has moved since will show as newer.
    pub revisions: Revisions,
}

impl Clinic {
    /// Everything a screen needs of one practitioner's days; an unknown practitioner's book is empty.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn book(
        &self,
        practitioner: &PractitionerId,
        days: DateRange,
    ) -> Result<Book, ClinicError> {
        let mut reading = self.store().read().await?;
        let revisions = reading.revisions().await?;
        let setup = self.setup_in(&mut reading).await?;
        let (calendar, resources) = match days.interval() {
            Some(asked) => {
                let calendar = calendar_around(&mut reading, practitioner, asked).await?;
                let reach = reach(&calendar, asked);
                (calendar, reading.resource_use(&setup, reach).await?)
            }
            None => (Calendar::default(), ResourceUse::default()),
        };
        let booked: BTreeSet<PatientId> =
            calendar.bookings().iter().filter_map(|booking| booking.patient.clone()).collect();
        let patients = reading.patients(&booked).await?;
        let practitioner = practitioner.clone();
        Ok(Book { practitioner, days, calendar, resources, patients, revisions })
    }
}

impl Clinic {
    /// The bookable times of one practitioner, or of all where none is named, that start on the
    /// days; from one snapshot, in listing order (R11).
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn slots(
        &self,
        practitioner: Option<&PractitionerId>,
        days: DateRange,
        now: CivilTime,
    ) -> Result<Vec<Slot>, ClinicError> {
        let Some(asked) = days.interval() else { return Ok(Vec::new()) };
        let mut reading = self.store().read().await?;
        let setup = self.setup_in(&mut reading).await?;
        let calendars = match practitioner {
            Some(id) => {
                let calendar = calendar_around(&mut reading, id, asked).await?;
                BTreeMap::from([(id.clone(), calendar)])
            }
            None => calendars_around(&mut reading, asked).await?,
        };
        let reach = calendars.values().fold(asked, |reached, calendar| reach(calendar, reached));
        let resources = reading.resource_use(&setup, reach).await?;
        let resolver = Resolver::new(&setup, &resources, now);
        let mut slots: Vec<Slot> = calendars
            .iter()
            .flat_map(|(id, calendar)| resolver.slots(id, calendar, days))
            .collect();
        slots.sort_unstable();
        Ok(slots)
    }
}

impl Clinic {
    /// The booking that the booking page knows by an id, cancelled or not.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn online_booking(&self, id: &PortalId) -> Result<Option<Booking>, ClinicError> {
        Ok(self.store().read().await?.booking_from_portal(id).await?)
    }
}

/// [`calendar_around`] for every practitioner, in as few queries.
pub(super) async fn calendars_around(
    session: &mut Session,
    interval: Interval,
) -> Result<BTreeMap<PractitionerId, Calendar>, ClinicError> {
    let calendars = session.calendars(interval).await?;
    let reach = calendars.values().fold(interval, |reached, calendar| reach(calendar, reached));
    if reach == interval {
        return Ok(calendars);
    }
    Ok(session.calendars(reach).await?)
}

/// What overlaps the interval, and what overlaps the preblocks that reach out of it: a slot on such
/// a preblock is judged by the whole of its grid.
pub(super) async fn calendar_around(
    session: &mut Session,
    practitioner: &PractitionerId,
    interval: Interval,
) -> Result<Calendar, ClinicError> {
    let calendar = session.calendar(practitioner, interval).await?;
    let reach = reach(&calendar, interval);
    if reach == interval {
        return Ok(calendar);
    }
    Ok(session.calendar(practitioner, reach).await?)
}

/// The interval stretched over the preblocks and bookings that reach out of it.
pub(super) fn reach(calendar: &Calendar, interval: Interval) -> Interval {
    let held = calendar.preblocks().iter().map(|preblock| preblock.interval);
    held.chain(calendar.booked().iter().copied()).fold(interval, Interval::hull)
}
