//! Times that browsers hold while their patients write their details, and wishes that browsers have
//! made. Both stand beside the slots: the agent and its differences know nothing of them.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension, params};

use crate::fhir::{Resource, Slot, SlotStatus};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::browser::Browser;
use super::times::Time;

/// How long a chosen time is held for its browser.
pub const HOLD: TimeDelta = TimeDelta::minutes(5);

/// How it stands with a time, for one browser.
pub enum Standing {
    /// It holds it.
    Held { time: Time, until: DateTime<Utc> },
    /// It may have it, and does not hold it.
    Free(Time),
    /// Somebody else has it, or it is not offered any more.
    Gone,
}

/// A wish that a browser has made.
pub struct Asked {
    pub appointment: String,
    /// The treatment, as slots call it.
    pub service: String,
    pub book: String,
    pub at: DateTime<Utc>,
}

/// How it stands with a slot.
///
/// # Errors
/// The store.
pub fn standing(desk: &Desk<'_>, browser: &Browser, slot: &str) -> Result<Standing, Refusal> {
    let shelf = desk.shelf();
    let found = shelf.get(Slot::KIND, slot)?;
    let found = found.and_then(|it| Slot::from_value(it.value).ok());
    let time = found.as_ref().and_then(|found| Time::of(slot.to_owned(), found));
    let free = found.is_some_and(|found| found.status == SlotStatus::Free) && !desk.is_silent();
    let Some(time) = time.filter(|time| free && time.start > shelf.now) else {
        return Ok(Standing::Gone);
    };
    let held: Option<(String, i64)> = shelf
        .transaction
        .prepare_cached("SELECT browser, until FROM hold WHERE clinic = ?1 AND slot = ?2")?
        .query_row(params![shelf.clinic, slot], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let held = held.and_then(|(by, until)| Some((by, DateTime::from_timestamp_millis(until)?)));
    Ok(match held.filter(|(_, until)| *until > shelf.now) {
        None => Standing::Free(time),
        Some((by, until)) if by == browser.hash() => Standing::Held { time, until },
        Some(_) => Standing::Gone,
    })
}

impl Standing {
    /// The time, where this browser may have it.
    pub fn time(&self) -> Option<&Time> {
        match self {
            Self::Held { time, .. } | Self::Free(time) => Some(time),
            Self::Gone => None,
        }
    }
}

/// When the time begins that a browser holds beside a slot: holding the slot lets it go.
///
/// # Errors
/// The store.
pub fn held_beside(
    desk: &Desk<'_>,
    browser: &Browser,
    slot: &str,
) -> Result<Option<DateTime<Utc>>, Refusal> {
    let shelf = desk.shelf();
    let other: Option<String> = shelf
        .transaction
        .prepare_cached(
            "SELECT slot FROM hold WHERE clinic = ?1 AND browser = ?2 AND slot <> ?3 AND until > ?4",
        )?
        .query_row(
            params![shelf.clinic, browser.hash(), slot, shelf.now.timestamp_millis()],
            |row| row.get(0),
        )
        .optional()?;
    let Some(other) = other else { return Ok(None) };
    let time = standing(desk, browser, &other)?;
    Ok(time.time().map(|time| time.start.to_utc()))
}

/// Holds a time for a browser, from now on; any other that it holds is let go. How it stands then.
///
/// # Errors
/// The store.
pub fn hold(desk: &mut Desk<'_>, browser: &Browser, slot: &str) -> Result<Standing, Refusal> {
    let time = match standing(desk, browser, slot)? {
        Standing::Free(time) | Standing::Held { time, .. } => time,
        Standing::Gone => return Ok(Standing::Gone),
    };
    release(desk, browser)?;
    // One that has run out may be in the way.
    forget(desk, slot)?;
    let shelf = desk.shelf();
    let until = shelf.now + HOLD;
    shelf
        .transaction
        .prepare_cached("INSERT INTO hold (clinic, slot, browser, until) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![shelf.clinic, slot, browser.hash(), until.timestamp_millis()])?;
    Ok(Standing::Held { time, until })
}

/// Lets go what a browser holds, and clears away what has run out.
///
/// # Errors
/// The store.
pub fn release(desk: &mut Desk<'_>, browser: &Browser) -> Result<(), Refusal> {
    let shelf = desk.shelf();
    shelf
        .transaction
        .prepare_cached("DELETE FROM hold WHERE clinic = ?1 AND (browser = ?2 OR until <= ?3)")?
        .execute(params![shelf.clinic, browser.hash(), shelf.now.timestamp_millis()])?;
    Ok(())
}

/// Lets the hold on a slot go, whoever's it is.
///
/// # Errors
/// The store.
pub fn forget(desk: &mut Desk<'_>, slot: &str) -> Result<(), Refusal> {
    let shelf = desk.shelf();
    shelf
        .transaction
        .prepare_cached("DELETE FROM hold WHERE clinic = ?1 AND slot = ?2")?
        .execute(params![shelf.clinic, slot])?;
    Ok(())
}

/// Remembers that a browser has asked for a time; for how long is for `forgetting` to say.
///
/// # Errors
/// The store.
pub fn remember(
    desk: &mut Desk<'_>,
    browser: &Browser,
    time: &Time,
    appointment: &str,
) -> Result<(), Refusal> {
    let shelf = desk.shelf();
    let now = shelf.now.timestamp_millis();
    shelf
        .transaction
        .prepare_cached(
            "INSERT INTO asked (clinic, appointment, browser, slot, service, book, asked_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            shelf.clinic,
            appointment,
            browser.hash(),
            time.slot,
            time.service,
            time.book,
            now
        ])?;
    Ok(())
}

/// What a browser has asked for, by the appointment.
///
/// # Errors
/// The store.
pub fn asked(
    desk: &Desk<'_>,
    browser: &Browser,
    appointment: &str,
) -> Result<Option<Asked>, Refusal> {
    one(desk, browser, "appointment", appointment)
}

/// What a browser has asked for last, by the slot.
///
/// # Errors
/// The store.
pub fn asked_for(desk: &Desk<'_>, browser: &Browser, slot: &str) -> Result<Option<Asked>, Refusal> {
    one(desk, browser, "slot", slot)
}

fn one(
    desk: &Desk<'_>,
    browser: &Browser,
    column: &'static str,
    value: &str,
) -> Result<Option<Asked>, Refusal> {
    let shelf = desk.shelf();
    let sql = format!(
        "SELECT appointment, service, book, asked_at FROM asked \
         WHERE clinic = ?1 AND browser = ?2 AND {column} = ?3 ORDER BY asked_at DESC LIMIT 1"
    );
    let mut statement = shelf.transaction.prepare_cached(&sql)?;
    let found = statement.query_row(params![shelf.clinic, browser.hash(), value], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    });
    Ok(found.optional()?.and_then(|(appointment, service, book, at)| {
        Some(Asked { appointment, service, book, at: DateTime::from_timestamp_millis(at)? })
    }))
}
