//! A slow resolver of the tests' own, written from the rules and minute by minute.
//!
//! It shares the entities with the product, but none of its reasoning: no sorting, no binary search,
//! no joined intervals. Whether a civil minute exists is asked of the zone instant by instant.

mod clinics;

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Days, NaiveDate, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use tidbok::domain::*;

pub use clinics::clinics;

/// A small clinic at one moment, books in no particular order.
#[derive(Clone, Debug)]
pub struct Clinic {
    pub setup: Setup,
    pub sessions: Vec<WorkSession>,
    pub preblocks: Vec<Preblock>,
    pub bookings: Vec<Booking>,
    pub now: CivilTime,
    /// The days that times are asked for.
    pub days: DateRange,
}

impl Clinic {
    /// One practitioner's book, as the product holds it.
    pub fn calendar(&self, practitioner: &PractitionerId) -> Calendar {
        Calendar::new(
            self.sessions.iter().filter(|s| s.practitioner == *practitioner).cloned().collect(),
            self.preblocks.iter().filter(|p| p.practitioner == *practitioner).cloned().collect(),
            self.bookings.iter().filter(|b| b.practitioner == *practitioner).cloned().collect(),
        )
    }

    /// The use of resources, as the product holds it.
    pub fn resource_use(&self) -> ResourceUse {
        let steps = self.bookings.iter().flat_map(Booking::resource_steps);
        ResourceUse::new(self.setup.resources.values(), steps)
    }

    /// Every bookable time that starts on the asked days, by trying every minute.
    pub fn slots(&self, practitioner: &PractitionerId) -> Vec<Slot> {
        let mut slots = Vec::new();
        for date in (0..self.days.days()).map(|n| self.days.first() + Days::new(n.into())) {
            for minute in 0..1440 {
                let start = CivilTime::at(date, Minutes(minute));
                if self.preblock_at(practitioner, start).is_none() {
                    continue;
                }
                for template in self.setup.templates.keys() {
                    slots.extend(self.why(practitioner, template, start).ok());
                }
            }
        }
        slots
    }

    /// The first thing that fails, in the order of R11.
    pub fn why(
        &self,
        practitioner: &PractitionerId,
        template: &TemplateId,
        start: CivilTime,
    ) -> Result<Slot, NotBookable> {
        let practitioner = &self.setup.practitioners[practitioner];
        let template = &self.setup.templates[template];
        self.r10_paused(practitioner)?;
        let preblock = self.preblock_at(&practitioner.id, start).ok_or(NotBookable::NoPreblock)?;
        r2_on_grid(preblock, template, start)?;
        let preblock_type = self.r6_valid(practitioner, preblock)?;
        self.r7_in_force(preblock, preblock_type)?;
        r3_category(preblock_type, template)?;
        self.r4_r5_template(practitioner, template)?;
        let minutes = i32::try_from(i64::from(template.minutes)).unwrap();
        let inside: Vec<CivilTime> = (0..minutes).map(|n| start + Minutes(n)).collect();
        self.r1_scheduled(practitioner, &inside)?;
        self.r8_notice_and_horizon(start)?;
        self.r2_bookings(practitioner, &inside)?;
        self.r9_resources(template, &inside)?;
        let end = start + Minutes(minutes);
        one_offset(start, end)?;
        Ok(Slot {
            practitioner: practitioner.id.clone(),
            template: template.id.clone(),
            interval: Interval::new(start, end).unwrap(),
        })
    }

    fn r10_paused(&self, practitioner: &Practitioner) -> Result<(), NotBookable> {
        if self.setup.online.paused {
            return Err(NotBookable::Paused);
        }
        if self.setup.companies[&practitioner.company].paused {
            return Err(NotBookable::CompanyPaused);
        }
        Ok(())
    }

