//! Carrying a command out: the one way in which a clinic's books and settings change. What it would do
//! is told by `preview.rs`, on the same plans.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::attempts::Attempts;
use super::book::reach;
use super::facts::{Facts, Patients, Share, same_books};
use super::plan::{Plan, plan_share};
use super::preview::{Times, effect_of_settings, effect_on_times};
use super::shown::Shown;
use super::target::shares;
use super::undo::entity;
use super::{
    Change, Changed, Clinic, ClinicError, Command, NothingToDo, Outcome, Refusal, Revisions, among,
};
use super::{online, settings};
use crate::domain::{Actor, CivilTime, CommandId, Confirmation, PractitionerId};
use crate::store::{
    AuditChain, AuditValue, Audited, Locked, NewAuditEntry, Opening, RevisionScope, Session,
    StoreError, StoredCommand, Transaction, Whose, audit_views,
};

impl Clinic {
    /// Carries a command out: permission and rules are checked on what the transaction reads, and
    /// change, audit entries, command id and outcome are written in it, or nothing is.
    ///
    /// An id that has been carried out already answers with its outcome and does nothing more, so
    /// a retry after a lost answer is harmless: what a database server cut short is tried again here.
    ///
    /// # Errors
    /// A rule or a permission says no, or the store failed; nothing has changed then, except after
    /// [`StoreError::ConnectionLost`], where a look at what is stored tells.
    pub async fn execute(
        &self,
        actor: &Actor,
        id: CommandId,
        command: &Command,
        now: CivilTime,
    ) -> Result<Outcome, ClinicError> {
        let mut attempts = Attempts::new();
        loop {
            let done = self.carry_out(actor, id.clone(), command, now).await;
            let mut error = match done {
                Ok(outcome) => return Ok(outcome),
                Err(error) => error,
            };
            // What was refused now may be so because it had been done before.
            if attempts.may_have_been_done(&error) {
                match self.outcome_of(&id).await {
                    Ok(Some(outcome)) => return Ok(outcome),
                    Ok(None) => {}
                    Err(lost) => error = lost,
                }
            }
            attempts.next(error).await?;
        }
    }

    /// What came of a command, if it has been carried out.
    async fn outcome_of(&self, id: &CommandId) -> Result<Option<Outcome>, ClinicError> {
        let stored = self.store().read().await?.command(id).await?;
        stored.map(|stored| Outcome::of_stored(&stored.outcome)).transpose()
    }

