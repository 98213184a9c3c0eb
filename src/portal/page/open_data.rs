//! The published times as open data, for whoever gathers them: SMART Scheduling Links (0.1.0, FHIR
//! 4.0.1). A manifest names files of one JSON a line; each time has a link that leads to booking it.
//! Only where the portal's file says under which address the page is reached.
//!
//! Scripts of any site may read them, as the specification recommends, and whoever has a file is told so
//! by its tag. The manifest has none: it tells when it was made, and the same files may hold other times.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::hexadecimal;
use crate::fhir::names;

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::Front;
use super::offer::{Book, Company, Offer, Service};
use super::times::Time;
use super::visit::Visit;
use super::way::Choice;

type Office = State<Arc<Front>>;

/// The link of a time that leads to booking it.
const DEEP_LINK: &str =
    "http://fhir-registry.smarthealthit.org/StructureDefinition/booking-deep-link";
/// What a schedule is of, as the specification names kinds of services.
const SERVICE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/service-type";
/// General dental.
const DENTAL: &str = "88";
/// The most times of one book and treatment in a file.
const MOST: usize = 10_000;
/// Scripts of any site may read it, and whoever gathers may take it for new for so many seconds.
const OPEN: [(HeaderName, &str); 2] =
    [(ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (CACHE_CONTROL, "public, max-age=60")];

/// What a file may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Locations,
    Schedules,
    /// Of a book.
    Slots(String),
}

impl Part {
    fn named(name: &str) -> Option<Self> {
        match name.strip_suffix(".ndjson")? {
            "locations" => Some(Self::Locations),
            "schedules" => Some(Self::Schedules),
            slots => Some(Self::Slots(slots.strip_prefix("slots-")?.to_owned())),
        }
    }
}

/// `$bulk-publish`: which files there are.
pub(super) async fn manifest(State(front): Office, visit: Visit) -> Response {
    let Some(host) = host(&visit) else { return StatusCode::NOT_FOUND.into_response() };
    let address = format!("{host}{}", visit.address("", &[]));
    let offer = match front.look(&visit, Offer::of).await {
        Ok(offer) => offer,
        Err(refusal) => return refusal.status().into_response(),
    };
    let file = |kind: &str, name: &str| json!({"type": kind, "url": format!("{address}/open/{name}.ndjson")});
    let slots = open_books(&offer).map(|(book, _)| file("Slot", &format!("slots-{}", book.id)));
    let output = [file("Location", "locations"), file("Schedule", "schedules")];
    let manifest = json!({
        "transactionTime": moment(front.now()),
        "request": format!("{address}/$bulk-publish"),
        "output": output.into_iter().chain(slots).collect::<Vec<_>>(),
        "error": [],
    });
    ([(CONTENT_TYPE, "application/json")], OPEN, manifest.to_string()).into_response()
}

/// One of the files.
pub(super) async fn file(
    State(front): Office,
    visit: Visit,
    Path((_, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (Some(host), Some(part)) = (host(&visit), Part::named(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A link says the whole way, so that others near it can be offered once the time is gone.
    let own = visit.clone();
    let link = move |choice: Choice| format!("{host}{}", choice.look(&own));
    match front.look(&visit, move |desk| lines(desk, &part, link)).await {
        Ok(lines) => {
            let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let tag = format!("\"{}\"", hexadecimal(&Sha256::digest(&text)[..16]));
            if has(&headers, &tag) {
                return (StatusCode::NOT_MODIFIED, [(ETAG, tag)], OPEN).into_response();
            }
            let kind = [(CONTENT_TYPE, "application/fhir+ndjson")];
            (kind, [(ETAG, tag)], OPEN, text).into_response()
        }
        Err(refusal) => refusal.status().into_response(),
    }
}

/// Where browsers reach the portal, as its file has it.
fn host(visit: &Visit) -> Option<String> {
    visit.page.address.as_deref().map(|address| address.trim_end_matches('/').to_owned())
}

fn lines(
    desk: &Desk<'_>,
    part: &Part,
    link: impl Fn(Choice) -> String,
) -> Result<Vec<Value>, Refusal> {
    let offer = Offer::of(desk)?;
    match part {
        Part::Locations => Ok(offer.companies.iter().map(location).collect()),
        Part::Schedules => Ok(open_books(&offer).map(|(book, at)| schedule(book, at)).collect()),
        Part::Slots(id) => {
            let (book, company) =
                open_books(&offer).find(|(it, _)| it.id == *id).ok_or(Refusal::NotFound)?;
            let ever = (DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC);
            let times = offer.free_times(desk, book, ever, MOST)?;
            let line = |(time, service): &(Time, &Service)| {
                slot(time, &service.name, &link(Choice::of(time, company, service)))
            };
            Ok(times.iter().map(line).collect())
        }
    }
}

/// The books of companies that are not paused (R10).
fn open_books(offer: &Offer) -> impl Iterator<Item = (&Book, &Company)> {
    offer.books.iter().filter_map(|book| Some((book, offer.company(&book.company)?)))
}

fn location(company: &Company) -> Value {
    let reached = [("phone", &company.phone), ("email", &company.email)];
    let telecom: Vec<Value> = reached
        .into_iter()
        .filter_map(|(system, value)| Some(json!({"system": system, "value": value.as_ref()?})))
        .collect();
    let mut location = json!({
        "resourceType": "Location",
        "id": company.id,
        "name": company.name,
    });
    // FHIR has no empty lists.
    if let (Some(object), false) = (location.as_object_mut(), telecom.is_empty()) {
        object.insert("telecom".to_owned(), telecom.into());
    }
    if let (Some(object), Some(text)) = (location.as_object_mut(), &company.address) {
        object.insert("address".to_owned(), json!({"text": text}));
    }
    location
}

fn schedule(book: &Book, company: &Company) -> Value {
    json!({
        "resourceType": "Schedule",
        "id": book.id,
        "serviceType": [{"coding": [{
            "system": SERVICE_TYPE,
            "code": DENTAL,
            "display": "General Dental",
        }]}],
        "actor": [
            {"reference": format!("Location/{}", company.id)},
            {"display": book.practitioner},
        ],
    })
}

fn slot(time: &Time, treatment: &str, link: &str) -> Value {
    json!({
        "resourceType": "Slot",
        "id": time.slot,
        "extension": [{"url": DEEP_LINK, "valueUrl": link}],
        "serviceType": [{"coding": [{"system": names::TEMPLATE, "code": time.service}], "text": treatment}],
        "schedule": {"reference": format!("Schedule/{}", time.book)},
        "status": "free",
        "start": time.start.to_rfc3339(),
        "end": time.end.to_rfc3339(),
    })
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Whether whoever asks says that they have what a tag names.
fn has(headers: &HeaderMap, tag: &str) -> bool {
    let named = headers.get_all(IF_NONE_MATCH).iter().filter_map(|named| named.to_str().ok());
    named.flat_map(|named| named.split(',')).any(|named| {
        let named = named.trim();
        named == "*" || named.strip_prefix("W/").unwrap_or(named) == tag
    })
}
