//! What a command touches, and what the rules have to know of it. Reads only.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ClinicError;
use super::book::{calendar_around, reach};
use crate::domain::{
    Calendar, Change, CivilTime, Interval, PractitionerId, ResourceCode, ResourceUse, Setup,
};
use crate::store::{RevisionScope, Session};

/// Whether a command registers or changes patients along with what it does to a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patients {
    Stay,
    Change,
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

    /// Whether all that the changes touch was named beforehand.
    pub fn covers(&self, changes: &[Change]) -> bool {
        changes.iter().all(|change| {
            let mut books = change.practitioners().into_iter();
            if !books.all(|id| id == self.practitioner || self.also.as_ref() == Some(&id)) {
                return false;
            }
            let change = match change {
                Change::Booking(change) => change,
                Change::Setting(_) => return self.patients == Patients::Change,
                Change::Preblock { .. } | Change::WorkSession(_) => return true,
            };
            let mut held = change.before().into_iter().chain(change.after());
            held.all(|booking| booking.resources.iter().all(|code| self.resources.contains(&code)))
        })
    }
}

/// What the rules decide on.
pub(super) struct Facts {
    pub setup: Arc<Setup>,
    pub calendar: Calendar,
    /// The book from which something is taken besides.
    pub also: Option<(PractitionerId, Calendar)>,
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
        let calendar = calendar_around(session, &target.practitioner, target.within).await?;
        let also = match &target.also {
            Some(id) => Some((id.clone(), calendar_around(session, id, target.within).await?)),
            None => None,
        };
        let resources = session.resource_use(&setup, reach(&calendar, target.within)).await?;
        Ok(Self { setup, calendar, also, resources, now })
    }

    /// The book of one of the practitioners that are touched.
    pub fn calendar_of(&self, practitioner: &PractitionerId) -> &Calendar {
        match &self.also {
            Some((also, calendar)) if also == practitioner => calendar,
            _ => &self.calendar,
        }
    }

    /// As it would be once the changes have taken something away.
    pub fn without(&self, gone: &[Change]) -> Self {
        let also = self.also.as_ref().map(|(id, calendar)| (id.clone(), calendar.changed(gone)));
        Self {
            setup: Arc::clone(&self.setup),
            calendar: self.calendar.changed(gone),
            also,
            resources: self.resources.changed(gone),
            now: self.now,
        }
    }
}

/// The whole days that an interval touches.
pub(super) fn whole_days(interval: Interval) -> Interval {
    interval.days().interval().unwrap_or(interval)
}
