//! `login = "password"`: setting passwords, signing in with them, and what guessing costs.

use crate::desk::{Desk, EXAMPLE, Ended};

const ANNAS: &str = "korrekt häst batteri";

/// The example clinic where AE has a password, and one is asked for.
fn desk() -> Desk {
    let desk = Desk::example();
    let said = desk.run_reading(&["password", "AE"], format!("{ANNAS}\n").as_bytes()).done();
    assert_eq!(said, "AE har fått ett nytt lösenord.\n");
    desk.configure("login = \"password\"");
    desk
}

fn run_as(desk: &Desk, user: &str, password: &str, arguments: &[&str]) -> Ended {
    let file = desk.path("password");
    std::fs::write(&file, format!("{password}\n")).unwrap();
    let database = format!("sqlite:{}", desk.database().display());
    let mut command = desk.program(&["--database", &database, "--user", user]);
    Ended::of(command.args(arguments).env("TIDBOK_PASSWORD_FILE", file).output().unwrap())
}

#[test]
fn the_right_password_lets_in_and_the_wrong_one_does_not() {
    let desk = desk();
    run_as(&desk, "AE", ANNAS, &["preblock", "list"]).done();
    let wrong = ["signaturen eller lösenordet är fel"];
    run_as(&desk, "AE", "fel lösenord", &["preblock", "list"]).failed(1, &wrong);
    run_as(&desk, "NOBODY", ANNAS, &["preblock", "list"]).failed(1, &wrong);
    run_as(&desk, "ITB", ANNAS, &["preblock", "list"]).failed(1, &wrong);
    run_as(&desk, "REC", "", &["preblock", "list"]).failed(1, &wrong);
}

#[test]
fn without_a_terminal_and_without_a_password_file_nobody_gets_in() {
    let desk = desk();
    let told = ["ingen har loggat in", "password", "--user", "TIDBOK_PASSWORD_FILE"];
    desk.run(&["preblock", "list"]).failed(1, &told);
    desk.run(&["--user", "AE", "preblock", "list"]).failed(1, &["ingen har loggat in"]);
    desk.run(&["status", "--timeout", "60"]).done();
}

#[test]
fn guesses_are_slowed_down_and_the_right_password_waits_as_well() {
    let desk = desk();
    for _ in 0..3 {
        run_as(&desk, "AE", "gissning nummer ett", &["preblock", "list"]).failed(1, &["fel"]);
    }
    let locked = ["för många misslyckade försök", "sekunder"];
    run_as(&desk, "AE", ANNAS, &["preblock", "list"]).failed(1, &locked);
}

#[test]
fn ones_own_password_needs_no_permission_and_anothers_does() {
    let desk = desk();
    desk.configure("");
    desk.run_reading(&["password", "REC"], b"receptionens egna\n").done();
    desk.configure("login = \"password\"");
    let file = desk.path("password");
    std::fs::write(&file, "receptionens egna\n").unwrap();
    let database = format!("sqlite:{}", desk.database().display());
    let set = |whose: &[&str], new: &[u8]| {
        use std::io::Write;
        let mut command = desk.program(&["--database", &database, "--user", "REC", "password"]);
        command.args(whose).env("TIDBOK_PASSWORD_FILE", &file);
        let piped = std::process::Stdio::piped;
        command.stdin(piped()).stdout(piped()).stderr(piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(new).unwrap();
        Ended::of(child.wait_with_output().unwrap())
    };
    set(&["AE"], b"tagen av receptionen\n").failed(1, &["users.manage"]);
    set(&[], b"kort\n").failed(2, &["minst 10 tecken"]);
    set(&[], "receptionens nya\n".as_bytes()).done();
    run_as(&desk, "REC", "receptionens nya", &["preblock", "list"]).done();
    run_as(&desk, "AE", ANNAS, &["preblock", "list"]).done();
}

#[test]
fn a_clinic_without_users_is_set_up_without_a_password() {
    let desk = Desk::empty();
    desk.configure("login = \"password\"");
    desk.run(&["import", EXAMPLE]).done();
}

#[test]
fn as_long_as_nobody_has_a_password_it_is_told_who_gets_in_and_none_is_asked_for() {
    let desk = Desk::empty();
    desk.configure("login = \"password\"");
    let nobody = ["ingen kan logga in än", "databasfilens ägare", "utan --user"];
    let imported = desk.run(&["import", EXAMPLE]);
    assert!(nobody.iter().all(|part| imported.err.contains(part)), "{}", imported.err);
    let all: [&[&str]; 2] = [&["preblock", "list"], &["--user", "AE", "password"]];
    for arguments in all {
        desk.run(arguments).failed(1, &nobody);
    }
    run_as(&desk, "AE", ANNAS, &["preblock", "list"]).failed(1, &nobody);
    desk.configure("language = \"en\"\nlogin = \"password\"");
    let nobody = ["nobody can sign in yet", "without --user", "tidbok password"];
    desk.run(&["slots"]).failed(1, &nobody);
}

#[test]
fn as_long_as_nobody_can_sign_in_the_databases_owner_gives_the_first_password() {
    let desk = Desk::empty();
    desk.configure("login = \"password\"");
    desk.run(&["import", EXAMPLE]).done();
    let annas = format!("{ANNAS}\n");
    desk.run_reading(&["password", "AE"], annas.as_bytes()).done();
    run_as(&desk, "AE", ANNAS, &["preblock", "list"]).done();
    desk.run_reading(&["password", "REC"], annas.as_bytes()).failed(1, &["ingen har loggat in"]);
}

#[test]
fn no_hash_reaches_the_log() {
    let desk = desk();
    desk.configure("");
    let log = desk.run(&["audit", "list", "--json", "--personal"]).done();
    assert!(log.contains("user.password") && !log.contains("argon2"));
    desk.run(&["audit", "verify"]).done();
}
