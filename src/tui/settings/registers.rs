//! The cards of organisations, companies and practitioners, each choosing its three lists from those
//! it reaches (R5; section 5.3). Pure.

use crate::domain::{
    Company, CompanyId, ListChoices, ListLevel, ListOwner, Organisation, OrganisationId,
    Permission, Practitioner, PractitionerId, PreblockListId, Setup, TemplateListId, swedish,
};
use crate::tui::form::{Control, Item, OneOf};
use crate::tui::model::Model;

use super::ids::{id_from_name, id_from_signature};
use super::{CardField, CardForm, Faults, Key, Value};

pub(super) fn blank_organisation() -> Organisation {
    Organisation { id: OrganisationId::new(""), name: String::new(), lists: ListChoices::default() }
}

/// A company as a new card begins: of the only organisation, where there is one only.
pub(super) fn blank_company(setup: &Setup) -> Company {
    let only = only(setup.organisations.keys());
    Company {
        id: CompanyId::new(""),
        organisation: only.cloned().unwrap_or_else(|| OrganisationId::new("")),
        name: String::new(),
        org_number: None,
        address: None,
        phone: None,
        email: None,
        portal_text: None,
        paused: false,
        lists: ListChoices::default(),
    }
}

/// A practitioner as a new card begins: of the only company, where there is one only.
pub(super) fn blank_practitioner(setup: &Setup) -> Practitioner {
    Practitioner {
        id: PractitionerId::new(""),
        company: only(setup.companies.keys()).cloned().unwrap_or_else(|| CompanyId::new("")),
        signature: String::new(),
        name: String::new(),
        title: String::new(),
        active: true,
        lists: ListChoices::default(),
    }
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next();
    if all.next().is_some() { None } else { first }
}

pub(super) fn organisation_form(model: &Model, of: &Organisation) -> CardForm {
    let texts = model.form_texts();
    let name = Control::text(&of.name);
    let mut fields =
        vec![CardField::new(Key::Name, texts.name, texts.organisation_name_help, name)];
    let reaches = |owner: &ListOwner| Setup::organisation_reaches(&of.id, owner);
    fields.extend(list_fields(model, &of.lists, &[], &reaches));
    CardForm::new(fields)
}

pub(super) fn company_form(model: &Model, of: &Company) -> CardForm {
    let texts = model.form_texts();
    let optional = |text: &Option<String>| Control::text(text.clone().unwrap_or_default());
    let text = |key, label, help, of| CardField::new(key, label, help, optional(of));
    let (no_pausing, no_editing) =
        (model.lacks(Permission::OnlineEdit), model.lacks(Permission::SettingsEdit));
    let mut fields = vec![
        CardField::new(Key::Name, texts.name, texts.company_name_help, Control::text(&of.name)),
        CardField::new(
            Key::Organisation,
            texts.organisation,
            texts.organisation_help,
            organisations(model, &of.organisation),
        ),
        text(Key::OrgNumber, texts.org_number, texts.org_number_help, &of.org_number),
        text(Key::Address, texts.address, texts.address_help, &of.address),
        text(Key::Phone, texts.phone, texts.phone_help, &of.phone),
        text(Key::Email, texts.email, texts.email_help, &of.email),
        text(Key::PortalText, texts.portal_text, texts.portal_text_help, &of.portal_text),
        CardField::new(Key::Paused, texts.pause, texts.pause_help, Control::YesNo(of.paused))
            .locked(no_pausing),
    ];
    let above = model.setup.organisations.get(&of.organisation);
    let levels: Vec<_> = above.map(|it| (ListLevel::Organisation, &it.lists)).into_iter().collect();
    let reaches = |owner: &ListOwner| Setup::company_reaches(of, owner);
    fields.extend(list_fields(model, &of.lists, &levels, &reaches));
    // Who pauses may not be who edits the rest (R17).
    for field in fields.iter_mut().filter(|field| field.key != Key::Paused) {
        field.locked = no_editing.clone();
    }
    CardForm::new(fields)
}

