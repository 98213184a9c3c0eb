//! What changes the book: laying and removing preblocks, sessions, undo and redo.

use crate::clinic::{Command, OverlapChoice, what_if};
use crate::domain::{Interval, PreblockKind, PreblockType, PreblockTypeId};
use crate::tui::actions::{Action, Context, in_context};
use crate::tui::dialogs::{Asked, Choice, Entry, Menu, Overlay};
use crate::tui::disabled::disabled;
use crate::tui::history::{Outgoing, Way};
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::{Model, OpenBook};
use crate::tui::theme::Role;

use super::{ask, say};

/// What the menu of a marking offers besides booking, in order.
const MENU_ACTIONS: [Action; 10] = [
    Action::LayPreblock,
    Action::RemovePreblocks,
    Action::MoveBooking,
    Action::EditBooking,
    Action::CancelBooking,
    Action::AddSessions,
    Action::RemoveSessions,
    Action::RepeatSessions,
    Action::RepeatPreblocks,
    Action::Away,
];

/// What the menu offers while the working schedule is foremost.
const SCHEDULE_ACTIONS: [Action; 6] = [
    Action::AddSessions,
    Action::RemoveSessions,
    Action::RepeatSessions,
    Action::WeekTemplates,
    Action::TypeRange,
    Action::ScheduleMode,
];

/// Queues a command behind those on their way.
pub(super) fn run(model: &mut Model, command: Command) -> Vec<Effect> {
    send(model, Outgoing::Run(Box::new(command))).1
}

pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    take_back(model, Way::Undo)
}

pub(super) fn redo(model: &mut Model) -> Vec<Effect> {
    take_back(model, Way::Redo)
}

/// Takes back what comes next on a way; after a refusal says first what that is.
fn take_back(model: &mut Model, way: Way) -> Vec<Effect> {
    let (texts, grid) = (model.texts(), Context::Grid);
    let (key, outgoing) = match way {
        Way::Undo => (model.key_of(grid, Action::Undo), Outgoing::Undo),
        Way::Redo => (model.key_of(grid, Action::Redo), Outgoing::Redo),
    };
    if let Some(what) = model.history.tell_first(way) {
        let text = match way {
            Way::Undo => texts.undoes_next(what, &key),
            Way::Redo => texts.redoes_next(what, &key),
        };
        return say(model, text, Role::Warning);
    }
    send(model, outgoing).1
}

/// Queues a change; answers with the request whose answer will tell how it went.
pub(super) fn send(model: &mut Model, outgoing: Outgoing) -> (RequestId, Vec<Effect>) {
    let request = model.requests.next();
    model.history.push(request, outgoing);
    (request, advance(model))
}

/// Sends the next queued change, if none is on its way.
pub(super) fn advance(model: &mut Model) -> Vec<Effect> {
    model.begin_waiting();
    model.history.advance(&mut model.command_ids).into_iter().collect()
}

