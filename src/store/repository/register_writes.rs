//! Writing the set-up, one entity at a time.

use chrono::NaiveDate;

use crate::domain::{
    BookingTemplate, Category, ClinicZone, Company, OnlineSettings, Organisation, Practitioner,
    PreblockType, Resource, ValidFor,
};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Value, values};

// What is kept of each entity, in the order in which both adding and altering name the columns.

pub(super) fn online_columns(online: &OnlineSettings) -> Vec<Value> {
    values![
        online.horizon_days,
        online.notice_minutes,
        online.require_address,
        online.allow_rebook,
        online.allow_cancel,
        online.change_deadline_hours,
        online.paused,
    ]
}

pub(super) fn organisation_columns(organisation: &Organisation) -> Vec<Value> {
    let lists = &organisation.lists;
    values![
        &organisation.id,
        &organisation.name,
        lists.template_list.as_ref(),
        lists.online_template_list.as_ref(),
        lists.preblock_list.as_ref(),
    ]
}

pub(super) fn company_columns(company: &Company) -> Vec<Value> {
    let lists = &company.lists;
    values![
        &company.id,
        &company.organisation,
        &company.name,
        company.org_number.as_ref(),
        company.address.as_ref(),
        company.phone.as_ref(),
        company.email.as_ref(),
        company.portal_text.as_ref(),
        company.paused,
        lists.template_list.as_ref(),
        lists.online_template_list.as_ref(),
        lists.preblock_list.as_ref(),
    ]
}

pub(super) fn practitioner_columns(practitioner: &Practitioner) -> Vec<Value> {
    let lists = &practitioner.lists;
    values![
        &practitioner.id,
        &practitioner.company,
        &practitioner.signature,
        &practitioner.name,
        &practitioner.title,
        practitioner.active,
        lists.template_list.as_ref(),
        lists.online_template_list.as_ref(),
        lists.preblock_list.as_ref(),
    ]
}

pub(super) fn template_columns(template: &BookingTemplate) -> Vec<Value> {
    values![
        &template.id,
        &template.name,
        i64::from(template.minutes),
        &template.category,
        template.online,
        template.online_rebook,
        template.online_cancel,
        template.recall,
        &template.calendar_text,
        &template.resources,
        template.moves_recall,
        template.active,
    ]
}

pub(super) fn preblock_type_columns(kind: &PreblockType) -> Vec<Value> {
    values![
        &kind.id,
        &kind.name,
        &kind.text,
        String::from(kind.color),
        kind.kind.key(),
        kind.valid_for == ValidFor::Everyone,
        kind.may_bypass,
        kind.allow,
        kind.expires_days_before,
        kind.code.as_ref(),
        kind.active,
    ]
}

impl Session {
    pub(crate) async fn insert_settings(
        &mut self,
        zone: ClinicZone,
        online: &OnlineSettings,
    ) -> Result<(), StoreError> {
        let mut columns = online_columns(online);
        columns.push(zone.to_string().into());
        self.execute(
            "INSERT INTO settings (id, horizon_days, notice_minutes, require_address, \
             allow_rebook, allow_cancel, change_deadline_hours, paused, time_zone) \
             VALUES (1, @P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8)",
            columns,
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn insert_closed_day(&mut self, day: NaiveDate) -> Result<(), StoreError> {
        self.execute("INSERT INTO closed_day (day) VALUES (@P1)", values![day]).await?;
        Ok(())
    }

    pub(crate) async fn insert_organisation(
        &mut self,
        organisation: &Organisation,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO organisation (id, name, template_list, online_template_list, \
             preblock_list) VALUES (@P1, @P2, @P3, @P4, @P5)",
            organisation_columns(organisation),
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn insert_company(&mut self, company: &Company) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO company (id, organisation, name, org_number, address, phone, email, \
             portal_text, paused, template_list, online_template_list, preblock_list) \
             VALUES (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9, @P10, @P11, @P12)",
            company_columns(company),
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn insert_practitioner(
        &mut self,
        practitioner: &Practitioner,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO practitioner (id, company, signature, name, title, active, \
             template_list, online_template_list, preblock_list) \
             VALUES (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9)",
            practitioner_columns(practitioner),
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn insert_resource(&mut self, resource: &Resource) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO resource (code, name, capacity) VALUES (@P1, @P2, @P3)",
            values![resource.code, &resource.name, resource.capacity],
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn insert_category(&mut self, category: &Category) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO category (id, name) VALUES (@P1, @P2)",
            values![&category.id, &category.name],
        )
        .await?;
        Ok(())
    }

    pub(crate) async fn insert_template(
        &mut self,
        template: &BookingTemplate,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO booking_template (id, name, minutes, category, online, online_rebook, \
             online_cancel, recall, calendar_text, resources, moves_recall, active) \
             VALUES (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9, @P10, @P11, @P12)",
            template_columns(template),
        )
        .await?;
        Ok(())
    }

    /// Adds a type without its chosen practitioners, who may not stand in the register yet: see
    /// [`Self::insert_chosen_practitioners`].
    pub(crate) async fn insert_preblock_type(
        &mut self,
        kind: &PreblockType,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO preblock_type (id, name, text, color, kind, for_everyone, may_bypass, \
             allow, expires_days_before, code, active) \
             VALUES (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9, @P10, @P11)",
            preblock_type_columns(kind),
        )
        .await?;
        self.insert_allowed_categories(kind).await
    }

    pub(crate) async fn insert_allowed_categories(
        &mut self,
        kind: &PreblockType,
    ) -> Result<(), StoreError> {
        for category in &kind.categories {
            self.execute(
                "INSERT INTO preblock_type_category (preblock_type, category) VALUES (@P1, @P2)",
                values![&kind.id, category],
            )
            .await?;
        }
        Ok(())
    }

    pub(crate) async fn insert_chosen_practitioners(
        &mut self,
        kind: &PreblockType,
    ) -> Result<(), StoreError> {
        let ValidFor::Only(chosen) = &kind.valid_for else { return Ok(()) };
        for practitioner in chosen {
            self.execute(
                "INSERT INTO preblock_type_practitioner (preblock_type, practitioner) \
                 VALUES (@P1, @P2)",
                values![&kind.id, practitioner],
            )
            .await?;
        }
        Ok(())
    }

    /// Whether nothing of a clinic is stored: no register, book, patient or user.
    pub(crate) async fn is_empty_clinic(&mut self) -> Result<bool, StoreError> {
        for table in CLINIC_TABLES {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            let rows = self.query(sql, values![]).await?;
            for row in rows {
                if row.columns(table).number::<i64>()? > 0 {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Removes the clinic, all of it; the audit log, commands and revisions stay.
    pub(crate) async fn delete_clinic(&mut self) -> Result<(), StoreError> {
        for table in CLINIC_TABLES {
            self.execute(format!("DELETE FROM {table}"), values![]).await?;
        }
        Ok(())
    }
}

/// Every table of the clinic itself; what refers stands before what it refers to.
const CLINIC_TABLES: &[&str] = &[
    "notice",
    "given_contacts",
    "recall_move",
    "booking_call",
    "booking",
    "resource_step",
    "preblock",
    "work_session",
    "user_permission",
    "app_user",
    "patient_name",
    "patient",
    "preblock_type_practitioner",
    "practitioner",
    "company",
    "organisation",
    "preblock_list_item",
    "preblock_list",
    "preblock_type_category",
    "preblock_type",
    "template_list_item",
    "template_list",
    "booking_template",
    "resource",
    "category",
    "closed_day",
    "week_template_session",
    "week_template",
    "settings",
];
