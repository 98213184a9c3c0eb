//! Writing: every file whole, at its place in one step, and readable for whom it is meant. What is
//! Unix-only in the dialogue stands here.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::cli::Failure;
use crate::cli::layout::{Layout, UNFINISHED, left_in};
use crate::texts::Language;

use super::plan::{Folder, Plan, Planned};

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Refused(format!("{}: {error}", path.display()))
}

/// Writes everything, undisturbed by keys. What fails before the last step leaves every file as it was.
/// The folders that were not there before.
pub(super) fn write(plan: &Plan) -> Result<Vec<&Folder>, Failure> {
    let _undisturbed = unix_or_not::Undisturbed::begin();
    let new: Vec<&Folder> = plan.folders.iter().filter(|it| !it.path.is_dir()).collect();
    for folder in &new {
        fs::create_dir_all(&folder.path).map_err(|error| failed(&folder.path, &error))?;
        unix_or_not::set_mode(&folder.path, folder.mode)
            .map_err(|error| failed(&folder.path, &error))?;
    }
    clear_away(plan);
    let staged = plan.files.iter().filter(|file| file.is_change()).map(stage);
    let staged = staged.collect::<Result<Vec<_>, _>>()?;
    for (file, path) in staged {
        file.persist(path).map_err(|error| failed(path, &error.error))?;
    }
    for path in &plan.gone {
        fs::remove_file(path).map_err(|error| failed(path, &error))?;
    }
    for path in &plan.kept {
        unix_or_not::close_to_others(path).map_err(|error| failed(path, &error))?;
    }
    Ok(new)
}

/// Removes what a run that was killed has left: it may hold secrets. What can't be removed the checks tell of.
fn clear_away(plan: &Plan) {
    let folders: BTreeSet<&Path> = plan.files.iter().filter_map(|it| it.path.parent()).collect();
    for left in folders.into_iter().flat_map(left_in) {
        let _ = fs::remove_file(left);
    }
}

/// The file beside its place, whole and on disk.
fn stage(planned: &Planned) -> Result<(NamedTempFile, &Path), Failure> {
    let path = planned.path.as_path();
    let folder = path.parent().unwrap_or(Path::new("/"));
    let staged = || {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
        file.write_all(planned.text.as_bytes())?;
        unix_or_not::give_readers(&file, path, planned.readers)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    let staged: std::io::Result<NamedTempFile> = staged();
    staged.map(|file| (file, path)).map_err(|error| failed(path, &error))
}

/// Refuses whoever may not write this machine's files, before anything is asked.
pub(super) fn may_write(layout: &Layout, language: Language) -> Result<(), Failure> {
    if !layout.is_machine() || unix_or_not::is_administrator() {
        return Ok(());
    }
    Err(Failure::Refused(
        language
            .pick(
                "här skrivs i /etc: kör `sudo tidbok setup` (--dry-run visar bara, --root MAPP skriver \
                 i en mapp att prova i; utan systemd: se README)",
                "this writes below /etc: run `sudo tidbok setup` (--dry-run only shows, --root FOLDER \
                 writes to a folder to try it out in; without systemd: see the README)",
            )
            .to_owned(),
    ))
}

pub(super) use unix_or_not::{account_exists, hand_over};

#[cfg(unix)]
mod unix_or_not {
    use std::fs::{self, Permissions};
    use std::io;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::path::Path;

    use nix::sys::signal::{SigSet, Signal};
    use nix::unistd::{User, geteuid};
    use tempfile::NamedTempFile;

    use crate::cli::setup::plan::Readers;

    /// What every other account may do with a file.
    const OTHERS: u32 = 0o007;

    pub(super) fn is_administrator() -> bool {
        geteuid().is_root()
    }

    pub(super) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    /// Mode and owner: those of the file that is there, with nothing for others where it is a secret.
    pub(super) fn give_readers(
        file: &NamedTempFile,
        place: &Path,
        readers: Readers,
    ) -> io::Result<()> {
        let usual = match readers {
            Readers::Everyone => 0o644,
            Readers::OwnerAlone => 0o600,
        };
        let mut mode = usual;
        if let Ok(before) = fs::metadata(place) {
            mode = before.mode() & 0o777;
            if readers == Readers::OwnerAlone {
                mode &= !OTHERS;
            }
            chown(file.path(), Some(before.uid()), Some(before.gid()))?;
        }
        set_mode(file.path(), mode)
    }

    /// Takes from other accounts what they may do with a secret; one that is missing is not made here.
    pub(super) fn close_to_others(path: &Path) -> io::Result<()> {
        let Ok(found) = fs::metadata(path) else { return Ok(()) };
        let mode = found.mode() & 0o777;
        if mode & OTHERS == 0 { Ok(()) } else { set_mode(path, mode & !OTHERS) }
    }

    fn account(name: &str) -> Option<User> {
        User::from_name(name).ok().flatten()
    }

    pub(in crate::cli::setup) fn account_exists(name: &str) -> bool {
        account(name).is_some()
    }

    /// Makes a file or a folder an account's and its group's, where there is such an account; only root
    /// can.
    pub(in crate::cli::setup) fn hand_over(path: &Path, name: &str) -> io::Result<()> {
        match account(name) {
            Some(user) if is_administrator() => {
                let mode = fs::metadata(path)?.mode() & 0o7777;
                chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
                // Changing the owner has taken the set-group-id bit off.
                set_mode(path, mode)
            }
            _ => Ok(()),
        }
    }

    /// As long as it lasts no key and no closing of the terminal ends the program.
    pub(super) struct Undisturbed(Option<SigSet>);

    impl Undisturbed {
        pub(super) fn begin() -> Self {
            let mut signals = SigSet::empty();
            for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGTSTP] {
                signals.add(signal);
            }
            // Where it can't be had, everything is as it would be without.
            Self(signals.thread_block().is_ok().then_some(signals))
        }
    }

    impl Drop for Undisturbed {
        fn drop(&mut self) {
            if let Some(signals) = &self.0 {
                let _ = signals.thread_unblock();
            }
        }
    }
}

#[cfg(not(unix))]
mod unix_or_not {
    use std::io;
    use std::path::Path;

    use tempfile::NamedTempFile;

    use crate::cli::setup::plan::Readers;

    /// There is no systemd: only a folder to try it out in is written to.
    pub(super) fn is_administrator() -> bool {
        false
    }

    pub(super) fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
        Ok(())
    }

    /// The folder's access list decides.
    pub(super) fn give_readers(_: &NamedTempFile, _: &Path, _: Readers) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn close_to_others(_path: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(in crate::cli::setup) fn account_exists(_name: &str) -> bool {
        false
    }

    pub(in crate::cli::setup) fn hand_over(_path: &Path, _name: &str) -> io::Result<()> {
        Ok(())
    }

    pub(super) struct Undisturbed;

    impl Undisturbed {
        pub(super) fn begin() -> Self {
            Self
        }
    }
}
