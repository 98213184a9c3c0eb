//! Where the files of an installation lie: on this machine, or under a folder to try it out in.

use std::fs;
use std::path::{Path, PathBuf};

use super::units::{PORTAL, SYNC, Unit};

/// An installation's places. Under a folder everything is named with the folder before it, so that it can
/// be run from there.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Default for Layout {
    fn default() -> Self {
        Self { root: PathBuf::from("/") }
    }
}

impl Layout {
    /// Under a folder, else this machine's.
    pub(super) fn new(root: Option<&Path>) -> Self {
        let Some(root) = root else { return Self::default() };
        Self { root: std::path::absolute(root).unwrap_or_else(|_| root.to_owned()) }
    }

    /// Whether it is this machine's, which its services are run from.
    pub(super) fn is_machine(&self) -> bool {
        self.root == Path::new("/")
    }

    /// The folder of the configuration and its secrets.
    pub(super) fn folder(&self) -> PathBuf {
        self.root.join("etc/tidbok")
    }

    pub(super) fn config(&self) -> PathBuf {
        self.folder().join("config.toml")
    }

    pub(super) fn portal(&self) -> PathBuf {
        self.folder().join("portal.toml")
    }

    pub(super) fn mail(&self) -> PathBuf {
        self.folder().join("mail.toml")
    }

    pub(super) fn grants(&self) -> PathBuf {
        self.folder().join("grants.sql")
    }

    /// The folder that a service writes to; systemd knows it as `StateDirectory=`.
    pub(super) fn state(&self, unit: &Unit) -> PathBuf {
        self.root.join("var/lib").join(unit.account)
    }

    /// Where an administrator's own unit files lie.
    pub(super) fn own_unit(&self, unit: &Unit) -> PathBuf {
        self.root.join("etc/systemd/system").join(unit.name)
    }

    /// Where a package puts them, on older systems and newer ones.
    pub(super) fn packaged_unit(&self, unit: &Unit) -> Option<PathBuf> {
        let folders = ["usr/lib/systemd/system", "lib/systemd/system"];
        let mut paths = folders.map(|folder| self.root.join(folder).join(unit.name)).into_iter();
        paths.find(|path| path.exists())
    }

    /// What is a clinic's own of a unit. systemd reads by name: this one first, so that what lies beside it
    /// adds to it.
    pub(super) fn drop_in(&self, unit: &Unit) -> PathBuf {
        self.beside(unit, "00-setup.conf")
    }

    /// The same, as earlier versions named it: read last, it emptied the list of secrets of what lay beside.
    pub(super) fn earlier_drop_in(&self, unit: &Unit) -> PathBuf {
        self.beside(unit, "setup.conf")
    }

    /// The one of the two that is there, else the one that would be.
    pub(super) fn found_drop_in(&self, unit: &Unit) -> PathBuf {
        let (own, earlier) = (self.drop_in(unit), self.earlier_drop_in(unit));
        if !own.exists() && earlier.exists() { earlier } else { own }
    }

    fn beside(&self, unit: &Unit, name: &str) -> PathBuf {
        let folder = format!("etc/systemd/system/{}.d", unit.name);
        self.root.join(folder).join(name)
    }

    /// Whether systemd starts a service when the machine starts: `systemctl enable` makes this link.
    pub(super) fn is_enabled(&self, unit: &Unit) -> bool {
        let folder = self.root.join("etc/systemd/system/multi-user.target.wants");
        folder.join(unit.name).is_symlink()
    }

    /// The services' accounts, as an administrator has them.
    pub(super) fn accounts(&self) -> PathBuf {
        self.root.join("etc/sysusers.d/tidbok.conf")
    }

    /// Where a package puts them.
    pub(super) fn packaged_accounts(&self) -> PathBuf {
        self.root.join("usr/lib/sysusers.d/tidbok.conf")
    }

    /// Whether this machine is run by systemd, so that there are services to start.
    pub(super) fn has_systemd(&self) -> bool {
        self.is_machine() && Path::new("/run/systemd/system").exists()
    }
}

/// Every service, in the order in which they are started.
pub(super) const SERVICES: [&Unit; 2] = [&PORTAL, &SYNC];

/// What a file's name begins with until it is at its place.
pub(super) const UNFINISHED: &str = ".tidbok-setup-";

/// What a run that was killed has left in a folder.
pub(super) fn left_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let left = entries.filter(|it| it.file_name().to_string_lossy().starts_with(UNFINISHED));
    left.map(|it| it.path()).collect()
}
