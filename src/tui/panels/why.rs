//! "Varför syns ingen tid?": per online template the first rule that fails at a time (R11).

use crate::domain::{CivilTime, Resolver};
use crate::texts::not_bookable;
use crate::tui::actions::{Action, Context};
use crate::tui::model::Model;
use crate::tui::sanitise::wrap;
use crate::tui::theme::Role;

use super::panel::{Line, Panel, Place};
use super::patients_see::online_templates;

const COLUMNS: usize = 66;

/// The answer for every online template at `time`.
pub(super) fn panel(model: &Model, time: CivilTime) -> Panel {
    let texts = model.texts();
    let title = format!("{} · {} {}", texts.why_title, model.date(time.date()), time.clock());
    let (Some(book), Some(practitioner)) = (model.current_book(), model.current_practitioner())
    else {
        return Panel::new(title, Place::Centre, vec![Line::new(texts.loading, Role::Dim)]);
    };
    let columns = COLUMNS.min(usize::from(model.size.0).saturating_sub(8));
    let resolver = Resolver::new(&model.setup, &book.resources, model.now);
    let mut lines = Vec::new();
    for template in online_templates(model, practitioner) {
        let answer = resolver.why(&practitioner.id, &template.id, time, &book.calendar);
        let (rule, text, role) = match answer {
            Ok(Ok(slot)) => {
                (String::new(), texts.bookable(&model.dates().hours(slot.interval)), Role::Slot)
            }
            Ok(Err(reason)) => (
                format!("{} ", reason.rule()),
                not_bookable(model.language, &reason, &model.setup),
                Role::Plain,
            ),
            Err(unknown) => (String::new(), model.refusal(&unknown.into()), Role::Error),
        };
        lines.push(Line::new(template.name.clone(), Role::Strong));
        for (at, line) in wrap(&text, columns.saturating_sub(6)).into_iter().enumerate() {
            let rule = if at == 0 { rule.as_str() } else { "" };
            lines.push(Line::new(format!("  {rule:<4}"), Role::Key).and(line, role));
        }
    }
    if lines.is_empty() {
        let none = wrap(texts.why_none, columns).into_iter();
        lines.extend(none.map(|line| Line::new(line, Role::Dim)));
    }
    lines.push(Line::default());
    let key = |action| model.key_of(Context::Why, action);
    let keys = texts.why_keys(&key(Action::Earlier), &key(Action::Later), &key(Action::Cancel));
    lines.push(Line::new(keys, Role::Dim));
    Panel { keep: (columns, 0), ..Panel::new(title, Place::Centre, lines) }
}
