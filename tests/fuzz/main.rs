//! Whatever is read stays harmless: every input that a fuzzer has found worth keeping, replayed. The
//! README tells how to look for more.

mod bodies;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bodies::TARGETS;

/// The longest that is kept, in bytes: what is found is made small first.
const LONGEST: usize = 4 << 10;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz")
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|_| panic!("{}", folder.display()));
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.map(|entry| name(entry.expect("an entry"))).collect();
    names.sort();
    names
}

fn replay(target: &str) {
    let seeds = folder().join("seeds").join(target);
    let names = names_in(&seeds);
    assert!(!names.is_empty(), "{target} has no seeds");
    for name in names {
        let bytes = fs::read(seeds.join(&name)).expect("a seed");
        assert!(bytes.len() <= LONGEST, "{target}/{name} is too long to be kept");
        // Shown where the law does not hold.
        println!("{target}/{name}");
        bodies::run(target, &bytes);
    }
}

#[test]
fn a_clinic_file_is_refused_whole_or_kept_whole() {
    replay("clinic_file");
}

#[test]
fn a_configuration_file_is_refused_with_its_line_or_holds() {
    replay("config");
}

#[test]
fn the_console_draws_whatever_reaches_it_from_a_terminal() {
    replay("console");
}

#[test]
fn a_fhir_resource_is_refused_or_nothing_of_it_is_lost() {
    replay("fhir");
}

#[test]
fn a_databases_name_is_refused_without_its_password_or_written_as_it_is_read() {
    replay("location");
}

#[test]
fn the_portal_refuses_without_a_trace_and_adds_no_markup() {
    replay("portal");
}

#[test]
fn what_is_typed_into_a_field_is_refused_or_read_the_same_when_written() {
    replay("typed");
}

#[test]
fn every_target_has_its_seeds_its_program_and_its_entry() {
    let known: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let seeds: BTreeSet<String> = names_in(&folder().join("seeds")).into_iter().collect();
    assert_eq!(seeds, known);
    let programs = names_in(&folder().join("targets")).into_iter();
    let programs: BTreeSet<String> =
        programs.map(|name| name.trim_end_matches(".rs").to_owned()).collect();
    assert_eq!(programs, known);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("the manifest");
    for name in known {
        assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
    }
}
