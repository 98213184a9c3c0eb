//! What is said of the Online Client. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::names::Names;
use super::{Dates, Language};
use crate::domain::{
    AgentAt, CivilTime, ClinicZone, Interval, Outward, PractitionerId, Restored, Setup,
    StrayBooking, SyncFaultKind, SyncRequest, SyncStatus,
};

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
    waiting_letter: "V", "V";
    refused_letter: "!", "!";
    title: "Online Client", "Online Client";
    none: "Ingen Online Client har startats här.", "No Online Client has been started here.";
    none_what: "Den håller bokningssidan i takt med tidboken och hämtar hem patienternas bokningar. Kör den på en dator som alltid är på:", "It keeps the booking page in step with the book and brings patients' bookings home. Run it on a machine that is always on:";
    none_command: "tidbok sync --portal https://bokning.example.se/fhir/kliniken --token-file FIL", "tidbok sync --portal https://booking.example.com/fhir/clinic --token-file FILE";
    none_unit: "tidbok sync --print-unit skriver en tjänst för systemd.", "tidbok sync --print-unit writes a service for systemd.";
    agent: "Agent", "Agent";
    to: "Till", "To";
    works: "arbetar", "at work";
    silent_what: "Agenten hörs inte av. Se efter att datorn den körs på är igång, och tjänsten (systemctl status tidbok-sync).", "The agent is not heard from. Check that the machine it runs on is up, and the service (systemctl status tidbok-sync).";
    lapsed: "dess uppdrag gick ut", "its lease ended";
    step: "I takt", "In step";
    mail: "E-post", "E-mail";
    now: "nu", "now";
    last: "senast", "last";
    not_yet: "inte än", "not yet";
    wrong: "Fel", "Fault";
    wrong_before: "Senaste fel", "Last fault";
    over: "över", "over";
    waits: "Väntar", "Waiting";
    nothing: "inget", "nothing";
    just_now: "nyss", "just now";
    refused: "Avvisas", "Refused";
    set_aside: "Obegripliga", "Not understood";
    restored: "Återställd", "Restored";
    stray: "Ryms inte", "Does not fit";
    back_online: "från bokningssidan", "from the booking page";
    unknown_patient: "okänd patient", "unknown patient";
    out: "Ute", "Out there";
    by_practitioner: "Tider ute, behandlare för behandlare", "Times out there, by practitioner";
    today: "Idag", "Today";
    no_wishes: "inget från patienter", "nothing from patients";
    latency: "Fördröjning", "Latency";
    no_latency: "inget har skickats den senaste timmen", "nothing has been sent within the hour";
    asked: "Begärt", "Asked";
    waits_for_agent: "väntar på agenten", "waits for the agent";
    rounds: "Senaste varven", "Last rounds";
    no_rounds: "Inget har gjorts än.", "Nothing has been done yet.";
    republish_title: "Publicera allt på nytt", "Republish everything";
    republish_yes: "Ja, publicera på nytt", "Yes, republish";
    pause_title: "Tillfälligt stängd", "Closed for the time being";
    pause_yes: "Ja, stäng bokningssidan", "Yes, close the booking page";
    resume_title: "Öppna bokningssidan igen", "Open the booking page again";
    resume_yes: "Ja, öppna", "Yes, open";
    no_agent: "ingen Online Client har startats här", "no Online Client has been started here";
    asked_now: "Agenten är ombedd att synka nu.", "The agent has been asked to sync now.";
    asked_everything: "Agenten är ombedd att publicera allt på nytt.", "The agent has been asked to republish everything.";
}

impl SyncTexts {
    /// Where the agent runs: `mottagningen (1234), version 0.1.0, sedan 09:14`.
    pub fn runs(&self, agent: &AgentAt, since: &str) -> String {
        let (host, process, version) = (&agent.host, agent.process, &agent.version);
        let since_word = self.silent_since;
        format!("{host} ({process}), version {version}, {since_word} {since}")
    }

    /// How many times of how many practitioners are out there.
    pub fn out_there(&self, times: usize, practitioners: usize) -> String {
        let texts = self.language.texts();
        let of = self.language.pick("hos", "of");
        format!("{} {of} {}", texts.times(times), texts.practitioners(practitioners))
    }

