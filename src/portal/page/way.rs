//! The way through the steps, as addresses carry it: nothing of a person is in it.

use chrono::{DateTime, NaiveDate, Utc};

use super::offer::{Company, Service};
use super::times::Time;
use super::visit::Visit;
use crate::fhir::is_id;

/// Says that any practitioner will do.
pub const ANYONE: &str = "anyone";

/// What has been chosen so far.
pub struct Way<'a> {
    pub company: &'a str,
    pub service: &'a str,
    /// A book, or [`ANYONE`].
    pub with: Option<&'a str>,
}

/// A time that was chosen, and the way to it. It says when it begins, so that others near it can be
/// offered once it is gone.
#[derive(Clone)]
pub struct Choice {
    pub company: String,
    pub service: String,
    /// A book, or [`ANYONE`].
    pub with: String,
    pub slot: String,
    /// When it begins, by what the browser says.
    pub at: Option<DateTime<Utc>>,
}

/// A time as forms and addresses name it.
pub fn name_of(time: &Time) -> String {
    named(&time.slot, Some(time.start.to_utc()))
}

fn named(slot: &str, at: Option<DateTime<Utc>>) -> String {
    match at {
        Some(at) => format!("{slot}~{}", at.timestamp_millis()),
        None => slot.to_owned(),
    }
}

impl Choice {
    /// What a form or an address says; `None` where it names no time.
    pub fn read<'a>(said: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        // What can be no id names nothing that is there; what a browser says comes back to it in forms and
        // addresses.
        let id = |said: &'a str| if is_id(said) { said } else { "" };
        let text = |name| said(name).map(id).unwrap_or_default().to_owned();
        let time = said("time")?;
        let (slot, at) = time.split_once('~').unwrap_or((time, ""));
        let at = at.parse().ok().and_then(DateTime::from_timestamp_millis);
        let with = said("with").map_or(ANYONE, id).to_owned();
        let slot = id(slot).to_owned();
        Some(Self { company: text("company"), service: text("service"), with, slot, at })
    }

    /// The way to it.
    pub fn way(&self) -> Way<'_> {
        Way { company: &self.company, service: &self.service, with: Some(&self.with) }
    }

    /// The time as forms and addresses name it.
    pub fn name(&self) -> String {
        named(&self.slot, self.at)
    }

    /// The choice of a time of a company and a treatment.
    pub fn of(time: &Time, company: &Company, service: &Service) -> Self {
        Self {
            company: company.id.clone(),
            service: service.id.clone(),
            with: time.book.clone(),
            slot: time.slot.clone(),
            at: Some(time.start.to_utc()),
        }
    }

    /// The step of giving one's details.
    pub fn details(&self, visit: &Visit) -> String {
        self.step(visit, "details")
    }

    /// Logging in before that.
    pub fn log_in(&self, visit: &Visit) -> String {
        self.step(visit, "log-in")
    }

    /// Where one looks at the time before choosing it: for links from elsewhere.
    pub fn look(&self, visit: &Visit) -> String {
        self.step(visit, "time")
    }

    fn step(&self, visit: &Visit, step: &str) -> String {
        let time = self.name();
        let parameters = [
            ("company", self.company.as_str()),
            ("service", &self.service),
            ("with", &self.with),
            ("time", &time),
        ];
        visit.along(step, &parameters)
    }
}

impl Way<'_> {
    /// The step after choosing the treatment: with whom, or when where that is settled.
    pub fn next(&self, visit: &Visit) -> String {
        match self.with {
            Some(_) => self.times(visit, None),
            None => self.practitioners(visit),
        }
    }

    /// The step of choosing with whom.
    pub fn practitioners(&self, visit: &Visit) -> String {
        visit.along("practitioners", &[("company", self.company), ("service", self.service)])
    }

    /// The step of choosing a time, in the week of a day.
    pub fn times(&self, visit: &Visit, day: Option<NaiveDate>) -> String {
        let day = day.map(|day| day.to_string());
        let mut parameters = vec![("company", self.company), ("service", self.service)];
        parameters.extend(self.with.map(|with| ("with", with)));
        parameters.extend(day.as_deref().map(|day| ("from", day)));
        visit.along("times", &parameters)
    }
}
