//! The rules that are tables: personnummer, holidays, lists, zone, expiry, resources, order.

#[path = "common/registers.rs"]
mod registers;

use chrono::{Datelike, NaiveDate, Weekday};
use tidbok::domain::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn today() -> NaiveDate {
    day(2026, 11, 22)
}

fn time(text: &str) -> CivilTime {
    text.parse().unwrap()
}

fn interval(from: &str, to: &str) -> Interval {
    Interval::new(time(from), time(to)).unwrap()
}

mod r21_personnummer {
    use super::*;

    fn parsed(text: &str) -> Result<String, BadPersonnummer> {
        Personnummer::parse(text, today()).map(|valid| valid.as_str().to_owned())
    }

    #[test]
    fn every_form_is_normalised() {
        for (written, normalised) in [
            ("19121212-1212", "19121212-1212"),
            ("191212121212", "19121212-1212"),
            ("121212+1212", "19121212-1212"),
            ("  19121212-1212\n", "19121212-1212"),
            ("18900101-9802", "18900101-9802"),
            ("19811218-9876", "19811218-9876"),
            ("811218-9876", "19811218-9876"),
            ("20240229-2383", "20240229-2383"),
            ("240229-2383", "20240229-2383"),
            ("20261122-2387", "20261122-2387"),
            ("19000228-9817", "19000228-9817"),
            ("19121212-0016", "19121212-0016"),
        ] {
            assert_eq!(parsed(written).as_deref(), Ok(normalised), "{written}");
        }
    }

    #[test]
    fn ten_digits_get_the_latest_century_that_fits() {
        for (written, normalised) in [
            // Born today, born tomorrow: tomorrow's is a hundred years old next year.
            ("261122-2387", "20261122-2387"),
            ("261123-2386", "19261123-2386"),
            ("261212-9813", "19261212-9813"),
            // `+` is written from the year in which one turns 100, before the birthday, too.
            ("261212+9813", "19261212-9813"),
            ("261101+9817", "19261101-9817"),
            ("260101-2384", "20260101-2384"),
            ("260101+2384", "19260101-2384"),
            // A hundred and fifty-six years is a hundred or older; the rule has no upper end.
            ("701010+2387", "18701010-2387"),
        ] {
            assert_eq!(parsed(written).as_deref(), Ok(normalised), "{written}");
        }
    }

    #[test]
    fn a_date_that_this_century_lacks_is_not_looked_for_in_the_last() {
        // 2000 had a leap day, 2100 has none: whoever was born on it is a hundred by then, or older.
        for (year, written, expected) in [
            (2099, "000229-2381", Ok("20000229-2381")),
            (2100, "000229-2381", Err(BadPersonnummer::Date)),
            (2150, "000229-2381", Err(BadPersonnummer::Date)),
            (2100, "000229+2381", Ok("20000229-2381")),
        ] {
            let read = Personnummer::parse(written, day(year, 6, 1));
            let found = read.as_ref().map(Personnummer::as_str).map_err(Clone::clone);
            assert_eq!(found, expected, "{written} in {year}");
        }
    }

    #[test]
    fn coordination_numbers_may_lack_month_or_day() {
        for written in [
            "19701063-2391",
            "19700060-2396",
            "19700091-2399",
            "19701060-2394",
            "19701091-2397",
            "19700288-2392",
            "20250261-2381",
        ] {
            let number = Personnummer::parse(written, today()).unwrap();
            assert!(number.is_coordination_number() && number.as_str() == written, "{written}");
        }
        assert!(!Personnummer::parse("19121212-1212", today()).unwrap().is_coordination_number());
    }

