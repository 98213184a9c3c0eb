//! Finding bookings by whom they are for, or by their text. Every query is bounded, by an index and by
//! a number of rows.

use std::collections::BTreeSet;

use chrono::Days;

use super::bookings::BOOKING;
use super::books::Longest;
use crate::domain::{Booking, BookingId, CivilTime, Minutes, PatientId, swedish};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Row, Value, named, places, values};

/// Texts are looked through so many days ahead, and back.
const TEXTS_AHEAD: Days = Days::new(180);
const TEXTS_BACK: Days = Days::new(30);

/// Texts that are looked through at most, the nearest ones, and how many of them are read at a time: there
/// may be more than a console wants in memory.
const TEXTS: u32 = 20_000;
const TEXTS_AT_A_TIME: u32 = 1_000;

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
            for (ids, parameters) in named(&told) {
                let condition = format!("id IN ({ids})");
                found.extend(self.bookings_where(&condition, parameters).await?);
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
        let whose = places(1, patients.len());
        let mut parameters: Vec<Value> = patients.iter().map(Value::from).collect();
        parameters.extend(values![now]);
        let now = parameters.len();
        let (compared, order) = match side {
            Side::Coming => (">", "starts_at, id"),
            Side::Past => ("<=", "starts_at DESC, id DESC"),
        };
        let sql = format!(
            "SELECT {BOOKING} FROM booking WHERE active = 1 AND patient IN ({whose}) AND ends_at {compared} \
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
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        // What is still under way began no longer ago than the longest booking lasts.
        let longest = self.ask(Longest::question()).await?.booking;
        let mut unread = Unread::on(side, now, longest);
        let mut found = Vec::new();
        for _ in 0..TEXTS / TEXTS_AT_A_TIME {
            let texts = self.nearest_texts(&unread).await?;
            let are_more = u32::try_from(texts.len()) == Ok(TEXTS_AT_A_TIME);
            let last = texts.last().filter(|_| are_more).map(|it| (it.starts_at, it.id.clone()));
            found.extend(texts.into_iter().filter(|it| tells(&it.text, &typed)).map(|it| it.id));
            match last {
                Some(last) if found.len() < limit => unread.leave_out_to(last),
                _ => break,
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The nearest of the texts that have not been read yet.
    async fn nearest_texts(&mut self, unread: &Unread) -> Result<Vec<Text>, StoreError> {
        let (within, order) = match unread.side {
            Side::Coming => (
                "starts_at >= @P1 AND starts_at < @P2 AND (starts_at > @P1 OR id > @P4) \
                 AND ends_at > @P3",
                "starts_at, id",
            ),
            Side::Past => (
                "starts_at >= @P1 AND starts_at <= @P2 AND (starts_at < @P2 OR id < @P4) \
                 AND ends_at <= @P3",
                "starts_at DESC, id DESC",
            ),
        };
        let sql = format!(
            "SELECT id, starts_at, text FROM booking WHERE active = 1 AND {within} AND text <> '' \
             ORDER BY {order}"
        );
        let parameters = values![unread.from, unread.to, unread.now, &*unread.last];
        let rows = self.query_first(sql, parameters, Some(TEXTS_AT_A_TIME)).await?;
        let text = |row: Row| {
            let mut row = row.columns("booking");
            let (id, starts_at) = (row.id()?, row.read(|text| text.parse().ok())?);
            Ok(Text { id, starts_at, text: row.text()? })
        };
        rows.into_iter().map(text).collect()
    }
}

/// The text of a booking.
struct Text {
    id: BookingId,
    starts_at: CivilTime,
    text: String,
}

/// The texts on one side of now that have not been read yet.
struct Unread {
    side: Side,
    now: CivilTime,
    from: CivilTime,
    to: CivilTime,
    /// The id of the one that was read last, which starts at the near end; empty before the first.
    last: String,
}

impl Unread {
    fn on(side: Side, now: CivilTime, longest: Minutes) -> Self {
        let ahead = now.date().checked_add_days(TEXTS_AHEAD).unwrap_or(now.date());
        let back = now.date().checked_sub_days(TEXTS_BACK).unwrap_or(now.date());
        let (from, to) = match side {
            Side::Coming => (now - longest, CivilTime::start_of(ahead)),
            Side::Past => (CivilTime::start_of(back), now),
        };
        Self { side, now, from, to, last: String::new() }
    }

    /// What has been read up to this one is left out from now on.
    fn leave_out_to(&mut self, (starts_at, id): (CivilTime, BookingId)) {
        match self.side {
            Side::Coming => self.from = starts_at,
            Side::Past => self.to = starts_at,
        }
        self.last = id.to_string();
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
