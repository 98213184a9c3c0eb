//! The contacts that patients gave online and staff take over or dismiss (R14). Reads only.

use super::{Changed, ClinicError, Refusal, require};
use crate::domain::{
    Actor, BookingId, Contacts, GivenContacts, Offer, Patient, Permission, SettingChange,
};
use crate::store::Session;

/// The contacts given with a booking, and the change that settles what becomes of them.
///
/// # Errors
/// The actor may not change patients (R17); nothing is offered, or not any more.
pub(super) async fn settled(
    session: &mut Session,
    actor: &Actor,
    booking: &BookingId,
) -> Result<(Contacts, SettingChange), ClinicError> {
    for permission in [Permission::BookingEdit, Permission::PatientView] {
        require(actor, permission)?;
    }
    let given = session.given_contacts(booking).await?;
    let before = given.filter(|given| given.offer == Offer::Open).ok_or(Refusal::NothingOffered)?;
    let after = GivenContacts { offer: Offer::Settled, ..before.clone() };
    Ok((before.contacts.clone(), SettingChange::Contacts(Changed::Altered { before, after })))
}

/// The changes that put the contacts on the patient's card.
///
/// # Errors
/// As [`settled`]; the card is not that of the booking's patient.
pub(super) async fn taken_over(
    session: &mut Session,
    actor: &Actor,
    booking: &BookingId,
    card: &Patient,
) -> Result<Vec<SettingChange>, ClinicError> {
    let (contacts, settled) = settled(session, actor, booking).await?;
    let patient = session.booking(booking).await?.and_then(|booking| booking.patient);
    if patient.as_ref() != Some(&card.id) {
        return Err(Refusal::Gone.into());
    }
    let (before, after) = (card.clone(), contacts.onto(card));
    let update = SettingChange::Patient(Changed::Altered { before, after });
    let changed = !update.changes_nothing();
    Ok(changed.then_some(update).into_iter().chain([settled]).collect())
}
