//! Errors and refusals that somebody saw, and which fault explains each.

use std::time::Duration;

use super::faults::{Fault, Kind};

/// What somebody saw, by what may be to blame for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The database is held by another program.
    Locked,
    /// There is no room.
    Full,
    /// The clinic's database does not answer.
    NoContact,
    /// The program ended under whoever used it.
    Ended,
    /// The booking page is not there, or breaks off.
    Unreachable,
    /// The booking page says that it can't.
    PageFails,
    /// The portal has put an error of its own into the journal.
    PortalTells,
    /// The agent has put an error of its own into the journal.
    AgentTells,
    /// The clinic's status is not well.
    Unwell,
    /// Logging in with e-ID fails.
    LogIn,
    /// Nothing explains it.
    Other,
}

/// One thing that somebody saw.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When, after the beginning.
    pub at: Duration,
    pub who: String,
    pub what: What,
    pub text: String,
}

impl What {
    /// How long after its end a fault may still be seen.
    fn lasts(self) -> Duration {
        Duration::from_secs(match self {
            // Its journal tells of a thing once a minute, and within another of how often it was since.
            Self::PortalTells => 130,
            // It waits for twenty seconds for what does not answer.
            Self::AgentTells => 25,
            // It warns of what has lasted for a minute until it is mended.
            Self::Unwell => 30,
            _ => 10,
        })
    }

    fn is_of(self, kind: Kind) -> bool {
        use Kind::*;
        match self {
            Self::Locked => matches!(kind, ClinicLocked | PortalLocked),
            Self::Full => kind == DiskFull,
            Self::NoContact => matches!(kind, ClinicLocked | DiskFull | ConsoleClockBack),
            Self::Ended => matches!(kind, ConsoleKilled | PowerCut | HungUp | NoZone),
            Self::Unreachable => matches!(kind, PortalKilled | PowerCut | NoZone),
            // Until the agent is heard by the clock as it now is, nothing is offered.
            Self::PageFails => matches!(kind, PortalLocked | DiskFull | PortalClockBack),
            Self::PortalTells => matches!(kind, PortalLocked | DiskFull | PortalClockBack),
            Self::AgentTells => matches!(
                kind,
                AgentClockBack
                    | AgentStopped
                    | PortalKilled
                    | PowerCut
                    | NoZone
                    | LineCut
                    | LineStalled
                    | ClinicLocked
                    | PortalLocked
                    | DiskFull
            ),
            Self::Unwell => {
                matches!(
                    kind,
                    LineCut | LineStalled | ClinicLocked | PortalLocked | DiskFull | AgentClockBack
                ) || matches!(kind, PortalKilled | PowerCut | NoZone)
            }
            Self::LogIn => matches!(kind, PortalClockBack | PortalKilled | PowerCut | NoZone),
            Self::Other => false,
        }
    }
}

impl Seen {
    /// The fault that explains it, if one does.
    pub fn explained_by(&self, faults: &[Fault]) -> Option<Kind> {
        let lasts = self.what.lasts();
        let found = faults.iter().find(|fault| {
            self.what.is_of(fault.kind) && (fault.from..=fault.to + lasts).contains(&self.at)
        });
        found.map(|fault| fault.kind)
    }
}

/// What is said of the database when it goes wrong, in words that are seen whole however long a path is.
const SAYINGS: [(&str, What); 11] = [
    ("är full", What::Full),
    ("frigör plats", What::Full),
    ("används av ett annat program", What::Locked),
    ("försök igen om en stund", What::Locked),
    ("Väntar på databasen sedan", What::NoContact),
    ("gick inte att läsa eller skriva", What::Other),
    ("örbindelsen med databasen", What::Other),
    ("databasen svarar med ett fel", What::Other),
    ("är skadad", What::Other),
    ("kan bara läsas", What::Other),
    ("Inte sparat", What::Other),
];

/// What is wrong by a screen or a message, and the line that says so.
pub fn wrong(text: &str) -> Option<(What, &str)> {
    text.lines().find_map(|line| {
        let (_, what) = SAYINGS.iter().find(|(saying, _)| line.contains(saying))?;
        Some((*what, line.trim()))
    })
}
