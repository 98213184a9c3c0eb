//! The keys of a context.

use crate::tui::actions::{Context, in_context};
use crate::tui::disabled::disabled;
use crate::tui::model::Model;
use crate::tui::options::Purpose;
use crate::tui::sanitise::{width, wrap};
use crate::tui::theme::Role;

use super::fields::FORM;
use super::panel::{Line, Panel, Place};

/// The keys of a context, made from the registry, each with why it can't be used now.
pub(super) fn panel(model: &Model, of: Context) -> Panel {
    let keys_of = |action| {
        let keys: Vec<String> = model.keymap.keys(of, action).map(|key| key.to_string()).collect();
        keys.join(" ")
    };
    let page = match &model.purpose {
        Purpose::Demo(Some(page)) => wrap(&page.told(model.language), FORM),
        _ => Vec::new(),
    };
    let mut lines: Vec<Line> = page.into_iter().map(|line| Line::new(line, Role::Strong)).collect();
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines.extend(in_context(of).map(|entry| {
        let reason = disabled(model, entry.action).filter(|_| of == Context::Grid);
        let keys = keys_of(entry.action);
        let gap = " ".repeat(12usize.saturating_sub(width(&keys)));
        let role = if reason.is_some() { Role::Disabled } else { Role::Plain };
        Line {
            right: reason.map(|reason| (reason, Role::Disabled)),
            at_least: FORM,
            ..Line::new(format!("{keys}{gap} "), Role::Key).and(entry.text(model.language), role)
        }
    }));
    lines.push(Line::default());
    let legend = wrap(model.texts().help_legend, FORM);
    lines.extend(legend.into_iter().map(|line| Line::new(line, Role::Dim)));
    Panel { keep: (FORM, 0), ..Panel::new(model.texts().help_title, Place::Centre, lines) }
}
