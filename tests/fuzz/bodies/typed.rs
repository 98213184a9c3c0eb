//! What people type into one field: dates, times, numbers, keys, contacts, names.

use chrono::{Datelike, NaiveDate};
use crossterm::event::KeyEvent;
use serde_json::Value;
use tidbok::domain::{
    CivilTime, ClinicZone, Color, DateRange, Interval, Personnummer, PortalId, ResourceCodes,
    TypedContacts, is_reserved_signature, parse_date, swedish,
};
use tidbok::mail::MailSettings;
use tidbok::tui::goto::{From, parse_goto, parse_period};
use tidbok::tui::keymap::Chord;
use tidbok::tui::range::{parse_clock, parse_range};

use super::today;

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    civil_time(text);
    dates(text);
    hours(text);
    personnummer(text);
    small_values(text);
    names(text);
    contacts(text);
    key(text);
    mailbox(text);
}

fn civil_time(text: &str) {
    if let Ok(time) = text.parse::<CivilTime>() {
        assert_eq!(time.to_string(), text);
        assert_eq!(CivilTime::from(time.to_chrono()), time);
    }
    if let Some(date) = parse_date(text) {
        assert_eq!(date.to_string(), text);
    }
    if let Ok(interval) = serde_json::from_str::<Interval>(text) {
        assert!(interval.start() < interval.end());
        let written = serde_json::to_string(&interval).expect("written");
        assert_eq!(serde_json::from_str::<Interval>(&written).ok(), Some(interval));
    }
}

/// Every date that is understood is one that can be written and is then the same, in capitals as well.
fn dates(text: &str) {
    let shown = NaiveDate::from_ymd_opt(2026, 12, 2).expect("a date");
    let from = From { today: today(), shown };
    let date = parse_goto(text, from);
    if let Some(date) = date.filter(|date| (1000..=9999).contains(&date.year())) {
        assert_eq!(parse_goto(&date.to_string(), from), Some(date), "{text:?}");
        assert_eq!(parse_goto(&format!(" {} ", text.to_uppercase()), from), Some(date), "{text:?}");
        let first = parse_period(text, from).map(DateRange::first);
        assert_eq!(first, Some(date), "{text:?}");
    }
    if let Some(days) = parse_period(text, from) {
        let last = days.end().pred_opt().expect("a last day");
        assert!(days.contains(days.first()) && days.contains(last), "{text:?}");
        assert!((1..=366).contains(&days.iter().count()), "{text:?}");
        if days.first().year() >= 1000 && last.year() <= 9999 {
            let written = format!("{} - {last}", days.first());
            assert_eq!(parse_period(&written, from), Some(days), "{text:?}");
        }
    }
}

fn hours(text: &str) {
    if let Some(time) = parse_clock(text) {
        assert!((0..=24 * 60).contains(&time.0));
        let written = format!("{:02}:{:02}", time.0 / 60, time.0 % 60);
        assert_eq!(parse_clock(&written), Some(time), "{text:?}");
    }
    if let Some((from, to)) = parse_range(text) {
        assert!(from < to, "{text:?}");
        let clock = |minutes: i32| format!("{:02}{:02}", minutes / 60, minutes % 60);
        let written = format!("{}-{}", clock(from.0), clock(to.0));
        assert_eq!(parse_range(&written), Some((from, to)), "{text:?}");
    }
}

/// R21: what is taken is written in one form, and taken in that form on every later day.
fn personnummer(text: &str) {
    let Ok(number) = Personnummer::parse(text, today()) else { return };
    let written = number.as_str();
    for day in [today(), NaiveDate::MAX] {
        assert_eq!(Personnummer::parse(written, day).as_ref(), Ok(&number));
    }
    assert_eq!(Personnummer::parse(&written.replace('-', ""), today()).as_ref(), Ok(&number));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    assert!(digits(written).ends_with(&digits(text)));
    assert!(!format!("{number:?}").contains(&written[9..]));
    let json = Value::from(written);
    assert_eq!(serde_json::from_value::<Personnummer>(json).ok().as_ref(), Some(&number));
}

fn small_values(text: &str) {
    if let Ok(color) = Color::parse(text) {
        assert_eq!(String::from(color), text.to_ascii_lowercase());
    }
    if let Ok(codes) = ResourceCodes::parse(text) {
        assert_eq!(codes.to_string(), text);
        assert!(codes.iter().all(|code| codes.contains(code)));
    }
    if let Ok(zone) = text.parse::<ClinicZone>() {
        assert_eq!(zone.to_string().parse(), Ok(zone));
    }
    if let Ok(id) = PortalId::parse(text) {
        assert_eq!(id.as_str(), text);
    }
}

/// A name is found whichever way its letters are put together, and its key is its own key.
fn names(text: &str) {
    let key = swedish::search_key(text);
    assert_eq!(swedish::search_key(&key), key, "{text:?}");
    assert_eq!(swedish::sort_key(&key), swedish::sort_key(text), "{text:?}");
    assert!(swedish::compare(text, text).is_eq());
    let _ = is_reserved_signature(text);
}

/// The form's six fields, one a line: what is taken is whole, and the same when it is read again.
fn contacts(text: &str) {
    let mut lines = text.splitn(6, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let typed = TypedContacts {
        personnummer: line(),
        first_name: line(),
        last_name: line(),
        email: line(),
        mobile: line(),
        address: line(),
    };
    let Ok((number, contacts)) = typed.read(today()) else { return };
    assert_eq!(contacts.faults(), []);
    let again = TypedContacts {
        personnummer: number.as_str(),
        first_name: &contacts.first_name,
        last_name: &contacts.last_name,
        email: &contacts.email,
        mobile: &contacts.mobile,
        address: contacts.address.as_deref().unwrap_or_default(),
    };
    assert_eq!(again.read(today()).as_ref(), Ok(&(number.clone(), contacts.clone())));
    let card = contacts.registered("p".into(), number);
    assert_eq!(contacts.differing(&card), []);
}

/// A key that is taken is one that a terminal can send.
fn key(text: &str) {
    let Some(chord) = Chord::parse(text) else { return };
    assert_eq!(Chord::of(KeyEvent::new(chord.code, chord.modifiers)), chord, "{text:?}");
    assert!(!chord.to_string().is_empty());
}

/// A sender's address stands in a message's head: no line of its own is smuggled in.
fn mailbox(text: &str) {
    if MailSettings::is_mailbox(text) {
        assert!(!text.trim().contains(['\r', '\n', '\0']), "{text:?}");
    }
}
