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
fn r22_of_a_protected_patient_nothing_personal_is_printed() {
    let desk = Desk::empty();
    let file = desk.clinic_file("\"recall_months\": 12", "\"protected\": true");
    desk.run(&["import", file.to_str().unwrap()]).done();
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
