//! The database: opening it, its queries, the audit log, and the clinic file.
//!
//! Uses the domain and nothing else of ours. Engines stand behind [`Session`]; everything above
//! sees entities. One engine now, SQLite; a second one is a further [`DatabaseLocation`] and driver.

mod audit;
mod clinic_file;
mod error;
mod location;
mod repository;
mod session;
mod sqlite;
mod value;

pub use audit::{
    AuditChain, AuditEntry, AuditFault, AuditFilter, AuditPlace, AuditReport, AuditValue, Audited,
    NewAuditEntry, audit_views, verify_audit,
};
pub use clinic_file::{
    ClinicFile, Completeness, Fault, ImportError, ImportMode, ImportReport, export, import,
    replace_everything,
};
pub use error::StoreError;
pub use location::{DatabaseLocation, OpenMode};
pub use repository::{Counts, FailedSignIns, RevisionScope, Revisions, StoredCommand};
pub use session::{Reading, Session, Store, Transaction};
