//! The contacts that a patient gives with an online booking (R14): read from a form, kept beside the
//! patient's card, and offered to staff as an update of it. Sensitive: never in logs or errors.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::booking::Identification;
use super::id::{BookingId, PatientId};
use super::patient::{IdentityProtection, NewPatient, Patient};
use super::personnummer::{BadPersonnummer, Personnummer};
use super::phone;
use super::setting::{Fault, Field, Problem, contact_faults};
use super::swedish;
use super::time::CivilTime;

/// What the booking page's form brings, as it was typed.
#[derive(Clone, Copy)]
pub struct TypedContacts<'a> {
    pub personnummer: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub email: &'a str,
    pub mobile: &'a str,
    /// Empty where none was typed.
    pub address: &'a str,
}

/// Contacts that hold what R14 requires. `Debug` shows nothing of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub mobile: String,
    /// Required where the online settings ask for it.
    pub address: Option<String>,
}

impl fmt::Debug for Contacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contacts(…)")
    }
}

impl TypedContacts<'_> {
    /// Reads the form; `today` is the date at the clinic. Whether an address is required is checked
    /// where the settings are known, when booking.
    ///
    /// # Errors
    /// All that is wrong, by field; never what was typed.
    pub fn read(&self, today: NaiveDate) -> Result<(Personnummer, Contacts), Vec<Fault>> {
        let contacts = Contacts {
            first_name: tidied(self.first_name),
            last_name: tidied(self.last_name),
            email: tidied(self.email),
            mobile: tidied(self.mobile),
            address: Some(joined(self.address)).filter(|address| !address.is_empty()),
        };
        let mut faults = contacts.faults();
        let problem = match self.personnummer.trim() {
            "" => Problem::Empty,
            typed => match Personnummer::parse(typed, today) {
                Ok(number) if faults.is_empty() => return Ok((number, contacts)),
                Ok(_) => return Err(faults),
                Err(BadPersonnummer::CheckDigit) => Problem::CheckDigit,
                Err(BadPersonnummer::Date | BadPersonnummer::FutureBirth) => Problem::NoSuchDate,
                Err(BadPersonnummer::Form | BadPersonnummer::Serial) => Problem::Malformed,
            },
        };
        faults.push(Fault { field: Field::Personnummer, problem });
        Err(faults)
    }
}

fn tidied(typed: &str) -> String {
    typed.trim().nfc().collect()
}

/// The lines of an address as one.
fn joined(typed: &str) -> String {
    let lines = typed.lines().map(tidied).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(", ")
}

impl Contacts {
    /// What is wrong with them, by field.
    pub fn faults(&self) -> Vec<Fault> {
        contact_faults(self)
    }

    /// The card of a patient whom the clinic has not had before (R14).
    pub fn registered(&self, id: PatientId, personnummer: Personnummer) -> Patient {
        let new = NewPatient {
            personnummer: Some(personnummer),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email: Some(self.email.clone()),
            mobile: Some(self.mobile.clone()),
            address: self.address.clone(),
            protection: IdentityProtection::None,
        };
        new.registered(id)
    }

    /// The card with these contacts on it; an address is only replaced by another.
    pub fn onto(&self, card: &Patient) -> Patient {
        Patient {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email: Some(self.email.clone()),
            mobile: Some(self.mobile.clone()),
            address: self.address.clone().or_else(|| card.address.clone()),
            ..card.clone()
        }
    }

    /// Whether they name somebody else than the card does: the personnummer may be another's.
    pub fn name_another_than(&self, card: &Patient) -> bool {
        let is_name =
            |it: &DifferingContact| matches!(it.field, Field::FirstName | Field::LastName);
        self.differing(card).iter().any(is_name)
    }

    /// What of them is not on the card, in the order of the form. Texts are compared but for case,
    /// numbers as they are dialled.
    pub fn differing(&self, card: &Patient) -> Vec<DifferingContact> {
        let key = |field: Field, value: &str| match field {
            Field::Mobile => phone::dialled(value),
            _ => swedish::search_key(value),
        };
        let given = [
            (Field::FirstName, Some(&self.first_name), Some(&card.first_name)),
            (Field::LastName, Some(&self.last_name), Some(&card.last_name)),
            (Field::Email, Some(&self.email), card.email.as_ref()),
            (Field::Mobile, Some(&self.mobile), card.mobile.as_ref()),
            (Field::Address, self.address.as_ref(), card.address.as_ref()),
        ];
        let differing = given.into_iter().filter_map(|(field, given, on_card)| {
            let given = given?;
            let same = on_card.is_some_and(|on_card| key(field, on_card) == key(field, given));
            let on_card = on_card.cloned();
            (!same).then(|| DifferingContact { field, on_card, given: given.clone() })
        });
        differing.collect()
    }
}

/// A contact that was given and is not the one on the card. `Debug` shows the field only.
#[derive(Clone, PartialEq, Eq)]
pub struct DifferingContact {
    pub field: Field,
    pub on_card: Option<String>,
    pub given: String,
}

impl fmt::Debug for DifferingContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DifferingContact({:?})", self.field)
    }
}

/// Whether staff have said what becomes of contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offer {
    /// They differed from the card and wait.
    Open,
    /// Nothing differed, or they were taken over or dismissed.
    Settled,
}

/// The language that a patient chose on the booking page, and is written to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PatientLanguage {
    #[serde(rename = "sv")]
    Swedish,
    #[serde(rename = "en")]
    English,
}

impl PatientLanguage {
    /// Its tag (BCP 47), as the store and the wire have it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    /// The one of a tag, whatever region it names.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let first = tag.split('-').next().unwrap_or_default();
        [Self::Swedish, Self::English].into_iter().find(|it| it.tag().eq_ignore_ascii_case(first))
    }
}

/// Contacts as they are kept with the booking they came with (R14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenContacts {
    pub booking: BookingId,
    pub given_at: CivilTime,
    pub contacts: Contacts,
    pub offer: Offer,
    /// Where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<PatientLanguage>,
}

/// An update of the card that a patient has offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedContacts {
    /// The booking they came with: what taking over and dismissing names.
    pub booking: BookingId,
    pub given_at: CivilTime,
    /// Whether whoever gave them was identified.
    pub identification: Identification,
    /// What is not as on the card; never empty.
    pub differing: Vec<DifferingContact>,
}
