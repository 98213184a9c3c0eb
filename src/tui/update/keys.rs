//! Keys: looked up in the key map of the context, else typed into the field that has the focus.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::actions::{Action, Context, Direction};
use crate::tui::dialogs::{Asked, Choice, Edited, Entry, Menu, Overlay, edit};
use crate::tui::disabled::disabled;
use crate::tui::keymap::Chord;
use crate::tui::layout::Layout;
use crate::tui::message::Effect;
use crate::tui::model::{Mode, Model};
use crate::tui::panels;
use crate::tui::settings::is_new_clinic;
use crate::tui::theme::Role;

use super::{
    agent, ask_to_leave, bookable, booking, calls, change, choose, clip, day_list, finder,
    findings, forms, free, grid, handbook, inbox, lock, log, log_list, moving, palette, password,
    patient, reload, say, settings, weeks,
};

/// Rows that a page key moves in lists and texts.
const PAGE: isize = 10;

/// A key was pressed.
pub(super) fn pressed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let context = model.overlays.last().map_or(Context::Grid, Overlay::context);
    let action = model.keymap.action(context, Chord::of(key));
    let action = action.map(|action| in_mode(model, action));
    // What failed may be told of while somebody moves on: it stays until something is done.
    let failed = model.status.as_ref().is_some_and(|status| status.role == Role::Error);
    if !(failed && matches!(action, Some(Action::Move(_)))) {
        model.status = None;
    }
    if Layout::of(model).is_none() && !action.is_some_and(works_unseen) {
        return Vec::new();
    }
    match action {
        Some(action) => perform(model, action),
        None => typed(model, key),
    }
}

/// What can be done where the window is too small to show what is being done.
fn works_unseen(action: Action) -> bool {
    use Action::{Leave, Lock, Names, Quit, Redraw, Suspend};
    matches!(action, Leave | Lock | Names | Quit | Redraw | Suspend)
}

/// What a key means while the working schedule is foremost: it is that which is removed.
fn in_mode(model: &Model, action: Action) -> Action {
    match (model.mode, action) {
        (Mode::Schedule, Action::RemovePreblocks) => Action::RemoveSessions,
        (_, action) => action,
    }
}

/// Does an action, or says why not.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.overlays.is_empty()
        && let Some(reason) = disabled(model, action)
    {
        return say(model, reason, Role::Warning);
    }
    if matches!(action, Action::Lock | Action::Suspend)
        && let Some(reason) = disabled(model, action)
    {
        return say(model, reason, Role::Warning);
    }
    match action {
        Action::Redraw => vec![Effect::Redraw],
        Action::Lock => lock::lock(model),
        Action::Suspend => vec![Effect::Suspend],
        Action::Names => {
            model.names = model.names.other();
            Vec::new()
        }
        Action::Quit | Action::Leave => leave(model),
        Action::Help => {
            let of = model.overlays.last().map_or(Context::Grid, Overlay::context);
            if !matches!(model.overlays.last(), Some(Overlay::Help { .. })) {
                model.overlays.push(Overlay::Help { of, scroll: 0 });
            }
            Vec::new()
        }
        _ if model.overlays.is_empty() => on_grid(model, action),
        _ => on_overlay(model, action),
    }
}

/// Leaves, asking first where something that is typed would be lost; once is enough. Changes that are on
/// their way, or wait behind them, are made all the same.
fn leave(model: &mut Model) -> Vec<Effect> {
    let asks = |menu: &Menu| menu.entries.iter().any(|it| it.choice == Choice::LeaveProgram);
    if matches!(model.overlays.last(), Some(Overlay::Menu(menu)) if asks(menu)) {
        return Vec::new();
    }
    if !model.overlays.iter().any(Overlay::is_unsaved) {
        return vec![Effect::Quit];
    }
    let texts = model.texts();
    let entries = vec![
        Entry::new(Choice::Close, texts.leave_no),
        Entry::new(Choice::LeaveProgram, texts.leave_yes),
    ];
    model.overlays.push(Overlay::Menu(Menu::new(texts.leave_title, entries, texts.no_entries)));
    Vec::new()
}

