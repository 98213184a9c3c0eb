//! The form that repeats a week, or lays a week template, and what that does.

use tui_input::Input;

use crate::clinic::{Change, Preview, RedDays, WeekParity};
use crate::domain::{LaidOutside, SkippedDay};
use crate::tui::deeds::count_changes;
use crate::tui::dialogs::{RepeatField, RepeatForm, Repeated};
use crate::tui::model::Model;
use crate::tui::theme::Role;

use super::booking::effect_lines;
use super::fields::{
    FIELDS, FORM, below, columns, field, flowed, overlap, room, save_lines, scrolled,
};
use super::panel::{Line, Panel, Place};

pub(super) fn panel(model: &Model, form: &RepeatForm) -> Panel {
    let texts = model.texts();
    let title = match &form.what {
        Repeated::Sessions => texts.repeat_sessions,
        Repeated::Week(id) => {
            model.setup.week_templates.get(id).map_or("", |found| found.name.as_str())
        }
        Repeated::Preblocks | Repeated::PreblocksWithCodes => texts.repeat_preblocks,
    };
    let week = chrono::Datelike::iso_week(&form.week).week();
    let heading = format!("{}{week}{}", texts.week, whose(model, form));
    let mut lines: Vec<Line> = flowed(&heading, columns(model), Role::Strong).collect();
    let mut cursor = None;
    for wanted in form.fields() {
        let focused = form.field == *wanted;
        let chosen = |value: &str| (value.to_owned(), 0);
        let typed = |input: &Input| scrolled((input, input.value()), room(model));
        let (label, (value, column)) = match wanted {
            RepeatField::Until => (texts.until_label, typed(form.until.input())),
            RepeatField::Weeks => {
                (model.book_texts().weeks_label, chosen(weeks(model, form.weeks)))
            }
            RepeatField::RedDays => (texts.red_label, chosen(red_days(model, form.red_days))),
            RepeatField::Overlap => (texts.overlap_label, chosen(overlap(model, form.overlap))),
            RepeatField::Codes => (texts.codes_label, typed(&form.codes)),
            RepeatField::Save => continue,
        };
        if focused {
            cursor = Some((lines.len(), FIELDS + column));
        }
        let line = field(label, value, focused);
        match wanted {
            RepeatField::Until => {
                let counted = matches!(form.what, Repeated::Week(_));
                let help =
                    if counted { model.book_texts().week_span_help } else { texts.repeat_help };
                lines.push(line);
                lines.extend(below(model, help, Role::Dim));
            }
            RepeatField::Codes => {
                lines.push(line);
                lines.extend(below(model, texts.needs_codes, Role::Dim));
            }
            _ if focused => lines.push(line.and(format!("  {}", texts.space_changes), Role::Dim)),
            _ => lines.push(line),
        }
    }
    lines.extend(effect_lines(model, &form.preview, |preview| repeat_effect(model, preview)));
    let focused = form.field == RepeatField::Save;
    let error = form.error.map(str::to_owned);
    let seen_to = save_lines(model, &mut lines, &mut cursor, focused, error.as_ref());
    Panel {
        cursor,
        seen_to,
        keep: (FORM, 14),
        ..Panel::new(title.trim_end_matches('…'), Place::Centre, lines)
    }
}

/// Whose weeks, where they are not only those that are looked at.
fn whose(model: &Model, form: &RepeatForm) -> String {
    let name = |id| model.setup.practitioners.get(id).map(|found| found.name.as_str());
    match form.practitioners.as_slice() {
        [] | [_] => String::new(),
        several => {
            let names: Vec<&str> = several.iter().filter_map(name).collect();
            format!(" · {}", names.join(", "))
        }
    }
}

fn weeks(model: &Model, choice: WeekParity) -> &'static str {
    let texts = model.book_texts();
    match choice {
        WeekParity::Every => texts.weeks_every,
        WeekParity::Odd => texts.weeks_odd,
        WeekParity::Even => texts.weeks_even,
    }
}

fn red_days(model: &Model, choice: RedDays) -> &'static str {
    match choice {
        RedDays::Skip => model.texts().red_skip,
        RedDays::Include => model.texts().red_include,
    }
}

/// What repeating or pasting does, in numbers.
pub(super) fn repeat_effect(model: &Model, preview: &Preview) -> Vec<(String, Role)> {
    let texts = model.texts();
    let (added, removed, altered) = count_changes(&preview.changes);
    let of_sessions = preview.changes.iter().all(|change| matches!(change, Change::WorkSession(_)));
    let sum = match of_sessions && !preview.changes.is_empty() {
        true => model.book_texts().sessions_replaced(added, removed),
        false => texts.added_and_removed(added, removed, altered),
    };
    let mut lines = vec![
        (sum, Role::Plain),
        (texts.gained_and_lost(preview.gained.len(), preview.lost.len()), Role::Plain),
    ];
    let names = |days: &[SkippedDay]| -> Vec<String> {
        days.iter()
            .map(|day| format!("{} {}", model.date(day.date), model.dates().red_day(day.why)))
            .collect()
    };
    if !preview.skipped.is_empty() {
        lines.push((texts.skipped(&names(&preview.skipped)), Role::Plain));
    }
    if !preview.on_red_days.is_empty() {
        lines.push((texts.on_red_days(&names(&preview.on_red_days)), Role::Warning));
    }
    if !preview.outside.is_empty() {
        let bookings =
            preview.outside.iter().filter(|o| matches!(o, LaidOutside::Booking(..))).count();
        let text = texts.left_outside(bookings, preview.outside.len() - bookings);
        lines.push((text, Role::Warning));
    }
    lines
}
