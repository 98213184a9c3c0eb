//! What this server can, in FHIR's own words. Pure.

use serde_json::{Value, json};

use super::indexed::{Comparison, KINDS, parameters_of};

/// The CapabilityStatement.
pub(super) fn statement() -> Value {
    let resources: Vec<Value> = KINDS.iter().map(|kind| resource(kind)).collect();
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-24",
        "kind": "instance",
        "implementation": {"description": "tidbok, the booking page's store"},
        "software": {"name": "tidbok", "version": env!("CARGO_PKG_VERSION")},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "resource": resources,
            "interaction": [{"code": "transaction"}],
        }],
    })
}

fn resource(kind: &str) -> Value {
    let parameters = parameters_of(kind).map(|(name, comparison)| {
        let kind = match comparison {
            Comparison::Token => "token",
            Comparison::Reference => "reference",
            Comparison::Moment => "date",
        };
        json!({"name": name, "type": kind})
    });
    let common = [("_id", "token"), ("_lastUpdated", "date")];
    let common = common.map(|(name, kind)| json!({"name": name, "type": kind}));
    let interactions = ["read", "create", "update", "delete", "search-type"];
    json!({
        "type": kind,
        "interaction": interactions.map(|code| json!({"code": code})),
        "versioning": "versioned-update",
        "updateCreate": true,
        "conditionalCreate": true,
        "searchParam": common.into_iter().chain(parameters).collect::<Vec<_>>(),
    })
}
