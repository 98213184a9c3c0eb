//! HTTP: addresses, tokens, headers. What is asked is read here and done by the desk; nothing of it
//! reaches a log.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, MatchedPath, Path, RawQuery, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, LAST_MODIFIED, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::Clock;
use super::access::{Access, Granted};
use super::caller::offered;
use super::capabilities;
use super::database::Database;
use super::desk::{Around, Desk, Purpose, Role};
use super::journal::{Event, Journal};
use super::page::Offers;
use super::refusal::{Cause, FHIR_JSON, Refusal};
use super::search::{Handling, Page, Search};
use super::shelf::{Shelf, Stored, Written};
use super::transaction;
use crate::fhir::{Bundle, Resource};

/// What every request needs.
pub(super) struct Shared {
    pub database: Database,
    pub access: Access,
    pub clock: Clock,
    pub journal: Journal,
    /// Notified whenever a booking page has changed something.
    pub page_heard: Arc<Notify>,
    offers: Arc<Offers>,
}

type Office = State<Arc<Shared>>;

/// Every address there is.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/health", get(|| async { "ok\n" }))
        .route("/fhir/{clinic}", any(root))
        .route("/fhir/{clinic}/", any(root))
        .route("/fhir/{clinic}/metadata", get(metadata))
        .route("/fhir/{clinic}/{kind}", any(kind))
        .route("/fhir/{clinic}/{kind}/{id}", any(resource))
        .with_state(shared)
}

impl Shared {
    pub fn new(database: Database, access: Access, clock: Clock, journal: Journal) -> Self {
        let (page_heard, offers) = (Arc::default(), Arc::default());
        Self { database, access, clock, journal, page_heard, offers }
    }

    /// Looks at what the clinic that was granted has; changes nothing.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        granted: Granted,
        work: impl FnOnce(&Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let work = self.desk(granted, Purpose::Look, move |desk| work(desk));
        self.database.read(work).await
    }

    /// Does a piece of work at the desk of the clinic that was granted.
    pub(super) async fn at_desk<T: Send + 'static>(
        &self,
        granted: Granted,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let role = granted.role;
        let done = self.database.write(self.desk(granted, Purpose::Change, work)).await;
        if role == Role::Page {
            self.page_heard.notify_one();
        }
        done
    }

    /// The work with the desk that it is done at.
    fn desk<T>(
        &self,
        Granted { clinic, role }: Granted,
        purpose: Purpose,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> impl FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static {
        let (silence, key) = (self.access.silence, self.access.key.clone());
        let (now, offers) = ((self.clock)(), Arc::clone(&self.offers));
        move |transaction| {
            let shelf = Shelf { transaction, clinic: &clinic, now };
            let around = Around { silence, key: &key, offers: &offers };
            work(&mut Desk::open(shelf, role, purpose, around)?)
        }
    }
}

/// Tells in the journal where a request was answered that something is wrong on our side: by the route's
/// pattern, since the address itself may name anything.
pub(super) async fn journalled(State(shared): Office, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    if response.status().is_server_error() {
        let event = Event::Trouble {
            route: route.as_ref().map_or("no address of ours", MatchedPath::as_str),
            status: response.status().as_u16(),
            cause: response.extensions().get::<Cause>().map(|cause| cause.0),
        };
        shared.journal.note(event, (shared.clock)());
    }
    response
}

/// The clinic that an address is of.
#[derive(Deserialize)]
struct OfClinic {
    clinic: String,
}

/// Whoever asks is let in before anything of a body is read: it takes room, and nobody else has a claim
/// to that.
impl FromRequestParts<Arc<Shared>> for Granted {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Refusal> {
        let of = Path::<OfClinic>::from_request_parts(parts, shared).await;
        let Path(OfClinic { clinic }) = of.map_err(|_| Refusal::Unauthorized)?;
        shared.access.granted(&clinic, &offered(parts)).ok_or(Refusal::Unauthorized)
    }
}

async fn metadata(_: Granted) -> Response {
    answer(StatusCode::OK, &capabilities::statement())
}

/// A transaction.
async fn root(
    State(shared): Office,
    granted: Granted,
    method: Method,
    body: Bytes,
) -> Result<Response, Refusal> {
    if method != Method::POST {
        return Err(Refusal::Invalid("a transaction is POSTed here"));
    }
    let bundle = Bundle::from_value(resource_in(&body)?)?;
    let answered = shared.at_desk(granted, |desk| transaction::run(desk, bundle)).await?;
    let value = answered.to_value().map_err(|_| Refusal::BrokenOff)?;
    Ok(answer(StatusCode::OK, &value))
}

