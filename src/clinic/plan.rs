//! From a command to planned changes: asks the domain, on the facts of the books that it touches. What
//! those are is told by `target.rs`. Writes nothing.

use std::collections::BTreeSet;

use super::booked::{plan_edit, stands_as_seen};
use super::facts::{Facts, Share, What, whole_days};
use super::kept_online::plan_keep_online;
use super::online::{plan_book_online, plan_cancel_online, plan_rebook_online};
use super::paste;
pub(super) use super::planned::Plan;
use super::planned::{active_practitioner, preblock_id, session_id, short_enough};
use super::staff_booking::{plan_booking, plan_move};
use super::undo::plan_undo;
use super::{ClinicError, Command, OverlapChoice, Refusal, Repeat, away, recall, require};
use crate::domain::{
    Actor, Change, Interval, Permission, PractitionerId, PreblockTypeId, WeekTemplateId, layable,
    plan_applying_week, plan_cancelling, plan_laying, plan_removing, plan_repeating_preblocks,
    plan_repeating_schedule, plan_scheduling, plan_unscheduling, plan_withdrawing, union,
};
use crate::store::Session;

/// The fields of [`Command::LayPreblocks`].
struct Laying<'a> {
    practitioner: &'a PractitionerId,
    preblock_type: &'a PreblockTypeId,
    intervals: &'a [Interval],
    overlap: OverlapChoice,
    code: Option<&'a str>,
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
            away::follow(session, &mut plan.changes).await?;
            // A patient is let by R14 and R15, not by permissions.
            if command.is_online() {
                return Ok(plan);
            }
            plan
        }
        // What is taken back holds the recall's part already.
        What::TakeBack(changes) => {
            let mut changes = plan_undo(session, facts, changes).await?;
            away::follow(session, &mut changes).await?;
            changes.into()
        }
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
            away::plan_call(session, facts, actor, booking, *mark).await?
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
        Command::CancelBooking { booking, seen, reason } => {
            short_enough(reason.as_deref().unwrap_or_default())?;
            let booking = session.booking(booking).await?.ok_or(Refusal::Gone)?;
            stands_as_seen(session, &facts.setup, &booking, seen.as_ref()).await?;
            vec![plan_cancelling(booking)?].into()
        }
        Command::BookOnline(asked) => plan_book_online(session, facts, asked).await?.into(),
        Command::RebookOnline(asked) => plan_rebook_online(session, facts, asked).await?.into(),
        Command::CancelOnline { portal_id, e_id } => {
            plan_cancel_online(session, facts, portal_id, e_id).await?.into()
        }
        Command::KeepOnline(asked) => plan_keep_online(session, facts, asked).await?.into(),
        Command::TakeOverContacts { .. }
        | Command::DismissContacts { .. }
        | Command::ChangeSetting(_)
        | Command::SetPassword { .. }
        | Command::Together(_)
        | Command::AsShown(_)
        | Command::Undo { .. } => Plan::from(Vec::new()),
    })
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
