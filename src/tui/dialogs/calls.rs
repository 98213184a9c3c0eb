//! *Behandlaren är sjuk*: a period's bookings to call about. State only. Pure.

use crate::clinic::{CallList, Command, ToCall};
use crate::domain::{DateRange, Patient, PatientId, PractitionerId};
use crate::tui::message::RequestId;

use super::Previewed;

/// The list of a period's bookings, and what withdrawing its preblocks would do.
pub struct CallBoard {
    pub practitioner: PractitionerId,
    pub days: DateRange,
    /// As last read; shown while it is read anew.
    pub list: Option<Box<CallList>>,
    /// The request that reads it.
    pub loading: Option<RequestId>,
    /// What withdrawing would do, as last told.
    pub withdrawal: Previewed,
    /// The request that asks what it would do now.
    pub asked: Option<RequestId>,
    pub selected: usize,
}

impl CallBoard {
    /// A list that has not been read yet.
    pub fn new(practitioner: PractitionerId, days: DateRange) -> Self {
        Self {
            practitioner,
            days,
            list: None,
            loading: None,
            withdrawal: Previewed::Nothing,
            asked: None,
            selected: 0,
        }
    }

    /// The bookings, as far as they are known.
    pub fn bookings(&self) -> &[ToCall] {
        self.list.as_ref().map_or(&[], |list| &list.bookings)
    }

    /// The selected booking.
    pub fn current(&self) -> Option<&ToCall> {
        self.bookings().get(self.selected)
    }

    /// A patient of the list.
    pub fn patient(&self, id: &PatientId) -> Option<&Patient> {
        let mut patients = self.bookings().iter().filter_map(|row| row.patient.as_ref());
        patients.find(|patient| patient.id == *id)
    }

    /// Moves the selection, stopping at the ends.
    pub fn select_by(&mut self, steps: isize) {
        let last = self.bookings().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(steps).min(last);
    }

    /// How many preblocks would be withdrawn, and how many times with them.
    pub fn published(&self) -> Option<(usize, usize)> {
        self.withdrawal.known().map(|preview| (preview.changes.len(), preview.lost.len()))
    }

    /// The command that withdraws the period's Internet preblocks.
    pub fn withdrawing(&self) -> Command {
        Command::WithdrawPreblocks { practitioner: self.practitioner.clone(), days: self.days }
    }
}