pub(super) fn practitioner_form(model: &Model, of: &Practitioner) -> CardForm {
    let texts = model.form_texts();
    let text = |key, label, help, of: &str| CardField::new(key, label, help, Control::text(of));
    let mut fields = vec![
        text(Key::Name, texts.name, texts.practitioner_name_help, &of.name),
        text(Key::Signature, texts.signature, texts.practitioner_signature_help, &of.signature),
        text(Key::Title, texts.title, texts.title_help, &of.title),
        CardField::new(
            Key::Company,
            texts.company,
            texts.company_help,
            companies(model, &of.company),
        ),
    ];
    let company = model.setup.company_of(of);
    let organisation = company.and_then(|it| model.setup.organisations.get(&it.organisation));
    let levels: Vec<_> = company
        .map(|it| (ListLevel::Company, &it.lists))
        .into_iter()
        .chain(organisation.map(|it| (ListLevel::Organisation, &it.lists)))
        .collect();
    let reaches = |owner: &ListOwner| model.setup.practitioner_reaches(of, owner);
    fields.extend(list_fields(model, &of.lists, &levels, &reaches));
    let active = Control::YesNo(of.active);
    fields.push(CardField::new(Key::Active, texts.active, texts.active_help, active));
    CardForm::new(fields)
}

/// The three choices of a list, in the manual's order; `levels` are those above, the nearest first.
fn list_fields(
    model: &Model,
    own: &ListChoices,
    levels: &[(ListLevel, &ListChoices)],
    reaches: &dyn Fn(&ListOwner) -> bool,
) -> [CardField; 3] {
    let texts = model.form_texts();
    let template_lists = |of: fn(&ListChoices) -> Option<&TemplateListId>| {
        let all = model.setup.template_lists.values();
        let all = all.map(|list| (&list.id, list.name.as_str(), &list.owner));
        choice(model, all, own, levels, of, Value::TemplateList, reaches)
    };
    let all = model.setup.preblock_lists.values();
    let all = all.map(|list| (&list.id, list.name.as_str(), &list.owner));
    let preblock_list: fn(&ListChoices) -> Option<&PreblockListId> = |it| it.preblock_list.as_ref();
    let preblock_lists =
        choice(model, all, own, levels, preblock_list, Value::PreblockList, reaches);
    [
        CardField::new(
            Key::TemplateList,
            texts.template_list,
            texts.template_list_help,
            template_lists(|it| it.template_list.as_ref()),
        ),
        CardField::new(
            Key::OnlineTemplateList,
            texts.online_list,
            texts.online_list_help,
            template_lists(|it| it.online_template_list.as_ref()),
        ),
        CardField::new(
            Key::PreblockList,
            texts.preblock_list,
            texts.preblock_list_help,
            preblock_lists,
        ),
    ]
}

