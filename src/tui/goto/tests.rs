//! What people type as a day, and what is meant by it.

use super::*;

#[test]
fn periods_are_read_as_one_day_or_from_one_to_another() {
    let day = |text| parse_date(text).unwrap_or_default();
    let from = From { today: day("2026-11-23"), shown: day("2026-11-25") };
    let table = [
        ("idag", Some(("2026-11-23", 1))),
        ("to-fre", Some(("2026-11-26", 2))),
        ("25/11-27/11", Some(("2026-11-25", 3))),
        ("25/11 – 27/11", Some(("2026-11-25", 3))),
        ("2026-12-01-2026-12-03", Some(("2026-12-01", 3))),
        ("2026-12-01 - +2d", Some(("2026-12-01", 3))),
        ("imorgon-+1v", Some(("2026-11-24", 8))),
        ("v48", Some(("2026-11-23", 7))),
        ("Nästa vecka", Some(("2026-11-30", 7))),
        ("v48-v49", Some(("2026-11-23", 14))),
        ("v48 to-v49", Some(("2026-11-26", 11))),
        ("25-27/11", Some(("2026-11-25", 3))),
        ("23–27 nov 2026", Some(("2026-11-23", 5))),
        // As the list of whom to call tells it.
        ("mån 28 dec–fre 1 jan 2027", Some(("2026-12-28", 5))),
        ("31-1/12", None),
        ("0-1/12", None),
        ("28/12-2/1", Some(("2026-12-28", 6))),
        // The first is nearer ahead, the last would be nearer back.
        ("20/5-2/6", Some(("2027-05-20", 14))),
        ("fre-to", None),
        ("27/11-25/11", None),
        ("idag-+99v", None),
        ("-", None),
        ("", None),
        ("snart", None),
    ];
    for (text, expected) in table {
        let expected = expected.map(|(first, days)| DateRange::new(day(first), days));
        assert_eq!(parse_period(text, from), expected, "{text}");
    }
}

#[test]
fn dates_are_read_in_all_the_ways_the_help_names() {
    let date = |text| parse_date(text);
    let from = From {
        today: date("2026-11-23").unwrap_or_default(),
        shown: date("2026-12-02").unwrap_or_default(),
    };
    let table = [
        ("idag", date("2026-11-23")),
        ("Imorgon", date("2026-11-24")),
        ("+2v", date("2026-12-16")),
        ("-3d", date("2026-11-29")),
        ("+1", date("2026-12-03")),
        ("v37", date("2026-09-07")),
        ("v37 to", date("2026-09-10")),
        ("v2", date("2027-01-11")),
        ("w50 thu", date("2026-12-10")),
        ("v.48", date("2026-11-23")),
        ("2026-12-01", date("2026-12-01")),
        ("1/12", date("2026-12-01")),
        ("6/1", date("2027-01-06")),
        ("1/12 2027", date("2027-12-01")),
        ("to", date("2026-12-03")),
        ("sön", date("2026-12-06")),
        ("27.11", date("2026-11-27")),
        ("27.11.2027", date("2027-11-27")),
        ("27 nov", date("2026-11-27")),
        ("27 nov.", date("2026-11-27")),
        ("27 November 2027", date("2027-11-27")),
        ("27 okt", date("2026-10-27")),
        ("27 oct", date("2026-10-27")),
        ("may 5", date("2027-05-05")),
        ("20261127", date("2026-11-27")),
        ("vecka 50", date("2026-12-07")),
        ("Week 50 thu", date("2026-12-10")),
        ("v 50", date("2026-12-07")),
        ("mån v50", date("2026-12-07")),
        ("fredag vecka 50", date("2026-12-11")),
        ("övermorgon", date("2026-11-25")),
        ("i övermorgon", date("2026-11-25")),
        ("day after tomorrow", date("2026-11-25")),
        ("nästa vecka", date("2026-11-30")),
        ("next week", date("2026-11-30")),
        // From today, and not of the week that is shown.
        ("på fredag", date("2026-11-27")),
        ("on friday", date("2026-11-27")),
        ("på måndag", date("2026-11-30")),
        ("på onsdag", date("2026-11-25")),
        ("mån 7 dec", date("2026-12-07")),
        ("Måndag den 7 December", date("2026-12-07")),
        ("mån 7/12", date("2026-12-07")),
        ("fre 2026-11-27", date("2026-11-27")),
        ("den 1 december", date("2026-12-01")),
        ("den 1/12", date("2026-12-01")),
        // As the screens write a day in another year.
        ("fre 1 jan 2027", date("2027-01-01")),
        ("29/2", date("2028-02-29")),
        // It is a Tuesday.
        ("mån 8 dec", None),
        ("mån 7", None),
        ("mån dec", None),
        ("den", None),
        ("den to", None),
        ("27 11", None),
        ("2027 nov", None),
        ("27 n", None),
        ("27.11.26", None),
        ("27//11/", None),
        ("20261327", None),
        ("2026112", None),
        ("vecka", None),
        ("mån v50 tis", None),
        ("på", None),
        ("nov dec", None),
        ("v54", None),
        ("31/2", None),
        ("t", None),
        ("", None),
        ("+", None),
        ("+99999d", None),
        ("nu", None),
    ];
    for (text, expected) in table {
        assert_eq!(parse_goto(text, from), expected, "{text}");
    }
}

