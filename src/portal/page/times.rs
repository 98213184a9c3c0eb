//! Free times as one browser sees them: what the agent has published as free and nobody else holds.

use chrono::{DateTime, FixedOffset, Utc};
use rusqlite::{Row, named_params};

use crate::fhir::{Resource, Schedule, Slot, names};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
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
            "SELECT f.at, f.book, f.slot, f.starts, f.ends FROM free_time f \
             WHERE f.clinic = :clinic AND f.service = :service AND f.at >= :from AND f.at < :until \
             AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.clinic = f.clinic \
               AND h.slot = f.slot AND h.until > :now AND h.browser <> :browser) \
             ORDER BY f.at {order}"
        );
        let mut statement = shelf.transaction.prepare_cached(&sql)?;
        let now = shelf.now.timestamp_millis();
        let mut rows = statement.query(named_params! {
            ":clinic": shelf.clinic,
            ":from": self.from.timestamp_millis().max(now),
            ":until": self.until.timestamp_millis(),
            ":service": self.service,
            ":now": now,
            ":browser": browser.map(Browser::hash).unwrap_or_default(),
        })?;
        let rank = |book: &str| self.books.iter().position(|wanted| *wanted == book);
        let mut found: Vec<(i64, usize, Time)> = Vec::new();
        while let Some(row) = rows.next()? {
            let at: i64 = row.get(0)?;
            let Some(rank) = rank(row.get_ref(1)?.as_str().unwrap_or_default()) else { continue };
            let last = found.last().map(|(at, rank, _)| (*at, *rank));
            if last.is_none_or(|(last, _)| last != at) && found.len() == self.most {
                break;
            }
            let Some(time) = self.read(row)? else { continue };
            match (last, found.last_mut()) {
                (Some((last, before)), Some(known)) if last == at => {
                    if rank < before {
                        *known = (at, rank, time);
                    }
                }
                _ => found.push((at, rank, time)),
            }
        }
        Ok(found.into_iter().map(|(_, _, time)| time).collect())
    }

    /// A row of start, book, slot, and begin and end as the slot has it.
    fn read(&self, row: &Row<'_>) -> Result<Option<Time>, Refusal> {
        let at = |column| -> Result<_, Refusal> {
            let text = row.get_ref(column)?.as_str().unwrap_or_default();
            Ok(DateTime::parse_from_rfc3339(text).ok())
        };
        let (Some(start), Some(end)) = (at(3)?, at(4)?) else { return Ok(None) };
        let (book, slot) = (row.get(1)?, row.get(2)?);
        Ok(Some(Time { slot, book, service: self.service.to_owned(), start, end }))
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