/// The menu of the marking: what can be done there, then the templates to book.
pub(super) fn open_menu(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let mut entries = entries(model, &MENU_ACTIONS);
    entries.extend(super::bookable::entries(model));
    let menu = Menu::new(texts.menu_title, entries, texts.no_entries).noting(warnings(model));
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// The menu of the working schedule.
pub(super) fn open_schedule_menu(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let title = format!("{} · {}", model.book_texts().schedule_title, describe(model));
    let entries = entries(model, &SCHEDULE_ACTIONS);
    model.overlays.push(Overlay::Menu(Menu::new(title, entries, texts.no_entries)));
    Vec::new()
}

/// Actions as a menu's entries, each with its key.
fn entries(model: &Model, actions: &[Action]) -> Vec<Entry> {
    actions
        .iter()
        .copied()
        .filter_map(|action| in_context(Context::Grid).find(|entry| entry.action == action))
        .map(|entry| {
            Entry::new(Choice::Act(entry.action), entry.text(model.language))
                .right(model.key_of(Context::Grid, entry.action))
                .disabled(disabled(model, entry.action))
        })
        .collect()
}

/// Types in the order of the effective preblock list, each with what it would give here.
pub(super) fn open_preblock_menu(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let entries = preblock_menu(model)
        .into_iter()
        .map(|found| {
            let times = match found.kind {
                PreblockKind::Internet => texts.times(times_if_laid(model, &found.id)),
                PreblockKind::Internal => texts.internal.to_owned(),
            };
            Entry {
                swatch: Some(found.color),
                ..Entry::new(Choice::LayType(found.id.clone()), found.name.clone())
                    .right(times)
                    .disabled(why_not(model, found))
            }
        })
        .collect();
    let title = format!("{} · {}", texts.preblock_title, describe(model));
    let menu = Menu::new(title, entries, texts.no_preblock_types).noting(warnings(model));
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// The types that the effective preblock lists of all chosen practitioners offer, in the order of the
/// one that the cursor is on (R5).
pub(super) fn preblock_menu(model: &Model) -> Vec<&PreblockType> {
    let Some(practitioner) = model.current_practitioner() else { return Vec::new() };
    let menu = |id| model.setup.practitioners.get(id).map(|it| model.setup.preblock_menu(it).items);
    let others: Vec<_> = model
        .chosen_practitioners()
        .iter()
        .filter(|id| **id != practitioner.id)
        .filter_map(menu)
        .collect();
    let mut items = model.setup.preblock_menu(practitioner).items;
    items.retain(|id| others.iter().all(|menu| menu.contains(id)));
    items.iter().filter_map(|id| model.setup.preblock_types.get(id)).collect()
}

/// How many times a type would give on what is marked, where nothing lies yet.
pub(super) fn times_if_laid(model: &Model, preblock_type: &PreblockTypeId) -> usize {
    let intervals = model.chosen_intervals();
    let (setup, fill) = (&model.setup, OverlapChoice::Fill);
    let books = model.chosen_books().unwrap_or_default().into_iter();
    books
        .map(|open| {
            what_if::times_if_laid(setup, &open.book, preblock_type, &intervals, fill, model.now)
        })
        .sum()
}

/// Why a type can't be laid out here, if so (R6, R17).
fn why_not(model: &Model, preblock_type: &PreblockType) -> Option<String> {
    let texts = model.texts();
    if !preblock_type.active {
        return Some(texts.inactive.to_owned());
    }
    let chosen = model.chosen_practitioners();
    if let Some(id) = chosen.iter().find(|id| !preblock_type.is_valid_for(id)) {
        let name = model.setup.practitioners.get(id).filter(|_| chosen.len() > 1);
        return Some(match name {
            Some(found) => texts.not_valid_for(&found.name),
            None => texts.invalid_for.to_owned(),
        });
    }
    model.lacks_for_kind(preblock_type.kind)
}

/// The block in words: `ons 25 10:15–11:45`, `3 dagar × 90 min` or `2 behandlare × 90 min`.
pub(super) fn describe(model: &Model) -> String {
    let (intervals, minutes) = (model.chosen_intervals(), model.block().minutes());
    let practitioners = model.chosen_practitioners().len();
    if practitioners > 1 {
        return model.texts().marked_practitioners(practitioners, minutes);
    }
    match intervals.as_slice() {
        [only] => on_day(model, *only),
        _ => model.texts().marked(intervals.len(), minutes),
    }
}

/// `ons 25 10:15–11:45`.
fn on_day(model: &Model, interval: Interval) -> String {
    format!("{} {}", model.dates().day(interval.start().date()), model.dates().hours(interval))
}

/// What to know before laying something there: red days and time outside the schedule.
fn warnings(model: &Model) -> Vec<String> {
    let texts = model.texts();
    let red: Vec<String> = model
        .chosen_intervals()
        .iter()
        .filter_map(|interval| {
            let date = interval.start().date();
            let why = model.setup.red_day(date)?;
            Some(format!("{} {}", model.dates().day(date), model.dates().red_day(why)))
        })
        .collect();
    let mut told = if red.is_empty() { Vec::new() } else { vec![texts.on_red_days(&red)] };
    if lies_outside_schedule(model) {
        told.push(texts.note_outside_schedule.to_owned());
    }
    told
}

/// Whether some of what is chosen lies outside the work sessions: what is laid there shows nowhere (R1).
fn lies_outside_schedule(model: &Model) -> bool {
    let intervals = model.chosen_intervals();
    model.chosen_books().unwrap_or_default().into_iter().any(|open| {
        intervals.iter().any(|interval| {
            let scheduled = open.book.calendar.scheduled_in(*interval);
            !scheduled.iter().any(|stretch| stretch.contains(*interval))
        })
    })
}

/// A type was chosen: asks for its code first, if it has one (R18).
pub(super) fn lay(model: &mut Model, id: PreblockTypeId) -> Vec<Effect> {
    let has_code = model.setup.preblock_types.get(&id).is_some_and(|found| found.code.is_some());
    if has_code {
        ask(model, Asked::Code(id));
        return Vec::new();
    }
    lay_with(model, id, None)
}

/// Lays the type on the block; where preblocks lie already, asks what to do with them (R12).
pub(super) fn lay_with(model: &mut Model, id: PreblockTypeId, code: Option<String>) -> Vec<Effect> {
    let intervals = model.chosen_intervals();
    let laying = |overlap| {
        in_each_book(model, |open| Command::LayPreblocks {
            practitioner: open.book.practitioner.clone(),
            preblock_type: id.clone(),
            intervals: intervals.clone(),
            overlap,
            code: code.clone(),
        })
    };
    let commands = [OverlapChoice::Refuse, OverlapChoice::Replace, OverlapChoice::Fill].map(laying);
    let [Some(lay), Some(replace), Some(fill)] = commands else { return Vec::new() };
    if model.chosen_preblocks().is_empty() {
        model.marking = None;
        return run(model, lay);
    }
    let texts = model.texts();
    let mut entries = vec![Entry::new(Choice::Close, texts.refuse)];
    let mut effects = Vec::new();
    for (command, text) in [(replace, texts.replace), (fill, texts.fill)] {
        let request = model.requests.next();
        entries.push(Entry {
            preview: Some(request),
            ..Entry::new(Choice::Run(Box::new(command.clone())), text).right("…")
        });
        effects.push(Effect::Preview { request, command });
    }
    let menu = Menu::new(texts.overlap_title, entries, texts.no_entries).noting(warnings(model));
    model.overlays.push(Overlay::Menu(menu));
    effects
}

/// Removes the chosen preblocks, asking first where that withdraws times.
pub(super) fn ask_remove_preblocks(model: &mut Model) -> Vec<Effect> {
    let marked = model.chosen_intervals();
    let (mut commands, mut removed, mut lost, mut bookings) = (Vec::new(), Vec::new(), 0, 0);
    for open in model.chosen_books().unwrap_or_default() {
        let chosen = open.preblocks_in(&marked);
        if chosen.is_empty() {
            continue;
        }
        let intervals: Vec<Interval> = chosen.iter().map(|preblock| preblock.interval).collect();
        lost += open.count_slots(|slot| intervals.iter().any(|i| i.contains(slot.interval)));
        bookings += open.count_bookings(&intervals);
        removed.extend(intervals);
        commands.push(Command::RemovePreblocks {
            practitioner: open.book.practitioner.clone(),
            preblocks: chosen.iter().map(|preblock| preblock.id.clone()).collect(),
        });
    }
    let Some(command) = Command::all_of(commands) else { return Vec::new() };
    let what = model.texts().preblocks(removed.len());
    // The whole of it goes, though only a part may be marked.
    let what = match removed.as_slice() {
        [only] => format!("{what} {}", on_day(model, *only)),
        _ => what,
    };
    let title = model.texts().remove_preblocks_title;
    confirm_withdrawal(model, title, command, what, lost, bookings)
}

/// A command about each of the chosen books, as one.
pub(super) fn in_each_book(
    model: &Model,
    command: impl FnMut(&OpenBook) -> Command,
) -> Option<Command> {
    Command::all_of(model.chosen_books()?.into_iter().map(command).collect())
}

/// What is taken out of the schedule: what is marked, else all of the work session that the cursor is on.
fn to_unschedule(model: &Model) -> Vec<Interval> {
    let rows = model.chosen_intervals();
    if model.marked().is_some() {
        return rows;
    }
    let sessions = model.current_book().map_or(&[][..], |book| book.calendar.sessions());
    let whole = sessions.iter().map(|session| session.interval);
    let whole: Vec<_> = whole.filter(|it| rows.iter().any(|row| it.overlaps(*row))).collect();
    if whole.is_empty() { rows } else { whole }
}

/// Takes work sessions out of the schedule, asking first where that withdraws times.
pub(super) fn ask_remove_sessions(model: &mut Model) -> Vec<Effect> {
    let intervals = to_unschedule(model);
    let (mut lost, mut bookings) = (0, 0);
    let command = in_each_book(model, |open| {
        lost += open.count_slots(|slot| intervals.iter().any(|i| i.overlaps(slot.interval)));
        bookings += open.count_bookings(&intervals);
        let practitioner = open.book.practitioner.clone();
        Command::RemoveWorkSessions { practitioner, intervals: intervals.clone() }
    });
    let Some(command) = command else { return Vec::new() };
    let what = match (model.marked(), intervals.as_slice()) {
        (None, [only]) => on_day(model, *only),
        _ => describe(model),
    };
    let what = format!("{} {what}", model.texts().scheduled_time);
    let title = model.texts().remove_sessions_title;
    // What is booked there stays, outside the schedule: worth a word though no time is withdrawn.
    if bookings > 0 {
        let notes = model.texts().withdraws(&what, lost, bookings);
        return ask_withdrawal(model, title, command, notes);
    }
    confirm_withdrawal(model, title, command, what, lost, bookings)
}

/// Runs a command at once where no time is withdrawn; else says what goes, the harmless answer
/// first.
fn confirm_withdrawal(
    model: &mut Model,
    title: &'static str,
    command: Command,
    what: String,
    lost: usize,
    bookings: usize,
) -> Vec<Effect> {
    if lost == 0 {
        model.marking = None;
        return run(model, command);
    }
    let notes = model.texts().withdraws(&what, lost, bookings);
    ask_withdrawal(model, title, command, notes)
}

/// Says what goes, and asks; the harmless answer first.
fn ask_withdrawal(
    model: &mut Model,
    title: &'static str,
    command: Command,
    notes: Vec<String>,
) -> Vec<Effect> {
    let texts = model.texts();
    let entries = vec![
        Entry::new(Choice::Close, texts.keep),
        Entry::new(Choice::Run(Box::new(command)), texts.remove_yes),
    ];
    model.overlays.push(Overlay::Menu(Menu::new(title, entries, texts.no_entries).noting(notes)));
    Vec::new()
}

/// Schedules the block.
pub(super) fn add_sessions(model: &mut Model) -> Vec<Effect> {
    let intervals = model.chosen_intervals();
    let command = in_each_book(model, |open| Command::AddWorkSessions {
        practitioner: open.book.practitioner.clone(),
        intervals: intervals.clone(),
    });
    model.marking = None;
    command.map_or_else(Vec::new, |command| run(model, command))
}
