//! Reading the set-up: registers, types, templates, lists and settings.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    BookingTemplate, Category, ClinicZone, Color, Company, ListChoices, ListOwner, OnlineSettings,
    Organisation, Practitioner, PreblockKind, PreblockList, PreblockType, PreblockTypeId, Resource,
    ResourceCode, Setup, TemplateList, TemplateMinutes, ValidFor, parse_date,
};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Columns, values};

impl Session {
    /// The whole set-up; the defaults where nothing has been imported or set.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn setup(&mut self) -> Result<Setup, StoreError> {
        let (zone, online) = self.settings().await?.unwrap_or_default();
        let sql = "SELECT id, name, template_list, online_template_list, preblock_list \
                   FROM organisation";
        let organisations = self.register(sql, "organisation", organisation).await?;
        let sql = "SELECT id, organisation, name, org_number, address, phone, email, portal_text, \
                   paused, template_list, online_template_list, preblock_list FROM company";
        let companies = self.register(sql, "company", company).await?;
        let sql = "SELECT id, company, signature, name, title, active, template_list, \
                   online_template_list, preblock_list FROM practitioner";
        let practitioners = self.register(sql, "practitioner", practitioner).await?;
        let sql = "SELECT code, name, capacity FROM resource";
        let resources = self.register(sql, "resource", resource).await?;
        let sql = "SELECT id, name FROM category";
        let read = |row: &mut Columns| Ok(Category { id: row.id()?, name: row.text()? });
        let categories = self.register(sql, "category", read).await?;
        let sql = "SELECT id, name, minutes, category, online, online_rebook, online_cancel, \
                   recall, calendar_text, resources, moves_recall, active FROM booking_template";
        let templates = self.register(sql, "booking_template", template).await?;
        let sql = "SELECT day FROM closed_day";
        let closed = self.register(sql, "closed_day", |row| row.read(parse_date)).await?;
        Ok(Setup {
            zone,
            online,
            organisations: keyed(organisations, |organisation| &organisation.id),
            companies: keyed(companies, |company| &company.id),
            practitioners: keyed(practitioners, |practitioner| &practitioner.id),
            resources: keyed(resources, |resource| &resource.code),
            categories: keyed(categories, |category| &category.id),
            preblock_types: keyed(self.preblock_types().await?, |kind| &kind.id),
            templates: keyed(templates, |template| &template.id),
            template_lists: keyed(self.template_lists().await?, |list| &list.id),
            preblock_lists: keyed(self.preblock_lists().await?, |list| &list.id),
            closed_days: closed.into_iter().collect(),
            week_templates: self.week_templates().await?,
        })
    }

    async fn register<T>(
        &mut self,
        sql: &'static str,
        table: &'static str,
        read: impl Fn(&mut Columns) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.query(sql, values![]).await?;
        rows.into_iter().map(|row| read(&mut row.columns(table))).collect()
    }

    async fn settings(&mut self) -> Result<Option<(ClinicZone, OnlineSettings)>, StoreError> {
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
        Ok(self.register(sql, "settings", read).await?.pop())
    }

    async fn preblock_types(&mut self) -> Result<Vec<PreblockType>, StoreError> {
        let sql = "SELECT preblock_type, category FROM preblock_type_category";
        let mut categories: BTreeMap<PreblockTypeId, _> =
            grouped(self.pairs(sql, "preblock_type_category").await?);
        let sql = "SELECT preblock_type, practitioner FROM preblock_type_practitioner";
        let mut practitioners: BTreeMap<PreblockTypeId, _> =
            grouped(self.pairs(sql, "preblock_type_practitioner").await?);
        let sql = "SELECT id, for_everyone, name, text, color, kind, may_bypass, allow, \
                   expires_days_before, code, active FROM preblock_type";
        let mut types = Vec::new();
        for row in self.query(sql, values![]).await? {
            let mut row = row.columns("preblock_type");
            let id: PreblockTypeId = row.id()?;
            let valid_for = match row.flag()? {
                true => ValidFor::Everyone,
                false => ValidFor::Only(practitioners.remove(&id).unwrap_or_default()),
            };
            types.push(PreblockType {
                categories: categories.remove(&id).unwrap_or_default(),
                id,
                valid_for,
                name: row.text()?,
                text: row.text()?,
                color: row.read(|color| Color::parse(color).ok())?,
                kind: row.read(read_kind)?,
                may_bypass: row.flag()?,
                allow: row.flag()?,
                expires_days_before: row.optional_number()?,
                code: row.optional_text()?,
                active: row.flag()?,
            });
        }
        Ok(types)
    }

    async fn template_lists(&mut self) -> Result<Vec<TemplateList>, StoreError> {
        let sql = "SELECT list, place, item FROM template_list_item";
        let mut items = self.list_items(sql, "template_list_item").await?;
        let sql = "SELECT id, name, owner_kind, owner_id FROM template_list";
        let heads = self.register(sql, "template_list", list_head).await?;
        let list = |(id, name, owner): (String, String, ListOwner)| TemplateList {
            items: in_order(items.remove(&id)),
            id: id.as_str().into(),
            name,
            owner,
        };
        Ok(heads.into_iter().map(list).collect())
    }

    async fn preblock_lists(&mut self) -> Result<Vec<PreblockList>, StoreError> {
        let sql = "SELECT list, place, item FROM preblock_list_item";
        let mut items = self.list_items(sql, "preblock_list_item").await?;
        let sql = "SELECT id, name, owner_kind, owner_id FROM preblock_list";
        let heads = self.register(sql, "preblock_list", list_head).await?;
        let list = |(id, name, owner): (String, String, ListOwner)| PreblockList {
            items: in_order(items.remove(&id)),
            id: id.as_str().into(),
            name,
            owner,
        };
        Ok(heads.into_iter().map(list).collect())
    }

    async fn pairs<A, B>(
        &mut self,
        sql: &'static str,
        table: &'static str,
    ) -> Result<Vec<(A, B)>, StoreError>
    where
        A: for<'a> From<&'a str>,
        B: for<'a> From<&'a str>,
    {
        self.register(sql, table, |row| Ok((row.id()?, row.id()?))).await
    }

    /// Item ids with their places, by list id.
    async fn list_items(
        &mut self,
        sql: &'static str,
        table: &'static str,
    ) -> Result<BTreeMap<String, BTreeMap<i64, String>>, StoreError> {
        let mut lists: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
        for row in self.query(sql, values![]).await? {
            let mut row = row.columns(table);
            lists.entry(row.text()?).or_default().insert(row.number()?, row.text()?);
        }
        Ok(lists)
    }
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

fn in_order<T: for<'a> From<&'a str>>(places: Option<BTreeMap<i64, String>>) -> Vec<T> {
    places.unwrap_or_default().into_values().map(|item| T::from(item.as_str())).collect()
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

fn resource(row: &mut Columns) -> Result<Resource, StoreError> {
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

fn read_kind(text: &str) -> Option<PreblockKind> {
    match text {
        "internet" => Some(PreblockKind::Internet),
        "internal" => Some(PreblockKind::Internal),
        _ => None,
    }
}

fn list_head(row: &mut Columns) -> Result<(String, String, ListOwner), StoreError> {
    Ok((row.text()?, row.text()?, row.list_owner()?))
}
