//! The bookings of whoever is logged in, found by the keyed hash of the personnummer (or the number
//! itself, until the agent has answered), and what may be done with each (R15).

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use rusqlite::named_params;

use crate::domain::{CivilTime, ClinicZone, Minutes, OnlineChange};
use crate::fhir::{
    Appointment, AppointmentStatus, Practitioner, Resource, extended, identified, names,
};

use super::super::desk::Desk;
use super::super::erasure::KNOWN_AS;
use super::super::refusal::Refusal;
use super::super::shelf::{Stored, stored};
use super::e_id::Who;
use super::form::number_of;
use super::offer::{Book, Company, Offer, Service};
use super::wish::{OF_PERSON, PATIENCE};

/// The code by which a clinic says that it is too late for a change.
pub const TOO_LATE: &str = "too-late";

/// How it stands with a booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The agent has not answered yet, for how long it may be.
    Asked(Wait),
    Booked,
    /// Booked, instead of an earlier time.
    Rebooked,
    /// Booked, and to be cancelled: the agent has not answered yet.
    ToBeCancelled(Wait),
    /// Booked still: the clinic refused to cancel it, for a reason by its code.
    Kept(String),
    Cancelled,
    /// Cancelled, since the patient rebooked it: when the time is instead.
    Replaced(DateTime<FixedOffset>),
    /// Never booked, for a reason by its code and in the clinic's words.
    Refused {
        code: String,
        words: Option<String>,
    },
}

/// How long an answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    Short,
    /// Longer than patients wait.
    Long,
}

/// A booking, or the wish for one.
#[derive(Clone)]
pub struct Mine {
    pub id: String,
    /// By which the clinic knows it.
    pub portal_id: String,
    pub standing: Standing,
    pub start: DateTime<FixedOffset>,
    pub end: DateTime<FixedOffset>,
    /// What it was booked as, where that is still offered.
    pub service: Option<Service>,
    pub book: Option<Book>,
    pub company: Option<Company>,
    /// The booking that a wish is to replace, while it is waited for.
    replaces: Option<String>,
}

/// Why a booking can't be changed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// It has begun.
    Past,
    /// It does not stand any more.
    Over,
    /// It was rebooked to this time.
    Replaced(DateTime<FixedOffset>),
    /// Something is asked of the clinic already.
    Waiting,
    /// The treatment is not changed online.
    NotOnline,
    /// The company is paused (R10): there is no other time to have.
    Closed,
    /// It was to be done so many hours before the start.
    TooLate { hours: i64 },
    /// The clinic has refused to cancel it as too late.
    WasTooLate,
    /// What it is, is not known here any more.
    Unknown,
}

impl Mine {
    fn read(found: Stored, offer: &Offer, now: DateTime<Utc>) -> Result<Option<Self>, Refusal> {
        let (id, updated_at) = (found.id, found.updated_at);
        let appointment = Appointment::from_value(found.value)?;
        let at = |time: &Option<String>| DateTime::parse_from_rfc3339(time.as_deref()?).ok();
        let (Some(start), Some(end)) = (at(&appointment.start), at(&appointment.end)) else {
            return Ok(None);
        };
        let service = appointment.service_type.iter().find_map(|it| it.code(names::TEMPLATE));
        // A practitioner and their book have one id on the wire.
        let mut actors = appointment.participant.iter().filter_map(|it| it.actor.as_ref());
        let book = actors.find_map(|actor| actor.id_of(Practitioner::KIND));
        let book = book.and_then(|id| offer.book(id));
        let company = book.and_then(|book| offer.company_of(book));
        let replaces = extended(&appointment.extension, names::REPLACES);
        Ok(Some(Self {
            portal_id: portal_id(&appointment, &id).to_owned(),
            standing: standing(&appointment, &id, updated_at, now),
            start,
            end,
            service: service.and_then(|code| offer.service_called(code)).cloned(),
            book: book.cloned(),
            company: company.cloned(),
            replaces: replaces.and_then(|it| it.value_string.clone()),
            id,
        }))
    }

