//! R11: the resolver against a slow one written from the rules, over thousands of random clinics.

mod oracle;

use std::collections::BTreeMap;

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
    #![proptest_config(Config { cases: 2000, failure_persistence: None, ..Config::default() })]

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
