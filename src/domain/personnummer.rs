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
    /// White space around it is dropped.
    ///
    /// # Errors
    /// [`BadPersonnummer`], the first fault found.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, BadPersonnummer> {
        Self::checked(Written::read(text.trim())?.in_full(today)?, today)
    }

    /// Takes `birth` (`YYYYMMDD`) and `serial` if they are valid.
    fn checked((birth, serial): (String, &str), today: NaiveDate) -> Result<Self, BadPersonnummer> {
        if earliest_birth(&birth).ok_or(BadPersonnummer::Date)? > today {
            return Err(BadPersonnummer::FutureBirth);
        }
        if serial.starts_with("000") {
            return Err(BadPersonnummer::Serial);
        }
        if !luhn_sum(birth.bytes().skip(2).chain(serial.bytes())).is_multiple_of(10) {
            return Err(BadPersonnummer::CheckDigit);
        }
        Ok(Self(format!("{birth}-{serial}")))
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

/// The parts of a number as it was written: ASCII digits of the right count.
enum Written<'a> {
    /// `YYYYMMDD` and the last four.
    Long { birth: &'a str, serial: &'a str },
    /// `YYMMDD` and the last four.
    Short { birth: &'a str, serial: &'a str, age: Age },
}

/// What the separator of the short form tells.
#[derive(Clone, Copy)]
enum Age {
    /// `-`
    Under100,
    /// `+`, from the year the person turns 100.
    HundredOrOlder,
}

impl<'a> Written<'a> {
    fn read(text: &'a str) -> Result<Self, BadPersonnummer> {
        let (birth, separator, serial) = match text.find(['-', '+']) {
            Some(at) => (&text[..at], text.as_bytes().get(at), &text[at + 1..]),
            None => match text.split_at_checked(8) {
                Some((birth, serial)) => (birth, None, serial),
                None => return Err(BadPersonnummer::Form),
            },
        };
        if !birth.bytes().chain(serial.bytes()).all(|byte| byte.is_ascii_digit()) {
            return Err(BadPersonnummer::Form);
        }
        match (birth.len(), separator, serial.len()) {
            (8, None | Some(b'-'), 4) => Ok(Self::Long { birth, serial }),
            (6, Some(b'-'), 4) => Ok(Self::Short { birth, serial, age: Age::Under100 }),
            (6, Some(b'+'), 4) => Ok(Self::Short { birth, serial, age: Age::HundredOrOlder }),
            _ => Err(BadPersonnummer::Form),
        }
    }

    /// `YYYYMMDD` and the last four, the century of the short form filled in.
    fn in_full(self, today: NaiveDate) -> Result<(String, &'a str), BadPersonnummer> {
        match self {
            Self::Long { birth, serial } => Ok((birth.to_owned(), serial)),
            Self::Short { birth, serial, age } => {
                let century = century_of(birth, age, today)?;
                Ok((format!("{century:02}{birth}"), serial))
            }
        }
    }
}

/// The century of `YYMMDD`: the latest in which the birth is not in the future; with `+` the latest
/// in which the person has turned 100 or does so this year.
fn century_of(birth: &str, age: Age, today: NaiveDate) -> Result<i32, BadPersonnummer> {
    let year: i32 = birth[..2].parse().map_err(|_| BadPersonnummer::Form)?;
    let this_century = today.year().div_euclid(100);
    let candidate = this_century * 100 + year;
    Ok(match age {
        Age::Under100 => {
            let date = earliest_birth(&format!("{candidate:04}{}", &birth[2..]));
            let in_future = date.is_some_and(|date| date > today);
            this_century - i32::from(in_future)
        }
        Age::HundredOrOlder => this_century - 1 - i32::from(candidate > today.year()),
    })
}

/// The date that `YYYYMMDD` tells, or for a *samordningsnummer* whose month or day is not known the
/// earliest that it may be; `None` if there is no such date.
fn earliest_birth(digits: &str) -> Option<NaiveDate> {
    let year = digits.get(..4)?.parse().ok().filter(|year| *year > 0)?;
    let month: u32 = digits.get(4..6)?.parse().ok()?;
    let day: u32 = digits.get(6..8)?.parse().ok()?;
    match day.checked_sub(60) {
        None => NaiveDate::from_ymd_opt(year, month, day),
        Some(day) => NaiveDate::from_ymd_opt(year, month.max(1), day.max(1)),
    }
}

/// Luhn's sum over ASCII digits, the first doubled.
fn luhn_sum(digits: impl Iterator<Item = u8>) -> u32 {
    digits
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
    /// future", since reading must not depend on a clock; nor the short form, whose century does.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = match Written::read(&text) {
            Ok(Written::Long { birth, serial }) => {
                Self::checked((birth.to_owned(), serial), NaiveDate::MAX)
            }
            Ok(Written::Short { .. }) => Err(BadPersonnummer::Form),
            Err(fault) => Err(fault),
        };
        read.map_err(serde::de::Error::custom)
    }
}
