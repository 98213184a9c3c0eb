//! A prompt: one line to type.

use tui_input::Input;

use crate::tui::dialogs::{Asked, Prompt};
use crate::tui::model::Model;
use crate::tui::sanitise::width;
use crate::tui::theme::Role;

use super::fields::{flowed, scrolled};
use super::panel::{Line, Panel, Place};

/// Columns that it takes at most.
const WIDEST: usize = 72;
/// Stands before what is typed.
const MARK: &str = "> ";

pub(super) fn panel(model: &Model, prompt: &Prompt) -> Panel {
    let texts = model.texts();
    let (title, help) = match &prompt.asked {
        Asked::Date => (texts.goto_title, texts.goto_help.to_owned()),
        Asked::Range => (texts.range_title, texts.range_help.to_owned()),
        Asked::Period(_) => {
            let away = model.language.away_texts();
            (away.period_title, away.period_help.to_owned())
        }
        Asked::WeekName(_) => {
            (model.book_texts().week_name, model.book_texts().week_name_help.to_owned())
        }
        Asked::Code(id) => {
            let name = model.setup.preblock_types.get(id).map(|found| found.name.clone());
            (texts.code_title, name.unwrap_or_default())
        }
        Asked::LogDay(facet) => (facet.label(model), texts.filter_day_help.to_owned()),
        Asked::Reason(_) => {
            (texts.cancel_booking_title, model.language.booking_texts().reason_help.to_owned())
        }
    };
    let columns = usize::from(model.size.0).saturating_sub(8).min(WIDEST);
    let room = columns.saturating_sub(width(MARK));
    let (shown, column) = match &prompt.asked {
        Asked::Code(_) => {
            let stars = Input::new("*".repeat(prompt.input.value().chars().count()));
            let stars = stars.with_cursor(prompt.input.cursor());
            scrolled((&stars, stars.value()), room)
        }
        Asked::Date
        | Asked::Range
        | Asked::LogDay(_)
        | Asked::Reason(_)
        | Asked::Period(_)
        | Asked::WeekName(_) => scrolled((&prompt.input, prompt.input.value()), room),
    };
    let mut lines = vec![Line::new(MARK, Role::Key).and(shown, Role::Field)];
    match &prompt.error {
        Some(error) => lines.extend(flowed(error, columns, Role::Error)),
        None => lines.extend(flowed(&help, columns, Role::Dim)),
    }
    let widest = [texts.goto_bad, texts.range_bad, texts.code_wrong, &help];
    let keep = widest.iter().map(|text| width(text)).max().unwrap_or(0).min(columns);
    Panel {
        cursor: Some((0, width(MARK) + column)),
        keep: (keep, 2),
        ..Panel::new(title, Place::Marking, lines)
    }
}
