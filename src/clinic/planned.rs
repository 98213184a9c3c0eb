//! A plan of changes, and what every planning of them holds to: nothing new for somebody who has left or
//! by what is put away, no text that is too long, and an id for what is new. Reads and writes nothing.

use super::{Change, Confirmation, Refusal, new_id};
use crate::domain::{
    BookingTemplate, LONGEST_TEXT, PractitionerId, PreblockId, Setup, SkippedDay, TemplateId,
    WorkSessionId,
};

/// A command as the rules would carry it out.
pub(super) struct Plan {
    pub changes: Vec<Change>,
    pub to_confirm: Vec<Confirmation>,
    pub skipped: Vec<SkippedDay>,
}

impl From<Vec<Change>> for Plan {
    fn from(changes: Vec<Change>) -> Self {
        Self { changes, to_confirm: Vec::new(), skipped: Vec::new() }
    }
}

/// Nothing new is laid on the book of somebody who has left.
pub(super) fn active_practitioner(
    setup: &Setup,
    practitioner: &PractitionerId,
) -> Result<(), Refusal> {
    match setup.practitioners.get(practitioner) {
        None => Err(Refusal::UnknownPractitioner(practitioner.clone())),
        Some(found) if !found.active => Err(Refusal::InactivePractitioner(practitioner.clone())),
        Some(_) => Ok(()),
    }
}

/// The template with this id, which new bookings may have.
pub(super) fn active_template<'a>(
    setup: &'a Setup,
    id: &TemplateId,
) -> Result<&'a BookingTemplate, Refusal> {
    let template = setup.templates.get(id).ok_or_else(|| Refusal::UnknownTemplate(id.clone()))?;
    if template.active { Ok(template) } else { Err(Refusal::InactiveTemplate(id.clone())) }
}

/// That a text is not longer than texts may be.
pub(super) fn short_enough(text: &str) -> Result<(), Refusal> {
    match text.chars().count() > LONGEST_TEXT {
        true => Err(Refusal::TextTooLong(LONGEST_TEXT)),
        false => Ok(()),
    }
}

/// An id of a new work session.
pub(super) fn session_id() -> WorkSessionId {
    WorkSessionId::new(new_id())
}

/// An id of a new preblock.
pub(super) fn preblock_id() -> PreblockId {
    PreblockId::new(new_id())
}
