//! Why a patient gets no further, and what to do: no cookies, booking is closed, or there was too much of
//! it. Nothing is held or asked for then.

use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;

use super::browser::Browser;
use super::limits::Wait;
use super::offer::{Company, Offer};
use super::steps::to_start;
use super::visit::Visit;
use super::way::Choice;
use super::{Front, html, views};

/// Says in an address that its browser has been given a name.
const NAMED: &str = "named";

/// Why no more is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooMany {
    /// This person has as many bookings to come as one may have.
    Bookings,
    /// Forms were sent, or times chosen, again and again.
    Tries(Wait),
    /// Many choose and book from one address.
    AtOneAddress(Wait),
}

impl TooMany {
    fn wait(self) -> Option<TimeDelta> {
        match self {
            Self::Bookings => None,
            Self::Tries(Wait(wait)) | Self::AtOneAddress(Wait(wait)) => Some(wait),
        }
    }
}

/// The browser that sends a form, by its cookie. One that comes without is given a name and sends the
/// form once more: nothing is held or asked for in the name of one that keeps no cookies.
///
/// # Errors
/// The page that is answered instead.
pub(super) async fn sender(
    front: &Front,
    visit: &Visit,
    step: &str,
    choice: &Choice,
) -> Result<Browser, Response> {
    if let Some(browser) = &visit.browser {
        return Ok(browser.clone());
    }
    if visit.asked(NAMED).is_some() {
        return Err(no_cookies(front, visit, choice.company.clone()).await);
    }
    let Some(browser) = Browser::new() else { return Err(to_start(visit)) };
    let place = [(LOCATION, visit.along(step, &[(NAMED, "yes")]))];
    let again = (StatusCode::TEMPORARY_REDIRECT, place).into_response();
    Err(visit.keep_browser(&browser, visit.keep_language(again)))
}

async fn no_cookies(front: &Front, visit: &Visit, company: String) -> Response {
    let company = company_of(front, visit, company).await;
    let words = visit.language.words();
    let (heading, advice) = (words.no_cookies, words.no_cookies_advice);
    let page = views::call(visit, company.as_ref(), (heading, advice), words.try_again);
    html(visit, StatusCode::BAD_REQUEST, page)
}

/// The company of a choice: whom to call.
pub(super) async fn company_of(front: &Front, visit: &Visit, company: String) -> Option<Company> {
    let read = front.look(visit, move |desk| Ok(Offer::of(desk)?.company(&company).cloned()));
    read.await.ok().flatten()
}

/// Says that the clinic takes no bookings here for now (R10).
pub(super) fn closed(visit: &Visit, company: Option<&Company>, status: StatusCode) -> Response {
    let words = visit.language.words();
    let told = (words.silent, words.closed_advice);
    html(visit, status, views::call(visit, company, told, words.start_again))
}

/// Says that no more is taken, why, and what to do.
pub(super) fn too_many(visit: &Visit, company: Option<&Company>, why: TooMany) -> Response {
    let words = visit.language.words();
    let (heading, advice) = match why {
        TooMany::Bookings => (words.enough_booked, words.enough_booked_advice.to_owned()),
        TooMany::Tries(_) => (words.too_many, words.too_many_advice.to_owned()),
        TooMany::AtOneAddress(_) => (words.crowded, words.crowded_advice.to_owned()),
    };
    let advice = match why.wait() {
        Some(wait) => format!("{advice} {}", visit.language.wait(minutes(wait))),
        None => advice,
    };
    let page = views::call(visit, company, (heading, &advice), words.start_again);
    let mut response = html(visit, StatusCode::TOO_MANY_REQUESTS, page);
    if let Some(wait) = why.wait() {
        let seconds = HeaderValue::from(wait.num_seconds().max(1));
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

/// Whole minutes, so many that the time has passed then.
fn minutes(wait: TimeDelta) -> i64 {
    (wait.num_seconds() + 59).div_euclid(60).max(1)
}
