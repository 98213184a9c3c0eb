//! Reading the set-up: registers, types, templates, lists and settings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::lists::lists;
use super::revisions::Revisions;
use super::week_templates::week_templates;
use crate::domain::{
    BookingTemplate, Category, ClinicZone, Color, Company, ListChoices, OnlineSettings,
    Organisation, Practitioner, PreblockKind, PreblockType, PreblockTypeId, Resource, ResourceCode,
    Setup, TemplateMinutes, ValidFor, parse_date,
};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, values};

pub(super) const RESOURCE: &str = "SELECT code, name, capacity FROM resource";

impl Session {
    /// The whole set-up, in one request; the defaults where nothing has been imported or set.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn setup(&mut self) -> Result<Setup, StoreError> {
        self.ask(setup()).await
    }

    /// The set-up, and the revisions as they stood once all of it had been read.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn setup_with_revisions(&mut self) -> Result<(Setup, Revisions), StoreError> {
        self.ask(setup().and(Revisions::question())).await
    }
}

fn setup() -> Question<Setup> {
    let clinic = settings().and(organisations()).and(companies()).and(practitioners());
    let what = resources().and(categories()).and(preblock_types()).and(templates());
    let lists = lists().and(lists()).and(closed_days()).and(week_templates());
    clinic.and(what).and(lists).map(|((clinic, what), lists)| {
        let (((settings, organisations), companies), practitioners) = clinic;
        let (((resources, categories), preblock_types), templates) = what;
        let (((template_lists, preblock_lists), closed_days), week_templates) = lists;
        let (zone, online) = settings.unwrap_or_default();
        Ok(Setup {
            zone,
            online,
            organisations: keyed(organisations, |organisation| &organisation.id),
            companies: keyed(companies, |company| &company.id),
            practitioners: keyed(practitioners, |practitioner| &practitioner.id),
            resources: keyed(resources, |resource| &resource.code),
            categories: keyed(categories, |category| &category.id),
            preblock_types: keyed(preblock_types, |kind| &kind.id),
            templates: keyed(templates, |template| &template.id),
            template_lists: keyed(template_lists, |list| &list.id),
            preblock_lists: keyed(preblock_lists, |list| &list.id),
            closed_days: closed_days.into_iter().collect(),
            week_templates,
        })
    })
}

/// Every row of a register.
fn register<T: 'static>(
    sql: &'static str,
    table: &'static str,
    read: impl Fn(&mut Columns) -> Result<T, StoreError> + Send + 'static,
) -> Question<Vec<T>> {
    Question::rows(sql, values![], table, read)
}

fn settings() -> Question<Option<(ClinicZone, OnlineSettings)>> {
    let sql = "SELECT time_zone, horizon_days, notice_minutes, require_address, allow_rebook, \
               allow_cancel, change_deadline_hours, paused FROM settings";
    let read = |row: &mut Columns| {
        let zone = row.read(|name| name.parse().ok())?;
        let online = OnlineSettings {
            horizon_days: row.number()?,
            notice_minutes: row.number()?,
            require_address: row.flag()?,
            allow_rebook: row.flag()?,
            allow_cancel: row.flag()?,
            change_deadline_hours: row.number()?,
            paused: row.flag()?,
        };
        Ok((zone, online))
    };
    register(sql, "settings", read).map(|mut found| Ok(found.pop()))
}

fn organisations() -> Question<Vec<Organisation>> {
    let sql = "SELECT id, name, template_list, online_template_list, preblock_list \
               FROM organisation";
    register(sql, "organisation", organisation)
}

fn companies() -> Question<Vec<Company>> {
    let sql = "SELECT id, organisation, name, org_number, address, phone, email, portal_text, \
               paused, template_list, online_template_list, preblock_list FROM company";
    register(sql, "company", company)
}

fn practitioners() -> Question<Vec<Practitioner>> {
    let sql = "SELECT id, company, signature, name, title, active, template_list, \
               online_template_list, preblock_list FROM practitioner";
    register(sql, "practitioner", practitioner)
}

fn resources() -> Question<Vec<Resource>> {
    register(RESOURCE, "resource", resource)
}

fn categories() -> Question<Vec<Category>> {
    let read = |row: &mut Columns| Ok(Category { id: row.id()?, name: row.text()? });
    register("SELECT id, name FROM category", "category", read)
}

fn templates() -> Question<Vec<BookingTemplate>> {
    let sql = "SELECT id, name, minutes, category, online, online_rebook, online_cancel, \
               recall, calendar_text, resources, moves_recall, active FROM booking_template";
    register(sql, "booking_template", template)
}

fn closed_days() -> Question<Vec<NaiveDate>> {
    register("SELECT day FROM closed_day", "closed_day", |row| row.read(parse_date))
}

