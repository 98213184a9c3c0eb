//! *Nästa lediga*: the times at which staff can book a template without having to confirm anything. Pure.
//!
//! The rules are those of a staff booking (R13), with nothing bypassed: inside scheduled time, no
//! booking in the way, every preblock in force allows the category, resources have capacity left.

use chrono::{Datelike, WeekdaySet};

use super::calendar::Calendar;
use super::grid::Grid;
use super::id::PractitionerId;
use super::preblock::Preblock;
use super::resource_use::ResourceUse;
use super::setup::Setup;
use super::template::BookingTemplate;
use super::time::{
    CivilTime, DateRange, Interval, MINUTES_PER_DAY, Minutes, first_overlapping, subtract,
};

/// A part of every day, from inclusive, to exclusive; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartOfDay {
    from: Minutes,
    to: Minutes,
}

impl PartOfDay {
    /// Midnight to midnight.
    pub const WHOLE: Self = Self { from: Minutes(0), to: Minutes(MINUTES_PER_DAY) };
    /// *Förmiddag*: until noon.
    pub const MORNING: Self = Self { from: Minutes(0), to: Minutes(MINUTES_PER_DAY / 2) };
    /// *Eftermiddag*: from noon on.
    pub const AFTERNOON: Self =
        Self { from: Minutes(MINUTES_PER_DAY / 2), to: Minutes(MINUTES_PER_DAY) };

    /// Minutes of the day; `None` unless 00:00 ≤ from < to ≤ 24:00.
    pub fn new(from: Minutes, to: Minutes) -> Option<Self> {
        let within = from.0 >= 0 && from < to && to.0 <= MINUTES_PER_DAY;
        within.then_some(Self { from, to })
    }

    /// Whether all of an interval lies in it, on the day that the interval starts on; what reaches
    /// beyond midnight is part of the evening that it starts in.
    fn holds(self, interval: Interval) -> bool {
        let date = interval.start().date();
        let open = self.to.0 == MINUTES_PER_DAY;
        interval.start() >= CivilTime::at(date, self.from)
            && (open || interval.end() <= CivilTime::at(date, self.to))
    }
}

/// When it suits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suiting {
    pub weekdays: WeekdaySet,
    pub part: PartOfDay,
}

impl Suiting {
    fn holds(&self, interval: Interval) -> bool {
        self.weekdays.contains(interval.start().date().weekday()) && self.part.holds(interval)
    }
}

/// A search for times that are free for staff.
#[derive(Clone, Copy, Debug)]
pub struct FreeSearch<'a> {
    pub setup: &'a Setup,
    pub template: &'a BookingTemplate,
    pub suiting: Suiting,
    /// Must cover the days that are asked about, wherever the template takes a resource.
    pub resources: &'a ResourceUse,
    pub now: CivilTime,
}

impl FreeSearch<'_> {
    /// The free times of a practitioner that start on the days, in order; none where practitioner or
    /// template is not active.
    ///
    /// On preblocks that allow the category the times hang on the preblock's start, as patients' do
    /// (R2); elsewhere on the start of what is free. `calendar` must hold whatever overlaps the days
    /// and the preblocks that reach into them.
    pub fn times(
        &self,
        practitioner: &PractitionerId,
        calendar: &Calendar,
        days: DateRange,
    ) -> Vec<Interval> {
        let active = self.setup.practitioners.get(practitioner).is_some_and(|found| found.active);
        let (true, Some(window)) = (active && self.template.active, days.interval()) else {
            return Vec::new();
        };
        let last_end = window.end() + self.template.minutes.minutes();
        let reach = Interval::new(window.start(), last_end).unwrap_or(window);
        let changes = self.setup.zone.weeks_of_change(reach);
        let mut times: Vec<Interval> = self
            .free_stretches(calendar, window)
            .into_iter()
            .flat_map(|stretch| self.starts_in(calendar, stretch))
            .filter(|time| window.contains_time(time.start()) && time.start() >= self.now)
            .filter(|time| self.suiting.holds(*time))
            .filter(|time| self.resources.first_lacking(&self.template.resources, *time).is_none())
            .filter(|time| {
                first_overlapping(&changes, *time).is_none() || self.setup.zone.is_plain(*time)
            })
            .collect();
        times.sort_unstable();
        times
    }

    /// Scheduled time without bookings and without preblocks that do not allow the category.
    fn free_stretches(&self, calendar: &Calendar, window: Interval) -> Vec<Interval> {
        let mut free = Vec::new();
        for scheduled in calendar.scheduled_in(window) {
            let closed = calendar
                .preblocks_in(*scheduled)
                .iter()
                .filter(|preblock| self.is_in_force(preblock) && !self.allows(preblock))
                .map(|preblock| preblock.interval);
            let mut taken: Vec<Interval> =
                calendar.booked_in(*scheduled).iter().copied().chain(closed).collect();
            taken.sort_unstable();
            free.extend(subtract(*scheduled, &taken));
        }
        free
    }

    /// Where the template can start in a free stretch: on the grids of the preblocks that allow it,
    /// and between them. A preblock that is too short for the template has no grid: it is free time
    /// like any other.
    fn starts_in(&self, calendar: &Calendar, stretch: Interval) -> Vec<Interval> {
        let minutes = self.template.minutes;
        let grids: Vec<Interval> = calendar
            .preblocks_in(stretch)
            .iter()
            .filter(|preblock| self.is_in_force(preblock) && self.allows(preblock))
            .map(|preblock| preblock.interval)
            .filter(|interval| interval.length() >= minutes.minutes())
            .collect();
        let between = subtract(stretch, &grids);
        grids
            .into_iter()
            .chain(between)
            .flat_map(|base| Grid::new(base, minutes).starting_in(stretch))
            .filter(|time| stretch.contains(*time))
            .collect()
    }

    /// Whether the preblock counts for staff: of an active type, not expired (R7, R13).
    fn is_in_force(&self, preblock: &Preblock) -> bool {
        let found = self.setup.preblock_types.get(&preblock.preblock_type);
        let date = preblock.interval.start().date();
        found.is_some_and(|found| found.active && found.in_force(date, self.now.date()))
    }

    fn allows(&self, preblock: &Preblock) -> bool {
        let found = self.setup.preblock_types.get(&preblock.preblock_type);
        found.is_some_and(|found| found.allows(&self.template.category))
    }
}
