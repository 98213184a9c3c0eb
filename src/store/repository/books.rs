//! Appointment books: work sessions, preblocks and what stands in a book over some time.
//!
//! Interval queries bound `starts_at` on both sides. The lower bound is the asked start less the
//! longest stored length: an import may bring any, and a fixed bound would lose rows. So that one
//! request is enough, it is asked with the longest as last seen, and asked again where that has grown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::bookings::booking_question;
use super::out_there::out_there;
use super::patients::patient_question;
use super::resource_steps::resource_use;
use super::revisions::Revisions;
use crate::domain::{
    Booking, Calendar, CivilTime, EntityKind, Interval, Minutes, OutThere, Patient, PatientId,
    PractitionerId, Preblock, PreblockId, ResourceUse, WorkSession, WorkSessionId,
};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Row, Value, places, values};

const WORK_SESSION: &str = "id, practitioner, starts_at, ends_at";
const PREBLOCK: &str = "id, practitioner, preblock_type, starts_at, ends_at";

/// Practitioners that are asked for by name; of more, everybody's books are read.
const NAMED: usize = 50;

/// The longest stored length of each kind, in minutes.
#[derive(Clone, Copy)]
pub(super) struct Longest {
    work_session: Minutes,
    preblock: Minutes,
    pub(super) booking: Minutes,
}

impl Longest {
    /// What has been stored, in a question of its own.
    pub(super) fn question() -> Question<Longest> {
        let length = |table| format!("(SELECT COALESCE(MAX(minutes), 0) FROM {table})");
        let lengths = ["work_session", "preblock", "booking"].map(length).join(", ");
        Question::new(format!("SELECT {lengths}"), values![], |rows| {
            let row = rows.into_iter().next();
            let mut row = row.unwrap_or(Row(Vec::new())).columns("longest");
            let mut next = || row.number().map(Minutes);
            Ok(Longest { work_session: next()?, preblock: next()?, booking: next()? })
        })
    }

    fn is_within(self, assumed: Longest) -> bool {
        self.work_session <= assumed.work_session
            && self.preblock <= assumed.preblock
            && self.booking <= assumed.booking
    }
}

/// The longest lengths as last seen in a database: what is asked with first.
pub(in crate::store) struct Assumed(Mutex<Longest>);

impl Default for Assumed {
    /// A day, and the longest template.
    fn default() -> Self {
        let (day, template) = (Minutes(24 * 60), Minutes(600));
        Self(Mutex::new(Longest { work_session: day, preblock: day, booking: template }))
    }
}

impl Assumed {
    /// A panic elsewhere leaves it whole: it is only ever replaced as one.
    fn longest(&self) -> MutexGuard<'_, Longest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose books are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    These(&'a [PractitionerId]),
    /// Everybody's in the register.
    All,
}

impl<'a> Whose<'a> {
    /// The ones that are asked for by name.
    fn named(self) -> Option<&'a [PractitionerId]> {
        match self {
            Whose::These(ids) => (ids.len() <= NAMED).then_some(ids),
            Whose::All => None,
        }
    }

    /// What stands after another condition, with its parameters, the first of which is `@P` and this number.
    pub(super) fn condition(self, first: usize) -> (String, Vec<Value>) {
        let Some(ids) = self.named() else { return (String::new(), Vec::new()) };
        let condition = match ids.len() {
            0 => " AND 1 = 0".to_owned(),
            1 => format!(" AND practitioner = @P{first}"),
            some => format!(" AND practitioner IN ({})", places(first, some)),
        };
        (condition, ids.iter().map(Value::from).collect())
    }
}

/// Books over some time.
#[derive(Clone, Debug, Default)]
pub struct Stretch {
    /// Of everybody who was asked for; empty where nothing stands in one.
    pub calendars: BTreeMap<PractitionerId, Calendar>,
    /// When resources have no capacity left (R9), whoever holds them.
    pub resources: ResourceUse,
}

