//! R12, R13, R18, R19: what a change makes of a book, planned without a store.

#[path = "common/registers.rs"]
mod registers;

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday, WeekdaySet};
use tidbok::domain::*;

const MONDAY: &str = "2026-11-23";

fn at(text: &str) -> CivilTime {
    text.parse().expect("a time")
}

fn date(text: &str) -> NaiveDate {
    parse_date(text).expect("a date")
}

/// `"09:00-11:00"` on the Monday, or `"2026-11-24 09:00-11:00"`.
fn stretch(text: &str) -> Interval {
    let (date, clock) = text.split_once(' ').unwrap_or((MONDAY, text));
    let (start, end) = clock.split_once('-').expect("from-to");
    Interval::new(at(&format!("{date}T{start}")), at(&format!("{date}T{end}"))).expect("interval")
}

fn stretches(texts: &[&str]) -> Vec<Interval> {
    texts.iter().map(|text| stretch(text)).collect()
}

fn preblock_type(id: &str, kind: PreblockKind) -> PreblockType {
    PreblockType {
        id: id.into(),
        name: id.to_owned(),
        text: String::new(),
        color: Color { red: 0, green: 100, blue: 0 },
        kind,
        valid_for: ValidFor::Everyone,
        may_bypass: true,
        allow: true,
        categories: BTreeSet::from(["us".into()]),
        expires_days_before: None,
        code: None,
        active: true,
    }
}

/// A clinic with one practitioner, an Internet type `e`, and an internal `lunch` not to be bypassed.
fn setup() -> Setup {
    let mut setup = Setup::default();
    let organisation =
        Organisation { id: "o".into(), name: "O".into(), lists: ListChoices::default() };
    setup.organisations.insert("o".into(), organisation);
    let company = Company {
        id: "c".into(),
        organisation: "o".into(),
        name: "C".into(),
        org_number: None,
        address: None,
        phone: None,
        email: None,
        portal_text: None,
        paused: false,
        lists: ListChoices::default(),
    };
    setup.companies.insert("c".into(), company);
    let practitioner = Practitioner {
        id: "AE".into(),
        company: "c".into(),
        signature: "AE".into(),
        name: "Anna".into(),
        title: String::new(),
        active: true,
        lists: ListChoices::default(),
    };
    setup.practitioners.insert("AE".into(), practitioner);
    setup.categories.insert("us".into(), Category { id: "us".into(), name: "US".into() });
    setup.preblock_types.insert("e".into(), preblock_type("e", PreblockKind::Internet));
    let lunch = PreblockType {
        may_bypass: false,
        allow: false,
        categories: BTreeSet::new(),
        ..preblock_type("lunch", PreblockKind::Internal)
    };
    setup.preblock_types.insert("lunch".into(), lunch);
    setup
}

fn preblock(id: &str, type_id: &str, text: &str) -> Preblock {
    Preblock {
        id: id.into(),
        practitioner: "AE".into(),
        preblock_type: type_id.into(),
        interval: stretch(text),
    }
}

fn session(id: &str, text: &str) -> WorkSession {
    WorkSession { id: id.into(), practitioner: "AE".into(), interval: stretch(text) }
}

