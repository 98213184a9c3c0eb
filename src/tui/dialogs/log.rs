//! The audit log as a list: what is asked of it, what has come so far. State only. Pure.

use crate::clinic::{AuditEntry, LogFilter, LogQuestion};
use crate::tui::message::RequestId;

/// Entries that a question brings.
pub const LOG_PAGE: u32 = 500;

/// Whether there are older entries than those that have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Older {
    Unknown,
    /// The request that will bring them.
    Asked(RequestId),
    None,
}

/// The log, page by page.
pub struct LogList {
    pub filter: LogFilter,
    pub entries: Vec<AuditEntry>,
    pub selected: usize,
    pub older: Older,
}

impl LogList {
    /// With nothing in it yet.
    pub fn new(filter: LogFilter) -> Self {
        Self { filter, entries: Vec::new(), selected: 0, older: Older::Unknown }
    }

    /// What brings the entries that follow on those that are there.
    pub fn question(&self) -> LogQuestion {
        let before = self.entries.last().map(AuditEntry::place);
        LogQuestion::Entries { filter: self.filter.clone(), before }
    }
}
