//! Bookings that staff make and move (R13): what is asked for as a booking, and what the rules make of
//! it. Whom it is for, and what else of it is changed, is `booked.rs`'s. Writes nothing.

use super::booked::{stands_as_seen, whom};
use super::facts::Facts;
use super::planned::{Plan, active_practitioner, active_template, short_enough};
use super::{
    BookingSubject, ClinicError, MovedBooking, NothingToDo, Refusal, StaffBooking, new_id,
};
use crate::domain::{
    Actor, Booking, BookingId, BookingState, Change, Changed, CivilTime, Identification, Interval,
    ResourceCodes, Setup, TemplateMinutes, judge_booking, plan_moving,
};
use crate::store::Session;

/// A new booking, and the patient that is registered with it.
///
/// # Errors
/// A rule says no, or the store could not be read.
pub(super) async fn plan_booking(
    session: &mut Session,
    facts: &Facts,
    actor: &Actor,
    asked: &StaffBooking,
) -> Result<Plan, ClinicError> {
    let Facts { setup, calendar, resources, now, .. } = facts;
    active_practitioner(setup, &asked.practitioner)?;
    let (patient, registered) = whom(session, setup, actor, &asked.patient).await?;
    let booking = Booking { patient, ..new_booking(setup, actor, asked)? };
    let to_confirm = judge_booking(setup, calendar, resources, &booking, *now)?;
    let change = Change::Booking(Box::new(Changed::Added(booking)));
    let changes = registered.into_iter().chain([change]).collect::<Vec<_>>();
    Ok(Plan { to_confirm, ..Plan::from(changes) })
}

/// A booking at another time, or with somebody else.
///
/// # Errors
/// It is not there, or no longer as the user saw it; nothing would change; a rule says no.
pub(super) async fn plan_move(
    session: &mut Session,
    facts: &Facts,
    asked: &MovedBooking,
) -> Result<Plan, ClinicError> {
    let Facts { setup, calendar, resources, now, .. } = facts;
    active_practitioner(setup, &asked.practitioner)?;
    let before = session.booking(&asked.booking).await?.ok_or(Refusal::Gone)?;
    stands_as_seen(session, setup, &before, asked.seen.as_ref()).await?;
    let (practitioner, interval) = (asked.practitioner.clone(), moved_interval(asked)?);
    let after = Booking { practitioner, interval, ..before.clone() };
    if after == before {
        return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
    }
    let (change, to_confirm) = plan_moving(setup, calendar, resources, before, after, *now)?;
    Ok(Plan { to_confirm, ..Plan::from(vec![change]) })
}

/// The time that a booking is to have, of a length that bookings may have.
///
/// # Errors
/// There is no such time.
pub(super) fn moved_interval(asked: &MovedBooking) -> Result<Interval, Refusal> {
    TemplateMinutes::new(i64::from(asked.interval.length().0))
        .ok()
        .filter(|_| asked.interval.end() <= CivilTime::last())
        .map(|_| asked.interval)
        .ok_or(Refusal::NothingToDo(NothingToDo::NoTime))
}

/// The booking that staff ask for, with a new id and nobody's yet (R13).
///
/// # Errors
/// What it names is not there, or is not for new bookings; there is no such time.
pub(super) fn new_booking(
    setup: &Setup,
    actor: &Actor,
    asked: &StaffBooking,
) -> Result<Booking, Refusal> {
    let (minutes, category, template) = match &asked.what {
        BookingSubject::Template(id) => {
            let template = active_template(setup, id)?;
            (template.minutes, template.category.clone(), Some(template))
        }
        BookingSubject::Free { minutes, category } => {
            if !setup.categories.contains_key(category) {
                return Err(Refusal::UnknownCategory);
            }
            (*minutes, category.clone(), None)
        }
    };
    let text = match (&asked.text, template) {
        (Some(text), _) => text.clone(),
        (None, Some(template)) => template.calendar_text.clone(),
        (None, None) => String::new(),
    };
    short_enough(&text)?;
    let interval = Interval::new(asked.start, asked.start + minutes.minutes())
        .ok()
        .filter(|interval| interval.end() <= CivilTime::last())
        .ok_or(Refusal::NothingToDo(NothingToDo::NoTime))?;
    Ok(Booking {
        id: BookingId::new(new_id()),
        practitioner: asked.practitioner.clone(),
        interval,
        category,
        template: template.map(|template| template.id.clone()),
        patient: None,
        text,
        resources: template.map_or_else(ResourceCodes::default, |found| found.resources.clone()),
        registered_by: actor.signature().to_owned(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    })
}
