//! Reading what a screen needs of one practitioner's days, and bookable times; each in one snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Clinic, ClinicError};
use crate::domain::{
    Booking, Calendar, CivilTime, DateRange, Interval, OutThere, Patient, PatientId, PortalId,
    PractitionerId, Resolver, ResourceUse, Slot,
};
use crate::store::{BookPages, Revisions, Session, Stretch, Whose};

/// One practitioner's days as they stood at [`Book::revisions`].
#[derive(Clone, Debug)]
pub struct Book {
    pub practitioner: PractitionerId,
    pub days: DateRange,
    /// Whatever overlaps the days, and whatever overlaps the preblocks that do.
    pub calendar: Calendar,
    /// Of the whole clinic: shared by all books that were read together, as the revisions are.
    pub resources: Arc<ResourceUse>,
    /// The patients of the bookings.
    pub patients: BTreeMap<PatientId, Patient>,
    /// What of the days patients see, as the agent last kept it.
    pub out_there: OutThere,
    /// Read before the data: what has moved since will show as newer.
    pub revisions: Arc<Revisions>,
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
        let books = self.books_in(&mut reading, std::slice::from_ref(practitioner), days).await?;
        let nothing = || Book::empty(practitioner.clone(), days);
        Ok(books.into_iter().next().unwrap_or_else(nothing))
    }

    /// The books of several practitioners, in the order asked for, all from one snapshot and in as
    /// few queries as one.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn books(
        &self,
        practitioners: &[PractitionerId],
        days: DateRange,
    ) -> Result<Vec<Book>, ClinicError> {
        let mut reading = self.store().read().await?;
        self.books_in(&mut reading, practitioners, days).await
    }

    /// The books as a session sees them.
    pub(super) async fn books_in(
        &self,
        session: &mut Session,
        practitioners: &[PractitionerId],
        days: DateRange,
    ) -> Result<Vec<Book>, ClinicError> {
        let Some(asked) = days.interval() else {
            let nothing = practitioners.iter().map(|id| Book::empty(id.clone(), days));
            return Ok(nothing.collect());
        };
        let whose = Whose::These(practitioners);
        let mut pages = session.book_pages(whose, asked).await?;
        let reach = reach(&pages.stretch, asked);
        if reach != asked {
            pages = session.book_pages(whose, reach).await?;
        }
        let BookPages { stretch, patients, mut out_there, revisions } = pages;
        let Stretch { mut calendars, resources } = stretch;
        let (resources, revisions) = (Arc::new(resources), Arc::new(revisions));
        let book = |practitioner: &PractitionerId| {
            let calendar = calendars.remove(practitioner).unwrap_or_default();
            let of = booked(&calendar);
            let own = of.filter_map(|id| patients.get_key_value(&id));
            Book {
                practitioner: practitioner.clone(),
                days,
                patients: own.map(|(id, patient)| (id.clone(), patient.clone())).collect(),
                calendar,
                resources: Arc::clone(&resources),
                out_there: out_there.remove(practitioner).unwrap_or_default(),
                revisions: Arc::clone(&revisions),
            }
        };
        Ok(practitioners.iter().map(book).collect())
    }
}

impl Book {
    fn empty(practitioner: PractitionerId, days: DateRange) -> Self {
        Self {
            practitioner,
            days,
            calendar: Calendar::default(),
            resources: Arc::default(),
            patients: BTreeMap::new(),
            out_there: OutThere::new(),
            revisions: Arc::default(),
        }
    }
}

/// The patients who have booked.
fn booked(calendar: &Calendar) -> impl Iterator<Item = PatientId> {
    calendar.bookings().iter().filter_map(|booking| booking.patient.clone())
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
        let whose = practitioner.map_or(Whose::All, |id| Whose::These(std::slice::from_ref(id)));
        let Stretch { calendars, resources } = books_around(&mut reading, whose, asked).await?;
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

/// What overlaps the interval, and what overlaps the preblocks that reach out of it: a slot on such
/// a preblock is judged by the whole of its grid.
pub(super) async fn books_around(
    session: &mut Session,
    whose: Whose<'_>,
    interval: Interval,
) -> Result<Stretch, ClinicError> {
    let stretch = session.stretch(whose, interval).await?;
    let reach = reach(&stretch, interval);
    if reach == interval {
        return Ok(stretch);
    }
    Ok(session.stretch(whose, reach).await?)
}

/// The interval stretched over the preblocks and bookings that reach out of it.
pub(super) fn reach(stretch: &Stretch, interval: Interval) -> Interval {
    let held = stretch.calendars.values().flat_map(|calendar| {
        let preblocks = calendar.preblocks().iter().map(|preblock| preblock.interval);
        preblocks.chain(calendar.booked().iter().copied())
    });
    held.fold(interval, Interval::hull)
}
