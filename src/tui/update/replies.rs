//! Answers from the store; those that no longer matter are dropped by their request id.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clinic::{
    Book, Change, ClinicError, Outcome, Preview, Refusal, RevisionScope, Revisions,
};
use crate::domain::{Booking, ChangeKind, Patient, SettingChange, Setup, Signature, User};
use crate::texts::{Deed, Thing, clinic_error};
use crate::tui::dialogs::{BookingField, Confirmed, Overlay, Previewed};
use crate::tui::history::{Ending, Kind};
use crate::tui::message::{Effect, Reply, RequestId};
use crate::tui::model::{Model, Phase, Status};
use crate::tui::theme::Role;

use super::settings::Refused;
use super::{
    change, clip, free, grid, load_book, load_setup, lock, log, password, recount, settings,
};

/// An answer arrived.
pub(super) fn arrived(model: &mut Model, request: RequestId, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Setup(result) if model.requests.setup == Some(request) => {
            model.requests.setup = None;
            match result {
                Ok((setup, users)) => set_up(model, setup, users),
                Err(error) => failed(model, &error),
            }
        }
        Reply::Book(result) if model.requests.book == Some(request) => {
            model.requests.book = None;
            match result {
                Ok(book) => booked(model, book),
                Err(error) => failed(model, &error),
            }
        }
        Reply::Preview(result) => previewed(model, request, result),
        Reply::Executed(result) => executed(model, request, result),
        Reply::Patients(result) => patients(model, request, result),
        Reply::Free(result) => free::arrived(model, request, result),
        Reply::Log(result) => match model.requests.log.take_if(|(id, _)| *id == request) {
            Some((_, question)) => match result {
                Ok(entries) => log::arrived(model, &question, &entries),
                Err(error) => failed(model, &error),
            },
            None => Vec::new(),
        },
        Reply::PasswordSet(result) => password::arrived(model, request, result),
        Reply::Unlocked(result) => lock::arrived(model, request, result),
        Reply::Rested => {
            if model.requests.rest == Some(request) {
                model.rested = model.cursor;
            }
            Vec::new()
        }
        Reply::Setup(_) | Reply::Book(_) => Vec::new(),
    }
}

/// Says what went wrong until the next key.
fn failed(model: &mut Model, error: &ClinicError) -> Vec<Effect> {
    let text = clinic_error(model.language, error, &model.setup);
    model.status = Some(Status { text, role: Role::Error });
    Vec::new()
}

fn set_up(model: &mut Model, setup: Arc<Setup>, users: BTreeMap<Signature, User>) -> Vec<Effect> {
    let first = model.phase == Phase::LoadingSetup;
    model.phase = Phase::Ready;
    model.setup = setup;
    model.take_users(users);
    settings::set_up(model);
    let known =
        model.practitioner.as_ref().is_some_and(|id| model.setup.practitioners.contains_key(id));
    if !known {
        model.practitioner = model
            .active_practitioners()
            .first()
            .copied()
            .or_else(|| model.setup.practitioners_by_name().first().copied())
            .map(|practitioner| practitioner.id.clone());
    }
    recount(model);
    let other = model.book.as_deref().map(|book| &book.practitioner) != model.practitioner.as_ref();
    if first || (other && model.requests.book.is_none()) {
        return load_book(model).into_iter().collect();
    }
    Vec::new()
}

