//! What patients wish: fetched, carried out as the Online Client, answered. A wish that was carried out
//! and whose answer was lost is answered again, the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::answers::WishRefusal;
use super::error::SyncError;
use super::following::{alter, followed};
use super::is_lately;
use super::mapping::{
    Asks, NotUnderstood, Wish, read_language, read_number, read_patient, read_portal_id, read_slot,
};
use super::restored::{Between, Found};
use super::wire::{Versioned, Wire, WireError};
use crate::clinic::{Clinic, ClinicError, Command, OnlineBooking, OnlineRebooking};
use crate::domain::{
    Actor, Booking, CivilTime, CommandId, PortalId, PractitionerId, Round, Setup, Slot,
    StrayBooking,
};
use crate::fhir::{
    Appointment, AppointmentStatus, CodeableConcept, Extension, Identifier, Patient, Resource,
    is_id, names,
};

/// How far back is looked: rows can become visible after their own time.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);

/// After how long all that waits is looked for again, by whatever time it was stored: the other end's
/// clock may have been set back.
const LOOKED_AFTER: TimeDelta = TimeDelta::minutes(10);

/// Wishes that have been seen.
#[derive(Default)]
pub(super) struct Wishes {
    /// Id and version of what needs no more looking at, with when it was stored.
    seen: BTreeMap<(String, String), Option<DateTime<Utc>>>,
    /// When the newest that was found was stored, by the other end's clock: from there on is looked.
    since: Option<DateTime<Utc>>,
    /// When all that waits was last looked for.
    looked_at: Option<DateTime<Utc>>,
    /// Slots whose wishes wait for their answer.
    held: BTreeSet<String>,
    /// Slots that wishes of this round have taken, with their version.
    taken: Vec<(Slot, String)>,
    /// Ids and versions of wishes that could not be understood: each is counted once, however often all
    /// that waits is looked for.
    set_aside: BTreeSet<(String, String)>,
    /// Appointments that are booked at the other end, by their id.
    booked: BTreeMap<String, Booked>,
}

/// An appointment that is booked at the other end.
struct Booked {
    portal_id: PortalId,
    found: Versioned,
    /// In whose book it stands; `None` until the clinic has been asked.
    practitioner: Option<PractitionerId>,
}

/// Whether the other end has been made what the books are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Followed {
    Everything,
    /// Nothing yet: the books lack bookings that nobody cancelled. So many of them were put back.
    Behind {
        brought_back: usize,
    },
}

/// What is to be answered.
enum Verdict {
    Granted(Asks),
    Refused(WishRefusal),
}

impl Verdict {
    /// Counts it, once it has been told.
    fn count(&self, round: &mut Round) {
        match self {
            Self::Granted(Asks::Book) => round.booked += 1,
            Self::Granted(Asks::Rebook(_)) => round.rebooked += 1,
            Self::Granted(Asks::Cancel) => round.cancelled += 1,
            Self::Refused(why) => {
                round.refused += 1;
                *round.reasons.entry(why.code().to_owned()).or_default() += 1;
            }
        }
    }
}

impl Wishes {
    /// How many could not be understood.
    pub(super) fn set_aside(&self) -> usize {
        self.set_aside.len()
    }

    /// Whether a wish for the slot waits for its answer.
    pub(super) fn holds(&self, slot: &str) -> bool {
        self.held.contains(slot)
    }

    /// The slots that were taken since this was last asked.
    pub(super) fn taken(&mut self) -> Vec<(Slot, String)> {
        std::mem::take(&mut self.taken)
    }

