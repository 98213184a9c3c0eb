//! `copy`: everything of one database into another that is empty.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::desk::{Desk, Ended};

fn url(desk: &Desk, name: &str) -> String {
    format!("sqlite:{}", desk.path(name).display())
}

fn copy(desk: &Desk, arguments: &[&str]) -> Ended {
    let (from, to) = (url(desk, "clinic.db"), url(desk, "new.db"));
    let arguments: Vec<&str> =
        ["copy", &from, &to].into_iter().chain(arguments.iter().copied()).collect();
    desk.run_unnamed(&arguments)
}

#[test]
fn a_copy_holds_everything_and_says_how_much() {
    let desk = Desk::example();
    let ended = copy(&desk, &[]);
    let tables: Vec<&str> = ended.err.lines().collect();
    assert!(tables.contains(&"booking: 4") && tables.contains(&"command: 1"), "{}", ended.err);
    let told = ended.done();
    assert!(told.contains("new.db") && told.contains("jämfört rad för rad"), "{told}");
    let new = url(&desk, "new.db");
    let export = |database: &str| desk.run_on(database, &["export", "--complete"]).done();
    assert_eq!(export(&new), export(&url(&desk, "clinic.db")));
    desk.run_on(&new, &["audit", "verify"]).done();
    // The second time there is something.
    copy(&desk, &[]).failed(1, &["redan något", "schema=NAMN"]);
}

#[test]
fn a_dry_run_tells_how_much_and_makes_nothing() {
    let desk = Desk::example();
    let told = copy(&desk, &["--dry-run"]).done();
    assert!(told.contains("4  booking\n"), "{told}");
    assert!(!desk.path("new.db").exists());
}

#[test]
fn what_can_not_be_copied_is_told_of() {
    let desk = Desk::example();
    let from = url(&desk, "clinic.db");
    desk.run_unnamed(&["copy", &from, &from]).failed(2, &["samma databas"]);
    desk.run_unnamed(&["copy", &from, "new.db"]).failed(2, &["sqlite:"]);
    desk.run_unnamed(&["copy", &url(&desk, "none.db"), &from]).failed(3, &["none.db"]);
    desk.run_unnamed(&["copy", &from, "sqlite:/nowhere/new.db"]).failed(3, &["/nowhere"]);
    desk.run_on(&from, &["copy", &from, &url(&desk, "new.db")]).failed(2, &["--database"]);
    let user = ["copy", &from, &url(&desk, "new.db"), "--user", "REC"];
    desk.run_unnamed(&user).failed(1, &["R17"]);
    assert!(!desk.path("new.db").exists(), "whoever may not copy leaves no file behind");
}

#[test]
fn a_servers_password_is_never_an_argument_and_not_given_to_another_server() {
    let desk = Desk::example();
    let from = url(&desk, "clinic.db");
    let to = |server: &str| format!("sqlserver://tidbok@{server}.invalid/Klinik");
    let with_it = "sqlserver://tidbok:hemligt@db.invalid/Klinik";
    desk.run_unnamed(&["copy", &from, with_it]).failed(2, &["TIDBOK_DATABASE_PASSWORD"]);
    desk.run_unnamed(&["copy", &from, &to("a")]).failed(2, &["TIDBOK_TARGET_PASSWORD"]);
    let ended = |from: &str, variable: &str| {
        let mut program = desk.program(&["copy", from, &to("a")]);
        Ended::of(program.env(variable, "hemligt").output().unwrap())
    };
    ended(&to("b"), "TIDBOK_DATABASE_PASSWORD").failed(2, &["TIDBOK_TARGET_PASSWORD"]);
    for variable in ["TIDBOK_DATABASE_PASSWORD", "TIDBOK_TARGET_PASSWORD"] {
        ended(&from, variable).failed(3, &["a.invalid"]);
    }
}

#[test]
fn a_restricted_machine_opens_no_second_database() {
    let desk = Desk::example();
    desk.configure("restricted = true\nlogin = \"os\"\n");
    copy(&desk, &[]).failed(2, &["begränsat läge"]);
}

#[test]
fn a_copy_that_is_killed_leaves_all_or_nothing() {
    let desk = Desk::example();
    let (from, to) = (url(&desk, "clinic.db"), url(&desk, "new.db"));
    let mut program = desk.program(&["copy", &from, &to]);
    let mut child = program.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let copying = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with("settings"));
    assert!(copying.is_some());
    child.kill().unwrap();
    child.wait().unwrap();
    let log = ["audit", "list", "--json"];
    let left = desk.run_on(&to, &log).done();
    if left != desk.run(&log).done() {
        assert_eq!(left, "[]\n");
        copy(&desk, &[]).done();
    }
    desk.run_on(&to, &["audit", "verify"]).done();
}
