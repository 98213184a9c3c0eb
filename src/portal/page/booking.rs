//! From a chosen time to the wish: holding it, and the patient's details.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::domain::{ClinicZone, Fault, Identification, Personnummer};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::browser::Browser;
use super::form::{AddressIs, Person, Typed};
use super::holds::{self, Standing};
use super::limits::Doing;
use super::offer::{Book, Company, Offer, Service};
use super::steps::to_start;
use super::times::{Time, nearest};
use super::views::{self, Details, Unheld};
use super::visit::Visit;
use super::way::Choice;
use super::wish::{self, Outcome};
use super::words::Language;
use super::{Front, changing, html, onward, refused};

type Office = State<Arc<Front>>;

/// The most fields of a form that are looked at.
const MOST_FIELDS: usize = 40;
/// How many other times are offered where one went away.
const OTHERS: usize = 6;

/// A form as it was sent.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub fn read(body: &Bytes) -> Self {
        Self(form_urlencoded::parse(body).into_owned().take(MOST_FIELDS).collect())
    }

    pub fn of(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Turns to the language whose button was pressed; whether one was.
    fn turn(&self, visit: &mut Visit) -> bool {
        let language = self.of("language").and_then(Language::tagged);
        language.inspect(|language| visit.turn_to(*language)).is_some()
    }

    fn typed(&self) -> Typed {
        Typed::read(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

/// How a chosen time stands, with everything that pages tell of it.
pub(super) struct Scene {
    pub choice: Choice,
    offer: Arc<Offer>,
    standing: Standing,
    /// Free times near it, where it is gone.
    nearest: Vec<Time>,
    /// The wish of this browser, where it is gone because of that.
    own: Option<String>,
}

impl Scene {
    pub fn set(
        desk: &Desk<'_>,
        browser: &Browser,
        choice: Choice,
        standing: Standing,
    ) -> Result<Self, Refusal> {
        let offer = Offer::of(desk)?;
        let nearest = match (&standing, offer.services.get(&choice.service)) {
            (Standing::Gone, Some(service)) => {
                let moment = choice.at.unwrap_or(desk.shelf().now);
                near(desk, &offer, browser, (&choice.company, service), moment)?
            }
            _ => Vec::new(),
        };
        let own = match standing {
            Standing::Gone => wish::own(desk, browser, &choice.slot)?,
            Standing::Held { .. } | Standing::Free(_) => None,
        };
        Ok(Self { choice, offer, standing, nearest, own })
    }

    /// What a time is: whose, of which treatment and company.
    pub fn about(&self, time: &Time) -> Option<(&Company, &Service, &Book)> {
        about(&self.offer, &time.service, &time.book)
    }
}

/// What a treatment, as slots call it, in a book is.
pub(super) fn about<'a>(
    offer: &'a Offer,
    service: &str,
    book: &str,
) -> Option<(&'a Company, &'a Service, &'a Book)> {
    let book = offer.book(book)?;
    Some((offer.company(&book.company)?, offer.service_called(service)?, book))
}

/// Free times of a treatment at a company, near a moment.
pub(super) fn near(
    desk: &Desk<'_>,
    offer: &Offer,
    browser: &Browser,
    (company, service): (&str, &Service),
    moment: DateTime<Utc>,
) -> Result<Vec<Time>, Refusal> {
    let books = offer.books_of(company, &service.id);
    let books = books.into_iter().map(|book| book.id.as_str()).collect();
    nearest(desk, Some(browser), (&service.code, books), moment, OTHERS)
}

/// Holds the time that was chosen, and goes on to the details.
pub(super) async fn hold(State(front): Office, mut visit: Visit, body: Bytes) -> Response {
    let form = Form::read(&body);
    form.turn(&mut visit);
    let choice = Choice::read(|name| form.of(name));
    let browser = visit.browser.clone().or_else(Browser::new);
    let (Some(choice), Some(browser)) = (choice, browser) else { return to_start(&visit) };
    if !front.limits.address_may(Doing::Hold, visit.from, front.now())
        || !may_hold(&front, &visit, &browser)
    {
        return too_many(&visit);
    }
    let response = match held(&front, &visit, &browser, choice).await {
        Ok(scene) if matches!(scene.standing, Standing::Held { .. }) => {
            onward(&visit, &scene.choice.details(&visit))
        }
        Ok(scene) => gone(&front, &visit, &scene, None),
        Err(refusal) => refused(&visit, &refusal),
    };
    visit.keep_browser(&browser, response)
}

/// Whether the browser may hold a time beside the others behind its address.
fn may_hold(front: &Front, visit: &Visit, browser: &Browser) -> bool {
    let now = front.now();
    front.limits.may_hold(visit.from, browser.hash(), (now, now + holds::HOLD))
}

async fn held(
    front: &Front,
    visit: &Visit,
    browser: &Browser,
    choice: Choice,
) -> Result<Scene, Refusal> {
    let browser = browser.clone();
    let work = move |desk: &mut Desk<'_>| {
        let standing = holds::hold(desk, &browser, &choice.slot)?;
        Scene::set(desk, &browser, choice, standing)
    };
    front.at_desk(visit, work).await
}

async fn seen(
    front: &Front,
    visit: &Visit,
    browser: Browser,
    choice: Choice,
) -> Result<Scene, Refusal> {
    let work = move |desk: &Desk<'_>| {
        let standing = holds::standing(desk, &browser, &choice.slot)?;
        Scene::set(desk, &browser, choice, standing)
    };
    front.look(visit, work).await
}

