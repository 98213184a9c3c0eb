//! A menu: what is to be known before choosing, then the entries.

use crate::clinic::Preview;
use crate::tui::dialogs::{Entry, Menu};
use crate::tui::model::Model;
use crate::tui::sanitise::{clean, width, wrap};
use crate::tui::theme::Role;
use crate::tui::told::booking_line;

use super::booking::effect_lines;
use super::fields::FORM;
use super::panel::{Line, Panel, Place};
use super::times;

pub(super) fn panel(model: &Model, menu: &Menu) -> Panel {
    let columns = usize::from(model.size.0).saturating_sub(10).min(FORM);
    let booking = menu.booking.as_ref().map(|booking| booking_line(model, booking));
    let mut lines: Vec<Line> = booking
        .iter()
        .chain(&menu.notes)
        .flat_map(|note| wrap(note, columns))
        .map(|note| Line::new(note, Role::Warning))
        .collect();
    lines.extend(menu.personal.iter().flat_map(|(label, own)| {
        let told = wrap(&format!("{label}: {}", model.personal(own)), columns).into_iter();
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
    let own = preview.practitioner.as_ref();
    let lost = || times::lost(model, own, &preview.lost);
    match (own, preview.gained.is_empty(), preview.lost.is_empty()) {
        // A setting is everybody's, and takes more often than it gives.
        (None, true, _) => lost(),
        (_, _, true) => times::gained(model, own, &preview.gained),
        (_, _, false) => {
            times::gained(model, own, &preview.gained).into_iter().chain(lost()).collect()
        }
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