    async fn carry_out(
        &self,
        actor: &Actor,
        id: CommandId,
        command: &Command,
        now: CivilTime,
    ) -> Result<Outcome, ClinicError> {
        let mut transaction = self.store().begin().await?;
        let Opening { done, users, revisions } = transaction.opening(&id).await?;
        if let Some(stored) = done {
            return Outcome::of_stored(&stored.outcome);
        }
        let actor = &among(users, actor)?;
        let (shown, command) = (command.shown(), command.bare());
        online::by_whom(actor, command)?;
        let deed = Deed { actor, id, command, shown };
        let changed = match settings::asked(&mut transaction, actor, command).await? {
            Some(asked) => change_settings(&mut transaction, &deed, asked, now).await?,
            None => self.change_books(&mut transaction, &deed, revisions, now).await?,
        };
        let (outcome, at) = match changed {
            Done::Now(outcome, at) => (outcome, at),
            Done::Before(outcome) => return Ok(outcome),
        };
        keep(&mut transaction, actor, &outcome, at).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    /// Changes what the command touches, book by book, with everything locked that the rules look at.
    async fn change_books(
        &self,
        transaction: &mut Transaction,
        deed: &Deed<'_>,
        revisions: Revisions,
        now: CivilTime,
    ) -> Result<Done, ClinicError> {
        let Deed { actor, id, command, shown } = deed;
        let setup = self.setup_at(transaction, &revisions).await?;
        let locked = shares(transaction, &setup, actor, command).await?;
        let scopes = locked.iter().flat_map(|share| share.target.scopes()).collect();
        let Some(first) = locked.first().map(|share| &share.target) else {
            return Err(Refusal::Gone.into());
        };
        let whose = Whose::These(std::slice::from_ref(&first.practitioner));
        let Locked { revisions, stretch } = transaction.lock(&scopes, whose, first.within).await?;
        if let Some(outcome) = online::applied(transaction, id, command).await? {
            return Ok(Done::Before(outcome));
        }
        // Read again, now that nobody else changes it.
        let setup = match locked.iter().any(|it| it.target.patients == Patients::Change) {
            false => self.setup_at(transaction, &revisions).await?,
            // Never into the cache: the revision that it was read at is not committed yet.
            true => Arc::new(transaction.setup().await?),
        };
        let shares = shares(transaction, &setup, actor, command).await?;
        if !same_books(&locked, &shares) {
            return Err(Refusal::Gone.into());
        }
        let at = Utc::now();
        transaction.gather();
        let (mut changes, mut lost) = (Vec::new(), Vec::new());
        // The first book is known as it was when it was locked; a later one may have been changed here.
        let mut known =
            Some(stretch).filter(|stretch| reach(stretch, first.within) == first.within);
        for (share, locked) in shares.iter().zip(&locked) {
            let (setup, target) = (Arc::clone(&setup), &share.target);
            let facts = match known.take() {
                Some(stretch) if locked.target.is_about_the_same(target) => {
                    Facts::of(setup, target, stretch, now)
                }
                _ => Facts::read(transaction, setup, target, now).await?,
            };
            let planned = plan_share(transaction, &facts, actor, share, shares.len()).await?;
            let Some(plan) = planned else { continue };
            if !locked.target.covers(&plan.changes) {
                return Err(Refusal::Gone.into());
            }
            if shown.is_some() {
                let whose = Times::OfTheBooks;
                lost.extend(effect_on_times(transaction, target, &facts, &plan, whose).await?.1);
            }
            write_share(transaction, deed, at, share, &plan).await?;
            changes.extend(plan.changes);
        }
        if changes.is_empty() {
            return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
        }
        shown.map_or(Ok(()), |shown| shown.holds(&changes, (&[], &lost)))?;
        let practitioner = only(&shares);
        Ok(Done::Now(Outcome { command: id.clone(), practitioner, changes }, at))
    }
}

/// A command that is being carried out.
struct Deed<'a> {
    actor: &'a Actor,
    id: CommandId,
    command: &'a Command,
    /// What its user was told that it does.
    shown: Option<&'a Shown>,
}

/// What came of a command.
enum Done {
    /// It has been written, as of this instant.
    Now(Outcome, DateTime<Utc>),
    /// It had been done before, under another id: nothing is written.
    Before(Outcome),
}

/// Changes settings, which are in no book.
async fn change_settings(
    transaction: &mut Transaction,
    deed: &Deed<'_>,
    asked: settings::Asked,
    now: CivilTime,
) -> Result<Done, ClinicError> {
    transaction.bump(&[RevisionScope::Settings].into()).await?;
    if let Some(shown) = deed.shown {
        let (setup, changes) = (transaction.setup().await?, asked.changes());
        let (gained, lost) = effect_of_settings(transaction, &setup, &changes, now).await?;
        shown.holds(&changes, (&gained, &lost))?;
    }
    let changes = asked.carry_out(transaction, deed.actor).await?;
    let at = Utc::now();
    for change in &changes {
        audit(transaction, deed, at, deed.command, change).await?;
    }
    Ok(Done::Now(Outcome { command: deed.id.clone(), practitioner: None, changes }, at))
}

/// Writes what is planned in one book, with its entries in the log, once what needs the user's word has
/// it.
async fn write_share(
    transaction: &mut Transaction,
    deed: &Deed<'_>,
    at: DateTime<Utc>,
    share: &Share<'_>,
    plan: &Plan,
) -> Result<(), ClinicError> {
    let told_as = share.what.told_as(deed.command);
    confirmed(told_as, &plan.to_confirm)?;
    for change in &plan.changes {
        write_change(transaction, change).await.map_err(|error| settings::in_use(change, error))?;
        audit(transaction, deed, at, told_as, change).await?;
    }
    Ok(())
}

