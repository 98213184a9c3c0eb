//! What the agent's and the booking page's tokens may do, and the rules of wishes: a wish takes a free
//! slot in the transaction that stores it, and what is personal goes once the agent has answered. What is
//! left then is `erasure.rs`'s to say.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::erasure::{HashKey, bare, left_of_patient};
use super::page::Offers;
use super::refusal::Refusal;
use super::search::{Page, Search};
use super::shelf::{Shelf, Stored, Written};
use crate::fhir::{
    Appointment, AppointmentStatus, Extension, Participant, Patient, Practitioner, Reference,
    Resource, Schedule, Slot, SlotStatus, extended, names,
};

/// Whose token a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The clinic's agent: may everything, and is heard when it asks for wishes and publishes times.
    Agent,
    /// The booking page: reads what is offered, makes wishes and takes them back.
    Page,
}

/// Whether the agent has been heard from lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clinic {
    Heard,
    Silent,
}

/// Whether an agent that was last heard from then counts as at work.
pub(super) fn is_lately(
    heard: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    silence: TimeDelta,
) -> bool {
    // A clock that was set back has heard it later than now: that tells of no agent at work, either.
    heard.is_some_and(|heard| now.signed_duration_since(heard).abs() <= silence)
}

/// What a request has come for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// What it sees has been committed.
    Look,
    /// What it sees may come to nothing yet.
    Change,
}

/// What every desk has around it.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// How long the agent may be silent.
    pub silence: TimeDelta,
    pub key: &'a HashKey,
    /// What was offered when it was last looked at.
    pub offers: &'a Offers,
}

/// One request at work on a clinic's resources.
pub struct Desk<'a> {
    shelf: Shelf<'a>,
    role: Role,
    purpose: Purpose,
    clinic: Clinic,
    around: Around<'a>,
    /// Slots that this request has made busy already.
    taken: BTreeSet<String>,
}

impl<'a> Desk<'a> {
    /// A request by a role.
    ///
    /// # Errors
    /// The store.
    pub fn open(
        shelf: Shelf<'a>,
        role: Role,
        purpose: Purpose,
        around: Around<'a>,
    ) -> Result<Self, Refusal> {
        let lately = is_lately(shelf.agent_heard_at()?, shelf.now, around.silence);
        // What the agent itself has published is hidden from others only.
        let clinic = if lately || role == Role::Agent { Clinic::Heard } else { Clinic::Silent };
        Ok(Self { shelf, role, purpose, clinic, around, taken: BTreeSet::new() })
    }

    /// Whether a search for such resources tells that the agent is at work, and that is not written
    /// down yet.
    ///
    /// # Errors
    /// The store.
    pub fn is_news(&self, searched: &str) -> Result<bool, Refusal> {
        Ok(searched == Appointment::KIND && self.is_heard_anew()?)
    }

    /// Whether it is to be written down that the agent is at work, where it does what it does again and
    /// again as long as it lives. Somebody who tries its connection out does nothing of that kind.
    fn is_heard_anew(&self) -> Result<bool, Refusal> {
        if self.role == Role::Page {
            return Ok(false);
        }
        let heard = self.shelf.agent_heard_at()?;
        let age = heard.map(|heard| self.shelf.now.signed_duration_since(heard));
        // It asks several times a second: each time to write it down would wear out a disk. So the
        // clinic is taken for silent a little early, never late.
        let lately = TimeDelta::zero()..self.around.silence / 10;
        Ok(!age.is_some_and(|age| lately.contains(&age)))
    }

    /// Writes down that the agent is at work.
    ///
    /// # Errors
    /// The store.
    pub fn hear(&mut self) -> Result<(), Refusal> {
        self.shelf.hear_agent()
    }

    /// Whether the agent has not been heard from for so long that nothing is offered.
    pub(super) fn is_silent(&self) -> bool {
        self.clinic == Clinic::Silent
    }

    /// Refuses where the agent has not been heard from for so long that nothing is offered.
    ///
    /// # Errors
    /// [`Refusal::ClinicSilent`].
    pub(super) fn refuse_silent(&self) -> Result<(), Refusal> {
        if self.is_silent() { Err(Refusal::ClinicSilent) } else { Ok(()) }
    }

