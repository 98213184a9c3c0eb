//! Finding patients and bookings by what somebody types. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clinic, ClinicError, current, require};
use crate::domain::{Actor, Booking, CivilTime, Patient, PatientId, Permission};

/// What is looked for.
#[derive(Clone, PartialEq, Eq)]
pub enum Sought {
    /// Patients by name or personnummer, and bookings by their patient or text.
    Text(String),
    /// The bookings of one patient.
    BookingsOf(PatientId),
}

/// What was found.
#[derive(Clone, Default)]
pub struct Found {
    /// In Swedish order of name.
    pub patients: Vec<Patient>,
    /// The coming ones first and in order, then the past ones, the newest first.
    pub bookings: Vec<Booking>,
    /// The patients of the bookings.
    pub booked: BTreeMap<PatientId, Patient>,
}

impl Clinic {
    /// At most `limit` patients, coming bookings and past ones. Protected patients are among them: what
    /// is shown of them is the caller's to decide (R22).
    ///
    /// # Errors
    /// The actor lacks `patient.view` (R17): a hit alone would tell who is a patient. The store could
    /// not be read.
    pub async fn find(
        &self,
        actor: &Actor,
        sought: &Sought,
        now: CivilTime,
        limit: u32,
    ) -> Result<Found, ClinicError> {
        let mut reading = self.store().read().await?;
        require(&current(&mut reading, actor).await?, Permission::PatientView)?;
        let (patients, bookings) = match sought {
            Sought::Text(text) => {
                let patients = reading.find_patients(text, limit).await?;
                (patients, reading.find_bookings(text, now, limit).await?)
            }
            Sought::BookingsOf(patient) => {
                (Vec::new(), reading.bookings_of_patient(patient, now, limit).await?)
            }
        };
        let ids: BTreeSet<PatientId> =
            bookings.iter().filter_map(|booking| booking.patient.clone()).collect();
        let booked = reading.patients(&ids).await?;
        Ok(Found { patients, bookings, booked })
    }
}
