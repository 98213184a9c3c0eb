//! Preblock types and the preblocks laid out of them.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::id::{CategoryId, PractitionerId, PreblockId, PreblockTypeId};
use super::keys::keys;
use super::time::Interval;
use super::user::Permission;

/// Whether a preblock type is for patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PreblockKind {
    /// Publishes times on the booking page.
    Internet,
    /// For staff only; never published.
    Internal,
}

keys!(PreblockKind: Internet = "internet", Internal = "internal");

impl PreblockKind {
    /// What is needed to lay, change or remove a preblock of the kind (R17).
    pub fn permission(self) -> Permission {
        match self {
            PreblockKind::Internet => Permission::PreblockInternet,
            PreblockKind::Internal => Permission::PreblockInternal,
        }
    }
}

/// Which practitioners a type is valid for (*Resurser*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValidFor {
    Everyone,
    Only(BTreeSet<PractitionerId>),
}

/// A colour as red, green and blue, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

/// A text is not a colour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a colour of the form #rrggbb")]
pub struct NotAColor;

impl From<Color> for String {
    fn from(color: Color) -> String {
        format!("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue)
    }
}

impl TryFrom<String> for Color {
    type Error = NotAColor;
    fn try_from(text: String) -> Result<Self, NotAColor> {
        Color::parse(&text)
    }
}

impl Color {
    /// Parses `#rrggbb` in either case; it is written in lower case.
    ///
    /// # Errors
    /// [`NotAColor`] for anything else.
    pub fn parse(text: &str) -> Result<Self, NotAColor> {
        let digits = text.strip_prefix('#').ok_or(NotAColor)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAColor);
        }
        let part = |at: usize| {
            let two = digits.get(at..at + 2).ok_or(NotAColor)?;
            u8::from_str_radix(two, 16).map_err(|_| NotAColor)
        };
        Ok(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }
}

/// What can be laid out on an appointment book (*preblock, mall*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreblockType {
    pub id: PreblockTypeId,
    pub name: String,
    /// Short describing text.
    pub text: String,
    pub color: Color,
    pub kind: PreblockKind,
    pub valid_for: ValidFor,
    /// Whether staff may book against it after confirming (R13).
    pub may_bypass: bool,
    /// The *Tillåt* flag: unset, nothing shows whatever the categories (R3).
    pub allow: bool,
    pub categories: BTreeSet<CategoryId>,
    /// *Upphör*: in force while today is before the preblock's date minus this many days (R7).
    pub expires_days_before: Option<u32>,
    /// Must be typed to lay the type out (R18).
    pub code: Option<String>,
    pub active: bool,
}

impl PreblockType {
    /// Whether the type is valid for a practitioner (R6).
    pub fn is_valid_for(&self, practitioner: &PractitionerId) -> bool {
        match &self.valid_for {
            ValidFor::Everyone => true,
            ValidFor::Only(chosen) => chosen.contains(practitioner),
        }
    }

    /// Whether bookings of the category go on preblocks of this type (R3, R13).
    pub fn allows(&self, category: &CategoryId) -> bool {
        self.allow && self.categories.contains(category)
    }

    /// The last day on which a preblock starting on `date` is in force; `None`: always (R7).
    pub fn last_day_in_force(&self, date: NaiveDate) -> Option<NaiveDate> {
        let days = self.expires_days_before?;
        Some(date.checked_sub_days(Days::new(u64::from(days) + 1)).unwrap_or(NaiveDate::MIN))
    }

    /// Whether a preblock starting on `date` is in force today (R7).
    pub fn in_force(&self, date: NaiveDate, today: NaiveDate) -> bool {
        self.last_day_in_force(date).is_none_or(|last| today <= last)
    }
}

/// One type laid out on one practitioner (*preblock i tidboken*). Two of one practitioner never
/// overlap (R12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preblock {
    pub id: PreblockId,
    pub practitioner: PractitionerId,
    #[serde(rename = "type")]
    pub preblock_type: PreblockTypeId,
    pub interval: Interval,
}
