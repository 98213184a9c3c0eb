//! A portal of its own for each test, and two who speak to it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tidbok::portal::{Access, HashKey, Journal, Pages, Portal, Token, Tokens};

pub const AGENT: &str = "agent-agent-agent-agent-1";
pub const PAGE: &str = "page-page-page-page-page-1";
const OTHER_AGENT: &str = "agent-agent-agent-agent-2";
const OTHER_PAGE: &str = "page-page-page-page-page-2";

/// A portal with two clinics, `mitt` and `nord`.
pub struct Running {
    address: String,
    _folder: tempfile::TempDir,
    client: Client,
}

/// Who asks, at a clinic.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    running: &'a Running,
    clinic: &'static str,
    token: &'static str,
}

/// What was answered.
pub struct Answer {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub body: Value,
}

impl Running {
    /// One whose agents may be silent for five minutes.
    pub async fn start() -> Self {
        Self::silent_for(TimeDelta::minutes(5)).await
    }

    pub async fn silent_for(silence: TimeDelta) -> Self {
        Self::with_pages(silence, Pages::default()).await
    }

    pub async fn with_pages(silence: TimeDelta, pages: Pages) -> Self {
        let token = |text| Token::new(text).expect("long enough");
        let tokens = |agent, page| Tokens { agent: token(agent), page: token(page) };
        let access = Access {
            clinics: BTreeMap::from([
                ("mitt".to_owned(), tokens(AGENT, PAGE)),
                ("nord".to_owned(), tokens(OTHER_AGENT, OTHER_PAGE)),
            ]),
            silence,
            key: HashKey::new(b"sixteen bytes or more".to_vec()).expect("long enough"),
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let loopback = ([127, 0, 0, 1], 0).into();
        let database = folder.path().join("portal.db");
        let portal = Portal::open(&database, loopback, access, pages, Journal::silent()).await;
        let portal = portal.expect("a portal");
        let address = format!("http://{}", portal.address());
        tokio::spawn(portal.run(std::future::pending()));
        Self { address, _folder: folder, client: Client::new() }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn agent(&self) -> Asker<'_> {
        Asker { running: self, clinic: "mitt", token: AGENT }
    }

    pub fn page(&self) -> Asker<'_> {
        Asker { running: self, clinic: "mitt", token: PAGE }
    }

    pub fn with(&self, clinic: &'static str, token: &'static str) -> Asker<'_> {
        Asker { running: self, clinic, token }
    }

    pub fn other_agent(&self) -> Asker<'_> {
        Asker { running: self, clinic: "nord", token: OTHER_AGENT }
    }
}

impl Asker<'_> {
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = match path.strip_prefix('/') {
            Some(_) => format!("{}{path}", self.running.address),
            None => format!("{}/fhir/{}/{path}", self.running.address, self.clinic),
        };
        self.running.client.request(method, address).bearer_auth(self.token)
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn put(&self, path: &str, resource: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(resource)).await
    }

    pub async fn put_if(&self, path: &str, etag: &str, resource: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).header("If-Match", etag).json(resource)).await
    }

    pub async fn post(&self, path: &str, resource: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(resource)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// The ids that a search finds, in order.
    pub async fn ids(&self, search: &str) -> Vec<String> {
        self.get(search).await.ids()
    }
}

impl Answer {
    async fn of(response: Response) -> Self {
        let status = response.status();
        let etag =
            response.headers().get("etag").and_then(|it| it.to_str().ok()).map(str::to_owned);
        let body = response.text().await.expect("text");
        let body =
            if body.is_empty() { Value::Null } else { serde_json::from_str(&body).expect("JSON") };
        Self { status, etag, body }
    }

    pub fn ids(&self) -> Vec<String> {
        assert_eq!(self.body["type"], "searchset", "{}", self.body);
        let entries = self.body["entry"].as_array().cloned().unwrap_or_default();
        entries.iter().map(|it| it["resource"]["id"].as_str().expect("an id").to_owned()).collect()
    }

    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id: {}", self.body)).to_owned()
    }

    /// What is told of a refusal.
    pub fn told(&self) -> String {
        assert_eq!(self.body["resourceType"], "OperationOutcome", "{}", self.body);
        self.body["issue"][0]["diagnostics"].as_str().expect("words").to_owned()
    }
}

/// A free slot on a day of November 2026, half an hour from `clock`.
pub fn slot(day: u32, clock: &str) -> Value {
    let (hour, minute) = clock.split_once(':').expect("a clock");
    let minute: u32 = minute.parse().expect("minutes");
    let end = if minute == 0 {
        format!("{hour}:30")
    } else {
        format!("{:02}:00", hour.parse::<u32>().expect("an hour") + 1)
    };
    json!({
        "resourceType": "Slot",
        "schedule": {"reference": "Schedule/ae"},
        "serviceType": [{"coding": [{"system": "urn:x-tidbok:booking-template", "code": "us30"}]}],
        "status": "free",
        "start": format!("2026-11-{day:02}T{clock}:00+01:00"),
        "end": format!("2026-11-{day:02}T{end}:00+01:00"),
    })
}

/// The same a hundred years on: a portal by the real clock ends wishes whose time has come.
pub fn slot_ahead(day: u32, clock: &str) -> Value {
    let mut slot = slot(day, clock);
    for key in ["start", "end"] {
        slot[key] = slot[key].as_str().expect("a time").replace("2026-", "2126-").into();
    }
    slot
}

/// A patient with a test personnummer.
pub fn patient() -> Value {
    json!({
        "resourceType": "Patient",
        "identifier": [{
            "system": "http://electronichealth.se/identifier/personnummer",
            "value": "189001019802",
        }],
        "name": [{"family": "Hemlig", "given": ["Hilda"]}],
        "telecom": [{"system": "email", "value": "hilda@example.se"}],
    })
}

/// A wish for a slot by a patient.
pub fn wish(slot: &str, patient: &str) -> Value {
    json!({
        "resourceType": "Appointment",
        "status": "proposed",
        "slot": [{"reference": format!("Slot/{slot}")}],
        "participant": [{"actor": {"reference": patient}, "status": "accepted"}],
    })
}
