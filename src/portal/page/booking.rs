//! From a chosen time to the wish: holding it, and the patient's details.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{CivilTime, ClinicZone, Fault, Identification, PatientLanguage, Personnummer};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::browser::Browser;
use super::drafts::Draft;
use super::e_id::Who;
use super::form::{AddressIs, Person, Typed};
use super::holds::{self, Standing};
use super::limits::Doing;
use super::nearest::Nearest;
use super::offer::{Book, Company, Offer, Service};
use super::posted::Posted;
use super::steps::to_start;
use super::stopped::{TooMany, closed, company_of, sender, too_many};
use super::times::Time;
use super::views::{self, Details, Held, Told, Unheld};
use super::visit::Visit;
use super::way::Choice;
use super::wish::{self, Outcome};
use super::{Front, changing, html, onward, refused};

type Office = State<Arc<Front>>;

/// Says in an address that the form had been shown for somebody else.
const ANEW: &str = "anew";
/// Says in an address that whoever the form had been shown to is logged in no more.
const ENDED: &str = "ended";
/// Says in an address that its browser has asked for the time for another person.
const TAKEN: &str = "taken";
/// A time that is told of lies no further away than this.
const LONGEST_AHEAD: TimeDelta = TimeDelta::days(800);

/// How a chosen time stands, with everything that pages tell of it.
pub(super) struct Scene {
    pub choice: Choice,
    offer: Arc<Offer>,
    standing: Standing,
    /// Free times near it, where it is gone.
    nearest: Nearest,
    /// The wish of this browser, where it is gone because of that; of whoever is logged in, where
    /// somebody is.
    own: Option<String>,
    /// The company, where it is gone because that is paused (R10).
    closed: Option<Company>,
}

impl Scene {
    pub fn set(
        desk: &Desk<'_>,
        (browser, who): (&Browser, Option<&Who>),
        choice: Choice,
        standing: Standing,
    ) -> Result<Self, Refusal> {
        let offer = Offer::of(desk)?;
        let closed = offer.paused(standing.time(), &choice.company).cloned();
        let standing = if closed.is_some() { Standing::Gone } else { standing };
        let own = match standing {
            Standing::Gone => wish::own_of(desk, (browser, who), &choice.slot)?,
            Standing::Held { .. } | Standing::Free(_) => None,
        };
        let nearest = match (&standing, offer.services.get(&choice.service)) {
            // Nothing of a silent clinic is free: nobody else was first.
            (Standing::Gone, _) if own.is_none() && closed.is_none() && desk.is_silent() => {
                return Err(Refusal::ClinicSilent);
            }
            (Standing::Gone, Some(service)) => {
                let moment = choice.at.unwrap_or(desk.shelf().now);
                let what = (choice.company.as_str(), service, Some(choice.with.as_str()));
                Nearest::find(desk, (&offer, browser), what, moment)?
            }
            _ => Nearest::default(),
        };
        Ok(Self { choice, offer, standing, nearest, own, closed })
    }

    /// The company that it is at.
    fn company(&self) -> Option<&Company> {
        let of_time = self.standing.time().and_then(|time| self.about(time));
        of_time.map(|(company, ..)| company).or_else(|| self.offer.company(&self.choice.company))
    }

    fn address_is(&self) -> AddressIs {
        let asks = self.company().is_some_and(|company| company.asks_address);
        if asks { AddressIs::Required } else { AddressIs::NotAsked }
    }

    /// What is wrong with what was typed.
    fn faults(&self, typed: &Typed, now: DateTime<Utc>) -> Vec<Fault> {
        // In whatever language: it is no part of what may be wrong.
        let read = typed.person(self.address_is(), PatientLanguage::Swedish, now);
        read.err().unwrap_or_default()
    }

    /// What a time is: whose, of which treatment and company.
    pub fn about(&self, time: &Time) -> Option<(&Company, &Service, &Book)> {
        about(&self.offer, &time.service, &time.book)
    }
}

/// What a treatment, as slots call it, in a book is; also at a company that is paused.
pub(super) fn about<'a>(
    offer: &'a Offer,
    service: &str,
    book: &str,
) -> Option<(&'a Company, &'a Service, &'a Book)> {
    let book = offer.book(book)?;
    Some((offer.company_of(book)?, offer.service_called(service)?, book))
}

