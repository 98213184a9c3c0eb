//! What patients are told by e-mail: what has been told, and what waits to be sent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::bookings::{BOOKING, booking};
use crate::domain::{
    Booking, BookingId, CivilTime, Notice, NoticeFault, NoticeKind, NoticeReport, NoticeState,
};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Value, values};

const NOTICE: &str = "notice.booking, notice.n, notice.kind, notice.practitioner, \
                      notice.starts_at, notice.ends_at, notice.patient, notice.decided_at, \
                      notice.state, notice.attempts, notice.doubtful";

/// Which bookings are asked about.
const NOT_OVER: &str = "booking.portal_id IS NOT NULL AND booking.ends_at > @P1";
const ONE: &str = "booking.id = @P1";

/// Online bookings, when each was made, and what has been told of them.
#[derive(Clone, Debug, Default)]
pub struct OnlineBookings {
    pub bookings: Vec<(Booking, CivilTime)>,
    /// The oldest first.
    pub notices: BTreeMap<BookingId, Vec<Notice>>,
}

/// What came of an attempt to send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub state: NoticeState,
    /// How many there have been, this one too.
    pub attempts: u32,
    pub doubtful: bool,
    /// When it is tried again, or when it was over.
    pub next_at: DateTime<Utc>,
    pub fault: Option<NoticeFault>,
}

fn notice(row: &mut Columns) -> Result<Notice, StoreError> {
    Ok(Notice {
        booking: row.id()?,
        n: row.number()?,
        kind: row.read(NoticeKind::from_key)?,
        practitioner: row.id()?,
        interval: row.interval()?,
        patient: row.optional_id()?,
        decided_at: row.instant()?,
        state: row.read(NoticeState::from_key)?,
        attempts: row.number()?,
        doubtful: row.flag()?,
    })
}

/// Bookings whose patients have given an address.
fn online_bookings(condition: &str, parameter: Value) -> Question<OnlineBookings> {
    let sql = format!(
        "SELECT {BOOKING}, given_at FROM booking JOIN given_contacts \
         ON given_contacts.booking = booking.id WHERE {condition}"
    );
    let bookings = Question::rows(sql, vec![parameter.clone()], "booking", |row| {
        Ok((booking(row)?, row.read(|text| text.parse().ok())?))
    });
    let sql = format!(
        "SELECT {NOTICE} FROM booking JOIN notice ON notice.booking = booking.id \
         WHERE {condition}"
    );
    let notices = Question::rows(sql, vec![parameter], "notice", notice);
    bookings.and(notices).map(|(bookings, found)| {
        let mut notices: BTreeMap<BookingId, Vec<Notice>> = BTreeMap::new();
        for notice in found {
            notices.entry(notice.booking.clone()).or_default().push(notice);
        }
        for told in notices.values_mut() {
            told.sort_unstable_by_key(|notice| notice.n);
        }
        Ok(OnlineBookings { bookings, notices })
    })
}

/// How many there are in a state, by fault, and since when the oldest was decided.
type Standing = (Option<NoticeFault>, usize, DateTime<Utc>);

fn standing(condition: &str, parameters: Vec<Value>) -> Question<Vec<Standing>> {
    let sql = format!(
        "SELECT fault, COUNT(*), MIN(decided_at) FROM notice WHERE {condition} GROUP BY fault"
    );
    Question::rows(sql, parameters, "notice", |row| {
        Ok((row.read_optional(NoticeFault::from_key)?, row.number()?, row.instant()?))
    })
}

