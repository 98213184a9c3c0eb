//! The example clinic in and out, and the answers that stand beside it.

use std::os::unix::fs::PermissionsExt;

use chrono::NaiveDate;

use crate::desk::{Desk, EXAMPLE};

const SLOTS: &str = include_str!("../data/clinic-example.slots.json");
const EXPORT: &str = include_str!("../data/clinic-example.export.json");
const AT: [&str; 2] = ["--at", "2026-11-23T12:00"];

#[test]
fn the_examples_slots_are_listed_byte_for_byte() {
    let desk = Desk::example();
    let week = ["slots", AT[0], AT[1], "--from", "2026-11-23", "--days", "7", "--json"];
    assert_eq!(desk.run(&week).done(), SLOTS);
    let today = ["slots", AT[0], AT[1], "--json"];
    assert_eq!(desk.run(&today).done(), SLOTS, "a week from today is the default");
}

#[test]
fn the_example_that_import_prints_is_a_file_that_it_reads() {
    let desk = Desk::empty();
    let example = desk.run(&["import", "--print-example"]).done();
    assert!(example.contains("\"format\": \"tidbok-clinic\"") && !desk.database().exists());
    assert!(desk.run(&["help", "import"]).done().contains("--print-example"));
    let file = desk.path("example.json");
    std::fs::write(&file, &example).unwrap();
    desk.run(&["import", file.to_str().unwrap()]).done();
    assert_eq!(desk.run(&["export", "--complete"]).done(), example);
    desk.run(&["import"]).failed(2, &["<FILE>"]);
}

#[test]
fn a_complete_export_is_the_example_byte_for_byte_and_imports_to_the_same() {
    let desk = Desk::example();
    assert_eq!(desk.run(&["export", "--complete"]).done(), EXPORT);
    let again = Desk::empty();
    again.run_reading(&["import", "-"], EXPORT.as_bytes()).done();
    assert_eq!(again.run(&["export", "--complete"]).done(), EXPORT);
}

#[test]
fn the_slots_of_many_weeks_are_those_of_each_of_them_in_turn() {
    let desk = Desk::example();
    let slots = |from: &str, days: &str| -> Vec<serde_json::Value> {
        let listed = desk.run(&["slots", AT[0], AT[1], "--from", from, "--days", days, "--json"]);
        serde_json::from_str(&listed.done()).expect("JSON")
    };
    let together = slots("2026-11-20", "31");
    let days = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date").iter_days().take(31);
    let each: Vec<_> = days.flat_map(|day| slots(&day.to_string(), "1")).collect();
    assert!(!together.is_empty());
    assert_eq!(together, each);
    let table = desk.run(&["slots", AT[0], AT[1], "--from", "2026-11-20", "--days", "31"]).done();
    assert_eq!(table.lines().count(), 1 + together.len(), "one head for all of them");
}

#[test]
fn slots_narrow_to_a_practitioner_and_say_so_when_there_are_none() {
    let desk = Desk::example();
    let only = desk.run(&["slots", AT[0], AT[1], "--practitioner", "BL", "--json"]).done();
    assert!(only.contains("\"BL\"") && !only.contains("\"AE\""), "{only}");
    let later = ["slots", AT[0], AT[1], "--from", "2026-12-07"];
    assert_eq!(desk.run(&later).done(), "Inga bokningsbara tider.\n");
    let english: Vec<&str> = later.into_iter().chain(["--language", "en"]).collect();
    assert_eq!(desk.run(&english).done(), "No bookable times.\n");
    let json: Vec<&str> = later.into_iter().chain(["--json"]).collect();
    assert_eq!(desk.run(&json).done(), "[]\n");
}

#[test]
fn why_answers_with_the_rule_and_the_reason() {
    let desk = Desk::example();
    let why = |template: &str, start: &str| {
        desk.run(&["why", "AE", template, start, AT[0], AT[1], "--language", "en"]).done()
    };
    let cases = [
        ("us30", "2026-11-25T10:00", "Bookable"),
        ("us30", "2026-11-25T09:00", "R2"),
        ("us30", "2026-11-25T10:05", "10:00"),
        ("akut20", "2026-11-25T10:00", "R3"),
        ("intern", "2026-11-25T10:00", "R3"),
        ("us30", "2026-11-25T12:00", "R1"),
        ("us30", "2026-11-27T10:00", "R2"),
    ];
    for (template, start, word) in cases {
        let answer = why(template, start);
        assert!(answer.contains(word), "{template} {start}: {answer}");
    }
    let json = desk.run(&["why", "AE", "us30", "2026-11-25T09:00", AT[0], AT[1], "--json"]).done();
    assert!(json.contains("\"bookable\": false, \"rule\": \"R2\""), "{json}");
}

