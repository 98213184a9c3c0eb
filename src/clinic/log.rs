//! Reading the audit log: the newest entries, and what happened to one stretch of a book. Reads only.

use super::{Clinic, ClinicError, current, require};
use crate::domain::{Actor, Interval, Permission, PractitionerId};
use crate::store::{AuditEntry, AuditFilter};

/// What is asked of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogQuestion {
    /// The newest entries of all chains.
    Newest,
    /// What happened to what lies on a stretch of a book, or lay there.
    Time { practitioner: PractitionerId, interval: Interval },
}

impl Clinic {
    /// At most `limit` entries, newest first.
    ///
    /// # Errors
    /// The actor lacks `audit.read` (R17), or the store could not be read.
    pub async fn log(
        &self,
        actor: &Actor,
        question: &LogQuestion,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, ClinicError> {
        let mut reading = self.store().read().await?;
        require(&current(&mut reading, actor).await?, Permission::AuditRead)?;
        Ok(match question {
            LogQuestion::Newest => {
                let filter = AuditFilter { limit: Some(limit), ..AuditFilter::default() };
                reading.audit(&filter).await?
            }
            LogQuestion::Time { practitioner, interval } => {
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                reading.audit_of_time(practitioner, *interval, limit).await?
            }
        })
    }
}
