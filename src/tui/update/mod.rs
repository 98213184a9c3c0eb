//! What every message does to the model, and what is asked for in turn. Synchronous: no I/O, no
//! clock.

mod agent;
mod bookable;
mod booking;
mod calls;
mod card;
mod change;
mod choose;
mod clip;
mod day_list;
mod directory;
mod finder;
mod findings;
mod forms;
mod free;
mod grid;
mod handbook;
mod inbox;
mod keys;
mod lock;
mod log;
mod log_list;
mod meanwhile;
mod mouse;
mod moving;
mod palette;
mod password;
mod patient;
mod registering;
mod replies;
mod settings;
mod warnings;
mod weeks;
mod when;
mod whom;

use crate::clinic::{ClinicError, Revisions, StoreError};
use crate::domain::{CivilTime, PractitionerId, PreblockKind, Resolver};
use crate::texts::clinic_error;

use super::dialogs::{Asked, Choice, Entry, Menu, Overlay, paste};
use super::layout::Layout;
use super::message::{Effect, Message};
use super::model::{Model, OpenBook, Status};
use super::sanitise::clean;
use super::theme::Role;

/// How many preblock types the info line counts times for.
const COUNTED_TYPES: usize = 3;

/// Takes in what happened; answers with what is to be done.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    if model.lock.is_some() {
        return locked(model, message);
    }
    let moving = matches!(message, Message::Key(_) | Message::Mouse(_));
    if moving || matches!(message, Message::Paste(_)) {
        lock::stir(model);
    }
    let mut effects = take_in(model, message);
    model.show_lane();
    effects.extend(follow(model, moving.then_some(Moving)));
    effects
}

/// What happens while the screen is locked: what the user does goes to the lock alone, all else beneath
/// it goes on.
fn locked(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => lock::pressed(model, key),
        Message::Paste(text) => lock::pasted(model, &text),
        Message::Mouse(_) => Vec::new(),
        message => {
            let effects = take_in(model, message);
            model.show_lane();
            effects
        }
    }
}

/// The user has just done something that may have moved the cursor.
struct Moving;

/// Lets what tells of the cursor at length follow it: at once with a new week, on a screen that shows
/// little of it, or where there is nothing else to tell; else once the cursor rests, so that a move
/// sends little.
fn follow(model: &mut Model, moving: Option<Moving>) -> Option<Effect> {
    let (rested, here) = (&model.rested, model.spot());
    if *rested == here {
        return None;
    }
    let beside = Layout::of(model).is_some_and(|layout| layout.pane.is_some());
    let same = rested.practitioner == here.practitioner
        && rested.cell.date == here.cell.date
        && model.lying_at(rested) == model.lying_at(&here);
    let shown = model.week().contains(rested.cell.date)
        && rested.practitioner.as_ref().is_some_and(|id| model.practitioners_shown().contains(id));
    if !beside || same || !shown {
        model.rested = here;
        return None;
    }
    moving?;
    let request = model.requests.next();
    model.requests.rest = Some(request);
    Some(Effect::Rest { request })
}

fn take_in(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => keys::pressed(model, key),
        Message::Mouse(mouse) => mouse::moved(model, mouse),
        Message::Paste(text) => pasted(model, &text),
        Message::Resize { width, height } => {
            model.size = (width, height);
            model.align();
            grid::show_working_day(model);
            Vec::new()
        }
        Message::Minute(now) => minute(model, now),
        Message::Polled(revisions) => replies::polled(model, revisions),
        Message::Agent(news) => agent::news(model, news),
        Message::StoreLost(since) => {
            model.lost_since.get_or_insert(since);
            Vec::new()
        }
        Message::StoreBack => store_back(model),
        Message::Slow => {
            model.requests.slow = true;
            Vec::new()
        }
        Message::Reply { request, reply } => replies::arrived(model, request, reply),
        Message::DiagnosticsKept(kept) => agent::diagnostics_kept(model, kept),
        Message::PreferencesNotKept(reason) => {
            let text = format!("{}: {}", model.texts().preferences_not_kept, clean(&reason));
            say(model, text, Role::Warning)
        }
    }
}

/// Takes note of the minute; what is bookable moves with it (R7, R8).
fn minute(model: &mut Model, now: CivilTime) -> Vec<Effect> {
    let effects = lock::minute(model, now);
    model.now = now;
    recount(model);
    effects
}

/// Asks again for what an outage may have lost, and for what lies open over the book.
fn store_back(model: &mut Model) -> Vec<Effect> {
    model.lost_since = None;
    let mut effects = reload(model);
    effects.extend(inbox::load(model));
    effects.extend(calls::reload(model));
    effects.extend(patient::reload_if_seen(model));
    effects.extend(agent::follow(model));
    effects
}

/// Asks for everything that is shown.
fn reload(model: &mut Model) -> Vec<Effect> {
    let mut effects = vec![load_setup(model, model.polled.clone())];
    effects.extend(load_books(model));
    effects
}

/// Asks for the set-up, `revisions` being the newest that are known.
fn load_setup(model: &mut Model, revisions: Option<Revisions>) -> Effect {
    let request = model.requests.next();
    model.begin_waiting();
    model.requests.setup = Some(request);
    model.setup_revisions = revisions;
    Effect::LoadSetup { request }
}

/// Asks for everything in the books that are shown.
fn load_books(model: &mut Model) -> Option<Effect> {
    let shown = model.practitioners_shown();
    load_these(model, shown)
}

/// Asks for the books that are shown and not there yet.
fn load_missing(model: &mut Model) -> Option<Effect> {
    let mut missing = model.practitioners_shown();
    missing.retain(|id| model.open_book(id).is_none());
    load_these(model, missing)
}

