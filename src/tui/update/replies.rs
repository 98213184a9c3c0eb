//! Answers from the store; those that no longer matter are dropped by their request id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::clinic::{Book, Change, ClinicError, Outcome, Preview, RevisionScope, Revisions};
use crate::domain::{PractitionerId, Setup, Signature, User};
use crate::texts::{Texts, clinic_error};
use crate::tui::deeds::{place, told, what_and_where};
use crate::tui::dialogs::{BookingField, Choice, Entry, MoveField, Overlay, PasteField, Previewed};
use crate::tui::history::{Ending, Kind};
use crate::tui::message::{Effect, Reply, RequestId};
use crate::tui::model::{Model, OpenBook, Phase, Spread, Status};
use crate::tui::patient::FromRecall;
use crate::tui::theme::Role;

use super::card::Refused;
use super::{
    agent, booking, calls, card, change, clip, day_list, failed, finder, free, grid, inbox,
    load_books, load_setup, load_these, lock, log, log_list, meanwhile, moving, password, patient,
    recount, settings, unanswered, whom,
};

/// An answer arrived.
pub(super) fn arrived(model: &mut Model, request: RequestId, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Setup(result) if model.requests.setup == Some(request) => {
            model.requests.setup = None;
            match result {
                Ok((setup, users)) => set_up(model, setup, users),
                Err(error) => unanswered(model, &error),
            }
        }
        Reply::Books(result) if model.requests.is_for_books(request) => {
            model.requests.books = None;
            match result {
                Ok(books) => booked(model, books),
                Err(error) => unanswered(model, &error),
            }
        }
        Reply::Preview(result) => previewed(model, request, result),
        Reply::Executed(result) => executed(model, request, result),
        Reply::Patients(result) => whom::found(model, request, result),
        Reply::Free(result) => free::arrived(model, request, result),
        Reply::Patient(result) => patient::arrived(model, request, result),
        Reply::Log(result) => match model.requests.log.take_if(|(id, _)| *id == request) {
            Some((_, question)) => match result {
                Ok(entries) => log::arrived(model, &question, &entries),
                Err(error) => unanswered(model, &error),
            },
            None => log_list::arrived(model, request, result),
        },
        Reply::Found(result) => finder::arrived(model, request, result),
        Reply::Inbox(result) if model.requests.inbox == Some(request) => {
            model.requests.inbox = None;
            inbox::arrived(model, result)
        }
        Reply::SeenKept(result) => inbox::kept(model, result),
        Reply::AgentAsked(result) => agent::asked(model, result),
        Reply::Agent(result) => agent::arrived(model, request, result),
        Reply::PasswordSet(result) => password::arrived(model, request, result),
        Reply::Unlocked(result) => lock::arrived(model, request, result),
        Reply::DayList(result) => day_list::arrived(model, request, result),
        Reply::Calls(result) => calls::arrived(model, request, result),
        Reply::Rested => {
            if model.requests.rest == Some(request) {
                model.rested = model.spot();
            }
            Vec::new()
        }
        Reply::Setup(_) | Reply::Books(_) | Reply::Inbox(_) => Vec::new(),
    }
}

fn set_up(model: &mut Model, setup: Arc<Setup>, users: BTreeMap<Signature, User>) -> Vec<Effect> {
    let first = model.phase == Phase::LoadingSetup;
    let selected = settings::selected_id(model);
    model.phase = Phase::Ready;
    model.setup = setup;
    model.take_users(users);
    settings::set_up(model, selected);
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
    if first {
        return load_books(model).into_iter().collect();
    }
    if model.requests.books.is_none() {
        let mut strangers = model.practitioners_shown();
        strangers.retain(|id| !model.books.contains_key(id));
        return load_these(model, strangers).into_iter().collect();
    }
    Vec::new()
}

