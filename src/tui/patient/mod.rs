//! Patients on screen: registering one, and the card. State only. Pure.

pub mod form;
mod offered;

use crate::clinic::PatientCard;
use crate::domain::{
    Booking, BookingId, OfferedContacts, Patient, PatientId, Permission, TemplateId,
};
use crate::tui::message::RequestId;
use crate::tui::model::Model;
use crate::tui::settings::{CardForm, Conflict};

pub use offered::{given, offer_lines};

/// A patient's card on screen.
pub struct PatientView {
    pub id: PatientId,
    pub card: Option<Box<PatientCard>>,
    /// The request that loads it.
    pub loading: Option<RequestId>,
    /// What the store answered instead.
    pub error: Option<String>,
    /// Index among the rows.
    pub selected: usize,
    pub editing: Option<Box<Editing>>,
}

/// A row of the card that leads somewhere.
#[derive(Clone, Copy)]
pub enum CardRow<'a> {
    /// Contacts that the patient gave online (R14).
    Offered(&'a OfferedContacts),
    Booking(&'a Booking),
}

impl CardRow<'_> {
    /// Which booking it is; `None` of what the patient offers.
    fn booking(&self) -> Option<&BookingId> {
        match self {
            CardRow::Offered(_) => None,
            CardRow::Booking(booking) => Some(&booking.id),
        }
    }
}

/// The personal details and the recall being filled in.
pub struct Editing {
    /// As they were when the form was opened.
    pub before: Patient,
    pub form: CardForm,
    /// The request that saves it.
    pub saving: Option<RequestId>,
    /// What was wrong with it as a whole.
    pub error: Option<String>,
    /// Somebody else was first: set until what they saved has been loaded and shown.
    pub conflict: Option<Conflict>,
}

impl PatientView {
    /// Before anything has been loaded.
    pub fn new(id: PatientId, loading: RequestId) -> Self {
        let loading = Some(loading);
        Self { id, card: None, loading, error: None, selected: 0, editing: None }
    }

    /// What can be selected: what the patient offers, the bookings to come, those that have been.
    pub fn rows(&self) -> Vec<CardRow<'_>> {
        let Some(card) = self.card.as_deref() else { return Vec::new() };
        let offered = card.offered.iter().map(CardRow::Offered);
        let bookings = card.coming.iter().chain(&card.past).map(CardRow::Booking);
        offered.chain(bookings).collect()
    }

    /// The selected row.
    pub fn row(&self) -> Option<CardRow<'_>> {
        self.rows().into_iter().nth(self.selected)
    }

    /// Moves the selection, stopping at the ends.
    pub fn select_by(&mut self, steps: isize) {
        let last = self.rows().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(steps).min(last);
    }

    /// Takes in what is stored now; whoever stands on a row stays on it.
    pub fn take(&mut self, card: Box<PatientCard>) {
        let kept = self.row().map(|row| row.booking().cloned());
        (self.card, self.error) = (Some(card), None);
        let is_kept = |row: &CardRow<'_>| kept.as_ref() == Some(&row.booking().cloned());
        self.selected = self.rows().iter().position(is_kept).unwrap_or(self.selected);
        self.select_by(0);
    }

    /// The template that booking from the recall starts with (R16), while one can be booked by it.
    pub fn recall_template(&self, model: &Model) -> Option<TemplateId> {
        let id = self.card.as_deref()?.patient.recall.template.clone()?;
        let found = model.setup.templates.get(&id)?;
        (found.active && found.recall).then_some(id)
    }
}

/// A booking from the recall, on its way to a time (R16).
#[derive(Clone)]
pub struct FromRecall {
    pub patient: Patient,
    pub template: TemplateId,
}

/// Why patients' cards can't be opened, if so (R17).
pub fn lacks_view(model: &Model) -> Option<String> {
    model.lacks(Permission::PatientView)
}
