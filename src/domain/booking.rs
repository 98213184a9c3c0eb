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

/// Whether it is known who made an online booking.
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
    /// What whoever looks at it sees of where it stands, and for whom.
    pub fn as_seen(&self) -> SeenBooking {
        SeenBooking {
            practitioner: self.practitioner.clone(),
            interval: self.interval,
            patient: self.patient.clone(),
        }
    }

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

/// Where a booking stood, and for whom, when somebody looked at it: what is then asked about it is
/// meant for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenBooking {
    pub practitioner: PractitionerId,
    pub interval: Interval,
    pub patient: Option<PatientId>,
}

/// What has become of a booking since somebody looked at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meanwhile {
    Cancelled,
    Moved {
        practitioner: PractitionerId,
        interval: Interval,
    },
    /// It stands where it stood, for somebody else.
    ForAnother,
}

impl SeenBooking {
    /// What has become of the booking that this was seen of; `None` where it stands as it did.
    pub fn meanwhile(&self, booking: &Booking) -> Option<Meanwhile> {
        let now = booking.as_seen();
        if !booking.is_active() {
            return Some(Meanwhile::Cancelled);
        }
        if (&now.practitioner, now.interval) != (&self.practitioner, self.interval) {
            let SeenBooking { practitioner, interval, .. } = now;
            return Some(Meanwhile::Moved { practitioner, interval });
        }
        (now.patient != self.patient).then_some(Meanwhile::ForAnother)
    }
}

impl fmt::Debug for Booking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Booking({} {} {:?})", self.id, self.interval, self.state)
    }
}
