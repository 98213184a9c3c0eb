//! A message as it is sent: plain text and HTML, and the booking as a calendar file. Pure. Nothing of
//! why the patient comes, and not the patient's name: mail is read by more than its addressee.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};
use lettre::{Address, Message};
use sha2::{Digest, Sha256};

use crate::clinic::Outgoing;
use crate::domain::{
    CalendarEvent, CalendarMethod, Company, NoticeFault, NoticeKind, PatientLanguage,
    calendar_file, calendar_sequence, calendar_uid, hexadecimal,
};
use crate::texts::{Language, Letter, LetterFacts, is_steering};

/// Whom messages come from.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub from: Mailbox,
    /// Else the clinic's own address.
    pub reply_to: Option<Mailbox>,
    /// Where patients book.
    pub page: Option<String>,
}

/// The languages that a message is written in: the patient's own; where it is not known, all.
fn written_in(language: Option<PatientLanguage>) -> &'static [Language] {
    match language {
        Some(PatientLanguage::Swedish) => &[Language::Swedish],
        Some(PatientLanguage::English) => &[Language::English],
        None => &Language::ALL,
    }
}

/// That no answering machine need answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The message. Made twice it has the same Message-ID, by which a second copy is known.
///
/// # Errors
/// [`NoticeFault::Address`].
pub(super) fn compose(
    outgoing: &Outgoing,
    sender: &Sender,
    at: DateTime<Utc>,
) -> Result<Message, NoticeFault> {
    let to: Address = outgoing.email.0.parse().map_err(|_| NoticeFault::Address)?;
    let known = Known::of(outgoing);
    let facts = known.facts(sender.page.as_deref());
    let written = written_in(outgoing.language);
    let letters: Vec<(Language, Letter)> =
        written.iter().map(|language| (*language, Letter::new(*language, &facts))).collect();
    let subject = letters.first().map(|(_, letter)| one_line(&letter.subject));
    let mut builder = Message::builder()
        .from(sender.from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject.unwrap_or_default())
        .message_id(Some(message_id(outgoing, sender)))
        .date(SystemTime::from(at))
        .header(AutoSubmitted);
    let own = known.email.as_ref().and_then(|email| email.parse().ok());
    if let Some(reply_to) = sender.reply_to.clone().or(own.map(|own| Mailbox::new(None, own))) {
        builder = builder.reply_to(reply_to);
    }
    let bodies = MultiPart::alternative_plain_html(plain(&letters), html(&letters));
    let language = letters.first().map_or(Language::default(), |(language, _)| *language);
    let message = match calendar_of(outgoing, sender, (&known, language), at) {
        None => builder.multipart(bodies),
        Some((method, file)) => {
            let kind = format!("text/calendar; charset=utf-8; method={}", method.name());
            let kind = ContentType::parse(&kind).map_err(|_| NoticeFault::Address)?;
            let attached = Attachment::new("tid.ics".to_owned()).body(file, kind);
            builder.multipart(MultiPart::mixed().multipart(bodies).singlepart(attached))
        }
    };
    message.map_err(|_| NoticeFault::Address)
}

/// What the clinic's registers say, each on one line.
struct Known<'a> {
    outgoing: &'a Outgoing,
    practitioner: String,
    clinic: String,
    address: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

impl<'a> Known<'a> {
    fn of(outgoing: &'a Outgoing) -> Self {
        let setup = &outgoing.setup;
        let practitioner = setup.practitioners.get(&outgoing.booking.practitioner);
        let company = practitioner.and_then(|practitioner| setup.company_of(practitioner));
        let of_company = |what: fn(&Company) -> Option<&String>| {
            let text = company.and_then(what).map(|text| one_line(text));
            text.filter(|text| !text.is_empty())
        };
        Self {
            outgoing,
            practitioner: practitioner.map(|it| one_line(&it.name)).unwrap_or_default(),
            clinic: company.map(|it| one_line(&it.name)).unwrap_or_default(),
            address: of_company(|company| company.address.as_ref()),
            phone: of_company(|company| company.phone.as_ref()),
            email: of_company(|company| company.email.as_ref()),
        }
    }

