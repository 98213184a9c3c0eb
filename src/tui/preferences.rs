//! What the console remembers for each user between runs: one small TOML file of the account.
//!
//! Losing it costs a few key presses, so whatever cannot be read counts as never written.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use super::message::Preferences;

/// Where preferences are kept, if this account has such a place.
#[derive(Clone, Debug, Default)]
pub struct PreferencesFile {
    path: Option<PathBuf>,
    turns: Arc<Turns>,
}

/// In which order things were wished to be kept, whatever the order in which threads get to it.
#[derive(Debug, Default)]
struct Turns {
    given: AtomicU64,
    /// The last that was kept; held while something is.
    kept: Mutex<u64>,
}

/// A place in that order.
pub struct Turn(u64);

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
        let path = folder.map(|folder| folder.join("tidbok").join("preferences.toml"));
        Self { path, ..Self::default() }
    }

    /// The next place in the order of what is to be kept.
    pub fn turn(&self) -> Turn {
        Turn(self.turns.given.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// The preferences of the user with this signature; `None` where none have been kept.
    pub fn load(&self, signature: &str) -> Option<Preferences> {
        self.contents().users.remove(signature)
    }

    /// Keeps the preferences of the user with this signature, beside those of others, unless some with a
    /// later turn are kept already.
    ///
    /// # Errors
    /// The account has no place for them, or it cannot be written.
    pub fn save(
        &self,
        Turn(turn): Turn,
        signature: &str,
        preferences: &Preferences,
    ) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Err(no_home());
        };
        let mut kept = self.turns.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if turn < *kept {
            return Ok(());
        }
        let mut contents = self.contents();
        contents.users.insert(signature.to_owned(), preferences.clone());
        let text = toml::to_string(&contents).map_err(io::Error::other)?;
        replace(path, text.as_bytes())?;
        *kept = turn;
        Ok(())
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
        let path = Some(folder.path().join("tidbok").join("preferences.toml"));
        PreferencesFile { path, ..PreferencesFile::default() }
    }

    fn keep(file: &PreferencesFile, signature: &str, row_minutes: u8) -> io::Result<()> {
        file.save(file.turn(), signature, &Preferences { row_minutes })
    }

    #[test]
    fn what_was_wished_for_last_is_kept_whichever_gets_to_it_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = file_in(&folder);
        let (first, last) = (file.turn(), file.turn());
        file.clone().save(last, "AE", &Preferences { row_minutes: 5 }).unwrap();
        file.save(first, "AE", &Preferences { row_minutes: 10 }).unwrap();
        assert_eq!(file.load("AE"), Some(Preferences { row_minutes: 5 }));
    }

    #[test]
    fn each_user_of_an_account_has_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = file_in(&folder);
        keep(&file, "AE", 5).unwrap();
        keep(&file, "BL", 30).unwrap();
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
        keep(&file, "AE", 15).unwrap();
        assert_eq!(file.load("AE"), Some(Preferences { row_minutes: 15 }));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tidbok"), "a file, no folder").unwrap();
        assert!(keep(&file_in(&folder), "AE", 5).is_err());
    }
}
