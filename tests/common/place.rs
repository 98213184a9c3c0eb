//! Where the demo is opened in a terminal and changed from the command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use portable_pty::CommandBuilder;

use super::pty::Pty;

/// A folder of its own, where the demo keeps its database and finds no preferences of others.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("demo.db")
    }

    pub fn homes(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        super::HOMES.into_iter().map(|name| (name, self.folder.path()))
    }

    pub fn demo_command(&self, user: &str) -> CommandBuilder {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tidbok"));
        command.args(["demo", "--user", user, "--keep"]);
        command.arg(self.database());
        self.homes().for_each(|(name, folder)| command.env(name, folder));
        command
    }

    /// The console on the demo, loaded.
    pub fn demo(&self, user: &str, size: (u16, u16)) -> Pty {
        let pty = Pty::run(self.demo_command(user), size);
        loaded(&pty);
        pty
    }

    /// The demo as a shell has started it, which takes over while it is stopped; with the modes that the shell
    /// had the terminal in.
    pub fn demo_in_a_shell(&self, user: &str, size: (u16, u16)) -> (Pty, String) {
        let mut shell = CommandBuilder::new("/bin/sh");
        shell.arg("-i");
        shell.env("PS1", "ready> ");
        shell.env_remove("ENV");
        self.homes().for_each(|(name, folder)| shell.env(name, folder));
        let mut pty = Pty::run(shell, size);
        pty.wait_for("ready>");
        let modes = pty.modes();
        let (program, database) = (env!("CARGO_BIN_EXE_tidbok"), self.database());
        pty.send(format!("'{program}' demo --user {user} --keep '{}'\r", database.display()));
        loaded(&pty);
        (pty, modes)
    }

    /// Runs a command of the command line on the kept database.
    pub fn tidbok(&self, user: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tidbok"))
            .args(arguments)
            .args(["--user", user, "--database"])
            .arg(format!("sqlite:{}", self.database().display()))
            .envs(self.homes())
            .output()
            .expect("the program runs")
    }
}

/// Waits until the week is drawn: the footer is there, and nothing is being fetched.
pub fn loaded(pty: &Pty) {
    pty.wait_until("a loaded week", |screen| {
        screen.contains("Anna Ek") && screen.contains("Hjälp") && !screen.contains("Hämtar")
    });
}
