//! How fast bookable times are found, from memory, on one core.
//!
//! The clinic: 200 practitioners who work five days a week, morning and afternoon, with two to
//! three Internet preblocks and eight bookings a day; five online templates, two resources.

mod common;

use std::hint::black_box;
use std::time::Duration;

use chrono::{Datelike, NaiveDate};
use common::setup;
use criterion::{Criterion, criterion_group, criterion_main};
use tidbok::domain::*;

const PRACTITIONERS: usize = 200;
const HORIZON_DAYS: u32 = 90;

struct Clinic {
    setup: Setup,
    books: Vec<(PractitionerId, Calendar)>,
    resources: ResourceUse,
    now: CivilTime,
}

impl Clinic {
    /// Books from `first` for so many days, asked at seven in the morning on `today`.
    fn new(practitioners: usize, first: NaiveDate, days: u32, today: NaiveDate) -> Self {
        let mut setup = setup(practitioners);
        setup.online.horizon_days = HORIZON_DAYS;
        let mut steps = Vec::new();
        let books = setup
            .practitioners
            .keys()
            .enumerate()
            .map(|(n, id)| (id.clone(), book(n, id, DateRange::new(first, days), &mut steps)))
            .collect();
        let resources = ResourceUse::new(setup.resources.values(), steps);
        Self { setup, books, resources, now: CivilTime::at(today, Minutes(7 * 60)) }
    }

    fn slots(&self, practitioners: usize, days: DateRange) -> usize {
        let resolver = Resolver::new(&self.setup, &self.resources, self.now);
        let books = self.books.iter().take(practitioners);
        books.map(|(id, calendar)| black_box(resolver.slots(id, calendar, days)).len()).sum()
    }
}

/// The working days of one practitioner.
fn book(
    n: usize,
    practitioner: &PractitionerId,
    days: DateRange,
    steps: &mut Vec<ResourceStep>,
) -> Calendar {
    let (mut sessions, mut preblocks, mut bookings) = (Vec::new(), Vec::new(), Vec::new());
    for date in days.iter().filter(|date| date.weekday().number_from_monday() <= 5) {
        let at = |from: i32, to: i32| {
            let time = |minute| CivilTime::at(date, Minutes(minute));
            Interval::new(time(from), time(to)).expect("from is before to")
        };
        for (from, to) in [(8 * 60, 12 * 60), (13 * 60, 17 * 60)] {
            let id = WorkSessionId::new(format!("{practitioner}-{date}-{from}"));
            let practitioner = practitioner.clone();
            sessions.push(WorkSession { id, practitioner, interval: at(from, to) });
        }
        let third = (n + date.day0() as usize).is_multiple_of(2);
        let laid = [(480, 630, "e-us"), (780, 900, "e-alla"), (930, 1020, "e-alla")];
        for (from, to, preblock_type) in laid.into_iter().take(2 + usize::from(third)) {
            preblocks.push(Preblock {
                id: PreblockId::new(format!("{practitioner}-{date}-{from}")),
                practitioner: practitioner.clone(),
                preblock_type: preblock_type.into(),
                interval: at(from, to),
            });
        }
        for k in 0..8 {
            let from = 480 + k * 65 + i32::try_from((n * 7 + k as usize * 13) % 25).unwrap_or(0);
            let code = ["", "R", "", "S"][(n + k as usize) % 4];
            for code in code.chars().map(ResourceCode) {
                steps.extend(ResourceStep::of(code, at(from, from + 40)));
            }
            bookings.push(Booking {
                id: BookingId::new(format!("{practitioner}-{date}-{k}")),
                practitioner: practitioner.clone(),
                interval: at(from, from + 40),
                category: "us".into(),
                template: None,
                patient: None,
                text: String::new(),
                resources: ResourceCodes::parse(code).expect("distinct characters"),
                registered_by: "AE".into(),
                state: BookingState::Booked,
                portal_id: None,
                identification: Identification::Unverified,
            });
        }
    }
    Calendar::new(sessions, preblocks, bookings)
}

fn slots(criterion: &mut Criterion) {
    let today = NaiveDate::from_ymd_opt(2026, 9, 1).expect("a date");
    let all_days = DateRange::new(today, HORIZON_DAYS);
    let week = DateRange::new(NaiveDate::from_ymd_opt(2026, 10, 5).expect("a date"), 7);
    let ahead = Clinic::new(PRACTITIONERS, today, HORIZON_DAYS, today);
    let ten_years_ago = NaiveDate::from_ymd_opt(2017, 1, 1).expect("a date");
    let ten_years = Clinic::new(1, ten_years_ago, 3652, today);
    println!(
        "{} bookable times in 90 days, {} of one practitioner in one week",
        ahead.slots(PRACTITIONERS, all_days),
        ahead.slots(1, week),
    );
    let mut group = criterion.benchmark_group("slots");
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    group.bench_function("200 practitioners, 90 days", |bencher| {
        bencher.iter(|| ahead.slots(PRACTITIONERS, all_days));
    });
    group.bench_function("1 practitioner, 1 week of 90 days", |bencher| {
        bencher.iter(|| ahead.slots(1, week));
    });
    group.bench_function("1 practitioner, 1 week of 10 years", |bencher| {
        bencher.iter(|| ten_years.slots(1, week));
    });
    group.finish();
}

criterion_group!(benches, slots);
criterion_main!(benches);
