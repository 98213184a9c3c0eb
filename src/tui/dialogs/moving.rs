//! The form that moves a booking, or makes it longer or shorter (R13). State only. Pure.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::clinic::{Command, Confirmation, MovedBooking};
use crate::domain::{Booking, Interval, Minutes, PractitionerId, TemplateMinutes};
use crate::tui::form::OneOf;
use crate::tui::message::RequestId;

use super::{Confirmed, Previewed, ShortInput, When, neighbour};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveField {
    Day,
    Time,
    Minutes,
    Practitioner,
    Confirm,
    Save,
}

/// A booking that is being moved.
pub struct MoveForm {
    /// As it stood in the book when the form was opened.
    pub booking: Box<Booking>,
    pub when: When,
    pub minutes: ShortInput,
    pub practitioner: OneOf<PractitionerId>,
    pub confirmed: Confirmed,
    pub field: MoveField,
    pub preview: Previewed,
    /// What the store or a rule answered when it was to be saved.
    pub error: Option<String>,
    /// The request that saves it.
    pub saving: Option<RequestId>,
}

impl MoveForm {
    /// The fields there are now, in order.
    pub fn fields(&self) -> Vec<MoveField> {
        use MoveField::{Confirm, Day, Minutes, Practitioner, Save, Time};
        let mut fields = vec![Day, Time, Minutes, Practitioner];
        if !self.to_confirm().is_empty() {
            fields.push(Confirm);
        }
        fields.push(Save);
        fields
    }

    /// Moves to a neighbouring field, around the ends.
    pub fn step(&mut self, steps: isize) {
        self.when.rest();
        // Its length stands in a field of its own by now.
        self.when.keep_start();
        self.minutes.rest();
        self.field = neighbour(&self.fields(), self.field, steps);
    }

    /// The value that is typed into the focused field.
    pub fn short(&mut self) -> Option<&mut ShortInput> {
        match self.field {
            MoveField::Day => Some(&mut self.when.day),
            MoveField::Time => Some(&mut self.when.time),
            MoveField::Minutes => Some(&mut self.minutes),
            MoveField::Practitioner | MoveField::Confirm | MoveField::Save => None,
        }
    }

    /// What must be confirmed before it is saved (R13).
    pub fn to_confirm(&self) -> &[Confirmation] {
        self.preview.to_confirm()
    }

    /// The length as typed.
    pub fn to_minutes(&self) -> Option<Minutes> {
        let typed = self.minutes.value().trim().parse().ok()?;
        TemplateMinutes::new(typed).ok().map(TemplateMinutes::minutes)
    }

    /// Where it is to stand, once all of it can be read.
    pub fn interval(&self, today: NaiveDate) -> Option<Interval> {
        let start = self.when.start(today)?;
        Interval::new(start, start + self.to_minutes()?).ok()
    }

    /// Takes over the length of a stretch that is typed as the time.
    pub fn take_length(&mut self) {
        if let Some(length) = self.when.to_length() {
            self.minutes = ShortInput::new(length.0.to_string());
        }
    }

    /// Whose book it goes to.
    pub fn practitioner(&self) -> &PractitionerId {
        self.practitioner.chosen().map_or(&self.booking.practitioner, |item| &item.value)
    }

    /// Whether it is to stand elsewhere than it does.
    pub fn is_edited(&self, today: NaiveDate) -> bool {
        self.interval(today) != Some(self.booking.interval)
            || *self.practitioner() != self.booking.practitioner
    }

    /// Moves the time, or changes the length, by some minutes.
    pub fn shift(&mut self, by: i32) {
        match self.field {
            MoveField::Time => self.when.shift(by),
            MoveField::Minutes => {
                let Some(minutes) = self.to_minutes() else { return };
                let changed = TemplateMinutes::new(i64::from(minutes.0 + by));
                if let Ok(changed) = changed {
                    self.minutes = ShortInput::new(changed.minutes().0.to_string());
                }
            }
            _ => {}
        }
    }

    /// The command that moves it, confirming what `confirmed` says, once all of it can be read.
    pub fn command(&self, today: NaiveDate, confirmed: BTreeSet<Confirmation>) -> Option<Command> {
        Some(Command::MoveBooking(MovedBooking {
            booking: self.booking.id.clone(),
            seen: Some(self.booking.as_seen()),
            practitioner: self.practitioner().clone(),
            interval: self.interval(today)?,
            confirmed,
        }))
    }
}
