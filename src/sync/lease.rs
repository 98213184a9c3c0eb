//! The lease: of the agents that work on one clinic's database, one works while the others stand by. It
//! is a row of the database, renewed while its agent lives.

use chrono::{DateTime, TimeDelta, Utc};

use super::is_lately;
use crate::store::{Store, StoreError, Transaction};

/// How long a lease holds where nothing else is asked.
pub const LEASE: TimeDelta = TimeDelta::seconds(15);

/// Who holds the lease.
pub(super) enum Held {
    ByAnother,
    /// By this agent, without a break.
    AsBefore,
    /// By this agent, since now: another may have worked meanwhile. `state` is what it kept.
    Anew {
        state: Option<String>,
    },
}

/// One agent's hold on the lease.
pub(super) struct Lease {
    holder: String,
    length: TimeDelta,
    renewed_at: Option<DateTime<Utc>>,
}

impl Lease {
    /// A lease that is not held yet, by a name that no other agent has.
    pub(super) fn new(holder: String) -> Self {
        Self { holder, length: LEASE, renewed_at: None }
    }

    pub(super) fn of_length(self, length: TimeDelta) -> Self {
        Self { length, ..self }
    }

    /// Takes or renews the lease; what was renewed a moment ago holds.
    ///
    /// # Errors
    /// The store could not be read or written: the lease is not held.
    pub(super) async fn hold(
        &mut self,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<Held, StoreError> {
        if is_lately(self.renewed_at, now, self.length / 4) {
            return Ok(Held::AsBefore);
        }
        let was_held = self.renewed_at.take().is_some();
        let mut transaction = store.begin().await?;
        // Whoever hung may have been taken over from, by one that is gone again.
        let as_before = was_held && self.is_held(&mut transaction).await?;
        let held = transaction.take_lease(&self.holder, now, now + self.length).await?;
        let state = if held && !as_before { transaction.sync_state().await? } else { None };
        transaction.commit().await?;
        if !held {
            return Ok(Held::ByAnother);
        }
        self.renewed_at = Some(now);
        Ok(if as_before { Held::AsBefore } else { Held::Anew { state } })
    }

    /// Whether no other has taken it; until the transaction ends, none can.
    ///
    /// # Errors
    /// The store could not be read or written.
    pub(super) async fn is_held(&self, transaction: &mut Transaction) -> Result<bool, StoreError> {
        transaction.keep_lease(&self.holder).await
    }

    /// Lets another agent have it; whether it was held.
    ///
    /// # Errors
    /// The store could not be written: the lease ends by itself.
    pub(super) async fn give_back(
        &mut self,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        if self.renewed_at.take().is_none() {
            return Ok(false);
        }
        let mut transaction = store.begin().await?;
        transaction.give_lease_back(&self.holder, now).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
