//! Speaking FHIR over HTTP to the other end. What is asked and answered reaches no log; errors say what
//! went wrong and not what was sent.

use axum::http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, LOCATION,
};
use axum::http::request::Builder;
use axum::http::{Method, Request, StatusCode};
use chrono::{DateTime, Utc};
use reqwest::Url;
use serde_json::Value;
use thiserror::Error;

use super::probe::Flaw;
use super::transport::{Reply, Transport};
use crate::fhir::{Bundle, BundleKind, Entry, EntryResponse, Meta, Resource, etag, version_of};

/// What is sent and asked for.
const FHIR_JSON: &str = "application/fhir+json";
/// Resources a page of a search.
const PAGE: usize = 500;
/// The most pages that are followed.
const MOST_PAGES: usize = 10_000;

/// Why the other end did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WireError {
    #[error("the booking page's server can't be reached: check its name, port and network")]
    Unreachable,
    #[error("the booking page's server did not answer in time")]
    TimedOut,
    #[error("the connection to the booking page's server is not trusted: check its certificate")]
    NotTrusted,
    #[error(
        "the booking page's server does not take the token or certificate: check it at both ends"
    )]
    Unauthorized,
    /// 400, 409 or 412 on something conditional: it may be that somebody was first.
    #[error("the booking page's server has something else stored than was expected")]
    Conflict,
    #[error("the booking page's server answered {0}")]
    Refused(u16),
    #[error("the booking page's server answered something that is not FHIR R4")]
    NotFhir,
    /// What was answered is whole, and not the resource that was asked for.
    #[error("the booking page's server has something that is not the resource it should be")]
    NotThat,
    #[error("the booking page's server points to another server, which is not followed")]
    Elsewhere,
    #[error("the booking page's server fails the probe and is not used: {0}")]
    Unfit(Flaw),
}

impl WireError {
    /// Whether it is about what was sent, and may not be about the next thing that is.
    pub(super) fn is_of_content(&self) -> bool {
        match self {
            Self::Conflict => true,
            // 429 asks for less of everything.
            Self::Refused(status) => (400..500).contains(status) && *status != 429,
            _ => false,
        }
    }
}

/// A bearer token. Never shown.
#[derive(Clone)]
pub struct BearerToken(HeaderValue);

