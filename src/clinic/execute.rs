//! Carrying a command out, and previewing it: the one way in which a clinic's books change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::attempts::Attempts;
use super::book::{books_around, reach};
use super::facts::{Facts, Patients, Share, Target};
use super::plan::{Plan, changed_days, plan_share, shares};
use super::undo::{entity, parse_outcome};
use super::{
    Change, Changed, Clinic, ClinicError, Command, NothingToDo, Outcome, Preview, Refusal, among,
    current,
};
use super::{online, settings};
use crate::domain::{
    Actor, Calendar, CivilTime, CommandId, Confirmation, DateRange, Interval, LaidOutside,
    PractitionerId, Preblock, Resolver, SkippedDay, Slot,
};
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
        stored.map(|stored| parse_outcome(&stored.outcome)).transpose()
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
            return parse_outcome(&stored.outcome);
        }
        let actor = &among(users, actor)?;
        online::by_whom(actor, command)?;
        if let Some(asked) = settings::asked(&mut transaction, actor, command).await? {
            transaction.bump(&[RevisionScope::Settings].into()).await?;
            let changes = asked.carry_out(&mut transaction, actor).await?;
            let outcome = Outcome { command: id, practitioner: None, changes };
            let at = Utc::now();
            for change in &outcome.changes {
                audit(&mut transaction, actor, command, (&outcome.command, at), change).await?;
            }
            keep(&mut transaction, actor, &outcome, at).await?;
            transaction.commit().await?;
            return Ok(outcome);
        }
        let setup = self.setup_at(&mut transaction, &revisions).await?;
        let locked = shares(&mut transaction, &setup, actor, command).await?;
        let scopes = locked.iter().flat_map(|share| share.target.scopes()).collect();
        let Some(first) = locked.first().map(|share| &share.target) else {
            return Err(Refusal::Gone.into());
        };
        let whose = Whose::These(std::slice::from_ref(&first.practitioner));
        let Locked { revisions, stretch } = transaction.lock(&scopes, whose, first.within).await?;
        if let Some(outcome) = online::applied(&mut transaction, &id, command).await? {
            return Ok(outcome);
        }
        // Read again, now that nobody else changes it.
        let setup = match locked.iter().any(|it| it.target.patients == Patients::Change) {
            false => self.setup_at(&mut transaction, &revisions).await?,
            // Never into the cache: the revision that it was read at is not committed yet.
            true => Arc::new(transaction.setup().await?),
        };
        let shares = shares(&mut transaction, &setup, actor, command).await?;
        if !same_books(&locked, &shares) {
            return Err(Refusal::Gone.into());
        }
        let mut outcome = Outcome { command: id, practitioner: only(&shares), changes: Vec::new() };
        let at = Utc::now();
        transaction.gather();
        // The first book is known as it was when it was locked; a later one may have been changed here.
        let mut known =
            Some(stretch).filter(|stretch| reach(stretch, first.within) == first.within);
        for (share, locked) in shares.iter().zip(&locked) {
            let (setup, target) = (Arc::clone(&setup), &share.target);
            let facts = match known.take() {
                Some(stretch) if locked.target.is_about_the_same(target) => {
                    Facts::of(setup, target, stretch, now)
                }
                _ => Facts::read(&mut transaction, setup, target, now).await?,
            };
            let planned = plan_share(&mut transaction, &facts, actor, share, shares.len()).await?;
            let Some(plan) = planned else { continue };
            if !locked.target.covers(&plan.changes) {
                return Err(Refusal::Gone.into());
            }
            let told_as = share.what.told_as(command);
            confirmed(told_as, &plan.to_confirm)?;
            for change in &plan.changes {
                write_change(&mut transaction, change)
                    .await
                    .map_err(|error| settings::in_use(change, error))?;
                audit(&mut transaction, actor, told_as, (&outcome.command, at), change).await?;
            }
            outcome.changes.extend(plan.changes);
        }
        if outcome.changes.is_empty() {
            return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
        }
        keep(&mut transaction, actor, &outcome, at).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    /// What the command would do, checked as [`Clinic::execute`] would, but for confirmations, which
    /// are listed. Nothing is written.
    ///
    /// # Errors
    /// As [`Clinic::execute`].
    pub async fn preview(
        &self,
        actor: &Actor,
        command: &Command,
        now: CivilTime,
    ) -> Result<Preview, ClinicError> {
        let mut reading = self.store().read().await?;
        let actor = &current(&mut reading, actor).await?;
        online::by_whom(actor, command)?;
        if let Some(asked) = settings::asked(&mut reading, actor, command).await? {
            asked.check(&mut reading, actor).await?;
            return Ok(Preview::of_settings(asked.into_changes()));
        }
        let setup = self.setup_in(&mut reading).await?;
        let shares = shares(&mut reading, &setup, actor, command).await?;
        let mut all = Preview { practitioner: only(&shares), ..Preview::of_settings(Vec::new()) };
        for share in &shares {
            let facts = Facts::read(&mut reading, Arc::clone(&setup), &share.target, now).await?;
            let planned = plan_share(&mut reading, &facts, actor, share, shares.len()).await?;
            let Some(plan) = planned else { continue };
            let target = &share.target;
            let (gained, lost) = effect_on_times(&mut reading, target, &facts, &plan).await?;
            let calendar = facts.calendar.changed(&seen_by(&target.practitioner, &plan));
            all.gained.extend(gained);
            all.lost.extend(lost);
            all.outside.extend(outside(&facts, &plan, &calendar));
            all.on_red_days.extend(on_red_days(&facts, &plan));
            all.changes.extend(plan.changes);
            all.to_confirm.extend(plan.to_confirm);
            all.skipped.extend(plan.skipped);
        }
        if all.changes.is_empty() {
            return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
        }
        // Each book meets the same red days.
        for days in [&mut all.skipped, &mut all.on_red_days] {
            days.sort_unstable();
            days.dedup();
        }
        Ok(all)
    }
}

