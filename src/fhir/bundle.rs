//! Bundles: a transaction of several changes, the answer to it, and a page of what a search found.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::elements::{CodeableConcept, Others};

/// What a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BundleKind {
    Transaction,
    TransactionResponse,
    Batch,
    BatchResponse,
    Searchset,
    History,
    Collection,
    Document,
    Message,
}

/// Several resources in one document.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle {
    #[serde(rename = "type")]
    pub kind: BundleKind,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub link: Vec<Link>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<Entry>,
    #[serde(flatten)]
    pub others: Others,
}

impl Bundle {
    /// A bundle of a kind.
    pub fn new(kind: BundleKind, entry: Vec<Entry>) -> Self {
        Self { kind, link: Vec::new(), entry, others: Others::new() }
    }

    /// Where the next page of a search is, if there is one.
    pub fn next(&self) -> Option<&str> {
        let next = self.link.iter().find(|link| link.relation == "next");
        next.map(|link| link.url.as_str())
    }
}

/// Where else to look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub relation: String,
    pub url: String,
    #[serde(flatten)]
    pub others: Others,
}

/// One resource of a bundle, with what is asked to be done with it or was answered.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_url: Option<String>,
    /// A resource as it came: read as what is expected of it, and set aside where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<EntrySearch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<EntryRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<EntryResponse>,
    #[serde(flatten)]
    pub others: Others,
}

impl Entry {
    /// A change to ask for.
    pub fn asking(request: EntryRequest, resource: Option<Value>) -> Self {
        Self { request: Some(request), resource, ..Self::default() }
    }

    /// Whether a search found it, rather than added it as a remark.
    pub fn is_found(&self) -> bool {
        let mode = self.search.as_ref().and_then(|search| search.mode.as_deref());
        mode.is_none_or(|mode| mode != "outcome")
    }
}

/// Why an entry is in a search's answer: `match`, `include` or `outcome`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrySearch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

/// How an entry of a transaction changes what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
    Patch,
}

/// What an entry of a transaction asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryRequest {
    pub method: Method,
    /// Relative to the server's address, such as `Slot/0a1b`.
    pub url: String,
    /// Only where that version is the stored one: `W/"3"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_match: Option<String>,
    /// Only where this search finds nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_none_exist: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

impl EntryRequest {
    /// Stores a resource under its id.
    pub fn put(url: String, if_match: Option<String>) -> Self {
        Self { method: Method::Put, url, if_match, if_none_exist: None, others: Others::new() }
    }

    /// Removes a resource, where that version is still the stored one.
    pub fn delete(url: String, if_match: Option<String>) -> Self {
        Self { method: Method::Delete, url, if_match, if_none_exist: None, others: Others::new() }
    }
}

/// What came of an entry of a transaction.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryResponse {
    /// `201 Created` and the like; the number is what counts.
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The version that is stored now: `W/"4"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Value>,
    #[serde(flatten)]
    pub others: Others,
}

/// The version in an entity tag: `W/"4"` is `4`.
pub fn version_of(etag: &str) -> Option<&str> {
    let quoted = etag.strip_prefix("W/").unwrap_or(etag);
    quoted.strip_prefix('"')?.strip_suffix('"').filter(|version| !version.is_empty())
}

/// The entity tag of a version.
pub fn etag(version: &str) -> String {
    format!("W/\"{version}\"")
}

/// What a server has to say of a request: why it refused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationOutcome {
    #[serde(default)]
    pub issue: Vec<Issue>,
    #[serde(flatten)]
    pub others: Others,
}

/// One thing that a server has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// `fatal`, `error`, `warning` or `information`.
    pub severity: String,
    /// `conflict`, `invalid`, `not-found` and the like.
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

impl OperationOutcome {
    /// One error with what is wrong and what to do.
    pub fn error(code: &str, text: impl Into<String>) -> Self {
        let issue = Issue {
            severity: "error".to_owned(),
            code: code.to_owned(),
            details: None,
            diagnostics: Some(text.into()),
            others: Others::new(),
        };
        Self { issue: vec![issue], others: Others::new() }
    }
}
