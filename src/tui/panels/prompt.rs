//! A prompt: one line to type.

use crate::tui::dialogs::{Asked, Prompt};
use crate::tui::model::Model;
use crate::tui::sanitise::width;
use crate::tui::theme::Role;

use super::panel::{Line, Panel, Place};

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
    let shown = match &prompt.asked {
        Asked::Code(_) => "*".repeat(prompt.input.value().chars().count()),
        Asked::Date
        | Asked::Range
        | Asked::LogDay(_)
        | Asked::Reason(_)
        | Asked::Period(_)
        | Asked::WeekName(_) => prompt.input.value().to_owned(),
    };
    let column = match &prompt.asked {
        Asked::Code(_) => prompt.input.cursor(),
        Asked::Date
        | Asked::Range
        | Asked::LogDay(_)
        | Asked::Reason(_)
        | Asked::Period(_)
        | Asked::WeekName(_) => prompt.input.visual_cursor(),
    };
    let note = match &prompt.error {
        Some(error) => Line::new(error.clone(), Role::Error),
        None => Line::new(help.clone(), Role::Dim),
    };
    let lines = vec![Line::new("> ", Role::Key).and(shown, Role::Field), note];
    let widest = [texts.goto_bad, texts.range_bad, texts.code_wrong, &help];
    let keep = widest.iter().map(|text| width(text)).max().unwrap_or(0);
    Panel {
        cursor: Some((0, 2 + column)),
        keep: (keep, 2),
        ..Panel::new(title, Place::Marking, lines)
    }
}
