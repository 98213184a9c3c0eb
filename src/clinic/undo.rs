//! Taking one's own change back (R20): the stored outcome reversed, if nobody has touched the same.

use std::collections::BTreeSet;

use super::facts::{Facts, Patients, Share, Target, What, whole_days};
use super::outcome::own_outcome;
use super::{ClinicError, Refusal, recall, settings};
use crate::domain::{
    Actor, Booking, Calendar, Change, Changed, CommandId, EntityKind, Interval, PractitionerId,
    Preblock, ResourceUse, judge_booking, reversed, without,
};
use crate::store::{Session, StoreError};

/// What undoing the command touches, book by book.
pub(super) async fn shares(
    session: &mut Session,
    actor: &Actor,
    command: &CommandId,
) -> Result<Vec<Share<'static>>, ClinicError> {
    let outcome = own_outcome(session, actor, command).await?;
    let mut books: Vec<(PractitionerId, Vec<Change>)> = Vec::new();
    // A recall or a call goes with its booking; a patient registered along with one, with the first.
    let changes = reversed(&outcome.changes);
    let first = changes.iter().find_map(home).ok_or(Refusal::NotYours)?;
    let homes: Vec<PractitionerId> = changes
        .iter()
        .map(|change| home(booking_of(change, &changes).unwrap_or(change)))
        .map(|home| home.unwrap_or_else(|| first.clone()))
        .collect();
    for (change, home) in changes.into_iter().zip(homes) {
        match books.iter_mut().find(|(id, _)| *id == home) {
            Some((_, changes)) => changes.push(change),
            None => books.push((home, vec![change])),
        }
    }
    let share = |(practitioner, changes): (PractitionerId, Vec<Change>)| {
        let stretch = changes.iter().flat_map(Change::intervals).reduce(Interval::hull);
        let resources = changes.iter().flat_map(held_resources).collect();
        let also = changes.iter().flat_map(Change::practitioners).find(|id| *id != practitioner);
        let within = whole_days(stretch.ok_or(Refusal::NotYours)?);
        let settings =
            changes.iter().any(|change| matches!(change, Change::Setting(_) | Change::Recall(_)));
        let patients = if settings { Patients::Change } else { Patients::Stay };
        let target = Target { practitioner, also, resources, patients, within };
        Ok(Share { target, what: What::TakeBack(changes) })
    };
    books.into_iter().map(share).collect()
}

/// The book whose rules decide: where a booking goes from one book to another, the one it comes to.
fn home(change: &Change) -> Option<PractitionerId> {
    if let Change::Booking(change) = change {
        return Some(change.latest().practitioner.clone());
    }
    change.practitioners().into_iter().next()
}

/// The change of the booking that a recall or a call goes along with.
fn booking_of<'c>(along: &Change, changes: &'c [Change]) -> Option<&'c Change> {
    let booking = match along {
        Change::Recall(recall) => &recall.booking,
        Change::Call(call) => &call.latest().booking,
        _ => return None,
    };
    changes.iter().find(|change| match change {
        Change::Booking(change) => change.latest().id == *booking,
        _ => false,
    })
}

fn held_resources(change: &Change) -> BTreeSet<crate::domain::ResourceCode> {
    let Change::Booking(change) = change else { return BTreeSet::new() };
    let bookings = change.before().into_iter().chain(change.after());
    bookings.flat_map(|booking| booking.resources.iter()).collect()
}

/// Whether the changes that take a command back can be made; every rule holds for them again.
pub(super) async fn plan_undo(
    session: &mut Session,
    facts: &Facts,
    changes: &[Change],
) -> Result<Vec<Change>, ClinicError> {
    let mut kept = Vec::new();
    for change in changes {
        let stands = stands_as_left(session, facts, changes, change).await?;
        // A recall that somebody has set since stays so, and the booking is taken back (R16).
        if !stands && matches!(change, Change::Recall(_)) {
            continue;
        }
        if !stands {
            return Err(touched(session, facts, &entity(change)).await?.into());
        }
        kept.push(change.clone());
    }
    let changes = kept;
    let (takes, gives): (Vec<Change>, Vec<Change>) = changes.iter().cloned().partition(is_removal);
    let calendar = facts.calendar.changed(&takes);
    let resources = facts.resources.changed(&takes);
    for change in &gives {
        allow(session, facts, &calendar, &resources, change).await?;
    }
    Ok(changes)
}

