//! A throw-away clinic around a given day, for trying the console: pure, and the same every time.
//!
//! Uses the domain and the clinic file; nobody in it exists.

mod bookings;
mod books;
mod dice;
mod patients;
mod registers;
mod timetable;

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::{Booking, Patient, Preblock, Setup, User, WorkSession};

/// Everything the demo's clinic holds.
pub struct DemoClinic {
    pub setup: Setup,
    pub users: Vec<User>,
    pub patients: Vec<Patient>,
    pub sessions: Vec<WorkSession>,
    pub preblocks: Vec<Preblock>,
    pub bookings: Vec<Booking>,
}

/// The demo's clinic on `today`: two weeks back and six ahead, counting the current one.
pub fn clinic(today: NaiveDate) -> DemoClinic {
    let weekday = u64::from(today.weekday().num_days_from_monday());
    let monday = today.checked_sub_days(Days::new(weekday)).unwrap_or(today);
    let setup = registers::setup(monday);
    let patients = patients::patients(today);
    let ids: Vec<_> = patients.iter().map(|patient| patient.id.clone()).collect();
    let books = books::books(&setup, &ids, monday);
    DemoClinic {
        setup,
        users: registers::users(),
        patients,
        sessions: books.sessions,
        preblocks: books.preblocks,
        bookings: books.bookings,
    }
}
