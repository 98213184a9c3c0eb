//! The proof that no entry of the audit log is missing or altered.

use std::fmt;

use super::chain::START;
use crate::store::error::StoreError;
use crate::store::repository::{ChainedEntry, Head};
use crate::store::session::Store;

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

/// One thing wrong with the audit log. `chain` is `settings` or `practitioner/ID`.
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
        let entries = reading.chained_entries(&chain).await?;
        report.chains += 1;
        report.entries += entries.len();
        report.faults.extend(faults_of(&chain, &entries, head.as_ref()));
    }
    let untold = reading.untold_commands().await?;
    report.faults.extend(untold.into_iter().map(|command| AuditFault::Untold { command }));
    let altered = reading.altered_personal_values().await?;
    report.faults.extend(altered.into_iter().map(|hash| AuditFault::AlteredPersonalValue { hash }));
    Ok(report)
}

fn faults_of(chain: &str, entries: &[ChainedEntry], head: Option<&Head>) -> Vec<AuditFault> {
    let chain = chain.to_owned();
    let mut faults = Vec::new();
    let (mut last, mut last_hash) = (0, START);
    for ChainedEntry { entry, previous_hash, hash } in entries {
        let n = entry.n;
        if n > last + 1 {
            faults.push(AuditFault::Missing { chain: chain.clone(), from: last + 1, to: n - 1 });
        } else if previous_hash != last_hash {
            faults.push(AuditFault::BrokenLink { chain: chain.clone(), n });
        }
        if entry.hash_after(previous_hash) != *hash {
            faults.push(AuditFault::Altered { chain: chain.clone(), n });
        }
        (last, last_hash) = (n, hash);
    }
    match head {
        None => faults.push(AuditFault::NoHead { chain }),
        Some(head) if head.n > last => {
            faults.push(AuditFault::Missing { chain, from: last + 1, to: head.n });
        }
        Some(head) if head.n < last || head.hash != last_hash => {
            faults.push(AuditFault::WrongEnd { chain, n: last });
        }
        Some(_) => {}
    }
    faults
}
