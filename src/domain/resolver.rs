//! The one resolver (R11): which times patients can book, and why not this one.
//!
//! [`Resolver::slots`] and [`Resolver::why`] go through the same gates. The gates work on sorted
//! intervals; what lies outside the asked days is found and left by binary search.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::calendar::Calendar;
use super::grid::Grid;
use super::id::{PractitionerId, PreblockTypeId, TemplateId};
use super::organisation::Practitioner;
use super::preblock::{Preblock, PreblockKind, PreblockType};
use super::reason::NotBookable;
use super::refusal::Refusal;
use super::resource_use::ResourceUse;
use super::setup::Setup;
use super::slot::Slot;
use super::template::BookingTemplate;
use super::time::{CivilTime, DateRange, Interval, Minutes, overlapping};

/// Answers for one clinic at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Resolver<'a> {
    setup: &'a Setup,
    resources: &'a ResourceUse,
    now: CivilTime,
    /// The first start that keeps the shortest notice (R8).
    earliest: CivilTime,
    /// The first start beyond the horizon (R8).
    after_horizon: CivilTime,
}

/// An id that the clinic does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownSubject {
    #[error("no practitioner {0}")]
    Practitioner(PractitionerId),
    #[error("no template {0}")]
    Template(TemplateId),
}

impl From<UnknownSubject> for Refusal {
    fn from(unknown: UnknownSubject) -> Self {
        match unknown {
            UnknownSubject::Practitioner(id) => Self::UnknownPractitioner(id),
            UnknownSubject::Template(id) => Self::UnknownTemplate(id),
        }
    }
}

/// What a start is judged by, from what has not ended by then on. Starts are judged in order: what one has
/// behind it, the next need not look at.
#[derive(Clone, Copy)]
struct Ahead<'a> {
    scheduled: &'a [Interval],
    booked: &'a [Interval],
    weeks_of_change: &'a [Interval],
}

impl<'a> Ahead<'a> {
    fn new(calendar: &'a Calendar, weeks_of_change: &'a [Interval], stretch: Interval) -> Self {
        Self {
            scheduled: calendar.scheduled_in(stretch),
            booked: calendar.booked_in(stretch),
            weeks_of_change: overlapping(weeks_of_change, stretch, |week| *week),
        }
    }

    /// The same without what has ended by a start.
    fn at(self, start: CivilTime) -> Self {
        Self {
            scheduled: not_ended(self.scheduled, start),
            booked: not_ended(self.booked, start),
            weeks_of_change: not_ended(self.weeks_of_change, start),
        }
    }
}

impl<'a> Resolver<'a> {
    /// `resources` must cover the days that are asked about; `now` is civil time in the clinic.
    pub fn new(setup: &'a Setup, resources: &'a ResourceUse, now: CivilTime) -> Self {
        let notice = i64::from(setup.online.notice_minutes);
        let horizon = Days::new(u64::from(setup.online.horizon_days) + 1);
        let day_after = now.date().checked_add_days(horizon).unwrap_or(NaiveDate::MAX);
        let earliest = now.plus_exactly(notice);
        Self { setup, resources, now, earliest, after_horizon: CivilTime::start_of(day_after) }
    }

