//! The audit log as a list; what it is narrowed to stands above it.

use crate::tui::actions::{Action, Context};
use crate::tui::dialogs::{LogList, Older};
use crate::tui::logged::{self, Facet};
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
            let filtered = !set(model, list).is_empty();
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

/// `Loggen, nyast först · Vem: AE · Från: 2026-11-23`.
fn title(model: &Model, list: &LogList) -> String {
    let set = set(model, list);
    let parts = std::iter::once(model.texts().log_title.to_owned()).chain(set);
    clean(&parts.collect::<Vec<_>>().join(" · ")).into_owned()
}

/// What it is narrowed to.
fn set(model: &Model, list: &LogList) -> Vec<String> {
    let told = |facet: &Facet| {
        let value = facet.in_words(model, &list.filter)?;
        Some(format!("{}: {value}", facet.label(model)))
    };
    Facet::ALL.iter().filter_map(told).collect()
}
