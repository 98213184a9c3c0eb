//! A field for a date, a time or a number. Pure.

use crossterm::event::KeyEvent;
use tui_input::Input;

use super::{Edited, edit, letter, paste};

/// A short value: who types in a field that has just got the focus means another one, and who moves
/// within it first means to change the one there is.
#[derive(Clone)]
pub struct ShortInput {
    input: Input,
    typing: Typing,
}

/// What a letter does to the value that stands there.
#[derive(Clone, Copy)]
enum Typing {
    Replaces,
    Adds,
}

impl ShortInput {
    /// With this in it.
    pub fn new(value: impl Into<String>) -> Self {
        Self { input: Input::new(value.into()), typing: Typing::Replaces }
    }

    /// What stands in it.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// The text with its cursor, to be drawn.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// Whether it is being typed into: what a sign means there, it means as text.
    pub fn is_being_typed(&self) -> bool {
        matches!(self.typing, Typing::Adds)
    }

    /// The focus has left it.
    pub fn rest(&mut self) {
        self.typing = Typing::Replaces;
    }

    /// Edits it by a key; whether its text changed.
    pub fn press(&mut self, key: KeyEvent) -> Edited {
        if letter(key).is_some() {
            self.make_room();
        }
        self.typing = Typing::Adds;
        edit(&mut self.input, key)
    }

    /// Pastes a text into it.
    pub fn paste(&mut self, text: &str) {
        self.make_room();
        paste(&mut self.input, text);
    }

    fn make_room(&mut self) {
        if matches!(self.typing, Typing::Replaces) {
            self.input.reset();
        }
        self.typing = Typing::Adds;
    }
}
