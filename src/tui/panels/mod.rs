//! What stands in each overlay, as panels: lines of text with their roles, and how large they are. Made of
//! the model; drawn by `view`, scrolled and hit by `update`. Pure.

mod agent;
mod booking;
mod calls;
mod day_list;
mod fields;
mod finder;
mod findings;
mod form;
mod free;
mod handbook;
mod help;
mod inbox;
mod log;
mod menu;
mod moving;
mod panel;
mod password;
mod paste;
mod patient;
mod patients_see;
mod prompt;
mod repeat;
mod times;
mod why;

use ratatui::layout::Rect;

use crate::tui::dialogs::Overlay;
use crate::tui::layout::Layout;
use crate::tui::model::Model;

use fields::FORM;
use panel::Place;

pub use form::{FormLines, Use, cut_choice, keys, lines as form_lines};
pub use panel::{Line, Panel};
pub use paste::clip_line;
pub use patients_see::beside_the_grid;

/// The overlay on top as a panel; `None` where there is none.
pub fn top(model: &Model) -> Option<Panel> {
    Some(match model.overlays.last()? {
        Overlay::Settings(_) => return None,
        Overlay::Menu(menu) => menu::panel(model, menu),
        Overlay::Finder(found) => finder::panel(model, found),
        Overlay::Inbox { selected } => inbox::panel(model, *selected),
        Overlay::Log(list) => log::panel(model, list),
        Overlay::Agent { scroll } => Panel { scroll: *scroll, ..agent::panel(model) },
        Overlay::Prompt(prompt) => prompt::panel(model, prompt),
        Overlay::Booking(form) => booking::panel(model, form),
        Overlay::Patient(view) => patient::panel(model, view),
        Overlay::Move(form) => moving::panel(model, form),
        Overlay::Repeat(form) => repeat::panel(model, form),
        Overlay::Paste(form) => paste::panel(model, form),
        Overlay::Password(form) => password::panel(model, form),
        Overlay::Free(form) => free::panel(model, form),
        Overlay::DayList(view) => day_list::panel(model, view),
        Overlay::Calls(board) => calls::panel(model, board),
        Overlay::Why { time, scroll } => Panel { scroll: *scroll, ..why::panel(model, *time) },
        Overlay::Help { of, scroll } => Panel { scroll: *scroll, ..help::panel(model, *of) },
        Overlay::Handbook { topic, scroll } => {
            Panel { scroll: *scroll, ..handbook::panel(model, *topic) }
        }
        Overlay::Finding { finding, scroll } => {
            Panel { scroll: *scroll, ..findings::panel(model, finding) }
        }
        Overlay::PatientsSee { scroll } => Panel {
            scroll: *scroll,
            ..Panel::new(
                patients_see::title(model, model.cursor.date),
                Place::Centre,
                patients_see::lines(model, model.cursor.date, FORM),
            )
        },
    })
}

/// The area of the overlay on top.
pub fn area(model: &Model) -> Option<Rect> {
    let layout = Layout::of(model)?;
    Some(top(model)?.area(model, &layout))
}

/// The index of the entry of the overlay on top that stands at a place on the screen.
pub fn entry_at(model: &Model, x: u16, y: u16) -> Option<usize> {
    let layout = Layout::of(model)?;
    let panel = top(model)?;
    panel.entry_at(panel.area(model, &layout), x, y)
}

/// How far the overlay on top scrolls.
pub fn last_scroll(model: &Model) -> usize {
    let found = Layout::of(model).zip(top(model));
    found.map_or(0, |(layout, panel)| panel.last_scroll(panel.area(model, &layout)))
}