/// Holds the time that was chosen, and goes on to the details.
pub(super) async fn hold(State(front): Office, mut visit: Visit, body: Bytes) -> Response {
    let form = Posted::read(&body);
    form.turn(&mut visit);
    let Some(choice) = Choice::read(|name| form.of(name)) else { return to_start(&visit) };
    let browser = match sender(&front, &visit, "hold", &choice).await {
        Ok(browser) => browser,
        Err(page) => return page,
    };
    if let Err(why) = may(&front, &visit, &browser, Doing::Hold) {
        let company = company_of(&front, &visit, choice.company).await;
        return too_many(&visit, company.as_ref(), why);
    }
    match held(&front, &visit, &browser, choice).await {
        Ok((scene, let_go)) if matches!(scene.standing, Standing::Held { .. }) => {
            let details = scene.choice.details(&visit);
            match let_go {
                Some(at) => onward(&visit, &format!("{details}&let-go={}", at.timestamp_millis())),
                None => onward(&visit, &details),
            }
        }
        Ok((scene, _)) => gone(&visit, &scene),
        Err(refusal) => refused(&visit, &refusal),
    }
}

/// Whether a browser may send a form, and hold a time beside the others behind its address.
fn may(front: &Front, visit: &Visit, browser: &Browser, doing: Doing) -> Result<(), TooMany> {
    let now = front.now();
    front.limits.address_may(doing, visit.from, now).map_err(TooMany::Tries)?;
    let there = (visit.clinic.as_str(), visit.from);
    let hold = front.limits.may_hold(there, browser.hash(), (now, now + holds::HOLD));
    hold.map_err(TooMany::AtOneAddress)
}

/// Holds a time. How it stands then, and when the one begins that was let go for it.
async fn held(
    front: &Front,
    visit: &Visit,
    browser: &Browser,
    choice: Choice,
) -> Result<(Scene, Option<DateTime<Utc>>), Refusal> {
    let (browser, who) = (browser.clone(), visit.who.clone());
    let work = move |desk: &mut Desk<'_>| {
        let let_go = holds::held_beside(desk, &browser, &choice.slot)?;
        let standing = holds::hold(desk, &browser, &choice.slot)?;
        let scene = Scene::set(desk, (&browser, who.as_ref()), choice, standing)?;
        if scene.closed.is_some() {
            holds::release(desk, &browser)?;
        }
        Ok((scene, let_go))
    };
    front.at_desk(visit, work).await
}

async fn seen(
    front: &Front,
    visit: &Visit,
    browser: Browser,
    choice: Choice,
) -> Result<Scene, Refusal> {
    let who = visit.who.clone();
    let work = move |desk: &Desk<'_>| {
        let standing = holds::standing(desk, &browser, &choice.slot)?;
        Scene::set(desk, (&browser, who.as_ref()), choice, standing)
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
            None => gone(&visit, &scene),
        },
        Err(refusal) => refused(&visit, &refusal),
    }
}

