//! Resources (*pride*, resursbokning): rooms and machines booked along with a practitioner.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The one character that names a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResourceCode(pub char);

impl fmt::Display for ResourceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A room or a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    pub code: ResourceCode,
    pub name: String,
    /// How many bookings may hold it at the same time.
    pub capacity: u32,
}

/// Distinct resource characters in the order they were written, such as `RB`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourceCodes(Vec<ResourceCode>);

/// A resource character stands twice in one string.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the resource character {0:?} stands twice")]
pub struct RepeatedResource(pub char);

impl ResourceCodes {
    /// # Errors
    /// [`RepeatedResource`] where a character stands twice.
    pub fn parse(text: &str) -> Result<Self, RepeatedResource> {
        let mut codes = Vec::new();
        for code in text.chars().map(ResourceCode) {
            if codes.contains(&code) {
                return Err(RepeatedResource(code.0));
            }
            codes.push(code);
        }
        Ok(Self(codes))
    }

    /// The codes as written.
    pub fn iter(&self) -> impl Iterator<Item = ResourceCode> + '_ {
        self.0.iter().copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the code is among them.
    pub fn contains(&self, code: ResourceCode) -> bool {
        self.0.contains(&code)
    }
}

impl TryFrom<String> for ResourceCodes {
    type Error = RepeatedResource;
    fn try_from(text: String) -> Result<Self, RepeatedResource> {
        Self::parse(&text)
    }
}

impl From<ResourceCodes> for String {
    fn from(codes: ResourceCodes) -> String {
        codes.to_string()
    }
}

impl fmt::Display for ResourceCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|code| write!(f, "{code}"))
    }
}

/// Why a resource can't be had (R9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LackingResource {
    /// No resource has this character.
    Unknown(ResourceCode),
    /// Its capacity is taken somewhere in the interval.
    Full(ResourceCode),
}