/// One time, as links from elsewhere lead to it: it is chosen with a button. Looking changes nothing.
pub(super) async fn one_time(State(front): Office, visit: Visit) -> Response {
    let choice = Choice::read(|name| visit.asked(name));
    // Whoever comes from elsewhere has no name here yet, and needs none to look.
    let browser = visit.browser.clone().or_else(Browser::new);
    let (Some(choice), Some(browser)) = (choice, browser) else { return to_start(&visit) };
    match seen(&front, &visit, browser, choice).await {
        Ok(scene) => match shown(&front, &scene, &Typed::default(), &[]) {
            Some(details) => {
                html(&visit, StatusCode::OK, views::to_hold(&visit, &details, Unheld::NotYet))
            }
            None => gone(&front, &visit, &scene, None),
        },
        Err(refusal) => refused(&visit, &refusal),
    }
}

/// The form.
pub(super) async fn details(State(front): Office, visit: Visit) -> Response {
    let choice = Choice::read(|name| visit.asked(name));
    let (Some(choice), Some(browser)) = (choice, visit.browser.clone()) else {
        return to_start(&visit);
    };
    match seen(&front, &visit, browser, choice).await {
        Ok(scene) => form_page(&front, &visit, &scene, &Typed::default(), &[]),
        Err(refusal) => refused(&visit, &refusal),
    }
}

/// What is shown of a time that can be booked; `None` where it is gone.
fn shown<'a>(
    front: &Front,
    scene: &'a Scene,
    typed: &'a Typed,
    faults: &'a [Fault],
) -> Option<Details<'a>> {
    let (time, until) = match &scene.standing {
        Standing::Held { time, until } => (time, Some(*until)),
        Standing::Free(time) => (time, None),
        Standing::Gone => return None,
    };
    let (company, service, book) = scene.about(time)?;
    Some(Details {
        company,
        service,
        book,
        time,
        choice: &scene.choice,
        held_until: until.map(|until| ClinicZone::default().civil(until).clock()),
        typed,
        faults,
        today: front.today(),
    })
}

/// The form with what was typed into it; where the time went away, what else there is.
fn form_page(
    front: &Front,
    visit: &Visit,
    scene: &Scene,
    typed: &Typed,
    faults: &[Fault],
) -> Response {
    let Some(details) = shown(front, scene, typed, faults) else {
        return gone(front, visit, scene, Some(typed));
    };
    if let Some(instead) = &visit.instead {
        return changing::confirm(front, visit, instead, details.time, scene);
    }
    if details.held_until.is_none() && typed.is_empty() {
        return html(visit, StatusCode::OK, views::to_hold(visit, &details, Unheld::RunOut));
    }
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html(visit, status, views::details(visit, &details))
}

/// Says that the time went away, and offers others. Who has it already is told so: going back after
/// booking leads here, too.
pub(super) fn gone(front: &Front, visit: &Visit, scene: &Scene, typed: Option<&Typed>) -> Response {
    if let Some(id) = &scene.own {
        let place = if visit.instead.is_some() { "my-times" } else { "asked" };
        return onward(visit, &visit.along(&format!("{place}/{id}"), &[]));
    }
    let company = scene.offer.company(&scene.choice.company);
    let typed = typed.filter(|typed| !typed.is_empty());
    let page = views::gone(visit, company, &scene.choice, &scene.nearest, typed, front.today());
    html(visit, StatusCode::CONFLICT, page)
}

