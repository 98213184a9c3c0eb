//! R17 on the command line: who may do what, as a table.

use crate::desk::{Desk, EXAMPLE};

/// The example's REC publishes and books, ELEV only books, AE has the default permissions.
const USERS: [&str; 4] = ["system", "AE", "REC", "ELEV"];

/// A command, and for each of [`USERS`] whether it is let through.
type Case = (&'static [&'static str], [bool; 4]);

const CASES: [Case; 17] = [
    (&["slots"], [true, true, true, true]),
    (&["why", "AE", "us30", "2026-11-25T09:00"], [true, true, true, true]),
    (&["day"], [true, true, true, true]),
    (&["preblock", "list"], [true, true, true, true]),
    (&["preblock", "add", "AE", "e-us", "2026-11-26T10:00/11:00"], [true, true, true, false]),
    (&["preblock", "add", "AE", "lunch", "2026-11-26T10:00/11:00"], [true, false, false, false]),
    (&["preblock", "remove", "AE", "2026-11-25T09:00"], [true, true, true, false]),
    (&["repeat", "preblocks", "AE", "2026-11-25", "--weeks", "2"], [true, true, true, false]),
    (&["repeat", "sessions", "AE", "2026-11-25", "--weeks", "2"], [true, false, false, false]),
    (&["session", "add", "AE", "2026-11-27T08:00/12:00"], [true, false, false, false]),
    (&["booking", "add", "AE", "us30", "2026-11-25T10:00"], [true, false, true, true]),
    (&["booking", "edit", "b1", "--text", "Ringer"], [true, false, true, true]),
    (&["booking", "cancel", "b1"], [true, false, true, true]),
    (&["patient", "find", "tolv"], [true, true, true, false]),
    (&["patient", "show", "p1"], [true, true, true, false]),
    (&["audit", "list"], [true, false, false, false]),
    (&["import", EXAMPLE, "--replace"], [true, false, false, false]),
];

fn run_as(desk: &Desk, user: &str, command: &[&str], more: &[&str]) -> crate::desk::Ended {
    let mut arguments = command.to_vec();
    arguments.extend(more);
    if user != "system" {
        arguments.extend(["--user", user]);
    }
    desk.run(&arguments)
}

#[test]
fn each_user_may_what_the_permissions_grant_and_is_refused_the_rest() {
    let pristine = Desk::example();
    let before = pristine.run(&["export", "--complete"]).done();
    for (command, granted) in CASES {
        let changes =
            !matches!(command[0], "import" | "audit" | "patient" | "slots" | "why" | "day")
                && command[1] != "list";
        let more: &[&str] = if changes { &["--dry-run", "--at", "2026-11-23T12:00"] } else { &[] };
        for (user, granted) in USERS.into_iter().zip(granted) {
            if granted {
                run_as(&pristine, user, command, more).done();
            } else {
                run_as(&pristine, user, command, more).failed(1, &[user]);
                // A refusal does not depend on the preview.
                run_as(&pristine, user, command, &[]).failed(1, &[user]);
            }
        }
    }
    assert_eq!(pristine.run(&["export", "--complete"]).done(), before);
}

#[test]
fn exports_need_the_right_to_see_patients_and_complete_ones_to_manage_users() {
    let desk = Desk::example();
    for (user, masked, complete) in
        [("AE", true, false), ("REC", true, false), ("ELEV", false, false)]
    {
        assert_eq!(desk.run(&["export", "--user", user]).code == 0, masked, "{user}");
        assert_eq!(
            desk.run(&["export", "--complete", "--user", user]).code == 0,
            complete,
            "{user}"
        );
    }
}

#[test]
fn names_show_only_to_who_may_see_patients() {
    let desk = Desk::example();
    let list = ["booking", "list", "--from", "2026-11-23", "--user"];
    let shown = |user: &'static str| desk.run(&[&list[..], &[user]].concat()).done();
    assert!(shown("AE").contains("Tolvansson"));
    assert!(!shown("ELEV").contains("Tolvan"), "{}", shown("ELEV"));
}

#[test]
fn a_list_of_bookings_tells_which_patients_were_not_identified() {
    let desk = Desk::example();
    let list = |more: &[&str]| {
        desk.run(&[&["booking", "list", "--from", "2026-11-23"][..], more].concat()).done()
    };
    let table = list(&[]);
    assert_eq!(table.matches("ej e-leg").count(), table.matches("ITB").count(), "{table}");
    assert_eq!(list(&["--json"]).matches("\"unverified\": true").count(), 1);
    assert!(list(&["--language", "en"]).contains("ITB unverified"));
}

#[test]
fn a_protected_patient_is_in_no_printed_list() {
    let desk = Desk::empty();
    let file = desk.clinic_file("\"recall_months\": 12", "\"protected\": true");
    desk.run(&["import", file.to_str().unwrap()]).done();
    for json in [&[][..], &["--json"]] {
        let list =
            desk.run(&[&["booking", "list", "--from", "2026-11-23"][..], json].concat()).done();
        assert!(list.contains("Skyddad") && !list.contains("Tolvan"), "{list}");
        assert!(!list.contains("p1"), "{list}");
    }
}

#[test]
fn a_protected_patient_is_masked_in_the_log_also_where_personal_values_are_asked_for() {
    let desk = Desk::empty();
    let file = desk.clinic_file("\"recall_months\": 12", "\"protected\": true");
    desk.run(&["import", file.to_str().unwrap()]).done();
    let edited = desk.run(&["booking", "edit", "b2", "--text", "Ring Tolvan"]);
    edited.done();
    let log = desk.run(&["audit", "list", "--json", "--personal"]).done();
    assert!(log.contains("booking/b2") && !log.contains("Tolvan"), "{log}");
}