/// The one book that is changed, unless there are several.
pub(super) fn only(shares: &[Share<'_>]) -> Option<PractitionerId> {
    match shares {
        [only] => Some(only.target.practitioner.clone()),
        _ => None,
    }
}

/// R13: whatever needs the user's word has it.
fn confirmed(command: &Command, to_confirm: &[Confirmation]) -> Result<(), Refusal> {
    let given = match command {
        Command::Book(asked) => &asked.confirmed,
        Command::MoveBooking(asked) => &asked.confirmed,
        Command::EditBooking(asked) => &asked.confirmed,
        _ => &BTreeSet::new(),
    };
    let missing: Vec<Confirmation> =
        to_confirm.iter().filter(|wanted| !given.contains(wanted)).cloned().collect();
    if missing.is_empty() { Ok(()) } else { Err(Refusal::NeedsConfirmation(missing)) }
}

/// Appends a change to the log, told as by a command: the deed's own, or a part of it.
async fn audit(
    transaction: &mut Transaction,
    deed: &Deed<'_>,
    at: DateTime<Utc>,
    told_as: &Command,
    change: &Change,
) -> Result<(), ClinicError> {
    let (before, after) = audit_values(change);
    let after = match told_as {
        Command::CancelBooking { reason: Some(reason), .. } => {
            after.map(|after| after.and("reason", AuditValue::personal(reason)))
        }
        _ => after,
    };
    for chain in chains(change) {
        let entry = NewAuditEntry {
            chain,
            at,
            actor: deed.actor.signature().to_owned(),
            command: deed.id.clone(),
            action: told_as.action().to_owned(),
            entity: entity(change),
            before: before.clone(),
            after: after.clone(),
        };
        transaction.append_audit(&entry).await?;
    }
    Ok(())
}

/// Keeps the command's id and its outcome.
async fn keep(
    transaction: &mut Transaction,
    actor: &Actor,
    outcome: &Outcome,
    at: DateTime<Utc>,
) -> Result<(), ClinicError> {
    let stored = StoredCommand {
        id: outcome.command.clone(),
        actor: actor.signature().to_owned(),
        at,
        outcome: outcome.to_stored()?,
    };
    transaction.insert_command(&stored).await?;
    Ok(())
}

/// The chains that tell of a change: those of the books it touches, else that of the settings.
fn chains(change: &Change) -> Vec<AuditChain> {
    let books = change.practitioners();
    if books.is_empty() {
        return vec![AuditChain::Settings];
    }
    books.into_iter().map(AuditChain::Practitioner).collect()
}

async fn write_change(session: &mut Session, change: &Change) -> Result<(), StoreError> {
    match change {
        Change::Preblock { change, .. } => {
            if let Some(before) = change.before() {
                session.delete_preblock(&before.id).await?;
            }
            if let Some(after) = change.after() {
                session.insert_preblock(after).await?;
            }
        }
        Change::WorkSession(change) => {
            if let Some(before) = change.before() {
                session.delete_work_session(&before.id).await?;
            }
            if let Some(after) = change.after() {
                session.insert_work_session(after).await?;
            }
        }
        Change::Booking(change) => match &**change {
            Changed::Added(booking) => session.insert_booking(booking).await?,
            Changed::Removed(booking) => session.delete_booking(booking).await?,
            Changed::Altered { before, after } => session.update_booking(before, after).await?,
        },
        Change::Call(change) => {
            if let Some(before) = change.before() {
                session.delete_call(&before.booking).await?;
            }
            if let Some(after) = change.after() {
                session.insert_call(after).await?;
            }
        }
        // By itself, so that what refers to something removed is told of it here.
        Change::Setting(change) => {
            session.send_gathered().await?;
            session.write_setting(change).await?;
            session.send_gathered().await?;
        }
        Change::Recall(change) => session.write_recall(change).await?,
    }
    Ok(())
}

fn audit_values(change: &Change) -> (Option<AuditValue>, Option<AuditValue>) {
    fn both<T: Audited>(change: &Changed<T>) -> (Option<AuditValue>, Option<AuditValue>) {
        (change.before().map(T::audit_view), change.after().map(T::audit_view))
    }
    match change {
        Change::Preblock { change, .. } => both(change),
        Change::WorkSession(change) => both(change),
        Change::Booking(change) => both(change),
        Change::Call(change) => both(change),
        Change::Setting(change) => audit_views(change),
        Change::Recall(change) => {
            (Some(change.before.audit_view()), Some(change.after.audit_view()))
        }
    }
}