/// Asks for the week that is shown in some practitioners' books, and in those that were asked for
/// last and have not come: only the last answer counts.
fn load_these(model: &mut Model, mut practitioners: Vec<PractitionerId>) -> Option<Effect> {
    if practitioners.is_empty() {
        return None;
    }
    let request = model.requests.next();
    model.begin_waiting();
    if let Some((_, asked)) = model.requests.books.take() {
        let mut shown = model.practitioners_shown();
        shown.retain(|id| asked.contains(id) && !practitioners.contains(id));
        practitioners.extend(shown);
    }
    model.requests.books = Some((request, practitioners.clone()));
    Some(Effect::LoadBooks { request, practitioners, days: model.week() })
}

/// Computes the bookable times anew, and what the marking would give.
fn recount(model: &mut Model) {
    let Model { books, setup, now, .. } = model;
    for OpenBook { book, slots } in books.values_mut() {
        let resolver = Resolver::new(setup, &book.resources, *now);
        *slots = resolver.slots(&book.practitioner, &book.calendar, book.days);
    }
    count_marking(model);
}

/// Computes what the marking would give, for the first Internet types of the menu that give some.
fn count_marking(model: &mut Model) {
    model.marking_gives.clear();
    if model.marking.is_none() {
        return;
    }
    let types = change::preblock_menu(model);
    let gives = types
        .into_iter()
        .filter(|found| {
            let valid = |id| found.is_valid_for(id);
            found.kind == PreblockKind::Internet
                && found.active
                && model.chosen_practitioners().iter().all(valid)
        })
        .map(|found| (found.id.clone(), change::times_if_laid(model, &found.id)))
        .filter(|(_, times)| *times > 0)
        .take(COUNTED_TYPES)
        .collect();
    model.marking_gives = gives;
}

fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    // As with keys: what cannot be seen is not done.
    if Layout::of(model).is_none() {
        return Vec::new();
    }
    match model.overlays.last_mut() {
        Some(overlay) if overlay.is_saving() => say_saving(model),
        Some(Overlay::Menu(menu)) => {
            paste(&mut menu.filter, text);
            menu.reselect();
            Vec::new()
        }
        Some(Overlay::Prompt(prompt)) => {
            prompt.error = None;
            paste(&mut prompt.input, text);
            Vec::new()
        }
        Some(Overlay::Booking(_)) => booking::pasted(model, text),
        Some(Overlay::Move(_)) => moving::pasted(model, text),
        Some(Overlay::Repeat(_)) => forms::pasted(model, text),
        Some(Overlay::Password(_)) => password::pasted(model, text),
        Some(Overlay::Free(_)) => free::pasted(model, text),
        Some(Overlay::Paste(_)) => clip::pasted(model, text),
        Some(Overlay::Settings(_)) => settings::pasted(model, text),
        Some(Overlay::Patient(_)) => patient::pasted(model, text),
        Some(Overlay::Finder(_)) => finder::pasted(model, text),
        Some(
            Overlay::Why { .. }
            | Overlay::Help { .. }
            | Overlay::Handbook { .. }
            | Overlay::PatientsSee { .. }
            | Overlay::DayList(_)
            | Overlay::Calls(_)
            | Overlay::Finding { .. }
            | Overlay::Inbox { .. }
            | Overlay::Agent { .. }
            | Overlay::Log(_),
        )
        | None => Vec::new(),
    }
}

/// Says something in the status line until the next key.
fn say(model: &mut Model, text: String, role: Role) -> Vec<Effect> {
    model.status = Some(Status { text, role });
    Vec::new()
}

/// Says that what is open is being saved.
fn say_saving(model: &mut Model) -> Vec<Effect> {
    let text = model.form_texts().saving.to_owned();
    say(model, text, Role::Plain)
}

/// Says what went wrong until the next key.
fn failed(model: &mut Model, error: &ClinicError) -> Vec<Effect> {
    let text = clinic_error(model.language, error, &model.setup);
    say(model, text, Role::Error)
}

/// The same of a question. That the database is lost has a line of its own, and nothing is in doubt: no
/// change was asked for.
fn unanswered(model: &mut Model, error: &ClinicError) -> Vec<Effect> {
    match error {
        ClinicError::Store(StoreError::ConnectionLost) => Vec::new(),
        error => failed(model, error),
    }
}

/// Asks before a form is left whose edits would be lost; the harmless answer comes first.
fn ask_to_leave(model: &mut Model, leaving: Choice) -> Vec<Effect> {
    let texts = model.form_texts();
    let answers = [(Choice::Close, texts.leave_no), (leaving, texts.leave_yes)];
    ask_one_of(model, texts.leave_title, answers)
}

/// Asks before a form is left that is being saved: it is not stopped by that.
fn ask_to_leave_saving(model: &mut Model, leaving: Choice) -> Vec<Effect> {
    let texts = model.form_texts();
    let answers = [(Choice::Close, texts.still_saving_no), (leaving, texts.still_saving_yes)];
    ask_one_of(model, texts.still_saving_title, answers)
}

fn ask_one_of(
    model: &mut Model,
    title: &'static str,
    answers: [(Choice, &'static str); 2],
) -> Vec<Effect> {
    let entries = answers.map(|(choice, text)| Entry::new(choice, text)).into();
    let menu = Menu::new(title, entries, model.texts().no_entries);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// Opens a prompt.
fn ask(model: &mut Model, asked: Asked) {
    model.overlays.push(Overlay::Prompt(super::dialogs::Prompt::new(asked)));
}
