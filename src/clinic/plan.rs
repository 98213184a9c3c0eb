//! From a command to planned changes: loads what the rules need and asks the domain. Writes nothing.

use std::collections::BTreeSet;

use super::away::plan_call;
use super::booked::{plan_edit, template_for, whom};
use super::facts::{Facts, Patients, Share, Target, What, whole_days};
use super::online::{plan_book_online, plan_cancel_online, plan_rebook_online};
use super::paste;
use super::undo::plan_undo;
use super::{
    BookedFor, BookingSubject, ClinicError, Command, MovedBooking, OverlapChoice, Refusal, Repeat,
    StaffBooking, new_id, recall, require,
};
use crate::domain::{
    Actor, Booking, BookingId, BookingState, BookingTemplate, Change, CivilTime, Confirmation,
    DateRange, Identification, Interval, NothingToDo, Permission, PractitionerId, PreblockId,
    PreblockTypeId, RepeatUntil, ResourceCodes, Setup, SkippedDay, TemplateId, TemplateMinutes,
    WeekTemplateId, WorkSessionId, judge_booking, layable, plan_applying_week, plan_cancelling,
    plan_laying, plan_moving, plan_removing, plan_repeating_preblocks, plan_repeating_schedule,
    plan_scheduling, plan_unscheduling, plan_withdrawing, union, week_of,
};
use crate::store::Session;

/// The longest text a booking may have, in characters.
const LONGEST_TEXT: usize = 1000;

/// A command as the rules would carry it out.
pub(super) struct Plan {
    pub changes: Vec<Change>,
    pub to_confirm: Vec<Confirmation>,
    pub skipped: Vec<SkippedDay>,
}

impl From<Vec<Change>> for Plan {
    fn from(changes: Vec<Change>) -> Self {
        Self { changes, to_confirm: Vec::new(), skipped: Vec::new() }
    }
}

/// The fields of [`Command::LayPreblocks`].
struct Laying<'a> {
    practitioner: &'a PractitionerId,
    preblock_type: &'a PreblockTypeId,
    intervals: &'a [Interval],
    overlap: OverlapChoice,
    code: Option<&'a str>,
}

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
        Command::Undo { command } => return super::undo::shares(session, actor, command).await,
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
    let (mut also, mut patients) = (None, Patients::Stay);
    let (practitioner, resources, stretch) = match command {
        Command::LayPreblocks { practitioner, intervals, .. }
        | Command::AddWorkSessions { practitioner, intervals }
        | Command::RemoveWorkSessions { practitioner, intervals } => {
            (practitioner.clone(), BTreeSet::new(), hull(intervals).ok_or(nowhere())?)
        }
        Command::RemovePreblocks { practitioner, preblocks } => {
            let mut found = Vec::new();
            for id in preblocks {
                let preblock = session.preblock(id).await?.ok_or(Refusal::Gone)?;
                found.push(preblock.interval);
            }
            let nothing = Refusal::NothingToDo(NothingToDo::NoPreblock);
            (practitioner.clone(), BTreeSet::new(), hull(&found).ok_or(nothing)?)
        }
        Command::WithdrawPreblocks { practitioner, days } => {
            (practitioner.clone(), BTreeSet::new(), days.interval().ok_or(nowhere())?)
        }
        Command::PastePreblocks(asked) => {
            let stretch = paste::stretch(session, asked).await?;
            let from = asked.cut.as_ref().map(|cut| cut.practitioner.clone());
            also = from.filter(|id| *id != asked.practitioner);
            (asked.practitioner.clone(), BTreeSet::new(), stretch)
        }
        Command::RepeatWorkSessions { practitioner, repeat }
        | Command::ApplyWeekTemplate { practitioner, span: repeat, .. }
        | Command::RepeatPreblocks { practitioner, repeat, .. } => {
            let source = week_of(repeat.week);
            let days = match repeat.until {
                RepeatUntil::Weeks(weeks) => weeks.min(u32::from(u8::MAX)).saturating_mul(7),
                RepeatUntil::Date(last) => {
                    let days = last.signed_duration_since(source.end()).num_days() + 1;
                    u32::try_from(days.clamp(0, 7 * i64::from(u8::MAX))).unwrap_or(0)
                }
            };
            let all = DateRange::new(source.first(), 7 + days);
            (practitioner.clone(), BTreeSet::new(), all.interval().ok_or(nowhere())?)
        }
        Command::Book(asked) => {
            let booking = new_booking(setup, actor, asked)?;
            patients = patients_of(&asked.patient, recall::moved_by(setup, &booking));
            (asked.practitioner.clone(), booking.resources.iter().collect(), booking.interval)
        }
        Command::MoveBooking(asked) => {
            let before = session.booking(&asked.booking).await?.ok_or(Refusal::Gone)?;
            let stretch = before.interval.hull(moved_interval(asked)?);
            patients = recall::moved_along(session, &before.id).await?;
            also = Some(before.practitioner).filter(|id| *id != asked.practitioner);
            (asked.practitioner.clone(), before.resources.iter().collect(), stretch)
        }
        Command::EditBooking(asked) => {
            let before = session.booking(&asked.seen.id).await?.ok_or(Refusal::Gone)?;
            let template = template_for(setup, &before, asked)?;
            let held = template.into_iter().flat_map(|template| template.resources.iter());
            let resources = before.resources.iter().chain(held).collect();
            let along = recall::moved_along(session, &before.id).await?;
            let by = Patients::from(template.is_some_and(|template| template.moves_recall));
            let moved = by.or(recall::moved_by(setup, &before));
            patients = patients_of(&asked.patient, moved).or(along);
            (before.practitioner, resources, before.interval)
        }
        Command::CancelBooking { booking, .. } => {
            let booking = session.booking(booking).await?.ok_or(Refusal::Gone)?;
            patients = recall::moved_along(session, &booking.id).await?;
            (booking.practitioner.clone(), booking.resources.iter().collect(), booking.interval)
        }
        Command::BookOnline(_) | Command::RebookOnline(_) | Command::CancelOnline { .. } => {
            return super::online::target(session, setup, command).await;
        }
        Command::MarkCalled { booking, .. } => {
            let booking = session.booking(booking).await?.ok_or(Refusal::Gone)?;
            (booking.practitioner, BTreeSet::new(), booking.interval)
        }
        // Settings are in no book: they are carried out before a target is asked for.
        Command::TakeOverContacts { .. }
        | Command::DismissContacts { .. }
        | Command::ChangeSetting(_)
        | Command::SetPassword { .. }
        | Command::Together(_)
        | Command::Undo { .. } => return Err(nowhere().into()),
    };
    if !setup.practitioners.contains_key(&practitioner) {
        return Err(Refusal::UnknownPractitioner(practitioner).into());
    }
    Ok(Target { practitioner, also, resources, patients, within: whole_days(stretch) })
}

