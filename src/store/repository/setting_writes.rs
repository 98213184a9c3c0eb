//! Writing one change of the settings: the entity added, altered or removed.

use crate::domain::{
    BookingTemplate, Category, Changed, Company, OnlineSettings, Organisation, Patient,
    Practitioner, PreblockType, Resource, SettingChange, User,
};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Value, values};

use super::patients::patient_columns;
use super::register_writes::{
    company_columns, online_columns, organisation_columns, practitioner_columns,
    preblock_type_columns, template_columns,
};
use super::users::user_columns;

impl Session {
    /// Writes a change of the settings.
    ///
    /// # Errors
    /// [`StoreError::BrokenReference`] where something refers to what is removed, or it refers to
    /// what is gone; [`StoreError::Duplicate`]; what the database meets.
    pub async fn write_setting(&mut self, change: &SettingChange) -> Result<(), StoreError> {
        match change {
            SettingChange::Organisation(change) => match change {
                Changed::Added(new) => self.insert_organisation(new).await,
                Changed::Altered { after, .. } => self.update_organisation(after).await,
                Changed::Removed(old) => self.delete("organisation", "id", (&old.id).into()).await,
            },
            SettingChange::Company(change) => match change {
                Changed::Added(new) => self.insert_company(new).await,
                Changed::Altered { after, .. } => self.update_company(after).await,
                Changed::Removed(old) => self.delete("company", "id", (&old.id).into()).await,
            },
            SettingChange::Practitioner(change) => match change {
                Changed::Added(new) => self.insert_practitioner(new).await,
                Changed::Altered { after, .. } => self.update_practitioner(after).await,
                Changed::Removed(old) => self.delete("practitioner", "id", (&old.id).into()).await,
            },
            SettingChange::Resource(change) => self.write_resource(change).await,
            SettingChange::Category(change) => match change {
                Changed::Added(new) => self.insert_category(new).await,
                Changed::Altered { after, .. } => self.update_category(after).await,
                Changed::Removed(old) => self.delete("category", "id", (&old.id).into()).await,
            },
            SettingChange::PreblockType(change) => self.write_preblock_type(change).await,
            SettingChange::Template(change) => match change {
                Changed::Added(new) => self.insert_template(new).await,
                Changed::Altered { after, .. } => self.update_template(after).await,
                Changed::Removed(old) => {
                    self.delete("booking_template", "id", (&old.id).into()).await
                }
            },
            SettingChange::TemplateList(change) => self.write_list(change).await,
            SettingChange::PreblockList(change) => self.write_list(change).await,
            SettingChange::WeekTemplate(change) => self.write_week_template(change).await,
            SettingChange::ClosedDay(change) => {
                if let Some(before) = change.before() {
                    self.delete("closed_day", "day", (*before).into()).await?;
                }
                match change.after() {
                    Some(after) => self.insert_closed_day(*after).await,
                    None => Ok(()),
                }
            }
            SettingChange::Online(change) => match change.after() {
                Some(after) => self.update_online(after).await,
                None => Ok(()),
            },
            SettingChange::User(change) => self.write_user(change).await,
            SettingChange::Patient(change) => self.write_patient(change).await,
            SettingChange::Contacts(change) => self.write_given_contacts(change).await,
        }
    }

    pub(super) async fn delete(
        &mut self,
        table: &'static str,
        column: &'static str,
        id: Value,
    ) -> Result<(), StoreError> {
        self.execute(format!("DELETE FROM {table} WHERE {column} = @P1"), vec![id]).await?;
        Ok(())
    }

    async fn update_organisation(&mut self, after: &Organisation) -> Result<(), StoreError> {
        self.execute(
            "UPDATE organisation SET name = @P2, template_list = @P3, online_template_list = @P4, \
             preblock_list = @P5 WHERE id = @P1",
            organisation_columns(after),
        )
        .await?;
        Ok(())
    }

    async fn update_company(&mut self, after: &Company) -> Result<(), StoreError> {
        self.execute(
            "UPDATE company SET organisation = @P2, name = @P3, org_number = @P4, address = @P5, \
             phone = @P6, email = @P7, portal_text = @P8, paused = @P9, template_list = @P10, \
             online_template_list = @P11, preblock_list = @P12 WHERE id = @P1",
            company_columns(after),
        )
        .await?;
        Ok(())
    }

    async fn update_practitioner(&mut self, after: &Practitioner) -> Result<(), StoreError> {
        self.execute(
            "UPDATE practitioner SET company = @P2, signature = @P3, name = @P4, title = @P5, \
             active = @P6, template_list = @P7, online_template_list = @P8, preblock_list = @P9 \
             WHERE id = @P1",
            practitioner_columns(after),
        )
        .await?;
        Ok(())
    }

