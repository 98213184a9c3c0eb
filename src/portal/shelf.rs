//! A clinic's resources: read, stored under a version, removed, in a transaction of the database. No
//! rule of booking is here.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use super::indexed::{KINDS, Key, keys};
use super::refusal::Refusal;
use crate::fhir::{etag, is_id, version_of};

/// A resource as it is stored, its version and time in its meta.
#[derive(Clone)]
pub struct Stored {
    pub id: String,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
    pub value: Value,
}

impl Stored {
    /// The entity tag of its version.
    pub fn etag(&self) -> String {
        etag(&self.version.to_string())
    }
}

/// What came of storing a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Created,
    Updated,
    /// It was stored so already: no new version.
    Unchanged,
}

/// The types that change seldom, and that offers are made of.
const REGISTERS: [&str; 4] = ["Organization", "Practitioner", "HealthcareService", "Schedule"];

/// The resources of one clinic in a transaction.
pub struct Shelf<'a> {
    /// A connection in a transaction.
    pub(super) transaction: &'a Connection,
    pub(super) clinic: &'a str,
    pub(super) now: DateTime<Utc>,
}

impl Shelf<'_> {
    /// The resource of a type with an id.
    ///
    /// # Errors
    /// [`Refusal::UnknownKind`]; the store.
    pub fn get(&self, kind: &str, id: &str) -> Result<Option<Stored>, Refusal> {
        known(kind)?;
        let mut statement = self.transaction.prepare_cached(
            "SELECT id, version, updated_at, content FROM resource \
             WHERE clinic = ?1 AND kind = ?2 AND id = ?3",
        )?;
        Ok(statement.query_row(params![self.clinic, kind, id], stored).optional()?)
    }

    /// Stores a resource under an id; `if_match` is the entity tag that must be the stored one's.
    ///
    /// # Errors
    /// [`Refusal::Stale`]; [`Refusal::Invalid`] where it is no resource of that type and id.
    pub fn put(
        &self,
        kind: &str,
        id: &str,
        value: Value,
        if_match: Option<&str>,
    ) -> Result<(Stored, Written), Refusal> {
        let before = self.get(kind, id)?;
        refuse_stale(before.as_ref(), if_match)?;
        let value = self.named(kind, id, value)?;
        let at = self.later_than_all(kind)?;
        if let Some(before) = before {
            if without_version(&before.value) == without_version(&value) {
                return Ok((before, Written::Unchanged));
            }
            self.forget(kind, id)?;
            return Ok((self.write(kind, id, value, at)?, Written::Updated));
        }
        Ok((self.write(kind, id, value, at)?, Written::Created))
    }

    /// Stores a new resource under an id of its own.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] where it is no resource of that type.
    pub fn add(&self, kind: &str, value: Value) -> Result<Stored, Refusal> {
        let id = uuid::Uuid::now_v7().to_string();
        let value = self.named(kind, &id, without_id(value))?;
        self.write(kind, &id, value, self.later_than_all(kind)?)
    }

    /// Removes a resource; whether there was one. One that is gone already is removed all the same.
    ///
    /// # Errors
    /// [`Refusal::Stale`] where another version is stored; the store.
    pub fn remove(&self, kind: &str, id: &str, if_match: Option<&str>) -> Result<bool, Refusal> {
        if let Some(before) = self.get(kind, id)? {
            refuse_stale(Some(&before), if_match)?;
        }
        self.forget(kind, id)
    }

    /// Whether a browser holds a slot for now.
    ///
    /// # Errors
    /// The store.
    pub fn is_held(&self, slot: &str) -> Result<bool, Refusal> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM hold WHERE clinic = ?1 AND slot = ?2 AND until > ?3)",
        )?;
        let now = self.now.timestamp_millis();
        Ok(statement.query_row(params![self.clinic, slot, now], |row| row.get(0))?)
    }

    fn forget(&self, kind: &str, id: &str) -> Result<bool, Refusal> {
        let mut found = 0;
        self.note_change(kind)?;
        for sql in [
            "DELETE FROM term WHERE clinic = ?1 AND kind = ?2 AND id = ?3",
            "DELETE FROM moment WHERE clinic = ?1 AND kind = ?2 AND id = ?3",
            "DELETE FROM free_time WHERE clinic = ?1 AND ?2 = 'Slot' AND slot = ?3",
            "DELETE FROM resource WHERE clinic = ?1 AND kind = ?2 AND id = ?3",
        ] {
            let mut statement = self.transaction.prepare_cached(sql)?;
            found = statement.execute(params![self.clinic, kind, id])?;
        }
        Ok(found > 0)
    }

    /// The resource with its type and id checked and the id in it.
    fn named(&self, kind: &str, id: &str, mut value: Value) -> Result<Value, Refusal> {
        known(kind)?;
        if !is_id(id) {
            return Err(Refusal::Invalid("an id has 1 to 64 letters, digits, - and ."));
        }
        let Some(object) = value.as_object_mut() else {
            return Err(Refusal::Invalid("a resource is a JSON object"));
        };
        if object.get("resourceType").and_then(Value::as_str) != Some(kind) {
            return Err(Refusal::Invalid("resourceType is not the type in the address"));
        }
        match object.get("id").map(Value::as_str) {
            None => {
                object.insert("id".to_owned(), id.into());
            }
            Some(Some(own)) if own == id => {}
            Some(_) => return Err(Refusal::Invalid("id is not the id in the address")),
        }
        Ok(value)
    }

    /// Now; later than what was stored last where the clock has been set back since. Whoever asks for
    /// what is newer than the newest they know misses nothing.
    fn later_than_all(&self, kind: &str) -> Result<DateTime<Utc>, Refusal> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT MAX(updated_at) FROM resource WHERE clinic = ?1 AND kind = ?2",
        )?;
        let newest: Option<i64> =
            statement.query_row(params![self.clinic, kind], |row| row.get(0))?;
        let newest = newest.and_then(DateTime::from_timestamp_millis);
        let ahead = newest.filter(|newest| *newest > self.now);
        Ok(ahead.map_or(self.now, |newest| newest + TimeDelta::milliseconds(1)))
    }

    fn write(
        &self,
        kind: &str,
        id: &str,
        mut value: Value,
        at: DateTime<Utc>,
    ) -> Result<Stored, Refusal> {
        self.note_change(kind)?;
        let version = self.next_version()?;
        let meta = json!({
            "versionId": version.to_string(),
            "lastUpdated": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        });
        let mut kept = value.get("meta").and_then(Value::as_object).cloned().unwrap_or_default();
        kept.extend(meta.as_object().cloned().unwrap_or_default());
        if let Some(object) = value.as_object_mut() {
            object.insert("meta".to_owned(), Value::Object(kept));
        }
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO resource (clinic, kind, id, version, updated_at, content) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let updated_at = at.timestamp_millis();
        let content = value.to_string();
        statement.execute(params![self.clinic, kind, id, version, updated_at, content])?;
        self.index(kind, id, &value)?;
        Ok(Stored { id: id.to_owned(), version, updated_at: at, value })
    }

    fn index(&self, kind: &str, id: &str, value: &Value) -> Result<(), Refusal> {
        for key in keys(kind, value) {
            match key {
                Key::Term(name, value) => {
                    let mut statement = self.transaction.prepare_cached(
                        "INSERT OR IGNORE INTO term (clinic, kind, name, value, id) \
                         VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?;
                    statement.execute(params![self.clinic, kind, name, value, id])?;
                }
                Key::Moment(name, at) => {
                    let mut statement = self.transaction.prepare_cached(
                        "INSERT OR IGNORE INTO moment (clinic, kind, name, at, id) \
                         VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?;
                    statement.execute(params![self.clinic, kind, name, at, id])?;
                }
                Key::Free(free) => free.store(self.transaction, self.clinic, id)?,
            }
        }
        Ok(())
    }

    /// Counts a change of what all offers are made of.
    fn note_change(&self, kind: &str) -> Result<(), Refusal> {
        if REGISTERS.contains(&kind) {
            let mut statement = self.transaction.prepare_cached(
                "INSERT INTO registers (clinic, version) VALUES (?1, 1) \
                 ON CONFLICT (clinic) DO UPDATE SET version = version + 1",
            )?;
            statement.execute(params![self.clinic])?;
        }
        Ok(())
    }

    /// The version of the clinic's companies, practitioners, treatments and books.
    ///
    /// # Errors
    /// The store.
    pub fn registers_version(&self) -> Result<i64, Refusal> {
        let mut statement =
            self.transaction.prepare_cached("SELECT version FROM registers WHERE clinic = ?1")?;
        let version = statement.query_row(params![self.clinic], |row| row.get(0)).optional()?;
        Ok(version.unwrap_or(0))
    }

    fn next_version(&self) -> Result<i64, Refusal> {
        self.transaction.prepare_cached("UPDATE last_version SET n = n + 1")?.execute(())?;
        let mut statement = self.transaction.prepare_cached("SELECT n FROM last_version")?;
        Ok(statement.query_row((), |row| row.get(0))?)
    }

    /// Notes that the clinic's agent has just been heard from.
    ///
    /// # Errors
    /// The store.
    pub fn hear_agent(&self) -> Result<(), Refusal> {
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO agent (clinic, heard_at) VALUES (?1, ?2) \
             ON CONFLICT (clinic) DO UPDATE SET heard_at = excluded.heard_at",
        )?;
        statement.execute(params![self.clinic, self.now.timestamp_millis()])?;
        Ok(())
    }

    /// When the clinic's agent was last heard from.
    ///
    /// # Errors
    /// The store.
    pub fn agent_heard_at(&self) -> Result<Option<DateTime<Utc>>, Refusal> {
        let mut statement =
            self.transaction.prepare_cached("SELECT heard_at FROM agent WHERE clinic = ?1")?;
        let heard: Option<i64> =
            statement.query_row(params![self.clinic], |row| row.get(0)).optional()?;
        Ok(heard.and_then(DateTime::from_timestamp_millis))
    }
}

