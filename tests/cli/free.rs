//! `tidbok free`: the next times that staff can book without confirming anything.

use crate::desk::Desk;

const NOW: &str = "2026-11-23T12:00";

fn found(desk: &Desk, arguments: &[&str]) -> Vec<(String, String)> {
    let all: Vec<&str> =
        ["free", "--at", NOW, "--json"].into_iter().chain(arguments.iter().copied()).collect();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&desk.run(&all).done()).unwrap();
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "practitioner"), text(row, "start"))).collect()
}

#[test]
fn times_hang_on_preblocks_that_allow_the_category_and_else_on_free_stretches() {
    let desk = Desk::example();
    // 08–09 is free; 09–11 is a preblock whose start 09:00 and 09:30 a booking covers; 11–11:30 is free.
    let of_anna = found(&desk, &["--template", "us30", "--practitioner", "AE", "--limit", "6"]);
    let starts: Vec<&str> = of_anna.iter().map(|(_, start)| &start[11..]).collect();
    assert_eq!(starts, ["08:00", "08:30", "10:00", "10:30", "11:00", "11:30"]);
}

#[test]
fn whom_when_and_how_many_are_asked_for() {
    let desk = Desk::example();
    let everybody = found(&desk, &["--template", "akut20", "--limit", "2"]);
    assert_eq!(everybody[0], ("AE".into(), "2026-11-25T08:00".into()));
    assert_eq!(everybody[1], ("BL".into(), "2026-11-25T08:00".into()));
    let company = found(&desk, &["--template", "akut20", "--company", "hamnen", "--limit", "1"]);
    assert_eq!(company, [("BL".into(), "2026-11-25T08:00".into())]);
    let thursday = found(&desk, &["--template", "us30", "--weekdays", "thu,fri", "--limit", "1"]);
    assert_eq!(thursday[0].1, "2026-11-26T08:00");
    let afternoon = found(&desk, &["--template", "us30", "--between", "14:00-15:00"]);
    let starts: Vec<&str> = afternoon.iter().map(|(_, start)| start.as_str()).collect();
    assert_eq!(starts, ["2026-11-25T14:00", "2026-11-25T14:30"]);
    let later = found(&desk, &["--template", "us30", "--from", "2026-11-26", "--limit", "1"]);
    assert_eq!(later[0].1, "2026-11-26T08:00");
}

#[test]
fn nothing_free_says_how_far_was_searched_and_wrong_questions_what_is_wrong() {
    let desk = Desk::example();
    let none = desk.run(&["free", "--at", NOW, "--template", "us30", "--weekdays", "sun"]).done();
    assert!(none.contains("Inget ledigt till och med tis 23 nov 2027"), "{none}");
    let table = desk.run(&["free", "--at", NOW, "--template", "us30", "--limit", "1"]).done();
    assert!(table.contains("2026-11-25  ons  08:00–08:30  AE          Anna Ek"), "{table}");
    desk.run(&["free", "--template", "nix"]).failed(1, &["nix"]);
    desk.run(&["free", "--template", "us30", "--practitioner", "XX"]).failed(1, &["XX"]);
    desk.run(&["free", "--template", "us30", "--company", "XX"]).failed(1, &["XX"]);
    desk.run(&["free", "--template", "us30", "--between", "12:00-08:00"])
        .failed(2, &["08:00-12:00"]);
    desk.run(&["free", "--template", "us30", "--weekdays", "xyz"]).failed(2, &["weekdays"]);
    desk.run(&["free", "--template", "us30", "--limit", "0"]).failed(2, &["limit"]);
}
