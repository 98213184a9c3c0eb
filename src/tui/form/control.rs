//! What a field is filled in with, and what it then holds. Pure.

use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::domain::Color;
use crate::tui::dialogs::{Edited, ShortInput, edit_up_to, paste_up_to};

use super::{ManyOf, OneOf, PickList};

/// Most characters that a field takes: more than any value may have, so that a text that is too long
/// is told of and not cut in silence.
const MOST_TYPED: usize = 2_000;

/// Something that can be chosen.
#[derive(Clone)]
pub struct Item<V> {
    pub value: V,
    pub text: String,
    /// Stands above it, where a group begins.
    pub heading: Option<&'static str>,
    /// Its colour, where it has one.
    pub swatch: Option<Color>,
}

impl<V> Item<V> {
    /// Something to choose by its name.
    pub fn new(value: V, text: impl Into<String>) -> Self {
        Self { value, text: text.into(), heading: None, swatch: None }
    }
}

/// How a field is filled in.
#[derive(Clone)]
pub enum Control<V> {
    Text(Input),
    Date(ShortInput),
    Number {
        input: ShortInput,
        unit: &'static str,
    },
    YesNo(bool),
    One(OneOf<V>),
    Many(ManyOf<V>),
    /// A pick list of two panes.
    Picks(PickList<V>),
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<V> {
    Text(String),
    YesNo(bool),
    One(Option<V>),
    /// In the order chosen, or that of the items.
    Many(Vec<V>),
}

impl<V: Clone + PartialEq> Control<V> {
    /// A text with this in it.
    pub fn text(value: impl Into<String>) -> Self {
        Control::Text(Input::new(value.into()))
    }

    /// A date; empty where there is none.
    pub fn date(value: Option<NaiveDate>) -> Self {
        Control::Date(ShortInput::new(value.map_or_else(String::new, |date| date.to_string())))
    }

    /// A number; empty where there is none.
    pub fn number(value: Option<impl ToString>, unit: &'static str) -> Self {
        let text = value.map_or_else(String::new, |value| value.to_string());
        Control::Number { input: ShortInput::new(text), unit }
    }

    /// What it holds.
    pub fn answer(&self) -> Answer<V> {
        match self {
            Control::Text(input) => Answer::Text(input.value().to_owned()),
            Control::Date(input) | Control::Number { input, .. } => {
                Answer::Text(input.value().to_owned())
            }
            Control::YesNo(yes) => Answer::YesNo(*yes),
            Control::One(one) => Answer::One(one.chosen().map(|item| item.value.clone())),
            Control::Many(many) => {
                Answer::Many(many.chosen().map(|item| item.value.clone()).collect())
            }
            Control::Picks(picks) => {
                Answer::Many(picks.chosen().map(|item| item.value.clone()).collect())
            }
        }
    }

    /// Holds another field's answer from now on, as far as it can be chosen here.
    pub fn take(&mut self, answer: &Answer<V>) {
        match (self, answer) {
            (Control::Text(input), Answer::Text(text)) => *input = Input::new(text.clone()),
            (Control::Date(input) | Control::Number { input, .. }, Answer::Text(text)) => {
                *input = ShortInput::new(text.clone());
            }
            (Control::YesNo(own), Answer::YesNo(yes)) => *own = *yes,
            (Control::One(one), Answer::One(Some(value))) => one.choose(value),
            (Control::Many(many), Answer::Many(values)) => many.choose(values),
            (Control::Picks(picks), Answer::Many(values)) => picks.choose(values),
            _ => {}
        }
    }

    /// Offers from now on what another field of its kind offers; what has been typed, and where its
    /// cursor is, stays.
    pub fn offer_as(&mut self, other: Self) {
        if let (Control::One(own), Control::One(offered)) = (self, other) {
            own.offer(offered);
        }
    }

    /// Moves within it by an arrow key; whether there was anywhere to go.
    pub fn move_by(&mut self, steps: isize) -> bool {
        match self {
            Control::Many(many) => many.move_by(steps),
            Control::Picks(picks) => picks.move_by(steps),
            _ => false,
        }
    }

    /// The focus has left it.
    pub fn rest(&mut self) {
        if let Control::Date(input) | Control::Number { input, .. } = self {
            input.rest();
        }
    }

    /// Edits it by a key.
    pub fn press(&mut self, key: KeyEvent) -> Edited {
        match self {
            Control::Text(input) => edit_up_to(MOST_TYPED, input, key),
            Control::Date(input) | Control::Number { input, .. } => input.press(key),
            Control::YesNo(yes) => switch(yes, key),
            Control::One(one) => one.press(key),
            Control::Many(many) => many.press(key),
            Control::Picks(picks) => picks.press(key),
        }
    }

    /// Pastes a text into it, where it takes one.
    pub fn paste(&mut self, text: &str) -> Edited {
        let input = match self {
            Control::Text(input) => input,
            Control::Date(input) | Control::Number { input, .. } => {
                input.paste(text);
                return Edited::Yes;
            }
            Control::Many(many) => many.search(),
            Control::Picks(picks) => picks.search(),
            Control::YesNo(_) | Control::One(_) => return Edited::No,
        };
        paste_up_to(MOST_TYPED, input, text);
        Edited::Yes
    }
}

/// Space and the arrows switch; `j` and `n` answer, and `y` in English.
fn switch(yes: &mut bool, key: KeyEvent) -> Edited {
    let before = *yes;
    match key.code {
        KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right => *yes = !*yes,
        KeyCode::Char('j' | 'J' | 'y' | 'Y') => *yes = true,
        KeyCode::Char('n' | 'N') => *yes = false,
        _ => {}
    }
    if *yes == before { Edited::No } else { Edited::Yes }
}
