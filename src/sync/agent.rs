//! The agent at work: rounds, each of which reads what patients wish, carries it out, and publishes
//! what is then wanted. Level-triggered: nothing is remembered that could not be found out again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::claim::{Claim, Claimed};
use super::difference::{difference, some_to_free};
use super::error::SyncError;
use super::is_lately;
use super::lease::{Held, Lease};
use super::ledger::{self, Ledger};
use super::mapping::slot_wire_id;
use super::marks::{Marks, SetupNumber};
use super::probe::Met;
use super::publications::{self, Publications};
use super::registers::Registers;
use super::restored::Between;
use super::wire::{Wire, WireError};
use super::wishes::{Followed, Wishes};
use crate::clinic::{Clinic, Polled, Revisions};
use crate::domain::{
    AgentAt, ClinicZone, DateRange, PractitionerId, RequestDone, Restored, Round, Setup, Slot,
    SyncAsked, SyncFault, SyncRequest, SyncState,
};

/// Changes a transaction.
pub(super) const BATCH: usize = 300;
/// How often the state is kept.
const RENEWAL: TimeDelta = TimeDelta::seconds(4);
/// How long giving the claim back may take.
const STOPPING: Duration = Duration::from_secs(2);

/// What came of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// Another agent holds the lease.
    StoodBy,
    /// What is published is what is wanted.
    InStep,
    /// The same, and what this database, an older copy, did not know of was taken back before that.
    CaughtUp,
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

/// What came of patients' wishes.
struct Handled {
    /// Whether anything was done.
    anything: bool,
    /// Why the other end does not take the answer to one of them.
    refused: Option<WireError>,
}

/// The agent.
pub struct Agent {
    clinic: Clinic,
    wire: Wire,
    lease: Lease,
    claim: Claim,
    marks: Marks,
    publications: Publications,
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
            lease: Lease::new(holder),
            claim,
            marks: Marks::default(),
            publications: Publications::default(),
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
    pub fn with_lease(self, length: TimeDelta) -> Self {
        Self { lease: self.lease.of_length(length), ..self }
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
        if let Held::ByAnother = self.hold_lease(now).await? {
            return Ok(Worked::StoodBy);
        }
        let watch = Watch { at: now, begun: Instant::now() };
        let mut round = Round::begun(now);
        let mut result = self.work(&mut round, now).await;
        if matches!(result, Err(SyncError::Wire(WireError::Conflict) | SyncError::Interrupted)) {
            // A patient was faster than what was known, or another agent: it has been forgotten, and is
            // read anew.
            result = self.work(&mut round, now).await;
        }
        round.milliseconds = milliseconds(watch.begun.elapsed());
        match &result {
            Ok(()) => {
                self.state.mended(now);
                self.state.in_step_at = Some(now);
            }
            // Whoever works now tells how it goes.
            Err(SyncError::LeaseLost) => return Err(SyncError::LeaseLost),
            Err(error) => {
                let (kind, text) = (error.kind(), error.to_string());
                let since = self.state.fault.as_ref().map_or(now, |fault| fault.since);
                self.state.fault = Some(SyncFault { since, kind, text });
            }
        }
        if !round.is_empty() {
            self.state.generation += 1;
            self.state.count_wishes(&round, self.zone.civil(now).date());
            self.state.remember_latency(now, round.milliseconds);
            self.state.remember(round);
        }
        // An answer may have been waited for: that is no silence of the agent's.
        self.keep_state(watch.now()).await?;
        let settled_at = self.state.restored.as_ref().and_then(|restored| restored.settled_at);
        let worked = if settled_at == Some(now) { Worked::CaughtUp } else { Worked::InStep };
        result.map(|()| worked)
    }

    /// Lets another agent work.
    ///
    /// # Errors
    /// The store or the other end could not be written: lease and claim end by themselves.
    pub async fn stop(&mut self, now: DateTime<Utc>) -> Result<(), SyncError> {
        if !self.lease.give_back(self.clinic.store(), now).await? {
            return Ok(());
        }
        // Whoever is told to stop waits for no server that does not answer.
        let given_back = tokio::time::timeout(STOPPING, self.claim.give_back(&self.wire)).await;
        Ok(given_back.unwrap_or(Ok(()))?)
    }

