//! Whatever is pressed, at whatever size and however late answers come: no panic, no rubbish.

use proptest::prelude::*;
use tidbok::tui::{Message, Palette, Symbols};

use crate::fixture::{Console, Start, time};

const KEYS: &[&str] = &[
    "Up",
    "Down",
    "Left",
    "Right",
    "Shift+Up",
    "Shift+Down",
    "Shift+Left",
    "Shift+Right",
    "PgUp",
    "PgDn",
    "Home",
    "End",
    "Enter",
    "Esc",
    "Tab",
    "Shift+Tab",
    "Del",
    "F1",
    "F2",
    "F5",
    "F7",
    "Shift+F7",
    "Ctrl+L",
    "Ctrl+Y",
    "Ctrl+U",
    "p",
    "b",
    "v",
    "w",
    "u",
    "U",
    "g",
    "?",
    "a",
    "t",
    "s",
    "S",
    "r",
    "R",
    "e",
    "f",
    "i",
    "l",
    "d",
    "D",
    "L",
    "+",
    "-",
    "1",
    "2",
    "3",
    "4",
    "5",
    "9",
    "0",
    "ö",
    ":",
    "/",
];

#[derive(Clone, Debug)]
enum Step {
    Key(usize),
    Answer,
    Resize(u16, u16),
    Minute(u8),
    Paste(String),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..KEYS.len()).prop_map(Step::Key),
        3 => Just(Step::Answer),
        1 => (1..160u16, 1..60u16).prop_map(|(width, height)| Step::Resize(width, height)),
        1 => (0..60u8).prop_map(Step::Minute),
        1 => "\\PC{0,8}|[\\x00-\\x20]{0,3}".prop_map(Step::Paste),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn keys_answers_and_sizes_in_any_order_never_panic(
        steps in prop::collection::vec(step(), 1..40),
        ascii in any::<bool>(),
    ) {
        let symbols = if ascii { Symbols::Ascii } else { Symbols::Unicode };
        let mut console =
            Console::open(Start { symbols, palette: Palette::Mono, ..Start::default() });
        for step in steps {
            match step {
                Step::Key(key) => console.press(KEYS[key]),
                Step::Answer => console.answer(),
                Step::Resize(width, height) => {
                    console.size = (width, height);
                    console.send(Message::Resize { width, height })
                }
                Step::Minute(minute) => {
                    console.send(Message::Minute(time(&format!("2026-11-25T11:{minute:02}"))))
                }
                Step::Paste(text) => console.send(Message::Paste(text)),
            };
            let screen = console.screen();
            prop_assert!(!screen.chars().any(|letter| letter.is_control() && letter != '\n'));
        }
    }
}