    fn facts<'b>(&'b self, page: Option<&'b str>) -> LetterFacts<'b> {
        LetterFacts {
            kind: self.outgoing.notice.kind,
            time: self.outgoing.booking.interval.start(),
            before: self.outgoing.before,
            practitioner: &self.practitioner,
            clinic: &self.clinic,
            address: self.address.as_deref(),
            phone: self.phone.as_deref(),
            email: self.email.as_deref(),
            page,
        }
    }
}

/// The same however often the message is made.
fn message_id(outgoing: &Outgoing, sender: &Sender) -> String {
    let notice = &outgoing.notice;
    let hash = Sha256::digest(notice.booking.as_str().as_bytes());
    let hash = hexadecimal(&hash[..12]);
    format!("<{hash}.{}@{}>", notice.n, sender.from.email.domain())
}

/// The booking for the patient's calendar, which has it already when it is reminded of.
fn calendar_of(
    outgoing: &Outgoing,
    sender: &Sender,
    (known, language): (&Known<'_>, Language),
    at: DateTime<Utc>,
) -> Option<(CalendarMethod, String)> {
    let method = match outgoing.notice.kind {
        NoticeKind::Reminder => return None,
        kind if kind.is_of_cancelling() => CalendarMethod::Cancel,
        _ => CalendarMethod::Publish,
    };
    // The booking page can tell of the same booking by the same name.
    let uid = calendar_uid(outgoing.booking.portal_id.as_deref()?);
    let notice = &outgoing.notice;
    let (zone, interval) = (outgoing.setup.zone, outgoing.booking.interval);
    let place = match &known.address {
        Some(address) => format!("{}, {address}", known.clinic),
        None => known.clinic.clone(),
    };
    let file = calendar_file(&CalendarEvent {
        method,
        uid: &uid,
        // Messages of one second have each their own.
        sequence: calendar_sequence(notice.decided_at).saturating_add(notice.n),
        made_at: at,
        start: zone.first_instant(interval.start()),
        end: zone.first_instant(interval.end()),
        summary: &language
            .pick(format!("Tid hos {}", known.clinic), format!("Appointment at {}", known.clinic)),
        place: Some(&place),
        organizer: Some(sender.from.email.as_ref()),
    });
    Some((method, file))
}

/// A text that can end no line and steer no reader.
fn one_line(text: &str) -> String {
    let plain = text.chars().map(|letter| if is_steering(letter) { ' ' } else { letter });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(letters: &[(Language, Letter)]) -> String {
    let part = |(language, letter): &(Language, Letter)| {
        let rows: String =
            letter.rows.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let Letter { greeting, opening, contact, .. } = letter;
        let page = letter.page.as_ref().map(|(why, page)| format!("\n{why}: {page}\n"));
        let page = page.unwrap_or_default();
        let text = format!("{greeting}\n\n{opening}\n\n{rows}\n{contact}\n{page}");
        (*language, text)
    };
    let mut whole = String::new();
    for (language, text) in letters.iter().map(part) {
        if !whole.is_empty() {
            whole.push_str(language.pick("\n--- Svenska ---\n\n", "\n--- English ---\n\n"));
        }
        whole.push_str(&text);
    }
    whole
}

const STYLE: &str = "font-family:sans-serif;font-size:16px;line-height:1.5";

fn html(letters: &[(Language, Letter)]) -> String {
    let part = |(language, letter): &(Language, Letter)| {
        let row = |(name, value): &(&str, String)| {
            format!("{}: <strong>{}</strong><br>\n", escaped(name), escaped(value))
        };
        let rows: String = letter.rows.iter().map(row).collect();
        let page = letter.page.as_ref().map(|(why, page)| {
            let page = escaped(page);
            format!("<p>{}: <a href=\"{page}\">{page}</a></p>\n", escaped(why))
        });
        format!(
            "<div lang=\"{}\">\n<p>{}</p>\n<p>{}</p>\n<p>\n{rows}</p>\n<p>{}</p>\n{}</div>\n",
            language.pick("sv", "en"),
            escaped(letter.greeting),
            escaped(letter.opening),
            escaped(&letter.contact),
            page.unwrap_or_default()
        )
    };
    let (language, title) = match letters.first() {
        Some((language, letter)) => (*language, escaped(&letter.subject)),
        None => (Language::default(), String::new()),
    };
    let parts: Vec<String> = letters.iter().map(part).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body style=\"{STYLE}\">\n{}</body>\n</html>\n",
        language.pick("sv", "en"),
        parts.join("<hr>\n")
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
    out
}