    /// Whether its answer is waited for.
    fn is_asked(&self) -> bool {
        matches!(self.standing, Standing::Asked(_))
    }

    /// Whether it is booked, or may come to be.
    fn stands(&self) -> bool {
        !matches!(
            self.standing,
            Standing::Cancelled | Standing::Replaced(_) | Standing::Refused { .. }
        )
    }

    /// Whether its patient may do so now, as far as the page knows: the clinic decides (R15).
    ///
    /// # Errors
    /// [`WhyNot`], the first reason.
    pub fn may(&self, change: OnlineChange, now: DateTime<Utc>) -> Result<(), WhyNot> {
        if self.start <= now {
            return Err(WhyNot::Past);
        }
        match self.standing {
            Standing::Kept(ref code) if code == TOO_LATE => return Err(WhyNot::WasTooLate),
            Standing::Booked | Standing::Rebooked | Standing::Kept(_) => {}
            Standing::Asked(_) | Standing::ToBeCancelled(_) => return Err(WhyNot::Waiting),
            Standing::Replaced(to) => return Err(WhyNot::Replaced(to)),
            Standing::Cancelled | Standing::Refused { .. } => return Err(WhyNot::Over),
        }
        let service = self.service.as_ref().ok_or(WhyNot::Unknown)?;
        let flag = match change {
            OnlineChange::Rebook => service.may_rebook,
            OnlineChange::Cancel => service.may_cancel,
        };
        if !flag {
            return Err(WhyNot::NotOnline);
        }
        if let Some(hours) = service.change_hours
            && civil(now) >= before(civil(self.start.to_utc()), hours)
        {
            return Err(WhyNot::TooLate { hours });
        }
        match (change, &self.company) {
            (OnlineChange::Rebook, None) => Err(WhyNot::Unknown),
            (OnlineChange::Rebook, Some(company)) if company.paused => Err(WhyNot::Closed),
            (OnlineChange::Rebook | OnlineChange::Cancel, _) => Ok(()),
        }
    }
}

fn civil(instant: DateTime<Utc>) -> CivilTime {
    ClinicZone::default().civil(instant)
}

/// So many hours before a time, on the clock, as R15's deadline is reckoned.
fn before(time: CivilTime, hours: i64) -> CivilTime {
    let minutes = i32::try_from(hours.saturating_mul(60)).unwrap_or(i32::MAX);
    time - Minutes(minutes)
}

/// The portal's id of an appointment: that of the booking that it stands for, else its own.
fn portal_id<'a>(appointment: &'a Appointment, id: &'a str) -> &'a str {
    identified(&appointment.identifier, names::BOOKING).unwrap_or(id)
}

