//! Reading, storing, searching and transactions, as FHIR has them.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::desk::{AGENT, PAGE, Running, slot};

#[tokio::test]
async fn only_a_clinics_own_tokens_come_in_and_each_clinic_sees_its_own() {
    let running = Running::start().await;
    let stored = running.agent().put("Slot/a", &slot(25, "09:00")).await;
    assert_eq!(stored.status, StatusCode::CREATED);
    for (clinic, token) in
        [("mitt", ""), ("mitt", "wrong-wrong-wrong-wrong-w"), ("nord", AGENT), ("nowhere", AGENT)]
    {
        let refused = running.with(clinic, token).get("Slot/a").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{clinic}");
        assert_eq!(refused.told(), "a bearer token of this clinic is needed");
    }
    let found = running.page().request(Method::GET, "Slot/a").send().await.expect("an answer");
    assert_eq!(found.status(), StatusCode::OK);
    assert_eq!(found.headers()["cache-control"], "no-store", "nothing is kept on the way");
    assert_eq!(running.other_agent().get("Slot/a").await.status, StatusCode::NOT_FOUND);
    assert_eq!(running.other_agent().ids("Slot").await, [""; 0]);
    assert_eq!(running.with("mitt", PAGE).get("metadata").await.body["fhirVersion"], "4.0.1");
}

#[tokio::test]
async fn a_resource_has_a_version_and_is_written_over_only_by_who_has_seen_it() {
    let running = Running::start().await;
    let agent = running.agent();
    let first = agent.put("Slot/a", &slot(25, "09:00")).await;
    let tag = first.etag.expect("a version");
    let busy = {
        let mut it = slot(25, "09:00");
        it["status"] = "busy".into();
        it
    };
    let second = agent.put_if("Slot/a", &tag, &busy).await;
    assert_eq!(second.status, StatusCode::OK);
    assert_ne!(second.etag, Some(tag.clone()));
    let stale = agent.put_if("Slot/a", &tag, &slot(25, "09:00")).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let same = agent.put("Slot/a", &busy).await;
    assert_eq!(same.etag, second.etag, "nothing new, no new version");
    assert_eq!(agent.delete("Slot/a").await.status, StatusCode::NO_CONTENT);
    assert_eq!(agent.get("Slot/a").await.status, StatusCode::NOT_FOUND);
    let again = agent.put("Slot/a", &busy).await;
    assert_eq!(again.status, StatusCode::CREATED);
    assert_ne!(again.etag, second.etag, "no version is given twice");
}

#[tokio::test]
async fn what_is_no_resource_is_refused_and_not_quoted() {
    let running = Running::start().await;
    for (path, body) in [
        ("Slot/a", json!({"resourceType": "Patient", "name": [{"family": "Hemlig"}]})),
        ("Slot/a", json!({"resourceType": "Slot", "id": "Hemlig"})),
        ("Slot/a%20b", json!({"resourceType": "Slot"})),
        ("Slot/a", json!(["Hemlig"])),
        ("Observation/a", json!({"resourceType": "Observation"})),
    ] {
        let refused = running.agent().put(path, &body).await;
        assert!(refused.status.is_client_error(), "{path}: {}", refused.status);
        assert!(!refused.told().contains("Hemlig"));
    }
    let request = running.agent().request(Method::PUT, "Slot/a").body("{Hemlig");
    let refused = running.agent().send(request).await;
    assert_eq!(
        (refused.status, refused.told().as_str()),
        (StatusCode::BAD_REQUEST, "what came is not JSON")
    );
    for body in
        [json!({"type": "transaction"}), json!({"resourceType": "Patient", "type": "batch"})]
    {
        let refused = running.agent().post("/fhir/mitt", &body).await;
        assert_eq!(
            (refused.status, refused.told().as_str()),
            (StatusCode::BAD_REQUEST, "what came is not a Bundle as FHIR R4 has it")
        );
    }
}

