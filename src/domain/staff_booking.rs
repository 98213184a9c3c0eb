//! Planning bookings by staff, and their cancelling (R12, R13). Pure.

use super::booking::{Booking, BookingState};
use super::calendar::Calendar;
use super::change::{Change, Changed};
use super::choice::Confirmation;
use super::refusal::Refusal;
use super::resource_use::ResourceUse;
use super::setup::Setup;
use super::time::CivilTime;

/// What a new or revived booking meets: the confirmations that R13 asks for, in a fixed order.
///
/// `calendar` and `resources` are without the booking itself.
///
/// # Errors
/// Another booking takes some of the time (R12); a preblock that may not be bypassed (R13).
pub fn judge_booking(
    setup: &Setup,
    calendar: &Calendar,
    resources: &ResourceUse,
    booking: &Booking,
    now: CivilTime,
) -> Result<Vec<Confirmation>, Refusal> {
    if let Some(taken) = calendar.booked_in(booking.interval).first() {
        return Err(Refusal::BookingInTheWay(*taken));
    }
    let mut to_confirm = bypassed(setup, calendar, booking, now)?;
    let scheduled = calendar.scheduled_in(booking.interval);
    if !scheduled.iter().any(|stretch| stretch.contains(booking.interval)) {
        to_confirm.push(Confirmation::OutsideSchedule);
    }
    let lacking = resources.lacking(&booking.resources, booking.interval);
    to_confirm.extend(lacking.map(Confirmation::BeyondCapacity));
    Ok(to_confirm)
}

/// The types that do not allow the category but may be bypassed, each once.
fn bypassed(
    setup: &Setup,
    calendar: &Calendar,
    booking: &Booking,
    now: CivilTime,
) -> Result<Vec<Confirmation>, Refusal> {
    let mut to_confirm = Vec::new();
    for preblock in calendar.preblocks_in(booking.interval) {
        let Some(preblock_type) = setup.preblock_types.get(&preblock.preblock_type) else {
            continue;
        };
        let in_force = preblock_type.in_force(preblock.interval.start().date(), now.date());
        if !preblock_type.active || !in_force || preblock_type.allows(&booking.category) {
            continue;
        }
        if !preblock_type.may_bypass {
            return Err(Refusal::MayNotBypass(preblock_type.id.clone()));
        }
        let bypass = Confirmation::BypassPreblock(preblock_type.id.clone());
        if !to_confirm.contains(&bypass) {
            to_confirm.push(bypass);
        }
    }
    Ok(to_confirm)
}

/// A booking on another time, in another practitioner's book, or of another kind: the change, and what
/// R13 asks to confirm. `calendar` is of the book it goes to. Where it takes the same as before, what
/// was confirmed then is not asked again.
///
/// # Errors
/// It is cancelled already; what [`judge_booking`] meets: the time that it leaves counts as free.
pub fn plan_moving(
    setup: &Setup,
    calendar: &Calendar,
    resources: &ResourceUse,
    before: Booking,
    after: Booking,
    now: CivilTime,
) -> Result<(Change, Vec<Confirmation>), Refusal> {
    if !before.is_active() {
        return Err(Refusal::AlreadyCancelled);
    }
    let to_confirm = if takes_the_same(&before, &after) {
        Vec::new()
    } else {
        let (calendar, resources) = without(calendar, resources, &before);
        judge_booking(setup, &calendar, &resources, &after, now)?
    };
    Ok((Change::Booking(Box::new(Changed::Altered { before, after })), to_confirm))
}

/// Whether two states of a booking take the same time of the same kind with the same resources.
fn takes_the_same(before: &Booking, after: &Booking) -> bool {
    before.practitioner == after.practitioner
        && before.interval == after.interval
        && before.category == after.category
        && before.resources == after.resources
}

/// Book and resources as they are without a booking.
pub fn without(
    calendar: &Calendar,
    resources: &ResourceUse,
    booking: &Booking,
) -> (Calendar, ResourceUse) {
    let gone = [Change::Booking(Box::new(Changed::Removed(booking.clone())))];
    (calendar.changed(&gone), resources.changed(&gone))
}

/// Cancels a booking; the row stays as history.
///
/// # Errors
/// It is cancelled already.
pub fn plan_cancelling(booking: Booking) -> Result<Change, Refusal> {
    if !booking.is_active() {
        return Err(Refusal::AlreadyCancelled);
    }
    let after = Booking { state: BookingState::Cancelled, ..booking.clone() };
    Ok(Change::Booking(Box::new(Changed::Altered { before: booking, after })))
}
