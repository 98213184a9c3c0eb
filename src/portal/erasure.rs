//! What is left of a patient and of an appointment once nothing waits for an answer: the hash by which
//! patients find their own bookings, and what is needed of those. Stores nothing.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::domain::hexadecimal;
use crate::fhir::{
    Appointment, Others, Participant, Patient, Reference, Resource, identified, names,
};

/// Under this system a patient is known once the personal details are erased: a keyed hash of the
/// personnummer.
pub const KNOWN_AS: &str = "urn:x-tidbok:patient-hash";

/// Key of the hash under which patients are known after erasure. Never shown.
#[derive(Clone)]
pub struct HashKey(Vec<u8>);

impl HashKey {
    /// The shortest that is taken, in bytes.
    pub const SHORTEST: usize = 16;

    /// The key of these bytes; `None` where they are too few.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= Self::SHORTEST).then_some(Self(bytes))
    }

    /// The hash of a personnummer, in hexadecimal digits.
    pub fn hash(&self, personnummer: &str) -> String {
        // Of any length there is; an HMAC takes every key.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(personnummer.as_bytes());
        hexadecimal(&mac.finalize().into_bytes())
    }
}

/// What is left of a patient: the keyed hash, and nothing where no number was given.
pub(super) fn left_of_patient(id: &str, patient: &Patient, key: &HashKey) -> Value {
    let number = identified(&patient.identifier, names::PERSONNUMMER)
        .or_else(|| identified(&patient.identifier, names::SAMORDNINGSNUMMER));
    let known = identified(&patient.identifier, KNOWN_AS).map(str::to_owned);
    let known = known.or_else(|| number.map(|number| key.hash(number)));
    let mut left = json!({"resourceType": Patient::KIND, "id": id});
    if let (Some(known), Some(object)) = (known, left.as_object_mut()) {
        object.insert("identifier".to_owned(), json!([{"system": KNOWN_AS, "value": known}]));
    }
    left
}

/// An appointment with what is needed of it, in our own words: what else a page wrote on it may be of
/// anything.
pub(super) fn bare(appointment: Appointment) -> Appointment {
    let reference =
        |it: &Reference| Reference { reference: it.reference.clone(), ..Reference::default() };
    let participant = appointment.participant.iter().map(|it| Participant {
        actor: it.actor.as_ref().map(reference),
        status: it.status.clone(),
        ..Participant::default()
    });
    let mut extension = appointment.extension;
    extension.retain(|it| names::OF_WISHES.contains(&it.url.as_str()));
    Appointment {
        participant: participant.collect(),
        slot: appointment.slot.iter().map(reference).collect(),
        extension,
        others: Others::default(),
        ..appointment
    }
}
