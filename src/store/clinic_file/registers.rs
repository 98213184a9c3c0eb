//! Reading the registers: organisations to lists.

use super::checks::{Kind, Standing};
use super::fields::Fields;
use super::json::Json;
use super::parse::Reader;
use super::scalars;
use crate::domain::{
    BookingTemplate, Category, CategoryId, Company, CompanyId, List, ListChoices, ListOwner,
    Organisation, OrganisationId, Practitioner, PractitionerId, PreblockKind, PreblockList,
    PreblockListId, PreblockType, PreblockTypeId, Resource, ResourceCode, ResourceCodes,
    TemplateId, TemplateList, TemplateListId, ValidFor,
};

const KINDS: &[(&str, PreblockKind)] =
    &[("internet", PreblockKind::Internet), ("internal", PreblockKind::Internal)];

/// The three lists that somebody standing there has chosen.
fn lists(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_, '_>,
    chooser: &Standing,
) -> Option<ListChoices> {
    let mut choice = |key: &'static str, kind| {
        let list = fields.nullable(key, scalars::text_of)?;
        if let Some(list) = list {
            reader.checks.choose(kind, list, chooser, fields.path_of(key));
        }
        Some(list)
    };
    let template_list = choice("template_list", Kind::TemplateList);
    let online_template_list = choice("online_template_list", Kind::TemplateList);
    let preblock_list = choice("preblock_list", Kind::PreblockList);
    Some(ListChoices {
        template_list: template_list?.map(TemplateListId::from),
        online_template_list: online_template_list?.map(TemplateListId::from),
        preblock_list: preblock_list?.map(PreblockListId::from),
    })
}

pub(super) fn organisation<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(OrganisationId, Organisation)> {
    let id: Option<OrganisationId> = reader.own_id(fields, "id", Kind::Organisation);
    let name = fields.required("name", scalars::text);
    let organisation = id.as_ref().map(ToString::to_string);
    let lists = lists(reader, fields, &Standing { organisation, ..Standing::default() });
    let id = id?;
    Some((id.clone(), Organisation { id, name: name?, lists: lists? }))
}

pub(super) fn company<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(CompanyId, Company)> {
    let id: Option<CompanyId> = reader.own_id(fields, "id", Kind::Company);
    let organisation: Option<OrganisationId> =
        reader.reference(fields, "organisation", Kind::Organisation);
    if let (Some(id), Some(organisation)) = (&id, &organisation) {
        reader.checks.company_in(id.as_str(), organisation.as_str());
    }
    let name = fields.required("name", scalars::text);
    let org_number = fields.nullable("org_number", scalars::text);
    let address = fields.nullable("address", scalars::text);
    let phone = fields.nullable("phone", scalars::text);
    let email = fields.nullable("email", scalars::text);
    let portal_text = fields.nullable("portal_text", scalars::text);
    let paused = fields.or("paused", false, scalars::flag);
    let standing = Standing {
        organisation: organisation.as_ref().map(ToString::to_string),
        company: id.as_ref().map(ToString::to_string),
        practitioner: None,
    };
    let lists = lists(reader, fields, &standing);
    let id = id?;
    let company = Company {
        id: id.clone(),
        organisation: organisation?,
        name: name?,
        org_number: org_number?,
        address: address?,
        phone: phone?,
        email: email?,
        portal_text: portal_text?,
        paused: paused?,
        lists: lists?,
    };
    Some((id, company))
}

pub(super) fn practitioner<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(PractitionerId, Practitioner)> {
    let id: Option<PractitionerId> = reader.own_id(fields, "id", Kind::Practitioner);
    let company: Option<CompanyId> = reader.reference(fields, "company", Kind::Company);
    let signature = fields.required("signature", scalars::text);
    let name = fields.required("name", scalars::text);
    let title = fields.or("title", String::new(), scalars::text);
    let active = fields.or("active", true, scalars::flag);
    let standing = Standing {
        organisation: None,
        company: company.as_ref().map(ToString::to_string),
        practitioner: id.as_ref().map(ToString::to_string),
    };
    let lists = lists(reader, fields, &standing);
    let id = id?;
    let practitioner = Practitioner {
        id: id.clone(),
        company: company?,
        signature: signature?,
        name: name?,
        title: title?,
        active: active?,
        lists: lists?,
    };
    Some((id, practitioner))
}

pub(super) fn resource<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(ResourceCode, Resource)> {
    let code = fields.required("code", scalars::resource_code);
    if let Some(code) = code {
        let path = fields.path_of("code");
        reader.checks.id(Kind::Resource, &code.to_string(), path, fields.path(), reader.faults);
    }
    let name = fields.required("name", scalars::text);
    let capacity = fields.or("capacity", 1, scalars::count);
    let code = code?;
    Some((code, Resource { code, name: name?, capacity: capacity? }))
}

pub(super) fn category<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(CategoryId, Category)> {
    let id: Option<CategoryId> = reader.own_id(fields, "id", Kind::Category);
    let name = fields.required("name", scalars::text);
    let id = id?;
    Some((id.clone(), Category { id, name: name? }))
}

/// `null` for everyone, or an array of practitioners.
fn valid_for<'f>(reader: &mut Reader<'f>, fields: &mut Fields<'_, 'f>) -> Option<ValidFor> {
    let chosen = fields.nullable("practitioners", |json| match json {
        Json::Array(items) => Ok(items),
        _ => Err(format!("must be an array or null, not {}", json.kind())),
    });
    let Some(items) = chosen? else { return Some(ValidFor::Everyone) };
    let path = fields.path_of("practitioners");
    let chosen = reader.references(items, &path, Kind::Practitioner)?;
    Some(ValidFor::Only(chosen.into_iter().collect()))
}

