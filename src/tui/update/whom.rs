//! Whom a booking is for: looking for patients in its form, and taking one of those found.

use std::sync::Arc;

use crate::clinic::ClinicError;
use crate::domain::{Patient, Permission};
use crate::texts::clinic_error;
use crate::tui::dialogs::{Looking, Overlay};
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

use super::booking::{form_mut, renew_preview};
use super::registering;

/// The search was changed: who was chosen no longer is, and patients are asked for anew.
pub(super) fn typed(model: &mut Model) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    let dropped = form.patient.take();
    let mut effects = look(model);
    if dropped.is_some() {
        effects.extend(renew_preview(model));
    }
    effects
}

/// Asks for the patients that are searched for.
pub(super) fn look(model: &mut Model) -> Vec<Effect> {
    let sees_patients = model.may(Permission::PatientView);
    let request = model.requests.next();
    let Some(form) = form_mut(model) else { return Vec::new() };
    (form.selected, form.looking) = (0, Looking::Done);
    if !form.is_choosing() || !sees_patients {
        form.found.clear();
        return Vec::new();
    }
    form.looking = Looking::Asked(request);
    let text = form.search.value().trim().to_owned();
    vec![Effect::FindPatients { request, text }]
}

/// Takes what is selected among the patients found: one of them, or registering somebody new. Nobody is
/// registered who may be there.
pub(super) fn take(model: &mut Model) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    match (form.looking, form.found.get(form.selected).cloned()) {
        (Looking::Asked(_), _) => Vec::new(),
        (Looking::Failed, _) => {
            form.error = None;
            look(model)
        }
        (Looking::Done, Some(patient)) => choose(model, patient),
        (Looking::Done, None) => registering::begin(model),
    }
}

/// Takes a patient who is registered already, and goes on.
pub(super) fn choose(model: &mut Model, patient: Patient) -> Vec<Effect> {
    let Some(form) = form_mut(model) else { return Vec::new() };
    form.patient = Some(patient);
    (form.registering, form.error) = (None, None);
    form.found.clear();
    form.selected = 0;
    form.step(1);
    renew_preview(model)
}

/// The patients that were searched for.
pub(super) fn found(
    model: &mut Model,
    request: RequestId,
    result: Result<Vec<Patient>, ClinicError>,
) -> Vec<Effect> {
    let (language, setup) = (model.language, Arc::clone(&model.setup));
    let forms = model.overlays.iter_mut().filter_map(|overlay| match overlay {
        Overlay::Booking(form) => Some(form),
        _ => None,
    });
    for form in forms {
        if form.looking == Looking::Asked(request) {
            form.selected = 0;
            match result {
                Ok(found) => (form.looking, form.found) = (Looking::Done, found),
                Err(error) => {
                    form.looking = Looking::Failed;
                    form.found.clear();
                    form.error = Some(clinic_error(language, &error, &setup));
                }
            }
            return Vec::new();
        }
        if let Some(new) = form.registering.as_mut().filter(|new| new.looking == Some(request)) {
            new.looking = None;
            new.taken = result.ok().and_then(|found| found.into_iter().next());
            return Vec::new();
        }
    }
    Vec::new()
}
