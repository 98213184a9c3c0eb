//! One request of a browser: which clinic's page it asks for, in which language, and who it is.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use percent_encoding::percent_decode_str;

use super::super::caller::Caller;
use super::Front;
use super::browser::Browser;
use super::changing::Instead;
use super::e_id::{EId, Sign, Who, session_of};
use super::offer::Contact;
use super::settings::ClinicPage;
use super::words::Language;

/// The cookie of a browser's name, where there is no TLS.
const BROWSER_COOKIE: &str = "tidbok-browser";
const LANGUAGE_COOKIE: &str = "tidbok-language";
/// The most parameters of an address that are looked at.
const MOST_PARAMETERS: usize = 40;

/// A request as every step of the page needs it.
#[derive(Clone)]
pub struct Visit {
    /// The clinic, as addresses name it.
    pub clinic: String,
    pub page: ClinicPage,
    pub language: Language,
    pub browser: Option<Browser>,
    /// Parameters of the address.
    pub query: Vec<(String, String)>,
    /// The address that the request came from, as far as it is known.
    pub from: Option<IpAddr>,
    /// Today's date at the clinic.
    pub today: NaiveDate,
    /// Who identifies patients here; where nobody does there is no log-in.
    pub e_id: Option<EId>,
    /// Who is logged in.
    pub who: Option<Who>,
    /// The booking that is being rebooked: whoever is logged in has it.
    pub instead: Option<Instead>,
    /// How the clinic is reached while no company is chosen.
    pub contact: Contact,
    path: String,
    /// Where its page can be seen again, where that is not its own address.
    again: Option<(String, Vec<(String, String)>)>,
    /// A language that was chosen by the address and is to be kept.
    chosen: Option<Language>,
    over: Transport,
}

/// How the browser reached the page, by what it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    /// Without TLS, as on the machine itself.
    Plain,
    Tls,
}

impl FromRequestParts<Arc<Front>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        front: &Arc<Front>,
    ) -> Result<Self, Self::Rejection> {
        // What is told of it is put in by `guard`.
        let visit = Self::named(parts, front).ok_or_else(|| StatusCode::NOT_FOUND.into_response());
        let mut visit = visit?;
        visit.contact = front.contact(&visit.clinic).await;
        visit.instead = Instead::asked(front, &visit).await?;
        Ok(visit)
    }
}

impl Visit {
    /// A request of the clinic that its address names; `None` where it names none of ours.
    pub fn named(parts: &Parts, front: &Front) -> Option<Self> {
        let first = parts.uri.path().split('/').nth(1)?;
        let clinic = percent_decode_str(first).decode_utf8().ok()?;
        let page = front.pages.clinics.get(clinic.as_ref())?.clone();
        Some(Self::of(parts, front, clinic.into_owned(), page))
    }

    /// A request of the only clinic there is, whatever its address names. Its way begins at the start.
    pub fn of_the_only_one(parts: &Parts, front: &Front) -> Option<Self> {
        let mut clinics = front.pages.clinics.iter();
        let (Some((clinic, page)), None) = (clinics.next(), clinics.next()) else { return None };
        let visit = Self::of(parts, front, clinic.clone(), page.clone());
        Some(visit.shown_at("", &[]))
    }

    fn of(parts: &Parts, front: &Front, clinic: String, page: ClinicPage) -> Self {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let query = form_urlencoded::parse(query).into_owned().take(MOST_PARAMETERS);
        let query: Vec<(String, String)> = query.collect();
        let wished = query.iter().find(|(name, _)| name == "lang");
        let chosen = wished.and_then(|(_, tag)| Language::tagged(tag));
        let origin = parts.headers.get(ORIGIN).and_then(|it| it.to_str().ok());
        let plain = origin.is_some_and(|origin| origin.starts_with("http://"));
        let over = if plain { Transport::Plain } else { Transport::Tls };
        let looks = parts.method == Method::GET || parts.method == Method::HEAD;
        let peer = parts.extensions.get::<ConnectInfo<Caller>>().map(|it| it.0.address);
        let trusted = &front.pages.trusted_proxies;
        let from = peer.and_then(|peer| origin_of(peer, trusted, &parts.headers));
        let e_id = front.pages.e_id.get(&clinic).cloned();
        let path = parts.uri.path().to_owned();
        // The script asks by itself how it stands.
        let sign = if path.ends_with("/state") { Sign::OfNothing } else { Sign::OfLife };
        let session = e_id.as_ref().and_then(|e_id| session_of(&clinic, e_id, &parts.headers));
        let who = session.and_then(|it| front.sessions.who(&clinic, &it, sign, front.now()));
        let believed = if looks { Transport::Plain } else { over };
        let browser = browser_of(&clinic, believed, &parts.headers);
        let visit = Self {
            clinic,
            page,
            language: chosen.unwrap_or_else(|| language_of(&parts.headers)),
            browser,
            query,
            from,
            today: front.today(),
            e_id,
            who,
            instead: None,
            contact: Contact::default(),
            path,
            again: None,
            chosen,
            over,
        };
        if looks {
            return visit;
        }
        // What a form brought about stands at no address of its own.
        let of_own_times = visit.path.contains("/my-times/") || visit.path.ends_with("/log-out");
        visit.shown_at(if of_own_times { "my-times" } else { "" }, &[])
    }