/// Books arrived: takes them over without touching marking or menus; scrolls where one is another
/// practitioner's or week's than before.
fn booked(model: &mut Model, books: Vec<Book>) -> Vec<Effect> {
    let first = model.books.is_empty();
    let shown = model.practitioners_shown();
    let turned = shown.iter().any(|id| model.open_book(id).is_none());
    model.books.retain(|id, _| shown.contains(id));
    for book in books {
        let open = OpenBook { slots: Vec::new(), book };
        model.books.insert(open.book.practitioner.clone(), open);
    }
    booking::book_arrived(model);
    let asked_anew = meanwhile::books_arrived(model);
    recount(model);
    if first {
        let (opens, closes) = grid::working_hours(model);
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
    let mut wanted = model.practitioners_shown();
    let polled = model.polled.clone();
    wanted.retain(|id| match (model.open_book(id), &polled) {
        (None, _) => true,
        (Some(_), Some(polled)) => is_behind(model, id, polled),
        (Some(_), None) => false,
    });
    load_these(model, wanted).into_iter().chain(asked_anew).collect()
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
    if model.requests.books.is_none() {
        let mut moved = model.practitioners_shown();
        moved.retain(|id| is_behind(model, id, &revisions));
        effects.extend(load_these(model, moved));
    }
    effects.extend(calls::polled(model, &revisions));
    effects.extend(patient::reload_if_seen(model));
    effects.extend(inbox::polled(model, &revisions));
    model.polled = Some(revisions);
    effects
}

/// Whether a practitioner's book was read before one of the revisions that it depends on moved.
fn is_behind(model: &Model, practitioner: &PractitionerId, polled: &Revisions) -> bool {
    let Some(OpenBook { book, .. }) = model.open_book(practitioner) else { return false };
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
    if card::counts(model, request) {
        return match result {
            Ok(preview) => card::counted(model, preview),
            Err(error) if card::uncounted(model, request, &error) == Refused::Behind => {
                vec![load_setup(model, model.polled.clone())]
            }
            Err(_) => Vec::new(),
        };
    }
    let (language, setup, texts) = (model.language, Arc::clone(&model.setup), model.texts());
    let sentence = |error: &ClinicError| clinic_error(language, error, &setup);
    for overlay in &mut model.overlays {
        match overlay {
            Overlay::Menu(menu) if menu.effect.waits_for(request) => {
                menu.effect = answer(result, sentence);
                for entry in &mut menu.entries {
                    hold(entry, &menu.effect);
                }
                return Vec::new();
            }
            Overlay::Menu(menu) => {
                let asked = menu.entries.iter_mut().find(|entry| entry.preview == Some(request));
                let Some(entry) = asked else { continue };
                counted(entry, &result, texts, sentence);
                return Vec::new();
            }
            Overlay::Booking(form) if form.preview.waits_for(request) => {
                form.preview.take_answer(answer(result, sentence), &mut form.confirmed);
                if form.to_confirm().is_empty() && form.field == BookingField::Confirm {
                    form.field = BookingField::Save;
                }
                return Vec::new();
            }
            Overlay::Calls(board) if board.asked == Some(request) => {
                board.asked = None;
                board.withdrawal = answer(result, sentence);
                return Vec::new();
            }
            Overlay::Move(form) if form.preview.waits_for(request) => {
                form.preview.take_answer(answer(result, sentence), &mut form.confirmed);
                if form.to_confirm().is_empty() && form.field == MoveField::Confirm {
                    form.field = MoveField::Save;
                }
                return Vec::new();
            }
            Overlay::Paste(form) if form.preview.waits_for(request) => {
                form.preview.take_answer(answer(result, sentence), &mut form.confirmed);
                form.error = None;
                if form.to_confirm().is_empty() && form.field == PasteField::Confirm {
                    form.field = PasteField::Save;
                }
                return Vec::new();
            }
            Overlay::Repeat(form) if form.preview.waits_for(request) => {
                (form.preview, form.error) = (answer(result, sentence), None);
                return Vec::new();
            }
            _ => {}
        }
    }
    Vec::new()
}

/// What the entry runs is held to what stands above it.
fn hold(entry: &mut Entry, effect: &Previewed) {
    if let Choice::Run(command) = &mut entry.choice {
        **command = effect.holding(command.bare().clone());
    }
}

/// What choosing a menu's entry would do stands beside it, or why it can't be chosen.
fn counted(
    entry: &mut Entry,
    result: &Result<Box<Preview>, ClinicError>,
    texts: &Texts,
    sentence: impl Fn(&ClinicError) -> String,
) {
    entry.preview = None;
    match result {
        Ok(preview) => {
            if let Choice::Run(command) = &mut entry.choice {
                **command = command.bare().clone().as_shown(preview);
            }
            entry.right = texts.gained_and_lost(preview.gained.len(), preview.lost.len());
        }
        Err(error) => {
            entry.right.clear();
            entry.disabled = Some(sentence(error));
        }
    }
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
    let changes = result.as_ref().map_or(&[][..], |outcome| &outcome.changes);
    let what = what_and_where(model, changes);
    let waiting = model.history.unsent();
    let arrived = model.history.arrived(request, ending, what.clone());
    let Some(kind) = arrived else { return Vec::new() };
    let mut effects = if kind == Kind::Run { Vec::new() } else { show_place(model, changes) };
    let touched = touched(model, result.as_deref().ok());
    match result {
        Ok(outcome) => {
            close_saved_form(model, request);
            card::saved(model, request);
            effects.extend(patient::saved(model, request));
            clip::done(model, request);
            let text = said(model, &kind, &outcome, &what);
            model.status = Some(Status { text, role: Role::Plain });
            let of_settings = |change: &Change| matches!(change, Change::Setting(_));
            if outcome.changes.iter().any(of_settings) {
                effects.push(load_setup(model, model.polled.clone()));
            }
        }
        Err(error) => {
            match card::refused(model, request, &error) {
                Refused::Elsewhere => effects.extend(refuse(model, request, &error)),
                Refused::OnCard => {}
                Refused::Behind => effects.push(load_setup(model, model.polled.clone())),
            }
            release_forms(model);
            tell_never_sent(model, waiting);
        }
    }
    effects.extend(load_these(model, touched));
    effects.extend(calls::reload(model));
    effects.extend(change::advance(model));
    effects
}

/// The request that saves what is in a booking's form.
fn saving(overlay: &Overlay) -> Option<RequestId> {
    match overlay {
        Overlay::Booking(form) => form.saving,
        Overlay::Move(form) => form.saving,
        _ => None,
    }
}

/// The books on screen that a change touched; all of them where it is not known.
fn touched(model: &Model, outcome: Option<&Outcome>) -> Vec<PractitionerId> {
    let changes = outcome.map_or(&[][..], |outcome| &outcome.changes);
    let books: BTreeSet<PractitionerId> = changes.iter().flat_map(Change::practitioners).collect();
    let shown = model.practitioners_shown();
    let touched: Vec<_> = shown.iter().filter(|id| books.contains(id)).cloned().collect();
    if touched.is_empty() { shown } else { touched }
}

/// Closes the form whose booking has been saved; what was booked from the recall waits no more.
fn close_saved_form(model: &mut Model, request: RequestId) {
    let saved = |overlay: &Overlay| saving(overlay) == Some(request);
    let booked = |overlay: &Overlay, from: &FromRecall| match overlay {
        Overlay::Booking(form) => form.books(&from.patient.id),
        _ => false,
    };
    let Model { overlays, from_recall, .. } = model;
    from_recall.take_if(|from| overlays.iter().any(|it| saved(it) && booked(it, from)));
    if model.overlays.iter().any(saved) {
        // The search that led to it has found what it was for.
        model.overlays.retain(|it| !saved(it) && !matches!(it, Overlay::Free(_)));
        model.marking = None;
    }
}

/// Says why not: at the form that it came from, else in the status line.
fn refuse(model: &mut Model, request: RequestId, error: &ClinicError) -> Vec<Effect> {
    match patient::refused(model, request, error) {
        Refused::Elsewhere => {}
        Refused::OnCard => return Vec::new(),
        Refused::Behind => return patient::reload(model).into_iter().collect(),
    }
    booking::refused(model, request, error)
        .or_else(|| moving::refused(model, request, error))
        .unwrap_or_else(|| failed(model, error))
}

/// Gives back the forms whose changes waited behind one that failed, and so were never sent.
fn release_forms(model: &mut Model) {
    card::release(model);
    patient::release(model);
    let never_sent = model.texts().never_sent;
    for overlay in &mut model.overlays {
        let lost = saving(overlay).is_some_and(|request| !model.history.holds(request));
        let (saving, error) = match overlay {
            Overlay::Booking(form) if lost => (&mut form.saving, &mut form.error),
            Overlay::Move(form) if lost => (&mut form.saving, &mut form.error),
            _ => continue,
        };
        (*saving, *error) = (None, Some(never_sent.to_owned()));
    }
}

/// Says that the changes which waited behind one that failed were never sent.
fn tell_never_sent(model: &mut Model, count: usize) {
    if count == 0 {
        return;
    }
    let told = model.texts().were_never_sent(count);
    let text = match model.status.take() {
        Some(before) => format!("{}. {told}", before.text.trim_end_matches('.')),
        None => told,
    };
    model.status = Some(Status { text, role: Role::Error });
}

/// Shows where something was taken back, if the grid is what is looked at and that is not in it.
fn show_place(model: &mut Model, changes: &[Change]) -> Vec<Effect> {
    let Some((practitioner, interval)) = place(changes) else { return Vec::new() };
    let date = interval.start().date();
    let is_day_shown = match model.spread {
        Spread::Week => model.week().contains(date),
        Spread::Day => model.cursor.date == date,
    };
    let is_shown = is_day_shown && model.practitioners_shown().contains(&practitioner);
    if is_shown || !model.overlays.is_empty() {
        return Vec::new();
    }
    grid::show_time(model, practitioner, interval.start())
}

/// What was done, in numbers; of what was taken back, where, too.
fn said(model: &Model, kind: &Kind, outcome: &Outcome, what: &str) -> String {
    let texts = model.texts();
    let taken_back = match kind {
        Kind::Run => return texts.did(&told(&outcome.changes)),
        Kind::Undo(_) => texts.undone(),
        Kind::Redo(_) => texts.redone(),
    };
    format!("{taken_back} {}", texts.did_so(what))
}
