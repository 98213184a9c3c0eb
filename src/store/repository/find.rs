//! Finding bookings by whom they are for, or by their text. Every query is bounded, by an index and by
//! a number of rows.

use std::collections::BTreeSet;

use chrono::Days;

use super::bookings::BOOKING;
use crate::domain::{Booking, BookingId, CivilTime, Minutes, PatientId, swedish};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Value, places, values};

/// Texts are looked through so many days ahead, and back.
const TEXTS_AHEAD: Days = Days::new(180);
const TEXTS_BACK: Days = Days::new(30);

/// Texts that are looked through at most, the nearest ones.
const TEXTS: u32 = 20_000;

/// How long before now a booking that is still under way begins at most.
const LONGEST: Minutes = Minutes(600);

/// On which side of now a booking ends.
#[derive(Clone, Copy)]
enum Side {
    Coming,
    Past,
}

impl Session {
    /// Active bookings of the patients whom the text names (see [`Session::find_patients`]), and those
    /// whose own text has each of its words; the coming ones first and in order, then the past ones, the
    /// newest first. At most `limit` of each.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn find_bookings(
        &mut self,
        text: &str,
        now: CivilTime,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let patients = self.sought(text).await?;
        let mut all = Vec::new();
        for side in [Side::Coming, Side::Past] {
            let mut found = self.bookings_on(side, &patients, now, limit).await?;
            let known: BTreeSet<BookingId> = found.iter().map(|it| it.id.clone()).collect();
            let mut told = self.told_in_texts(side, text, now, limit).await?;
            told.retain(|id| !known.contains(id));
            for id in told {
                found.extend(self.booking(&id).await?);
            }
            found.sort_by(|a, b| (a.interval, &a.id).cmp(&(b.interval, &b.id)));
            if matches!(side, Side::Past) {
                found.reverse();
            }
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            all.extend(found);
        }
        Ok(all)
    }

    async fn bookings_on(
        &mut self,
        side: Side,
        patients: &BTreeSet<PatientId>,
        now: CivilTime,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        if patients.is_empty() {
            return Ok(Vec::new());
        }
        let named = places(1, patients.len());
        let mut parameters: Vec<Value> = patients.iter().map(Value::from).collect();
        parameters.extend(values![now]);
        let now = parameters.len();
        let (compared, order) = match side {
            Side::Coming => (">", "starts_at, id"),
            Side::Past => ("<=", "starts_at DESC, id DESC"),
        };
        let sql = format!(
            "SELECT {BOOKING} FROM booking WHERE active = 1 AND patient IN ({named}) AND ends_at {compared} \
             @P{now} ORDER BY {order}"
        );
        let rows = self.query_first(sql, parameters, Some(limit)).await?;
        rows.into_iter().map(|row| super::bookings::booking(&mut row.columns("booking"))).collect()
    }

    /// The nearest bookings whose texts have every typed word, each the beginning of one.
    async fn told_in_texts(
        &mut self,
        side: Side,
        typed: &str,
        now: CivilTime,
        limit: u32,
    ) -> Result<Vec<BookingId>, StoreError> {
        let typed = swedish::loose_key(typed);
        let ahead = now.date().checked_add_days(TEXTS_AHEAD).unwrap_or(now.date());
        let back = now.date().checked_sub_days(TEXTS_BACK).unwrap_or(now.date());
        let start = CivilTime::start_of;
        let (from, to, compared, order) = match side {
            Side::Coming => (now - LONGEST, start(ahead), ">", "starts_at, id"),
            Side::Past => (start(back), now, "<=", "starts_at DESC, id DESC"),
        };
        let sql = format!(
            "SELECT id, text FROM booking WHERE active = 1 AND starts_at >= @P1 AND starts_at < @P2 \
             AND ends_at {compared} @P3 AND text <> '' ORDER BY {order}"
        );
        let rows = self.query_first(sql, values![from, to, now], Some(TEXTS)).await?;
        let mut found = Vec::new();
        for row in rows {
            let mut row = row.columns("booking");
            let (id, text): (BookingId, String) = (row.id()?, row.text()?);
            if tells(&text, &typed) && found.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
                found.push(id);
            }
        }
        Ok(found)
    }
}

/// Whether every word that was typed begins a word of the text.
fn tells(text: &str, typed: &str) -> bool {
    let key = swedish::loose_key(text);
    let words = || key.split(|letter: char| !letter.is_alphanumeric());
    let mut wanted = typed
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    wanted.peek().is_some() && wanted.all(|wanted| words().any(|word| word.starts_with(wanted)))
}
