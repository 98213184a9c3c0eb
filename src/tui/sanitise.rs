//! Makes texts from data safe and fitting to draw: no control or direction-changing characters, cut
//! by display width. Pure.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::texts::is_steering;

/// The text without characters that could move the cursor, hide or reorder what stands beside it.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_steering) {
        return Cow::Borrowed(text);
    }
    text.chars()
        .filter_map(|letter| match letter {
            '\t' | '\n' | '\r' => Some(' '),
            letter if is_steering(letter) => None,
            letter => Some(letter),
        })
        .collect::<String>()
        .into()
}

/// Dots in place of a text that is not for everybody's eyes.
pub fn hidden(text: &str) -> String {
    "•".repeat(width(&clean(text)))
}

/// Columns the text takes on screen.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The cleaned text in at most `columns`, ending in `…` where it was cut.
pub fn fit(text: &str, columns: usize) -> String {
    let text = clean(text);
    if width(&text) <= columns {
        return text.into_owned();
    }
    if columns == 0 {
        return String::new();
    }
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += width(grapheme);
        if used > columns - 1 {
            break;
        }
        cut.push_str(grapheme);
    }
    cut.push('…');
    cut
}

/// What of a text stands in `columns` after the first `skipped`.
pub fn window(text: &str, skipped: usize, columns: usize) -> String {
    let mut at = 0;
    let mut shown = String::new();
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if at >= skipped && at + wide <= skipped + columns {
            shown.push_str(grapheme);
        }
        at += wide;
    }
    shown
}

/// Words flowed into lines of at most `columns`; a longer word is cut.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in clean(text).split_whitespace() {
        let word = fit(word, columns);
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&word) <= columns => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// An address over as many lines as it needs, broken where a line ends: nothing of it is cut.
pub fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for letter in clean(text).graphemes(true) {
        let longer = |line: &String| width(line) + width(letter) > columns;
        if lines.last().is_some_and(longer) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(letter);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_taken_out() {
        assert_eq!(clean("a\x1b[2Jb\u{202e}c\nd\u{9b}"), "a[2Jbc d");
        assert_eq!(clean("Åsa Öberg"), "Åsa Öberg");
    }

    #[test]
    fn addresses_are_broken_and_not_cut() {
        let address = "https://å.example/日本";
        for columns in [2, 5, 9, 80] {
            let lines = broken(address, columns);
            assert_eq!(lines.concat(), address);
            assert!(lines.iter().all(|line| width(line) <= columns), "{lines:?}");
        }
    }

    #[test]
    fn names_are_cut_by_display_width() {
        for (text, columns, cut) in [
            ("Karlsson", 8, "Karlsson"),
            ("Karlsson", 5, "Karl…"),
            ("日本語", 4, "日…"),
            ("x", 0, ""),
        ] {
            assert_eq!(fit(text, columns), cut);
            assert!(width(&fit(text, columns)) <= columns);
        }
    }

    #[test]
    fn a_text_too_long_for_its_field_shows_the_stretch_around_the_cursor() {
        assert_eq!(window("Undersökning", 0, 5), "Under");
        assert_eq!(window("Undersökning", 8, 5), "ning");
        assert_eq!(window("日本語", 1, 3), "本", "half a character is not shown");
    }

    #[test]
    fn words_flow_into_lines() {
        assert_eq!(wrap("ett två tre", 7), ["ett två", "tre"]);
    }
}
