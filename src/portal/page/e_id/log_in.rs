//! To the provider and back: log-in begins with a link, since a form may be sent to ourselves only.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::domain::Personnummer;

use super::super::limits::Doing;
use super::super::posted::Posted;
use super::super::visit::{Visit, cookie, set_cookie};
use super::super::way::Choice;
use super::super::{Front, form, html, onward, refused, views};
use super::provider::EId;
use super::sessions::{Secret, Waiting, Who};
use super::token::Identified;
use super::unidentified::Unidentified;
use crate::portal::journal::Event;
use crate::portal::refusal::Refusal;

type Office = State<Arc<Front>>;

/// What a cookie names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// The log-in that is under way in this browser.
    LogIn,
    Session,
}

impl Names {
    /// A cookie's name; over TLS one that no other host, and nothing without TLS, can set.
    fn cookie(self, clinic: &str, e_id: &EId) -> String {
        let what = match self {
            Self::LogIn => "log-in",
            Self::Session => "session",
        };
        let prefix = if e_id.is_over_tls() { "__Host-" } else { "" };
        format!("{prefix}tidbok-{what}-{clinic}")
    }

    fn of(self, clinic: &str, e_id: &EId, headers: &HeaderMap) -> Option<Secret> {
        cookie(headers, &self.cookie(clinic, e_id)).and_then(Secret::named)
    }

    /// Sets a cookie until the browser is closed; without a name it is taken away.
    fn set(self, visit: &Visit, e_id: &EId, name: Option<&Secret>, response: &mut Response) {
        let cookie = self.cookie(&visit.clinic, e_id);
        let secure = if e_id.is_over_tls() { "; Secure" } else { "" };
        let value = match name {
            Some(name) => format!("{cookie}={}", name.name()),
            None => format!("{cookie}=; Max-Age=0"),
        };
        set_cookie(response, &format!("{value}; Path=/; HttpOnly; SameSite=Lax{secure}"));
    }
}

/// The name of the session that a request carries.
pub fn session_of(clinic: &str, e_id: &EId, headers: &HeaderMap) -> Option<Secret> {
    Names::Session.of(clinic, e_id, headers)
}

/// Where the provider sends browsers back to.
fn back_to(visit: &Visit) -> String {
    visit.address("logged-in", &[])
}

/// Sends the browser to the provider.
pub async fn log_in(State(front): Office, visit: Visit, headers: HeaderMap) -> Response {
    let Some(e_id) = visit.e_id.clone() else { return refused(&visit, &Refusal::NotFound) };
    let now = front.now();
    if front.limits.address_may(Doing::LogIn, visit.from, now).is_err() {
        return failed(&front, &visit, Failed::BUSY_ADDRESS);
    }
    let browser = Names::LogIn.of(&visit.clinic, &e_id, &headers).or_else(Secret::new);
    let Some(browser) = browser else { return failed(&front, &visit, Failed::NO_CHANCE) };
    let begun = match e_id.begin(&back_to(&visit), visit.language.tag(), now).await {
        Ok(begun) => begun,
        Err(why) => return failed(&front, &visit, why.into()),
    };
    // Only ever an address of our own.
    let then = match Choice::read(|name| visit.asked(name)) {
        Some(choice) => choice.details(&visit),
        None => visit.address("my-times", &[]),
    };
    front.sessions.wait((&visit.clinic, &browser), begun.state, (begun.secrets, then), now);
    let mut response = onward(&visit, &begun.address);
    Names::LogIn.set(&visit, &e_id, Some(&browser), &mut response);
    response
}

