//! Reads a date as typed: `idag`, `+2v`, `v37 to`, `2026-12-01`, `1/12`. Pure.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::domain::{DateRange, parse_date};

/// What relative dates are relative to.
#[derive(Clone, Copy, Debug)]
pub struct From {
    pub today: NaiveDate,
    /// The day the screen stands on.
    pub shown: NaiveDate,
}

/// Which of its years a day or a week is of that is typed without one.
#[derive(Clone, Copy, Debug)]
enum Yearless {
    /// The one nearest to a day.
    Nearest(NaiveDate),
    /// The first that is not over on a day.
    Coming(NaiveDate),
}

/// The date meant, in Swedish or English; `None` where the text is none.
///
/// Weeks without a year and days without a year are those nearest to today.
pub fn parse_goto(text: &str, from: From) -> Option<NaiveDate> {
    parse(text, from, Yearless::Nearest(from.today))
}

/// The date meant where somebody is to come on it: weeks and days without a year are the next coming
/// ones, however near the last ones were.
pub fn parse_coming(text: &str, from: From) -> Option<NaiveDate> {
    parse(text, from, Yearless::Coming(from.today))
}

fn parse(text: &str, from: From, yearless: Yearless) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "idag" | "i dag" | "today" => return Some(from.today),
        "imorgon" | "i morgon" | "tomorrow" => return from.today.succ_opt(),
        "igår" | "i går" | "yesterday" => return from.today.pred_opt(),
        _ => {}
    }
    parse_date(&text)
        .or_else(|| step(&text, from.shown))
        .or_else(|| week(&text, yearless))
        .or_else(|| day_and_month(&text, yearless))
        .or_else(|| weekday(&text).and_then(|day| in_week(from.shown, day)))
}

/// The most days of a period.
const LONGEST_PERIOD: i64 = 366;

/// The days meant, as `idag`, `to-fre`, `25/11-27/11`, `2026-12-01 - +2d`; the second day is relative to
/// the first. `None` where the text is none, or is longer than a year.
pub fn parse_period(text: &str, from: From) -> Option<DateRange> {
    if let Some(only) = parse_goto(text, from) {
        return Some(DateRange::new(only, 1));
    }
    let cuts = text.char_indices().filter(|(_, letter)| matches!(letter, '-' | '–'));
    cuts.filter_map(|(at, cut)| {
        let (first, last) = (text.get(..at)?, text.get(at + cut.len_utf8()..)?);
        let first = parse_goto(first, from)?;
        let last = parse(last, From { shown: first, ..from }, Yearless::Nearest(first))?;
        let days = last.signed_duration_since(first).num_days() + 1;
        let days = u32::try_from(days).ok().filter(|_| (1..=LONGEST_PERIOD).contains(&days))?;
        Some(DateRange::new(first, days))
    })
    .next()
}

/// The given weekday of the ISO week that holds `date`.
pub fn in_week(date: NaiveDate, day: Weekday) -> Option<NaiveDate> {
    let monday =
        date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())))?;
    monday.checked_add_days(Days::new(u64::from(day.num_days_from_monday())))
}

/// `+2v`, `-3d`, `+10`.
fn step(text: &str, shown: NaiveDate) -> Option<NaiveDate> {
    let (ahead, rest) = match (text.strip_prefix('+'), text.strip_prefix(['-', '−'])) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return None,
    };
    let (digits, days) = match rest.strip_suffix(['v', 'w']) {
        Some(digits) => (digits, 7),
        None => (rest.strip_suffix('d').unwrap_or(rest), 1),
    };
    let days = Days::new(number(digits)?.checked_mul(days)?.into());
    if ahead { shown.checked_add_days(days) } else { shown.checked_sub_days(days) }
}

/// `v37`, `v37 to`, `v.37`, `w37`.
fn week(text: &str, yearless: Yearless) -> Option<NaiveDate> {
    let rest = text.strip_prefix(['v', 'w'])?;
    let rest = rest.strip_prefix('.').unwrap_or(rest).trim_start();
    let (digits, day) = match rest.split_once(' ') {
        Some((digits, day)) => (digits, weekday(day.trim())?),
        None => (rest, Weekday::Mon),
    };
    let week = number(digits)?;
    yearless.of(|year| {
        let date = NaiveDate::from_isoywd_opt(year, week, day)?;
        Some((date, NaiveDate::from_isoywd_opt(year, week, Weekday::Sun)?))
    })
}

/// `1/12`, `1/12 2027`.
fn day_and_month(text: &str, yearless: Yearless) -> Option<NaiveDate> {
    let (day, rest) = text.split_once('/')?;
    let day = number(day)?;
    match rest.split_once([' ', '/']) {
        Some((month, year)) => {
            let year = i32::try_from(number(year)?).ok().filter(|year| *year >= 1000)?;
            NaiveDate::from_ymd_opt(year, number(month)?, day)
        }
        None => {
            let month = number(rest)?;
            yearless.of(|year| {
                let date = NaiveDate::from_ymd_opt(year, month, day)?;
                Some((date, date))
            })
        }
    }
}

impl Yearless {
    /// The most years from one 29 February to the next.
    const LEAP: i32 = 8;

    /// The date meant, of those that `of_year` tells with the day on which it is over.
    fn of(self, of_year: impl Fn(i32) -> Option<(NaiveDate, NaiveDate)>) -> Option<NaiveDate> {
        let near = |day: NaiveDate, ahead| day.year() - 1..=day.year() + ahead;
        match self {
            Yearless::Nearest(to) => near(to, 1)
                .filter_map(of_year)
                .map(|(date, _)| date)
                .min_by_key(|date| date.signed_duration_since(to).num_days().abs()),
            Yearless::Coming(from) => near(from, Self::LEAP)
                .filter_map(of_year)
                .find(|(_, over)| *over >= from)
                .map(|(date, _)| date),
        }
    }
}

/// The weekday whose Swedish or English name, in lower case, begins so; two letters at least.
pub fn weekday(text: &str) -> Option<Weekday> {
    let days = [
        (Weekday::Mon, ["måndag", "monday"]),
        (Weekday::Tue, ["tisdag", "tuesday"]),
        (Weekday::Wed, ["onsdag", "wednesday"]),
        (Weekday::Thu, ["torsdag", "thursday"]),
        (Weekday::Fri, ["fredag", "friday"]),
        (Weekday::Sat, ["lördag", "saturday"]),
        (Weekday::Sun, ["söndag", "sunday"]),
    ];
    if text.chars().count() < 2 {
        return None;
    }
    days.iter().find(|(_, names)| names.iter().any(|n| n.starts_with(text))).map(|(day, _)| *day)
}

fn number(digits: &str) -> Option<u32> {
    let plain = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
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
            ("1/6 2026", "2026-06-01"),
            ("2026-06-01", "2026-06-01"),
            ("igår", "2026-11-24"),
            ("-10v", "2026-10-01"),
        ];
        for (text, expected) in table {
            assert_eq!(parse_coming(text, from), Some(day(expected)), "{text}");
        }
    }
}
