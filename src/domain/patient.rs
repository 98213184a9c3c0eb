//! Patients and the contacts kept of them. Everything here is sensitive: never in logs or errors.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{PatientId, TemplateId};
use super::personnummer::Personnummer;

/// Whether a patient's identity is protected (*skyddad identitet*, R22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentityProtection {
    None,
    Protected,
}

/// A patient's next scheduled check-up (*revision*, R16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// Months between check-ups.
    pub months: u32,
    pub date: Option<NaiveDate>,
    pub template: Option<TemplateId>,
}

/// A patient. `Debug` shows the id only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    pub id: PatientId,
    /// Staff may register a patient without one.
    pub personnummer: Option<Personnummer>,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub mobile: Option<String>,
    pub address: Option<String>,
    pub protection: IdentityProtection,
    pub recall: Recall,
}

impl Default for Recall {
    /// Once a year, nothing scheduled yet.
    fn default() -> Self {
        Self { months: 12, date: None, template: None }
    }
}

/// Somebody to register as a patient. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPatient {
    /// Staff may register a patient without one.
    pub personnummer: Option<Personnummer>,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub mobile: Option<String>,
    pub address: Option<String>,
    pub protection: IdentityProtection,
}

impl NewPatient {
    /// The patient that they become under an id.
    pub fn registered(self, id: PatientId) -> Patient {
        Patient {
            id,
            personnummer: self.personnummer,
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            mobile: self.mobile,
            address: self.address,
            protection: self.protection,
            recall: Recall::default(),
        }
    }
}

impl fmt::Debug for NewPatient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPatient(…)")
    }
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patient({})", self.id)
    }
}
