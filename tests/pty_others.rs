//! What others do to the same database, as an open console shows it.
#![cfg(unix)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use common::pty::Pty;
use portable_pty::CommandBuilder;

/// Within which a change of somebody else shows.
const SOON: Duration = Duration::from_secs(2);

/// A Monday far beyond what the demo has laid out.
const FREE_DAY: &str = "2031-03-03";

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("demo.db")
    }

    fn homes(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS"]
            .into_iter()
            .map(|name| (name, self.folder.path()))
    }

    /// The console on the demo, loaded.
    fn console(&self) -> Pty {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tidbok"));
        command.args(["demo", "--user", "REC", "--keep"]);
        command.arg(self.database());
        self.homes().for_each(|(name, folder)| command.env(name, folder));
        let pty = Pty::run(command, (80, 24));
        pty.wait_until("a loaded week", |screen| {
            screen.contains("Anna Ek") && screen.contains("Hjälp") && !screen.contains("Hämtar")
        });
        pty
    }

    /// Changes the database from the command line, as somebody else.
    fn tidbok(&self, arguments: &[&str]) {
        let done = Command::new(env!("CARGO_BIN_EXE_tidbok"))
            .args(arguments)
            .args(["--user", "ADM", "--database"])
            .arg(format!("sqlite:{}", self.database().display()))
            .envs(self.homes())
            .output()
            .expect("the program runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

/// The rows of the menu, with what is written in them.
fn menu(screen: &str) -> Vec<String> {
    let inside = |line: &str| line.split('│').nth(1).map(str::to_owned);
    screen.lines().filter_map(inside).collect()
}

#[test]
fn a_change_from_the_command_line_shows_within_two_seconds_and_leaves_an_open_menu_alone() {
    let place = Place::new();
    let mut pty = place.console();
    pty.send("g");
    pty.wait_for("Gå till datum");
    pty.send(format!("{FREE_DAY}\r"));
    pty.wait_for("Inget arbetspass");
    pty.send("t");
    pty.wait_for("Exakt tid");
    pty.send("0900-1000\r");
    pty.wait_for("1 dag × 60 min");
    pty.send("p");
    pty.wait_for("Preblock · mån");
    pty.send("\x1b[B");
    let before = pty.wait_until("a menu", |screen| menu(screen).len() > 5);

    let changed = Instant::now();
    place.tidbok(&["session", "add", "AE", &format!("{FREE_DAY}T08:00/{FREE_DAY}T08:30")]);
    let after = pty.wait_until("the change", |screen| {
        screen.lines().any(|line| line.contains("08:15") && line.contains("···"))
    });
    assert!(changed.elapsed() < SOON, "it took {:?}", changed.elapsed());
    assert_eq!(menu(&after), menu(&before), "the menu stays as it is");
    assert!(after.contains("1 dag × 60 min"), "so does the marking");

    pty.send("\x1b");
    pty.wait_gone("Preblock · mån");
    pty.send("q");
    assert!(pty.wait_end().success());
}
