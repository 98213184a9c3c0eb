//! `tidbok doctor`: a sound clinic passes, each thing spoilt is named with where to mend it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::desk::{Desk, Ended};

fn told(ended: &Ended) -> serde_json::Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.out))
}

/// The state of one check in the JSON report.
fn state(ended: &Ended, check: &str) -> String {
    let report = told(ended);
    let all = report["checks"].as_array().unwrap();
    let found = all.iter().find(|it| it["check"] == check).unwrap_or_else(|| panic!("{report}"));
    found["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_sound_clinic_passes_with_advice_only() {
    let desk = Desk::example();
    let ended = desk.run(&["doctor", "--json"]);
    for check in ["configuration", "database", "permissions", "schema", "integrity", "audit"] {
        assert_eq!(state(&ended, check), "ok", "{check}: {}", ended.out);
    }
    let report = told(&ended);
    assert_eq!(report["findings"][0]["remark"], "no-administrator");
    assert_eq!(report["findings"][0]["severity"], "advice");
    assert_eq!((ended.code, report["faults"].as_u64()), (0, Some(0)));

    let text = desk.run(&["doctor"]).done();
    for said in ["Bra     Databas: sqlite:", "Bra     Logg: hel", "Råd     R17 Användarna: Ingen"]
    {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let english = desk.run(&["doctor", "--language", "en"]).done();
    assert!(english.contains("Good    Audit log: whole"), "{english}");
}

#[test]
fn with_an_administrator_there_is_nothing_to_remark_on() {
    let desk = Desk::empty();
    let users = r#""permissions": ["booking.edit"]"#;
    let file = desk.clinic_file(users, r#""permissions": ["users.manage"]"#);
    desk.run(&["import", file.to_str().unwrap()]).done();
    assert!(desk.run(&["doctor"]).done().ends_with("Bra     Inställningar: Inget att anmärka\n"));
}

#[test]
fn a_faulty_setting_is_told_with_rule_and_place_and_ends_with_1() {
    let desk = Desk::empty();
    let file = desk.clinic_file(r#""resources": "R", "calendar"#, r#""resources": "X", "calendar"#);
    desk.run(&["import", file.to_str().unwrap()]).done();
    let ended = desk.run(&["doctor"]);
    assert_eq!(ended.code, 1, "{}", ended.out);
    for said in [
        "Fel     R9 Bokningsmallen Undersökning med röntgen: Ingen resurs har tecknet X",
        "Rättas i Inställningar › Bokningsmallar (Verktyg > Inställningar - Alla behandlare > Tidbok > Bokningsmallar)",
    ] {
        assert!(ended.out.contains(said), "{said}\n{}", ended.out);
    }
    assert!(ended.err.contains("1 fel"), "{}", ended.err);
}

#[test]
fn a_database_that_is_missing_damaged_or_open_to_all_is_told_of() {
    let desk = Desk::empty();
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "database").as_str()), (1, "fault"));

    let desk = Desk::example();
    fs::set_permissions(desk.database(), fs::Permissions::from_mode(0o664)).unwrap();
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "permissions").as_str()), (1, "fault"));

    // An index that opening the database and reading the set-up have no use for.
    let connection = rusqlite::Connection::open(desk.database()).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'booking_by_length'";
    let root: u32 = connection.query_row(root, (), |row| row.get(0)).unwrap();
    let size: u32 = connection.query_row("PRAGMA page_size", (), |row| row.get(0)).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).unwrap();
    drop(connection);
    let mut bytes = fs::read(desk.database()).unwrap();
    bytes[((root - 1) * size) as usize..(root * size) as usize].fill(0xa5);
    fs::write(desk.database(), &bytes).unwrap();
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "integrity").as_str()), (1, "fault"), "{}", ended.out);
}

#[test]
fn an_altered_audit_log_is_told_of() {
    let desk = Desk::example();
    let connection = rusqlite::Connection::open(desk.database()).unwrap();
    connection.execute_batch("UPDATE audit_entry SET actor = 'X'").unwrap();
    drop(connection);
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "audit").as_str()), (1, "fault"));
}

#[test]
fn a_wrong_configuration_file_is_a_finding() {
    let desk = Desk::example();
    desk.configure("languge = \"en\"\n");
    let ended = desk.run(&["doctor"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("config.toml:1") && ended.out.contains("languge"), "{}", ended.out);
}

#[test]
fn r17_the_audit_log_is_not_looked_at_for_those_who_may_not_read_it() {
    let desk = Desk::example();
    let ended = desk.run(&["doctor", "--json", "--user", "REC"]);
    assert_eq!((ended.code, state(&ended, "audit").as_str()), (0, "notice"));
    let ended = desk.run(&["doctor", "--json", "--user", "NOBODY"]);
    assert_eq!((ended.code, state(&ended, "user").as_str()), (1, "fault"));
    assert!(told(&ended)["findings"].is_null(), "{}", ended.out);
}
