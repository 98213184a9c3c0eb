//! The agent at work: rounds, each of which reads what patients wish, carries it out, and publishes
//! what is then wanted. Level-triggered: nothing is remembered that could not be found out again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::claim::{Claim, Claimed};
use super::difference::{
    Operation, Published, PublishedSlots, PublishedState, difference, some_to_free,
};
use super::error::SyncError;
use super::ledger::{self, Ledger};
use super::mapping::{self, practitioner_wire_id, slot_resource, slot_wire_id};
use super::marks::{Marks, SetupNumber};
use super::probe::Met;
use super::registers::{Registers, put};
use super::wire::{Wire, WireError};
use super::wishes::Wishes;
use crate::clinic::{Clinic, Polled, Revisions};
use crate::domain::{
    AgentAt, ClinicZone, DateRange, PractitionerId, RequestDone, Round, Setup, Slot, SyncAsked,
    SyncFault, SyncRequest, SyncState,
};
use crate::fhir::{self, Entry, EntryRequest, Resource, Schedule, SlotStatus, etag, version_of};

/// Changes a transaction.
pub(super) const BATCH: usize = 300;
/// How long a lease holds where nothing else is asked.
pub const LEASE: TimeDelta = TimeDelta::seconds(15);
/// How often it is renewed, and the state kept.
const RENEWAL: TimeDelta = TimeDelta::seconds(4);
/// How long giving the claim back may take.
const STOPPING: Duration = Duration::from_secs(2);
/// After how long what is out there is looked at again, whatever is known of it.
const LOOKED_AFTER: TimeDelta = TimeDelta::hours(1);

/// What came of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// Another agent holds the lease.
    StoodBy,
    /// What is published is what is wanted.
    InStep,
}

/// When a round began, and how long it has lasted.
#[derive(Clone, Copy)]
struct Watch {
    at: DateTime<Utc>,
    begun: Instant,
}

impl Watch {
    fn now(self) -> DateTime<Utc> {
        self.at + TimeDelta::from_std(self.begun.elapsed()).unwrap_or_default()
    }
}

/// What a round finds to do.
struct Looked {
    number: SetupNumber,
    setup: Arc<Setup>,
    /// Read before anything is computed.
    revisions: Revisions,
    in_question: BTreeSet<PractitionerId>,
}

/// The agent.
pub struct Agent {
    clinic: Clinic,
    wire: Wire,
    holder: String,
    lease: TimeDelta,
    renewed_at: Option<DateTime<Utc>>,
    claim: Claim,
    marks: Marks,
    /// What is out there, by practitioner; a practitioner is missing until it has been read.
    published: BTreeMap<PractitionerId, PublishedSlots>,
    /// When that was read.
    read_at: BTreeMap<PractitionerId, DateTime<Utc>>,
    registers: Registers,
    wishes: Wishes,
    met: Met,
    /// The set-up as it was last read, and its number.
    setup: (SetupNumber, Arc<Setup>),
    zone: ClinicZone,
    /// What the store is told of published times.
    ledger: Ledger,
    /// What has been asked of this agent and taken up.
    asked: SyncAsked,
    state: SyncState,
    kept: SyncState,
}

impl Agent {
    /// An agent that has published nothing yet.
    pub fn new(clinic: Clinic, wire: Wire, at: AgentAt) -> Self {
        let holder = format!("{} {} {}", at.host, at.process, at.since.timestamp_millis());
        let claim = Claim::new("unnamed", &at.host);
        let state = SyncState { agent: Some(at), ..SyncState::default() };
        Self {
            clinic,
            wire,
            holder,
            lease: LEASE,
            renewed_at: None,
            claim,
            marks: Marks::default(),
            published: BTreeMap::new(),
            read_at: BTreeMap::new(),
            registers: Registers::default(),
            wishes: Wishes::default(),
            met: Met::Not,
            setup: (0, Arc::default()),
            zone: ClinicZone::default(),
            ledger: Ledger::default(),
            asked: SyncAsked::default(),
            state,
            kept: SyncState::default(),
        }
    }

