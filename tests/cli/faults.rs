//! What goes wrong gets a clear message and the right exit code, and changes nothing.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;

use crate::desk::{Desk, EXAMPLE, Ended, picture};

/// Commands that only read, that change, and that write everything.
const COMMANDS: [&[&str]; 5] = [
    &["slots", "--json"],
    &["status", "--timeout", "60"],
    &["export"],
    &["preblock", "add", "AE", "e-us", "2026-11-26T10:00/11:00"],
    &["import", EXAMPLE, "--replace"],
];

/// Every command fails the same way and leaves the file and its folder as they were.
#[track_caller]
fn refused_unchanged(desk: &Desk, words: &[&str]) {
    let before = picture(&desk.database());
    for command in COMMANDS {
        desk.run(command).failed(3, words);
        assert!(picture(&desk.database()) == before, "{command:?} changed something");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let desk = Desk::empty();
    fs::write(desk.database(), "not a database at all\n".repeat(500)).unwrap();
    refused_unchanged(&desk, &["clinic.db"]);
}

#[test]
fn a_damaged_database_is_refused() {
    let desk = Desk::example();
    let mut bytes = fs::read(desk.database()).unwrap();
    let middle = bytes.len() / 3;
    bytes[4096..middle * 2].fill(0xa5);
    fs::write(desk.database(), &bytes).unwrap();
    let before = fs::read(desk.database()).unwrap();
    for command in COMMANDS {
        let ended = desk.run(command);
        assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{command:?} {}", ended.err);
        assert!(ended.err.contains("clinic.db"), "{}", ended.err);
        assert!(fs::read(desk.database()).unwrap() == before, "{command:?} changed it");
    }
}

#[test]
fn another_programs_database_is_refused() {
    let desk = Desk::empty();
    let other = rusqlite::Connection::open(desk.database()).unwrap();
    other.execute_batch("CREATE TABLE song (title TEXT)").unwrap();
    drop(other);
    refused_unchanged(&desk, &["clinic.db", "annat program"]);
}

#[test]
fn a_newer_database_is_refused() {
    let desk = Desk::example();
    let newer = rusqlite::Connection::open(desk.database()).unwrap();
    let row = "INSERT INTO schema_migration VALUES (999, 'later', '2030-01-01T00:00:00Z')";
    newer.execute_batch(row).unwrap();
    drop(newer);
    refused_unchanged(&desk, &["999", "nyare"]);
}

#[test]
fn a_folder_in_place_of_the_file_is_refused() {
    let desk = Desk::empty();
    fs::create_dir(desk.database()).unwrap();
    refused_unchanged(&desk, &["clinic.db"]);
}

#[test]
fn a_missing_folder_or_file_is_named() {
    let desk = Desk::empty();
    let nowhere = format!("sqlite:{}/no/clinic.db", desk.path("").display());
    for command in COMMANDS {
        desk.run_on(&nowhere, command).failed(3, &["/no"]);
    }
    for command in &COMMANDS[..4] {
        desk.run(command).failed(3, &["clinic.db", "init"]);
    }
    assert_eq!(picture(&desk.database()), (Vec::new(), Vec::new()));
}

/// Root may write whatever the permissions say, so root lets somebody else try.
fn without_privilege(desk: &Desk, arguments: &[&str]) -> Option<Ended> {
    let mut command = desk.program(arguments);
    if nix::unistd::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    match command.output() {
        Ok(output) => Some(Ended::of(output)),
        Err(error) => {
            eprintln!("skipped: the program cannot be run by another account here: {error}");
            None
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs the commands as somebody who has only the rights that the modes give, and holds that nothing
/// was changed by them.
fn with_modes(file: u32, folder: u32, commands: &[&[&str]]) -> Option<Vec<Ended>> {
    let desk = Desk::example();
    let database = format!("sqlite:{}", desk.database().display());
    let before = picture(&desk.database());
    set_mode(&desk.database(), file);
    set_mode(&desk.path(""), folder);
    let ended = commands
        .iter()
        .map(|command| without_privilege(&desk, &[&["--database", &database], *command].concat()))
        .collect();
    set_mode(&desk.path(""), 0o755);
    // A reader's files beside it would keep out those who may write.
    assert!(picture(&desk.database()) == before);
    ended
}

#[test]
fn a_file_that_can_only_be_read_answers_and_refuses_changes() {
    let week = ["slots", "--at", "2026-11-23T12:00", "--json"];
    let commands: [&[&str]; 4] = [&week, COMMANDS[2], COMMANDS[3], COMMANDS[4]];
    for folder in [0o777, 0o555] {
        let Some(ended) = with_modes(0o444, folder, &commands) else { return };
        let mut ended = ended.into_iter();
        let answer = ended.next().unwrap();
        assert!(answer.done().contains("us30"), "{folder:o}");
        // What can't be told of in the log is not taken along.
        ended.for_each(|change| change.failed(3, &["clinic.db", "kan bara läsas"]));
    }
}

#[test]
fn a_file_that_may_not_be_read_is_refused() {
    let Some(ended) = with_modes(0o000, 0o777, &COMMANDS) else { return };
    ended.into_iter().for_each(|command| command.failed(3, &["clinic.db"]));
}

#[test]
fn every_fault_of_a_clinic_file_is_listed_and_nothing_written() {
    let desk = Desk::empty();
    let mut text = fs::read_to_string(EXAMPLE).unwrap();
    let faults = [
        ("\"version\": 1", "\"version\": 2", "version"),
        ("\"name\": \"Röntgen\"", "\"nam\": \"Röntgen\"", "resources[0]"),
        (
            "\"company\": \"hamnen\", \"signature\": \"BL\"",
            "\"company\": \"x\", \"signature\": \"BL\"",
            "practitioners[1].company",
        ),
        ("\"minutes\": 30", "\"minutes\": 0", "templates[0].minutes"),
        ("\"color\": \"#1f6feb\"", "\"color\": \"blue\"", "preblock_types[1].color"),
        ("\"end\": \"2026-11-26T12:00\"", "\"end\": \"2026-11-26T07:00\"", "work_sessions[2].end"),
        (
            "\"start\": \"2026-11-26T08:00\", \"end\": \"2026-11-26T09:30\"",
            "\"start\": \"soon\", \"end\": \"2026-11-26T09:30\"",
            "preblocks[2].start",
        ),
        ("\"id\": \"b2\"", "\"id\": \"b1\"", "bookings[1].id"),
        ("19121212-1212", "19121212-1213", "patients[0].personnummer"),
        ("\"signature\": \"ELEV\"", "\"signature\": \"ITB\"", "users[2].signature"),
    ];
    for (from, to, _) in faults {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let file = desk.path("bad.json");
    fs::write(&file, &text).unwrap();
    let ended = desk.run(&["import", file.to_str().unwrap()]);
    let paths: Vec<&str> = faults.iter().map(|(_, _, path)| *path).collect();
    assert!(!ended.err.contains("1213"), "no personal values: {}", ended.err);
    ended.failed(1, &paths);
    assert!(!desk.database().exists(), "no database is left behind");

    let full = Desk::example();
    let before = full.run(&["export", "--complete"]).done();
    full.run(&["import", "--replace", file.to_str().unwrap()]).failed(1, &paths);
    assert_eq!(full.run(&["export", "--complete"]).done(), before);
}

#[test]
fn what_is_no_clinic_file_is_refused() {
    let desk = Desk::empty();
    desk.run(&["import", "/no/such/file.json"]).failed(2, &["/no/such/file.json"]);
    desk.run_reading(&["import", "-"], b"").failed(1, &["JSON"]);
    desk.run_reading(&["import", "-"], b"\xff\xfe").failed(1, &["UTF-8"]);
    desk.run_reading(&["import", "-"], b"[]").failed(1, &[]);
    assert!(!desk.database().exists());
}

#[test]
fn what_is_asked_wrongly_gets_exit_code_2() {
    let desk = Desk::example();
    let cases: [(&[&str], &str); 9] = [
        (&["slots", "--at", "noon"], "YYYY-MM-DDTHH:MM"),
        (&["slots", "--from", "2026-02-30"], "YYYY-MM-DD"),
        (&["slots", "--days", "0"], "--days"),
        (&["slots", "--colour"], "--colour"),
        (&["preblock", "add", "AE", "e-us"], "START/END"),
        (&["preblock", "add", "AE", "e-us", "2026-11-26T10:00/09:00"], "after"),
        (&["repeat", "sessions", "AE", "2026-11-25"], "--weeks"),
        (&["why", "AE", "us30"], "START"),
        (&["slots", "--language", "fi"], "fi"),
    ];
    for (arguments, word) in cases {
        desk.run(arguments).failed(2, &[word]);
    }
    for url in ["clinic.db", "sqlite:", "postgres://x/y", ""] {
        desk.run_on(url, &["slots"]).failed(2, &["sqlite:"]);
    }
    for url in ["sqlserver://u:hemligt@host/d", "Server=host;Database=d;Pwd=hemligt"] {
        let told = desk.run_on(url, &["slots"]);
        assert!(!told.err.contains("hemligt"));
        told.failed(2, &["TIDBOK_DATABASE_PASSWORD"]);
    }
}

#[test]
fn unknown_ids_are_refused_by_name() {
    let desk = Desk::example();
    let cases: [&[&str]; 5] = [
        &["day", "--company", "XX"],
        &["slots", "--practitioner", "XX"],
        &["why", "XX", "us30", "2026-11-25T09:00"],
        &["why", "AE", "XX", "2026-11-25T09:00"],
        &["preblock", "add", "AE", "XX", "2026-11-26T10:00/11:00"],
    ];
    for arguments in cases {
        desk.run(arguments).failed(1, &["XX"]);
    }
    let free = ["free", "--template", "us30", "--company", "XX"];
    for arguments in [&["day", "--company", "XX"][..], &free] {
        let english = desk.run(&[&["--language", "en"], arguments].concat());
        english.failed(1, &["There is no company XX;"]);
    }
}

#[test]
fn the_address_of_a_booking_page_that_holds_a_password_is_refused_and_not_repeated() {
    let desk = Desk::example();
    for address in ["https://agent:hemligt@host/fhir/x", "https://:hemligt@host/fhir/x"] {
        for more in [&["--once"][..], &["--check"]] {
            let asked = [&["sync", "--portal", address, "--token-file", "none"], more].concat();
            let told = desk.run(&asked);
            assert!(!told.err.contains("hemligt"), "{}", told.err);
            told.failed(2, &["without a name or password in it"]);
        }
    }
}

#[test]
fn a_token_that_can_be_none_is_refused_before_anything_is_sent() {
    let desk = Desk::example();
    for text in ["agent-token agent-token-1", "agent-token-ågent-token-1"] {
        std::fs::write(desk.path("token"), text).unwrap();
        let file = desk.path("token").display().to_string();
        let portal = "http://127.0.0.1:9/fhir/x";
        let told = desk.run(&["sync", "--portal", portal, "--token-file", &file, "--once"]);
        told.failed(2, &["a blank in it, or other characters"]);
    }
}

#[test]
fn a_round_that_finds_nobody_leaves_one_tidy_file() {
    let desk = Desk::example();
    std::fs::write(desk.path("token"), "agent-token-agent-token-1").unwrap();
    let before = picture(&desk.database());
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (portal, file) =
        (format!("http://{free}/fhir/x"), desk.path("token").display().to_string());
    desk.run(&["sync", "--portal", &portal, "--token-file", &file, "--once"]).failed(1, &[]);
    assert_eq!(picture(&desk.database()).1, before.1);
}

#[test]
fn the_console_needs_a_terminal() {
    let desk = Desk::example();
    desk.run(&[]).failed(2, &["terminal"]);
    desk.run_unnamed(&["demo", "--language", "en"]).failed(2, &["terminal"]);
    desk.run(&["demo"]).failed(2, &["--keep"]);
    let kept = desk.path("kept.db");
    desk.run_unnamed(&["demo", "--keep", kept.to_str().unwrap()]).failed(2, &["terminal"]);
    assert!(!kept.exists());
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    let desk = Desk::example();
    let database = format!("sqlite:{}", desk.database().display());
    for arguments in [&["export", "--complete"][..], &["slots", "--json"], &["completions", "bash"]]
    {
        let mut child = desk
            .program(&["--database", &database])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        Ended::of(child.wait_with_output().unwrap()).done();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_reported() {
    let desk = Desk::example();
    let database = format!("sqlite:{}", desk.database().display());
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = desk.program(&["--database", &database, "export", "--complete"]);
    let ended = Ended::of(command.stdout(full).stderr(Stdio::piped()).output().unwrap());
    ended.failed(1, &["No space left"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_change_that_is_made_is_not_reported_as_refused_where_the_answer_cannot_be_written() {
    let desk = Desk::example();
    let database = format!("sqlite:{}", desk.database().display());
    let copy = desk.path("copy.db").display().to_string();
    let erase = ["patient", "erase", "p1", "--yes", "--at", "2027-01-01T12:00"];
    for change in [COMMANDS[3], COMMANDS[4], &["backup", &copy], &erase] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = desk.program(&["--database", &database]);
        let ended = command.args(change).stdout(full).stderr(Stdio::piped()).output().unwrap();
        Ended::of(ended).failed(1, &["ändringen är gjord", "No space left"]);
    }
}

#[test]
fn what_steers_a_terminal_is_not_written_to_it() {
    let desk = Desk::empty();
    let file = desk.clinic_file("Undersökning 30 min", "Under\\u001b[2Jsökning");
    let mut handle = File::options().append(true).open(&file).unwrap();
    handle.write_all(b"\n").unwrap();
    desk.run(&["import", file.to_str().unwrap()]).done();
    let listed = desk.run(&["slots", "--at", "2026-11-23T12:00"]).done();
    assert!(listed.contains("[2Jsökning") && !listed.contains('\u{1b}'), "{listed}");

    let key = br#"{"format": "tidbok-clinic", "version": 1, "a\u001b[2J\n  users: all well": 1}"#;
    let ended = desk.run_reading(&["import", "-"], key);
    assert_eq!((ended.code, ended.err.lines().count()), (1, 3), "{}", ended.err);
    assert!(!ended.err.contains('\u{1b}'), "{}", ended.err);
}
