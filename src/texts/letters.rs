//! What patients are told by e-mail, and what staff are told of that e-mail. Pure.
//!
//! A letter holds the clinic, the time and whom the patient meets; nothing of why.

use crate::domain::{CivilTime, NoticeFault, NoticeKind, NoticeReport};

use super::{Dates, Language, Telling};

/// What a letter tells of.
#[derive(Clone, Copy, Debug)]
pub struct LetterFacts<'a> {
    pub kind: NoticeKind,
    pub time: CivilTime,
    /// The time that this one takes the place of.
    pub before: Option<CivilTime>,
    pub practitioner: &'a str,
    pub clinic: &'a str,
    pub address: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub email: Option<&'a str>,
    /// Where patients book.
    pub page: Option<&'a str>,
}

/// A letter in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub greeting: &'static str,
    pub opening: &'static str,
    /// A name and what there is to say of it.
    pub rows: Vec<(&'static str, String)>,
    pub contact: String,
    /// The address of the booking page, and what it is for.
    pub page: Option<(&'static str, String)>,
}

impl Letter {
    /// The letter in a language.
    pub fn new(language: Language, facts: &LetterFacts<'_>) -> Self {
        let rows = rows(language, facts);
        let (opening, contact) = (opening(language, facts.kind), contact(language, facts));
        let greeting = language.pick("Hej!", "Hello,");
        let page = facts.page.map(|page| (booking_page(language, facts.kind), page.to_owned()));
        Self { subject: subject(language, facts), greeting, opening, rows, contact, page }
    }
}

fn subject(language: Language, facts: &LetterFacts<'_>) -> String {
    let clinic = facts.clinic;
    let (swedish, english) = match facts.kind {
        NoticeKind::Known | NoticeKind::Booked | NoticeKind::Restored => ("är bokad", "is booked"),
        NoticeKind::Rebooked => ("är ombokad", "is rebooked"),
        NoticeKind::Moved => ("är flyttad", "has been moved"),
        NoticeKind::Receipt | NoticeKind::Cancelled => ("är avbokad", "is cancelled"),
        NoticeKind::Reminder => {
            return language.pick(
                format!("Påminnelse: din tid hos {clinic}"),
                format!("Reminder: your appointment at {clinic}"),
            );
        }
    };
    language.pick(
        format!("Din tid hos {clinic} {swedish}"),
        format!("Your appointment at {clinic} {english}"),
    )
}

fn opening(language: Language, kind: NoticeKind) -> &'static str {
    let (swedish, english) = match kind {
        NoticeKind::Known | NoticeKind::Booked => {
            ("Din tid är bokad.", "Your appointment is booked.")
        }
        NoticeKind::Rebooked => ("Du har bokat om din tid.", "You have rebooked your appointment."),
        NoticeKind::Receipt => ("Du har avbokat din tid.", "You have cancelled your appointment."),
        NoticeKind::Moved => {
            ("Kliniken har flyttat din tid.", "The clinic has moved your appointment.")
        }
        NoticeKind::Cancelled => (
            "Kliniken har tyvärr avbokat din tid.",
            "The clinic has unfortunately cancelled your appointment.",
        ),
        NoticeKind::Restored => (
            "Din tid gäller igen. Det tidigare beskedet om avbokning gäller inte.",
            "Your appointment stands again. Please ignore that it was cancelled.",
        ),
        NoticeKind::Reminder => {
            ("Vi påminner om din tid i morgon.", "This is a reminder of your appointment tomorrow.")
        }
    };
    language.pick(swedish, english)
}

fn rows(language: Language, facts: &LetterFacts<'_>) -> Vec<(&'static str, String)> {
    let moment = |time: CivilTime| {
        let (date, clock) = (Dates(language).in_full(time.date()), time.clock());
        language.pick(format!("{date} kl. {clock}"), format!("{date} at {clock}"))
    };
    let time = match facts.kind.is_of_cancelling() {
        true => language.pick("Avbokad tid", "Cancelled time"),
        false => language.pick("Tid", "Time"),
    };
    let mut rows = vec![(time, moment(facts.time))];
    let replaces = matches!(facts.kind, NoticeKind::Moved | NoticeKind::Rebooked);
    if let Some(before) = facts.before.filter(|_| replaces) {
        rows.push((language.pick("Gäller inte längre", "No longer valid"), moment(before)));
    }
    rows.push((language.pick("Behandlare", "Practitioner"), facts.practitioner.to_owned()));
    rows.push((language.pick("Klinik", "Clinic"), facts.clinic.to_owned()));
    if let Some(address) = facts.address {
        rows.push((language.pick("Adress", "Address"), address.to_owned()));
    }
    rows
}

