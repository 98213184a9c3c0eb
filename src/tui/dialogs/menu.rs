//! A list to choose from by arrows, digit or typing; also what asks before something is done. Pure.

use tui_input::Input;

use crate::clinic::Command;
use crate::domain::{
    BookingId, CategoryId, CivilTime, Color, Finding, PractitionerId, PreblockTypeId, TemplateId,
    swedish,
};
use crate::tui::actions::Action;
use crate::tui::message::RequestId;

use super::Previewed;

/// What choosing an entry does.
#[derive(Clone, PartialEq, Eq)]
pub enum Choice {
    Act(Action),
    LayType(PreblockTypeId),
    Template(TemplateId),
    /// Book without a template: a category is asked for.
    Free,
    Category(CategoryId),
    Practitioner(PractitionerId),
    /// Go to a time in a practitioner's book.
    Time(PractitionerId, CivilTime),
    Run(Box<Command>),
    Close,
    LeaveProgram,
    /// Tell of a finding of the settings check at length; the list stays below.
    Finding(Box<Finding>),
    /// Ask why the booking is cancelled.
    Reason(BookingId),
    /// Drop what was filled in in the form below.
    DropForm,
    /// Drop what was edited on a settings card.
    DropCard,
    /// Keep what was edited on a settings card on top of what somebody else saved (or removed).
    KeepMine,
}

/// A line of a menu.
#[derive(Clone)]
pub struct Entry {
    pub choice: Choice,
    pub text: String,
    /// Stands to the right: a number of times, a length.
    pub right: String,
    /// Found by these words, too.
    pub words: String,
    /// The colour of a preblock type.
    pub swatch: Option<Color>,
    /// Why it can't be chosen; it stays in its place.
    pub disabled: Option<String>,
    /// The request whose answer will say what choosing it would do.
    pub preview: Option<RequestId>,
}

impl Entry {
    /// An entry that can be chosen.
    pub fn new(choice: Choice, text: impl Into<String>) -> Self {
        Self {
            choice,
            text: text.into(),
            right: String::new(),
            words: String::new(),
            swatch: None,
            disabled: None,
            preview: None,
        }
    }

    /// With a text to the right.
    pub fn right(self, right: impl Into<String>) -> Self {
        Self { right: right.into(), ..self }
    }

    /// Found by more words than its text has.
    pub fn found_by(self, words: String) -> Self {
        Self { words, ..self }
    }

    /// Grey with a reason, if there is one.
    pub fn disabled(self, reason: Option<String>) -> Self {
        Self { disabled: reason, ..self }
    }
}

/// A list to choose from.
pub struct Menu {
    pub title: String,
    /// Said above the entries.
    pub notes: Vec<String>,
    /// What choosing one of them would do to bookable times; stands below the notes.
    pub effect: Previewed,
    pub entries: Vec<Entry>,
    pub filter: Input,
    /// Index among the entries that match.
    pub selected: usize,
    /// Said where there are no entries at all.
    pub empty: &'static str,
}

impl Menu {
    /// A menu with its first entry that can be chosen selected.
    pub fn new(title: impl Into<String>, entries: Vec<Entry>, empty: &'static str) -> Self {
        let selected = entries.iter().position(|entry| entry.disabled.is_none()).unwrap_or(0);
        let title = title.into();
        Self {
            title,
            notes: Vec::new(),
            effect: Previewed::Nothing,
            entries,
            filter: Input::default(),
            selected,
            empty,
        }
    }

    /// With lines above the entries.
    pub fn noting(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }

    /// The entries that match what has been typed: each of its words begins a word of the entry.
    pub fn matching(&self) -> Vec<&Entry> {
        let typed = swedish::search_key(self.filter.value());
        self.entries
            .iter()
            .filter(|entry| {
                let text = swedish::search_key(&format!("{} {}", entry.text, entry.words));
                typed.split_whitespace().all(|part| {
                    text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(part))
                        || text.contains(part) && part.chars().count() > 2
                })
            })
            .collect()
    }

    /// The selected entry.
    pub fn current(&self) -> Option<&Entry> {
        self.matching().get(self.selected).copied()
    }

    /// Moves the selection, stopping at the ends.
    pub fn select_by(&mut self, steps: isize) {
        let last = self.matching().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(steps).min(last);
    }

    /// The entry that a digit chooses; digits choose only while nothing has been typed.
    pub fn by_digit(&self, digit: char) -> Option<usize> {
        let at = digit.to_digit(10)?.checked_sub(1)? as usize;
        (self.filter.value().is_empty() && at < self.entries.len()).then_some(at)
    }
}