    /// The same request, whose page can be seen again at that address.
    pub fn shown_at(self, step: &str, parameters: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let again = (self.address(step, &[]), parameters.iter().map(own).collect());
        Self { again: Some(again), ..self }
    }

    /// A parameter of the address.
    pub fn asked(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// An address of this clinic's page.
    pub fn address(&self, step: &str, parameters: &[(&str, &str)]) -> String {
        let mut address = format!("/{}", self.clinic);
        if !step.is_empty() {
            address.push('/');
            address.push_str(step);
        }
        if !parameters.is_empty() {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(parameters);
            address.push('?');
            address.push_str(&query.finish());
        }
        address
    }

    /// An address on the way to a time: a booking that is being rebooked comes along.
    pub fn along(&self, step: &str, parameters: &[(&str, &str)]) -> String {
        let mut parameters = parameters.to_vec();
        parameters.extend(self.instead.as_ref().map(|it| ("instead", it.id())));
        self.address(step, &parameters)
    }

    /// This page in another language.
    pub fn in_language(&self, language: Language) -> String {
        let (path, parameters) = match &self.again {
            Some((path, parameters)) => (path, parameters),
            None => (&self.path, &self.query),
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters.iter().filter(|(name, _)| name != "lang"));
        query.append_pair("lang", language.tag());
        format!("{path}?{}", query.finish())
    }

    /// Turns to a language, which is kept.
    pub fn turn_to(&mut self, language: Language) {
        (self.language, self.chosen) = (language, Some(language));
    }

    /// Puts on an answer what the browser is to keep: a language that it chose.
    pub fn keep_language(&self, mut response: Response) -> Response {
        if let Some(language) = self.chosen {
            // Which language somebody reads is no secret, and links tell no transport.
            self.keep(&mut response, LANGUAGE_COOKIE, language.tag());
        }
        response
    }

    /// Puts the browser's name on an answer.
    pub fn keep_browser(&self, browser: &Browser, mut response: Response) -> Response {
        if self.browser.as_ref() == Some(browser) {
            return response;
        }
        match self.over {
            Transport::Plain => self.keep(&mut response, BROWSER_COOKIE, browser.name()),
            Transport::Tls => {
                let cookie = format!("{}={}", host_cookie(&self.clinic), browser.name());
                set_cookie(
                    &mut response,
                    &format!("{cookie}; Path=/; HttpOnly; SameSite=Lax; Secure"),
                );
            }
        }
        response
    }

    /// A cookie until the browser is closed, for this clinic's pages only.
    fn keep(&self, response: &mut Response, name: &str, value: &str) {
        let clinic = &self.clinic;
        set_cookie(response, &format!("{name}={value}; Path=/{clinic}; HttpOnly; SameSite=Lax"));
    }
}

/// Puts a cookie on an answer.
pub fn set_cookie(response: &mut Response, line: &str) {
    if let Ok(line) = HeaderValue::from_str(line) {
        response.headers_mut().append(SET_COOKIE, line);
    }
}

/// The cookie of a browser's name over TLS: one that no other host can set.
fn host_cookie(clinic: &str) -> String {
    format!("__Host-{BROWSER_COOKIE}-{clinic}")
}

/// The browser that sends a request. What a form brings over TLS is kept under a name that was given over
/// TLS: another host beside ours, or somebody on the line, may have planted any other, and whoever knows
/// the name is shown what was typed. Links tell no transport, and bring nothing.
fn browser_of(clinic: &str, over: Transport, headers: &HeaderMap) -> Option<Browser> {
    let own = cookie(headers, &host_cookie(clinic)).and_then(Browser::named);
    match over {
        Transport::Tls => own,
        Transport::Plain => {
            own.or_else(|| cookie(headers, BROWSER_COOKIE).and_then(Browser::named))
        }
    }
}

/// The language that a browser has chosen before, or wishes for.
pub fn language_of(headers: &HeaderMap) -> Language {
    let accepted = || headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    let kept = cookie(headers, LANGUAGE_COOKIE).and_then(Language::tagged);
    kept.unwrap_or_else(|| Language::accepted(accepted().unwrap_or_default()))
}

/// Where a request came from: a proxy that is trusted tells it last in X-Forwarded-For. Where it says
/// nothing the request is its own, from the machine itself; where it says what is no address, nobody
/// can be told apart, and all are counted as one.
fn origin_of(peer: IpAddr, trusted: &[IpAddr], headers: &HeaderMap) -> Option<IpAddr> {
    if !trusted.contains(&peer.to_canonical()) {
        return Some(peer);
    }
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = last.to_str().unwrap_or_default().rsplit(',').next().unwrap_or_default().trim();
    let bare = last.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(last);
    let with_port = || last.parse::<SocketAddr>().ok().map(|it| it.ip());
    Some(bare.parse().ok().or_else(with_port).unwrap_or(peer))
}

/// The first cookie of a name.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}
