//! What a command did, read back where it is stored, or would do.

use serde::{Deserialize, Serialize};

use super::{ClinicError, Refusal};
use crate::domain::{
    Actor, Booking, Change, CommandId, Confirmation, ITB, LaidOutside, PractitionerId, SkippedDay,
    Slot,
};
use crate::store::{Session, StoreError};

/// What a carried out command did.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub command: CommandId,
    /// Whose book was changed; `None` for the settings and for several books.
    pub practitioner: Option<PractitionerId>,
    pub changes: Vec<Change>,
}

/// What a command would do, for the screen to say in numbers before it is done.
#[derive(Clone, PartialEq, Eq)]
pub struct Preview {
    /// Whose book would be changed; `None` for the settings and for several books.
    pub practitioner: Option<PractitionerId>,
    pub changes: Vec<Change>,
    /// Bookable times that would appear.
    pub gained: Vec<Slot>,
    /// Bookable times that would disappear.
    pub lost: Vec<Slot>,
    /// What the user must confirm first (R13).
    pub to_confirm: Vec<Confirmation>,
    /// Red and closed days that a repeat leaves out (R19).
    pub skipped: Vec<SkippedDay>,
    /// Bookings and preblocks that would lie outside scheduled time (R1, R19).
    pub outside: Vec<LaidOutside>,
    /// Laid or repeated preblocks that lie on a public holiday or a closed day: the screens warn.
    pub on_red_days: Vec<SkippedDay>,
    /// Bookings with others that the same patient has at the time: the screens warn. Empty for who may
    /// not see patients (R17).
    pub elsewhere: Vec<Booking>,
}

/// The outcome of an earlier command of the actor's own.
pub(super) async fn own_outcome(
    session: &mut Session,
    actor: &Actor,
    command: &CommandId,
) -> Result<Outcome, ClinicError> {
    let stored = session.command(command).await?.ok_or(Refusal::NotYours)?;
    if stored.actor == ITB {
        return Err(Refusal::PatientsChange.into());
    }
    if stored.actor != actor.signature() {
        return Err(Refusal::NotYours.into());
    }
    Outcome::of_stored(&stored.outcome)
}

impl Outcome {
    /// As it is kept with its command.
    pub(super) fn to_stored(&self) -> Result<String, ClinicError> {
        Ok(serde_json::to_string(self).map_err(|_| unreadable())?)
    }

    /// Reads one that was kept.
    pub(super) fn of_stored(text: &str) -> Result<Self, ClinicError> {
        Ok(serde_json::from_str(text).map_err(|_| unreadable())?)
    }
}

fn unreadable() -> StoreError {
    StoreError::Unreadable { table: "command", column: 0 }
}

impl Preview {
    /// What would be done with nothing more to be said of it, and in no one's book.
    pub fn of_changes(changes: Vec<Change>) -> Self {
        Self {
            practitioner: None,
            changes,
            gained: Vec::new(),
            lost: Vec::new(),
            to_confirm: Vec::new(),
            skipped: Vec::new(),
            outside: Vec::new(),
            on_red_days: Vec::new(),
            elsewhere: Vec::new(),
        }
    }
}
