//! What is done with each target's bytes, and the laws that must hold whatever they are. `targets` are
//! these under a fuzzer that looks for bytes that break a law; `main.rs` replays what it has found so far
//! with the other tests.

mod clinic_file;
mod config;
mod console;
mod fhir;
mod location;
mod portal;
mod typed;

/// A target: its name, and what is done with its bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, by the name of its folder under `seeds`.
pub const TARGETS: [Target; 7] = [
    ("clinic_file", clinic_file::run),
    ("config", config::run),
    ("console", console::run),
    ("fhir", fhir::run),
    ("location", location::run),
    ("portal", portal::run),
    ("typed", typed::run),
];

/// Does what the target of that name does.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, body) = target.unwrap_or_else(|| panic!("no target {name}"));
    body(bytes);
}

/// Monday 23 November 2026.
fn today() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}
