//! The entities of the settings: what is listed in each section, and the cards they are filled in on.
//! Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{
    BookingTemplate, Category, CategoryId, Color, Company, CompanyId, OnlineSettings, Organisation,
    OrganisationId, Practitioner, PractitionerId, PreblockKind, PreblockList, PreblockListId,
    PreblockType, PreblockTypeId, Resource, ResourceCode, Signature, TemplateId, TemplateList,
    TemplateListId, User, swedish,
};
use crate::tui::model::Model;

use super::{
    CardForm, Faults, Section, clinic_wide, lists, preblock_types, registers, templates, users,
};

/// An entity of the settings.
#[derive(Clone, PartialEq, Eq)]
pub enum Entity {
    PreblockType(PreblockType),
    Template(BookingTemplate),
    TemplateList(TemplateList),
    PreblockList(PreblockList),
    Category(Category),
    Resource(Resource),
    ClosedDay(NaiveDate),
    Online(OnlineSettings),
    Organisation(Organisation),
    Company(Company),
    Practitioner(Practitioner),
    User(User),
}

/// Which entity.
#[derive(Clone, PartialEq, Eq)]
pub enum EntityId {
    PreblockType(PreblockTypeId),
    Template(TemplateId),
    TemplateList(TemplateListId),
    PreblockList(PreblockListId),
    Category(CategoryId),
    Resource(ResourceCode),
    ClosedDay(NaiveDate),
    Online,
    Organisation(OrganisationId),
    Company(CompanyId),
    Practitioner(PractitionerId),
    User(Signature),
}

/// A line in the list of a section.
pub struct Row {
    pub id: EntityId,
    pub text: String,
    /// Stands to the right.
    pub right: String,
    pub active: bool,
    pub swatch: Option<Color>,
}

impl Entity {
    /// Which one it is.
    pub fn id(&self) -> EntityId {
        match self {
            Entity::PreblockType(it) => EntityId::PreblockType(it.id.clone()),
            Entity::Template(it) => EntityId::Template(it.id.clone()),
            Entity::TemplateList(it) => EntityId::TemplateList(it.id.clone()),
            Entity::PreblockList(it) => EntityId::PreblockList(it.id.clone()),
            Entity::Category(it) => EntityId::Category(it.id.clone()),
            Entity::Resource(it) => EntityId::Resource(it.code),
            Entity::ClosedDay(date) => EntityId::ClosedDay(*date),
            Entity::Online(_) => EntityId::Online,
            Entity::Organisation(it) => EntityId::Organisation(it.id.clone()),
            Entity::Company(it) => EntityId::Company(it.id.clone()),
            Entity::Practitioner(it) => EntityId::Practitioner(it.id.clone()),
            Entity::User(it) => EntityId::User(it.signature.clone()),
        }
    }

    /// What people call it.
    pub fn name(&self, model: &Model) -> String {
        match self {
            Entity::PreblockType(it) => it.name.clone(),
            Entity::Template(it) => it.name.clone(),
            Entity::TemplateList(it) => it.name.clone(),
            Entity::PreblockList(it) => it.name.clone(),
            Entity::Category(it) => it.name.clone(),
            Entity::Resource(it) => it.name.clone(),
            Entity::ClosedDay(date) => date.to_string(),
            Entity::Online(_) => model.form_texts().online.to_owned(),
            Entity::Organisation(it) => it.name.clone(),
            Entity::Company(it) => it.name.clone(),
            Entity::Practitioner(it) => it.name.clone(),
            Entity::User(it) => it.name.clone(),
        }
    }

    /// The entity as it is stored now.
    pub fn stored(model: &Model, id: &EntityId) -> Option<Entity> {
        let setup = &model.setup;
        Some(match id {
            EntityId::PreblockType(id) => {
                Entity::PreblockType(setup.preblock_types.get(id)?.clone())
            }
            EntityId::Template(id) => Entity::Template(setup.templates.get(id)?.clone()),
            EntityId::TemplateList(id) => {
                Entity::TemplateList(setup.template_lists.get(id)?.clone())
            }
            EntityId::PreblockList(id) => {
                Entity::PreblockList(setup.preblock_lists.get(id)?.clone())
            }
            EntityId::Category(id) => Entity::Category(setup.categories.get(id)?.clone()),
            EntityId::Resource(code) => Entity::Resource(setup.resources.get(code)?.clone()),
            EntityId::ClosedDay(date) => Entity::ClosedDay(*setup.closed_days.get(date)?),
            EntityId::Online => Entity::Online(setup.online.clone()),
            EntityId::Organisation(id) => {
                Entity::Organisation(setup.organisations.get(id)?.clone())
            }
            EntityId::Company(id) => Entity::Company(setup.companies.get(id)?.clone()),
            EntityId::Practitioner(id) => {
                Entity::Practitioner(setup.practitioners.get(id)?.clone())
            }
            EntityId::User(signature) => Entity::User(model.users.get(signature)?.clone()),
        })
    }

