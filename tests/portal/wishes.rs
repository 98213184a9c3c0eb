//! Wishes to book, rebook and cancel, and a clinic that is silent.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::desk::{Running, patient, slot_ahead as slot, wish};

/// A wish for a new patient as one transaction, as a booking page sends it.
fn booking(slot_id: &str, etag: &str, resource: &Value, identifier: &str) -> Value {
    let mut busy = resource.clone();
    busy["status"] = "busy".into();
    let mut asked = wish(slot_id, "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a");
    asked["identifier"] = json!([{"system": "urn:x-tidbok:booking", "value": identifier}]);
    json!({
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a",
                "resource": patient(),
                "request": {"method": "POST", "url": "Patient"},
            },
            {
                "resource": asked,
                "request": {
                    "method": "POST",
                    "url": "Appointment",
                    "ifNoneExist": format!("identifier=urn:x-tidbok:booking|{identifier}"),
                },
            },
            {
                "resource": busy,
                "request": {"method": "PUT", "url": format!("Slot/{slot_id}"), "ifMatch": etag},
            },
        ],
    })
}

#[tokio::test]
async fn a_wish_takes_its_slot_in_the_same_transaction() {
    let running = Running::start().await;
    let stored = running.agent().put("Slot/a", &slot(25, "09:00")).await;
    let etag = stored.etag.expect("a version");
    let sent = booking("a", &etag, &slot(25, "09:00"), "p-1");
    let done = running.page().post("/fhir/mitt", &sent).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(running.page().ids("Slot?status=free").await, [""; 0]);
    let wishes = running.agent().get("Appointment?status=proposed").await;
    assert_eq!(wishes.ids().len(), 1);
    let wish = &wishes.body["entry"][0]["resource"];
    assert_eq!(wish["start"], "2126-11-25T09:00:00+01:00", "the slot's own time");
    let reference = wish["participant"][0]["actor"]["reference"].as_str().expect("a patient");
    assert_eq!(running.agent().get(reference).await.body["name"][0]["family"], "Hemlig");
}

#[tokio::test]
async fn of_eight_who_wish_for_one_slot_at_once_one_gets_it_and_the_others_are_told() {
    let running = Running::start().await;
    let stored = running.agent().put("Slot/a", &slot(25, "09:00")).await;
    let etag = stored.etag.expect("a version");
    let bookings: Vec<Value> =
        (0..8).map(|at| booking("a", &etag, &slot(25, "09:00"), &format!("p-{at}"))).collect();
    let page = running.page();
    let all = bookings.iter().map(|sent| page.post("/fhir/mitt", sent));
    let answers = futures_util::future::join_all(all).await;
    let won = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(won, 1);
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::OK) {
        let known = [StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED];
        assert!(known.contains(&answer.status), "{}", answer.status);
        assert!(!answer.told().is_empty());
    }
    assert_eq!(running.agent().ids("Appointment").await.len(), 1);
    assert_eq!(running.agent().ids("Patient").await.len(), 1, "losers leave nothing behind");
}

#[tokio::test]
async fn a_wish_by_a_plain_post_takes_its_slot_too() {
    let running = Running::start().await;
    running.agent().put("Slot/a", &slot(25, "09:00")).await;
    let who = format!("Patient/{}", running.page().post("Patient", &patient()).await.id());
    let first = running.page().post("Appointment", &wish("a", &who)).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let second = running.page().post("Appointment", &wish("a", &who)).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert_eq!(second.told(), "the time is no longer free: choose another");
}

#[tokio::test]
async fn a_wish_that_lacks_what_it_must_have_is_refused() {
    let running = Running::start().await;
    running.agent().put("Slot/a", &slot(25, "09:00")).await;
    let who = format!("Patient/{}", running.page().post("Patient", &patient()).await.id());
    let good = wish("a", &who);
    type Alter = fn(&mut Value);
    let wrong: [(Alter, StatusCode); 5] = [
        (|it| it["slot"] = json!([]), StatusCode::BAD_REQUEST),
        (|it| it["slot"] = json!([{"reference": "Slot/gone"}]), StatusCode::CONFLICT),
        (|it| it["participant"] = json!([]), StatusCode::BAD_REQUEST),
        (
            |it| it["participant"][0]["actor"]["reference"] = "Patient/nobody".into(),
            StatusCode::BAD_REQUEST,
        ),
        (|it| it["start"] = "2126-11-25T08:00:00+01:00".into(), StatusCode::BAD_REQUEST),
    ];
    for (alter, status) in wrong {
        let mut sent = good.clone();
        alter(&mut sent);
        let refused = running.page().post("Appointment", &sent).await;
        assert_eq!(refused.status, status, "{sent}");
    }
    assert_eq!(running.page().ids("Slot?status=free").await, ["a"]);
}

