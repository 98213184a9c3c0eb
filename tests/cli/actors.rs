//! Who acts: `--user`, the OS account, the system; and what `login = "os"` makes of it.

use crate::desk::{Desk, account};

/// The example with the tests' own account entered for a user.
fn mapped(signature: &str, more: &str) -> Desk {
    let desk = Desk::empty();
    let user = format!("{{\"signature\": \"{signature}\",");
    let with_account = format!("{user} \"os_account\": \"{}\", {more}", account());
    let file = desk.clinic_file(&user, &with_account);
    desk.run(&["import", file.to_str().unwrap()]).done();
    desk
}

fn actor(desk: &Desk, arguments: &[&str]) -> String {
    let all: Vec<&str> = ["status", "--timeout", "60", "--json"]
        .into_iter()
        .chain(arguments.iter().copied())
        .collect();
    let status: serde_json::Value = serde_json::from_str(&desk.run(&all).done()).unwrap();
    status["actor"].as_str().unwrap_or("nobody").to_owned()
}

#[test]
fn without_login_it_is_the_named_user_the_accounts_user_or_the_system() {
    assert_eq!(actor(&Desk::example(), &[]), "system");
    let desk = mapped("AE", "");
    assert_eq!(actor(&desk, &[]), "AE");
    assert_eq!(actor(&desk, &["--user", "REC"]), "REC");
}

#[test]
fn the_account_is_the_real_one_and_not_a_variable() {
    let desk = mapped("AE", "");
    let database = format!("sqlite:{}", desk.database().display());
    let mut command =
        desk.program(&["--database", &database, "status", "--timeout", "60", "--json"]);
    let output = command.env("USER", "elev").env("LOGNAME", "elev").output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"actor\": \"AE\""));
}

#[test]
fn users_who_are_not_there_or_not_active_and_itb_are_refused() {
    let desk = Desk::example();
    desk.run(&["--user", "XX", "slots"]).failed(1, &["XX"]);
    desk.run(&["--user", "ITB", "slots"]).failed(1, &["ITB"]);
    desk.run(&["--user", "itb", "slots"]).failed(1, &["ITB"]);
    mapped("AE", "\"active\": false,").run(&["slots"]).failed(1, &["AE", "aktiv"]);
}

#[test]
fn with_os_login_only_the_accounts_own_user_acts() {
    let desk = mapped("AE", "");
    desk.configure("login = \"os\"");
    assert_eq!(actor(&desk, &[]), "AE");
    assert_eq!(actor(&desk, &["--user", "AE"]), "AE");
    desk.run(&["--user", "REC", "slots"]).failed(1, &["REC", &account()]);
}

#[test]
fn with_os_login_an_account_of_nobody_is_refused_everything_but_status_and_help() {
    let desk = Desk::example();
    desk.configure("login = \"os\"");
    let refused: [&[&str]; 12] = [
        &["slots"],
        &["why", "AE", "us30", "2026-11-25T09:00"],
        &["export"],
        &["import", crate::desk::EXAMPLE, "--replace"],
        &["preblock", "list"],
        &["preblock", "add", "AE", "e-us", "2026-11-26T10:00/11:00"],
        &["session", "list"],
        &["booking", "list"],
        &["repeat", "sessions", "AE", "2026-11-25", "--weeks", "1"],
        &["audit", "list"],
        &["audit", "verify"],
        &["--user", "REC", "slots"],
    ];
    for arguments in refused {
        desk.run(arguments).failed(1, &[&account(), "login"]);
    }
    assert!(desk.run(&["status", "--timeout", "60"]).done().contains(&account()));
    desk.run(&["--help"]).done();
    desk.run(&["completions", "bash"]).done();
}

#[test]
fn with_os_login_whoever_may_not_act_leaves_no_new_database_behind() {
    let desk = Desk::empty();
    desk.configure("login = \"os\"");
    desk.run(&["--user", "REC", "import", crate::desk::EXAMPLE]).failed(1, &[&account()]);
    desk.run(&["import", crate::desk::EXAMPLE, "--replace"]).failed(1, &[&account()]);
    assert!(!desk.database().exists());
}

#[test]
fn with_os_login_a_clinic_is_read_into_an_empty_database_and_once_there_are_users_it_is_theirs() {
    for made_before in [false, true] {
        let desk = Desk::empty();
        desk.configure("login = \"os\"");
        if made_before {
            desk.run(&["init"]).done();
        }
        let import: &[&str] = &["import", crate::desk::EXAMPLE];
        let imported = desk.run(import);
        assert!(imported.err.contains("ingen kan logga in än"), "{}", imported.err);
        imported.done();
        for refused in [import, &["import", crate::desk::EXAMPLE, "--replace"], &["export"]] {
            desk.run(refused).failed(1, &[&account(), "ingen kan logga in än", "ägare", "login"]);
        }
    }
}

#[test]
fn with_os_login_a_user_with_the_nights_account_verifies_the_log_and_one_who_may_more_copies_it() {
    let night = |permissions: &str| {
        let desk = Desk::empty();
        let before =
            "{\"signature\": \"ELEV\", \"name\": \"Elev\", \"permissions\": [\"booking.edit\"]}";
        let after = format!(
            "{{\"signature\": \"NATT\", \"name\": \"Natten\", \"os_account\": \"{}\", \
             \"permissions\": [{permissions}]}}",
            account()
        );
        let file = desk.clinic_file(before, &after);
        desk.configure("login = \"os\"");
        desk.run(&["import", file.to_str().unwrap()]).done();
        desk
    };
    let desk = night("\"audit.read\"");
    let copy = desk.path("copy.db").display().to_string();
    desk.run(&["audit", "verify"]).done();
    assert!(desk.run(&["doctor"]).out.contains("Logg: hel"));
    desk.run(&["backup", &copy]).failed(1, &["patient.view"]);
    let desk = night("\"patient.view\", \"users.manage\"");
    desk.run(&["audit", "verify"]).failed(1, &["audit.read"]);
    desk.run(&["backup", &copy]).done();
}

#[test]
fn in_place_of_a_shell_only_the_console_of_the_machines_database_is_there() {
    let desk = Desk::example();
    for command in ["sh", "tidbok export", "/usr/lib/openssh/sftp-server", ""] {
        desk.run_unnamed(&["-c", command]).failed(1, &["bara bokningskonsolen"]);
    }
    desk.configure("language = \"en\"");
    desk.run_unnamed(&["-c", "sh"]).failed(1, &["only the console is here"]);
    // Without a machine's file that says which database it is and who gets in, there is none.
    desk.run_unnamed(&["-c", "tidbok"]).failed(2, &["`database`", "`login`"]);
    desk.configure("restricted = true");
    desk.run(&["slots"]).failed(2, &["`database`", "`login`"]);
}
