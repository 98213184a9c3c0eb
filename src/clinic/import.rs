//! The clinic file in and out, by whoever may (R17).

use chrono::Utc;

use super::{Clinic, ClinicError, Refusal, Taken, current, require};
use crate::domain::{Actor, CommandId, Permission};
use crate::store::{
    ClinicFile, Completeness, ImportError, ImportMode, ImportReport, export, import,
};

/// An import sets everything, so it needs the permission for each part.
const TO_IMPORT: [Permission; 8] = [
    Permission::BookingEdit,
    Permission::OnlineEdit,
    Permission::PatientView,
    Permission::PreblockInternal,
    Permission::PreblockInternet,
    Permission::ScheduleEdit,
    Permission::SettingsEdit,
    Permission::UsersManage,
];

impl Clinic {
    /// Puts a clinic file into the database, as one transaction with one audit entry.
    ///
    /// # Errors
    /// The actor may not set everything that a file sets; the database holds a clinic already and
    /// is not to be replaced; the store failed. Nothing has changed then.
    pub async fn import(
        &self,
        actor: &Actor,
        id: CommandId,
        file: &ClinicFile,
        mode: ImportMode,
    ) -> Result<ImportReport, ClinicError> {
        let actor = &current(&mut *self.store().read().await?, actor).await?;
        for permission in TO_IMPORT {
            require(actor, permission)?;
        }
        let signature = actor.signature();
        import(self.store(), file, mode, signature, &id, Utc::now()).await.map_err(|error| {
            match error {
                ImportError::NotEmpty => Refusal::NotEmpty.into(),
                ImportError::Store(error) => error.into(),
            }
        })
    }

    /// Everything as a clinic file; that it was asked for is told in the log.
    ///
    /// # Errors
    /// As [`Self::tell_taken`]; the store failed.
    pub async fn export(
        &self,
        actor: &Actor,
        completeness: Completeness,
    ) -> Result<ClinicFile, ClinicError> {
        self.tell_taken(actor, Taken::ClinicFile(completeness)).await?;
        Ok(export(self.store()).await?)
    }
}
