//! What every message does to the model, and what is asked for in turn. Synchronous: no I/O, no
//! clock.

mod booking;
mod change;
mod choose;
mod clip;
mod directory;
mod findings;
mod forms;
mod free;
mod grid;
mod keys;
mod lock;
mod log;
mod mouse;
mod palette;
mod password;
mod replies;
mod settings;
mod warnings;

use crate::clinic::Revisions;
use crate::clinic::what_if::times_if_laid;
use crate::domain::{CivilTime, OverlapChoice, PreblockKind, Resolver};

use super::dialogs::{Asked, Overlay, paste};
use super::layout::Layout;
use super::message::{Effect, Message};
use super::model::{Model, Status};
use super::sanitise::clean;
use super::theme::Role;

pub(super) use change::red_day_name;
pub(super) use clip::to_cut;
pub(super) use lock::why_not as why_not_lock;
pub(super) use replies::count_changes;

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
        message => take_in(model, message),
    }
}

/// The user has just done something that may have moved the cursor.
struct Moving;

/// Lets what tells of the cursor at length follow it: at once with a new week, on a screen that shows
/// little of it, or where there is nothing else to tell; else once the cursor rests, so that a move
/// sends little.
fn follow(model: &mut Model, moving: Option<Moving>) -> Option<Effect> {
    if model.rested == model.cursor {
        return None;
    }
    let beside = Layout::of(model).is_some_and(|layout| layout.pane.is_some());
    let same = model.rested.date == model.cursor.date
        && model.lying_at(model.rested) == model.lying_at(model.cursor);
    if !beside || same || !model.week().contains(model.rested.date) {
        model.rested = model.cursor;
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
        Message::PreferencesNotKept(reason) => {
            let text = format!("{}: {}", model.texts().preferences_not_kept, clean(&reason));
            model.status = Some(Status { text, role: Role::Warning });
            Vec::new()
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

/// Asks again for what an outage may have lost.
fn store_back(model: &mut Model) -> Vec<Effect> {
    model.lost_since = None;
    reload(model)
}

/// Asks for everything that is shown.
fn reload(model: &mut Model) -> Vec<Effect> {
    let mut effects = vec![load_setup(model, model.polled.clone())];
    effects.extend(load_book(model));
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

/// Asks for the week that is shown.
fn load_book(model: &mut Model) -> Option<Effect> {
    let practitioner = model.practitioner.clone()?;
    let request = model.requests.next();
    model.begin_waiting();
    model.requests.book = Some(request);
    Some(Effect::LoadBook { request, practitioner, days: model.week() })
}

/// Computes the bookable times anew, and what the marking would give.
fn recount(model: &mut Model) {
    model.slots = model.book.as_deref().map_or_else(Vec::new, |book| {
        Resolver::new(&model.setup, &book.resources, model.now).slots(
            &book.practitioner,
            &book.calendar,
            book.days,
        )
    });
    count_marking(model);
}

/// Computes what the marking would give, for the first Internet types of the menu that give some.
fn count_marking(model: &mut Model) {
    model.marking_gives.clear();
    if model.marking.is_none() {
        return;
    }
    let (Some(book), Some(practitioner)) = (model.current_book(), model.current_practitioner())
    else {
        return;
    };
    let intervals = model.chosen_intervals();
    let types = model.setup.preblock_menu(practitioner).items;
    let gives = types
        .into_iter()
        .filter(|id| {
            model.setup.preblock_types.get(id).is_some_and(|found| {
                found.kind == PreblockKind::Internet
                    && found.active
                    && found.is_valid_for(&practitioner.id)
            })
        })
        .map(|id| {
            let fill = OverlapChoice::Fill;
            let times = times_if_laid(&model.setup, book, &id, &intervals, fill, model.now);
            (id, times)
        })
        .filter(|(_, times)| *times > 0)
        .take(COUNTED_TYPES)
        .collect();
    model.marking_gives = gives;
}

fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.overlays.last_mut() {
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
        Some(Overlay::Booking(form)) => {
            if let Some(input) = booking::input(form) {
                paste(input, text);
            }
            booking::typed(model)
        }
        Some(Overlay::Repeat(form)) => {
            if let Some(input) = forms::input(form) {
                paste(input, text);
            }
            forms::preview(model)
        }
        Some(Overlay::Password(_)) => password::pasted(model, text),
        Some(Overlay::Free(_)) => free::pasted(model, text),
        Some(Overlay::Paste(_)) => clip::pasted(model, text),
        Some(Overlay::Settings(_)) => settings::pasted(model, text),
        Some(
            Overlay::Why { .. }
            | Overlay::Help { .. }
            | Overlay::PatientsSee { .. }
            | Overlay::Finding { .. },
        )
        | None => Vec::new(),
    }
}

/// Opens a prompt.
fn ask(model: &mut Model, asked: Asked) {
    model.overlays.push(Overlay::Prompt(super::dialogs::Prompt::new(asked)));
}
