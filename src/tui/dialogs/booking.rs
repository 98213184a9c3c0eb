//! The form in which staff book, or change what a booking is (R13). State only. Pure.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use tui_input::Input;

use crate::clinic::{
    BookedFor, BookingSubject, Command, Confirmation, EditedBooking, StaffBooking,
};
use crate::domain::{
    Booking, Interval, NewPatient, Patient, PatientId, PractitionerId, TemplateId, TemplateMinutes,
};
use crate::tui::form::OneOf;
use crate::tui::message::RequestId;
use crate::tui::settings::CardForm;

use super::{Previewed, ShortInput, When, neighbour};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookingField {
    Day,
    Time,
    Template,
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

impl Confirmed {
    /// The other answer.
    pub fn other(self) -> Self {
        match self {
            Confirmed::No => Confirmed::Yes,
            Confirmed::Yes => Confirmed::No,
        }
    }
}

/// How far looking for patients has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    /// Who was found is there.
    Done,
    /// The request that will bring them.
    Asked(RequestId),
    /// There was no answer: whether anybody is there is not known.
    Failed,
}

/// What is being made of a booking.
pub enum Making {
    New {
        subject: BookingSubject,
        /// The template's name, or the category's.
        name: String,
        /// When it is to begin, as typed.
        when: When,
    },
    Edited {
        /// As it is stored, as far as the screen knows.
        seen: Box<Booking>,
        /// As it was before somebody else changed it.
        before: Option<Box<Booking>>,
        /// `None` leaves it what it was booked by.
        template: OneOf<Option<TemplateId>>,
    },
}

/// What of when a booking is to be can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    Day,
    Time,
    /// The stretch is not as long as the template.
    Length,
}

/// Somebody new who is being registered along with the booking.
pub struct Registering {
    pub form: CardForm,
    /// The request that looks for the number.
    pub looking: Option<RequestId>,
    /// Whose number it is already.
    pub taken: Option<Patient>,
}

