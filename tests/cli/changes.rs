//! Changes on the command line: done as by the console, told in numbers, and in the log.

use crate::desk::Desk;

const NOW: [&str; 2] = ["--at", "2026-11-23T12:00"];

fn with_now<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().copied().chain(NOW).collect()
}

#[test]
fn a_preblock_publishes_times_until_it_is_removed() {
    let desk = Desk::example();
    let slots = || desk.run(&with_now(&["slots", "--practitioner", "AE", "--json"])).done();
    let before = slots();
    let add = ["preblock", "add", "AE", "e-us", "2026-11-26T10:00/11:00", "--user", "REC"];
    let told = desk.run(&with_now(&add)).done();
    assert!(told.contains("1 tillagda") && told.contains("3 tider"), "{told}");
    assert!(slots().contains("2026-11-26T10:00"));
    desk.run(&with_now(&add)).failed(1, &["26 nov 10:00–11:00"]);
    let remove =
        ["preblock", "remove", "AE", "2026-11-26T10:30", "--user", "REC", "--language", "en"];
    assert!(desk.run(&with_now(&remove)).done().contains("1 removed"));
    assert_eq!(slots(), before);
    desk.run(&with_now(&remove)).failed(1, &["Nothing to do"]);
    let log = desk.run(&["audit", "list", "--practitioner", "AE", "--by", "REC"]).done();
    assert!(log.contains("preblock.lay") && log.contains("preblock.remove"), "{log}");
    assert_eq!(desk.run(&["audit", "list", "--by", "ELEV"]).done(), "Inga händelser i loggen.\n");
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn one_command_lays_on_many_days() {
    let desk = Desk::example();
    let add = [
        "preblock",
        "add",
        "AE",
        "e-us",
        "2026-12-01T09:00/10:00",
        "2026-12-02T09:00/10:00",
        "--json",
    ];
    let told: serde_json::Value = serde_json::from_str(&desk.run(&with_now(&add)).done()).unwrap();
    assert_eq!(
        (told["added"].as_u64(), told["outside"].as_array().map(Vec::len)),
        (Some(2), Some(2))
    );
    let listed = desk.run(&["preblock", "list", "--from", "2026-12-01", "--json"]).done();
    assert_eq!(listed.matches("e-us").count(), 2, "{listed}");
}

#[test]
fn a_dry_run_tells_and_does_not_do() {
    let desk = Desk::example();
    let before = desk.run(&["export", "--complete"]).done();
    let cases: [&[&str]; 4] = [
        &["preblock", "add", "AE", "e-us", "2026-11-25T10:00/12:00", "--overlap", "replace"],
        &["repeat", "sessions", "AE", "2026-11-25", "--weeks", "6"],
        &["repeat", "preblocks", "AE", "2026-11-25", "--until", "2026-12-31", "--overlap", "fill"],
        &["booking", "add", "AE", "us30", "2026-11-25T10:00"],
    ];
    for arguments in cases {
        let all: Vec<&str> = arguments.iter().copied().chain(["--dry-run"]).collect();
        let told = desk.run(&with_now(&all)).done();
        assert!(told.contains("läggs till"), "{told}");
    }
    assert_eq!(desk.run(&["export", "--complete"]).done(), before);
}

#[test]
fn a_repeat_says_which_red_days_it_skips() {
    let desk = Desk::example();
    let told =
        desk.run(&with_now(&["repeat", "sessions", "AE", "2026-11-25", "--weeks", "6"])).done();
    assert!(told.contains("tor 24 dec ("), "{told}");
    assert!(told.contains("ons 6 jan 2027 (Trettondedag jul)"), "{told}");
    let on = desk.run(&["session", "list", "--from", "2026-12-24", "--days", "1"]).done();
    assert_eq!(on, "Inga arbetspass.\n");
}

#[test]
fn what_r13_asks_about_is_confirmed_or_refused() {
    let desk = Desk::example();
    let add = ["booking", "add", "AE", "us30", "2026-11-25T17:30", "--patient", "p1"];
    desk.run(&with_now(&add)).failed(1, &["arbetsschemat", "--confirm"]);
    let confirmed: Vec<&str> = add.into_iter().chain(["--confirm"]).collect();
    desk.run(&with_now(&confirmed)).done();
    desk.run(&with_now(&confirmed)).failed(1, &["25 nov 17:30–18:00"]);
    let listed = desk.run(&["booking", "list", "--from", "2026-11-25", "--json"]).done();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
    let made = rows.iter().find(|row| row["start"] == "2026-11-25T17:30").unwrap();
    assert_eq!(made["name"], "Tolvan Tolvansson");
    let id = made["id"].as_str().unwrap();
    desk.run(&["booking", "cancel", id]).done();
    desk.run(&["booking", "cancel", id]).failed(1, &[]);
}

#[test]
fn a_patients_other_booking_at_the_time_is_told_of() {
    let desk = Desk::example();
    let add = |practitioner: &str, more: &[&str]| {
        let book = ["booking", "add", practitioner, "us30", "2026-11-25T17:30", "--patient", "p1"];
        desk.run(&[&with_now(&book)[..], &["--confirm"], more].concat()).done()
    };
    let other = "Patienten har redan en bokning ons 25 nov 17:30–18:00 hos Anna Ek.";
    assert!(!add("AE", &[]).contains("Patienten har redan"));
    let told = add("BL", &["--dry-run", "--user", "REC"]);
    assert!(told.contains(other), "{told}");
    let told: serde_json::Value = serde_json::from_str(&add("BL", &["--json"])).expect("an answer");
    let elsewhere = &told["elsewhere"][0];
    assert_eq!(elsewhere["practitioner"], "AE");
    assert_eq!(elsewhere["start"], "2026-11-25T17:30");
}

#[test]
fn the_log_shows_personal_values_only_when_asked() {
    let desk = Desk::example();
    let add = ["booking", "add", "AE", "us30", "2026-11-25T10:00", "--text", "Ring Tolvan"];
    desk.run(&with_now(&add)).done();
    let log = ["audit", "list", "--practitioner", "AE", "--json"];
    assert!(!desk.run(&log).done().contains("Tolvan"));
    let personal: Vec<&str> = log.into_iter().chain(["--personal"]).collect();
    assert!(desk.run(&personal).done().contains("Ring Tolvan"));
}

#[test]
fn a_log_that_has_been_tampered_with_is_found_out() {
    let desk = Desk::example();
    let database = rusqlite::Connection::open(desk.database()).unwrap();
    database.execute_batch("UPDATE audit_entry SET actor = 'AE'").unwrap();
    drop(database);
    desk.run(&["audit", "verify"]).failed(1, &["settings: händelse 1 har "]);
    let english = ["audit", "verify", "--language", "en"];
    desk.run(&english).failed(1, &["settings: entry 1 has been "]);
}

#[test]
fn a_dry_run_answers_as_the_change_does() {
    let cases: [&[&str]; 3] = [
        &["preblock", "add", "AE", "e-us", "2026-11-27T10:00/12:00", "2026-11-25T08:00/09:00"],
        &["repeat", "preblocks", "AE", "2026-11-25", "--weeks", "3", "--overlap", "replace"],
        &["booking", "add", "AE", "us30", "2026-11-27T09:00", "--confirm"],
    ];
    for case in cases {
        let desk = Desk::example();
        let told = |more: &[&str]| {
            let asked = [&with_now(case)[..], &["--json"], more].concat();
            let json = desk.run(&asked).done();
            let mut told: serde_json::Value = serde_json::from_str(&json).unwrap();
            (told["command"].take().is_null(), told)
        };
        let (preview, done) = (told(&["--dry-run"]), told(&[]));
        assert_eq!((preview.0, done.0), (true, false));
        assert_eq!(preview.1, done.1);
    }
}

#[test]
fn r12_holds_to_the_end_of_all_time() {
    let desk = Desk::example();
    let lay = |times: &str| desk.run(&["preblock", "add", "AE", "e-us", times]);
    lay("9999-12-31T23:00/23:59").done();
    lay("9999-12-31T23:30/23:59").failed(1, &["R12"]);
    lay("2026-11-26T00:00/9999-12-31T23:59").failed(1, &["R12"]);
    let book = ["booking", "add", "AE", "us30", "9999-12-31T23:45", "--confirm"];
    desk.run(&book).failed(1, &["tid"]);
    let remove = ["preblock", "remove", "AE", "2026-11-25T00:00/9999-12-31T23:59", "--json"];
    assert!(desk.run(&remove).done().contains("\"removed\": 4"));
}

#[test]
fn a_refusal_names_its_rule_in_either_language() {
    let desk = Desk::example();
    let cases: [(&[&str], &str); 4] = [
        (&["preblock", "add", "AE", "e-us", "2026-11-25T09:00/10:00"], "R12"),
        (&["booking", "add", "AE", "us30", "2026-12-25T09:00"], "R13"),
        (&["preblock", "add", "AE", "e-us", "2026-12-25T09:00/10:00", "--user", "ELEV"], "R17"),
        (&["repeat", "sessions", "AE", "2026-11-25", "--weeks", "999"], "R19"),
    ];
    for (case, rule) in cases {
        for language in ["sv", "en"] {
            let ended = desk.run(&[case, &["--language", language]].concat());
            assert_eq!(ended.err.matches(rule).count(), 1, "{}", ended.err);
            ended.failed(1, &[&format!("tidbok: {rule}: ")]);
        }
    }
}

#[test]
fn a_booking_is_edited_where_it_stands() {
    let desk = Desk::example();
    let told =
        |arguments: &[&str]| desk.run(&with_now(&[&["booking", "edit"], arguments].concat()));
    told(&["b1", "--patient", "p1", "--text", "Ringer vid ankomst"]).done();
    let listed = desk.run(&["booking", "list", "--from", "2026-11-25", "--json"]).done();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
    let edited = rows.iter().find(|row| row["id"] == "b1").unwrap();
    assert_eq!(edited["name"], "Tolvan Tolvansson");
    assert_eq!(edited["text"], "Ringer vid ankomst");
    assert_eq!(edited["end"], "2026-11-25T09:40");
    told(&["b1", "--template", "akut20"]).failed(1, &["R13", "--confirm"]);
    told(&["b1", "--template", "akut20", "--confirm", "--no-patient"]).done();
    told(&["b1", "--no-patient"]).failed(1, &["inget är ändrat"]);
    told(&["gone", "--text", "x"]).failed(1, &["längre"]);
}

#[test]
fn a_week_goes_onto_odd_weeks_only() {
    let desk = Desk::example();
    let repeat = ["repeat", "sessions", "AE", "2026-11-25", "--weeks", "3", "--only", "odd"];
    let told = desk.run(&with_now(&repeat)).done();
    assert!(told.contains("6 tillagda"), "{told}");
    let listed = desk.run(&["session", "list", "--from", "2026-11-30", "--days", "21"]).done();
    let weeks: Vec<bool> = ["2026-12-02", "2026-12-09", "2026-12-16"]
        .iter()
        .map(|date| listed.contains(date))
        .collect();
    assert_eq!(weeks, [true, false, true], "{listed}");
    let template = ["repeat", "template", "AE", "2026-11-25", "nix", "--weeks", "1"];
    desk.run(&with_now(&template)).failed(1, &["längre"]);
}
