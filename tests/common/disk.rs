//! A disk that can be filled.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk of its own, gone at the end.
pub struct Disk(PathBuf);

impl Disk {
    /// One of so many megabytes in a folder that is empty so far; `None`, and said aloud, where this
    /// process may not make one.
    pub fn over(folder: &Path, megabytes: u32) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tidbok-test"]).arg(folder);
        let may = cfg!(target_os = "linux") && nix::unistd::geteuid().is_root();
        if may && mount.status().is_ok_and(|status| status.success()) {
            return Some(Self(folder.to_owned()));
        }
        println!("skipped: no disk is full, since only root may mount a small one");
        None
    }

    /// Takes all the room that is left, until [`Self::make_room`].
    pub fn fill(&self) {
        let mut file = File::create(self.filler()).expect("a file");
        let piece = vec![b'x'; 64 << 10];
        while file.write_all(&piece).is_ok() {}
        while file.write_all(&piece[..512]).is_ok() {}
    }

    pub fn make_room(&self) {
        fs::remove_file(self.filler()).expect("the file that fills it");
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let left = Command::new("umount").arg("-l").arg(&self.0).status();
        if !left.is_ok_and(|status| status.success()) {
            eprintln!("{} is still mounted", self.0.display());
        }
    }
}
