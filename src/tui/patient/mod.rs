//! Patients on screen: registering one, and the card. State only. Pure.

pub mod form;

use crate::clinic::PatientCard;
use crate::domain::{Booking, Patient, PatientId, Permission, TemplateId};
use crate::tui::message::RequestId;
use crate::tui::model::Model;
use crate::tui::settings::{CardForm, Conflict};

/// A patient's card on screen.
pub struct PatientView {
    pub id: PatientId,
    pub card: Option<Box<PatientCard>>,
    /// The request that loads it.
    pub loading: Option<RequestId>,
    /// What the store answered instead.
    pub error: Option<String>,
    /// Index among the bookings that are told of.
    pub selected: usize,
    pub editing: Option<Box<Editing>>,
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

    /// The bookings that can be selected: those to come, then those that have been.
    pub fn bookings(&self) -> Vec<&Booking> {
        let Some(card) = self.card.as_deref() else { return Vec::new() };
        card.coming.iter().chain(&card.past).collect()
    }

    /// The selected booking.
    pub fn booking(&self) -> Option<&Booking> {
        self.bookings().get(self.selected).copied()
    }

    /// The template that booking from the recall starts with (R16), while one can be booked by it.
    pub fn recall_template(&self, model: &Model) -> Option<TemplateId> {
        let id = self.card.as_deref()?.patient.recall.template.clone()?;
        let found = model.setup.templates.get(&id)?;
        (found.active && found.recall).then_some(id)
    }
}

/// A booking from the recall, on its way to a time (R16).
pub struct FromRecall {
    pub patient: Patient,
    pub template: TemplateId,
}

/// Why patients' cards can't be opened, if so (R17).
pub fn lacks_view(model: &Model) -> Option<String> {
    let permission = Permission::PatientView;
    (!model.may(permission)).then(|| model.texts().lacks(permission))
}
