//! A booked time as a file that calendars take (RFC 5545). Pure.

use chrono::{DateTime, FixedOffset, Utc};

/// What the file tells.
pub struct Event<'a> {
    /// The booking's own id: saving the same again replaces it.
    pub id: &'a str,
    pub made_at: DateTime<Utc>,
    pub start: DateTime<FixedOffset>,
    pub end: DateTime<FixedOffset>,
    /// Says where, and nothing of what is treated: calendars are shared.
    pub summary: &'a str,
    pub place: Option<&'a str>,
}

/// The longest line, in bytes.
const LONGEST_LINE: usize = 75;

/// The file.
pub fn file(event: &Event<'_>) -> String {
    let at = |time: DateTime<Utc>| time.format("%Y%m%dT%H%M%SZ").to_string();
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//tidbok//booking page//SV".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@tidbok", event.id),
        format!("DTSTAMP:{}", at(event.made_at)),
        format!("DTSTART:{}", at(event.start.to_utc())),
        format!("DTEND:{}", at(event.end.to_utc())),
        format!("SUMMARY:{}", escaped(event.summary)),
    ];
    lines.extend(event.place.map(|place| format!("LOCATION:{}", escaped(place))));
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
    lines.iter().map(|line| folded(line)).collect()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A line broken where it is too long, between letters.
fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LONGEST_LINE {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(letter);
        length += letter.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_its_time_in_utc_and_its_texts_escaped_and_folded() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).expect("an instant");
        let place = "Östra Storgatan 1, 111 22 Ö; ".repeat(3);
        let file = file(&Event {
            id: "0193",
            made_at: at("2026-11-24T12:00:00Z").to_utc(),
            start: at("2026-11-25T09:00:00+01:00"),
            end: at("2026-11-25T09:30:00+01:00"),
            summary: "Tandkliniken, Storgatan\r\nX:1",
            place: Some(&place),
        });
        assert!(file.contains("\r\nDTSTART:20261125T080000Z\r\nDTEND:20261125T083000Z\r\n"));
        assert!(file.contains("\r\nSUMMARY:Tandkliniken\\, Storgatan\\nX:1\r\n"), "{file}");
        assert!(file.split("\r\n").all(|line| line.len() <= LONGEST_LINE), "{file}");
        let unfolded = file.replace("\r\n ", "");
        assert!(unfolded.contains("Östra Storgatan 1\\, 111 22 Ö\\; Östra"), "{unfolded}");
    }
}
