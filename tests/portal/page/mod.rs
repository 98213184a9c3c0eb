//! The booking page as browsers meet it: the router without a network, by a clock of the tests' own.

mod booking;
mod choosing;
mod clock;
mod details;
mod e_id;
mod forgetting;
mod guard;
mod here;
mod holds;
mod hostile;
mod journal;
mod looks;
mod my_times;
mod open_data;
#[path = "../../common/picture.rs"]
#[allow(dead_code, reason = "nothing is drawn here")]
mod picture;
mod pictures;
#[path = "../../common/provider.rs"]
mod provider;
mod real_provider;
mod two_people;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tidbok::portal::{
    Access, ClinicPage, Database, EId, HashKey, Journal, Keeper, Pages, Token, Tokens, endpoint,
};
use tower::ServiceExt;

use crate::desk::{AGENT, PAGE};
use provider::Provider;

/// A test personnummer of the tax agency's.
pub const NUMBER: &str = "18900101-9802";
pub const OTHER_NUMBER: &str = "189001029801";

/// Nothing of what the form is filled in with. Numbers count in any spelling, but at some length: ids have
/// digits, too.
pub fn assert_impersonal(told: &str) {
    let letters: String = told.chars().filter(char::is_ascii_alphanumeric).collect();
    for personal in ["Hilda", "Hemlig", "hildaexamplese", "9001019802", "701740605"] {
        assert!(!letters.contains(personal), "{personal} in {told}");
    }
}

/// The n-th test personnummer of those born in February 1890 with a serial number of 980 and more.
pub fn test_number(n: usize) -> String {
    let digits = format!("9002{:02}98{}", 1 + n % 28, n / 28);
    let sum: u32 = digits
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    format!("18{digits}{}", (10 - sum % 10) % 10)
}

/// A portal with the clinic `mitt`, whose agent has published two practitioners' times.
pub struct Site {
    router: Router,
    keeper: tokio::sync::Mutex<Keeper>,
    /// What the portal has said of itself.
    said: Arc<Mutex<Vec<String>>>,
    now: Arc<Mutex<DateTime<Utc>>>,
    folder: tempfile::TempDir,
}

/// A browser with its cookies.
pub struct Browser<'a> {
    site: &'a Site,
    cookies: RefCell<BTreeMap<String, String>>,
    headers: Vec<(&'static str, String)>,
}

