//! A pick list of two panes: what is chosen, in order, and what there is to choose from. Pure.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::Input;

use crate::domain::swedish;
use crate::tui::dialogs::{Edited, edit};

use super::Item;

/// One of the two panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// To the left: in the list, in order.
    Chosen,
    /// To the right: not in the list.
    Available,
}

/// An ordered selection among items.
#[derive(Clone)]
pub struct PickList<V> {
    items: Vec<Item<V>>,
    /// Indices of the chosen items, in order.
    chosen: Vec<usize>,
    pane: Pane,
    /// The cursor in the pane to the left and in the one to the right.
    cursors: (usize, usize),
    search: Input,
}

impl<V: PartialEq> PickList<V> {
    /// With these values chosen, in order; the cursor is where something can be picked.
    pub fn new(items: Vec<Item<V>>, values: &[V]) -> Self {
        let mut list = Self {
            items,
            chosen: Vec::new(),
            pane: Pane::Available,
            cursors: (0, 0),
            search: Input::default(),
        };
        list.choose(values);
        if list.available().is_empty() {
            list.pane = Pane::Chosen;
        }
        list
    }

    /// The chosen ones, in order.
    pub fn chosen(&self) -> impl Iterator<Item = &Item<V>> {
        self.chosen.iter().filter_map(|at| self.items.get(*at))
    }

    /// Those not chosen that match what has been typed.
    pub fn available(&self) -> Vec<&Item<V>> {
        self.open().filter_map(|at| self.items.get(at)).collect()
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        let typed = swedish::loose_key(self.search.value());
        self.items
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.chosen.contains(at))
            .filter(move |(_, item)| swedish::loose_key(&item.text).contains(&typed))
            .map(|(at, _)| at)
    }

    /// The pane that the arrows move in.
    pub fn pane(&self) -> Pane {
        self.pane
    }

    /// The cursor of a pane.
    pub fn cursor(&self, pane: Pane) -> usize {
        match pane {
            Pane::Chosen => self.cursors.0,
            Pane::Available => self.cursors.1,
        }
    }

    /// What has been typed to search.
    pub fn searched(&self) -> &str {
        self.search.value()
    }

    /// The search, to type into.
    pub fn search(&mut self) -> &mut Input {
        (self.pane, self.cursors.1) = (Pane::Available, 0);
        &mut self.search
    }

    /// Chooses exactly these, in this order.
    pub fn choose(&mut self, values: &[V]) {
        let place = |value: &V| self.items.iter().position(|item| item.value == *value);
        self.chosen = values.iter().filter_map(place).collect();
        self.keep_cursors();
    }

    /// Moves the cursor of the pane; whether there was anywhere to go.
    pub fn move_by(&mut self, steps: isize) -> bool {
        let (count, cursor) = match self.pane {
            Pane::Chosen => (self.chosen.len(), &mut self.cursors.0),
            Pane::Available => (self.open().count(), &mut self.cursors.1),
        };
        let next = cursor.checked_add_signed(steps).filter(|at| *at < count);
        *cursor = next.unwrap_or(*cursor);
        next.is_some()
    }

    /// The arrows go; with Shift they move the item along. Space moves it over, `+` and `-` up and
    /// down; letters search.
    pub fn press(&mut self, key: KeyEvent) -> Edited {
        let shift = key.modifiers.contains(KeyModifiers::SHIFT);
        match (key.code, self.pane) {
            (KeyCode::Right, Pane::Chosen) if shift => self.move_over(),
            (KeyCode::Left, Pane::Available) if shift => self.move_over(),
            (KeyCode::Char(' '), _) => self.move_over(),
            (KeyCode::Up, Pane::Chosen) if shift => self.reorder(-1),
            (KeyCode::Down, Pane::Chosen) if shift => self.reorder(1),
            (KeyCode::Char('-'), Pane::Chosen) => self.reorder(1),
            (KeyCode::Char('+'), Pane::Chosen) => self.reorder(-1),
            (KeyCode::Left, _) if !shift => self.go(Pane::Chosen),
            (KeyCode::Right, _) if !shift => self.go(Pane::Available),
            (KeyCode::Left | KeyCode::Right | KeyCode::Up | KeyCode::Down, _) => Edited::No,
            _ => {
                if edit(&mut self.search, key) == Edited::Yes {
                    (self.pane, self.cursors.1) = (Pane::Available, 0);
                }
                Edited::No
            }
        }
    }

    fn go(&mut self, pane: Pane) -> Edited {
        self.pane = pane;
        Edited::No
    }

    /// Moves the item under the cursor into the other pane.
    fn move_over(&mut self) -> Edited {
        let moved = match self.pane {
            Pane::Chosen if self.cursors.0 < self.chosen.len() => {
                self.chosen.remove(self.cursors.0);
                true
            }
            Pane::Chosen => false,
            Pane::Available => {
                let found = self.open().nth(self.cursors.1);
                self.chosen.extend(found);
                found.is_some()
            }
        };
        self.keep_cursors();
        if moved { Edited::Yes } else { Edited::No }
    }

    /// Moves the chosen item under the cursor up or down.
    fn reorder(&mut self, steps: isize) -> Edited {
        let from = self.cursors.0;
        let to = from.checked_add_signed(steps).filter(|to| *to < self.chosen.len());
        match to.filter(|_| from < self.chosen.len()) {
            Some(to) => {
                self.chosen.swap(from, to);
                self.cursors.0 = to;
                Edited::Yes
            }
            None => Edited::No,
        }
    }

    fn keep_cursors(&mut self) {
        self.cursors.0 = self.cursors.0.min(self.chosen.len().saturating_sub(1));
        let open = self.open().count();
        self.cursors.1 = self.cursors.1.min(open.saturating_sub(1));
    }
}