/// Books over some time, with all that a screen shows of them.
#[derive(Clone, Debug, Default)]
pub struct BookPages {
    pub stretch: Stretch,
    /// Who has booked.
    pub patients: BTreeMap<PatientId, Patient>,
    /// What patients see of the days, by practitioner.
    pub out_there: BTreeMap<PractitionerId, OutThere>,
    /// Read before the rest: what has moved since will show as newer.
    pub revisions: Revisions,
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

/// The books of some practitioners over an interval.
fn calendars(
    whose: Whose<'_>,
    within: Interval,
    longest: Longest,
) -> Question<BTreeMap<PractitionerId, Calendar>> {
    let (named, ids) = whose.condition(4);
    let parameters = |longest| [overlapping(within, longest), ids.clone()].concat();
    let sessions = Question::rows(
        format!("SELECT {WORK_SESSION} FROM work_session WHERE {OVERLAPPING}{named}"),
        parameters(longest.work_session),
        "work_session",
        work_session,
    );
    let preblocks = Question::rows(
        format!("SELECT {PREBLOCK} FROM preblock WHERE {OVERLAPPING}{named}"),
        parameters(longest.preblock),
        "preblock",
        preblock,
    );
    let bookings = booking_question(
        &format!("active = 1 AND {OVERLAPPING}{named}"),
        parameters(longest.booking),
    );
    let of_all = sessions.and(preblocks).and(bookings);
    match whose {
        Whose::These(ids) => {
            let asked = ids.iter().cloned().collect();
            of_all.map(|((sessions, preblocks), bookings)| {
                Ok(by_practitioner(asked, sessions, preblocks, bookings))
            })
        }
        Whose::All => {
            let read = |row: &mut Columns| row.id();
            let everybody =
                Question::rows("SELECT id FROM practitioner", values![], "practitioner", read);
            everybody.and(of_all).map(|(everybody, ((sessions, preblocks), bookings))| {
                let everybody = everybody.into_iter().collect();
                Ok(by_practitioner(everybody, sessions, preblocks, bookings))
            })
        }
    }
}

fn by_practitioner(
    practitioners: BTreeSet<PractitionerId>,
    sessions: Vec<WorkSession>,
    preblocks: Vec<Preblock>,
    bookings: Vec<Booking>,
) -> BTreeMap<PractitionerId, Calendar> {
    let empty = practitioners.into_iter().map(|id| (id, Book::default()));
    let mut books: BTreeMap<PractitionerId, Book> = empty.collect();
    for session in sessions {
        if let Some(book) = books.get_mut(&session.practitioner) {
            book.sessions.push(session);
        }
    }
    for preblock in preblocks {
        if let Some(book) = books.get_mut(&preblock.practitioner) {
            book.preblocks.push(preblock);
        }
    }
    for booking in bookings {
        if let Some(book) = books.get_mut(&booking.practitioner) {
            book.bookings.push(booking);
        }
    }
    let calendar = |book: Book| Calendar::new(book.sessions, book.preblocks, book.bookings);
    books.into_iter().map(|(id, book)| (id, calendar(book))).collect()
}

#[derive(Default)]
struct Book {
    sessions: Vec<WorkSession>,
    preblocks: Vec<Preblock>,
    bookings: Vec<Booking>,
}

/// Books over some time, and the resources that are taken then.
pub(super) fn stretch(whose: Whose<'_>, within: Interval, longest: Longest) -> Question<Stretch> {
    let calendars = calendars(whose, within, longest);
    calendars
        .and(resource_use(within))
        .map(|(calendars, resources)| Ok(Stretch { calendars, resources }))
}

/// The patients who have booked.
fn booked(
    whose: Whose<'_>,
    within: Interval,
    longest: Longest,
) -> Question<BTreeMap<PatientId, Patient>> {
    let (named, ids) = whose.condition(4);
    let condition =
        format!("id IN (SELECT patient FROM booking WHERE active = 1 AND {OVERLAPPING}{named})");
    patient_question(&condition, [overlapping(within, longest.booking), ids].concat()).map(
        |patients| Ok(patients.into_iter().map(|patient| (patient.id.clone(), patient)).collect()),
    )
}

impl Session {
    /// What is asked with the longest lengths: as assumed first, again if they have grown.
    pub(super) async fn ask_reaching<T: 'static>(
        &mut self,
        question: impl Fn(Longest) -> Question<T>,
    ) -> Result<T, StoreError> {
        loop {
            if let Some(answer) = self.ask_assuming(&question).await? {
                return Ok(answer);
            }
        }
    }

