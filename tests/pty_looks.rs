//! The console as configured: language, theme, characters, rows and keys reach the real terminal.
#![cfg(unix)]

mod common;

use std::time::Duration;

use common::place::{Place, loaded};
use common::pty::Pty;

const CONFIG: &str = "\
language = \"en\"
theme = \"light\"
ascii = true
row_minutes = 30
[keys]
check-settings = \"F12\"
";
const F12: &str = "\x1b[24~";
/// The colour of keys in the light theme.
const LIGHT_KEY: &[u8] = b"38;5;25";

fn configured(arguments: &[&str]) -> (Place, Pty) {
    let place = Place::new();
    let (_, folder) = place.homes().next().expect("a home");
    std::fs::create_dir(folder.join("tidbok")).expect("a folder");
    std::fs::write(folder.join("tidbok").join("config.toml"), CONFIG).expect("a file");
    let mut command = place.demo_command("ADM");
    command.args(arguments);
    let pty = Pty::run(command, (120, 40));
    (place, pty)
}

fn drawing_characters(screen: &str) -> Vec<char> {
    screen.chars().filter(|letter| !letter.is_ascii() && !letter.is_alphabetic()).collect()
}

#[test]
fn the_users_file_decides_how_the_console_looks_and_which_keys_it_has() {
    let (_place, mut pty) = configured(&[]);
    let screen = pty.wait_until("a loaded week", |screen| {
        screen.contains("Anna Ek") && screen.contains("? Help") && !screen.contains("Loading")
    });
    assert!(
        screen.contains("08:30") && !screen.lines().any(|line| line.starts_with(" 08:15")),
        "{screen}"
    );
    assert!(drawing_characters(&screen).is_empty(), "{screen}");
    pty.wait_for_bytes(0, LIGHT_KEY);

    pty.send(F12);
    let list = pty.wait_for("Settings check");
    assert!(list.contains("Fault R3 Preblock type E-tid vilande"), "{list}");
    pty.send("\r");
    let finding = pty.wait_for("Mend it in");
    assert!(finding.contains("Settings > Preblock types"), "{finding}");
    assert!(drawing_characters(&finding).is_empty(), "{finding}");
    pty.send("\x1b");
    pty.wait_gone("Mend it in");
    pty.send("\x1b");
    pty.wait_gone("Settings check");

    pty.send(":");
    pty.wait_for("Command");
    pty.send("inställningskontroll\r");
    pty.wait_for("Settings check");
    pty.send("\x1b");
    pty.wait_gone("Settings check");
    pty.send("q");
    assert!(pty.wait_end().success());
}

#[test]
fn options_go_before_the_users_file() {
    let (_place, mut pty) = configured(&["--theme", "mono", "--ascii=false", "--language", "sv"]);
    pty.wait_until("a loaded week", |screen| {
        screen.contains("Anna Ek") && screen.contains("? Hjälp") && !screen.contains("Hämtar")
    });
    let sent = pty.wait_quiet(Duration::from_millis(300));
    assert!(drawing_characters(&pty.screen()).contains(&'·'), "{}", pty.screen());
    let bytes = pty.bytes_since(0);
    assert_eq!(bytes.len(), sent);
    assert!(!bytes.windows(LIGHT_KEY.len()).any(|window| window == LIGHT_KEY));
    pty.send("q");
    assert!(pty.wait_end().success());
}

#[test]
fn a_terminal_that_had_another_size_for_a_moment_is_drawn_whole() {
    let place = Place::new();
    let mut pty = place.demo("REC", (120, 40));
    pty.wait_quiet(Duration::from_millis(300));
    pty.resize((80, 24));
    // What stood there is lost, as a terminal loses what it had no room for.
    pty.resize((120, 40));
    loaded(&pty);
    pty.wait_for("Patienten ser");
    pty.send("q");
    assert!(pty.wait_end().success());
}
