//! A desk of its own for each test: a folder with data, configuration and a database.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The example clinic.
pub const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clinic-example.json");

pub struct Desk {
    folder: TempDir,
}

/// How a run ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// With nothing on it.
    pub fn empty() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// With the example clinic in the database.
    pub fn example() -> Self {
        let desk = Self::empty();
        desk.run(&["import", EXAMPLE]).done();
        desk
    }

    /// Room for files, [`Self::database`] among them.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("clinic.db")
    }

    /// The program on this desk and no other, naming no database.
    pub fn program<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidbok"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .stdin(Stdio::null());
        command
    }

    /// Runs on [`Self::database`].
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_on(&format!("sqlite:{}", self.database().display()), arguments)
    }

    pub fn run_on(&self, database: &str, arguments: &[&str]) -> Ended {
        let arguments: Vec<&str> =
            ["--database", database].into_iter().chain(arguments.iter().copied()).collect();
        Ended::of(self.program(&arguments).output().unwrap())
    }

    /// Runs without naming a database.
    pub fn run_unnamed(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.program(arguments).output().unwrap())
    }

    /// Runs on [`Self::database`] with something to read on standard input.
    pub fn run_reading(&self, arguments: &[&str], input: &[u8]) -> Ended {
        let database = format!("sqlite:{}", self.database().display());
        let mut command = self.program(&["--database", &database]);
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Ended::of(child.wait_with_output().unwrap())
    }

    /// Writes the user's configuration file.
    pub fn configure(&self, text: &str) {
        std::fs::create_dir_all(self.path("config/tidbok")).unwrap();
        std::fs::write(self.path("config/tidbok/config.toml"), text).unwrap();
    }

    /// Writes a clinic file: the example with one text put in place of another.
    pub fn clinic_file(&self, from: &str, to: &str) -> PathBuf {
        let text = std::fs::read_to_string(EXAMPLE).unwrap();
        assert!(text.contains(from), "{from}");
        let path = self.path("changed.json");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        path
    }
}

impl Ended {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("ended by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Exit code 0; what was written.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    /// This exit code, nothing on standard output, and these words on standard error.
    #[track_caller]
    pub fn failed(self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not said: {}", self.err);
        }
    }
}

/// The account that runs the tests.
pub fn account() -> String {
    nix::unistd::User::from_uid(nix::unistd::getuid()).unwrap().unwrap().name
}

/// The bytes of a file, and what else lies in its folder.
pub fn picture(path: &Path) -> (Vec<u8>, Vec<PathBuf>) {
    let folder = path.parent().unwrap();
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    (std::fs::read(path).unwrap_or_default(), files)
}

/// A database as a program of before has made it, without the newest step.
pub fn older(path: &Path) -> rusqlite::Connection {
    let steps = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations/sqlite");
    let mut steps: Vec<PathBuf> =
        std::fs::read_dir(steps).unwrap().map(|entry| entry.unwrap().path()).collect();
    steps.sort();
    let newest = steps.pop().expect("a step");
    let newest: usize = newest.file_name().unwrap().to_str().unwrap()[..4].parse().unwrap();
    assert_eq!(steps.len(), newest - 1);
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA application_id = 0x74696462; PRAGMA journal_mode = WAL;
             CREATE TABLE schema_migration (
                 number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL
             ) STRICT;",
        )
        .unwrap();
    for (number, step) in (1..).zip(&steps) {
        connection.execute_batch(&std::fs::read_to_string(step).unwrap()).unwrap();
        let row = "INSERT INTO schema_migration VALUES (?1, 'step', '2026-01-01T00:00:00Z')";
        connection.execute(row, [number]).unwrap();
    }
    connection
}
