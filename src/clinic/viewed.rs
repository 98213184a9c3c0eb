//! That somebody looked at patients, told in the audit log as patient data law asks: who, when, and whose
//! card; of a search that it was made and how much it found, and never what was typed, which may be a
//! personnummer. Nothing of the books is touched by it: no revision moves, and nothing can be undone.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use chrono::Utc;

use super::attempts::Attempts;
use super::{Clinic, ClinicError, new_command_id};
use crate::domain::{Actor, Booking, BookingId, EntityKind, Patient, PatientId};
use crate::store::{AuditChain, AuditValue, NewAuditEntry, StoreError};

/// A card that is opened again within so long, or loaded anew while it is open, is one entry.
const ONE_CARD: Duration = Duration::from_secs(600);
/// What is typed letter by letter is one search, for so long from its first: told of anew only where it
/// shows somebody who has not been told of.
const ONE_SEARCH: Duration = Duration::from_secs(60);
/// The most that is kept in mind.
const MOST_KEPT: usize = 1_000;

/// What was looked at.
pub(super) enum Viewed<'a> {
    Card(&'a PatientId),
    /// The patients and bookings that were found.
    Search {
        patients: &'a [Patient],
        bookings: &'a [Booking],
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
            Self::Card(id) => EntityKind::Patient.named(id),
            Self::Search { .. } => EntityKind::Search.whole(),
        }
    }

    fn value(&self) -> Option<AuditValue> {
        let Self::Search { patients, bookings } = *self else { return None };
        let count = AuditValue::count;
        let counts = [("patients", count(patients.len())), ("bookings", count(bookings.len()))];
        Some(AuditValue::record(counts))
    }

    /// What of it may be new to whoever has been told of an earlier one.
    fn shown(&self) -> BTreeSet<Shown> {
        let Self::Search { patients, bookings } = *self else { return BTreeSet::new() };
        let patients = patients.iter().map(|patient| Shown::Patient(patient.id.clone()));
        patients.chain(bookings.iter().map(|it| Shown::Booking(it.id.clone()))).collect()
    }

    fn is_one_for(&self) -> Duration {
        match self {
            Self::Card(_) => ONE_CARD,
            Self::Search { .. } => ONE_SEARCH,
        }
    }
}

/// Somebody or something that a search showed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Patient(PatientId),
    Booking(BookingId),
}

/// An entry, with those that follow it within its time.
struct Told {
    since: Instant,
    shown: BTreeSet<Shown>,
}

/// What has been told lately, by whom and of what.
#[derive(Default)]
pub(super) struct ToldLately(HashMap<(String, String), Told>);

impl ToldLately {
    /// Whether all that is shown now has been told of.
    fn is_told(
        &self,
        key: &(String, String),
        shown: &BTreeSet<Shown>,
        within: Duration,
        now: Instant,
    ) -> bool {
        let lately = self.0.get(key).filter(|told| now.duration_since(told.since) < within);
        lately.is_some_and(|told| shown.is_subset(&told.shown))
    }

    fn keep(
        &mut self,
        key: (String, String),
        shown: BTreeSet<Shown>,
        within: Duration,
        now: Instant,
    ) {
        if self.0.len() >= MOST_KEPT {
            self.0.retain(|_, told| now.duration_since(told.since) < ONE_CARD);
        }
        if self.0.len() >= MOST_KEPT {
            self.0.clear();
        }
        let told = self.0.entry(key).or_insert_with(|| Told { since: now, shown: BTreeSet::new() });
        if now.duration_since(told.since) >= within {
            *told = Told { since: now, shown: BTreeSet::new() };
        }
        told.shown.extend(shown);
    }
}

/// An entry about a patient, now and without values.
pub(super) fn entry(
    chain: AuditChain,
    actor: &Actor,
    action: &'static str,
    patient: &PatientId,
) -> NewAuditEntry {
    entry_about(chain, actor, action, EntityKind::Patient.named(patient))
}

