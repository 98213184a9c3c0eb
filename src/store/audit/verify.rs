//! The proof that no entry of the audit log is missing or altered.

use std::fmt;

use super::chain::START;
use crate::store::error::StoreError;
use crate::store::repository::{ChainedEntry, Head};
use crate::store::session::{Session, Store};

/// What the proof found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Chains looked at.
    pub chains: usize,
    /// Entries looked at.
    pub entries: usize,
    /// What is wrong, chain by chain; empty where the log is whole.
    pub faults: Vec<AuditFault>,
}

/// One thing wrong with the audit log; `chain` is the chain's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFault {
    /// The entry's content does not give its hash.
    Altered { chain: String, n: i64 },
    /// Entries from–to (inclusive) are not there.
    Missing { chain: String, from: i64, to: i64 },
    /// The entry names another predecessor than the one that stands before it.
    BrokenLink { chain: String, n: i64 },
    /// The chain ends with another entry than its head says.
    WrongEnd { chain: String, n: i64 },
    /// Entries without a head, or a head without entries.
    NoHead { chain: String },
    /// A command was carried out, and nothing tells of it: the end of a chain, or all of one, was
    /// removed along with the record of where it ended.
    Untold { command: String },
    /// A personal value was changed; erased ones are no fault.
    AlteredPersonalValue { hash: String },
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AuditFault::Altered { chain, n } => {
                write!(f, "{chain}: entry {n} has been altered")
            }
            AuditFault::Missing { chain, from, to } if from == to => {
                write!(f, "{chain}: entry {from} has been removed")
            }
            AuditFault::Missing { chain, from, to } => {
                write!(f, "{chain}: entries {from} to {to} have been removed")
            }
            AuditFault::BrokenLink { chain, n } => {
                write!(f, "{chain}: entry {n} does not follow from the one before it")
            }
            AuditFault::WrongEnd { chain, n } => {
                write!(f, "{chain}: entry {n} is not the one the chain ended with")
            }
            AuditFault::NoHead { chain } => {
                write!(f, "{chain}: the record of where the chain ends has been removed")
            }
            AuditFault::Untold { command } => {
                write!(f, "the entries of the command {command} have been removed")
            }
            AuditFault::AlteredPersonalValue { hash } => {
                write!(f, "the personal value {hash} has been altered")
            }
        }
    }
}

/// Computes every chain anew and lists each fault.
///
/// # Errors
/// What the database meets.
pub async fn verify_audit(store: &Store) -> Result<AuditReport, StoreError> {
    let mut reading = store.read().await?;
    let mut report = AuditReport::default();
    for (chain, head) in reading.chains().await? {
        let mut walk = Walk::along(chain);
        walk.go(&mut reading).await?;
        report.chains += 1;
        report.entries += walk.entries;
        report.faults.extend(walk.end(head.as_ref()));
    }
    let untold = reading.untold_commands().await?;
    report.faults.extend(untold.into_iter().map(|command| AuditFault::Untold { command }));
    let altered = reading.altered_personal_values().await?;
    report.faults.extend(altered.into_iter().map(|hash| AuditFault::AlteredPersonalValue { hash }));
    Ok(report)
}

/// The way along one chain, from its first entry to its end, some entries at a time.
struct Walk {
    chain: String,
    entries: usize,
    /// Number and hash of the entry that was looked at last.
    last: Option<(i64, String)>,
    faults: Vec<AuditFault>,
}

impl Walk {
    fn along(chain: String) -> Self {
        Self { chain, entries: 0, last: None, faults: Vec::new() }
    }

    /// Looks at every entry there is.
    async fn go(&mut self, session: &mut Session) -> Result<(), StoreError> {
        loop {
            let after = self.last.as_ref().map(|(n, _)| *n);
            let entries = session.chained_entries(&self.chain, after).await?;
            if entries.is_empty() {
                return Ok(());
            }
            self.entries += entries.len();
            for entry in &entries {
                self.look_at(entry);
            }
        }
    }

    /// Where the chain has come to: nowhere before its first entry.
    fn reached(&self) -> (i64, &str) {
        self.last.as_ref().map_or((0, START), |(n, hash)| (*n, hash))
    }

    fn look_at(&mut self, ChainedEntry { entry, previous_hash, hash }: &ChainedEntry) {
        let (chain, n) = (|| self.chain.clone(), entry.n);
        let (last, last_hash) = self.reached();
        let out_of_place = if n > last + 1 {
            Some(AuditFault::Missing { chain: chain(), from: last + 1, to: n - 1 })
        } else if previous_hash != last_hash {
            Some(AuditFault::BrokenLink { chain: chain(), n })
        } else {
            None
        };
        let is_altered = entry.hash_after(previous_hash) != *hash;
        let altered = is_altered.then(|| AuditFault::Altered { chain: chain(), n });
        self.faults.extend(out_of_place.into_iter().chain(altered));
        self.last = Some((n, hash.clone()));
    }

    /// What is wrong with the chain, which is said to end at `head`.
    fn end(mut self, head: Option<&Head>) -> Vec<AuditFault> {
        let chain = self.chain.clone();
        let (last, last_hash) = self.reached();
        let wrong = match head {
            None => Some(AuditFault::NoHead { chain }),
            Some(head) if head.n > last => {
                Some(AuditFault::Missing { chain, from: last + 1, to: head.n })
            }
            Some(head) if head.n < last || head.hash != last_hash => {
                Some(AuditFault::WrongEnd { chain, n: last })
            }
            Some(_) => None,
        };
        self.faults.extend(wrong);
        self.faults
    }
}
