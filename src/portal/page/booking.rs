//! From a chosen time to its confirmation: holding it, the patient's details, the wish and its answer.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::domain::{ClinicZone, Fault, Identification, Personnummer};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::browser::Browser;
use super::form::{AddressIs, Typed};
use super::holds::{self, Standing};
use super::limits::Doing;
use super::offer::{Book, Company, Offer, Service};
use super::steps::to_start;
use super::times::{Time, nearest};
use super::views::{self, Details};
use super::visit::Visit;
use super::way::{ANYONE, Way};
use super::wish::{self, Answer, Answered, Outcome};
use super::words::Language;
use super::{Front, calendar, changing, html, onward, refused};

type Office = State<Arc<Front>>;

/// How many other times are offered where one went away.
const OTHERS: usize = 6;

/// A form as it was sent.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub fn read(body: &Bytes) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    pub fn of(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn typed(&self) -> Typed {
        Typed::read(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

/// How a time stands, with everything that pages tell of it.
pub(super) struct Scene {
    offer: Offer,
    standing: Standing,
    /// Free times near it, where it is gone.
    nearest: Vec<Time>,
}

impl Scene {
    pub fn set(desk: &Desk<'_>, browser: &Browser, standing: Standing) -> Result<Self, Refusal> {
        let offer = Offer::read(desk)?;
        let nearest = match &standing {
            Standing::Gone(Some(time)) => near(desk, &offer, browser, time)?,
            _ => Vec::new(),
        };
        Ok(Self { offer, standing, nearest })
    }

    /// What a time is: whose, of which treatment and company.
    pub fn about(&self, time: &Time) -> Option<(&Company, &Service, &Book)> {
        about(&self.offer, time)
    }
}

fn about<'a>(offer: &'a Offer, time: &Time) -> Option<(&'a Company, &'a Service, &'a Book)> {
    let book = offer.book(&time.book)?;
    Some((offer.company(&book.company)?, offer.service_called(&time.service)?, book))
}

/// Free times of the same treatment at the same company, near a time.
fn near(
    desk: &Desk<'_>,
    offer: &Offer,
    browser: &Browser,
    time: &Time,
) -> Result<Vec<Time>, Refusal> {
    let Some((company, service, _)) = about(offer, time) else { return Ok(Vec::new()) };
    let books = offer.books_of(&company.id, &service.id);
    let books = books.into_iter().map(|book| book.id.as_str()).collect();
    nearest(desk, Some(browser), (&service.code, books), time.start.to_utc(), OTHERS)
}

/// Holds the time that was chosen, and goes on to the details.
pub(super) async fn hold(State(front): Office, visit: Visit, body: Bytes) -> Response {
    let form = Form::read(&body);
    let (Some(slot), Some(browser)) =
        (form.of("slot"), visit.browser.clone().or_else(Browser::new))
    else {
        return to_start(&visit);
    };
    if !front.limits.address_may(Doing::Hold, visit.from, front.now()) {
        return too_many(&visit);
    }
    let with = form.of("with").unwrap_or(ANYONE);
    let held = held(&front, &visit, &browser, slot).await;
    let response = match held {
        Ok(scene) if matches!(scene.standing, Standing::Held { .. }) => {
            onward(&visit, &visit.along("details", &[("slot", slot), ("with", with)]))
        }
        Ok(scene) => gone(&front, &visit, &scene, None),
        Err(refusal) => refused(&visit, &refusal),
    };
    visit.keep_browser(&browser, response)
}

async fn held(
    front: &Front,
    visit: &Visit,
    browser: &Browser,
    slot: &str,
) -> Result<Scene, Refusal> {
    let (browser, slot) = (browser.clone(), slot.to_owned());
    let work = move |desk: &mut Desk<'_>| {
        let standing = holds::hold(desk, &browser, &slot)?;
        Scene::set(desk, &browser, standing)
    };
    front.at_desk(visit, work).await
}

/// The form.
pub(super) async fn details(State(front): Office, visit: Visit) -> Response {
    let (Some(slot), Some(browser)) = (visit.asked("slot"), visit.browser.clone()) else {
        return to_start(&visit);
    };
    let slot = slot.to_owned();
    let read = front.at_desk(&visit, move |desk| {
        let standing = holds::standing(desk, &browser, &slot)?;
        Scene::set(desk, &browser, standing)
    });
    match read.await {
        Ok(scene) => {
            let with = visit.asked("with").unwrap_or(ANYONE);
            form_page(&front, &visit, &scene, with, &Typed::default(), &[])
        }
        Err(refusal) => refused(&visit, &refusal),
    }
}

