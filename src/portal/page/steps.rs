//! The steps of choosing, up to a time. They change nothing: going back is always right.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use crate::domain::{CivilTime, ClinicZone};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::browser::Browser;
use super::offer::{Book, Company, Offer, Service};
use super::stopped::closed;
use super::times::{Time, Towards, Wanted};
use super::visit::Visit;
use super::way::{ANYONE, Way};
use super::{Front, html, onward, refused, views};

type Office = State<Arc<Front>>;

/// With one clinic only, its page is at the root as well.
pub(super) async fn only_clinic(State(front): Office) -> Response {
    let mut clinics = front.pages.clinics.keys();
    match (clinics.next(), clinics.next()) {
        (Some(clinic), None) => {
            let place = [(axum::http::header::LOCATION, format!("/{clinic}"))];
            (StatusCode::SEE_OTHER, place).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The first free time in any of the books.
fn first_free(
    desk: &Desk<'_>,
    browser: Option<&Browser>,
    service: &str,
    books: Vec<&str>,
) -> Result<Option<Time>, Refusal> {
    let wanted = Wanted {
        service,
        books,
        from: DateTime::UNIX_EPOCH,
        until: DateTime::<Utc>::MAX_UTC,
        towards: Towards::Later,
        most: 1,
    };
    Ok(wanted.find(desk, browser)?.pop())
}

fn ids<'a>(books: &[&'a Book]) -> Vec<&'a str> {
    books.iter().map(|book| book.id.as_str()).collect()
}

/// Which company, where there are several; which treatment.
pub(super) async fn start(State(front): Office, visit: Visit) -> Response {
    let browser = visit.browser.clone();
    let company = visit.asked("company").map(str::to_owned);
    let read = front.look(&visit, move |desk| {
        let offer = Offer::of(desk)?;
        let company = match company {
            Some(id) => offer.company(&id),
            None => Some(&offer.companies).filter(|all| all.len() == 1).and_then(|all| all.first()),
        };
        let mut firsts = Vec::new();
        for service in company.map(|it| offer.services_of(&it.id)).unwrap_or_default() {
            let books = company.map(|it| offer.books_of(&it.id, &service.id)).unwrap_or_default();
            firsts.push(first_free(desk, browser.as_ref(), &service.code, ids(&books))?);
        }
        let company = company.map(|company| company.id.clone());
        Ok((offer, company, firsts, desk.is_silent()))
    });
    let (offer, company, firsts, silent) = match read.await {
        Ok(read) => read,
        Err(refusal) => return refused(&visit, &refusal),
    };
    let words = visit.language.words();
    let company = company.and_then(|id| offer.company(&id));
    if silent {
        return refused(&visit, &Refusal::ClinicSilent);
    }
    let Some(company) = company else { return without_company(&visit, &offer) };
    let services = offer.services_of(&company.id);
    if services.is_empty() {
        let (heading, advice) = (words.nothing_offered, words.nothing_offered_advice);
        let page = views::plain(&visit, Some(company), heading, advice);
        return html(&visit, StatusCode::OK, page);
    }
    let only = services.iter().map(|service| {
        let books = offer.books_of(&company.id, &service.id);
        books.first().copied().filter(|_| books.len() == 1)
    });
    let page = views::services(
        &visit,
        &views::Services {
            company,
            only: only.collect(),
            services: services.into_iter().zip(firsts).collect(),
            chosen: offer.companies.len() > 1,
        },
    );
    html(&visit, StatusCode::OK, page)
}

/// Where no company is chosen: which there are, or why none can be.
fn without_company(visit: &Visit, offer: &Offer) -> Response {
    let asked = visit.asked("company");
    let paused = offer.paused(None, asked.unwrap_or_default());
    if paused.is_some() || offer.companies.is_empty() && !offer.closed.is_empty() {
        return closed(visit, paused, StatusCode::OK);
    }
    if asked.is_some() {
        return refused(visit, &Refusal::NotFound);
    }
    let words = visit.language.words();
    let page = if offer.companies.is_empty() {
        views::plain(visit, None, words.nothing_offered, words.nothing_offered_advice)
    } else {
        views::companies(visit, &offer.companies)
    };
    html(visit, StatusCode::OK, page)
}

/// With whom.
pub(super) async fn practitioners(State(front): Office, visit: Visit) -> Response {
    let browser = visit.browser.clone();
    let chosen = (asked(&visit, "company"), asked(&visit, "service"));
    let read = front.look(&visit, move |desk| {
        let offer = Offer::of(desk)?;
        let mut firsts = Vec::new();
        desk.refuse_silent()?;
        let service = offer.services.get(&chosen.1).ok_or(Refusal::NotFound)?;
        for book in offer.books_of(&chosen.0, &chosen.1) {
            firsts.push(first_free(desk, browser.as_ref(), &service.code, vec![&book.id])?);
        }
        Ok((offer, chosen, firsts))
    });
    let (offer, (company, service), firsts) = match read.await {
        Ok(read) => read,
        Err(refusal) => return refused(&visit, &refusal),
    };
    let (company, service) = match company_and_service(&visit, &offer, (&company, &service)) {
        Ok(chosen) => chosen,
        Err(page) => return *page,
    };
    let books = offer.books_of(&company.id, &service.id);
    let books = books.into_iter().zip(firsts).collect();
    let offered = views::Practitioners { company, service, books };
    html(&visit, StatusCode::OK, views::practitioners(&visit, &offered))
}

