//! For which practitioners something may have changed since their times were last published. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::clinic::{RevisionScope, Revisions};
use crate::domain::{CivilTime, Minutes, PractitionerId, Setup, Slot};

/// The number of a set-up, another for each that differs from the one before. The settings' revision
/// moves with every patient that is registered, too: what times are computed from does not.
pub type SetupNumber = u64;

/// What a practitioner's times were computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    /// Revisions read before computing.
    revisions: BTreeMap<RevisionScope, u64>,
    /// Which set-up it was.
    setup: SetupNumber,
    at: CivilTime,
    /// From this minute on the first of the times lies within the shortest notice (R8).
    fades_at: Option<CivilTime>,
}

/// What each practitioner's times were computed from; empty when the agent starts.
#[derive(Clone, Debug, Default)]
pub struct Marks(BTreeMap<PractitionerId, Mark>);

impl Marks {
    /// The practitioners to compute anew: a revision that touches them has moved, a day or the notice
    /// window has (R7, R8), or they were never computed.
    pub fn in_question(
        &self,
        (number, setup): (SetupNumber, &Setup),
        revisions: &Revisions,
        now: CivilTime,
    ) -> BTreeSet<PractitionerId> {
        let stale = |id: &&PractitionerId| {
            self.0.get(*id).is_none_or(|mark| {
                // A clock that has been set back gives times anew that had faded.
                mark.at.date() != now.date()
                    || now < mark.at
                    || mark.setup != number
                    || mark.fades_at.is_some_and(|fades_at| now >= fades_at)
                    || mark.revisions.iter().any(|(scope, n)| revisions.get(scope) != *n)
            })
        };
        setup.practitioners.keys().filter(stale).cloned().collect()
    }

    /// A practitioner's times have been published: computed from these revisions, at this minute.
    pub fn published(
        &mut self,
        (number, setup): (SetupNumber, &Setup),
        id: &PractitionerId,
        revisions: &Revisions,
        now: CivilTime,
        slots: &[Slot],
    ) {
        let revisions = scopes(setup, id).into_iter().map(|scope| {
            let n = revisions.get(&scope);
            (scope, n)
        });
        let notice = i32::try_from(setup.online.notice_minutes).unwrap_or(i32::MAX);
        let first = slots.iter().map(|slot| slot.interval.start()).min();
        // A start is offered while it is not before now + notice: one minute later it is.
        let fades_at = first.map(|first| first - Minutes(notice) + Minutes(1));
        let mark = Mark { revisions: revisions.collect(), setup: number, at: now, fades_at };
        self.0.insert(id.clone(), mark);
    }

    /// A practitioner's times must be computed again, whatever has moved.
    pub fn doubt(&mut self, id: &PractitionerId) {
        self.0.remove(id);
    }

    /// Everything must be computed again.
    pub fn doubt_all(&mut self) {
        self.0.clear();
    }
}

/// The revisions that a practitioner's times depend on, beside the set-up: the book's own, and those of
/// the resources that the online templates name (R9).
fn scopes(setup: &Setup, id: &PractitionerId) -> BTreeSet<RevisionScope> {
    let mut scopes = BTreeSet::from([RevisionScope::Practitioner(id.clone())]);
    if let Some(practitioner) = setup.practitioners.get(id) {
        let templates = setup.online_templates(practitioner).items.into_iter();
        let templates = templates.filter_map(|id| setup.templates.get(&id));
        let online = templates.filter(|template| template.active && template.online);
        let codes = online.flat_map(|template| template.resources.iter().collect::<Vec<_>>());
        scopes.extend(codes.map(RevisionScope::Resource));
    }
    scopes
}