/// A week arrived: takes it over without touching marking or menus; scrolls where it is another week
/// than before.
fn booked(model: &mut Model, book: Box<Book>) -> Vec<Effect> {
    let first = model.book.is_none();
    let turned = model
        .book
        .as_deref()
        .is_none_or(|before| before.practitioner != book.practitioner || before.days != book.days);
    model.book = Some(book);
    recount(model);
    if first {
        let (opens, closes) = grid::working_hours(model, model.cursor.date);
        let at = model.cursor.minute;
        let today = model.cursor.date == model.now.date();
        if !today || at < opens || at >= closes {
            model.cursor.minute = opens;
        }
        model.align();
        recount(model);
    }
    if turned {
        grid::show_working_day(model);
    }
    match model.polled.clone() {
        Some(polled) if is_behind(model, &polled) => load_book(model).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Revisions moved: asks for what they touch.
pub(super) fn polled(model: &mut Model, revisions: Revisions) -> Vec<Effect> {
    let mut effects = Vec::new();
    let settings = RevisionScope::Settings;
    let stale = match &model.setup_revisions {
        Some(seen) => revisions.get(&settings) > seen.get(&settings),
        None => true,
    };
    if stale && model.phase == Phase::Ready {
        effects.push(load_setup(model, Some(revisions.clone())));
    }
    if model.requests.book.is_none() && is_behind(model, &revisions) {
        effects.extend(load_book(model));
    }
    model.polled = Some(revisions);
    effects
}

/// Whether the shown book was read before one of the revisions that it depends on moved.
fn is_behind(model: &Model, polled: &Revisions) -> bool {
    let Some(book) = model.book.as_deref() else { return false };
    if Some(&book.practitioner) != model.practitioner.as_ref() || book.days != model.week() {
        return false;
    }
    // A poll may be older than the book: only what has moved on since counts.
    polled.iter().any(|(scope, now)| {
        let relevant = match scope {
            RevisionScope::Practitioner(id) => *id == book.practitioner,
            RevisionScope::Resource(_) | RevisionScope::Settings => true,
        };
        relevant && now > book.revisions.get(scope)
    })
}

fn previewed(
    model: &mut Model,
    request: RequestId,
    result: Result<Box<Preview>, ClinicError>,
) -> Vec<Effect> {
    let (language, setup, texts) = (model.language, Arc::clone(&model.setup), model.texts());
    let sentence = |error: &ClinicError| clinic_error(language, error, &setup);
    for overlay in &mut model.overlays {
        match overlay {
            Overlay::Menu(menu) => {
                let asked = menu.entries.iter_mut().find(|entry| entry.preview == Some(request));
                let Some(entry) = asked else { continue };
                entry.preview = None;
                match &result {
                    Ok(preview) => {
                        entry.right =
                            texts.gained_and_lost(preview.gained.len(), preview.lost.len());
                    }
                    Err(error) => {
                        entry.right.clear();
                        entry.disabled = Some(sentence(error));
                    }
                }
                return Vec::new();
            }
            Overlay::Booking(form) if form.preview.waits_for(request) => {
                form.preview = answer(result, sentence);
                if form.to_confirm().is_empty() && form.field == BookingField::Confirm {
                    form.field = BookingField::Save;
                }
                return Vec::new();
            }
            Overlay::Paste(form) if form.preview.waits_for(request) => {
                form.preview = answer(result, sentence);
                return Vec::new();
            }
            Overlay::Repeat(form) if form.preview.waits_for(request) => {
                form.preview = answer(result, sentence);
                return Vec::new();
            }
            _ => {}
        }
    }
    Vec::new()
}

fn answer(
    result: Result<Box<Preview>, ClinicError>,
    sentence: impl Fn(&ClinicError) -> String,
) -> Previewed {
    match result {
        Ok(preview) => Previewed::Ready(preview),
        Err(error) => Previewed::Refused(sentence(&error)),
    }
}

/// A command was carried out or refused: says so, and loads what it changed.
fn executed(
    model: &mut Model,
    request: RequestId,
    result: Result<Box<Outcome>, ClinicError>,
) -> Vec<Effect> {
    let ending = match &result {
        Ok(_) => Ending::Done,
        Err(ClinicError::Refused(_)) => Ending::Refused,
        Err(ClinicError::Store(_)) => Ending::Failed,
    };
    let Some(kind) = model.history.arrived(request, ending) else { return Vec::new() };
    let mut effects = Vec::new();
    match result {
        Ok(outcome) => {
            close_saved_form(model, request);
            settings::saved(model, request);
            clip::done(model, request);
            let text = said(model, &kind, &outcome);
            model.status = Some(Status { text, role: Role::Plain });
            let of_settings = |change: &Change| matches!(change, Change::Setting(_));
            if outcome.changes.iter().any(of_settings) {
                effects.push(load_setup(model, model.polled.clone()));
            }
        }
        Err(error) => {
            match settings::refused(model, request, &error) {
                Refused::Elsewhere => refuse(model, request, &error),
                Refused::OnCard => {}
                Refused::Behind => effects.push(load_setup(model, model.polled.clone())),
            }
            release_forms(model);
        }
    }
    effects.extend(load_book(model));
    effects.extend(change::advance(model));
    effects
}

/// Closes the form whose booking has been saved.
fn close_saved_form(model: &mut Model, request: RequestId) {
    let saved = |overlay: &Overlay| matches!(overlay, Overlay::Booking(form) if form.saving == Some(request));
    if model.overlays.iter().any(saved) {
        // The search that led to it has found what it was for.
        model.overlays.retain(|it| !saved(it) && !matches!(it, Overlay::Free(_)));
        model.marking = None;
    }
}

/// Says why not: at the form that it came from, else in the status line.
fn refuse(model: &mut Model, request: RequestId, error: &ClinicError) {
    let text = clinic_error(model.language, error, &model.setup);
    let form = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Booking(form) if form.saving == Some(request) => Some(form),
        _ => None,
    });
    match form {
        Some(form) => {
            form.saving = None;
            form.confirmed = Confirmed::No;
            if let ClinicError::Refused(Refusal::NeedsConfirmation(what)) = error
                && let Previewed::Ready(preview) = &mut form.preview
            {
                preview.to_confirm.clone_from(what);
                form.field = BookingField::Confirm;
            }
            form.error = Some(text);
        }
        None => model.status = Some(Status { text, role: Role::Error }),
    }
}

