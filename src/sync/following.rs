//! An appointment made what the books have: moved with its booking, or cancelled with it.

use super::error::SyncError;
use super::mapping::{instant, practitioner_wire_id};
use super::wire::{Wire, WireError};
use crate::domain::{Booking, PractitionerId, Setup};
use crate::fhir::{Appointment, AppointmentStatus, Participant, Practitioner, Reference, Resource};

/// A booked appointment as the books have it now; `None` where it is as they have it.
pub(super) fn followed(
    appointment: &Appointment,
    booking: Option<&Booking>,
    setup: &Setup,
) -> Option<Appointment> {
    if appointment.status != AppointmentStatus::Booked {
        return None;
    }
    let Some(booking) = booking else {
        return Some(Appointment { status: AppointmentStatus::Cancelled, ..appointment.clone() });
    };
    let (start, end) = (booking.interval.start(), booking.interval.end());
    let (start, end) = (instant(start, setup.zone), instant(end, setup.zone));
    let participant = with_practitioner(&appointment.participant, &booking.practitioner);
    let moved = (&appointment.start, &appointment.end, &appointment.participant)
        != (&start, &end, &participant);
    moved.then(|| Appointment { start, end, participant, ..appointment.clone() })
}

/// Those who take part, with the practitioner that it is now: where one was named.
fn with_practitioner(those: &[Participant], practitioner: &PractitionerId) -> Vec<Participant> {
    let id = practitioner_wire_id(practitioner);
    let mut those = those.to_vec();
    for actor in those.iter_mut().filter_map(|it| it.actor.as_mut()) {
        if actor.id_of(Practitioner::KIND).is_some_and(|named| named != id) {
            *actor = Reference::to(Practitioner::KIND, &id);
        }
    }
    those
}

/// Alters an appointment as it is stored now. Where somebody is faster twice, the next round looks anew.
pub(super) async fn alter(
    wire: &Wire,
    id: &str,
    to: impl Fn(&Appointment) -> Option<Appointment>,
) -> Result<(), SyncError> {
    let mut tries = 2;
    loop {
        let Some((before, version)) = wire.read::<Appointment>(id).await? else { return Ok(()) };
        let Some(after) = to(&before) else { return Ok(()) };
        let value = after.to_value()?;
        tries -= 1;
        match wire.put(Appointment::KIND, id, &value, Some(&version)).await {
            Err(WireError::Conflict) if tries > 0 => {}
            result => return Ok(result.map(|_| ())?),
        }
    }
}