/// The form with what was typed into it; where the time went away, what else there is.
fn form_page(
    front: &Front,
    visit: &Visit,
    scene: &Scene,
    with: &str,
    typed: &Typed,
    faults: &[Fault],
) -> Response {
    let (time, until) = match &scene.standing {
        Standing::Held { time, until } => (time, Some(*until)),
        Standing::Free(time) => (time, None),
        Standing::Gone(_) => return gone(front, visit, scene, Some(typed)),
    };
    let Some((company, service, book)) = scene.about(time) else {
        return gone(front, visit, scene, Some(typed));
    };
    let way = Way { company: &company.id, service: &service.id, with: Some(with) };
    let back = way.times(visit, Some(time.start.date_naive()));
    if let Some(instead) = &visit.instead {
        return changing::confirm(front, visit, instead, time, (scene, &back));
    }
    let clock = |until| ClinicZone::default().civil(until).clock();
    let details = Details {
        company,
        service,
        book,
        time,
        back,
        with,
        held_until: until.map(clock),
        typed,
        faults,
        today: front.today(),
    };
    if until.is_none() && typed.is_empty() {
        return html(visit, StatusCode::OK, views::hold_over(visit, &details));
    }
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html(visit, status, views::details(visit, &details))
}

/// Says that the time went away, and offers others.
pub(super) fn gone(front: &Front, visit: &Visit, scene: &Scene, typed: Option<&Typed>) -> Response {
    let company = match &scene.standing {
        Standing::Gone(Some(time)) => scene.about(time).map(|(company, _, _)| company),
        _ => None,
    };
    let typed = typed.filter(|typed| !typed.is_empty());
    let page = views::gone(visit, company, &scene.nearest, typed, front.today());
    html(visit, StatusCode::CONFLICT, page)
}

/// The details as they were sent: asks for the time, shows what is wrong, or goes on with another time.
pub(super) async fn send(State(front): Office, mut visit: Visit, body: Bytes) -> Response {
    let form = Form::read(&body);
    let (Some(slot), Some(browser)) =
        (form.of("slot"), visit.browser.clone().or_else(Browser::new))
    else {
        return to_start(&visit);
    };
    let language = form.of("language").and_then(Language::tagged);
    if let Some(language) = language {
        visit.turn_to(language);
    }
    let now = front.now();
    let mut typed = form.typed();
    if let Some(who) = &visit.who {
        // Whoever is logged in books for nobody else.
        who.personnummer.as_str().clone_into(&mut typed.personnummer);
    }
    let personnummer = Personnummer::parse(&typed.personnummer, front.today());
    if !front.limits.address_may(Doing::Send, visit.from, now)
        || personnummer.is_ok_and(|number| !front.limits.person_may(number.as_str(), now))
    {
        return too_many(&visit);
    }
    let with = form.of("with").unwrap_or(ANYONE);
    let response = if language.is_some() || form.of("step") == Some("choose") {
        match held(&front, &visit, &browser, slot).await {
            Ok(scene) => form_page(&front, &visit, &scene, with, &typed, &[]),
            Err(refusal) => refused(&visit, &refusal),
        }
    } else {
        ask(&front, &visit, &browser, slot, (with, &typed)).await
    };
    visit.keep_browser(&browser, response)
}

/// What came of a form.
enum Sent {
    Faulty(Vec<Fault>, Box<Scene>),
    Outcome(Outcome, Box<Scene>),
}

async fn ask(
    front: &Front,
    visit: &Visit,
    browser: &Browser,
    slot: &str,
    (with, typed): (&str, &Typed),
) -> Response {
    let most = visit.page.most_open_bookings;
    let identification = match visit.who {
        Some(_) => Identification::EId,
        None => Identification::Unverified,
    };
    let work = {
        let (browser, slot, typed) = (browser.clone(), slot.to_owned(), typed.clone());
        move |desk: &mut Desk<'_>| sent(desk, &browser, &slot, &typed, (most, identification))
    };
    match front.at_desk(visit, work).await {
        Ok(Sent::Faulty(faults, scene)) => form_page(front, visit, &scene, with, typed, &faults),
        Ok(Sent::Outcome(Outcome::Asked(id), _)) => {
            onward(visit, &visit.address(&format!("asked/{id}"), &[]))
        }
        Ok(Sent::Outcome(Outcome::Gone, scene)) => gone(front, visit, &scene, Some(typed)),
        Ok(Sent::Outcome(Outcome::TooMany, _)) => too_many(visit),
        Err(refusal) => refused(visit, &refusal),
    }
}

