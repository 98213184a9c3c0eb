//! The clinic file: a clinic as one JSON document, for import, export and test data. No backup: calls,
//! contacts given online, what patients were told, commands and the audit log stand in the database only.
//!
//! Reading refuses a file whole and lists every fault by its JSON path; writing gives the same
//! bytes for the same clinic.

mod books;
mod checks;
mod fields;
mod json;
mod parse;
mod people;
mod registers;
mod scalars;
mod transfer;
mod week_templates;
mod write;

use std::collections::BTreeMap;

use crate::domain::{
    Booking, BookingId, Patient, PatientId, Preblock, Setup, Signature, User, WorkSession,
};

pub use self::transfer::{
    ImportError, ImportMode, ImportReport, export, import, replace_everything,
};

/// What the key `format` must hold.
const FORMAT: &str = "tidbok-clinic";

/// The version of the format that is read and written.
const VERSION: u32 = 1;

/// A clinic as the file holds it. `Debug` shows no personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClinicFile {
    pub setup: Setup,
    pub work_sessions: Vec<WorkSession>,
    pub preblocks: Vec<Preblock>,
    pub bookings: BTreeMap<BookingId, Booking>,
    pub patients: BTreeMap<PatientId, Patient>,
    pub users: BTreeMap<Signature, User>,
}

/// One thing wrong with a clinic file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, such as `bookings[3].end`; empty for the document as a whole.
    pub path: String,
    /// What is wrong. Never holds a patient's data.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}

/// How much an export tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Protected patients are masked and password hashes left out (R22); can be imported again.
    Masked,
    /// Everything.
    Complete,
}
