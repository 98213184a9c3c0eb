//! A throw-away clinic around a given day, for trying the console: pure, and the same every time.
//!
//! Uses the domain and the clinic file; nobody in it exists.

mod bookings;
mod books;
mod contacts;
mod dice;
mod patients;
mod registers;
mod timetable;

use chrono::{Datelike, Days, NaiveDate};

use crate::store::ClinicFile;

pub use contacts::contacts;

/// The demo's clinic on `today`: two weeks back and six ahead, counting the current one.
pub fn clinic(today: NaiveDate) -> ClinicFile {
    let weekday = u64::from(today.weekday().num_days_from_monday());
    let monday = today.checked_sub_days(Days::new(weekday)).unwrap_or(today);
    let setup = registers::setup(monday);
    let patients = patients::patients(today);
    let ids: Vec<_> = patients.iter().map(|patient| patient.id.clone()).collect();
    let books = books::books(&setup, &ids, monday);
    ClinicFile {
        setup,
        work_sessions: books.sessions,
        preblocks: books.preblocks,
        bookings: books.bookings.into_iter().map(|it| (it.id.clone(), it)).collect(),
        patients: patients.into_iter().map(|it| (it.id.clone(), it)).collect(),
        users: registers::users().into_iter().map(|it| (it.signature.clone(), it)).collect(),
    }
}

#[cfg(test)]
mod tests;