/// The form, with what this browser typed into it before.
pub(super) async fn details(State(front): Office, visit: Visit) -> Response {
    let Some(choice) = Choice::read(|name| visit.asked(name)) else { return to_start(&visit) };
    let Some(browser) = visit.browser.clone() else {
        // One without a name holds nothing: it looks at the time first.
        return onward(&visit, &choice.look(&visit));
    };
    match seen(&front, &visit, browser, choice).await {
        Ok(scene) => form_page(&front, &visit, &scene),
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
    let now = front.now();
    let held = until.map(|until| Held {
        until: ClinicZone::default().civil(until).clock(),
        seconds: (until - now).num_seconds(),
    });
    Some(Details {
        company,
        companies: scene.offer.companies.len(),
        service,
        book,
        time,
        choice: &scene.choice,
        held,
        typed,
        faults,
    })
}

/// The form with what was typed into it; where the time went away, what else there is.
fn form_page(front: &Front, visit: &Visit, scene: &Scene) -> Response {
    let (typed, draft) =
        front.drafts.of(visit, front.now()).unwrap_or((Typed::default(), Draft::Unsent));
    let faults = match draft {
        Draft::Unsent => Vec::new(),
        Draft::Sent => scene.faults(&typed, front.now()),
    };
    let Some(details) = shown(front, scene, &typed, &faults) else {
        return gone(visit, scene);
    };
    if let Some(instead) = &visit.instead {
        return changing::confirm(front, visit, instead, details.time, scene);
    }
    if details.held.is_none() {
        return html(visit, StatusCode::OK, views::to_hold(visit, &details, Unheld::RunOut));
    }
    html(visit, StatusCode::OK, views::details(visit, &details, told(front, visit)))
}

/// What is told above the form, by what the address says.
fn told(front: &Front, visit: &Visit) -> Option<Told> {
    if visit.asked(ANEW).is_some() {
        return Some(Told::Anew);
    }
    if visit.asked(ENDED).is_some() && visit.who.is_none() {
        return Some(Told::LogInEnded);
    }
    let_go(front, visit).map(Told::LetGo)
}

/// When the time begins that was let go for this one, by what the address says.
fn let_go(front: &Front, visit: &Visit) -> Option<CivilTime> {
    let at = DateTime::from_timestamp_millis(visit.asked("let-go")?.parse().ok()?)?;
    let near = (at - front.now()).abs() < LONGEST_AHEAD;
    near.then(|| ClinicZone::default().civil(at))
}

/// Says that the time went away, and offers others. Who has it already is told so: going back after
/// booking leads here, too. Whoever wanted it for another person than had it is told that instead.
pub(super) fn gone(visit: &Visit, scene: &Scene) -> Response {
    let own = scene.own.as_ref().map(|id| {
        let place = if visit.instead.is_some() { "my-times" } else { "asked" };
        visit.along(&format!("{place}/{id}"), &[])
    });
    if let (Some(own), None) = (&own, visit.asked(TAKEN)) {
        return onward(visit, own);
    }
    if let Some(company) = &scene.closed {
        return closed(visit, Some(company), StatusCode::CONFLICT);
    }
    let company = scene.offer.company(&scene.choice.company);
    let what = (&scene.choice, own.as_deref());
    let page = views::gone(visit, company, what, &scene.nearest);
    html(visit, StatusCode::CONFLICT, page)
}

/// The details as they were sent: asks for the time. Where that does not do, what was typed is kept and
/// the browser is led to the form, so that going back and forth sends nothing again.
pub(super) async fn send(State(front): Office, mut visit: Visit, body: Bytes) -> Response {
    let form = Posted::read(&body);
    let Some(choice) = Choice::read(|name| form.of(name)) else { return to_start(&visit) };
    let browser = match sender(&front, &visit, "details", &choice).await {
        Ok(browser) => browser,
        Err(page) => return page,
    };
    let turned = form.turn(&mut visit);
    let mut typed = form.typed();
    if let Err(why) = may(&front, &visit, &browser, Doing::Send) {
        let company = company_of(&front, &visit, choice.company).await;
        return too_many(&visit, company.as_ref(), why);
    }
    if form.is_for_another(&visit) {
        // What was typed is theirs: it is shown to nobody else.
        return form_again(&front, &visit, &browser, (choice, Some(ANEW))).await;
    }
    if let Some(who) = &visit.who {
        // Whoever is logged in books for nobody else.
        who.personnummer.as_str().clone_into(&mut typed.personnummer);
    }
    let ended = form.is_of_ended_log_in(&visit);
    if !turned && !ended {
        return ask(&front, &visit, &browser, choice, &typed).await;
    }
    front.drafts.keep(&visit, &browser, (&typed, Draft::Unsent), front.now());
    form_again(&front, &visit, &browser, (choice, ended.then_some(ENDED))).await
}

/// Holds the time on, and leads to its form, with a word in the address for why it is shown again.
async fn form_again(
    front: &Front,
    visit: &Visit,
    browser: &Browser,
    (choice, why): (Choice, Option<&str>),
) -> Response {
    match held(front, visit, browser, choice).await {
        Ok((scene, _)) => onward(visit, &with_word(scene.choice.details(visit), why)),
        Err(refusal) => refused(visit, &refusal),
    }
}

/// An address with a word that the page there looks for.
fn with_word(address: String, word: Option<&str>) -> String {
    match word {
        Some(word) => format!("{address}&{word}=yes"),
        None => address,
    }
}

/// What came of a form.
enum Sent {
    Faulty,
    Asked(String),
    Gone,
    /// This browser has asked for it before, for another person.
    ForAnother,
    /// This person has booked as many times as one may, at that company.
    TooMany(Option<Box<Company>>),
}

async fn ask(
    front: &Front,
    visit: &Visit,
    browser: &Browser,
    choice: Choice,
    typed: &Typed,
) -> Response {
    let now = front.now();
    let number = Personnummer::parse(&typed.number(), visit.today).ok();
    let room = front.limits.address_has_room(Doing::Ask, visit.from, now);
    let room = room.map_err(TooMany::AtOneAddress).and_then(|()| match &number {
        Some(number) => front.limits.person_has_room(number.as_str(), now).map_err(TooMany::Tries),
        None => Ok(()),
    });
    if let Err(why) = room {
        let company = company_of(front, visit, choice.company).await;
        return too_many(visit, company.as_ref(), why);
    }
    let identification = match visit.who {
        Some(_) => Identification::EId,
        None => Identification::Unverified,
    };
    let details = choice.details(visit);
    let work = {
        let (browser, who, typed) = (browser.clone(), visit.who.clone(), typed.clone());
        let told = (identification, visit.language.of_patient());
        let most = visit.page.most_open_bookings;
        move |desk: &mut Desk<'_>| {
            sent(desk, (&browser, who.as_ref()), choice, (&typed, told), most)
        }
    };
    let (draft, why) = match front.at_desk(visit, work).await {
        Ok(Sent::Asked(id)) => {
            // That there is room has been asked before.
            let _ = front.limits.address_may(Doing::Ask, visit.from, now);
            if let Some(number) = &number {
                front.limits.person_did(number.as_str(), now);
            }
            front.limits.let_go((&visit.clinic, visit.from), browser.hash());
            // Until it is booked: the clinic may refuse the time.
            front.drafts.keep(visit, browser, (typed, Draft::Unsent), now);
            return onward(visit, &visit.address(&format!("asked/{id}"), &[]));
        }
        Ok(Sent::TooMany(company)) => {
            return too_many(visit, company.as_deref(), TooMany::Bookings);
        }
        Err(refusal) => {
            front.drafts.keep(visit, browser, (typed, Draft::Unsent), now);
            return refused(visit, &refusal);
        }
        Ok(Sent::Faulty) => (Draft::Sent, None),
        Ok(Sent::Gone) => (Draft::Unsent, None),
        Ok(Sent::ForAnother) => (Draft::Unsent, Some(TAKEN)),
    };
    front.drafts.keep(visit, browser, (typed, draft), now);
    onward(visit, &with_word(details, why))
}