/// What was answered.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Site {
    /// Tuesday 24 November 2026, 12:00 in Stockholm.
    pub async fn open() -> Self {
        Self::with(ClinicPage::default()).await
    }

    pub async fn with(page: ClinicPage) -> Self {
        Self::empty(page).filled().await
    }

    /// One whose patients a provider identifies.
    pub async fn identified_by(provider: &Provider) -> Self {
        let (settings, secret) = provider.settings();
        let e_id = EId::new(&settings, secret).expect("settings that can be used");
        let page = ClinicPage::default();
        Self::of(page, [("mitt".to_owned(), e_id)].into()).filled().await
    }

    async fn filled(self) -> Self {
        let site = self;
        site.publish(&organization("c1", "Tandkliniken Storgatan", false)).await;
        for (id, name) in [("bo", "Bo Berg"), ("ae", "Anna Ek")] {
            site.publish(&json!({
                "resourceType": "Practitioner", "id": id, "name": [{"text": name}],
                "identifier": [{"system": "urn:x-tidbok:practitioner", "value": format!("Å {id}")}],
            }))
            .await;
        }
        for (id, name, minutes) in [("s-us", "Undersökning", 30), ("s-akut", "Akutbesök", 20)] {
            site.publish(&service(id, name, minutes)).await;
        }
        for (id, offers) in [("ae", vec!["s-us", "s-akut"]), ("bo", vec!["s-us"])] {
            site.publish(&schedule(id, "c1", &offers)).await;
        }
        for (id, book, day, clock) in [
            ("a1", "ae", 25, "09:00"),
            ("a2", "ae", 25, "09:30"),
            ("a3", "ae", 26, "09:00"),
            ("b1", "bo", 25, "09:00"),
            ("b2", "bo", 25, "10:00"),
            ("b3", "bo", 30, "08:00"),
        ] {
            site.publish(&slot(id, book, "us", day, clock)).await;
        }
        site.heard().await;
        site
    }

    /// The agent is at work.
    pub async fn heard(&self) {
        self.wishes().await;
    }

    /// One whose agent has published nothing.
    pub fn empty(page: ClinicPage) -> Self {
        Self::of(page, BTreeMap::new())
    }

    /// The same portal, started anew after something was done to its database.
    pub fn restarted(self, meanwhile: impl FnOnce(&rusqlite::Connection)) -> Self {
        let Self { router, keeper, now, folder, .. } = self;
        drop((router, keeper));
        let database = rusqlite::Connection::open(folder.path().join("portal.db"));
        meanwhile(&database.expect("the database"));
        let site = Self::on(folder, ClinicPage::default(), BTreeMap::new());
        *site.now.lock().expect("the clock") = *now.lock().expect("the clock");
        site
    }

    fn of(page: ClinicPage, e_id: BTreeMap<String, EId>) -> Self {
        Self::on(tempfile::tempdir().expect("a temporary folder"), page, e_id)
    }

    /// One that keeps its database in a folder.
    fn on(folder: tempfile::TempDir, page: ClinicPage, e_id: BTreeMap<String, EId>) -> Self {
        let token = |text| Token::new(text).expect("long enough");
        let tokens = Tokens { agent: token(AGENT), page: token(PAGE) };
        let access = Access {
            clinics: BTreeMap::from([("mitt".to_owned(), tokens)]),
            silence: TimeDelta::minutes(5),
            key: HashKey::new(b"sixteen bytes or more".to_vec()).expect("long enough"),
        };
        let pages = Pages { clinics: [("mitt".to_owned(), page)].into(), e_id, ..Pages::default() };
        let database = Database::open(&folder.path().join("portal.db")).expect("a database");
        let noon = DateTime::parse_from_rfc3339("2026-11-24T12:00:00+01:00").expect("an instant");
        let now = Arc::new(Mutex::new(noon.to_utc()));
        let clock = {
            let now = Arc::clone(&now);
            Arc::new(move || *now.lock().expect("the clock"))
        };
        let said = Arc::<Mutex<Vec<String>>>::default();
        let heard = Arc::clone(&said);
        let journal = Journal::to(move |line| heard.lock().expect("whole").push(line.to_owned()));
        let (router, keeper) = endpoint(database, access, pages, clock, journal);
        Self { router, keeper: keeper.into(), said, now, folder }
    }

    pub fn now(&self) -> DateTime<Utc> {
        *self.now.lock().expect("the clock")
    }

    pub fn pass(&self, time: TimeDelta) {
        *self.now.lock().expect("the clock") += time;
    }

    /// What the portal does beside answering, minute by minute.
    pub async fn keep(&self) {
        self.keeper.lock().await.round().await;
    }

    /// The lines of its journal, without their times.
    pub fn said(&self) -> Vec<String> {
        let said = self.said.lock().expect("whole");
        said.iter().map(|line| line[line.find(' ').expect("a time") + 1..].to_owned()).collect()
    }

    /// Every byte that is kept on disk, as text.
    pub fn on_disk(&self) -> String {
        let files = std::fs::read_dir(self.folder.path()).expect("a folder");
        let paths = files.map(|file| file.expect("a file").path());
        let bytes: Vec<u8> =
            paths.flat_map(|path| std::fs::read(path).expect("what it holds")).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    async fn answer(&self, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Page { status: parts.status, headers: parts.headers, text }
    }

    /// What a booking page elsewhere is answered by the endpoint, or the agent.
    pub async fn endpoint(&self, token: &str, method: Method, path: &str, body: &Value) -> Page {
        let request = Request::builder()
            .method(method)
            .uri(format!("/fhir/mitt/{path}"))
            .header("authorization", format!("Bearer {token}"))
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.answer(request).await
    }

    /// What the agent asks of the endpoint.
    pub async fn agent(&self, method: Method, path: &str, body: &Value) -> Value {
        let page = self.endpoint(AGENT, method, path, body).await;
        assert!(page.status.is_success(), "{path}: {} {}", page.status, page.text);
        serde_json::from_str(&page.text).unwrap_or_default()
    }

    pub async fn publish(&self, resource: &Value) {
        let (kind, id) = (&resource["resourceType"], &resource["id"]);
        let path = format!("{}/{}", kind.as_str().expect("a type"), id.as_str().expect("an id"));
        self.agent(Method::PUT, &path, resource).await;
    }

    pub async fn get(&self, path: &str) -> Value {
        self.agent(Method::GET, path, &Value::Null).await
    }

    /// Wishes that wait for the agent.
    pub async fn wishes(&self) -> Vec<Value> {
        let found = self.get("Appointment?status=proposed").await;
        let entries = found["entry"].as_array().cloned().unwrap_or_default();
        entries.into_iter().map(|mut entry| entry["resource"].take()).collect()
    }

    /// The agent answers the only wish there is: books it, or refuses it with a reason's code.
    pub async fn decide(&self, refusal: Option<&str>) {
        let wishes = self.wishes().await;
        let [wish] = wishes.as_slice() else { panic!("{} wishes", wishes.len()) };
        let mut answer = wish.clone();
        answer["status"] = "booked".into();
        if let Some(code) = refusal {
            answer["status"] = "cancelled".into();
            answer["cancelationReason"] = json!({
                "coding": [{"system": "urn:x-tidbok:refusal", "code": code}],
                "text": "Tiden är tyvärr inte längre ledig.",
            });
        }
        self.publish(&answer).await;
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { site: self, cookies: RefCell::default(), headers: Vec::new() }
    }
}

