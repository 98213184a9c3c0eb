//! R11: the resolver against a slow one written from the rules, over thousands of random clinics; and
//! what is free for staff against what a staff booking has to confirm (R13).

mod oracle;

use std::collections::BTreeMap;

use chrono::{NaiveDate, WeekdaySet};
use oracle::{Clinic, clinics};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use tidbok::domain::*;

/// The starts worth asking about: every minute of every preblock, and just outside.
fn starts(clinic: &Clinic) -> Vec<CivilTime> {
    let mut starts: Vec<CivilTime> = clinic
        .preblocks
        .iter()
        .flat_map(|preblock| {
            let minutes = preblock.interval.length().0;
            (-2..minutes + 2).map(|n| preblock.interval.start() + Minutes(n))
        })
        .collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

fn assert_same_answers(clinic: &Clinic) -> Result<(), TestCaseError> {
    let resources = clinic.resource_use();
    let resolver = Resolver::new(&clinic.setup, &resources, clinic.now);
    for practitioner in clinic.setup.practitioners.keys() {
        let calendar = clinic.calendar(practitioner);
        let listed = resolver.slots(practitioner, &calendar, clinic.days);
        prop_assert_eq!(&listed, &clinic.slots(practitioner), "slots of {}", practitioner);
        for start in starts(clinic) {
            for template in clinic.setup.templates.keys() {
                let why = resolver.why(practitioner, template, start, &calendar).unwrap();
                let expected = clinic.why(practitioner, template, start);
                prop_assert_eq!(&why, &expected, "{} {} {:?}", practitioner, template, start);
                if clinic.days.contains(start.date()) {
                    let is_listed = listed
                        .iter()
                        .any(|slot| slot.template == *template && slot.interval.start() == start);
                    prop_assert_eq!(why.is_ok(), is_listed, "listed and why disagree");
                }
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 2500, failure_persistence: None, ..Config::default() })]

    #[test]
    fn r11_slots_and_reasons_are_those_of_the_rules_minute_by_minute(clinic in clinics()) {
        assert_same_answers(&clinic)?;
    }
}

/// The random clinics would prove little if they never came to some of the reasons.
#[test]
fn r11_the_random_clinics_meet_every_reason_and_offer_times() {
    let mut runner = TestRunner::deterministic();
    let mut met = BTreeMap::<String, usize>::new();
    for _ in 0..300 {
        let clinic = clinics().new_tree(&mut runner).unwrap().current();
        for practitioner in clinic.setup.practitioners.keys() {
            for start in starts(&clinic) {
                for template in clinic.setup.templates.keys() {
                    let answer = match clinic.why(practitioner, template, start) {
                        Ok(_) => "Bookable".to_owned(),
                        Err(reason) => format!("{reason:?}"),
                    };
                    let name: String =
                        answer.chars().take_while(char::is_ascii_alphabetic).collect();
                    *met.entry(name).or_default() += 1;
                }
            }
        }
    }
    for reason in [
        "Bookable",
        "Paused",
        "CompanyPaused",
        "NoPreblock",
        "OffGrid",
        "PreblockTooShort",
        "PractitionerInactive",
        "TypeInactive",
        "TypeNotValid",
        "Expired",
        "NothingAllowed",
        "CategoryNotAllowed",
        "TemplateInactive",
        "TemplateNotOnline",
        "NotInList",
        "OutsideSchedule",
        "TooSoon",
        "TooFarAhead",
        "Booked",
        "Resource",
        "ClockChange",
    ] {
        assert!(met.get(reason).is_some_and(|times| *times >= 5), "{reason} is too rare: {met:?}");
    }
}

/// Every random clinic, asked at and about extreme dates, with a preblock as long as time.
#[test]
fn the_resolver_answers_at_every_date_with_every_setting() {
    let mut runner = TestRunner::deterministic();
    let date = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let dates =
        [NaiveDate::MIN, date(-1), date(1000), date(2026), date(6054), date(9999), NaiveDate::MAX];
    for (first, last) in dates.iter().zip(dates.iter().skip(1)) {
        for number in [0, 1, u32::MAX] {
            let mut clinic = clinics().new_tree(&mut runner).unwrap().current();
            clinic.setup.online = OnlineSettings {
                horizon_days: number,
                notice_minutes: number,
                ..OnlineSettings::default()
            };
            for preblock_type in clinic.setup.preblock_types.values_mut() {
                preblock_type.expires_days_before = Some(number);
                let _ = preblock_type.in_force(*first, *last);
            }
            let whole = Interval::new(CivilTime::start_of(*first), CivilTime::start_of(*last));
            clinic.preblocks.truncate(1);
            clinic.preblocks[0].interval = whole.unwrap();
            let practitioner = clinic.preblocks[0].practitioner.clone();
            let calendar = clinic.calendar(&practitioner);
            let resources = clinic.resource_use();
            for now in [*first, *last] {
                let resolver =
                    Resolver::new(&clinic.setup, &resources, CivilTime::at(now, Minutes(700)));
                for asked in [*first, *last] {
                    resolver.slots(&practitioner, &calendar, DateRange::new(asked, 3));
                    for template in clinic.setup.templates.keys() {
                        let start = CivilTime::at(asked, Minutes(601));
                        resolver.why(&practitioner, template, start, &calendar).unwrap().ok();
                    }
                }
            }
        }
    }
}

/// A preblock and a session over a whole year: the two nights still offer nothing that is not
/// plain, and the grid runs on beyond them by the clock.
#[test]
fn a_preblock_over_a_year_knows_both_clock_changes() {
    let mut runner = TestRunner::deterministic();
    let mut clinic = clinics().new_tree(&mut runner).unwrap().current();
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let year =
        Interval::new(CivilTime::start_of(day(1, 1)), CivilTime::start_of(day(12, 31))).unwrap();
    let practitioner = clinic.setup.practitioners.values().next().unwrap().clone();
    let practitioner = Practitioner { active: true, lists: ListChoices::default(), ..practitioner };
    let preblock = Preblock {
        practitioner: practitioner.id.clone(),
        interval: year,
        ..clinic.preblocks[0].clone()
    };
    let session =
        WorkSession { id: "all".into(), practitioner: practitioner.id.clone(), interval: year };
    clinic.setup.online = OnlineSettings { horizon_days: 400, ..OnlineSettings::default() };
    clinic.setup.organisations.values_mut().for_each(|one| one.lists = ListChoices::default());
    clinic.setup.companies.values_mut().for_each(|one| {
        one.paused = false;
        one.lists = ListChoices::default();
    });
    clinic.setup.preblock_types.values_mut().for_each(|one| {
        *one = PreblockType {
            kind: PreblockKind::Internet,
            valid_for: ValidFor::Everyone,
            allow: true,
            categories: ["a".into()].into(),
            expires_days_before: None,
            active: true,
            ..one.clone()
        };
    });
    clinic.setup.templates.retain(|id, _| id.as_str() == "t0");
    clinic.setup.templates.values_mut().for_each(|one| {
        *one = BookingTemplate {
            minutes: TemplateMinutes::new(30).unwrap(),
            category: "a".into(),
            resources: ResourceCodes::default(),
            online: true,
            active: true,
            ..one.clone()
        };
    });
    clinic.setup.practitioners = [(practitioner.id.clone(), practitioner.clone())].into();
    clinic.now = CivilTime::start_of(day(1, 1));
    clinic.sessions = vec![session];
    clinic.preblocks = vec![preblock];
    clinic.bookings = Vec::new();
    let resources = clinic.resource_use();
    let resolver = Resolver::new(&clinic.setup, &resources, clinic.now);
    let calendar = clinic.calendar(&practitioner.id);
    for (first, count) in [(day(3, 29), 45), (day(10, 25), 45), (day(6, 1), 48)] {
        let slots = resolver.slots(&practitioner.id, &calendar, DateRange::new(first, 1));
        assert_eq!(slots.len(), count, "{first}");
    }
    let all = resolver.slots(&practitioner.id, &calendar, DateRange::new(day(1, 2), 363));
    assert_eq!(all.len(), 363 * 48 - 6);
}

/// A staff booking of a template at a time.
fn staff_booking(template: &BookingTemplate, interval: Interval) -> Booking {
    Booking {
        id: "new".into(),
        practitioner: "AE".into(),
        interval,
        category: template.category.clone(),
        template: Some(template.id.clone()),
        patient: None,
        text: String::new(),
        resources: template.resources.clone(),
        registered_by: "AE".into(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    }
}

proptest! {
    #![proptest_config(Config { cases: 1000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn r13_what_is_free_for_staff_is_booked_without_a_word_and_holds_all_that_patients_see(
        clinic in clinics()
    ) {
        let resources = clinic.resource_use();
        let resolver = Resolver::new(&clinic.setup, &resources, clinic.now);
        let suiting = Suiting { weekdays: WeekdaySet::ALL, part: PartOfDay::WHOLE };
        for practitioner in clinic.setup.practitioners.keys() {
            let calendar = clinic.calendar(practitioner);
            let seen = resolver.slots(practitioner, &calendar, clinic.days);
            for template in clinic.setup.templates.values() {
                let search = FreeSearch {
                    setup: &clinic.setup, template, suiting, resources: &resources, now: clinic.now,
                };
                let free = search.times(practitioner, &calendar, clinic.days);
                prop_assert!(free.is_sorted());
                for time in &free {
                    let booking = staff_booking(template, *time);
                    let asked =
                        judge_booking(&clinic.setup, &calendar, &resources, &booking, clinic.now);
                    prop_assert_eq!(asked, Ok(Vec::new()), "{} {}", template.id.as_str(), time);
                    prop_assert!(time.start() >= clinic.now && clinic.setup.zone.is_plain(*time));
                    prop_assert!(clinic.days.contains(time.start().date()));
                    prop_assert_eq!(time.length(), template.minutes.minutes());
                }
                let missed = seen.iter().find(|slot| {
                    slot.template == template.id
                        && slot.interval.start() >= clinic.now
                        && !free.contains(&slot.interval)
                });
                prop_assert_eq!(missed, None, "patients see it and staff do not find it");
            }
        }
    }
}