/// The browser comes back from the provider.
pub async fn logged_in(State(front): Office, visit: Visit, headers: HeaderMap) -> Response {
    let Some(e_id) = visit.e_id.clone() else { return refused(&visit, &Refusal::NotFound) };
    let browser = Names::LogIn.of(&visit.clinic, &e_id, &headers);
    let state = visit.asked("state").unwrap_or_default();
    let waiting = front.sessions.come_back(&visit.clinic, browser.as_ref(), state, front.now());
    let result = match waiting {
        Ok(waiting) => ended(&front, &visit, &e_id, waiting).await,
        Err(why) => Err(Failed { trouble: Trouble::Stale, why: why.why() }),
    };
    let mut response = match result {
        Ok((session, then)) => {
            // Whatever the browser was logged in as before is over.
            if let Some(before) = session_of(&visit.clinic, &e_id, &headers) {
                front.sessions.close(&before);
            }
            let mut response = onward(&visit, &then);
            Names::Session.set(&visit, &e_id, Some(&session), &mut response);
            response
        }
        Err(why) => failed(&front, &visit, why),
    };
    Names::LogIn.set(&visit, &e_id, None, &mut response);
    response
}

/// Logs whoever the provider tells of in, under a new name; where to go on.
async fn ended(
    front: &Front,
    visit: &Visit,
    e_id: &EId,
    waiting: Waiting,
) -> Result<(Secret, String), Failed> {
    if visit.asked("iss").is_some_and(|issuer| issuer != e_id.issuer()) {
        let why = "the browser came back from another issuer";
        return Err(Failed { trouble: Trouble::Provider("issuer"), why });
    }
    match (visit.asked("error"), visit.asked("code")) {
        (Some(code), _) => {
            let denied = code == "access_denied";
            let trouble = if denied { Trouble::Cancelled } else { Trouble::Provider("error") };
            Err(Failed { trouble, why: known_error(code) })
        }
        (None, None) => {
            let why = "the browser came back without a code";
            Err(Failed { trouble: Trouble::Stale, why })
        }
        (None, Some(code)) => {
            let Waiting { secrets, then, .. } = waiting;
            let identified =
                e_id.finish(code.to_owned(), secrets, &back_to(visit), front.now()).await;
            let session = opened(front, visit, identified?)?;
            Ok((session, then))
        }
    }
}

fn opened(front: &Front, visit: &Visit, identified: Identified) -> Result<Secret, Failed> {
    let personnummer = Personnummer::parse(&identified.number, visit.today).map_err(|_| {
        let why = "what the e-ID service told is no personnummer";
        Failed { trouble: Trouble::Provider("number"), why }
    })?;
    let (session, seal) = Secret::new().zip(Secret::new()).ok_or(Failed::NO_CHANCE)?;
    let (_, digits) = form::number_of(&personnummer);
    let who = Who {
        known_as: front.shared.access.key.hash(&digits),
        personnummer,
        first_name: identified.first_name,
        last_name: identified.last_name,
        seal: seal.name().to_owned(),
    };
    let opened = front.sessions.open(&visit.clinic, &session, who, front.now());
    opened.map_err(|_| Failed::FULL)?;
    Ok(session)
}

/// Logs out, where the form was made for this session.
pub async fn log_out(
    State(front): Office,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(e_id) = visit.e_id.clone() else { return refused(&visit, &Refusal::NotFound) };
    if let (Some(who), Some(session)) = (&visit.who, session_of(&visit.clinic, &e_id, &headers)) {
        if !who.sealed(Posted::read(&body).of("seal")) {
            return refused(&visit, &Refusal::Forbidden);
        }
        front.sessions.close(&session);
        front.drafts.forget(&visit);
    }
    let place = [(LOCATION, visit.address("my-times", &[("logged", "out")]))];
    let mut response = (StatusCode::SEE_OTHER, place).into_response();
    Names::Session.set(&visit, &e_id, None, &mut response);
    response
}

/// A log-in that came to nothing: what its patient is told, and what the journal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failed {
    trouble: Trouble,
    /// Technical, and of a closed list of words.
    why: &'static str,
}

