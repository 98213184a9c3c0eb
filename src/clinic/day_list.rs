//! A day as a list, to print or read aloud: who comes when, and what is free. Reads only.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Book, Clinic, ClinicError, current};
use crate::domain::{
    Actor, Booking, BookingId, CategoryId, CivilTime, DateRange, IdentityProtection, Interval,
    Patient, PatientId, Permission, PractitionerId, Preblock, PreblockKind, PreblockTypeId,
    Resolver, Setup, TemplateId, subtract, union,
};

/// One practitioner's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayList {
    pub practitioner: PractitionerId,
    pub date: NaiveDate,
    /// The scheduled stretches of the day.
    pub scheduled: Vec<Interval>,
    /// By start.
    pub entries: Vec<DayEntry>,
}

/// A stretch of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayEntry {
    pub interval: Interval,
    pub what: DayItem,
}

/// What a stretch of the day is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayItem {
    Booking(Box<ListedBooking>),
    /// Free, and to be booked on the booking page by these templates.
    Bookable(Vec<TemplateId>),
    /// Scheduled, and nothing lies there that patients could book.
    Free,
    /// A preblock for staff.
    Internal(PreblockTypeId),
}

/// A booking as a list may show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedBooking {
    pub id: BookingId,
    pub who: Who,
    pub template: Option<TemplateId>,
    pub category: CategoryId,
    /// Empty where the patient is not named: it may name the patient.
    pub text: String,
    pub origin: Origin,
}

/// Whom a booking is for. A list leaves the screen: a protected patient is nobody's to read (R22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Nobody,
    /// Whoever asked may not see patients (R17).
    Hidden,
    Protected,
    Named {
        patient: PatientId,
        first_name: String,
        last_name: String,
    },
}

/// Where a booking comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Staff,
    BookingPage,
    /// The patient's first time at the clinic was booked on the booking page.
    NewFromBookingPage,
}

impl Clinic {
    /// The day of each of the practitioners, from one snapshot, in the order asked for.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn day_lists(
        &self,
        actor: &Actor,
        practitioners: &[PractitionerId],
        date: NaiveDate,
        now: CivilTime,
    ) -> Result<Vec<DayList>, ClinicError> {
        let mut reading = self.store().read().await?;
        let actor = current(&mut reading, actor).await?;
        let setup = self.setup_in(&mut reading).await?;
        let books = self.books_in(&mut reading, practitioners, DateRange::new(date, 1)).await?;
        let online: BTreeSet<PatientId> = books
            .iter()
            .flat_map(|book| book.calendar.bookings())
            .filter(|booking| booking.is_online())
            .filter_map(|booking| booking.patient.clone())
            .collect();
        let first = reading.first_bookings(&online).await?;
        let origin = |booking: &Booking| match booking.patient.as_ref().and_then(|id| first.get(id))
        {
            _ if !booking.is_online() => Origin::Staff,
            Some(first) if *first == booking.interval.start() => Origin::NewFromBookingPage,
            _ => Origin::BookingPage,
        };
        let day = Day { setup: &setup, actor: &actor, date, now };
        Ok(books.iter().map(|book| day.list(book, origin)).collect())
    }
}

/// What every practitioner's list of a day is made with.
struct Day<'a> {
    setup: &'a Setup,
    actor: &'a Actor,
    date: NaiveDate,
    now: CivilTime,
}

impl Day<'_> {
    fn list(&self, book: &Book, origin: impl Fn(&Booking) -> Origin) -> DayList {
        let day = Interval::whole_day(self.date);
        let calendar = &book.calendar;
        let scheduled: Vec<Interval> =
            calendar.scheduled_in(day).iter().filter_map(|it| it.intersection(day)).collect();
        let mut entries: Vec<DayEntry> = calendar
            .bookings_in(day)
            .iter()
            .map(|booking| DayEntry {
                interval: booking.interval,
                what: DayItem::Booking(Box::new(self.listed(book, booking, origin(booking)))),
            })
            .collect();
        let internal: Vec<&Preblock> =
            calendar.preblocks_in(day).iter().filter(|it| self.is_internal(it)).collect();
        entries.extend(internal.iter().map(|preblock| DayEntry {
            interval: preblock.interval,
            what: DayItem::Internal(preblock.preblock_type.clone()),
        }));
        let taken: Vec<Interval> = calendar
            .booked_in(day)
            .iter()
            .copied()
            .chain(internal.iter().map(|preblock| preblock.interval))
            .collect();
        let bookable = self.bookable(book);
        let open: Vec<Interval> = bookable.iter().map(|entry| entry.interval).collect();
        let gone = union(taken.into_iter().chain(open).collect());
        let free = scheduled.iter().flat_map(|stretch| subtract(*stretch, &gone));
        entries.extend(free.map(|interval| DayEntry { interval, what: DayItem::Free }));
        entries.extend(bookable);
        entries.sort_by_key(|entry| entry.interval);
        DayList { practitioner: book.practitioner.clone(), date: self.date, scheduled, entries }
    }

    /// For staff and in force (R7).
    fn is_internal(&self, preblock: &Preblock) -> bool {
        let found = self.setup.preblock_types.get(&preblock.preblock_type);
        let date = preblock.interval.start().date();
        found.is_some_and(|found| {
            found.kind == PreblockKind::Internal && found.in_force(date, self.now.date())
        })
    }

    /// The stretches that patients can book, each with its templates in the order of their list.
    fn bookable(&self, book: &Book) -> Vec<DayEntry> {
        let resolver = Resolver::new(self.setup, &book.resources, self.now);
        let slots = resolver.slots(&book.practitioner, &book.calendar, book.days);
        let practitioner = self.setup.practitioners.get(&book.practitioner);
        let listed = practitioner.map_or_else(Vec::new, |it| self.setup.online_templates(it).items);
        let stretches = union(slots.iter().map(|slot| slot.interval).collect());
        let entry = |stretch: Interval| {
            let here = slots.iter().filter(|slot| stretch.contains(slot.interval));
            let here: BTreeSet<&TemplateId> = here.map(|slot| &slot.template).collect();
            let templates = listed.iter().filter(|id| here.contains(id)).cloned().collect();
            DayEntry { interval: stretch, what: DayItem::Bookable(templates) }
        };
        stretches.into_iter().map(entry).collect()
    }

    fn listed(&self, book: &Book, booking: &Booking, origin: Origin) -> ListedBooking {
        let patient = booking.patient.as_ref().and_then(|id| book.patients.get(id));
        let who = self.who(patient);
        let tells = matches!(who, Who::Nobody | Who::Named { .. });
        ListedBooking {
            id: booking.id.clone(),
            template: booking.template.clone(),
            category: booking.category.clone(),
            text: if tells { booking.text.trim().to_owned() } else { String::new() },
            who,
            origin,
        }
    }

    fn who(&self, patient: Option<&Patient>) -> Who {
        match patient {
            None => Who::Nobody,
            Some(patient) if patient.protection == IdentityProtection::Protected => Who::Protected,
            Some(_) if !self.actor.may(Permission::PatientView) => Who::Hidden,
            Some(patient) => Who::Named {
                patient: patient.id.clone(),
                first_name: patient.first_name.clone(),
                last_name: patient.last_name.clone(),
            },
        }
    }
}
