//! Finding patients and bookings by what somebody types.

use std::collections::{BTreeMap, BTreeSet};

use super::viewed::Viewed;
use super::{Clinic, ClinicError, current, require};
use crate::domain::{Actor, Booking, CivilTime, Patient, PatientId, Permission};

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
    /// Patients by part of a name or by personnummer, at most `limit`. That it was asked is told in the
    /// audit log.
    ///
    /// # Errors
    /// The actor lacks `patient.view`, or the store could not be read or written.
    pub async fn find_patients(
        &self,
        actor: &Actor,
        text: &str,
        limit: u32,
    ) -> Result<Vec<Patient>, ClinicError> {
        let mut reading = self.store().read().await?;
        let actor = current(&mut reading, actor).await?;
        require(&actor, Permission::PatientView)?;
        let found = reading.find_patients(text, limit).await?;
        drop(reading);
        self.tell_viewed(&actor, Viewed::Search { patients: &found, bookings: &[] }).await?;
        Ok(found)
    }

    /// At most `limit` patients by name or personnummer, and as many coming bookings and past ones by
    /// their patient or text. Protected patients are among them: what is shown of them is the caller's
    /// to decide (R22). That it was asked is told in the audit log.
    ///
    /// # Errors
    /// The actor lacks `patient.view` (R17): a hit alone would tell who is a patient. The store could
    /// not be read or written.
    pub async fn find(
        &self,
        actor: &Actor,
        text: &str,
        now: CivilTime,
        limit: u32,
    ) -> Result<Found, ClinicError> {
        let mut reading = self.store().read().await?;
        let actor = current(&mut reading, actor).await?;
        require(&actor, Permission::PatientView)?;
        let patients = reading.find_patients(text, limit).await?;
        let bookings = reading.find_bookings(text, now, limit).await?;
        let ids: BTreeSet<PatientId> =
            bookings.iter().filter_map(|booking| booking.patient.clone()).collect();
        let booked = reading.patients(&ids).await?;
        drop(reading);
        let shown = Viewed::Search { patients: &patients, bookings: &bookings };
        self.tell_viewed(&actor, shown).await?;
        Ok(Found { patients, bookings, booked })
    }
}
