//! Reading what is known of a patient.

use std::collections::BTreeSet;

use super::{Clinic, ClinicError, Refusal, current, require};
use crate::domain::{Actor, Booking, CivilTime, Patient, PatientId, Permission};

/// A patient with bookings and recall. Masking a protected one is the caller's (R22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientCard {
    pub patient: Patient,
    /// Booked and not over yet, the soonest first.
    pub coming: Vec<Booking>,
    /// Over, or cancelled; the latest first.
    pub past: Vec<Booking>,
}

impl Clinic {
    /// What is known of a patient at `now`, from one snapshot.
    ///
    /// # Errors
    /// The actor lacks `patient.view` (R17), there is no such patient, or the store could not be
    /// read.
    pub async fn patient_card(
        &self,
        actor: &Actor,
        patient: &PatientId,
        now: CivilTime,
    ) -> Result<PatientCard, ClinicError> {
        let mut reading = self.store().read().await?;
        require(&current(&mut reading, actor).await?, Permission::PatientView)?;
        let found = reading.patients(&BTreeSet::from([patient.clone()])).await?.remove(patient);
        let patient = found.ok_or(Refusal::UnknownPatient)?;
        let mut bookings = reading.bookings_of(&patient.id).await?;
        bookings.sort_by(|a, b| (a.interval.start(), &a.id).cmp(&(b.interval.start(), &b.id)));
        let is_coming = |booking: &Booking| booking.is_active() && booking.interval.end() > now;
        let (coming, mut past): (Vec<_>, Vec<_>) = bookings.into_iter().partition(is_coming);
        past.reverse();
        Ok(PatientCard { patient, coming, past })
    }
}