    /// Takes or renews the lease. Where another may have worked meanwhile, what was known is forgotten.
    async fn hold_lease(&mut self, now: DateTime<Utc>) -> Result<Held, SyncError> {
        let held = self.lease.hold(self.clinic.store(), now).await?;
        if let Held::Anew { state } = &held {
            self.forget();
            // What an agent of another version kept may not be readable: it is only history.
            if let Some(before) = state.as_deref().and_then(|kept| serde_json::from_str(kept).ok())
            {
                self.state.adopt(before);
                self.kept.generation = self.state.generation;
            }
        }
        Ok(held)
    }

    /// What was known may have been changed by another agent meanwhile.
    fn forget(&mut self) {
        self.marks.doubt_all();
        self.publications.forget_all();
        self.ledger = Ledger::default();
        self.registers = Registers::default();
        self.wishes = Wishes::default();
    }

    /// Keeps the state where something is to be told, else now and then that the agent lives.
    async fn keep_state(&mut self, now: DateTime<Utc>) -> Result<(), SyncError> {
        let SyncState { alive_at, in_step_at, .. } = self.kept;
        let alive = is_lately(alive_at, now, RENEWAL);
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

    /// Writes the state, unless another agent works by now: one that hung for a while may not know.
    async fn write_state(
        &self,
        content: Option<String>,
        entries: &[ledger::Entry],
        now: DateTime<Utc>,
        in_step_at: Option<DateTime<Utc>>,
    ) -> Result<(), SyncError> {
        let mut transaction = self.clinic.store().begin().await?;
        if !self.lease.is_held(&mut transaction).await? {
            return Err(SyncError::LeaseLost);
        }
        transaction.gather();
        ledger::write(&mut transaction, entries).await?;
        if let Some(content) = content {
            transaction.keep_sync_state(&content).await?;
        }
        transaction.keep_pulse(now, in_step_at).await?;
        Ok(transaction.commit().await?)
    }

    /// Keeps lease and claim in the middle of a round, which is begun anew where another may have published
    /// meanwhile.
    async fn keep_lease(&mut self, watch: Watch) -> Result<(), SyncError> {
        match self.hold_lease(watch.now()).await? {
            Held::ByAnother => return Err(SyncError::LeaseLost),
            Held::Anew { .. } => return Err(SyncError::Interrupted),
            Held::AsBefore => {}
        }
        if self.hold_claim(watch.now()).await? == Claimed::Anew {
            self.forget();
            return Err(SyncError::Interrupted);
        }
        Ok(())
    }

    /// Takes or renews the claim. That the other end knows of more than this database is kept first.
    async fn hold_claim(&mut self, at: DateTime<Utc>) -> Result<Claimed, SyncError> {
        let claimed = self.claim.hold(&self.wire, at, self.kept.generation).await?;
        let Claimed::Behind { generation } = claimed else { return Ok(claimed) };
        self.state.generation = generation;
        self.state.restored = Some(Restored::noticed(at));
        self.keep_state(at).await?;
        self.claim.hold(&self.wire, at, generation).await?;
        Ok(Claimed::Anew)
    }

    /// Takes back from the other end what this database, an older copy, does not know of.
    async fn settle(&mut self, setup: &Setup, at: DateTime<Utc>) -> Result<(), SyncError> {
        let now = setup.zone.civil(at);
        let between = Between { clinic: &self.clinic, wire: &self.wire, setup, now };
        between.settle(&mut self.state, at).await
    }

    async fn follow_books(
        &mut self,
        setup: &Setup,
        in_question: &BTreeSet<PractitionerId>,
        at: DateTime<Utc>,
    ) -> Result<Followed, SyncError> {
        let now = setup.zone.civil(at);
        let between = Between { clinic: &self.clinic, wire: &self.wire, setup, now };
        self.wishes.follow_books(between, in_question, &mut self.state.stray).await
    }

    async fn work(&mut self, round: &mut Round, at: DateTime<Utc>) -> Result<(), SyncError> {
        let watch = Watch { at, begun: Instant::now() };
        // Before anything is asked of the other end: what waits is told of, too, while that can't be
        // reached.
        let mut looked = self.look(at).await?;
        self.met.meet(&self.wire, &mut self.state, at).await?;
        if self.hold_claim(at).await? == Claimed::Anew {
            self.forget();
            looked = self.look(at).await?;
        }
        if self.state.is_to_be_settled() {
            self.settle(&looked.setup, at).await?;
            looked = self.look(at).await?;
        }
        let Handled { anything, mut refused } =
            self.handle_wishes(&looked.setup, round, at).await?;
        if anything {
            looked = self.look(at).await?;
        }
        let Looked { setup, in_question, .. } = &looked;
        self.registers.publish(&self.wire, looked.number, setup).await?;
        if let Followed::Behind { brought_back } = self.follow_books(setup, in_question, at).await?
        {
            self.state.restored = Some(Restored { brought_back, ..Restored::noticed(at) });
            self.keep_state(at).await?;
            // Settled in the next try.
            return Err(SyncError::Interrupted);
        }
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

    /// Carries out what patients wish.
    async fn handle_wishes(
        &mut self,
        setup: &Setup,
        round: &mut Round,
        at: DateTime<Utc>,
    ) -> Result<Handled, SyncError> {
        let answered = round.answered();
        let handled = self.wishes.handle(&self.clinic, &self.wire, setup, round, at).await;
        self.state.set_aside = self.wishes.set_aside();
        let taken = self.wishes.taken();
        let anything = !taken.is_empty() || round.answered() > answered;
        for (slot, version) in taken {
            self.publications.take(&slot, version);
            // Where the wish was refused, no revision tells of it.
            self.marks.doubt(&slot.practitioner);
        }
        handled.map(|refused| Handled { anything, refused })
    }

    /// What there is to do. What has been asked of the agent is taken up.
    async fn look(&mut self, at: DateTime<Utc>) -> Result<Looked, SyncError> {
        let (Polled { revisions, agent }, setup) = self.clinic.poll_with_setup().await?;
        let before = std::mem::replace(&mut self.asked, agent.asked);
        if agent.asked.everything > before.everything {
            self.marks.doubt_all();
            self.publications.forget_all();
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
        self.state.stray.retain(|it| it.interval.start() > now);
        Ok(Looked { number, setup, revisions, in_question })
    }

    /// Whose times were read longest ago is read anew now and then: what others changed there is mended,
    /// though nothing tells of it. One practitioner a round, so that no round takes long.
    fn look_again(&mut self, at: DateTime<Utc>) {
        if let Some(id) = self.publications.longest_unread(at) {
            self.publications.forget(&id);
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
        let found_now = !self.publications.knows(id);
        if found_now {
            let found = publications::read(&self.wire, setup, id).await?;
            self.publications.keep(id, found, watch.now());
        }
        let days = DateRange::new(now.date(), setup.online.horizon_days.saturating_add(1));
        let slots = self.clinic.slots(Some(id), days, now).await?;
        let wanted: BTreeMap<String, Slot> =
            slots.iter().map(|slot| (slot_wire_id(slot), slot.clone())).collect();
        let is_held = |slot: &str| found_now || self.wishes.holds(slot);
        let operations = difference(&wanted, self.publications.of(id), is_held);
        for batch in operations.chunks(BATCH) {
            // Whoever hung for a while may have been taken over from meanwhile.
            self.keep_lease(watch).await?;
            let sent = self.publications.send(&self.wire, setup, id, batch, round).await;
            if sent.is_err() {
                self.marks.doubt(id);
            }
            sent?;
        }
        self.count(id);
        self.ledger.note(id, self.publications.of(id));
        self.marks.published((*number, setup), id, revisions, now, &slots);
        if found_now && some_to_free(&wanted, self.publications.of(id)) {
            self.marks.doubt(id);
        }
        Ok(())
    }

    fn count(&mut self, id: &PractitionerId) {
        let times = self.publications.free_times(id);
        match times.is_empty() {
            true => self.state.published.remove(id),
            false => self.state.published.insert(id.clone(), times),
        };
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
