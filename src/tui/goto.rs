//! Reads a date as typed: `idag`, `+2v`, `v37 to`, `2026-12-01`, `1/12`, `tis 1 december`. Pure.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::domain::{DateRange, parse_date};

/// What relative dates are relative to.
#[derive(Clone, Copy, Debug)]
pub struct From {
    pub today: NaiveDate,
    /// The day the screen stands on.
    pub shown: NaiveDate,
}

/// Which of its years a day or a week is of that is typed without one, and which week a weekday is of.
#[derive(Clone, Copy, Debug)]
enum Yearless {
    /// The one nearest to a day.
    Nearest(NaiveDate),
    /// The first that is not over on a day.
    Coming(NaiveDate),
    /// The last that has begun on a day.
    Past(NaiveDate),
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

/// The date meant where somebody is to come on it: weeks, weekdays and days without a year are the next
/// coming ones, however near the last ones were.
pub fn parse_coming(text: &str, from: From) -> Option<NaiveDate> {
    parse(text, from, Yearless::Coming(from.today)).map(Meant::first)
}

/// The last of coming days, the date meant among them: a week, by itself or as so many weeks ahead, is
/// the whole of it.
pub fn parse_until(text: &str, from: From) -> Option<NaiveDate> {
    match parse(text, from, Yearless::Coming(from.today))? {
        Meant::Day(date) if is_in_weeks(text) => in_week(date, Weekday::Sun),
        meant => meant.last(),
    }
}

/// The days meant where something has been done on them, a week being the whole of it: weeks, weekdays and
/// days without a year are the last ones.
pub fn parse_past(text: &str, from: From) -> Option<DateRange> {
    let meant = parse(text, from, Yearless::Past(from.today))?;
    period(meant.first(), meant.last()?)
}

/// `+2v`.
fn is_in_weeks(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('+') && text.to_lowercase().ends_with(['v', 'w'])
}

fn parse(text: &str, from: From, yearless: Yearless) -> Option<Meant> {
    let text = text.trim().to_lowercase();
    spoken(&text, from.today).or_else(|| week(&text, yearless)).or_else(|| {
        dated(&text, yearless)
            .or_else(|| step(&text, from.shown))
            .or_else(|| weekday(&text).and_then(|day| day_shown(from.shown, day, yearless)))
            .map(Meant::Day)
    })
}

/// `2026-12-01`, `1/12`, `den 1 december`, `tis 1 dec`; `None` where it is another weekday than the one told.
fn dated(text: &str, yearless: Yearless) -> Option<NaiveDate> {
    let told = text.split_once(' ').and_then(|(day, rest)| Some((weekday(day)?, rest)));
    let rest = told.map_or(text, |(_, rest)| rest.trim_start());
    let rest = rest.strip_prefix("den ").unwrap_or(rest).trim_start();
    let date =
        parse_date(rest).or_else(|| digits(rest)).or_else(|| day_and_month(rest, yearless))?;
    told.is_none_or(|(day, _)| date.weekday() == day).then_some(date)
}

/// The weekday of the week that is shown; the next one where somebody is to come and that is over, the one
/// before where something has been and that is to come.
fn day_shown(shown: NaiveDate, day: Weekday, yearless: Yearless) -> Option<NaiveDate> {
    let in_shown = in_week(shown, day)?;
    match yearless {
        Yearless::Coming(from) if in_shown < from => next(from.pred_opt()?, day),
        Yearless::Past(to) if in_shown > to => next(to, day)?.checked_sub_days(WEEK),
        _ => Some(in_shown),
    }
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

/// The days meant, as `idag`, `v48`, `to-fre`, `25-27/11`, `2026-12-01 - +2d`; a week is the whole of it,
/// and the second day is relative to the first. `None` where the text is none, or is longer than a year.
pub fn parse_period(text: &str, from: From) -> Option<DateRange> {
    let nearest = Yearless::Nearest;
    if let Some(only) = parse(text, from, nearest(from.today)) {
        return period(only.first(), only.last()?);
    }
    let cuts = text.char_indices().filter(|(_, letter)| matches!(letter, '-' | '–'));
    cuts.filter_map(|(at, cut)| {
        let (first, last) = (text.get(..at)?, text.get(at + cut.len_utf8()..)?);
        match parse_goto(first, from) {
            Some(first) => {
                let from = From { shown: first, ..from };
                period(first, parse(last, from, nearest(first))?.last()?)
            }
            // `25` before `27/11`.
            None => {
                let last = parse_goto(last, from)?;
                period(last.with_day(number(first.trim())?)?, last)
            }
        }
    })
    .next()
}

/// From one day to another, both among them.
fn period(first: NaiveDate, last: NaiveDate) -> Option<DateRange> {
    let days = last.signed_duration_since(first).num_days() + 1;
    let days = u32::try_from(days).ok().filter(|_| (1..=LONGEST_PERIOD).contains(&days))?;
    Some(DateRange::new(first, days))
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
        let near = |day: NaiveDate, back| day.year() - back..=day.year() + Self::LEAP;
        match self {
            Yearless::Nearest(to) => near(to, Self::LEAP)
                .filter_map(of_year)
                .map(|(date, _)| date)
                .min_by_key(|date| date.signed_duration_since(to).num_days().abs()),
            Yearless::Coming(from) => near(from, 1)
                .filter_map(of_year)
                .find(|(_, over)| *over >= from)
                .map(|(date, _)| date),
            Yearless::Past(to) => near(to, Self::LEAP)
                .rev()
                .filter_map(of_year)
                .map(|(date, _)| date)
                .find(|date| *date <= to),
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
mod tests;