#[tokio::test]
async fn the_booking_page_may_wish_and_nothing_else() {
    let running = Running::start().await;
    let page = running.page();
    running.agent().put("Slot/a", &slot(25, "09:00")).await;
    assert_eq!(page.put("Slot/b", &slot(25, "10:00")).await.status, StatusCode::NOT_FOUND);
    let mut moved = slot(25, "10:00");
    moved["status"] = "busy".into();
    assert_eq!(page.put("Slot/a", &moved).await.status, StatusCode::FORBIDDEN);
    assert_eq!(page.delete("Slot/a").await.status, StatusCode::FORBIDDEN);
    let schedule = json!({"resourceType": "Schedule", "actor": []});
    assert_eq!(page.post("Schedule", &schedule).await.status, StatusCode::FORBIDDEN);
    assert_eq!(page.get("Patient").await.status, StatusCode::FORBIDDEN);
    let who = format!("Patient/{}", page.post("Patient", &patient()).await.id());
    page.post("Appointment", &wish("a", &who)).await;
    let told = page.get("Appointment?status=proposed").await.body;
    let named = &told["entry"][0]["resource"]["participant"][0]["actor"]["reference"];
    assert_eq!(named, who.as_str(), "a wish tells of its patient");
    assert_eq!(page.get(&who).await.status, StatusCode::FORBIDDEN, "and of nothing of theirs");
}

#[tokio::test]
async fn a_wish_is_taken_back_and_a_booking_wished_away() {
    let running = Running::start().await;
    let (agent, page) = (running.agent(), running.page());
    agent.put("Slot/a", &slot(25, "09:00")).await;
    let who = format!("Patient/{}", page.post("Patient", &patient()).await.id());

    let made = page.post("Appointment", &wish("a", &who)).await;
    let path = format!("Appointment/{}", made.id());
    let mut back = made.body.clone();
    back["status"] = "cancelled".into();
    assert_eq!(page.put(&path, &back).await.body["status"], "cancelled");
    assert_eq!(page.ids("Slot?status=free").await, ["a"], "its time is free again");

    let who = format!("Patient/{}", page.post("Patient", &patient()).await.id());
    let made = page.post("Appointment", &wish("a", &who)).await;
    let path = format!("Appointment/{}", made.id());
    let mut booked = made.body.clone();
    booked["status"] = "booked".into();
    assert_eq!(page.put(&path, &booked).await.status, StatusCode::FORBIDDEN, "the agent's to say");
    let answered = agent.put_if(&path, &made.etag.expect("a version"), &booked).await;
    assert_eq!(answered.status, StatusCode::OK);
    let mut away = answered.body.clone();
    away["status"] = "cancelled".into();
    let wished = page.put(&path, &away).await;
    assert_eq!(wished.body["status"], "booked", "until the agent says otherwise");
    assert_eq!(wished.body["extension"][0]["valueCode"], "cancel");
}

#[tokio::test]
async fn a_silent_clinics_times_are_not_offered() {
    let running = Running::silent_for(TimeDelta::milliseconds(300)).await;
    running.agent().put("Slot/a", &slot(25, "09:00")).await;
    let who = format!("Patient/{}", running.page().post("Patient", &patient()).await.id());
    assert_eq!(running.page().ids("Slot").await, ["a"]);
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert_eq!(running.page().ids("Slot").await, [""; 0]);
    assert_eq!(running.page().get("Slot/a").await.status, StatusCode::NOT_FOUND);
    let refused = running.page().post("Appointment", &wish("a", &who)).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    running.agent().get("metadata").await;
    assert_eq!(running.agent().ids("Slot").await, ["a"], "the agent sees what it has published");
    assert_eq!(running.page().ids("Slot").await, [""; 0], "looking is no work");
    running.agent().ids("Appointment").await;
    assert_eq!(running.page().ids("Slot").await, ["a"], "the agent is at work again");
}