fn sent(
    desk: &mut Desk<'_>,
    browser: &Browser,
    slot: &str,
    typed: &Typed,
    (most, identification): (u32, Identification),
) -> Result<Sent, Refusal> {
    let scene = Scene::set(desk, browser, holds::standing(desk, browser, slot)?)?;
    let (Standing::Held { time, .. } | Standing::Free(time) | Standing::Gone(Some(time))) =
        &scene.standing
    else {
        return Ok(Sent::Outcome(Outcome::Gone, Box::new(scene)));
    };
    let asks = scene.about(time).is_some_and(|(company, _, _)| company.asks_address);
    let address = if asks { AddressIs::Required } else { AddressIs::NotAsked };
    match typed.person(address, desk.shelf().now) {
        Ok(mut person) => {
            person.identification = identification;
            let outcome = wish::ask(desk, browser, slot, &person, most)?;
            Ok(Sent::Outcome(outcome, Box::new(scene)))
        }
        Err(faults) => {
            // Whoever is still writing keeps the time.
            let standing = holds::hold(desk, browser, slot)?;
            Ok(Sent::Faulty(faults, Box::new(Scene::set(desk, browser, standing)?)))
        }
    }
}

/// Says that no more can be booked. The same words whatever the reason: they tell nothing of anybody.
fn too_many(visit: &Visit) -> Response {
    let words = visit.language.words();
    let page = views::plain(visit, None, words.too_many, words.too_many_advice);
    html(visit, StatusCode::TOO_MANY_REQUESTS, page)
}

/// A wish of this browser with everything that is shown of it.
struct Story {
    asked: Answered,
    time: Option<Time>,
    offer: Offer,
    nearest: Vec<Time>,
}

impl Story {
    /// The story of an appointment.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where this browser has asked for no such thing; the store.
    async fn read(front: &Front, visit: &Visit, id: String) -> Result<Self, Refusal> {
        let browser = visit.browser.clone().ok_or(Refusal::NotFound)?;
        let work = move |desk: &mut Desk<'_>| {
            let asked = holds::asked(desk, &browser, &id)?.ok_or(Refusal::NotFound)?;
            let asked = wish::answered(desk, asked)?.ok_or(Refusal::NotFound)?;
            let (offer, time) = (Offer::read(desk)?, holds::time_of(desk, &asked.slot)?);
            let nearest = match (&asked.answer, &time) {
                (Answer::Refused { .. }, Some(time)) => near(desk, &offer, &browser, time)?,
                _ => Vec::new(),
            };
            Ok(Self { asked, time, offer, nearest })
        };
        front.at_desk(visit, work).await
    }

    fn about(&self) -> Option<(&Company, &Service, &Book)> {
        about(&self.offer, self.time.as_ref()?)
    }
}

/// How it stands with what was asked for.
pub(super) async fn asked(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let story = match Story::read(&front, &visit, id).await {
        Ok(story) => story,
        Err(refusal) => return refused(&visit, &refusal),
    };
    let about = story.about();
    let shown = views::Shown {
        asked: &story.asked,
        company: about.map(|(company, _, _)| company),
        service: about.map(|(_, service, _)| service),
        book: about.map(|(_, _, book)| book),
        nearest: &story.nearest,
        today: front.today(),
    };
    html(&visit, StatusCode::OK, views::answered(&visit, &shown))
}

/// The same in a word, for the script.
pub(super) async fn state(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    match Story::read(&front, &visit, id).await {
        Ok(story) => views::state(&story.asked.answer).into_response(),
        Err(refusal) => refusal.status().into_response(),
    }
}

/// The booked time as a file for calendars.
pub(super) async fn calendar(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let story = match Story::read(&front, &visit, id).await {
        Ok(story) if story.asked.answer == Answer::Booked => story,
        Ok(_) => return refused(&visit, &Refusal::NotFound),
        Err(refusal) => return refused(&visit, &refusal),
    };
    let company = story.about().map(|(company, _, _)| company);
    let name = visit.page.title.as_deref().or(company.map(|company| company.name.as_str()));
    let file = calendar::file(&calendar::Event {
        id: &story.asked.id,
        made_at: front.now(),
        start: story.asked.start,
        end: story.asked.end,
        summary: name.unwrap_or(visit.language.words().book_a_time),
        place: company.and_then(|company| company.address.as_deref()),
    });
    let kind = (CONTENT_TYPE, "text/calendar; charset=utf-8");
    let kept = (CONTENT_DISPOSITION, "attachment; filename=\"booking.ics\"");
    ([kind, kept], file).into_response()
}