    /// The agent with a lease of another length: so long others wait before they take over.
    pub fn with_lease(self, lease: TimeDelta) -> Self {
        Self { lease, ..self }
    }

    /// The agent of the database with this name, which tells it from every other database: two of them are
    /// never published to one booking page.
    pub fn of_database(self, name: &str) -> Self {
        let host = self.state.agent.as_ref().map(|at| at.host.clone()).unwrap_or_default();
        Self { claim: Claim::new(name, &host), ..self }
    }

    /// How it goes.
    pub fn state(&self) -> &SyncState {
        &self.state
    }

    /// One round at an instant. What goes wrong is kept as the state's fault, too.
    ///
    /// # Errors
    /// [`SyncError`]: the next round tries again.
    pub async fn round(&mut self, now: DateTime<Utc>) -> Result<Worked, SyncError> {
        if !self.holds_lease(now).await? {
            return Ok(Worked::StoodBy);
        }
        let begun = Instant::now();
        let later = || now + TimeDelta::from_std(begun.elapsed()).unwrap_or_default();
        let mut round = Round::begun(now);
        let mut result = self.work(&mut round, now).await;
        if matches!(result, Err(SyncError::Wire(WireError::Conflict))) {
            // A patient was faster than what was known: it has been forgotten, and is read anew.
            result = self.work(&mut round, now).await;
        }
        round.milliseconds = milliseconds(begun.elapsed());
        match &result {
            Ok(()) => {
                self.state.mended(now);
                self.state.in_step_at = Some(now);
            }
            Err(error) => {
                let (kind, text) = (error.kind(), error.to_string());
                let since = self.state.fault.as_ref().map_or(now, |fault| fault.since);
                self.state.fault = Some(SyncFault { since, kind, text });
            }
        }
        if !round.is_empty() {
            self.state.count_wishes(&round, self.zone.civil(now).date());
            self.state.remember_latency(now, round.milliseconds);
            self.state.remember(round);
        }
        // An answer may have been waited for: that is no silence of the agent's.
        self.keep_state(later()).await?;
        result.map(|()| Worked::InStep)
    }

    /// Lets another agent work.
    ///
    /// # Errors
    /// The store or the other end could not be written: lease and claim end by themselves.
    pub async fn stop(&mut self, now: DateTime<Utc>) -> Result<(), SyncError> {
        if self.renewed_at.take().is_none() {
            return Ok(());
        }
        let mut transaction = self.clinic.store().begin().await?;
        transaction.give_lease_back(&self.holder, now).await?;
        transaction.commit().await?;
        // Whoever is told to stop waits for no server that does not answer.
        let given_back = tokio::time::timeout(STOPPING, self.claim.give_back(&self.wire)).await;
        Ok(given_back.unwrap_or(Ok(()))?)
    }

    async fn holds_lease(&mut self, now: DateTime<Utc>) -> Result<bool, SyncError> {
        let fresh = self.renewed_at.is_some_and(|at| {
            (TimeDelta::zero()..self.lease / 4).contains(&now.signed_duration_since(at))
        });
        if fresh {
            return Ok(true);
        }
        let was_held = self.renewed_at.take().is_some();
        let mut transaction = self.clinic.store().begin().await?;
        let held = transaction.take_lease(&self.holder, now, now + self.lease).await?;
        let before = if held && !was_held { transaction.sync_state().await? } else { None };
        transaction.commit().await?;
        if held {
            self.renewed_at = Some(now);
            if !was_held {
                self.forget();
            }
        }
        // What an agent of another version kept may not be readable: it is only history.
        if let Some(before) = before.and_then(|content| serde_json::from_str(&content).ok()) {
            self.state.adopt(before);
        }
        Ok(held)
    }

    /// What was known may have been changed by another agent meanwhile.
    fn forget(&mut self) {
        self.marks.doubt_all();
        self.published.clear();
        self.ledger = Ledger::default();
        self.registers = Registers::default();
        self.wishes = Wishes::default();
    }

