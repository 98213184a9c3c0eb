//! What every resource that is sent must be: valid by HL7's own schema, and by the rules that a schema
//! can't say. The schema is cut by `tests/data/fhir-r4.cut.py`, which tells where it is from.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

/// Who and what takes part in times.
const PARTICIPANTS: &[&str] = &[
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "RelatedPerson",
    "Device",
    "HealthcareService",
    "Location",
];

/// What may be referred to, by resource and path, as R4 has it.
const REFERENCES: [(&str, &[&str]); 6] = [
    ("Slot.schedule", &["Schedule"]),
    ("Schedule.actor", PARTICIPANTS),
    ("Appointment.slot", &["Slot"]),
    ("Appointment.participant.actor", PARTICIPANTS),
    ("Schedule.extension.valueReference", &["HealthcareService", "Organization"]),
    ("Appointment.extension.valueReference", &[]),
];

fn validators() -> &'static BTreeMap<String, Validator> {
    static VALIDATORS: OnceLock<BTreeMap<String, Validator>> = OnceLock::new();
    VALIDATORS.get_or_init(|| {
        let schema: Value =
            serde_json::from_str(include_str!("../data/fhir-r4.schema.json")).expect("JSON");
        let kinds = schema["oneOf"].as_array().expect("resources").iter().map(|kind| {
            let reference = kind["$ref"].as_str().expect("a reference");
            reference.rsplit('/').next().expect("a name").to_owned()
        });
        kinds
            .map(|kind| {
                let own = json!({
                    "$schema": "http://json-schema.org/draft-06/schema#",
                    "allOf": [{"$ref": format!("#/definitions/{kind}")}],
                    "definitions": schema["definitions"],
                });
                let validator = jsonschema::options().with_draft(Draft::Draft6).build(&own);
                (kind, validator.expect("a schema"))
            })
            .collect()
    })
}

/// Everything that is wrong with a resource, and with those inside it; nothing where it is valid.
pub fn faults(resource: &Value) -> Vec<String> {
    let Some(kind) = resource["resourceType"].as_str() else {
        return vec!["it has no resourceType".to_owned()];
    };
    let Some(validator) = validators().get(kind) else {
        return vec![format!("{kind} is not among what is sent")];
    };
    let mut faults: Vec<String> = validator
        .iter_errors(resource)
        .map(|error| format!("{kind}{}: {error}", error.instance_path()))
        .collect();
    nothing_empty(kind, resource, &mut faults);
    references(kind, resource, &mut faults);
    if kind == "Appointment" {
        appointment(resource, &mut faults);
    }
    for entry in resource["entry"].as_array().into_iter().flatten() {
        if entry["resource"].is_object() {
            faults.extend(self::faults(&entry["resource"]));
        }
    }
    faults
}

/// FHIR's JSON has no null, no empty text, list or object.
fn nothing_empty(at: &str, value: &Value, faults: &mut Vec<String>) {
    let empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    if empty {
        faults.push(format!("{at} is empty"));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| nothing_empty(at, item, faults)),
        Value::Object(object) => {
            for (key, inner) in object {
                nothing_empty(&format!("{at}.{key}"), inner, faults);
            }
        }
        _ => {}
    }
}

fn references(at: &str, value: &Value, faults: &mut Vec<String>) {
    if let Some(reference) = value["reference"].as_str()
        && let Some((_, kinds)) = REFERENCES.iter().find(|(path, _)| *path == at)
    {
        let parts: Vec<&str> = reference.rsplitn(3, '/').collect();
        let known = reference.starts_with("urn:uuid:")
            || parts.get(1).is_some_and(|kind| kinds.contains(kind));
        if !known {
            faults.push(format!("{at} may not refer to {reference}"));
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(at, item, faults)),
        Value::Object(object) => {
            for (key, inner) in object.iter().filter(|(key, _)| *key != "entry") {
                references(&format!("{at}.{key}"), inner, faults);
            }
        }
        _ => {}
    }
}

/// The invariants app-1 to app-4, and at least one participant.
fn appointment(it: &Value, faults: &mut Vec<String>) {
    let participants = it["participant"].as_array().cloned().unwrap_or_default();
    if participants.is_empty() {
        faults.push("Appointment has no participant".to_owned());
    }
    let named = |one: &Value| one["actor"].is_object() || one["type"].is_array();
    if !participants.iter().all(named) {
        faults.push("app-1: a participant has an actor or a type".to_owned());
    }
    if it["start"].is_string() != it["end"].is_string() {
        faults.push("app-2: start and end are both given, or neither".to_owned());
    }
    let status = it["status"].as_str().unwrap_or_default();
    if !it["start"].is_string() && !["proposed", "cancelled", "waitlist"].contains(&status) {
        faults.push("app-3: only what is proposed or cancelled lacks its times".to_owned());
    }
    if it["cancelationReason"].is_object() && !["cancelled", "no-show"].contains(&status) {
        faults.push("app-4: only what is cancelled has a reason for it".to_owned());
    }
}