/// How messages go: what is held up, and what was given up since then.
pub(super) fn notice_report(given_up_since: DateTime<Utc>) -> Question<NoticeReport> {
    let waiting = NoticeState::Waiting.key();
    let waiting = standing("state = @P1", values![waiting]);
    let failed = NoticeState::Failed.key();
    let given_up = standing("state = @P1 AND next_at > @P2", values![failed, given_up_since]);
    waiting.and(given_up).map(|(waiting, given_up)| {
        let faulty = waiting.iter().filter(|(fault, ..)| fault.is_some());
        let oldest = faulty.min_by_key(|(_, _, since)| *since);
        // What waits behind one that could not be sent is held up, too.
        let held_up = oldest.map_or(0, |_| waiting.iter().map(|(_, count, _)| count).sum());
        Ok(NoticeReport {
            held_up,
            since: oldest.map(|(_, _, since)| *since),
            fault: oldest.and_then(|(fault, ..)| *fault),
            given_up: given_up.iter().map(|(_, count, _)| count).sum(),
            given_up_for: worst(given_up.iter().filter_map(|(fault, ..)| *fault)),
        })
    })
}

/// What is told of several faults: the server's own before one patient's.
fn worst(faults: impl Iterator<Item = NoticeFault>) -> Option<NoticeFault> {
    faults.min_by_key(|fault| (*fault != NoticeFault::Rejected, fault.is_of_message()))
}

impl Session {
    /// The online bookings that are not over, cancelled ones too.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn coming_online_bookings(
        &mut self,
        now: CivilTime,
    ) -> Result<OnlineBookings, StoreError> {
        self.ask(online_bookings(NOT_OVER, now.into())).await
    }

    /// One online booking.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn one_online_booking(
        &mut self,
        id: &BookingId,
    ) -> Result<OnlineBookings, StoreError> {
        self.ask(online_bookings(ONE, id.into())).await
    }

    /// The next message that is to be sent by now: of which booking, and its number.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn next_notice(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Option<(BookingId, u32)>, StoreError> {
        let sql = "SELECT booking, n FROM notice WHERE state = @P1 AND next_at <= @P2 \
                   ORDER BY next_at";
        let parameters = values![NoticeState::Waiting.key(), now];
        let row = self.query_first(sql.to_owned(), parameters, Some(1)).await?.pop();
        row.map(|row| {
            let mut row = row.columns("notice");
            Ok((row.id()?, row.number()?))
        })
        .transpose()
    }

    /// Decides a message; one of that number that there is already is a
    /// [`StoreError::Duplicate`].
    ///
    /// # Errors
    /// What the database meets.
    pub async fn insert_notice(&mut self, notice: &Notice) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO notice (booking, n, kind, practitioner, starts_at, ends_at, patient, \
             decided_at, state, attempts, doubtful, next_at, fault) VALUES \
             (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9, @P10, @P11, @P8, NULL)",
            values![
                &notice.booking,
                notice.n,
                notice.kind.key(),
                &notice.practitioner,
                notice.interval.start(),
                notice.interval.end(),
                notice.patient.as_ref(),
                notice.decided_at,
                notice.state.key(),
                notice.attempts,
                notice.doubtful,
            ],
        )
        .await
    }

    /// Keeps what became of a message that waits and of which nobody else has made an attempt since;
    /// whether that was so.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_attempt(
        &mut self,
        notice: &Notice,
        attempt: Attempt,
    ) -> Result<bool, StoreError> {
        let changed = self
            .execute(
                "UPDATE notice SET attempts = @P1, state = @P2, doubtful = @P3, next_at = @P4, \
                 fault = @P5 WHERE booking = @P6 AND n = @P7 AND attempts = @P8 AND state = @P9",
                values![
                    attempt.attempts,
                    attempt.state.key(),
                    attempt.doubtful,
                    attempt.next_at,
                    attempt.fault.map(NoticeFault::key),
                    &notice.booking,
                    notice.n,
                    notice.attempts,
                    NoticeState::Waiting.key(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Takes a message back that waits: it is not true any more.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn drop_notice(
        &mut self,
        (booking, n): (&BookingId, u32),
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (dropped, waiting) = (NoticeState::Dropped.key(), NoticeState::Waiting.key());
        self.write(
            "UPDATE notice SET state = @P1, next_at = @P2 \
             WHERE booking = @P3 AND n = @P4 AND state = @P5",
            values![dropped, at, booking, n, waiting],
        )
        .await
    }
}
