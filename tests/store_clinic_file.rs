//! The clinic file, as its format says: what import takes, what it refuses, what export writes.

mod support;

use support::{EXAMPLE, EXAMPLE_EXPORT, Place, example, take_in, today};
use tidbok::store::{ClinicFile, Completeness, ImportError, ImportMode, export};

/// The paths of a document's faults.
fn faults(text: &str) -> Vec<String> {
    match ClinicFile::parse(text, today()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|fault| fault.path).collect(),
    }
}

/// The example with one place written otherwise.
fn example_with(old: &str, new: &str) -> String {
    assert!(EXAMPLE.contains(old), "the example has no {old}");
    EXAMPLE.replacen(old, new, 1)
}

#[tokio::test]
async fn export_complete_of_an_imported_example_is_the_expected_file_byte_for_byte() {
    let place = Place::new();
    let store = place.example().await;
    let written = export(&store).await.unwrap().to_json(Completeness::Complete);
    assert_eq!(written, EXAMPLE_EXPORT);
}

#[test]
fn an_exported_file_read_and_written_again_is_the_same_bytes() {
    let file = ClinicFile::parse(EXAMPLE_EXPORT, today()).unwrap();
    assert_eq!(file.to_json(Completeness::Complete), EXAMPLE_EXPORT);
}

#[tokio::test]
async fn import_refuses_a_database_that_holds_a_clinic_and_replaces_it_when_told() {
    let place = Place::new();
    let store = place.example().await;
    let again = take_in(&store, &example(), ImportMode::IntoEmpty).await;
    assert!(matches!(again, Err(ImportError::NotEmpty)));

    let smaller = ClinicFile::default();
    take_in(&store, &smaller, ImportMode::Replace).await.unwrap();
    let left = export(&store).await.unwrap();
    assert_eq!(left, smaller);
}