    /// Every bookable time of a practitioner that starts on one of the days, in listing order.
    ///
    /// `calendar` must hold whatever overlaps the preblocks that reach into the days. An unknown
    /// practitioner has no times.
    pub fn slots(
        &self,
        practitioner: &PractitionerId,
        calendar: &Calendar,
        days: DateRange,
    ) -> Vec<Slot> {
        let mut slots = Vec::new();
        let Some(practitioner) = self.setup.practitioners.get(practitioner) else { return slots };
        let Some(window) = self.window(days) else { return slots };
        if self.pause(practitioner).and_then(|()| active_practitioner(practitioner)).is_err() {
            return slots;
        }
        let templates: Vec<&BookingTemplate> = self
            .setup
            .online_templates(practitioner)
            .items
            .iter()
            .filter_map(|id| self.setup.templates.get(id))
            .filter(|template| online_template(template).is_ok())
            .collect();
        let Some(reach) = reach(window, &templates) else { return slots };
        let weeks_of_change = self.setup.zone.weeks_of_change(reach);
        let mut ahead = Ahead::new(calendar, &weeks_of_change, reach);
        let mut allowed_on: BTreeMap<&PreblockTypeId, Vec<&BookingTemplate>> = BTreeMap::new();
        for preblock in calendar.preblocks_in(window) {
            let Ok(preblock_type) = self.preblock_gate(practitioner, preblock) else { continue };
            let allowed = allowed_on.entry(&preblock_type.id).or_insert_with(|| {
                let all = templates.iter().copied();
                all.filter(|template| preblock_type.allows(&template.category)).collect()
            });
            ahead = ahead.at(preblock.interval.start());
            let of_earlier_preblocks = slots.len();
            for template in allowed {
                let grid = Grid::new(preblock.interval, template.minutes);
                let mut ahead = ahead;
                for candidate in grid.starting_in(window) {
                    ahead = ahead.at(candidate.start());
                    if self.start_gates(template, candidate, &ahead).is_ok() {
                        slots.push(slot(practitioner, template, candidate));
                    }
                }
            }
            // Preblocks are sorted and apart: only the templates on this one are to be put in order.
            slots[of_earlier_preblocks..].sort_unstable();
        }
        slots
    }

    /// `Ok` if a patient can book the template at the start, else the first thing that fails (R11).
    ///
    /// # Errors
    /// Outer: [`UnknownSubject`]. Inner: the reason.
    pub fn why(
        &self,
        practitioner: &PractitionerId,
        template: &TemplateId,
        start: CivilTime,
        calendar: &Calendar,
    ) -> Result<Result<Slot, NotBookable>, UnknownSubject> {
        let practitioner = self
            .setup
            .practitioners
            .get(practitioner)
            .ok_or_else(|| UnknownSubject::Practitioner(practitioner.clone()))?;
        let template = self
            .setup
            .templates
            .get(template)
            .ok_or_else(|| UnknownSubject::Template(template.clone()))?;
        Ok(self.judge(practitioner, template, start, calendar))
    }

    fn judge(
        &self,
        practitioner: &Practitioner,
        template: &BookingTemplate,
        start: CivilTime,
        calendar: &Calendar,
    ) -> Result<Slot, NotBookable> {
        self.pause(practitioner)?;
        let preblock = self.covering(calendar, start).ok_or(NotBookable::NoPreblock)?;
        let interval = Grid::new(preblock.interval, template.minutes).starting_at(start)?;
        active_practitioner(practitioner)?;
        let preblock_type = self.preblock_gate(practitioner, preblock)?;
        category(preblock_type, template)?;
        self.template_gate(practitioner, template)?;
        let weeks_of_change = self.setup.zone.weeks_of_change(interval);
        self.start_gates(template, interval, &Ahead::new(calendar, &weeks_of_change, interval))?;
        Ok(slot(practitioner, template, interval))
    }

    /// The part of the days in which starts are neither too soon nor too far ahead (R8): everything
    /// else need not be looked at.
    fn window(&self, days: DateRange) -> Option<Interval> {
        let asked = days.interval()?;
        Interval::new(asked.start().max(self.earliest), asked.end().min(self.after_horizon)).ok()
    }

