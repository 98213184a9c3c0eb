//! *Behandlaren är sjuk*: the bookings of a period that somebody has to be called about, and noting
//! that somebody has.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::planned::Plan;
use super::{CallMark, Change, Changed, Clinic, ClinicError, NothingToDo, Refusal, current};
use crate::domain::{
    Actor, Booking, BookingId, Call, DateRange, Patient, PatientId, Permission, PractitionerId,
    Signature,
};
use crate::store::{Revisions, Session, StoreError};

/// The bookings of a practitioner's days, with whom to call.
#[derive(Clone, Debug)]
pub struct CallList {
    pub practitioner: PractitionerId,
    pub days: DateRange,
    /// By start; cancelled ones and those moved away are not among them.
    pub bookings: Vec<ToCall>,
    /// Read before the data: what has moved since will show as newer.
    pub revisions: Revisions,
}

/// A booking that somebody is to be called about.
#[derive(Clone, Debug)]
pub struct ToCall {
    pub booking: Booking,
    /// The patient, to whoever may see patients (R17).
    pub patient: Option<Patient>,
    /// Who has called already.
    pub call: Option<Call>,
}

impl Clinic {
    /// The bookings of a practitioner's days, from one snapshot.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn call_list(
        &self,
        actor: &Actor,
        practitioner: &PractitionerId,
        days: DateRange,
    ) -> Result<CallList, ClinicError> {
        let mut reading = self.store().read().await?;
        let actor = current(&mut reading, actor).await?;
        let revisions = reading.revisions().await?;
        let practitioner = practitioner.clone();
        let Some(within) = days.interval() else {
            return Ok(CallList { practitioner, days, bookings: Vec::new(), revisions });
        };
        let calendar = reading.calendar(&practitioner, within).await?;
        let calls = reading.calls_within(&practitioner, within).await?;
        let mut calls: BTreeMap<BookingId, Call> =
            calls.into_iter().map(|call| (call.booking.clone(), call)).collect();
        let booked: BTreeSet<PatientId> =
            calendar.bookings().iter().filter_map(|booking| booking.patient.clone()).collect();
        let patients = match actor.may(Permission::PatientView) {
            true => reading.patients(&booked).await?,
            false => BTreeMap::new(),
        };
        let bookings = calendar
            .bookings_in(within)
            .iter()
            .map(|booking| ToCall {
                patient: booking.patient.as_ref().and_then(|id| patients.get(id)).cloned(),
                call: calls.remove(&booking.id),
                booking: booking.clone(),
            })
            .collect();
        Ok(CallList { practitioner, days, bookings, revisions })
    }
}

/// That the patient of a booking that still stands has been called, or has not.
pub(super) async fn plan_call(
    session: &mut Session,
    facts: &Facts,
    actor: &Actor,
    booking: &BookingId,
    mark: CallMark,
) -> Result<Plan, ClinicError> {
    let found = session.booking(booking).await?.ok_or(Refusal::Gone)?;
    if !found.is_active() {
        return Err(Refusal::AlreadyCancelled.into());
    }
    let change = match (session.call(booking).await?, mark) {
        (Some(call), CallMark::NotCalled) => Changed::Removed(call),
        (None, CallMark::Called) => Changed::Added(Call {
            booking: found.id,
            practitioner: found.practitioner,
            interval: found.interval,
            by: Signature::new(actor.signature()),
            at: facts.now,
        }),
        _ => return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into()),
    };
    Ok(vec![Change::Call(Box::new(change))].into())
}

/// Adds to the changes of bookings that the calls about those that get another time count no more: they
/// were about the time that it had.
pub(super) async fn follow(
    session: &mut Session,
    changes: &mut Vec<Change>,
) -> Result<(), StoreError> {
    let moved: Vec<BookingId> = changes.iter().filter_map(moved).cloned().collect();
    for booking in moved {
        if changes.iter().any(|change| is_call_about(change, &booking)) {
            continue;
        }
        let call = session.call(&booking).await?;
        changes.extend(call.map(|call| Change::Call(Box::new(Changed::Removed(call)))));
    }
    Ok(())
}

/// The booking that a change puts on another start or in another book.
fn moved(change: &Change) -> Option<&BookingId> {
    let Change::Booking(change) = change else { return None };
    let Changed::Altered { before, after } = &**change else { return None };
    let place = |of: &Booking| (of.practitioner.clone(), of.interval.start());
    (place(before) != place(after)).then_some(&after.id)
}

fn is_call_about(change: &Change, booking: &BookingId) -> bool {
    let Change::Call(change) = change else { return false };
    change.latest().booking == *booking
}