/// A search of a type, or a new resource of it.
async fn kind(
    State(shared): Office,
    granted: Granted,
    Path((_, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    match method {
        Method::GET => {
            let query = query.unwrap_or_default();
            search(&shared, granted, kind, query, handling(&headers)).await
        }
        Method::POST => {
            let value = resource_in(&body)?;
            let condition = header(&headers, "if-none-exist")?;
            let (stored, status) = shared
                .at_desk(granted, {
                    let kind = kind.clone();
                    move |desk| match transaction::already(desk, &kind, condition.as_deref())? {
                        Some(found) => Ok((found, StatusCode::OK)),
                        None => Ok((desk.create(&kind, value)?, StatusCode::CREATED)),
                    }
                })
                .await?;
            Ok(stored_answer(status, &kind, &stored))
        }
        _ => Err(Refusal::Invalid("a type is searched with GET and added to with POST")),
    }
}

/// One resource; or a search whose parameters come as a form, so that no address holds them.
async fn resource(
    State(shared): Office,
    granted: Granted,
    Path((_, kind, id)): Path<(String, String, String)>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    if id == "_search" && method == Method::POST {
        let query = String::from_utf8(body.to_vec())
            .map_err(|_| Refusal::Invalid("a search is a form in UTF-8"))?;
        return search(&shared, granted, kind, query, handling(&headers)).await;
    }
    match method {
        Method::GET => {
            let stored = shared
                .look(granted, {
                    let kind = kind.clone();
                    move |desk| desk.read(&kind, &id)
                })
                .await?;
            Ok(stored_answer(StatusCode::OK, &kind, &stored))
        }
        Method::PUT => {
            let value = resource_in(&body)?;
            let if_match = header(&headers, IF_MATCH.as_str())?;
            let (stored, written) = shared
                .at_desk(granted, {
                    let kind = kind.clone();
                    move |desk| desk.put(&kind, &id, value, if_match.as_deref())
                })
                .await?;
            let created = written == Written::Created;
            let status = if created { StatusCode::CREATED } else { StatusCode::OK };
            Ok(stored_answer(status, &kind, &stored))
        }
        Method::DELETE => {
            let if_match = header(&headers, IF_MATCH.as_str())?;
            let work = move |desk: &mut Desk<'_>| desk.delete(&kind, &id, if_match.as_deref());
            shared.at_desk(granted, work).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(Refusal::Invalid("a resource takes GET, PUT and DELETE")),
    }
}

async fn search(
    shared: &Shared,
    granted: Granted,
    kind: String,
    query: String,
    handling: Handling,
) -> Result<Response, Refusal> {
    let clinic = granted.clinic.clone();
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let search = Search::parse(
        &kind,
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())),
        handling,
    )?;
    let (page, news) = shared
        .look(granted.clone(), {
            let kind = kind.clone();
            move |desk| Ok((desk.search(&kind, search)?, desk.is_news(&kind)?))
        })
        .await?;
    if news {
        shared.at_desk(granted, |desk| desk.hear()).await?;
    }
    Ok(answer(StatusCode::OK, &found(&clinic, &kind, &pairs, page)))
}

/// A page as a bundle, with links to itself and the next. They are relative to the server: only the
/// client knows by which name it was reached.
fn found(clinic: &str, kind: &str, pairs: &[(String, String)], page: Page) -> Value {
    let address = |after: Option<&str>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.iter().filter(|(name, _)| after.is_none() || name != "_after"));
        if let Some(after) = after {
            query.append_pair("_after", after);
        }
        format!("/fhir/{clinic}/{kind}?{}", query.finish())
    };
    let mut links = vec![json!({"relation": "self", "url": address(None)})];
    if let Some(after) = &page.next {
        links.push(json!({"relation": "next", "url": address(Some(after))}));
    }
    let entries: Vec<Value> = page
        .found
        .into_iter()
        .map(|stored| {
            json!({
                "fullUrl": format!("/fhir/{clinic}/{kind}/{}", stored.id),
                "resource": stored.value,
                "search": {"mode": "match"},
            })
        })
        .collect();
    let mut bundle = json!({"resourceType": "Bundle", "type": "searchset", "link": links});
    // FHIR has no empty lists.
    if let (Some(object), false) = (bundle.as_object_mut(), entries.is_empty()) {
        object.insert("entry".to_owned(), entries.into());
    }
    bundle
}

fn handling(headers: &HeaderMap) -> Handling {
    let preferred = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let lenient = preferred
        .flat_map(|value| value.split([',', ';']))
        .any(|part| part.trim() == "handling=lenient");
    if lenient { Handling::Lenient } else { Handling::Strict }
}

fn header(headers: &HeaderMap, name: &str) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Refusal::Invalid("a header is not text"))?;
    Ok(Some(text.to_owned()))
}

fn resource_in(body: &Bytes) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::Invalid("what came is not JSON"))
}

/// What is answered may be personal: it is kept nowhere on the way.
fn answer(status: StatusCode, value: &Value) -> Response {
    let headers = [(CONTENT_TYPE, FHIR_JSON), (CACHE_CONTROL, "no-store")];
    (status, headers, value.to_string()).into_response()
}

fn stored_answer(status: StatusCode, kind: &str, stored: &Stored) -> Response {
    let mut response = answer(status, &stored.value);
    let place = format!("{kind}/{}/_history/{}", stored.id, stored.version);
    let updated = stored.updated_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for (name, text) in [(ETAG, stored.etag()), (LOCATION, place), (LAST_MODIFIED, updated)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
