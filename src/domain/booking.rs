//! Bookings: booked or cancelled times of a practitioner.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{BookingId, CategoryId, PatientId, PractitionerId, TemplateId};
use super::resource::{ResourceCode, ResourceCodes};
use super::resource_use::ResourceStep;
use super::time::Interval;

/// The registrar of every booking that a patient makes online; reserved.
pub const ITB: &str = "ITB";

/// Whether a booking takes its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BookingState {
    Booked,
    Cancelled,
}

/// What the booking page told of an online booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identification {
    /// Personal details typed into the form.
    Unverified,
    /// Identified with e-ID.
    EId,
}

/// A booked (or cancelled) time. `Debug` shows id and time only: the text may name the patient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    pub id: BookingId,
    pub practitioner: PractitionerId,
    pub interval: Interval,
    pub category: CategoryId,
    pub template: Option<TemplateId>,
    pub patient: Option<PatientId>,
    pub text: String,
    pub resources: ResourceCodes,
    /// Signature as text: its user may be gone. [`ITB`] for online bookings.
    pub registered_by: String,
    pub state: BookingState,
    /// The booking page's id of an online booking.
    pub portal_id: Option<String>,
    pub identification: Identification,
}

impl Booking {
    /// Whether it takes its time.
    pub fn is_active(&self) -> bool {
        self.state == BookingState::Booked
    }

    /// The resources that it takes from others: none once it is cancelled (R9).
    pub fn held_resources(&self) -> impl Iterator<Item = ResourceCode> + '_ {
        self.resources.iter().filter(|_| self.is_active())
    }

    /// The steps up and down of the resources that it holds (R9).
    pub fn resource_steps(&self) -> impl Iterator<Item = ResourceStep> + '_ {
        self.held_resources().flat_map(|resource| ResourceStep::of(resource, self.interval))
    }

    /// Whether a patient made it online.
    pub fn is_online(&self) -> bool {
        self.registered_by == ITB
    }
}

impl fmt::Debug for Booking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Booking({} {} {:?})", self.id, self.interval, self.state)
    }
}
