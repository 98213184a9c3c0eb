//! Configuration files of services, in TOML.

use std::fs;
use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::Failure;
use crate::config::fault_in;

/// What a file says; what is wrong is told with its line.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    parsed(&text, path)
}

/// The same of a text; the path is named in errors.
pub(super) fn parsed<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, Failure> {
    toml::from_str(text).map_err(|error| wrong(text, path, error.span(), error.message()))
}

/// What is wrong at a place of a file's text.
pub(super) fn wrong(text: &str, path: &Path, at: Option<Range<usize>>, told: &str) -> Failure {
    let (line, told) = fault_in(text, at, told);
    Failure::Usage(format!("{}: {line}: {told}", path.display()))
}
