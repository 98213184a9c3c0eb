//! Looking for practitioners, patients and bookings, and going to what was found.

use crossterm::event::KeyEvent;

use crate::clinic::{ClinicError, Found};
use crate::domain::{CivilTime, PatientId, Permission, PractitionerId};
use crate::texts::clinic_error;
use crate::tui::dialogs::{Edited, Overlay, edit, paste};
use crate::tui::finder::{Finder, Hit};
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

use super::{grid, patient};

/// Opens the finder with nothing typed.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.overlays.push(Overlay::Finder(Box::default()));
    Vec::new()
}

fn finder(model: &mut Model) -> Option<&mut Finder> {
    match model.overlays.last_mut() {
        Some(Overlay::Finder(finder)) => Some(finder),
        _ => None,
    }
}

/// A key that is no command: typed.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    match finder(model).map(|finder| edit(&mut finder.input, key)) {
        Some(Edited::Yes) => typed(model),
        Some(Edited::No) | None => Vec::new(),
    }
}

/// A text was pasted.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(finder) = finder(model) {
        paste(&mut finder.input, text);
    }
    typed(model)
}

/// Asks for what is looked for now. What was found before is no longer what is meant.
fn typed(model: &mut Model) -> Vec<Effect> {
    let may = model.may(Permission::PatientView);
    let request = model.requests.next();
    let Some(finder) = finder(model) else { return Vec::new() };
    (finder.asked, finder.error, finder.selected) = (None, None, 0);
    finder.found = Found::default();
    let Some(text) = finder.sought().filter(|_| may) else { return Vec::new() };
    finder.asked = Some(request);
    vec![Effect::Find { request, text }]
}

/// An answer arrived; one to an earlier question is dropped.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<Box<Found>, ClinicError>,
) -> Vec<Effect> {
    let error = result.as_ref().err();
    let error = error.map(|error| clinic_error(model.language, error, &model.setup));
    let waiting = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Finder(finder) if finder.asked == Some(request) => Some(finder),
        _ => None,
    });
    let Some(finder) = waiting else { return Vec::new() };
    (finder.asked, finder.error) = (None, error);
    finder.found = result.map_or_else(|_| Found::default(), |found| *found);
    Vec::new()
}

/// Moves the selection, stopping at the ends.
pub(super) fn select_by(model: &mut Model, steps: isize) {
    let Some(Overlay::Finder(finder)) = model.overlays.last() else { return };
    let last = finder.hits(model).len().saturating_sub(1);
    let selected = finder.selected.saturating_add_signed(steps).min(last);
    select(model, selected);
}

/// Selects a line.
pub(super) fn select(model: &mut Model, at: usize) {
    if let Some(finder) = finder(model) {
        finder.selected = at;
    }
}

/// Where a line leads.
enum Way {
    Practitioner(PractitionerId),
    Patient(PatientId),
    Time(PractitionerId, CivilTime),
}

/// Goes to the selected line: the practitioner's week, the booking's time, the patient's card.
pub(super) fn chosen(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Finder(found)) = model.overlays.last() else { return Vec::new() };
    let Some(hit) = found.hits(model).get(found.selected).copied() else { return Vec::new() };
    let way = match hit {
        Hit::Practitioner(it) => Way::Practitioner(it.id.clone()),
        Hit::Patient(it) => Way::Patient(it.id.clone()),
        Hit::Booking(it) => Way::Time(it.practitioner.clone(), it.interval.start()),
    };
    match way {
        // Over what was found: one goes back to it.
        Way::Patient(id) => patient::open_patient_card(model, id),
        Way::Practitioner(id) => {
            model.overlays.pop();
            grid::show(model, id)
        }
        Way::Time(id, time) => {
            model.overlays.pop();
            grid::show_time(model, id, time)
        }
    }
}
