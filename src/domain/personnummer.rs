//! *Personnummer* and *samordningsnummer* (R21).

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// A valid personnummer or samordningsnummer, written `ÅÅÅÅMMDD-XXXX`.
///
/// `Debug` never shows the digits, so that none reaches a log by accident.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Personnummer(String);

/// Why a text is not a personnummer (R21). Never holds the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadPersonnummer {
    #[error("a personnummer is written ÅÅÅÅMMDD-XXXX")]
    Form,
    #[error("the personnummer's date does not exist")]
    Date,
    #[error("the personnummer's date of birth lies in the future")]
    FutureBirth,
    #[error("the personnummer's serial number 000 is not given out")]
    Serial,
    #[error("the personnummer's check digit is wrong")]
    CheckDigit,
}

impl Personnummer {
    /// Accepts `ÅÅÅÅMMDD-XXXX`, 12 digits, and 10 digits with `-`, or `+` from the year the person
    /// turns 100. `today` gives the century of the short form and refuses births in the future.
    ///
    /// # Errors
    /// [`BadPersonnummer`], the first fault found.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, BadPersonnummer> {
        let digits = normalised_digits(text.trim(), today)?;
        check(&digits, today)?;
        Ok(Self(format!("{}-{}", &digits[..8], &digits[8..])))
    }

    /// `ÅÅÅÅMMDD-XXXX`. Sensitive: for the store, the clinic file and screens that may show it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a *samordningsnummer* (day + 60).
    pub fn is_coordination_number(&self) -> bool {
        self.0.get(6..8).and_then(|day| day.parse::<u32>().ok()).is_some_and(|day| day >= 60)
    }
}

/// The twelve digits, century filled in.
fn normalised_digits(text: &str, today: NaiveDate) -> Result<String, BadPersonnummer> {
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let separator = text.find(['-', '+']);
    let (birth, serial) = match separator {
        Some(at) => (&text[..at], &text[at + 1..]),
        None if text.len() == 12 && all_digits(text) => text.split_at(8),
        None => return Err(BadPersonnummer::Form),
    };
    if serial.len() != 4 || !all_digits(birth) || !all_digits(serial) {
        return Err(BadPersonnummer::Form);
    }
    let hundred_or_older = separator.is_some_and(|at| text.as_bytes()[at] == b'+');
    match birth.len() {
        8 if !hundred_or_older => Ok(format!("{birth}{serial}")),
        6 => {
            let century = century_of(birth, hundred_or_older, today)?;
            Ok(format!("{century:02}{birth}{serial}"))
        }
        _ => Err(BadPersonnummer::Form),
    }
}

/// The century of a two-digit year: the latest that does not lie in the future, one earlier with `+`.
fn century_of(
    birth: &str,
    hundred_or_older: bool,
    today: NaiveDate,
) -> Result<i32, BadPersonnummer> {
    let year: i32 = birth[..2].parse().map_err(|_| BadPersonnummer::Form)?;
    let this_century = today.year() / 100;
    let candidate = this_century * 100 + year;
    let in_future = match birth_date(&format!("{candidate:04}{}", &birth[2..])) {
        Some(Birth::Day(date)) => date > today,
        _ => candidate > today.year(),
    };
    let mut century = this_century - i32::from(in_future);
    if hundred_or_older {
        century -= 1;
    }
    Ok(century)
}

enum Birth {
    Day(NaiveDate),
    /// A samordningsnummer whose month or day is not known.
    Partly(i32),
}

/// Reads `YYYYMMDD`, with the rules for samordningsnummer; `None` if there is no such date.
fn birth_date(digits: &str) -> Option<Birth> {
    let year: i32 = digits[..4].parse().ok()?;
    let month: u32 = digits[4..6].parse().ok()?;
    let day: u32 = digits[6..8].parse().ok()?;
    if day < 60 {
        return NaiveDate::from_ymd_opt(year, month, day).map(Birth::Day);
    }
    let day = day - 60;
    match (month, day) {
        (0, 0..=31) | (1..=12, 0) => (year > 0).then_some(Birth::Partly(year)),
        _ => NaiveDate::from_ymd_opt(year, month, day).map(Birth::Day),
    }
}

fn check(digits: &str, today: NaiveDate) -> Result<(), BadPersonnummer> {
    let in_future = match birth_date(digits).ok_or(BadPersonnummer::Date)? {
        Birth::Day(date) => date > today,
        Birth::Partly(year) => year > today.year(),
    };
    if in_future {
        return Err(BadPersonnummer::FutureBirth);
    }
    if &digits[8..11] == "000" {
        return Err(BadPersonnummer::Serial);
    }
    if luhn_sum(&digits[2..]).is_multiple_of(10) {
        Ok(())
    } else {
        Err(BadPersonnummer::CheckDigit)
    }
}

/// Luhn's sum over ten digits, the first doubled.
fn luhn_sum(digits: &str) -> u32 {
    digits
        .bytes()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum()
}

impl fmt::Debug for Personnummer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personnummer(…)")
    }
}

impl Serialize for Personnummer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Personnummer {
    /// Takes what was valid when it was written: form, date and check digit, but not "in the
    /// future", since reading must not depend on a clock.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Personnummer::parse(&text, NaiveDate::MAX).map_err(serde::de::Error::custom)
    }
}
