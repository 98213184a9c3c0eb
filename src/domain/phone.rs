//! Telephone numbers as patients write them (R14). Pure.

/// The digits of a number that somebody can be rung on; a country's code comes on top where it is
/// dialled with `00` (E.164).
const SHORTEST: usize = 7;
const LONGEST: usize = 15;

/// The digits of a number, without what is dialled before a country's code.
struct Number {
    digits: String,
    begins_with: Begins,
}

/// What a number begins with.
#[derive(PartialEq, Eq)]
enum Begins {
    /// A country's code, after `+` or `00`.
    Country,
    Anything,
}

impl Number {
    /// The number among whatever else was written.
    fn of(text: &str) -> Self {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let plus = text.trim_start().starts_with('+');
        let abroad = if plus { Some(digits.as_str()) } else { digits.strip_prefix("00") };
        match abroad {
            Some(digits) => Self { digits: digits.to_owned(), begins_with: Begins::Country },
            None => Self { digits, begins_with: Begins::Anything },
        }
    }
}

/// Whether somebody can be rung on it: digits and what stands between them, a `+` before them only, as
/// many as a number has. Mobile or not is left to whoever gives it: a clinic rings on what it is given.
pub(super) fn is_phone_number(text: &str) -> bool {
    let written = text.strip_prefix('+').unwrap_or(text);
    let known = |letter: char| letter.is_ascii_digit() || " -()/".contains(letter);
    let Number { digits, begins_with } = Number::of(text);
    // No country's code begins with 0; one digit over and over is nobody's number.
    let country = begins_with != Begins::Country || !digits.starts_with('0');
    let varied = digits.chars().any(|digit| !digits.starts_with(digit));
    written.chars().all(known) && (SHORTEST..=LONGEST).contains(&digits.len()) && country && varied
}

/// The digits of what is a telephone number, or begins one, as they are dialled from Sweden; `None` where it
/// is something else.
pub fn dialled_number(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| is_phone_number(text)).map(dialled)
}

/// A number's digits as they are dialled from Sweden, so that `+46 70…`, `0046 70…` and `070-…` are the
/// same.
pub(super) fn dialled(text: &str) -> String {
    let Number { digits, begins_with } = Number::of(text);
    match (begins_with, digits.strip_prefix("46")) {
        (Begins::Anything, _) => digits,
        (Begins::Country, Some(rest)) => format!("0{}", rest.trim_start_matches('0')),
        (Begins::Country, None) => format!("00{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r14_a_number_is_one_that_can_be_rung() {
        for good in [
            "070-174 06 05",
            "0701740605",
            "+46 70 174 06 05",
            "+46 (0)70-174 06 05",
            "0046701740605",
            "08-12 34 56",
            "08/465 004 20",
            "+358 40 123 4567",
        ] {
            assert!(is_phone_number(good), "{good}");
        }
        for bad in [
            "",
            "ring mig",
            "000000000",
            "1111111111",
            "+46+701740605",
            "070+1740605",
            "12345",
            "070174060512345678",
            "0701740605 eller kvällstid",
            "+0701740605",
            "00000701740605",
            "++46701740605",
            "070-\u{661}\u{662}\u{663}\u{664}",
        ] {
            assert!(!is_phone_number(bad), "{bad}");
        }
    }

    #[test]
    fn a_number_is_the_same_however_it_is_dialled() {
        for (one, other) in [
            ("070-174 06 05", "+46 70 174 06 05"),
            ("070-174 06 05", "0046 (0)70 174 06 05"),
            ("+358 40 123 4567", "00358 40 123 4567"),
        ] {
            assert_eq!(dialled(one), dialled(other));
        }
        for other in ["46701740605", "+47701740605", "070-174 06 06"] {
            assert_ne!(dialled("070-174 06 05"), dialled(other));
        }
    }
}
