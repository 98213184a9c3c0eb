//! What is out there, by practitioner, as far as is known: read from the other end, and changed there.
//! Decides nothing: what is wanted, and when it is sent, is the agent's business.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::difference::{Operation, Published, PublishedSlots, PublishedState};
use super::error::SyncError;
use super::mapping::{self, practitioner_wire_id, slot_resource, slot_wire_id};
use super::registers::put;
use super::wire::{Wire, WireError};
use crate::domain::{PractitionerId, Round, Setup, Slot, TemplateId};
use crate::fhir::{
    self, Entry, EntryRequest, EntryResponse, Resource, Schedule, SlotStatus, etag, version_of,
};

/// After how long what is out there is looked at again, whatever is known of it.
const LOOKED_AFTER: TimeDelta = TimeDelta::hours(1);

/// Of whom nothing is known, nothing is known to be out there.
static NOTHING: PublishedSlots = PublishedSlots::new();

/// What is out there.
#[derive(Default)]
pub(super) struct Publications {
    /// A practitioner is missing until it has been read.
    known: BTreeMap<PractitionerId, Publication>,
}

/// What is out there of one practitioner.
struct Publication {
    slots: PublishedSlots,
    read_at: DateTime<Utc>,
}

impl Publications {
    /// Whether it is known what is out there of a practitioner.
    pub(super) fn knows(&self, id: &PractitionerId) -> bool {
        self.known.contains_key(id)
    }

    /// What is known to be out there of a practitioner.
    pub(super) fn of(&self, id: &PractitionerId) -> &PublishedSlots {
        self.known.get(id).map_or(&NOTHING, |known| &known.slots)
    }

    /// How many times of each template can be booked with a practitioner.
    pub(super) fn free_times(&self, id: &PractitionerId) -> BTreeMap<TemplateId, usize> {
        let mut times = BTreeMap::new();
        for published in self.of(id).values().filter(|it| it.state == PublishedState::Free) {
            *times.entry(published.slot.template.clone()).or_default() += 1;
        }
        times
    }

    /// Takes note of what has been read of a practitioner.
    pub(super) fn keep(&mut self, id: &PractitionerId, slots: PublishedSlots, at: DateTime<Utc>) {
        self.known.insert(id.clone(), Publication { slots, read_at: at });
    }

    /// Takes note that a patient's wish has taken a slot, which has this version since.
    pub(super) fn take(&mut self, slot: &Slot, version: String) {
        let known = self.known.get_mut(&slot.practitioner);
        if let Some(taken) = known.and_then(|known| known.slots.get_mut(&slot_wire_id(slot))) {
            (taken.state, taken.version) = (PublishedState::Taken, version);
        }
    }

    /// Forgets what is out there of a practitioner: it is read anew.
    pub(super) fn forget(&mut self, id: &PractitionerId) {
        self.known.remove(id);
    }

    /// Forgets it of everybody.
    pub(super) fn forget_all(&mut self) {
        self.known.clear();
    }

    /// Whose times were read longest ago, where that is long ago.
    pub(super) fn longest_unread(&self, now: DateTime<Utc>) -> Option<PractitionerId> {
        let age = |known: &Publication| now.signed_duration_since(known.read_at);
        let old = self.known.iter().filter(|(_, known)| age(known) > LOOKED_AFTER);
        old.min_by_key(|(_, known)| known.read_at).map(|(id, _)| id.clone())
    }

    /// Sends changes of one practitioner's times, and counts them. Where that fails it is forgotten what
    /// is out there: what of it was done is found out by reading.
    ///
    /// # Errors
    /// The other end does not take them, or does not answer.
    pub(super) async fn send(
        &mut self,
        wire: &Wire,
        setup: &Setup,
        id: &PractitionerId,
        operations: &[Operation],
        round: &mut Round,
    ) -> Result<(), SyncError> {
        let answers = match transact(wire, setup, operations).await {
            Ok(answers) => answers,
            Err(error) => {
                self.forget(id);
                return Err(error);
            }
        };
        let Some(known) = self.known.get_mut(id) else { return Ok(()) };
        for (operation, answer) in operations.iter().zip(answers) {
            let version =
                answer.etag.as_deref().and_then(version_of).unwrap_or_default().to_owned();
            match operation {
                Operation::Add(slot) | Operation::Free { slot, .. } => {
                    let state = PublishedState::Free;
                    let published = Published { slot: slot.clone(), version, state };
                    known.slots.insert(slot_wire_id(slot), published);
                    round.published += 1;
                }
                Operation::Withdraw { id, .. } => {
                    known.slots.remove(id);
                    round.withdrawn += 1;
                }
            }
        }
        Ok(())
    }
}

/// What the other end has of a practitioner, what is over included: what of it is still free is withdrawn.
///
/// # Errors
/// It does not answer, or what it answers is not FHIR.
pub(super) async fn read(
    wire: &Wire,
    setup: &Setup,
    id: &PractitionerId,
) -> Result<PublishedSlots, SyncError> {
    let schedule = practitioner_wire_id(id);
    let query = format!("schedule={}/{schedule}&_sort=_id", Schedule::KIND);
    let mut known = PublishedSlots::new();
    for found in wire.search(fhir::Slot::KIND, &query).await? {
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

/// Sends all of the changes, or none.
async fn transact(
    wire: &Wire,
    setup: &Setup,
    operations: &[Operation],
) -> Result<Vec<EntryResponse>, SyncError> {
    let entries = operations.iter().map(|operation| entry(setup, operation));
    Ok(wire.transaction(entries.collect::<Result<_, _>>()?).await?)
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