    #[test]
    fn what_is_refused_and_why() {
        use BadPersonnummer::*;
        for (written, why) in [
            ("", Form),
            ("-", Form),
            ("+", Form),
            ("19121212", Form),
            ("1212121212", Form),
            ("19121212+1212", Form),
            ("19121212 1212", Form),
            ("19121212--1212", Form),
            ("1912-12-12-1212", Form),
            ("1912121-21212", Form),
            ("121212-121", Form),
            ("19121212-121２", Form),
            ("１９１２１２１２-1212", Form),
            ("१९१२१२१२-१२१२", Form),
            ("19121212–1212", Form),
            ("åäö-1212", Form),
            ("å21212-1212", Form),
            ("19121212-12é", Form),
            ("19000229-8178", Date),
            ("20250229-2382", Date),
            ("20250431-2386", Date),
            ("20251301-2381", Date),
            ("20250001-2386", Date),
            ("19121200-1216", Date),
            ("19701360-2391", Date),
            ("19700092-2398", Date),
            ("19700290-2398", Date),
            ("19700292-2396", Date),
            ("00000101-2384", Date),
            ("20261123-2386", FutureBirth),
            ("20261260-2397", FutureBirth),
            ("20270060-2390", FutureBirth),
            ("19121212-0008", Serial),
            ("19701063-0007", Serial),
            ("19121212-1213", CheckDigit),
            ("20140619-2388", CheckDigit),
        ] {
            assert_eq!(parsed(written), Err(why), "{written}");
        }
    }

    #[test]
    fn every_wrong_check_digit_is_refused() {
        for right in ["19121212-1212", "18900101-9802", "19701063-2391", "20240229-2383"] {
            let (front, check) = right.split_at(12);
            for digit in (0..10).map(|digit| digit.to_string()) {
                let answer = parsed(&format!("{front}{digit}"));
                assert_eq!(answer.is_ok(), digit == check, "{front}{digit}");
            }
        }
    }

    #[test]
    fn neither_debug_nor_an_error_shows_the_digits() {
        let number = Personnummer::parse("19121212-1212", today()).unwrap();
        assert_eq!(format!("{number:?}"), "Personnummer(…)");
        let refused = Personnummer::parse("19121212-1213", today()).unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("1912"));
    }

    #[test]
    fn what_was_written_is_read_back_without_a_clock() {
        let read = |text: &str| serde_json::from_str::<Personnummer>(&format!("\"{text}\""));
        let number = read("19121212-1212").unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"19121212-1212\"");
        for refused in ["121212+1212", "121212-1212", "19121212-1213", "19121232-1212"] {
            assert!(read(refused).is_err(), "{refused}");
        }
    }
}

mod r19_public_holidays {
    use super::*;
    use PublicHoliday::*;

    #[test]
    fn the_days_whose_date_moves() {
        for (year, good_friday, easter, ascension, pentecost, midsummer, all_saints) in [
            (2024, (3, 29), (3, 31), (5, 9), (5, 19), (6, 22), (11, 2)),
            (2025, (4, 18), (4, 20), (5, 29), (6, 8), (6, 21), (11, 1)),
            (2026, (4, 3), (4, 5), (5, 14), (5, 24), (6, 20), (10, 31)),
            (2027, (3, 26), (3, 28), (5, 6), (5, 16), (6, 26), (11, 6)),
            (2028, (4, 14), (4, 16), (5, 25), (6, 4), (6, 24), (11, 4)),
            (2029, (3, 30), (4, 1), (5, 10), (5, 20), (6, 23), (11, 3)),
            (2038, (4, 23), (4, 25), (6, 3), (6, 13), (6, 26), (11, 6)),
        ] {
            for (found, (month, day_of_month)) in [
                (GoodFriday, good_friday),
                (EasterSunday, easter),
                (AscensionDay, ascension),
                (Pentecost, pentecost),
                (MidsummerDay, midsummer),
                (AllSaintsDay, all_saints),
            ] {
                let date = day(year, month, day_of_month);
                assert_eq!(public_holiday(date), Some(found), "{date}");
            }
            let monday = day(year, easter.0, easter.1).succ_opt().unwrap();
            assert_eq!(public_holiday(monday), Some(EasterMonday));
        }
    }

