//! Reads a date as typed: `idag`, `+2v`, `v37 to`, `2026-12-01`, `1/12`, `1 december`. Pure.

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

/// What is meant: a day, or the whole of a week.
#[derive(Clone, Copy)]
enum Meant {
    Day(NaiveDate),
    /// By its Monday.
    Week(NaiveDate),
}

impl Meant {
    fn first(self) -> NaiveDate {
        let (Meant::Day(date) | Meant::Week(date)) = self;
        date
    }

    fn last(self) -> Option<NaiveDate> {
        match self {
            Meant::Day(date) => Some(date),
            Meant::Week(monday) => in_week(monday, Weekday::Sun),
        }
    }
}

/// The date meant, in Swedish or English; `None` where the text is none.
///
/// Weeks without a year and days without a year are those nearest to today.
pub fn parse_goto(text: &str, from: From) -> Option<NaiveDate> {
    parse(text, from, Yearless::Nearest(from.today)).map(Meant::first)
}

/// The date meant where somebody is to come on it: weeks and days without a year are the next coming
/// ones, however near the last ones were.
pub fn parse_coming(text: &str, from: From) -> Option<NaiveDate> {
    parse(text, from, Yearless::Coming(from.today)).map(Meant::first)
}

/// The last of coming days, the date meant among them: a week by itself is the whole of it.
pub fn parse_until(text: &str, from: From) -> Option<NaiveDate> {
    parse(text, from, Yearless::Coming(from.today))?.last()
}

fn parse(text: &str, from: From, yearless: Yearless) -> Option<Meant> {
    let text = text.trim().to_lowercase();
    spoken(&text, from.today).or_else(|| week(&text, yearless)).or_else(|| {
        parse_date(&text)
            .or_else(|| digits(&text))
            .or_else(|| step(&text, from.shown))
            .or_else(|| day_and_month(&text, yearless))
            .or_else(|| weekday(&text).and_then(|day| in_week(from.shown, day)))
            .map(Meant::Day)
    })
}

/// `idag`, `i övermorgon`, `på fredag`, `nästa vecka`: as seen from today.
fn spoken(text: &str, today: NaiveDate) -> Option<Meant> {
    let day = match text {
        "idag" | "i dag" | "today" => Some(today),
        "imorgon" | "i morgon" | "tomorrow" => today.succ_opt(),
        "övermorgon" | "i övermorgon" | "day after tomorrow" => {
            today.checked_add_days(Days::new(2))
        }
        "igår" | "i går" | "yesterday" => today.pred_opt(),
        "nästa vecka" | "next week" => {
            return in_week(today, Weekday::Mon)?.checked_add_days(WEEK).map(Meant::Week);
        }
        _ => {
            let day = text.strip_prefix("på ").or_else(|| text.strip_prefix("on "))?;
            next(today, weekday(day.trim_start())?)
        }
    };
    day.map(Meant::Day)
}

const WEEK: Days = Days::new(7);

/// The next such day after a date.
fn next(after: NaiveDate, day: Weekday) -> Option<NaiveDate> {
    let in_this = in_week(after, day)?;
    if in_this > after { Some(in_this) } else { in_this.checked_add_days(WEEK) }
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
        let from = From { shown: first, ..from };
        let last = parse(last, from, Yearless::Nearest(first))?.first();
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

/// `v37`, `v37 to`, `to v37`, `v.37`, `vecka 37`, `w37`.
fn week(text: &str, yearless: Yearless) -> Option<Meant> {
    if let Some((day, rest)) = text.split_once(' ')
        && let Some(day) = weekday(day)
    {
        return Some(Meant::Day(week_of_year(week_number(rest.trim_start())?, day, yearless)?));
    }
    match text.rsplit_once(' ').and_then(|(rest, day)| Some((rest.trim_end(), weekday(day)?))) {
        Some((rest, day)) => week_of_year(week_number(rest)?, day, yearless).map(Meant::Day),
        None => week_of_year(week_number(text)?, Weekday::Mon, yearless).map(Meant::Week),
    }
}

fn week_number(text: &str) -> Option<u32> {
    let rest = ["vecka", "week", "v", "w"].iter().find_map(|word| text.strip_prefix(word))?;
    number(rest.strip_prefix('.').unwrap_or(rest).trim_start())
}

fn week_of_year(week: u32, day: Weekday, yearless: Yearless) -> Option<NaiveDate> {
    yearless.of(|year| {
        let date = NaiveDate::from_isoywd_opt(year, week, day)?;
        Some((date, NaiveDate::from_isoywd_opt(year, week, Weekday::Sun)?))
    })
}

/// `20261201`.
fn digits(text: &str) -> Option<NaiveDate> {
    let plain = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, day) = text.split_at_checked(4).filter(|_| plain)?;
    let (month, day) = day.split_at(2);
    NaiveDate::from_ymd_opt(year_of(year)?, number(month)?, number(day)?)
}

/// A day as [`in_numbers`] or [`by_name`] reads it.
fn day_and_month(text: &str, yearless: Yearless) -> Option<NaiveDate> {
    let (day, month, year) = in_numbers(text).or_else(|| by_name(text))?;
    match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day),
        None => yearless.of(|year| {
            let date = NaiveDate::from_ymd_opt(year, month, day)?;
            Some((date, date))
        }),
    }
}

/// Day and month, and the year where one is told.
type DayOfYear = (u32, u32, Option<i32>);

/// `1/12`, `1/12 2027`, `1.12`, `1.12.2027`.
fn in_numbers(text: &str) -> Option<DayOfYear> {
    let (day, rest) = text.split_once(['/', '.'])?;
    let (month, year) = match rest.split_once([' ', '/', '.']) {
        Some((month, year)) => (month, Some(year_of(year)?)),
        None => (rest, None),
    };
    Some((number(day)?, number(month)?, year))
}

/// `1 dec`, `dec 1`, `1 december 2027`.
fn by_name(text: &str) -> Option<DayOfYear> {
    let mut words = text.split_whitespace();
    let (first, second, year) = (words.next()?, words.next()?, words.next());
    let (day, month) = match month_named(first) {
        Some(month) => (second, month),
        None => (first, month_named(second)?),
    };
    let year = match year {
        Some(year) => Some(year_of(year)?),
        None => None,
    };
    words.next().is_none().then_some((number(day)?, month, year))
}

fn year_of(digits: &str) -> Option<i32> {
    i32::try_from(number(digits)?).ok().filter(|year| *year >= 1000)
}

/// The month whose Swedish or English name, in lower case, begins so; three letters at least, and a
/// dot after them where they are cut.
fn month_named(text: &str) -> Option<u32> {
    const NAMES: [[&str; 2]; 12] = [
        ["januari", "january"],
        ["februari", "february"],
        ["mars", "march"],
        ["april", "april"],
        ["maj", "may"],
        ["juni", "june"],
        ["juli", "july"],
        ["augusti", "august"],
        ["september", "september"],
        ["oktober", "october"],
        ["november", "november"],
        ["december", "december"],
    ];
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.chars().count() < 3 {
        return None;
    }
    let begins = |names: &[&str; 2]| names.iter().any(|name| name.starts_with(text));
    NAMES.iter().zip(1..).find(|(names, _)| begins(names)).map(|(_, month)| month)
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
        ];
        for (text, expected) in table {
            assert_eq!(parse_coming(text, from), Some(day(expected)), "{text}");
        }
    }
}
