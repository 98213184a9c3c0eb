//! What is personal is kept until the agent has answered, and in no other place.

use serde_json::json;

use crate::desk::{Running, patient, slot, wish};

/// Everything of the patient that must not be found any more.
const PERSONAL: [&str; 4] = ["Hemlig", "Hilda", "hilda@example.se", "189001019802"];

#[tokio::test]
async fn once_the_agent_has_answered_only_a_keyed_hash_of_the_patient_is_left() {
    let running = Running::start().await;
    let (agent, page) = (running.agent(), running.page());
    for (id, clock, status) in [("a", "09:00", "booked"), ("b", "10:00", "cancelled")] {
        agent.put(&format!("Slot/{id}"), &slot(25, clock)).await;
        let patient_id = page.post("Patient", &patient()).await.id();
        let who = format!("Patient/{patient_id}");
        let made = page.post("Appointment", &wish(id, &who)).await;
        let mut answer = made.body.clone();
        answer["status"] = status.into();
        agent.put(&format!("Appointment/{}", made.id()), &answer).await;
        let left = agent.get(&who).await.body;
        let identifiers = left["identifier"].as_array().expect("the hash").clone();
        assert_eq!(identifiers.len(), 1);
        assert_eq!(identifiers[0]["system"], "urn:x-tidbok:patient-hash");
        assert_eq!(identifiers[0]["value"].as_str().map(str::len), Some(64));
        let text = left.to_string();
        assert!(PERSONAL.iter().all(|personal| !text.contains(personal)), "{text}");
    }
}

#[tokio::test]
async fn the_same_patient_has_the_same_hash_and_answering_again_keeps_it() {
    let running = Running::start().await;
    let (agent, page) = (running.agent(), running.page());
    let mut hashes = Vec::new();
    for (id, clock) in [("a", "09:00"), ("b", "10:00")] {
        agent.put(&format!("Slot/{id}"), &slot(25, clock)).await;
        let who = format!("Patient/{}", page.post("Patient", &patient()).await.id());
        let made = page.post("Appointment", &wish(id, &who)).await;
        let mut answer = made.body.clone();
        answer["status"] = "booked".into();
        let path = format!("Appointment/{}", made.id());
        agent.put(&path, &answer).await;
        answer["extension"] = json!([{"url": "urn:x", "valueString": "again"}]);
        agent.put(&path, &answer).await;
        hashes.push(agent.get(&who).await.body["identifier"][0]["value"].clone());
    }
    assert_eq!(hashes[0], hashes[1]);
    assert!(hashes[0].is_string());
}
