//! Week templates in the clinic file: the optional top-level key `week_templates`, after `online`.
//!
//! Each has `id`, `name` and `sessions`; a session has `weekday` (`mon` to `sun`), `start` (`HH:MM`)
//! and `minutes` (1 to 1440). The key is empty where it is missing, and is written only when there is
//! something in it: a file without it comes back byte for byte.

use std::collections::BTreeMap;

use chrono::Weekday;
use serde::Serialize;

use super::checks::Kind;
use super::fields::Fields;
use super::json::Json;
use super::parse::Reader;
use super::scalars;
use crate::domain::{
    MINUTES_PER_DAY, Minutes, WeekSession, WeekTemplate, WeekTemplateId, in_order,
};

const WEEKDAYS: &[(&str, Weekday)] = &[
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

pub(super) fn week_template<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(WeekTemplateId, WeekTemplate)> {
    let id: Option<WeekTemplateId> = reader.own_id(fields, "id", Kind::WeekTemplate);
    let name = fields.required("name", scalars::text);
    let path = fields.path_of("sessions");
    let items = fields.required("sessions", |json| match json {
        Json::Array(items) => Ok(items),
        _ => Err(format!("must be an array, not {}", json.kind())),
    })?;
    let sessions: Vec<Option<WeekSession>> = items
        .iter()
        .enumerate()
        .map(|(index, json)| {
            let mut fields = Fields::open(json, format!("{path}[{index}]"), reader.faults)?;
            let session = session(&mut fields);
            fields.end();
            session
        })
        .collect();
    let sessions: Option<Vec<WeekSession>> = sessions.into_iter().collect();
    let (id, sessions) = (id?, in_order(sessions?));
    Some((id.clone(), WeekTemplate { id, name: name?, sessions }))
}

fn session(fields: &mut Fields<'_, '_>) -> Option<WeekSession> {
    let weekday = fields.required("weekday", scalars::word(WEEKDAYS));
    let start = fields.required("start", clock);
    let minutes = fields.required("minutes", |json| {
        let minutes = scalars::count(json)?;
        i32::try_from(minutes)
            .ok()
            .filter(|minutes| (1..=MINUTES_PER_DAY).contains(minutes))
            .ok_or_else(|| format!("must be 1 to {MINUTES_PER_DAY} minutes, not {minutes}"))
    });
    WeekSession::new(weekday?, start?, Minutes(minutes?))
}

/// `HH:MM`.
fn clock(json: &Json) -> scalars::Outcome<Minutes> {
    let wrong = || "must be a time of day HH:MM".to_owned();
    // A date that exists, so that what is wrong can only be the time of day.
    let time = scalars::text_of(json).map_err(|_| wrong())?;
    let time: crate::domain::CivilTime =
        format!("2000-01-01T{time}").parse().map_err(|_| wrong())?;
    Ok(time.minute_of_day())
}

#[derive(Serialize)]
pub(super) struct WeekTemplateOut<'a> {
    id: &'a str,
    name: &'a str,
    sessions: Vec<SessionOut>,
}

#[derive(Serialize)]
struct SessionOut {
    weekday: &'static str,
    start: String,
    minutes: i32,
}

/// The templates in order of id.
pub(super) fn written<'a>(
    templates: &'a BTreeMap<WeekTemplateId, WeekTemplate>,
) -> Vec<WeekTemplateOut<'a>> {
    let out = |template: &'a WeekTemplate| {
        let WeekTemplate { id, name, sessions } = template;
        let sessions = sessions.iter().map(SessionOut::new).collect();
        WeekTemplateOut { id: id.as_str(), name, sessions }
    };
    templates.values().map(out).collect()
}

impl SessionOut {
    fn new(session: &WeekSession) -> Self {
        let word = WEEKDAYS.iter().find(|(_, day)| *day == session.weekday);
        let start = session.start.0;
        Self {
            weekday: word.map_or("", |(word, _)| word),
            start: format!("{:02}:{:02}", start / 60, start % 60),
            minutes: session.minutes.0,
        }
    }
}
