//! The README's tables of keys and commands are made from the program and never stale.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use clap::CommandFactory;
use tidbok::cli::Cli;
use tidbok::config::KEYS;
use tidbok::texts::Language;
use tidbok::tui::actions::{Context, in_context};

const UPDATE: &str = "TIDBOK_UPDATE_README";

#[test]
fn the_tables_are_those_of_the_program() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let stands = fs::read_to_string(&path).expect("the README is there");
    let made = with_block(&stands, "keys", &keys());
    let made = with_block(&made, "commands", &commands());
    let made = with_block(&made, "configuration", &configuration());
    if std::env::var_os(UPDATE).is_some() {
        fs::write(&path, &made).expect("the README can be written");
        return;
    }
    assert!(stands == made, "the README is stale: {UPDATE}=1 cargo test --test readme");
}

#[test]
fn every_picture_and_folder_that_it_shows_is_there() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("README.md")).expect("the README is there");
    let shown = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let shown: Vec<&str> = shown.filter(|path| path.starts_with("screenshots")).collect();
    assert!(!shown.is_empty());
    for path in shown {
        assert!(root.join(path).exists(), "{path}");
    }
}

fn with_block(text: &str, name: &str, content: &str) -> String {
    let begin = format!("<!-- {name}: begin -->\n");
    let end = format!("<!-- {name}: end -->");
    let (before, rest) = text.split_once(&begin).expect("the block begins");
    let (_, after) = rest.split_once(&end).expect("the block ends");
    format!("{before}{begin}{content}{end}{after}")
}

fn keys() -> String {
    let mut table = String::from("| key | action | på svenska | in English |\n|---|---|---|---|\n");
    for entry in in_context(Context::Grid) {
        let keys: Vec<String> = entry.keys.iter().map(|key| format!("`{key}`")).collect();
        let (swedish, english) = (entry.text(Language::Swedish), entry.text(Language::English));
        let (keys, id) = (keys.join(" "), entry.id);
        writeln!(table, "| {keys} | `{id}` | {swedish} | {english} |").expect("writes");
    }
    table
}

fn configuration() -> String {
    let mut table = String::from("| key | default | what it is |\n|---|---|---|\n");
    for doc in KEYS {
        writeln!(table, "| `{}` | {} | {} |", doc.key, doc.default, doc.about).expect("writes");
    }
    let examples: Vec<&str> = KEYS.iter().map(|doc| doc.example).collect();
    format!("{table}\n```toml\n{}\n```\n", examples.join("\n"))
}

fn commands() -> String {
    let mut table = String::from("| command | what it does |\n|---|---|\n");
    for command in Cli::command().get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let parts: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        let parts =
            if parts.is_empty() { String::new() } else { format!(" {}", parts.join("\\|")) };
        writeln!(table, "| `{}`{parts} | {about} |", command.get_name()).expect("writes");
    }
    table
}