    #[test]
    fn the_days_whose_date_is_fixed_and_no_others() {
        for year in 2005..=2100 {
            let all: Vec<_> = day(year, 1, 1)
                .iter_days()
                .take_while(|date| date.year() == year)
                .filter_map(|date| public_holiday(date).map(|found| (found, date)))
                .collect();
            for (found, month, day_of_month) in [
                (NewYearsDay, 1, 1),
                (Epiphany, 1, 6),
                (FirstOfMay, 5, 1),
                (NationalDay, 6, 6),
                (ChristmasDay, 12, 25),
                (SecondChristmasDay, 12, 26),
            ] {
                assert!(all.contains(&(found, day(year, month, day_of_month))), "{found:?} {year}");
            }
            // Thirteen, but for the years in which two fall on one date.
            assert!((12..=13).contains(&all.len()), "{year}: {}", all.len());
            for (found, date) in all {
                let weekday = match found {
                    GoodFriday => Weekday::Fri,
                    EasterSunday | Pentecost => Weekday::Sun,
                    EasterMonday => Weekday::Mon,
                    AscensionDay => Weekday::Thu,
                    MidsummerDay | AllSaintsDay => Weekday::Sat,
                    _ => date.weekday(),
                };
                assert_eq!(date.weekday(), weekday, "{found:?} {date}");
            }
        }
    }

    /// Easter Sunday by another computation than the program's (Oudin's, 1940).
    fn easter(year: i32) -> NaiveDate {
        let (century, golden) = (year / 100, year % 19);
        let solar = century - century / 4 - (century - (century - 17) / 25) / 3;
        let moon = (solar + 19 * golden + 15) % 30;
        let moon = moon - (moon / 28) * (1 - (29 / (moon + 1)) * ((21 - golden) / 11));
        let weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
        let days = moon - weekday;
        let month = 3 + (days + 40) / 44;
        let of_month = days + 28 - 31 * (month / 4);
        day(year, month.unsigned_abs(), of_month.unsigned_abs())
    }

    #[test]
    fn easter_is_as_another_computation_has_it_as_long_as_years_are_written() {
        for year in 1583..=9999 {
            assert_eq!(public_holiday(easter(year)), Some(EasterSunday), "{year}");
        }
        assert_eq!(easter(2026), day(2026, 4, 5));
    }

    #[test]
    fn a_closed_day_is_red_and_a_holiday_comes_first() {
        let closed_days = [day(2026, 12, 24), day(2026, 12, 25)].into();
        let setup = Setup { closed_days, ..Setup::default() };
        assert_eq!(setup.red_day(day(2026, 12, 24)), Some(RedDay::Closed));
        assert_eq!(setup.red_day(day(2026, 12, 25)), Some(RedDay::Holiday(ChristmasDay)));
        assert_eq!(setup.red_day(day(2026, 12, 23)), None);
        assert_eq!(setup.red_day(day(2026, 6, 19)), None, "midsommarafton is the clinic's own");
    }
}

mod r5_lists {
    use super::*;

    /// One organisation with two companies; AE works in the first.
    fn setup() -> Setup {
        let mut setup = Setup::default();
        for id in ["o1", "o2"] {
            let organisation = Organisation { id: id.into(), name: id.into(), lists: none() };
            setup.organisations.insert(id.into(), organisation);
        }
        for (id, organisation) in [("c1", "o1"), ("c2", "o1"), ("c3", "o2")] {
            let company = Company {
                id: id.into(),
                organisation: organisation.into(),
                name: id.into(),
                org_number: None,
                address: None,
                phone: None,
                email: None,
                portal_text: None,
                paused: false,
                lists: none(),
            };
            setup.companies.insert(id.into(), company);
        }
        let practitioner = Practitioner {
            id: "AE".into(),
            company: "c1".into(),
            signature: "AE".into(),
            name: "Anna Ek".into(),
            title: String::new(),
            active: true,
            lists: none(),
        };
        setup.practitioners.insert("AE".into(), practitioner);
        for (id, name) in [("1", "Översyn"), ("2", "akut"), ("3", "Ängslan"), ("4", "Åtgärd")] {
            let template = BookingTemplate { name: name.into(), ..registers::template(id) };
            setup.templates.insert(id.into(), template);
        }
        for (id, items) in [("p", vec!["3", "1"]), ("c", vec!["1"]), ("o", vec![])] {
            let list = TemplateList {
                id: id.into(),
                name: id.into(),
                owner: ListOwner::All,
                items: items.into_iter().map(TemplateId::from).collect(),
            };
            setup.template_lists.insert(id.into(), list);
        }
        setup
    }

    fn none() -> ListChoices {
        ListChoices::default()
    }

