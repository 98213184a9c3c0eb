//! The audit log as a list; what it is narrowed to stands above it.

use crate::clinic::LogFilter;
use crate::tui::actions::{Action, Context};
use crate::tui::dialogs::{LogList, Older};
use crate::tui::logged;
use crate::tui::model::Model;
use crate::tui::sanitise::clean;
use crate::tui::theme::Role;

use super::panel::{Line, Panel, Place};

/// Columns and lines kept while entries come.
const ROOM: (usize, usize) = (72, 16);

/// The log as a panel.
pub(super) fn panel(model: &Model, list: &LogList) -> Panel {
    let texts = model.texts();
    let mut lines: Vec<Line> = list
        .entries
        .iter()
        .map(|entry| Line::new(clean(&logged::line(model, entry)), Role::Plain))
        .collect();
    match list.older {
        Older::Asked(_) => lines.push(Line::new(texts.loading, Role::Dim)),
        Older::Unknown => lines.push(Line::new(texts.log_older, Role::Dim)),
        Older::None if list.entries.is_empty() => {
            let filtered = list.filter != LogFilter::default();
            let key = model.key_of(Context::Log, Action::ClearFilters);
            let text = match filtered {
                true => texts.log_none_match(&key),
                false => texts.log_empty.to_owned(),
            };
            lines.push(Line::new(text, Role::Dim));
        }
        Older::None => {}
    }
    Panel {
        entries: (0, list.entries.len()),
        selected: (!list.entries.is_empty()).then_some(list.selected),
        keep: ROOM,
        ..Panel::new(title(model, list), Place::Centre, lines)
    }
}

/// `Loggen, nyast först`, or what it is narrowed to.
fn title(model: &Model, list: &LogList) -> String {
    let texts = model.texts();
    match logged::filter_in_words(model, &list.filter) {
        all if all.is_empty() => texts.log_title.to_owned(),
        narrowed => clean(&format!("{}: {narrowed}", texts.log_filtered)).into_owned(),
    }
}
