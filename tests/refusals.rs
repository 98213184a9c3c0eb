//! What every refusal says on screen, in Swedish and in English: the same things, by the same names.

#[path = "common/registers.rs"]
mod registers;

use chrono::NaiveDate;
use tidbok::domain::*;
use tidbok::texts::{Language, confirmation, not_bookable, permission_name, refusal};

use registers::{practitioner, preblock_type, template};

/// What stands in the sentences, each under an id that stands in no name.
const NAMES: [(&str, &str); 5] = [
    ("id-practitioner", "Anna Ek"),
    ("id-type", "E-tid undersökning"),
    ("id-template", "Akut 20 min"),
    ("id-category", "Röntgen"),
    ("id-list", "E-tidbok Storgatan"),
];

/// What is told as it is: signatures, permissions, characters, times, and ids that the clinic lacks.
const AS_THEY_ARE: [&str; 9] =
    ["REC", "preblock.internet", "stray", "09:00", "10:00", "25", "104", "1000", "Q"];

fn setup() -> Setup {
    let [(anna, anna_name), (kind, kind_name), (us, us_name), (xray, xray_name), (web, web_name)] =
        NAMES;
    let anna = Practitioner { name: anna_name.into(), ..practitioner(anna, "c") };
    let kind = PreblockType { name: kind_name.into(), ..preblock_type(kind) };
    let us = BookingTemplate { name: us_name.into(), ..template(us) };
    let xray = Category { id: xray.into(), name: xray_name.into() };
    let web = TemplateList {
        id: web.into(),
        name: web_name.into(),
        owner: ListOwner::All,
        items: Vec::new(),
    };
    Setup {
        practitioners: [(anna.id.clone(), anna)].into(),
        preblock_types: [(kind.id.clone(), kind)].into(),
        templates: [(us.id.clone(), us)].into(),
        categories: [(xray.id.clone(), xray)].into(),
        template_lists: [(web.id.clone(), web)].into(),
        ..Setup::default()
    }
}

fn start() -> CivilTime {
    "2026-11-25T09:00".parse().unwrap()
}

fn hour() -> Interval {
    Interval::new(start(), start() + Minutes(60)).unwrap()
}

fn day() -> NaiveDate {
    start().date()
}

fn not_bookables() -> Vec<NotBookable> {
    use NotBookable::*;
    let list = |level| NotInList { level, list: Some("id-list".into()) };
    vec![
        Paused,
        CompanyPaused,
        NoPreblock,
        OffGrid { before: None, after: None },
        OffGrid { before: Some(start()), after: None },
        OffGrid { before: Some(start()), after: Some(hour().end()) },
        PreblockTooShort { preblock: Minutes(25), template: Minutes(104) },
        PractitionerInactive,
        TypeInactive("id-type".into()),
        TypeNotValid("id-type".into()),
        Expired { last_day: day() },
        NothingAllowed("id-type".into()),
        CategoryNotAllowed { preblock_type: "id-type".into(), category: "id-category".into() },
        TemplateInactive,
        TemplateNotOnline,
        list(ListLevel::Practitioner),
        list(ListLevel::Company),
        list(ListLevel::Organisation),
        OutsideSchedule,
        TooSoon { earliest: start() },
        TooFarAhead { last_day: day() },
        Booked(hour()),
        Resource(LackingResource::Unknown(ResourceCode('Q'))),
        Resource(LackingResource::Full(ResourceCode('Q'))),
        ClockChange,
    ]
}

fn not_changeables() -> Vec<NotChangeable> {
    vec![
        NotChangeable::NotFromPortal,
        NotChangeable::AnotherPerson,
        NotChangeable::Cancelled,
        NotChangeable::Template,
        NotChangeable::Settings,
        NotChangeable::TooLate { deadline: start() },
        NotChangeable::AnotherCompany,
    ]
}

fn confirmations() -> Vec<Confirmation> {
    vec![
        Confirmation::BypassPreblock("id-type".into()),
        Confirmation::OutsideSchedule,
        Confirmation::BeyondCapacity(LackingResource::Unknown(ResourceCode('Q'))),
        Confirmation::BeyondCapacity(LackingResource::Full(ResourceCode('Q'))),
    ]
}

fn nothing_to_do() -> [NothingToDo; 10] {
    [
        NothingToDo::NoTime,
        NothingToDo::AllCovered,
        NothingToDo::NoPreblock,
        NothingToDo::AllScheduled,
        NothingToDo::NothingScheduled,
        NothingToDo::EmptyScheduleWeek,
        NothingToDo::EmptyPreblockWeek,
        NothingToDo::AlreadyRepeated,
        NothingToDo::NothingPublished,
        NothingToDo::Unchanged,
    ]
}