impl BearerToken {
    /// The token of that text; `None` where it has blanks in it, or other characters than ASCII's, which
    /// the other end could not read.
    pub fn new(text: &str) -> Option<Self> {
        let readable = |text: &&str| text.chars().all(|letter| letter.is_ascii_graphic());
        let text = Some(text.trim()).filter(readable)?;
        let mut value = HeaderValue::from_str(&format!("Bearer {text}")).ok()?;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

/// The other end, by whatever carries requests there.
pub struct Wire {
    transport: Box<dyn Transport>,
    base: Url,
    token: Option<BearerToken>,
}

/// A resource with the version under which it is stored.
#[derive(Clone)]
pub struct Versioned {
    pub value: Value,
    pub version: String,
    /// By the other end's clock; servers need not tell.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Versioned {
    /// Its id.
    pub fn id(&self) -> &str {
        self.value.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    fn of(value: Value) -> Result<Self, WireError> {
        let meta = value.get("meta").cloned().unwrap_or_default();
        let meta: Meta = serde_json::from_value(meta).map_err(|_| WireError::NotFhir)?;
        let version = meta.version_id.ok_or(WireError::NotFhir)?;
        let updated_at = meta.last_updated.and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
        Ok(Self { value, version, updated_at: updated_at.map(|at| at.to_utc()) })
    }
}

impl Wire {
    /// The FHIR server at an address such as `https://bokning.example.se/fhir/mitt`; no token where
    /// the transport shows a certificate instead.
    pub fn new(
        transport: Box<dyn Transport>,
        base: &Url,
        token: impl Into<Option<BearerToken>>,
    ) -> Self {
        let token = token.into();
        let mut base = base.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Self { transport, base, token }
    }

    fn address(&self, path: &str) -> Result<Url, WireError> {
        self.base.join(path).map_err(|_| WireError::Elsewhere)
    }

    fn request(&self, method: Method, address: &Url) -> Result<Builder, WireError> {
        if address.origin() != self.base.origin() {
            return Err(WireError::Elsewhere);
        }
        let mut request = Request::builder().method(method).uri(address.as_str());
        if let Some(BearerToken(token)) = &self.token {
            request = request.header(AUTHORIZATION, token.clone());
        }
        Ok(request.header("Prefer", "handling=strict").header(ACCEPT, FHIR_JSON))
    }

    async fn send(&self, request: Builder, body: String) -> Result<Reply, WireError> {
        let request = request.body(body.into()).map_err(|_| WireError::Elsewhere)?;
        self.transport.send(request).await
    }

    async fn fetch(&self, address: &Url) -> Result<Reply, WireError> {
        self.send(self.request(Method::GET, address)?, String::new()).await
    }

    /// A resource; `None` where it is not there.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn get(&self, kind: &str, id: &str) -> Result<Option<Versioned>, WireError> {
        let address = self.address(&format!("{kind}/{id}"))?;
        let response = self.fetch(&address).await?;
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
            status if status.is_success() => Ok(Some(Versioned::of(json(&response)?)?)),
            status => Err(refused(status)),
        }
    }

    /// Stores a resource under its id, where the version is still this one; answers with the new one.
    ///
    /// # Errors
    /// [`WireError::Conflict`] where it may be that somebody was first.
    pub async fn put(
        &self,
        kind: &str,
        id: &str,
        value: &Value,
        version: Option<&str>,
    ) -> Result<String, WireError> {
        let mut request = self.request(Method::PUT, &self.address(&format!("{kind}/{id}"))?)?;
        request = request.header(CONTENT_TYPE, FHIR_JSON);
        if let Some(version) = version {
            request = request.header(IF_MATCH, etag(version));
        }
        let response = self.send(request, value.to_string()).await?;
        if !response.status().is_success() {
            return Err(refused(response.status()));
        }
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
        if let Some(version) = tag.and_then(version_of) {
            return Ok(version.to_owned());
        }
        Ok(Versioned::of(json(&response)?)?.version)
    }

    /// Stores a new resource, unless a search finds it already; answers with its id.
    ///
    /// # Errors
    /// [`WireError`].
    pub(super) async fn create(
        &self,
        kind: &str,
        value: &Value,
        condition: &str,
    ) -> Result<String, WireError> {
        let request = self.request(Method::POST, &self.address(kind)?)?;
        let request = request.header(CONTENT_TYPE, FHIR_JSON).header("If-None-Exist", condition);
        let request = request.header("Prefer", "return=representation");
        let response = self.send(request, value.to_string()).await?;
        if !response.status().is_success() {
            return Err(refused(response.status()));
        }
        if let Some(id) = json(&response).ok().as_ref().and_then(|it| it.get("id")?.as_str()) {
            return Ok(id.to_owned());
        }
        // Not every server sends the resource back: its address says its id, too.
        let place = response.headers().get(LOCATION).and_then(|place| place.to_str().ok());
        let after = place.and_then(|place| place.split(&format!("{kind}/")).nth(1));
        let id = after.and_then(|after| after.split('/').next()).filter(|id| !id.is_empty());
        id.map(str::to_owned).ok_or(WireError::NotFhir)
    }

    /// Removes a resource; one that is not there is as good.
    ///
    /// # Errors
    /// [`WireError`].
    pub(super) async fn delete(&self, kind: &str, id: &str) -> Result<(), WireError> {
        let address = self.address(&format!("{kind}/{id}"))?;
        let response = self.send(self.request(Method::DELETE, &address)?, String::new()).await?;
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(()),
            status if status.is_success() => Ok(()),
            status => Err(refused(status)),
        }
    }

    /// What the server says that it can.
    ///
    /// # Errors
    /// [`WireError`].
    pub(super) async fn capabilities(&self) -> Result<Value, WireError> {
        let address = self.address("metadata")?;
        let response = self.fetch(&address).await?;
        match response.status() {
            status if status.is_success() => json(&response),
            StatusCode::NOT_FOUND => Err(WireError::NotFhir),
            status => Err(refused(status)),
        }
    }

