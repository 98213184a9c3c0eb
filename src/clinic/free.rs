//! *Nästa lediga*: the next times that staff can book a template. Reads only, some weeks at a
//! time, until enough are found or the search has gone far enough.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::book::books_around;
use super::planned::{active_practitioner, active_template};
use super::{Clinic, ClinicError, Refusal};
use crate::domain::{
    Calendar, CivilTime, CompanyId, DateRange, FreeSearch, Interval, Practitioner, PractitionerId,
    Setup, Suiting, TemplateId,
};
use crate::store::{Stretch, Whose};

/// How many days ahead a search goes.
pub const FURTHEST_FREE_DAYS: u32 = 366;

/// Days that are read first; each further part is twice as long, up to [`LONGEST_PART`].
const FIRST_PART: u32 = 7;
const LONGEST_PART: u32 = 56;

/// Whose time it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Among {
    Practitioner(PractitionerId),
    /// Every active practitioner of the company whose template list for staff has the template (R5).
    Company(CompanyId),
    /// The same, of the whole clinic.
    Clinic,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeQuestion {
    pub template: TemplateId,
    pub among: Among,
    pub suiting: Suiting,
    /// The first day; today where it has passed.
    pub from: NaiveDate,
    /// As many are enough.
    pub most: usize,
}

/// A time that is free for staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeTime {
    pub practitioner: PractitionerId,
    pub interval: Interval,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeTimes {
    /// By start, then by the practitioner's name.
    pub times: Vec<FreeTime>,
    /// The days that were searched.
    pub searched: DateRange,
}

impl Clinic {
    /// The next free times, from one snapshot.
    ///
    /// # Errors
    /// Template or practitioner is unknown or not active, or the store could not be read.
    pub async fn free_times(
        &self,
        question: &FreeQuestion,
        now: CivilTime,
    ) -> Result<FreeTimes, ClinicError> {
        let mut reading = self.store().read().await?;
        let setup = self.setup_in(&mut reading).await?;
        let template = active_template(&setup, &question.template)?;
        let whose = whose(&setup, question)?;
        let first = question.from.max(now.date());
        let (mut times, mut searched, mut part) = (Vec::new(), 0, FIRST_PART);
        while times.len() < question.most && searched < FURTHEST_FREE_DAYS && !whose.is_empty() {
            let days = DateRange::new(DateRange::new(first, searched).end(), part);
            // What starts on the last day may reach into the next.
            let read = DateRange::new(days.first(), part + 1);
            let Some(interval) = read.interval() else { break };
            let Stretch { calendars, resources } =
                books_around(&mut reading, Whose::These(&whose), interval).await?;
            let suiting = question.suiting;
            let search =
                FreeSearch { setup: &setup, template, suiting, resources: &resources, now };
            times.extend(found(&search, &whose, &calendars, days));
            searched += part;
            part = (part * 2).min(LONGEST_PART).min(FURTHEST_FREE_DAYS.saturating_sub(searched));
        }
        times.truncate(question.most);
        Ok(FreeTimes { times, searched: DateRange::new(first, searched) })
    }
}

/// The free times of some days, by start, then in the practitioners' order.
fn found(
    search: &FreeSearch<'_>,
    whose: &[PractitionerId],
    calendars: &BTreeMap<PractitionerId, Calendar>,
    days: DateRange,
) -> Vec<FreeTime> {
    let mut times: Vec<FreeTime> = whose
        .iter()
        .filter_map(|id| Some((id, calendars.get(id)?)))
        .flat_map(|(id, calendar)| {
            let times = search.times(id, calendar, days).into_iter();
            times.map(move |interval| FreeTime { practitioner: id.clone(), interval })
        })
        .collect();
    // Stable: who comes first by name stays first.
    times.sort_by_key(|time| time.interval.start());
    times
}

/// Whose books are searched, by name.
fn whose(setup: &Setup, question: &FreeQuestion) -> Result<Vec<PractitionerId>, Refusal> {
    let company = match &question.among {
        Among::Practitioner(id) => {
            active_practitioner(setup, id)?;
            return Ok(vec![id.clone()]);
        }
        Among::Company(company) => Some(company),
        Among::Clinic => None,
    };
    let offers = |it: &&Practitioner| {
        let of_company = company.is_none_or(|company| *company == it.company);
        it.active && of_company && setup.staff_templates(it).items.contains(&question.template)
    };
    Ok(setup.practitioners_by_name().into_iter().filter(offers).map(|it| it.id.clone()).collect())
}