/// The one book that is changed, unless there are several.
fn only(shares: &[Share<'_>]) -> Option<PractitionerId> {
    match shares {
        [only] => Some(only.target.practitioner.clone()),
        _ => None,
    }
}

/// Whether the books are those that were locked.
fn same_books(locked: &[Share<'_>], shares: &[Share<'_>]) -> bool {
    let books = |share: &Share<'_>| (share.target.practitioner.clone(), share.target.also.clone());
    locked.iter().map(books).eq(shares.iter().map(books))
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

/// Appends a change to the log, as part of the command with this id.
async fn audit(
    transaction: &mut Transaction,
    actor: &Actor,
    command: &Command,
    (id, at): (&CommandId, DateTime<Utc>),
    change: &Change,
) -> Result<(), ClinicError> {
    let (before, after) = audit_values(change);
    let after = match command {
        Command::CancelBooking { reason: Some(reason), .. } => {
            after.map(|after| after.and("reason", AuditValue::personal(reason)))
        }
        _ => after,
    };
    for chain in chains(change) {
        let entry = NewAuditEntry {
            chain,
            at,
            actor: actor.signature().to_owned(),
            command: id.clone(),
            action: command.action().to_owned(),
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
    let text = serde_json::to_string(outcome)
        .map_err(|_| StoreError::Unreadable { table: "command", column: 0 })?;
    let stored = StoredCommand {
        id: outcome.command.clone(),
        actor: actor.signature().to_owned(),
        at,
        outcome: text,
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
            Changed::Removed(booking) => session.delete_booking(&booking.id).await?,
            Changed::Altered { after, .. } => session.update_booking(after).await?,
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

/// The changes as one practitioner's book sees them.
fn seen_by(practitioner: &PractitionerId, plan: &Plan) -> Vec<Change> {
    plan.changes.iter().filter_map(|change| change.in_book_of(practitioner)).collect()
}

/// Bookable times that appear and disappear. A booking that takes or frees a resource concerns every
/// practitioner (R9).
async fn effect_on_times(
    session: &mut Session,
    target: &Target,
    facts: &Facts,
    plan: &Plan,
) -> Result<(Vec<Slot>, Vec<Slot>), ClinicError> {
    let resources_after = facts.resources.changed(&plan.changes);
    let calendar_after = facts.calendar.changed(&seen_by(&target.practitioner, plan));
    let before = Resolver::new(&facts.setup, &facts.resources, facts.now);
    let after = Resolver::new(&facts.setup, &resources_after, facts.now);
    let days: Vec<DateRange> =
        changed_days(&plan.changes).into_iter().map(Interval::days).collect();
    let all = |resolver: &Resolver<'_>,
               practitioner: &PractitionerId,
               calendar: &Calendar|
     -> Vec<Slot> {
        days.iter().flat_map(|days| resolver.slots(practitioner, calendar, *days)).collect()
    };
    let mut were = all(&before, &target.practitioner, &facts.calendar);
    let mut will = all(&after, &target.practitioner, &calendar_after);
    let mut others = match &target.also {
        _ if !target.resources.is_empty() => {
            books_around(session, Whose::All, target.within).await?.calendars
        }
        Some(also) => {
            let whose = Whose::These(std::slice::from_ref(also));
            books_around(session, whose, target.within).await?.calendars
        }
        None => BTreeMap::new(),
    };
    others.remove(&target.practitioner);
    for (practitioner, calendar) in &others {
        let after_too = calendar.changed(&seen_by(practitioner, plan));
        were.extend(all(&before, practitioner, calendar));
        will.extend(all(&after, practitioner, &after_too));
    }
    let were: BTreeSet<Slot> = were.into_iter().collect();
    let will: BTreeSet<Slot> = will.into_iter().collect();
    let gained = will.difference(&were).cloned().collect();
    let lost = were.difference(&will).cloned().collect();
    Ok((gained, lost))
}

/// Bookings and preblocks of the changed days that are not wholly inside the schedule afterwards.
fn outside(facts: &Facts, plan: &Plan, after: &Calendar) -> Vec<LaidOutside> {
    let days = changed_days(&plan.changes);
    let concerned = |interval: Interval| days.iter().any(|day| day.overlaps(interval));
    let is_outside = |interval: Interval| {
        !after.scheduled_in(interval).iter().any(|stretch| stretch.contains(interval))
    };
    let bookings = after.bookings().iter().map(|booking| {
        (booking.interval, LaidOutside::Booking(booking.id.clone(), booking.interval))
    });
    let preblocks =
        after.preblocks().iter().filter(|preblock| in_force(facts, preblock)).map(|preblock| {
            (preblock.interval, LaidOutside::Preblock(preblock.id.clone(), preblock.interval))
        });
    bookings
        .chain(preblocks)
        .filter(|(interval, _)| concerned(*interval) && is_outside(*interval))
        .map(|(_, what)| what)
        .collect()
}

fn in_force(facts: &Facts, preblock: &Preblock) -> bool {
    let preblock_type = facts.setup.preblock_types.get(&preblock.preblock_type);
    let date = preblock.interval.start().date();
    preblock_type.is_none_or(|found| found.in_force(date, facts.now.date()))
}

/// Red days on which something new is laid all the same.
fn on_red_days(facts: &Facts, plan: &Plan) -> Vec<SkippedDay> {
    let laid = plan.changes.iter().filter_map(|change| match change {
        Change::Preblock { change: Changed::Added(preblock), .. } => Some(preblock.interval),
        _ => None,
    });
    let red: BTreeSet<SkippedDay> = laid
        .flat_map(|interval| interval.days().iter().collect::<Vec<_>>())
        .filter_map(|date| facts.setup.red_day(date).map(|why| SkippedDay { date, why }))
        .collect();
    red.into_iter().collect()
}
