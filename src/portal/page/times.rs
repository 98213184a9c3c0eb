//! Free times as one browser sees them: what the agent has published as free and nobody else holds.

use chrono::{DateTime, FixedOffset, Utc};
use rusqlite::named_params;

use crate::fhir::{Resource, Schedule, Slot, names};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::super::shelf::stored;
use super::browser::Browser;

/// A free time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    pub slot: String,
    pub book: String,
    /// The treatment, as slots call it.
    pub service: String,
    /// With the clinic's UTC offset.
    pub start: DateTime<FixedOffset>,
    pub end: DateTime<FixedOffset>,
}

/// Which way times are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    Later,
    Earlier,
}

/// The times that are looked for.
pub struct Wanted<'a> {
    /// The treatment, as slots call it.
    pub service: &'a str,
    /// Ids of the books, in order.
    pub books: Vec<&'a str>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub towards: Towards,
    pub most: usize,
}

impl Time {
    /// The time of a stored slot; `None` where it is not as it must be.
    pub fn of(id: String, slot: &Slot) -> Option<Self> {
        let service = slot.service_type.iter().find_map(|it| it.code(names::TEMPLATE))?;
        Some(Self {
            slot: id,
            book: slot.schedule.id_of(Schedule::KIND)?.to_owned(),
            service: service.to_owned(),
            start: DateTime::parse_from_rfc3339(&slot.start).ok()?,
            end: DateTime::parse_from_rfc3339(&slot.end).ok()?,
        })
    }
}

impl Wanted<'_> {
    /// The free times, in order from where is looked; of several that begin together the first book's.
    /// Of a clinic whose agent is silent, and of the past, there are none.
    ///
    /// # Errors
    /// The store.
    pub fn find(&self, desk: &Desk<'_>, browser: Option<&Browser>) -> Result<Vec<Time>, Refusal> {
        if desk.is_silent() || self.books.is_empty() {
            return Ok(Vec::new());
        }
        let shelf = desk.shelf();
        let order = match self.towards {
            Towards::Later => "ASC",
            Towards::Earlier => "DESC",
        };
        let sql = format!(
            "SELECT r.id, r.version, r.updated_at, r.content FROM ( \
               SELECT f.at AS at, f.slot AS slot, MIN(b.key) FROM free_time f \
               CROSS JOIN json_each(:books) b \
               WHERE f.clinic = :clinic AND f.service = :service \
               AND f.at >= :from AND f.at < :until AND f.book = b.value \
               AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.clinic = f.clinic \
                 AND h.slot = f.slot AND h.until > :now AND h.browser <> :browser) \
               GROUP BY f.at ORDER BY f.at {order} LIMIT :most) t \
             JOIN resource r ON r.clinic = :clinic AND r.kind = 'Slot' AND r.id = t.slot \
             ORDER BY t.at {order}"
        );
        let mut statement = shelf.transaction.prepare_cached(&sql)?;
        let now = shelf.now.timestamp_millis();
        let rows = statement.query_map(
            named_params! {
                ":clinic": shelf.clinic,
                ":from": self.from.timestamp_millis().max(now),
                ":until": self.until.timestamp_millis(),
                ":service": self.service,
                ":books": serde_json::Value::from(self.books.clone()).to_string(),
                ":now": now,
                ":browser": browser.map(Browser::hash).unwrap_or_default(),
                ":most": i64::try_from(self.most).unwrap_or(i64::MAX),
            },
            stored,
        )?;
        let mut times = Vec::new();
        for row in rows {
            let row = row?;
            let slot = Slot::from_value(row.value).ok();
            times.extend(slot.and_then(|slot| Time::of(row.id, &slot)));
        }
        Ok(times)
    }
}

/// The free times that lie nearest to a moment, at most `most`, in order.
///
/// # Errors
/// The store.
pub fn nearest(
    desk: &Desk<'_>,
    browser: Option<&Browser>,
    (service, books): (&str, Vec<&str>),
    moment: DateTime<Utc>,
    most: usize,
) -> Result<Vec<Time>, Refusal> {
    let look = |from, until, towards| {
        let books = books.clone();
        Wanted { service, books, from, until, towards, most }.find(desk, browser)
    };
    let mut found = look(DateTime::UNIX_EPOCH, moment, Towards::Earlier)?;
    found.extend(look(moment, DateTime::<Utc>::MAX_UTC, Towards::Later)?);
    found.sort_by_key(|time| (time.start.to_utc() - moment).abs());
    found.truncate(most);
    found.sort_by_key(|time| time.start);
    Ok(found)
}
