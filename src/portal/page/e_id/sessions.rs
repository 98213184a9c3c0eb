//! Who is logged in, in memory only: log-ins that are under way, and those that have come to an end.
//! Starting the portal anew logs everybody out.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq;

use crate::domain::Personnummer;

use super::super::super::still_lasts;
use super::super::browser::Browser;
use super::provider::Secrets;

/// How long a log-in may take.
const LOG_IN: TimeDelta = TimeDelta::minutes(10);
/// After so long without a request one is logged out.
const IDLE: TimeDelta = TimeDelta::minutes(15);
/// After so long one is logged out, whatever one does.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// The most that are kept of each at once.
const MOST: usize = 10_000;

/// A random name that only one browser knows: of a log-in under way, or of a session.
pub type Secret = Browser;

/// Who is logged in.
#[derive(Clone)]
pub struct Who {
    pub personnummer: Personnummer,
    /// The keyed hash under which bookings know the person.
    pub known_as: String,
    pub first_name: String,
    pub last_name: String,
    /// What forms of this session carry, and nobody else knows.
    pub seal: String,
}

impl Who {
    /// Whether a form was made for this session.
    pub fn sealed(&self, form: Option<&str>) -> bool {
        form.is_some_and(|seal| self.seal.as_bytes().ct_eq(seal.as_bytes()).into())
    }
}

/// A log-in that a browser was sent away for.
pub struct Waiting {
    pub secrets: Secrets,
    /// Where it goes on after it.
    pub then: String,
    clinic: String,
    browser: String,
    since: DateTime<Utc>,
}

struct Session {
    who: Who,
    clinic: String,
    since: DateTime<Utc>,
    seen: DateTime<Utc>,
}

impl Session {
    fn is_open(&self, now: DateTime<Utc>) -> bool {
        still_lasts(self.seen, now, IDLE) && still_lasts(self.since, now, LONGEST)
    }
}

/// A request by which somebody shows to be there still, or one that the page makes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    OfLife,
    OfNothing,
}

/// Everybody who is logged in or about to be.
#[derive(Default)]
pub struct Sessions {
    /// By the state.
    waiting: Mutex<HashMap<String, Waiting>>,
    /// By the hash of the name.
    open: Mutex<HashMap<String, Session>>,
}

/// Why no log-in is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWaiting {
    /// It has ended, ran out, or was never begun.
    Unknown,
    /// It was begun at another clinic.
    Elsewhere,
    NoCookie,
    OtherBrowser,
    TooLate,
}

impl NotWaiting {
    /// For the journal.
    pub fn why(self) -> &'static str {
        match self {
            Self::Unknown => {
                "the state is not known: it was used, ran out, or the portal was started anew"
            }
            Self::Elsewhere => "the state is of a log-in at another clinic",
            Self::NoCookie => "the state came without the cookie of the browser that began",
            Self::OtherBrowser => "the state is of another browser",
            Self::TooLate => "the state is more than ten minutes old",
        }
    }
}

/// There are as many as can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sessions {
    /// Keeps a log-in for the browser that begins it. Where there are too many, the one that was begun first
    /// is forgotten: whoever begins thousands keeps nobody else out for longer than they take to end theirs.
    pub fn wait(
        &self,
        (clinic, browser): (&str, &Secret),
        state: String,
        (secrets, then): (Secrets, String),
        now: DateTime<Utc>,
    ) {
        let mut waiting = locked(&self.waiting);
        waiting.retain(|_, it| still_lasts(it.since, now, LOG_IN));
        if waiting.len() >= MOST {
            let first =
                waiting.iter().min_by_key(|(_, it)| it.since).map(|(state, _)| state.clone());
            first.and_then(|state| waiting.remove(&state));
        }
        let (clinic, browser) = (clinic.to_owned(), browser.hash().to_owned());
        waiting.insert(state, Waiting { secrets, then, clinic, browser, since: now });
    }

    /// The log-in of a state, once: where it was this browser that began it here, and not too long ago.
    ///
    /// # Errors
    /// [`NotWaiting`].
    pub fn come_back(
        &self,
        clinic: &str,
        browser: Option<&Secret>,
        state: &str,
        now: DateTime<Utc>,
    ) -> Result<Waiting, NotWaiting> {
        let found = locked(&self.waiting).remove(state).ok_or(NotWaiting::Unknown)?;
        match browser {
            _ if found.clinic != clinic => Err(NotWaiting::Elsewhere),
            None => Err(NotWaiting::NoCookie),
            Some(browser) if browser.hash() != found.browser => Err(NotWaiting::OtherBrowser),
            Some(_) if !still_lasts(found.since, now, LOG_IN) => Err(NotWaiting::TooLate),
            Some(_) => Ok(found),
        }
    }

    /// Logs somebody in, under a name that nobody knew before.
    ///
    /// # Errors
    /// [`Full`].
    pub fn open(
        &self,
        clinic: &str,
        name: &Secret,
        who: Who,
        now: DateTime<Utc>,
    ) -> Result<(), Full> {
        let mut open = locked(&self.open);
        open.retain(|_, session| session.is_open(now));
        if open.len() >= MOST {
            return Err(Full);
        }
        let session = Session { who, clinic: clinic.to_owned(), since: now, seen: now };
        open.insert(name.hash().to_owned(), session);
        Ok(())
    }

    /// Who is logged in at a clinic under a name.
    pub fn who(&self, clinic: &str, name: &Secret, sign: Sign, now: DateTime<Utc>) -> Option<Who> {
        let mut open = locked(&self.open);
        let session = open.get_mut(name.hash()).filter(|it| it.clinic == clinic)?;
        if !session.is_open(now) {
            open.remove(name.hash());
            return None;
        }
        if sign == Sign::OfLife {
            session.seen = now;
        }
        Some(session.who.clone())
    }

    /// Forgets what is over.
    pub fn forget(&self, now: DateTime<Utc>) {
        locked(&self.waiting).retain(|_, it| still_lasts(it.since, now, LOG_IN));
        locked(&self.open).retain(|_, session| session.is_open(now));
    }

    /// Logs out.
    pub fn close(&self, name: &Secret) {
        locked(&self.open).remove(name.hash());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_begins_thousands_of_log_ins_keeps_nobody_out_who_ends_one() {
        let (sessions, browser) = (Sessions::default(), Secret::new().expect("random"));
        let begun = DateTime::UNIX_EPOCH;
        let begin = |state: &str, now: DateTime<Utc>| {
            let kept = (Secrets::for_a_test(), "/mitt/my-times".to_owned());
            sessions.wait(("mitt", &browser), state.to_owned(), kept, now);
        };
        let end =
            |state: &str| sessions.come_back("mitt", Some(&browser), state, begun).map(|_| ());
        begin("first", begun);
        for nth in 1..MOST {
            begin(&format!("another {nth}"), begun + TimeDelta::seconds(1));
        }
        begin("patient", begun + TimeDelta::seconds(2));
        assert_eq!(locked(&sessions.waiting).len(), MOST);
        assert_eq!(end("patient"), Ok(()));
        assert_eq!(end("first"), Err(NotWaiting::Unknown));
        assert_eq!(end("another 1"), Ok(()));
    }
}
