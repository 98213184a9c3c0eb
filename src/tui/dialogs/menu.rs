//! A list to choose from by arrows, digit or typing; also what asks before something is done. Pure.

use tui_input::Input;

use crate::clinic::{Command, LogFilter, Preview, SyncRequest};
use crate::domain::{
    Booking, CategoryId, CivilTime, Color, DateRange, Finding, PractitionerId, PreblockTypeId,
    TemplateId, WeekTemplateId,
};
use crate::texts::Topic;
use crate::tui::actions::Action;
use crate::tui::logged::Facet;
use crate::tui::message::RequestId;
use crate::tui::settings::Destination;

use super::Previewed;
use super::matching::{SearchKey, Typed};

/// What is done to a week template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeekDeed {
    /// Show what can be done to it.
    Choose,
    Lay,
    Overwrite,
    Rename,
    AskRemove,
}

/// What choosing an entry does.
#[derive(Clone, PartialEq, Eq)]
pub enum Choice {
    Act(Action),
    LayType(PreblockTypeId),
    Template(TemplateId),
    /// Book without a template: a category is asked for.
    Free,
    Category(CategoryId),
    /// Find the next free times for a template.
    FindFree(TemplateId),
    /// Keep the shown week as a week template.
    SaveWeek,
    Week(WeekDeed, WeekTemplateId),
    Practitioner(PractitionerId),
    /// The bookings of the days on which a practitioner is away.
    Away(PractitionerId, DateRange),
    /// The same on days that are asked for.
    AwayPeriod(PractitionerId),
    /// Go to a time in a practitioner's book.
    Time(PractitionerId, CivilTime),
    Run(Box<Command>),
    /// Ask something of the Online Client's agent.
    AskAgent(SyncRequest),
    Close,
    LeaveProgram,
    /// Tell of a finding of the settings check at length; the list stays below.
    Finding(Box<Finding>),
    /// Ask why the booking, as it was seen, is cancelled.
    Reason(Box<Booking>),
    /// Drop what was filled in in the form below.
    DropForm,
    /// Choose what the log is narrowed to in one respect.
    Facet(Facet),
    /// Narrow the log.
    Narrow(Box<LogFilter>),
    /// Read a page of the handbook; the list stays below.
    Handbook(Topic),
    /// Go to a place in the settings.
    Setting(Box<Destination>),
    /// Save a settings card, though these times come or go with it.
    SaveCard(Box<Preview>),
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
    /// What it is found by.
    pub found_by: SearchKey,
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
        let text = text.into();
        Self {
            choice,
            found_by: SearchKey::new(&text),
            text,
            right: String::new(),
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
    pub fn found_by(self, words: &str) -> Self {
        Self { found_by: self.found_by.and(words), ..self }
    }

    /// Grey with a reason, if there is one.
    pub fn disabled(self, reason: Option<String>) -> Self {
        Self { disabled: reason, ..self }
    }
}

/// In which order the entries that match stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they were given: the order says something.
    AsGiven,
    /// The best match first.
    BestFirst,
}

/// A list to choose from.
pub struct Menu {
    pub title: String,
    /// The booking that it is about, told of above all else, as far as it may be seen (R22): also when
    /// names are hidden while it is open.
    pub booking: Option<Box<Booking>>,
    /// Said above the entries.
    pub notes: Vec<String>,
    /// Said below the notes: a label, and what is somebody's own, which goes with the names (R22).
    pub personal: Vec<(String, String)>,
    /// What choosing one of them would do to bookable times; stands below the notes.
    pub effect: Previewed,
    pub entries: Vec<Entry>,
    pub filter: Input,
    pub order: Order,
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
        let (notes, filter, order) = (Vec::new(), Input::default(), Order::AsGiven);
        let effect = Previewed::Nothing;
        let (booking, personal) = (None, Vec::new());
        Self { title, booking, notes, personal, effect, entries, filter, order, selected, empty }
    }

    /// With the best match first.
    pub fn best_first(self) -> Self {
        Self { order: Order::BestFirst, ..self }
    }

    /// About a booking.
    pub fn about(self, booking: Booking) -> Self {
        Self { booking: Some(Box::new(booking)), ..self }
    }

    /// With what is somebody's own above the entries, each with its label.
    pub fn telling(self, personal: Vec<(String, String)>) -> Self {
        Self { personal, ..self }
    }

    /// With lines above the entries.
    pub fn noting(self, notes: Vec<String>) -> Self {
        Self { notes, ..self }
    }

    /// The entries that match what has been typed.
    pub fn matching(&self) -> Vec<&Entry> {
        let typed = Typed::new(self.filter.value());
        let ranked = self.entries.iter().filter_map(|it| Some((it.found_by.rank(&typed)?, it)));
        let mut found: Vec<_> = ranked.collect();
        if self.order == Order::BestFirst {
            found.sort_by_key(|(rank, _)| *rank);
        }
        found.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Selects anew after typing: the best match, else the first that can be chosen.
    pub fn reselect(&mut self) {
        let first = || self.matching().iter().position(|entry| entry.disabled.is_none());
        self.selected = match self.order {
            Order::BestFirst => 0,
            Order::AsGiven => first().unwrap_or(0),
        };
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

    /// Whether digits choose: while nothing has been typed, and where entries have places of their own.
    pub fn has_digits(&self) -> bool {
        self.order == Order::AsGiven && self.filter.value().is_empty()
    }

    /// The entry that a digit chooses.
    pub fn by_digit(&self, digit: char) -> Option<usize> {
        let at = digit.to_digit(10)?.checked_sub(1)? as usize;
        (self.has_digits() && at < self.entries.len()).then_some(at)
    }
}
