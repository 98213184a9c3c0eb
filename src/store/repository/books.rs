//! Appointment books: work sessions, preblocks and what stands in a book over some time.
//!
//! Interval queries bound `starts_at` on both sides. The lower bound is the asked start less the
//! longest stored length, looked up in the same transaction: an import may bring any length, and a
//! fixed bound would lose rows.

use std::collections::BTreeMap;

use crate::domain::{
    Booking, Calendar, CivilTime, Interval, Minutes, PractitionerId, Preblock, PreblockId,
    WorkSession, WorkSessionId,
};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Columns, Row, Value, values};

const WORK_SESSION: &str = "id, practitioner, starts_at, ends_at";
const PREBLOCK: &str = "id, practitioner, preblock_type, starts_at, ends_at";

/// The longest stored length of each kind, in minutes.
pub(super) struct Longest {
    work_session: Minutes,
    preblock: Minutes,
    pub(super) booking: Minutes,
}

/// The parameters `@P1`–`@P3` of [`OVERLAPPING`]. Times are compared as texts, which holds to the last
/// that can be written; nothing stored starts there, since its end could not be.
pub(super) fn overlapping(within: Interval, longest: Minutes) -> Vec<Value> {
    values![within.start(), within.end().min(CivilTime::last()), within.start() - longest]
}

/// What overlaps an interval; the third bound is implied by the others and lets an index be used.
pub(super) const OVERLAPPING: &str = "ends_at > @P1 AND starts_at < @P2 AND starts_at > @P3";

fn work_session(row: &mut Columns) -> Result<WorkSession, StoreError> {
    Ok(WorkSession { id: row.id()?, practitioner: row.id()?, interval: row.interval()? })
}

fn preblock(row: &mut Columns) -> Result<Preblock, StoreError> {
    Ok(Preblock {
        id: row.id()?,
        practitioner: row.id()?,
        preblock_type: row.id()?,
        interval: row.interval()?,
    })
}

fn all<T>(
    rows: Vec<Row>,
    table: &'static str,
    read: impl Fn(&mut Columns) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(|row| read(&mut row.columns(table))).collect()
}

#[derive(Default)]
struct Book {
    sessions: Vec<WorkSession>,
    preblocks: Vec<Preblock>,
    bookings: Vec<Booking>,
}

impl From<Book> for Calendar {
    fn from(book: Book) -> Calendar {
        Calendar::new(book.sessions, book.preblocks, book.bookings)
    }
}

impl Session {
    pub(super) async fn longest(&mut self) -> Result<Longest, StoreError> {
        let mut lengths = [Minutes(0); 3];
        let sqls = [
            "SELECT COALESCE(MAX(minutes), 0) FROM work_session",
            "SELECT COALESCE(MAX(minutes), 0) FROM preblock",
            "SELECT COALESCE(MAX(minutes), 0) FROM booking",
        ];
        for (length, sql) in lengths.iter_mut().zip(sqls) {
            if let Some(row) = self.query(sql, values![]).await?.pop() {
                *length = Minutes(row.columns("longest").number()?);
            }
        }
        let [work_session, preblock, booking] = lengths;
        Ok(Longest { work_session, preblock, booking })
    }

