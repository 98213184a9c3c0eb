//! The wish that a filled-in form makes, and how it stands with it until the agent has answered.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};

use crate::domain::{Identification, Personnummer};
use crate::fhir::{Appointment, AppointmentStatus, Patient, Resource, Slot, identified, names};

use super::super::desk::Desk;
use super::super::erasure::KNOWN_AS;
use super::super::forgetting::UNANSWERED;
use super::super::refusal::Refusal;
use super::super::shelf::Stored;
use super::browser::Browser;
use super::e_id::Who;
use super::form::{Person, number_of};
use super::holds::{self, Asked, Standing};

/// After so long without an answer the page says what happens next.
pub const PATIENCE: TimeDelta = TimeDelta::seconds(10);

/// Patients' identifiers (`p`) with their appointments (`a`).
pub const OF_PERSON: &str = "FROM term p \
     JOIN term a ON a.clinic = p.clinic AND a.kind = 'Appointment' AND a.name = 'patient' \
       AND a.value = 'Patient/' || p.id";

/// What came of asking for a time.
pub enum Outcome {
    /// The agent is to answer; the appointment's id.
    Asked(String),
    /// The time went away meanwhile.
    Gone,
    /// This browser has asked for it already, for another person.
    ForAnother,
    /// This person has booked as many times as one may.
    TooMany,
}

/// How it stands with a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// None yet.
    Waited,
    /// None yet, for longer than patients wait.
    Overdue,
    Booked,
    /// Refused, with the reason's code and the clinic's words.
    Refused {
        code: String,
        words: Option<String>,
    },
    /// The clinic never answered, and its time has come.
    Unanswered,
    /// It was booked, and is not any more.
    Cancelled,
}

/// A wish with its answer, and the time it is for now.
pub struct Answered {
    pub id: String,
    /// By which the clinic knows the booking.
    pub portal_id: String,
    /// When it became what it is.
    pub updated_at: DateTime<Utc>,
    pub answer: Answer,
    /// The treatment, as slots call it.
    pub service: String,
    pub book: String,
    pub start: DateTime<FixedOffset>,
    pub end: DateTime<FixedOffset>,
}

/// Asks for a time, in the transaction of the desk. A form that is sent twice for one person asks once.
///
/// # Errors
/// [`Refusal::ClinicSilent`]; the store.
pub fn ask(
    desk: &mut Desk<'_>,
    browser: &Browser,
    slot: &str,
    person: &Person,
    most: u32,
) -> Result<Outcome, Refusal> {
    if let Some(id) = own(desk, browser, slot)? {
        let same = is_of(desk, &id, &person.personnummer)?;
        return Ok(if same { Outcome::Asked(id) } else { Outcome::ForAnother });
    }
    let time = match holds::standing(desk, browser, slot)? {
        Standing::Held { time, .. } | Standing::Free(time) => time,
        Standing::Gone => return Ok(Outcome::Gone),
    };
    if open_bookings(desk, person)? >= i64::from(most) {
        return Ok(Outcome::TooMany);
    }
    holds::forget(desk, slot)?;
    let patient = desk.create(Patient::KIND, person.patient())?;
    let mut wish = json!({
        "resourceType": Appointment::KIND,
        "status": "proposed",
        "slot": [{"reference": format!("{}/{slot}", Slot::KIND)}],
        "participant": [takes_part(&patient)],
    });
    if person.identification == Identification::EId
        && let Some(object) = wish.as_object_mut()
    {
        let e_id = json!([{"url": names::E_ID, "valueBoolean": true}]);
        object.insert("extension".to_owned(), e_id);
    }
    let wish = desk.create(Appointment::KIND, wish)?;
    holds::remember(desk, browser, &time, &wish.id)?;
    Ok(Outcome::Asked(wish.id))
}

/// A patient as an appointment has them.
pub fn takes_part(patient: &Stored) -> Value {
    let patient = format!("{}/{}", Patient::KIND, patient.id);
    json!({"status": "accepted", "actor": {"reference": patient}})
}

/// The wish of a browser that has a slot already, or may get it; where somebody is logged in, if it is
/// theirs.
///
/// # Errors
/// The store.
pub fn own_of(
    desk: &Desk<'_>,
    (browser, who): (&Browser, Option<&Who>),
    slot: &str,
) -> Result<Option<String>, Refusal> {
    let Some(id) = own(desk, browser, slot)? else { return Ok(None) };
    let theirs = match who {
        Some(who) => is_of(desk, &id, &who.personnummer)?,
        None => true,
    };
    Ok(theirs.then_some(id))
}

