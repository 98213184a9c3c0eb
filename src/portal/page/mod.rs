//! The booking page: server-rendered HTML at `/NAME`, over the portal's own store. Patients choose a
//! company, a treatment, a practitioner and a time, give their details, and are told once the clinic's
//! agent has answered. Works without a script; asks no other host for anything.
//!
//! | file | what it does |
//! |---|---|
//! | `visit`, `browser`, `way` | what a request says: clinic, language, which browser, how far it has come |
//! | `offer`, `times`, `holds` | what is offered, what is free, what is held for whom |
//! | `here`, `open_data` | one practitioner's times, as the console links to them; all, as files for others |
//! | `posted`, `form`, `drafts`, `wish` | a form as it was sent, the details in it, as they are kept, and the wish they make |
//! | `steps`, `booking`, `answer` | the handlers: choosing, booking, and what the clinic answered |
//! | `nearest`, `stopped` | other times where one went away; why somebody gets no further |
//! | `e_id` | log-in with e-ID, where the clinic has it |
//! | `mine`, `changing`, `change_wish` | the times of whoever is logged in; rebooking and cancelling them |
//! | `guard`, `limits` | what protects them |
//! | `views`, `words`, `own_words`, `settings` | HTML, every word in Swedish and English, the clinic's looks |
//!
//! Nothing personal is in an address, a log or a cookie: a browser is known by a random name, and only
//! it may look at what it has asked for.

mod answer;
mod booking;
mod browser;
mod change_wish;
mod changing;
mod drafts;
mod e_id;
mod form;
mod guard;
mod here;
mod holds;
mod limits;
mod mine;
mod nearest;
mod offer;
mod open_data;
mod own_words;
mod posted;
mod settings;
mod steps;
mod stopped;
mod times;
mod views;
mod visit;
mod way;
mod wish;
mod words;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use maud::Markup;

use crate::domain::ClinicZone;

use super::access::Granted;
use super::desk::{Desk, Role};
use super::refusal::Refusal;
use super::server::Shared;
use drafts::Drafts;
use e_id::Sessions;
pub use e_id::{EId, EIdError, EIdSettings, Preset};
pub(super) use holds::HOLD;
use limits::Limits;
use offer::Contact;
pub(super) use offer::Offers;
pub use settings::{ClinicPage, KeepDays};
use visit::Visit;

/// The pages of a portal.
#[derive(Clone, Debug)]
pub struct Pages {
    /// By the clinic's name; a clinic that is not among them has a plain one.
    pub clinics: BTreeMap<String, ClinicPage>,
    /// Who identifies patients with e-ID, by the clinic's name; elsewhere nobody logs in.
    pub e_id: BTreeMap<String, EId>,
    /// Proxies that tell in X-Forwarded-For where a request came from. Nobody else is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for Pages {
    fn default() -> Self {
        let trusted_proxies = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        Self { clinics: BTreeMap::new(), e_id: BTreeMap::new(), trusted_proxies }
    }
}

/// What the address of a page must not be called, since something else is there.
pub const RESERVED: [&str; 3] = ["assets", "fhir", "health"];

/// What every request of a page needs.
pub(super) struct Front {
    shared: Arc<Shared>,
    pages: Pages,
    limits: Limits,
    sessions: Sessions,
    drafts: Drafts,
    /// How clinics are reached, and when that was read.
    contacts: Mutex<BTreeMap<String, (DateTime<Utc>, Contact)>>,
}

/// For so long it is taken to be what it was.
const CONTACT_KNOWN_FOR: TimeDelta = TimeDelta::minutes(1);

/// Every address of the pages.
pub(super) fn router(shared: Arc<Shared>, mut pages: Pages) -> (Router, Arc<Front>) {
    pages.clinics.retain(|clinic, _| shared.access.clinics.contains_key(clinic));
    for clinic in shared.access.clinics.keys() {
        pages.clinics.entry(clinic.clone()).or_default();
    }
    let (limits, sessions, drafts, contacts) = Default::default();
    let front = Arc::new(Front { shared, pages, limits, sessions, drafts, contacts });
    let pages = Router::new()
        .route("/", get(steps::only_clinic))
        .route("/{clinic}", get(steps::start))
        .route("/{clinic}/", get(steps::start))
        .route("/{clinic}/practitioners", get(steps::practitioners))
        .route("/{clinic}/times", get(steps::times))
        .route("/{clinic}/hold", get(steps::anew).post(booking::hold))
        .route("/{clinic}/details", get(booking::details).post(booking::send))
        .route("/{clinic}/here/{practitioner}/{from}/{minutes}", get(here::here))
        .route("/{clinic}/time", get(booking::one_time))
        .route("/{clinic}/$bulk-publish", get(open_data::manifest))
        .route("/{clinic}/open/{file}", get(open_data::file))
        .route("/{clinic}/asked/{id}", get(answer::asked))
        .route("/{clinic}/asked/{id}/state", get(answer::state))
        .route("/{clinic}/asked/{id}/booking.ics", get(answer::calendar))
        .route("/{clinic}/colours.css", get(colours))
        .merge(changing::router())
        .with_state(Arc::clone(&front));
    let assets = Router::new()
        .route(
            "/assets/icon.svg",
            get(|| async { asset("image/svg+xml", include_str!("icon.svg")) }),
        )
        .route("/assets/page.css", get(|| async { asset("text/css", include_str!("page.css")) }))
        .route(
            "/assets/page.js",
            get(|| async { asset("text/javascript", include_str!("page.js")) }),
        );
    let router = guard::guarded(pages.merge(assets).fallback(guard::nowhere), Arc::clone(&front));
    (router, front)
}

