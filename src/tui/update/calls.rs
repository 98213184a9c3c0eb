//! *Behandlaren är sjuk*: which days, withdrawing their preblocks, and the bookings to call about.

use crate::clinic::{CallList, CallMark, ClinicError, Command, RevisionScope, Revisions};
use crate::domain::{Booking, DateRange, PractitionerId};
use crate::tui::actions::Action;
use crate::tui::dialogs::{CallBoard, Choice, Entry, Menu, Overlay};
use crate::tui::disabled::calls_disabled;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;
use crate::tui::theme::Role;

use super::{change, grid, moving, say, unanswered};

/// Asks for which days: today, the cursor's day, or others; last, so that the digits before it stay, those
/// of the list that was open before.
pub(super) fn ask_days(model: &mut Model) -> Vec<Effect> {
    let Some(practitioner) = model.current_practitioner() else { return Vec::new() };
    let texts = model.language.away_texts();
    let (today, here) = (model.now.date(), model.cursor.date);
    let one = |date| DateRange::new(date, 1);
    let away = |days, text: String| {
        Entry::new(Choice::Away(practitioner.id.clone(), days), text).right(model.period(days))
    };
    let mut entries = Vec::new();
    let resumed = model.away.as_ref().map(|(id, days)| {
        let text = format!("{} {}", texts.resume, name_of(model, id));
        Entry::new(Choice::Away(id.clone(), *days), text).right(model.period(*days))
    });
    entries.push(away(one(today), texts.today.to_owned()));
    if here != today {
        entries.push(away(one(here), model.date(here)));
    }
    entries.push(Entry::new(Choice::AwayPeriod(practitioner.id.clone()), texts.period));
    entries.extend(resumed);
    let title = texts.title(&practitioner.name);
    let none = model.texts().no_entries;
    model.overlays.push(Overlay::Menu(Menu::new(title, entries, none)));
    Vec::new()
}

fn name_of<'a>(model: &'a Model, id: &PractitionerId) -> &'a str {
    model.setup.practitioners.get(id).map_or("", |found| found.name.as_str())
}

/// Opens the list of a period.
pub(super) fn open(
    model: &mut Model,
    practitioner: PractitionerId,
    days: DateRange,
) -> Vec<Effect> {
    model.away = Some((practitioner.clone(), days));
    model.overlays.push(Overlay::Calls(Box::new(CallBoard::new(practitioner, days))));
    reload(model)
}

fn board_mut(model: &mut Model) -> Option<&mut CallBoard> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Calls(board) => Some(&mut **board),
        _ => None,
    })
}

/// Reads the list anew, where it is open, and asks again what withdrawing would do.
pub(super) fn reload(model: &mut Model) -> Vec<Effect> {
    let (list, preview) = (model.requests.next(), model.requests.next());
    let Some(board) = board_mut(model) else { return Vec::new() };
    // What is known stays on screen until it is known anew.
    (board.loading, board.asked) = (Some(list), Some(preview));
    let (practitioner, days) = (board.practitioner.clone(), board.days);
    let command = board.withdrawing();
    vec![
        Effect::LoadCalls { request: list, practitioner, days },
        Effect::Preview { request: preview, command },
    ]
}

/// Reads the list anew where its book has moved since it was read, or where it could not be read.
pub(super) fn polled(model: &mut Model, polled: &Revisions) -> Vec<Effect> {
    let Some(board) = board_mut(model).filter(|board| board.loading.is_none()) else {
        return Vec::new();
    };
    let own = RevisionScope::Practitioner(board.practitioner.clone());
    let moved = |list: &CallList| polled.get(&own) > list.revisions.get(&own);
    if board.list.as_deref().is_none_or(moved) { reload(model) } else { Vec::new() }
}

/// The list arrived, or why it can't be read: the selection stays on its booking.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<Box<CallList>, ClinicError>,
) -> Vec<Effect> {
    let Some(board) = board_mut(model).filter(|board| board.loading == Some(request)) else {
        return Vec::new();
    };
    board.loading = None;
    let list = match result {
        Ok(list) => list,
        Err(error) => return unanswered(model, &error),
    };
    let kept = board.current().map(|row| row.booking.id.clone());
    let place = list.bookings.iter().position(|row| Some(&row.booking.id) == kept.as_ref());
    board.list = Some(list);
    board.selected = place.unwrap_or(board.selected);
    board.select_by(0);
    // Its book may have moved while it was on its way.
    let newest = model.polled.clone();
    newest.map_or_else(Vec::new, |newest| polled(model, &newest))
}

