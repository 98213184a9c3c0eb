//! All of the clinic's patients leave the database at once: told in the audit log as a card is that somebody
//! opens, by whom and how complete, and never where to. Told before it is begun, so that nothing leaves
//! untold: one that then fails is told of, too.

use super::viewed::entry_about;
use super::{Clinic, ClinicError, current, require};
use crate::domain::{Actor, EntityKind, Permission};
use crate::store::{AuditChain, Completeness};

/// As what they leave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    ClinicFile(Completeness),
    /// A copy of the database's file.
    Backup,
    /// Everything in another database.
    Copy,
}

impl Taken {
    fn action(self) -> &'static str {
        match self {
            Self::ClinicFile(Completeness::Masked) => "clinic.export",
            Self::ClinicFile(Completeness::Complete) => "clinic.export-complete",
            Self::Backup => "clinic.backup",
            Self::Copy => "clinic.copy",
        }
    }

    /// Whoever takes patients along may see them. What also holds protected patients and password hashes is
    /// an administrator's to take.
    fn needs(self) -> &'static [Permission] {
        match self {
            Self::ClinicFile(Completeness::Masked) => &[Permission::PatientView],
            Self::ClinicFile(Completeness::Complete) | Self::Backup | Self::Copy => {
                &[Permission::PatientView, Permission::UsersManage]
            }
        }
    }
}

impl Clinic {
    /// Whether somebody may take everything along.
    ///
    /// # Errors
    /// The actor lacks `patient.view` or, for all but a masked clinic file, `users.manage` (R17); the store
    /// could not be read.
    pub async fn may_take(&self, actor: &Actor, taken: Taken) -> Result<Actor, ClinicError> {
        let actor = current(&mut *self.store().read().await?, actor).await?;
        for permission in taken.needs() {
            require(&actor, *permission)?;
        }
        Ok(actor)
    }

    /// Tells the audit log that somebody takes everything along. Do it before it is done.
    ///
    /// # Errors
    /// As [`Self::may_take`]; the store could not be written: then nothing may leave it.
    pub async fn tell_taken(&self, actor: &Actor, taken: Taken) -> Result<(), ClinicError> {
        let actor = self.may_take(actor, taken).await?;
        let whole = EntityKind::Clinic.whole();
        let told = entry_about(AuditChain::Reading, &actor, taken.action(), whole);
        self.append_to_reading(&told).await
    }
}