    /// The clinic's resources, without the rules of the desk.
    pub(super) fn shelf(&self) -> &Shelf<'a> {
        &self.shelf
    }

    /// What was offered when it was last looked at.
    pub(super) fn offers(&self) -> &'a Offers {
        self.around.offers
    }

    /// Whether what is seen here has been committed.
    pub(super) fn sees_committed(&self) -> bool {
        self.purpose == Purpose::Look
    }

    /// The hash under which a personnummer is known once it is erased.
    pub(super) fn hash(&self, personnummer: &str) -> String {
        self.around.key.hash(personnummer)
    }

    /// Refuses where the booking page looks at patients: a wish tells of one by its id, and whoever has
    /// the page's token is not to learn who asked on another page.
    fn may_look_at(&self, kind: &str) -> Result<(), Refusal> {
        match self.role {
            Role::Page if kind == Patient::KIND => Err(Refusal::Forbidden),
            Role::Page | Role::Agent => Ok(()),
        }
    }

    /// One resource. Of a silent clinic no free slot is told of.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::Forbidden`] where the booking page reads a patient; the store.
    pub fn read(&self, kind: &str, id: &str) -> Result<Stored, Refusal> {
        self.may_look_at(kind)?;
        let found = self.shelf.get(kind, id)?.ok_or(Refusal::NotFound)?;
        let free = kind == Slot::KIND && found.value.get("status") == Some(&json!("free"));
        match self.clinic {
            Clinic::Silent if free => Err(Refusal::NotFound),
            _ => Ok(found),
        }
    }

    /// What a search finds. Of a silent clinic no free slot is told of.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] where the booking page looks for patients; the store.
    pub fn search(&self, kind: &str, search: Search) -> Result<Page, Refusal> {
        self.may_look_at(kind)?;
        let search = match (self.clinic, kind) {
            (Clinic::Silent, Slot::KIND) => search.without("status", "free"),
            _ => search,
        };
        let search = match (self.role, kind) {
            (Role::Page, Slot::KIND) => search.without_held(self.shelf.now),
            _ => search,
        };
        search.run(&self.shelf)
    }

    /// Stores a new resource.
    ///
    /// # Errors
    /// What the role may not; the rules of wishes.
    pub fn create(&mut self, kind: &str, value: Value) -> Result<Stored, Refusal> {
        self.check(kind, &value)?;
        match (self.role, kind) {
            (Role::Agent, _) | (Role::Page, Patient::KIND) => self.shelf.add(kind, value),
            (Role::Page, Appointment::KIND) => self.wish(value),
            (Role::Page, _) => Err(Refusal::Forbidden),
        }
    }

    /// Stores a resource under its id.
    ///
    /// # Errors
    /// [`Refusal::Stale`]; what the role may not; the rules of wishes.
    pub fn put(
        &mut self,
        kind: &str,
        id: &str,
        value: Value,
        if_match: Option<&str>,
    ) -> Result<(Stored, Written), Refusal> {
        self.check(kind, &value)?;
        if kind == Slot::KIND && self.is_heard_anew()? {
            self.hear()?;
        }
        match (self.role, kind) {
            (Role::Agent, Appointment::KIND) => self.answer(id, value, if_match),
            (Role::Agent, _) => self.shelf.put(kind, id, value, if_match),
            (Role::Page, Slot::KIND) => self.take(id, value, if_match),
            (Role::Page, Appointment::KIND) => self.change_wish(id, value, if_match),
            (Role::Page, _) => Err(Refusal::Forbidden),
        }
    }

    /// Removes a resource; whether there was one.
    ///
    /// # Errors
    /// [`Refusal::Stale`]; what the role may not; the store.
    pub fn delete(
        &mut self,
        kind: &str,
        id: &str,
        if_match: Option<&str>,
    ) -> Result<bool, Refusal> {
        match self.role {
            Role::Agent => self.shelf.remove(kind, id, if_match),
            Role::Page => Err(Refusal::Forbidden),
        }
    }

    /// What the agent sends is stored as it is: slots and appointments, whose fields rules read again, must
    /// be legible. What the booking page sends is read whole by its own rules.
    fn check(&self, kind: &str, value: &Value) -> Result<(), Refusal> {
        match self.role {
            Role::Agent => legible(kind, value),
            Role::Page => Ok(()),
        }
    }

    /// The booking page makes a slot busy: nothing else of it changes, and only a free one is taken.
    fn take(
        &mut self,
        id: &str,
        value: Value,
        if_match: Option<&str>,
    ) -> Result<(Stored, Written), Refusal> {
        let before = self.shelf.get(Slot::KIND, id)?.ok_or(Refusal::NotFound)?;
        if self.shelf.is_held(id)? {
            return Err(Refusal::SlotTaken);
        }
        let (own, wished) = (Slot::from_value(before.value.clone())?, Slot::from_value(value)?);
        let busy = Slot { status: SlotStatus::Busy, ..own.clone() };
        let same = Slot { id: own.id.clone(), meta: None, ..wished }
            == Slot { meta: None, ..busy.clone() };
        if !same {
            return Err(Refusal::Forbidden);
        }
        if own.status != SlotStatus::Free {
            return Err(Refusal::SlotTaken);
        }
        let written = self.put_slot(id, &busy, if_match)?;
        self.taken.insert(id.to_owned());
        Ok(written)
    }

    fn put_slot(
        &self,
        id: &str,
        slot: &Slot,
        if_match: Option<&str>,
    ) -> Result<(Stored, Written), Refusal> {
        let value = slot.to_value().map_err(|_| Refusal::Invalid("a slot is a JSON object"))?;
        self.shelf.put(Slot::KIND, id, value, if_match)
    }

    /// A patient's wish to book, or to book instead of another booking: it takes its slot.
    fn wish(&mut self, value: Value) -> Result<Stored, Refusal> {
        self.refuse_silent()?;
        let mut wish = Appointment::from_value(value)?;
        let [slot] = wish.slot.as_slice() else {
            return Err(Refusal::Invalid("a wish names one slot"));
        };
        let slot_id = slot.id_of(Slot::KIND).ok_or(Refusal::Invalid("a wish names one slot"))?;
        let slot_id = slot_id.to_owned();
        let found = self.shelf.get(Slot::KIND, &slot_id)?.ok_or(Refusal::SlotTaken)?;
        if self.shelf.is_held(&slot_id)? {
            return Err(Refusal::SlotTaken);
        }
        let slot = Slot::from_value(found.value)?;
        let free = slot.status == SlotStatus::Free;
        if !free && !self.taken.contains(&slot_id) {
            return Err(Refusal::SlotTaken);
        }
        let given = wish.start.as_ref().is_none_or(|start| *start == slot.start)
            && wish.end.as_ref().is_none_or(|end| *end == slot.end);
        if !given {
            return Err(Refusal::Invalid("start and end are those of the slot"));
        }
        self.patient_of(&wish)?;
        if free {
            let busy = Slot { status: SlotStatus::Busy, ..slot.clone() };
            self.put_slot(&slot_id, &busy, None)?;
            self.taken.insert(slot_id);
        }
        wish.status = AppointmentStatus::Proposed;
        (wish.start, wish.end) = (Some(slot.start), Some(slot.end));
        tell_with_whom(&mut wish, slot.schedule.id_of(Schedule::KIND));
        wish.service_type = slot.service_type;
        self.shelf.add(Appointment::KIND, appointment_value(&wish)?)
    }

    /// Who a wish is for: a patient that is stored here.
    fn patient_of(&self, wish: &Appointment) -> Result<String, Refusal> {
        let missing = Refusal::Invalid("a wish has a patient among its participants");
        let mut ids =
            wish.participant.iter().filter_map(|it| it.actor.as_ref()?.id_of(Patient::KIND));
        let Some(id) = ids.next() else { return Err(missing) };
        match self.shelf.get(Patient::KIND, id)? {
            Some(_) => Ok(id.to_owned()),
            None => Err(missing),
        }
    }

    /// The booking page takes a wish back that is not answered yet, or wishes a booking cancelled: that
    /// is the agent's to answer.
    fn change_wish(
        &mut self,
        id: &str,
        value: Value,
        if_match: Option<&str>,
    ) -> Result<(Stored, Written), Refusal> {
        let before = self.shelf.get(Appointment::KIND, id)?.ok_or(Refusal::NotFound)?;
        let own = Appointment::from_value(before.value)?;
        let asked = Appointment::from_value(value)?;
        let wish = extended(&asked.extension, names::WISH).and_then(|it| it.value_code.as_deref());
        let cancels = asked.status == AppointmentStatus::Cancelled || wish == Some("cancel");
        match own.status {
            AppointmentStatus::Proposed if cancels => {
                self.free_slots(&own)?;
                let after = Appointment { status: AppointmentStatus::Cancelled, ..own };
                self.settle(id, after, if_match)
            }
            AppointmentStatus::Booked if cancels => {
                self.refuse_silent()?;
                self.patient_of(&asked)?;
                let is_patient = |it: &Participant| {
                    it.actor.as_ref().is_some_and(|actor| actor.id_of(Patient::KIND).is_some())
                };
                let patients = asked.participant.into_iter().filter(is_patient);
                let others = own.participant.iter().filter(|it| !is_patient(it)).cloned();
                let participant = patients.chain(others).collect();
                let mut after = Appointment { participant, ..own };
                after.extension.retain(|it| it.url != names::WISH && it.url != names::E_ID);
                after.extension.push(Extension::code(names::WISH, "cancel"));
                after.extension.extend(extended(&asked.extension, names::E_ID).cloned());
                self.shelf.put(Appointment::KIND, id, appointment_value(&after)?, if_match)
            }
            _ => Err(Refusal::Forbidden),
        }
    }

    fn free_slots(&self, wish: &Appointment) -> Result<(), Refusal> {
        for id in wish.slot.iter().filter_map(|it| it.id_of(Slot::KIND)) {
            let Some(found) = self.shelf.get(Slot::KIND, id)? else { continue };
            let slot = Slot::from_value(found.value)?;
            self.put_slot(id, &Slot { status: SlotStatus::Free, ..slot }, None)?;
        }
        Ok(())
    }

    /// The agent answers a wish: what is personal is erased with it.
    fn answer(
        &mut self,
        id: &str,
        value: Value,
        if_match: Option<&str>,
    ) -> Result<(Stored, Written), Refusal> {
        let answer = Appointment::from_value(value.clone())?;
        let wishes = extended(&answer.extension, names::WISH).is_some();
        let answered =
            matches!(answer.status, AppointmentStatus::Booked | AppointmentStatus::Cancelled);
        if answered && !wishes {
            return self.settle(id, answer, if_match);
        }
        self.shelf.put(Appointment::KIND, id, value, if_match)
    }

    /// Stores an appointment that waits for nothing any more: what was written beside what is needed,
    /// and what is personal of its patients, goes.
    ///
    /// # Errors
    /// [`Refusal::Stale`]; the store.
    pub(super) fn settle(
        &self,
        id: &str,
        appointment: Appointment,
        if_match: Option<&str>,
    ) -> Result<(Stored, Written), Refusal> {
        let settled = bare(appointment);
        let value = appointment_value(&settled)?;
        let written = self.shelf.put(Appointment::KIND, id, value, if_match)?;
        self.erase_patients(&settled)?;
        Ok(written)
    }

    /// Leaves of an appointment's patients only the keyed hash by which they find their own bookings.
    fn erase_patients(&self, of: &Appointment) -> Result<(), Refusal> {
        for id in of.participant.iter().filter_map(|it| it.actor.as_ref()?.id_of(Patient::KIND)) {
            let Some(found) = self.shelf.get(Patient::KIND, id)? else { continue };
            // Of one that can't be read nothing is left.
            let patient = Patient::from_value(found.value).unwrap_or_default();
            let left = left_of_patient(id, &patient, self.around.key);
            self.shelf.put(Patient::KIND, id, left, None)?;
        }
        Ok(())
    }
}

