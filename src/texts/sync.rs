//! What is said of the Online Client. Pure.

use chrono::{DateTime, Utc};

use super::{Dates, Language};
use crate::domain::{CivilTime, ClinicZone, SyncFaultKind, SyncStatus};

impl Language {
    /// The fixed texts of the Online Client in this language.
    pub fn sync_texts(self) -> &'static SyncTexts {
        self.pick(&SWEDISH, &ENGLISH)
    }
}

texts! { SyncTexts:
    in_step: "S Synkad", "S In step";
    waiting: "V Väntar", "V Waiting";
    fault: "! Fel", "! Fault";
    paused: "– Pausad", "– Paused";
    silent: "? Ingen agent", "? No agent";
    silent_since: "sedan", "since";
}

/// What is wrong with the Online Client, and what to do.
pub fn sync_fault(language: Language, kind: SyncFaultKind) -> &'static str {
    let (swedish, english) = match kind {
        SyncFaultKind::Unreachable => (
            "Bokningssidans server nås inte. Se efter att adressen stämmer, att nätet är uppe och att \
             servern är igång.",
            "The booking page's server can't be reached. Check the address, the network, and that the \
             server runs.",
        ),
        SyncFaultKind::TimedOut => (
            "Bokningssidans server svarar inte i tid. Agenten försöker igen; hör med den som sköter \
             servern om det fortsätter.",
            "The booking page's server does not answer in time. The agent tries again; ask whoever \
             runs the server if it goes on.",
        ),
        SyncFaultKind::NotTrusted => (
            "Bokningssidans certifikat godtas inte. Se efter att det gäller, och för rätt namn.",
            "The booking page's certificate is not trusted. Check that it is valid, and for the right \
             name.",
        ),
        SyncFaultKind::Unauthorized => (
            "Bokningssidans server godtar inte agentens nyckel. Se efter att samma nyckel (token) står \
             i båda ändar.",
            "The booking page's server does not take the agent's token. Check that it is the same at \
             both ends.",
        ),
        SyncFaultKind::Conflict => (
            "Bokningssidan har något annat lagrat än väntat. Agenten läser om; publicera allt på nytt \
             om det fortsätter.",
            "The booking page has something else stored than expected. The agent reads anew; republish \
             everything if it goes on.",
        ),
        SyncFaultKind::Refused => (
            "Bokningssidans server avvisar det som skickas. Hör med den som sköter servern.",
            "The booking page's server refuses what is sent. Ask whoever runs the server.",
        ),
        SyncFaultKind::Unfit => (
            "Det som svarar på bokningssidans adress är ingen FHIR-server som duger. Se efter \
             adressen.",
            "What answers at the booking page's address is no FHIR server that will do. Check the \
             address.",
        ),
        SyncFaultKind::Database => (
            "Agenten når inte klinikens databas. Se efter att den är igång.",
            "The agent can't reach the clinic's database. Check that it runs.",
        ),
        SyncFaultKind::LeaseLost => (
            "En annan agent har tagit över. Kör bara en, om det inte är meningen.",
            "Another agent has taken over. Run one only, unless it is meant so.",
        ),
        SyncFaultKind::Other => (
            "Något gick fel. Agenten försöker igen; dess logg säger mer.",
            "Something went wrong. The agent tries again; its log says more.",
        ),
    };
    language.pick(swedish, english)
}

/// Where and when a status is told of.
#[derive(Clone, Copy)]
pub struct Telling {
    pub language: Language,
    pub zone: ClinicZone,
    pub now: CivilTime,
}

impl Telling {
    /// A letter and a word; `None` where the clinic has no Online Client.
    pub fn word(self, status: &SyncStatus) -> Option<&'static str> {
        let texts = self.language.sync_texts();
        Some(match status {
            SyncStatus::NoAgent => return None,
            SyncStatus::InStep => texts.in_step,
            SyncStatus::Waiting { .. } => texts.waiting,
            SyncStatus::Fault { .. } => texts.fault,
            SyncStatus::Paused => texts.paused,
            SyncStatus::Silent { .. } => texts.silent,
        })
    }

    /// The same with how many wait, for how long, or since when: `V Väntar 12`, `! Fel 4 min`,
    /// `? Ingen agent sedan 09:14`.
    pub fn status(self, status: &SyncStatus) -> Option<String> {
        let word = self.word(status)?;
        Some(match status {
            SyncStatus::Waiting { books, .. } => format!("{word} {books}"),
            SyncStatus::Fault { since } => match self.age(*since) {
                Some(age) => format!("{word} {age}"),
                None => word.to_owned(),
            },
            SyncStatus::Silent { since } => {
                format!("{word} {} {}", self.language.sync_texts().silent_since, self.at(*since))
            }
            _ => word.to_owned(),
        })
    }

    /// How old something is, in minutes, hours or days; `None` where it is younger than a minute.
    /// Counted in minutes of the clock, so that it changes only with them.
    pub fn age(self, since: DateTime<Utc>) -> Option<String> {
        let minutes = self.now.since(self.zone.civil(since)).0;
        Some(match minutes {
            ..1 => return None,
            1..120 => format!("{minutes} min"),
            120..2880 => format!("{} h", minutes / 60),
            _ => match self.language {
                Language::Swedish => format!("{} dagar", minutes / 1440),
                Language::English => format!("{} days", minutes / 1440),
            },
        })
    }

    /// The clock at an instant of today, else the day and the clock.
    pub fn at(self, instant: DateTime<Utc>) -> String {
        let time = self.zone.civil(instant);
        if time.date() == self.now.date() {
            return time.clock();
        }
        format!("{} {}", Dates(self.language).short(time.date(), self.now.date()), time.clock())
    }
}
