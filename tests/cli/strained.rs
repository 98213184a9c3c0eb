//! What the machine does to a command: a disk without room, a database that others hold or copy, a time
//! zone that it knows nothing of. Nothing is half done, what to do is said, and it works again.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rusqlite::Connection;

use crate::desk::{Desk, EXAMPLE, Ended};
use crate::disk::Disk;

const LAID: [&str; 5] = ["preblock", "add", "AE", "e-us", "2026-11-26T10:00/11:00"];
const BOOKED: [&str; 7] =
    ["booking", "add", "AE", "us30", "2026-11-26T08:00", "--at", "2026-11-20T12:00"];

/// A folder on a small disk, and the disk.
fn small_disk(desk: &Desk) -> (PathBuf, Disk) {
    let folder = desk.path("disk");
    fs::create_dir(&folder).unwrap();
    let disk = Disk::over(&folder, 4).expect("root may mount one");
    (folder, disk)
}

#[test]
#[cfg_attr(not(tidbok_may_mount), ignore = "only root may mount a small disk")]
fn on_a_full_disk_nothing_is_half_done_and_it_is_said_what_to_do() {
    let desk = Desk::empty();
    let (folder, disk) = small_disk(&desk);
    let database = format!("sqlite:{}", folder.join("clinic.db").display());
    let run = |arguments: &[&str]| desk.run_on(&database, arguments);
    run(&["import", EXAMPLE]).done();
    // As on a working day, somebody has it open.
    let open = Connection::open(folder.join("clinic.db")).unwrap();
    open.query_row("SELECT COUNT(*) FROM schema_migration", (), |_| Ok(())).unwrap();
    let week = ["preblock", "list", "--from", "2026-11-23", "--json"];
    let booked = ["booking", "list", "--from", "2026-11-23", "--json"];
    let content = || run(&week).done() + &run(&booked).done();
    let before = content();
    disk.fill();
    for change in [&LAID[..], &BOOKED, &["import", EXAMPLE, "--replace"]] {
        run(change).failed(3, &["clinic.db", "är full", "inget är ändrat", "frigör plats"]);
        assert_eq!(content(), before, "{change:?}");
    }
    run(&["export"]).failed(3, &["clinic.db", "är full"]);
    let backup = folder.join("backup.db").display().to_string();
    run(&["backup", &backup]).failed(3, &["är full"]);
    assert!(!folder.join("backup.db").exists(), "half a backup is none");
    run(&["slots", "--at", "2026-11-23T12:00"]).done();
    disk.make_room();
    run(&LAID).done();
    run(&BOOKED).done();
    run(&["audit", "verify"]).done();
}

#[test]
#[cfg_attr(not(tidbok_may_mount), ignore = "only root may mount a small disk")]
fn on_a_disk_that_is_full_from_the_start_a_command_says_so() {
    let desk = Desk::empty();
    let (folder, disk) = small_disk(&desk);
    let database = format!("sqlite:{}", folder.join("clinic.db").display());
    let run = |arguments: &[&str]| desk.run_on(&database, arguments);
    run(&["import", EXAMPLE]).done();
    disk.fill();
    for command in [&LAID[..], &["slots"], &["status"], &["export"]] {
        run(command).failed(3, &["är full", "frigör plats"]);
    }
    let another = format!("sqlite:{}", folder.join("another.db").display());
    let copy = ["copy", &format!("sqlite:{}", desk.database().display()), &another];
    let export = folder.join("export.json").display().to_string();
    desk.run(&["import", EXAMPLE]).done();
    desk.run_on(&another, &["import", EXAMPLE]).failed(3, &["är full", "frigör plats"]);
    desk.run_on(&another, &["init"]).failed(3, &["är full", "frigör plats"]);
    desk.run_unnamed(&copy).failed(3, &["är full", "frigör plats"]);
    desk.run(&["export", &export]).failed(3, &["export.json", "är full", "frigör plats"]);
    let backup = folder.join("backup.db").display().to_string();
    desk.run(&["backup", &backup]).failed(3, &["backup.db", "är full", "frigör plats"]);
    let left: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("clinic.db"))
        .collect();
    assert_eq!(left, ["filler"], "what could not be made is not there");
    disk.make_room();
    run(&LAID).done();
}

#[test]
fn whoever_finds_the_database_held_waits_and_says_so_after_ten_seconds() {
    let desk = Desk::example();
    let list = ["preblock", "list", "--from", "2026-11-23", "--json"];
    let before = desk.run(&list).done();
    let other = Connection::open(desk.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    desk.run(&LAID).failed(3, &["clinic.db", "annat program", "inget är ändrat", "försök igen"]);
    assert_eq!(desk.run(&list).done(), before, "who reads waits for nobody");
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| desk.run(&LAID));
        std::thread::sleep(Duration::from_millis(500));
        other.execute_batch("ROLLBACK").unwrap();
        waits.join().unwrap().done();
    });
}

#[test]
fn a_backup_keeps_nobody_waiting_and_holds_what_was_there_when_it_began() {
    let desk = Desk::example();
    let hours: Vec<String> = (1..=20).map(|day| format!("2027-03-{day:02}T09:00/10:00")).collect();
    let add = |hour: &str| desk.run(&["preblock", "add", "AE", "e-us", hour]).done();
    let copies: Vec<String> =
        (0..4).map(|n| desk.path(&format!("{n}.db")).display().to_string()).collect();
    std::thread::scope(|scope| {
        let writes = scope.spawn(|| hours.iter().for_each(|hour| drop(add(hour))));
        for copy in &copies {
            desk.run(&["backup", copy]).done();
        }
        writes.join().unwrap();
    });
    let laid = |database: &str| {
        let list = ["preblock", "list", "--from", "2027-03-01", "--days", "31", "--json"];
        desk.run_on(database, &list).done().matches("e-us").count()
    };
    let all: Vec<usize> = copies.iter().map(|copy| laid(&format!("sqlite:{copy}"))).collect();
    assert!(all.is_sorted(), "{all:?}");
    assert_eq!(laid(&format!("sqlite:{}", desk.database().display())), hours.len());
    for copy in &copies {
        desk.run_on(&format!("sqlite:{copy}"), &["audit", "verify"]).done();
    }
}

/// The same command where no time zone is known, by any name.
fn nowhere(desk: &Desk, arguments: &[&str]) -> Ended {
    let database = format!("sqlite:{}", desk.database().display());
    let mut command: Command = desk.program(&["--database", &database]);
    command.args(arguments).env("TZ", "Nowhere/Atlantis").env("TZDIR", "/nowhere");
    Ended::of(command.output().unwrap())
}

#[test]
fn a_machine_without_time_zones_tells_the_clinics_own_time() {
    let desk = Desk::example();
    let at = ["--at", "2026-11-23T12:00"];
    for command in [
        &["slots", "--json"][..],
        &["why", "AE", "us30", "2026-11-25T09:00"],
        &["free", "--template", "us30"],
    ] {
        let command = [command, &at].concat();
        assert_eq!(nowhere(&desk, &command).done(), desk.run(&command).done(), "{command:?}");
    }
    nowhere(&desk, &LAID).done();
    let now = chrono::Utc::now();
    let log = nowhere(&desk, &["audit", "list", "--json"]).done();
    let log: serde_json::Value = serde_json::from_str(&log).unwrap();
    let last = log.as_array().and_then(|all| all.last()).expect("the laying").clone();
    let told: chrono::DateTime<chrono::Utc> = last["at"].as_str().unwrap().parse().unwrap();
    assert!((now - told).num_seconds().abs() < 60, "{told}");
}
