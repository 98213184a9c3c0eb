//! The way through the steps, as addresses carry it: nothing of a person is in it.

use chrono::NaiveDate;

use super::visit::Visit;

/// Says that any practitioner will do.
pub const ANYONE: &str = "anyone";

/// What has been chosen so far.
pub struct Way<'a> {
    pub company: &'a str,
    pub service: &'a str,
    /// A book, or [`ANYONE`].
    pub with: Option<&'a str>,
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