    fn online(list: &str) -> ListChoices {
        ListChoices { online_template_list: Some(list.into()), ..none() }
    }

    fn shown(setup: &Setup) -> (ListLevel, Vec<String>) {
        let effective = setup.online_templates(&setup.practitioners[&"AE".into()]);
        (effective.level, effective.items.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_nearest_level_that_has_chosen_wins() {
        let mut setup = setup();
        let by_name = ["2", "4", "3", "1"].map(String::from).to_vec();
        assert_eq!(shown(&setup), (ListLevel::Nowhere, by_name.clone()), "all, in Swedish order");
        setup.organisations.get_mut(&"o1".into()).unwrap().lists = online("o");
        assert_eq!(shown(&setup), (ListLevel::Organisation, vec![]), "an empty list shows nothing");
        setup.companies.get_mut(&"c1".into()).unwrap().lists = online("c");
        assert_eq!(shown(&setup), (ListLevel::Company, vec!["1".into()]));
        setup.practitioners.get_mut(&"AE".into()).unwrap().lists = online("p");
        let own = vec!["3".into(), "1".into()];
        assert_eq!(shown(&setup), (ListLevel::Practitioner, own), "in the list's own order");
        let staff = setup.staff_templates(&setup.practitioners[&"AE".into()]);
        assert_eq!(
            (staff.level, staff.items.len()),
            (ListLevel::Nowhere, 4),
            "each kind by itself"
        );
    }

    #[test]
    fn a_chosen_list_that_is_gone_shows_nothing() {
        let mut setup = setup();
        setup.practitioners.get_mut(&"AE".into()).unwrap().lists = online("gone");
        assert_eq!(shown(&setup), (ListLevel::Practitioner, vec![]));
    }

    #[test]
    fn a_list_is_chosen_only_where_its_owner_covers_the_chooser() {
        let setup = setup();
        let practitioner = &setup.practitioners[&"AE".into()];
        let company = &setup.companies[&"c1".into()];
        for (owner, by_organisation, by_company, by_practitioner) in [
            (ListOwner::All, true, true, true),
            (ListOwner::Organisation("o1".into()), true, true, true),
            (ListOwner::Organisation("o2".into()), false, false, false),
            (ListOwner::Company("c1".into()), false, true, true),
            (ListOwner::Company("c2".into()), false, false, false),
            (ListOwner::Company("c3".into()), false, false, false),
            (ListOwner::Practitioner("AE".into()), false, false, true),
            (ListOwner::Practitioner("BL".into()), false, false, false),
        ] {
            assert_eq!(Setup::organisation_reaches(&"o1".into(), &owner), by_organisation);
            assert_eq!(Setup::company_reaches(company, &owner), by_company, "{owner:?}");
            assert_eq!(setup.practitioner_reaches(practitioner, &owner), by_practitioner);
        }
    }
}

#[test]
fn r7_in_force_while_today_is_before_the_date_minus_n() {
    let mut preblock_type = PreblockType {
        id: "e".into(),
        name: "E-tid".into(),
        text: String::new(),
        color: Color { red: 0, green: 0, blue: 0 },
        kind: PreblockKind::Internet,
        valid_for: ValidFor::Everyone,
        may_bypass: true,
        allow: true,
        categories: ["us".into()].into(),
        expires_days_before: None,
        code: None,
        active: true,
    };
    for (days_before, starts, last) in [
        (Some(0), day(2026, 11, 25), Some(day(2026, 11, 24))),
        (Some(1), day(2026, 11, 25), Some(day(2026, 11, 23))),
        (Some(3), day(2026, 3, 1), Some(day(2026, 2, 25))),
        (Some(1), day(2024, 3, 1), Some(day(2024, 2, 28))),
        (Some(7), day(2027, 1, 1), Some(day(2026, 12, 24))),
        (Some(u32::MAX), day(2026, 11, 25), Some(NaiveDate::MIN)),
        (None, day(2026, 11, 25), None),
    ] {
        preblock_type.expires_days_before = days_before;
        assert_eq!(preblock_type.last_day_in_force(starts), last);
        match last {
            Some(last) => {
                assert!(preblock_type.in_force(starts, last));
                assert!(!preblock_type.in_force(starts, last.succ_opt().unwrap()));
            }
            None => assert!(preblock_type.in_force(starts, NaiveDate::MAX)),
        }
    }
}

#[test]
fn civil_times_that_exist_once_have_an_offset() {
    let zone = ClinicZone::default();
    for (text, hours) in [
        ("2026-03-29T01:59", Some(1)),
        ("2026-03-29T02:00", None),
        ("2026-03-29T02:59", None),
        ("2026-03-29T03:00", Some(2)),
        ("2026-10-25T01:59", Some(2)),
        ("2026-10-25T02:00", None),
        ("2026-10-25T02:59", None),
        ("2026-10-25T03:00", Some(1)),
        ("2026-07-01T12:00", Some(2)),
    ] {
        assert_eq!(zone.offset(time(text)), hours.map(|hours| hours * 3600), "{text}");
    }
    for (from, to, plain) in [
        ("2026-03-29T01:00", "2026-03-29T01:59", true),
        ("2026-03-29T01:30", "2026-03-29T02:00", false),
        ("2026-03-29T01:30", "2026-03-29T03:30", false),
        ("2026-03-29T03:00", "2026-03-29T03:30", true),
        ("2026-10-25T01:30", "2026-10-25T02:00", false),
        ("2026-10-25T01:30", "2026-10-25T03:30", false),
        ("2026-10-25T03:00", "2026-10-25T03:30", true),
    ] {
        assert_eq!(zone.is_plain(interval(from, to)), plain, "{from} {to}");
    }
    assert!(
        "Europe/Stockholm".parse() == Ok(zone) && "Mars/Olympus".parse::<ClinicZone>().is_err()
    );
    assert_eq!(zone.to_string(), "Europe/Stockholm");
}

#[test]
fn the_first_instant_of_a_civil_time_is_there_even_where_the_clock_jumps_over_it() {
    for (text, instant) in [
        ("2026-11-25T09:00", "2026-11-25T08:00:00Z"),
        ("2026-07-01T09:00", "2026-07-01T07:00:00Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        // An hour later by the clock is half an hour after the jump.
        ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),
    ] {
        let found = ClinicZone::default().first_instant(time(text));
        assert_eq!(found.to_rfc3339(), instant.replace('Z', "+00:00"), "{text}");
    }
}

#[test]
fn r9_a_resource_is_full_where_as_many_hold_it_as_it_has_room_for() {
    let at =
        |from: &str, to: &str| interval(&format!("2026-11-25T{from}"), &format!("2026-11-25T{to}"));
    let held = vec![at("09:00", "10:00"), at("09:30", "10:30"), at("10:30", "11:00")];
    let steps = held.into_iter().flat_map(|held| ResourceStep::of(ResourceCode('R'), held));
    let codes = ResourceCodes::parse("R").unwrap();
    for (capacity, asked, free) in [
        (0, at("12:00", "12:30"), false),
        (1, at("08:30", "09:00"), true),
        (1, at("08:30", "09:01"), false),
        // Two hold it though there is one: it is full from the first to the last.
        (1, at("09:30", "10:00"), false),
        (1, at("10:00", "10:01"), false),
        (1, at("10:59", "11:30"), false),
        (1, at("11:00", "11:30"), true),
        (2, at("09:00", "09:30"), true),
        (2, at("09:00", "09:31"), false),
        (2, at("09:59", "10:30"), false),
        (2, at("10:00", "11:00"), true),
        (3, at("08:00", "12:00"), true),
    ] {
        let resource = Resource { code: ResourceCode('R'), name: "Röntgen".into(), capacity };
        let lacking = ResourceUse::new([&resource], steps.clone()).first_lacking(&codes, asked);
        let expected = (!free).then_some(LackingResource::Full(ResourceCode('R')));
        assert_eq!(lacking, expected, "{capacity} {asked}");
    }
    let unknown = ResourceUse::new([], steps).first_lacking(&codes, at("12:00", "12:30"));
    assert_eq!(unknown, Some(LackingResource::Unknown(ResourceCode('R'))));
}

#[test]
fn names_sort_in_swedish_order_whatever_their_case_and_form() {
    // Letters that Swedish has not come after its own.
    let sorted = [
        "Bo", "Cai", "Ek", "ek-Berg", "Erik", "Éva", "Über", "Ytter", "Zorn", "åberg", "Ärla",
        "Öst", "ßen", "Þóra", "Ωmega",
    ];
    let mut names = sorted.to_vec();
    names.reverse();
    names.sort_by(|a, b| swedish::compare(a, b));
    assert_eq!(names, sorted);
    assert_eq!(swedish::search_key(" A\u{30a}NGSTRO\u{308}M "), "ångström");
    assert_eq!(swedish::sort_key("A\u{30a}"), swedish::sort_key("å"));
}

#[test]
fn what_is_looked_for_need_not_have_the_accents_that_swedish_does_not_count() {
    for (written, key) in [
        ("Kovač", "kovac"),
        ("Järvinen", "järvinen"),
        ("Šimon Žižka", "simon zizka"),
        ("José Muñoz", "jose munoz"),
        ("Müller", "muller"),
        ("André E\u{300}ve", "andre eve"),
        ("Wałęsa Đorđe Yıldız", "walesa dorde yildiz"),
        ("Jørgensen Kjær", "jörgensen kjär"),
        ("ÅÄÖ a\u{30a}", "åäö å"),
    ] {
        assert_eq!(swedish::loose_key(written), key);
    }
}

#[test]
fn r19_the_sessions_of_a_week_template_stand_in_order_each_once() {
    let session = |weekday, start, minutes| {
        WeekSession::new(weekday, Minutes(start), Minutes(minutes)).unwrap()
    };
    let sorted = [
        session(Weekday::Mon, 480, 240),
        session(Weekday::Mon, 780, 60),
        session(Weekday::Mon, 780, 240),
        session(Weekday::Tue, 0, 1),
        session(Weekday::Sun, 1439, 1440),
    ];
    let mixed = [4, 1, 3, 0, 2, 1, 4].map(|at: usize| sorted[at]).to_vec();
    assert_eq!(in_order(mixed), sorted);
    for (start, minutes) in [(-1, 60), (1440, 60), (480, 0), (480, 1441)] {
        assert_eq!(WeekSession::new(Weekday::Mon, Minutes(start), Minutes(minutes)), None);
    }
}

#[test]
fn what_a_finding_is_is_graver_where_it_keeps_times_from_patients() {
    let finding = |remark| Finding { subject: Subject::Online, remark };
    for (remark, severity, rule) in [
        (Remark::AllowUnset, Severity::Fault, "R3"),
        (Remark::NoCategory, Severity::Fault, "R3"),
        (Remark::InNoOnlineList, Severity::Fault, "R4"),
        (Remark::NothingOnline, Severity::Fault, "R4"),
        (Remark::NothingActive, Severity::Fault, "R5"),
        (Remark::NoOnlineListChosen, Severity::Advice, "R5"),
        (Remark::ValidForNobody, Severity::Fault, "R6"),
        (Remark::NoticeBeyondHorizon, Severity::Fault, "R8"),
        (Remark::Paused, Severity::Notice, "R10"),
        (Remark::NoAdministrator, Severity::Advice, "R17"),
        (Remark::NoPermission, Severity::Advice, "R17"),
        (Remark::HasCode, Severity::Advice, "R18"),
        (Remark::ClosedDaysPassed, Severity::Notice, "R19"),
    ] {
        let finding = finding(remark);
        assert_eq!((finding.severity(), finding.rule()), (severity, rule), "{finding:?}");
    }
}

#[test]
fn a_finding_names_its_entity_as_the_audit_log_does() {
    for (subject, entity) in [
        (Subject::PreblockType("e".into()), "preblock_type/e"),
        (Subject::Template("us30".into()), "booking_template/us30"),
        (Subject::TemplateList("web".into()), "template_list/web"),
        (Subject::Company("c".into()), "company/c"),
        (Subject::ClosedDays, "closed_days"),
        (Subject::Online, "online"),
        (Subject::User("AE".into()), "user/AE"),
    ] {
        assert_eq!(subject.entity(), entity);
    }
    let keys = [Severity::Fault, Severity::Advice, Severity::Notice].map(Severity::key);
    assert_eq!(keys, ["fault", "advice", "notice"]);
    assert_eq!(Remark::AllowUnset.key(), "allow-unset");
    assert_eq!(Remark::Paused.key(), "paused");
}

#[test]
fn r11_what_is_off_the_grid_or_lacks_a_resource_names_what_is_near_and_what_it_is() {
    let (before, after) = (time("2026-11-25T09:00"), time("2026-11-25T09:30"));
    for (reason, sentence) in [
        (
            NotBookable::OffGrid { before: Some(before), after: Some(after) },
            "; nearest are 2026-11-25T09:00 and 2026-11-25T09:30",
        ),
        (
            NotBookable::OffGrid { before: Some(before), after: None },
            "; nearest is 2026-11-25T09:00",
        ),
        (
            NotBookable::OffGrid { before: None, after: Some(after) },
            "; nearest is 2026-11-25T09:30",
        ),
        (NotBookable::OffGrid { before: None, after: None }, "grid"),
        (
            NotBookable::Resource(LackingResource::Full(ResourceCode('R'))),
            "R9: the resource 'R' is taken",
        ),
        (
            NotBookable::Resource(LackingResource::Unknown(ResourceCode('X'))),
            "R9: no resource has the character 'X'; correct the template or add the resource",
        ),
    ] {
        assert!(reason.to_string().ends_with(sentence), "{reason}");
    }
}

#[test]
fn a_colour_is_written_as_a_sign_and_six_digits() {
    let color = Color { red: 0, green: 171, blue: 16 };
    assert_eq!(Color::parse("#00AB10"), Ok(color));
    assert_eq!(String::from(color), "#00ab10");
    for text in ["", "#", "00ab10", "#00ab1", "#00ab100", "#00ab1g", "#+0ab10", "#ååå"] {
        assert_eq!(Color::parse(text), Err(NotAColor), "{text}");
    }
}

#[test]
fn r9_resource_characters_stand_once_each_in_the_order_written() {
    let codes = ResourceCodes::try_from("RB".to_owned()).unwrap();
    assert_eq!(codes.iter().collect::<Vec<_>>(), [ResourceCode('R'), ResourceCode('B')]);
    assert_eq!(String::from(codes.clone()), "RB");
    assert!(codes.contains(ResourceCode('B')) && !codes.contains(ResourceCode('b')));
    assert!(!codes.is_empty() && ResourceCodes::default().is_empty());
    assert_eq!(ResourceCodes::try_from("RBR".to_owned()), Err(RepeatedResource('R')));
}

#[test]
fn practitioners_stand_in_swedish_order_of_name() {
    let practitioner = |id: &str, name: &str| Practitioner {
        id: id.into(),
        company: "c".into(),
        signature: id.into(),
        name: name.into(),
        title: String::new(),
        active: true,
        lists: ListChoices::default(),
    };
    let all = [("1", "Östen Ek"), ("2", "Åsa Ek"), ("3", "anna Ek"), ("4", "Åsa Ek")];
    let practitioners = all.map(|(id, name)| (id.into(), practitioner(id, name))).into();
    let setup = Setup { practitioners, ..Setup::default() };
    let order: Vec<&str> =
        setup.practitioners_by_name().iter().map(|found| found.id.as_str()).collect();
    assert_eq!(order, ["3", "2", "4", "1"]);
}

#[test]
fn an_interval_touches_the_days_that_it_has_minutes_of() {
    for (from, to, first, days) in [
        ("2026-11-25T09:00", "2026-11-25T09:01", day(2026, 11, 25), 1),
        ("2026-11-25T00:00", "2026-11-26T00:00", day(2026, 11, 25), 1),
        ("2026-11-25T23:00", "2026-11-26T00:01", day(2026, 11, 25), 2),
        ("2026-12-30T12:00", "2027-01-02T12:00", day(2026, 12, 30), 4),
    ] {
        let touched = interval(from, to).days();
        assert_eq!((touched.first(), touched.days()), (first, days), "{from} {to}");
    }
    let shown = interval("2026-11-25T09:00", "2026-11-25T09:30");
    assert_eq!(format!("{shown:?}"), "2026-11-25T09:00/2026-11-25T09:30");
    assert_eq!(format!("{:?}", shown.start()), "2026-11-25T09:00");
}
