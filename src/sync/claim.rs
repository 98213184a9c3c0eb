//! The claim: of the databases whose agents publish to one booking page, one is published at a time. A copy
//! that is tried out, or an agent forgotten on the old server, would else offer times that the clinic's own
//! book has long given away.
//!
//! The claim is a resource at the other end, renewed by its version while its agent works. No clock is
//! compared with another's: whoever finds a foreign claim watches whether it moves.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::error::SyncError;
use super::is_lately;
use super::wire::{Wire, WireError};
use crate::fhir::{HealthcareService, Resource, names};

/// How often it is renewed.
const RENEWAL: TimeDelta = TimeDelta::seconds(15);
/// How long a foreign claim must have stood still before it is taken over.
const OVER: TimeDelta = TimeDelta::seconds(60);

/// A service that nobody is offered; every server that passes the probe keeps one.
const KIND: &str = HealthcareService::KIND;
const ID: &str = "tidbok-agent";

/// Whether others may have published since the claim was last held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claimed {
    AsBefore,
    Anew,
}

/// A foreign claim, and since when it has stood like that.
struct Foreign {
    version: String,
    since: DateTime<Utc>,
}

/// The claim of one database.
pub(super) struct Claim {
    database: String,
    host: String,
    /// As it was last written.
    version: Option<String>,
    renewed_at: Option<DateTime<Utc>>,
    foreign: Option<Foreign>,
}

impl Claim {
    /// A claim that is not held yet: for what tells the database from every other, and the name of the
    /// agent's computer, which others are told.
    pub(super) fn new(database: &str, host: &str) -> Self {
        Self {
            database: database.to_owned(),
            host: host.to_owned(),
            version: None,
            renewed_at: None,
            foreign: None,
        }
    }

    /// Takes or renews the claim.
    ///
    /// # Errors
    /// [`SyncError::Contested`] while another database is published there; whatever the wire meets.
    pub(super) async fn hold(
        &mut self,
        wire: &Wire,
        at: DateTime<Utc>,
    ) -> Result<Claimed, SyncError> {
        if is_lately(self.renewed_at, at, RENEWAL) {
            return Ok(Claimed::AsBefore);
        }
        if let Some(version) = self.version.clone() {
            match self.write(wire, Some(&version), at).await {
                Err(WireError::Conflict) => self.version = None,
                written => return Ok(written.map(|()| Claimed::AsBefore)?),
            }
        }
        let Some(found) = wire.get(KIND, ID).await? else {
            self.write(wire, None, at).await?;
            return Ok(Claimed::Anew);
        };
        let claimed = match owner(&found.value) {
            Some(database) if database == self.database => Claimed::AsBefore,
            Some(_) if !self.stands_still(&found.version, at) => {
                let host = found.value.get("comment").and_then(Value::as_str);
                let host = host.and_then(|comment| comment.split(' ').next());
                return Err(SyncError::Contested { host: plain(host.unwrap_or_default()) });
            }
            _ => Claimed::Anew,
        };
        self.write(wire, Some(&found.version), at).await?;
        Ok(claimed)
    }

    /// Lets another database be published at once.
    ///
    /// # Errors
    /// What the wire meets: the claim ends by itself.
    pub(super) async fn give_back(&mut self, wire: &Wire) -> Result<(), WireError> {
        let Some(version) = self.version.take() else { return Ok(()) };
        self.renewed_at = None;
        let mut released = self.resource(DateTime::UNIX_EPOCH);
        if let Some(object) = released.as_object_mut() {
            object.remove("identifier");
        }
        wire.put(KIND, ID, &released, Some(&version)).await.map(|_| ())
    }

    /// Whether a foreign claim has not moved for long enough.
    fn stands_still(&mut self, version: &str, at: DateTime<Utc>) -> bool {
        match &self.foreign {
            Some(seen) if seen.version == version => at.signed_duration_since(seen.since) >= OVER,
            _ => {
                self.foreign = Some(Foreign { version: version.to_owned(), since: at });
                false
            }
        }
    }

    async fn write(
        &mut self,
        wire: &Wire,
        version: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<(), WireError> {
        let written = wire.put(KIND, ID, &self.resource(at), version).await?;
        self.version = Some(written);
        self.renewed_at = Some(at);
        self.foreign = None;
        Ok(())
    }

    /// Another text each time: some servers give what did not change no new version.
    fn resource(&self, at: DateTime<Utc>) -> Value {
        json!({
            "resourceType": KIND,
            "id": ID,
            "identifier": [{"system": names::PUBLISHED_DATABASE, "value": self.database}],
            "active": false,
            "name": "tidbok agent",
            "comment": format!("{} {}", self.host, at.timestamp_millis()),
        })
    }
}

/// Which database a claim is for; `None` where it has been given back.
fn owner(claim: &Value) -> Option<&str> {
    let identifiers = claim.get("identifier")?.as_array()?;
    let own = identifiers
        .iter()
        .find(|it| it.get("system").is_some_and(|it| it == names::PUBLISHED_DATABASE))?;
    own.get("value")?.as_str()
}

/// A computer's name, as far as it is one: it comes from the other end.
fn plain(host: &str) -> String {
    let kept =
        host.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-._".contains(*letter));
    kept.take(64).collect()
}
