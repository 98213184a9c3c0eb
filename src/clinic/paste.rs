//! Pasting preblocks that were cut or copied: one book's, or from one book to another's. Reads only.

use super::facts::Facts;
use super::planned::{Plan, active_practitioner, preblock_id};
use super::{ClinicError, CutPreblocks, NothingToDo, PastedPreblocks, Refusal, require};
use crate::domain::{Actor, CivilTime, Interval, Preblock, layable, plan_pasting};
use crate::store::Session;

/// All the time that it touches, where it is cut and where it goes.
///
/// # Errors
/// Nothing was given; something of what was cut is gone; it goes beyond the last day there is.
pub(super) async fn stretch(
    session: &mut Session,
    asked: &PastedPreblocks,
) -> Result<Interval, ClinicError> {
    let cut = cut(session, asked.cut.as_ref()).await?;
    let goes = asked.pasted.iter().map(|wanted| wanted.interval);
    let all = goes.chain(cut.iter().map(|preblock| preblock.interval)).reduce(Interval::hull);
    let all = all.ok_or(Refusal::NothingToDo(NothingToDo::NoPreblock))?;
    if all.end() > CivilTime::last() {
        return Err(Refusal::NothingToDo(NothingToDo::NoTime).into());
    }
    Ok(all)
}

/// What was cut, as it stands.
async fn cut(
    session: &mut Session,
    asked: Option<&CutPreblocks>,
) -> Result<Vec<Preblock>, ClinicError> {
    let mut found = Vec::new();
    let Some(asked) = asked else { return Ok(found) };
    for id in &asked.preblocks {
        let preblock = session.preblock(id).await?;
        let own = preblock.filter(|preblock| preblock.practitioner == asked.practitioner);
        found.push(own.ok_or(Refusal::Gone)?);
    }
    Ok(found)
}

/// R6, R12, R17 and R18 for what is pasted.
///
/// # Errors
/// A rule or a permission says no, or what was cut is gone.
pub(super) async fn plan(
    session: &mut Session,
    facts: &Facts,
    actor: &Actor,
    asked: &PastedPreblocks,
) -> Result<Plan, ClinicError> {
    let Facts { setup, calendar, .. } = facts;
    let PastedPreblocks { practitioner, pasted, overlap, .. } = asked;
    active_practitioner(setup, practitioner)?;
    let codes: Vec<&str> = asked.codes.iter().map(String::as_str).collect();
    for wanted in pasted {
        // Permission before code: who may not publish is not told whether a code was right.
        if let Some(found) = setup.preblock_types.get(&wanted.preblock_type) {
            require(actor, found.kind.permission())?;
        }
        layable(setup, practitioner, &wanted.preblock_type, &codes)?;
    }
    let cut = cut(session, asked.cut.as_ref()).await?;
    let changes =
        plan_pasting(setup, practitioner, calendar, &cut, pasted, *overlap, &mut preblock_id)?;
    Ok(changes.into())
}