    /// What of one practitioner's book overlaps `within`: sessions, preblocks, active bookings.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn calendar(
        &mut self,
        practitioner: &PractitionerId,
        within: Interval,
    ) -> Result<Calendar, StoreError> {
        let book = self.book(Some(practitioner), within).await?;
        Ok(book.into())
    }

    /// The books of every practitioner in the register, in a handful of queries.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn calendars(
        &mut self,
        within: Interval,
    ) -> Result<BTreeMap<PractitionerId, Calendar>, StoreError> {
        let mut books: BTreeMap<PractitionerId, Book> = BTreeMap::new();
        for row in self.query("SELECT id FROM practitioner", values![]).await? {
            books.insert(row.columns("practitioner").id()?, Book::default());
        }
        let all = self.book(None, within).await?;
        for session in all.sessions {
            books.entry(session.practitioner.clone()).or_default().sessions.push(session);
        }
        for preblock in all.preblocks {
            books.entry(preblock.practitioner.clone()).or_default().preblocks.push(preblock);
        }
        for booking in all.bookings {
            books.entry(booking.practitioner.clone()).or_default().bookings.push(booking);
        }
        Ok(books.into_iter().map(|(practitioner, book)| (practitioner, book.into())).collect())
    }

    async fn book(
        &mut self,
        practitioner: Option<&PractitionerId>,
        within: Interval,
    ) -> Result<Book, StoreError> {
        let longest = self.longest().await?;
        let whose = if practitioner.is_some() { " AND practitioner = @P4" } else { "" };
        let parameters = |longest| {
            let mut parameters = overlapping(within, longest);
            parameters.extend(practitioner.map(Value::from));
            parameters
        };
        let sql = format!("SELECT {WORK_SESSION} FROM work_session WHERE {OVERLAPPING}{whose}");
        let rows = self.query(sql, parameters(longest.work_session)).await?;
        let sessions = all(rows, "work_session", work_session)?;
        let sql = format!("SELECT {PREBLOCK} FROM preblock WHERE {OVERLAPPING}{whose}");
        let rows = self.query(sql, parameters(longest.preblock)).await?;
        let preblocks = all(rows, "preblock", preblock)?;
        let condition = format!("active = 1 AND {OVERLAPPING}{whose}");
        let bookings = self.bookings_where(&condition, parameters(longest.booking)).await?;
        Ok(Book { sessions, preblocks, bookings })
    }

    /// One work session.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn work_session(
        &mut self,
        id: &WorkSessionId,
    ) -> Result<Option<WorkSession>, StoreError> {
        let sql = format!("SELECT {WORK_SESSION} FROM work_session WHERE id = @P1");
        let rows = self.query(sql, values![id]).await?;
        Ok(all(rows, "work_session", work_session)?.pop())
    }

    /// One preblock.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn preblock(&mut self, id: &PreblockId) -> Result<Option<Preblock>, StoreError> {
        let sql = format!("SELECT {PREBLOCK} FROM preblock WHERE id = @P1");
        let rows = self.query(sql, values![id]).await?;
        Ok(all(rows, "preblock", preblock)?.pop())
    }

    /// Every work session there is, in no order.
    pub(crate) async fn all_work_sessions(&mut self) -> Result<Vec<WorkSession>, StoreError> {
        let sql = format!("SELECT {WORK_SESSION} FROM work_session");
        all(self.query(sql, values![]).await?, "work_session", work_session)
    }

    /// Every preblock there is, in no order.
    pub(crate) async fn all_preblocks(&mut self) -> Result<Vec<Preblock>, StoreError> {
        let sql = format!("SELECT {PREBLOCK} FROM preblock");
        all(self.query(sql, values![]).await?, "preblock", preblock)
    }

    /// Adds a work session.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`], [`StoreError::BrokenReference`].
    pub async fn insert_work_session(&mut self, session: &WorkSession) -> Result<(), StoreError> {
        let interval = session.interval;
        self.execute(
            "INSERT INTO work_session (id, practitioner, starts_at, ends_at, minutes) \
             VALUES (@P1, @P2, @P3, @P4, @P5)",
            values![
                &session.id,
                &session.practitioner,
                interval.start(),
                interval.end(),
                interval.length().0,
            ],
        )
        .await?;
        Ok(())
    }

    /// Removes a work session.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where it is not there.
    pub async fn delete_work_session(&mut self, id: &WorkSessionId) -> Result<(), StoreError> {
        let entity = || format!("work_session/{id}");
        self.execute_one(entity, "DELETE FROM work_session WHERE id = @P1", values![id]).await
    }

    /// Adds a preblock. Whether it overlaps another is the caller's to decide, under the
    /// practitioner's revision (R12).
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for a repeated id or two of one practitioner starting together,
    /// [`StoreError::BrokenReference`].
    pub async fn insert_preblock(&mut self, preblock: &Preblock) -> Result<(), StoreError> {
        let interval = preblock.interval;
        self.execute(
            "INSERT INTO preblock (id, practitioner, preblock_type, starts_at, ends_at, minutes) \
             VALUES (@P1, @P2, @P3, @P4, @P5, @P6)",
            values![
                &preblock.id,
                &preblock.practitioner,
                &preblock.preblock_type,
                interval.start(),
                interval.end(),
                interval.length().0,
            ],
        )
        .await?;
        Ok(())
    }

    /// Removes a preblock.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where it is not there.
    pub async fn delete_preblock(&mut self, id: &PreblockId) -> Result<(), StoreError> {
        let entity = || format!("preblock/{id}");
        self.execute_one(entity, "DELETE FROM preblock WHERE id = @P1", values![id]).await
    }
}
