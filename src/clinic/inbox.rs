//! The inbox: what patients did online since a user looked last, told from the log's entries by ITB. No
//! right to the log is needed for it: what patients book stands in the book as well.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::attempts::Attempts;
use super::command::KEPT_ONLINE;
use super::{Clinic, ClinicError, Refusal, current, require};
use crate::domain::{
    Actor, BookingId, ITB, Identification, Interval, Patient, PatientId, Permission,
    PractitionerId, TemplateId,
};
use crate::store::{AuditChain, AuditEntry, AuditFilter, AuditValue};

/// What a patient did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Online {
    Booked,
    Rebooked,
    Cancelled,
}

/// How the clinic came to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameBy {
    /// The patient's own wish.
    Wish,
    /// A restored database took it back from the booking page: it may have been staff's deed once.
    Page,
}

/// Whether the user has looked through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    New,
    Seen,
}

/// One thing that a patient did online.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When it came in.
    pub at: DateTime<Utc>,
    pub what: Online,
    pub came_by: CameBy,
    pub booking: BookingId,
    /// Where the booking is, or was until it was cancelled.
    pub place: (PractitionerId, Interval),
    /// Where it was before it was rebooked.
    pub before: Option<(PractitionerId, Interval)>,
    pub template: Option<TemplateId>,
    pub patient: Option<PatientId>,
    pub identification: Identification,
    pub looked: Looked,
    /// Its entry in the log.
    pub entry: (AuditChain, u64),
}

/// What patients did, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    pub arrivals: Vec<Arrival>,
    pub patients: BTreeMap<PatientId, Patient>,
    /// Bookings made in another name than is on the card of whose personnummer was given, as long as
    /// staff have not said what becomes of that: it may be somebody else.
    pub in_other_names: BTreeSet<BookingId>,
}

/// Up to where a user has looked, by chain.
pub type Seen = BTreeMap<AuditChain, u64>;

impl Inbox {
    /// How many are new.
    pub fn new_ones(&self) -> usize {
        self.arrivals.iter().filter(|arrival| arrival.looked == Looked::New).count()
    }

    /// Where somebody has looked to who has seen the one at `first` and all that came in before it.
    pub fn seen_from(&self, first: usize) -> Seen {
        let mut seen = Seen::new();
        for arrival in self.arrivals.iter().skip(first) {
            let (chain, n) = &arrival.entry;
            let last = seen.entry(chain.clone()).or_default();
            *last = (*last).max(*n);
        }
        seen
    }
}

/// Whoever sees patients or books has an inbox.
fn allowed(actor: &Actor) -> Result<(), Refusal> {
    if actor.may(Permission::PatientView) {
        return Ok(());
    }
    require(actor, Permission::BookingEdit)
}

impl Clinic {
    /// The newest `limit` things that patients did online.
    ///
    /// # Errors
    /// The actor has neither `booking.edit` nor `patient.view` (R17), or the store could not be read.
    pub async fn inbox(&self, actor: &Actor, limit: u32) -> Result<Inbox, ClinicError> {
        let mut reading = self.store().read().await?;
        let actor = current(&mut reading, actor).await?;
        allowed(&actor)?;
        let seen = reading.seen_in_inbox(actor.signature()).await?;
        let filter = AuditFilter {
            actor: Some(ITB.to_owned()),
            kind: Some("booking".to_owned()),
            limit: Some(limit),
            ..AuditFilter::default()
        };
        let entries = reading.audit(&filter).await?;
        let mut told = BTreeSet::new();
        let mut arrivals: Vec<Arrival> = Vec::new();
        for entry in &entries {
            // A booking that moves to another book stands in the chains of both.
            if told.insert((&entry.command, &entry.entity)) {
                arrivals.extend(arrival(entry, &seen));
            }
        }
        let ids: BTreeSet<PatientId> =
            arrivals.iter().filter_map(|arrival| arrival.patient.clone()).collect();
        let patients = reading.patients(&ids).await?;
        let bookings = arrivals.iter().map(|arrival| arrival.booking.clone()).collect();
        let given = reading.open_contacts(&bookings).await?;
        let card = |booking: &BookingId| {
            let arrival = arrivals.iter().find(|arrival| arrival.booking == *booking)?;
            patients.get(arrival.patient.as_ref()?)
        };
        let other = given.into_iter().filter(|given| {
            card(&given.booking).is_some_and(|card| given.contacts.name_another_than(card))
        });
        let in_other_names = other.map(|given| given.booking).collect();
        Ok(Inbox { arrivals, patients, in_other_names })
    }

    /// Keeps that the actor has looked so far.
    ///
    /// # Errors
    /// As [`Clinic::inbox`]; the store could not be written.
    pub async fn keep_seen(&self, actor: &Actor, seen: &Seen) -> Result<(), ClinicError> {
        let mut attempts = Attempts::new();
        loop {
            match self.try_to_keep_seen(actor, seen).await {
                Ok(()) => return Ok(()),
                Err(error) => attempts.next_to_write(error).await?,
            }
        }
    }

    async fn try_to_keep_seen(&self, actor: &Actor, seen: &Seen) -> Result<(), ClinicError> {
        let mut transaction = self.store().begin().await?;
        let actor = current(&mut transaction, actor).await?;
        allowed(&actor)?;
        for (chain, n) in seen {
            transaction.keep_seen_in_inbox(actor.signature(), chain, *n).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// What an entry tells of a booking; `None` where it has neither time nor place.
fn arrival(entry: &AuditEntry, seen: &Seen) -> Option<Arrival> {
    let place = |value: &AuditValue| {
        Some((PractitionerId::from(value.plain_field("practitioner")?), value.interval()?))
    };
    let value = entry.after.as_ref().or(entry.before.as_ref())?;
    let now = place(value)?;
    let cancelled = entry.after.is_none() || value.plain_field("state") == Some("cancelled");
    let before = entry.before.as_ref().filter(|_| !cancelled).and_then(place);
    let what = match (&before, cancelled) {
        (_, true) => Online::Cancelled,
        (Some(_), false) => Online::Rebooked,
        (None, false) => Online::Booked,
    };
    let is_seen = seen.get(&entry.chain).is_some_and(|last| entry.n <= *last);
    Some(Arrival {
        at: entry.at,
        what,
        came_by: if entry.action == KEPT_ONLINE { CameBy::Page } else { CameBy::Wish },
        booking: entry.entity.strip_prefix("booking/")?.into(),
        place: now,
        before,
        template: value.plain_field("template").map(TemplateId::from),
        patient: value.plain_field("patient").map(PatientId::from),
        identification: match value.is_set("e_id") {
            true => Identification::EId,
            false => Identification::Unverified,
        },
        looked: if is_seen { Looked::Seen } else { Looked::New },
        entry: (entry.chain.clone(), entry.n),
    })
}
