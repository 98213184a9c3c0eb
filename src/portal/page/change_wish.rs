//! The wishes of whoever is logged in: another time instead of a booked one, in one step, and a
//! booking cancelled (R15). Each carries that the patient was identified, and by which number.

use serde_json::{Value, json};

use crate::domain::{OnlineChange, PatientLanguage};
use crate::fhir::{Appointment, Patient, Resource, Slot, names};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::browser::Browser;
use super::e_id::Who;
use super::form::{number_of, written_to_in};
use super::holds::{self, Standing};
use super::mine::{self, Mine, WhyNot};
use super::offer::Offer;
use super::wish::{self, takes_part};

/// What came of asking for a change.
pub enum Changed {
    /// The agent is to answer; the appointment whose answer it will be.
    Asked(String),
    /// The time that was chosen went away meanwhile.
    Gone,
    /// It can't be changed here.
    No(Box<Mine>, WhyNot),
}

/// Asks for a time instead of a booked one, by a slot's id, in the language of the page. A form that is
/// sent twice asks once.
///
/// # Errors
/// [`Refusal::NotFound`] where the booking is not the person's; [`Refusal::ClinicSilent`]; the store.
pub fn rebook(
    desk: &mut Desk<'_>,
    browser: &Browser,
    who: &Who,
    id: &str,
    (slot, language): (&str, PatientLanguage),
) -> Result<Changed, Refusal> {
    let before = mine::one(desk, who, id)?;
    if let Some(asked) = mine::replacing(desk, who, &before.portal_id)? {
        return Ok(Changed::Asked(asked.id));
    }
    if let Some(id) = wish::own_of(desk, (browser, Some(who)), slot)? {
        // Sent again after the clinic has answered: the old booking is no more, and the time is theirs.
        return Ok(Changed::Asked(id));
    }
    if let Err(why) = before.may(OnlineChange::Rebook, desk.shelf().now) {
        return Ok(Changed::No(Box::new(before), why));
    }
    let (Standing::Held { time, .. } | Standing::Free(time)) =
        holds::standing(desk, browser, slot)?
    else {
        return Ok(Changed::Gone);
    };
    // R15: the same treatment, within the company.
    let (service, company) = (before.service.as_ref(), before.company.as_ref());
    let offer = Offer::of(desk)?;
    let same = service.is_some_and(|service| service.code == time.service)
        && offer.book(&time.book).map(|book| &book.company) == company.map(|company| &company.id);
    if !same {
        return Err(Refusal::NotFound);
    }
    holds::forget(desk, slot)?;
    let mut patient = identified(who);
    patient["communication"] = written_to_in(language);
    let patient = desk.create(Patient::KIND, patient)?;
    let rebooked = json!({
        "resourceType": Appointment::KIND,
        "status": "proposed",
        "extension": [
            {"url": names::WISH, "valueCode": "rebook"},
            {"url": names::REPLACES, "valueString": before.portal_id},
            {"url": names::E_ID, "valueBoolean": true},
        ],
        "slot": [{"reference": format!("{}/{slot}", Slot::KIND)}],
        "participant": [takes_part(&patient)],
    });
    let rebooked = desk.create(Appointment::KIND, rebooked)?;
    holds::remember(desk, browser, &time, &rebooked.id)?;
    Ok(Changed::Asked(rebooked.id))
}

/// Asks to cancel a booking. One that is to be cancelled already is not asked for again.
///
/// # Errors
/// [`Refusal::NotFound`] where the booking is not the person's; [`Refusal::ClinicSilent`]; the store.
pub fn cancel(desk: &mut Desk<'_>, who: &Who, id: &str) -> Result<Changed, Refusal> {
    let before = mine::one(desk, who, id)?;
    let asked = matches!(before.standing, mine::Standing::ToBeCancelled(_));
    if asked || before.standing == mine::Standing::Cancelled {
        return Ok(Changed::Asked(before.id));
    }
    if let Err(why) = before.may(OnlineChange::Cancel, desk.shelf().now) {
        return Ok(Changed::No(Box::new(before), why));
    }
    let patient = desk.create(Patient::KIND, identified(who))?;
    let wish = json!({
        "resourceType": Appointment::KIND,
        "id": before.id,
        "status": "booked",
        "extension": [
            {"url": names::WISH, "valueCode": "cancel"},
            {"url": names::E_ID, "valueBoolean": true},
        ],
        "participant": [takes_part(&patient)],
    });
    desk.put(Appointment::KIND, &before.id, wish, None)?;
    Ok(Changed::Asked(before.id))
}

/// Whoever e-ID told of: a number and nothing else.
fn identified(who: &Who) -> Value {
    let (system, number) = number_of(&who.personnummer);
    json!({
        "resourceType": Patient::KIND,
        "identifier": [{"system": system, "value": number}],
    })
}