/// The same about whatever it is.
pub(super) fn entry_about(
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
        let (shown, within) = (viewed.shown(), viewed.is_one_for());
        // Held until the entry is written: of several at once the first tells, and the others know.
        let mut lately = self.told_lately.lock().await;
        if lately.is_told(&key, &shown, within, Instant::now()) {
            return Ok(());
        }
        let told = NewAuditEntry {
            after: viewed.value(),
            ..entry_about(AuditChain::Reading, actor, viewed.action(), key.1.clone())
        };
        self.append_to_reading(&told).await?;
        lately.keep(key, shown, within, Instant::now());
        Ok(())
    }

    /// Appends an entry to the chain of what was read.
    ///
    /// # Errors
    /// The store could not be written.
    pub(super) async fn append_to_reading(&self, entry: &NewAuditEntry) -> Result<(), ClinicError> {
        let mut attempts = Attempts::new();
        loop {
            match self.try_to_append(entry).await {
                Ok(()) => return Ok(()),
                Err(error) => attempts.next_to_write(error.into()).await?,
            }
        }
    }

    async fn try_to_append(&self, entry: &NewAuditEntry) -> Result<(), StoreError> {
        let mut transaction = self.store().begin().await?;
        transaction.lock_chain(&entry.chain).await?;
        transaction.append_audit(entry).await?;
        transaction.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(who: &str, what: &str) -> (String, String) {
        (who.to_owned(), what.to_owned())
    }

    fn patients(ids: &[&str]) -> BTreeSet<Shown> {
        ids.iter().map(|id| Shown::Patient(PatientId::new(*id))).collect()
    }

    #[test]
    fn the_same_is_told_again_once_time_has_passed_and_something_else_at_once() {
        let (mut told, start) = (ToldLately::default(), Instant::now());
        told.keep(key("AE", "patient/p1"), BTreeSet::new(), ONE_CARD, start);
        let is_told = |who: &str, what: &str, now: Instant| {
            told.is_told(&key(who, what), &BTreeSet::new(), ONE_CARD, now)
        };
        assert!(is_told("AE", "patient/p1", start + ONE_CARD - Duration::from_millis(1)));
        assert!(!is_told("AE", "patient/p1", start + ONE_CARD));
        assert!(!is_told("AE", "patient/p2", start));
        assert!(!is_told("BO", "patient/p1", start));
    }

    #[test]
    fn a_search_that_shows_somebody_who_has_not_been_told_of_is_told_of_too() {
        let (mut told, start) = (ToldLately::default(), Instant::now());
        let search = || key("AE", "search");
        let keep = |told: &mut ToldLately, ids: &[&str], now| {
            told.keep(search(), patients(ids), ONE_SEARCH, now);
        };
        let is_told = |told: &ToldLately, ids: &[&str], now| {
            told.is_told(&search(), &patients(ids), ONE_SEARCH, now)
        };
        assert!(!is_told(&told, &[], start), "that it was searched at all");
        keep(&mut told, &[], start);
        assert!(!is_told(&told, &["p1"], start), "nobody had been shown");
        keep(&mut told, &["p1", "p2"], start);
        assert!(is_told(&told, &["p2"], start), "fewer and fewer, letter by letter");
        assert!(!is_told(&told, &["p2", "p3"], start));
        keep(&mut told, &["p2", "p3"], start + ONE_SEARCH / 2);
        assert!(is_told(&told, &["p1", "p3"], start + ONE_SEARCH / 2));
        assert!(!is_told(&told, &["p3"], start + ONE_SEARCH), "of a minute from the first");
        keep(&mut told, &["p3"], start + ONE_SEARCH);
        assert!(!is_told(&told, &["p1"], start + ONE_SEARCH), "what was shown before is forgotten");
    }

    #[test]
    fn what_is_kept_in_mind_is_bounded() {
        let mut told = ToldLately::default();
        for n in 0..3 * MOST_KEPT {
            let who = n.to_string();
            told.keep(key(&who, ""), BTreeSet::new(), ONE_CARD, Instant::now());
        }
        assert!(told.0.len() <= MOST_KEPT);
    }

    #[test]
    fn what_is_over_makes_room_before_what_is_recent_does() {
        let (mut told, start) = (ToldLately::default(), Instant::now());
        let keep = |told: &mut ToldLately, n: usize, now| {
            told.keep(key(&n.to_string(), ""), BTreeSet::new(), ONE_CARD, now);
        };
        let is_told = |told: &ToldLately, n: usize, now| {
            told.is_told(&key(&n.to_string(), ""), &BTreeSet::new(), ONE_CARD, now)
        };
        for n in 1..MOST_KEPT {
            keep(&mut told, n, start);
        }
        let recent = start + Duration::from_millis(1);
        keep(&mut told, MOST_KEPT, recent);
        assert!(is_told(&told, 1, recent), "there is room for as many");
        // By now all but one may be told again.
        keep(&mut told, 0, start + ONE_CARD);
        assert!(is_told(&told, MOST_KEPT, start + ONE_CARD));
        assert_eq!(told.0.len(), 2);
    }
}
