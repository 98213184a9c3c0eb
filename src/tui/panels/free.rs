//! The form that finds the next free times, over what it has found.

use chrono::{Datelike, NaiveDate};
use tui_input::Input;

use crate::clinic::{Among, FreeTime, FreeTimes};
use crate::tui::dialogs::{FreeField, FreeForm, MOST_FREE, Search};
use crate::tui::model::Model;
use crate::tui::sanitise::{fit, width};
use crate::tui::theme::Role;

use super::fields::{FIELDS, FORM, below, columns, field, flowed, room, scrolled};
use super::panel::{Line, Panel, Place};

/// Lines of the panel besides the times found.
const REST: usize = 8;
/// Most times in view.
const SHOWN: usize = 12;
/// Fewest times in view, however small the screen.
const SHOWN_AT_LEAST: usize = 2;

pub(super) fn panel(model: &Model, form: &FreeForm) -> Panel {
    let mut lines = Vec::new();
    let mut cursor = None;
    for which in FreeForm::FIELDS {
        let focused = form.field == which;
        let Some((label, value, column, note)) = parts(model, form, which) else { continue };
        if focused {
            cursor = Some((lines.len(), FIELDS + column));
        }
        let beside = room(model).saturating_sub(width(&value) + 2);
        let line = field(label, value, focused);
        match note {
            Some((text, role)) if role == Role::Error || focused && width(text) > beside => {
                lines.push(line);
                lines.extend(below(model, text, role));
            }
            Some((text, role)) if focused => lines.push(line.and(format!("  {text}"), role)),
            _ => lines.push(line),
        }
    }
    lines.push(Line::default());
    let shown = found_lines(model, form, &mut lines);
    if form.field == FreeField::Found {
        cursor = Some((shown, 0));
    }
    let texts = model.book_texts();
    let keys = match form.field {
        FreeField::Found => texts.free_keys_found,
        _ => texts.free_keys_fields,
    };
    lines.push(Line::new(keys, Role::Dim));
    let keep = (FORM, REST + visible(model));
    Panel { cursor, keep, ..Panel::new(texts.free_title, Place::Centre, lines) }
}

/// What stands beside a field, and in which role.
type Note = (&'static str, Role);

/// Label, value, the cursor's column in it, and what to know or what is wrong.
fn parts(
    model: &Model,
    form: &FreeForm,
    which: FreeField,
) -> Option<(&'static str, String, usize, Option<Note>)> {
    let texts = model.book_texts();
    let room = room(model);
    let typed = |input: &Input| match form.field == which {
        true => scrolled((input, input.value()), room),
        false => (fit(input.value(), room), 0),
    };
    let note =
        |read: bool, help, bad| Some(if read { (help, Role::Dim) } else { (bad, Role::Error) });
    let switched = Some((texts.free_changes, Role::Dim));
    Some(match which {
        FreeField::Template => {
            let template = model.setup.templates.get(&form.template);
            let name = template.map_or("", |found| found.name.as_str());
            (texts.free_template, fit(name, room), 0, switched)
        }
        FreeField::Among => (texts.free_among, among(model, &form.among), 0, switched),
        FreeField::Weekdays => {
            let read = form.weekday_set().is_some();
            let note = note(read, texts.free_weekdays_help, texts.free_weekdays_bad);
            let (shown, column) = typed(&form.weekdays);
            (texts.free_weekdays, shown, column, note)
        }
        FreeField::Part => {
            let read = form.part_of_day().is_some();
            let note = note(read, texts.free_part_help, texts.free_part_bad);
            let (shown, column) = typed(&form.part);
            (texts.free_part, shown, column, note)
        }
        FreeField::From => {
            let read = form.first_day(model.now.date()).is_some();
            let note = note(read, texts.free_from_help, model.texts().goto_bad);
            let (shown, column) = typed(form.from.input());
            (texts.free_from, shown, column, note)
        }
        FreeField::Found => return None,
    })
}

fn among(model: &Model, among: &Among) -> String {
    let texts = model.book_texts();
    match among {
        Among::Practitioner(id) => {
            model.setup.practitioners.get(id).map_or_else(String::new, |found| found.name.clone())
        }
        Among::Company(id) => {
            let name = model.setup.companies.get(id).map_or("", |found| found.name.as_str());
            format!("{} {name}", texts.free_all_of)
        }
        Among::Clinic => texts.free_whole_clinic.to_owned(),
    }
}

/// How many times are in view.
fn visible(model: &Model) -> usize {
    usize::from(model.size.1).saturating_sub(5 + REST).clamp(SHOWN_AT_LEAST, SHOWN)
}

/// How the search went, then the times around the selected one; answers the selected one's line.
fn found_lines(model: &Model, form: &FreeForm, lines: &mut Vec<Line>) -> usize {
    let said = match &form.search {
        Search::Unclear => String::new(),
        Search::Waiting(_) => model.texts().searching.to_owned(),
        Search::Found(found) => summary(model, found),
        Search::Refused(reason) => reason.clone(),
    };
    let role = match &form.search {
        Search::Refused(_) => Role::Error,
        Search::Found(found) if found.times.is_empty() => Role::Warning,
        _ => Role::Strong,
    };
    lines.extend(flowed(&said, columns(model), role));
    let visible = visible(model);
    let first = (form.selected + 1).saturating_sub(visible);
    let mut selected = lines.len();
    for (at, time) in form.times().iter().enumerate().skip(first).take(visible) {
        let here = at == form.selected;
        if here {
            selected = lines.len();
        }
        let (mark, role) = match (here, form.field == FreeField::Found) {
            (true, true) => ("▶ ", Role::Selected),
            (true, false) => ("▶ ", Role::Plain),
            (false, _) => ("  ", Role::Plain),
        };
        lines.push(Line::new(format!("{mark}{}", time_line(model, time)), role));
    }
    selected
}

fn summary(model: &Model, found: &FreeTimes) -> String {
    let texts = model.book_texts();
    let last: NaiveDate = found.searched.end().pred_opt().unwrap_or(found.searched.first());
    let last = model.date(last);
    match found.times.len() {
        0 => texts.no_free_until(&last),
        MOST_FREE => texts.free_first(MOST_FREE),
        count => texts.free_found(count, &last),
    }
}

/// `v.48 ons 25 nov 10:00–10:30  Anna Ek`, with a red day's name.
fn time_line(model: &Model, time: &FreeTime) -> String {
    let date = time.interval.start().date();
    let dates = model.dates();
    let practitioner = model.setup.practitioners.get(&time.practitioner);
    let name = practitioner.map_or("", |found| found.name.as_str());
    let red = model.setup.red_day(date).map(|why| format!(" ({})", model.dates().red_day(why)));
    let year = if date.year() == model.now.date().year() { "" } else { &date.year().to_string() };
    format!(
        "{}{:<2} {:>10} {:<4} {}  {name}{}",
        model.texts().week,
        date.iso_week().week(),
        dates.date(date),
        year,
        dates.hours(time.interval),
        red.unwrap_or_default()
    )
}
