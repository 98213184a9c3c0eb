//! What a command touches, and what the rules have to know of it. Reads only.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::book::books_around;
use super::{ClinicError, Command};
use crate::domain::{
    Calendar, Change, CivilTime, Interval, PractitionerId, ResourceCode, ResourceUse, Setup,
};
use crate::store::{RevisionScope, Session, Stretch, Whose};

/// Whether a command registers or changes patients along with what it does to a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patients {
    Stay,
    Change,
}

impl Patients {
    /// Whether either changes them.
    pub fn or(self, other: Self) -> Self {
        if self == Self::Change { self } else { other }
    }
}

impl From<bool> for Patients {
    fn from(change: bool) -> Self {
        if change { Self::Change } else { Self::Stay }
    }
}

/// What a command touches, known before anything is decided: what is locked first.
pub(super) struct Target {
    /// Whose book the rules decide on.
    pub practitioner: PractitionerId,
    /// Whose book something is taken from besides.
    pub also: Option<PractitionerId>,
    pub resources: BTreeSet<ResourceCode>,
    pub patients: Patients,
    /// The stretch of the book that the rules have to see, widened to whole days.
    pub within: Interval,
}

impl Target {
    /// The revisions to bump first: the practitioners', those of the resources taken or freed, and
    /// the settings', which patients are among.
    pub fn scopes(&self) -> BTreeSet<RevisionScope> {
        let mut scopes: BTreeSet<RevisionScope> =
            self.resources.iter().copied().map(RevisionScope::Resource).collect();
        let books = self.also.iter().chain([&self.practitioner]).cloned();
        scopes.extend(books.map(RevisionScope::Practitioner));
        if self.patients == Patients::Change {
            scopes.insert(RevisionScope::Settings);
        }
        scopes
    }

    /// Whether the same stretch of the same book is meant.
    pub fn is_about_the_same(&self, other: &Target) -> bool {
        self.practitioner == other.practitioner && self.within == other.within
    }

    /// Whether all that the changes touch was named beforehand.
    pub fn covers(&self, changes: &[Change]) -> bool {
        changes.iter().all(|change| {
            let mut books = change.practitioners().into_iter();
            if !books.all(|id| id == self.practitioner || self.also.as_ref() == Some(&id)) {
                return false;
            }
            let change = match change {
                Change::Booking(change) => change,
                Change::Setting(_) | Change::Recall(_) => return self.patients == Patients::Change,
                Change::Preblock { .. } | Change::WorkSession(_) | Change::Call(_) => return true,
            };
            let mut held = change.before().into_iter().chain(change.after());
            held.all(|booking| booking.resources.iter().all(|code| self.resources.contains(&code)))
        })
    }
}

/// What of a command is decided on the facts of one book: all of it, but where it is about several.
pub(super) struct Share<'a> {
    pub target: Target,
    pub what: What<'a>,
}

/// Whether the books are those that were locked.
pub(super) fn same_books(locked: &[Share<'_>], shares: &[Share<'_>]) -> bool {
    let books = |share: &Share<'_>| (share.target.practitioner.clone(), share.target.also.clone());
    locked.iter().map(books).eq(shares.iter().map(books))
}

/// What is to be done in one book.
pub(super) enum What<'a> {
    Do(&'a Command),
    /// The changes that take an earlier command back.
    TakeBack(Vec<Change>),
}

impl What<'_> {
    /// The command whose action the log names.
    pub fn told_as<'a>(&'a self, whole: &'a Command) -> &'a Command {
        match self {
            What::Do(command) => command,
            What::TakeBack(_) => whole,
        }
    }
}

/// What the rules decide on.
pub(super) struct Facts {
    pub setup: Arc<Setup>,
    pub calendar: Calendar,
    pub resources: ResourceUse,
    pub now: CivilTime,
}

impl Facts {
    /// Reads the facts about a target.
    pub async fn read(
        session: &mut Session,
        setup: Arc<Setup>,
        target: &Target,
        now: CivilTime,
    ) -> Result<Self, ClinicError> {
        let whose = Whose::These(std::slice::from_ref(&target.practitioner));
        let stretch = books_around(session, whose, target.within).await?;
        Ok(Self::of(setup, target, stretch, now))
    }

    /// The facts in what has been read about a target.
    pub fn of(setup: Arc<Setup>, target: &Target, stretch: Stretch, now: CivilTime) -> Self {
        let Stretch { mut calendars, resources } = stretch;
        let calendar = calendars.remove(&target.practitioner).unwrap_or_default();
        Self { setup, calendar, resources, now }
    }
}

