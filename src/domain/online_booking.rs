//! What patients do on the booking page: book (R14), rebook and cancel (R15). Pure.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::booking::{Booking, BookingState, ITB, Identification};
use super::id::{BookingId, PatientId, PractitionerId, TemplateId};
use super::personnummer::Personnummer;
use super::setup::Setup;
use super::slot::Slot;
use super::template::BookingTemplate;
use super::time::{CivilTime, Minutes};

/// The booking page's own id of a booking: applied twice it makes one (R14).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortalId(Arc<str>);

/// A text is no [`PortalId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a booking page's id is 1 to {LONGEST_PORTAL_ID} characters, none of them a control character"
)]
pub struct BadPortalId;

/// The longest id of a booking page, in characters.
const LONGEST_PORTAL_ID: usize = 100;

impl PortalId {
    /// # Errors
    /// [`BadPortalId`] where it is blank, too long or holds control characters.
    pub fn parse(text: &str) -> Result<Self, BadPortalId> {
        let good = !text.trim().is_empty()
            && text.chars().count() <= LONGEST_PORTAL_ID
            && !text.contains(char::is_control);
        if good { Ok(Self(text.into())) } else { Err(BadPortalId) }
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PortalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a patient may want to do with a booking (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlineChange {
    Rebook,
    Cancel,
}

/// Why a patient can't rebook or cancel (R15): the first thing that fails. Nothing of the booking is
/// told to anybody but its own patient.
///
/// `Display` is English and names things by id, for logs; whoever asks is told in the texts' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
pub enum NotChangeable {
    #[error("R15: the booking was not made on the booking page")]
    NotFromPortal,
    #[error("R15: the booking's patient has another personnummer than the e-ID")]
    AnotherPerson,
    #[error("R15: the booking is cancelled already")]
    Cancelled,
    #[error("R15: the template does not let patients do so; set it on the template")]
    Template,
    #[error("R15: the online settings do not let patients do so; set it there")]
    Settings,
    #[error("R15: it was to be done before {deadline}")]
    TooLate { deadline: CivilTime },
    #[error("R15: the practitioner belongs to another company")]
    AnotherCompany,
}

/// Whether a patient may do so with a booking (R15). `number` is that of the booking's patient,
/// `e_id` the one that e-ID told of whoever asks.
///
/// # Errors
/// The first condition that does not hold.
pub fn judge_online_change(
    change: OnlineChange,
    setup: &Setup,
    booking: &Booking,
    number: Option<&Personnummer>,
    e_id: &Personnummer,
    now: CivilTime,
) -> Result<(), NotChangeable> {
    if !booking.is_online() || booking.portal_id.is_none() {
        return Err(NotChangeable::NotFromPortal);
    }
    if number != Some(e_id) {
        return Err(NotChangeable::AnotherPerson);
    }
    if !booking.is_active() {
        return Err(NotChangeable::Cancelled);
    }
    let template = booking.template.as_ref().and_then(|id| setup.templates.get(id));
    let online = &setup.online;
    let (flag, setting) = match change {
        OnlineChange::Rebook => (template.is_some_and(|it| it.online_rebook), online.allow_rebook),
        OnlineChange::Cancel => (template.is_some_and(|it| it.online_cancel), online.allow_cancel),
    };
    if !flag {
        return Err(NotChangeable::Template);
    }
    if !setting {
        return Err(NotChangeable::Settings);
    }
    let hours = i32::try_from(online.change_deadline_hours).unwrap_or(i32::MAX / 60);
    let deadline = booking.interval.start() - Minutes(hours.saturating_mul(60));
    if now >= deadline {
        return Err(NotChangeable::TooLate { deadline });
    }
    Ok(())
}

/// Whether a booking may go from one practitioner to another: within the company (R15).
///
/// # Errors
/// [`NotChangeable::AnotherCompany`].
pub fn within_company(
    setup: &Setup,
    from: &PractitionerId,
    to: &PractitionerId,
) -> Result<(), NotChangeable> {
    let company = |id| setup.practitioners.get(id).map(|found| &found.company);
    if company(from) == company(to) { Ok(()) } else { Err(NotChangeable::AnotherCompany) }
}

/// The booking of a time that the resolver has found bookable (R14); nobody's where it is not known any
/// more who made it.
pub fn online_booking(
    id: BookingId,
    slot: Slot,
    template: &BookingTemplate,
    patient: Option<PatientId>,
    portal_id: &PortalId,
    identification: Identification,
) -> Booking {
    Booking {
        id,
        practitioner: slot.practitioner,
        interval: slot.interval,
        category: template.category.clone(),
        template: Some(TemplateId::clone(&template.id)),
        patient,
        text: template.calendar_text.clone(),
        resources: template.resources.clone(),
        registered_by: ITB.to_owned(),
        state: BookingState::Booked,
        portal_id: Some(portal_id.as_str().to_owned()),
        identification,
    }
}
