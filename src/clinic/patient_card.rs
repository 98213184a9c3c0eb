//! Reading what is known of a patient.

use std::collections::BTreeSet;

use super::viewed::Viewed;
use super::{Clinic, ClinicError, Refusal, current, require};
use crate::domain::{
    Actor, Booking, CivilTime, GivenContacts, Offer, OfferedContacts, Patient, PatientId,
    Permission,
};
use crate::store::Session;

/// The most bookings of either kind on a card.
pub const MOST_BOOKINGS: u32 = 50;

/// A patient with bookings, recall and what the patient has offered. Masking a protected one is the
/// caller's (R22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientCard {
    pub patient: Patient,
    /// Booked and not over yet, the soonest first; at most [`MOST_BOOKINGS`].
    pub coming: Vec<Booking>,
    /// Over, or cancelled; the latest first; at most [`MOST_BOOKINGS`].
    pub past: Vec<Booking>,
    /// The contacts that the patient gave last, where they wait and differ from the card (R14).
    pub offered: Option<OfferedContacts>,
}

impl Clinic {
    /// What is known of a patient at `now`, from one snapshot. That it was asked is told in the audit log.
    ///
    /// # Errors
    /// The actor lacks `patient.view` (R17), there is no such patient, or the store could not be
    /// read or written.
    pub async fn patient_card(
        &self,
        actor: &Actor,
        patient: &PatientId,
        now: CivilTime,
    ) -> Result<PatientCard, ClinicError> {
        let mut reading = self.store().read().await?;
        let actor = current(&mut reading, actor).await?;
        require(&actor, Permission::PatientView)?;
        let wanted = BTreeSet::from([patient.clone()]);
        let found = reading.patients(&wanted).await?.remove(patient);
        let patient = found.ok_or(Refusal::UnknownPatient)?;
        let card = PatientCard {
            coming: reading.coming_bookings(&patient.id, now, MOST_BOOKINGS).await?,
            past: reading.past_bookings(&patient.id, now, MOST_BOOKINGS).await?,
            offered: offered(&mut reading, &patient).await?,
            patient,
        };
        drop(reading);
        self.tell_viewed(&actor, Viewed::Card(&card.patient.id)).await?;
        Ok(card)
    }
}

/// What the patient's last contacts would change on the card, if they still wait.
async fn offered(
    session: &mut Session,
    card: &Patient,
) -> Result<Option<OfferedContacts>, ClinicError> {
    let given = session.last_given_contacts(&card.id).await?;
    let Some(given) = given.filter(|given| given.offer == Offer::Open) else { return Ok(None) };
    let GivenContacts { booking, given_at, contacts, .. } = given;
    let differing = contacts.differing(card);
    let Some(with) = session.booking(&booking).await?.filter(|_| !differing.is_empty()) else {
        return Ok(None);
    };
    let identification = with.identification;
    Ok(Some(OfferedContacts { booking, given_at, identification, differing }))
}