/// What was chosen so far, by its ids.
///
/// # Errors
/// The page that is answered instead: the company is paused, or one of them is not there.
fn company_and_service<'a>(
    visit: &Visit,
    offer: &'a Offer,
    (company, service): (&str, &str),
) -> Result<(&'a Company, &'a Service), Box<Response>> {
    if let Some(company) = offer.paused(None, company) {
        return Err(Box::new(closed(visit, Some(company), StatusCode::OK)));
    }
    let found = offer.company(company).zip(offer.services.get(service));
    found.ok_or_else(|| Box::new(refused(visit, &Refusal::NotFound)))
}

/// A parameter that has to be there; one that is not names nothing.
fn asked(visit: &Visit, name: &str) -> String {
    visit.asked(name).unwrap_or_default().to_owned()
}

/// What is found for a week.
struct Found {
    monday: NaiveDate,
    times: Vec<Time>,
    earlier: Option<NaiveDate>,
    later: Option<NaiveDate>,
}

/// Which day and time.
pub(super) async fn times(State(front): Office, visit: Visit) -> Response {
    let browser = visit.browser.clone();
    let (company, service) = (asked(&visit, "company"), asked(&visit, "service"));
    let with = visit.asked("with").filter(|with| *with != ANYONE).map(str::to_owned);
    let from = visit.asked("from").and_then(|text| text.parse().ok()).unwrap_or(visit.today);
    let read = front.look(&visit, move |desk| {
        let offer = Offer::of(desk)?;
        desk.refuse_silent()?;
        let known = offer.services.get(&service).ok_or(Refusal::NotFound)?;
        let books = offer.books_of(&company, &service);
        let books = books.into_iter().filter(|it| with.as_ref().is_none_or(|with| it.id == *with));
        let books: Vec<&Book> = books.collect();
        let found = week(desk, browser.as_ref(), &known.code, &books, from)?;
        Ok((offer, company, service, with, found))
    });
    let (offer, company, service, with, found) = match read.await {
        Ok(read) => read,
        Err(refusal) => return refused(&visit, &refusal),
    };
    let (company, service) = match company_and_service(&visit, &offer, (&company, &service)) {
        Ok(chosen) => chosen,
        Err(page) => return *page,
    };
    let book = with.as_deref().and_then(|with| offer.book(with));
    if with.is_some() && book.is_none() {
        return refused(&visit, &Refusal::NotFound);
    }
    let alone = offer.books_of(&company.id, &service.id).len() == 1;
    let way = Way { company: &company.id, service: &service.id, with: None };
    let back =
        if alone { views::before_choosing(&visit, company) } else { way.practitioners(&visit) };
    let Found { monday, times, earlier, later } = found;
    let week = views::Week { company, service, book, back, monday, times, earlier, later };
    html(&visit, StatusCode::OK, views::times(&visit, &week))
}

/// The free times of the week of a day; where it has none, those of the nearest week that has.
fn week(
    desk: &Desk<'_>,
    browser: Option<&Browser>,
    service: &str,
    books: &[&Book],
    day: NaiveDate,
) -> Result<Found, Refusal> {
    let look = |from, until, towards, most| {
        let books = ids(books);
        Wanted { service, books, from, until, towards, most }.find(desk, browser)
    };
    let (start, end) = (DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC);
    let later = look(midnight(monday_of(day)), end, Towards::Later, 1)?.pop();
    let first = match later {
        Some(first) => Some(first),
        None => look(start, end, Towards::Earlier, 1)?.pop(),
    };
    let monday = monday_of(first.map_or(day, |first| first.start.date_naive()));
    let next = monday.checked_add_days(Days::new(7)).unwrap_or(monday);
    let (from, until) = (midnight(monday), midnight(next));
    let times = look(from, until, Towards::Later, MOST_OF_WEEK)?;
    let day_of = |found: Vec<Time>| found.first().map(|time| time.start.date_naive());
    Ok(Found {
        monday,
        times,
        earlier: day_of(look(start, from, Towards::Earlier, 1)?),
        later: day_of(look(until, end, Towards::Later, 1)?),
    })
}

/// The most times of a week: one every five minutes.
const MOST_OF_WEEK: usize = 7 * 24 * 12;

fn monday_of(day: NaiveDate) -> NaiveDate {
    let since = u64::from(day.weekday().num_days_from_monday());
    day.checked_sub_days(Days::new(since)).unwrap_or(day)
}

/// When a day begins at the clinic.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    ClinicZone::default().first_instant(CivilTime::start_of(day))
}

/// What is asked for by its address though it comes of a form only: the way begins anew.
pub(super) async fn anew(visit: Visit) -> Response {
    to_start(&visit)
}

/// Sends the browser to where its way begins.
pub(super) fn to_start(visit: &Visit) -> Response {
    onward(visit, &visit.address("", &[]))
}