/// A booking that is being made or edited.
pub struct BookingForm {
    pub practitioner: PractitionerId,
    pub making: Making,
    /// When it is to be, as far as it can be read.
    pub interval: Interval,
    pub search: Input,
    pub patient: Option<Patient>,
    /// The patient of an edited booking whom the user may not see (R17): stays.
    pub unseen: Option<PatientId>,
    pub registering: Option<Box<Registering>>,
    pub found: Vec<Patient>,
    /// Index among the patients found; after the last, registering a new one.
    pub selected: usize,
    pub looking: Looking,
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
        self.preview.to_confirm()
    }

    /// The fields there are now, in order.
    pub fn fields(&self) -> Vec<BookingField> {
        use BookingField::{Day, Patient, Template, Text, Time};
        let mut fields = match self.making {
            Making::New { .. } => vec![Day, Time, Patient, Text],
            Making::Edited { .. } => vec![Template, Patient, Text],
        };
        if !self.to_confirm().is_empty() {
            fields.push(BookingField::Confirm);
        }
        fields.push(BookingField::Save);
        fields
    }

    /// Moves to a neighbouring field, around the ends; while somebody is registered, through the
    /// fields of that first.
    pub fn step(&mut self, steps: isize) {
        if self.field == BookingField::Patient
            && let Some(registering) = &mut self.registering
        {
            let last = registering.form.fields().len().saturating_sub(1);
            let next = registering.form.focus().checked_add_signed(steps);
            if next.is_some_and(|next| next <= last) {
                return registering.form.step(steps);
            }
        }
        if let Making::New { when, .. } = &mut self.making {
            when.rest();
        }
        self.field = neighbour(&self.fields(), self.field, steps);
    }

    /// The day or the time that is typed into, while it has the focus.
    pub fn short(&mut self) -> Option<&mut ShortInput> {
        let Making::New { when, .. } = &mut self.making else { return None };
        match self.field {
            BookingField::Day => Some(&mut when.day),
            BookingField::Time => Some(&mut when.time),
            _ => None,
        }
    }

    /// What of when it is to be can't be taken, if something can't.
    pub fn unreadable(&self, today: NaiveDate) -> Option<Unreadable> {
        let Making::New { when, .. } = &self.making else { return None };
        let own = self.interval.length();
        match (when.to_day(today), when.to_time()) {
            (None, _) => Some(Unreadable::Day),
            (_, None) => Some(Unreadable::Time),
            (Some(_), Some(_)) => {
                let other = when.to_length().is_some_and(|length| length != own);
                other.then_some(Unreadable::Length)
            }
        }
    }

    /// Follows what was typed as day and time; whether it can be taken.
    pub fn follow(&mut self, today: NaiveDate) -> bool {
        let Making::New { subject, when, .. } = &mut self.making else { return false };
        let Some(start) = when.start(today) else { return false };
        let mut length = self.interval.length();
        // Without a template it is as long as it is said to be.
        if let (BookingSubject::Free { minutes, .. }, Some(typed)) = (subject, when.to_length())
            && let Ok(typed) = TemplateMinutes::new(typed.0.into())
        {
            (*minutes, length) = (typed, typed.minutes());
        }
        if when.to_length().is_some_and(|typed| typed != length) {
            return false;
        }
        let Ok(moved) = Interval::new(start, start + length) else { return false };
        self.interval = moved;
        true
    }

    /// Whether patients are there to choose from, or one to register.
    pub fn is_choosing(&self) -> bool {
        let typed = self.search.value().trim().chars().count() >= SEARCH_FROM;
        self.field == BookingField::Patient
            && self.patient.is_none()
            && self.registering.is_none()
            && typed
    }

    /// Whether a patient was searched for and none taken.
    pub fn is_unchosen(&self) -> bool {
        let typed = !self.search.value().trim().is_empty();
        typed && self.patient.is_none() && self.registering.is_none()
    }

    /// Whether something has been filled in that would be lost.
    pub fn is_edited(&self) -> bool {
        let registering = self.registering.as_ref().is_some_and(|new| new.form.is_edited());
        let own = match &self.making {
            Making::New { .. } => {
                // Who came along with the recall has no search behind it.
                let chosen = self.patient.is_some() && !self.search.value().trim().is_empty();
                let confirmed = self.confirmed == Confirmed::Yes;
                chosen || confirmed || !self.text.value().trim().is_empty()
            }
            Making::Edited { seen, .. } => self.differs_from(seen),
        };
        registering || own
    }

    /// Whether it makes a booking for a patient who is registered already.
    pub fn books(&self, patient: &PatientId) -> bool {
        let chosen = self.patient.as_ref().map(|chosen| &chosen.id);
        matches!(self.making, Making::New { .. }) && chosen == Some(patient)
    }

    /// Whether an edited booking would become another.
    pub fn differs_from(&self, seen: &Booking) -> bool {
        self.registering.is_some()
            || self.chosen() != seen.patient.as_ref()
            || self.text.value().trim() != seen.text.trim()
            || self.template().is_some()
    }

    /// The patient that is chosen, or stays.
    pub fn chosen(&self) -> Option<&PatientId> {
        self.patient.as_ref().map(|patient| &patient.id).or(self.unseen.as_ref())
    }

    /// The template in place of what an edited booking was booked by.
    pub fn template(&self) -> Option<&TemplateId> {
        match &self.making {
            Making::New { .. } => None,
            Making::Edited { template, .. } => template.chosen()?.value.as_ref(),
        }
    }

    /// The command that saves it, for somebody new where there is one, confirming what `confirmed`
    /// says.
    pub fn command(&self, new: Option<NewPatient>, confirmed: BTreeSet<Confirmation>) -> Command {
        let text = self.text.value().trim().to_owned();
        let patient = match new {
            Some(new) => BookedFor::New(Box::new(new)),
            None => self.chosen().cloned().into(),
        };
        match &self.making {
            Making::New { subject, .. } => Command::Book(StaffBooking {
                practitioner: self.practitioner.clone(),
                start: self.interval.start(),
                what: subject.clone(),
                patient,
                text: (!text.is_empty()).then_some(text),
                confirmed,
            }),
            Making::Edited { seen, .. } => Command::EditBooking(EditedBooking {
                seen: seen.clone(),
                template: self.template().cloned(),
                patient,
                text,
                confirmed,
            }),
        }
    }
}

/// Fewest characters that are searched for.
pub const SEARCH_FROM: usize = 2;