    /// How far a preblock's times have come.
    pub fn outward(&self, state: Outward, out: usize) -> String {
        let (swedish, english) = match state {
            Outward::Published => ("publicerat", "published"),
            Outward::Waiting => ("väntar på synk", "waits for sync"),
            Outward::Refused => ("avvisas av bokningssidan", "refused by the booking page"),
        };
        match self.language {
            Language::Swedish => format!("{swedish}, {out} ute"),
            Language::English => format!("{english}, {out} out there"),
        }
    }

    /// What patients' wishes came to: `3 bokade, 1 ombokad`, what there was none of left out.
    pub fn wishes(&self, booked: usize, rebooked: usize, cancelled: usize) -> Vec<String> {
        let all = match self.language {
            Language::Swedish => [
                (booked, "bokad", "bokade"),
                (rebooked, "ombokad", "ombokade"),
                (cancelled, "avbokad", "avbokade"),
            ],
            Language::English => [
                (booked, "booked", "booked"),
                (rebooked, "rebooked", "rebooked"),
                (cancelled, "cancelled", "cancelled"),
            ],
        };
        let some = all.into_iter().filter(|(count, ..)| *count > 0);
        some.map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more }))
            .collect()
    }

    /// How many wishes were refused.
    pub fn wishes_refused(&self, count: usize) -> String {
        match self.language {
            Language::Swedish if count == 1 => "1 avvisad".to_owned(),
            Language::Swedish => format!("{count} avvisade"),
            Language::English => format!("{count} refused"),
        }
    }

    /// Why a wish was refused, by its code on the wire.
    pub fn refusal<'a>(&self, code: &'a str) -> &'a str {
        let (swedish, english) = match code {
            "time-gone" => ("tiden var borta", "the time was gone"),
            "details" => ("uppgift saknades", "a detail was missing"),
            "not-changeable" => ("fick inte ändras", "not to be changed"),
            "too-late" => ("för sent", "too late"),
            "closed" => ("stängt", "closed"),
            other => (other, other),
        };
        self.language.pick(swedish, english)
    }

    /// The longest that something took within the last hour.
    pub fn longest(&self, milliseconds: u64) -> String {
        let (seconds, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100);
        match self.language {
            Language::Swedish => format!("senaste timmen, längst {seconds},{tenths} s"),
            Language::English => format!("within the hour, longest {seconds}.{tenths} s"),
        }
    }

    /// What was asked, by whom and when.
    pub fn asked_by(&self, request: SyncRequest, at: &str, by: &str) -> String {
        let what = match (self.language, request) {
            (Language::Swedish, SyncRequest::Now) => "synka nu",
            (Language::Swedish, SyncRequest::Everything) => "publicera allt på nytt",
            (Language::English, SyncRequest::Now) => "sync now",
            (Language::English, SyncRequest::Everything) => "republish everything",
        };
        match self.language {
            Language::Swedish => format!("{what}, {at} av {by}"),
            Language::English => format!("{what}, {at} by {by}"),
        }
    }

    /// When what was asked was done.
    pub fn done_at(&self, at: &str) -> String {
        match self.language {
            Language::Swedish => format!("utfört {at}"),
            Language::English => format!("done {at}"),
        }
    }

    /// What closing the booking page does.
    pub fn pause_notes(&self, times: usize, practitioners: usize) -> Vec<String> {
        match self.language {
            Language::Swedish => vec![
                format!("Tar bort {} från bokningssidan.", self.out_there(times, practitioners)),
                "Bokningar påverkas inte, och i tidboken ligger allt kvar.".to_owned(),
            ],
            Language::English => vec![
                format!("Takes {} off the booking page.", self.out_there(times, practitioners)),
                "Bookings are not affected, and everything stays in the book.".to_owned(),
            ],
        }
    }

    /// What opening it again does.
    pub fn resume_notes(&self, practitioners: usize) -> Vec<String> {
        let practitioners = self.language.texts().practitioners(practitioners);
        vec![self.language.pick(
            format!("Tiderna för {practitioners} publiceras igen."),
            format!("The times of {practitioners} are published again."),
        )]
    }

    /// What republishing does.
    pub fn republish_notes(&self, times: usize, practitioners: usize) -> Vec<String> {
        match self.language {
            Language::Swedish => vec![
                format!("Ute nu: {}.", self.out_there(times, practitioners)),
                "Agenten läser vad bokningssidan har och skickar allt som skiljer.".to_owned(),
            ],
            Language::English => vec![
                format!("Out there now: {}.", self.out_there(times, practitioners)),
                "The agent reads what the booking page has and sends whatever differs.".to_owned(),
            ],
        }
    }

    /// Where the diagnostics were written.
    pub fn diagnostics_kept(&self, path: &str) -> String {
        match self.language {
            Language::Swedish => format!("Felsökningsuppgifter utan patientuppgifter: {path}"),
            Language::English => format!("Diagnostics without patients' data: {path}"),
        }
    }

    /// That they could not be written.
    pub fn diagnostics_not_kept(&self, reason: &str) -> String {
        match self.language {
            Language::Swedish => format!("Felsökningsuppgifterna kunde inte skrivas: {reason}"),
            Language::English => format!("The diagnostics could not be written: {reason}"),
        }
    }
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
            "Bokningssidans server godtar inte agentens nyckel. Se efter att samma nyckel (token) eller \
             certifikat står i båda ändar.",
            "The booking page's server does not take the agent's token or certificate. Check that it is \
             the same at both ends.",
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
        SyncFaultKind::Contested => (
            "En annan databas publiceras till samma bokningssida. Avsluta den agenten (loggen säger på \
             vilken dator), eller ge den databasen en egen klinik i portalens fil.",
            "Another database is published to the same booking page. End that agent (the log tells on \
             which computer), or give that database a clinic of its own in the portal's file.",
        ),
        SyncFaultKind::Interrupted => (
            "En annan databas har publicerats till samma bokningssida under tiden. Agenten läser om; kör \
             den andra databasens agent mot en egen klinik i portalens fil om det fortsätter.",
            "Another database was published to the same booking page meanwhile. The agent reads anew; \
             run the other database's agent for a clinic of its own in the portal's file if it goes on.",
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
    /// That the database was restored, and what was taken back from the booking page.
    pub fn restored(self, restored: &Restored) -> String {
        let Restored { noticed_at, settled_at, brought_back, moved, cancelled } = restored;
        let at = self.at(*noticed_at);
        let copy = self.language.pick(
            format!("databasen är en äldre kopia, upptäckt {at}"),
            format!("the database is an older copy, noticed {at}"),
        );
        if settled_at.is_none() {
            let goes_on = self.language.pick("jämförs med bokningssidan", "compared with the page");
            return format!("{copy}; {goes_on}");
        }
        match self.language {
            Language::Swedish => format!(
                "{copy}; från bokningssidan: {brought_back} återförda utan patient, {moved} flyttade, {cancelled} avbokade"
            ),
            Language::English => format!(
                "{copy}; from the booking page: {brought_back} brought back without a patient, {moved} moved, {cancelled} cancelled"
            ),
        }
    }

    /// Bookings that patients were told of and that have no place there, each with whom.
    pub fn stray(self, stray: &BTreeSet<StrayBooking>, setup: &Setup) -> Option<String> {
        let (dates, today, names) = (Dates(self.language), self.now.date(), Names { setup });
        let place = |practitioner: &PractitionerId, interval: Interval| {
            let date = dates.dated(interval.start().date(), today);
            format!("{} {date} {}", names.of_practitioner(practitioner), dates.hours(interval))
        };
        let told = stray.iter().map(|it| {
            let there = place(&it.practitioner, it.interval);
            match &it.in_book {
                None => there,
                Some((practitioner, interval)) => {
                    let stands = self.language.pick("i boken", "in the book");
                    format!("{there} ({stands} {})", place(practitioner, *interval))
                }
            }
        });
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| told.join(", "))
    }

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

    /// The clock to the second.
    pub fn to_the_second(self, instant: DateTime<Utc>) -> String {
        format!("{}:{:02}", self.zone.civil(instant).clock(), instant.timestamp().rem_euclid(60))
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
