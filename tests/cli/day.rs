//! `tidbok day`: a day as a list, to print or read aloud.

use crate::desk::Desk;

const DAY: [&str; 5] = ["day", "--date", "2026-11-25", "--at", "2026-11-25T07:30"];

fn day(desk: &Desk, more: &[&str]) -> String {
    desk.run(&[&DAY[..], more].concat()).done()
}

#[test]
fn a_day_reads_times_first_with_what_is_free_and_who_is_new() {
    let expected = "\
Onsdag 25 november 2026

Björn Lind, Hamnens Tandvård AB
Arbetar 08:00–12:00. 1 bokning.
08:00–09:40 Ledigt.
09:40–10:00 Tolvan Tolvansson. Akut. Ny patient från bokningssidan.
10:00–11:00 Ledigt, kan bokas på bokningssidan: Undersökning 30 min, Akutbesök 20 min.
11:00–12:00 Ledigt.
";
    assert_eq!(day(&Desk::example(), &["--practitioner", "BL"]), expected);
}

#[test]
fn practitioners_come_in_swedish_order_and_by_company() {
    let desk = Desk::example();
    let all = day(&desk, &[]);
    let at = |name| all.find(name).unwrap_or_else(|| panic!("{name}: {all}"));
    assert!(at("Anna Ek,") < at("Björn Lind,") && at("Björn Lind,") < at("Cecilia Åström,"));
    let harbour = day(&desk, &["--company", "hamnen"]);
    assert!(!harbour.contains("Anna Ek") && harbour.contains("Cecilia Åström"), "{harbour}");
    desk.run(&["day", "--company", "ingen"]).failed(1, &["ingen"]);
    desk.run(&["day", "--practitioner", "ingen"]).failed(1, &["ingen"]);
    desk.run(&["day", "--practitioner", "AE", "--company", "hamnen"]).failed(2, &[]);
}

#[test]
fn nothing_in_the_list_is_drawn() {
    let list = day(&Desk::example(), &[]);
    assert!(!list.contains(['│', '─', '┌', '•', '▌', '·', '\u{1b}']), "{list}");
    assert!(list.lines().all(|line| line == line.trim()), "{list}");
}

#[test]
fn names_need_patient_view_and_a_protected_patient_is_in_no_list() {
    let desk = Desk::example();
    let list = day(&desk, &["--user", "ELEV"]);
    assert!(list.contains("09:40–10:00 Patient.") && !list.contains("Tolvan"), "{list}");
    let desk = Desk::empty();
    let file = desk.clinic_file("\"recall_months\": 12", "\"protected\": true");
    desk.run(&["import", file.to_str().unwrap()]).done();
    for json in [&[][..], &["--json"]] {
        let list = day(&desk, json);
        assert!(list.contains("Skyddad") && !list.contains("Tolvan"), "{list}");
        assert!(!list.contains("p1"), "{list}");
    }
}

#[test]
fn json_has_an_object_for_each_stretch() {
    let list = day(&Desk::example(), &["--json", "--practitioner", "BL"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&list).expect("JSON");
    let kinds: Vec<&str> = rows.iter().filter_map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds, ["free", "booking", "bookable", "free"], "{list}");
    let booking = &rows[1];
    assert_eq!(booking["name"], "Tolvan Tolvansson");
    assert_eq!(
        (&booking["from_booking_page"], &booking["new_patient"]),
        (&true.into(), &true.into())
    );
    assert_eq!(booking["start"], "2026-11-25T09:40");
}

#[test]
fn english_is_complete() {
    let list = day(&Desk::example(), &["--language", "en"]);
    assert!(list.starts_with("Wednesday 25 November 2026\n"), "{list}");
    assert!(list.contains("Free, can be booked on the booking page: "), "{list}");
}