    /// An entity as a new card begins; `None` where a section's entities are nothing but what is
    /// typed on the card.
    pub fn blank(model: &Model, section: Section) -> Option<Entity> {
        let setup = &model.setup;
        Some(match section {
            Section::PreblockTypes => Entity::PreblockType(preblock_types::blank(model)),
            Section::Templates => Entity::Template(templates::blank()),
            Section::TemplateLists => Entity::TemplateList(lists::blank_templates()),
            Section::PreblockLists => Entity::PreblockList(lists::blank_preblocks()),
            Section::Categories => {
                Entity::Category(Category { id: CategoryId::new(""), name: String::new() })
            }
            Section::Resources | Section::ClosedDays => return None,
            Section::Online => Entity::Online(setup.online.clone()),
            Section::Organisations => Entity::Organisation(registers::blank_organisation()),
            Section::Companies => Entity::Company(registers::blank_company(setup)),
            Section::Practitioners => Entity::Practitioner(registers::blank_practitioner(setup)),
            Section::Users => Entity::User(users::blank(model)),
        })
    }

    /// A new entity that begins as a copy; `None` where there is nothing to copy but the name.
    pub fn copied(&self, suffix: &str) -> Option<Entity> {
        let named = |name: &str| format!("{name} ({suffix})");
        Some(match self.clone() {
            Entity::PreblockType(it) => {
                Entity::PreblockType(PreblockType { id: "".into(), name: named(&it.name), ..it })
            }
            Entity::Template(it) => {
                Entity::Template(BookingTemplate { id: "".into(), name: named(&it.name), ..it })
            }
            Entity::TemplateList(it) => {
                Entity::TemplateList(TemplateList { id: "".into(), name: named(&it.name), ..it })
            }
            Entity::PreblockList(it) => {
                Entity::PreblockList(PreblockList { id: "".into(), name: named(&it.name), ..it })
            }
            Entity::Organisation(it) => {
                Entity::Organisation(Organisation { id: "".into(), name: named(&it.name), ..it })
            }
            // Pausing is no set-up to take over, and another's to do (R17).
            Entity::Company(it) => Entity::Company(Company {
                id: "".into(),
                name: named(&it.name),
                paused: false,
                ..it
            }),
            Entity::Practitioner(it) => Entity::Practitioner(Practitioner {
                id: "".into(),
                signature: String::new(),
                name: named(&it.name),
                ..it
            }),
            Entity::User(it) => Entity::User(User {
                signature: "".into(),
                name: String::new(),
                os_account: None,
                password_hash: None,
                ..it
            }),
            Entity::Category(_)
            | Entity::Resource(_)
            | Entity::ClosedDay(_)
            | Entity::Online(_) => return None,
        })
    }

    /// The same, active or not; `None` where it has no such flag.
    pub fn with_active(self, active: bool) -> Option<Entity> {
        Some(match self {
            Entity::PreblockType(it) => Entity::PreblockType(PreblockType { active, ..it }),
            Entity::Template(it) => Entity::Template(BookingTemplate { active, ..it }),
            Entity::Practitioner(it) => Entity::Practitioner(Practitioner { active, ..it }),
            Entity::User(it) => Entity::User(User { active, ..it }),
            _ => return None,
        })
    }

    /// Whether it is a type that publishes times, which needs a permission of its own (R17).
    pub fn is_internet_type(&self) -> bool {
        matches!(self, Entity::PreblockType(it) if it.kind == PreblockKind::Internet)
    }
}

/// The card of an entity; of a new one where its section has none to begin with.
pub(super) fn form(model: &Model, section: Section, of: Option<&Entity>) -> CardForm {
    match of {
        Some(Entity::PreblockType(it)) => preblock_types::form(model, it),
        Some(Entity::Template(it)) => templates::form(model, it),
        Some(Entity::TemplateList(it)) => lists::template_form(model, it),
        Some(Entity::PreblockList(it)) => lists::preblock_form(model, it),
        Some(Entity::Category(it)) => clinic_wide::category_form(model, it),
        Some(Entity::Resource(it)) => clinic_wide::resource_form(model, Some(it)),
        Some(Entity::ClosedDay(date)) => clinic_wide::closed_day_form(model, Some(*date)),
        Some(Entity::Online(it)) => clinic_wide::online_form(model, it),
        Some(Entity::Organisation(it)) => registers::organisation_form(model, it),
        Some(Entity::Company(it)) => registers::company_form(model, it),
        Some(Entity::Practitioner(it)) => registers::practitioner_form(model, it),
        Some(Entity::User(it)) => users::form(model, it),
        None if section == Section::Resources => clinic_wide::resource_form(model, None),
        None => clinic_wide::closed_day_form(model, None),
    }
}