/// Refuses where an entity tag is given that is not the stored version's.
fn refuse_stale(stored: Option<&Stored>, if_match: Option<&str>) -> Result<(), Refusal> {
    let Some(tag) = if_match else { return Ok(()) };
    let wanted = version_of(tag).ok_or(Refusal::Invalid("If-Match is no entity tag"))?;
    match stored.is_some_and(|stored| stored.version.to_string() == wanted) {
        true => Ok(()),
        false => Err(Refusal::Stale),
    }
}

/// A row of id, version, time and content.
pub(super) fn stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    let broken = |at: usize| {
        rusqlite::Error::InvalidColumnType(at, "resource".into(), rusqlite::types::Type::Text)
    };
    let updated_at = DateTime::from_timestamp_millis(row.get(2)?).ok_or_else(|| broken(2))?;
    let content: String = row.get(3)?;
    let value = serde_json::from_str(&content).map_err(|_| broken(3))?;
    Ok(Stored { id: row.get(0)?, version: row.get(1)?, updated_at, value })
}

pub(super) fn known(kind: &str) -> Result<(), Refusal> {
    if KINDS.contains(&kind) { Ok(()) } else { Err(Refusal::UnknownKind) }
}

/// The resource without what a server sets.
fn without_version(value: &Value) -> Value {
    let mut value = value.clone();
    let Some(object) = value.as_object_mut() else { return value };
    if let Some(meta) = object.get_mut("meta").and_then(Value::as_object_mut) {
        meta.remove("versionId");
        meta.remove("lastUpdated");
        if meta.is_empty() {
            object.remove("meta");
        }
    }
    value
}

fn without_id(mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.remove("id");
    }
    value
}