/// The details as they were sent: asks for the time, shows what is wrong, or goes on with another time.
pub(super) async fn send(State(front): Office, mut visit: Visit, body: Bytes) -> Response {
    let form = Form::read(&body);
    let choice = Choice::read(|name| form.of(name));
    let browser = visit.browser.clone().or_else(Browser::new);
    let (Some(choice), Some(browser)) = (choice, browser) else { return to_start(&visit) };
    let turned = form.turn(&mut visit);
    let now = front.now();
    let mut typed = form.typed();
    if let Some(who) = &visit.who {
        // Whoever is logged in books for nobody else.
        who.personnummer.as_str().clone_into(&mut typed.personnummer);
    }
    let personnummer = Personnummer::parse(&typed.personnummer, front.today());
    if !front.limits.address_may(Doing::Send, visit.from, now)
        || personnummer.is_ok_and(|number| !front.limits.person_may(number.as_str(), now))
        || !may_hold(&front, &visit, &browser)
    {
        return too_many(&visit);
    }
    let response = if turned || form.of("step") == Some("choose") {
        match held(&front, &visit, &browser, choice).await {
            Ok(scene) => form_page(&front, &visit, &scene, &typed, &[]),
            Err(refusal) => refused(&visit, &refusal),
        }
    } else {
        ask(&front, &visit, &browser, choice, &typed).await
    };
    visit.keep_browser(&browser, response)
}

/// What came of a form.
enum Sent {
    Faulty(Vec<Fault>, Box<Scene>),
    Asked(String),
    Gone(Box<Scene>),
    TooMany,
}

async fn ask(
    front: &Front,
    visit: &Visit,
    browser: &Browser,
    choice: Choice,
    typed: &Typed,
) -> Response {
    if !front.limits.has_room(Doing::Ask, visit.from, front.now()) {
        return too_many(visit);
    }
    let most = visit.page.most_open_bookings;
    let identification = match visit.who {
        Some(_) => Identification::EId,
        None => Identification::Unverified,
    };
    let work = {
        let (browser, typed) = (browser.clone(), typed.clone());
        move |desk: &mut Desk<'_>| sent(desk, &browser, choice, &typed, (most, identification))
    };
    match front.at_desk(visit, work).await {
        Ok(Sent::Faulty(faults, scene)) => form_page(front, visit, &scene, typed, &faults),
        Ok(Sent::Asked(id)) => {
            front.limits.address_may(Doing::Ask, visit.from, front.now());
            onward(visit, &visit.address(&format!("asked/{id}"), &[]))
        }
        Ok(Sent::Gone(scene)) => gone(front, visit, &scene, Some(typed)),
        Ok(Sent::TooMany) => too_many(visit),
        Err(refusal) => refused(visit, &refusal),
    }
}

fn sent(
    desk: &mut Desk<'_>,
    browser: &Browser,
    choice: Choice,
    typed: &Typed,
    (most, identification): (u32, Identification),
) -> Result<Sent, Refusal> {
    let offer = Offer::of(desk)?;
    let of_time = match holds::standing(desk, browser, &choice.slot)? {
        Standing::Held { time, .. } | Standing::Free(time) => {
            about(&offer, &time.service, &time.book).map(|(company, _, _)| company)
        }
        Standing::Gone => None,
    };
    let company = of_time.or_else(|| offer.company(&choice.company));
    let asks = company.is_some_and(|company| company.asks_address);
    let address = if asks { AddressIs::Required } else { AddressIs::NotAsked };
    let person = match typed.person(address, desk.shelf().now) {
        Ok(person) => Person { identification, ..person },
        Err(faults) => {
            // Whoever is still writing keeps the time.
            let standing = holds::hold(desk, browser, &choice.slot)?;
            let scene = Scene::set(desk, browser, choice, standing)?;
            return Ok(Sent::Faulty(faults, Box::new(scene)));
        }
    };
    Ok(match wish::ask(desk, browser, &choice.slot, &person, most)? {
        Outcome::Asked(id) => Sent::Asked(id),
        Outcome::TooMany => Sent::TooMany,
        Outcome::Gone => Sent::Gone(Box::new(Scene::set(desk, browser, choice, Standing::Gone)?)),
    })
}

/// Says that no more can be booked. The same words whatever the reason: they tell nothing of anybody.
fn too_many(visit: &Visit) -> Response {
    let words = visit.language.words();
    let page = views::plain(visit, None, words.too_many, words.too_many_advice);
    html(visit, StatusCode::TOO_MANY_REQUESTS, page)
}
