//! What is done beside answering, minute by minute: forgetting, and telling whose agent is silent.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::access::Granted;
use super::desk::{Desk, Role, is_lately};
use super::forgetting::{self, Rest};
use super::journal::Event;
use super::page::Front;
use super::refusal::Refusal;
use super::server::Shared;

/// How often.
const EVERY: Duration = Duration::from_secs(60);

/// Looks after a portal's store.
pub struct Keeper {
    front: Arc<Front>,
    /// Whether each clinic's agent was silent when it was last looked.
    silent: BTreeMap<String, bool>,
}

impl Keeper {
    pub(super) fn of(front: Arc<Front>) -> Self {
        Self { front, silent: BTreeMap::new() }
    }

    /// Rounds until it is dropped; the first when there has been time for agents to be heard from.
    pub(super) async fn run(mut self) {
        let mut ticks = tokio::time::interval_at(Instant::now() + EVERY, EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.round().await;
        }
    }

    /// One round. What can't be done is told, and tried again with the next.
    pub async fn round(&mut self) {
        let front = Arc::clone(&self.front);
        let (shared, now) = (front.shared(), front.now());
        if let Err(refusal) = self.forget(now).await {
            let cause = refusal.cause().unwrap_or("it was broken off");
            shared.journal.note(Event::NotErased { cause }, now);
        }
        // Where the store does not answer, that has just been told.
        let _ = self.listen(now).await;
        shared.journal.catch_up(now);
    }

    async fn forget(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let shared = self.front.shared();
        self.front.forget_visits(now);
        let mut done = Ok(());
        for clinic in shared.database.read(forgetting::clinics).await? {
            // What can't be forgotten of one clinic keeps nothing of the others.
            done = done.and(self.forget_of(&clinic).await);
        }
        // What was erased since, here and when wishes were answered, is in the log still.
        done.and(shared.database.empty_log().await)
    }

    async fn forget_of(&self, clinic: &str) -> Result<(), Refusal> {
        let keep = TimeDelta::days(self.front.keep_days(clinic).into());
        loop {
            let granted = Granted { clinic: clinic.to_owned(), role: Role::Agent };
            let work = move |desk: &mut Desk<'_>| forgetting::forget(desk, keep);
            if self.front.shared().at_desk(granted, work).await? == Rest::Nothing {
                return Ok(());
            }
        }
    }

    /// Tells of agents that fall silent, and of those that are back.
    async fn listen(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let front = Arc::clone(&self.front);
        let shared: &Shared = front.shared();
        for clinic in shared.access.clinics.keys() {
            let granted = Granted { clinic: clinic.clone(), role: Role::Agent };
            let heard = shared.look(granted, |desk| desk.shelf().agent_heard_at());
            let since = heard.await?;
            let silent = !is_lately(since, now, shared.access.silence);
            let before = self.silent.insert(clinic.clone(), silent);
            match (before, silent) {
                (None | Some(false), true) => {
                    shared.journal.note(Event::AgentSilent { clinic, since }, now);
                }
                (Some(true), false) => shared.journal.note(Event::AgentBack { clinic }, now),
                (None | Some(false), false) | (Some(true), true) => {}
            }
        }
        Ok(())
    }
}