#[test]
fn an_export_masks_protected_patients_and_says_so() {
    let desk = Desk::empty();
    let file = desk.clinic_file("\"recall_months\": 12", "\"protected\": true");
    desk.run(&["import", file.to_str().unwrap()]).done();
    let ended = desk.run(&["export"]);
    assert!(!ended.out.contains("Tolvansson") && !ended.out.contains("1912"), "{}", ended.out);
    assert!(ended.err.contains("--complete"), "{}", ended.err);
    let complete = desk.run(&["export", "--complete"]);
    assert!(complete.out.contains("Tolvansson") && complete.err.is_empty());
}

#[test]
fn an_exported_file_is_new_and_its_owners_alone() {
    let desk = Desk::example();
    let path = desk.path("backup.json");
    assert_eq!(desk.run(&["export", "--complete", path.to_str().unwrap()]).done(), "");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), EXPORT);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(desk.run(&["export", "--complete", "-"]).done(), EXPORT, "standard output");
    let nowhere = desk.path("no/backup.json");
    let nowhere = nowhere.to_str().unwrap();
    desk.run(&["export", nowhere]).failed(3, &["no finns inte", "ange en annan fil"]);
    let english = desk.run(&["--language", "en", "export", nowhere]);
    english.failed(3, &["no does not exist", "name another file"]);
}

#[test]
fn an_export_takes_no_other_files_place_least_of_all_the_clinics_own() {
    let desk = Desk::example();
    let (other, link) = (desk.path("other.json"), desk.path("link"));
    std::fs::write(&other, "older").unwrap();
    std::os::unix::fs::symlink(desk.path("nowhere"), &link).unwrap();
    for path in [desk.database(), other.clone(), link, desk.path("")] {
        let ended = desk.run(&["export", "--complete", path.to_str().unwrap()]);
        ended.failed(3, &["finns redan och lämnas som den är"]);
    }
    assert_eq!(std::fs::read_to_string(other).unwrap(), "older");
    assert!(!desk.path("nowhere").exists());
    desk.run(&["audit", "verify"]).done();
    let log = desk.run(&["audit", "list", "--kind", "clinic"]).done();
    assert!(!log.contains("clinic.export"), "nothing was taken: {log}");
}

#[test]
fn an_import_goes_into_an_empty_database_or_in_place_of_everything() {
    let desk = Desk::example();
    desk.run(&["import", EXAMPLE]).failed(1, &["--replace"]);
    let told = desk.run(&["import", EXAMPLE, "--replace"]).done();
    assert!(told.contains("bokningar 4, patienter 1,"), "{told}");
    assert_eq!(desk.run(&["export", "--complete"]).done(), EXPORT);
    let log = desk.run(&["audit", "list"]).done();
    assert_eq!(log.matches("clinic.import").count(), 2, "{log}");
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn completions_and_help_need_no_database() {
    let desk = Desk::empty();
    for shell in ["bash", "fish", "zsh", "powershell", "elvish"] {
        assert!(desk.run_unnamed(&["completions", shell]).done().contains("preblock"), "{shell}");
    }
    let commands = [
        "demo",
        "init",
        "import",
        "export",
        "slots",
        "why",
        "preblock",
        "session",
        "booking",
        "repeat",
        "audit",
        "doctor",
        "status",
        "completions",
    ];
    let help = desk.run_unnamed(&["--help"]).done();
    for command in commands {
        assert!(help.contains(command), "{command}");
        assert!(desk.run_unnamed(&[command, "--help"]).done().contains("--database"), "{command}");
    }
}

#[test]
fn an_export_goes_into_a_pipe_and_does_not_take_it_away() {
    let desk = Desk::example();
    let pipe = desk.path("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let reading = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    desk.run(&["export", "--complete", pipe.to_str().unwrap()]).done();
    assert_eq!(reading.join().unwrap(), EXPORT);
    assert!(std::fs::metadata(&pipe).is_ok_and(|there| !there.is_file()));
}