impl Browser<'_> {
    /// The same with a header on every request.
    pub fn saying(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, "").await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        self.send(Method::POST, path, &body.extend_pairs(form).finish()).await
    }

    /// Sends it once more where it is given a name by that, as browsers that keep cookies do.
    pub async fn send(&self, method: Method, path: &str, body: &str) -> Page {
        let page = self.send_once(method.clone(), path, body).await;
        if page.status != StatusCode::TEMPORARY_REDIRECT {
            return page;
        }
        let mut next = self.send_once(method, page.header("location"), body).await;
        for line in page.headers.get_all("set-cookie") {
            next.headers.append("set-cookie", line.clone());
        }
        next
    }

    /// Sends a form, and nothing more.
    pub async fn post_once(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        self.send_once(Method::POST, path, &body.extend_pairs(form).finish()).await
    }

    /// Forgets its cookies, as browsers do that keep none.
    pub fn forget_cookies(&self) {
        self.cookies.borrow_mut().clear();
    }

    async fn send_once(&self, method: Method, path: &str, body: &str) -> Page {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let page = self.site.answer(request).await;
        for line in page.headers.get_all("set-cookie") {
            let line = line.to_str().expect("text");
            let (name, value) =
                line.split(';').next().and_then(|it| it.split_once('=')).expect(line);
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        page
    }

    /// Holds a slot.
    pub async fn hold(&self, slot: &str) -> Page {
        self.post("/mitt/hold", &[("time", slot), ("company", "c1"), ("service", "s-us")]).await
    }

    /// Holds a slot, and goes on to the form.
    pub async fn hold_on(&self, slot: &str) -> Page {
        let held = self.hold(slot).await;
        assert_eq!(held.status, StatusCode::SEE_OTHER, "{slot}: {}", held.text);
        self.get(held.header("location")).await
    }

    /// Sends the form for a slot, filled in as it should be but for what is said; where it leads back
    /// to the form, goes there.
    pub async fn fill_in(&self, slot: &str, but: &[(&str, &str)]) -> Page {
        let sent = self.send_in(slot, but).await;
        let back = sent.header("location").starts_with("/mitt/details?");
        if back { self.get(sent.header("location")).await } else { sent }
    }

    /// Sends the form for a slot, filled in as it should be but for what is said.
    pub async fn send_in(&self, slot: &str, but: &[(&str, &str)]) -> Page {
        let mut form = BTreeMap::from([
            ("time", slot),
            ("company", "c1"),
            ("service", "s-us"),
            ("first-name", "Hilda"),
            ("last-name", "Hemlig"),
            ("personnummer", NUMBER),
            ("email", "hilda@example.se"),
            ("mobile", "070-174 06 05"),
        ]);
        form.extend(but.iter().copied());
        let form: Vec<_> = form.into_iter().collect();
        self.post("/mitt/details", &form).await
    }

    /// Books a slot as far as a browser can; the address at which the answer will stand.
    pub async fn ask(&self, slot: &str) -> String {
        self.hold(slot).await;
        let sent = self.fill_in(slot, &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        sent.header("location").to_owned()
    }
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The one heading of the first level.
    pub fn heading(&self) -> &str {
        let mut parts = self.text.split("<h1");
        let after = parts.nth(1).unwrap_or_else(|| panic!("no heading: {}", self.text));
        assert_eq!(parts.next(), None, "one heading only");
        between(after, ">", "</h1>")
    }

    /// The slots that can be chosen, in order.
    pub fn slots(&self) -> Vec<&str> {
        let buttons = self.text.split("<button ").skip(1);
        let tags = buttons.filter_map(|rest| rest.split('>').next());
        let values = tags.filter_map(|tag| tag.split_once("name=\"time\" value=\""));
        values.map(|(_, rest)| rest.split(['"', '~']).next().unwrap_or_default()).collect()
    }

    pub fn assert_has(&self, text: &str) {
        assert!(self.text.contains(text), "{text:?} is not in {}", self.text);
    }

    pub fn assert_lacks(&self, text: &str) {
        assert!(!self.text.contains(text), "{text:?} is in {}", self.text);
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let after = text.split_once(from).map(|(_, after)| after).unwrap_or_default();
    after.split_once(to).map(|(between, _)| between).unwrap_or_default()
}

pub fn organization(id: &str, name: &str, asks_address: bool) -> Value {
    json!({
        "resourceType": "Organization",
        "id": id,
        "active": true,
        "name": name,
        "telecom": [{"system": "phone", "value": "08-465 004 20"}],
        "address": [{"text": "Storgatan 4, 721 30 Mälarstad"}],
        "extension": [
            {"url": "urn:x-tidbok:extension:address-required", "valueBoolean": asks_address},
            {"url": "urn:x-tidbok:extension:portal-text", "valueString": "Ring vid värk."},
        ],
    })
}

pub fn service(id: &str, name: &str, minutes: u32) -> Value {
    json!({
        "resourceType": "HealthcareService",
        "id": id,
        "name": name,
        "identifier": [{
            "system": "urn:x-tidbok:booking-template",
            "value": id.trim_start_matches("s-"),
        }],
        "extension": [
            {"url": "urn:x-tidbok:extension:minutes", "valueInteger": minutes},
            {"url": "urn:x-tidbok:extension:may-rebook", "valueBoolean": true},
            {"url": "urn:x-tidbok:extension:may-cancel", "valueBoolean": true},
            {"url": "urn:x-tidbok:extension:change-hours", "valueInteger": 12},
        ],
    })
}

pub fn schedule(id: &str, company: &str, offers: &[&str]) -> Value {
    let reference =
        |url: &str, to: String| json!({"url": url, "valueReference": {"reference": to}});
    let company = reference("urn:x-tidbok:extension:company", format!("Organization/{company}"));
    let offers = offers.iter().map(|service| {
        reference("urn:x-tidbok:extension:offers", format!("HealthcareService/{service}"))
    });
    let extension: Vec<Value> = [company].into_iter().chain(offers).collect();
    json!({
        "resourceType": "Schedule",
        "id": id,
        "actor": [{"reference": format!("Practitioner/{id}")}],
        "extension": extension,
    })
}

/// A free half-hour of November 2026.
pub fn slot(id: &str, book: &str, service: &str, day: u32, clock: &str) -> Value {
    let mut slot = crate::desk::slot(day, clock);
    slot["id"] = id.into();
    slot["schedule"] = json!({"reference": format!("Schedule/{book}")});
    slot["serviceType"][0]["coding"][0]["code"] = service.into();
    slot
}
