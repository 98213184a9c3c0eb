//! The mouse: click, drag, wheel, the right button's menu. Everything here has a key as well.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::domain::{CivilTime, Minutes};
use crate::tui::actions::Action;
use crate::tui::dialogs::Overlay;
use crate::tui::layout::Layout;
use crate::tui::marking::{Grip, Marking};
use crate::tui::message::Effect;
use crate::tui::model::Model;
use crate::tui::panels;

use super::{choose, finder, grid, inbox, keys, log_list};

/// Rows that one step of the wheel moves.
const WHEEL: i32 = 3;

/// Something happened with the mouse.
pub(super) fn moved(model: &mut Model, mouse: MouseEvent) -> Vec<Effect> {
    // What ends what began on something that lay over the grid means nothing on the grid.
    let held = match mouse.kind {
        MouseEventKind::Down(_) | MouseEventKind::Up(_) => model.held.take(),
        _ => model.held,
    };
    if Layout::of(model).is_none() {
        return Vec::new();
    }
    match model.overlays.last() {
        None => on_grid(model, mouse, held),
        // Where a card is filled in, a stray click must not lose anything.
        Some(Overlay::Settings(_)) => Vec::new(),
        Some(_) => on_overlay(model, mouse),
    }
}

/// On the grid; `held` is the button that went down there before.
fn on_grid(model: &mut Model, mouse: MouseEvent, held: Option<MouseButton>) -> Vec<Effect> {
    let Some(layout) = Layout::of(model) else { return Vec::new() };
    match mouse.kind {
        MouseEventKind::ScrollUp => scroll(model, -WHEEL),
        MouseEventKind::ScrollDown => scroll(model, WHEEL),
        _ => {}
    }
    let Some((lane, minute)) = layout.cell_at(model, mouse.column, mouse.row) else {
        return Vec::new();
    };
    let elsewhere = model.cursor_lane().as_ref() != Some(&lane) || model.cursor.minute != minute;
    match mouse.kind {
        MouseEventKind::Down(button @ (MouseButton::Left | MouseButton::Right)) => {
            model.status = None;
            // With Ctrl the right button removes: letting it go opens nothing.
            let removes =
                button == MouseButton::Right && mouse.modifiers.contains(KeyModifiers::CONTROL);
            model.held = (!removes).then_some(button);
            let start = CivilTime::at(lane.date, minute);
            let inside = model.chosen_lanes().contains(&lane)
                && model
                    .marked()
                    .and_then(|block| block.on(lane.date))
                    .is_some_and(|interval| interval.contains_time(start));
            if button == MouseButton::Right && inside {
                return Vec::new();
            }
            model.marking = None;
            grid::put_cursor(model, lane, minute);
            if removes && model.preblock_at_cursor().is_some() {
                return keys::perform(model, Action::RemovePreblocks);
            }
        }
        MouseEventKind::Drag(button) if held == Some(button) => {
            if !matches!(model.marking, Some(Marking::Rows { .. })) && elsewhere {
                model.marking = Some(Marking::Rows { anchor: model.spot(), grip: Grip::Held });
            }
            if elsewhere {
                grid::put_cursor(model, lane, minute);
            }
        }
        MouseEventKind::Up(MouseButton::Right) if held == Some(MouseButton::Right) => {
            return keys::perform(model, Action::OpenMenu);
        }
        _ => {}
    }
    Vec::new()
}

fn scroll(model: &mut Model, rows: i32) {
    let row = model.row().0;
    model.scroll = Minutes((model.scroll.0 + rows * row).clamp(0, model.last_scroll()));
}

/// In an overlay: a click on an entry chooses it, one outside closes a menu; the wheel scrolls.
fn on_overlay(model: &mut Model, mouse: MouseEvent) -> Vec<Effect> {
    let last = panels::last_scroll(model);
    let area = panels::area(model);
    let entry = panels::entry_at(model, mouse.column, mouse.row);
    let wheel = match mouse.kind {
        MouseEventKind::ScrollUp => -1,
        MouseEventKind::ScrollDown => 1,
        _ => 0,
    };
    match model.overlays.last() {
        Some(Overlay::Finder(_)) => finder::select_by(model, wheel),
        Some(Overlay::Inbox { .. }) => inbox::select_by(model, wheel),
        Some(Overlay::Log(_)) if wheel != 0 => return log_list::select_by(model, wheel),
        _ => {}
    }
    let Some(overlay) = model.overlays.last_mut() else { return Vec::new() };
    match overlay {
        Overlay::Menu(menu) if wheel != 0 => menu.select_by(wheel),
        _ => {
            if let Some(scroll) = overlay.scroll_mut() {
                *scroll = scroll.saturating_add_signed(wheel).min(last);
            }
        }
    }
    if !matches!(mouse.kind, MouseEventKind::Down(MouseButton::Left | MouseButton::Right)) {
        return Vec::new();
    }
    let inside = area.is_some_and(|area| area.contains(Position::new(mouse.column, mouse.row)));
    match (model.overlays.last_mut(), entry) {
        (Some(Overlay::Menu(menu)), Some(at)) => {
            menu.selected = at;
            return choose::chosen(model);
        }
        (Some(Overlay::Finder(finder)), Some(at)) => {
            finder.selected = at;
            return keys::chosen(model);
        }
        (Some(Overlay::Inbox { selected }), Some(at)) => {
            *selected = at;
            return keys::chosen(model);
        }
        (Some(Overlay::Log(list)), Some(at)) => {
            list.selected = at;
            return keys::chosen(model);
        }
        (Some(overlay), _) if !inside && !overlay.is_unsaved() && !overlay.is_saving() => {
            model.overlays.pop();
        }
        _ => {}
    }
    Vec::new()
}
