//! Resources are read and written without loss.

use serde_json::json;

use super::*;

#[test]
fn what_a_server_sends_beside_what_is_used_here_is_written_back() {
    let sent = json!({
        "resourceType": "Slot",
        "id": "a1",
        "meta": {"versionId": "3", "lastUpdated": "2026-11-25T09:00:00.123Z", "profile": ["p"]},
        "serviceType": [{"coding": [{"system": "urn:x", "code": "us", "userSelected": true}]}],
        "schedule": {"reference": "Schedule/s", "type": "Schedule"},
        "status": "busy-tentative",
        "start": "2026-11-25T09:00:00+01:00",
        "end": "2026-11-25T09:30:00+01:00",
        "comment": "kept",
        "overbooked": false,
    });
    let slot = Slot::from_value(sent.clone()).expect("a slot");
    assert_eq!(slot.status, SlotStatus::BusyTentative);
    assert_eq!(slot.schedule.id_of("Schedule"), Some("s"));
    assert_eq!(slot.to_value().expect("JSON"), sent);
}

#[test]
fn another_kind_or_a_resource_without_what_it_must_have_is_not_that_and_not_quoted() {
    for wrong in [
        json!({"resourceType": "Patient", "name": [{"family": "Hemlig"}]}),
        json!({"resourceType": "Slot", "status": "Hemlig"}),
        json!({"status": "free"}),
        json!("Hemlig"),
    ] {
        let refused = Slot::from_value(wrong).expect_err("no slot");
        assert_eq!(refused.to_string(), "what came is not a Slot as FHIR R4 has it");
    }
}

#[test]
fn references_are_read_by_their_kind_relative_or_absolute() {
    let to = |text: &str| Reference { reference: Some(text.to_owned()), ..Reference::default() };
    assert_eq!(to("Slot/1").id_of("Slot"), Some("1"));
    assert_eq!(to("http://127.0.0.1/fhir/Slot/1").id_of("Slot"), Some("1"));
    assert_eq!(to("Schedule/1").id_of("Slot"), None);
    assert_eq!(to("Slot/").id_of("Slot"), None);
    assert_eq!(to("1").id_of("Slot"), None);
    assert_eq!(to("urn:uuid:1").id_of("Slot"), None);
}

#[test]
fn a_reference_whose_id_would_lead_an_address_elsewhere_points_at_nothing() {
    for id in ["", ".", "..", "?status=free", "1#2", "1?2", "%2e%2e", "å", "1 ", &"1".repeat(65)] {
        let reference = Reference::to("Slot", id);
        assert_eq!(reference.id_of("Slot"), None, "{id}");
    }
    for id in ["1", "a.b-C", "...", &"1".repeat(64)] {
        assert_eq!(Reference::to("Slot", id).id_of("Slot"), Some(id));
    }
}

#[test]
fn versions_are_read_from_entity_tags() {
    for (tag, version) in
        [("W/\"4\"", Some("4")), ("\"4\"", Some("4")), ("W/\"\"", None), ("4", None), ("", None)]
    {
        assert_eq!(version_of(tag), version, "{tag}");
    }
    assert_eq!(version_of(&etag("12")), Some("12"));
}

#[test]
fn a_document_of_another_type_is_no_bundle_and_no_outcome() {
    for kind in [json!(null), json!("Slot"), json!("Bundle"), json!("OperationOutcome")] {
        let document = json!({"resourceType": kind, "type": "searchset", "issue": []});
        let bundle = Bundle::from_value(document.clone());
        assert_eq!(bundle.is_ok(), kind == "Bundle", "{kind}");
        assert_eq!(OperationOutcome::from_value(document).is_ok(), kind == "OperationOutcome");
        if let Ok(bundle) = bundle {
            let written = bundle.to_value().expect("written").to_string();
            assert_eq!(written.matches("resourceType").count(), 1, "{written}");
        }
    }
}

#[test]
fn a_search_says_where_its_next_page_is_and_which_entries_are_remarks() {
    let bundle = Bundle::from_value(json!({
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 3,
        "link": [{"relation": "self", "url": "a"}, {"relation": "next", "url": "b"}],
        "entry": [
            {"resource": {"resourceType": "Slot"}, "search": {"mode": "match"}},
            {"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}},
            {"resource": {"resourceType": "Slot"}},
        ],
    }))
    .expect("a bundle");
    assert_eq!((bundle.kind, bundle.next()), (BundleKind::Searchset, Some("b")));
    let found: Vec<bool> = bundle.entry.iter().map(Entry::is_found).collect();
    assert_eq!(found, [true, false, true]);
}
