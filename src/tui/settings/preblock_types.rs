//! The card of a preblock type, in the manual's order (section 2). Pure.

use crate::domain::{
    CategoryId, Color, Permission, PractitionerId, PreblockKind, PreblockType, PreblockTypeId,
    ValidFor, swedish,
};
use crate::tui::form::{Answer, Control, Item, ManyOf, OneOf};
use crate::tui::model::Model;
use crate::tui::sanitise::hidden;
use crate::tui::theme::PREBLOCK_COLORS;

use super::ids::id_from_name;
use super::{CardField, CardForm, Faults, Key, Value};

/// A type as a new card begins: for all practitioners, may be bypassed, Internet where the user may.
pub(super) fn blank(model: &Model) -> PreblockType {
    let internet = model.may(Permission::PreblockInternet);
    PreblockType {
        id: PreblockTypeId::new(""),
        name: String::new(),
        text: String::new(),
        color: PREBLOCK_COLORS.first().map_or(Color { red: 0, green: 0, blue: 0 }, |first| first.0),
        kind: if internet { PreblockKind::Internet } else { PreblockKind::Internal },
        valid_for: ValidFor::Everyone,
        may_bypass: true,
        allow: false,
        categories: Default::default(),
        expires_days_before: None,
        code: None,
        active: true,
    }
}

pub(super) fn form(model: &Model, of: &PreblockType) -> CardForm {
    let texts = model.form_texts();
    let no_internet = model.lacks(Permission::PreblockInternet);
    let everyone = matches!(of.valid_for, ValidFor::Everyone);
    CardForm::new(vec![
        CardField::new(Key::Name, texts.name, texts.type_name_help, Control::text(&of.name)),
        CardField::new(Key::Text, texts.text, texts.type_text_help, Control::text(&of.text)),
        CardField::new(Key::Color, texts.color, texts.color_help, colors(model, of.color)),
        CardField::new(
            Key::ValidFor,
            texts.valid_for,
            texts.valid_for_help,
            Control::One(OneOf::new(
                vec![
                    Item::new(Value::Everyone, texts.everyone),
                    Item::new(Value::OnlyChosen, texts.only_some),
                ],
                Some(if everyone { &Value::Everyone } else { &Value::OnlyChosen }),
            )),
        ),
        CardField::new(
            Key::ValidPractitioners,
            texts.valid_practitioners,
            texts.valid_practitioners_help,
            practitioners(model, of),
        )
        .needing(
            Key::ValidFor,
            Answer::One(Some(Value::OnlyChosen)),
            texts.valid_for_everyone,
        ),
        CardField::new(
            Key::MayBypass,
            texts.may_bypass,
            texts.may_bypass_help,
            Control::YesNo(of.may_bypass),
        ),
        CardField::new(Key::Kind, texts.kind, texts.kind_help, kinds(model, of.kind))
            .locked(no_internet),
        CardField::new(Key::Allow, texts.allow, texts.allow_help, Control::YesNo(of.allow)),
        CardField::new(
            Key::Categories,
            texts.allowed_categories,
            texts.allowed_categories_help,
            Control::Many(ManyOf::new(
                categories(model),
                |value| matches!(value, Value::Category(id) if of.categories.contains(id)),
            )),
        )
        .needing(Key::Allow, Answer::YesNo(true), texts.allow_first),
        CardField::new(
            Key::Expires,
            texts.expires,
            texts.expires_help,
            Control::number(of.expires_days_before, texts.days_before),
        ),
        CardField::new(
            Key::Code,
            texts.code,
            texts.code_help,
            Control::text(shown_code(model, of)),
        ),
        CardField::new(Key::Active, texts.active, texts.active_help, Control::YesNo(of.active)),
    ])
}

