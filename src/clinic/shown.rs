//! What a screen said that a command does, held against what it would do by now: somebody may have changed
//! the book or the settings while a dialog stood open. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{Command, Preview, Refusal};
use crate::domain::{Change, ChangeKind, Interval, PractitionerId, Slot};

/// A command, with what its user was told of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownCommand {
    pub(super) command: Command,
    pub(super) shown: Shown,
}

/// What a user was told that a command does in the books. Less may be done of it, but nothing else.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// How many of each there were.
    touched: BTreeMap<Touch, usize>,
    /// Bookable times that disappear from the changed books; with a change of the settings, from any.
    lost: BTreeSet<Slot>,
    /// Bookable times that appear with a change of the settings.
    gained: BTreeSet<Slot>,
}

/// A change as a screen counts it: what is new has its id only once it is made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Touch {
    what: Kind,
    how: ChangeKind,
    books: BTreeSet<PractitionerId>,
    intervals: Vec<Interval>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Preblock,
    WorkSession,
    Booking,
}

impl Command {
    /// The same, to be carried out only as far as its preview was shown: what else it would do by now is
    /// refused.
    pub fn as_shown(self, preview: &Preview) -> Self {
        let shown = Shown::of(&preview.changes, &preview.gained, &preview.lost);
        Self::AsShown(Box::new(ShownCommand { command: self.bare().clone(), shown }))
    }

    /// The command itself, without what was shown of it.
    pub fn bare(&self) -> &Self {
        match self {
            Self::AsShown(shown) => &shown.command,
            other => other,
        }
    }

    /// What was shown of it, where it counts.
    pub(super) fn shown(&self) -> Option<&Shown> {
        match self {
            Self::AsShown(shown) => Some(&shown.shown),
            _ => None,
        }
    }
}

impl Shown {
    fn of(changes: &[Change], gained: &[Slot], lost: &[Slot]) -> Self {
        let mut touched = BTreeMap::new();
        for touch in changes.iter().filter_map(Touch::of) {
            *touched.entry(touch).or_default() += 1;
        }
        let books: BTreeSet<PractitionerId> =
            changes.iter().flat_map(Change::practitioners).collect();
        let of_settings = books.is_empty();
        let lost = lost.iter().filter(|slot| of_settings || books.contains(&slot.practitioner));
        let gained = gained.iter().filter(|_| of_settings);
        Self { touched, lost: lost.cloned().collect(), gained: gained.cloned().collect() }
    }

    /// That nothing is done but what was shown.
    ///
    /// # Errors
    /// [`Refusal::NotAsShown`].
    pub(super) fn holds(
        &self,
        changes: &[Change],
        (gained, lost): (&[Slot], &[Slot]),
    ) -> Result<(), Refusal> {
        let now = Self::of(changes, gained, lost);
        let shown = |touch: &Touch| self.touched.get(touch).copied().unwrap_or_default();
        let as_shown = now.touched.iter().all(|(touch, count)| *count <= shown(touch));
        let times = now.lost.is_subset(&self.lost) && now.gained.is_subset(&self.gained);
        if as_shown && times { Ok(()) } else { Err(Refusal::NotAsShown) }
    }
}

impl Touch {
    /// `None` for what follows a booking and is not told of.
    fn of(change: &Change) -> Option<Self> {
        let (what, how) = match change {
            Change::Preblock { change, .. } => (Kind::Preblock, change.kind()),
            Change::WorkSession(change) => (Kind::WorkSession, change.kind()),
            Change::Booking(change) => (Kind::Booking, change.kind()),
            Change::Call(_) | Change::Setting(_) | Change::Recall(_) => return None,
        };
        Some(Self { what, how, books: change.practitioners(), intervals: change.intervals() })
    }
}
