//! The patient's next check-up and the bookings that move it (*Flytta nästa rev*, R16). Pure.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::booking::Booking;
use super::id::{BookingId, PatientId};
use super::patient::Patient;
use super::template::BookingTemplate;
use super::time::CivilTime;

/// The recall as one booking has to do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallState {
    /// The patient's next recall date.
    pub date: Option<NaiveDate>,
    /// The date that the booking has moved it from, where it has.
    pub moved: Option<MovedFrom>,
}

/// What a recall date was before a booking moved it. Its field has a name, so that none is told from
/// not moved where it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedFrom {
    pub date: Option<NaiveDate>,
}

/// A patient's recall date moved by a booking, or moved back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallChange {
    pub patient: PatientId,
    pub booking: BookingId,
    pub before: RecallState,
    pub after: RecallState,
}

/// What a booking did to its patient's recall, as it is kept with the booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecallMove {
    pub from: MovedFrom,
    pub to: NaiveDate,
}

impl RecallChange {
    /// The change that takes this one back.
    pub fn reversed(self) -> Self {
        Self { before: self.after, after: self.before, ..self }
    }
}

/// What a new booking does to its patient's recall; `None` where its template does not move it.
pub fn recall_of_booking(
    patient: &Patient,
    template: &BookingTemplate,
    booking: &Booking,
) -> Option<RecallChange> {
    if !template.moves_recall {
        return None;
    }
    let date = patient.recall.date;
    let after = next_check_up(patient, booking)?;
    let moved = Some(MovedFrom { date });
    Some(RecallChange {
        patient: patient.id.clone(),
        booking: booking.id.clone(),
        before: RecallState { date, moved: None },
        after: RecallState { date: Some(after), moved },
    })
}

/// What becomes of a recall that a booking has moved, when the booking is changed; `after` is `None`
/// where it moves the recall no longer, as when it is cancelled. `None` where the date has changed
/// since: it is not the booking's any more.
pub fn recall_after_change(
    patient: &Patient,
    moved: RecallMove,
    before: &Booking,
    after: Option<&Booking>,
) -> Option<RecallChange> {
    if patient.recall.date != Some(moved.to) {
        return None;
    }
    let held = RecallState { date: Some(moved.to), moved: Some(moved.from) };
    let day = |booking: &Booking| booking.interval.start().date();
    let becomes = match after {
        None => RecallState { date: moved.from.date, moved: None },
        Some(after) if day(after) == day(before) => return None,
        Some(after) => {
            RecallState { date: Some(next_check_up(patient, after)?), moved: Some(moved.from) }
        }
    };
    Some(RecallChange {
        patient: patient.id.clone(),
        booking: before.id.clone(),
        before: held,
        after: becomes,
    })
}

/// The booking's date plus the interval, where such a date can be written.
fn next_check_up(patient: &Patient, booking: &Booking) -> Option<NaiveDate> {
    let day = booking.interval.start().date();
    let next = day.checked_add_months(Months::new(patient.recall.months))?;
    (next <= CivilTime::last().date()).then_some(next)
}