/// Whether slots and appointments are what their type says, with times that are instants.
///
/// # Errors
/// [`Refusal::NotThat`], [`Refusal::Invalid`].
fn legible(kind: &str, value: &Value) -> Result<(), Refusal> {
    let times = match kind {
        Slot::KIND => {
            let slot = Slot::from_value(value.clone())?;
            [Some(slot.start), Some(slot.end)]
        }
        Appointment::KIND => {
            let appointment = Appointment::from_value(value.clone())?;
            [appointment.start, appointment.end]
        }
        _ => return Ok(()),
    };
    let instant = |time: String| DateTime::parse_from_rfc3339(&time).is_ok();
    match times.into_iter().flatten().all(instant) {
        true => Ok(()),
        false => Err(Refusal::Invalid(
            "start and end are instants with an offset, 2026-11-25T09:00:00+01:00",
        )),
    }
}

/// Puts on a wish with whom it is, so that it is known when the slot is no more. A practitioner and
/// their book have one id.
fn tell_with_whom(wish: &mut Appointment, book: Option<&str>) {
    let named = |it: &Participant| {
        it.actor.as_ref().is_some_and(|actor| actor.id_of(Practitioner::KIND).is_some())
    };
    let book = book.filter(|_| !wish.participant.iter().any(named));
    wish.participant.extend(book.map(|id| Participant {
        actor: Some(Reference::to(Practitioner::KIND, id)),
        status: "accepted".to_owned(),
        ..Participant::default()
    }));
}

fn appointment_value(appointment: &Appointment) -> Result<Value, Refusal> {
    appointment.to_value().map_err(|_| Refusal::Invalid("an appointment is a JSON object"))
}
