//! Any of several: a list to tick off, that can be searched. Pure.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::domain::swedish;
use crate::tui::dialogs::{Edited, edit};

use super::Item;

/// A choice of any among items.
#[derive(Clone)]
pub struct ManyOf<V> {
    items: Vec<Item<V>>,
    ticked: Vec<bool>,
    /// Index among those that match the search.
    cursor: usize,
    search: Input,
}

impl<V: PartialEq> ManyOf<V> {
    /// With those ticked that `is_chosen` says.
    pub fn new(items: Vec<Item<V>>, is_chosen: impl Fn(&V) -> bool) -> Self {
        let ticked = items.iter().map(|item| is_chosen(&item.value)).collect();
        Self { items, ticked, cursor: 0, search: Input::default() }
    }

    /// The ticked ones.
    pub fn chosen(&self) -> impl Iterator<Item = &Item<V>> {
        self.items.iter().zip(&self.ticked).filter(|(_, ticked)| **ticked).map(|(item, _)| item)
    }

    /// Ticks exactly these.
    pub fn choose(&mut self, values: &[V]) {
        for (item, ticked) in self.items.iter().zip(&mut self.ticked) {
            *ticked = values.contains(&item.value);
        }
    }

    /// The items that match what has been typed, each with whether it is ticked.
    pub fn matching(&self) -> Vec<(&Item<V>, bool)> {
        self.found().filter_map(|at| Some((self.items.get(at)?, *self.ticked.get(at)?))).collect()
    }

    fn found(&self) -> impl Iterator<Item = usize> + '_ {
        let typed = swedish::loose_key(self.search.value());
        self.items
            .iter()
            .enumerate()
            .filter(move |(_, item)| swedish::loose_key(&item.text).contains(&typed))
            .map(|(at, _)| at)
    }

    /// Index of the cursor among those that match.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// What has been typed to search.
    pub fn searched(&self) -> &str {
        self.search.value()
    }

    /// The search, to type into.
    pub fn search(&mut self) -> &mut Input {
        self.cursor = 0;
        &mut self.search
    }

    /// Moves the cursor; whether there was anywhere to go.
    pub fn move_by(&mut self, steps: isize) -> bool {
        let next = self.cursor.checked_add_signed(steps).filter(|at| *at < self.found().count());
        self.cursor = next.unwrap_or(self.cursor);
        next.is_some()
    }

    /// Space ticks and unticks; letters search.
    pub fn press(&mut self, key: KeyEvent) -> Edited {
        if key.code != KeyCode::Char(' ') {
            if edit(&mut self.search, key) == Edited::Yes {
                self.cursor = 0;
            }
            return Edited::No;
        }
        let at = self.found().nth(self.cursor);
        match at.and_then(|at| self.ticked.get_mut(at)) {
            Some(ticked) => {
                *ticked = !*ticked;
                Edited::Yes
            }
            None => Edited::No,
        }
    }
}
