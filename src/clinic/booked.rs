//! Whom a booking is for, and what else of it staff change. Reads only.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::planned::{Plan, active_template, short_enough};
use super::{BookedFor, ClinicError, EditedBooking, NothingToDo, Refusal, new_id, require};
use super::{Change, Changed, settings};
use crate::domain::{
    Actor, Booking, BookingId, BookingTemplate, CivilTime, EntityKind, PatientId, Permission,
    SeenBooking, SettingChange, Setup, plan_moving,
};
use crate::store::{Session, StoreError};

/// The patient whom a booking is for, and the change that registers a new one.
///
/// # Errors
/// There is no such patient; something is wrong with the new one, such as a personnummer that is
/// somebody else's, which is told only to those who may see patients (R17).
pub(super) async fn whom(
    session: &mut Session,
    setup: &Setup,
    actor: &Actor,
    asked: &BookedFor,
) -> Result<(Option<PatientId>, Option<Change>), ClinicError> {
    match asked {
        BookedFor::Nobody => Ok((None, None)),
        BookedFor::Patient(id) => {
            let known = session.patients(&BTreeSet::from([id.clone()])).await?;
            if known.is_empty() {
                return Err(Refusal::UnknownPatient.into());
            }
            Ok((Some(id.clone()), None))
        }
        BookedFor::New(new) => {
            require(actor, Permission::PatientView)?;
            let id = PatientId::new(new_id());
            let patient = (**new).clone().registered(id.clone());
            let change = SettingChange::Patient(Changed::Added(patient));
            let faults = settings::faults(session, setup, &change).await?;
            if !faults.is_empty() {
                return Err(Refusal::Faults(faults).into());
            }
            Ok((Some(id), Some(Change::Setting(Box::new(change)))))
        }
    }
}

/// The template that takes the place of what a booking was booked by; `None` where that stays.
///
/// # Errors
/// It is not there, or nothing new is booked by it.
pub(super) fn template_for<'a>(
    setup: &'a Setup,
    before: &Booking,
    asked: &EditedBooking,
) -> Result<Option<&'a BookingTemplate>, Refusal> {
    let other = asked.template.as_ref().filter(|id| before.template.as_ref() != Some(id));
    other.map(|id| active_template(setup, id)).transpose()
}

/// Who changed a booking last, and when, as the log tells.
async fn last_change(
    session: &mut Session,
    setup: &Setup,
    booking: &BookingId,
) -> Result<Option<(String, CivilTime)>, StoreError> {
    let entry = session.last_audit_of(&EntityKind::Booking.named(booking)).await?;
    Ok(entry.map(|entry| (entry.actor, setup.zone.civil(entry.at))))
}

/// That a booking stands where it did, and for the same patient, when the user looked at it.
///
/// # Errors
/// Somebody has moved it, cancelled it or given it to another patient since.
pub(super) async fn stands_as_seen(
    session: &mut Session,
    setup: &Setup,
    booking: &Booking,
    seen: Option<&SeenBooking>,
) -> Result<(), ClinicError> {
    let Some(how) = seen.and_then(|seen| seen.meanwhile(booking)) else { return Ok(()) };
    let last = last_change(session, setup, &booking.id).await?;
    let meanwhile = last.map(|(who, when)| Refusal::BookingMeanwhile { how, who, when });
    Err(meanwhile.unwrap_or(Refusal::Gone).into())
}

/// Whether a booking no longer stands on its day of its book: there is nothing to compare then.
fn is_elsewhere(seen: &Booking, now: &Booking) -> bool {
    let place = |of: &Booking| (of.practitioner.clone(), of.interval.start().date());
    !now.is_active() || place(seen) != place(now)
}

/// Another template, patient or text of a booking (R13).
///
/// # Errors
/// Somebody has changed the booking meanwhile; nothing would change; what [`plan_moving`] and
/// [`whom`] meet.
pub(super) async fn plan_edit(
    session: &mut Session,
    facts: &Facts,
    actor: &Actor,
    asked: &EditedBooking,
) -> Result<Plan, ClinicError> {
    let Facts { setup, calendar, resources, now, .. } = facts;
    let before = session.booking(&asked.seen.id).await?.ok_or(Refusal::Gone)?;
    if before != *asked.seen {
        if asked.seen.is_active() && is_elsewhere(&asked.seen, &before) {
            let seen = asked.seen.as_seen();
            stands_as_seen(session, setup, &before, Some(&seen)).await?;
        }
        let last = last_change(session, setup, &before.id).await?;
        let meanwhile = last.map(|(who, when)| Refusal::ChangedMeanwhile { who, when });
        return Err(meanwhile.unwrap_or(Refusal::Gone).into());
    }
    short_enough(&asked.text)?;
    let (patient, registered) = whom(session, setup, actor, &asked.patient).await?;
    let mut after = Booking { patient, text: asked.text.clone(), ..before.clone() };
    if let Some(template) = template_for(setup, &before, asked)? {
        after.template = Some(template.id.clone());
        after.category = template.category.clone();
        after.resources = template.resources.clone();
    }
    if after == before {
        return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
    }
    let (change, to_confirm) = plan_moving(setup, calendar, resources, before, after, *now)?;
    let changes = registered.into_iter().chain([change]).collect::<Vec<_>>();
    Ok(Plan { to_confirm, ..Plan::from(changes) })
}
