//! The recall that goes along with a booking: moved by it, moved on with it, given back (R16).
//! Reads only.

use std::collections::BTreeSet;

use super::facts::{Facts, Patients};
use super::{Change, ClinicError};
use crate::domain::{
    Booking, BookingId, BookingTemplate, Changed, Patient, PatientId, RecallChange, RecallState,
    SettingChange, Setup, recall_after_change, recall_of_booking,
};
use crate::store::{Session, StoreError};

/// Whether a new booking by this template moves a recall.
pub(super) fn moved_by(setup: &Setup, booking: &Booking) -> Patients {
    moving_template(setup, booking).is_some().into()
}

/// Whether a booking's recall may go along when the booking is changed.
pub(super) async fn moved_along(
    session: &mut Session,
    booking: &BookingId,
) -> Result<Patients, StoreError> {
    Ok(session.recall_move(booking).await?.is_some().into())
}

fn moving_template<'a>(setup: &'a Setup, booking: &Booking) -> Option<&'a BookingTemplate> {
    let template = booking.template.as_ref().and_then(|id| setup.templates.get(id));
    template.filter(|template| template.moves_recall)
}

/// Adds to the changes of bookings what they do to the patients' recalls (R16).
pub(super) async fn follow(
    session: &mut Session,
    facts: &Facts,
    changes: &mut Vec<Change>,
) -> Result<(), ClinicError> {
    let bookings: Vec<Changed<Booking>> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Booking(change) => Some((**change).clone()),
            _ => None,
        })
        .collect();
    for change in bookings {
        let moved = match change.before() {
            Some(before) => session.recall_move(&before.id).await?.map(|moved| (moved, before)),
            None => None,
        };
        let after = change.after().filter(|after| after.is_active());
        let stays = after.filter(|after| moved.is_some() && keeps(facts, &change, after));
        if let Some((moved, before)) = moved
            && let Some(patient) = known(session, before.patient.as_ref()).await?
        {
            let along = recall_after_change(&patient, moved, before, stays);
            changes.extend(along.map(Change::Recall));
        }
        if let Some(after) = after.filter(|after| stays.is_none() && is_other(&change, after)) {
            let taken = take_up(session, facts, changes, after).await?;
            changes.extend(taken.map(Change::Recall));
        }
    }
    Ok(())
}

/// Whether a booking that moved its patient's recall still does: the flag that its template has lost
/// since takes nothing back.
fn keeps(facts: &Facts, change: &Changed<Booking>, after: &Booking) -> bool {
    let moves = moving_template(&facts.setup, after).is_some();
    change.before().is_some_and(|before| {
        before.patient == after.patient && (moves || before.template == after.template)
    })
}

/// Whether the booking is new, or by another template or for another patient than it was.
fn is_other(change: &Changed<Booking>, after: &Booking) -> bool {
    change.before().is_none_or(|before| {
        (&before.patient, &before.template) != (&after.patient, &after.template)
    })
}

/// What the booking does to its patient's recall, which it had not to do with before.
async fn take_up(
    session: &mut Session,
    facts: &Facts,
    changes: &mut [Change],
    after: &Booking,
) -> Result<Option<RecallChange>, ClinicError> {
    let Some(template) = moving_template(&facts.setup, after) else { return Ok(None) };
    let Some(id) = &after.patient else { return Ok(None) };
    let Some(new) = registered(changes, id) else {
        let patient = known(session, Some(id)).await?;
        return Ok(patient.and_then(|patient| recall_of_booking(&patient, template, after)));
    };
    let moves = recall_of_booking(new, template, after);
    // The card is registered with the date, so that it stands as it was left (R20).
    Ok(moves.map(|moves| {
        new.recall.date = moves.after.date;
        RecallChange { before: RecallState { date: moves.after.date, moved: None }, ..moves }
    }))
}

/// The patient, where the change registers this one.
fn registers<'c>(change: &'c Change, id: &PatientId) -> Option<&'c Patient> {
    let Change::Setting(change) = change else { return None };
    match &**change {
        SettingChange::Patient(Changed::Added(patient)) if patient.id == *id => Some(patient),
        _ => None,
    }
}

/// The same for several changes, to be altered.
fn registered<'c>(changes: &'c mut [Change], id: &PatientId) -> Option<&'c mut Patient> {
    let change = changes.iter_mut().find(|change| registers(change, id).is_some())?;
    let Change::Setting(change) = change else { return None };
    match &mut **change {
        SettingChange::Patient(Changed::Added(patient)) => Some(patient),
        _ => None,
    }
}

async fn known(
    session: &mut Session,
    id: Option<&PatientId>,
) -> Result<Option<Patient>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    Ok(session.patients(&BTreeSet::from([id.clone()])).await?.remove(id))
}

/// Whether the recall is as the change has it before, `changes` being those it is one of: they may
/// register the patient again.
pub(super) async fn stands(
    session: &mut Session,
    changes: &[Change],
    change: &RecallChange,
) -> Result<bool, StoreError> {
    let patient = match changes.iter().find_map(|other| registers(other, &change.patient)) {
        Some(patient) => Some(patient.clone()),
        None => known(session, Some(&change.patient)).await?,
    };
    if patient.is_none_or(|patient| patient.recall.date != change.before.date) {
        return Ok(false);
    }
    let Some(from) = change.before.moved else { return Ok(true) };
    Ok(session.recall_move(&change.booking).await?.is_some_and(|moved| moved.from == from))
}
