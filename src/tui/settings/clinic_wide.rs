//! The cards of categories, resources, closed days and the booking page. Pure.

use chrono::NaiveDate;

use crate::domain::{Category, OnlineSettings, Resource, ResourceCode};
use crate::tui::form::Control;
use crate::tui::goto::{From, parse_coming};
use crate::tui::model::Model;

use super::ids::id_from_name;
use super::{CardField, CardForm, Faults, Key};

pub(super) fn category_form(model: &Model, of: &Category) -> CardForm {
    let texts = model.form_texts();
    let name = Control::text(&of.name);
    CardForm::new(vec![CardField::new(Key::Name, texts.name, texts.category_name_help, name)])
}

pub(super) fn read_category(model: &Model, form: &CardForm, before: &Category) -> Category {
    let name = form.text(Key::Name);
    let id = id_from_name(&before.id, &name, &model.setup.categories);
    Category { id, name }
}

/// The card; `of` is `None` on a new one, whose character can be typed.
pub(super) fn resource_form(model: &Model, of: Option<&Resource>) -> CardForm {
    let texts = model.form_texts();
    let code = of.map_or_else(String::new, |it| it.code.to_string());
    let name = of.map_or("", |it| it.name.as_str());
    let capacity = Control::number(Some(of.map_or(1, |it| it.capacity)), "");
    let kept = of.map(|_| texts.resource_code_kept.to_owned());
    CardForm::new(vec![
        CardField::new(
            Key::ResourceCode,
            texts.resource_code,
            texts.resource_code_help,
            Control::text(code),
        )
        .locked(kept),
        CardField::new(Key::Name, texts.name, texts.resource_name_help, Control::text(name)),
        CardField::new(Key::Capacity, texts.capacity, texts.capacity_help, capacity),
    ])
}

/// The resource; `None` where it has no character.
pub(super) fn read_resource(
    model: &Model,
    form: &CardForm,
    faults: &mut Faults,
) -> Option<Resource> {
    let texts = model.form_texts();
    let typed = form.text(Key::ResourceCode);
    let mut letters = typed.chars();
    let code = match (letters.next(), letters.next()) {
        (Some(letter), None) => Some(ResourceCode(letter)),
        _ => {
            faults.push((Key::ResourceCode, texts.resource_code_bad.to_owned()));
            None
        }
    };
    let capacity = number(model, form, Key::Capacity, faults);
    Some(Resource { code: code?, name: form.text(Key::Name), capacity })
}

pub(super) fn closed_day_form(model: &Model, of: Option<NaiveDate>) -> CardForm {
    let texts = model.form_texts();
    let day = Control::date(of);
    let field = CardField::new(Key::ClosedDay, texts.closed_day, texts.closed_day_help, day);
    CardForm::new(vec![field])
}

pub(super) fn read_closed_day(
    model: &Model,
    form: &CardForm,
    faults: &mut Faults,
) -> Option<NaiveDate> {
    let from = From { today: model.now.date(), shown: model.now.date() };
    let date = parse_coming(&form.text(Key::ClosedDay), from);
    if date.is_none() {
        faults.push((Key::ClosedDay, model.form_texts().closed_day_bad.to_owned()));
    }
    date
}

pub(super) fn online_form(model: &Model, of: &OnlineSettings) -> CardForm {
    let texts = model.form_texts();
    let yes_no = |key, label, help, yes| CardField::new(key, label, help, Control::YesNo(yes));
    let number = |key, label, help, value: u32, unit| {
        CardField::new(key, label, help, Control::number(Some(value), unit))
    };
    let (rebook, cancel) = (texts.allow_rebook, texts.allow_cancel);
    CardForm::new(vec![
        number(
            Key::Horizon,
            texts.horizon,
            texts.horizon_help,
            of.horizon_days,
            texts.horizon_unit,
        ),
        number(Key::Notice, texts.notice, texts.notice_help, of.notice_minutes, texts.minutes_unit),
        yes_no(
            Key::RequireAddress,
            texts.require_address,
            texts.require_address_help,
            of.require_address,
        ),
        yes_no(Key::AllowRebook, rebook, texts.allow_rebook_help, of.allow_rebook),
        yes_no(Key::AllowCancel, cancel, texts.allow_cancel_help, of.allow_cancel),
        number(
            Key::Deadline,
            texts.deadline,
            texts.deadline_help,
            of.change_deadline_hours,
            texts.hours_before,
        ),
        yes_no(Key::Paused, texts.pause, texts.pause_help, of.paused),
    ])
}

pub(super) fn read_online(model: &Model, form: &CardForm, faults: &mut Faults) -> OnlineSettings {
    OnlineSettings {
        horizon_days: number(model, form, Key::Horizon, faults),
        notice_minutes: number(model, form, Key::Notice, faults),
        require_address: form.yes(Key::RequireAddress),
        allow_rebook: form.yes(Key::AllowRebook),
        allow_cancel: form.yes(Key::AllowCancel),
        change_deadline_hours: number(model, form, Key::Deadline, faults),
        paused: form.yes(Key::Paused),
    }
}

/// A whole number; what is none is told of at its field.
fn number(model: &Model, form: &CardForm, key: Key, faults: &mut Faults) -> u32 {
    form.text(key).parse().unwrap_or_else(|_| {
        faults.push((key, model.form_texts().number_bad.to_owned()));
        0
    })
}
