//! The audit log: what an entry holds, how entries are chained, and the proof that none is missing.
//!
//! Personal values never stand in an entry: it holds their salted hash, and the value lies in a
//! table apart, from which it can be erased without breaking the chain.

mod chain;
mod registers;
mod value;
mod verify;

use std::fmt;

use chrono::{DateTime, Utc};

pub(super) use self::chain::{Link, START, hash_of};
pub use self::registers::audit_views;
pub use self::value::{AuditValue, Audited};
pub(super) use self::value::{Salted, Stored};
pub use self::verify::{AuditFault, AuditReport, verify_audit};
use crate::domain::{CommandId, PractitionerId};

/// Which chain an entry belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuditChain {
    /// What stands in one practitioner's book.
    Practitioner(PractitionerId),
    /// Registers, types, templates, lists, users, settings, imports.
    Settings,
    /// Who looked at which patients. It is covered by no revision: nothing that is shown depends on it.
    Reading,
}

/// What the chain of what was looked at is called.
pub(super) const READING: &str = "reading";

impl AuditChain {
    /// The chain's name in the store and in reports: `settings`, `reading`, `practitioner/ID`.
    pub fn name(&self) -> String {
        match self {
            AuditChain::Practitioner(id) => format!("practitioner/{id}"),
            AuditChain::Settings => "settings".to_owned(),
            AuditChain::Reading => READING.to_owned(),
        }
    }

    /// The chain with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "settings" => Some(AuditChain::Settings),
            READING => Some(AuditChain::Reading),
            _ => name.strip_prefix("practitioner/").map(|id| AuditChain::Practitioner(id.into())),
        }
    }
}

/// Where an entry stands among those of all chains, by time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPlace {
    pub at: DateTime<Utc>,
    pub chain: AuditChain,
    pub n: u64,
}

impl fmt::Display for AuditChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// An entry to be appended in the transaction of the change it tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAuditEntry {
    pub chain: AuditChain,
    /// Kept to the second.
    pub at: DateTime<Utc>,
    /// Signature of whoever made the change.
    pub actor: String,
    pub command: CommandId,
    /// What was done, such as `preblock.lay`.
    pub action: String,
    /// On what, such as `preblock/ID`.
    pub entity: String,
    pub before: Option<AuditValue>,
    pub after: Option<AuditValue>,
}

/// An entry as read back, personal values filled in where they have not been erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Place in the chain, from 1.
    pub n: u64,
    pub chain: AuditChain,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub command: CommandId,
    pub action: String,
    pub entity: String,
    pub before: Option<AuditValue>,
    pub after: Option<AuditValue>,
}

impl AuditEntry {
    /// Where it stands.
    pub fn place(&self) -> AuditPlace {
        AuditPlace { at: self.at, chain: self.chain.clone(), n: self.n }
    }
}

/// Which entries to read; what is set must hold together. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub chain: Option<AuditChain>,
    /// Entries at or after this moment.
    pub since: Option<DateTime<Utc>>,
    /// Entries before this moment.
    pub until: Option<DateTime<Utc>>,
    /// About this entity, such as `preblock/ID`.
    pub entity: Option<String>,
    /// About a thing of this kind, such as `preblock`.
    pub kind: Option<String>,
    /// Done by this signature.
    pub actor: Option<String>,
    /// What was done, such as `booking.move`.
    pub action: Option<String>,
    /// Entries older than the one at this place.
    pub before: Option<AuditPlace>,
    /// The newest so many.
    pub limit: Option<u32>,
}
