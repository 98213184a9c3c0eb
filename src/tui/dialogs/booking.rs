//! The form in which staff book (R13). State only. Pure.

use std::collections::BTreeSet;

use tui_input::Input;

use crate::clinic::{BookingSubject, Command, Confirmation, StaffBooking};
use crate::domain::{Interval, Patient, PractitionerId};
use crate::tui::message::RequestId;

use super::{Previewed, neighbour};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookingField {
    Patient,
    Text,
    Confirm,
    Save,
}

/// Whether the user has confirmed what must be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    No,
    Yes,
}

/// A booking that is being made.
pub struct BookingForm {
    pub practitioner: PractitionerId,
    pub subject: BookingSubject,
    /// The template's name, or the category's.
    pub subject_name: String,
    pub interval: Interval,
    pub search: Input,
    pub patient: Option<Patient>,
    pub found: Vec<Patient>,
    pub selected: usize,
    pub searching: Option<RequestId>,
    pub text: Input,
    pub confirmed: Confirmed,
    pub field: BookingField,
    pub preview: Previewed,
    /// What the store or a rule answered when it was to be saved.
    pub error: Option<String>,
    /// The request that saves it.
    pub saving: Option<RequestId>,
}

impl BookingForm {
    /// What must be confirmed before it is saved (R13).
    pub fn to_confirm(&self) -> &[Confirmation] {
        match &self.preview {
            Previewed::Ready(preview) => &preview.to_confirm,
            _ => &[],
        }
    }

    /// The fields there are now, in order.
    pub fn fields(&self) -> Vec<BookingField> {
        let mut fields = vec![BookingField::Patient, BookingField::Text];
        if !self.to_confirm().is_empty() {
            fields.push(BookingField::Confirm);
        }
        fields.push(BookingField::Save);
        fields
    }

    /// Moves to a neighbouring field, around the ends.
    pub fn step(&mut self, steps: isize) {
        self.field = neighbour(&self.fields(), self.field, steps);
    }

    /// The command that saves it, confirming what `confirmed` says.
    pub fn command(&self, confirmed: BTreeSet<Confirmation>) -> Command {
        let text = self.text.value().trim();
        Command::Book(StaffBooking {
            practitioner: self.practitioner.clone(),
            start: self.interval.start(),
            what: self.subject.clone(),
            patient: self.patient.as_ref().map(|patient| patient.id.clone()).into(),
            text: (!text.is_empty()).then(|| text.to_owned()),
            confirmed,
        })
    }
}
