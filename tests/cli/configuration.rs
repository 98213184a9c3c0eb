//! Which database is meant, as the program itself finds it.

use std::os::unix::fs::PermissionsExt;

use crate::desk::{Desk, EXAMPLE, Ended};

fn chosen(desk: &Desk, arguments: &[&str], variable: Option<&str>) -> (String, String) {
    let all: Vec<&str> = ["status", "--timeout", "60", "--json"]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    let mut command = desk.program(&all);
    command.envs(variable.map(|value| ("TIDBOK_DATABASE", value)));
    let told = Ended::of(command.output().unwrap()).done();
    let status: serde_json::Value = serde_json::from_str(&told).unwrap();
    let text = |key: &str| status[key].as_str().unwrap().to_owned();
    (text("database"), text("chosen_by"))
}

#[test]
fn the_database_is_the_options_the_variables_the_files_or_the_default() {
    let desk = Desk::empty();
    let url = |name: &str| format!("sqlite:{}", desk.path(name).display());
    desk.run_unnamed(&["init"]).done();
    for name in ["option.db", "variable.db", "file.db"] {
        desk.run_on(&url(name), &["init"]).done();
    }
    let default = url("data/tidbok/tidbok.db");
    assert_eq!(chosen(&desk, &[], None), (default, "default".into()));
    desk.configure(&format!("database = \"{}\"", url("file.db")));
    assert_eq!(chosen(&desk, &[], None), (url("file.db"), "user configuration".into()));
    let variable = url("variable.db");
    assert_eq!(chosen(&desk, &[], Some(&variable)), (variable.clone(), "TIDBOK_DATABASE".into()));
    let option = url("option.db");
    let named = chosen(&desk, &["--database", &option], Some(&variable));
    assert_eq!(named, (option.clone(), "--database".into()));
}

#[test]
fn the_default_database_lies_in_a_folder_of_the_users_own() {
    let desk = Desk::empty();
    desk.run_unnamed(&["status", "--timeout", "60"]).failed(3, &["tidbok.db", "init"]);
    desk.run_unnamed(&["import", EXAMPLE]).done();
    let folder = std::fs::metadata(desk.path("data/tidbok")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}

#[test]
fn init_makes_an_empty_database_and_leaves_one_that_is_there() {
    let desk = Desk::example();
    let before = desk.run(&["export", "--complete"]).done();
    assert!(desk.run(&["init", "--language", "en"]).done().contains("already"));
    assert_eq!(desk.run(&["export", "--complete"]).done(), before);
    let empty = Desk::empty();
    empty.run(&["init"]).done();
    assert_eq!(empty.run(&["slots", "--json"]).done(), "[]\n");
}

#[test]
fn a_wrong_configuration_file_is_told_by_file_line_and_key() {
    let desk = Desk::example();
    desk.configure("language = \"en\"\nlogon = \"os\"\n");
    desk.run(&["slots"]).failed(2, &["config.toml:2", "logon"]);
}

#[test]
fn the_language_is_swedish_unless_another_is_chosen() {
    let desk = Desk::example();
    let none = ["slots", "--from", "2026-12-07"];
    assert_eq!(desk.run(&none).done(), "Inga bokningsbara tider.\n");
    desk.configure("language = \"en\"");
    assert_eq!(desk.run(&none).done(), "No bookable times.\n");
    let swedish: Vec<&str> = none.into_iter().chain(["--language", "sv"]).collect();
    assert_eq!(desk.run(&swedish).done(), "Inga bokningsbara tider.\n");
}

/// What `tidbok config --json` says of a key: value and source.
fn in_force(ended: Ended, key: &str) -> (Option<String>, String) {
    let rows: serde_json::Value = serde_json::from_str(&ended.done()).unwrap();
    let row = rows.as_array().unwrap().iter().find(|row| row["key"] == key).unwrap().clone();
    (row["value"].as_str().map(str::to_owned), row["source"].as_str().unwrap().to_owned())
}

#[test]
fn config_tells_each_value_and_where_it_comes_from() {
    let desk = Desk::empty();
    desk.configure("theme = \"light\"\nrow_minutes = 10\n[keys]\nundo = [\"z\", \"F6\"]\n");
    let run = |more: &[&str]| {
        let all: Vec<&str> = ["config", "--json"].into_iter().chain(more.iter().copied()).collect();
        desk.run_unnamed(&all)
    };
    let said = |value: &str, by: &str| (Some(value.to_owned()), by.to_owned());
    for (key, expected) in [
        ("login", said("none", "default")),
        ("language", said("sv", "default")),
        ("theme", said("light", "user configuration")),
        ("ascii", (None, "default".to_owned())),
        ("row_minutes", said("10", "user configuration")),
        ("keys.undo", said("z, F6", "user configuration")),
    ] {
        assert_eq!(in_force(run(&[]), key), expected, "{key}");
    }
    let options = ["--theme", "mono", "--ascii", "--language", "en"];
    assert_eq!(in_force(run(&options), "theme"), said("mono", "option"));
    assert_eq!(in_force(run(&options), "ascii"), said("true", "option"));
    assert_eq!(in_force(run(&["--ascii=false"]), "ascii"), said("false", "option"));

    let text = desk.run(&["config"]).done();
    for told in ["--database", "användarens fil", "config.toml", "som terminalen säger"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let mut command = desk.program(&["config", "--json"]);
    command.env("NO_COLOR", "1");
    let ended = Ended::of(command.output().unwrap());
    assert_eq!(in_force(ended, "theme"), said("light", "user configuration"));
}

#[test]
fn keys_that_cannot_be_are_told_by_file_and_action() {
    let desk = Desk::empty();
    desk.configure("[keys]\nlay-preblok = \"x\"\n");
    desk.run(&["config"]).failed(2, &["config.toml", "lay-preblok", "närmast är lay-preblock"]);
    desk.configure("[keys]\nundo = \"b\"\n");
    let words = ["undo", "b is already the key of book"];
    desk.run(&["config", "--language", "en"]).failed(2, &words);
    let ended = desk.run(&["doctor"]);
    assert!(ended.out.contains("Fel     Konfiguration:") && ended.out.contains("book"));
}