pub(super) fn read(
    model: &Model,
    form: &CardForm,
    before: &PreblockType,
    faults: &mut Faults,
) -> PreblockType {
    let name = form.text(Key::Name);
    let everyone = form.one(Key::ValidFor) == Some(Value::Everyone);
    let practitioners =
        form.many(Key::ValidPractitioners).into_iter().filter_map(|value| match value {
            Value::Practitioner(id) => Some(id),
            _ => None,
        });
    let kind = match form.one(Key::Kind) {
        Some(Value::Kind(kind)) => kind,
        _ => before.kind,
    };
    let color = match form.one(Key::Color) {
        Some(Value::Color(color)) => color,
        _ => before.color,
    };
    let expires = form.optional_text(Key::Expires).and_then(|text| {
        let days = text.parse().ok();
        if days.is_none() {
            faults.push((Key::Expires, model.form_texts().number_bad.to_owned()));
        }
        days
    });
    PreblockType {
        id: id_from_name(&before.id, &name, &model.setup.preblock_types),
        name,
        text: form.text(Key::Text),
        color,
        kind,
        valid_for: if everyone {
            ValidFor::Everyone
        } else {
            ValidFor::Only(practitioners.collect())
        },
        may_bypass: form.yes(Key::MayBypass),
        allow: form.yes(Key::Allow),
        categories: chosen_categories(form).into_iter().collect(),
        expires_days_before: expires,
        code: form.optional_text(Key::Code),
        active: form.yes(Key::Active),
    }
}

/// The code, to who may edit it: others have to be told it to lay the type out (R18).
fn shown_code(model: &Model, of: &PreblockType) -> String {
    let code = of.code.clone().unwrap_or_default();
    if model.may(Permission::SettingsEdit) { code } else { hidden(&code) }
}

fn chosen_categories(form: &CardForm) -> Vec<CategoryId> {
    let chosen = form.many(Key::Categories).into_iter();
    chosen
        .filter_map(|value| match value {
            Value::Category(id) => Some(id),
            _ => None,
        })
        .collect()
}

/// The categories by name.
pub(super) fn categories(model: &Model) -> Vec<Item<Value>> {
    let mut all: Vec<_> = model.setup.categories.values().collect();
    all.sort_by(|a, b| swedish::compare(&a.name, &b.name));
    all.into_iter().map(|it| Item::new(Value::Category(it.id.clone()), it.name.clone())).collect()
}

/// The active practitioners, and those chosen already.
fn practitioners(model: &Model, of: &PreblockType) -> Control<Value> {
    let chosen =
        |id: &PractitionerId| matches!(&of.valid_for, ValidFor::Only(ids) if ids.contains(id));
    let items = model
        .setup
        .practitioners_by_name()
        .into_iter()
        .filter(|each| each.active || chosen(&each.id))
        .map(|each| Item::new(Value::Practitioner(each.id.clone()), each.name.clone()))
        .collect();
    Control::Many(ManyOf::new(
        items,
        |value| matches!(value, Value::Practitioner(id) if chosen(id)),
    ))
}

fn kinds(model: &Model, kind: PreblockKind) -> Control<Value> {
    let texts = model.form_texts();
    Control::One(OneOf::new(
        vec![
            Item::new(Value::Kind(PreblockKind::Internet), texts.kind_internet),
            Item::new(Value::Kind(PreblockKind::Internal), texts.kind_internal),
        ],
        Some(&Value::Kind(kind)),
    ))
}

/// The palette, and the type's own colour where it is none of it.
fn colors(model: &Model, own: Color) -> Control<Value> {
    let texts = model.form_texts();
    let names = [
        texts.color_green,
        texts.color_red,
        texts.color_yellow,
        texts.color_blue,
        texts.color_purple,
        texts.color_turquoise,
        texts.color_grey,
    ];
    let mut items: Vec<Item<Value>> = PREBLOCK_COLORS
        .iter()
        .zip(names)
        .map(|((color, _), name)| Item {
            swatch: Some(*color),
            ..Item::new(Value::Color(*color), name)
        })
        .collect();
    if items.iter().all(|item| item.value != Value::Color(own)) {
        let name = format!("{} {}", texts.color_own, String::from(own));
        items.push(Item { swatch: Some(own), ..Item::new(Value::Color(own), name) });
    }
    Control::One(OneOf::new(items, Some(&Value::Color(own))))
}
