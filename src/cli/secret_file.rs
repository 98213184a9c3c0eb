//! Secrets from files: the first line of one that a configuration names.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::Failure;
use crate::config::CREDENTIALS_VARIABLE;
use crate::domain::hexadecimal;

/// The first line of a file, without white space around it. What it holds is in no error.
pub(super) fn first_line(path: &Path) -> Result<String, Failure> {
    let text =
        fs::read_to_string(path).map_err(|error| Failure::Usage(unreadable(path, &error)))?;
    let line = text.lines().next().unwrap_or_default().trim().to_owned();
    if line.is_empty() {
        return Err(Failure::Usage(format!("{}: the first line is empty", path.display())));
    }
    Ok(line)
}

/// Why there is no secret, and where one comes from.
fn unreadable(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!(
            "{path}: there is no such file; its first line is to be a secret, such as `head -c 24 \
             /dev/urandom | base64` makes"
        ),
        io::ErrorKind::PermissionDenied => format!(
            "{path}: this account may not read it; a service is handed it by LoadCredential= in its unit"
        ),
        _ => format!("{path}: {error}"),
    }
}

/// The file of this name among the credentials that systemd hands a service (`LoadCredential=`).
pub(super) fn credential(name: &str) -> Option<PathBuf> {
    std::env::var_os(CREDENTIALS_VARIABLE).map(|folder| PathBuf::from(folder).join(name))
}

/// A new secret that nobody guesses, in hexadecimal digits.
///
/// # Errors
/// Where the system has no randomness to give.
pub(super) fn made() -> io::Result<String> {
    let mut bytes = [0u8; 24];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(hexadecimal(&bytes))
}

/// Where a file is read that a configuration in `folder` names: what systemd hands the service under the
/// file's name goes first, since only root may read the file itself then.
pub(super) fn named(folder: &Path, file: &Path) -> PathBuf {
    let name = file.file_name().and_then(|name| name.to_str());
    let given = name.and_then(credential).filter(|given| given.exists());
    given.unwrap_or_else(|| folder.join(file))
}
