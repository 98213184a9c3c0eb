//! Where configuration files and the user's own database lie on this system.

use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};

use super::ChosenBy;

/// Folder and file name are the same on every system.
const FOLDER: &str = "tidbok";
const CONFIG_FILE: &str = "config.toml";
const DATABASE_FILE: &str = "tidbok.db";

/// Where to look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The machine's configuration file; only its administrators can write there.
    pub machine_config: Option<PathBuf>,
    pub user_config: Option<PathBuf>,
    /// The database of a user for whom nothing else is configured.
    pub user_database: Option<PathBuf>,
}

impl Places {
    /// This system's. The machine's place cannot be moved by a variable that a user may set: what an
    /// administrator configures there must hold.
    pub fn of_system() -> Self {
        let user = choose_base_strategy().ok();
        Self {
            machine_config: machine_folder().map(|folder| folder.join(CONFIG_FILE)),
            user_config: user.as_ref().map(|it| it.config_dir().join(FOLDER).join(CONFIG_FILE)),
            user_database: user.as_ref().map(|it| it.data_dir().join(FOLDER).join(DATABASE_FILE)),
        }
    }

    /// The file of a configuration.
    pub fn file(&self, by: ChosenBy) -> Option<&Path> {
        match by {
            ChosenBy::MachineConfig => self.machine_config.as_deref(),
            ChosenBy::UserConfig => self.user_config.as_deref(),
            ChosenBy::Option | ChosenBy::Variable | ChosenBy::LoginShell | ChosenBy::Default => {
                None
            }
        }
    }
}

#[cfg(unix)]
fn machine_folder() -> Option<PathBuf> {
    Some(PathBuf::from("/etc").join(FOLDER))
}

/// `ProgramData` as Windows sets it for every process.
#[cfg(windows)]
fn machine_folder() -> Option<PathBuf> {
    std::env::var_os("ProgramData").map(|folder| PathBuf::from(folder).join(FOLDER))
}
