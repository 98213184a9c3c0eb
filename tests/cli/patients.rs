//! `tidbok patient`: what is printed of patients, and of whom nothing is.

use crate::desk::Desk;

#[test]
fn a_patient_is_found_by_name_and_by_number_and_shown_with_bookings() {
    let desk = Desk::example();
    for text in ["tolv", "19121212-1212", "121212-1212"] {
        let found = desk.run(&["patient", "find", text, "--json"]).done();
        let rows: serde_json::Value = serde_json::from_str(&found).unwrap();
        assert_eq!(rows[0]["id"], "p1", "{text}");
    }
    assert_eq!(desk.run(&["patient", "find", "nobody"]).done(), "Inga patienter.\n");
    let show = ["patient", "show", "p1", "--at", "2026-11-23T12:00"];
    let told = desk.run(&show).done();
    for word in ["Tolvan Tolvansson", "2026-11-25T09:40", "avbokad", "12 mån"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&desk.run(&[&show[..], &["--json"]].concat()).done()).unwrap();
    assert_eq!(json["coming"][0]["id"], "b2");
    assert_eq!(json["past"][0]["cancelled"], true);
    desk.run(&["patient", "show", "nobody"]).failed(1, &["Patienten finns inte"]);
}

#[test]
fn whoever_looked_at_patients_stands_in_the_log_and_what_was_typed_does_not() {
    let desk = Desk::example();
    desk.run(&["patient", "find", "tolv"]).done();
    desk.run(&["patient", "find", "121212-1212"]).done();
    desk.run(&["patient", "show", "p1"]).done();
    let told = desk.run(&["audit", "list", "--action", "patient.view"]).done();
    assert!(told.contains("patient/p1") && told.contains("reading"), "{told}");
    let told = desk.run(&["audit", "list", "--kind", "search", "--json"]).done();
    let entries: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(entries.as_array().unwrap().len(), 2);
    assert!(!told.contains("tolv") && !told.contains("1212"), "{told}");
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn a_person_gets_all_that_is_kept_as_json() {
    let desk = Desk::example();
    let told = desk.run(&["patient", "export", "p1"]).done();
    let all: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(all["patient"]["personnummer"], "19121212-1212");
    let bookings = all["bookings"].as_array().unwrap();
    assert!(bookings.iter().any(|it| it["id"] == "b2" && it["booked_online"] == true));
    for part in ["given_online", "e_mail", "log"] {
        assert!(all[part].is_array(), "{part}");
    }
    desk.run(&["patient", "export", "nobody"]).failed(1, &["Patienten finns inte"]);
}

#[test]
fn erasing_is_asked_about_refused_while_somebody_is_booked_and_then_final() {
    let desk = Desk::example();
    desk.run(&["patient", "erase", "p1"]).failed(2, &["--yes"]);
    let before = ["patient", "erase", "p1", "--yes", "--at", "2026-11-23T12:00"];
    desk.run(&before).failed(1, &["b2", "2026-11-25T09:40"]);
    let after = ["patient", "erase", "p1", "--yes", "--at", "2026-12-23T12:00"];
    assert!(desk.run(&after).done().contains("Raderad"));
    let shown = desk.run(&["patient", "show", "p1"]).done();
    assert!(shown.contains("Raderad patient") && !shown.contains("Tolvan"), "{shown}");
    assert_eq!(desk.run(&["patient", "find", "tolv"]).done(), "Inga patienter.\n");
    desk.run(&["audit", "verify"]).done();
}

#[test]
fn r22_of_a_protected_patient_nothing_personal_is_printed() {
    let desk = Desk::empty();
    let file = desk.clinic_file("\"recall_months\": 12", "\"protected\": true");
    desk.run(&["import", file.to_str().unwrap()]).done();
    desk.run(&["patient", "export", "p1"]).failed(1, &["Patienten finns inte"]);
    let told = desk.run(&["patient", "export", "p1", "--complete"]).done();
    assert!(told.contains("Tolvansson"), "{told}");
    let asked: [&[&str]; 2] = [&["patient", "find", "tolv"], &["patient", "show", "p1"]];
    for arguments in asked {
        for json in [&[][..], &["--json"]] {
            let told = desk.run(&[arguments, json].concat()).done();
            assert!(told.contains("Skyddad"), "{told}");
            for personal in ["Tolvan", "1212", "example.org", "p1", "4670"] {
                assert!(!told.contains(personal), "{personal}: {told}");
            }
        }
    }
}
