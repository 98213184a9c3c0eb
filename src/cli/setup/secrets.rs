//! The files with secrets, each of its own, for root alone to read: services get them as credentials.

use std::path::{Path, PathBuf};

use crate::cli::layout::Layout;

use super::dialogue::Kept;

/// The password of the mail server.
pub(super) const MAIL: &str = "smtp-password";
/// What the portal hashes with.
pub(super) const HASH_KEY: &str = "hash-key";

/// The password of the login to a database server.
pub(super) fn database_password(layout: &Layout) -> PathBuf {
    layout.folder().join(crate::config::DATABASE_PASSWORD_FILE)
}

/// The token that the agent shows to a portal on another machine.
pub(super) fn portal_token(layout: &Layout) -> PathBuf {
    layout.folder().join("portal-token")
}

/// The secret that a clinic's e-ID is asked for with.
pub(super) fn e_id(clinic: &str) -> String {
    format!("{clinic}-e-id-secret")
}

/// Whether a file holds something.
pub(super) fn kept(file: &Path) -> Kept {
    match std::fs::metadata(file) {
        Ok(found) if found.len() > 0 => Kept::There,
        _ => Kept::Missing,
    }
}
