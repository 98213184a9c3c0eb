//! The one resolver (R11): which times patients can book, and why not this one.
//!
//! [`Resolver::slots`] and [`Resolver::why`] go through the same gates. The gates work on sorted
//! intervals; what lies outside the asked days is found and left by binary search.

use chrono::{Days, NaiveDate};

use super::calendar::Calendar;
use super::id::{PractitionerId, TemplateId};
use super::organisation::Practitioner;
use super::preblock::{Preblock, PreblockKind, PreblockType};
use super::reason::NotBookable;
use super::resource::ResourceUse;
use super::setup::Setup;
use super::slot::Slot;
use super::template::BookingTemplate;
use super::time::{CivilTime, DateRange, Interval, Minutes};

/// Answers for one clinic at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Resolver<'a> {
    setup: &'a Setup,
    resources: &'a ResourceUse,
    now: CivilTime,
}

/// An id that the clinic does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownSubject {
    #[error("no practitioner {0:?}")]
    Practitioner(PractitionerId),
    #[error("no template {0:?}")]
    Template(TemplateId),
}

/// What the calendar holds around one preblock: enough to judge every start of its grid.
struct Surroundings<'a> {
    scheduled: &'a [Interval],
    booked: &'a [Interval],
    clock: Clock,
}

/// Whether a clock change may come near.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clock {
    Steady,
    Unsure,
}

impl<'a> Resolver<'a> {
    /// `resources` must cover the days that are asked about; `now` is civil time in the clinic.
    pub fn new(setup: &'a Setup, resources: &'a ResourceUse, now: CivilTime) -> Self {
        Self { setup, resources, now }
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
        let mut steady_until = None;
        for preblock in calendar.preblocks_in(window) {
            let Ok(preblock_type) = self.preblock_gate(practitioner, preblock) else { continue };
            let around = self.surroundings(calendar, preblock, &mut steady_until);
            for template in &templates {
                if category(preblock_type, template).is_ok() {
                    self.run_grid(preblock, template, window, &around, &mut slots);
                }
            }
        }
        slots.sort_unstable();
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
        let interval = on_grid(preblock, template, start)?;
        active_practitioner(practitioner)?;
        let preblock_type = self.preblock_gate(practitioner, preblock)?;
        category(preblock_type, template)?;
        self.template_gate(practitioner, template)?;
        let around = self.surroundings(calendar, preblock, &mut None);
        self.start_gates(template, interval, &around)?;
        Ok(Slot { practitioner: practitioner.id.clone(), template: template.id.clone(), interval })
    }

    /// The part of the days in which starts are neither too soon nor too far ahead (R8): everything
    /// else need not be looked at.
    fn window(&self, days: DateRange) -> Option<Interval> {
        let asked = days.interval()?;
        let after_horizon = CivilTime::start_of(self.last_day()).plus_days(1);
        Interval::new(asked.start().max(self.earliest()), asked.end().min(after_horizon)).ok()
    }

    fn earliest(&self) -> CivilTime {
        let notice = i32::try_from(self.setup.online.notice_minutes).unwrap_or(i32::MAX);
        self.now + Minutes(notice)
    }

    fn last_day(&self) -> NaiveDate {
        let horizon = Days::new(u64::from(self.setup.online.horizon_days));
        self.now.date().checked_add_days(horizon).unwrap_or(NaiveDate::MAX)
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

    fn surroundings<'c>(
        &self,
        calendar: &'c Calendar,
        preblock: &Preblock,
        steady_until: &mut Option<(NaiveDate, NaiveDate)>,
    ) -> Surroundings<'c> {
        Surroundings {
            scheduled: calendar.scheduled_in(preblock.interval),
            booked: calendar.booked_in(preblock.interval),
            clock: self.clock(preblock.interval, steady_until),
        }
    }

    /// Whether the clock may change in the interval. `known` remembers the days last found steady,
    /// so that the zone is asked about once a month and not once a preblock.
    fn clock(&self, interval: Interval, known: &mut Option<(NaiveDate, NaiveDate)>) -> Clock {
        let (first, last) = (interval.start().date(), interval.end().date());
        if known.is_some_and(|(from, to)| from <= first && last <= to) {
            return Clock::Steady;
        }
        let month_on = first.checked_add_days(Days::new(28)).unwrap_or(last).max(last);
        for until in [month_on, last] {
            if self.setup.zone.is_steady(first, until) {
                *known = Some((first, until));
                return Clock::Steady;
            }
        }
        Clock::Unsure
    }

    /// Adds the bookable starts of one template on one preblock's grid (R2).
    fn run_grid(
        &self,
        preblock: &Preblock,
        template: &BookingTemplate,
        window: Interval,
        around: &Surroundings<'_>,
        slots: &mut Vec<Slot>,
    ) {
        let minutes = template.minutes.minutes();
        let behind = window.start().since(preblock.interval.start()).0.max(0);
        let skipped = Minutes((behind + minutes.0 - 1) / minutes.0 * minutes.0);
        let mut start = preblock.interval.start() + skipped;
        while start < window.end()
            && let Ok(interval) = Interval::new(start, start + minutes)
            && preblock.interval.contains(interval)
        {
            if self.start_gates(template, interval, around).is_ok() {
                slots.push(Slot {
                    practitioner: preblock.practitioner.clone(),
                    template: template.id.clone(),
                    interval,
                });
            }
            start = interval.end();
        }
    }

    /// R1, R8, R2's bookings, R9 and the clock change, in R11's order.
    fn start_gates(
        &self,
        template: &BookingTemplate,
        interval: Interval,
        around: &Surroundings<'_>,
    ) -> Result<(), NotBookable> {
        if !around.scheduled.iter().any(|stretch| stretch.contains(interval)) {
            return Err(NotBookable::OutsideSchedule);
        }
        let earliest = self.earliest();
        if interval.start() < earliest {
            return Err(NotBookable::TooSoon { earliest });
        }
        let last_day = self.last_day();
        if interval.start().date() > last_day {
            return Err(NotBookable::TooFarAhead { last_day });
        }
        if let Some(booked) = around.booked.iter().find(|booked| booked.overlaps(interval)) {
            return Err(NotBookable::Booked(*booked));
        }
        if let Some(lacking) = self.resources.first_lacking(&template.resources, interval) {
            return Err(NotBookable::Resource(lacking));
        }
        match around.clock {
            Clock::Steady => Ok(()),
            Clock::Unsure if self.setup.zone.is_plain(interval) => Ok(()),
            Clock::Unsure => Err(NotBookable::ClockChange),
        }
    }
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

/// The candidate that starts at `start` on the preblock's grid (R2).
fn on_grid(
    preblock: &Preblock,
    template: &BookingTemplate,
    start: CivilTime,
) -> Result<Interval, NotBookable> {
    let minutes = template.minutes.minutes();
    let whole = preblock.interval;
    let count = whole.length().0 / minutes.0;
    if count == 0 {
        return Err(NotBookable::PreblockTooShort { preblock: whole.length(), template: minutes });
    }
    let offset = start.since(whole.start()).0;
    let candidate = |k: i32| whole.start() + Minutes(k * minutes.0);
    if offset % minutes.0 == 0
        && offset / minutes.0 < count
        && let Ok(interval) = Interval::new(start, start + minutes)
    {
        return Ok(interval);
    }
    let before = (offset / minutes.0).min(count - 1);
    let after = offset / minutes.0 + 1;
    Err(NotBookable::OffGrid {
        before: Some(candidate(before)),
        after: (after < count).then(|| candidate(after)),
    })
}