fn contact(language: Language, facts: &LetterFacts<'_>) -> String {
    let (swedish, english) = match facts.kind {
        NoticeKind::Receipt => ("Blev det fel? Kontakta kliniken", "A mistake? Contact the clinic"),
        NoticeKind::Cancelled => {
            ("Kontakta kliniken för en ny tid", "Contact the clinic for another time")
        }
        _ => (
            "Vill du ändra eller avboka? Kontakta kliniken",
            "To change or cancel, contact the clinic",
        ),
    };
    let phone = facts.phone.map(|phone| language.pick("telefon ", "phone ").to_owned() + phone);
    let email = facts.email.map(|email| language.pick("e-post ", "e-mail ").to_owned() + email);
    let ways: Vec<String> = phone.into_iter().chain(email).collect();
    let asked = language.pick(swedish, english);
    if ways.is_empty() { format!("{asked}.") } else { format!("{asked}: {}.", ways.join(", ")) }
}

/// What the booking page is for.
fn booking_page(language: Language, kind: NoticeKind) -> &'static str {
    match kind.is_of_cancelling() {
        true => language.pick("Boka en ny tid", "Book another time"),
        false => language.pick("Klinikens bokningssida", "The clinic’s booking page"),
    }
}

/// What is wrong with sending e-mail, and what to do.
pub fn notice_fault(language: Language, fault: NoticeFault) -> &'static str {
    let (swedish, english) = match fault {
        NoticeFault::Unreachable => (
            "e-postservern nås inte: kontrollera namn, port och nät, och att servern är igång",
            "the mail server can't be reached: check its name, its port, the network, and that it runs",
        ),
        NoticeFault::TimedOut => (
            "e-postservern svarar inte i tid: hör med den som sköter den om det fortsätter",
            "the mail server does not answer in time: ask whoever runs it if it goes on",
        ),
        NoticeFault::NotTrusted => (
            "e-postserverns kryptering godtas inte: kontrollera att den har TLS, att certifikatet \
             gäller namnet, och att utfärdaren är känd (ca_file)",
            "the mail server's encryption is not trusted: check that it has TLS, that the certificate \
             is for its name, and that its issuer is known (ca_file)",
        ),
        NoticeFault::Login => (
            "e-postservern godtar inte användare och lösenord",
            "the mail server does not take user and password",
        ),
        NoticeFault::Rejected => (
            "e-postservern avvisar klinikens post: kontrollera avsändaren (from), och hör med den som \
             sköter servern",
            "the mail server rejects the clinic's mail: check the sender (from), and ask whoever runs it",
        ),
        NoticeFault::Later => (
            "e-postservern ber att få ett meddelande senare; det skickas igen",
            "the mail server asks for a message later; it is sent again",
        ),
        NoticeFault::Unanswered => (
            "e-postservern kvitterade inte ett meddelande; det skickas igen med samma Message-ID",
            "the mail server did not acknowledge a message; it is sent again with the same Message-ID",
        ),
        NoticeFault::Refused => (
            "e-postservern tar inte emot post till en patients adress",
            "the mail server takes no mail to a patient's address",
        ),
        NoticeFault::Address => (
            "en patients e-postadress går inte att skicka till",
            "a patient's e-mail address can't be sent to",
        ),
    };
    language.pick(swedish, english)
}

impl Telling {
    /// How the e-mail to patients goes, where there is anything to say of it.
    pub fn notices(self, report: &NoticeReport) -> Option<String> {
        let language = self.language;
        let held_up = report.fault.filter(|_| report.held_up > 0).map(|fault| {
            let (count, why) = (report.held_up, notice_fault(language, fault));
            let since = report.since.map(|since| self.at(since)).unwrap_or_default();
            language.pick(
                format!("{count} väntar sedan {since}: {why}"),
                format!("{count} waiting since {since}: {why}"),
            )
        });
        let given_up = report.given_up_for.filter(|_| report.given_up > 0).map(|fault| {
            let (count, why) = (report.given_up, notice_fault(language, fault));
            language.pick(
                format!("{count} kunde inte levereras det senaste dygnet: {why}"),
                format!("{count} given up in the last 24 hours: {why}"),
            )
        });
        let told: Vec<String> = held_up.into_iter().chain(given_up).collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}
