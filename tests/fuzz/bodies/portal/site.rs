//! A portal in memory with the clinic `mitt`, whose agent has published two practitioners' times.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tidbok::portal::{Access, Database, HashKey, Journal, Pages, Token, Tokens, endpoint};
use tower::ServiceExt;

const AGENT: &str = "agent-agent-agent-agent-1";
const PAGE: &str = "page-page-page-page-page-1";
/// What is published by the agent at the start.
const PUBLISHED: &str = include_str!("published.json");

/// What is stored at the endpoint.
const KINDS: [&str; 7] = [
    "Organization",
    "Practitioner",
    "HealthcareService",
    "Schedule",
    "Slot",
    "Appointment",
    "Patient",
];

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    Browser,
    Agent,
    Page,
    /// Somebody without a token.
    Stranger,
}

/// A portal, and a browser before it.
pub struct Site {
    router: Router,
    now: Arc<Mutex<DateTime<Utc>>>,
    cookies: BTreeMap<String, String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    sent_to: String,
    /// Where the database is.
    _folder: tempfile::TempDir,
}

/// What was answered.
pub struct Answer {
    /// What was asked for.
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Site {
    /// Tuesday 24 November 2026, 12:00 in Stockholm.
    pub async fn open() -> Self {
        let token = |text| Token::new(text).expect("long enough");
        let tokens = Tokens { agent: token(AGENT), page: token(PAGE) };
        let access = Access {
            clinics: BTreeMap::from([("mitt".to_owned(), tokens)]),
            silence: TimeDelta::minutes(5),
            key: HashKey::new(b"sixteen bytes or more".to_vec()).expect("long enough"),
        };
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::open(&folder.path().join("page.db")).expect("a database");
        let noon = DateTime::parse_from_rfc3339("2026-11-24T12:00:00+01:00").expect("an instant");
        let now = Arc::new(Mutex::new(noon.to_utc()));
        let clock = {
            let now = Arc::clone(&now);
            Arc::new(move || *now.lock().expect("the clock"))
        };
        let (router, _keeper) =
            endpoint(database, access, Pages::default(), clock, Journal::silent());
        let (cookies, headers) = (BTreeMap::new(), Vec::new());
        let sent_to = "/mitt".to_owned();
        let site = Self { router, now, cookies, headers, sent_to, _folder: folder };
        let answer = site.agent(Method::POST, "", PUBLISHED).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        site.resources("Appointment?status=proposed").await;
        site
    }

    pub fn pass(&self, minutes: u16) {
        *self.now.lock().expect("the clock") += TimeDelta::minutes(minutes.into());
    }

    /// A header, `NAME: VALUE`, on every request of others than the agent's own rounds.
    pub fn say(&mut self, header: &str) {
        let Some((name, value)) = header.split_once(": ") else { return };
        if let (Ok(name), Ok(value)) = (name.parse(), HeaderValue::from_str(value)) {
            self.headers.push((name, value));
        }
    }

    /// Asks; `None` where that is no request.
    pub async fn ask(
        &mut self,
        asker: Asker,
        method: Method,
        path: &str,
        body: &str,
    ) -> Option<Answer> {
        let path = if path == "@" { self.sent_to.clone() } else { path.to_owned() };
        let mut request = Request::builder().method(method).uri(&path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request = match asker {
            Asker::Agent => request.header("authorization", format!("Bearer {AGENT}")),
            Asker::Page => request.header("authorization", format!("Bearer {PAGE}")),
            Asker::Browser if !self.cookies.is_empty() => {
                let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
                request.header("cookie", cookies.collect::<Vec<_>>().join("; "))
            }
            Asker::Browser | Asker::Stranger => request,
        };
        let answer = self.answer(path, request.body(Body::from(body.to_owned())).ok()?).await;
        if asker == Asker::Browser {
            self.keep(&answer);
        }
        Some(answer)
    }

    fn keep(&mut self, answer: &Answer) {
        if answer.headers.contains_key("location") {
            self.sent_to = answer.header("location").to_owned();
        }
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap_or_default();
            if let Some((name, value)) = cookie.split(';').next().and_then(|it| it.split_once('='))
            {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    async fn answer(&self, path: String, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Answer { path, status: parts.status, headers: parts.headers, text }
    }

    async fn agent(&self, method: Method, path: &str, body: &str) -> Answer {
        let path = format!("/fhir/mitt/{path}");
        let request = Request::builder().method(method).uri(&path);
        let request = request.header("authorization", format!("Bearer {AGENT}"));
        self.answer(path, request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    /// The resources that a search of the agent's finds.
    pub async fn resources(&self, search: &str) -> Vec<Value> {
        let answer = self.agent(Method::GET, search, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{search}: {}", answer.text);
        let mut found: Value = serde_json::from_str(&answer.text).expect("JSON");
        let entries = found["entry"].as_array_mut().map(std::mem::take).unwrap_or_default();
        entries.into_iter().map(|mut entry| entry["resource"].take()).collect()
    }

    /// Everything that is stored.
    pub async fn contents(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for kind in KINDS {
            all.extend(self.resources(&format!("{kind}?_count=1000")).await);
        }
        all
    }

    /// The agent answers the oldest wish there is with a status.
    pub async fn decide(&self, status: &str) {
        let wishes = self.resources("Appointment?status=proposed&_sort=_lastUpdated").await;
        let Some(mut wish) = wishes.into_iter().next() else { return };
        wish["status"] = status.into();
        if status == "cancelled" {
            wish["cancelationReason"] = json!({"text": "Tiden är inte längre ledig."});
        }
        let id = wish["id"].as_str().expect("an id").to_owned();
        self.agent(Method::PUT, &format!("Appointment/{id}"), &wish.to_string()).await;
    }
}
