//! One of several. Pure.

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::swedish;
use crate::tui::dialogs::Edited;

use super::Item;

/// A choice of one among items.
#[derive(Clone)]
pub struct OneOf<V> {
    items: Vec<Item<V>>,
    chosen: Option<usize>,
}

impl<V: PartialEq> OneOf<V> {
    /// With the item of this value chosen, if it is there.
    pub fn new(items: Vec<Item<V>>, value: Option<&V>) -> Self {
        let chosen = value.and_then(|value| items.iter().position(|item| item.value == *value));
        Self { items, chosen }
    }

    /// All of them.
    pub fn items(&self) -> &[Item<V>] {
        &self.items
    }

    /// The chosen one.
    pub fn chosen(&self) -> Option<&Item<V>> {
        self.items.get(self.chosen?)
    }

    /// Index of the chosen one.
    pub fn at(&self) -> Option<usize> {
        self.chosen
    }

    /// Chooses a value; one that is not there changes nothing.
    pub fn choose(&mut self, value: &V) {
        let found = self.items.iter().position(|item| item.value == *value);
        self.chosen = found.or(self.chosen);
    }

    /// Chooses among other items from now on; what is chosen stays, as far as it is among them.
    pub fn offer(&mut self, mut offered: Self) {
        if let Some(held) = self.chosen() {
            offered.choose(&held.value);
        }
        *self = offered;
    }

    /// The arrows and space go through the items; a letter goes to the next that begins with it.
    pub fn press(&mut self, key: KeyEvent) -> Edited {
        let before = self.chosen;
        match key.code {
            KeyCode::Right | KeyCode::Char(' ') => self.turn(1),
            KeyCode::Left => self.turn(-1),
            KeyCode::Home => self.chosen = (!self.items.is_empty()).then_some(0),
            KeyCode::End => self.chosen = self.items.len().checked_sub(1),
            KeyCode::Char(letter) => self.find(letter),
            _ => {}
        }
        if self.chosen == before { Edited::No } else { Edited::Yes }
    }

    fn turn(&mut self, steps: isize) {
        let count = isize::try_from(self.items.len()).unwrap_or(0);
        if count == 0 {
            return;
        }
        let next = match self.chosen.and_then(|at| isize::try_from(at).ok()) {
            Some(at) => (at + steps).rem_euclid(count),
            None if steps > 0 => 0,
            None => count - 1,
        };
        self.chosen = usize::try_from(next).ok();
    }

    fn find(&mut self, letter: char) {
        let wanted = swedish::loose_key(&letter.to_string());
        let after = self.chosen.map_or(0, |at| at + 1);
        let count = self.items.len();
        let begins = |at: &usize| {
            let item = self.items.get(*at);
            item.is_some_and(|item| swedish::loose_key(&item.text).starts_with(&wanted))
        };
        self.chosen = (after..count).chain(0..after.min(count)).find(begins).or(self.chosen);
    }
}