#[test]
fn every_refused_fault_is_named_by_its_path() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("tidbok-clinic", "other", &["format"]),
        ("\"version\": 1", "\"version\": 2", &["version"]),
        ("\"version\": 1", "\"version\": \"1\"", &["version"]),
        ("Europe/Stockholm", "Europe/Atlantis", &["time_zone"]),
        ("\"name\": \"Mälartandvården\", ", "", &["organisations[0].name"]),
        (
            "\"name\": \"Mälartandvården\"",
            "\"nam\": \"M\"",
            &["organisations[0].name", "organisations[0].nam"],
        ),
        ("\"name\": \"Mälartandvården\"", "\"name\": null", &["organisations[0].name"]),
        (
            "\"name\": \"Mälartandvården\"",
            "\"name\": \"A\", \"name\": \"B\"",
            &["organisations[0].name"],
        ),
        ("\"horizon_days\": 90", "\"horizon_day\": 90", &["online.horizon_day"]),
        ("\"horizon_days\": 90", "\"horizon_days\": -1", &["online.horizon_days"]),
        (
            "\"horizon_days\": 90",
            "\"horizon_days\": 99999999999999999999",
            &["online.horizon_days"],
        ),
        ("\"capacity\": 1", "\"capacity\": 1.5", &["resources[0].capacity"]),
        ("{\"code\": \"R\"", "{\"code\": \"RR\"", &["resources[0].code", "bookings[2].resources"]),
        ("{\"id\": \"intern\"", "{\"id\": \"us30\"", &["templates[3].id"]),
        ("\"company\": \"storgatan\"", "\"company\": \"nowhere\"", &["practitioners[0].company"]),
        (
            "\"categories\": [\"us\"]",
            "\"categories\": [\"us\", \"us\"]",
            &["preblock_types[0].categories[1]"],
        ),
        ("[\"BL\", \"CÅ\"]", "[\"BL\", \"XX\"]", &["preblock_types[1].practitioners[1]"]),
        ("#2e8b57", "green", &["preblock_types[0].color"]),
        ("\"kind\": \"internal\"", "\"kind\": \"public\"", &["preblock_types[2].kind"]),
        ("\"minutes\": 30", "\"minutes\": 0", &["templates[0].minutes"]),
        ("\"minutes\": 30", "\"minutes\": 601", &["templates[0].minutes"]),
        ("\"minutes\": 30", "\"minutes\": 30.5", &["templates[0].minutes"]),
        ("\"resources\": \"R\"", "\"resources\": \"RR\"", &["templates[1].resources"]),
        (
            "\"items\": [\"us30\", \"us45r\"]",
            "\"items\": [\"us30\", \"us30\"]",
            &["template_lists[0].items[1]"],
        ),
        (
            "\"items\": [\"us30\", \"us45r\"]",
            "\"items\": [\"us30\", 7]",
            &["template_lists[0].items[1]"],
        ),
        (
            "\"owner\": {\"kind\": \"all\"}",
            "\"owner\": {\"kind\": \"all\", \"id\": \"org\"}",
            &["template_lists[0].owner.id"],
        ),
        (
            "\"owner\": {\"kind\": \"all\"}",
            "\"owner\": {\"kind\": \"company\", \"id\": \"gone\"}",
            &["template_lists[0].owner.id", "organisations[0].online_template_list"],
        ),
        (
            "\"company\", \"id\": \"hamnen\"",
            "\"company\", \"id\": \"storgatan\"",
            &["companies[1].online_template_list"],
        ),
        (
            "\"practitioner\", \"id\": \"CÅ\"",
            "\"practitioner\", \"id\": \"BL\"",
            &["practitioners[2].online_template_list"],
        ),
        (
            "\"end\": \"2026-11-25T12:00\"",
            "\"end\": \"2026-11-25T08:00\"",
            &["work_sessions[0].end"],
        ),
        (
            "\"start\": \"2026-11-25T13:00\"",
            "\"start\": \"2026-02-30T13:00\"",
            &["work_sessions[1].start"],
        ),
        ("\"end\": \"2026-11-25T17:00\"", "\"end\": \"9999-12-31T17:00\"", &[]),
        ("\"start\": \"2026-11-25T11:30\"", "\"start\": \"2026-11-25T10:59\"", &["preblocks[1]"]),
        (
            "\"start\": \"2026-11-25T10:00\", \"end\": \"2026-11-25T10:45\"",
            "\"start\": \"2026-11-25T08:30\", \"end\": \"2026-11-25T08:45\"",
            &[],
        ),
        ("\"state\": \"cancelled\"", "\"state\": \"booked\"", &[]),
        ("\"state\": \"cancelled\"", "\"state\": \"gone\"", &["bookings[3].state"]),
        ("\"patient\": \"p1\"", "\"patient\": \"p2\"", &["bookings[1].patient"]),
        ("19121212-1212", "19121212-1213", &["patients[0].personnummer"]),
        ("19121212-1212", "20991212-1212", &["patients[0].personnummer"]),
        (
            "\"recall_months\": 12",
            "\"recall_template\": \"us30\"",
            &["patients[0].recall_template"],
        ),
        ("\"signature\": \"REC\"", "\"signature\": \"itb\"", &["users[1].signature"]),
        ("\"signature\": \"REC\"", "\"signature\": \"AE\"", &["users[1].signature"]),
        (
            "\"preblock.internet\", \"booking.edit\"",
            "\"preblock.all\", \"booking.edit\"",
            &["users[1].permissions[0]"],
        ),
        ("\"2026-12-31\"", "\"2026-12-24\"", &["closed_days[1]"]),
        ("\"closed_days\"", "\"closed_day\"", &["closed_day"]),
        ("{\n  \"format\"", "[{\n  \"format\"", &[""]),
        ("\"preblock_lists\": []", "\"preblock_lists\": {}", &["preblock_lists"]),
    ];
    for (old, new, expected) in cases {
        let mut found = faults(&example_with(old, new));
        let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "with {new}");
    }
}

#[test]
fn online_is_required_and_its_settings_have_defaults() {
    let least = r#"{"format": "tidbok-clinic", "version": 1}"#;
    assert_eq!(faults(least), ["online"]);
    let least = r#"{"format": "tidbok-clinic", "version": 1, "online": {}}"#;
    assert_eq!(ClinicFile::parse(least, today()).unwrap(), ClinicFile::default());
}

