//! Why a round of the agent was broken off, and what kind of thing is wrong then.

use thiserror::Error;

use super::wire::WireError;
use crate::clinic::ClinicError;
use crate::domain::SyncFaultKind;

/// Why a round was broken off. The next one begins where it must.
#[derive(Debug, Error)]
pub enum SyncError {
    #[error(transparent)]
    Clinic(#[from] ClinicError),
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("a resource could not be written")]
    Unwritable,
    #[error("another agent has taken over")]
    LeaseLost,
    #[error("another database was published to this booking page for a while")]
    Interrupted,
    /// Two databases must not be published to one booking page.
    #[error(
        "another database is published to this booking page, by the agent at {host}: end that agent, or \
         give the other database a clinic of its own in the portal's file"
    )]
    Contested { host: String },
}

impl SyncError {
    /// What kind of thing is wrong.
    pub(super) fn kind(&self) -> SyncFaultKind {
        match self {
            Self::Clinic(_) => SyncFaultKind::Database,
            Self::LeaseLost => SyncFaultKind::LeaseLost,
            Self::Interrupted => SyncFaultKind::Interrupted,
            Self::Contested { .. } => SyncFaultKind::Contested,
            Self::Unwritable => SyncFaultKind::Other,
            Self::Wire(WireError::Unreachable) => SyncFaultKind::Unreachable,
            Self::Wire(WireError::TimedOut) => SyncFaultKind::TimedOut,
            Self::Wire(WireError::NotTrusted) => SyncFaultKind::NotTrusted,
            Self::Wire(WireError::Unauthorized) => SyncFaultKind::Unauthorized,
            Self::Wire(WireError::Conflict) => SyncFaultKind::Conflict,
            Self::Wire(WireError::Refused(_)) => SyncFaultKind::Refused,
            Self::Wire(_) => SyncFaultKind::Unfit,
        }
    }
}

impl From<serde_json::Error> for SyncError {
    fn from(_: serde_json::Error) -> Self {
        Self::Unwritable
    }
}

impl From<crate::store::StoreError> for SyncError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Clinic(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_broke_a_round_off_is_told_as_what_it_is() {
        let contested = SyncError::Contested { host: "reception".to_owned() };
        for (error, kind) in [
            (SyncError::LeaseLost, SyncFaultKind::LeaseLost),
            (SyncError::Interrupted, SyncFaultKind::Interrupted),
            (contested, SyncFaultKind::Contested),
            (SyncError::Wire(WireError::Conflict), SyncFaultKind::Conflict),
        ] {
            assert_eq!(error.kind(), kind, "{error}");
        }
    }
}