/// What the rules make of a share; permissions of all planned changes are checked (R17).
///
/// # Errors
/// A rule or a permission says no.
async fn plan(
    session: &mut Session,
    facts: &Facts,
    actor: &Actor,
    what: &What<'_>,
) -> Result<Plan, ClinicError> {
    let plan = match what {
        What::Do(command) => {
            let mut plan = carry_out(session, facts, actor, command).await?;
            recall::follow(session, facts, &mut plan.changes).await?;
            // A patient is let by R14 and R15, not by permissions.
            if command.is_online() {
                return Ok(plan);
            }
            plan
        }
        // What is taken back holds the recall's part already.
        What::TakeBack(changes) => plan_undo(session, facts, changes).await?.into(),
    };
    let needed: BTreeSet<Permission> = plan.changes.iter().flat_map(Change::permissions).collect();
    for permission in needed {
        require(actor, permission)?;
    }
    Ok(plan)
}

async fn carry_out(
    session: &mut Session,
    facts: &Facts,
    actor: &Actor,
    command: &Command,
) -> Result<Plan, ClinicError> {
    Ok(match command {
        Command::LayPreblocks { practitioner, preblock_type, intervals, overlap, code } => {
            let code = code.as_deref();
            let asked = Laying { practitioner, preblock_type, intervals, overlap: *overlap, code };
            lay(facts, actor, &asked)?
        }
        Command::RepeatPreblocks { practitioner, repeat, overlap, codes } => {
            repeat_preblocks(facts, practitioner, repeat, *overlap, codes)?
        }
        Command::RemovePreblocks { preblocks, .. } => {
            plan_removing(&facts.setup, &facts.calendar, preblocks)?.into()
        }
        Command::WithdrawPreblocks { days, .. } => {
            plan_withdrawing(&facts.setup, &facts.calendar, *days)?.into()
        }
        Command::MarkCalled { booking, mark } => {
            plan_call(session, facts, actor, booking, *mark).await?
        }
        Command::PastePreblocks(asked) => paste::plan(session, facts, actor, asked).await?,
        Command::AddWorkSessions { practitioner, intervals } => {
            active_practitioner(&facts.setup, practitioner)?;
            plan_scheduling(practitioner, &facts.calendar, intervals, &mut session_id)?.into()
        }
        Command::RemoveWorkSessions { intervals, .. } => {
            plan_unscheduling(&facts.calendar, intervals, &mut session_id)?.into()
        }
        Command::ApplyWeekTemplate { practitioner, template, span } => {
            apply_week(facts, practitioner, template, span)?
        }
        Command::RepeatWorkSessions { practitioner, repeat } => {
            repeat_schedule(facts, practitioner, repeat)?
        }
        Command::Book(asked) => plan_booking(session, facts, actor, asked).await?,
        Command::MoveBooking(asked) => plan_move(session, facts, asked).await?,
        Command::EditBooking(asked) => plan_edit(session, facts, actor, asked).await?,
        Command::CancelBooking { booking, reason } => {
            short_enough(reason.as_deref().unwrap_or_default())?;
            let booking = session.booking(booking).await?.ok_or(Refusal::Gone)?;
            vec![plan_cancelling(booking)?].into()
        }
        Command::BookOnline(asked) => plan_book_online(session, facts, asked).await?.into(),
        Command::RebookOnline(asked) => plan_rebook_online(session, facts, asked).await?.into(),
        Command::CancelOnline { portal_id, e_id } => {
            plan_cancel_online(session, facts, portal_id, e_id).await?.into()
        }
        Command::TakeOverContacts { .. }
        | Command::DismissContacts { .. }
        | Command::ChangeSetting(_)
        | Command::SetPassword { .. }
        | Command::Together(_)
        | Command::Undo { .. } => Plan::from(Vec::new()),
    })
}

