//! The day's list, drawn as plain lines.

use crate::texts::{Naming, day_list};
use crate::tui::dialogs::DayListView;
use crate::tui::model::Model;
use crate::tui::sanitise::{clean, wrap};
use crate::tui::theme::Role;

use super::panel::{Line, Panel, Place};

/// Columns that the list takes at most.
const WIDEST: usize = 76;

/// The list as a panel to read.
pub(super) fn panel(model: &Model, view: &DayListView) -> Panel {
    let columns = WIDEST.min(usize::from(model.size.0).saturating_sub(8));
    // The right may have been taken away since the list was read (R17).
    let naming = if model.shows_patients() { Naming::Named } else { Naming::Blanked };
    let lines = match &view.lists {
        None => vec![Line::new(model.texts().loading, Role::Dim)],
        Some(lists) => day_list(model.language, lists, &model.setup, naming)
            .iter()
            .flat_map(|line| match line.is_empty() {
                true => vec![Line::default()],
                false => wrapped(line, columns),
            })
            .collect(),
    };
    let title = model.texts().day_list_title;
    Panel { scroll: view.scroll, keep: (columns, 0), ..Panel::new(title, Place::Centre, lines) }
}

fn wrapped(line: &str, columns: usize) -> Vec<Line> {
    let lines = wrap(&clean(line), columns).into_iter();
    lines.map(|line| Line::new(line, Role::Plain)).collect()
}