    /// The Internet preblock that holds a minute.
    fn preblock_at(&self, practitioner: &PractitionerId, minute: CivilTime) -> Option<&Preblock> {
        self.preblocks.iter().find(|preblock| {
            preblock.practitioner == *practitioner
                && holds(preblock.interval, minute)
                && self.setup.preblock_types[&preblock.preblock_type].kind == PreblockKind::Internet
        })
    }

    fn r6_valid(
        &self,
        practitioner: &Practitioner,
        preblock: &Preblock,
    ) -> Result<&PreblockType, NotBookable> {
        let preblock_type = &self.setup.preblock_types[&preblock.preblock_type];
        if !practitioner.active {
            return Err(NotBookable::PractitionerInactive);
        }
        if !preblock_type.active {
            return Err(NotBookable::TypeInactive(preblock_type.id.clone()));
        }
        match &preblock_type.valid_for {
            ValidFor::Only(chosen) if !chosen.iter().any(|id| *id == practitioner.id) => {
                Err(NotBookable::TypeNotValid(preblock_type.id.clone()))
            }
            _ => Ok(preblock_type),
        }
    }

    /// In force while today < D − N, so the last day in force is the one before D − N.
    fn r7_in_force(
        &self,
        preblock: &Preblock,
        preblock_type: &PreblockType,
    ) -> Result<(), NotBookable> {
        let Some(days_before) = preblock_type.expires_days_before else { return Ok(()) };
        let mut ends = preblock.interval.start().date();
        for _ in 0..days_before {
            ends = ends.pred_opt().unwrap();
        }
        if self.now.date() < ends {
            return Ok(());
        }
        Err(NotBookable::Expired { last_day: ends.pred_opt().unwrap() })
    }

    fn r4_r5_template(
        &self,
        practitioner: &Practitioner,
        template: &BookingTemplate,
    ) -> Result<(), NotBookable> {
        if !template.active {
            return Err(NotBookable::TemplateInactive);
        }
        if !template.online {
            return Err(NotBookable::TemplateNotOnline);
        }
        let company = &self.setup.companies[&practitioner.company];
        let organisation = &self.setup.organisations[&company.organisation];
        for (level, lists) in [
            (ListLevel::Practitioner, &practitioner.lists),
            (ListLevel::Company, &company.lists),
            (ListLevel::Organisation, &organisation.lists),
        ] {
            let Some(list) = &lists.online_template_list else { continue };
            let shown = &self.setup.template_lists[list].items;
            if shown.contains(&template.id) {
                return Ok(());
            }
            return Err(NotBookable::NotInList { level, list: Some(list.clone()) });
        }
        Ok(())
    }

    fn r1_scheduled(
        &self,
        practitioner: &Practitioner,
        inside: &[CivilTime],
    ) -> Result<(), NotBookable> {
        let scheduled = inside.iter().all(|minute| {
            self.sessions.iter().any(|session| {
                session.practitioner == practitioner.id && holds(session.interval, *minute)
            })
        });
        if scheduled { Ok(()) } else { Err(NotBookable::OutsideSchedule) }
    }

    fn r8_notice_and_horizon(&self, start: CivilTime) -> Result<(), NotBookable> {
        let online = &self.setup.online;
        let notice = TimeDelta::minutes(online.notice_minutes.into());
        let earliest = CivilTime::from(self.now.to_chrono() + notice);
        if start < earliest {
            return Err(NotBookable::TooSoon { earliest });
        }
        let last_day = self.now.date() + Days::new(online.horizon_days.into());
        if start.date() > last_day {
            return Err(NotBookable::TooFarAhead { last_day });
        }
        Ok(())
    }

    fn r2_bookings(
        &self,
        practitioner: &Practitioner,
        inside: &[CivilTime],
    ) -> Result<(), NotBookable> {
        for minute in inside {
            let in_the_way = self.bookings.iter().find(|booking| {
                booking.practitioner == practitioner.id
                    && booking.state == BookingState::Booked
                    && holds(booking.interval, *minute)
            });
            if let Some(booking) = in_the_way {
                return Err(NotBookable::Booked(booking.interval));
            }
        }
        Ok(())
    }