fn session_id() -> WorkSessionId {
    WorkSessionId::new(new_id())
}

pub(super) fn preblock_id() -> PreblockId {
    PreblockId::new(new_id())
}

fn lay(facts: &Facts, actor: &Actor, asked: &Laying<'_>) -> Result<Plan, Refusal> {
    let Facts { setup, calendar, .. } = facts;
    active_practitioner(setup, asked.practitioner)?;
    // Permission before code: who may not publish is not told whether a code was right.
    if let Some(found) = setup.preblock_types.get(asked.preblock_type) {
        require(actor, found.kind.permission())?;
    }
    let codes: Vec<&str> = asked.code.into_iter().collect();
    let found = layable(setup, asked.practitioner, asked.preblock_type, &codes)?;
    plan_laying(
        setup,
        asked.practitioner,
        calendar,
        found,
        asked.intervals,
        asked.overlap,
        &mut preblock_id,
    )
    .map(Plan::from)
}

fn repeat_preblocks(
    facts: &Facts,
    practitioner: &PractitionerId,
    repeat: &Repeat,
    overlap: OverlapChoice,
    codes: &[String],
) -> Result<Plan, Refusal> {
    active_practitioner(&facts.setup, practitioner)?;
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let (changes, skipped) = plan_repeating_preblocks(
        &facts.setup,
        practitioner,
        &facts.calendar,
        repeat,
        overlap,
        &codes,
        &mut preblock_id,
    )?;
    Ok(Plan { skipped, ..Plan::from(changes) })
}

fn repeat_schedule(
    facts: &Facts,
    practitioner: &PractitionerId,
    repeat: &Repeat,
) -> Result<Plan, Refusal> {
    active_practitioner(&facts.setup, practitioner)?;
    let (changes, skipped) =
        plan_repeating_schedule(&facts.setup, &facts.calendar, repeat, &mut session_id)?;
    Ok(Plan { skipped, ..Plan::from(changes) })
}

fn apply_week(
    facts: &Facts,
    practitioner: &PractitionerId,
    template: &WeekTemplateId,
    span: &Repeat,
) -> Result<Plan, Refusal> {
    let Facts { setup, calendar, .. } = facts;
    active_practitioner(setup, practitioner)?;
    let template = setup.week_templates.get(template).ok_or(Refusal::Gone)?;
    let (changes, skipped) =
        plan_applying_week(setup, practitioner, calendar, template, span, &mut session_id)?;
    Ok(Plan { skipped, ..Plan::from(changes) })
}

