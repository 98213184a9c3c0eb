//! What changes the book: laying and removing preblocks, sessions, cancelling, undo and redo.

use crate::clinic::what_if::times_if_laid;
use crate::clinic::{Command, OverlapChoice};
use crate::domain::{
    Interval, PreblockKind, PreblockType, PreblockTypeId, PublicHoliday, RedDay, Slot,
};
use crate::tui::actions::{Action, REGISTRY, disabled};
use crate::tui::dialogs::{Asked, Choice, Entry, Menu, Overlay};
use crate::tui::history::Outgoing;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

use super::ask;

/// What the menu of a marking offers besides booking, in order.
const MENU_ACTIONS: [Action; 7] = [
    Action::LayPreblock,
    Action::RemovePreblocks,
    Action::CancelBooking,
    Action::AddSessions,
    Action::RemoveSessions,
    Action::RepeatSessions,
    Action::RepeatPreblocks,
];

/// Queues a command behind those on their way.
pub(super) fn run(model: &mut Model, command: Command) -> Vec<Effect> {
    send(model, Outgoing::Run(Box::new(command))).1
}

pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    send(model, Outgoing::Undo).1
}

pub(super) fn redo(model: &mut Model) -> Vec<Effect> {
    send(model, Outgoing::Redo).1
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
    let mut entries: Vec<Entry> = MENU_ACTIONS
        .into_iter()
        .filter_map(|action| REGISTRY.iter().find(|entry| entry.action == action))
        .map(|entry| {
            let keys = entry.keys.first().copied().unwrap_or_default();
            Entry::new(Choice::Act(entry.action), entry.text(model.language))
                .right(keys)
                .disabled(disabled(model, entry.action))
        })
        .collect();
    entries.extend(super::booking::entries(model));
    let menu = Menu::new(texts.menu_title, entries, texts.no_entries).noting(warnings(model));
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// Types in the order of the effective preblock list, each with what it would give here.
pub(super) fn open_preblock_menu(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let (Some(practitioner), Some(book)) = (model.current_practitioner(), model.current_book())
    else {
        return Vec::new();
    };
    let intervals = model.chosen_intervals();
    let entries = model
        .setup
        .preblock_menu(practitioner)
        .items
        .iter()
        .filter_map(|id| model.setup.preblock_types.get(id))
        .map(|found| {
            let times = match found.kind {
                PreblockKind::Internet => texts.times(times_if_laid(
                    &model.setup,
                    book,
                    &found.id,
                    &intervals,
                    OverlapChoice::Fill,
                    model.now,
                )),
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

/// Why a type can't be laid out here, if so (R6, R17).
fn why_not(model: &Model, preblock_type: &PreblockType) -> Option<String> {
    let texts = model.texts();
    let practitioner = model.current_practitioner()?;
    if !preblock_type.active {
        return Some(texts.inactive.to_owned());
    }
    if !preblock_type.is_valid_for(&practitioner.id) {
        return Some(texts.invalid_for.to_owned());
    }
    model.lacks_for_kind(preblock_type.kind)
}

/// The block in words: `ons 25 10:15–11:45` or `3 dagar × 90 min`.
pub(super) fn describe(model: &Model) -> String {
    let intervals = model.chosen_intervals();
    match intervals.as_slice() {
        [only] => {
            format!("{} {}", model.dates().day(only.start().date()), model.dates().hours(*only))
        }
        _ => model.texts().marked(intervals.len(), model.block().minutes()),
    }
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
            Some(format!("{} {}", model.dates().day(date), red_day_name(model, why)))
        })
        .collect();
    if red.is_empty() { Vec::new() } else { vec![texts.on_red_days(&red)] }
}

/// A red day's name.
pub(in crate::tui) fn red_day_name(model: &Model, why: RedDay) -> &'static str {
    let holiday = |which: PublicHoliday| model.dates().holiday(which);
    match why {
        RedDay::Holiday(which) => holiday(which),
        RedDay::Closed => model.texts().closed_day,
    }
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
    let Some(practitioner) = model.practitioner.clone() else { return Vec::new() };
    let intervals = model.chosen_intervals();
    let command = |overlap| Command::LayPreblocks {
        practitioner: practitioner.clone(),
        preblock_type: id.clone(),
        intervals: intervals.clone(),
        overlap,
        code: code.clone(),
    };
    if model.chosen_preblocks().is_empty() {
        model.marking = None;
        return run(model, command(OverlapChoice::Refuse));
    }
    let texts = model.texts();
    let mut entries = vec![Entry::new(Choice::Close, texts.refuse)];
    let mut effects = Vec::new();
    for (overlap, text) in
        [(OverlapChoice::Replace, texts.replace), (OverlapChoice::Fill, texts.fill)]
    {
        let request = model.requests.next();
        entries.push(Entry {
            preview: Some(request),
            ..Entry::new(Choice::Run(Box::new(command(overlap))), text).right("…")
        });
        effects.push(Effect::Preview { request, command: command(overlap) });
    }
    let menu = Menu::new(texts.overlap_title, entries, texts.no_entries).noting(warnings(model));
    model.overlays.push(Overlay::Menu(menu));
    effects
}

/// Removes the chosen preblocks, asking first where that withdraws times.
pub(super) fn ask_remove_preblocks(model: &mut Model) -> Vec<Effect> {
    let (Some(practitioner), Some(book)) = (model.practitioner.clone(), model.current_book())
    else {
        return Vec::new();
    };
    let chosen = model.chosen_preblocks();
    let intervals: Vec<Interval> = chosen.iter().map(|preblock| preblock.interval).collect();
    let command = Command::RemovePreblocks {
        practitioner,
        preblocks: chosen.iter().map(|preblock| preblock.id.clone()).collect(),
    };
    let lost = count_slots(model, |slot| intervals.iter().any(|i| i.contains(slot.interval)));
    let bookings = intervals.iter().map(|i| book.calendar.bookings_in(*i).len()).sum();
    let what = model.texts().preblocks(intervals.len());
    let title = model.texts().remove_preblocks_title;
    confirm_withdrawal(model, title, command, what, lost, bookings)
}

/// Takes the block out of the schedule, asking first where that withdraws times.
pub(super) fn ask_remove_sessions(model: &mut Model) -> Vec<Effect> {
    let (Some(practitioner), Some(book)) = (model.practitioner.clone(), model.current_book())
    else {
        return Vec::new();
    };
    let intervals = model.chosen_intervals();
    let lost = count_slots(model, |slot| intervals.iter().any(|i| i.overlaps(slot.interval)));
    let bookings = intervals.iter().map(|i| book.calendar.bookings_in(*i).len()).sum();
    let what = format!("{} {}", model.texts().scheduled_time, describe(model));
    let command = Command::RemoveWorkSessions { practitioner, intervals };
    let title = model.texts().remove_sessions_title;
    confirm_withdrawal(model, title, command, what, lost, bookings)
}

fn count_slots(model: &Model, gone: impl Fn(&Slot) -> bool) -> usize {
    model.slots.iter().filter(|slot| gone(slot)).count()
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
    let texts = model.texts();
    let entries = vec![
        Entry::new(Choice::Close, texts.keep),
        Entry::new(Choice::Run(Box::new(command)), texts.remove_yes),
    ];
    let notes = texts.withdraws(&what, lost, bookings);
    model.overlays.push(Overlay::Menu(Menu::new(title, entries, texts.no_entries).noting(notes)));
    Vec::new()
}

/// Asks whether to cancel the booking at the cursor.
pub(super) fn ask_cancel_booking(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = model.booking_at_cursor() else { return Vec::new() };
    let texts = model.texts();
    let cancel = |reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        Choice::Run(Box::new(Command::CancelBooking { booking: booking.id.clone(), reason }))
    };
    let because = |reason| Entry::new(cancel(Some(reason)), texts.cancel_because(reason));
    let entries = vec![
        Entry::new(Choice::Close, texts.keep),
        Entry::new(cancel(None), texts.cancel_yes),
        because(texts.reason_patient),
        because(texts.reason_no_show),
        because(texts.reason_clinic),
    ];
    let menu =
        Menu::new(texts.cancel_booking_title, entries, texts.no_entries).about(booking.clone());
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// Schedules the block.
pub(super) fn add_sessions(model: &mut Model) -> Vec<Effect> {
    let Some(practitioner) = model.practitioner.clone() else { return Vec::new() };
    let intervals = model.chosen_intervals();
    model.marking = None;
    run(model, Command::AddWorkSessions { practitioner, intervals })
}
