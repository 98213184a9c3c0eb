//! The first start in a real terminal, from an empty database to a console that asks who one is, under
//! each way of signing in.
#![cfg(unix)]

mod common;

use std::process::Command;
use std::time::Duration;

use common::place::Place;
use common::pty::Pty;
use portable_pty::CommandBuilder;

const PASSWORD: &str = "korrekt häst";

/// An empty database, and this in the configuration.
fn empty(config: &str) -> Place {
    let place = Place::new();
    let (_, home) = place.homes().next().expect("a home");
    std::fs::create_dir_all(home.join("tidbok")).expect("a folder");
    std::fs::write(home.join("tidbok/config.toml"), config).expect("written");
    assert!(tidbok(&place, &["init"]).0);
    place
}

/// Runs a command: whether it went well, and all that it said.
fn tidbok(place: &Place, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tidbok"))
        .args(["--database", &format!("sqlite:{}", place.database().display())])
        .args(arguments)
        .envs(place.homes())
        .output()
        .expect("the program runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn console(place: &Place, size: (u16, u16)) -> Pty {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tidbok"));
    command.args(["--database", &format!("sqlite:{}", place.database().display())]);
    place.homes().for_each(|(name, folder)| command.env(name, folder));
    Pty::run(command, size)
}

/// Fills in the four cards of a new clinic.
fn set_up(pty: &mut Pty) {
    pty.wait_for("Kliniken är ny");
    pty.send("\r");
    pty.wait_for("Organisation · Ny");
    pty.send("Koncernen\x1bOQ");
    pty.wait_for("Företag · Ny");
    pty.send("Kliniken\x1bOQ");
    pty.wait_for("Behandlare · Ny");
    pty.send("Anna Ek\tAE\x1bOQ");
    pty.wait_for("Behörighetssystem · Ny");
    pty.send("ADM\tEva Adm\x1bOQ");
}

#[test]
fn with_a_password_the_first_administrator_chooses_one_and_is_asked_for_it_from_then_on() {
    let place = empty("login = \"password\"\nlock_minutes = 30\n");
    let mut pty = console(&place, (80, 24));
    set_up(&mut pty);
    pty.wait_for("Nytt lösenord");
    // Whoever leaves here is not locked out: the owner goes on where it stopped.
    pty.send("\x1b");
    pty.wait_gone("Nytt lösenord");
    pty.send("p");
    pty.wait_for("Nytt lösenord");
    pty.send(format!("{PASSWORD}\t{PASSWORD}\x1bOQ"));
    pty.wait_for("Kliniken är uppsatt");
    pty.send("q");
    assert!(pty.wait_end().success());

    let mut pty = console(&place, (60, 16));
    pty.wait_for("Signatur:");
    pty.send("ADM\r");
    pty.wait_for("Lösenord:");
    pty.send(format!("{PASSWORD}\r"));
    pty.wait_for("Anna Ek");
    pty.send("\x1b[18~");
    pty.wait_for("tidbok · Låst");
    assert!(pty.screen().contains("Eva Adm (ADM)") && !pty.screen().contains("Anna Ek"));
    let since = pty.wait_quiet(Duration::from_millis(300));
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(pty.bytes_since(since).len(), 0, "a locked screen is silent");
    pty.send("fel lösenord\r");
    pty.wait_for("Fel lösenord.");
    pty.send(format!("{PASSWORD}\r"));
    pty.wait_for("Anna Ek");
    pty.send("q");
    assert!(pty.wait_end().success());
    assert!(tidbok(&place, &["status"]).1.contains("ingen har loggat in"));
}

#[test]
fn by_account_the_first_administrators_is_the_one_that_runs_the_program() {
    let place = empty("login = \"os\"\n");
    assert!(!tidbok(&place, &["slots"]).0, "no command goes before the set-up");
    let mut pty = console(&place, (60, 16));
    set_up(&mut pty);
    pty.wait_for("Kliniken är uppsatt");
    pty.send("q");
    assert!(pty.wait_end().success());
    let (_, status) = tidbok(&place, &["status", "--json"]);
    assert!(status.contains("\"actor\": \"ADM\""), "{status}");
    assert!(tidbok(&place, &["slots"]).0);
}

#[test]
fn without_signing_in_the_files_owner_sets_up_and_no_password_is_asked_for() {
    let place = empty("");
    let mut pty = console(&place, (80, 24));
    set_up(&mut pty);
    pty.wait_for("Kliniken är uppsatt");
    pty.send("\x1b[18~");
    pty.wait_for("Ingen användare är inloggad");
    pty.send("q");
    assert!(pty.wait_end().success());
}

#[test]
fn a_screen_that_locks_is_refused_to_whoever_could_not_open_it_again() {
    let place = empty("lock_minutes = 5\n");
    let mut pty = console(&place, (80, 24));
    set_up(&mut pty);
    pty.wait_for("Kliniken är uppsatt");
    pty.send("q");
    assert!(pty.wait_end().success());
    let mut pty = console(&place, (80, 24));
    pty.wait_for("ange en med --user");
    assert!(!pty.wait_end().success());
}
