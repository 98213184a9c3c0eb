//! What the console remembers for each user between runs: one small TOML file of the account.
//!
//! Losing it costs a few key presses, so whatever cannot be read counts as never written.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use super::message::Preferences;

/// Where preferences are kept, if this account has such a place.
#[derive(Clone, Debug)]
pub struct PreferencesFile {
    path: Option<PathBuf>,
}

#[derive(Default, Serialize, Deserialize)]
struct Contents {
    /// By signature: one account may lend its seat to several users.
    #[serde(default)]
    users: BTreeMap<String, Preferences>,
}

impl PreferencesFile {
    /// `tidbok/preferences.toml` in the account's folder for state (XDG), or for settings where the
    /// system knows no such folder.
    pub fn of_account() -> Self {
        let folder = etcetera::choose_base_strategy()
            .ok()
            .map(|base| base.state_dir().unwrap_or_else(|| base.config_dir()));
        Self { path: folder.map(|folder| folder.join("tidbok").join("preferences.toml")) }
    }

    /// The preferences of the user with this signature; `None` where none have been kept.
    pub fn load(&self, signature: &str) -> Option<Preferences> {
        self.contents().users.remove(signature)
    }

    /// Keeps the preferences of the user with this signature, beside those of others.
    ///
    /// # Errors
    /// The account has no place for them, or it cannot be written.
    pub fn save(&self, signature: &str, preferences: &Preferences) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Err(no_home());
        };
        let mut contents = self.contents();
        contents.users.insert(signature.to_owned(), preferences.clone());
        let text = toml::to_string(&contents).map_err(io::Error::other)?;
        replace(path, text.as_bytes())
    }

    /// Writes a file of this name beside the preferences, and says where.
    ///
    /// # Errors
    /// As [`Self::save`].
    pub fn keep_beside(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let Some(path) = &self.path else { return Err(no_home()) };
        let path = path.with_file_name(name);
        replace(&path, text.as_bytes())?;
        Ok(path)
    }

    fn contents(&self) -> Contents {
        self.path
            .as_ref()
            .and_then(|path| std::fs::read_to_string(path).ok())
            .and_then(|text| toml::from_str(&text).ok())
            .unwrap_or_default()
    }
}

fn no_home() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "the account has no home folder")
}

/// Replaces a file whole: a reader sees the old or the new one.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_in(folder: &tempfile::TempDir) -> PreferencesFile {
        PreferencesFile { path: Some(folder.path().join("tidbok").join("preferences.toml")) }
    }

    #[test]
    fn each_user_of_an_account_has_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = file_in(&folder);
        file.save("AE", &Preferences { row_minutes: 5 }).unwrap();
        file.save("BL", &Preferences { row_minutes: 30 }).unwrap();
        assert_eq!(file.load("AE"), Some(Preferences { row_minutes: 5 }));
        assert_eq!(file.load("BL"), Some(Preferences { row_minutes: 30 }));
        assert_eq!(file.load("CM"), None);
    }

    #[test]
    fn what_cannot_be_read_counts_as_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = file_in(&folder);
        assert_eq!(file.load("AE"), None, "no file");
        std::fs::create_dir_all(folder.path().join("tidbok")).unwrap();
        for text in ["\0\u{1}", "users = 3", "[users.AE]\nrow_minutes = \"x\""] {
            std::fs::write(folder.path().join("tidbok/preferences.toml"), text).unwrap();
            assert_eq!(file.load("AE"), None, "{text:?}");
        }
        file.save("AE", &Preferences { row_minutes: 15 }).unwrap();
        assert_eq!(file.load("AE"), Some(Preferences { row_minutes: 15 }));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tidbok"), "a file, no folder").unwrap();
        assert!(file_in(&folder).save("AE", &Preferences { row_minutes: 5 }).is_err());
    }
}
