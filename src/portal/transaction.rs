//! Bundles: several changes, of which all are made or none. Removals come first, then what is stored
//! under its id, then what is new, patients before the wishes that name them.

use std::collections::HashMap;

use serde_json::Value;

use super::desk::Desk;
use super::refusal::Refusal;
use super::search::{Handling, Search};
use super::shelf::{Stored, Written};
use crate::fhir::{
    Bundle, BundleKind, Entry, EntryRequest, EntryResponse, Method, Patient, Resource,
};

/// The most entries of a bundle.
const MOST_ENTRIES: usize = 2000;

/// Carries a transaction out.
///
/// # Errors
/// The first refusal; the caller then rolls everything back.
pub fn run(desk: &mut Desk<'_>, bundle: Bundle) -> Result<Bundle, Refusal> {
    if bundle.kind != BundleKind::Transaction {
        return Err(Refusal::Invalid("only bundles of type transaction are taken"));
    }
    if bundle.entry.len() > MOST_ENTRIES {
        return Err(Refusal::Invalid("a bundle has at most 2000 entries"));
    }
    let mut steps = Vec::new();
    for (at, entry) in bundle.entry.into_iter().enumerate() {
        steps.push(Step::read(at, entry)?);
    }
    steps.sort_by_key(|step| (step.turn(), step.at));
    let mut given = HashMap::new();
    let mut answers: Vec<(usize, EntryResponse)> = Vec::new();
    for mut step in steps {
        if let Some(resource) = &mut step.resource {
            resolve(resource, &given);
        }
        let at = step.at;
        let name = step.full_url.take();
        let (answer, stored) = step.run(desk)?;
        if let (Some(name), Some(stored)) = (name, stored) {
            given.insert(name, stored);
        }
        answers.push((at, answer));
    }
    answers.sort_by_key(|(at, _)| *at);
    let entries = answers
        .into_iter()
        .map(|(_, response)| Entry { response: Some(response), ..Entry::default() });
    Ok(Bundle::new(BundleKind::TransactionResponse, entries.collect()))
}

/// An entry to carry out.
struct Step {
    at: usize,
    full_url: Option<String>,
    kind: String,
    id: Option<String>,
    resource: Option<Value>,
    request: EntryRequest,
}

/// Conditions that FHIR knows and that are not looked at here.
const UNMET: [&str; 2] = ["ifNoneMatch", "ifModifiedSince"];

impl Step {
    fn read(at: usize, entry: Entry) -> Result<Self, Refusal> {
        let request = entry.request.ok_or(Refusal::Invalid("an entry has a request"))?;
        // What is asked on a condition must not be done without it.
        if UNMET.iter().any(|condition| request.others.contains_key(*condition)) {
            return Err(Refusal::Invalid("an entry's conditions are ifMatch and ifNoneExist"));
        }
        let mut parts = request.url.trim_start_matches('/').splitn(2, '/');
        let kind = parts.next().unwrap_or_default().to_owned();
        let id = parts.next().map(str::to_owned);
        Ok(Self { at, full_url: entry.full_url, kind, id, resource: entry.resource, request })
    }

    fn turn(&self) -> u8 {
        match self.request.method {
            Method::Delete => 0,
            Method::Put => 1,
            Method::Post if self.kind == Patient::KIND => 2,
            _ => 3,
        }
    }

    /// Its answer, and `Kind/id` of what it stored.
    fn run(self, desk: &mut Desk<'_>) -> Result<(EntryResponse, Option<String>), Refusal> {
        const NO_RESOURCE: Refusal = Refusal::Invalid("an entry that stores has a resource");
        const NO_ID: Refusal = Refusal::Invalid("an entry's url has a type and an id");
        let kind = &self.kind;
        match self.request.method {
            Method::Delete => {
                let if_match = self.request.if_match.as_deref();
                desk.delete(kind, self.id.as_deref().ok_or(NO_ID)?, if_match)?;
                let status = "204".to_owned();
                Ok((EntryResponse { status, ..EntryResponse::default() }, None))
            }
            Method::Put => {
                let id = self.id.as_deref().ok_or(NO_ID)?;
                let resource = self.resource.ok_or(NO_RESOURCE)?;
                let if_match = self.request.if_match.as_deref();
                let (stored, written) = desk.put(kind, id, resource, if_match)?;
                let status = if written == Written::Created { "201" } else { "200" };
                Ok(answered(kind, &stored, status))
            }
            Method::Post => {
                let resource = self.resource.ok_or(NO_RESOURCE)?;
                let condition = self.request.if_none_exist.as_deref();
                let (stored, status) = match already(desk, kind, condition)? {
                    Some(found) => (found, "200"),
                    None => (desk.create(kind, resource)?, "201"),
                };
                Ok(answered(kind, &stored, status))
            }
            Method::Get | Method::Head | Method::Patch => {
                Err(Refusal::Invalid("an entry's method is POST, PUT or DELETE"))
            }
        }
    }
}

/// The one resource that a condition finds.
///
/// # Errors
/// [`Refusal::Ambiguous`] where it finds several.
pub fn already(
    desk: &Desk<'_>,
    kind: &str,
    condition: Option<&str>,
) -> Result<Option<Stored>, Refusal> {
    let Some(condition) = condition else { return Ok(None) };
    let condition = condition.rsplit('?').next().unwrap_or_default();
    let pairs: Vec<_> = form_urlencoded::parse(condition.as_bytes()).collect();
    if pairs.is_empty() {
        return Err(Refusal::Invalid("If-None-Exist is a search"));
    }
    let pairs = pairs.iter().map(|(name, value)| (&**name, &**value));
    let search = Search::parse(kind, pairs, Handling::Strict)?;
    let mut found = desk.search(kind, search)?.found;
    match found.len() {
        0 => Ok(None),
        1 => Ok(found.pop()),
        _ => Err(Refusal::Ambiguous),
    }
}

fn answered(kind: &str, stored: &Stored, status: &str) -> (EntryResponse, Option<String>) {
    let name = format!("{kind}/{}", stored.id);
    let updated = stored.value["meta"]["lastUpdated"].as_str().map(str::to_owned);
    let response = EntryResponse {
        status: status.to_owned(),
        location: Some(format!("{name}/_history/{}", stored.version)),
        etag: Some(stored.etag()),
        last_modified: updated,
        ..EntryResponse::default()
    };
    (response, Some(name))
}

/// Puts the names that resources were given in the place of those that the bundle calls them by.
fn resolve(value: &mut Value, given: &HashMap<String, String>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                match inner {
                    Value::String(text) if key == "reference" => {
                        if let Some(name) = given.get(text) {
                            name.clone_into(text);
                        }
                    }
                    _ => resolve(inner, given),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| resolve(item, given)),
        _ => {}
    }
}
