//! What the store is told of published times, so that consoles can show them: what has changed since it
//! was told last, by practitioner and day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::difference::{Published, PublishedSlots, PublishedState};
use crate::domain::{OutOnDay, PractitionerId};
use crate::store::{StoreError, Transaction};

/// What is out there of one practitioner, by day.
type OutByDay = BTreeMap<NaiveDate, OutOnDay>;

/// What is known to be written, and what is to be.
#[derive(Default)]
pub(super) struct Ledger {
    /// A practitioner is missing until everything has been written anew.
    written: BTreeMap<PractitionerId, OutByDay>,
    entries: Vec<Entry>,
}

/// What is to be written of one practitioner.
pub(super) struct Entry {
    practitioner: PractitionerId,
    known: Known,
    days: OutByDay,
}

/// Whether it is known what the store has of a practitioner.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Yes,
    No,
}

impl Ledger {
    /// Takes note of what of a practitioner is out there now.
    pub fn note(&mut self, id: &PractitionerId, published: &PublishedSlots) {
        let mut out = OutByDay::new();
        let free = published.values().filter(|it| it.state == PublishedState::Free);
        for Published { slot, .. } in free {
            let start = slot.interval.start();
            let day = out.entry(start.date()).or_default();
            day.entry(slot.template.clone()).or_default().push(start.clock());
        }
        for clocks in out.values_mut().flat_map(OutOnDay::values_mut) {
            clocks.sort_unstable();
        }
        let before = self.written.remove(id);
        let known = if before.is_some() { Known::Yes } else { Known::No };
        let before = before.unwrap_or_default();
        let changed = out.iter().filter(|(day, out)| before.get(*day) != Some(*out));
        let changed = changed.map(|(day, out)| (*day, out.clone()));
        let gone = before.keys().filter(|day| !out.contains_key(*day));
        let days: OutByDay = changed.chain(gone.map(|day| (*day, OutOnDay::new()))).collect();
        if known == Known::No || !days.is_empty() {
            self.entries.push(Entry { practitioner: id.clone(), known, days });
        }
        self.written.insert(id.clone(), out);
    }

    /// Whether there is nothing to write.
    pub fn is_written(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is to be written, to be written now.
    pub fn take(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// It may not have been written: those whom it is about are written anew, whole.
    pub fn doubt(&mut self, entries: &[Entry]) -> Vec<PractitionerId> {
        let ids: Vec<_> = entries.iter().map(|entry| entry.practitioner.clone()).collect();
        for id in &ids {
            self.written.remove(id);
        }
        ids
    }
}

/// Writes it.
pub(super) async fn write(
    transaction: &mut Transaction,
    entries: &[Entry],
) -> Result<(), StoreError> {
    for Entry { practitioner, known, days } in entries {
        if *known == Known::No {
            transaction.forget_out_there(practitioner).await?;
        }
        transaction.keep_out_there(practitioner, days).await?;
    }
    Ok(())
}
