//! Folders for what is not whole yet, beside the place that it is to have. What lies in them is patients'
//! data, so what a program that was killed has left is cleared away by the next.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

use tempfile::TempDir;

use super::files;

/// How often a folder is made that another program has taken for one left behind.
const TRIES: usize = 10;

/// A folder that only this account can look into, and that goes with whoever made it.
pub(crate) struct Unfinished {
    folder: TempDir,
    /// As long as it is held no other program takes it for one left behind.
    _held: Option<File>,
}

impl Unfinished {
    /// Makes one, and clears away those whose names begin alike and that nobody holds any more.
    ///
    /// # Errors
    /// What making a folder meets.
    pub(crate) fn new_in(folder: &Path, prefix: &str) -> io::Result<Self> {
        clear_away(folder, prefix);
        for _ in 0..TRIES {
            let made = files::private_folder(folder, prefix)?;
            match files::hold(made.path()) {
                // Between making and holding it somebody else may have cleared it away.
                Ok(held) if held.is_none() || !made.path().exists() => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                // Where none can be held, none is cleared away, either.
                held => return Ok(Self { folder: made, _held: held.unwrap_or_default() }),
            }
        }
        Err(io::Error::other(
            "the folder for what is not whole yet is cleared away again and again",
        ))
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// What is another account's, and what can't be looked at, is left.
fn clear_away(folder: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let begins_alike = entry.file_name().to_string_lossy().starts_with(prefix);
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if begins_alike
            && is_folder
            && let Ok(Some(_held)) = files::hold(&entry.path())
        {
            // The next one tries again.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

// Elsewhere no folder can be held.
#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn left_in(folder: &Path) -> usize {
        fs::read_dir(folder).expect("a folder").count()
    }

    #[test]
    fn what_is_at_work_is_left_and_what_was_left_behind_is_not() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("a folder");
        let first = Unfinished::new_in(place.path(), ".unfinished-").expect("made");
        let mode = fs::metadata(first.path()).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        let dead = place.path().join(".unfinished-dead");
        fs::create_dir(&dead).expect("made");
        fs::write(dead.join("copy.db"), "patients").expect("written");
        fs::create_dir(place.path().join("another")).expect("made");
        let second = Unfinished::new_in(place.path(), ".unfinished-").expect("made");
        assert!(!dead.exists() && first.path().exists() && second.path().exists());
        drop((first, second));
        assert_eq!(left_in(place.path()), 1);
    }

    #[test]
    fn many_that_begin_at_once_do_not_clear_each_other_away() {
        let place = tempfile::tempdir().expect("a folder");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let made = Unfinished::new_in(place.path(), ".u-").expect("made");
                        fs::write(made.path().join("copy.db"), "whole").expect("written");
                    }
                });
            }
        });
        assert_eq!(left_in(place.path()), 0);
    }
}
