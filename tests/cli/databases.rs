//! `migrate` and `backup`, and what is said of a database server that can't be had.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use crate::desk::{Desk, EXAMPLE, older, picture};

#[test]
fn migrate_tells_what_it_would_do_and_that_there_is_nothing_to_do() {
    let desk = Desk::example();
    let before = picture(&desk.database());
    for arguments in [&["migrate"][..], &["migrate", "--dry-run"]] {
        let told = desk.run(arguments).done();
        assert!(told.contains("inget att göra"), "{told}");
        assert_eq!(picture(&desk.database()), before, "nothing is left beside it");
    }
    desk.run_on("sqlite:/nowhere/clinic.db", &["migrate"]).failed(3, &["/nowhere"]);
}

#[test]
fn an_older_file_is_brought_up_to_date_when_asked_and_not_by_looking() {
    let desk = Desk::example();
    let connection = rusqlite::Connection::open(desk.database()).unwrap();
    let newest: i64 = connection
        .query_row("SELECT MAX(number) FROM schema_migration", (), |row| row.get(0))
        .unwrap();
    connection
        .execute("UPDATE schema_migration SET number = 1000 WHERE number = ?1", [newest])
        .unwrap();
    desk.run(&["migrate"]).failed(3, &["1000", &newest.to_string()]);
    desk.run(&["migrate", "--dry-run"]).failed(3, &["1000"]);
}

#[test]
fn an_older_file_is_left_as_it_is_by_whoever_looks_or_changes_and_upgraded_when_asked() {
    let desk = Desk::empty();
    drop(older(&desk.database()));
    let before = fs::read(desk.database()).unwrap();
    let session = ["session", "add", "AE", "2026-12-01T08:00/2026-12-01T12:00"];
    let making = [&["init"][..], &["import", EXAMPLE], &["import", "--replace", EXAMPLE]];
    let others = [&["status"][..], &["slots"], &["audit", "verify"], &session];
    for command in others.into_iter().chain(making) {
        desk.run(command).failed(3, &["äldre schema", "tidbok migrate"]);
        assert_eq!(fs::read(desk.database()).unwrap(), before, "{command:?}");
    }
    let told = desk.run(&["migrate", "--dry-run"]).done();
    assert!(told.contains("skulle lyftas"), "{told}");
    assert_eq!(fs::read(desk.database()).unwrap(), before);
    assert!(desk.run(&["migrate"]).done().contains("är lyft"));
    desk.run(&["status", "--counts"]).done();
}

#[test]
fn a_copy_of_an_older_file_is_taken_before_it_is_upgraded_and_is_as_old() {
    let desk = Desk::empty();
    drop(older(&desk.database()));
    let copy = desk.path("copies/before-upgrade.db");
    fs::create_dir(copy.parent().unwrap()).unwrap();
    let before = picture(&desk.database());
    desk.run(&["backup", copy.to_str().unwrap()]).done();
    desk.run(&["backup", copy.to_str().unwrap()]).failed(3, &["finns redan"]);
    assert_eq!(picture(&copy).1, std::slice::from_ref(&copy));
    assert_eq!(picture(&desk.database()), before);
    let url = format!("sqlite:{}", copy.display());
    desk.run_on(&url, &["status"]).failed(3, &["äldre schema"]);
    assert!(desk.run_on(&url, &["migrate"]).done().contains("är lyft"));
    desk.run_on(&url, &["status", "--counts"]).done();
}