fn standing(
    appointment: &Appointment,
    id: &str,
    updated_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Standing {
    let waited: TimeDelta = now - updated_at;
    let wait = if waited < PATIENCE { Wait::Short } else { Wait::Long };
    let wish = extended(&appointment.extension, names::WISH);
    let cancels = wish.and_then(|it| it.value_code.as_deref()) == Some("cancel");
    let kept = extended(&appointment.extension, names::REFUSAL);
    let kept = kept.and_then(|it| it.value_code.clone());
    let reason = appointment.cancelation_reason.as_ref();
    let code = reason.and_then(|reason| reason.code(names::REFUSAL)).map(str::to_owned);
    match (appointment.status, code, kept) {
        (AppointmentStatus::Proposed | AppointmentStatus::Pending, _, _) => Standing::Asked(wait),
        (AppointmentStatus::Cancelled, Some(code), _) => {
            Standing::Refused { code, words: reason.and_then(|reason| reason.text.clone()) }
        }
        (AppointmentStatus::Cancelled | AppointmentStatus::EnteredInError, _, _) => {
            Standing::Cancelled
        }
        _ if cancels => Standing::ToBeCancelled(wait),
        (_, _, Some(code)) => Standing::Kept(code),
        // The agent gives what was rebooked the id of the booking that it was.
        _ if portal_id(appointment, id) != id => Standing::Rebooked,
        _ => Standing::Booked,
    }
}

/// Whoever's bookings and wishes, in order. One that is to be replaced counts as waited for.
fn found(desk: &Desk<'_>, who: &Who) -> Result<Vec<Mine>, Refusal> {
    let shelf = desk.shelf();
    let (system, number) = number_of(&who.personnummer);
    let sql = format!(
        "SELECT DISTINCT r.id, r.version, r.updated_at, r.content {OF_PERSON} \
         JOIN resource r ON r.clinic = a.clinic AND r.kind = a.kind AND r.id = a.id \
         WHERE p.clinic = :clinic AND p.kind = 'Patient' AND p.name = 'identifier' \
           AND p.value IN (:known, :number)"
    );
    let mut statement = shelf.transaction.prepare_cached(&sql)?;
    let rows = statement.query_map(
        named_params! {
            ":clinic": shelf.clinic,
            ":known": format!("{KNOWN_AS}|{}", who.known_as),
            ":number": format!("{system}|{number}"),
        },
        stored,
    )?;
    let offer = Offer::of(desk)?;
    let mut all = Vec::new();
    for row in rows {
        all.extend(Mine::read(row?, &offer, shelf.now)?);
    }
    all.sort_by(|one, other| (one.start, &one.id).cmp(&(other.start, &other.id)));
    let replaced: Vec<(String, Standing)> = all
        .iter()
        .filter(|it| it.is_asked())
        .filter_map(|it| Some((it.replaces.clone()?, it.standing.clone())))
        .collect();
    for (portal_id, standing) in replaced {
        let of_it = all.iter_mut().filter(|it| it.portal_id == portal_id && it.stands());
        of_it.for_each(|it| it.standing = standing.clone());
    }
    tell_replaced(&mut all);
    Ok(all)
}

/// A cancelled booking by whose id another one stands was rebooked.
fn tell_replaced(all: &mut [Mine]) {
    let standing = all.iter().filter(|it| it.stands() && !it.is_asked());
    let standing: Vec<_> = standing.map(|it| (it.portal_id.clone(), it.start)).collect();
    for it in all.iter_mut().filter(|it| it.standing == Standing::Cancelled) {
        let instead = standing.iter().find(|(portal_id, _)| *portal_id == it.portal_id);
        if let Some((_, start)) = instead {
            it.standing = Standing::Replaced(*start);
        }
    }
}

/// Everything that is booked or asked for: what is to come, in order, and what has been, newest first.
pub struct All {
    pub to_come: Vec<Mine>,
    pub been: Vec<Mine>,
}

impl All {
    /// Reads whoever's bookings.
    ///
    /// # Errors
    /// The store.
    pub fn read(desk: &Desk<'_>, who: &Who) -> Result<Self, Refusal> {
        let now = desk.shelf().now;
        let shown = |it: &Mine| it.stands() && it.replaces.is_none();
        let (to_come, mut been): (Vec<Mine>, Vec<Mine>) =
            found(desk, who)?.into_iter().filter(shown).partition(|it| it.start > now);
        been.retain(|it| !it.is_asked());
        been.reverse();
        Ok(Self { to_come, been })
    }
}

/// One of whoever's bookings.
///
/// # Errors
/// [`Refusal::NotFound`] where it is no more, and where it is another's: nobody is told which.
pub fn one(desk: &Desk<'_>, who: &Who, id: &str) -> Result<Mine, Refusal> {
    found(desk, who)?.into_iter().find(|it| it.id == id).ok_or(Refusal::NotFound)
}

/// A wish of whoever's that is to replace a booking and waits for its answer.
///
/// # Errors
/// The store.
pub fn replacing(desk: &Desk<'_>, who: &Who, portal_id: &str) -> Result<Option<Mine>, Refusal> {
    let fits = |it: &Mine| it.is_asked() && it.replaces.as_deref() == Some(portal_id);
    Ok(found(desk, who)?.into_iter().find(fits))
}
