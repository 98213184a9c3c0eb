//! Which key does what where: data made from the action registry. Pure.

use std::collections::BTreeMap;
use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use thiserror::Error;

use super::actions::{Action, Context, Entry, REGISTRY};

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
            (Some(letter), None) if modifiers.contains(KeyModifiers::SHIFT) => {
                KeyCode::Char(capital(letter))
            }
            (Some(letter), None) => KeyCode::Char(letter),
            _ => named(rest)?,
        };
        Some(Self::of(KeyEvent::new(code, modifiers)))
    }
}

/// The letter that Shift makes of one; itself where it makes none, or several.
fn capital(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => letter,
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
    ("Ins", KeyCode::Insert),
    ("Backspace", KeyCode::Backspace),
    ("Space", KeyCode::Char(' ')),
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
            KeyCode::Char(' ') => f.write_str("Space"),
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
        let bindings = REGISTRY.iter().flat_map(|entry| {
            entry.contexts.iter().flat_map(move |context| {
                let chords = entry.keys.iter().filter_map(|key| Chord::parse(key));
                chords.map(move |chord| (*context, chord, entry.action))
            })
        });
        Self { bindings: bindings.collect() }
    }
}

/// Why keys of one's own can't be used. Actions are named by their ids.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadKeys {
    #[error("[keys] {id}: there is no such action; the nearest is {nearest}")]
    UnknownAction { id: String, nearest: &'static str },
    #[error("[keys] {id}: {key} is not a key; write one as in p, P, Ctrl+Y, Shift+Up, PgDn, F2")]
    NotAKey { id: &'static str, key: String },
    #[error("[keys] {id}: an action keeps at least one key")]
    NoKey { id: &'static str },
    #[error("[keys] {id}: {key} is typed into fields there; use one with Ctrl, or a named key")]
    Typed { id: &'static str, key: Chord },
    #[error("[keys] {id}: {key} is already the key of {other}; give that another")]
    Taken { id: &'static str, key: Chord, other: &'static str },
}

impl BadKeys {
    /// The action whose keys are wrong, as it was written.
    pub fn id(&self) -> &str {
        match self {
            Self::UnknownAction { id, .. } => id,
            Self::NotAKey { id, .. }
            | Self::NoKey { id }
            | Self::Typed { id, .. }
            | Self::Taken { id, .. } => id,
        }
    }
}

/// Contexts in which a letter is typed.
const TYPED_INTO: [Context; 4] = [Context::Menu, Context::Prompt, Context::Form, Context::Card];

impl Keymap {
    /// The registry's keys with a user's own in their place, by action id.
    ///
    /// # Errors
    /// [`BadKeys`]: for an unknown action or key, and where a key would do two things in a context.
    pub fn with<'a>(
        own: impl IntoIterator<Item = (&'a str, &'a [String])>,
    ) -> Result<Self, BadKeys> {
        let mut chosen: BTreeMap<&'static str, Vec<Chord>> = BTreeMap::new();
        for (id, keys) in own {
            let entry = registered(id)?;
            chosen.insert(entry.id, chords(entry, keys)?);
        }
        let mut bindings = Vec::new();
        for entry in REGISTRY {
            let defaults = || entry.keys.iter().filter_map(|key| Chord::parse(key)).collect();
            let chords = chosen.get(entry.id).cloned().unwrap_or_else(defaults);
            for context in entry.contexts {
                bindings.extend(chords.iter().map(|chord| (*context, *chord, entry)));
            }
        }
        refuse_taken(&bindings, &chosen)?;
        let bindings = bindings.into_iter();
        let bindings = bindings.map(|(context, chord, entry)| (context, chord, entry.action));
        Ok(Self { bindings: bindings.collect() })
    }

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

    /// The first key of the action with this id, as it is told of; empty where there is no such action.
    pub fn key_named(&self, id: &str) -> String {
        let entry = REGISTRY.iter().find(|entry| entry.id == id);
        let key = entry.and_then(|entry| {
            entry.contexts.iter().find_map(|context| self.keys(*context, entry.action).next())
        });
        key.map(|key| key.to_string()).unwrap_or_default()
    }

    /// Every binding, for the tests.
    pub fn bindings(&self) -> &[(Context, Chord, Action)] {
        &self.bindings
    }
}

fn registered(id: &str) -> Result<&'static Entry, BadKeys> {
    if let Some(entry) = REGISTRY.iter().find(|entry| entry.id == id) {
        return Ok(entry);
    }
    let nearest = REGISTRY.iter().min_by_key(|entry| distance(entry.id, id));
    let nearest = nearest.map_or("", |entry| entry.id);
    Err(BadKeys::UnknownAction { id: id.to_owned(), nearest })
}

fn chords(entry: &'static Entry, keys: &[String]) -> Result<Vec<Chord>, BadKeys> {
    if keys.is_empty() {
        return Err(BadKeys::NoKey { id: entry.id });
    }
    let typed_into = entry.contexts.iter().any(|context| TYPED_INTO.contains(context));
    let read = |key: &String| {
        let chord =
            Chord::parse(key).ok_or_else(|| BadKeys::NotAKey { id: entry.id, key: key.clone() })?;
        let is_letter = matches!(chord.code, KeyCode::Char(_)) && chord.modifiers.is_empty();
        match typed_into && is_letter {
            true => Err(BadKeys::Typed { id: entry.id, key: chord }),
            false => Ok(chord),
        }
    };
    keys.iter().map(read).collect()
}

/// Tells of a key that two actions of a context have, at the action whose keys were chosen.
fn refuse_taken(
    bindings: &[(Context, Chord, &'static Entry)],
    chosen: &BTreeMap<&'static str, Vec<Chord>>,
) -> Result<(), BadKeys> {
    for (at, (context, chord, entry)) in bindings.iter().enumerate() {
        let before = bindings.iter().take(at).find(|(other_context, other_chord, other)| {
            other_context == context && other_chord == chord && other.action != entry.action
        });
        let Some((_, key, other)) = before else { continue };
        let (own, other) = match chosen.contains_key(entry.id) {
            true => (entry, other),
            false => (other, entry),
        };
        return Err(BadKeys::Taken { id: own.id, key: *key, other: other.id });
    }
    Ok(())
}

/// How many letters must be put in, taken out or exchanged to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut next = vec![at + 1];
        for (column, (against, pair)) in other.iter().zip(row.windows(2)).enumerate() {
            let [diagonal, above] = *pair else { continue };
            let exchanged = diagonal + usize::from(letter != *against);
            let left = next.get(column).copied().unwrap_or(usize::MAX - 1);
            next.push(exchanged.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
