//! How much a database holds, in numbers only: for whoever asks whether it is the right one.

use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::values;

/// How much a database holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The number of the newest migration.
    pub schema: u64,
    pub companies: u64,
    pub practitioners: u64,
    pub users: u64,
    pub patients: u64,
    pub work_sessions: u64,
    pub preblocks: u64,
    /// Cancelled ones, too.
    pub bookings: u64,
    pub audit_entries: u64,
}

impl Session {
    /// How much the database holds.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn counts(&mut self) -> Result<Counts, StoreError> {
        Ok(Counts {
            schema: self.number("SELECT MAX(number) FROM schema_migration").await?,
            companies: self.number("SELECT COUNT(*) FROM company").await?,
            practitioners: self.number("SELECT COUNT(*) FROM practitioner").await?,
            users: self.number("SELECT COUNT(*) FROM app_user").await?,
            patients: self.number("SELECT COUNT(*) FROM patient").await?,
            work_sessions: self.number("SELECT COUNT(*) FROM work_session").await?,
            preblocks: self.number("SELECT COUNT(*) FROM preblock").await?,
            bookings: self.number("SELECT COUNT(*) FROM booking").await?,
            audit_entries: self.number("SELECT COUNT(*) FROM audit_entry").await?,
        })
    }

    async fn number(&mut self, sql: &'static str) -> Result<u64, StoreError> {
        match self.query(sql, values![]).await?.pop() {
            Some(row) => row.columns("counts").number(),
            None => Ok(0),
        }
    }
}