#[tokio::test]
async fn a_slot_or_an_appointment_that_is_not_as_its_type_says_is_refused_even_of_the_agent() {
    let running = Running::start().await;
    let agent = running.agent();
    let with = |mut resource: Value, key: &str, value: Value| {
        resource[key] = value;
        resource
    };
    let appointment = || json!({"resourceType": "Appointment", "status": "booked"});
    let mut without_end = slot(25, "09:00");
    without_end.as_object_mut().expect("an object").remove("end");
    for (kind, resource) in [
        ("Slot", with(slot(25, "09:00"), "end", json!("x"))),
        ("Slot", with(slot(25, "09:00"), "start", json!("2026-11-25T09:00:00"))),
        ("Slot", with(slot(25, "09:00"), "start", json!(20_261_125))),
        ("Slot", with(slot(25, "09:00"), "status", json!("open"))),
        ("Slot", with(slot(25, "09:00"), "schedule", json!("ae"))),
        ("Slot", without_end),
        ("Appointment", with(appointment(), "status", json!(123))),
        ("Appointment", with(appointment(), "start", json!("tomorrow"))),
        ("Appointment", with(appointment(), "participant", json!("Hemlig"))),
    ] {
        let entry = json!({
            "resource": &resource,
            "request": {"method": "PUT", "url": format!("{kind}/a")},
        });
        let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": [entry]});
        let answers = [
            agent.put(&format!("{kind}/a"), &resource).await,
            agent.post(kind, &resource).await,
            agent.post("/fhir/mitt", &bundle).await,
        ];
        for refused in answers {
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{resource}");
            assert_eq!(refused.body["resourceType"], "OperationOutcome");
            assert!(!refused.told().contains("Hemlig"));
        }
        assert!(agent.ids(kind).await.is_empty(), "{resource}");
    }
    assert_eq!(agent.put("Slot/a", &slot(25, "09:00")).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn slots_are_searched_by_schedule_time_status_and_service() {
    let running = Running::start().await;
    let agent = running.agent();
    for (id, day, clock) in [("a", 25, "09:00"), ("b", 25, "09:30"), ("c", 26, "09:00")] {
        agent.put(&format!("Slot/{id}"), &slot(day, clock)).await;
    }
    let mut busy = slot(26, "10:00");
    busy["status"] = "busy".into();
    busy["schedule"] = json!({"reference": "Schedule/bo"});
    agent.put("Slot/d", &busy).await;
    for (search, found) in [
        ("Slot", vec!["a", "b", "c", "d"]),
        ("Slot?status=free", vec!["a", "b", "c"]),
        ("Slot?status=free,busy&schedule=Schedule/bo", vec!["d"]),
        ("Slot?schedule=ae", vec!["a", "b", "c"]),
        ("Slot?start=ge2026-11-25T09:30:00%2B01:00&start=lt2026-11-26", vec!["b"]),
        ("Slot?start=gt2026-11-25T09:30:00%2B01:00", vec!["c", "d"]),
        ("Slot?start=le2026-11-25T08:30:00Z", vec!["a", "b"]),
        ("Slot?service-type=urn:x-tidbok:booking-template%7Cus30&_id=c,d", vec!["c", "d"]),
        ("Slot?service-type=other", vec![]),
        ("Slot?_sort=start&_count=2", vec!["a", "b"]),
    ] {
        assert_eq!(agent.ids(search).await, found, "{search}");
    }
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_unless_leniency_is_asked_for() {
    let running = Running::start().await;
    let agent = running.agent();
    agent.put("Slot/a", &slot(25, "09:00")).await;
    assert_eq!(agent.get("Slot?colour=red").await.status, StatusCode::BAD_REQUEST);
    let lenient =
        agent.request(Method::GET, "Slot?colour=red").header("Prefer", "handling=lenient");
    assert_eq!(agent.send(lenient).await.ids(), ["a"]);
    let form = agent.request(Method::POST, "Slot/_search").body("status=free");
    assert_eq!(agent.send(form).await.ids(), ["a"]);
}

#[tokio::test]
async fn a_search_with_more_values_than_the_store_takes_is_refused_before_it_is_asked() {
    let running = Running::start().await;
    let agent = running.agent();
    let search = |body: String| agent.send(agent.request(Method::POST, "Slot/_search").body(body));
    let most = vec!["a"; 500].join(",");
    assert_eq!(search(format!("_id={most}")).await.status, StatusCode::OK);
    assert_eq!(search("start=ge2026-11-25&".repeat(500)).await.status, StatusCode::OK);
    for many in [",".repeat(40_000), most + ",a", format!("a{}", "&_id=a".repeat(1_500))] {
        let refused = search(format!("_id={many}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.told(), "a search compares with at most 500 values");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let running = Running::start().await;
    let agent = running.agent();
    for at in 0..7 {
        agent.put(&format!("Slot/{at}"), &slot(20 + at, "09:00")).await;
    }
    for order in ["_id", "_lastUpdated", "start"] {
        let mut found = Vec::new();
        let mut next = Some(format!("Slot?_count=3&_sort={order}"));
        while let Some(address) = next {
            let page = agent.get(&address).await;
            assert!(page.ids().len() <= 3);
            found.extend(page.ids());
            let links = page.body["link"].as_array().expect("links").clone();
            let link = links.iter().find(|link| link["relation"] == "next");
            next = link.map(|link| link["url"].as_str().expect("an address").to_owned());
        }
        assert_eq!(found, ["0", "1", "2", "3", "4", "5", "6"], "{order}");
    }
}

#[tokio::test]
async fn a_transaction_is_carried_out_whole_or_not_at_all() {
    let running = Running::start().await;
    let agent = running.agent();
    let old = agent.put("Slot/old", &slot(25, "09:00")).await;
    let entry = |method: &str, url: &str, resource| {
        json!({
            "request": {"method": method, "url": url}, "resource": resource,
        })
    };
    let mut stale = entry("PUT", "Slot/old", slot(25, "10:00"));
    stale["request"]["ifMatch"] = "W/\"999\"".into();
    let bundle = |last| {
        json!({
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [entry("PUT", "Slot/new", slot(26, "09:00")), last],
        })
    };
    let refused = agent.post("/fhir/mitt", &bundle(stale.clone())).await;
    assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(agent.ids("Slot").await, ["old"], "all of it is rolled back");
    let mut unless_there = entry("PUT", "Slot/other", slot(25, "10:00"));
    unless_there["request"]["ifNoneMatch"] = "*".into();
    let refused = agent.post("/fhir/mitt", &bundle(unless_there)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "a condition that is not looked at");
    stale["request"]["ifMatch"] = old.etag.expect("a version").into();
    let done = agent.post("/fhir/mitt/", &bundle(stale)).await;
    assert_eq!(done.body["type"], "transaction-response");
    assert_eq!(done.body["entry"][0]["response"]["status"], "201");
    assert_eq!(done.body["entry"][1]["response"]["status"], "200");
    let gone = json!({
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"request": {"method": "DELETE", "url": "Slot/old"}},
            {"request": {"method": "DELETE", "url": "Slot/never"}},
        ],
    });
    assert_eq!(agent.post("/fhir/mitt", &gone).await.status, StatusCode::OK);
    assert_eq!(agent.ids("Slot").await, ["new"]);
}

#[tokio::test]
async fn a_conditional_post_makes_one_however_often_it_is_sent() {
    let running = Running::start().await;
    let agent = running.agent();
    let service = json!({
        "resourceType": "HealthcareService",
        "identifier": [{"system": "urn:x-tidbok:booking-template", "value": "us30"}],
    });
    let condition = "identifier=urn:x-tidbok:booking-template|us30";
    let post = || {
        agent
            .request(Method::POST, "HealthcareService")
            .header("If-None-Exist", condition)
            .json(&service)
    };
    let (first, second) = (agent.send(post()).await, agent.send(post()).await);
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::OK));
    assert_eq!(first.id(), second.id());
    agent.post("HealthcareService", &service).await;
    assert_eq!(agent.send(post()).await.status, StatusCode::PRECONDITION_FAILED, "two fit now");
}

#[tokio::test]
async fn too_much_at_once_is_not_read() {
    let running = Running::start().await;
    let request = running.agent().request(Method::PUT, "Slot/a").body(vec![b' '; 5 << 20]);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn of_whoever_is_not_let_in_no_body_is_read() {
    let running = Running::start().await;
    let address = running.address().strip_prefix("http://").expect("an address").to_owned();
    for path in ["/fhir/mitt", "/fhir/mitt/Slot", "/fhir/mitt/Slot/a", "/fhir/nowhere/Slot"] {
        let mut stream = TcpStream::connect(&address).await.expect("it answers");
        let head = format!("PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("taken");
        // The body never comes.
        let mut told = [0; 12];
        let read = timeout(Duration::from_secs(10), stream.read_exact(&mut told)).await;
        read.expect("it is not waited for").expect("an answer");
        assert_eq!(&told, b"HTTP/1.1 401", "{path}");
    }
}