fn booking(id: &str, text: &str) -> Booking {
    Booking {
        id: id.into(),
        practitioner: "AE".into(),
        interval: stretch(text),
        category: "us".into(),
        template: None,
        patient: None,
        text: String::new(),
        resources: ResourceCodes::default(),
        registered_by: "AE".into(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    }
}

fn with_preblocks(preblocks: &[(&str, &str, &str)]) -> Calendar {
    let preblocks = preblocks.iter().map(|(id, kind, text)| preblock(id, kind, text)).collect();
    Calendar::new(Vec::new(), preblocks, Vec::new())
}

fn counter<I: for<'a> From<&'a str>>() -> impl FnMut() -> I {
    let mut next = 0;
    move || {
        next += 1;
        I::from(format!("new{next}").as_str())
    }
}

fn lay(
    calendar: &Calendar,
    intervals: &[&str],
    overlap: OverlapChoice,
) -> Result<Vec<Change>, Refusal> {
    let setup = setup();
    let found = &setup.preblock_types[&"e".into()];
    let intervals = stretches(intervals);
    plan_laying(&setup, &"AE".into(), calendar, found, &intervals, overlap, &mut counter())
}

/// What lies in the book after the change, as `type from-to`.
fn laid_after(calendar: &Calendar, changes: &[Change]) -> Vec<String> {
    let after = calendar.changed(changes);
    let line = |preblock: &Preblock| {
        let (start, end) = (preblock.interval.start(), preblock.interval.end());
        format!("{} {}-{}", preblock.preblock_type, start.clock(), end.clock())
    };
    after.preblocks().iter().map(line).collect()
}

#[test]
fn r12_laying_over_a_preblock_by_choice() {
    let calendar = with_preblocks(&[("a", "lunch", "11:00-13:00")]);
    type Row<'a> = (&'a [&'a str], OverlapChoice, &'a [&'a str]);
    let table: &[Row<'_>] = &[
        (&["09:00-11:00"], OverlapChoice::Refuse, &["e 09:00-11:00", "lunch 11:00-13:00"]),
        (&["13:00-14:00"], OverlapChoice::Refuse, &["lunch 11:00-13:00", "e 13:00-14:00"]),
        (&["10:00-12:00"], OverlapChoice::Replace, &["e 10:00-12:00", "lunch 12:00-13:00"]),
        (
            &["11:30-12:00"],
            OverlapChoice::Replace,
            &["lunch 11:00-11:30", "e 11:30-12:00", "lunch 12:00-13:00"],
        ),
        (
            &["11:15-11:30", "12:00-12:10"],
            OverlapChoice::Replace,
            &[
                "lunch 11:00-11:15",
                "e 11:15-11:30",
                "lunch 11:30-12:00",
                "e 12:00-12:10",
                "lunch 12:10-13:00",
            ],
        ),
        (&["10:00-14:00"], OverlapChoice::Replace, &["e 10:00-14:00"]),
        (
            &["10:00-14:00"],
            OverlapChoice::Fill,
            &["e 10:00-11:00", "lunch 11:00-13:00", "e 13:00-14:00"],
        ),
    ];
    for (intervals, choice, expected) in table {
        let changes = lay(&calendar, intervals, *choice).expect("is laid");
        assert_eq!(laid_after(&calendar, &changes), *expected, "{intervals:?} {choice:?}");
    }
}

/// Whether everything that stands in the book has an id of its own.
fn ids_are_apart(calendar: &Calendar) -> bool {
    let preblocks: BTreeSet<_> = calendar.preblocks().iter().map(|it| &it.id).collect();
    let sessions: BTreeSet<_> = calendar.sessions().iter().map(|it| &it.id).collect();
    preblocks.len() == calendar.preblocks().len() && sessions.len() == calendar.sessions().len()
}

#[test]
fn r12_each_remainder_is_a_preblock_of_its_own() {
    let calendar = with_preblocks(&[("a", "lunch", "11:00-13:00")]);
    let changes = lay(&calendar, &["11:30-12:00"], OverlapChoice::Replace).expect("is laid");
    let after = calendar.changed(&changes);
    assert!(ids_are_apart(&after));
    assert!(after.preblocks().iter().all(|preblock| preblock.id != "a".into()));
}

#[test]
fn r12_what_can_not_be_laid_is_refused() {
    let calendar = with_preblocks(&[("a", "lunch", "11:00-13:00")]);
    let in_the_way = Refusal::PreblockInTheWay(stretches(&["11:00-13:00"]));
    let table = [
        (&["10:00-11:01"][..], OverlapChoice::Refuse, in_the_way),
        (&["11:00-12:00"], OverlapChoice::Fill, Refusal::NothingToDo(NothingToDo::AllCovered)),
        (&[], OverlapChoice::Fill, Refusal::NothingToDo(NothingToDo::NoTime)),
        (
            &["08:00-09:00", "08:59-10:00"],
            OverlapChoice::Refuse,
            Refusal::SelfOverlap(stretch("08:59-10:00")),
        ),
    ];
    for (intervals, choice, expected) in table {
        assert_eq!(lay(&calendar, intervals, choice).err(), Some(expected), "{intervals:?}");
    }
}

#[test]
fn r12_replacing_a_preblock_by_its_like_changes_nothing() {
    let calendar = with_preblocks(&[("a", "e", "09:00-11:00")]);
    let same = lay(&calendar, &["09:00-11:00"], OverlapChoice::Replace).err();
    assert_eq!(same, Some(Refusal::NothingToDo(NothingToDo::AllCovered)));
}

#[test]
fn r18_a_type_with_a_code_is_laid_only_with_it() {
    let mut setup = setup();
    let coded = PreblockType {
        code: Some("7391".to_owned()),
        ..preblock_type("coded", PreblockKind::Internet)
    };
    setup.preblock_types.insert("coded".into(), coded);
    let practitioner: PractitionerId = "AE".into();
    let id: PreblockTypeId = "coded".into();
    assert!(layable(&setup, &practitioner, &id, &["7391"]).is_ok());
    for codes in [&[][..], &[""], &["739"], &["7391 "]] {
        let refusal = layable(&setup, &practitioner, &id, codes).err();
        assert_eq!(refusal, Some(Refusal::Code(id.clone())), "{codes:?}");
    }
}

#[test]
fn r6_only_an_active_type_valid_for_the_practitioner_is_laid() {
    let practitioner: PractitionerId = "AE".into();
    let id: PreblockTypeId = "e".into();
    let mut inactive = setup();
    inactive.preblock_types.entry(id.clone()).and_modify(|found| found.active = false);
    let refusal = layable(&inactive, &practitioner, &id, &[]).err();
    assert_eq!(refusal, Some(Refusal::InactivePreblockType(id.clone())));
    let mut others = setup();
    let only_bl = ValidFor::Only(BTreeSet::from(["BL".into()]));
    others.preblock_types.entry(id.clone()).and_modify(|found| found.valid_for = only_bl);
    let refusal = layable(&others, &practitioner, &id, &[]).err();
    assert_eq!(refusal, Some(Refusal::TypeNotValid(id.clone())));
    let unknown: PreblockTypeId = "x".into();
    let refusal = layable(&setup(), &practitioner, &unknown, &[]).err();
    assert_eq!(refusal, Some(Refusal::UnknownPreblockType(unknown)));
}

#[test]
fn removing_takes_whole_preblocks_and_says_when_one_is_gone() {
    let calendar = with_preblocks(&[("a", "e", "09:00-11:00"), ("b", "lunch", "11:00-12:00")]);
    let changes = plan_removing(&setup(), &calendar, &["a".into()]).expect("removes");
    assert_eq!(laid_after(&calendar, &changes), ["lunch 11:00-12:00"]);
    assert_eq!(changes[0].permissions(), [Permission::PreblockInternet].into());
    let gone = plan_removing(&setup(), &calendar, &["a".into(), "x".into()]).err();
    assert_eq!(gone, Some(Refusal::Gone));
}

#[test]
fn what_patients_can_book_on_some_days_is_withdrawn_whole_and_internal_preblocks_stay() {
    let calendar = with_preblocks(&[
        ("before", "e", "2026-11-22 09:00-11:00"),
        ("over", "e", "2026-11-22 23:00-23:59"),
        ("a", "e", "09:00-11:00"),
        ("lunch", "lunch", "11:00-12:00"),
        ("gone", "x", "13:00-14:00"),
        ("after", "e", "2026-11-24 09:00-11:00"),
    ]);
    let withdraw = |first: &str, days| {
        plan_withdrawing(&setup(), &calendar, DateRange::new(date(first), days))
    };
    let changes = withdraw(MONDAY, 1).expect("withdraws");
    let left: Vec<String> =
        calendar.changed(&changes).preblocks().iter().map(|it| it.id.to_string()).collect();
    assert_eq!(
        left,
        ["before", "over", "lunch", "after"],
        "a type that is gone counts as Internet"
    );
    let nothing = Some(Refusal::NothingToDo(NothingToDo::NothingPublished));
    assert_eq!(withdraw("2026-11-25", 3).err(), nothing);
    assert_eq!(withdraw(MONDAY, 0).err(), nothing);
}

/// What pasting on AE's Monday makes of the book, after it was cut from wherever it stood.
fn paste(
    calendar: &Calendar,
    cut: &[Preblock],
    pasted: &[(&str, &str)],
    overlap: OverlapChoice,
) -> Result<Vec<Change>, Refusal> {
    let wanted = |(id, text): &(&str, &str)| WantedPreblock {
        preblock_type: (*id).into(),
        interval: stretch(text),
    };
    let pasted: Vec<WantedPreblock> = pasted.iter().map(wanted).collect();
    plan_pasting(&setup(), &"AE".into(), calendar, cut, &pasted, overlap, &mut counter())
}

#[test]
fn r12_what_is_cut_is_in_nobodys_way_where_it_is_pasted() {
    let calendar = with_preblocks(&[("a", "e", "09:00-11:00"), ("b", "lunch", "12:00-13:00")]);
    let cut = calendar.preblocks()[..1].to_vec();
    let changes = paste(&calendar, &cut, &[("e", "10:00-12:00")], OverlapChoice::Refuse);
    assert_eq!(
        laid_after(&calendar, &changes.expect("pastes")),
        ["e 10:00-12:00", "lunch 12:00-13:00"]
    );
    let copied = paste(&calendar, &[], &[("e", "13:00-15:00")], OverlapChoice::Refuse);
    assert_eq!(
        laid_after(&calendar, &copied.expect("pastes")),
        ["e 09:00-11:00", "lunch 12:00-13:00", "e 13:00-15:00"]
    );
    let in_the_way = Refusal::PreblockInTheWay(stretches(&["12:00-13:00"]));
    let refused = paste(&calendar, &cut, &[("e", "11:30-13:30")], OverlapChoice::Refuse);
    assert_eq!(refused.err(), Some(in_the_way));
}

#[test]
fn pasting_where_it_was_cut_from_changes_nothing() {
    let calendar = with_preblocks(&[("a", "e", "09:00-11:00"), ("b", "lunch", "12:00-13:00")]);
    let both = calendar.preblocks().to_vec();
    let of_bl: Vec<Preblock> =
        both.iter().map(|it| Preblock { practitioner: "BL".into(), ..it.clone() }).collect();
    let stood = [("e", "09:00-11:00"), ("lunch", "12:00-13:00")];
    let nothing = |why| Some(Refusal::NothingToDo(why));
    let refuse = OverlapChoice::Refuse;
    assert_eq!(paste(&calendar, &both, &[], refuse).err(), nothing(NothingToDo::NoPreblock));
    assert_eq!(paste(&calendar, &both, &stood, refuse).err(), nothing(NothingToDo::Unchanged));
    // Less than was cut, something of another type, something elsewhere, or another's: that is a change.
    for (cut, pasted) in [
        (&both, &stood[..1]),
        (&both, &[("lunch", "09:00-11:00"), ("lunch", "12:00-13:00")]),
        (&both, &[("e", "09:00-11:00"), ("lunch", "12:30-13:30")]),
        (&of_bl, &[("e", "14:00-16:00"), ("lunch", "12:00-13:00")]),
    ] {
        assert!(paste(&calendar, cut, pasted, OverlapChoice::Replace).is_ok(), "{pasted:?}");
    }
    let elsewhere = Calendar::default();
    assert!(paste(&elsewhere, &of_bl, &stood, refuse).is_ok(), "from another's book");
    let covered = paste(&calendar, &[], &stood, OverlapChoice::Fill);
    assert_eq!(covered.err(), nothing(NothingToDo::AllCovered));
}

fn sessions_after(calendar: &Calendar, changes: &[Change]) -> Vec<String> {
    let after = calendar.changed(changes);
    after.sessions().iter().map(|session| session.interval.to_string()).collect()
}

#[test]
fn scheduling_adds_only_what_is_not_scheduled() {
    let calendar = Calendar::new(vec![session("s", "08:00-12:00")], Vec::new(), Vec::new());
    let add = |texts: &[&str]| {
        plan_scheduling(&"AE".into(), &calendar, &stretches(texts), &mut counter())
    };
    let changes = add(&["07:00-13:00"]).expect("adds");
    let after = calendar.changed(&changes);
    assert_eq!(after.scheduled(), [stretch("07:00-13:00")], "the gaps on both sides are filled");
    assert_eq!(changes.len(), 2);
    let refusal = add(&["09:00-10:00"]).err();
    assert_eq!(refusal, Some(Refusal::NothingToDo(NothingToDo::AllScheduled)));
}

#[test]
fn unscheduling_trims_and_splits_sessions() {
    let calendar = Calendar::new(vec![session("s", "08:00-17:00")], Vec::new(), Vec::new());
    let remove = |texts: &[&str]| plan_unscheduling(&calendar, &stretches(texts), &mut counter());
    let changes = remove(&["12:00-13:00", "16:00-18:00"]).expect("removes");
    let expected = stretches(&["08:00-12:00", "13:00-16:00"]);
    assert_eq!(calendar.changed(&changes).scheduled(), expected);
    assert!(ids_are_apart(&calendar.changed(&changes)));
    let refusal = remove(&["06:00-08:00"]).err();
    assert_eq!(refusal, Some(Refusal::NothingToDo(NothingToDo::NothingScheduled)));
}

fn repeat(until: RepeatUntil, red_days: RedDays) -> Repeat {
    Repeat { week: date("2026-12-16"), until, weeks: WeekParity::Every, red_days }
}

/// Week 51 of 2026 with sessions Monday, Thursday and Friday; the next week holds Christmas.
fn before_christmas() -> Calendar {
    let sessions = vec![
        session("mon", "2026-12-14 08:00-12:00"),
        session("thu", "2026-12-17 08:00-12:00"),
        session("fri", "2026-12-18 08:00-12:00"),
        session("old", "2026-12-22 13:00-17:00"),
        session("same", "2026-12-21 08:00-12:00"),
    ];
    let preblocks = vec![
        preblock("p", "e", "2026-12-14 08:00-10:00"),
        preblock("q", "e", "2026-12-18 08:00-10:00"),
    ];
    Calendar::new(sessions, preblocks, Vec::new())
}

#[test]
fn r19_a_repeated_schedule_replaces_the_days_and_skips_red_ones() {
    let calendar = before_christmas();
    let mut setup = setup();
    setup.closed_days.insert(date("2026-12-24"));
    let weeks = repeat(RepeatUntil::Weeks(2), RedDays::Skip);
    let (changes, skipped) =
        plan_repeating_schedule(&setup, &calendar, &weeks, &mut counter()).expect("repeats");
    assert_eq!(
        sessions_after(&calendar, &changes),
        [
            "2026-12-14T08:00/2026-12-14T12:00",
            "2026-12-17T08:00/2026-12-17T12:00",
            "2026-12-18T08:00/2026-12-18T12:00",
            "2026-12-21T08:00/2026-12-21T12:00",
            "2026-12-28T08:00/2026-12-28T12:00",
            "2026-12-31T08:00/2026-12-31T12:00",
        ]
    );
    let red: Vec<String> = skipped.iter().map(|day| day.date.to_string()).collect();
    assert_eq!(red, ["2026-12-24", "2026-12-25", "2027-01-01"]);
    assert!(skipped.contains(&SkippedDay { date: date("2026-12-24"), why: RedDay::Closed }));
    assert!(ids_are_apart(&calendar.changed(&changes)));
    let untouched = changes.iter().all(|change| {
        !matches!(change, Change::WorkSession(Changed::Removed(gone)) if gone.id == "same".into())
    });
    assert!(untouched, "a day that looks like its copy is left alone");
}

#[test]
fn r19_a_week_goes_onto_odd_or_even_weeks_by_their_iso_numbers() {
    let calendar = Calendar::new(vec![session("s", "2026-12-15 08:00-12:00")], vec![], vec![]);
    // Weeks 52 and 53 of 2026, then 1 to 3 of 2027: two odd ones follow upon each other.
    let table: [(WeekParity, &[&str]); 3] = [
        (WeekParity::Odd, &["2026-12-29", "2027-01-05", "2027-01-19"]),
        (WeekParity::Even, &["2026-12-22", "2027-01-12"]),
        (
            WeekParity::Every,
            &["2026-12-22", "2026-12-29", "2027-01-05", "2027-01-12", "2027-01-19"],
        ),
    ];
    for (weeks, expected) in table {
        let asked = Repeat { weeks, ..repeat(RepeatUntil::Weeks(5), RedDays::Skip) };
        let (changes, skipped) =
            plan_repeating_schedule(&setup(), &calendar, &asked, &mut counter()).expect("repeats");
        let added: Vec<String> = changes
            .iter()
            .flat_map(Change::intervals)
            .map(|it| it.start().date().to_string())
            .collect();
        assert_eq!(added, expected, "{weeks:?}");
        assert!(skipped.is_empty(), "a red day of another week is none that is left out");
    }
    let asked = Repeat { weeks: WeekParity::Odd, ..repeat(RepeatUntil::Weeks(1), RedDays::Skip) };
    let refusal = plan_repeating_schedule(&setup(), &calendar, &asked, &mut counter()).err();
    assert_eq!(refusal, Some(Refusal::RepeatsNothing));
}

#[test]
fn r19_red_days_are_included_when_told_so() {
    let calendar = before_christmas();
    let weeks = repeat(RepeatUntil::Date(date("2026-12-25")), RedDays::Include);
    let (changes, skipped) =
        plan_repeating_schedule(&setup(), &calendar, &weeks, &mut counter()).expect("repeats");
    let after = sessions_after(&calendar, &changes);
    assert!(after.contains(&"2026-12-25T08:00/2026-12-25T12:00".to_owned()));
    assert!(skipped.is_empty());
}

#[test]
fn r19_a_repeat_needs_a_later_week_within_reason_and_something_to_copy() {
    let table = [
        (RepeatUntil::Weeks(0), Refusal::RepeatsNothing),
        (RepeatUntil::Date(date("2026-12-20")), Refusal::RepeatsNothing),
        (RepeatUntil::Weeks(105), Refusal::RepeatsTooFar(104)),
        (RepeatUntil::Weeks(u32::MAX), Refusal::RepeatsTooFar(104)),
        (RepeatUntil::Date(date("9999-12-31")), Refusal::RepeatsTooFar(104)),
    ];
    for (until, expected) in table {
        let asked = repeat(until, RedDays::Skip);
        let refusal =
            plan_repeating_schedule(&setup(), &before_christmas(), &asked, &mut counter()).err();
        assert_eq!(refusal, Some(expected), "{until:?}");
    }
    for until in [RepeatUntil::Weeks(104), RepeatUntil::Date(date("2028-12-17"))] {
        let asked = repeat(until, RedDays::Skip);
        let planned =
            plan_repeating_schedule(&setup(), &before_christmas(), &asked, &mut counter());
        assert!(planned.is_ok(), "{until:?}");
    }
    let asked = repeat(RepeatUntil::Weeks(1), RedDays::Skip);
    let refusal =
        plan_repeating_schedule(&setup(), &Calendar::default(), &asked, &mut counter()).err();
    assert_eq!(refusal, Some(Refusal::NothingToDo(NothingToDo::EmptyScheduleWeek)));
}

fn repeat_preblocks(
    calendar: &Calendar,
    weeks: u32,
    overlap: OverlapChoice,
) -> Result<(Vec<Change>, Vec<SkippedDay>), Refusal> {
    let asked = repeat(RepeatUntil::Weeks(weeks), RedDays::Skip);
    let (setup, id) = (setup(), "AE".into());
    plan_repeating_preblocks(&setup, &id, calendar, &asked, overlap, &[], &mut counter())
}

#[test]
fn r19_repeated_preblocks_follow_r12s_choice() {
    let mut preblocks = before_christmas().preblocks().to_vec();
    preblocks.push(preblock("x", "lunch", "2026-12-21 09:00-11:00"));
    let calendar = Calendar::new(Vec::new(), preblocks, Vec::new());
    let in_the_way = stretches(&["2026-12-21 09:00-11:00"]);
    let refused = repeat_preblocks(&calendar, 1, OverlapChoice::Refuse).err();
    assert_eq!(refused, Some(Refusal::PreblockInTheWay(in_the_way)));
    let (filled, skipped) = repeat_preblocks(&calendar, 1, OverlapChoice::Fill).expect("fills");
    assert_eq!(
        laid_after(&calendar, &filled),
        ["e 08:00-10:00", "e 08:00-10:00", "e 08:00-09:00", "lunch 09:00-11:00"]
    );
    assert_eq!(skipped.len(), 1, "Christmas Day");
    let (replaced, _) = repeat_preblocks(&calendar, 1, OverlapChoice::Replace).expect("replaces");
    assert_eq!(
        laid_after(&calendar, &replaced),
        ["e 08:00-10:00", "e 08:00-10:00", "e 08:00-10:00", "lunch 10:00-11:00"]
    );
}

#[test]
fn r19_repeating_what_was_repeated_changes_nothing() {
    let calendar = before_christmas();
    let (changes, _) = repeat_preblocks(&calendar, 3, OverlapChoice::Refuse).expect("repeats");
    let repeated = calendar.changed(&changes);
    let refusal = repeat_preblocks(&repeated, 3, OverlapChoice::Refuse).err();
    assert_eq!(refusal, Some(Refusal::NothingToDo(NothingToDo::AlreadyRepeated)));
}

#[test]
fn r19_only_a_preblock_of_the_same_type_and_time_stands_already() {
    let monday = preblock("p", "e", "2026-12-14 08:00-10:00");
    for (type_id, text) in [("lunch", "2026-12-21 08:00-10:00"), ("e", "2026-12-21 09:00-11:00")] {
        let preblocks = vec![monday.clone(), preblock("q", type_id, text)];
        let calendar = Calendar::new(Vec::new(), preblocks, Vec::new());
        let refusal = repeat_preblocks(&calendar, 1, OverlapChoice::Refuse).err();
        let in_the_way = Refusal::PreblockInTheWay(stretches(&[text]));
        assert_eq!(refusal, Some(in_the_way), "{type_id} {text}");
    }
}

#[test]
fn r19_a_week_template_is_laid_from_its_own_week_on() {
    let weekday = |day, start, minutes| {
        WeekSession::new(day, Minutes(start), Minutes(minutes)).expect("a session")
    };
    let night = weekday(Weekday::Sun, 1380, 120);
    let template = WeekTemplate {
        id: "v".into(),
        name: "V".into(),
        sessions: vec![weekday(Weekday::Tue, 480, 240), night],
    };
    let apply = |calendar: &Calendar, template: &WeekTemplate, weeks| {
        let span = repeat(RepeatUntil::Weeks(weeks), RedDays::Skip);
        let (setup, id) = (setup(), "AE".into());
        plan_applying_week(&setup, &id, calendar, template, &span, &mut counter())
    };
    let calendar = Calendar::new(vec![session("old", "2026-12-15 13:00-17:00")], vec![], vec![]);
    let (changes, skipped) = apply(&calendar, &template, 2).expect("applies");
    assert_eq!(
        sessions_after(&calendar, &changes),
        [
            "2026-12-15T08:00/2026-12-15T12:00",
            "2026-12-20T23:00/2026-12-21T01:00",
            "2026-12-22T08:00/2026-12-22T12:00",
            "2026-12-27T23:00/2026-12-28T01:00",
        ]
    );
    assert!(skipped.is_empty(), "Christmas Day has no session of the template");
    let laid = calendar.changed(&changes);
    assert_eq!(WeekTemplate::sessions_of(&laid, date("2026-12-27")), template.sessions);
    let again = apply(&laid, &template, 2).err();
    assert_eq!(again, Some(Refusal::NothingToDo(NothingToDo::AlreadyRepeated)));
    let bare = WeekTemplate { sessions: Vec::new(), ..template };
    let empty = apply(&calendar, &bare, 2).err();
    assert_eq!(empty, Some(Refusal::NothingToDo(NothingToDo::EmptyScheduleWeek)));
}

/// The Monday with sessions, an Internet preblock for `us`, lunch not to be bypassed.
fn booking_day() -> Calendar {
    let sessions = vec![session("s", "08:00-17:00")];
    let preblocks =
        vec![preblock("e", "e", "09:00-11:00"), preblock("lunch", "lunch", "12:00-13:00")];
    Calendar::new(sessions, preblocks, vec![booking("b", "14:00-15:00")])
}

#[test]
fn r13_staff_bookings_against_preblocks_schedule_and_bookings() {
    let bypass = vec![Confirmation::BypassPreblock("e".into())];
    let table = [
        ("09:00-09:30", "us", Ok(vec![])),
        ("15:00-16:00", "akut", Ok(vec![])),
        ("10:30-11:30", "akut", Ok(bypass)),
        ("11:30-12:30", "us", Err(Refusal::MayNotBypass("lunch".into()))),
        ("11:30-12:00", "us", Ok(vec![])),
        ("16:30-17:30", "us", Ok(vec![Confirmation::OutsideSchedule])),
        ("14:59-15:30", "us", Err(Refusal::BookingInTheWay(stretch("14:00-15:00")))),
        ("13:30-14:00", "us", Ok(vec![])),
    ];
    for (text, category, expected) in table {
        let asked = Booking { category: category.into(), ..booking("n", text) };
        let now = at("2026-11-20T12:00");
        let judged = judge_booking(&setup(), &booking_day(), &ResourceUse::default(), &asked, now);
        assert_eq!(judged, expected, "{text} {category}");
    }
}

#[test]
fn r13_expired_and_inactive_preblocks_are_not_in_the_way() {
    let asked = booking("n", "12:00-12:30");
    let judge = |change: fn(&mut PreblockType)| {
        let mut setup = setup();
        setup.preblock_types.entry("lunch".into()).and_modify(change);
        let now = at("2026-11-22T12:00");
        judge_booking(&setup, &booking_day(), &ResourceUse::default(), &asked, now)
    };
    assert_eq!(judge(|_| {}), Err(Refusal::MayNotBypass("lunch".into())));
    assert_eq!(judge(|lunch| lunch.active = false), Ok(vec![]));
    assert_eq!(judge(|lunch| lunch.expires_days_before = Some(1)), Ok(vec![]));
    let day_before = judge(|lunch| lunch.expires_days_before = Some(0));
    assert_eq!(day_before, Err(Refusal::MayNotBypass("lunch".into())), "still in force");
}

#[test]
fn r13_beyond_a_resources_capacity_is_confirmed() {
    let code = ResourceCode;
    let resources = [Resource { code: code('R'), name: "Röntgen".to_owned(), capacity: 1 }];
    let held = stretches(&["10:00-10:45"]).into_iter();
    let in_use =
        ResourceUse::new(&resources, held.flat_map(|held| ResourceStep::of(code('R'), held)));
    let full = LackingResource::Full(code('R'));
    let unknown = LackingResource::Unknown(code('X'));
    let table = [
        ("10:45-11:15", "R", vec![]),
        ("10:30-11:00", "R", vec![full]),
        ("10:30-11:00", "XR", vec![unknown, full]),
        ("10:45-11:15", "RX", vec![unknown]),
    ];
    for (text, codes, lacking) in table {
        let codes = ResourceCodes::parse(codes).expect("codes");
        let asked = Booking { resources: codes, ..booking("n", text) };
        let calendar = Calendar::new(vec![session("s", "08:00-17:00")], vec![], vec![]);
        let now = at("2026-11-20T12:00");
        let judged = judge_booking(&setup(), &calendar, &in_use, &asked, now);
        let expected = lacking.into_iter().map(Confirmation::BeyondCapacity).collect();
        assert_eq!(judged, Ok(expected), "{text}");
    }
}

#[test]
fn a_book_tells_which_bookings_touch_a_stretch() {
    let day = booking_day();
    assert_eq!(day.booked(), stretches(&["14:00-15:00"]));
    for (text, found) in
        [("13:00-14:00", 0), ("13:00-14:01", 1), ("14:30-14:31", 1), ("15:00-16:00", 0)]
    {
        assert_eq!(day.bookings_in(stretch(text)).len(), found, "{text}");
    }
}

#[test]
fn r13_a_booking_is_moved_as_if_its_time_were_free_and_what_it_keeps_is_not_asked_again() {
    let code = ResourceCode('R');
    let resources = [Resource { code, name: "Röntgen".to_owned(), capacity: 1 }];
    let in_use = ResourceUse::new(&resources, ResourceStep::of(code, stretch("14:00-15:00")));
    let before = Booking {
        resources: ResourceCodes::parse("R").expect("codes"),
        ..booking("b", "14:00-15:00")
    };
    let sessions = vec![session("s", "08:00-17:00")];
    let lunch = vec![preblock("lunch", "lunch", "12:00-13:00")];
    let calendar = Calendar::new(sessions, lunch, vec![before.clone()]);
    let plan = |before: &Booking, after: &Booking, calendar: &Calendar| {
        let now = at("2026-11-20T12:00");
        let (before, after) = (before.clone(), after.clone());
        plan_moving(&setup(), calendar, &in_use, before, after, now).map(|(_, asked)| asked)
    };
    let to = |text: &str| Booking { interval: stretch(text), ..before.clone() };
    for (after, expected) in [
        (to("14:30-15:30"), Ok(vec![])),
        (to("16:30-17:30"), Ok(vec![Confirmation::OutsideSchedule])),
        (to("12:30-13:30"), Err(Refusal::MayNotBypass("lunch".into()))),
    ] {
        assert_eq!(plan(&before, &after, &calendar), expected, "{after:?}");
    }
    // Nobody works any more: that is asked where anything else than the text changes.
    let alone = Calendar::new(vec![], vec![], vec![before.clone()]);
    let outside = vec![Confirmation::OutsideSchedule];
    for (after, expected) in [
        (Booking { text: "Ring".to_owned(), ..before.clone() }, vec![]),
        (Booking { practitioner: "BL".into(), ..before.clone() }, outside.clone()),
        (Booking { category: "akut".into(), ..before.clone() }, outside.clone()),
        (Booking { resources: ResourceCodes::default(), ..before.clone() }, outside.clone()),
        (to("14:30-15:00"), outside),
    ] {
        assert_eq!(plan(&before, &after, &alone), Ok(expected), "{after:?}");
    }
    let cancelled = Booking { state: BookingState::Cancelled, ..before.clone() };
    let refused = plan(&cancelled, &to("09:00-10:00"), &calendar);
    assert_eq!(refused, Err(Refusal::AlreadyCancelled));
}

fn template() -> BookingTemplate {
    BookingTemplate { name: "U".into(), online: false, ..registers::template("us30") }
}

const ANY: Suiting = Suiting { weekdays: WeekdaySet::ALL, part: PartOfDay::WHOLE };

/// When half an hour is free for staff, of the days asked about, by the clock.
fn free(
    setup: &Setup,
    calendar: &Calendar,
    template: &BookingTemplate,
    suiting: Suiting,
    days: DateRange,
) -> Vec<String> {
    let (now, resources) = (at("2026-01-01T12:00"), ResourceUse::default());
    let search = FreeSearch { setup, template, suiting, resources: &resources, now };
    let times = search.times(&"AE".into(), calendar, days);
    times.iter().map(|time| time.start().to_string()).collect()
}

#[test]
fn r13_free_times_hang_on_preblocks_in_force_that_allow_them_and_not_on_others() {
    type Alter = fn(&mut PreblockType);
    let table: [(&str, Alter, &[&str]); 6] = [
        ("e", |_| {}, &["08:50", "09:20"]),
        ("e", |it| it.active = false, &["08:30", "09:00", "09:30"]),
        ("e", |it| it.expires_days_before = Some(400), &["08:30", "09:00", "09:30"]),
        ("lunch", |_| {}, &[]),
        ("lunch", |it| it.active = false, &["08:30", "09:00", "09:30"]),
        ("lunch", |it| it.expires_days_before = Some(400), &["08:30", "09:00", "09:30"]),
    ];
    for (id, alter, expected) in table {
        let mut setup = setup();
        alter(setup.preblock_types.get_mut(&id.into()).expect("a type"));
        let sessions = vec![session("s", "08:30-10:00")];
        let calendar = Calendar::new(sessions, vec![preblock("p", id, "08:50-10:00")], vec![]);
        let found = free(&setup, &calendar, &template(), ANY, DateRange::new(date(MONDAY), 1));
        let expected: Vec<String> =
            expected.iter().map(|clock| format!("{MONDAY}T{clock}")).collect();
        assert_eq!(found, expected, "{id}");
    }
}

#[test]
fn nobody_and_nothing_that_is_not_active_is_free() {
    let calendar = Calendar::new(vec![session("s", "08:30-10:00")], vec![], vec![]);
    let days = DateRange::new(date(MONDAY), 1);
    assert_eq!(free(&setup(), &calendar, &template(), ANY, days).len(), 3);
    let asleep = BookingTemplate { active: false, ..template() };
    assert!(free(&setup(), &calendar, &asleep, ANY, days).is_empty());
    let mut away = setup();
    away.practitioners.get_mut(&"AE".into()).expect("AE").active = false;
    assert!(free(&away, &calendar, &template(), ANY, days).is_empty());
}

#[test]
fn free_times_are_those_that_suit() {
    let sessions = vec![session("mon", "11:00-13:00"), session("tue", "2026-11-24 23:00-23:59")];
    let calendar = Calendar::new(sessions, vec![], vec![]);
    let find = |weekdays, part| {
        let days = DateRange::new(date(MONDAY), 2);
        free(&setup(), &calendar, &template(), Suiting { weekdays, part }, days)
    };
    let part = |from, to| PartOfDay::new(Minutes(from), Minutes(to)).expect("a part");
    let clocks = |times: &[&str]| -> Vec<String> {
        times.iter().map(|time| format!("2026-11-{time}")).collect()
    };
    let (monday, tuesday) = (WeekdaySet::single(Weekday::Mon), WeekdaySet::single(Weekday::Tue));
    for (weekdays, part, expected) in [
        (
            WeekdaySet::ALL,
            PartOfDay::WHOLE,
            &["23T11:00", "23T11:30", "23T12:00", "23T12:30", "24T23:00"][..],
        ),
        (monday, PartOfDay::MORNING, &["23T11:00", "23T11:30"]),
        (monday, PartOfDay::AFTERNOON, &["23T12:00", "23T12:30"]),
        (tuesday, PartOfDay::WHOLE, &["24T23:00"]),
        (tuesday, PartOfDay::MORNING, &[]),
        (WeekdaySet::ALL, part(690, 750), &["23T11:30", "23T12:00"]),
        (WeekdaySet::ALL, part(690, 749), &["23T11:30"]),
        (WeekdaySet::ALL, part(691, 750), &["23T12:00"]),
    ] {
        assert_eq!(find(weekdays, part), clocks(expected), "{part:?}");
    }
    let bounds = |from, to| PartOfDay::new(Minutes(from), Minutes(to)).is_some();
    assert!(bounds(0, 1440) && bounds(0, 1) && bounds(1439, 1440));
    assert!(!bounds(-1, 60) && !bounds(60, 60) && !bounds(61, 60) && !bounds(0, 1441));
    assert_eq!(PartOfDay::new(Minutes(0), Minutes(720)), Some(PartOfDay::MORNING));
    assert_eq!(PartOfDay::new(Minutes(720), Minutes(1440)), Some(PartOfDay::AFTERNOON));
}

#[test]
fn what_reaches_beyond_midnight_suits_the_evening_it_starts_in_but_not_where_the_clock_changes() {
    let night = |text: &str| {
        let evening = Interval::new(
            at(&format!("{text}T23:00")),
            at(&format!("{text}T23:00")) + Minutes(300),
        );
        let interval = evening.expect("a night");
        let session = WorkSession { id: "s".into(), practitioner: "AE".into(), interval };
        Calendar::new(vec![session], vec![], vec![])
    };
    let long =
        BookingTemplate { minutes: TemplateMinutes::new(300).expect("minutes"), ..template() };
    let suiting = Suiting { weekdays: WeekdaySet::ALL, part: PartOfDay::AFTERNOON };
    for (text, found) in [("2026-03-21", 1), ("2026-03-28", 0), ("2026-10-24", 0)] {
        let days = DateRange::new(date(text), 1);
        let times = free(&setup(), &night(text), &long, suiting, days);
        assert_eq!(times.len(), found, "{text}");
    }
}

#[test]
fn a_booking_is_cancelled_once() {
    let change = plan_cancelling(booking("b", "14:00-15:00")).expect("cancels");
    let cancelled = booking_day().changed(std::slice::from_ref(&change));
    assert!(cancelled.bookings().is_empty());
    let again = Booking { state: BookingState::Cancelled, ..booking("b", "14:00-15:00") };
    assert_eq!(plan_cancelling(again).err(), Some(Refusal::AlreadyCancelled));
    let back = booking_day().changed(&[change.clone(), change.reversed()]);
    assert_eq!(back.bookings().len(), 1, "taken back, it stands again");
}