/// Whether the entity is as the command that is taken back left it; the change is one of `changes`.
async fn stands_as_left(
    session: &mut Session,
    facts: &Facts,
    changes: &[Change],
    change: &Change,
) -> Result<bool, StoreError> {
    Ok(match change {
        Change::Preblock { change, .. } => {
            session.preblock(&change.latest().id).await?.as_ref() == change.before()
        }
        Change::WorkSession(change) => {
            let id = &change.latest().id;
            session.work_session(id).await?.as_ref() == change.before()
        }
        Change::Call(change) => {
            session.call(&change.latest().booking).await?.as_ref() == change.before()
        }
        Change::Setting(change) => settings::stands(session, &facts.setup, change).await?,
        Change::Recall(change) => recall::stands(session, changes, change).await?,
        Change::Booking(change) => {
            session.booking(&change.latest().id).await?.as_ref() == change.before()
        }
    })
}

/// How the audit log names what a change is about.
pub(super) fn entity(change: &Change) -> String {
    match change {
        Change::Preblock { change, .. } => EntityKind::Preblock.named(&change.latest().id),
        Change::WorkSession(change) => EntityKind::WorkSession.named(&change.latest().id),
        Change::Booking(change) => EntityKind::Booking.named(&change.latest().id),
        Change::Call(change) => EntityKind::Call.named(&change.latest().booking),
        Change::Setting(change) => change.entity(),
        Change::Recall(change) => EntityKind::Patient.named(&change.patient),
    }
}

/// Whether nothing takes time that was free: such a change can't meet anything in its way.
fn is_removal(change: &Change) -> bool {
    match change {
        Change::Preblock { change, .. } => matches!(change, Changed::Removed(_)),
        Change::WorkSession(change) => matches!(change, Changed::Removed(_)),
        Change::Booking(change) => !change.after().is_some_and(Booking::is_active),
        Change::Call(_) | Change::Setting(_) | Change::Recall(_) => false,
    }
}

/// R6, R12 and R13 for what comes back. What the user confirmed or typed when it was first made
/// counts; a code is not asked for again, since nothing new is laid.
async fn allow(
    session: &mut Session,
    facts: &Facts,
    calendar: &Calendar,
    resources: &ResourceUse,
    change: &Change,
) -> Result<(), ClinicError> {
    match change {
        Change::Preblock { change, .. } => {
            let Some(preblock) = change.after() else { return Ok(()) };
            allow_preblock(facts, preblock)?;
            match calendar.preblocks_in(preblock.interval).first() {
                None => Ok(()),
                Some(other) => {
                    let entity = EntityKind::Preblock.named(&other.id);
                    Err(touched(session, facts, &entity).await?.into())
                }
            }
        }
        Change::WorkSession(_) | Change::Call(_) | Change::Recall(_) => Ok(()),
        Change::Setting(change) => {
            let faults = settings::faults(session, &facts.setup, change).await?;
            if faults.is_empty() { Ok(()) } else { Err(Refusal::Faults(faults).into()) }
        }
        Change::Booking(change) => {
            let Some(booking) = change.after() else { return Ok(()) };
            let (calendar, resources) = match change.before() {
                Some(before) => without(calendar, resources, before),
                None => (calendar.clone(), resources.clone()),
            };
            match judge_booking(&facts.setup, &calendar, &resources, booking, facts.now) {
                Ok(_) => Ok(()),
                Err(Refusal::BookingInTheWay(taken)) => {
                    let other = calendar.bookings_in(taken).first();
                    let entity = other.map(|other| EntityKind::Booking.named(&other.id));
                    Err(touched(session, facts, &entity.unwrap_or_default()).await?.into())
                }
                Err(refusal) => Err(refusal.into()),
            }
        }
    }
}

fn allow_preblock(facts: &Facts, preblock: &Preblock) -> Result<(), Refusal> {
    let preblock_type = preblock.preblock_type.clone();
    match facts.setup.preblock_types.get(&preblock_type) {
        None => Err(Refusal::UnknownPreblockType(preblock_type)),
        Some(found) if !found.active => Err(Refusal::InactivePreblockType(preblock_type)),
        Some(found) if !found.is_valid_for(&preblock.practitioner) => {
            Err(Refusal::TypeNotValid(preblock_type))
        }
        Some(_) => Ok(()),
    }
}

/// R20's refusal: who touched the entity last, and when.
async fn touched(
    session: &mut Session,
    facts: &Facts,
    entity: &str,
) -> Result<Refusal, StoreError> {
    Ok(match session.last_audit_of(entity).await? {
        Some(entry) => {
            Refusal::TouchedSince { who: entry.actor, when: facts.setup.zone.civil(entry.at) }
        }
        None => Refusal::Gone,
    })
}