#[test]
fn until_a_week_is_until_its_last_day() {
    let day = |text| parse_date(text).unwrap_or_default();
    let from = From { today: day("2026-11-23"), shown: day("2026-11-23") };
    let table = [
        ("v50", "2026-12-13"),
        ("v 50", "2026-12-13"),
        ("vecka 50", "2026-12-13"),
        ("nästa vecka", "2026-12-06"),
        ("v50 ons", "2026-12-09"),
        ("wed", "2026-11-25"),
        ("24 dec", "2026-12-24"),
        ("+2v", "2026-12-13"),
        (" +2W", "2026-12-13"),
        ("+14d", "2026-12-07"),
    ];
    for (text, expected) in table {
        assert_eq!(parse_until(text, from), Some(day(expected)), "{text}");
    }
}

#[test]
fn where_somebody_is_to_come_a_day_without_a_year_is_the_next_coming_one() {
    let day = |text| parse_date(text).unwrap_or_default();
    let from = From { today: day("2026-11-25"), shown: day("2026-12-10") };
    let table = [
        ("1/6", "2027-06-01"),
        ("24/11", "2027-11-24"),
        ("25/11", "2026-11-25"),
        ("1/12", "2026-12-01"),
        ("29/2", "2028-02-29"),
        ("v22", "2027-05-31"),
        ("v47", "2027-11-22"),
        // The week that it is now is not over.
        ("v48", "2026-11-23"),
        ("v48 fre", "2026-11-27"),
        // Whoever says which year gets it, and who says how far is not moved a year on.
        ("24 nov", "2027-11-24"),
        ("1/6 2026", "2026-06-01"),
        ("2026-06-01", "2026-06-01"),
        ("igår", "2026-11-24"),
        ("-10v", "2026-10-01"),
        ("tor", "2026-12-10"),
    ];
    for (text, expected) in table {
        assert_eq!(parse_coming(text, from), Some(day(expected)), "{text}");
    }
}

#[test]
fn where_something_has_been_a_day_without_a_year_is_the_last_one() {
    let day = |text| parse_date(text).unwrap_or_default();
    let from = From { today: day("2026-11-25"), shown: day("2026-11-25") };
    let table = [
        ("24/12", "2025-12-24", 1),
        ("25/11", "2026-11-25", 1),
        ("1/11", "2026-11-01", 1),
        ("29/2", "2024-02-29", 1),
        ("v48", "2026-11-23", 7),
        ("v49", "2025-12-01", 7),
        ("fre", "2026-11-20", 1),
        ("tis", "2026-11-24", 1),
        ("-7d", "2026-11-18", 1),
        ("2027-01-01", "2027-01-01", 1),
    ];
    for (text, first, days) in table {
        let expected = DateRange::new(day(first), days);
        assert_eq!(parse_past(text, from), Some(expected), "{text}");
    }
}

#[test]
fn where_somebody_is_to_come_a_weekday_of_the_shown_week_that_is_over_is_the_next_one() {
    let day = |text| parse_date(text).unwrap_or_default();
    let today = day("2026-11-25");
    let table = [
        ("2026-11-25", "mån", "2026-11-30"),
        ("2026-11-25", "tis", "2026-12-01"),
        ("2026-11-25", "ons", "2026-11-25"),
        ("2026-11-25", "fre", "2026-11-27"),
        ("2026-11-11", "fre", "2026-11-27"),
        ("2026-11-11", "mån", "2026-11-30"),
        ("2026-12-10", "mån", "2026-12-07"),
    ];
    for (shown, text, expected) in table {
        let from = From { today, shown: day(shown) };
        assert_eq!(parse_coming(text, from), Some(day(expected)), "{shown} {text}");
    }
    let from = From { today, shown: today };
    assert_eq!(parse_goto("mån", from), Some(day("2026-11-23")), "of the week that is looked at");
}