impl Failed {
    const BUSY_ADDRESS: Self =
        Self { trouble: Trouble::TooMany, why: "too many were begun from one address" };
    const FULL: Self = Self { trouble: Trouble::TooMany, why: "as many are logged in as can be" };
    const NO_CHANCE: Self =
        Self { trouble: Trouble::TooMany, why: "the system has no random numbers to offer" };
}

impl From<Unidentified> for Failed {
    fn from(why: Unidentified) -> Self {
        Self { trouble: Trouble::Provider(why.code()), why: why.why() }
    }
}

/// Errors that a provider may send browsers back with (RFC 6749, OpenID Connect Core), as the journal
/// tells them. Browsers can bring anything: what is not known is not said again.
const ERRORS: [&str; 17] = [
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "invalid_client",
    "invalid_request",
    "invalid_request_object",
    "invalid_request_uri",
    "invalid_scope",
    "login_required",
    "registration_not_supported",
    "request_not_supported",
    "request_uri_not_supported",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
];

/// An error's code, where it is one of those there are.
fn known_error(code: &str) -> &'static str {
    let found = ERRORS.into_iter().find(|known| *known == code);
    found.unwrap_or("the e-ID service sent the browser back with an error of its own")
}

/// Says in the journal why, and tells the patient.
fn failed(front: &Front, visit: &Visit, why: Failed) -> Response {
    let event = Event::LogInFailed { clinic: &visit.clinic, why: why.why };
    front.shared.journal.note(event, front.now());
    told(visit, why.trouble)
}

/// Why a log-in came to nothing, as patients are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// The patient broke it off.
    Cancelled,
    /// It was begun too long ago, elsewhere, or has ended before.
    Stale,
    TooMany,
    /// The provider, with a word for what went wrong.
    Provider(&'static str),
}

impl Trouble {
    /// All of them by the words that addresses have for them.
    const NAMED: [(&str, Self); 10] = [
        ("cancelled", Self::Cancelled),
        ("stale", Self::Stale),
        ("busy", Self::TooMany),
        ("unreachable", Self::Provider("unreachable")),
        ("code", Self::Provider("code")),
        ("untrusted", Self::Provider("untrusted")),
        ("no-number", Self::Provider("no-number")),
        ("number", Self::Provider("number")),
        ("issuer", Self::Provider("issuer")),
        ("error", Self::Provider("error")),
    ];

    fn name(self) -> &'static str {
        let found = Self::NAMED.iter().find(|(_, known)| *known == self);
        found.map_or("error", |(name, _)| name)
    }
}

/// The page that a failed log-in shows, at an address of its own: in the other language it is the same.
pub async fn not_logged_in(State(_): Office, visit: Visit) -> Response {
    let why = visit.asked("why").unwrap_or_default();
    let found = Trouble::NAMED.iter().find(|(name, _)| *name == why);
    match (found, &visit.e_id) {
        (Some((_, trouble)), Some(_)) => told_with(visit, StatusCode::OK, *trouble),
        _ => refused(&visit, &Refusal::NotFound),
    }
}

fn told(visit: &Visit, trouble: Trouble) -> Response {
    let status = match trouble {
        Trouble::Cancelled => StatusCode::OK,
        Trouble::Stale => StatusCode::BAD_REQUEST,
        Trouble::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Trouble::Provider(_) => StatusCode::BAD_GATEWAY,
    };
    told_with(visit.clone(), status, trouble)
}

fn told_with(visit: Visit, status: StatusCode, trouble: Trouble) -> Response {
    let words = visit.language.own_words();
    let (heading, advice, code) = match trouble {
        Trouble::Cancelled => (words.cancelled, words.cancelled_advice, None),
        Trouble::Stale => (words.stale, words.stale_advice, None),
        Trouble::TooMany => (words.busy, words.busy_advice, None),
        Trouble::Provider(code) => (words.failed, words.failed_advice, Some(code)),
    };
    // What the provider brought along is good once.
    let visit = visit.shown_at("not-logged-in", &[("why", trouble.name())]);
    html(&visit, status, views::not_logged_in(&visit, heading, advice, code))
}
