//! A booking as a file that calendars take (iCalendar, RFC 5545 and 5546). Pure.

use chrono::{DateTime, Utc};

/// What a calendar is to do with the booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarMethod {
    /// Put it in, or in the place of what it has of it.
    Publish,
    /// Take it out.
    Cancel,
}

impl CalendarMethod {
    /// As the file and its type name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Cancel => "CANCEL",
        }
    }
}

/// A booking as a calendar knows it.
pub struct CalendarEvent<'a> {
    pub method: CalendarMethod,
    /// The same for every message of a booking.
    pub uid: &'a str,
    /// Counts up with them.
    pub sequence: u32,
    pub made_at: DateTime<Utc>,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// Says with whom, and nothing of what is treated: calendars are shared.
    pub summary: &'a str,
    pub place: Option<&'a str>,
    /// The e-mail address that a message with the file comes from.
    pub organizer: Option<&'a str>,
}

/// The name by which calendars know a booking, whoever tells them of it.
pub fn calendar_uid(portal_id: &str) -> String {
    format!("{portal_id}@tidbok")
}

/// How far a booking's sequence has counted by then: the booking page and the mail both tell calendars
/// of it, and neither knows how often the other did. Seconds since 2020, which are enough for 68 years.
pub fn calendar_sequence(at: DateTime<Utc>) -> u32 {
    let seconds = at.timestamp().saturating_sub(BEGINNING);
    u32::try_from(seconds.clamp(0, i32::MAX.into())).unwrap_or(0)
}

/// 1 January 2020, in seconds since 1970.
const BEGINNING: i64 = 1_577_836_800;

/// The file.
pub fn calendar_file(event: &CalendarEvent<'_>) -> String {
    let time = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    let status = match event.method {
        CalendarMethod::Publish => "CONFIRMED",
        CalendarMethod::Cancel => "CANCELLED",
    };
    let place = event.place.map(|place| format!("LOCATION:{}", escaped(place)));
    let organizer = event.organizer.map(|address| format!("ORGANIZER:mailto:{address}"));
    let begun = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//tidbok//tidbok//SV".to_owned(),
        format!("METHOD:{}", event.method.name()),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", escaped(event.uid)),
        format!("SEQUENCE:{}", event.sequence),
        format!("DTSTAMP:{}", time(event.made_at)),
        format!("DTSTART:{}", time(event.start)),
        format!("DTEND:{}", time(event.end)),
        format!("SUMMARY:{}", escaped(event.summary)),
    ];
    let status = format!("STATUS:{status}");
    let ended = [status, "END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()];
    let lines = begun.into_iter().chain(place).chain(organizer).chain(ended);
    lines.map(|line| folded(&line)).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// The longest line, in bytes.
const LONGEST: usize = 75;

/// A line, folded where it is too long.
fn folded(line: &str) -> String {
    let (mut out, mut room) = (String::with_capacity(line.len() + 8), LONGEST);
    for letter in line.chars() {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            room = LONGEST - 1;
        }
        room -= letter.len_utf8();
        out.push(letter);
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_folded_no_earlier_than_it_must() {
        let line = |length: usize| "x".repeat(length);
        for (length, made) in [
            (75, format!("{}\r\n", line(75))),
            (76, format!("{}\r\n x\r\n", line(75))),
            (149, format!("{}\r\n {}\r\n", line(75), line(74))),
            (150, format!("{}\r\n {}\r\n x\r\n", line(75), line(74))),
        ] {
            assert_eq!(folded(&line(length)), made, "{length}");
        }
    }

    #[test]
    fn lines_are_folded_between_letters_and_texts_end_no_line() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let summary = "Tid hos Åströms; tandvård, \\ AB\r\nATTENDEE:mailto:x@example.se ".repeat(4);
        let made = calendar_file(&CalendarEvent {
            method: CalendarMethod::Cancel,
            uid: "b1@tidbok",
            sequence: 3,
            made_at: at("2026-11-23T11:00:00Z"),
            start: at("2026-11-25T08:30:00Z"),
            end: at("2026-11-25T09:00:00Z"),
            summary: &summary,
            place: Some("Storgatan 1"),
            organizer: Some("bokning@example.se"),
        });
        assert!(made.split("\r\n").all(|line| line.len() <= LONGEST && !line.contains('\n')));
        let unfolded = made.replace("\r\n ", "");
        let lines: Vec<&str> = unfolded.split("\r\n").collect();
        assert!(!lines.iter().any(|line| line.starts_with("ATTENDEE")), "{unfolded}");
        let starts =
            "SUMMARY:Tid hos Åströms\\; tandvård\\, \\\\ AB\\nATTENDEE:mailto:x@example.se ";
        assert!(lines[10].starts_with(starts), "{}", lines[10]);
        assert_eq!(
            (lines[3], lines[5], lines[6], lines[8], lines[13]),
            (
                "METHOD:CANCEL",
                "UID:b1@tidbok",
                "SEQUENCE:3",
                "DTSTART:20261125T083000Z",
                "STATUS:CANCELLED"
            )
        );
    }
}
