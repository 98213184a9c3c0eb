//! A masked field: what is typed shows as stars, and is wiped from memory when it is done with. Pure.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::clinic::{Password, wipe};

use super::dialogs::Edited;

/// Characters that a field takes.
const LONGEST: usize = 200;
/// Bytes of the longest character: with room for all of them nothing is ever copied to grow.
const PER_CHARACTER: usize = 4;

/// What has been typed into a masked field; edited at its end only.
pub struct Secret(String);

impl Secret {
    /// An empty field.
    pub fn new() -> Self {
        Self(String::with_capacity(LONGEST * PER_CHARACTER))
    }

    /// Edits it by a key; whether it changed.
    pub fn press(&mut self, key: KeyEvent) -> Edited {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let before = self.len();
        match key.code {
            // AltGr arrives as Ctrl+Alt on some terminals: a letter then, not a command.
            KeyCode::Char(letter) if !control || key.modifiers.contains(KeyModifiers::ALT) => {
                self.push(letter);
            }
            KeyCode::Char('u') => self.clear(),
            KeyCode::Backspace if control => self.clear(),
            KeyCode::Backspace => {
                self.0.pop();
            }
            _ => {}
        }
        if self.len() == before { Edited::No } else { Edited::Yes }
    }

    /// Pastes the first line of a text.
    pub fn paste(&mut self, text: &str) {
        let line = text.split(['\r', '\n']).find(|line| !line.is_empty());
        line.unwrap_or_default().chars().for_each(|letter| self.push(letter));
    }

    fn push(&mut self, letter: char) {
        if !letter.is_control() && self.len() < LONGEST {
            self.0.push(letter);
        }
    }

    fn clear(&mut self) {
        *self = Self::new();
    }

    /// Characters that have been typed.
    pub fn len(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether the same has been typed into both.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// What was typed, to be tried or kept; the field is empty again.
    pub fn take(&mut self) -> Password {
        let Self(typed) = &mut *self;
        let password = Password::new(std::mem::take(typed));
        self.0.reserve(LONGEST * PER_CHARACTER);
        password
    }

    /// As it is shown.
    pub fn stars(&self) -> String {
        "*".repeat(self.len())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(secret: &mut Secret, code: KeyCode, modifiers: KeyModifiers) {
        secret.press(KeyEvent::new(code, modifiers));
    }

    #[test]
    fn a_secret_is_typed_pasted_and_shown_as_stars_only() {
        let mut secret = Secret::new();
        for letter in "Åäö".chars() {
            press(&mut secret, KeyCode::Char(letter), KeyModifiers::NONE);
        }
        press(&mut secret, KeyCode::Char('@'), KeyModifiers::CONTROL | KeyModifiers::ALT);
        press(&mut secret, KeyCode::Char('b'), KeyModifiers::CONTROL);
        secret.paste("\r\nlöp\u{1b}\u{7}\nrad två");
        assert_eq!(secret.stars(), "*******");
        press(&mut secret, KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(secret.take(), Password::new("Åäö@lö".to_owned()));
        assert_eq!(secret.stars(), "");
        press(&mut secret, KeyCode::Char('x'), KeyModifiers::NONE);
        press(&mut secret, KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert_eq!(secret.len(), 0);
    }

    #[test]
    fn a_secret_never_grows_beyond_its_room() {
        let mut secret = Secret::new();
        secret.paste(&"🦷".repeat(LONGEST * 2));
        assert_eq!((secret.len(), secret.0.capacity()), (LONGEST, LONGEST * PER_CHARACTER));
    }
}