/// An action of the list; `steps` is how far it moves the selection.
pub(super) fn perform(model: &mut Model, action: Action, steps: isize) -> Vec<Effect> {
    let Some(Overlay::Calls(board)) = model.overlays.last() else { return Vec::new() };
    if let Some(reason) = calls_disabled(model, board, action) {
        return say(model, reason, Role::Warning);
    }
    match action {
        Action::Cancel => {
            model.overlays.pop();
            Vec::new()
        }
        Action::Withdraw => ask_withdraw(model),
        Action::Called => mark(model),
        Action::MoveBooking => rebook(model),
        Action::CancelBooking => cancel(model),
        Action::Open => go(model),
        Action::Undo => change::undo(model),
        Action::Redo => change::redo(model),
        Action::Reload => reload(model),
        _ => {
            if let Some(board) = board_mut(model) {
                board.select_by(steps);
            }
            Vec::new()
        }
    }
}

/// Says whose and in numbers what withdrawing takes, and asks.
fn ask_withdraw(model: &mut Model) -> Vec<Effect> {
    let texts = model.language.away_texts();
    let Some(board) = model.call_board() else { return Vec::new() };
    let Some((preblocks, times)) = board.published() else { return Vec::new() };
    let whose = format!("{} · {}", name_of(model, &board.practitioner), model.period(board.days));
    let mut notes = vec![whose];
    notes.extend(texts.withdraws(preblocks, times, board.bookings().len()));
    let command = board.withdrawal.holding(board.withdrawing());
    let entries = vec![
        Entry::new(Choice::Close, model.texts().keep),
        Entry::new(Choice::Run(Box::new(command)), texts.withdraw_yes),
    ];
    let menu = Menu::new(texts.withdraw_title, entries, model.texts().no_entries).noting(notes);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// Marks the selected booking as called about, or takes the mark back; another's only once that is confirmed.
fn mark(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.call_board().and_then(|board| board.current()) else {
        return Vec::new();
    };
    let marked = |mark| Command::MarkCalled { booking: row.booking.id.clone(), mark };
    let Some(call) = &row.call else { return change::run(model, marked(CallMark::Called)) };
    let take_back = marked(CallMark::NotCalled);
    if call.by.as_str() == model.actor.signature() {
        return change::run(model, take_back);
    }
    let texts = model.language.away_texts();
    let title = texts.called_by(call, model.dates());
    let entries = vec![
        Entry::new(Choice::Close, model.texts().keep),
        Entry::new(Choice::Run(Box::new(take_back)), texts.not_called_yes),
    ];
    model.overlays.push(Overlay::Menu(Menu::new(title, entries, model.texts().no_entries)));
    Vec::new()
}

/// Opens the form that moves the selected booking; the list stays beneath.
fn rebook(model: &mut Model) -> Vec<Effect> {
    let booking = selected(model);
    booking.map_or_else(Vec::new, |booking| moving::open_on(model, booking))
}

/// Asks whether to cancel the selected booking, and says where nobody has been called: the booking leaves the
/// list, which stays beneath.
fn cancel(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = selected(model) else { return Vec::new() };
    let row = model.call_board().and_then(|board| board.current());
    let uncalled = row.is_some_and(|row| row.call.is_none());
    let effects = moving::ask_to_cancel_this(model, &booking);
    let note = model.language.away_texts().not_called;
    if let Some(Overlay::Menu(menu)) = model.overlays.last_mut().filter(|_| uncalled) {
        menu.notes.push(note.to_owned());
    }
    effects
}

fn selected(model: &Model) -> Option<Booking> {
    model.call_board()?.current().map(|row| row.booking.clone())
}

/// Goes to the selected booking in the book.
fn go(model: &mut Model) -> Vec<Effect> {
    let Some(row) = board_mut(model).and_then(|board| board.current()) else { return Vec::new() };
    let (practitioner, start) = (row.booking.practitioner.clone(), row.booking.interval.start());
    model.overlays.clear();
    grid::show_time(model, practitioner, start)
}
