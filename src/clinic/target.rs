//! What a command touches, before anything is decided: whose books, which days of them, which resources,
//! and whether patients. So it is known what to lock and what to read. Writes nothing.

use std::collections::BTreeSet;

use super::booked::template_for;
use super::facts::{Patients, Share, Target, What, whole_days};
use super::staff_booking::{moved_interval, new_booking};
use super::{
    BookedFor, ClinicError, Command, EditedBooking, MovedBooking, NothingToDo, Refusal, Repeat,
    RepeatUntil, StaffBooking, kept_online, online, paste, recall, require, undo,
};
use crate::domain::{
    Actor, Booking, BookingId, DateRange, Interval, MOST_WEEKS_REPEATED, PractitionerId,
    PreblockId, Setup, week_of,
};
use crate::store::Session;

/// What the command touches, book by book.
///
/// # Errors
/// It names what is not there, or is not the actor's to do.
pub(super) async fn shares<'a>(
    session: &mut Session,
    setup: &Setup,
    actor: &Actor,
    command: &'a Command,
) -> Result<Vec<Share<'a>>, ClinicError> {
    let commands = match command {
        Command::Undo { command } => return undo::shares(session, actor, command).await,
        Command::Together(commands) => commands.as_slice(),
        _ => std::slice::from_ref(command),
    };
    let mut shares = Vec::new();
    for command in commands {
        let target = target(session, setup, actor, command).await?;
        shares.push(Share { target, what: What::Do(command) });
    }
    if shares.is_empty() { Err(nowhere().into()) } else { Ok(shares) }
}

fn nowhere() -> Refusal {
    Refusal::NothingToDo(NothingToDo::NoTime)
}

/// What a command about one book touches.
async fn target(
    session: &mut Session,
    setup: &Setup,
    actor: &Actor,
    command: &Command,
) -> Result<Target, ClinicError> {
    if let Some(permission) = command.permission() {
        require(actor, permission)?;
    }
    let target = match command {
        Command::LayPreblocks { practitioner, intervals, .. }
        | Command::AddWorkSessions { practitioner, intervals }
        | Command::RemoveWorkSessions { practitioner, intervals } => {
            within(practitioner, hull(intervals).ok_or(nowhere())?)
        }
        Command::RemovePreblocks { practitioner, preblocks } => {
            within(practitioner, stretch_of(session, preblocks).await?)
        }
        Command::WithdrawPreblocks { practitioner, days } => {
            within(practitioner, days.interval().ok_or(nowhere())?)
        }
        Command::PastePreblocks(asked) => {
            let stretch = paste::stretch(session, asked).await?;
            let from = asked.cut.as_ref().map(|cut| cut.practitioner.clone());
            let also = from.filter(|id| *id != asked.practitioner);
            Target { also, ..within(&asked.practitioner, stretch) }
        }
        Command::RepeatWorkSessions { practitioner, repeat }
        | Command::ApplyWeekTemplate { practitioner, span: repeat, .. }
        | Command::RepeatPreblocks { practitioner, repeat, .. } => {
            within(practitioner, repeated_over(repeat)?)
        }
        Command::Book(asked) => of_booking(setup, actor, asked)?,
        Command::MoveBooking(asked) => of_moving(session, asked).await?,
        Command::EditBooking(asked) => of_editing(session, setup, asked).await?,
        Command::CancelBooking { booking, .. } => {
            let booking = stored(session, booking).await?;
            let patients = recall::moved_along(session, &booking.id).await?;
            Target { patients, ..around(&booking) }
        }
        Command::BookOnline(_) | Command::RebookOnline(_) | Command::CancelOnline { .. } => {
            return online::target(session, setup, command).await;
        }
        Command::KeepOnline(asked) => kept_online::target(session, setup, asked).await?,
        Command::MarkCalled { booking, .. } => {
            let booking = stored(session, booking).await?;
            within(&booking.practitioner, booking.interval)
        }
        // Settings are in no book: they are carried out before a target is asked for.
        Command::TakeOverContacts { .. }
        | Command::DismissContacts { .. }
        | Command::ChangeSetting(_)
        | Command::SetPassword { .. }
        | Command::Together(_)
        | Command::AsShown(_)
        | Command::Undo { .. } => return Err(nowhere().into()),
    };
    if !setup.practitioners.contains_key(&target.practitioner) {
        return Err(Refusal::UnknownPractitioner(target.practitioner).into());
    }
    Ok(target)
}

