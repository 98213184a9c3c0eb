//! The cards of template lists and preblock lists (sections 5.1 and 5.2): name, owner, and the items in
//! order. Pure.

use crate::domain::{
    ListLevel, ListOwner, PreblockList, PreblockListId, TemplateList, TemplateListId, swedish,
};
use crate::tui::form::{Control, Item, OneOf, PickList};
use crate::tui::model::Model;

use super::ids::id_from_name;
use super::{CardField, CardForm, Key, Value};

pub(super) fn blank_templates() -> TemplateList {
    TemplateList {
        id: TemplateListId::new(""),
        name: String::new(),
        owner: ListOwner::All,
        items: Vec::new(),
    }
}

pub(super) fn blank_preblocks() -> PreblockList {
    PreblockList {
        id: PreblockListId::new(""),
        name: String::new(),
        owner: ListOwner::All,
        items: Vec::new(),
    }
}

pub(super) fn template_form(model: &Model, of: &TemplateList) -> CardForm {
    let texts = model.form_texts();
    let items = model
        .setup
        .templates
        .values()
        .map(|it| (Value::Template(it.id.clone()), it.name.as_str(), it.active));
    let chosen: Vec<Value> = of.items.iter().cloned().map(Value::Template).collect();
    let picks = Control::Picks(PickList::new(by_name(model, items), &chosen));
    form(
        model,
        &of.name,
        &of.owner,
        CardField::new(Key::Items, texts.list_templates, texts.list_templates_help, picks),
    )
}

pub(super) fn preblock_form(model: &Model, of: &PreblockList) -> CardForm {
    let texts = model.form_texts();
    let items = model
        .setup
        .preblock_types
        .values()
        .map(|it| (Value::PreblockType(it.id.clone()), it.name.as_str(), it.active));
    let chosen: Vec<Value> = of.items.iter().cloned().map(Value::PreblockType).collect();
    let picks = Control::Picks(PickList::new(by_name(model, items), &chosen));
    form(
        model,
        &of.name,
        &of.owner,
        CardField::new(Key::Items, texts.list_types, texts.list_types_help, picks),
    )
}

fn form(model: &Model, name: &str, owner: &ListOwner, items: CardField) -> CardForm {
    let texts = model.form_texts();
    let owners = OneOf::new(owners(model), Some(&Value::Owner(owner.clone())));
    CardForm::new(vec![
        CardField::new(Key::Name, texts.name, texts.list_name_help, Control::text(name)),
        CardField::new(Key::Owner, texts.owner, texts.owner_help, Control::One(owners)),
        items,
    ])
}

pub(super) fn read_templates(
    model: &Model,
    form: &CardForm,
    before: &TemplateList,
) -> TemplateList {
    let name = form.text(Key::Name);
    let items = form.many(Key::Items).into_iter().filter_map(|value| match value {
        Value::Template(id) => Some(id),
        _ => None,
    });
    TemplateList {
        id: id_from_name(&before.id, &name, &model.setup.template_lists),
        name,
        owner: owner(form, &before.owner),
        items: items.collect(),
    }
}

pub(super) fn read_preblocks(
    model: &Model,
    form: &CardForm,
    before: &PreblockList,
) -> PreblockList {
    let name = form.text(Key::Name);
    let items = form.many(Key::Items).into_iter().filter_map(|value| match value {
        Value::PreblockType(id) => Some(id),
        _ => None,
    });
    PreblockList {
        id: id_from_name(&before.id, &name, &model.setup.preblock_lists),
        name,
        owner: owner(form, &before.owner),
        items: items.collect(),
    }
}

fn owner(form: &CardForm, before: &ListOwner) -> ListOwner {
    match form.one(Key::Owner) {
        Some(Value::Owner(owner)) => owner,
        _ => before.clone(),
    }
}

/// All, then the organisations, companies and practitioners by name.
fn owners(model: &Model) -> Vec<Item<Value>> {
    let setup = &model.setup;
    let name = |owner: &ListOwner| Item::new(Value::Owner(owner.clone()), owner_name(model, owner));
    let mut all = vec![name(&ListOwner::All)];
    let mut organisations: Vec<_> = setup.organisations.values().collect();
    organisations.sort_by(|a, b| swedish::compare(&a.name, &b.name));
    all.extend(organisations.iter().map(|it| name(&ListOwner::Organisation(it.id.clone()))));
    let mut companies: Vec<_> = setup.companies.values().collect();
    companies.sort_by(|a, b| swedish::compare(&a.name, &b.name));
    all.extend(companies.iter().map(|it| name(&ListOwner::Company(it.id.clone()))));
    let practitioners = setup.practitioners_by_name();
    all.extend(practitioners.iter().map(|it| name(&ListOwner::Practitioner(it.id.clone()))));
    all
}

/// Who owns a list, in words.
pub(super) fn owner_name(model: &Model, owner: &ListOwner) -> String {
    let (texts, setup) = (model.form_texts(), &model.setup);
    let (level, name) = match owner {
        ListOwner::All => (ListLevel::Nowhere, None),
        ListOwner::Organisation(id) => {
            (ListLevel::Organisation, setup.organisations.get(id).map(|it| it.name.as_str()))
        }
        ListOwner::Company(id) => {
            (ListLevel::Company, setup.companies.get(id).map(|it| it.name.as_str()))
        }
        ListOwner::Practitioner(id) => {
            (ListLevel::Practitioner, setup.practitioners.get(id).map(|it| it.name.as_str()))
        }
    };
    texts.owned_by(level, name.unwrap_or("?"))
}

/// Things to pick from, by name; inactive ones say so.
fn by_name<'a>(
    model: &Model,
    all: impl Iterator<Item = (Value, &'a str, bool)>,
) -> Vec<Item<Value>> {
    let mut all: Vec<_> = all.collect();
    all.sort_by(|a, b| swedish::compare(a.1, b.1));
    let inactive = model.form_texts().template_inactive;
    all.into_iter()
        .map(|(value, name, active)| match active {
            true => Item::new(value, name),
            false => Item::new(value, format!("{name} {inactive}")),
        })
        .collect()
}
