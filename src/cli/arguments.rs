//! Arguments that several subcommands take, and how times are read.

use chrono::{NaiveDate, Utc};
use clap::Args;

use crate::domain::{CivilTime, DateRange, Interval, Minutes, Setup, parse_date};

/// The most days that are listed at once.
const MOST_DAYS: i64 = 3660;

/// The moment that stands for now.
#[derive(Args, Debug)]
pub struct At {
    /// Answer as if it were this time (YYYY-MM-DDTHH:MM) [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<CivilTime>,
}

impl At {
    /// The time asked for, else the time on the clinic's clock.
    pub fn now(&self, setup: &Setup) -> CivilTime {
        self.at.unwrap_or_else(|| setup.zone.civil(Utc::now()))
    }
}

/// The days to be listed.
#[derive(Args, Debug)]
pub struct Days {
    /// The first day (YYYY-MM-DD) [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<NaiveDate>,
    /// How many days
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=MOST_DAYS))]
    days: u32,
}

impl Days {
    pub fn range(&self, now: CivilTime) -> DateRange {
        DateRange::new(self.from.unwrap_or_else(|| now.date()), self.days)
    }
}

/// What is to be listed, and how.
#[derive(Args, Debug)]
pub struct Listing {
    #[command(flatten)]
    pub at: At,
    #[command(flatten)]
    pub days: Days,
    /// Only this practitioner's
    #[arg(long, value_name = "ID")]
    pub practitioner: Option<String>,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

/// `YYYY-MM-DDTHH:MM`.
pub fn time(text: &str) -> Result<CivilTime, String> {
    text.parse().map_err(|_| "not a time of the form YYYY-MM-DDTHH:MM".to_owned())
}

/// `YYYY-MM-DD`.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    parse_date(text).ok_or_else(|| "not a date of the form YYYY-MM-DD".to_owned())
}

/// `START/END`, where the end may be a time of the start's day: `2026-11-25T09:00/11:00`.
pub fn interval(text: &str) -> Result<Interval, String> {
    let form = "not of the form START/END, as in 2026-11-25T09:00/11:00";
    let (start, end) = text.split_once('/').ok_or(form)?;
    let start = time(start)?;
    let end = match end.len() {
        5 => time(&format!("{}T{end}", start.date()))?,
        _ => time(end)?,
    };
    Interval::new(start, end).map_err(|error| error.to_string())
}

/// `START/END`, or one time, which stands for its minute.
pub fn interval_or_time(text: &str) -> Result<Interval, String> {
    if text.contains('/') {
        return interval(text);
    }
    let start = time(text)?;
    Interval::new(start, start + Minutes(1)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_written_in_full_or_within_its_day() {
        let full = interval("2026-11-25T09:00/2026-11-25T11:00").unwrap();
        assert_eq!(interval("2026-11-25T09:00/11:00").unwrap(), full);
        for wrong in
            ["", "2026-11-25T09:00", "2026-11-25T09:00/09:00", "2026-11-25T09:00/8:00", "a/b"]
        {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
        assert_eq!(interval_or_time("2026-11-25T09:00").unwrap().length(), Minutes(1));
    }
}