impl Front {
    /// Looks at what a clinic has, as its booking page.
    async fn look<T: Send + 'static>(
        &self,
        visit: &Visit,
        work: impl FnOnce(&Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let granted = Granted { clinic: visit.clinic.clone(), role: Role::Page };
        self.shared.look(granted, work).await
    }

    /// Does a piece of work at a clinic's desk, as its booking page.
    async fn at_desk<T: Send + 'static>(
        &self,
        visit: &Visit,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let granted = Granted { clinic: visit.clinic.clone(), role: Role::Page };
        self.shared.at_desk(granted, work).await
    }

    /// How a clinic is reached while no company is chosen, as its agent has published it; nothing where
    /// the store does not answer.
    async fn contact(&self, clinic: &str) -> Contact {
        let now = self.now();
        let known = || self.contacts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read_at, contact)) = known().get(clinic)
            && (TimeDelta::zero()..CONTACT_KNOWN_FOR).contains(&(now - *read_at))
        {
            return contact.clone();
        }
        // As the agent sees it: a clinic whose agent is silent can be rung still.
        let granted = Granted { clinic: clinic.to_owned(), role: Role::Agent };
        let read = self.shared.look(granted, Contact::read).await;
        let Ok(contact) = read else { return Contact::default() };
        known().insert(clinic.to_owned(), (now, contact.clone()));
        contact
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// So many days after its time a clinic's booking is forgotten here.
    pub(super) fn keep_days(&self, clinic: &str) -> u16 {
        let page = self.pages.clinics.get(clinic);
        page.map_or(KeepDays::default(), |page| page.keep_days).days()
    }

    /// Forgets log-ins that are over, and what was typed and came to nothing.
    pub(super) fn forget_visits(&self, now: DateTime<Utc>) {
        self.sessions.forget(now);
        self.drafts.forget_old(now);
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.shared.clock)()
    }

    /// Today's date at the clinic.
    fn today(&self) -> NaiveDate {
        ClinicZone::default().civil(self.now()).date()
    }
}

async fn colours(visit: Visit) -> Response {
    asset("text/css", visit.page.colours())
}

/// A file that is the same for everybody.
fn asset(kind: &'static str, text: impl IntoResponse) -> Response {
    let kind = format!("{kind}; charset=utf-8");
    let mut response = text.into_response();
    for (name, value) in [(CONTENT_TYPE, kind.as_str()), (CACHE_CONTROL, "public, max-age=3600")] {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A page as an answer.
fn html(visit: &Visit, status: StatusCode, page: Markup) -> Response {
    let kind = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    visit.keep_language((status, kind, page.into_string()).into_response())
}

/// Sends the browser on, by GET.
fn onward(visit: &Visit, address: &str) -> Response {
    visit.keep_language((StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response())
}

/// What the desk refused, in a patient's words.
fn refused(visit: &Visit, refusal: &Refusal) -> Response {
    let words = visit.language.words();
    let (status, heading, advice) = match refusal {
        Refusal::NotFound | Refusal::Invalid(_) | Refusal::UnknownKind => {
            (StatusCode::NOT_FOUND, words.not_found, words.not_found_advice)
        }
        Refusal::Forbidden => {
            let words = visit.language.own_words();
            (StatusCode::FORBIDDEN, words.unsealed, words.unsealed_advice)
        }
        Refusal::ClinicSilent => {
            (StatusCode::SERVICE_UNAVAILABLE, words.silent, words.silent_advice)
        }
        _ => (StatusCode::INTERNAL_SERVER_ERROR, words.trouble, words.trouble_advice),
    };
    let again = match refusal {
        Refusal::ClinicSilent => words.try_again,
        _ => words.start_again,
    };
    let page = views::plain_with(visit, None, (heading, advice), again);
    let mut response = html(visit, status, page);
    refusal.explain(&mut response);
    response
}