fn own(desk: &Desk<'_>, browser: &Browser, slot: &str) -> Result<Option<String>, Refusal> {
    let Some(asked) = holds::asked_for(desk, browser, slot)? else { return Ok(None) };
    let known = answered(desk, asked)?;
    let stands =
        |it: &Answered| matches!(it.answer, Answer::Waited | Answer::Overdue | Answer::Booked);
    Ok(known.filter(stands).map(|it| it.id))
}

/// The identifiers that a person has here: once the agent has answered, and until then.
fn known_by(desk: &Desk<'_>, personnummer: &Personnummer) -> [String; 2] {
    let (system, number) = number_of(personnummer);
    [format!("{KNOWN_AS}|{}", desk.hash(&number)), format!("{system}|{number}")]
}

/// Whether an appointment is a person's.
fn is_of(desk: &Desk<'_>, id: &str, personnummer: &Personnummer) -> Result<bool, Refusal> {
    let shelf = desk.shelf();
    let known = known_by(desk, personnummer);
    let sql = format!(
        "SELECT COUNT(*) > 0 {OF_PERSON} \
         WHERE p.clinic = ?1 AND p.kind = 'Patient' AND p.name = 'identifier' \
           AND p.value IN (?2, ?3) AND a.id = ?4"
    );
    let mut statement = shelf.transaction.prepare_cached(&sql)?;
    Ok(statement.query_row(params![shelf.clinic, known[0], known[1], id], |row| row.get(0))?)
}

/// How many times to come a person has asked for or booked here.
fn open_bookings(desk: &Desk<'_>, person: &Person) -> Result<i64, Refusal> {
    let shelf = desk.shelf();
    let known = known_by(desk, &person.personnummer);
    let sql = format!(
        "SELECT COUNT(DISTINCT a.id) {OF_PERSON} \
         JOIN moment m ON m.clinic = a.clinic AND m.kind = a.kind AND m.id = a.id \
           AND m.name = 'date' AND m.at > ?4 \
         JOIN term s ON s.clinic = a.clinic AND s.kind = a.kind AND s.id = a.id \
           AND s.name = 'status' AND s.value IN ('proposed', 'booked') \
         WHERE p.clinic = ?1 AND p.kind = 'Patient' AND p.name = 'identifier' \
           AND p.value IN (?2, ?3)"
    );
    let mut statement = shelf.transaction.prepare_cached(&sql)?;
    let now = shelf.now.timestamp_millis();
    let count = statement
        .query_row(params![shelf.clinic, known[0], known[1], now], |row| row.get(0))
        .optional()?;
    Ok(count.unwrap_or(0))
}

/// How it stands with what a browser has asked for; `None` where the appointment is no more, or not as
/// it must be.
///
/// # Errors
/// The store.
pub fn answered(desk: &Desk<'_>, asked: Asked) -> Result<Option<Answered>, Refusal> {
    let Some(found) = desk.shelf().get(Appointment::KIND, &asked.appointment)? else {
        return Ok(None);
    };
    let updated_at = found.updated_at;
    let appointment = Appointment::from_value(found.value)?;
    let at = |time: &Option<String>| DateTime::parse_from_rfc3339(time.as_deref()?).ok();
    let (Some(start), Some(end)) = (at(&appointment.start), at(&appointment.end)) else {
        return Ok(None);
    };
    let reason = appointment.cancelation_reason.as_ref();
    let code = reason.and_then(|reason| reason.code(names::REFUSAL)).map(str::to_owned);
    let answer = match (appointment.status, code) {
        (AppointmentStatus::Proposed | AppointmentStatus::Pending, _) => {
            let waited = desk.shelf().now.signed_duration_since(asked.at);
            if waited < PATIENCE { Answer::Waited } else { Answer::Overdue }
        }
        (AppointmentStatus::Cancelled, Some(code)) if code == UNANSWERED => Answer::Unanswered,
        (AppointmentStatus::Cancelled, Some(code)) => {
            Answer::Refused { code, words: reason.and_then(|reason| reason.text.clone()) }
        }
        (AppointmentStatus::Cancelled | AppointmentStatus::EnteredInError, _) => Answer::Cancelled,
        _ => Answer::Booked,
    };
    let Asked { appointment: id, service, book, .. } = asked;
    let portal_id = identified(&appointment.identifier, names::BOOKING).unwrap_or(&id).to_owned();
    Ok(Some(Answered { id, portal_id, updated_at, answer, service, book, start, end }))
}
