//! What the portal forgets, clinic by clinic: wishes that nobody answered end when their time comes, and
//! everything of a person goes so many days after the time of the booking.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, named_params, params};

use super::MOMENT;
use super::desk::Desk;
use super::erasure::KNOWN_AS;
use super::page::HOLD;
use super::refusal::Refusal;
use super::shelf::Shelf;
use crate::fhir::{
    Appointment, AppointmentStatus, CodeableConcept, Extension, Patient, Resource, extended, names,
};

/// Why a wish came to nothing that the clinic never answered.
pub(super) const UNANSWERED: &str = "unanswered";

/// The most that is done in one transaction: others wait no longer.
const AT_ONCE: i64 = 200;
/// Details that no wish names are nobody's to take.
const UNNAMED_FOR: TimeDelta = TimeDelta::days(1);
/// How long a browser can look at what it has asked for, after it asked or was answered last.
const LOOKED_AT_FOR: TimeDelta = TimeDelta::days(7);

/// Whether there is more than was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    Nothing,
    More,
}

/// Every clinic of which something is stored, whether or not it still has a page here.
///
/// # Errors
/// The store.
pub(super) fn clinics(connection: &Connection) -> Result<Vec<String>, Refusal> {
    let mut statement = connection.prepare_cached(
        "WITH RECURSIVE found (clinic) AS (SELECT MIN(clinic) FROM resource UNION ALL \
         SELECT (SELECT MIN(r.clinic) FROM resource r WHERE r.clinic > found.clinic) FROM found \
         WHERE found.clinic IS NOT NULL) SELECT clinic FROM found WHERE clinic IS NOT NULL",
    )?;
    let found = statement.query_map((), |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Forgets what is to be forgotten of the desk's clinic by now, some of it at a time.
///
/// # Errors
/// The store.
pub(super) fn forget(desk: &Desk<'_>, keep: TimeDelta) -> Result<Rest, Refusal> {
    let shelf = desk.shelf();
    let mut most = 0;
    let unanswered = unanswered(shelf)?;
    for id in &unanswered {
        end(desk, id)?;
    }
    most = most.max(unanswered.len());
    let over = over(shelf, keep)?;
    for id in &over {
        shelf.remove(Appointment::KIND, id, None)?;
    }
    most = most.max(over.len());
    let unnamed = unnamed(shelf)?;
    for id in &unnamed {
        shelf.remove(Patient::KIND, id, None)?;
    }
    most = most.max(unnamed.len());
    forget_browsers(shelf)?;
    let at_once = usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
    Ok(if most >= at_once { Rest::More } else { Rest::Nothing })
}

fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// Appointments whose time has come while the agent has not answered: it never took the patient's
/// number away.
fn unanswered(shelf: &Shelf<'_>) -> Result<Vec<String>, Refusal> {
    let mut statement = shelf.transaction.prepare_cached(
        "SELECT a.id FROM term a \
         JOIN moment m ON m.clinic = a.clinic AND m.kind = a.kind AND m.id = a.id \
           AND m.name = 'date' AND m.at <= :now \
         WHERE a.clinic = :clinic AND a.kind = 'Appointment' AND a.name = 'status' \
           AND a.value IN ('proposed', 'pending') \
         UNION \
         SELECT a.id FROM term p \
         JOIN term a ON a.clinic = p.clinic AND a.kind = 'Appointment' AND a.name = 'patient' \
           AND a.value = 'Patient/' || p.id \
         JOIN moment m ON m.clinic = a.clinic AND m.kind = a.kind AND m.id = a.id \
           AND m.name = 'date' AND m.at <= :now \
         WHERE p.clinic = :clinic AND p.kind = 'Patient' AND p.name = 'identifier' \
           AND instr(p.value, '|') > 0 AND substr(p.value, 1, length(:known)) <> :known \
         LIMIT :most",
    )?;
    let known = format!("{KNOWN_AS}|");
    let found = statement.query_map(
        named_params! {
            ":clinic": shelf.clinic, ":now": millis(shelf.now), ":known": known, ":most": AT_ONCE,
        },
        |row| row.get(0),
    )?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A wish that was not answered ends: of its patient the hash is left, as of those that were answered.
fn end(desk: &Desk<'_>, id: &str) -> Result<(), Refusal> {
    let Some(found) = desk.shelf().get(Appointment::KIND, id)? else { return Ok(()) };
    let Ok(mut ended) = Appointment::from_value(found.value) else {
        // Nobody can make anything of it.
        desk.shelf().remove(Appointment::KIND, id, None)?;
        return Ok(());
    };
    let wished = extended(&ended.extension, names::WISH).is_some();
    ended.extension.retain(|it| it.url != names::WISH && it.url != names::REPLACES);
    match ended.status {
        AppointmentStatus::Proposed | AppointmentStatus::Pending => {
            ended.status = AppointmentStatus::Cancelled;
            ended.cancelation_reason = Some(CodeableConcept::of(names::REFUSAL, UNANSWERED, ""));
        }
        // It stands: nobody cancelled it.
        AppointmentStatus::Booked if wished => {
            ended.extension.retain(|it| it.url != names::REFUSAL);
            ended.extension.push(Extension::code(names::REFUSAL, UNANSWERED));
        }
        _ => {}
    }
    desk.settle(id, ended, None)?;
    Ok(())
}

/// Appointments that are to be forgotten: by their time, or, where they came to nothing before it, by
/// when they did.
fn over(shelf: &Shelf<'_>, keep: TimeDelta) -> Result<Vec<String>, Refusal> {
    let mut statement = shelf.transaction.prepare_cached(
        "SELECT m.id FROM moment m WHERE m.clinic = :clinic AND m.kind = 'Appointment' \
           AND m.name = 'date' AND m.at <= :old \
         UNION \
         SELECT r.id FROM resource r \
         WHERE r.clinic = :clinic AND r.kind = 'Appointment' AND r.updated_at <= :old \
           AND (EXISTS (SELECT 1 FROM term s WHERE s.clinic = r.clinic AND s.kind = r.kind \
                  AND s.id = r.id AND s.name = 'status' \
                  AND s.value IN ('cancelled', 'entered-in-error')) \
             OR NOT EXISTS (SELECT 1 FROM moment m WHERE m.clinic = r.clinic AND m.kind = r.kind \
                  AND m.id = r.id AND m.name = 'date')) \
         LIMIT :most",
    )?;
    let old = millis(shelf.now - keep);
    let found = statement.query_map(
        named_params! {":clinic": shelf.clinic, ":old": old, ":most": AT_ONCE},
        |row| row.get(0),
    )?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Patients that no appointment names: it is forgotten, names another, or was never made.
fn unnamed(shelf: &Shelf<'_>) -> Result<Vec<String>, Refusal> {
    let mut statement = shelf.transaction.prepare_cached(
        "SELECT r.id FROM resource r \
         WHERE r.clinic = ?1 AND r.kind = 'Patient' AND r.updated_at <= ?2 \
           AND NOT EXISTS (SELECT 1 FROM term a WHERE a.clinic = r.clinic \
             AND a.kind = 'Appointment' AND a.name = 'patient' AND a.value = 'Patient/' || r.id) \
         LIMIT ?3",
    )?;
    let old = millis(shelf.now - UNNAMED_FOR);
    let found = statement.query_map(params![shelf.clinic, old, AT_ONCE], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Which browsers held what, and which asked for what.
fn forget_browsers(shelf: &Shelf<'_>) -> Result<(), Refusal> {
    // One that ends later than any can was timed by a clock that has been set back since.
    let mut statement = shelf
        .transaction
        .prepare_cached("DELETE FROM hold WHERE clinic = ?1 AND (until <= ?2 OR until > ?3)")?;
    let latest = millis(shelf.now + HOLD + MOMENT);
    statement.execute(params![shelf.clinic, millis(shelf.now), latest])?;
    let mut statement = shelf.transaction.prepare_cached(
        "DELETE FROM asked WHERE clinic = :clinic AND NOT EXISTS (SELECT 1 FROM resource r \
           WHERE r.clinic = asked.clinic AND r.kind = 'Appointment' AND r.id = asked.appointment \
             AND (asked.asked_at > :old OR r.updated_at > :old OR EXISTS (SELECT 1 FROM term s \
               WHERE s.clinic = r.clinic AND s.kind = r.kind AND s.id = r.id \
                 AND s.name = 'status' AND s.value IN ('proposed', 'pending'))))",
    )?;
    let old = millis(shelf.now - LOOKED_AT_FOR);
    statement.execute(named_params! {":clinic": shelf.clinic, ":old": old})?;
    Ok(())
}
