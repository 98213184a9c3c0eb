//! What comes over the wire: resources, bundles, and what the agent reads from them.

use std::sync::LazyLock;

use serde_json::Value;
use tidbok::domain::{ClinicZone, Personnummer, Setup, TypedContacts};
use tidbok::fhir::{
    Appointment, Bundle, HealthcareService, OperationOutcome, Organization, Patient, Practitioner,
    Resource, Schedule, Slot, etag, version_of,
};
use tidbok::store::ClinicFile;
use tidbok::sync::mapping::{self, Wish};

use super::today;

static SETUP: LazyLock<Setup> = LazyLock::new(|| {
    let example = include_str!("../../data/clinic-example.json");
    ClinicFile::parse(example, today()).expect("the example is right").setup
});

pub fn run(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    keeps_all::<Organization>(&value);
    keeps_all::<Practitioner>(&value);
    keeps_all::<HealthcareService>(&value);
    keeps_all::<Schedule>(&value);
    if let Some(slot) = keeps_all::<Slot>(&value) {
        read_slot(&slot);
    }
    if let Some(appointment) = keeps_all::<Appointment>(&value) {
        read_wish(&appointment);
    }
    if let Some(patient) = keeps_all::<Patient>(&value) {
        read_patient(&patient);
    }
    if let Ok(bundle) = serde_json::from_value::<Bundle>(value.clone()) {
        let _ = (bundle.next(), bundle.entry.iter().filter(|it| it.is_found()).count());
        let written = serde_json::to_value(&bundle).expect("written");
        assert_eq!(whole(&written), whole(&value));
    }
    if let Ok(outcome) = serde_json::from_value::<OperationOutcome>(value.clone()) {
        let written = serde_json::to_value(&outcome).expect("written");
        assert_eq!(whole(&written), whole(&value));
    }
    if let Some(version) = value.as_str().and_then(version_of) {
        assert_eq!(version_of(&etag(version)), Some(version));
    }
}

/// What is read and written back loses nothing.
fn keeps_all<R: Resource>(value: &Value) -> Option<R> {
    let read = R::from_value(value.clone()).ok()?;
    let written = read.to_value().expect("written");
    assert_eq!(whole(&written), whole(value));
    Some(read)
}

/// A document without what FHIR has no place for: null, and lists without elements.
fn whole(value: &Value) -> Value {
    let is_something =
        |value: &Value| !value.is_null() && value.as_array().is_none_or(|it| !it.is_empty());
    match value {
        Value::Array(items) => items.iter().map(whole).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), whole(value)))
            .filter(|(_, value)| is_something(value))
            .collect(),
        other => other.clone(),
    }
}

/// A time that is the clinic's is the same one when it is published again.
fn read_slot(slot: &Slot) {
    let Some(own) = mapping::read_slot(slot, &SETUP) else { return };
    let Some(again) = mapping::slot_resource(&own, ClinicZone::default()) else { return };
    assert_eq!(mapping::read_slot(&again, &SETUP), Some(own));
}

/// A wish is set aside, or says all that the agent asks of it.
fn read_wish(appointment: &Appointment) {
    let Ok(Some(wish)) = Wish::read(appointment) else { return };
    assert!(!wish.slot.is_empty() && !wish.patient.is_empty());
    let id = wish.portal_id.as_str();
    assert_eq!(tidbok::domain::PortalId::parse(id).as_ref(), Ok(&wish.portal_id));
}

/// Contacts that are taken are whole, and the same when they are read again.
fn read_patient(patient: &Patient) {
    let number = mapping::read_number(patient, today());
    let Some((personnummer, contacts)) = mapping::read_patient(patient, today()) else { return };
    assert_eq!(number.as_ref(), Some(&personnummer));
    assert_eq!(Personnummer::parse(personnummer.as_str(), today()).as_ref(), Ok(&personnummer));
    assert_eq!(contacts.faults(), []);
    let again = TypedContacts {
        personnummer: personnummer.as_str(),
        first_name: &contacts.first_name,
        last_name: &contacts.last_name,
        email: &contacts.email,
        mobile: &contacts.mobile,
        address: contacts.address.as_deref().unwrap_or_default(),
    };
    assert_eq!(again.read(today()), Ok((personnummer, contacts)));
}