/// The entity as it stands on a card that began with `base`; `None` where so much is wrong that there
/// is none. What cannot be read is told of in `faults`.
pub(super) fn read(
    model: &Model,
    section: Section,
    form: &CardForm,
    base: Option<&Entity>,
    faults: &mut Faults,
) -> Option<Entity> {
    Some(match base {
        Some(Entity::PreblockType(it)) => {
            Entity::PreblockType(preblock_types::read(model, form, it, faults))
        }
        Some(Entity::Template(it)) => Entity::Template(templates::read(model, form, it, faults)),
        Some(Entity::TemplateList(it)) => {
            Entity::TemplateList(lists::read_templates(model, form, it))
        }
        Some(Entity::PreblockList(it)) => {
            Entity::PreblockList(lists::read_preblocks(model, form, it))
        }
        Some(Entity::Category(it)) => Entity::Category(clinic_wide::read_category(model, form, it)),
        Some(Entity::Online(_)) => Entity::Online(clinic_wide::read_online(model, form, faults)),
        Some(Entity::Organisation(it)) => {
            Entity::Organisation(registers::read_organisation(model, form, it))
        }
        Some(Entity::Company(it)) => {
            Entity::Company(registers::read_company(model, form, it, faults))
        }
        Some(Entity::Practitioner(it)) => {
            Entity::Practitioner(registers::read_practitioner(model, form, it, faults))
        }
        Some(Entity::User(it)) => Entity::User(users::read(form, it)),
        Some(Entity::Resource(_)) => {
            Entity::Resource(clinic_wide::read_resource(model, form, faults)?)
        }
        Some(Entity::ClosedDay(_)) => {
            Entity::ClosedDay(clinic_wide::read_closed_day(model, form, faults)?)
        }
        None if section == Section::Resources => {
            Entity::Resource(clinic_wide::read_resource(model, form, faults)?)
        }
        None => Entity::ClosedDay(clinic_wide::read_closed_day(model, form, faults)?),
    })
}

/// What a section lists, in Swedish order of name; closed days by date.
pub fn rows(model: &Model, section: Section) -> Vec<Row> {
    let setup = &model.setup;
    let texts = model.form_texts();
    let row = |id, text: &str| Row {
        id,
        text: text.to_owned(),
        right: String::new(),
        active: true,
        swatch: None,
    };
    let mut rows: Vec<Row> = match section {
        Section::PreblockTypes => listed(&setup.preblock_types, |it| Row {
            right: match it.kind {
                PreblockKind::Internet => texts.kind_internet.to_owned(),
                PreblockKind::Internal => texts.kind_internal.to_owned(),
            },
            active: it.active,
            swatch: Some(it.color),
            ..row(EntityId::PreblockType(it.id.clone()), &it.name)
        }),
        Section::Templates => listed(&setup.templates, |it| Row {
            right: texts.length(it.minutes.minutes().0),
            active: it.active,
            ..row(EntityId::Template(it.id.clone()), &it.name)
        }),
        Section::TemplateLists => listed(&setup.template_lists, |it| Row {
            right: texts.count(it.items.len()),
            ..row(EntityId::TemplateList(it.id.clone()), &it.name)
        }),
        Section::PreblockLists => listed(&setup.preblock_lists, |it| Row {
            right: texts.count(it.items.len()),
            ..row(EntityId::PreblockList(it.id.clone()), &it.name)
        }),
        Section::Categories => {
            listed(&setup.categories, |it| row(EntityId::Category(it.id.clone()), &it.name))
        }
        Section::Resources => listed(&setup.resources, |it| Row {
            right: it.code.to_string(),
            ..row(EntityId::Resource(it.code), &it.name)
        }),
        Section::ClosedDays => return closed_days(model),
        Section::Online => vec![row(EntityId::Online, texts.online)],
        Section::Organisations => {
            listed(&setup.organisations, |it| row(EntityId::Organisation(it.id.clone()), &it.name))
        }
        Section::Companies => listed(&setup.companies, |it| Row {
            right: if it.paused { texts.paused.to_owned() } else { String::new() },
            ..row(EntityId::Company(it.id.clone()), &it.name)
        }),
        Section::Practitioners => listed(&setup.practitioners, |it| Row {
            right: it.signature.clone(),
            active: it.active,
            ..row(EntityId::Practitioner(it.id.clone()), &it.name)
        }),
        Section::Users => listed(&model.users, |it| Row {
            right: it.signature.to_string(),
            active: it.active,
            ..row(EntityId::User(it.signature.clone()), &it.name)
        }),
    };
    rows.sort_by(|a, b| swedish::compare(&a.text, &b.text));
    rows
}

fn listed<I, T>(all: &BTreeMap<I, T>, row: impl Fn(&T) -> Row) -> Vec<Row> {
    all.values().map(row).collect()
}

/// Closed days, the next one first; past ones after them, dimmed.
fn closed_days(model: &Model) -> Vec<Row> {
    let today = model.now.date();
    let row = |date: &NaiveDate| Row {
        id: EntityId::ClosedDay(*date),
        text: date.to_string(),
        right: model.dates().weekday(chrono::Datelike::weekday(date)).to_owned(),
        active: *date >= today,
        swatch: None,
    };
    let (coming, past): (Vec<_>, Vec<_>) =
        model.setup.closed_days.iter().partition(|date| **date >= today);
    coming.into_iter().chain(past.into_iter().rev()).map(row).collect()
}
