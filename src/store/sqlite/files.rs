//! The database as files: where it may lie, how it is made, who may share it. What is Unix-only in
//! the store stands here.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::store::error::StoreError;

/// The folder that a file lies in or is to lie in: there, and on a disk of this machine.
pub(super) fn folder_of(path: &Path) -> Result<&Path, StoreError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => {}
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Err(StoreError::Denied { path: folder.to_owned() });
        }
        _ => return Err(StoreError::NoFolder { folder: folder.to_owned() }),
    }
    unix_or_not::refuse_network(folder, path)?;
    Ok(folder)
}

/// Finds the file; returns its true path.
pub(super) fn locate(path: &Path) -> Result<PathBuf, StoreError> {
    folder_of(path)?;
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(StoreError::NotAFile { path: path.to_owned() }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        Err(error) => return Err(explain(&error, path)),
    }
    let real = fs::canonicalize(path).map_err(|error| explain(&error, path))?;
    // A link may lead to another file system than its folder's.
    unix_or_not::refuse_network(&real, path)?;
    Ok(real)
}

/// Refuses a path at which there is something.
pub(super) fn refuse_existing(path: &Path) -> Result<(), StoreError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(StoreError::Exists { path: path.to_owned() }),
        Err(_) => Ok(()),
    }
}

/// Gives `-wal` and `-shm` the group and mode of the database, where we own them and they differ.
///
/// SQLite copies the mode, but the group only when run by root: without this, whoever opens first
/// in a folder without the set-group-id bit would lock the rest of the group out.
pub(super) fn share_with_group(path: &Path) {
    for suffix in ["-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        unix_or_not::copy_group_and_mode(path, Path::new(&beside));
    }
}

/// Whether permissions let this account write to the file.
pub(super) fn is_writable(path: &Path) -> bool {
    unix_or_not::is_writable(path)
}

/// Whether a write-ahead log lies beside the database: somebody has it open, or died with it open.
pub(super) fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).exists()
}

/// The file as a SQLite URI that is opened without locks or files beside it.
pub(super) fn immutable_uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}

/// Makes an empty file that this account shares with its group.
pub(super) fn create_shared(path: &Path) -> std::io::Result<()> {
    unix_or_not::create_shared(path)
}

/// Makes an empty file that only this account can read.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    unix_or_not::create_private(path)
}

/// Makes a new folder whose name begins so, and that only this account can look into.
pub(super) fn private_folder(folder: &Path, prefix: &str) -> std::io::Result<TempDir> {
    unix_or_not::private_folder(folder, prefix)
}

/// Holds a folder against other programs as long as the answer lives; `None` where one of them holds it.
///
/// # Errors
/// Where it is gone, is another account's, or can't be held on such a disk.
pub(super) fn hold(folder: &Path) -> std::io::Result<Option<fs::File>> {
    unix_or_not::hold(folder)
}

/// Sees to it that a folder's names are on the disk.
pub(super) fn keep_names(folder: &Path) -> std::io::Result<()> {
    unix_or_not::keep_names(folder)
}

/// What an error of the operating system means for the file that is named.
pub(super) fn explain(error: &std::io::Error, path: &Path) -> StoreError {
    StoreError::of_file(error, path)
}

#[cfg(unix)]
mod unix_or_not {
    use std::fs::{self, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
    use std::path::Path;

    use tempfile::TempDir;

    use crate::store::error::StoreError;

    /// Owner and group read and write: a file shared by a group of accounts.
    const SHARED: u32 = 0o660;

    /// Owner alone.
    const PRIVATE: u32 = 0o600;

    /// Owner alone, of a folder.
    const PRIVATE_FOLDER: u32 = 0o700;

    pub(super) fn create_shared(path: &Path) -> io::Result<()> {
        let file = OpenOptions::new().write(true).create_new(true).mode(SHARED).open(path)?;
        // The umask has taken the group's write permission off.
        file.set_permissions(Permissions::from_mode(SHARED))
    }

    pub(super) fn create_private(path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path).map(drop)
    }

