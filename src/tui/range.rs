//! Reads a stretch of a day as typed: `1015-1145`, `10:15-11:45`, `10-12`. Pure.

use crate::domain::{MINUTES_PER_DAY, Minutes};

/// From and to as minutes of the day, `from < to <= 24:00`; `None` for anything else.
pub fn parse_range(text: &str) -> Option<(Minutes, Minutes)> {
    let (from, to) = text.trim().split_once(['-', '–'])?;
    let (from, to) = (parse_clock(from)?, parse_clock(to)?);
    (from < to).then_some((from, to))
}

/// `10`, `945`, `1015`, `10:15`, `10.15`, `kl 10`; up to `24:00`.
pub fn parse_clock(text: &str) -> Option<Minutes> {
    let text = text.trim().to_lowercase();
    let spoken = ["klockan", "kl.", "kl"].iter().find_map(|word| text.strip_prefix(word));
    let text = spoken.unwrap_or(&text).trim_start();
    let (hour, minute) = match text.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        Some(_) => return None,
        None if text.len() <= 2 => (text, "0"),
        None => text.split_at_checked(text.len() - 2)?,
    };
    let number = |digits: &str| -> Option<i32> {
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= MINUTES_PER_DAY).then_some(Minutes(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_in_all_the_ways_people_write_them() {
        let table = [
            ("1015-1145", Some((615, 705))),
            ("10:15-11:45", Some((615, 705))),
            ("10.15 – 11.45", Some((615, 705))),
            ("10-12", Some((600, 720))),
            ("945-10", Some((585, 600))),
            ("22-24", Some((1320, 1440))),
            ("kl 9-10", Some((540, 600))),
            ("Kl. 9.30 – kl. 10", Some((570, 600))),
            ("klockan 9-10:15", Some((540, 615))),
            ("kl-10", None),
            ("klo 9-10", None),
            ("12-10", None),
            ("10-10", None),
            ("10-25", None),
            ("1060-12", None),
            ("10", None),
            ("å0-12", None),
            ("10:1-12", None),
            ("", None),
            ("-", None),
        ];
        for (text, minutes) in table {
            let expected = minutes.map(|(from, to)| (Minutes(from), Minutes(to)));
            assert_eq!(parse_range(text), expected, "{text}");
        }
    }
}
