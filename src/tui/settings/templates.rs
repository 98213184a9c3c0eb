//! The card of a booking template, in the manual's order (section 3). Pure.

use crate::domain::{BookingTemplate, CategoryId, ResourceCodes, TemplateId, TemplateMinutes};
use crate::tui::form::{Control, OneOf};
use crate::tui::model::Model;

use super::ids::id_from_name;
use super::preblock_types::categories;
use super::{CardField, CardForm, Faults, Key, Value};

/// A template as a new card begins: online, with nothing else promised.
pub(super) fn blank() -> BookingTemplate {
    BookingTemplate {
        id: TemplateId::new(""),
        name: String::new(),
        minutes: TemplateMinutes::HALF_HOUR,
        category: CategoryId::new(""),
        online: true,
        online_rebook: false,
        online_cancel: false,
        recall: false,
        calendar_text: String::new(),
        resources: ResourceCodes::default(),
        moves_recall: false,
        active: true,
    }
}

/// The card; the length is left empty on a new one.
pub(super) fn form(model: &Model, of: &BookingTemplate) -> CardForm {
    let texts = model.form_texts();
    let minutes =
        (!of.id.as_str().is_empty() || !of.name.is_empty()).then(|| of.minutes.minutes().0);
    let category = Value::Category(of.category.clone());
    let yes_no = |key, label, help, yes| CardField::new(key, label, help, Control::YesNo(yes));
    CardForm::new(vec![
        CardField::new(Key::Name, texts.name, texts.template_name_help, Control::text(&of.name)),
        CardField::new(
            Key::Minutes,
            texts.minutes,
            texts.minutes_help,
            Control::number(minutes, texts.minutes_unit),
        ),
        CardField::new(
            Key::Category,
            texts.category,
            texts.category_help,
            Control::One(OneOf::new(categories(model), Some(&category))),
        ),
        yes_no(Key::Online, texts.online_template, texts.online_template_help, of.online),
        yes_no(Key::OnlineRebook, texts.online_rebook, texts.online_rebook_help, of.online_rebook),
        yes_no(Key::OnlineCancel, texts.online_cancel, texts.online_cancel_help, of.online_cancel),
        yes_no(Key::Recall, texts.recall, texts.recall_help, of.recall),
        CardField::new(
            Key::CalendarText,
            texts.calendar_text,
            texts.calendar_text_help,
            Control::text(&of.calendar_text),
        ),
        CardField::new(
            Key::Resources,
            texts.pride,
            texts.pride_help,
            Control::text(of.resources.to_string()),
        ),
        yes_no(Key::MovesRecall, texts.moves_recall, texts.moves_recall_help, of.moves_recall),
        yes_no(Key::Active, texts.active, texts.active_help, of.active),
    ])
}

pub(super) fn read(
    model: &Model,
    form: &CardForm,
    before: &BookingTemplate,
    faults: &mut Faults,
) -> BookingTemplate {
    let texts = model.form_texts();
    let name = form.text(Key::Name);
    let typed = form.text(Key::Minutes).parse().ok();
    let minutes = typed.and_then(|minutes| TemplateMinutes::new(minutes).ok());
    if minutes.is_none() {
        faults.push((Key::Minutes, texts.minutes_bad.to_owned()));
    }
    let category = match form.one(Key::Category) {
        Some(Value::Category(id)) => id,
        _ => {
            let none = model.setup.categories.is_empty();
            let missing = if none { texts.category_first } else { texts.category_missing };
            faults.push((Key::Category, missing.to_owned()));
            before.category.clone()
        }
    };
    let resources = ResourceCodes::parse(&form.text(Key::Resources)).unwrap_or_else(|_| {
        faults.push((Key::Resources, texts.pride_repeated.to_owned()));
        ResourceCodes::default()
    });
    BookingTemplate {
        id: id_from_name(&before.id, &name, &model.setup.templates),
        name,
        minutes: minutes.unwrap_or(before.minutes),
        category,
        online: form.yes(Key::Online),
        online_rebook: form.yes(Key::OnlineRebook),
        online_cancel: form.yes(Key::OnlineCancel),
        recall: form.yes(Key::Recall),
        calendar_text: form.text(Key::CalendarText),
        resources,
        moves_recall: form.yes(Key::MovesRecall),
        active: form.yes(Key::Active),
    }
}
