//! One finding of the settings check at length: what is the matter, by which rule, where to mend it.

use crate::domain::Finding;
use crate::texts::{finding, finding_place, finding_subject, severity_name};
use crate::tui::model::Model;
use crate::tui::sanitise::wrap;
use crate::tui::theme::Role;

use super::panel::{Line, Panel, Place};

const COLUMNS: usize = 62;

/// The finding as a text to read.
pub(super) fn panel(model: &Model, found: &Finding) -> Panel {
    let texts = model.texts();
    let columns = COLUMNS.min(usize::from(model.size.0).saturating_sub(8));
    let subject = finding_subject(model.language, &found.subject, &model.setup);
    let place = finding_place(model.language, found);
    let severity = severity_name(model.language, found.severity());
    let flowed = |text: &str, role| {
        let lines = wrap(text, columns).into_iter();
        lines.map(move |line| Line::new(line, role)).collect::<Vec<_>>()
    };
    let mut lines = flowed(&subject, Role::Strong);
    lines.push(Line::new(format!("{severity} "), Role::Warning).and(found.rule(), Role::Key));
    lines.extend(flowed(&finding(model.language, found, &model.setup), Role::Plain));
    lines.push(Line::default());
    lines.push(Line::new(format!("{}:", texts.mend_in), Role::Dim));
    lines.extend(flowed(place.screen, Role::Strong));
    lines.push(Line::new(format!("{}:", texts.manual_place), Role::Dim));
    lines.extend(flowed(place.manual, Role::Plain));
    Panel { keep: (columns, 0), ..Panel::new(texts.check_title, Place::Centre, lines) }
}
