//! What the console is started with: for whom and what it is run, and how it looks. The model takes it
//! over; nothing of it is read again.

use crate::domain::{Actor, CommandId, PractitionerId};
use crate::texts::Language;

use super::access::Access;
use super::keymap::Keymap;
use super::message::Preferences;
use super::model::Status;
use super::sanitise::clean;
use super::theme::{Palette, Role, Symbols};

/// Where ids of new commands come from.
pub type CommandIds = Box<dyn FnMut() -> CommandId + Send>;

/// What the console is run for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Clinic,
    /// On the throw-away clinic; the title says so. With the booking page's server that runs beside it.
    Demo(Option<BookingPage>),
}

/// The booking page's server beside the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookingPage {
    /// It answers there; the guide is a file that tells how to try it.
    At {
        address: String,
        guide: String,
    },
    Missing {
        why: String,
    },
}

/// What the console is started with.
pub struct Options {
    pub actor: Actor,
    pub language: Language,
    pub palette: Palette,
    pub symbols: Symbols,
    pub preferences: Preferences,
    pub keymap: Keymap,
    pub purpose: Purpose,
    pub access: Access,
    /// Whose week is shown first; by default the first active one by name.
    pub practitioner: Option<PractitionerId>,
    pub command_ids: CommandIds,
}

impl BookingPage {
    /// What is told of it when the console opens.
    pub(super) fn greeting(&self, language: Language) -> Status {
        let texts = language.texts();
        match self {
            Self::At { address, .. } => {
                Status { text: texts.page_at(&clean(address)), role: Role::Plain }
            }
            Self::Missing { why } => {
                Status { text: texts.page_missing(&clean(why)), role: Role::Warning }
            }
        }
    }

    /// What the help tells of it.
    pub(super) fn told(&self, language: Language) -> String {
        let texts = language.texts();
        match self {
            Self::At { address, guide } => texts.page_guide(&clean(address), &clean(guide)),
            Self::Missing { why } => texts.page_missing(&clean(why)),
        }
    }
}