    /// A resource's character is its identity and may change: nothing in the store refers to it but
    /// by name.
    async fn write_resource(&mut self, change: &Changed<Resource>) -> Result<(), StoreError> {
        if let Some(before) = change.before() {
            self.delete("resource", "code", before.code.into()).await?;
        }
        match change.after() {
            Some(after) => self.insert_resource(after).await,
            None => Ok(()),
        }
    }

    async fn update_category(&mut self, after: &Category) -> Result<(), StoreError> {
        let sql = "UPDATE category SET name = @P2 WHERE id = @P1";
        self.execute(sql, values![&after.id, &after.name]).await?;
        Ok(())
    }

    async fn write_preblock_type(
        &mut self,
        change: &Changed<PreblockType>,
    ) -> Result<(), StoreError> {
        if let Some(before) = change.before() {
            for table in ["preblock_type_category", "preblock_type_practitioner"] {
                self.delete(table, "preblock_type", (&before.id).into()).await?;
            }
        }
        match change {
            Changed::Added(new) => {
                self.insert_preblock_type(new).await?;
                self.insert_chosen_practitioners(new).await
            }
            Changed::Altered { after, .. } => {
                self.update_preblock_type(after).await?;
                self.insert_allowed_categories(after).await?;
                self.insert_chosen_practitioners(after).await
            }
            Changed::Removed(old) => self.delete("preblock_type", "id", (&old.id).into()).await,
        }
    }

    async fn update_preblock_type(&mut self, after: &PreblockType) -> Result<(), StoreError> {
        self.execute(
            "UPDATE preblock_type SET name = @P2, text = @P3, color = @P4, kind = @P5, \
             for_everyone = @P6, may_bypass = @P7, allow = @P8, expires_days_before = @P9, \
             code = @P10, active = @P11 WHERE id = @P1",
            preblock_type_columns(after),
        )
        .await?;
        Ok(())
    }

    async fn update_template(&mut self, after: &BookingTemplate) -> Result<(), StoreError> {
        self.execute(
            "UPDATE booking_template SET name = @P2, minutes = @P3, category = @P4, online = @P5, \
             online_rebook = @P6, online_cancel = @P7, recall = @P8, calendar_text = @P9, \
             resources = @P10, moves_recall = @P11, active = @P12 WHERE id = @P1",
            template_columns(after),
        )
        .await?;
        Ok(())
    }

    async fn update_online(&mut self, after: &OnlineSettings) -> Result<(), StoreError> {
        let changed = self
            .execute(
                "UPDATE settings SET horizon_days = @P1, notice_minutes = @P2, \
                 require_address = @P3, allow_rebook = @P4, allow_cancel = @P5, \
                 change_deadline_hours = @P6, paused = @P7 WHERE id = 1",
                online_columns(after),
            )
            .await?;
        if changed == 0 {
            let zone = self.setup().await?.zone;
            self.insert_settings(zone, after).await?;
        }
        Ok(())
    }

    async fn write_user(&mut self, change: &Changed<User>) -> Result<(), StoreError> {
        if let Some(before) = change.before() {
            self.delete("user_permission", "signature", (&before.signature).into()).await?;
        }
        match change {
            Changed::Added(new) => self.insert_user(new).await,
            Changed::Altered { after, .. } => {
                let sql = "UPDATE app_user SET name = @P2, own_permissions = @P3, \
                           os_account = @P4, password_hash = @P5, active = @P6 \
                           WHERE signature = @P1";
                self.execute(sql, user_columns(after)).await?;
                self.insert_permissions(after).await
            }
            Changed::Removed(old) => {
                self.delete("app_user", "signature", (&old.signature).into()).await
            }
        }
    }

    async fn write_patient(&mut self, change: &Changed<Patient>) -> Result<(), StoreError> {
        if let Some(before) = change.before() {
            self.delete("patient_name", "patient", (&before.id).into()).await?;
        }
        match change {
            Changed::Added(new) => self.insert_patient(new).await,
            Changed::Altered { after, .. } => {
                self.update_patient(after).await?;
                self.insert_patient_names(after).await
            }
            Changed::Removed(old) => self.delete("patient", "id", (&old.id).into()).await,
        }
    }

    async fn update_patient(&mut self, after: &Patient) -> Result<(), StoreError> {
        self.execute(
            "UPDATE patient SET personnummer = @P2, first_name = @P3, last_name = @P4, \
             email = @P5, mobile = @P6, address = @P7, protected = @P8, recall_months = @P9, \
             recall_date = @P10, recall_template = @P11 WHERE id = @P1",
            patient_columns(after),
        )
        .await?;
        Ok(())
    }
}
