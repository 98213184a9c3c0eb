//! Booking templates (*bokningsmall*): what can be booked, and by whom.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::id::{CategoryId, TemplateId};
use super::resource::ResourceCodes;
use super::time::Minutes;

/// The length of a template, 1–600 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct TemplateMinutes(u16);

/// A template's length is not within 1–600 minutes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a template is 1 to 600 minutes long")]
pub struct BadTemplateMinutes;

impl TemplateMinutes {
    /// Half an hour, where a length must stand before one has been chosen.
    pub const HALF_HOUR: Self = Self(30);

    /// # Errors
    /// [`BadTemplateMinutes`] outside 1–600.
    pub fn new(minutes: i64) -> Result<Self, BadTemplateMinutes> {
        match u16::try_from(minutes) {
            Ok(minutes @ 1..=600) => Ok(Self(minutes)),
            _ => Err(BadTemplateMinutes),
        }
    }

    /// As a length of time.
    pub fn minutes(self) -> Minutes {
        Minutes(i32::from(self.0))
    }
}

impl TryFrom<i64> for TemplateMinutes {
    type Error = BadTemplateMinutes;
    fn try_from(minutes: i64) -> Result<Self, BadTemplateMinutes> {
        Self::new(minutes)
    }
}

impl From<TemplateMinutes> for i64 {
    fn from(minutes: TemplateMinutes) -> i64 {
        i64::from(minutes.0)
    }
}

/// Ties preblock types to booking templates (*bokningskategori, behandling*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: CategoryId,
    pub name: String,
}

/// What can be booked (*bokningsmall*), such as "Undersökning 30 min".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingTemplate {
    pub id: TemplateId,
    /// Shown to the patient.
    pub name: String,
    pub minutes: TemplateMinutes,
    pub category: CategoryId,
    /// *Använd i e-tidbok* (R4).
    pub online: bool,
    /// *Omboka i e-tidbok* (R15).
    pub online_rebook: bool,
    /// *Avboka i e-tidbok* (R15).
    pub online_cancel: bool,
    /// *Använd i revision* (R16).
    pub recall: bool,
    /// *Tidbokstext*: stands in the book, never shown to patients.
    pub calendar_text: String,
    /// *Pride*: resources booked along (R9).
    pub resources: ResourceCodes,
    /// *Flytta nästa rev* (R16).
    pub moves_recall: bool,
    pub active: bool,
}