fn sent(
    desk: &mut Desk<'_>,
    (browser, who): (&Browser, Option<&Who>),
    choice: Choice,
    (typed, (identification, language)): (&Typed, (Identification, PatientLanguage)),
    most: u32,
) -> Result<Sent, Refusal> {
    let standing = holds::standing(desk, browser, &choice.slot)?;
    let scene = Scene::set(desk, (browser, who), choice, standing)?;
    if scene.closed.is_some() {
        return Ok(Sent::Gone);
    }
    let slot = &scene.choice.slot;
    let Ok(person) = typed.person(scene.address_is(), language, desk.shelf().now) else {
        if scene.own.is_some() {
            // A form that asked for it had no faults: this one is not it sent again.
            return Ok(Sent::ForAnother);
        }
        // Whoever is still writing keeps the time.
        holds::hold(desk, browser, slot)?;
        return Ok(Sent::Faulty);
    };
    let person = Person { identification, ..person };
    Ok(match wish::ask(desk, browser, slot, &person, most)? {
        Outcome::Asked(id) => Sent::Asked(id),
        Outcome::ForAnother => Sent::ForAnother,
        Outcome::TooMany => Sent::TooMany(scene.company().cloned().map(Box::new)),
        Outcome::Gone => Sent::Gone,
    })
}
