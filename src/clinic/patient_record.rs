//! Everything that is kept of one person, for that person, and its erasure: what the law gives patients a
//! right to. Both are told in the audit log.

use std::collections::BTreeSet;

use super::viewed::entry;
use super::{Clinic, ClinicError, Outcome, Refusal, current, require};
use crate::domain::{
    Actor, Booking, CivilTime, GivenContacts, IdentityProtection, Notice, Patient, PatientId,
    Permission,
};
use crate::store::{
    AuditChain, AuditEntry, AuditFilter, AuditValue, Completeness, RevisionScope, Session,
};

/// Everything that is kept of a patient.
#[derive(Clone)]
pub struct PatientRecord {
    pub patient: Patient,
    /// Cancelled ones too, by time.
    pub bookings: Vec<Booking>,
    /// What was given on the booking page with each booking.
    pub given: Vec<GivenContacts>,
    /// E-mail about the bookings; neither addresses nor texts are kept.
    pub notices: Vec<Notice>,
    /// What the log tells of the patient and the bookings: who changed them, and who looked.
    pub log: Vec<AuditEntry>,
}

/// What came of erasing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// So many bookings are left, of nobody.
    Erased { bookings: usize },
    /// These are not over: they are to be cancelled first.
    StillBooked(Vec<Booking>),
    /// A message about a booking is to be sent to the patient yet, to an address that would be gone.
    Untold,
}

/// What becomes of messages to the patient that are not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsentMail {
    /// Nothing is erased before they are.
    Await,
    /// They never are.
    GiveUp,
}

/// The most bookings that are told to stand in the way.
const MOST_TOLD: u32 = 50;

impl Clinic {
    /// Everything that is kept of a patient, from one snapshot; that it was asked is told in the log.
    ///
    /// # Errors
    /// The actor lacks `patient.view` or `audit.read` (R17), or `users.manage` where the identity is
    /// protected (R22), which takes [`Completeness::Complete`], too; there is no such patient; the store.
    pub async fn patient_record(
        &self,
        actor: &Actor,
        patient: &PatientId,
        completeness: Completeness,
    ) -> Result<PatientRecord, ClinicError> {
        let mut reading = self.store().read().await?;
        let actor = current(&mut reading, actor).await?;
        require(&actor, Permission::PatientView)?;
        require(&actor, Permission::AuditRead)?;
        let patient = known(&mut reading, patient).await?;
        if patient.protection == IdentityProtection::Protected {
            require(&actor, Permission::UsersManage)?;
            if completeness == Completeness::Masked {
                // Whoever does not ask for it learns no more than of somebody who is not there.
                return Err(Refusal::UnknownPatient.into());
            }
        }
        let bookings = reading.bookings_of(&patient.id).await?;
        let (mut given, mut notices) = (Vec::new(), Vec::new());
        for booking in &bookings {
            given.extend(reading.given_contacts(&booking.id).await?);
            let told = reading.one_online_booking(&booking.id).await?.notices;
            notices.extend(told.into_values().flatten());
        }
        let mut log = Vec::new();
        for entity in crate::store::entities_of(&patient.id, &bookings) {
            let filter = AuditFilter { entity: Some(entity), ..AuditFilter::default() };
            log.extend(reading.audit(&filter).await?);
        }
        log.sort_by(|a, b| (a.at, &a.chain, a.n).cmp(&(b.at, &b.chain, b.n)));
        drop(reading);
        let exported = entry(AuditChain::Reading, &actor, "patient.export", &patient.id);
        self.append_to_reading(&exported).await?;
        Ok(PatientRecord { patient, bookings, given, notices, log })
    }

    /// Erases what is personal of a patient: name, personnummer, contacts, free text, everywhere. Ids and
    /// times stay, so that the books and the log stay whole.
    ///
    /// # Errors
    /// The actor lacks `users.manage` (R17), there is no such patient, or the store could not be
    /// written.
    pub async fn erase_patient(
        &self,
        actor: &Actor,
        patient: &PatientId,
        unsent: UnsentMail,
        now: CivilTime,
    ) -> Result<Erasure, ClinicError> {
        let books = {
            let mut reading = self.store().read().await?;
            require(&current(&mut reading, actor).await?, Permission::UsersManage)?;
            books_of(&reading.bookings_of(patient).await?)
        };
        let mut transaction = self.store().begin().await?;
        let settings = [RevisionScope::Settings].into_iter();
        transaction.bump(&books.iter().cloned().chain(settings).collect()).await?;
        let actor = current(&mut transaction, actor).await?;
        require(&actor, Permission::UsersManage)?;
        let patient = known(&mut transaction, patient).await?.id;
        let standing = transaction.coming_bookings(&patient, now, MOST_TOLD).await?;
        if !standing.is_empty() {
            return Ok(Erasure::StillBooked(standing));
        }
        let bookings = transaction.bookings_of(&patient).await?;
        if !books_of(&bookings).is_subset(&books) {
            return Err(Refusal::Gone.into());
        }
        if unsent == UnsentMail::Await && self.is_to_be_told(&mut transaction, &bookings).await? {
            return Ok(Erasure::Untold);
        }
        for command in transaction.erase_patient(&patient, &bookings).await? {
            // What a command did to this patient can't be taken back any more.
            let nothing = Outcome { command, practitioner: None, changes: Vec::new() };
            transaction.replace_outcome(&nothing.command, &nothing.to_stored()?).await?;
        }
        let mut erased = entry(AuditChain::Settings, &actor, "patient.erase", &patient);
        let count = AuditValue::count(bookings.len());
        erased.after = Some(AuditValue::record([("bookings", count)]));
        transaction.append_audit(&erased).await?;
        transaction.commit().await?;
        Ok(Erasure::Erased { bookings: bookings.len() })
    }
}

async fn known(session: &mut Session, patient: &PatientId) -> Result<Patient, ClinicError> {
    let found = session.patients(&BTreeSet::from([patient.clone()])).await?.remove(patient);
    Ok(found.ok_or(Refusal::UnknownPatient)?)
}

fn books_of(bookings: &[Booking]) -> BTreeSet<RevisionScope> {
    bookings.iter().map(|it| RevisionScope::Practitioner(it.practitioner.clone())).collect()
}