/// A stretch of a book, and nothing beside it.
fn within(practitioner: &PractitionerId, stretch: Interval) -> Target {
    Target {
        practitioner: practitioner.clone(),
        also: None,
        resources: BTreeSet::new(),
        patients: Patients::Stay,
        within: whole_days(stretch),
    }
}

/// A booking's time, and what it holds.
fn around(booking: &Booking) -> Target {
    let resources = booking.resources.iter().collect();
    Target { resources, ..within(&booking.practitioner, booking.interval) }
}

fn of_booking(setup: &Setup, actor: &Actor, asked: &StaffBooking) -> Result<Target, Refusal> {
    let booking = new_booking(setup, actor, asked)?;
    let patients = patients_of(&asked.patient, recall::moved_by(setup, &booking));
    Ok(Target { patients, ..around(&booking) })
}

async fn of_moving(session: &mut Session, asked: &MovedBooking) -> Result<Target, ClinicError> {
    let before = stored(session, &asked.booking).await?;
    let stretch = before.interval.hull(moved_interval(asked)?);
    let patients = recall::moved_along(session, &before.id).await?;
    let resources = before.resources.iter().collect();
    let also = Some(before.practitioner).filter(|id| *id != asked.practitioner);
    Ok(Target { also, resources, patients, ..within(&asked.practitioner, stretch) })
}

async fn of_editing(
    session: &mut Session,
    setup: &Setup,
    asked: &EditedBooking,
) -> Result<Target, ClinicError> {
    let before = stored(session, &asked.seen.id).await?;
    let template = template_for(setup, &before, asked)?;
    let mut target = around(&before);
    target.resources.extend(template.into_iter().flat_map(|template| template.resources.iter()));
    let along = recall::moved_along(session, &before.id).await?;
    let by = Patients::from(template.is_some_and(|template| template.moves_recall));
    let moved = by.or(recall::moved_by(setup, &before));
    target.patients = patients_of(&asked.patient, moved).or(along);
    Ok(target)
}

async fn stored(session: &mut Session, id: &BookingId) -> Result<Booking, ClinicError> {
    Ok(session.booking(id).await?.ok_or(Refusal::Gone)?)
}

/// From the first of some preblocks to the last.
async fn stretch_of(
    session: &mut Session,
    preblocks: &[PreblockId],
) -> Result<Interval, ClinicError> {
    let mut found = Vec::new();
    for id in preblocks {
        let preblock = session.preblock(id).await?.ok_or(Refusal::Gone)?;
        found.push(preblock.interval);
    }
    let nothing = Refusal::NothingToDo(NothingToDo::NoPreblock);
    Ok(hull(&found).ok_or(nothing)?)
}

/// The week that is repeated, and all that it is repeated to.
fn repeated_over(repeat: &Repeat) -> Result<Interval, Refusal> {
    let source = week_of(repeat.week);
    let wanted = match repeat.until {
        RepeatUntil::Weeks(weeks) => i64::from(weeks) * 7,
        RepeatUntil::Date(last) => last.signed_duration_since(source.end()).num_days() + 1,
    };
    // More is refused, whatever stands there.
    let days = wanted.clamp(0, i64::from(MOST_WEEKS_REPEATED) * 7);
    let days = u32::try_from(days).unwrap_or(0);
    DateRange::new(source.first(), 7 + days).interval().ok_or(nowhere())
}

/// Whether booking for somebody registers a patient, or moves one's recall where bookings like it do.
fn patients_of(booked_for: &BookedFor, moved: Patients) -> Patients {
    match booked_for {
        BookedFor::New(_) => Patients::Change,
        BookedFor::Patient(_) => moved,
        BookedFor::Nobody => Patients::Stay,
    }
}

fn hull(intervals: &[Interval]) -> Option<Interval> {
    intervals.iter().copied().reduce(Interval::hull)
}
