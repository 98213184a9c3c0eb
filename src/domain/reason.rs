//! Why a time is not bookable (R11): the first thing that fails, by rule.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::id::{CategoryId, PreblockTypeId, TemplateListId};
use super::list::ListLevel;
use super::resource::LackingResource;
use super::time::{CivilTime, Interval, Minutes};

/// The first thing that keeps a patient from booking a template at a start, in R11's order.
///
/// `Display` is English and names things by id, for logs; whoever asks is told in the texts' words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
pub enum NotBookable {
    #[error("R10: online booking is paused; resume it in the online settings")]
    Paused,
    #[error("R10: the company is paused; resume it on the company's card")]
    CompanyPaused,
    #[error("R2: no Internet preblock covers the time; lay one there")]
    NoPreblock,
    #[error("R2: no start of the preblock's grid{}", nearest(*.before, *.after))]
    OffGrid {
        /// Nearest start of the same preblock's grid before the asked time.
        before: Option<CivilTime>,
        /// Nearest start of the same preblock's grid after the asked time.
        after: Option<CivilTime>,
    },
    #[error("R2: the preblock is {} min long, too short for the template's {} min; lay a longer one", .preblock.0, .template.0)]
    PreblockTooShort { preblock: Minutes, template: Minutes },
    #[error("R6: the practitioner is not active; activate on the practitioner's card")]
    PractitionerInactive,
    #[error("R6: the preblock type {0} is not active; activate it among the preblock types")]
    TypeInactive(PreblockTypeId),
    #[error(
        "R6: the preblock type {0} is not valid for the practitioner; add the practitioner on the type"
    )]
    TypeNotValid(PreblockTypeId),
    #[error(
        "R7: the preblock expired; it was in force until {last_day}; change Expires on the type"
    )]
    Expired { last_day: NaiveDate },
    #[error("R3: the preblock type {0} has Tillåt unset; set it on the type")]
    NothingAllowed(PreblockTypeId),
    #[error(
        "R3: the preblock type {preblock_type} does not allow the template's category {category}; change \
         the type or the template"
    )]
    CategoryNotAllowed { preblock_type: PreblockTypeId, category: CategoryId },
    #[error("R4: the template is not active; activate it among the booking templates")]
    TemplateInactive,
    #[error("R4: the template is not online; set it on the template")]
    TemplateNotOnline,
    #[error("R4: the template is not in the e-tidbok template list in effect; add it to the list")]
    NotInList { level: ListLevel, list: Option<TemplateListId> },
    #[error("R1: the time is outside the working schedule; schedule it")]
    OutsideSchedule,
    #[error("R8: the start lies within the shortest notice; bookable were starts from {earliest}")]
    TooSoon { earliest: CivilTime },
    #[error("R8: the start lies beyond the horizon, which ends on {last_day}")]
    TooFarAhead { last_day: NaiveDate },
    #[error("R2: a booking at {0} is in the way")]
    Booked(Interval),
    #[error("R9: {}", lacking(*.0))]
    Resource(LackingResource),
    #[error(
        "the clock changes during the time: its start or end does not exist exactly once with one UTC offset"
    )]
    ClockChange,
}

impl NotBookable {
    /// The rule's number, such as `R7`; the clock change has none and answers `DST`.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Paused | Self::CompanyPaused => "R10",
            Self::NoPreblock | Self::OffGrid { .. } | Self::PreblockTooShort { .. } => "R2",
            Self::PractitionerInactive | Self::TypeInactive(_) | Self::TypeNotValid(_) => "R6",
            Self::Expired { .. } => "R7",
            Self::NothingAllowed(_) | Self::CategoryNotAllowed { .. } => "R3",
            Self::TemplateInactive | Self::TemplateNotOnline | Self::NotInList { .. } => "R4",
            Self::OutsideSchedule => "R1",
            Self::TooSoon { .. } | Self::TooFarAhead { .. } => "R8",
            Self::Booked(_) => "R2",
            Self::Resource(_) => "R9",
            Self::ClockChange => "DST",
        }
    }
}

fn nearest(before: Option<CivilTime>, after: Option<CivilTime>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("; nearest are {before} and {after}"),
        (Some(only), None) | (None, Some(only)) => format!("; nearest is {only}"),
        (None, None) => String::new(),
    }
}

fn lacking(resource: LackingResource) -> String {
    match resource {
        LackingResource::Unknown(code) => {
            format!(
                "no resource has the character {:?}; correct the template or add the resource",
                code.0
            )
        }
        LackingResource::Full(code) => format!("the resource {:?} is taken", code.0),
    }
}
