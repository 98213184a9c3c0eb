//! Whatever is pressed, at whatever size and however late answers come: no panic, no rubbish.

use proptest::prelude::*;
use tidbok::tui::actions::REGISTRY;
use tidbok::tui::{Message, Palette, Symbols};

use crate::fixture::{Console, Start, time};

/// What is typed besides the keys of the actions.
const TYPED: [&str; 12] =
    ["Space", "Backspace", "Ctrl+U", "1", "2", "3", "4", "5", "9", "0", "j", "ö"];

/// Every key of every action, and some that type.
fn keys() -> Vec<&'static str> {
    REGISTRY.iter().flat_map(|entry| entry.keys).copied().chain(TYPED).collect()
}

#[derive(Clone, Debug)]
enum Step {
    Key(&'static str),
    Answer,
    Resize(u16, u16),
    Minute(u8),
    Paste(String),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => prop::sample::select(keys()).prop_map(Step::Key),
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
                Step::Key(key) => console.press(key),
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
