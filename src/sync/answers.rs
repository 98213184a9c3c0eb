//! What patients are told of a wish that could not be granted. Pure.

use crate::clinic::Refusal;
use crate::domain::{NotBookable, NotChangeable};

/// Why a wish is refused, as the wire says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishRefusal {
    /// Somebody was first, or the time is not offered any more.
    TimeGone,
    /// Something that is required was not given, or not as it must be.
    Details,
    /// The booking can't be changed online.
    NotChangeable,
    /// It is too late to change it online.
    TooLate,
    /// The clinic takes no bookings online now.
    Closed,
}

impl WishRefusal {
    /// What a refusal of the clinic means to a patient; says nothing of others (R22).
    pub fn of(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::NotBookable(NotBookable::Paused | NotBookable::CompanyPaused) => Self::Closed,
            Refusal::Faults(_) => Self::Details,
            Refusal::NotChangeable(NotChangeable::TooLate { .. }) => Self::TooLate,
            Refusal::NotChangeable(_) => Self::NotChangeable,
            _ => Self::TimeGone,
        }
    }

    /// Its code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::TimeGone => "time-gone",
            Self::Details => "details",
            Self::NotChangeable => "not-changeable",
            Self::TooLate => "too-late",
            Self::Closed => "closed",
        }
    }

    /// In patients' words.
    pub fn words(self) -> &'static str {
        match self {
            Self::TimeGone => "Tiden är tyvärr inte längre ledig.",
            Self::Details => "Någon uppgift saknas eller är fel skriven.",
            Self::NotChangeable => "Bokningen kan inte ändras här. Ring kliniken.",
            Self::TooLate => "Det är för sent att ändra bokningen här. Ring kliniken.",
            Self::Closed => "Kliniken tar tillfälligt inte emot bokningar här.",
        }
    }
}
