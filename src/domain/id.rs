//! Identities: one newtype per kind, so that a template's id can't stand where a practitioner's is meant.
//!
//! Ids are text chosen by whoever made the entity (the clinic file uses `AE`, `us30`); ordering is by
//! code point, which is what the clinic file's sorted arrays mean by order.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id with this text.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The id's text, as it stands in the clinic file and in the store.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }
    )+};
}

text_ids! {
    /// Identity of an [`Organisation`](super::Organisation).
    OrganisationId;
    /// Identity of a [`Company`](super::Company).
    CompanyId;
    /// Identity of a [`Practitioner`](super::Practitioner).
    PractitionerId;
    /// Identity of a [`Category`](super::Category).
    CategoryId;
    /// Identity of a [`PreblockType`](super::PreblockType).
    PreblockTypeId;
    /// Identity of a [`BookingTemplate`](super::BookingTemplate).
    TemplateId;
    /// Identity of a [`TemplateList`](super::TemplateList).
    TemplateListId;
    /// Identity of a [`PreblockList`](super::PreblockList).
    PreblockListId;
    /// Identity of a [`WeekTemplate`](super::WeekTemplate).
    WeekTemplateId;
    /// Identity of a [`WorkSession`](super::WorkSession); made by the program, not part of the clinic file.
    WorkSessionId;
    /// Identity of a [`Preblock`](super::Preblock); made by the program, not part of the clinic file.
    PreblockId;
    /// Identity of a [`Booking`](super::Booking).
    BookingId;
    /// Identity of a [`Patient`](super::Patient).
    PatientId;
    /// A [`User`](super::User)'s signature, which is also the user's identity.
    Signature;
    /// Identity of one issued command: a retry with the same id is carried out once.
    CommandId;
}
