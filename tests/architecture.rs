//! The house: which room may use which, and what stands in none of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Longer files are two files.
const MOST_LINES: usize = 500;

/// Each room with the rooms of ours that it may use, itself apart. The command line may use them all.
const ROOMS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("clinic", &["domain", "store"]),
    ("fhir", &[]),
    ("portal", &["domain", "fhir"]),
    ("sync", &["clinic", "domain", "fhir", "store"]),
    ("mail", &["clinic", "domain", "texts"]),
    // Of the store the errors only, see ERRORS_OF_STORE.
    ("texts", &["clinic", "domain", "store"]),
    ("tui", &["clinic", "domain", "texts"]),
    ("config", &["store"]),
    ("demo", &["domain", "store"]),
];

/// What the texts may name of the store: what is worded there.
const ERRORS_OF_STORE: [&str; 4] = ["BadLocation", "CopyError", "ServerError", "StoreError"];

/// What decides and draws on screen, and what words it: without input, output or clock, as the domain is.
const QUIET: [&str; 9] = [
    "src/tui/update",
    "src/tui/view",
    "src/tui/panels",
    "src/tui/dialogs",
    "src/tui/form",
    "src/tui/patient",
    "src/tui/settings",
    "src/texts",
    "src/fhir",
];

/// What in the console stands on the model and on nothing that stands beside it. Only where they are joined,
/// in [`JOINED_IN`], both are named.
const ON_THE_MODEL: [&str; 2] = ["update", "view"];

/// Where the console's parts are joined.
const JOINED_IN: [&str; 3] = ["src/tui/mod.rs", "src/tui/runtime.rs", "src/tui/leaving.rs"];

/// What may be named there all the same: a terminal's keys, styles and fields, which are plain values.
const PLAIN_VALUES: [&str; 3] = ["ratatui", "crossterm", "tui_input"];

/// What a room that is pure must not name: input, output, clocks, chance, threads, terminals, databases.
const IMPURE: [&str; 28] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "std::io",
    "SystemTime::now",
    "Instant",
    "Utc::now",
    "Local::now",
    "chrono::Local",
    "tokio",
    "futures_util",
    "rusqlite",
    "tiberius",
    "ratatui",
    "crossterm",
    "tui_input",
    "reqwest",
    "axum",
    "hyper",
    "getrandom",
    "clap",
    "etcetera",
    "tempfile",
    "nix",
    "println!",
    "Uuid",
];

const PANICKY: [&str; 13] = [
    ".unwrap()",
    ".expect(",
    ".unwrap_err()",
    ".expect_err(",
    "panic!(",
    "unreachable!(",
    "todo!(",
    "unimplemented!(",
    "unwrap_unchecked",
    // They panic where nobody listens.
    "print!(",
    "println!(",
    "eprint!(",
    "eprintln!(",
];

/// A source file without its comments, texts and tests, line for line.
struct Source {
    path: PathBuf,
    code: String,
    /// What it says of itself at its top.
    opening: String,
    lines: usize,
}

impl Source {
    /// The first room of the path under `src`, such as `domain`; the file's stem at the top.
    fn room(&self) -> String {
        let below = self.path.strip_prefix("src").unwrap_or(&self.path);
        let first = below.components().next().map(|part| part.as_os_str().to_string_lossy());
        first.unwrap_or_default().trim_end_matches(".rs").to_owned()
    }

    /// How many times `super::` leads to the top from here.
    fn depth(&self) -> usize {
        let below = self.path.strip_prefix("src").unwrap_or(&self.path);
        below.components().count() - usize::from(below.ends_with("mod.rs"))
    }

    /// Where a text stands in the code, as `path:line`.
    fn places(&self, text: &str) -> Vec<String> {
        let path = self.path.display();
        let lines = self.code.lines().enumerate();
        lines
            .filter(|(_, line)| holds_word(line, text))
            .map(|(n, _)| format!("{path}:{}: {text}", n + 1))
            .collect()
    }

    /// What is named from a path on, such as `super::`, over several lines where it is a list.
    fn named_from(&self, path: &str) -> impl Iterator<Item = &str> {
        let ends = self.code.match_indices(path).map(|(at, _)| at + path.len());
        ends.map(|at| self.code[at..].split(';').next().unwrap_or_default())
    }
}

/// Whether `text` stands in `line`, not as the middle of a longer name.
fn holds_word(line: &str, text: &str) -> bool {
    let part_of_name =
        |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(text).any(|(at, _)| {
        let starts_name = text.starts_with(|c: char| c.is_alphanumeric());
        let ends_name = text.ends_with(|c: char| c.is_alphanumeric());
        let before = line[..at].chars().next_back();
        let after = line[at + text.len()..].chars().next();
        !(starts_name && part_of_name(before) || ends_name && part_of_name(after))
    })
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !is_tests(&path) {
                let text = fs::read_to_string(&path).unwrap();
                let code = without_tests(&without_comments_and_texts(&text));
                let opening = text.lines().map_while(|line| line.strip_prefix("//!"));
                let opening = opening.collect::<Vec<_>>().join("");
                sources.push(Source { path, code, opening, lines: text.lines().count() });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 20, "run from the crate's folder");
    sources
}