#[test]
fn of_two_overlapping_bookings_the_one_later_in_the_file_is_named() {
    let booking = r#"{"id": "b9", "practitioner": "AE", "start": "2026-11-25T08:30", "end": "2026-11-25T09:10", "category": "us", "registered_by": "AE"},
    {"id": "b1""#;
    assert_eq!(faults(&example_with(r#"{"id": "b1""#, booking)), ["bookings[1]"]);
}

#[test]
fn history_is_taken_as_it_is() {
    let cases = [
        // Beyond a resource's capacity.
        (
            "\"registered_by\": \"AE\", \"text\": \"Kontroll\"",
            "\"registered_by\": \"gone\", \"resources\": \"R\"",
        ),
        ("\"capacity\": 1", "\"capacity\": 0"),
        // A template may name a resource that does not exist.
        ("\"resources\": \"R\", \"calendar_text\"", "\"resources\": \"XY\", \"calendar_text\""),
        // A type that is not valid for its practitioner.
        ("[\"BL\", \"CÅ\"]", "[\"AE\"]"),
        // Overlapping sessions.
        (
            "\"start\": \"2026-11-25T13:00\", \"end\": \"2026-11-25T17:00\"",
            "\"start\": \"2026-11-25T10:00\", \"end\": \"2026-11-25T17:00\"",
        ),
    ];
    for (old, new) in cases {
        assert_eq!(faults(&example_with(old, new)), [""; 0], "with {new}");
    }
}

#[tokio::test]
async fn ten_different_faults_are_all_listed_and_nothing_is_written() {
    let mut text = EXAMPLE.to_owned();
    let changes = [
        ("\"version\": 1", "\"version\": 3"),
        (
            "\"organisation\": \"org\", \"name\": \"Hamnens",
            "\"organisation\": \"orgg\", \"name\": \"Hamnens",
        ),
        ("\"title\": \"Tandhygienist\"", "\"titel\": \"Tandhygienist\""),
        ("\"capacity\": 1", "\"capacity\": \"1\""),
        ("\"minutes\": 45", "\"minutes\": 700"),
        ("\"items\": [\"us30\", \"us45r\"]", "\"items\": [\"us30\", \"us30\"]"),
        ("\"end\": \"2026-11-25T17:00\"", "\"end\": \"2026-11-25T12:00\""),
        ("\"start\": \"2026-11-25T11:30\"", "\"start\": \"2026-11-25T10:30\""),
        ("19121212-1212", "19121212-1211"),
        ("\"signature\": \"ELEV\"", "\"signature\": \"ITB\""),
    ];
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    let mut found = faults(&text);
    found.sort();
    let expected = [
        "companies[1].organisation",
        "patients[0].personnummer",
        "practitioners[1].titel",
        "preblocks[1]",
        "resources[0].capacity",
        "template_lists[0].items[1]",
        "templates[1].minutes",
        "users[2].signature",
        "version",
        "work_sessions[1].end",
    ];
    assert_eq!(found, expected);
}

#[test]
fn r17_no_user_comes_in_under_a_reserved_signature() {
    for reserved in ["ITB", "itb", "system", "System "] {
        let signature = format!("\"signature\": \"{reserved}\"");
        let text = EXAMPLE.replace("\"signature\": \"ELEV\"", &signature);
        assert!(faults(&text).contains(&"users[2].signature".to_owned()), "{reserved}");
    }
}

#[test]
fn faults_never_repeat_a_patients_data() {
    let text = EXAMPLE
        .replace("19121212-1212", "19121212-1213")
        .replace("\"first_name\": \"Tolvan\"", "\"first_nam\": \"Tolvan\"");
    for fault in ClinicFile::parse(&text, today()).unwrap_err() {
        let message = fault.to_string();
        assert!(!message.contains("Tolvan") && !message.contains("1213"), "{message}");
    }
}

#[test]
fn a_masked_export_hides_protected_patients_and_hashes_and_can_be_imported() {
    let text = EXAMPLE
        .replace("\"recall_months\": 12", "\"protected\": true")
        .replace("\"name\": \"Elev\"", "\"name\": \"Elev\", \"password_hash\": \"secret-hash\"")
        .replace(
            "\"state\": \"cancelled\"",
            "\"state\": \"cancelled\", \"text\": \"Tolvan ringer\"",
        );
    let file = ClinicFile::parse(&text, today()).unwrap();
    let masked = file.to_json(Completeness::Masked);
    for hidden in ["Tolvan", "1212-1212", "tolvan@example.org", "+46701740605", "secret-hash"] {
        assert!(!masked.contains(hidden), "{hidden} is shown");
        assert!(file.to_json(Completeness::Complete).contains(hidden), "{hidden} is lost");
    }
    ClinicFile::parse(&masked, today()).unwrap();
}

on_the_server_too! {
    export_complete_of_an_imported_example_is_the_expected_file_byte_for_byte,
    import_refuses_a_database_that_holds_a_clinic_and_replaces_it_when_told,
    history_is_taken_as_it_is,
    ten_different_faults_are_all_listed_and_nothing_is_written,
    a_masked_export_hides_protected_patients_and_hashes_and_can_be_imported,
}