fn on_grid(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::OpenMenu if is_new_clinic(model) => settings::lead(model),
        Action::OpenMenu if model.mode == Mode::Schedule => change::open_schedule_menu(model),
        Action::OpenMenu => change::open_menu(model),
        Action::LayPreblock => change::open_preblock_menu(model),
        Action::Book if model.from_recall.is_some() => booking::open_from_recall(model),
        Action::Book => bookable::open_menu(model),
        Action::EditBooking => booking::open_edit(model),
        Action::OpenPatient => patient::open_at_cursor(model),
        Action::MoveBooking => moving::open(model),
        Action::CancelBooking => moving::ask_to_cancel(model),
        Action::FindFree => match model.from_recall.as_ref().map(|from| from.template.clone()) {
            Some(template) => free::open(model, template),
            None => free::open_menu(model),
        },
        Action::WeekTemplates => weeks::open(model),
        Action::Cut => clip::cut(model),
        Action::CopyPreblocks => clip::copy(model),
        Action::Paste => clip::open(model),
        Action::RemovePreblocks => change::ask_remove_preblocks(model),
        Action::AddSessions => change::add_sessions(model),
        Action::RemoveSessions => change::ask_remove_sessions(model),
        Action::RepeatSessions => forms::open_repeat_sessions(model),
        Action::RepeatPreblocks => forms::open_repeat_preblocks(model),
        Action::Undo => change::undo(model),
        Action::Redo => change::redo(model),
        Action::Reload => reload(model),
        Action::TypeRange => {
            super::ask(model, Asked::Range);
            Vec::new()
        }
        Action::GoTo => {
            super::ask(model, Asked::Date);
            Vec::new()
        }
        Action::Why => {
            let time = model.block().start();
            model.overlays.push(Overlay::Why { time, scroll: 0 });
            Vec::new()
        }
        Action::PatientsSee => {
            model.overlays.push(Overlay::PatientsSee { scroll: 0 });
            Vec::new()
        }
        Action::Picker => choose::open_picker(model),
        Action::Away => calls::ask_days(model),
        Action::DayList => day_list::open(model),
        Action::CellHistory => log::ask_about_cell(model),
        Action::AuditLog => log_list::open(model),
        Action::Find => finder::open(model),
        Action::Inbox => inbox::open(model),
        Action::OnlineClient => agent::open(model),
        Action::CheckSettings => findings::open(model),
        Action::Handbook => handbook::open(model),
        Action::Palette => palette::open(model),
        Action::Settings => settings::open(model),
        Action::Password => password::open_own(model),
        _ => grid::perform(model, action),
    }
}

