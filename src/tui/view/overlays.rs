//! The overlay on top, as a panel: menus, prompts, forms, texts to read.

use crate::clinic::{OverlapChoice, Preview, RedDays};
use crate::domain::{LaidOutside, Patient, Permission, SkippedDay};
use crate::texts;
use crate::tui::actions::{Action, Context, disabled, in_context};
use crate::tui::dialogs::{
    Asked, BookingField, BookingForm, Confirmed, Entry, Menu, Overlay, Previewed, Prompt,
    RepeatField, RepeatForm, Repeated,
};
use crate::tui::model::{Model, Names};
use crate::tui::sanitise::{clean, width, wrap};
use crate::tui::theme::Role;
use crate::tui::update::red_day_name;

use super::info::{booking_line, protected_mark};
use super::panel::{Line, Panel, Place};
use super::{findings, free, password, paste, patients, why};

/// Columns of a form, kept while what is inside changes.
pub(super) const FORM: usize = 62;
/// Column at which a form's fields begin.
pub(super) const FIELDS: usize = 13;

/// The overlay on top as a panel; `None` where there is none.
pub(super) fn top(model: &Model) -> Option<Panel> {
    Some(match model.overlays.last()? {
        Overlay::Settings(_) => return None,
        Overlay::Menu(menu) => menu_panel(model, menu),
        Overlay::Prompt(prompt) => prompt_panel(model, prompt),
        Overlay::Booking(form) => booking_panel(model, form),
        Overlay::Repeat(form) => repeat_panel(model, form),
        Overlay::Paste(form) => paste::panel(model, form),
        Overlay::Password(form) => password::panel(model, form),
        Overlay::Free(form) => free::panel(model, form),
        Overlay::Why { time, scroll } => Panel { scroll: *scroll, ..why::panel(model, *time) },
        Overlay::Help { of, scroll } => Panel { scroll: *scroll, ..help_panel(model, *of) },
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
        lines.push(Line::new(text, Role::Dim));
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
        Asked::Code(id) => {
            let name = model.setup.preblock_types.get(id).map(|found| found.name.clone());
            (texts.code_title, name.unwrap_or_default())
        }
    };
    let shown = match &prompt.asked {
        Asked::Code(_) => "*".repeat(prompt.input.value().chars().count()),
        Asked::Date | Asked::Range => prompt.input.value().to_owned(),
    };
    let column = match &prompt.asked {
        Asked::Code(_) => prompt.input.cursor(),
        Asked::Date | Asked::Range => prompt.input.visual_cursor(),
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

fn booking_panel(model: &Model, form: &BookingForm) -> Panel {
    let texts = model.texts();
    let date = model.dates().date(form.interval.start().date());
    let when = format!("{date} {}", model.dates().hours(form.interval));
    let mut lines = vec![Line::new(format!("{} · {when}", form.subject_name), Role::Strong)];
    let mut cursor = None;
    let focused = |wanted| form.field == wanted;
    if focused(BookingField::Patient) {
        cursor = Some((lines.len(), FIELDS + form.search.visual_cursor()));
    }
    lines.push(field(
        texts.patient_label,
        patient_value(model, form),
        focused(BookingField::Patient),
    ));
    lines.extend(found_lines(model, form));
    if focused(BookingField::Text) {
        cursor = Some((lines.len(), FIELDS + form.text.visual_cursor()));
    }
    let text = typed(model, form.text.value());
    lines.push(field(texts.text_label, text, focused(BookingField::Text)));
    lines.extend(effect_lines(model, &form.preview, booking_effect));
    if !form.to_confirm().is_empty() {
        if focused(BookingField::Confirm) {
            cursor = Some((lines.len(), FIELDS));
        }
        let value = match form.confirmed {
            Confirmed::Yes => texts.confirm_yes,
            Confirmed::No => texts.confirm_no,
        };
        lines.push(field(texts.confirm_label, value, focused(BookingField::Confirm)));
    }
    save_lines(model, &mut lines, &mut cursor, focused(BookingField::Save), form.error.as_ref());
    Panel { cursor, keep: (FORM, 13), ..Panel::new(texts.book_title, Place::Centre, lines) }
}

fn patient_value(model: &Model, form: &BookingForm) -> String {
    if !model.may(Permission::PatientView) {
        return model.texts().patient_locked.to_owned();
    }
    match &form.patient {
        Some(patient) => patient_name(model, patient),
        None => typed(model, form.search.value()),
    }
}

/// What is typed may name the patient: stars while names are hidden.
fn typed(model: &Model, text: &str) -> String {
    match model.names {
        Names::Shown => text.to_owned(),
        Names::Hidden => "*".repeat(text.chars().count()),
    }
}

/// Who the patient is, unless names are hidden.
fn patient_name(model: &Model, patient: &Patient) -> String {
    if !model.shows_patients() {
        return model.texts().patient_label.to_owned();
    }
    let number = patient.personnummer.as_ref().map_or("", |number| number.as_str());
    let name = format!("{}, {}  {number}", patient.last_name, patient.first_name);
    name.trim_end().to_owned() + &protected_mark(model, patient)
}

/// Patients found, five around the selected one.
fn found_lines(model: &Model, form: &BookingForm) -> Vec<Line> {
    const SHOWN: usize = 5;
    let texts = model.texts();
    let indent = " ".repeat(FIELDS);
    let note = |text: &str| vec![Line::new(format!("{indent}{text}"), Role::Dim)];
    if form.patient.is_some() {
        return Vec::new();
    }
    if form.searching.is_some() {
        return note(texts.searching);
    }
    if form.found.is_empty() {
        let searched = form.search.value().trim().chars().count() > 1;
        return note(if searched { texts.no_patients_found } else { texts.patient_help });
    }
    let first = (form.selected + 1).saturating_sub(SHOWN);
    form.found
        .iter()
        .enumerate()
        .skip(first)
        .take(SHOWN)
        .map(|(at, patient)| {
            let (mark, role) =
                if at == form.selected { ("▶ ", Role::Strong) } else { ("  ", Role::Plain) };
            let indent = " ".repeat(FIELDS.saturating_sub(2));
            Line::new(format!("{indent}{mark}{}", patient_name(model, patient)), role)
        })
        .collect()
}

/// What it would do, as far as that is known.
pub(super) fn effect_lines(
    model: &Model,
    preview: &Previewed,
    words: fn(&Model, &Preview) -> Vec<(String, Role)>,
) -> Vec<Line> {
    let lines = match preview {
        Previewed::Nothing => Vec::new(),
        Previewed::Waiting(_) => vec![(model.texts().loading.to_owned(), Role::Dim)],
        Previewed::Refused(reason) => vec![(reason.clone(), Role::Error)],
        Previewed::Ready(preview) => words(model, preview),
    };
    lines
        .into_iter()
        .flat_map(|(text, role)| {
            wrap(&text, FORM).into_iter().map(move |line| Line::new(line, role))
        })
        .collect()
}

pub(super) fn booking_effect(model: &Model, preview: &Preview) -> Vec<(String, Role)> {
    let mut lines: Vec<(String, Role)> = preview
        .to_confirm
        .iter()
        .map(|what| (texts::confirmation(model.language, what, &model.setup), Role::Warning))
        .collect();
    let vanish: Vec<String> = preview
        .lost
        .iter()
        .map(|slot| {
            let name = model.setup.templates.get(&slot.template).map_or("", |t| t.name.as_str());
            format!("{} {name}", slot.interval.start().clock())
        })
        .collect();
    if !vanish.is_empty() {
        let text = model.texts().times_vanish;
        lines.push((format!("{text}: {} ({})", vanish.len(), vanish.join(", ")), Role::Plain));
    }
    lines
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
    let title = match form.what {
        Repeated::Sessions => texts.repeat_sessions,
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
            RepeatField::Until => lines.extend([line, below(texts.repeat_help)]),
            RepeatField::Codes => lines.extend([line, below(texts.needs_codes)]),
            _ if focused => lines.push(line.and(format!("  {}", texts.space_changes), Role::Dim)),
            _ => lines.push(line),
        }
    }
    lines.extend(effect_lines(model, &form.preview, repeat_effect));
    let focused = form.field == RepeatField::Save;
    save_lines(model, &mut lines, &mut cursor, focused, None);
    Panel {
        cursor,
        keep: (FORM, 14),
        ..Panel::new(title.trim_end_matches('…'), Place::Centre, lines)
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
    let mut lines = vec![
        (texts.added_and_removed(added, removed, altered), Role::Plain),
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
    let mut lines: Vec<Line> = in_context(of)
        .map(|entry| {
            let reason = disabled(model, entry.action).filter(|_| of == Context::Grid);
            let keys = keys_of(entry.action);
            let gap = " ".repeat(12usize.saturating_sub(width(&keys)));
            let role = if reason.is_some() { Role::Disabled } else { Role::Plain };
            Line {
                right: reason.map(|reason| (reason, Role::Disabled)),
                ..Line::new(format!("{keys}{gap} "), Role::Key)
                    .and(entry.text(model.language), role)
            }
        })
        .collect();
    lines.push(Line::default());
    let legend = wrap(model.texts().help_legend, FORM);
    lines.extend(legend.into_iter().map(|line| Line::new(line, Role::Dim)));
    Panel { keep: (FORM, 0), ..Panel::new(model.texts().help_title, Place::Centre, lines) }
}
