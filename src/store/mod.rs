//! The database: opening it, its queries, the audit log, and the clinic file.
//!
//! Uses the domain and nothing else of ours. Engines stand behind [`Session`]; everything above
//! sees entities. Two engines, SQLite and SQL Server, speak the same queries.

mod audit;
mod clinic_file;
mod copy;
mod error;
mod location;
mod migration;
mod question;
mod repository;
mod server_error;
mod session;
mod sqlite;
mod sqlserver;
mod value;

pub use audit::{
    AuditChain, AuditEntry, AuditFault, AuditFilter, AuditPlace, AuditReport, AuditValue, Audited,
    NewAuditEntry, audit_views, verify_audit,
};
pub use clinic_file::{
    ClinicFile, Completeness, Fault, ImportError, ImportMode, ImportReport, export, import,
    replace_everything,
};
pub use copy::{
    CopyError, CopyProgress, CopyStep, Reached, RowCounts, copy, may_copy, rows_to_copy,
};
pub use error::StoreError;
pub use location::{
    DatabaseLocation, DatabasePassword, Encryption, Instance, LogIn, OpenMode, ServerLocation,
    Trust,
};
pub use migration::Pending;
pub(crate) use repository::entities_of;
pub use repository::{
    AskedOfAgent, Attempt, BookPages, Counts, FailedSignIns, Locked, OnlineBookings, Opening,
    Polled, RevisionScope, Revisions, StoredCommand, Stretch, SyncLease, ToldByAgent, Whose,
};
pub use server_error::{BadLocation, ServerError};
pub use session::{Reading, Session, Store, Transaction, Watch};
pub(crate) use sqlite::Unfinished;