    /// Keeps the state where something is to be told, else now and then that the agent lives.
    async fn keep_state(&mut self, now: DateTime<Utc>) -> Result<(), SyncError> {
        let SyncState { alive_at, in_step_at, .. } = self.kept;
        let alive = alive_at.is_some_and(|at| {
            (TimeDelta::zero()..RENEWAL).contains(&now.signed_duration_since(at))
        });
        let same =
            self.state == SyncState { in_step_at: self.state.in_step_at, ..self.kept.clone() };
        let same = same && self.ledger.is_written();
        if alive && same {
            return Ok(());
        }
        self.state.alive_at = Some(now);
        let content = if same { None } else { Some(serde_json::to_string(&self.state)?) };
        let entries = self.ledger.take();
        let in_step_at = self.state.in_step_at.or(in_step_at);
        let written = self.write_state(content, &entries, now, in_step_at).await;
        if written.is_err() {
            // Not known whether: it is written anew, whole.
            for practitioner in self.ledger.doubt(&entries) {
                self.marks.doubt(&practitioner);
            }
        }
        written?;
        self.kept = self.state.clone();
        Ok(())
    }

    async fn write_state(
        &self,
        content: Option<String>,
        entries: &[ledger::Entry],
        now: DateTime<Utc>,
        in_step_at: Option<DateTime<Utc>>,
    ) -> Result<(), SyncError> {
        let mut transaction = self.clinic.store().begin().await?;
        transaction.gather();
        ledger::write(&mut transaction, entries).await?;
        if let Some(content) = content {
            transaction.keep_sync_state(&content).await?;
        }
        transaction.keep_pulse(now, in_step_at).await?;
        Ok(transaction.commit().await?)
    }

    async fn keep_lease(&mut self, watch: Watch) -> Result<(), SyncError> {
        if !self.holds_lease(watch.now()).await? {
            return Err(SyncError::LeaseLost);
        }
        if self.claim.hold(&self.wire, watch.now()).await? == Claimed::Anew {
            // Another may have published meanwhile: the next round reads what is there.
            self.forget();
            return Err(SyncError::LeaseLost);
        }
        Ok(())
    }

