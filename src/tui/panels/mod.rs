//! The overlay on top, as a panel: menus, prompts, forms, texts to read.

use crate::clinic::{Change, OverlapChoice, Preview, RedDays, WeekParity};
use crate::domain::{LaidOutside, SkippedDay};
use crate::tui::actions::{Action, Context, in_context};
use crate::tui::dialogs::{Asked, Entry, Menu, Overlay, Prompt, RepeatField, RepeatForm, Repeated};
use crate::tui::disabled::disabled;
use crate::tui::model::{Model, Names};
use crate::tui::options::Purpose;
use crate::tui::sanitise::{clean, width, wrap};
use crate::tui::theme::Role;
use crate::tui::update::red_day_name;

use super::booking::effect_lines;
use super::form::hidden;
use super::info::booking_line;
use super::panel::{Line, Panel, Place};
use super::{
    agent, booking, calls, day_list, finder, findings, free, handbook, inbox, log, moving,
    password, paste, patient, patients, times, why,
};

/// Columns of a form, kept while what is inside changes.
pub(super) const FORM: usize = 62;
/// Column at which a form's fields begin.
pub(super) const FIELDS: usize = 13;

/// The overlay on top as a panel; `None` where there is none.
pub(super) fn top(model: &Model) -> Option<Panel> {
    Some(match model.overlays.last()? {
        Overlay::Settings(_) => return None,
        Overlay::Menu(menu) => menu_panel(model, menu),
        Overlay::Finder(found) => finder::panel(model, found),
        Overlay::Inbox { selected } => inbox::panel(model, *selected),
        Overlay::Log(list) => log::panel(model, list),
        Overlay::Agent { scroll } => Panel { scroll: *scroll, ..agent::panel(model) },
        Overlay::Prompt(prompt) => prompt_panel(model, prompt),
        Overlay::Booking(form) => booking::panel(model, form),
        Overlay::Patient(view) => patient::panel(model, view),
        Overlay::Move(form) => moving::panel(model, form),
        Overlay::Repeat(form) => repeat_panel(model, form),
        Overlay::Paste(form) => paste::panel(model, form),
        Overlay::Password(form) => password::panel(model, form),
        Overlay::Free(form) => free::panel(model, form),
        Overlay::DayList(view) => day_list::panel(model, view),
        Overlay::Calls(board) => calls::panel(model, board),
        Overlay::Why { time, scroll } => Panel { scroll: *scroll, ..why::panel(model, *time) },
        Overlay::Help { of, scroll } => Panel { scroll: *scroll, ..help_panel(model, *of) },
        Overlay::Handbook { topic, scroll } => {
            Panel { scroll: *scroll, ..handbook::panel(model, *topic) }
        }
        Overlay::Finding { finding, scroll } => {
            Panel { scroll: *scroll, ..findings::panel(model, finding) }
        }
        Overlay::PatientsSee { scroll } => Panel {
            scroll: *scroll,
            ..Panel::new(
                patients::title(model, model.cursor.date),
                Place::Centre,
                patients::lines(model, model.cursor.date, FORM),
            )
        },
    })
}

fn menu_panel(model: &Model, menu: &Menu) -> Panel {
    let columns = usize::from(model.size.0).saturating_sub(10).min(FORM);
    let booking = menu.booking.as_ref().map(|booking| booking_line(model, booking));
    let mut lines: Vec<Line> = booking
        .iter()
        .chain(&menu.notes)
        .flat_map(|note| wrap(note, columns))
        .map(|note| Line::new(note, Role::Warning))
        .collect();
    lines.extend(menu.personal.iter().flat_map(|(label, own)| {
        let own = match model.names {
            Names::Shown => clean(own).into_owned(),
            Names::Hidden => hidden(own),
        };
        let told = wrap(&format!("{label}: {own}"), columns).into_iter();
        told.map(|line| Line::new(line, Role::Warning))
    }));
    lines.extend(effect_lines(model, &menu.effect, |preview| menu_effect(model, preview)));
    let notes = lines.len();
    let typed = menu.filter.value();
    let digits = menu.has_digits();
    let digit = |at| if digits { at } else { NO_DIGIT };
    let all: Vec<Line> =
        menu.entries.iter().map(|entry| entry_line(model, NO_DIGIT, entry)).collect();
    let widest = all.iter().map(line_width).max().unwrap_or(0);
    let matching = menu.matching();
    lines
        .extend(matching.iter().enumerate().map(|(at, entry)| entry_line(model, digit(at), entry)));
    if matching.is_empty() {
        let text = if menu.entries.is_empty() { menu.empty } else { model.texts().no_entries };
        lines.extend(wrap(text, columns).into_iter().map(|line| Line::new(line, Role::Dim)));
    }
    let title = if typed.is_empty() {
        menu.title.clone()
    } else {
        format!("{}: {}", menu.title, clean(typed))
    };
    Panel {
        entries: (notes, matching.len()),
        selected: (!matching.is_empty()).then_some(notes + menu.selected),
        keep: (widest, notes + menu.entries.len().max(1)),
        ..Panel::new(title, Place::Marking, lines)
    }
}

