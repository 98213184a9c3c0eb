//! Every resource that agent and portal send is valid FHIR R4, by HL7's own schema.

use axum::body::Bytes;
use axum::http::Request;
use chrono::Utc;
use serde_json::{Value, json};
use tidbok::sync::{Http, Reply, Sending, Transport, WireError};

use crate::place::{PAGE, Place};
use crate::valid::faults;

/// Carries requests, and holds what is asked against the schema, and what is answered, too, where that is
/// ours.
pub struct Checked {
    pub http: Http,
    pub ours: bool,
}

impl Checked {
    async fn carry(&self, request: Request<Bytes>) -> Result<Reply, WireError> {
        let place = format!("{} {}", request.method(), request.uri());
        assert_valid(&format!("asked: {place}"), request.body());
        let answer = self.http.send(request).await?;
        if self.ours {
            assert_valid(&format!("answered: {place}"), answer.body());
        }
        Ok(answer)
    }
}

impl Transport for Checked {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(self.carry(request))
    }
}

/// A body is empty, or a valid resource.
pub fn assert_valid(what: &str, body: &[u8]) {
    if body.is_empty() {
        return;
    }
    let resource: Value = serde_json::from_slice(body).expect("JSON");
    assert_eq!(faults(&resource), [""; 0], "{what}: {resource:#}");
}

#[test]
fn the_check_itself_finds_what_is_wrong() {
    let slot = json!({
        "resourceType": "Slot",
        "schedule": {"reference": "Schedule/1"},
        "status": "free",
        "start": "2026-11-25T09:00:00+01:00",
        "end": "2026-11-25T09:30:00+01:00",
    });
    assert_eq!(faults(&slot), [""; 0]);
    let appointment = json!({
        "resourceType": "Appointment",
        "status": "booked",
        "start": "2026-11-25T09:00:00+01:00",
        "end": "2026-11-25T09:30:00+01:00",
        "participant": [{"status": "accepted", "actor": {"reference": "Patient/1"}}],
    });
    assert_eq!(faults(&appointment), [""; 0]);
    type Alter = fn(&mut Value);
    let wrong: [(&Value, Alter, &str); 12] = [
        (&slot, |it| it["status"] = "gone".into(), "Slot/status"),
        (&slot, |it| it["start"] = "2026-11-25T09:00".into(), "Slot/start"),
        (&slot, |it| it["colour"] = "red".into(), "colour"),
        (&slot, |it| it["id"] = "a b".into(), "Slot/id"),
        (&slot, |it| it["serviceType"] = json!([]), "serviceType is empty"),
        (&slot, |it| it["schedule"]["reference"] = "Organization/1".into(), "may not refer"),
        (&appointment, |it| it["participant"] = json!([{"status": "accepted"}]), "app-1"),
        (&appointment, |it| it["end"] = json!(null), "app-2"),
        (
            &appointment,
            |it| {
                it.as_object_mut()
                    .expect("an object")
                    .retain(|key, _| key != "start" && key != "end");
            },
            "app-3",
        ),
        (&appointment, |it| it["cancelationReason"] = json!({"text": "x"}), "app-4"),
        (
            &appointment,
            |it| {
                it.as_object_mut().expect("an object").remove("participant");
            },
            "participant",
        ),
        (&appointment, |it| it["resourceType"] = "Observation".into(), "not among"),
    ];
    for (good, alter, told) in wrong {
        let mut resource = good.clone();
        alter(&mut resource);
        let found = faults(&resource);
        assert!(found.iter().any(|fault| fault.contains(told)), "{told}: {found:?}");
    }
}

/// The other tests hold what they send and are sent against the schema, too; here is what they leave out.
#[tokio::test]
async fn what_the_portal_says_of_itself_and_of_refusals_is_valid() {
    let place = Place::open().await;
    place.lay("09:00", "11:00").await;
    place.agent("one").round(Utc::now()).await.expect("a round");
    for path in [
        "metadata",
        "Slot?_count=3&_sort=start",
        "Slot?status=entered-in-error",
        "Slot?colour=red",
        "Slot/none",
        "Observation",
        "Organization",
        "Practitioner",
        "Schedule",
        "HealthcareService",
        "Patient",
    ] {
        let (_, body) = place.asked(PAGE, path).await;
        assert_valid(path, &body);
    }
    let (status, body) = place.asked("no-token-no-token-no-token", "Slot").await;
    assert_eq!(status.as_u16(), 401);
    assert_valid("without a token", &body);
}
