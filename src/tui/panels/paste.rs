//! The form that pastes: what goes where, and what that does.

use crate::tui::actions::{Action, Context};
use crate::tui::clip::{Clip, Clipped, Taken};
use crate::tui::dialogs::{Confirmed, PasteField, PasteForm};
use crate::tui::model::Model;
use crate::tui::sanitise::fit;
use crate::tui::theme::Role;

use super::booking::{effect, effect_lines};
use super::fields::{FIELDS, FORM, below, field, overlap, room, save_lines, scrolled};
use super::panel::{Line, Panel, Place};
use super::repeat::repeat_effect;

/// Most lines of what goes where.
const SHOWN: usize = 4;

pub(super) fn panel(model: &Model, form: &PasteForm) -> Panel {
    let texts = model.texts();
    let mut lines = vec![heading(model, form)];
    lines.extend(moves(model, form));
    let mut cursor = None;
    for wanted in form.fields() {
        let focused = form.field == wanted;
        let chosen = |value: &str| (value.to_owned(), 0);
        let (label, (value, column)) = match wanted {
            PasteField::Overlap => (texts.overlap_label, chosen(overlap(model, form.overlap))),
            PasteField::Codes => {
                (texts.codes_label, scrolled((&form.codes, form.codes.value()), room(model)))
            }
            PasteField::Confirm => (texts.confirm_label, chosen(confirmed(model, form.confirmed))),
            PasteField::Save => continue,
        };
        if focused {
            cursor = Some((lines.len(), FIELDS + column));
        }
        let line = field(label, value, focused);
        match wanted {
            PasteField::Codes => {
                lines.push(line);
                lines.extend(below(model, texts.needs_codes, Role::Dim));
            }
            _ if focused => lines.push(line.and(format!("  {}", texts.space_changes), Role::Dim)),
            _ => lines.push(line),
        }
    }
    lines.extend(effect_lines(model, &form.preview, |preview| match form.what {
        Clipped::Booking(_) => effect(model, &form.practitioner, preview),
        Clipped::Preblocks { .. } => repeat_effect(model, preview),
    }));
    let focused = form.field == PasteField::Save;
    let error = form.error.map(str::to_owned);
    let seen_to = save_lines(model, &mut lines, &mut cursor, focused, error.as_ref());
    let title = model.book_texts().paste_title;
    Panel { cursor, seen_to, keep: (FORM, 12), ..Panel::new(title, Place::Centre, lines) }
}

fn confirmed(model: &Model, confirmed: Confirmed) -> &'static str {
    match confirmed {
        Confirmed::Yes => model.book_texts().paste_confirmed,
        Confirmed::No => model.texts().confirm_no,
    }
}

/// What it is, and whose book it goes to where that is another.
fn heading(model: &Model, form: &PasteForm) -> Line {
    let what = described(model, &form.what);
    let other = form.what.practitioner() != Some(&form.practitioner);
    let to = model.setup.practitioners.get(&form.practitioner).filter(|_| other);
    let to = to.map(|to| format!(" → {}", to.name));
    Line::new(fit(&format!("{what}{}", to.unwrap_or_default()), FORM), Role::Strong)
}

/// `ons 25 nov 13:00–15:00 → tor 3 dec 13:00–15:00`, a line each.
fn moves(model: &Model, form: &PasteForm) -> Vec<Line> {
    let when = |at: crate::domain::Interval| {
        format!("{} {}", model.date(at.start().date()), model.dates().hours(at))
    };
    let all = form.what.intervals();
    let landing = form.what.landing(form.at);
    let mut lines: Vec<Line> = all
        .iter()
        .zip(&landing)
        .take(SHOWN)
        .map(|(from, to)| Line::new(format!("{} → {}", when(*from), when(*to)), Role::Plain))
        .collect();
    if all.len() > SHOWN {
        lines.push(Line::new(model.texts().and_more(all.len() - SHOWN), Role::Dim));
    }
    lines
}

/// `2 preblock`, or the booking's template; never whom it is for (R22).
fn described(model: &Model, what: &Clipped) -> String {
    match what {
        Clipped::Preblocks { preblocks, .. } => model.texts().preblocks(preblocks.len()),
        Clipped::Booking(booking) => {
            let template = booking.template.as_ref().and_then(|id| model.setup.templates.get(id));
            let category = model.setup.categories.get(&booking.category);
            let name = template.map(|it| &it.name).or(category.map(|it| &it.name));
            let hours = model.dates().hours(booking.interval);
            format!("{} {hours} {}", model.texts().booking, name.map_or("", String::as_str))
        }
    }
}

/// What lies on the clipboard, and the keys for it.
pub fn clip_line(model: &Model, clip: &Clip) -> String {
    let texts = model.book_texts();
    let word = match clip.what {
        Clipped::Preblocks { taken: Taken::Copied, .. } => texts.copied,
        _ => texts.cut,
    };
    let key = |action| model.key_of(Context::Grid, action);
    let keys = texts.clip_keys(&key(Action::Paste), &key(Action::Cancel));
    format!("{word}: {} · {keys}", described(model, &clip.what).trim_end())
}
