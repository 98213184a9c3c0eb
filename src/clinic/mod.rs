//! The application: every change is a [`Command`]; one function checks permission and rules, writes,
//! audits and keeps the outcome, in one transaction. May use `domain` and `store`.
//!
//! | file | what it does |
//! |---|---|
//! | `command`, `outcome`, `error` | what is asked, what came of it, why nothing did |
//! | `execute`, `preview`, `shown`, `attempts` | carrying a command out, telling what it would do and holding it to that, trying again |
//! | `target`, `facts` | what a command touches, and what the rules have to know of it |
//! | `plan`, `planned` | from a command to planned changes |
//! | `staff_booking`, `booked`, `paste`, `away`, `recall`, `undo` | the plans that have to read more than a book |
//! | `online`, `kept_online`, `offered` | what patients do online, and the contacts that they give |
//! | `settings`, `sign_in`, `import` | changes of settings, passwords, a whole clinic |
//! | `book`, `day_list`, `find`, `free`, `inbox`, `log`, `patient_card`, `what_if` | what screens and lists show |
//! | `viewed`, `taken`, `patient_record` | what patient data law asks: who looked, what leaves, what is erased |
//! | `agent`, `notices` | what the Online Client tells and is asked, and what is mailed to patients |

mod agent;
mod attempts;
mod away;
mod book;
mod booked;
mod command;
mod day_list;
mod error;
mod execute;
mod facts;
mod find;
mod free;
mod import;
mod inbox;
mod kept_online;
mod log;
mod notices;
mod offered;
mod online;
mod outcome;
mod paste;
mod patient_card;
mod patient_record;
mod plan;
mod planned;
mod preview;
mod recall;
mod settings;
mod shown;
mod sign_in;
mod staff_booking;
mod taken;
mod target;
mod undo;
mod viewed;
pub mod what_if;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{Actor, CommandId, Permission, Setup, Signature, User};
pub use crate::domain::{Change, Changed, NothingToDo, Refusal, SyncRequest};
pub use crate::store::{
    AskedOfAgent, Attempt, AuditEntry, AuditValue, Polled, RevisionScope, Revisions, StoreError,
    SyncLease,
};
use crate::store::{Session, Store};
pub use agent::AgentReport;
pub use attempts::again;
pub use away::{CallList, ToCall};
pub use book::Book;
pub use command::{
    BookedFor, BookingSubject, CallMark, Command, Confirmation, CutPreblocks, EditedBooking,
    KeptOnline, MovedBooking, OnPage, OnlineBooking, OnlineRebooking, OverlapChoice,
    PastedPreblocks, RedDays, Repeat, RepeatUntil, StaffBooking, Standing, WeekParity,
};
pub use day_list::{DayEntry, DayItem, DayList, ListedBooking, Origin, Who};
pub use error::ClinicError;
pub use find::Found;
pub use free::{Among, FURTHEST_FREE_DAYS, FreeQuestion, FreeTime, FreeTimes};
pub use inbox::{Arrival, CameBy, Inbox, Looked, Online, Seen};
pub use log::{LogFilter, LogQuestion};
pub use notices::Outgoing;
pub use outcome::{Outcome, Preview};
pub use patient_card::{MOST_BOOKINGS, PatientCard};
pub use patient_record::{Erasure, PatientRecord, UnsentMail};
pub use shown::ShownCommand;
pub use sign_in::{
    BadPassword, NewPassword, Password, PasswordError, PasswordHash, SHORTEST_PASSWORD,
    SignInError, wipe,
};
pub use taken::Taken;
use viewed::ToldLately;

/// One clinic on one store. Cheap to clone; clones share what is cached.
#[derive(Clone)]
pub struct Clinic {
    store: Store,
    cached: Arc<Mutex<Option<CachedSetup>>>,
    /// What the audit log has been told lately of what was looked at.
    told_lately: Arc<tokio::sync::Mutex<ToldLately>>,
}

/// The set-up as last read.
struct CachedSetup {
    /// The settings revision it was read at.
    revision: u64,
    setup: Arc<Setup>,
}

/// A new id for a command; ids sort by the time they were made.
pub fn new_command_id() -> CommandId {
    CommandId::new(new_id())
}