    fn r9_resources(
        &self,
        template: &BookingTemplate,
        inside: &[CivilTime],
    ) -> Result<(), NotBookable> {
        for code in template.resources.to_string().chars().map(ResourceCode) {
            let Some(resource) = self.setup.resources.get(&code) else {
                return Err(NotBookable::Resource(LackingResource::Unknown(code)));
            };
            for minute in inside {
                let held = self.bookings.iter().filter(|booking| {
                    booking.state == BookingState::Booked
                        && booking.resources.to_string().contains(code.0)
                        && holds(booking.interval, *minute)
                });
                if held.count() >= resource.capacity as usize {
                    return Err(NotBookable::Resource(LackingResource::Full(code)));
                }
            }
        }
        Ok(())
    }
}

fn holds(interval: Interval, minute: CivilTime) -> bool {
    interval.start() <= minute && minute < interval.end()
}

/// R2: counts the grid out from the preblock's start.
fn r2_on_grid(
    preblock: &Preblock,
    template: &BookingTemplate,
    asked: CivilTime,
) -> Result<(), NotBookable> {
    let minutes = template.minutes.minutes();
    let mut starts = Vec::new();
    let mut start = preblock.interval.start();
    while start + minutes <= preblock.interval.end() {
        starts.push(start);
        start = start + minutes;
    }
    if starts.is_empty() {
        let preblock = preblock.interval.length();
        return Err(NotBookable::PreblockTooShort { preblock, template: minutes });
    }
    if starts.contains(&asked) {
        return Ok(());
    }
    Err(NotBookable::OffGrid {
        before: starts.iter().copied().rfind(|start| *start < asked),
        after: starts.iter().copied().find(|start| *start > asked),
    })
}

fn r3_category(
    preblock_type: &PreblockType,
    template: &BookingTemplate,
) -> Result<(), NotBookable> {
    if !preblock_type.allow || preblock_type.categories.is_empty() {
        return Err(NotBookable::NothingAllowed(preblock_type.id.clone()));
    }
    if !preblock_type.categories.iter().any(|category| *category == template.category) {
        return Err(NotBookable::CategoryNotAllowed {
            preblock_type: preblock_type.id.clone(),
            category: template.category.clone(),
        });
    }
    Ok(())
}

/// The days on which the clinics' books are written; each is asked about with a day on both sides.
pub const BASES: [(i32, u32, u32); 4] =
    [(2026, 3, 28), (2026, 10, 24), (2026, 11, 25), (2026, 12, 31)];

pub fn base(index: usize) -> NaiveDate {
    let (year, month, day) = BASES[index];
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// For every civil minute around the bases, the UTC offset of each instant that shows it.
static OFFSETS: LazyLock<HashMap<CivilTime, Vec<i32>>> = LazyLock::new(|| {
    let mut offsets = HashMap::<CivilTime, Vec<i32>>::new();
    for date in (0..BASES.len()).map(base) {
        let first: DateTime<chrono::Utc> =
            (date - Days::new(3)).and_time(Default::default()).and_utc();
        for instant in (0..8 * 24 * 60).map(|n| first + TimeDelta::minutes(n)) {
            let offset = Tz::Europe__Stockholm.offset_from_utc_datetime(&instant.naive_utc()).fix();
            let civil = instant.naive_utc() + offset;
            offsets.entry(civil.into()).or_default().push(offset.local_minus_utc());
        }
    }
    offsets
});

/// Start and end each exist exactly once, and with the same offset.
fn one_offset(start: CivilTime, end: CivilTime) -> Result<(), NotBookable> {
    let offset = |time| match OFFSETS.get(&time).map(Vec::as_slice) {
        Some([offset]) => Some(*offset),
        _ => None,
    };
    match (offset(start), offset(end)) {
        (Some(at_start), Some(at_end)) if at_start == at_end => Ok(()),
        _ => Err(NotBookable::ClockChange),
    }
}
