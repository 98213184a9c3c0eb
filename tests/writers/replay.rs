//! The log carried out again: from nothing, entry by entry, to what is stored.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;
use tidbok::domain::*;
use tidbok::store::*;

use crate::support::settings;

/// Everything there is, by the name that the log gives it, as the log shows it.
type Tables = BTreeMap<String, Value>;

/// Replays the whole log and holds the result against the tables.
pub async fn gives_what_is_stored(store: &Store) {
    let mut reading = store.read().await.expect("reads");
    let entries = reading.audit(&AuditFilter::default()).await.expect("reads");
    drop(reading);
    let count = entries.len();
    let replayed = replay(entries);
    let stored = tables(store).await;
    for (entity, value) in &stored {
        assert!(replayed.get(entity) == Some(value), "{entity} is not what the log tells");
    }
    let gone: Vec<&String> = replayed.keys().filter(|it| !stored.contains_key(*it)).collect();
    assert!(gone.is_empty(), "the log tells of {gone:?}");
    println!("{count} entries replayed give {} entities", stored.len());
}

/// An entry stands in the chain of every book that it touches: it is carried out once it is the next
/// of all of them.
fn replay(entries: Vec<AuditEntry>) -> Tables {
    let key = |entry: &AuditEntry| (entry.command.clone(), entry.entity.clone());
    let mut chains: BTreeMap<AuditChain, VecDeque<AuditEntry>> = BTreeMap::new();
    let mut told_in: BTreeMap<_, BTreeSet<AuditChain>> = BTreeMap::new();
    // The newest comes first.
    for entry in entries.into_iter().rev() {
        told_in.entry(key(&entry)).or_default().insert(entry.chain.clone());
        chains.entry(entry.chain.clone()).or_default().push_back(entry);
    }
    for chain in chains.values_mut() {
        chain.make_contiguous().sort_by_key(|entry| entry.n);
    }
    let mut tables = Tables::new();
    loop {
        let is_next = |chain: &AuditChain, wanted: &AuditEntry| {
            chains[chain].front().is_some_and(|entry| key(entry) == key(wanted))
        };
        let heads = chains.values().filter_map(VecDeque::front);
        let ready = heads
            .filter(|entry| told_in[&key(entry)].iter().all(|chain| is_next(chain, entry)))
            .find(|entry| stands_before(&tables, entry))
            .cloned();
        let Some(entry) = ready else { break };
        for chain in &told_in[&key(&entry)] {
            chains.get_mut(chain).expect("a chain").pop_front();
        }
        carry_out(&mut tables, entry);
    }
    let stuck: Vec<String> = chains.values().filter_map(|chain| chain.front()).map(at).collect();
    assert!(stuck.is_empty(), "what is told does not follow from what was: {stuck:?}");
    tables
}

fn at(entry: &AuditEntry) -> String {
    format!("{} {}: {} {}", entry.chain, entry.n, entry.action, entry.entity)
}

/// Whether an entry tells of the entity as it stands.
fn stands_before(tables: &Tables, entry: &AuditEntry) -> bool {
    let before = entry.before.as_ref().map(AuditValue::to_json);
    match (tables.get(&entry.entity), before) {
        (None, None) => true,
        // The settings of the page are there from the beginning.
        (None, Some(_)) => entry.entity == "online",
        (Some(stands), Some(before)) => *stands == with(stands.clone(), before),
        (Some(_), None) => false,
    }
}

fn carry_out(tables: &mut Tables, entry: AuditEntry) {
    let Some(mut after) = entry.after.as_ref().map(AuditValue::to_json) else {
        tables.remove(&entry.entity);
        return;
    };
    // Why it was cancelled is the log's own; the booking has no such field.
    if let Value::Object(fields) = &mut after {
        fields.remove("reason");
    }
    let before = tables.remove(&entry.entity).unwrap_or(Value::Null);
    tables.insert(entry.entity, with(before, after));
}

/// An entity with the fields that an entry tells of; one about a recall date tells of nothing else.
fn with(before: Value, told: Value) -> Value {
    match (before, told) {
        (Value::Object(mut fields), Value::Object(told)) => {
            fields.extend(told);
            Value::Object(fields)
        }
        (_, told) => told,
    }
}

async fn tables(store: &Store) -> Tables {
    let file = export(store).await.expect("reads");
    let mut tables = registers(&file);
    let mut add = |kind: &str, id: &dyn std::fmt::Display, value: AuditValue| {
        tables.insert(format!("{kind}/{id}"), value.to_json());
    };
    for session in &file.work_sessions {
        add("work_session", &session.id, session.audit_view());
    }
    for preblock in &file.preblocks {
        add("preblock", &preblock.id, preblock.audit_view());
    }
    let mut reading = store.read().await.expect("reads");
    for booking in file.bookings.values() {
        add("booking", &booking.id, booking.audit_view());
        if let Some(given) = reading.given_contacts(&booking.id).await.expect("reads") {
            add("contacts", &booking.id, given.audit_view());
        }
        if let Some(call) = reading.call(&booking.id).await.expect("reads") {
            add("call", &booking.id, call.audit_view());
        }
    }
    tables
}

fn registers(file: &ClinicFile) -> Tables {
    let settings = settings::added(file);
    let view = |change: &SettingChange| {
        let (_, added) = audit_views(change);
        (change.entity(), added.expect("it is there").to_json())
    };
    settings.iter().map(view).collect()
}