fn preblock_types() -> Question<Vec<PreblockType>> {
    let sql = "SELECT preblock_type, category FROM preblock_type_category";
    let categories = pairs(sql, "preblock_type_category");
    let sql = "SELECT preblock_type, practitioner FROM preblock_type_practitioner";
    let chosen = pairs(sql, "preblock_type_practitioner");
    let sql = "SELECT id, for_everyone, name, text, color, kind, may_bypass, allow, \
               expires_days_before, code, active FROM preblock_type";
    let types = register(sql, "preblock_type", preblock_type);
    categories.and(chosen).and(types).map(|((categories, chosen), types)| {
        let mut categories: BTreeMap<PreblockTypeId, _> = grouped(categories);
        let mut chosen: BTreeMap<PreblockTypeId, _> = grouped(chosen);
        let whole = |found: PreblockType| PreblockType {
            categories: categories.remove(&found.id).unwrap_or_default(),
            valid_for: match found.valid_for {
                ValidFor::Everyone => ValidFor::Everyone,
                ValidFor::Only(_) => ValidFor::Only(chosen.remove(&found.id).unwrap_or_default()),
            },
            ..found
        };
        Ok(types.into_iter().map(whole).collect())
    })
}

fn pairs<A, B>(sql: &'static str, table: &'static str) -> Question<Vec<(A, B)>>
where
    A: for<'a> From<&'a str> + 'static,
    B: for<'a> From<&'a str> + 'static,
{
    register(sql, table, |row| Ok((row.id()?, row.id()?)))
}

fn keyed<K: Ord + Clone, V>(rows: Vec<V>, key: impl Fn(&V) -> &K) -> BTreeMap<K, V> {
    rows.into_iter().map(|row| (key(&row).clone(), row)).collect()
}

fn grouped<A: Ord, B: Ord>(pairs: Vec<(A, B)>) -> BTreeMap<A, BTreeSet<B>> {
    let mut groups: BTreeMap<A, BTreeSet<B>> = BTreeMap::new();
    for (group, member) in pairs {
        groups.entry(group).or_default().insert(member);
    }
    groups
}

fn list_choices(row: &mut Columns) -> Result<ListChoices, StoreError> {
    Ok(ListChoices {
        template_list: row.optional_id()?,
        online_template_list: row.optional_id()?,
        preblock_list: row.optional_id()?,
    })
}

fn organisation(row: &mut Columns) -> Result<Organisation, StoreError> {
    Ok(Organisation { id: row.id()?, name: row.text()?, lists: list_choices(row)? })
}

fn company(row: &mut Columns) -> Result<Company, StoreError> {
    Ok(Company {
        id: row.id()?,
        organisation: row.id()?,
        name: row.text()?,
        org_number: row.optional_text()?,
        address: row.optional_text()?,
        phone: row.optional_text()?,
        email: row.optional_text()?,
        portal_text: row.optional_text()?,
        paused: row.flag()?,
        lists: list_choices(row)?,
    })
}

fn practitioner(row: &mut Columns) -> Result<Practitioner, StoreError> {
    Ok(Practitioner {
        id: row.id()?,
        company: row.id()?,
        signature: row.text()?,
        name: row.text()?,
        title: row.text()?,
        active: row.flag()?,
        lists: list_choices(row)?,
    })
}

/// Without categories and practitioners, which stand elsewhere.
fn preblock_type(row: &mut Columns) -> Result<PreblockType, StoreError> {
    Ok(PreblockType {
        id: row.id()?,
        valid_for: match row.flag()? {
            true => ValidFor::Everyone,
            false => ValidFor::Only(BTreeSet::new()),
        },
        categories: BTreeSet::new(),
        name: row.text()?,
        text: row.text()?,
        color: row.read(|color| Color::parse(color).ok())?,
        kind: row.read(PreblockKind::from_key)?,
        may_bypass: row.flag()?,
        allow: row.flag()?,
        expires_days_before: row.optional_number()?,
        code: row.optional_text()?,
        active: row.flag()?,
    })
}

pub(super) fn resource(row: &mut Columns) -> Result<Resource, StoreError> {
    Ok(Resource {
        code: ResourceCode(row.read(|code| code.parse().ok())?),
        name: row.text()?,
        capacity: row.number()?,
    })
}

fn template(row: &mut Columns) -> Result<BookingTemplate, StoreError> {
    Ok(BookingTemplate {
        id: row.id()?,
        name: row.text()?,
        minutes: row.number::<TemplateMinutes>()?,
        category: row.id()?,
        online: row.flag()?,
        online_rebook: row.flag()?,
        online_cancel: row.flag()?,
        recall: row.flag()?,
        calendar_text: row.text()?,
        resources: row.resources()?,
        moves_recall: row.flag()?,
        active: row.flag()?,
    })
}
