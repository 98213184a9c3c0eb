//! The README's walk-through, key by key in a real terminal: from an empty database to bookable
//! times, and what the export then says.
#![cfg(unix)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use common::pty::Pty;
use portable_pty::CommandBuilder;
use serde_json::{Value, json};
use tidbok::domain::Permission;

const SMALL: (u16, u16) = (80, 24);

const ESCAPE: &[u8] = b"\x1b";

/// A line of the walk: what is pressed, and what then stands on the screen.
struct Step {
    keys: Vec<Vec<u8>>,
    shows: String,
}

/// The lines of the README's block of that name.
fn steps(block: &str) -> Vec<Step> {
    let readme = include_str!("../README.md");
    let begin = format!("<!-- {block}: begin -->\n```text\n");
    let (_, rest) = readme.split_once(&begin).expect("the README has the block");
    let (lines, _) = rest.split_once("```").expect("the block ends");
    let lines = lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(step).collect()
}

fn step(line: &str) -> Step {
    let (keys, shows) = line.split_once('→').unwrap_or_else(|| panic!("no arrow: {line}"));
    let mut pressed = Vec::new();
    let mut rest = keys.trim();
    while !rest.is_empty() {
        let (bytes, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (text, after) = quoted.split_once('"').expect("the quote ends");
                (text.as_bytes().to_vec(), after)
            }
            None => {
                let (name, after) = rest.split_once(' ').unwrap_or((rest, ""));
                (key(name).to_vec(), after)
            }
        };
        pressed.push(bytes);
        rest = after.trim_start();
    }
    Step { keys: pressed, shows: shows.trim().to_owned() }
}

/// What a terminal sends for a key.
fn key(name: &str) -> &[u8] {
    match name {
        "Enter" => b"\r",
        "Tab" => b"\t",
        "Esc" => ESCAPE,
        "Space" => b" ",
        "Up" => b"\x1b[A",
        "Down" => b"\x1b[B",
        "Right" => b"\x1b[C",
        "Left" => b"\x1b[D",
        "PgDn" => b"\x1b[6~",
        "Shift+Tab" => b"\x1b[Z",
        "F2" => b"\x1bOQ",
        letter => {
            assert_eq!(letter.chars().count(), 1, "{letter} is a key of the walk");
            letter.as_bytes()
        }
    }
}

/// A clinic's folder.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn database(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("clinic.db").display())
    }

    fn homes(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        common::HOMES.into_iter().map(|name| (name, self.folder.path()))
    }

    fn console(&self, arguments: &[&str]) -> Pty {
        let mut command = CommandBuilder::new(program());
        command.args(["--database", &self.database()]);
        command.args(arguments);
        self.homes().for_each(|(name, folder)| command.env(name, folder));
        Pty::run(command, SMALL)
    }

    fn tidbok(&self, arguments: &[&str]) -> String {
        let output = Command::new(program())
            .args(["--database", &self.database()])
            .args(arguments)
            .envs(self.homes())
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }
}

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_tidbok").into()
}

fn walk(pty: &mut Pty, block: &str) {
    for step in steps(block) {
        assert!(
            !pty.screen().contains(&step.shows),
            "{:?} stands there before its keys:\n{}",
            step.shows,
            pty.screen()
        );
        for key in &step.keys {
            pty.send(key);
            if key == ESCAPE {
                // What follows at once would be read as part of it.
                pty.wait_quiet(Duration::from_millis(100));
            }
        }
        pty.wait_for(&step.shows);
    }
}

#[test]
fn the_readmes_walk_leads_from_an_empty_database_to_everything_the_manual_sets_up() {
    let place = Place { folder: tempfile::tempdir().expect("a temporary folder") };
    place.tidbok(&["init"]);
    let mut pty = place.console(&[]);
    pty.wait_for("Kliniken är ny");
    walk(&mut pty, "walk");
    pty.send(ESCAPE);
    // What follows at once would be read as part of it.
    pty.wait_quiet(Duration::from_millis(100));
    pty.wait_for("v Markera");
    pty.send("q");
    assert!(pty.wait_end().success());

    let mut pty = place.console(&["--user", "ELEV"]);
    pty.wait_until("a loaded week", |screen| {
        screen.contains("ej schemalagt") && !screen.contains("Hämtar")
    });
    walk(&mut pty, "walk-elev");
    drop(pty);

    let export = serde_json::from_str(&place.tidbok(&["export", "--complete"]));
    says_what_was_set_up(&export.expect("JSON"));
}

/// Manual sections 1 to 6.
fn says_what_was_set_up(export: &Value) {
    let entries = |array: &str| export[array].as_array().expect("an array");
    let one = |array: &str| match entries(array).as_slice() {
        [one] => one.clone(),
        all => panic!("{array}: {all:?}"),
    };
    let assert_holds = |entity: &Value, expected: Value| {
        for (key, value) in expected.as_object().expect("an object") {
            assert_eq!(&entity[key], value, "{key} of {entity}");
        }
    };

    // 1: two sessions on each of five days, and on four weeks' days that are not red.
    let sessions = entries("work_sessions");
    assert!(sessions.len() > 10 && sessions.len() <= 50, "{}", sessions.len());
    for session in sessions {
        let clock = |key: &str| session[key].as_str().expect("a time")[11..].to_owned();
        assert_eq!(session["practitioner"], "AE");
        let hours = (clock("start"), clock("end"));
        assert!(
            [("08:00", "12:00"), ("13:00", "17:00")]
                .contains(&(hours.0.as_str(), hours.1.as_str())),
            "{hours:?}"
        );
    }

    let category = one("categories")["id"].clone();
    let kind = one("preblock_types");
    assert_holds(
        &kind,
        json!({
            "name": "E-tid undersökning", "text": "Webb", "kind": "internet", "practitioners": null,
            "may_bypass": true, "allow": true, "categories": [category],
            "expires_days_before": null, "code": null, "active": true,
        }),
    );

    let template = one("templates");
    assert_holds(
        &template,
        json!({
            "name": "Undersökning 30 min", "minutes": 30, "category": category, "online": true,
            "online_rebook": true, "online_cancel": true, "calendar_text": "E-tid",
        }),
    );

    // 5: the lists, and one chosen at each level.
    let (templates, types) = (one("template_lists"), one("preblock_lists"));
    let everyone = json!({"kind": "all"});
    assert_holds(
        &templates,
        json!({"name": "E-tidbok", "owner": everyone, "items": [template["id"]]}),
    );
    assert_holds(&types, json!({"name": "E-tider", "owner": everyone, "items": [kind["id"]]}));
    assert_holds(
        &one("organisations"),
        json!({"name": "Tandvård Mitt", "online_template_list": templates["id"]}),
    );
    assert_holds(&one("companies"), json!({"name": "Storgatan AB", "preblock_list": types["id"]}));
    assert_holds(
        &one("practitioners"),
        json!({"name": "Anna Ek", "signature": "AE", "template_list": templates["id"]}),
    );

    // 6: the administrator may everything, the pupil what everyone may but publishing.
    let [elev, it] = entries("users").as_slice() else { panic!("two users") };
    assert_holds(elev, json!({"signature": "ELEV", "permissions": ["patient.view"]}));
    assert_eq!(it["signature"], "IT");
    assert_eq!(it["permissions"].as_array().map(Vec::len), Some(Permission::ALL.len()));

    // 4: published on the Monday.
    let preblock = one("preblocks");
    let clock = |key: &str| preblock[key].as_str().expect("a time")[11..].to_owned();
    assert_eq!((clock("start"), clock("end")), ("09:00".into(), "11:00".into()));
}
