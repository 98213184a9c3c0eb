//! A message as it is sent: plain text and HTML, and the booking as a calendar file. Pure. Nothing of
//! why the patient comes, and not the patient's name: mail is read by more than its addressee.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};
use lettre::{Address, Message};
use sha2::{Digest, Sha256};

use super::calendar::{Event, Method, calendar};
use crate::clinic::Outgoing;
use crate::domain::{Company, NoticeFault, NoticeKind};
use crate::texts::{Language, Letter, LetterFacts, is_steering};

/// Whom messages come from.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub from: Mailbox,
    /// Else the clinic's own address.
    pub reply_to: Option<Mailbox>,
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
    let [swedish, english] = Language::ALL.map(|language| Letter::new(language, &known.facts()));
    let mut builder = Message::builder()
        .from(sender.from.clone())
        .to(Mailbox::new(None, to))
        .subject(one_line(&swedish.subject))
        .message_id(Some(message_id(outgoing, sender)))
        .date(SystemTime::from(at))
        .header(AutoSubmitted);
    let own = known.email.as_ref().and_then(|email| email.parse().ok());
    if let Some(reply_to) = sender.reply_to.clone().or(own.map(|own| Mailbox::new(None, own))) {
        builder = builder.reply_to(reply_to);
    }
    let bodies =
        MultiPart::alternative_plain_html(plain(&swedish, &english), html(&swedish, &english));
    let message = match calendar_of(outgoing, sender, &known, at) {
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

    fn facts(&self) -> LetterFacts<'_> {
        LetterFacts {
            kind: self.outgoing.notice.kind,
            time: self.outgoing.booking.interval.start(),
            before: self.outgoing.before,
            practitioner: &self.practitioner,
            clinic: &self.clinic,
            address: self.address.as_deref(),
            phone: self.phone.as_deref(),
            email: self.email.as_deref(),
        }
    }
}

/// The same however often the message is made.
fn message_id(outgoing: &Outgoing, sender: &Sender) -> String {
    let notice = &outgoing.notice;
    let hash = Sha256::digest(notice.booking.as_str().as_bytes());
    let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("<{hash}.{}@{}>", notice.n, sender.from.email.domain())
}

/// The booking for the patient's calendar, which has it already when it is reminded of.
fn calendar_of(
    outgoing: &Outgoing,
    sender: &Sender,
    known: &Known<'_>,
    at: DateTime<Utc>,
) -> Option<(Method, String)> {
    let method = match outgoing.notice.kind {
        NoticeKind::Reminder => return None,
        kind if kind.is_of_cancelling() => Method::Cancel,
        _ => Method::Publish,
    };
    // The booking page can tell of the same booking by the same name.
    let uid = format!("{}@tidbok", outgoing.booking.portal_id.as_deref()?);
    let (zone, interval) = (outgoing.setup.zone, outgoing.booking.interval);
    let place = match &known.address {
        Some(address) => format!("{}, {address}", known.clinic),
        None => known.clinic.clone(),
    };
    let file = calendar(&Event {
        method,
        uid: &uid,
        sequence: outgoing.notice.n,
        made_at: at,
        start: zone.first_instant(interval.start()),
        end: zone.first_instant(interval.end()),
        summary: &format!("Tid hos {}", known.clinic),
        place: &place,
        organizer: sender.from.email.as_ref(),
    });
    Some((method, file))
}

/// A text that can end no line and steer no reader.
fn one_line(text: &str) -> String {
    let plain = text.chars().map(|letter| if is_steering(letter) { ' ' } else { letter });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(swedish: &Letter, english: &Letter) -> String {
    let part = |letter: &Letter| {
        let rows: String =
            letter.rows.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let Letter { greeting, opening, contact, .. } = letter;
        format!("{greeting}\n\n{opening}\n\n{rows}\n{contact}\n")
    };
    format!("{}\n--- English ---\n\n{}", part(swedish), part(english))
}

const STYLE: &str = "font-family:sans-serif;font-size:16px;line-height:1.5";

fn html(swedish: &Letter, english: &Letter) -> String {
    let part = |language: &str, letter: &Letter| {
        let row = |(name, value): &(&str, String)| {
            format!("{}: <strong>{}</strong><br>\n", escaped(name), escaped(value))
        };
        let rows: String = letter.rows.iter().map(row).collect();
        format!(
            "<div lang=\"{language}\">\n<p>{}</p>\n<p>{}</p>\n<p>\n{rows}</p>\n<p>{}</p>\n</div>\n",
            escaped(letter.greeting),
            escaped(letter.opening),
            escaped(&letter.contact)
        )
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"sv\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
         <body style=\"{STYLE}\">\n{}<hr>\n{}</body>\n</html>\n",
        escaped(&swedish.subject),
        part("sv", swedish),
        part("en", english)
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
