//! A file that a command writes its answer to: new, whole or not at all, and for nobody else to read.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Failure, output};
use crate::store::{StoreError, Unfinished};
use crate::texts::{self, Language};

/// Where an answer goes.
pub(super) enum NewFile {
    Whole {
        path: PathBuf,
        folder: PathBuf,
    },
    /// A device or a pipe, which is written to: a file in its place would take it away from everybody.
    Stream(PathBuf),
}

impl NewFile {
    /// Looks whether there is room for a file at a path; makes none.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where something is there that would be written over,
    /// [`StoreError::NoFolder`].
    pub(super) fn at(path: &Path) -> Result<Self, StoreError> {
        let path = path.to_owned();
        if fs::metadata(&path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
            return Ok(Self::Stream(path));
        }
        if fs::symlink_metadata(&path).is_ok() {
            return Err(StoreError::Exists { path });
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        match folder.is_dir() {
            true => Ok(Self::Whole { path, folder }),
            false => Err(StoreError::NoFolder { folder }),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where somebody else was faster, and what the disk meets: there is no file then.
    pub(super) fn write(&self, text: &str) -> Result<(), StoreError> {
        let (path, written) = match self {
            Self::Stream(path) => {
                let opened = File::options().write(true).open(path);
                (path, opened.and_then(|mut it| it.write_all(text.as_bytes())))
            }
            Self::Whole { path, folder } => (path, whole(path, folder, text)),
        };
        written.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => StoreError::Exists { path: path.clone() },
            _ => StoreError::of_file(&error, path),
        })
    }
}

/// A temporary file beside its place, its owner's alone, takes its name.
fn whole(path: &Path, folder: &Path, text: &str) -> io::Result<()> {
    let unfinished = Unfinished::new_in(folder, ".tidbok-export-")?;
    let mut file = NamedTempFile::new_in(unfinished.path())?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// Why there is no file. The folder is the file's own, and not that of the database which is named.
pub(super) fn failure(language: Language, error: &StoreError) -> Failure {
    let told = match error {
        StoreError::NoFolder { folder } => {
            let folder = folder.display();
            language.pick(
                format!("mappen {folder} finns inte: skapa den, eller ange en annan fil"),
                format!("the folder {folder} does not exist: create it, or name another file"),
            )
        }
        error => texts::store_error(language, error),
    };
    Failure::Store(output::plain(&told))
}
