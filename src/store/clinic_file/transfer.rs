//! A clinic file into the database and out of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::ClinicFile;
use crate::domain::{CommandId, EntityKind};
use crate::store::audit::{AuditChain, AuditValue, Audited, NewAuditEntry};
use crate::store::error::StoreError;
use crate::store::repository::{RevisionScope, StoredCommand};
use crate::store::session::{Session, Store, Transaction};

/// What an import does to what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// Refused where there is anything of a clinic.
    IntoEmpty,
    /// In place of everything; audit log and commands stay.
    Replace,
}

/// Why an import was not made; nothing has changed.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The database holds a clinic already.
    #[error(
        "the database holds a clinic already: import with --replace to put the file in place of everything, or into a new database"
    )]
    NotEmpty,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How much was imported. Its [`Audited`] view holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    pub mode: ImportMode,
    pub practitioners: usize,
    pub work_sessions: usize,
    pub preblocks: usize,
    pub bookings: usize,
    pub patients: usize,
    pub users: usize,
    /// SHA-256 of the clinic as [`ClinicFile::to_json`] writes it complete.
    pub fingerprint: AuditValue,
}

impl Audited for ImportReport {
    fn audit_view(&self) -> AuditValue {
        let count = AuditValue::count;
        AuditValue::record([
            (
                "mode",
                AuditValue::word(match self.mode {
                    ImportMode::IntoEmpty => "into empty",
                    ImportMode::Replace => "replace",
                }),
            ),
            ("sha256", self.fingerprint.clone()),
            ("practitioners", count(self.practitioners)),
            ("work_sessions", count(self.work_sessions)),
            ("preblocks", count(self.preblocks)),
            ("bookings", count(self.bookings)),
            ("patients", count(self.patients)),
            ("users", count(self.users)),
        ])
    }
}

/// Imports in a transaction of its own, with audit entry and command. Who may do so is not asked
/// here; see [`replace_everything`] for a caller that asks.
///
/// # Errors
/// [`ImportError::NotEmpty`]; otherwise what the database meets.
pub async fn import(
    store: &Store,
    file: &ClinicFile,
    mode: ImportMode,
    actor: &str,
    command: &CommandId,
    at: DateTime<Utc>,
) -> Result<ImportReport, ImportError> {
    let mut transaction = store.begin().await?;
    let report = replace_everything(&mut transaction, file, mode).await?;
    let view = report.audit_view();
    transaction
        .append_audit(&NewAuditEntry {
            chain: AuditChain::Settings,
            at,
            actor: actor.to_owned(),
            command: command.clone(),
            action: "clinic.import".to_owned(),
            entity: EntityKind::Clinic.whole(),
            before: None,
            after: Some(view.clone()),
        })
        .await?;
    transaction
        .insert_command(&StoredCommand {
            id: command.clone(),
            actor: actor.to_owned(),
            at,
            outcome: view.to_json().to_string(),
        })
        .await?;
    transaction.commit().await?;
    Ok(report)
}

/// The part of an import that a caller with rules of its own wraps: bumps every revision, then
/// puts the file in place of what is there. Audit entry, command and commit are the caller's.
///
/// # Errors
/// [`ImportError::NotEmpty`]; otherwise what the database meets.
pub async fn replace_everything(
    transaction: &mut Transaction,
    file: &ClinicFile,
    mode: ImportMode,
) -> Result<ImportReport, ImportError> {
    let scopes = scopes(transaction, file).await?;
    transaction.bump(&scopes).await?;
    if mode == ImportMode::IntoEmpty && !transaction.is_empty_clinic().await? {
        return Err(ImportError::NotEmpty);
    }
    transaction.delete_clinic().await?;
    insert_setup(transaction, file).await?;
    insert_the_rest(transaction, file).await?;
    Ok(ImportReport {
        mode,
        practitioners: file.setup.practitioners.len(),
        work_sessions: file.work_sessions.len(),
        preblocks: file.preblocks.len(),
        bookings: file.bookings.len(),
        patients: file.patients.len(),
        users: file.users.len(),
        fingerprint: file.fingerprint(),
    })
}

/// Every scope there has ever been and every one the file brings.
async fn scopes(
    session: &mut Session,
    file: &ClinicFile,
) -> Result<BTreeSet<RevisionScope>, StoreError> {
    let revisions = session.revisions().await?;
    let known = revisions.iter().map(|(scope, _)| scope.clone());
    let practitioners = file.setup.practitioners.keys().cloned().map(RevisionScope::Practitioner);
    let resources = file.setup.resources.keys().copied().map(RevisionScope::Resource);
    Ok(known.chain(practitioners).chain(resources).chain([RevisionScope::Settings]).collect())
}

/// Inserts in an order in which everything referred to is there already.
async fn insert_setup(session: &mut Session, file: &ClinicFile) -> Result<(), StoreError> {
    let setup = &file.setup;
    session.insert_settings(setup.zone, &setup.online).await?;
    for day in &setup.closed_days {
        session.insert_closed_day(*day).await?;
    }
    for template in setup.week_templates.values() {
        session.insert_week_template(template).await?;
    }
    for category in setup.categories.values() {
        session.insert_category(category).await?;
    }
    for resource in setup.resources.values() {
        session.insert_resource(resource).await?;
    }
    for template in setup.templates.values() {
        session.insert_template(template).await?;
    }
    for list in setup.template_lists.values() {
        session.insert_list(list).await?;
    }
    for preblock_type in setup.preblock_types.values() {
        session.insert_preblock_type(preblock_type).await?;
    }
    for list in setup.preblock_lists.values() {
        session.insert_list(list).await?;
    }
    for organisation in setup.organisations.values() {
        session.insert_organisation(organisation).await?;
    }
    for company in setup.companies.values() {
        session.insert_company(company).await?;
    }
    for practitioner in setup.practitioners.values() {
        session.insert_practitioner(practitioner).await?;
    }
    for preblock_type in setup.preblock_types.values() {
        session.insert_chosen_practitioners(preblock_type).await?;
    }
    Ok(())
}

async fn insert_the_rest(session: &mut Session, file: &ClinicFile) -> Result<(), StoreError> {
    for patient in file.patients.values() {
        session.insert_patient(patient).await?;
    }
    for user in file.users.values() {
        session.insert_user(user).await?;
    }
    for work_session in &file.work_sessions {
        session.insert_work_session(work_session).await?;
    }
    for preblock in &file.preblocks {
        session.insert_preblock(preblock).await?;
    }
    session.insert_bookings(file.bookings.values()).await
}

/// The whole clinic, from one snapshot.
///
/// # Errors
/// What the database meets.
pub async fn export(store: &Store) -> Result<ClinicFile, StoreError> {
    let mut reading = store.read().await?;
    let bookings = reading.all_bookings().await?;
    let patients = reading.all_patients().await?;
    Ok(ClinicFile {
        setup: reading.setup().await?,
        work_sessions: reading.all_work_sessions().await?,
        preblocks: reading.all_preblocks().await?,
        bookings: bookings.into_iter().map(|booking| (booking.id.clone(), booking)).collect(),
        patients: patients.into_iter().map(|patient| (patient.id.clone(), patient)).collect(),
        users: reading.users().await?,
    })
}
