//! What patients wish: fetched, carried out as the Online Client, answered. A wish that was carried out
//! and whose answer was lost is answered again, the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::agent::SyncError;
use super::answers::WishRefusal;
use super::mapping::{Asks, NotUnderstood, Wish, read_number, read_patient, read_slot};
use super::state::Round;
use super::wire::{Versioned, Wire, WireError};
use crate::clinic::{Clinic, ClinicError, Command, OnlineBooking, OnlineRebooking};
use crate::domain::{Actor, CivilTime, CommandId, PortalId, Setup, Slot};
use crate::fhir::{
    Appointment, AppointmentStatus, CodeableConcept, Extension, Identifier, Patient, Resource,
    names,
};

/// How far back is looked: rows can become visible after their own time.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);

/// Wishes that have been seen.
#[derive(Default)]
pub(super) struct Wishes {
    /// Id and version of what needs no more looking at, with when it was seen.
    seen: BTreeMap<(String, String), DateTime<Utc>>,
    /// From when on is looked; everything, at first.
    since: Option<DateTime<Utc>>,
    /// Slots whose wishes wait for their answer.
    held: BTreeSet<String>,
    /// Slots that wishes of this round have taken, with their version.
    taken: Vec<(Slot, String)>,
    set_aside: usize,
}

/// What is to be answered.
enum Verdict {
    Granted(Asks),
    Refused(WishRefusal),
}

impl Wishes {
    /// How many could not be understood.
    pub(super) fn set_aside(&self) -> usize {
        self.set_aside
    }

    /// Whether a wish for the slot waits for its answer.
    pub(super) fn holds(&self, slot: &str) -> bool {
        self.held.contains(slot)
    }

    /// The slots that were taken since this was last asked.
    pub(super) fn taken(&mut self) -> Vec<(Slot, String)> {
        std::mem::take(&mut self.taken)
    }