pub(super) fn preblock_type<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(PreblockTypeId, PreblockType)> {
    let id: Option<PreblockTypeId> = reader.own_id(fields, "id", Kind::PreblockType);
    let name = fields.required("name", scalars::text);
    let text = fields.or("text", String::new(), scalars::text);
    let color = fields.required("color", scalars::color);
    let kind = fields.required("kind", scalars::word(KINDS));
    let valid_for = valid_for(reader, fields);
    let may_bypass = fields.or("may_bypass", true, scalars::flag);
    let allow = fields.or("allow", false, scalars::flag);
    let items = reader.items(fields, "categories");
    let categories: Option<Vec<CategoryId>> =
        reader.references(items, &fields.path_of("categories"), Kind::Category);
    let expires_days_before = fields.nullable("expires_days_before", scalars::count);
    let code = fields.nullable("code", scalars::text);
    let active = fields.or("active", true, scalars::flag);
    let id = id?;
    let preblock_type = PreblockType {
        id: id.clone(),
        name: name?,
        text: text?,
        color: color?,
        kind: kind?,
        valid_for: valid_for?,
        may_bypass: may_bypass?,
        allow: allow?,
        categories: categories?.into_iter().collect(),
        expires_days_before: expires_days_before?,
        code: code?,
        active: active?,
    };
    Some((id, preblock_type))
}

pub(super) fn template<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(TemplateId, BookingTemplate)> {
    let id: Option<TemplateId> = reader.own_id(fields, "id", Kind::Template);
    let name = fields.required("name", scalars::text);
    let minutes = fields.required("minutes", scalars::minutes);
    let category = reader.reference(fields, "category", Kind::Category);
    let online = fields.or("online", false, scalars::flag);
    let online_rebook = fields.or("online_rebook", false, scalars::flag);
    let online_cancel = fields.or("online_cancel", false, scalars::flag);
    let recall = fields.or("recall", false, scalars::flag);
    if let (Some(id), Some(false)) = (&id, recall) {
        reader.checks.not_for_recall(id.as_str());
    }
    let calendar_text = fields.or("calendar_text", String::new(), scalars::text);
    let resources = fields.or("resources", ResourceCodes::default(), scalars::resource_codes);
    let moves_recall = fields.or("moves_recall", false, scalars::flag);
    let active = fields.or("active", true, scalars::flag);
    let id = id?;
    let template = BookingTemplate {
        id: id.clone(),
        name: name?,
        minutes: minutes?,
        category: category?,
        online: online?,
        online_rebook: online_rebook?,
        online_cancel: online_cancel?,
        recall: recall?,
        calendar_text: calendar_text?,
        resources: resources?,
        moves_recall: moves_recall?,
        active: active?,
    };
    Some((id, template))
}

/// A list of either kind, by its id.
fn list<'f, L, I>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
    kind: Kind,
    item: Kind,
) -> Option<(L, List<L, I>)>
where
    L: for<'a> From<&'a str> + ToString + Clone,
    I: for<'a> From<&'a str>,
{
    let id: Option<L> = reader.own_id(fields, "id", kind);
    let name = fields.required("name", scalars::text);
    let owner = owner(reader, fields);
    if let (Some(id), Some(owner)) = (&id, &owner) {
        reader.checks.owner(kind, &id.to_string(), owner);
    }
    let items = fields.required("items", |json| match json {
        Json::Array(items) => Ok(items),
        _ => Err(format!("must be an array, not {}", json.kind())),
    });
    let path = fields.path_of("items");
    let items = items.and_then(|items| reader.references(items, &path, item));
    let id = id?;
    Some((id.clone(), List { id, name: name?, owner: owner?, items: items? }))
}

fn owner<'f>(reader: &mut Reader<'f>, fields: &mut Fields<'_, 'f>) -> Option<ListOwner> {
    const ALL: &[(&str, Option<Kind>)] = &[
        ("all", None),
        ("organisation", Some(Kind::Organisation)),
        ("company", Some(Kind::Company)),
        ("practitioner", Some(Kind::Practitioner)),
    ];
    let path = fields.path_of("owner");
    let mut fields = Fields::open(fields.required("owner", Ok)?, path, reader.faults)?;
    let kind = fields.required("kind", scalars::word(ALL));
    let owner = match kind {
        None => {
            // Whose it is can't be told, so neither whether `id` belongs here.
            fields.get("id");
            None
        }
        Some(None) => Some(ListOwner::All),
        Some(Some(kind)) => {
            let id: Option<String> = reader.reference(&mut fields, "id", kind);
            id.map(|id| match kind {
                Kind::Organisation => ListOwner::Organisation(id.as_str().into()),
                Kind::Company => ListOwner::Company(id.as_str().into()),
                _ => ListOwner::Practitioner(id.as_str().into()),
            })
        }
    };
    fields.end();
    owner
}

pub(super) fn template_list<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(TemplateListId, TemplateList)> {
    list(reader, fields, Kind::TemplateList, Kind::Template)
}

pub(super) fn preblock_list<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(PreblockListId, PreblockList)> {
    list(reader, fields, Kind::PreblockList, Kind::PreblockType)
}