fn on_overlay(model: &mut Model, action: Action) -> Vec<Effect> {
    match model.overlays.last() {
        Some(overlay) if overlay.is_saving() && action == Action::Accept => {
            return super::say_saving(model);
        }
        Some(overlay) if overlay.is_saving() && action == Action::Cancel => {
            let leaving = match overlay {
                Overlay::Booking(_) | Overlay::Move(_) => Choice::DropForm,
                Overlay::Settings(_) | Overlay::Patient(_) => Choice::DropCard,
                // Its answer stands nowhere else.
                _ => return super::say_saving(model),
            };
            return super::ask_to_leave_saving(model, leaving);
        }
        Some(Overlay::Settings(_)) => return settings::perform(model, action, steps(action)),
        Some(Overlay::Calls(_)) => return calls::perform(model, action, steps(action)),
        Some(Overlay::Patient(_)) => return patient::perform(model, action, steps(action)),
        _ => {}
    }
    match action {
        Action::Cancel if matches!(model.overlays.last(), Some(Overlay::Booking(_))) => {
            return booking::perform(model, action);
        }
        Action::Cancel if matches!(model.overlays.last(), Some(Overlay::Prompt(it)) if it.is_worth_keeping()) =>
        {
            return ask_to_leave(model, Choice::DropForm);
        }
        Action::Cancel => {
            model.overlays.pop();
            return Vec::new();
        }
        Action::Choose => return chosen(model),
        Action::MarkSeen => return inbox::mark_seen(model),
        Action::SyncNow | Action::Republish | Action::PauseOnline | Action::Diagnostics => {
            return agent::perform(model, action);
        }
        _ => {}
    }
    let week = model.week();
    match model.overlays.last_mut() {
        Some(Overlay::Menu(menu)) => {
            menu.select_by(steps(action));
            Vec::new()
        }
        Some(Overlay::Prompt(_)) => choose::accept_prompt(model),
        Some(Overlay::Finder(_)) => {
            finder::select_by(model, steps(action));
            Vec::new()
        }
        Some(Overlay::Inbox { .. }) => {
            inbox::select_by(model, steps(action));
            Vec::new()
        }
        Some(Overlay::Log(_)) => log_list::perform(model, action, steps(action)),
        Some(Overlay::Booking(_)) => booking::perform(model, action),
        Some(Overlay::Move(_)) => moving::perform(model, action),
        Some(Overlay::Repeat(_)) => forms::perform(model, action),
        Some(Overlay::Password(_)) => password::perform(model, action),
        Some(Overlay::Free(_)) => free::perform(model, action),
        Some(Overlay::Paste(_)) => clip::perform(model, action),
        Some(Overlay::Why { time, .. }) if matches!(action, Action::Earlier | Action::Later) => {
            let step = crate::domain::Minutes(if action == Action::Later { 1 } else { -1 });
            let moved = *time + step;
            // Of other weeks nothing is known here.
            if week.contains(moved.date()) {
                *time = moved;
            }
            Vec::new()
        }
        Some(overlay) => {
            if let Some(scroll) = overlay.scroll_mut() {
                *scroll = scroll.saturating_add_signed(steps(action));
            }
            clamp_scroll(model);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Chooses what is selected in a list.
pub(super) fn chosen(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last() {
        Some(Overlay::Finder(_)) => finder::chosen(model),
        Some(Overlay::Inbox { .. }) => inbox::chosen(model),
        Some(Overlay::Log(_)) => log_list::chosen(model),
        _ => choose::chosen(model),
    }
}

/// Keeps a text to read from being scrolled past its end.
fn clamp_scroll(model: &mut Model) {
    let last = panels::last_scroll(model);
    if let Some(scroll) = model.overlays.last_mut().and_then(Overlay::scroll_mut) {
        *scroll = (*scroll).min(last);
    }
}

/// How far an action moves in a list or text.
fn steps(action: Action) -> isize {
    const FAR: isize = 100_000;
    match action {
        Action::Move(Direction::Up) => -1,
        Action::Move(Direction::Down) => 1,
        Action::PageUp => -PAGE,
        Action::PageDown => PAGE,
        Action::First => -FAR,
        Action::Last => FAR,
        _ => 0,
    }
}

/// A key that is no command here: typed into the focused field.
fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(overlay) if overlay.is_saving() => super::say_saving(model),
        Some(Overlay::Menu(menu)) => {
            let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
            if let KeyCode::Char(letter) = key.code
                && plain
                && let Some(at) = menu.by_digit(letter)
            {
                menu.selected = at;
                return choose::chosen(model);
            }
            if edit(&mut menu.filter, key) == Edited::Yes {
                menu.reselect();
            }
            Vec::new()
        }
        Some(Overlay::Prompt(prompt)) => {
            if edit(&mut prompt.input, key) == Edited::Yes {
                prompt.error = None;
            }
            Vec::new()
        }
        Some(Overlay::Booking(_)) => booking::key(model, key),
        Some(Overlay::Move(_)) => moving::key(model, key),
        Some(Overlay::Repeat(_)) => forms::key(model, key),
        Some(Overlay::Password(_)) => password::key(model, key),
        Some(Overlay::Free(_)) => free::key(model, key),
        Some(Overlay::Paste(_)) => clip::key(model, key),
        Some(Overlay::Settings(_)) => settings::key(model, key),
        Some(Overlay::Patient(_)) => patient::key(model, key),
        Some(Overlay::Finder(_)) => finder::key(model, key),
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
        ) => {
            if key.code == KeyCode::Char('q') {
                model.overlays.pop();
            }
            Vec::new()
        }
        None => Vec::new(),
    }
}