/// Gives back the forms whose changes waited behind one that failed, and so were never sent.
fn release_forms(model: &mut Model) {
    settings::release(model);
    let never_sent = model.texts().never_sent;
    for overlay in &mut model.overlays {
        if let Overlay::Booking(form) = overlay
            && form.saving.is_some_and(|request| !model.history.holds(request))
        {
            form.saving = None;
            form.error = Some(never_sent.to_owned());
        }
    }
}

/// What was done, in numbers.
fn said(model: &Model, kind: &Kind, outcome: &Outcome) -> String {
    let texts = model.texts();
    let done = texts.did(&deeds(&outcome.changes));
    match kind {
        Kind::Run => done,
        Kind::Undo(_) => format!("{} {done}", texts.undone()),
        Kind::Redo(_) => format!("{} {done}", texts.redone()),
    }
}

/// What was done to how many of what.
fn deeds(changes: &[Change]) -> Vec<(Deed, Thing, usize)> {
    let mut counts: BTreeMap<(Deed, Thing), usize> = BTreeMap::new();
    for change in changes {
        let (deed, thing) = match change {
            Change::Preblock { change, .. } => (deed(change.kind()), Thing::Preblock),
            Change::WorkSession(change) => (deed(change.kind()), Thing::Session),
            Change::Booking(change) => {
                let active = |booking: Option<&Booking>| booking.is_some_and(Booking::is_active);
                match (active(change.before()), change.after()) {
                    (true, Some(after)) if !after.is_active() => (Deed::Cancelled, Thing::Booking),
                    _ => (deed(change.kind()), Thing::Booking),
                }
            }
            Change::Setting(change) => match &**change {
                SettingChange::Patient(change) => (deed(change.kind()), Thing::Patient),
                change => (deed(change.kind()), Thing::Setting),
            },
        };
        *counts.entry((deed, thing)).or_default() += 1;
    }
    counts.into_iter().map(|((deed, thing), count)| (deed, thing, count)).collect()
}

fn deed(kind: ChangeKind) -> Deed {
    match kind {
        ChangeKind::Added => Deed::Added,
        ChangeKind::Removed => Deed::Removed,
        ChangeKind::Altered => Deed::Altered,
    }
}

/// How many were added, removed and altered.
pub(in crate::tui) fn count_changes(changes: &[Change]) -> (usize, usize, usize) {
    let mut counts = (0, 0, 0);
    for (deed, _, count) in deeds(changes) {
        match deed {
            Deed::Added => counts.0 += count,
            Deed::Removed | Deed::Cancelled => counts.1 += count,
            Deed::Altered => counts.2 += count,
        }
    }
    counts
}

fn patients(
    model: &mut Model,
    request: RequestId,
    result: Result<Vec<Patient>, ClinicError>,
) -> Vec<Effect> {
    let language = model.language;
    let setup = Arc::clone(&model.setup);
    let form = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Booking(form) if form.searching == Some(request) => Some(form),
        _ => None,
    });
    let Some(form) = form else { return Vec::new() };
    form.searching = None;
    form.selected = 0;
    match result {
        Ok(found) => form.found = found,
        Err(error) => {
            form.found.clear();
            form.error = Some(clinic_error(language, &error, &setup));
        }
    }
    Vec::new()
}
