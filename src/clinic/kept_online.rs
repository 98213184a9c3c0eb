//! What patients were told on the booking page and a database that is an older copy does not know:
//! bookings as the page has them. Reads only.

use super::command::{KeptOnline, OnPage, Standing};
use super::facts::{Facts, Patients, Target, whole_days};
use super::planned::active_practitioner;
use super::{Change, Changed, ClinicError, NothingToDo, Refusal, new_id, recall};
use crate::domain::{
    Booking, BookingId, BookingTemplate, NotChangeable, Setup, Slot, judge_booking, online_booking,
    plan_cancelling, plan_moving,
};
use crate::store::Session;

/// What keeping a booking touches.
///
/// # Errors
/// It names what is not there; the store could not be read.
pub(super) async fn target(
    session: &mut Session,
    setup: &Setup,
    asked: &KeptOnline,
) -> Result<Target, ClinicError> {
    let before = session.booking_from_portal(&asked.portal_id).await?;
    let patients = match &before {
        Some(before) => recall::moved_along(session, &before.id).await?,
        None => Patients::Stay,
    };
    let held = before.iter().flat_map(|before| before.resources.iter());
    Ok(match (&asked.standing, &before) {
        (Standing::Cancelled, None) => {
            return Err(Refusal::NotChangeable(NotChangeable::NotFromPortal).into());
        }
        (Standing::Cancelled, Some(before)) => Target {
            practitioner: before.practitioner.clone(),
            also: None,
            resources: held.collect(),
            patients,
            within: whole_days(before.interval),
        },
        (Standing::Booked(there), before) => {
            let stretch =
                before.as_ref().map_or(there.interval, |it| it.interval.hull(there.interval));
            let needed = template_of(setup, there)?.resources.iter();
            let from = before.as_ref().map(|before| before.practitioner.clone());
            Target {
                practitioner: there.practitioner.clone(),
                also: from.filter(|id| *id != there.practitioner),
                resources: held.chain(needed).collect(),
                patients,
                within: whole_days(stretch),
            }
        }
    })
}

fn template_of<'a>(setup: &'a Setup, there: &OnPage) -> Result<&'a BookingTemplate, Refusal> {
    let found = setup.templates.get(&there.template);
    found.ok_or_else(|| Refusal::UnknownTemplate(there.template.clone()))
}

/// The booking as the page has it: new and nobody's, where the database has none; else moved, or
/// cancelled. What R13 has staff confirm is not asked: the patient has the time already.
///
/// # Errors
/// It stands like that already, or was cancelled here; another booking takes some of the time (R12); a
/// preblock that may not be bypassed (R13).
pub(super) async fn plan_keep_online(
    session: &mut Session,
    facts: &Facts,
    asked: &KeptOnline,
) -> Result<Vec<Change>, ClinicError> {
    let Facts { setup, calendar, resources, now, .. } = facts;
    let before = session.booking_from_portal(&asked.portal_id).await?;
    let change = match (&asked.standing, before) {
        (Standing::Cancelled, before) => plan_cancelling(before.ok_or(Refusal::Gone)?)?,
        (Standing::Booked(there), None) => {
            active_practitioner(setup, &there.practitioner)?;
            let booking = booking_of_nobody(setup, asked, there)?;
            judge_booking(setup, calendar, resources, &booking, *now)?;
            Change::Booking(Box::new(Changed::Added(booking)))
        }
        (Standing::Booked(there), Some(before)) => {
            active_practitioner(setup, &there.practitioner)?;
            let (practitioner, interval) = (there.practitioner.clone(), there.interval);
            let after = Booking { practitioner, interval, ..before.clone() };
            if after == before {
                return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
            }
            plan_moving(setup, calendar, resources, before, after, *now)?.0
        }
    };
    Ok(vec![change])
}

/// The page has erased whose booking it is: staff put the patient on it who comes for it.
fn booking_of_nobody(
    setup: &Setup,
    asked: &KeptOnline,
    there: &OnPage,
) -> Result<Booking, Refusal> {
    let template = template_of(setup, there)?;
    let OnPage { practitioner, template: id, interval, identification } = there.clone();
    let slot = Slot { practitioner, template: id, interval };
    let id = BookingId::new(new_id());
    Ok(online_booking(id, slot, template, None, &asked.portal_id, identification))
}