    /// The Internet preblock that holds the minute `start`.
    fn covering<'c>(&self, calendar: &'c Calendar, start: CivilTime) -> Option<&'c Preblock> {
        let minute = Interval::new(start, start + Minutes(1)).ok()?;
        calendar.preblocks_in(minute).iter().find(|preblock| {
            let preblock_type = self.setup.preblock_types.get(&preblock.preblock_type);
            preblock_type.is_some_and(|found| found.kind == PreblockKind::Internet)
        })
    }

    /// R10.
    fn pause(&self, practitioner: &Practitioner) -> Result<(), NotBookable> {
        if self.setup.online.paused {
            return Err(NotBookable::Paused);
        }
        match self.setup.company_of(practitioner) {
            Some(company) if company.paused => Err(NotBookable::CompanyPaused),
            _ => Ok(()),
        }
    }

    /// R6 for the type, then R7.
    fn preblock_gate(
        &self,
        practitioner: &Practitioner,
        preblock: &Preblock,
    ) -> Result<&'a PreblockType, NotBookable> {
        let preblock_type = self
            .setup
            .preblock_types
            .get(&preblock.preblock_type)
            .filter(|found| found.kind == PreblockKind::Internet)
            .ok_or(NotBookable::NoPreblock)?;
        if !preblock_type.active {
            return Err(NotBookable::TypeInactive(preblock_type.id.clone()));
        }
        if !preblock_type.is_valid_for(&practitioner.id) {
            return Err(NotBookable::TypeNotValid(preblock_type.id.clone()));
        }
        match preblock_type.last_day_in_force(preblock.interval.start().date()) {
            Some(last_day) if self.now.date() > last_day => Err(NotBookable::Expired { last_day }),
            _ => Ok(preblock_type),
        }
    }

    /// R4.
    fn template_gate(
        &self,
        practitioner: &Practitioner,
        template: &BookingTemplate,
    ) -> Result<(), NotBookable> {
        online_template(template)?;
        let effective = self.setup.online_templates(practitioner);
        if effective.items.contains(&template.id) {
            return Ok(());
        }
        Err(NotBookable::NotInList { level: effective.level, list: effective.list })
    }

    /// R1, R8, R2's bookings, R9 and the clock change, in R11's order; `ahead` begins at the start.
    // Inlined, no reason is made where nobody asks for it.
    #[inline]
    fn start_gates(
        &self,
        template: &BookingTemplate,
        interval: Interval,
        ahead: &Ahead<'_>,
    ) -> Result<(), NotBookable> {
        if !ahead.scheduled.first().is_some_and(|stretch| stretch.contains(interval)) {
            return Err(NotBookable::OutsideSchedule);
        }
        if interval.start() < self.earliest {
            return Err(NotBookable::TooSoon { earliest: self.earliest });
        }
        if interval.start() >= self.after_horizon {
            let last_day = self.after_horizon.plus_days(-1).date();
            return Err(NotBookable::TooFarAhead { last_day });
        }
        if let Some(booked) = ahead.booked.first().filter(|booked| booked.overlaps(interval)) {
            return Err(NotBookable::Booked(*booked));
        }
        if let Some(lacking) = self.resources.first_lacking(&template.resources, interval) {
            return Err(NotBookable::Resource(lacking));
        }
        let may_change = ahead.weeks_of_change.first().is_some_and(|week| week.overlaps(interval));
        if may_change && !self.setup.zone.is_plain(interval) {
            return Err(NotBookable::ClockChange);
        }
        Ok(())
    }
}

/// The stretch in which slots that start in the window can lie; `None` without templates.
fn reach(window: Interval, templates: &[&BookingTemplate]) -> Option<Interval> {
    let longest = templates.iter().map(|template| template.minutes).max()?;
    Interval::new(window.start(), window.end() + longest.minutes()).ok()
}

/// The intervals, sorted and apart, from the first on that has not ended by `time`.
fn not_ended(sorted: &[Interval], time: CivilTime) -> &[Interval] {
    let ended = sorted.iter().take_while(|one| one.end() <= time).count();
    &sorted[ended..]
}

fn slot(practitioner: &Practitioner, template: &BookingTemplate, interval: Interval) -> Slot {
    Slot { practitioner: practitioner.id.clone(), template: template.id.clone(), interval }
}

/// R6 for the practitioner.
fn active_practitioner(practitioner: &Practitioner) -> Result<(), NotBookable> {
    if practitioner.active { Ok(()) } else { Err(NotBookable::PractitionerInactive) }
}

/// R4 but for the list.
fn online_template(template: &BookingTemplate) -> Result<(), NotBookable> {
    if !template.active {
        return Err(NotBookable::TemplateInactive);
    }
    if !template.online {
        return Err(NotBookable::TemplateNotOnline);
    }
    Ok(())
}

/// R3.
fn category(preblock_type: &PreblockType, template: &BookingTemplate) -> Result<(), NotBookable> {
    if !preblock_type.allow || preblock_type.categories.is_empty() {
        return Err(NotBookable::NothingAllowed(preblock_type.id.clone()));
    }
    if !preblock_type.allows(&template.category) {
        return Err(NotBookable::CategoryNotAllowed {
            preblock_type: preblock_type.id.clone(),
            category: template.category.clone(),
        });
    }
    Ok(())
}
