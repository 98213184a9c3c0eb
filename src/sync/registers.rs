//! Companies, practitioners, templates and books: what the other end has of them, and what it is to have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::agent::BATCH;
use super::error::SyncError;
use super::mapping::{self, Registered};
use super::marks::SetupNumber;
use super::wire::{Versioned, Wire, WireError};
use crate::domain::Setup;
use crate::fhir::{self, Entry, EntryRequest, Resource, Schedule, etag};

/// Registers by kind and id.
type Known = BTreeMap<(String, String), Versioned>;

/// What is known of the registers out there; nothing at first.
#[derive(Default)]
pub(super) struct Registers {
    /// The set-up that was last published.
    published: Option<SetupNumber>,
}

impl Registers {
    /// Publishes the set-up's registers, where it has moved. What is there and not wanted is deactivated.
    ///
    /// # Errors
    /// What the wire meets; a register that can't be written down.
    pub(super) async fn publish(
        &mut self,
        wire: &Wire,
        number: SetupNumber,
        setup: &Setup,
    ) -> Result<(), SyncError> {
        if self.published == Some(number) {
            return Ok(());
        }
        let wanted = mapping::registers(setup)?;
        let known = read(wire).await?;
        let mut entries = Vec::new();
        let mut left: BTreeSet<(String, String)> = known.keys().cloned().collect();
        for Registered { kind, id, value } in &wanted {
            let key = ((*kind).to_owned(), id.clone());
            left.remove(&key);
            if known.get(&key).is_none_or(|stored| !is_same(&stored.value, value)) {
                entries.push(put(kind, id, value.clone(), None));
            }
        }
        for key in left {
            entries.extend(known.get(&key).and_then(|stored| deactivated(&key, stored)));
        }
        for batch in entries.chunks(BATCH) {
            wire.transaction(batch.to_vec()).await?;
        }
        self.published = Some(number);
        Ok(())
    }
}

async fn read(wire: &Wire) -> Result<Known, WireError> {
    let mut known = Known::new();
    for kind in [
        fhir::Organization::KIND,
        fhir::Practitioner::KIND,
        fhir::HealthcareService::KIND,
        Schedule::KIND,
    ] {
        for found in wire.search(kind, "_sort=_id").await? {
            known.insert((kind.to_owned(), found.id().to_owned()), found);
        }
    }
    Ok(known)
}

/// A register that is active and no longer wanted, put to rest.
fn deactivated((kind, id): &(String, String), stored: &Versioned) -> Option<Entry> {
    if stored.value.get("active").and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let mut value = stored.value.clone();
    value.as_object_mut()?.insert("active".to_owned(), false.into());
    Some(put(kind, id, value, None))
}

/// Stores a resource under its id, where a version is given only while that stands.
pub(super) fn put(kind: &str, id: &str, value: Value, version: Option<&str>) -> Entry {
    let request = EntryRequest::put(format!("{kind}/{id}"), version.map(etag));
    Entry::asking(request, Some(value))
}

/// Whether a stored register holds what is wanted, whatever else a server has put on it.
fn is_same(stored: &Value, wanted: &Value) -> bool {
    let without_meta = |value: &Value| {
        let mut value = value.clone();
        if let Some(object) = value.as_object_mut() {
            object.remove("meta");
            object.remove("text");
        }
        value
    };
    without_meta(stored) == without_meta(wanted)
}
