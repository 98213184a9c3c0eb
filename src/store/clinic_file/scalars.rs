//! Reading single JSON values. Messages say what a value must be and never repeat a patient's data.

use chrono::NaiveDate;

use super::json::Json;
use crate::domain::{CivilTime, Color, ResourceCode, ResourceCodes, TemplateMinutes, parse_date};

pub(super) type Outcome<T> = Result<T, String>;

fn must_be<T>(what: &str, json: &Json) -> Outcome<T> {
    Err(format!("must be {what}, not {}", json.kind()))
}

pub(super) fn text(json: &Json) -> Outcome<String> {
    text_of(json).map(str::to_owned)
}

pub(super) fn text_of(json: &Json) -> Outcome<&str> {
    match json {
        Json::Text(text) => Ok(text),
        _ => must_be("a text", json),
    }
}

pub(super) fn flag(json: &Json) -> Outcome<bool> {
    match json {
        Json::Flag(flag) => Ok(*flag),
        _ => must_be("true or false", json),
    }
}

/// A whole number from 0 that fits.
pub(super) fn count(json: &Json) -> Outcome<u32> {
    let wanted = format!("a whole number from 0 to {}", u32::MAX);
    match json {
        Json::Integer(number) => {
            u32::try_from(*number).map_err(|_| format!("must be {wanted}, not {number}"))
        }
        Json::OtherNumber => Err(format!("must be {wanted}")),
        _ => must_be(&wanted, json),
    }
}

pub(super) fn minutes(json: &Json) -> Outcome<TemplateMinutes> {
    match json {
        Json::Integer(number) => TemplateMinutes::new(*number)
            .map_err(|_| format!("must be 1 to 600 minutes, not {number}")),
        Json::OtherNumber => Err("must be a whole number of minutes, 1 to 600".to_owned()),
        _ => must_be("a whole number of minutes, 1 to 600", json),
    }
}

pub(super) fn time(json: &Json) -> Outcome<CivilTime> {
    let text = text_of(json).or_else(|_| must_be("a time YYYY-MM-DDTHH:MM", json))?;
    text.parse().map_err(|_| "must be a time YYYY-MM-DDTHH:MM that exists".to_owned())
}

pub(super) fn date(json: &Json) -> Outcome<NaiveDate> {
    let text = text_of(json).or_else(|_| must_be("a date YYYY-MM-DD", json))?;
    parse_date(text).ok_or_else(|| "must be a date YYYY-MM-DD that exists".to_owned())
}

pub(super) fn color(json: &Json) -> Outcome<Color> {
    Color::parse(text_of(json)?)
        .map_err(|_| "must be a colour #rrggbb in hexadecimal digits".to_owned())
}

pub(super) fn resource_code(json: &Json) -> Outcome<ResourceCode> {
    text_of(json)?.parse().map(ResourceCode).map_err(|_| "must be one character".to_owned())
}

pub(super) fn resource_codes(json: &Json) -> Outcome<ResourceCodes> {
    ResourceCodes::parse(text_of(json)?).map_err(|repeated| repeated.to_string())
}

/// One of a few words.
pub(super) fn word<T: Copy>(words: &'static [(&'static str, T)]) -> impl Fn(&Json) -> Outcome<T> {
    move |json| {
        let wanted = || {
            let words: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
            format!("must be {}", words.join(" or "))
        };
        let text = text_of(json).map_err(|_| wanted())?;
        words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(wanted)
    }
}