    pub(super) fn private_folder(folder: &Path, prefix: &str) -> io::Result<TempDir> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(prefix).permissions(Permissions::from_mode(PRIVATE_FOLDER));
        builder.tempdir_in(folder)
    }

    pub(super) fn hold(folder: &Path) -> io::Result<Option<fs::File>> {
        let opened = fs::File::open(folder)?;
        match opened.try_lock() {
            Ok(()) => Ok(Some(opened)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    pub(super) fn keep_names(folder: &Path) -> io::Result<()> {
        fs::File::open(folder)?.sync_all()
    }

    /// Asked by name: opening and closing the file would drop SQLite's locks on it.
    pub(super) fn is_writable(path: &Path) -> bool {
        nix::unistd::access(path, nix::unistd::AccessFlags::W_OK).is_ok()
    }

    pub(super) fn copy_group_and_mode(from: &Path, to: &Path) {
        let (Ok(model), Ok(beside)) = (fs::metadata(from), fs::metadata(to)) else { return };
        // Both fail only where another account made the file, and it has set them itself.
        if beside.gid() != model.gid() {
            let _ = chown(to, None, Some(model.gid()));
        }
        if beside.mode() & 0o777 != model.mode() & 0o777 {
            let _ = fs::set_permissions(to, Permissions::from_mode(model.mode() & 0o777));
        }
    }

    /// Refuses `at` (existing) where it lies on another machine; `path` is what the error names.
    pub(super) fn refuse_network(at: &Path, path: &Path) -> Result<(), StoreError> {
        match network::kind_of(at) {
            None => Ok(()),
            Some(kind) => Err(StoreError::NetworkFileSystem { path: path.to_owned(), kind }),
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    mod network {
        use std::os::unix::fs::MetadataExt;
        use std::path::Path;

        use nix::sys::statfs;

        /// File systems of another machine, by the number the kernel gives them.
        const REMOTE: &[(i64, &str)] = &[
            (0x6969, "nfs"),
            (0x517B, "smb"),
            (0xFF53_4D42, "cifs"),
            (0xFE53_4D42, "smb2"),
            (0x564C, "ncp"),
            (0x0102_1997, "9p"),
            (0x5346_414F, "afs"),
            (0x6B41_4653, "afs"),
            (0x7375_7245, "coda"),
            (0x00C3_6400, "ceph"),
            (0x0BD0_0BD0, "lustre"),
            (0x4750_4653, "gpfs"),
            (0x0116_1970, "gfs2"),
            (0x7461_636F, "ocfs2"),
            (0x786F_4256, "vboxsf"),
        ];
        const FUSE: i64 = 0x6573_5546;

        /// FUSE file systems that keep their data on this machine's disks.
        const LOCAL_FUSE: &[&str] = &[
            "fuseblk",
            "fuse.ntfs-3g",
            "fuse.fuse-overlayfs",
            "fuse.gocryptfs",
            "fuse.encfs",
            "fuse.lxcfs",
            "fuse.mergerfs",
            "fuse.bindfs",
        ];

        /// The number's low 32 bits: platforms differ in its width and sign.
        #[allow(clippy::unnecessary_cast, reason = "the width differs between platforms")]
        fn kernel_number(kind: statfs::FsType) -> i64 {
            (kind.0 as i64) & 0xFFFF_FFFF
        }

        pub(super) fn kind_of(at: &Path) -> Option<String> {
            let number = kernel_number(statfs::statfs(at).ok()?.filesystem_type());
            if number == FUSE {
                let kind = fuse_kind(at).unwrap_or_else(|| "fuse".to_owned());
                return (!LOCAL_FUSE.contains(&kind.as_str())).then_some(kind);
            }
            REMOTE.iter().find(|(known, _)| *known == number).map(|(_, name)| (*name).to_owned())
        }

        /// What FUSE serves here, such as `fuse.sshfs`, by the device number in the mount table.
        fn fuse_kind(at: &Path) -> Option<String> {
            let device = std::fs::metadata(at).ok()?.dev();
            let device =
                format!("{}:{}", nix::sys::stat::major(device), nix::sys::stat::minor(device));
            let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
            kind_in(&mounts, &device)
        }

        /// The file system type of a device (`major:minor`) in the text of a `mountinfo`.
        fn kind_in(mounts: &str, device: &str) -> Option<String> {
            mounts.lines().find_map(|line| {
                let (mount, source) = line.split_once(" - ")?;
                let same = mount.split(' ').nth(2) == Some(device);
                same.then(|| source.split(' ').next().map(str::to_owned)).flatten()
            })
        }

        #[cfg(test)]
        mod tests {
            use super::*;

            #[test]
            fn a_fuse_mount_is_named_by_its_device() {
                let mounts = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
                    40 22 0:52 / /mnt/far rw,nosuid shared:9 - fuse.sshfs me@far:/srv rw\n";
                assert_eq!(kind_in(mounts, "0:52").as_deref(), Some("fuse.sshfs"));
                assert_eq!(kind_in(mounts, "0:99"), None);
            }

            #[test]
            fn this_machines_own_disk_is_not_a_network() {
                assert_eq!(kind_of(&std::env::temp_dir()), None);
            }
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    mod network {
        use std::path::Path;

        /// These systems do not tell in a common way: nothing is refused.
        pub(super) fn kind_of(_at: &Path) -> Option<String> {
            None
        }
    }
}

#[cfg(not(unix))]
mod unix_or_not {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::path::Path;

    use tempfile::TempDir;

    use crate::store::error::StoreError;

    /// The folder's access list decides who shares the file.
    pub(super) fn create_shared(path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).open(path).map(drop)
    }

    pub(super) fn create_private(path: &Path) -> io::Result<()> {
        create_shared(path)
    }

    pub(super) fn private_folder(folder: &Path, prefix: &str) -> io::Result<TempDir> {
        tempfile::Builder::new().prefix(prefix).tempdir_in(folder)
    }

    /// A folder can't be held.
    pub(super) fn hold(_folder: &Path) -> io::Result<Option<File>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// A folder can't be asked to.
    pub(super) fn keep_names(_folder: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn is_writable(path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|metadata| !metadata.permissions().readonly())
    }

    pub(super) fn copy_group_and_mode(_from: &Path, _to: &Path) {}

    /// Refuses a path on another machine's share (`\\server\share`).
    pub(super) fn refuse_network(at: &Path, path: &Path) -> Result<(), StoreError> {
        use std::path::{Component, Prefix};
        let Some(Component::Prefix(prefix)) = at.components().next() else { return Ok(()) };
        match prefix.kind() {
            Prefix::UNC(..) | Prefix::VerbatimUNC(..) => Err(StoreError::NetworkFileSystem {
                path: path.to_owned(),
                kind: "a network share".to_owned(),
            }),
            _ => Ok(()),
        }
    }
}
