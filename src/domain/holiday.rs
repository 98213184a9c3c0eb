//! Swedish public holidays (*röda dagar*), computed; closed days are the clinic's own and stored.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A Swedish public holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicHoliday {
    NewYearsDay,
    Epiphany,
    GoodFriday,
    EasterSunday,
    EasterMonday,
    FirstOfMay,
    AscensionDay,
    NationalDay,
    Pentecost,
    MidsummerDay,
    AllSaintsDay,
    ChristmasDay,
    SecondChristmasDay,
}

/// The public holiday on a date, by the law on public holidays (1989:253) as it stands since 2005.
/// Where two fall on one date, the one with the fixed date is named.
pub fn public_holiday(date: NaiveDate) -> Option<PublicHoliday> {
    use PublicHoliday::*;
    let fixed = match (date.month(), date.day()) {
        (1, 1) => Some(NewYearsDay),
        (1, 6) => Some(Epiphany),
        (5, 1) => Some(FirstOfMay),
        (6, 6) => Some(NationalDay),
        (12, 25) => Some(ChristmasDay),
        (12, 26) => Some(SecondChristmasDay),
        (6, 20..=26) if date.weekday() == Weekday::Sat => Some(MidsummerDay),
        (10, 31) | (11, 1..=6) if date.weekday() == Weekday::Sat => Some(AllSaintsDay),
        _ => None,
    };
    fixed.or_else(|| movable(date))
}

fn movable(date: NaiveDate) -> Option<PublicHoliday> {
    let easter = easter_sunday(date.year())?;
    match date.signed_duration_since(easter).num_days() {
        -2 => Some(PublicHoliday::GoodFriday),
        0 => Some(PublicHoliday::EasterSunday),
        1 => Some(PublicHoliday::EasterMonday),
        39 => Some(PublicHoliday::AscensionDay),
        49 => Some(PublicHoliday::Pentecost),
        _ => None,
    }
}

/// Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher).
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let moon_correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon_correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let shift = (golden + 11 * epact + 22 * weekday) / 451;
    let days_after_22_march = epact + weekday - 7 * shift;
    let first = NaiveDate::from_ymd_opt(year, 3, 22)?;
    first.checked_add_days(Days::new(u64::try_from(days_after_22_march).ok()?))
}
