//! The portal's HTTP surface: a visit written down line by line, as browsers, the clinic's agent, a
//! booking page elsewhere and strangers make it.
//!
//! | line | what it is |
//! |---|---|
//! | `b METHOD PATH BODY` | a browser, which keeps its cookies; PATH `@` is where it was sent last |
//! | `a …`, `p …`, `n …` | the endpoint asked by the agent, by a booking page, without a token |
//! | `h NAME: VALUE` | a header on every request from here on |
//! | `d STATUS` | the agent answers the oldest wish |
//! | `+ MINUTES` | time passes |

mod markup;
mod site;

use axum::http::{Method, StatusCode};
use serde_json::Value;
use tidbok::fhir::{Appointment, Patient, Resource};
use tidbok::sync::mapping::{self, Wish};
use tokio::runtime::{Builder, Runtime};

use super::today;
use markup::assert_page;
use site::{Answer, Asker, Site};

/// The most lines of a visit that are looked at.
const MOST_LINES: usize = 16;

thread_local! {
    static RUNTIME: Runtime =
        Builder::new_current_thread().enable_time().build().expect("a runtime");
}

pub fn run(bytes: &[u8]) {
    RUNTIME.with(|runtime| runtime.block_on(visit(bytes)));
}

async fn visit(bytes: &[u8]) {
    let mut site = Site::open().await;
    // What others put there is theirs; what browsers alone bring about is what agents understand.
    let mut by_browsers_only = true;
    for line in bytes.split(|byte| *byte == b'\n').take(MOST_LINES) {
        let Ok(line) = std::str::from_utf8(line) else { continue };
        let Some((who, rest)) = line.split_once(' ') else { continue };
        match who {
            "b" => request(&mut site, Asker::Browser, rest).await,
            "a" => {
                by_browsers_only = false;
                request(&mut site, Asker::Agent, rest).await;
            }
            "p" => {
                by_browsers_only = false;
                request(&mut site, Asker::Page, rest).await;
            }
            "n" => request(&mut site, Asker::Stranger, rest).await,
            "h" => site.say(rest),
            "d" => site.decide(rest).await,
            "+" => site.pass(rest.parse().unwrap_or(1)),
            _ => {}
        }
    }
    if by_browsers_only {
        assert_understood(&site).await;
    }
}

async fn request(site: &mut Site, asker: Asker, rest: &str) {
    let mut parts = rest.splitn(3, ' ');
    let (Some(method), Some(path)) = (parts.next(), parts.next()) else { return };
    let Ok(method) = method.parse::<Method>() else { return };
    let changes = !matches!(method, Method::GET | Method::HEAD);
    let before = if changes { Some(site.contents().await) } else { None };
    let body = parts.next().unwrap_or_default();
    let Some(answer) = site.ask(asker, method, path, body).await else { return };
    assert_answer(&answer);
    if asker == Asker::Stranger && answer.path.starts_with("/fhir/") {
        assert!(!answer.status.is_success(), "{}", answer.path);
    }
    if let Some(before) =
        before.filter(|_| !answer.status.is_success() && !answer.status.is_redirection())
    {
        assert_eq!(
            site.contents().await,
            before,
            "{}: refused, and not without a trace",
            answer.path
        );
    }
}

/// Whatever was asked, the answer is whole and leads nowhere else.
fn assert_answer(answer: &Answer) {
    let silent = answer.status == StatusCode::SERVICE_UNAVAILABLE;
    assert!(silent || !answer.status.is_server_error(), "{}: {}", answer.path, answer.status);
    let kind = answer.header("content-type");
    if kind.starts_with("text/html") {
        assert_page(&answer.text);
    } else if kind.starts_with("application/fhir+json") && !answer.text.is_empty() {
        let value: Value = serde_json::from_str(&answer.text).expect("JSON");
        assert!(value["resourceType"].is_string(), "{value}");
    } else if kind.starts_with("text/calendar") {
        let lines: Vec<&str> = answer.text.split("\r\n").collect();
        assert!(lines.iter().all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
        assert_eq!(answer.text.matches("\nATTENDEE").count(), 0);
    }
    let to = answer.header("location");
    let at_home = to == "/mitt" || to.starts_with("/mitt/") || to.starts_with("/mitt?");
    assert!(to.is_empty() || at_home || answer.path.starts_with("/fhir/"), "{}: {to}", answer.path);
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().expect("text");
        let (name, rest) = cookie.split_once('=').expect("a cookie");
        let value = rest.split(';').next().unwrap_or_default();
        let path = match name {
            "__Host-tidbok-browser-mitt" => "/",
            "tidbok-browser" | "tidbok-language" => "/mitt",
            _ => panic!("{cookie}"),
        };
        assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{cookie}");
        let attributes = format!("; Path={path}; HttpOnly; SameSite=Lax");
        assert!(rest.contains(&attributes), "{cookie}");
    }
}

/// The agent understands every wish that the page has taken, and whom it is for.
async fn assert_understood(site: &Site) {
    for wish in site.resources("Appointment?status=proposed").await {
        let appointment = Appointment::from_value(wish).expect("an appointment");
        let wish = Wish::read(&appointment).expect("understood").expect("a wish");
        let found = site.resources(&format!("Patient?_id={}", wish.patient)).await;
        let patient = found.into_iter().next().expect("the patient");
        let patient = Patient::from_value(patient).expect("a patient");
        assert!(mapping::read_patient(&patient, today()).is_some(), "contacts are not understood");
    }
}
