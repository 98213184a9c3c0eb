//! What some of the demo's patients type on the booking page: one has a new number, one has moved, and
//! one is as on the card.

use std::collections::BTreeMap;

use crate::domain::{Contacts, IdentityProtection, Patient, PatientId, Personnummer};

/// Who books, with what they give; in the order of their ids.
pub fn given_online(patients: &BTreeMap<PatientId, Patient>) -> Vec<(Personnummer, Contacts)> {
    let whole_cards = patients.values().filter_map(as_on_card);
    let mut given: Vec<_> = whole_cards.take(3).collect();
    for (place, (_, contacts)) in given.iter_mut().enumerate() {
        match place {
            // A number that PTS sets aside for fiction.
            0 => contacts.mobile = "070-174 06 99".to_owned(),
            1 => {
                contacts.address = Some("Ängsvägen 101, 721 99 Mälarstad".to_owned());
                contacts.email = "ny.adress@example.org".to_owned();
            }
            _ => {}
        }
    }
    given
}

/// What a patient with a whole card would give.
fn as_on_card(patient: &Patient) -> Option<(Personnummer, Contacts)> {
    if patient.protection == IdentityProtection::Protected {
        return None;
    }
    let contacts = Contacts {
        first_name: patient.first_name.clone(),
        last_name: patient.last_name.clone(),
        email: patient.email.clone()?,
        mobile: patient.mobile.clone()?,
        address: patient.address.clone(),
    };
    Some((patient.personnummer.clone()?, contacts))
}
