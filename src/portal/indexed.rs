//! By what resources are found: the search parameters of each type, and what they read.

use chrono::DateTime;
use rusqlite::{Connection, params};
use serde_json::Value;

use crate::fhir::{Resource, Slot, names};

/// How a parameter is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `code`, `system|code`.
    Token,
    /// `Schedule/1`, `1`.
    Reference,
    /// `ge2026-11-25T09:00:00+01:00`.
    Moment,
}

/// What a resource is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Term(&'static str, String),
    /// Milliseconds since 1970, UTC.
    Moment(&'static str, i64),
    Free(Free),
}

/// A free time: its treatment, its book, and when it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Free {
    service: String,
    book: String,
    /// The start, in milliseconds since 1970, UTC.
    at: i64,
    /// As the slot says it.
    starts: String,
    ends: String,
}

impl Free {
    /// Keeps it for whoever looks through the free times.
    ///
    /// # Errors
    /// The store.
    pub fn store(&self, connection: &Connection, clinic: &str, slot: &str) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO free_time (clinic, service, at, book, slot, starts, ends) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let Self { service, book, at, starts, ends } = self;
        statement.execute(params![clinic, service, at, book, slot, starts, ends])?;
        Ok(())
    }
}

/// A search parameter of a type.
struct Parameter {
    name: &'static str,
    comparison: Comparison,
    /// Where it is read: keys from the resource down; lists are gone through.
    path: &'static [&'static str],
}

const fn token(name: &'static str, path: &'static [&'static str]) -> Parameter {
    Parameter { name, comparison: Comparison::Token, path }
}

const fn reference(name: &'static str, path: &'static [&'static str]) -> Parameter {
    Parameter { name, comparison: Comparison::Reference, path }
}

const fn moment(name: &'static str, path: &'static [&'static str]) -> Parameter {
    Parameter { name, comparison: Comparison::Moment, path }
}

/// The types that are kept here.
pub const KINDS: [&str; 10] = [
    "Organization",
    "Location",
    "Practitioner",
    "HealthcareService",
    "Schedule",
    "Slot",
    "Appointment",
    "AppointmentResponse",
    "Encounter",
    "Patient",
];

const IDENTIFIED: &[Parameter] =
    &[token("identifier", &["identifier"]), token("active", &["active"])];
const SCHEDULE: &[Parameter] = &[token("active", &["active"]), reference("actor", &["actor"])];
const SLOT: &[Parameter] = &[
    reference("schedule", &["schedule"]),
    token("status", &["status"]),
    token("service-type", &["serviceType", "coding"]),
    moment("start", &["start"]),
];
const APPOINTMENT: &[Parameter] = &[
    token("identifier", &["identifier"]),
    token("status", &["status"]),
    token("service-type", &["serviceType", "coding"]),
    moment("date", &["start"]),
    reference("slot", &["slot"]),
    reference("actor", &["participant", "actor"]),
    reference("patient", &["participant", "actor"]),
];

const RESPONSE: &[Parameter] = &[
    token("identifier", &["identifier"]),
    reference("appointment", &["appointment"]),
    reference("actor", &["actor"]),
];
const ENCOUNTER: &[Parameter] = &[
    token("identifier", &["identifier"]),
    token("status", &["status"]),
    reference("appointment", &["appointment"]),
    reference("patient", &["subject"]),
];

fn parameters(kind: &str) -> &'static [Parameter] {
    match kind {
        "Schedule" => SCHEDULE,
        "Slot" => SLOT,
        "Appointment" => APPOINTMENT,
        "AppointmentResponse" => RESPONSE,
        "Encounter" => ENCOUNTER,
        _ => IDENTIFIED,
    }
}

/// The names and comparisons of a type's parameters.
pub fn parameters_of(kind: &str) -> impl Iterator<Item = (&'static str, Comparison)> {
    parameters(kind).iter().map(|parameter| (parameter.name, parameter.comparison))
}

/// How a parameter of a type is compared; `None` where there is no such parameter.
pub fn comparison(kind: &str, name: &str) -> Option<(&'static str, Comparison)> {
    parameters_of(kind).find(|(known, _)| *known == name)
}

/// Everything that a resource is found by.
pub fn keys(kind: &str, resource: &Value) -> Vec<Key> {
    let mut keys = Vec::new();
    for parameter in parameters(kind) {
        let mut found = Vec::new();
        collect(resource, parameter.path, &mut found);
        for value in found {
            read(parameter, value, &mut keys);
        }
    }
    if kind == Slot::KIND {
        keys.extend(free(resource).map(Key::Free));
    }
    keys
}

fn free(slot: &Value) -> Option<Free> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if text(&slot["status"])? != "free" {
        return None;
    }
    let mut codings = Vec::new();
    collect(slot, &["serviceType", "coding"], &mut codings);
    let template = codings.into_iter().find(|it| it["system"] == names::TEMPLATE)?;
    let (_, book) = slot["schedule"]["reference"].as_str()?.rsplit_once('/')?;
    let (starts, ends) = (text(&slot["start"])?, text(&slot["end"])?);
    let at = DateTime::parse_from_rfc3339(&starts).ok()?.timestamp_millis();
    let (service, book) = (text(&template["code"])?, book.to_owned());
    Some(Free { service, book, at, starts, ends })
}

fn collect<'a>(value: &'a Value, path: &[&str], found: &mut Vec<&'a Value>) {
    match (value, path) {
        (Value::Array(items), _) => items.iter().for_each(|item| collect(item, path, found)),
        (_, []) => found.push(value),
        (_, [key, rest @ ..]) => {
            if let Some(inner) = value.get(key) {
                collect(inner, rest, found);
            }
        }
    }
}

fn read(parameter: &Parameter, value: &Value, keys: &mut Vec<Key>) {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let mut term = |value: String| keys.push(Key::Term(parameter.name, value));
    match parameter.comparison {
        Comparison::Token => match value {
            Value::Bool(yes) => term(yes.to_string()),
            Value::String(code) => term(code.clone()),
            _ => {
                if let Some(code) = text("value").or_else(|| text("code")) {
                    term(code.to_owned());
                    term(format!("{}|{code}", text("system").unwrap_or_default()));
                }
            }
        },
        Comparison::Reference => {
            let parts = text("reference").and_then(|reference| {
                let (before, id) = reference.rsplit_once('/')?;
                Some((before.rsplit('/').next().unwrap_or(before), id))
            });
            if let Some((kind, id)) = parts
                && (parameter.name != "patient" || kind == "Patient")
            {
                term(id.to_owned());
                term(format!("{kind}/{id}"));
            }
        }
        Comparison::Moment => {
            if let Some(at) =
                value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            {
                keys.push(Key::Moment(parameter.name, at.timestamp_millis()));
            }
        }
    }
}
