//! Days, weeks and times as people write them. Pure.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::domain::day_names::{MONTHS_EN, MONTHS_SV, WEEKDAYS_EN, WEEKDAYS_SV};
use crate::domain::{CivilTime, DateRange, Interval, Minutes, PublicHoliday, RedDay};

use super::Language;

const SHORT_DAYS_SV: [&str; 7] = ["mån", "tis", "ons", "tor", "fre", "lör", "sön"];
const SHORT_DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const SHORT_MONTHS_SV: [&str; 12] =
    ["jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"];
const SHORT_MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Writes dates and times in one language.
#[derive(Clone, Copy, Debug)]
pub struct Dates(pub Language);

impl Dates {
    /// `ons`.
    pub fn weekday(self, weekday: Weekday) -> &'static str {
        let at = weekday.num_days_from_monday() as usize;
        self.0.pick(&SHORT_DAYS_SV, &SHORT_DAYS_EN).get(at).copied().unwrap_or_default()
    }

    /// `nov`.
    pub fn month(self, date: NaiveDate) -> &'static str {
        let at = date.month0() as usize;
        self.0.pick(&SHORT_MONTHS_SV, &SHORT_MONTHS_EN).get(at).copied().unwrap_or_default()
    }

    /// `ons 25`.
    pub fn day(self, date: NaiveDate) -> String {
        format!("{} {}", self.weekday(date.weekday()), date.day())
    }

    /// `25 nov`.
    pub fn day_of_month(self, date: NaiveDate) -> String {
        format!("{} {}", date.day(), self.month(date))
    }

    /// `25/11`, or `2025-11-25` in another year than `today`'s: as short as is clear.
    pub fn short(self, date: NaiveDate, today: NaiveDate) -> String {
        if date.year() == today.year() {
            format!("{}/{}", date.day(), date.month())
        } else {
            date.to_string()
        }
    }

    /// `ons 25 nov`.
    pub fn date(self, date: NaiveDate) -> String {
        format!("{} {}", self.day(date), self.month(date))
    }

    /// `ons 25 nov`, or `ons 25 nov 2027` in another year than `today`'s.
    pub fn dated(self, date: NaiveDate, today: NaiveDate) -> String {
        match date.year() == today.year() {
            true => self.date(date),
            false => format!("{} {}", self.date(date), date.year()),
        }
    }

    /// `onsdag 25 november 2026`, as it is read aloud.
    pub fn in_full(self, date: NaiveDate) -> String {
        let weekday = date.weekday().num_days_from_monday() as usize;
        let weekday = self.0.pick(&WEEKDAYS_SV, &WEEKDAYS_EN).get(weekday).unwrap_or(&"");
        let month = self.0.pick(&MONTHS_SV, &MONTHS_EN).get(date.month0() as usize);
        format!("{weekday} {} {} {}", date.day(), month.unwrap_or(&""), date.year())
    }

    /// `23–27 nov 2026`, `30 nov – 4 dec 2026`.
    pub fn span(self, days: DateRange) -> String {
        let first = days.first();
        let last = days.end().pred_opt().unwrap_or(first);
        let end = format!("{} {} {}", last.day(), self.month(last), last.year());
        if first.year() != last.year() {
            format!("{} {} {} – {end}", first.day(), self.month(first), first.year())
        } else if first.month() != last.month() {
            format!("{} {} – {end}", first.day(), self.month(first))
        } else {
            format!("{}–{end}", first.day())
        }
    }

    /// `10:15–11:45`; an end at midnight is written `24:00`.
    pub fn hours(self, interval: Interval) -> String {
        let end = interval.end();
        let end_clock =
            if end.minute_of_day() == Minutes(0) { "24:00".into() } else { end.clock() };
        format!("{}–{end_clock}", interval.start().clock())
    }

    /// `ons 25 10:15`.
    pub fn moment(self, time: CivilTime) -> String {
        format!("{} {}", self.day(time.date()), time.clock())
    }

    /// `ons 25 nov`, `ons 25 nov–fre 27 nov`; with the year where it is another than `today`'s.
    pub fn period(self, days: DateRange, today: NaiveDate) -> String {
        let last = days.end().pred_opt().unwrap_or(days.first());
        if last <= days.first() {
            return self.dated(days.first(), today);
        }
        format!("{}–{}", self.dated(days.first(), today), self.dated(last, today))
    }

    /// Why the day is red: the holiday's name, or that the clinic is closed.
    pub fn red_day(self, why: RedDay) -> &'static str {
        match why {
            RedDay::Holiday(holiday) => self.holiday(holiday),
            RedDay::Closed => self.0.texts().closed_day,
        }
    }

    /// The public holiday's name.
    fn holiday(self, holiday: PublicHoliday) -> &'static str {
        use PublicHoliday::*;
        match holiday {
            NewYearsDay => self.0.pick("Nyårsdagen", "New Year's Day"),
            Epiphany => self.0.pick("Trettondedag jul", "Epiphany"),
            GoodFriday => self.0.pick("Långfredagen", "Good Friday"),
            EasterSunday => self.0.pick("Påskdagen", "Easter Sunday"),
            EasterMonday => self.0.pick("Annandag påsk", "Easter Monday"),
            FirstOfMay => self.0.pick("Första maj", "First of May"),
            AscensionDay => self.0.pick("Kristi himmelsfärd", "Ascension Day"),
            NationalDay => self.0.pick("Nationaldagen", "National Day"),
            Pentecost => self.0.pick("Pingstdagen", "Pentecost"),
            MidsummerDay => self.0.pick("Midsommardagen", "Midsummer Day"),
            AllSaintsDay => self.0.pick("Alla helgons dag", "All Saints' Day"),
            ChristmasDay => self.0.pick("Juldagen", "Christmas Day"),
            SecondChristmasDay => self.0.pick("Annandag jul", "Boxing Day"),
        }
    }
}