    /// Whether a search is refused as one that makes no sense.
    ///
    /// # Errors
    /// [`WireError`].
    pub(super) async fn refuses(&self, search: &str) -> Result<bool, WireError> {
        let address = self.address(search)?;
        let response = self.fetch(&address).await?;
        match response.status() {
            status if status.is_success() => Ok(false),
            status => match refused(status) {
                WireError::Conflict => Ok(true),
                error => Err(error),
            },
        }
    }

    /// Everything that a search finds, page by page.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn search(&self, kind: &str, query: &str) -> Result<Vec<Versioned>, WireError> {
        let mut found = Vec::new();
        let first = format!("{kind}?{query}&_count={PAGE}");
        let mut next = Some(self.address(&first)?);
        for _ in 0..MOST_PAGES {
            let Some(address) = next.take() else { return Ok(found) };
            let response = self.fetch(&address).await?;
            if !response.status().is_success() {
                return Err(refused(response.status()));
            }
            let bundle = json(&response)?;
            let bundle = Bundle::from_value(bundle).map_err(|_| WireError::NotFhir)?;
            next = match bundle.next() {
                Some(link) => Some(self.address(link)?),
                None => None,
            };
            for entry in bundle.entry.into_iter().filter(Entry::is_found) {
                if let Some(value) = entry.resource {
                    found.push(Versioned::of(value)?);
                }
            }
        }
        Err(WireError::NotFhir)
    }

    /// Carries entries out together; answers with what came of each.
    ///
    /// # Errors
    /// [`WireError::Conflict`] where it may be that somebody was first: nothing was done then.
    pub async fn transaction(&self, entries: Vec<Entry>) -> Result<Vec<EntryResponse>, WireError> {
        let count = entries.len();
        let bundle = Bundle::new(BundleKind::Transaction, entries);
        let body = bundle.to_value().map_err(|_| WireError::NotFhir)?.to_string();
        let request = self.request(Method::POST, &self.root())?;
        let request = request.header(CONTENT_TYPE, FHIR_JSON);
        let response = self.send(request, body).await?;
        if !response.status().is_success() {
            return Err(refused(response.status()));
        }
        let bundle = json(&response)?;
        let bundle = Bundle::from_value(bundle).map_err(|_| WireError::NotFhir)?;
        let answers: Vec<_> = bundle.entry.into_iter().filter_map(|it| it.response).collect();
        if answers.len() == count { Ok(answers) } else { Err(WireError::NotFhir) }
    }

    /// The address that transactions go to: some servers do not take it with a slash at its end.
    fn root(&self) -> Url {
        let mut root = self.base.clone();
        root.set_path(self.base.path().trim_end_matches('/'));
        root
    }

    /// A resource of a kind, or what is not one.
    ///
    /// # Errors
    /// [`WireError::NotThat`] where it is of another kind, or lacks what it must have.
    pub async fn read<R: Resource>(&self, id: &str) -> Result<Option<(R, String)>, WireError> {
        let Some(found) = self.get(R::KIND, id).await? else { return Ok(None) };
        let resource = R::from_value(found.value).map_err(|_| WireError::NotThat)?;
        Ok(Some((resource, found.version)))
    }

    /// The same, where what is not one is as good as not there.
    ///
    /// # Errors
    /// What the wire meets.
    pub(super) async fn find<R: Resource>(
        &self,
        id: &str,
    ) -> Result<Option<(R, String)>, WireError> {
        match self.read(id).await {
            Err(WireError::NotThat) => Ok(None),
            read => read,
        }
    }
}

fn json(response: &Reply) -> Result<Value, WireError> {
    serde_json::from_slice(response.body()).map_err(|_| WireError::NotFhir)
}

fn refused(status: StatusCode) -> WireError {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => WireError::Unauthorized,
        StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => {
            WireError::Conflict
        }
        status => WireError::Refused(status.as_u16()),
    }
}