/// One choice of a list: first what applies where nothing is chosen, then the lists it reaches. One
/// that is chosen already stays, so that it is seen.
fn choice<'a, L: Clone + PartialEq + 'a>(
    model: &Model,
    all: impl Iterator<Item = (&'a L, &'a str, &'a ListOwner)>,
    own: &ListChoices,
    levels: &[(ListLevel, &ListChoices)],
    of: fn(&ListChoices) -> Option<&L>,
    value: fn(L) -> Value,
    reaches: &dyn Fn(&ListOwner) -> bool,
) -> Control<Value> {
    let mut all: Vec<_> = all.collect();
    all.sort_by(|a, b| swedish::compare(a.1, b.1));
    let winner = levels.iter().find_map(|(level, lists)| Some((*level, of(lists)?)));
    let name = |id: &L| all.iter().find(|list| list.0 == id).map(|list| list.1);
    let inherited = match winner {
        Some((level, id)) => model.form_texts().inherited(name(id), level),
        None => model.form_texts().inherited(None, ListLevel::Nowhere),
    };
    let mut items = vec![Item::new(Value::Inherited, inherited)];
    let chosen = of(own);
    items.extend(
        all.iter()
            .filter(|(id, _, owner)| reaches(owner) || chosen == Some(id))
            .map(|(id, name, _)| Item::new(value((*id).clone()), *name)),
    );
    let chosen = chosen.map_or(Value::Inherited, |id| value(id.clone()));
    Control::One(OneOf::new(items, Some(&chosen)))
}

fn organisations(model: &Model, own: &OrganisationId) -> Control<Value> {
    let mut all: Vec<_> = model.setup.organisations.values().collect();
    all.sort_by(|a, b| swedish::compare(&a.name, &b.name));
    let items = all
        .into_iter()
        .map(|it| Item::new(Value::Organisation(it.id.clone()), it.name.clone()))
        .collect();
    Control::One(OneOf::new(items, Some(&Value::Organisation(own.clone()))))
}

fn companies(model: &Model, own: &CompanyId) -> Control<Value> {
    let mut all: Vec<_> = model.setup.companies.values().collect();
    all.sort_by(|a, b| swedish::compare(&a.name, &b.name));
    let items = all
        .into_iter()
        .map(|it| Item::new(Value::Company(it.id.clone()), it.name.clone()))
        .collect();
    Control::One(OneOf::new(items, Some(&Value::Company(own.clone()))))
}

pub(super) fn read_organisation(
    model: &Model,
    form: &CardForm,
    before: &Organisation,
) -> Organisation {
    let name = form.text(Key::Name);
    Organisation {
        id: id_from_name(&before.id, &name, &model.setup.organisations),
        name,
        lists: read_lists(form),
    }
}

pub(super) fn read_company(
    model: &Model,
    form: &CardForm,
    before: &Company,
    faults: &mut Faults,
) -> Company {
    let name = form.text(Key::Name);
    let organisation = match form.one(Key::Organisation) {
        Some(Value::Organisation(id)) => id,
        _ => {
            let texts = model.form_texts();
            let none = model.setup.organisations.is_empty();
            let missing = if none { texts.organisation_first } else { texts.organisation_missing };
            faults.push((Key::Organisation, missing.to_owned()));
            before.organisation.clone()
        }
    };
    Company {
        id: id_from_name(&before.id, &name, &model.setup.companies),
        organisation,
        name,
        org_number: form.optional_text(Key::OrgNumber),
        address: form.optional_text(Key::Address),
        phone: form.optional_text(Key::Phone),
        email: form.optional_text(Key::Email),
        portal_text: form.optional_text(Key::PortalText),
        paused: form.yes(Key::Paused),
        lists: read_lists(form),
    }
}

pub(super) fn read_practitioner(
    model: &Model,
    form: &CardForm,
    before: &Practitioner,
    faults: &mut Faults,
) -> Practitioner {
    let (name, signature) = (form.text(Key::Name), form.text(Key::Signature));
    let company = match form.one(Key::Company) {
        Some(Value::Company(id)) => id,
        _ => {
            let texts = model.form_texts();
            let none = model.setup.companies.is_empty();
            let missing = if none { texts.company_first } else { texts.company_missing };
            faults.push((Key::Company, missing.to_owned()));
            before.company.clone()
        }
    };
    Practitioner {
        id: id_from_signature(&before.id, &signature, &model.setup.practitioners),
        company,
        signature,
        name,
        title: form.text(Key::Title),
        active: form.yes(Key::Active),
        lists: read_lists(form),
    }
}

fn read_lists(form: &CardForm) -> ListChoices {
    let templates = |key| match form.one(key) {
        Some(Value::TemplateList(id)) => Some(id),
        _ => None,
    };
    ListChoices {
        template_list: templates(Key::TemplateList),
        online_template_list: templates(Key::OnlineTemplateList),
        preblock_list: match form.one(Key::PreblockList) {
            Some(Value::PreblockList(id)) => Some(id),
            _ => None,
        },
    }
}
