//! What asks before something is pasted: where it goes, what that does, what must be chosen or
//! confirmed. State only. Pure.

use std::collections::BTreeSet;

use tui_input::Input;

use crate::clinic::{Command, Confirmation, MovedBooking, OverlapChoice, PastedPreblocks};
use crate::domain::{CivilTime, PractitionerId};
use crate::tui::clip::Clipped;

use super::repeat::next_overlap;
use super::{Confirmed, Previewed, neighbour};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasteField {
    /// What is done with preblocks in the way (R12).
    Overlap,
    /// Codes of types that ask for one (R18).
    Codes,
    /// What a booking has to have confirmed (R13).
    Confirm,
    Save,
}

/// Whether some of the types ask for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coded {
    No,
    Yes,
}

/// Something that is about to be pasted.
pub struct PasteForm {
    pub what: Clipped,
    /// Whose book it goes to.
    pub practitioner: PractitionerId,
    /// Where its upper left corner goes.
    pub at: CivilTime,
    pub overlap: OverlapChoice,
    pub coded: Coded,
    pub codes: Input,
    pub confirmed: Confirmed,
    pub field: PasteField,
    pub preview: Previewed,
    pub error: Option<&'static str>,
}

impl PasteForm {
    /// What must be confirmed first (R13).
    pub fn to_confirm(&self) -> &[Confirmation] {
        match &self.preview {
            Previewed::Ready(preview) => &preview.to_confirm,
            _ => &[],
        }
    }

    /// The fields there are now, in order.
    pub fn fields(&self) -> Vec<PasteField> {
        let mut fields = Vec::new();
        if matches!(self.what, Clipped::Preblocks { .. }) {
            fields.push(PasteField::Overlap);
        }
        if self.coded == Coded::Yes {
            fields.push(PasteField::Codes);
        }
        if !self.to_confirm().is_empty() {
            fields.push(PasteField::Confirm);
        }
        fields.push(PasteField::Save);
        fields
    }

    /// Moves to a neighbouring field, around the ends.
    pub fn step(&mut self, steps: isize) {
        self.field = neighbour(&self.fields(), self.field, steps);
    }

    /// Switches the focused choice; whether that asks for another preview.
    pub fn toggle(&mut self) -> bool {
        match self.field {
            PasteField::Overlap => {
                self.overlap = next_overlap(self.overlap);
                true
            }
            PasteField::Confirm => {
                self.confirmed = self.confirmed.other();
                false
            }
            PasteField::Codes | PasteField::Save => false,
        }
    }

    /// The command that pastes it, confirming what `confirmed` says; `None` where nothing lands.
    pub fn command(&self, confirmed: BTreeSet<Confirmation>) -> Option<Command> {
        let practitioner = self.practitioner.clone();
        Some(match &self.what {
            Clipped::Booking(booking) => Command::MoveBooking(MovedBooking {
                booking: booking.id.clone(),
                seen: Some(booking.as_seen()),
                practitioner,
                interval: *self.what.landing(self.at).first()?,
                confirmed,
            }),
            Clipped::Preblocks { .. } => Command::PastePreblocks(PastedPreblocks {
                practitioner,
                pasted: self.what.wanted(self.at),
                cut: self.what.cut_preblocks(),
                overlap: self.overlap,
                codes: self.codes.value().split_whitespace().map(str::to_owned).collect(),
            }),
        })
    }
}
