//! Patients and the contacts kept of them. Everything here is sensitive: never in logs or errors.
//!
//! # Who sees whom (R22)
//!
//! No permission of its own lets somebody see patients with *skyddad identitet*; what counts is where:
//!
//! | where | any patient | a protected one |
//! |---|---|---|
//! | the week, the day, lists and menus on screen | with `patient.view` | masked for everyone |
//! | what one patient is looked at by: the info line, the card, the hits of a search, what asks before a booking is changed | with `patient.view` | with `patient.view`, marked as protected |
//! | lists of the command line | with `patient.view` | masked for everyone, id and text too |
//! | export | with `patient.view` | masked; whole only with `--complete` and `users.manage` |
//! | the audit log on screen | nothing personal | nothing personal |
//! | `audit list --json --personal` | with `audit.read` and `patient.view` | masked for everyone |
//! | errors, refusals, `Debug` | nothing personal | nothing personal |
//!
//! A booking's text may name its patient, so it shows where the name does. The key that hides names
//! takes every name, number, text and search off the screen at once, for everyone; the locked screen
//! shows nothing at all. Online, a protected patient meets the same pages as anyone.

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
