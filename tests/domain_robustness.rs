//! Extreme dates, lengths and settings: nothing panics, nothing wraps around.

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use tidbok::domain::*;

fn extreme_dates() -> Vec<NaiveDate> {
    let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    vec![
        NaiveDate::MIN,
        date(-1, 12, 31),
        date(0, 1, 1),
        date(1000, 1, 1),
        date(1970, 1, 1),
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(6053, 1, 23),
        date(9999, 12, 31),
        NaiveDate::MAX,
    ]
}

#[test]
fn a_time_keeps_its_date_in_every_year_there_is() {
    for date in extreme_dates() {
        for minute in [0, 1, 1439] {
            let time = CivilTime::at(date, Minutes(minute));
            assert_eq!((time.date(), time.minute_of_day()), (date, Minutes(minute)));
            assert_eq!(CivilTime::from(time.to_chrono()), time);
        }
    }
}

#[test]
fn arithmetic_past_the_last_date_stays_at_the_ends() {
    let first = CivilTime::start_of(NaiveDate::MIN);
    let last = CivilTime::at(NaiveDate::MAX, Minutes(1439));
    assert_eq!((last + Minutes(1)).date(), NaiveDate::MAX);
    assert_eq!((first - Minutes(1)).date(), NaiveDate::MIN);
    assert_eq!(last.plus_days(i32::MAX).date(), NaiveDate::MAX);
    assert_eq!(first.plus_days(i32::MIN).date(), NaiveDate::MIN);
    assert_eq!(last.since(first), Minutes(i32::MAX));
    assert_eq!(first.since(last), Minutes(i32::MIN));
    let _ = (first - Minutes(i32::MIN), last + Minutes(i32::MIN), last.to_chrono(), last.clock());
    let _ = (format!("{first} {last}"), format!("{:?}", last + Minutes(1)));
}

#[test]
fn a_date_range_ends_with_the_dates_there_are() {
    for first in extreme_dates() {
        for days in [0, 1, 7, u32::MAX] {
            let range = DateRange::new(first, days);
            assert!(range.end() >= first);
            assert_eq!(range.interval().is_some(), range.end() > first);
            assert_eq!(range.contains(first), range.end() > first);
            assert!(range.iter().take(10).all(|date| range.contains(date)));
        }
    }
}

#[test]
fn zone_holidays_and_expiry_answer_for_every_date() {
    let zone = ClinicZone::default();
    for date in extreme_dates() {
        let midnight = CivilTime::start_of(date);
        let _ = (zone.offset(midnight), public_holiday(date), week_of(date));
        let _ = zone.is_plain(Interval::whole_day(date));
    }
    for instant in [DateTime::<chrono::Utc>::MIN_UTC, DateTime::<chrono::Utc>::MAX_UTC] {
        let _ = zone.civil(instant);
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>(), tail in "\\PC{0,20}") {
        for text in [text.clone(), tail.clone(), format!("1912{tail}"), format!("121212{tail}")] {
            let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
            let _ = (Personnummer::parse(&text, today), Personnummer::parse(&text, NaiveDate::MIN));
            let _ = (text.parse::<CivilTime>(), parse_date(&text), Color::parse(&text));
            let _ = (text.parse::<ClinicZone>(), ResourceCodes::parse(&text));
            let _ = (swedish::sort_key(&text), is_reserved_signature(&text));
        }
    }
}
