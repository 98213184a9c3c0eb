//! Why a command was not carried out.

use thiserror::Error;

use crate::domain::Refusal;
use crate::store::StoreError;

/// Why a command was not carried out. Nothing has been changed.
#[derive(Debug, Error)]
pub enum ClinicError {
    /// A rule or a permission says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
