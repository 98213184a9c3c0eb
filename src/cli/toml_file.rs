//! Configuration files of services, in TOML.

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::Failure;

/// What a file says; what is wrong is told with its line.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let wrong =
        |what: &dyn std::fmt::Display| Failure::Usage(format!("{}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        wrong(&format!("{line}: {}", error.message()))
    })
}