async fn plan_booking(
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
    let change = Change::Booking(Box::new(crate::domain::Changed::Added(booking)));
    let changes = registered.into_iter().chain([change]).collect::<Vec<_>>();
    Ok(Plan { to_confirm, ..Plan::from(changes) })
}

async fn plan_move(
    session: &mut Session,
    facts: &Facts,
    asked: &MovedBooking,
) -> Result<Plan, ClinicError> {
    let Facts { setup, calendar, resources, now, .. } = facts;
    active_practitioner(setup, &asked.practitioner)?;
    let before = session.booking(&asked.booking).await?.ok_or(Refusal::Gone)?;
    let (practitioner, interval) = (asked.practitioner.clone(), moved_interval(asked)?);
    let after = Booking { practitioner, interval, ..before.clone() };
    if after == before {
        return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
    }
    let (change, to_confirm) = plan_moving(setup, calendar, resources, before, after, *now)?;
    Ok(Plan { to_confirm, ..Plan::from(vec![change]) })
}

/// The time that a booking is to have, of a length that bookings may have.
fn moved_interval(asked: &MovedBooking) -> Result<Interval, Refusal> {
    TemplateMinutes::new(i64::from(asked.interval.length().0))
        .ok()
        .filter(|_| asked.interval.end() <= CivilTime::last())
        .map(|_| asked.interval)
        .ok_or(Refusal::NothingToDo(NothingToDo::NoTime))
}

/// The booking that staff ask for, with a new id and nobody's yet (R13).
fn new_booking(setup: &Setup, actor: &Actor, asked: &StaffBooking) -> Result<Booking, Refusal> {
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

/// The template with this id, which new bookings may have.
pub(super) fn active_template<'a>(
    setup: &'a Setup,
    id: &TemplateId,
) -> Result<&'a BookingTemplate, Refusal> {
    let template = setup.templates.get(id).ok_or_else(|| Refusal::UnknownTemplate(id.clone()))?;
    if template.active { Ok(template) } else { Err(Refusal::InactiveTemplate(id.clone())) }
}

/// That a text is not longer than texts may be.
pub(super) fn short_enough(text: &str) -> Result<(), Refusal> {
    match text.chars().count() > LONGEST_TEXT {
        true => Err(Refusal::TextTooLong(LONGEST_TEXT)),
        false => Ok(()),
    }
}

/// Whether booking for somebody registers a patient, or moves one's recall where bookings like it do.
fn patients_of(booked_for: &BookedFor, moved: Patients) -> Patients {
    match booked_for {
        BookedFor::New(_) => Patients::Change,
        BookedFor::Patient(_) => moved,
        BookedFor::Nobody => Patients::Stay,
    }
}

/// Nothing new is laid on the book of somebody who has left.
pub(super) fn active_practitioner(
    setup: &Setup,
    practitioner: &PractitionerId,
) -> Result<(), Refusal> {
    match setup.practitioners.get(practitioner) {
        None => Err(Refusal::UnknownPractitioner(practitioner.clone())),
        Some(found) if !found.active => Err(Refusal::InactivePractitioner(practitioner.clone())),
        Some(_) => Ok(()),
    }
}

fn hull(intervals: &[Interval]) -> Option<Interval> {
    intervals.iter().copied().reduce(Interval::hull)
}

/// The days on which planned changes lie, as stretches of whole days that are apart.
pub(super) fn changed_days(changes: &[Change]) -> Vec<Interval> {
    union(changes.iter().flat_map(Change::intervals).map(whole_days).collect())
}

/// The plan of one share of `of` shares. Of several, one that has nothing to do is none, and a refusal
/// says whose book it is about.
///
/// # Errors
/// A rule or a permission says no, or the store could not be read.
pub(super) async fn plan_share(
    session: &mut Session,
    facts: &Facts,
    actor: &Actor,
    share: &Share<'_>,
    of: usize,
) -> Result<Option<Plan>, ClinicError> {
    match plan(session, facts, actor, &share.what).await {
        Err(ClinicError::Refused(Refusal::NothingToDo(_))) if of > 1 => Ok(None),
        Err(ClinicError::Refused(refusal)) if of > 1 => {
            let practitioner = share.target.practitioner.clone();
            Err(Refusal::InBookOf { practitioner, refusal: Box::new(refusal) }.into())
        }
        planned => planned.map(Some),
    }
}
