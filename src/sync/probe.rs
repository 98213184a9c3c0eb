//! The probe: whether a server does what publishing and booking rely on, found out on throw-away
//! resources before anything is published there.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use thiserror::Error;

use super::wire::{Wire, WireError};
use crate::domain::SyncState;
use crate::fhir::{Entry, EntryRequest, HealthcareService, Resource, etag};

/// What a server gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Flaw {
    #[error("it does not speak FHIR R4 (4.0)")]
    Version,
    #[error(
        "it answers a search with a parameter that it does not know, although handling=strict is asked \
         for: what is filtered out there can't be relied on"
    )]
    LenientSearch,
    #[error("it takes a change although another version is stored (If-Match)")]
    StaleTaken,
    #[error("it takes a transaction although another version is stored (ifMatch)")]
    StaleTransactionTaken,
    #[error("it keeps a part of a transaction that failed")]
    NotRolledBack,
    #[error("it stores a resource a second time although it is there (If-None-Exist)")]
    Duplicated,
}

/// After how long a server that failed is tried again.
const SECOND_TRY: TimeDelta = TimeDelta::minutes(1);

/// Whether the other end is known to do what it must.
pub(super) enum Met {
    Not,
    Fit,
    Unfit { since: DateTime<Utc>, why: WireError },
}

impl Met {
    /// Tries the server out before anything is published there, unless the state remembers that it
    /// passed. One that fails is tried again after a while: it may have been mended.
    ///
    /// # Errors
    /// As [`probe`].
    pub(super) async fn meet(
        &mut self,
        wire: &Wire,
        state: &mut SyncState,
        at: DateTime<Utc>,
    ) -> Result<(), WireError> {
        let agent = state.agent.as_ref();
        let tried = agent.map(|agent| (agent.publishes_to.clone(), agent.version.clone()));
        match self {
            Self::Fit => return Ok(()),
            Self::Not if state.passed_probe.is_some() && state.passed_probe == tried => {
                *self = Self::Fit;
                return Ok(());
            }
            Self::Unfit { since, why } if at.signed_duration_since(*since) < SECOND_TRY => {
                return Err(why.clone());
            }
            Self::Not | Self::Unfit { .. } => {}
        }
        let probed = probe(wire).await;
        *self = match &probed {
            Ok(()) => Self::Fit,
            Err(why @ WireError::Unfit(_)) => Self::Unfit { since: at, why: why.clone() },
            Err(_) => Self::Not,
        };
        state.passed_probe = tried.filter(|_| probed.is_ok());
        probed
    }
}

/// The throw-away resources. Their ids are always the same: what an interrupted probe left is taken
/// over by the next.
const FIRST: &str = "tidbok-probe-1";
const SECOND: &str = "tidbok-probe-2";
/// What the third is known by; its id is the server's to give.
const THIRD: &str = "tidbok-probe-3";
const PROBE: &str = "urn:x-tidbok:probe";

const KIND: &str = HealthcareService::KIND;

/// Tries a server out, and cleans up.
///
/// # Errors
/// [`WireError::Unfit`] where it fails; whatever else goes wrong on the way.
pub async fn probe(wire: &Wire) -> Result<(), WireError> {
    if !is_r4(wire.capabilities().await?.get("fhirVersion")) {
        return Err(WireError::Unfit(Flaw::Version));
    }
    let unknown = format!("{KIND}?{PROBE}=1");
    if !wire.refuses(&unknown).await? {
        return Err(WireError::Unfit(Flaw::LenientSearch));
    }
    let mut made = vec![FIRST.to_owned(), SECOND.to_owned()];
    let tried = try_out(wire, &mut made).await;
    let mut cleaned = Ok(());
    for id in made {
        cleaned = cleaned.and(wire.delete(KIND, &id).await);
    }
    tried.and(cleaned)
}

fn is_r4(version: Option<&Value>) -> bool {
    version.and_then(Value::as_str).is_some_and(|version| version.starts_with("4.0"))
}

async fn try_out(wire: &Wire, made: &mut Vec<String>) -> Result<(), WireError> {
    let stale = wire.put(KIND, FIRST, &service(FIRST, "1"), None).await?;
    let current = wire.put(KIND, FIRST, &service(FIRST, "2"), None).await?;
    wire.delete(KIND, SECOND).await?;

    match wire.put(KIND, FIRST, &service(FIRST, "3"), Some(&stale)).await {
        Err(WireError::Conflict) => {}
        Ok(_) => return Err(WireError::Unfit(Flaw::StaleTaken)),
        Err(error) => return Err(error),
    }

    let change = |id: &str, version: Option<&str>| {
        let request = EntryRequest::put(format!("{KIND}/{id}"), version.map(etag));
        Entry::asking(request, Some(service(id, "4")))
    };
    let refused = wire.transaction(vec![change(SECOND, None), change(FIRST, Some(&stale))]).await;
    match refused {
        Err(WireError::Conflict) => {}
        Ok(_) => return Err(WireError::Unfit(Flaw::StaleTransactionTaken)),
        Err(error) => return Err(error),
    }
    let same = wire.get(KIND, FIRST).await?.is_some_and(|first| first.version == current);
    if !same || wire.get(KIND, SECOND).await?.is_some() {
        return Err(WireError::Unfit(Flaw::NotRolledBack));
    }

    let condition = format!("identifier={PROBE}|{THIRD}");
    let mut third = service(THIRD, "1");
    if let Some(object) = third.as_object_mut() {
        object.remove("id");
    }
    let mut ids = Vec::new();
    for _ in 0..2 {
        ids.push(wire.create(KIND, &third, &condition).await?);
    }
    let once = ids.first() == ids.last();
    ids.dedup();
    made.append(&mut ids);
    if once { Ok(()) } else { Err(WireError::Unfit(Flaw::Duplicated)) }
}

/// A service that is not offered.
fn service(id: &str, name: &str) -> Value {
    json!({
        "resourceType": KIND,
        "id": id,
        "identifier": [{"system": PROBE, "value": id}],
        "active": false,
        "name": format!("tidbok probe {name}"),
    })
}