    /// Fetches wishes, carries them out and answers them. What can't be understood stops nothing else, nor
    /// does an answer that the other end does not take: why is answered, and it is tried again.
    pub(super) async fn handle(
        &mut self,
        clinic: &Clinic,
        wire: &Wire,
        setup: &Setup,
        round: &mut Round,
        begun: DateTime<Utc>,
    ) -> Result<Option<WireError>, SyncError> {
        let now = setup.zone.civil(begun);
        let mut found = Vec::new();
        let lately = is_lately(self.looked_at, begun, LOOKED_AFTER);
        match self.since.filter(|_| lately) {
            Some(since) => {
                let from = (since - OVERLAP).to_rfc3339_opts(SecondsFormat::Millis, true);
                let query = format!("_lastUpdated=ge{from}&_sort=_lastUpdated");
                found.extend(wire.search(Appointment::KIND, &query).await?);
            }
            None => {
                let query = "status=proposed,booked&_sort=_lastUpdated";
                found.extend(wire.search(Appointment::KIND, query).await?);
            }
        }
        self.held.clear();
        let mut failed = None;
        let newest = found.iter().filter_map(|it| it.updated_at).max();
        for appointment in found {
            let updated_at = appointment.updated_at;
            let key = (appointment.id().to_owned(), appointment.version.clone());
            if self.seen.contains_key(&key) {
                continue;
            }
            match self.one(clinic, wire, setup, appointment, round, now).await {
                Ok(()) => {
                    self.seen.insert(key, updated_at);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        // After a failure it is looked again from where this round began to look.
        match failed {
            None => {}
            Some(SyncError::Wire(error)) if error.is_of_content() => return Ok(Some(error)),
            Some(error) => return Err(error),
        }
        if !lately {
            (self.since, self.looked_at) = (None, Some(begun));
        }
        self.since = self.since.max(newest);
        let from = self.since.map(|since| since - OVERLAP);
        self.seen.retain(|_, updated_at| *updated_at >= from);
        Ok(None)
    }

    async fn one(
        &mut self,
        clinic: &Clinic,
        wire: &Wire,
        setup: &Setup,
        found: Versioned,
        round: &mut Round,
        now: CivilTime,
    ) -> Result<(), SyncError> {
        let key = (found.id().to_owned(), found.version.clone());
        let Ok(appointment) = Appointment::from_value(found.value.clone()) else {
            self.set_aside.insert(key);
            return Ok(());
        };
        self.note(&found, &appointment);
        let wish = match Wish::read(&appointment) {
            Ok(Some(wish)) => wish,
            Ok(None) => return Ok(()),
            Err(
                NotUnderstood::Id
                | NotUnderstood::Slot
                | NotUnderstood::Patient
                | NotUnderstood::Kind,
            ) => {
                self.set_aside.insert(key);
                return Ok(());
            }
        };
        self.held.insert(wish.slot.clone());
        let command = CommandId::new(format!("wish-{}-{}", found.id(), found.version));
        let verdict = self.carry_out(clinic, wire, setup, &wish, command, now).await?;
        if let Verdict::Granted(Asks::Rebook(replaced)) = &verdict {
            end_replaced(wire, replaced, found.id()).await?;
        }
        let answer = answer(appointment, &wish, &verdict);
        let value = answer.to_value()?;
        match wire.put(Appointment::KIND, found.id(), &value, Some(&found.version)).await {
            Ok(_) => verdict.count(round),
            Err(WireError::Conflict) => {
                let stored = wire.get(Appointment::KIND, found.id()).await?;
                if stored.is_some_and(|stored| stored.version == found.version) {
                    return Err(WireError::Conflict.into());
                }
                // Somebody changed it meanwhile: it comes again, in another version.
            }
            Err(error) => return Err(error.into()),
        }
        self.held.remove(&wish.slot);
        Ok(())
    }

    /// Keeps track of what is booked at the other end.
    fn note(&mut self, found: &Versioned, appointment: &Appointment) {
        let id = found.id().to_owned();
        let practitioner = self.booked.remove(&id).and_then(|known| known.practitioner);
        if let (AppointmentStatus::Booked, Some(portal_id)) =
            (appointment.status, read_portal_id(appointment))
        {
            self.booked.insert(id, Booked { portal_id, found: found.clone(), practitioner });
        }
    }

    /// Holds what is booked at the other end against the books: what staff have cancelled is cancelled
    /// there, what they have moved is moved. Asks only about practitioners in question, and what was
    /// never asked about.
    ///
    /// What no book has, nobody has cancelled: the database is an older copy then. It is put back, or kept
    /// as stray, and nothing else is followed yet.
    pub(super) async fn follow_books(
        &mut self,
        between: Between<'_>,
        in_question: &BTreeSet<PractitionerId>,
        stray: &mut BTreeSet<StrayBooking>,
    ) -> Result<Followed, SyncError> {
        let concerned = |known: &Booked| {
            known
                .practitioner
                .as_ref()
                .is_none_or(|practitioner| in_question.contains(practitioner))
        };
        let asked: Vec<(String, PortalId)> = self
            .booked
            .iter()
            .filter(|(_, known)| concerned(known))
            .map(|(id, known)| (id.clone(), known.portal_id.clone()))
            .collect();
        let mut in_books = Vec::new();
        let mut behind = None;
        for (id, portal_id) in asked {
            let Some(booking) = between.clinic.online_booking(&portal_id).await? else {
                let found = between.find(&portal_id, &id, stray).await?;
                match &found {
                    Found::Back(_) => *behind.get_or_insert(0) += 1,
                    Found::Stray(_) => drop(behind.get_or_insert(0)),
                    Found::FitsNow(_) | Found::StillStray(_) | Found::Nothing => {}
                }
                self.note_found(&id, found);
                continue;
            };
            in_books.push((id, booking));
        }
        if let Some(brought_back) = behind {
            return Ok(Followed::Behind { brought_back });
        }
        for (id, booking) in in_books {
            self.follow(between, &id, Some(booking).filter(Booking::is_active)).await?;
        }
        Ok(Followed::Everything)
    }

    /// Takes note of what has become of a booking that no book had.
    fn note_found(&mut self, id: &str, found: Found) {
        match found {
            Found::Nothing => drop(self.booked.remove(id)),
            Found::Back(there)
            | Found::FitsNow(there)
            | Found::Stray(there)
            | Found::StillStray(there) => {
                if let Some(known) = self.booked.get_mut(id) {
                    known.practitioner = Some(there);
                }
            }
        }
    }

    /// Makes an appointment what its booking is; cancels it where there is none any more.
    async fn follow(
        &mut self,
        between: Between<'_>,
        id: &str,
        booking: Option<Booking>,
    ) -> Result<(), SyncError> {
        let Some(known) = self.booked.get_mut(id) else { return Ok(()) };
        known.practitioner = booking.as_ref().map(|booking| booking.practitioner.clone());
        let follow =
            |appointment: &Appointment| followed(appointment, booking.as_ref(), between.setup);
        if Appointment::from_value(known.found.value.clone()).is_ok_and(|it| follow(&it).is_some())
        {
            alter(between.wire, id, follow).await?;
        }
        if booking.is_none() {
            self.booked.remove(id);
        }
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
        // First of all: whatever becomes of the wish, its time is looked at again.
        let slot = match wish.asks {
            Asks::Book | Asks::Rebook(_) => self.slot(wire, setup, wish).await?,
            Asks::Cancel => None,
        };
        let Some((patient, _)) = wire.find::<Patient>(&wish.patient).await? else {
            return refused(WishRefusal::Details);
        };
        let command = match (&wish.asks, slot) {
            (Asks::Cancel, _) => cancelling(&patient, wish, now),
            (_, None) => Err(WishRefusal::TimeGone),
            (Asks::Rebook(replaced), Some(slot)) => rebooking(&patient, wish, replaced, &slot, now),
            (Asks::Book, Some(slot)) => booking(&patient, wish, &slot, now),
        };
        let command = match command {
            Ok(command) => command,
            Err(why) => return refused(why),
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
        let found = wire.find::<crate::fhir::Slot>(&wish.slot).await?;
        let Some((slot, version)) = found else { return Ok(None) };
        let slot = read_slot(&slot, setup);
        self.taken.extend(slot.clone().map(|slot| (slot, version)));
        Ok(slot)
    }
}

fn cancelling(patient: &Patient, wish: &Wish, now: CivilTime) -> Result<Command, WishRefusal> {
    let e_id = read_number(patient, now.date()).filter(|_| wish.is_identified());
    let e_id = e_id.ok_or(WishRefusal::NotChangeable)?;
    Ok(Command::CancelOnline { portal_id: wish.portal_id.clone(), e_id })
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
        language: read_language(patient),
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
        language: read_language(patient),
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
    let found = wire.search(Appointment::KIND, &format!("{named}&status=booked")).await?;
    let mut ids: BTreeSet<String> = found.iter().map(|it| it.id().to_owned()).collect();
    // A booking's own id is its appointment's, unless it was named otherwise.
    ids.extend(Some(replaced.to_string()).filter(|id| is_id(id)));
    ids.remove(by);
    for id in ids {
        alter(wire, &id, |appointment| {
            let booked = appointment.status == AppointmentStatus::Booked;
            let status = AppointmentStatus::Cancelled;
            booked.then(|| Appointment { status, ..appointment.clone() })
        })
        .await?;
    }
    Ok(())
}