/// Text of an id that nothing else has.
fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

impl Clinic {
    /// The clinic in a store.
    pub fn new(store: Store) -> Self {
        Self { store, cached: Arc::default(), told_lately: Arc::default() }
    }

    /// The store beneath, for what is not a change: opening, exporting, verifying.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Registers, types, templates, lists and settings; read anew only when they have changed.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn setup(&self) -> Result<Arc<Setup>, ClinicError> {
        let mut reading = self.store.read().await?;
        self.setup_in(&mut reading).await
    }

    /// Users by signature.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn users(&self) -> Result<BTreeMap<Signature, User>, ClinicError> {
        Ok(self.store.read().await?.users().await?)
    }

    /// The revisions of everything and the agent's pulse; cheap enough to ask every second.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn poll(&self) -> Result<Polled, ClinicError> {
        Ok(self.store.poll().await?)
    }

    /// What [`Self::poll`] tells, and the set-up, which is read only where it has changed since.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn poll_with_setup(&self) -> Result<(Polled, Arc<Setup>), ClinicError> {
        let polled = self.poll().await?;
        let known = self.known_setup(&polled.revisions);
        let setup = match known {
            Some(setup) => setup,
            None => self.setup().await?,
        };
        Ok((polled, setup))
    }

    /// The revisions of everything.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn revisions(&self) -> Result<Revisions, ClinicError> {
        Ok(self.poll().await?.revisions)
    }

    /// The set-up as a session sees it.
    async fn setup_in(&self, session: &mut Session) -> Result<Arc<Setup>, ClinicError> {
        let revisions = session.revisions_of(&[RevisionScope::Settings].into()).await?;
        self.setup_at(session, &revisions).await
    }

    /// The set-up as a session sees it that has just read these revisions.
    async fn setup_at(
        &self,
        session: &mut Session,
        revisions: &Revisions,
    ) -> Result<Arc<Setup>, ClinicError> {
        if let Some(known) = self.known_setup(revisions) {
            return Ok(known);
        }
        let revision = revisions.get(&RevisionScope::Settings);
        let (setup, after) = session.setup_with_revisions().await?;
        let setup = Arc::new(setup);
        // Where a session is no snapshot, the set-up may have changed between two of its parts.
        if after.get(&RevisionScope::Settings) != revision {
            return Ok(Arc::new(session.setup().await?));
        }
        *self.cached() = Some(CachedSetup { revision, setup: Arc::clone(&setup) });
        Ok(setup)
    }

    /// The set-up where it is known as of these revisions.
    fn known_setup(&self, revisions: &Revisions) -> Option<Arc<Setup>> {
        let revision = revisions.get(&RevisionScope::Settings);
        let cached = self.cached();
        let known = cached.as_ref().filter(|cached| cached.revision == revision);
        known.map(|cached| Arc::clone(&cached.setup))
    }

    /// A panic elsewhere leaves the cache whole: it is only ever replaced as one.
    fn cached(&self) -> MutexGuard<'_, Option<CachedSetup>> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The actor with the rights that the database gives the user now: what was taken away since the
/// console was opened is gone (R17).
async fn current(session: &mut Session, actor: &Actor) -> Result<Actor, ClinicError> {
    match actor {
        Actor::User(_) => Ok(among(session.users().await?, actor)?),
        _ => Ok(actor.clone()),
    }
}

/// The actor as one of the users there are now.
fn among(mut users: BTreeMap<Signature, User>, actor: &Actor) -> Result<Actor, Refusal> {
    let Actor::User(user) = actor else { return Ok(actor.clone()) };
    match users.remove(&user.signature) {
        Some(user) => Ok(Actor::User(user)),
        None => Err(Refusal::InactiveUser(user.signature.to_string())),
    }
}

/// R17's check, as refusals word it.
fn require(actor: &Actor, permission: Permission) -> Result<(), Refusal> {
    if let Actor::User(user) = actor
        && !user.active
    {
        return Err(Refusal::InactiveUser(actor.signature().to_owned()));
    }
    if actor.may(permission) {
        return Ok(());
    }
    Err(Refusal::Permission { user: actor.signature().to_owned(), permission })
}
