//! What was typed into the form, for whoever puts right what was wrong with it or has to choose another
//! time. Kept in memory only, for the browser that typed it, and gone once it has booked.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::super::still_lasts;
use super::browser::Browser;
use super::form::Typed;
use super::visit::Visit;

/// For so long after it was typed. A browser that is left open on a desk tells no later visitor.
const KEPT: TimeDelta = TimeDelta::minutes(20);
/// The most that are kept at once: the oldest go first.
const MOST_KEPT: usize = 2_000;

/// Whether what was typed was sent to be booked: then what is wrong with it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draft {
    Unsent,
    Sent,
}

struct Kept {
    typed: Typed,
    draft: Draft,
    /// Of whoever was logged in.
    seal: Option<String>,
    at: DateTime<Utc>,
}

/// What was typed, by clinic and browser.
#[derive(Default)]
pub struct Drafts(Mutex<HashMap<(String, String), Kept>>);

fn key(visit: &Visit, browser: &Browser) -> (String, String) {
    (visit.clinic.clone(), browser.hash().to_owned())
}

fn seal(visit: &Visit) -> Option<String> {
    visit.who.as_ref().map(|who| who.seal.clone())
}

impl Drafts {
    fn kept(&self) -> MutexGuard<'_, HashMap<(String, String), Kept>> {
        // An entry is put in whole, or not at all.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what a browser has typed, instead of what it typed before.
    pub fn keep(
        &self,
        visit: &Visit,
        browser: &Browser,
        (typed, draft): (&Typed, Draft),
        now: DateTime<Utc>,
    ) {
        let mut kept = self.kept();
        let key = key(visit, browser);
        if kept.len() >= MOST_KEPT && !kept.contains_key(&key) {
            let oldest = kept.iter().min_by_key(|(_, it)| it.at).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| kept.remove(&oldest));
        }
        kept.insert(key, Kept { typed: typed.clone(), draft, seal: seal(visit), at: now });
    }

    /// What a browser has typed; not what it typed while another, or nobody, was logged in.
    pub fn of(&self, visit: &Visit, now: DateTime<Utc>) -> Option<(Typed, Draft)> {
        let key = key(visit, visit.browser.as_ref()?);
        let kept = self.kept();
        let found =
            kept.get(&key).filter(|it| still_lasts(it.at, now, KEPT) && it.seal == seal(visit))?;
        Some((found.typed.clone(), found.draft))
    }

    /// Forgets what a browser has typed.
    pub fn forget(&self, visit: &Visit) {
        if let Some(browser) = &visit.browser {
            self.kept().remove(&key(visit, browser));
        }
    }

    /// Forgets what has been kept for long enough.
    pub fn forget_old(&self, now: DateTime<Utc>) {
        self.kept().retain(|_, it| still_lasts(it.at, now, KEPT));
    }
}