/// What choosing would do to the times that patients can book.
fn menu_effect(model: &Model, preview: &Preview) -> times::Told {
    let Some(own) = &preview.practitioner else { return Vec::new() };
    let mut told = times::gained(model, own, &preview.gained);
    if !preview.lost.is_empty() {
        told.extend(times::lost(model, own, &preview.lost));
    }
    told
}

fn line_width(line: &Line) -> usize {
    let left: usize = line.spans.iter().map(|(text, _)| width(text)).sum();
    left + line.right.as_ref().map_or(0, |(text, _)| width(text) + 3)
}

/// The place of an entry that no digit chooses.
const NO_DIGIT: usize = 9;

/// `1 ▌E-us      9 tider`; what is not allowed stays, grey, with the reason to the right.
fn entry_line(model: &Model, at: usize, entry: &Entry) -> Line {
    let digit = match at {
        0..NO_DIGIT => format!("{} ", at + 1),
        _ => "  ".to_owned(),
    };
    let bar = if entry.swatch.is_some() { "  " } else { "" };
    let role = if entry.disabled.is_some() { Role::Disabled } else { Role::Plain };
    let right = entry.disabled.as_ref().unwrap_or(&entry.right);
    let right_role = if entry.disabled.is_some() { Role::Disabled } else { Role::Dim };
    Line {
        swatch: entry.swatch.map(|color| (2, model.palette.bar(color))),
        right: (!right.is_empty()).then(|| (clean(right).into_owned(), right_role)),
        ..Line::new(format!("{digit}{bar}{}", clean(&entry.text)), role)
    }
}

fn prompt_panel(model: &Model, prompt: &Prompt) -> Panel {
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

/// Label left, field right.
pub(super) fn field(label: &str, value: impl Into<String>, focused: bool) -> Line {
    let label_role = if focused { Role::Key } else { Role::Plain };
    let gap = " ".repeat(FIELDS.saturating_sub(width(label)));
    Line::new(format!("{label}{gap}"), label_role).and(value, Role::Field)
}

/// The key to save, what is wrong, and the keys, at the foot of every form.
pub(super) fn save_lines(
    model: &Model,
    lines: &mut Vec<Line>,
    cursor: &mut Option<(usize, usize)>,
    focused: bool,
    error: Option<&String>,
) {
    lines.push(Line::default());
    if focused {
        *cursor = Some((lines.len(), 0));
    }
    let role = if focused { Role::Selected } else { Role::Key };
    lines.push(Line::new(format!("[ {} ]", model.texts().save), role));
    if let Some(error) = error {
        lines.extend(wrap(error, FORM).into_iter().map(|line| Line::new(line, Role::Error)));
    }
    let key = |action| model.key_of(Context::Form, action);
    let keys = [Action::Save, Action::NextField, Action::Cancel].map(key);
    let [save, next, cancel] = keys.each_ref().map(String::as_str);
    lines.push(Line::new(model.texts().form_keys(save, next, cancel), Role::Dim));
}

fn repeat_panel(model: &Model, form: &RepeatForm) -> Panel {
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
                (texts.until_label, form.until.value(), form.until.visual_cursor())
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

pub(super) fn overlap(model: &Model, choice: OverlapChoice) -> &'static str {
    match choice {
        OverlapChoice::Refuse => model.texts().overlap_refuse,
        OverlapChoice::Replace => model.texts().overlap_replace,
        OverlapChoice::Fill => model.texts().overlap_fill,
    }
}

pub(super) fn repeat_effect(model: &Model, preview: &Preview) -> Vec<(String, Role)> {
    let texts = model.texts();
    let (added, removed, altered) = crate::tui::update::count_changes(&preview.changes);
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
            .map(|day| format!("{} {}", model.dates().date(day.date), red_day_name(model, day.why)))
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

/// The keys of a context, made from the registry, each with why it can't be used now.
fn help_panel(model: &Model, of: Context) -> Panel {
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
