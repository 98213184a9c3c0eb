//! The form that repeats a week, or lays a week template, and what that does.

use crate::clinic::{Change, Preview, RedDays, WeekParity};
use crate::domain::{LaidOutside, SkippedDay};
use crate::tui::deeds::count_changes;
use crate::tui::dialogs::{RepeatField, RepeatForm, Repeated};
use crate::tui::model::Model;
use crate::tui::theme::Role;

use super::booking::effect_lines;
use super::fields::{FIELDS, FORM, field, overlap, save_lines};
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
    let mut lines = vec![Line::new(format!("{}{week}", texts.week), Role::Strong)];
    let mut cursor = None;
    for wanted in form.fields() {
        let focused = form.field == *wanted;
        let (label, value, column) = match wanted {
            RepeatField::Until => {
                (texts.until_label, form.until.value(), form.until.input().visual_cursor())
            }
            RepeatField::Weeks => (model.book_texts().weeks_label, weeks(model, form.weeks), 0),
            RepeatField::RedDays => (texts.red_label, red_days(model, form.red_days), 0),
            RepeatField::Overlap => (texts.overlap_label, overlap(model, form.overlap), 0),
            RepeatField::Codes => {
                (texts.codes_label, form.codes.value(), form.codes.visual_cursor())
            }
            RepeatField::Save => continue,
        };
        if focused {
            cursor = Some((lines.len(), FIELDS + column));
        }
        let line = field(label, value, focused);
        let below = |help| Line::new(format!("{}{help}", " ".repeat(FIELDS)), Role::Dim);
        match wanted {
            RepeatField::Until => {
                let counted = matches!(form.what, Repeated::Week(_));
                let help =
                    if counted { model.book_texts().week_span_help } else { texts.repeat_help };
                lines.extend([line, below(help)]);
            }
            RepeatField::Codes => lines.extend([line, below(texts.needs_codes)]),
            _ if focused => lines.push(line.and(format!("  {}", texts.space_changes), Role::Dim)),
            _ => lines.push(line),
        }
    }
    lines.extend(effect_lines(model, &form.preview, |preview| repeat_effect(model, preview)));
    let focused = form.field == RepeatField::Save;
    let error = form.error.map(str::to_owned);
    save_lines(model, &mut lines, &mut cursor, focused, error.as_ref());
    Panel {
        cursor,
        keep: (FORM, 14),
        ..Panel::new(title.trim_end_matches('…'), Place::Centre, lines)
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