    async fn work(&mut self, round: &mut Round, at: DateTime<Utc>) -> Result<(), SyncError> {
        let watch = Watch { at, begun: Instant::now() };
        // Before anything is asked of the other end: what waits is told of, too, while that can't be
        // reached.
        let mut looked = self.look(at).await?;
        self.met.meet(&self.wire, &mut self.state, at).await?;
        if self.claim.hold(&self.wire, at).await? == Claimed::Anew {
            self.forget();
            looked = self.look(at).await?;
        }
        if self.handle_wishes(&looked.setup, round, at).await? {
            looked = self.look(at).await?;
        }
        let Looked { setup, in_question, .. } = &looked;
        self.registers.publish(&self.wire, looked.number, setup).await?;
        self.wishes.follow_books(&self.clinic, &self.wire, setup, in_question).await?;
        let mut refused = None;
        for id in in_question {
            match self.publish(&looked, id, round, watch).await {
                Ok(()) => self.told(id, watch.now()),
                // What is refused of one practitioner holds nobody else's times up.
                Err(SyncError::Wire(error)) if error.is_of_content() => {
                    self.state.refused.entry(id.clone()).or_insert(at);
                    refused.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
            // A first publication takes a while: others are told how far it has come.
            self.keep_state(watch.now()).await?;
        }
        if let Some(error) = refused {
            return Err(error.into());
        }
        self.carried_out(at);
        Ok(())
    }

    /// Carries out what patients wish; whether anything was done.
    async fn handle_wishes(
        &mut self,
        setup: &Setup,
        round: &mut Round,
        at: DateTime<Utc>,
    ) -> Result<bool, SyncError> {
        let answered = round.answered();
        let handled = self.wishes.handle(&self.clinic, &self.wire, setup, round, at).await;
        self.state.set_aside = self.wishes.set_aside();
        let taken = self.wishes.taken();
        let done = !taken.is_empty() || round.answered() > answered;
        for (slot, version) in taken {
            let id = slot_wire_id(&slot);
            let known = self.published.get_mut(&slot.practitioner);
            if let Some(known) = known.and_then(|slots| slots.get_mut(&id)) {
                (known.state, known.version) = (PublishedState::Taken, version);
            }
            // Where the wish was refused, no revision tells of it.
            self.marks.doubt(&slot.practitioner);
        }
        handled.map(|()| done)
    }

    /// What there is to do. What has been asked of the agent is taken up.
    async fn look(&mut self, at: DateTime<Utc>) -> Result<Looked, SyncError> {
        let (Polled { revisions, agent }, setup) = self.clinic.poll_with_setup().await?;
        let before = std::mem::replace(&mut self.asked, agent.asked);
        if agent.asked.everything > before.everything {
            self.marks.doubt_all();
            self.published.clear();
            self.registers = Registers::default();
        } else if agent.asked.now > before.now {
            self.marks.doubt_all();
        }
        self.look_again(at);
        self.zone = setup.zone;
        if self.setup.1 != setup {
            self.setup = (self.setup.0 + 1, Arc::clone(&setup));
        }
        let (number, now) = (self.setup.0, setup.zone.civil(at));
        let in_question = self.marks.in_question((number, &setup), &revisions, now);
        for id in &in_question {
            self.state.waiting.entry(id.clone()).or_insert(at);
        }
        self.state.waiting.retain(|id, _| in_question.contains(id));
        self.state.refused.retain(|id, _| in_question.contains(id));
        Ok(Looked { number, setup, revisions, in_question })
    }

    /// Whose times were read longest ago is read anew now and then: what others changed there is mended,
    /// though nothing tells of it. One practitioner a round, so that no round takes long.
    fn look_again(&mut self, at: DateTime<Utc>) {
        let old =
            self.read_at.iter().filter(|(_, read)| at.signed_duration_since(**read) > LOOKED_AFTER);
        if let Some(id) = old.min_by_key(|(_, read)| **read).map(|(id, _)| id.clone()) {
            self.read_at.remove(&id);
            self.published.remove(&id);
            self.marks.doubt(&id);
        }
    }

    /// A practitioner's times are out there.
    fn told(&mut self, id: &PractitionerId, now: DateTime<Utc>) {
        self.state.refused.remove(id);
        if let Some(since) = self.state.waiting.remove(id) {
            let waited = now.signed_duration_since(since).to_std().unwrap_or_default();
            // What was noticed in this round is counted with the round.
            if !waited.is_zero() {
                self.state.remember_latency(now, milliseconds(waited));
            }
        }
    }

    /// Everything is out there: what had been asked is done.
    fn carried_out(&mut self, at: DateTime<Utc>) {
        for request in SyncRequest::ALL {
            if self.state.done.is_pending(request, self.asked) {
                *self.state.done.of_mut(request) =
                    Some(RequestDone { n: self.asked.of(request), at });
            }
        }
    }

    /// One practitioner's times.
    async fn publish(
        &mut self,
        looked: &Looked,
        id: &PractitionerId,
        round: &mut Round,
        watch: Watch,
    ) -> Result<(), SyncError> {
        let Looked { number, setup, revisions, .. } = looked;
        let now = setup.zone.civil(watch.at);
        self.keep_lease(watch).await?;
        // Read after the round's wishes were fetched: whoever has taken a time that is found busy may not
        // have been seen. Such a time is freed in the next round, unless a wish for it is found then.
        let found_now = !self.published.contains_key(id);
        if found_now {
            let found = self.read_published(setup, id).await?;
            self.published.insert(id.clone(), found);
            self.read_at.insert(id.clone(), watch.now());
        }
        let days = DateRange::new(now.date(), setup.online.horizon_days.saturating_add(1));
        let slots = self.clinic.slots(Some(id), days, now).await?;
        let wanted: BTreeMap<String, Slot> =
            slots.iter().map(|slot| (slot_wire_id(slot), slot.clone())).collect();
        let none = PublishedSlots::new();
        let known = self.published.get(id).unwrap_or(&none);
        let is_held = |slot: &str| found_now || self.wishes.holds(slot);
        let operations = difference(&wanted, known, is_held);
        for batch in operations.chunks(BATCH) {
            // Whoever hung for a while may have been taken over from meanwhile.
            self.keep_lease(watch).await?;
            let sent = self.send(setup, id, batch, round).await;
            if sent.is_err() {
                // What of it was done is found out by reading what is there.
                self.published.remove(id);
                self.marks.doubt(id);
            }
            sent?;
        }
        self.count(id);
        self.ledger.note(id, self.published.get(id).unwrap_or(&none));
        self.marks.published((*number, setup), id, revisions, now, &slots);
        if found_now && self.published.get(id).is_some_and(|known| some_to_free(&wanted, known)) {
            self.marks.doubt(id);
        }
        Ok(())
    }

    /// What the other end has of a practitioner from today on.
    async fn read_published(
        &self,
        setup: &Setup,
        id: &PractitionerId,
    ) -> Result<PublishedSlots, SyncError> {
        let schedule = practitioner_wire_id(id);
        let query = format!("schedule={}/{schedule}&_sort=_id", Schedule::KIND);
        let mut known = PublishedSlots::new();
        for found in self.wire.search(fhir::Slot::KIND, &query).await? {
            let wire_id = found.id().to_owned();
            let version = found.version.clone();
            let slot = fhir::Slot::from_value(found.value).map_err(|_| WireError::NotFhir)?;
            let state = match slot.status {
                SlotStatus::Free => PublishedState::Free,
                _ => PublishedState::Taken,
            };
            if let Some(slot) = mapping::read_slot(&slot, setup) {
                known.insert(wire_id, Published { slot, version, state });
            }
        }
        Ok(known)
    }

    async fn send(
        &mut self,
        setup: &Setup,
        id: &PractitionerId,
        operations: &[Operation],
        round: &mut Round,
    ) -> Result<(), SyncError> {
        let mut entries = Vec::new();
        for operation in operations {
            entries.push(entry(setup, operation)?);
        }
        let answers = self.wire.transaction(entries).await?;
        let known = self.published.entry(id.clone()).or_default();
        for (operation, answer) in operations.iter().zip(answers) {
            let version =
                answer.etag.as_deref().and_then(version_of).unwrap_or_default().to_owned();
            match operation {
                Operation::Add(slot) | Operation::Free { slot, .. } => {
                    let state = PublishedState::Free;
                    let published = Published { slot: slot.clone(), version, state };
                    known.insert(slot_wire_id(slot), published);
                    round.published += 1;
                }
                Operation::Withdraw { id, .. } => {
                    known.remove(id);
                    round.withdrawn += 1;
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, id: &PractitionerId) {
        let mut times = BTreeMap::new();
        let known = self.published.get(id).into_iter().flat_map(PublishedSlots::values);
        for published in known.filter(|it| it.state == PublishedState::Free) {
            *times.entry(published.slot.template.clone()).or_default() += 1;
        }
        match times.is_empty() {
            true => self.state.published.remove(id),
            false => self.state.published.insert(id.clone(), times),
        };
    }
}

/// What is asked of the other end for an operation.
fn entry(setup: &Setup, operation: &Operation) -> Result<Entry, SyncError> {
    let resource = |slot: &Slot| -> Result<serde_json::Value, SyncError> {
        let resource = slot_resource(slot, setup.zone).ok_or(SyncError::Unwritable)?;
        Ok(resource.to_value()?)
    };
    Ok(match operation {
        Operation::Add(slot) => put(fhir::Slot::KIND, &slot_wire_id(slot), resource(slot)?, None),
        Operation::Free { slot, version } => {
            let id = slot_wire_id(slot);
            put(fhir::Slot::KIND, &id, resource(slot)?, Some(version))
        }
        Operation::Withdraw { id, version } => {
            let url = format!("{}/{id}", fhir::Slot::KIND);
            let request = EntryRequest::delete(url, Some(etag(version)));
            Entry::asking(request, None)
        }
    })
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