/// A file of tests by its name, such as `tests.rs` or `resolver_tests.rs`, or in a folder `tests`.
fn is_tests(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.ends_with("tests") || path.components().any(|part| part.as_os_str() == "tests")
}

/// Blanks comments and what stands in quotes, keeping the lines.
fn without_comments_and_texts(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::new();
    let mut at = 0;
    while at < letters.len() {
        let end = match (letters[at], letters.get(at + 1)) {
            ('/', Some('/')) => until(&letters, at, |rest| rest[0] == '\n'),
            ('/', Some('*')) => until(&letters, at, |rest| rest.starts_with(&['*', '/'])) + 2,
            ('r', Some('#' | '"')) if !is_name(&code) => end_of_raw_text(&letters, at),
            ('"', _) => end_of_quoted(&letters, at, '"'),
            ('\'', _) if is_letter_in_quotes(&letters[at..]) => end_of_quoted(&letters, at, '\''),
            _ => at + 1,
        };
        let taken = &letters[at..end.min(letters.len())];
        if taken.len() == 1 {
            code.push(taken[0]);
        } else {
            code.extend(taken.iter().map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
        }
        at = end;
    }
    code
}

fn is_name(code: &str) -> bool {
    code.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
}

fn until(letters: &[char], from: usize, stop: impl Fn(&[char]) -> bool) -> usize {
    (from..letters.len()).find(|at| stop(&letters[*at..])).unwrap_or(letters.len())
}

/// Past a raw text that begins at `from`; past the `r` where none does.
fn end_of_raw_text(letters: &[char], from: usize) -> usize {
    let hashes = letters[from + 1..].iter().take_while(|letter| **letter == '#').count();
    let opening = from + 1 + hashes;
    if letters.get(opening) != Some(&'"') {
        return from + 1;
    }
    let closing: Vec<char> = std::iter::once('"').chain("#".repeat(hashes).chars()).collect();
    until(letters, opening + 1, |rest| rest.starts_with(&closing)) + closing.len()
}

fn end_of_quoted(letters: &[char], from: usize, quote: char) -> usize {
    let mut at = from + 1;
    while at < letters.len() && letters[at] != quote {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// `'a'` or `'\n'`, not a lifetime.
fn is_letter_in_quotes(rest: &[char]) -> bool {
    rest.get(1) == Some(&'\\') || rest.get(2) == Some(&'\'')
}

/// Blanks every item under `#[cfg(test)]`, keeping the lines.
fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    while let Some(at) = kept.find("#[cfg(test)]") {
        let item = &kept[at..];
        let body = item.find('{').unwrap_or(item.len());
        let end = match item.find(';') {
            Some(semicolon) if semicolon < body => semicolon + 1,
            _ => body + end_of_braces(&item[body..]),
        };
        let blank: String =
            item[..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(at..at + end, &blank);
    }
    kept
}

fn end_of_braces(code: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in code.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn each_room_uses_only_the_rooms_below_it() {
    let rooms: BTreeMap<&str, &[&str]> = ROOMS.into();
    let mut wrong = Vec::new();
    for source in sources() {
        let room = source.room();
        let Some(allowed) = rooms.get(room.as_str()) else { continue };
        let others = rooms.keys().chain([&"cli"]).filter(|other| **other != room);
        for other in others.filter(|other| !allowed.contains(other)) {
            wrong.extend(source.places(&format!("crate::{other}")));
        }
        // These would hide from the search above which rooms are meant.
        wrong.extend(source.places("crate::{"));
        wrong.extend(source.places("crate::*"));
        wrong.extend(source.places("{super::"));
        wrong.extend(source.places(&"super::".repeat(source.depth())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn update_and_view_know_the_model_and_neither_the_other_and_nothing_else_knows_them() {
    let console = |source: &&Source| {
        let path = source.path.as_path();
        path.starts_with("src/tui") && !JOINED_IN.iter().any(|joined| path == Path::new(joined))
    };
    let mut wrong = Vec::new();
    for source in sources().iter().filter(console) {
        let inside = |part: &&str| source.path.starts_with(format!("src/tui/{part}"));
        for part in ON_THE_MODEL.iter().filter(|part| !inside(part)) {
            let up = "super::".repeat(source.depth().saturating_sub(1));
            let named = [format!("tui::{part}"), format!("{up}{part}"), "tui::{".to_owned()];
            wrong.extend(named.iter().flat_map(|name| source.places(name)));
            let list = format!("use {up}{{");
            let lists = source.named_from(&list).filter(|list| holds_word(list, part));
            wrong.extend(lists.map(|list| format!("{}: {list}", source.path.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_texts_name_of_the_store_its_errors_only() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "texts") {
        for named in source.named_from("crate::store") {
            let names = named.split(|letter: char| !letter.is_alphanumeric());
            let mut names = names.filter(|name| !name.is_empty()).peekable();
            // Nothing, or everything: then what is meant stands elsewhere.
            if names.peek().is_none() || names.any(|name| !ERRORS_OF_STORE.contains(&name)) {
                wrong.push(format!("{}: crate::store{named}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_at_the_top_of_the_library_names_every_room_with_the_arrows_that_are_checked() {
    let library = fs::read_to_string("src/lib.rs").unwrap();
    let modules: BTreeSet<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let known: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).chain(["cli"]).collect();
    assert_eq!(modules, known);
    for (room, uses) in ROOMS {
        let line = library.lines().find(|line| line.starts_with(&format!("//! | [`{room}`]")));
        let last = line.and_then(|line| line.trim_end_matches(" |").rsplit('|').next());
        let last = last.unwrap_or_else(|| panic!("{room} is not on the map"));
        let mut told: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        told.sort_unstable();
        assert_eq!(told, uses, "{room}");
    }
}

#[test]
fn what_decides_draws_and_words_does_no_input_output_and_reads_no_clock() {
    let sources = sources();
    let quiet = |source: &&Source| QUIET.iter().any(|folder| source.path.starts_with(folder));
    let impure = IMPURE.iter().filter(|name| !PLAIN_VALUES.contains(name));
    let wrong: Vec<String> = impure
        .flat_map(|name| sources.iter().filter(quiet).flat_map(|source| source.places(name)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_file_that_calls_itself_pure_is_so() {
    let sources = sources();
    let says_so =
        |source: &&Source| source.opening.contains("Pure") || source.opening.contains(": pure");
    let pure: Vec<&Source> = sources.iter().filter(says_so).collect();
    assert!(pure.len() > 80, "{}", pure.len());
    let impure = IMPURE.iter().filter(|name| !PLAIN_VALUES.contains(name));
    let wrong: Vec<String> =
        impure.flat_map(|name| pure.iter().flat_map(|source| source.places(name))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_domain_uses_nothing_of_ours_and_is_pure() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "domain") {
        let ours = source.places("crate::").len() - source.places("crate::domain").len();
        if ours > 0 {
            wrong.push(format!("{}: crate::", source.path.display()));
        }
        wrong.extend(IMPURE.iter().flat_map(|name| source.places(name)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_outside_the_tests_panics_on_purpose() {
    let wrong: Vec<String> = sources()
        .iter()
        .flat_map(|source| PANICKY.iter().flat_map(|name| source.places(name)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_two_screens_of_functions() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| source.lines > MOST_LINES)
        .map(|source| format!("{}: {} lines", source.path.display(), source.lines))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn main_only_parses_configures_logs_and_runs() {
    let main = fs::read_to_string("src/main.rs").unwrap();
    assert!(main.lines().count() < 80, "{} lines", main.lines().count());
}

#[test]
fn every_file_of_a_room_opens_by_saying_what_it_is() {
    let mute: Vec<String> = sources()
        .iter()
        .filter(|source| source.path.components().count() > 2)
        .filter(|source| !fs::read_to_string(&source.path).unwrap().starts_with("//! "))
        .map(|source| source.path.display().to_string())
        .collect();
    assert!(mute.is_empty(), "{mute:#?}");
}

#[test]
fn a_rooms_table_of_its_files_names_those_that_there_are() {
    for folder in ["src/domain", "src/clinic", "src/cli", "src/portal/page", "src/tui"] {
        let text = fs::read_to_string(format!("{folder}/mod.rs")).unwrap();
        let rows = || text.lines().filter(|line| line.starts_with("//! | "));
        let files = rows().filter_map(|row| row.split('|').nth(1));
        let named: BTreeSet<&str> =
            files.flat_map(|files| files.split('`').skip(1).step_by(2)).collect();
        let modules = text.lines().filter_map(|line| {
            line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')
        });
        let modules: BTreeSet<&str> = modules.collect();
        let gone: Vec<_> = named.difference(&modules).collect();
        let others = rows().any(|row| row.starts_with("//! | the others |"));
        let unnamed: Vec<_> = modules.difference(&named).filter(|_| !others).collect();
        assert!(gone.is_empty() && unnamed.is_empty(), "{folder}: {gone:?} {unnamed:?}");
    }
}

#[test]
fn the_reader_of_sources_drops_comments_texts_and_tests_only() {
    let text = r##"
fn kept<'a>() { let _ = ('"', "x.unwrap() \" // no", r#"todo!() "quoted""#); } // panic!()
/* .expect( */ fn also() {}
#[cfg(test)]
mod tests { fn gone() { panic!() } }
fn last() { after.unwrap() }
"##;
    let code = without_tests(&without_comments_and_texts(text));
    assert_eq!(code.lines().count(), text.lines().count());
    for kept in ["fn kept<'a>()", "fn also()", "fn last()", ".unwrap()"] {
        assert!(code.contains(kept), "{kept} is gone: {code}");
    }
    for gone in ["x.unwrap", "todo!", "panic!", ".expect(", "mod tests", "quoted"] {
        assert!(!code.contains(gone), "{gone} is left: {code}");
    }
    assert!(holds_word("use tokio::time;", "tokio") && !holds_word("Instantly", "Instant"));
}
