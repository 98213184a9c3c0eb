//! Reading the audit log: its entries by filter and page by page, and what happened to one stretch of a
//! book. Reads only.

use chrono::NaiveDate;

use super::{Clinic, ClinicError, current, require};
use crate::domain::{Actor, CivilTime, ClinicZone, Interval, Permission, PractitionerId};
use crate::store::{AuditChain, AuditEntry, AuditFilter, AuditPlace};

/// What is asked of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogQuestion {
    /// The newest entries that pass the filter, or those before a place.
    Entries { filter: LogFilter, before: Option<AuditPlace> },
    /// What happened to what lies on a stretch of a book, or lay there.
    Time { practitioner: PractitionerId, interval: Interval },
}

/// Which entries are wanted; what is set must hold together. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Done by this signature.
    pub by: Option<String>,
    /// On this practitioner's book.
    pub practitioner: Option<PractitionerId>,
    /// What was done, such as `booking.move`.
    pub action: Option<String>,
    /// On what kind of thing, such as `booking`.
    pub kind: Option<String>,
    /// The first day, and the last.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl LogFilter {
    /// The same as the store reads it, in the clinic's time zone.
    pub fn in_zone(&self, zone: ClinicZone, limit: u32) -> AuditFilter {
        let starts = |date: NaiveDate| zone.first_instant(CivilTime::start_of(date));
        AuditFilter {
            chain: self.practitioner.clone().map(AuditChain::Practitioner),
            since: self.from.map(starts),
            until: self.to.and_then(|last| last.succ_opt()).map(starts),
            actor: self.by.clone(),
            action: self.action.clone(),
            kind: self.kind.clone(),
            limit: Some(limit),
            ..AuditFilter::default()
        }
    }
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
            LogQuestion::Entries { filter, before } => {
                let zone = self.setup_in(&mut reading).await?.zone;
                let filter = AuditFilter { before: before.clone(), ..filter.in_zone(zone, limit) };
                reading.audit(&filter).await?
            }
            LogQuestion::Time { practitioner, interval } => {
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                reading.audit_of_time(practitioner, *interval, limit).await?
            }
        })
    }
}