#[test]
fn whoever_waits_long_for_a_database_to_be_upgraded_is_told_why() {
    let desk = Desk::empty();
    let held = older(&desk.database());
    held.execute_batch("BEGIN IMMEDIATE").unwrap();
    let url = format!("sqlite:{}", desk.database().display());
    let mut waiting = desk
        .program(&["--database", &url, "migrate"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    BufReader::new(waiting.stderr.take().unwrap()).read_line(&mut told).unwrap();
    assert!(told.contains("schema lyfts från"), "{told}");
    held.execute_batch("ROLLBACK").unwrap();
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn grants_are_written_for_a_server_without_asking_it_and_not_for_a_file() {
    let desk = Desk::empty();
    let url = "sqlserver://tidbok@nowhere.invalid/Klinik%20A";
    let script = desk.run_on(url, &["migrate", "--grants"]).done();
    for line in [
        "USE [Klinik A];",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::tidbok TO tidbok_console;",
        "DENY UPDATE, DELETE ON tidbok.audit_entry TO tidbok_console;",
        // Erasing a patient replaces the outcomes that tell of one.
        "DENY DELETE ON tidbok.command TO tidbok_console;",
        "DENY UPDATE (id, actor, at) ON tidbok.command TO tidbok_console;",
        // It is run before there are tables, and again after.
        "IF OBJECT_ID('tidbok.schema_migration') IS NULL",
        "IF USER_ID('tidbok_console') IS NULL CREATE USER",
        "ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON;",
    ] {
        assert!(script.contains(line), "{line} is not in\n{script}");
    }
    desk.run(&["migrate", "--grants"]).failed(2, &["fil"]);
}

#[test]
fn a_backup_is_a_database_of_its_own_and_never_written_over_anything() {
    let desk = Desk::example();
    let copy = desk.path("backup.db");
    desk.run(&["backup", copy.to_str().unwrap()]).done();
    let url = format!("sqlite:{}", copy.display());
    let export = |url: &str| desk.run_on(url, &["export"]).done();
    assert_eq!(export(&url), export(&format!("sqlite:{}", desk.database().display())));
    let before = fs::read(&copy).unwrap();
    desk.run(&["backup", copy.to_str().unwrap()]).failed(3, &["backup.db"]);
    assert_eq!(fs::read(&copy).unwrap(), before);
    let nowhere = desk.path("nowhere/backup.db").display().to_string();
    desk.run(&["backup", &nowhere]).failed(3, &["nowhere finns inte", "ange en annan fil"]);
    let english = desk.run(&["--language", "en", "backup", &nowhere]);
    assert!(!english.err.contains("--database"), "{}", english.err);
    english.failed(3, &["nowhere does not exist", "name another file"]);
    desk.run_on("sqlserver://u@h/d", &["backup", "x.db"]).failed(2, &["server"]);
}

#[cfg(unix)]
#[test]
fn a_backup_is_its_owners_alone_and_one_that_is_cut_short_has_no_name() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::example();
    let url = format!("sqlite:{}", desk.database().display());
    for milliseconds in 0..12 {
        let copy = desk.path(&format!("backup-{milliseconds}.db"));
        let mut copying = desk.program(&["--database", &url, "backup"]);
        let mut copying = copying.arg(&copy).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(4 * milliseconds));
        copying.kill().unwrap();
        copying.wait().unwrap();
        if copy.exists() {
            assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
            let copy = format!("sqlite:{}", copy.display());
            let content = |url: &str| desk.run_on(url, &["export"]).done();
            assert_eq!(content(&copy), content(&url));
        }
    }
    let copy = desk.path("backup.db");
    desk.run(&["backup", copy.to_str().unwrap()]).done();
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        unfinished(&desk),
        0,
        "the next one clears away what those that were killed have left"
    );
}

/// How many folders and files lie there that a program was to take away.
#[cfg(unix)]
fn unfinished(desk: &Desk) -> usize {
    let files = picture(&desk.database()).1.into_iter();
    files.filter(|it| it.file_name().unwrap().to_str().unwrap().starts_with('.')).count()
}

#[cfg(unix)]
#[test]
fn what_a_killed_backup_or_export_has_left_is_cleared_away_and_what_is_at_work_is_not() {
    let desk = Desk::example();
    for (name, file) in [("backup", "copy.db"), ("export", "clinic.json")] {
        let made = |which: &str| {
            let folder = desk.path(&format!(".tidbok-{name}-{which}"));
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("copy"), "patients").unwrap();
            folder
        };
        let (killed, at_work) = (made("killed"), made("at-work"));
        let held = fs::File::open(&at_work).unwrap();
        held.try_lock().unwrap();
        desk.run(&[name, desk.path(file).to_str().unwrap()]).done();
        assert!(!killed.exists() && at_work.exists(), "{name}");
        fs::remove_dir_all(at_work).unwrap();
        assert_eq!(unfinished(&desk), 0, "{name}");
    }
}

#[test]
fn a_server_that_is_not_there_or_hangs_up_or_gets_no_password_is_told_of() {
    let desk = Desk::empty();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    let url = format!("sqlserver://tidbok@127.0.0.1:{port}/d");
    desk.run_on(&url, &["status", "--timeout", "60"])
        .failed(3, &["TIDBOK_DATABASE_PASSWORD", "tidbok"]);
    let with_password = || {
        let mut program = desk.program(&["--database", url.as_str(), "status", "--timeout", "60"]);
        program.env("TIDBOK_DATABASE_PASSWORD", "hemligt");
        let ended = crate::desk::Ended::of(program.output().unwrap());
        assert!(!ended.err.contains("hemligt"), "{}", ended.err);
        ended
    };
    let hanging_up = std::thread::spawn(move || drop(free.accept()));
    with_password().failed(3, &["127.0.0.1"]);
    hanging_up.join().unwrap();
    with_password().failed(3, &["127.0.0.1"]);
}
