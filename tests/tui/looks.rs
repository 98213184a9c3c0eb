//! Every view in every size, in colour, without colour and without drawing characters, held as it is.

use std::fmt::Write as _;

use insta::assert_snapshot;
use ratatui::style::Style;
use tidbok::tui::{Palette, Symbols};

use crate::fixture::{Console, Start};

/// Each view with the keys that lead to it from the week.
const VIEWS: [(&str, &str); 26] = [
    ("the week", ""),
    ("a marking", "v Down Down Right"),
    ("the preblock menu", "p"),
    ("the booking menu", "b"),
    ("the booking form", "b 1"),
    ("why", "w"),
    ("patients see", "e"),
    ("go to", "g"),
    ("help", "?"),
    ("the palette", ":"),
    ("the finder", "/"),
    ("the inbox", "N"),
    ("the log", "H"),
    ("the settings check", "K"),
    ("the settings", "I"),
    ("a card", "I Enter Enter"),
    ("the day", "d"),
    ("whom to call", "D 1"),
    ("the day list", "L"),
    ("a patient's card", "Left Home o"),
    ("moving a booking", "Left Home m"),
    ("repeating a week", "r"),
    ("week templates", "M"),
    ("the schedule", "A"),
    ("the handbook", "B"),
    ("a page of the handbook", "B 5"),
];

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn opened(keys: &str, start: Start) -> Console {
    let mut console = Console::open(start);
    for key in keys.split_whitespace() {
        console.press(key).answer();
    }
    console
}

/// The screen without the space to the right of its lines.
fn text(console: &Console) -> String {
    let screen = console.screen();
    let lines = screen.lines().map(|line| line.trim_matches('"').trim_end());
    lines.collect::<Vec<_>>().join("\n")
}

/// A letter for each cell's style, and what the letters mean.
fn styles(console: &Console) -> String {
    let buffer = console.buffer();
    let mut known: Vec<Style> = Vec::new();
    let mut told = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width)) {
        for cell in row {
            let style = cell.style();
            let at = known.iter().position(|it| *it == style).unwrap_or_else(|| {
                known.push(style);
                known.len() - 1
            });
            told.push(char::from(b'!' + u8::try_from(at).expect("fewer styles than letters")));
        }
        told.push('\n');
    }
    for (at, style) in known.iter().enumerate() {
        let letter = char::from(b'!' + u8::try_from(at).expect("fewer styles than letters"));
        writeln!(told, "{letter} {:?} on {:?} {:?}", style.fg, style.bg, style.add_modifier)
            .expect("a text");
    }
    told
}

#[test]
fn every_view_at_every_size() {
    for (name, keys) in VIEWS {
        for size in SIZES {
            let console = opened(keys, Start { size, ..Start::default() });
            assert_snapshot!(format!("{name} at {} by {}", size.0, size.1), text(&console));
        }
    }
}

#[test]
fn every_view_without_drawing_characters() {
    for (name, keys) in VIEWS {
        let console = opened(keys, Start { symbols: Symbols::Ascii, ..Start::default() });
        let text = text(&console);
        let strange =
            text.chars().find(|letter| !letter.is_ascii() && !"åäöÅÄÖé".contains(*letter));
        assert_eq!(strange, None, "{name}:\n{text}");
        assert_snapshot!(format!("{name} in ascii"), text);
    }
}

#[test]
fn every_view_in_colour_and_without() {
    for (name, keys) in VIEWS {
        for (palette, looks) in [(Palette::TrueColor, "in colour"), (Palette::Mono, "in mono")] {
            let console = opened(keys, Start { palette, ..Start::default() });
            assert_snapshot!(format!("{name} {looks}"), styles(&console));
        }
    }
}
