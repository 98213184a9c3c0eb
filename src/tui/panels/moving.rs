//! The form that moves a booking (R13).

use crate::clinic::Preview;
use crate::tui::dialogs::{MoveField, MoveForm};
use crate::tui::model::Model;
use crate::tui::sanitise::clean;
use crate::tui::theme::Role;
use crate::tui::told::booking_line;

use super::booking::{Drawn, bypassed, effect_lines, elsewhere, time_help};
use super::fields::{FORM, columns, flowed, save_lines};
use super::panel::{Line, Panel, Place};
use super::times;

/// The form as a panel.
pub(super) fn panel(model: &Model, form: &MoveForm) -> Panel {
    let own = model.language.booking_texts();
    let mut drawn = Drawn::default();
    let stands = booking_line(model, &form.booking);
    let date = model.date(form.booking.interval.start().date());
    drawn.lines.extend(flowed(&format!("{date} · {stands}"), columns(model), Role::Strong));
    for wanted in form.fields() {
        let focused = form.field == wanted;
        let at = |column: usize| focused.then_some(column);
        match wanted {
            MoveField::Day => {
                drawn.short(model, own.day_label, &form.when.day, focused);
            }
            MoveField::Time => {
                drawn.short(model, own.time_label, &form.when.time, focused);
            }
            MoveField::Minutes => {
                drawn.short(model, own.minutes_label, &form.minutes, focused);
            }
            MoveField::Practitioner => {
                let name = form.practitioner.chosen().map_or("", |item| &item.text);
                let name = clean(name);
                let value = if focused { format!("< {name} >") } else { name.into_owned() };
                drawn.field(own.practitioner_label, value, at(0));
            }
            MoveField::Confirm | MoveField::Save => continue,
        }
        match wanted {
            MoveField::Time if focused => drawn.note(model, time_help(model, &form.when)),
            MoveField::Minutes if focused => drawn.note(model, own.move_help),
            _ => {}
        }
    }
    let today = model.now.date();
    if form.is_edited(today)
        && let Some(interval) = form.interval(today)
    {
        let day = model.date(interval.start().date());
        let to = format!("→ {day} {}", model.dates().hours(interval));
        drawn.lines.push(Line::new(to, Role::Strong));
        drawn.passed(model, interval);
    }
    let effect = |preview: &Preview| effect(model, form, preview);
    drawn.lines.extend(effect_lines(model, &form.preview, effect));
    let focused = form.field == MoveField::Confirm;
    drawn.confirm(model, form.to_confirm(), form.confirmed, own.move_yes, focused);
    let Drawn { mut lines, mut cursor, .. } = drawn;
    let saves = form.field == MoveField::Save;
    let seen_to = save_lines(model, &mut lines, &mut cursor, saves, form.error.as_ref());
    Panel { cursor, seen_to, keep: (FORM, 13), ..Panel::new(own.move_title, Place::Centre, lines) }
}

/// Which rule is bypassed, which times vanish and which come back.
fn effect(model: &Model, form: &MoveForm, preview: &Preview) -> Vec<(String, Role)> {
    let mut lines = bypassed(model, &preview.to_confirm);
    lines.extend(elsewhere(model, &preview.elsewhere));
    lines.extend(times::lost(model, Some(form.practitioner()), &preview.lost));
    lines.extend(times::gained(model, Some(form.practitioner()), &preview.gained));
    lines
}
