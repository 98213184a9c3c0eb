//! The configuration files of services, looked over as texts: by doctor, by `setup` before it writes
//! them, and by whoever tries what they take. What they name need not be there yet.

use std::path::{Path, PathBuf};

use super::layout::Layout;
use super::{Failure, mail_file, portal};

/// A service's configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceFile {
    /// The portal's: its clinics, their booking pages and log-in with e-ID.
    Portal,
    /// Where e-mail to patients goes out.
    Mail,
}

impl ServiceFile {
    /// Every such file.
    pub const ALL: [Self; 2] = [Self::Portal, Self::Mail];

    /// Looks its text over; the path is named in errors.
    ///
    /// # Errors
    /// [`Failure::Usage`], which names the line or the section that is not understood.
    pub fn look_over(self, text: &str, path: &Path) -> Result<(), Failure> {
        match self {
            Self::Portal => portal::looked_over(text, path),
            Self::Mail => mail_file::looked_over(text, path),
        }
    }

    /// Where an installation has it.
    pub(super) fn path(self, layout: &Layout) -> PathBuf {
        match self {
            Self::Portal => layout.portal(),
            Self::Mail => layout.mail(),
        }
    }
}
