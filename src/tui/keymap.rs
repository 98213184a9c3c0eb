//! Which key does what where: data made from the action registry. Pure.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::actions::{Action, Context, REGISTRY};

/// A key with its modifiers, normalised: letters carry no Shift, Shift+Tab is a Tab with Shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    pub code: KeyCode,
    pub modifiers: KeyModifiers,
}

impl Chord {
    /// The chord of a key event.
    pub fn of(key: KeyEvent) -> Self {
        let known = KeyModifiers::CONTROL | KeyModifiers::SHIFT | KeyModifiers::ALT;
        let modifiers = key.modifiers & known;
        match key.code {
            KeyCode::Char(letter) if modifiers.contains(KeyModifiers::CONTROL) => {
                Self { code: KeyCode::Char(letter.to_ascii_lowercase()), modifiers }
            }
            KeyCode::Char(_) => Self { code: key.code, modifiers: modifiers - KeyModifiers::SHIFT },
            KeyCode::BackTab => {
                Self { code: KeyCode::Tab, modifiers: modifiers | KeyModifiers::SHIFT }
            }
            code => Self { code, modifiers },
        }
    }

    /// Reads a key as the registry writes it: `p`, `Ctrl+Y`, `Shift+Up`, `PgDn`, `F2`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        for (prefix, modifier) in [
            ("Ctrl+", KeyModifiers::CONTROL),
            ("Shift+", KeyModifiers::SHIFT),
            ("Alt+", KeyModifiers::ALT),
        ] {
            if let Some(after) = rest.strip_prefix(prefix) {
                modifiers |= modifier;
                rest = after;
            }
        }
        let mut letters = rest.chars();
        let code = match (letters.next(), letters.next()) {
            (Some(letter), None) if modifiers.contains(KeyModifiers::CONTROL) => {
                KeyCode::Char(letter.to_ascii_lowercase())
            }
            (Some(letter), None) => KeyCode::Char(letter),
            _ => named(rest)?,
        };
        Some(Self { code, modifiers })
    }
}

const NAMES: &[(&str, KeyCode)] = &[
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Del", KeyCode::Delete),
    ("F1", KeyCode::F(1)),
    ("F2", KeyCode::F(2)),
    ("F3", KeyCode::F(3)),
    ("F4", KeyCode::F(4)),
    ("F5", KeyCode::F(5)),
    ("F6", KeyCode::F(6)),
    ("F7", KeyCode::F(7)),
    ("F8", KeyCode::F(8)),
    ("F9", KeyCode::F(9)),
    ("F10", KeyCode::F(10)),
    ("F11", KeyCode::F(11)),
    ("F12", KeyCode::F(12)),
];

fn named(name: &str) -> Option<KeyCode> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marks = [
            (KeyModifiers::CONTROL, "Ctrl+"),
            (KeyModifiers::SHIFT, "Shift+"),
            (KeyModifiers::ALT, "Alt+"),
        ];
        for (modifier, mark) in marks {
            if self.modifiers.contains(modifier) {
                f.write_str(mark)?;
            }
        }
        match self.code {
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::Char(letter) if self.modifiers.contains(KeyModifiers::CONTROL) => {
                write!(f, "{}", letter.to_ascii_uppercase())
            }
            KeyCode::Char(letter) => write!(f, "{letter}"),
            code => {
                let name = NAMES.iter().find(|(_, known)| *known == code);
                f.write_str(name.map_or("?", |(name, _)| name))
            }
        }
    }
}

/// Keys in order of the registry.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(Context, Chord, Action)>,
}

impl Default for Keymap {
    /// The registry's default keys.
    fn default() -> Self {
        let bindings = REGISTRY
            .iter()
            .flat_map(|entry| {
                entry.contexts.iter().flat_map(move |context| {
                    let chords = entry.keys.iter().filter_map(|key| Chord::parse(key));
                    chords.map(move |chord| (*context, chord, entry.action))
                })
            })
            .collect();
        Self { bindings }
    }
}

impl Keymap {
    /// What the key does in the context.
    pub fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        self.bindings
            .iter()
            .find(|(at, key, _)| *at == context && *key == chord)
            .map(|(_, _, action)| *action)
    }

    /// The keys of an action in a context.
    pub fn keys(&self, context: Context, action: Action) -> impl Iterator<Item = Chord> + '_ {
        self.bindings
            .iter()
            .filter(move |(at, _, bound)| *at == context && *bound == action)
            .map(|(_, chord, _)| *chord)
    }

    /// Every binding, for the tests.
    pub fn bindings(&self) -> &[(Context, Chord, Action)] {
        &self.bindings
    }
}