    /// The answer, unless something is longer than was assumed.
    pub(super) async fn ask_assuming<T: 'static>(
        &mut self,
        question: impl FnOnce(Longest) -> Question<T>,
    ) -> Result<Option<T>, StoreError> {
        let assumed = *self.assumed.longest();
        let (answer, longest) = self.ask(question(assumed).and(Longest::question())).await?;
        *self.assumed.longest() = longest;
        Ok(longest.is_within(assumed).then_some(answer))
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
        let one = [practitioner.clone()];
        let question = |longest| calendars(Whose::These(&one), within, longest);
        Ok(self.ask_reaching(question).await?.remove(practitioner).unwrap_or_default())
    }

    /// Books over some time, in one request.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn stretch(
        &mut self,
        whose: Whose<'_>,
        within: Interval,
    ) -> Result<Stretch, StoreError> {
        self.ask_reaching(|longest| stretch(whose, within, longest)).await
    }

    /// Books over some time with all that a screen shows of them, in one request.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn book_pages(
        &mut self,
        whose: Whose<'_>,
        within: Interval,
    ) -> Result<BookPages, StoreError> {
        let pages = |longest| {
            let books = stretch(whose, within, longest).and(booked(whose, within, longest));
            let out_there = out_there(whose, within.days());
            Revisions::question().and(books).and(out_there)
        };
        let ((revisions, (stretch, patients)), out_there) = self.ask_reaching(pages).await?;
        Ok(BookPages { stretch, patients, out_there, revisions })
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
        let found = Question::rows(sql, values![id], "work_session", work_session);
        Ok(self.ask(found).await?.pop())
    }

    /// One preblock.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn preblock(&mut self, id: &PreblockId) -> Result<Option<Preblock>, StoreError> {
        let sql = format!("SELECT {PREBLOCK} FROM preblock WHERE id = @P1");
        let found = Question::rows(sql, values![id], "preblock", preblock);
        Ok(self.ask(found).await?.pop())
    }

    /// Every work session there is, in no order.
    pub(crate) async fn all_work_sessions(&mut self) -> Result<Vec<WorkSession>, StoreError> {
        let sql = format!("SELECT {WORK_SESSION} FROM work_session");
        self.ask(Question::rows(sql, values![], "work_session", work_session)).await
    }

    /// Every preblock there is, in no order.
    pub(crate) async fn all_preblocks(&mut self) -> Result<Vec<Preblock>, StoreError> {
        let sql = format!("SELECT {PREBLOCK} FROM preblock");
        self.ask(Question::rows(sql, values![], "preblock", preblock)).await
    }

    /// Adds a work session.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`], [`StoreError::BrokenReference`].
    pub async fn insert_work_session(&mut self, session: &WorkSession) -> Result<(), StoreError> {
        let interval = session.interval;
        self.write(
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
        .await
    }

    /// Removes a work session.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where it is not there.
    pub async fn delete_work_session(&mut self, id: &WorkSessionId) -> Result<(), StoreError> {
        let entity = || EntityKind::WorkSession.named(id);
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
        self.write(
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
        .await
    }

    /// Removes a preblock.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where it is not there.
    pub async fn delete_preblock(&mut self, id: &PreblockId) -> Result<(), StoreError> {
        let entity = || EntityKind::Preblock.named(id);
        self.execute_one(entity, "DELETE FROM preblock WHERE id = @P1", values![id]).await
    }
}