/// The whole days that an interval touches.
pub(super) fn whole_days(interval: Interval) -> Interval {
    interval.days().interval().unwrap_or(interval)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Booking, BookingState, Changed, Identification, MovedFrom, Preblock, PreblockKind,
        RecallChange, RecallState, ResourceCodes,
    };

    fn stretch(day: &str) -> Interval {
        Interval::whole_day(crate::domain::parse_date(day).expect("a date"))
    }

    /// Something that goes from BL's book to AE's and takes the X-ray along.
    fn target() -> Target {
        Target {
            practitioner: "AE".into(),
            also: Some("BL".into()),
            resources: [ResourceCode('R')].into(),
            patients: Patients::Stay,
            within: stretch("2026-11-25"),
        }
    }

    fn booking(practitioner: &str, resources: &str) -> Booking {
        Booking {
            id: "b".into(),
            practitioner: practitioner.into(),
            interval: stretch("2026-11-25"),
            category: "us".into(),
            template: None,
            patient: None,
            text: String::new(),
            resources: ResourceCodes::parse(resources).expect("codes"),
            registered_by: "X".to_owned(),
            state: BookingState::Booked,
            portal_id: None,
            identification: Identification::Unverified,
        }
    }

    fn moved(from: (&str, &str), to: (&str, &str)) -> Change {
        let (before, after) = (booking(from.0, from.1), booking(to.0, to.1));
        Change::Booking(Box::new(Changed::Altered { before, after }))
    }

    fn laid(practitioner: &str) -> Change {
        let preblock = Preblock {
            id: "p".into(),
            practitioner: practitioner.into(),
            preblock_type: "e".into(),
            interval: stretch("2026-11-25"),
        };
        Change::Preblock { kind: PreblockKind::Internet, change: Changed::Added(preblock) }
    }

    fn recalled() -> Change {
        let state = |moved| RecallState { date: None, moved };
        Change::Recall(RecallChange {
            patient: "p".into(),
            booking: "b".into(),
            before: state(None),
            after: state(Some(MovedFrom { date: None })),
        })
    }

    #[test]
    fn what_was_read_of_a_book_counts_for_the_same_stretch_of_the_same_book_only() {
        assert!(target().is_about_the_same(&Target { also: None, ..target() }));
        for other in [
            Target { practitioner: "BL".into(), ..target() },
            Target { within: stretch("2026-11-26"), ..target() },
        ] {
            assert!(!target().is_about_the_same(&other));
        }
    }

    #[test]
    fn what_was_not_locked_beforehand_is_not_changed() {
        for (change, covered) in [
            (moved(("BL", "R"), ("AE", "R")), true),
            (moved(("BL", ""), ("AE", "")), true),
            (moved(("CÅ", "R"), ("AE", "R")), false),
            (moved(("BL", "R"), ("CÅ", "R")), false),
            (moved(("BL", "X"), ("AE", "R")), false),
            (moved(("BL", "R"), ("AE", "RX")), false),
            (laid("AE"), true),
            (laid("BL"), true),
            (laid("CÅ"), false),
            (recalled(), false),
        ] {
            let alone = target().covers(std::slice::from_ref(&change));
            assert_eq!(alone, covered, "{:?}", change.practitioners());
            assert_eq!(target().covers(&[laid("AE"), change]), covered, "with something else");
        }
        let with_patients = Target { patients: Patients::Change, ..target() };
        assert!(with_patients.covers(&[recalled()]));
    }

    #[test]
    fn the_books_are_the_same_where_each_is_and_in_its_turn() {
        let share = |target| Share { target, what: What::TakeBack(Vec::new()) };
        let of = |practitioner: &str, also: Option<&str>| {
            let also = also.map(PractitionerId::from);
            share(Target { practitioner: practitioner.into(), also, ..target() })
        };
        let both = || [of("AE", None), of("BL", None)];
        assert!(same_books(&both(), &both()));
        let elsewhere = Target { within: stretch("2026-11-26"), ..target() };
        assert!(same_books(&[share(target())], &[share(elsewhere)]), "on other days");
        for others in [
            vec![of("AE", None)],
            vec![of("BL", None), of("AE", None)],
            vec![of("AE", None), of("BL", Some("CÅ"))],
            vec![of("AE", None), of("BL", None), of("CÅ", None)],
        ] {
            assert!(!same_books(&both(), &others));
        }
    }
}