fn refusals() -> Vec<Refusal> {
    let who = || "REC".to_owned();
    let fault = |field, problem| Fault { field, problem };
    let in_book_of = |refusal| Refusal::InBookOf {
        practitioner: "id-practitioner".into(),
        refusal: Box::new(refusal),
    };
    let meanwhile = |how| Refusal::BookingMeanwhile { how, who: who(), when: start() };
    let mut all = vec![
        Refusal::Permission { user: who(), permission: Permission::PreblockInternet },
        Refusal::InactiveUser(who()),
        Refusal::UnknownPractitioner("stray".into()),
        Refusal::InactivePractitioner("id-practitioner".into()),
        Refusal::UnknownPreblockType("stray".into()),
        Refusal::InactivePreblockType("id-type".into()),
        Refusal::TypeNotValid("id-type".into()),
        Refusal::Code("id-type".into()),
        Refusal::UnknownTemplate("stray".into()),
        Refusal::InactiveTemplate("id-template".into()),
        Refusal::UnknownCategory,
        Refusal::UnknownPatient,
        Refusal::UnknownUser,
        Refusal::SelfOverlap(hour()),
        Refusal::PreblockInTheWay(vec![hour()]),
        Refusal::BookingInTheWay(hour()),
        Refusal::MayNotBypass("id-type".into()),
        Refusal::NeedsConfirmation(confirmations()),
        Refusal::Gone,
        Refusal::AlreadyCancelled,
        Refusal::RepeatsNothing,
        Refusal::RepeatsTooFar(104),
        Refusal::NotYours,
        Refusal::TouchedSince { who: who(), when: start() },
        Refusal::PatientsChange,
        Refusal::OnlineOnly,
        Refusal::NothingOffered,
        Refusal::TextTooLong(1000),
        Refusal::Faults(vec![
            fault(Field::Name, Problem::TooLong(104)),
            fault(Field::Horizon, Problem::OutOfRange { from: 25, to: 1000 }),
        ]),
        Refusal::ChangedMeanwhile { who: who(), when: start() },
        meanwhile(Meanwhile::Cancelled),
        meanwhile(Meanwhile::Moved { practitioner: "id-practitioner".into(), interval: hour() }),
        meanwhile(Meanwhile::ForAnother),
        Refusal::NotAsShown,
        in_book_of(Refusal::TypeNotValid("id-type".into())),
        in_book_of(Refusal::BookingInTheWay(hour())),
        Refusal::NotEmpty,
    ];
    all.extend(nothing_to_do().map(Refusal::NothingToDo));
    all.extend(not_bookables().into_iter().map(Refusal::NotBookable));
    all.extend(not_changeables().into_iter().map(Refusal::NotChangeable));
    all
}

/// Whether `sentence` begins with a rule's number, such as `R12: `.
fn begins_with_a_rule(sentence: &str) -> bool {
    let number = sentence.strip_prefix('R').and_then(|rest| rest.split_once(": "));
    number.is_some_and(|(number, _)| number.chars().all(|it| it.is_ascii_digit()))
}

/// Both sentences tell the same, by name.
fn tell_alike(what: &str, told: impl Fn(Language) -> String) {
    let (swedish, english) = (told(Language::Swedish), told(Language::English));
    assert_ne!(swedish, english, "{what}");
    for (id, name) in NAMES {
        assert_eq!(swedish.contains(name), english.contains(name), "{name}: {swedish} / {english}");
        for sentence in [&swedish, &english] {
            assert!(!sentence.contains(id), "{sentence}");
        }
    }
    for told in AS_THEY_ARE {
        assert_eq!(swedish.contains(told), english.contains(told), "{told}: {swedish} / {english}");
    }
    for sentence in [&swedish, &english] {
        let first = sentence.chars().next();
        assert!(first.is_some_and(char::is_uppercase), "{sentence}");
        assert!(!begins_with_a_rule(sentence), "{sentence}");
        assert!(!sentence.contains('{') && !sentence.contains("Some("), "{sentence}");
    }
}

#[test]
fn every_refusal_tells_the_same_names_in_both_languages() {
    let setup = setup();
    for reason in refusals() {
        tell_alike(&format!("{reason:?}"), |language| refusal(language, &reason, &setup));
    }
}

#[test]
fn r11_every_reason_why_a_time_is_not_bookable_tells_the_same_names_in_both_languages() {
    let setup = setup();
    for reason in not_bookables() {
        tell_alike(&format!("{reason:?}"), |language| not_bookable(language, &reason, &setup));
    }
}

#[test]
fn r13_every_question_before_a_booking_tells_the_same_names_in_both_languages() {
    let setup = setup();
    for what in confirmations() {
        tell_alike(&format!("{what:?}"), |language| confirmation(language, &what, &setup));
    }
}

#[test]
fn what_the_refusals_are_about_stands_in_them_by_its_name() {
    let setup = setup();
    let all: Vec<String> = refusals()
        .iter()
        .flat_map(|reason| Language::ALL.map(|language| refusal(language, reason, &setup)))
        .collect();
    for (_, name) in NAMES {
        let told = all.iter().filter(|sentence| sentence.contains(name)).count();
        assert!(told >= 2 && told.is_multiple_of(2), "{name}: {told}");
    }
}

#[test]
fn r17_every_permission_is_told_by_its_name_and_its_key() {
    for permission in Permission::ALL.iter().copied() {
        let reason = Refusal::Permission { user: "REC".to_owned(), permission };
        let named = Language::ALL.map(|language| {
            let name = permission_name(language, permission);
            let told = refusal(language, &reason, &Setup::default());
            assert!(told.contains(&format!("{name} ({})", permission.key())), "{told}");
            name
        });
        assert_ne!(named[0], named[1]);
    }
}

#[test]
fn what_has_no_name_is_told_by_its_id() {
    let reason = Refusal::InactiveTemplate("us30".into());
    for language in Language::ALL {
        let told = refusal(language, &reason, &Setup::default());
        assert!(told.contains(" us30 "), "{told}");
    }
}
