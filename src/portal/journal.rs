//! What the portal says of itself at run time, for whoever runs it: a line each, of closed lists of words.
//! Nothing that came from a browser or a provider is in it, and nobody can fill a disk with it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

/// The same is said at most once in so long; how often it was more is told with the next.
const AT_MOST_EVERY: TimeDelta = TimeDelta::minutes(1);
/// The most different lines that are kept track of.
const MOST_KEPT: usize = 1_000;

/// Something that whoever runs the portal may want to know. Clinics are called as the portal's own file
/// calls them, and routes by their pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    Started,
    Stopped,
    /// A log-in with e-ID came to nothing.
    LogInFailed {
        clinic: &'a str,
        why: &'static str,
    },
    /// A request was answered with a number of the 500s.
    Trouble {
        route: &'a str,
        status: u16,
        cause: Option<&'static str>,
    },
    /// The clinic's agent has not been heard from for so long that nothing is offered.
    AgentSilent {
        clinic: &'a str,
        since: Option<DateTime<Utc>>,
    },
    AgentBack {
        clinic: &'a str,
    },
    /// What is to be forgotten could not be erased.
    NotErased {
        cause: &'static str,
    },
}

fn in_utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Started => f.write_str("portal: started"),
            Self::Stopped => f.write_str("portal: stopped"),
            Self::LogInFailed { clinic, why } => {
                write!(f, "{clinic}: a log-in with e-ID failed: {why}")
            }
            Self::Trouble { route, status, cause } => {
                write!(f, "answered {status} at {route}")?;
                cause.map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            Self::AgentSilent { clinic, since: Some(since) } => {
                write!(
                    f,
                    "{clinic}: the agent is silent since {}: no times are offered",
                    in_utc(since)
                )
            }
            Self::AgentSilent { clinic, since: None } => {
                write!(f, "{clinic}: the agent has never been heard from: no times are offered")
            }
            Self::AgentBack { clinic } => write!(f, "{clinic}: the agent is at work"),
            Self::NotErased { cause } => {
                write!(
                    f,
                    "what is to be forgotten could not be erased, and is tried again: {cause}"
                )
            }
        }
    }
}

/// A line that was said before.
struct Said {
    at: DateTime<Utc>,
    /// How often it would have been said since.
    unsaid: u32,
}

/// Where it is said.
pub struct Journal {
    write: Box<dyn Fn(&str) + Send + Sync>,
    said: Mutex<BTreeMap<String, Said>>,
}

impl Journal {
    /// A journal whose lines go there.
    pub fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { write: Box::new(write), said: Mutex::default() }
    }

    /// One that says nothing.
    pub fn silent() -> Self {
        Self::to(|_| ())
    }

    /// Says it, unless the same was said just now.
    pub fn note(&self, event: Event<'_>, now: DateTime<Utc>) {
        let text = event.to_string();
        let mut said = self.said();
        if said.len() >= MOST_KEPT && !said.contains_key(&text) {
            self.settle(&mut said, now);
        }
        match said.get_mut(&text) {
            Some(before) if before.is_recent(now) => {
                before.unsaid = before.unsaid.saturating_add(1);
            }
            before => {
                let unsaid = before.map_or(0, |before| before.unsaid);
                self.line(&text, unsaid, now);
                said.insert(text, Said { at: now, unsaid: 0 });
            }
        }
    }

    /// Tells how often was said what nobody has said since.
    pub fn catch_up(&self, now: DateTime<Utc>) {
        self.settle(&mut self.said(), now);
    }

    fn settle(&self, said: &mut BTreeMap<String, Said>, now: DateTime<Utc>) {
        said.retain(|text, it| {
            let recent = it.is_recent(now);
            if !recent && it.unsaid > 0 {
                self.line(text, it.unsaid - 1, now);
            }
            recent
        });
        if said.len() >= MOST_KEPT {
            said.clear();
        }
    }

    fn said(&self) -> MutexGuard<'_, BTreeMap<String, Said>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self, text: &str, unsaid: u32, now: DateTime<Utc>) {
        let more = if unsaid > 0 { format!(" (and {unsaid} more)") } else { String::new() };
        (self.write)(&format!("{} {text}{more}", in_utc(now)));
    }
}

impl Said {
    fn is_recent(&self, now: DateTime<Utc>) -> bool {
        (TimeDelta::zero()..AT_MOST_EVERY).contains(&now.signed_duration_since(self.at))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn listening() -> (Journal, Arc<Mutex<Vec<String>>>) {
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let heard = Arc::clone(&lines);
        let journal = Journal::to(move |line| heard.lock().expect("whole").push(line.to_owned()));
        (journal, lines)
    }

    #[test]
    fn however_often_something_happens_it_is_said_once_a_minute_and_counted() {
        let (journal, lines) = listening();
        let start = DateTime::UNIX_EPOCH;
        let failed = Event::LogInFailed { clinic: "mitt", why: "the state is not known" };
        for second in 0..120 {
            for _ in 0..100 {
                journal.note(failed, start + TimeDelta::seconds(second));
            }
        }
        journal.note(Event::AgentBack { clinic: "mitt" }, start);
        journal.catch_up(start + TimeDelta::seconds(200));
        journal.catch_up(start + TimeDelta::seconds(300));
        let lines = lines.lock().expect("whole");
        assert_eq!(
            *lines,
            [
                "1970-01-01T00:00:00Z mitt: a log-in with e-ID failed: the state is not known",
                "1970-01-01T00:01:00Z mitt: a log-in with e-ID failed: the state is not known \
                 (and 5999 more)",
                "1970-01-01T00:00:00Z mitt: the agent is at work",
                "1970-01-01T00:03:20Z mitt: a log-in with e-ID failed: the state is not known \
                 (and 5998 more)",
            ]
        );
    }

    #[test]
    fn a_clock_that_is_set_back_silences_nothing() {
        let (journal, lines) = listening();
        for days in [9, 3] {
            journal.note(Event::Started, DateTime::UNIX_EPOCH + TimeDelta::days(days));
        }
        assert_eq!(lines.lock().expect("whole").len(), 2);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let (journal, _) = listening();
        for n in 0..3 * MOST_KEPT {
            let route = n.to_string();
            let trouble = Event::Trouble { route: &route, status: 500, cause: None };
            journal.note(trouble, DateTime::UNIX_EPOCH);
        }
        assert!(journal.said().len() <= MOST_KEPT);
    }
}
