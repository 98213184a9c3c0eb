//! That somebody looked at patients, told in the audit log as patient data law asks: who, when, and whose
//! card; of a search that it was made and how much it found, and never what was typed, which may be a
//! personnummer. Nothing of the books is touched by it: no revision moves, and nothing can be undone.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::Utc;

use super::attempts::Attempts;
use super::{Clinic, ClinicError, new_command_id};
use crate::domain::{Actor, PatientId};
use crate::store::{AuditChain, AuditValue, NewAuditEntry, StoreError};

/// A card that is opened again within so long, or loaded anew while it is open, is one entry.
const ONE_CARD: Duration = Duration::from_secs(600);
/// What is typed letter by letter is one search: of so long, by whoever has made the first.
const ONE_SEARCH: Duration = Duration::from_secs(60);
/// The most that is kept in mind.
const MOST_KEPT: usize = 1_000;

/// What was looked at.
#[derive(Clone, Debug)]
pub(super) enum Viewed<'a> {
    Card(&'a PatientId),
    /// How many patients and bookings were found.
    Search {
        patients: usize,
        bookings: usize,
    },
}

impl Viewed<'_> {
    fn action(&self) -> &'static str {
        match self {
            Self::Card(_) => "patient.view",
            Self::Search { .. } => "patient.search",
        }
    }

    fn entity(&self) -> String {
        match self {
            Self::Card(id) => format!("patient/{id}"),
            Self::Search { .. } => "search".to_owned(),
        }
    }

    fn value(&self) -> Option<AuditValue> {
        let Self::Search { patients, bookings } = *self else { return None };
        let count = |found: usize| AuditValue::number(i64::try_from(found).unwrap_or(i64::MAX));
        Some(AuditValue::record([("patients", count(patients)), ("bookings", count(bookings))]))
    }

    fn is_one_for(&self) -> Duration {
        match self {
            Self::Card(_) => ONE_CARD,
            Self::Search { .. } => ONE_SEARCH,
        }
    }
}

/// What has been told lately, by whom and of what.
#[derive(Default)]
pub(super) struct ToldLately(HashMap<(String, String), Instant>);

impl ToldLately {
    fn is_told(&self, key: &(String, String), within: Duration, now: Instant) -> bool {
        self.0.get(key).is_some_and(|then| now.duration_since(*then) < within)
    }

    fn keep(&mut self, key: (String, String), now: Instant) {
        if self.0.len() >= MOST_KEPT {
            self.0.retain(|_, then| now.duration_since(*then) < ONE_CARD);
        }
        if self.0.len() >= MOST_KEPT {
            self.0.clear();
        }
        self.0.insert(key, now);
    }
}

/// An entry about a patient, now and without values.
pub(super) fn entry(
    chain: AuditChain,
    actor: &Actor,
    action: &'static str,
    patient: &PatientId,
) -> NewAuditEntry {
    entry_about(chain, actor, action, format!("patient/{patient}"))
}

fn entry_about(
    chain: AuditChain,
    actor: &Actor,
    action: &'static str,
    entity: String,
) -> NewAuditEntry {
    NewAuditEntry {
        chain,
        at: Utc::now(),
        actor: actor.signature().to_owned(),
        command: new_command_id(),
        action: action.to_owned(),
        entity,
        before: None,
        after: None,
    }
}

impl Clinic {
    /// Tells the audit log, unless the same was told a moment ago. Do it before anything is shown.
    ///
    /// # Errors
    /// The store could not be written: then nothing may be shown.
    pub(super) async fn tell_viewed(
        &self,
        actor: &Actor,
        viewed: Viewed<'_>,
    ) -> Result<(), ClinicError> {
        let key = (actor.signature().to_owned(), viewed.entity());
        if self.told_lately().is_told(&key, viewed.is_one_for(), Instant::now()) {
            return Ok(());
        }
        let told = NewAuditEntry {
            after: viewed.value(),
            ..entry_about(AuditChain::Reading, actor, viewed.action(), key.1.clone())
        };
        self.append_to_reading(&told).await?;
        self.told_lately().keep(key, Instant::now());
        Ok(())
    }

    /// Appends an entry to the chain of what was read.
    ///
    /// # Errors
    /// The store could not be written.
    pub(super) async fn append_to_reading(&self, entry: &NewAuditEntry) -> Result<(), ClinicError> {
        let mut attempts = Attempts::new();
        loop {
            let error = match self.try_to_append(entry).await {
                Ok(()) => return Ok(()),
                // The chain has just been begun by another.
                Err(StoreError::Duplicate { .. }) => StoreError::TransactionLost,
                Err(error) => error,
            };
            attempts.next(error.into()).await?;
        }
    }

    async fn try_to_append(&self, entry: &NewAuditEntry) -> Result<(), StoreError> {
        let mut transaction = self.store().begin().await?;
        transaction.lock_chain(&entry.chain).await?;
        transaction.append_audit(entry).await?;
        transaction.commit().await
    }

    fn told_lately(&self) -> MutexGuard<'_, ToldLately> {
        self.told_lately.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_told_again_once_time_has_passed_and_something_else_at_once() {
        let (mut told, start) = (ToldLately::default(), Instant::now());
        let key = |who: &str, what: &str| (who.to_owned(), what.to_owned());
        told.keep(key("AE", "patient/p1"), start);
        let almost = start + ONE_CARD - Duration::from_millis(1);
        assert!(told.is_told(&key("AE", "patient/p1"), ONE_CARD, almost));
        assert!(!told.is_told(&key("AE", "patient/p1"), ONE_CARD, start + ONE_CARD));
        assert!(!told.is_told(&key("AE", "patient/p2"), ONE_CARD, start));
        assert!(!told.is_told(&key("BO", "patient/p1"), ONE_CARD, start));
    }

    #[test]
    fn what_is_kept_in_mind_is_bounded() {
        let mut told = ToldLately::default();
        for n in 0..3 * MOST_KEPT {
            told.keep((n.to_string(), String::new()), Instant::now());
        }
        assert!(told.0.len() <= MOST_KEPT);
    }

    #[test]
    fn what_is_over_makes_room_before_what_is_recent_does() {
        let (mut told, start) = (ToldLately::default(), Instant::now());
        let key = |n: usize| (n.to_string(), String::new());
        for n in 1..MOST_KEPT {
            told.keep(key(n), start);
        }
        let recent = start + Duration::from_millis(1);
        told.keep(key(MOST_KEPT), recent);
        assert!(told.is_told(&key(1), ONE_CARD, recent), "there is room for as many");
        // By now all but one may be told again.
        told.keep(key(0), start + ONE_CARD);
        assert!(told.is_told(&key(MOST_KEPT), ONE_CARD, start + ONE_CARD));
        assert_eq!(told.0.len(), 2);
    }
}