    /// Fetches wishes, carries them out and answers them. What can't be understood stops nothing else.
    pub(super) async fn handle(
        &mut self,
        clinic: &Clinic,
        wire: &Wire,
        setup: &Setup,
        round: &mut Round,
    ) -> Result<(), SyncError> {
        let begun = Utc::now();
        let mut found = Vec::new();
        match self.since {
            Some(since) => {
                let from = (since - OVERLAP).to_rfc3339_opts(SecondsFormat::Millis, true);
                let query = format!("_lastUpdated=ge{from}&_sort=_lastUpdated");
                found.extend(wire.search(Appointment::KIND, &query).await?);
            }
            None => {
                for status in ["proposed", "booked"] {
                    let query = format!("status={status}&_sort=_lastUpdated");
                    found.extend(wire.search(Appointment::KIND, &query).await?);
                }
            }
        }
        self.held.clear();
        let mut failed = None;
        for appointment in found {
            let key = (appointment.id().to_owned(), appointment.version.clone());
            if self.seen.contains_key(&key) {
                continue;
            }
            match self.one(clinic, wire, setup, appointment, round).await {
                Ok(()) => {
                    self.seen.insert(key, begun);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Some(error) = failed {
            // Looked at again from where this round began to look.
            return Err(error);
        }
        self.since = Some(begun);
        self.seen.retain(|_, seen| begun.signed_duration_since(*seen) < OVERLAP * 4);
        Ok(())
    }

    async fn one(
        &mut self,
        clinic: &Clinic,
        wire: &Wire,
        setup: &Setup,
        found: Versioned,
        round: &mut Round,
    ) -> Result<(), SyncError> {
        let Ok(appointment) = Appointment::from_value(found.value.clone()) else {
            self.set_aside += 1;
            return Ok(());
        };
        let wish = match Wish::read(&appointment) {
            Ok(Some(wish)) => wish,
            Ok(None) => return Ok(()),
            Err(
                NotUnderstood::Id
                | NotUnderstood::Slot
                | NotUnderstood::Patient
                | NotUnderstood::Kind,
            ) => {
                self.set_aside += 1;
                return Ok(());
            }
        };
        self.held.insert(wish.slot.clone());
        let now = setup.zone.civil(Utc::now());
        let command = CommandId::new(format!("wish-{}-{}", found.id(), found.version));
        let verdict = self.carry_out(clinic, wire, setup, &wish, command, now).await?;
        match verdict {
            Verdict::Granted(_) => round.booked += 1,
            Verdict::Refused(_) => round.refused += 1,
        }
        if let Verdict::Granted(Asks::Rebook(replaced)) = &verdict {
            end_replaced(wire, replaced, found.id()).await?;
        }
        let answer = answer(appointment, &wish, &verdict);
        let value = answer.to_value()?;
        match wire.put(Appointment::KIND, found.id(), &value, Some(&found.version)).await {
            // Somebody changed it meanwhile: it shows as a wish of another version, and is read again.
            Ok(_) | Err(WireError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        self.held.remove(&wish.slot);
        Ok(())
    }

    async fn carry_out(
        &mut self,
        clinic: &Clinic,
        wire: &Wire,
        setup: &Setup,
        wish: &Wish,
        id: CommandId,
        now: CivilTime,
    ) -> Result<Verdict, SyncError> {
        let refused = |why| Ok(Verdict::Refused(why));
        let patient = match wire.read::<Patient>(&wish.patient).await {
            Ok(Some((patient, _))) => patient,
            Ok(None) | Err(WireError::NotFhir) => return refused(WishRefusal::Details),
            Err(error) => return Err(error.into()),
        };
        let command = match &wish.asks {
            Asks::Cancel => match read_number(&patient, now.date()) {
                Some(e_id) if wish.is_identified() => {
                    Command::CancelOnline { portal_id: wish.portal_id.clone(), e_id }
                }
                _ => return refused(WishRefusal::NotChangeable),
            },
            Asks::Book | Asks::Rebook(_) => {
                let Some(slot) = self.slot(wire, setup, wish).await? else {
                    return refused(WishRefusal::TimeGone);
                };
                let command = match &wish.asks {
                    Asks::Rebook(replaced) => rebooking(&patient, wish, replaced, &slot, now),
                    _ => booking(&patient, wish, &slot, now),
                };
                match command {
                    Ok(command) => command,
                    Err(why) => return refused(why),
                }
            }
        };
        match clinic.execute(&Actor::OnlineClient, id, &command, now).await {
            Ok(_) => Ok(Verdict::Granted(wish.asks.clone())),
            Err(ClinicError::Refused(refusal)) => refused(WishRefusal::of(&refusal)),
            Err(error @ ClinicError::Store(_)) => Err(error.into()),
        }
    }

    /// The time that a wish names; `None` where it is gone, or of nobody here.
    async fn slot(
        &mut self,
        wire: &Wire,
        setup: &Setup,
        wish: &Wish,
    ) -> Result<Option<Slot>, SyncError> {
        let found = match wire.read::<crate::fhir::Slot>(&wish.slot).await {
            Ok(found) => found,
            Err(WireError::NotFhir) => None,
            Err(error) => return Err(error.into()),
        };
        let Some((slot, version)) = found else { return Ok(None) };
        let slot = read_slot(&slot, setup);
        self.taken.extend(slot.clone().map(|slot| (slot, version)));
        Ok(slot)
    }
}

fn booking(
    patient: &Patient,
    wish: &Wish,
    slot: &Slot,
    now: CivilTime,
) -> Result<Command, WishRefusal> {
    let (personnummer, contacts) = read_patient(patient, now.date()).ok_or(WishRefusal::Details)?;
    Ok(Command::BookOnline(Box::new(OnlineBooking {
        portal_id: wish.portal_id.clone(),
        practitioner: slot.practitioner.clone(),
        template: slot.template.clone(),
        start: slot.interval.start(),
        personnummer,
        contacts,
        identification: wish.identification.clone(),
    })))
}

fn rebooking(
    patient: &Patient,
    wish: &Wish,
    replaced: &PortalId,
    slot: &Slot,
    now: CivilTime,
) -> Result<Command, WishRefusal> {
    let e_id = read_number(patient, now.date()).filter(|_| wish.is_identified());
    Ok(Command::RebookOnline(OnlineRebooking {
        portal_id: replaced.clone(),
        practitioner: slot.practitioner.clone(),
        start: slot.interval.start(),
        e_id: e_id.ok_or(WishRefusal::NotChangeable)?,
    }))
}

/// The appointment with its answer on it, and the wish off it.
fn answer(appointment: Appointment, wish: &Wish, verdict: &Verdict) -> Appointment {
    let mut answer = appointment;
    answer.extension.retain(|it| it.url != names::WISH && it.url != names::REPLACES);
    answer.extension.retain(|it| it.url != names::REFUSAL);
    match verdict {
        Verdict::Granted(Asks::Cancel) => answer.status = AppointmentStatus::Cancelled,
        Verdict::Granted(asks) => {
            answer.status = AppointmentStatus::Booked;
            // A booking that was rebooked keeps the id that the clinic knows it by.
            if let Asks::Rebook(replaced) = asks {
                answer.identifier.retain(|it| it.system.as_deref() != Some(names::BOOKING));
                answer.identifier.push(Identifier::of(names::BOOKING, replaced.as_str()));
            }
        }
        Verdict::Refused(why) => {
            if wish.asks == Asks::Cancel {
                answer.extension.push(Extension::code(names::REFUSAL, why.code()));
            } else {
                answer.status = AppointmentStatus::Cancelled;
                let mut reason = CodeableConcept::of(names::REFUSAL, why.code(), "");
                reason.text = Some(why.words().to_owned());
                answer.cancelation_reason = Some(reason);
            }
        }
    }
    answer
}

/// A booking that another replaces is cancelled at the other end.
async fn end_replaced(wire: &Wire, replaced: &PortalId, by: &str) -> Result<(), SyncError> {
    let named = form_urlencoded::Serializer::new(String::new())
        .append_pair("identifier", &format!("{}|{replaced}", names::BOOKING))
        .finish();
    let mut found = wire.search(Appointment::KIND, &format!("{named}&status=booked")).await?;
    found.extend(wire.get(Appointment::KIND, replaced.as_str()).await?);
    for earlier in found {
        if earlier.id() != by {
            end(wire, earlier).await?;
        }
    }
    Ok(())
}

/// The clinic has a slot's time free: bookings of it that the other end has are over.
pub(super) async fn end_bookings_of(wire: &Wire, slot: &str) -> Result<(), SyncError> {
    let query = format!("slot=Slot/{slot}&status=booked");
    for found in wire.search(Appointment::KIND, &query).await? {
        end(wire, found).await?;
    }
    Ok(())
}

async fn end(wire: &Wire, found: Versioned) -> Result<(), SyncError> {
    let Ok(appointment) = Appointment::from_value(found.value.clone()) else { return Ok(()) };
    if appointment.status != AppointmentStatus::Booked {
        return Ok(());
    }
    let cancelled = Appointment { status: AppointmentStatus::Cancelled, ..appointment };
    let value = cancelled.to_value()?;
    match wire.put(Appointment::KIND, found.id(), &value, Some(&found.version)).await {
        Ok(_) | Err(WireError::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
