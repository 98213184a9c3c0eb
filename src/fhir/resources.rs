//! The resources that agent and booking page exchange, with the fields that are used; others are kept.
//! Those of patients have no `Debug`: what is personal reaches no log.

use serde::{Deserialize, Serialize};

use super::elements::{
    Address, CodeableConcept, Communication, ContactPoint, Extension, HumanName, Identifier, Meta,
    Others, Reference,
};

/// Declares a resource: its id and meta first, then its own fields, then whatever else it holds.
macro_rules! resource {
    ($(#[$doc:meta])* $name:ident [$($derive:ident),*] { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Serialize, Deserialize, $($derive),*)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            #[serde(skip_serializing_if = "Option::is_none")]
            pub id: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub meta: Option<Meta>,
            $($(#[$field_doc])* pub $field: $kind,)*
            #[serde(flatten)]
            pub others: Others,
        }
    };
}

resource! {
    /// A company (*företag*), what patients know as the clinic.
    Organization [] {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        extension: Vec<Extension>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        identifier: Vec<Identifier>,
        #[serde(skip_serializing_if = "Option::is_none")]
        active: Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        telecom: Vec<ContactPoint>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        address: Vec<Address>,
    }
}

resource! {
    /// A practitioner (*behandlare*).
    Practitioner [] {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        identifier: Vec<Identifier>,
        #[serde(skip_serializing_if = "Option::is_none")]
        active: Option<bool>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        name: Vec<HumanName>,
    }
}

resource! {
    /// A booking template as patients see it.
    HealthcareService [Debug] {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        extension: Vec<Extension>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        identifier: Vec<Identifier>,
        #[serde(skip_serializing_if = "Option::is_none")]
        active: Option<bool>,
        #[serde(rename = "type", default, skip_serializing_if = "Vec::is_empty")]
        kind: Vec<CodeableConcept>,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        appointment_required: Option<bool>,
    }
}

resource! {
    /// A practitioner's appointment book.
    Schedule [Debug] {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        extension: Vec<Extension>,
        #[serde(skip_serializing_if = "Option::is_none")]
        active: Option<bool>,
        /// The practitioner.
        #[serde(default)]
        actor: Vec<Reference>,
    }
}

/// Whether a slot can be booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotStatus {
    #[default]
    Free,
    Busy,
    BusyUnavailable,
    BusyTentative,
    EnteredInError,
}

resource! {
    /// A bookable time.
    Slot [Debug] {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        service_type: Vec<CodeableConcept>,
        schedule: Reference,
        status: SlotStatus,
        /// An instant with the clinic's UTC offset, `2026-11-25T09:00:00+01:00`.
        start: String,
        end: String,
    }
}

/// How far a booking has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppointmentStatus {
    /// Asked for by a patient; the agent has not answered yet.
    #[default]
    Proposed,
    Pending,
    Booked,
    Arrived,
    Fulfilled,
    /// Cancelled, or refused with a reason.
    Cancelled,
    Noshow,
    EnteredInError,
    #[serde(rename = "checked-in")]
    CheckedIn,
    Waitlist,
}

/// Somebody who takes part in an appointment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Reference>,
    /// `accepted`, `declined`, `tentative` or `needs-action`.
    pub status: String,
    #[serde(flatten)]
    pub others: Others,
}

resource! {
    /// A booking, or a patient's wish for one.
    Appointment [] {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        extension: Vec<Extension>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        identifier: Vec<Identifier>,
        status: AppointmentStatus,
        /// Why it was cancelled or refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        cancelation_reason: Option<CodeableConcept>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        service_type: Vec<CodeableConcept>,
        #[serde(skip_serializing_if = "Option::is_none")]
        start: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        end: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        slot: Vec<Reference>,
        #[serde(default)]
        participant: Vec<Participant>,
    }
}

resource! {
    /// Who wants to book: what R14 requires, and in which language they are written to.
    Patient [] {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        identifier: Vec<Identifier>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        name: Vec<HumanName>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        telecom: Vec<ContactPoint>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        address: Vec<Address>,
        /// The languages that the patient is written to in.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        communication: Vec<Communication>,
    }
}
