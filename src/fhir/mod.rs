//! The wire between the Online Client and the booking page: HL7 FHIR R4, in JSON. Resources as they
//! are used here, the bundles they travel in, and the names they use. Pure; uses no other room.
//!
//! # The mapping
//!
//! | in the clinic | on the wire | what it holds |
//! |---|---|---|
//! | `Company` | [`Organization`] | name, telephone, e-mail, address; [`names::PORTAL_TEXT`], [`names::ADDRESS_REQUIRED`]; identifier [`names::COMPANY`] |
//! | `Practitioner` | [`Practitioner`] | name; identifier [`names::PRACTITIONER`] |
//! | `BookingTemplate` | [`HealthcareService`] | name; [`names::MINUTES`], [`names::MAY_REBOOK`], [`names::MAY_CANCEL`], [`names::CHANGE_HOURS`]; identifier [`names::TEMPLATE`] |
//! | a practitioner's book | [`Schedule`] | the practitioner as actor; [`names::OF_COMPANY`]; [`names::OFFERS`] in the order of the e-tidbok list |
//! | `Slot` | [`Slot`] | start and end with the clinic's UTC offset; the template as service type |
//! | a patient's wish, a booking | [`Appointment`] | [`names::WISH`]: to book, to rebook ([`names::REPLACES`]) or to cancel; the slot, its template as service type, its practitioner as participant; [`names::E_ID`]; identifier [`names::BOOKING`] |
//! | who wishes | [`Patient`] | name, personnummer, e-mail, mobile number, address: what R14 requires; the language of the page, [`names::LANGUAGE`] |
//!
//! That a database is published there, and no other, is claimed by a HealthcareService that is offered to
//! nobody, `tidbok-agent`, with the database under [`names::PUBLISHED_DATABASE`], and how much its agent has
//! done under [`names::GENERATION`]: by that a database that is an older copy is known.
//!
//! A wish is an Appointment that is *proposed*; the agent answers by making it *booked*, or
//! *cancelled* with a reason in [`names::REFUSAL`] and in patients' words. A wish to cancel is the
//! booked Appointment with [`names::WISH`] `cancel` put on it.

mod bundle;
mod elements;
pub mod names;
mod resources;

pub use bundle::{
    Bundle, BundleKind, Entry, EntryRequest, EntryResponse, EntrySearch, Issue, Link, Method,
    OperationOutcome, etag, version_of,
};
pub use elements::{
    Address, CodeableConcept, Coding, Communication, ContactPoint, Extension, HumanName,
    Identifier, Meta, Others, Reference, contact, extended, identified, is_id,
};
pub use resources::{
    Appointment, AppointmentStatus, HealthcareService, Organization, Participant, Patient,
    Practitioner, Schedule, Slot, SlotStatus,
};

/// A resource of a kind that is used here.
pub trait Resource: serde::Serialize + serde::de::DeserializeOwned {
    /// Its type on the wire, such as `Slot`.
    const KIND: &'static str;

    /// As JSON, with its type.
    ///
    /// # Errors
    /// None of ours: a map with keys that are no text, which no resource holds.
    fn to_value(&self) -> serde_json::Result<serde_json::Value> {
        let mut value = serde_json::to_value(self)?;
        if let Some(object) = value.as_object_mut() {
            object.insert("resourceType".to_owned(), Self::KIND.into());
        }
        Ok(value)
    }

    /// Read from JSON.
    ///
    /// # Errors
    /// It is of another type, or lacks what it must have.
    fn from_value(mut value: serde_json::Value) -> Result<Self, NotThat> {
        let kind = value.as_object_mut().and_then(|object| object.remove("resourceType"));
        if kind.as_ref().and_then(serde_json::Value::as_str) != Some(Self::KIND) {
            return Err(NotThat { expected: Self::KIND });
        }
        // The error of serde may quote what it read, which may be personal.
        serde_json::from_value(value).map_err(|_| NotThat { expected: Self::KIND })
    }
}

/// What came is not the resource that was expected. Says nothing of what it held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what came is not a {expected} as FHIR R4 has it")]
pub struct NotThat {
    pub expected: &'static str,
}

macro_rules! kinds {
    ($($name:ident)+) => {$(
        impl Resource for $name {
            const KIND: &'static str = stringify!($name);
        }
    )+};
}

kinds!(Organization Practitioner HealthcareService Schedule Slot Appointment Patient);
kinds!(Bundle OperationOutcome);

#[cfg(test)]
mod tests;
