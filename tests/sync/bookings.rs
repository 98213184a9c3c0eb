//! What patients wish stands in the book, is answered, and its times go.

use axum::body::Bytes;
use axum::http::{Method, Request, Response};
use chrono::{TimeDelta, Utc};
use serde_json::json;
use tidbok::clinic::Command;
use tidbok::sync::{BearerToken, Http, Sending, SyncError, Transport, Wire, WireError};

use crate::place::{AGENT, Place};

/// A place with two hours laid out and published, and the agent.
async fn published() -> (Place, tidbok::sync::Agent) {
    let place = Place::open().await;
    place.lay("09:00", "11:00").await;
    let mut agent = place.agent("one");
    agent.round(Utc::now()).await.expect("a round");
    (place, agent)
}

fn with_e_id(wish: &mut serde_json::Value) {
    wish["extension"] = json!([{"url": "urn:x-tidbok:extension:e-id", "valueBoolean": true}]);
}

#[tokio::test]
async fn a_wish_stands_in_the_book_by_itb_and_every_time_it_overlaps_is_gone() {
    let (place, mut agent) = published().await;
    let slot = place.slot_id("09:30", "us30").await;
    let wish = place.wish(&slot, |_, _| ()).await;
    agent.round(Utc::now()).await.expect("a round");
    let booked = place.booked().await;
    assert_eq!(booked.len(), 1);
    assert_eq!(
        (booked[0].registered_by.as_str(), booked[0].interval.start().clock()),
        ("ITB", "09:30".into())
    );
    assert_eq!(place.appointment(&wish).await["status"], "booked");
    assert_eq!(place.free().await, place.bookable().await);
    assert!(!place.free().await.iter().any(|(clock, _)| clock == "09:30"));
}

#[tokio::test]
async fn a_wish_that_a_server_stored_by_a_clock_that_was_set_back_is_answered_within_minutes() {
    let (place, mut agent) = published().await;
    let slots = [place.slot_id("09:00", "us30").await, place.slot_id("09:30", "us30").await];
    let now = Utc::now();
    place.wish(&slots[0], |_, _| ()).await;
    agent.round(now).await.expect("a round");
    let wish = place.wish(&slots[1], |_, _| ()).await;
    let earlier = "UPDATE resource SET updated_at = updated_at - 3600000 WHERE id = ?1";
    place.portals().execute(earlier, [&wish.id]).expect("it is written");
    agent.round(now + TimeDelta::minutes(11)).await.expect("a round");
    assert_eq!(place.appointment(&wish).await["status"], "booked");
}

#[tokio::test]
async fn a_time_that_staff_took_first_is_refused_in_patients_words_and_withdrawn() {
    let (place, mut agent) = published().await;
    let slot = place.slot_id("09:30", "us30").await;
    let wish = place.wish(&slot, |_, _| ()).await;
    let booking = tidbok::clinic::StaffBooking {
        practitioner: "AE".into(),
        start: crate::place::day_at("09:30", "10:00").start(),
        what: tidbok::clinic::BookingSubject::Template("us30".into()),
        patient: tidbok::clinic::BookedFor::Nobody,
        text: None,
        confirmed: Default::default(),
    };
    place.run(Command::Book(booking)).await;
    agent.round(Utc::now()).await.expect("a round");
    let answer = place.appointment(&wish).await;
    assert_eq!(answer["status"], "cancelled");
    assert_eq!(answer["cancelationReason"]["text"], "Tiden är tyvärr inte längre ledig.");
    assert_eq!(place.booked().await, []);
    assert_eq!(place.free().await, place.bookable().await);
}

#[tokio::test]
async fn a_wish_without_what_is_required_is_refused_and_its_time_free_again() {
    let (place, mut agent) = published().await;
    let slot = place.slot_id("09:30", "us30").await;
    let wish = place
        .wish(&slot, |_, patient| drop(patient.as_object_mut().and_then(|it| it.remove("telecom"))))
        .await;
    agent.round(Utc::now()).await.expect("a round");
    let answer = place.appointment(&wish).await;
    assert_eq!(answer["cancelationReason"]["coding"][0]["code"], "details");
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(place.free().await, place.bookable().await);
    assert!(place.free().await.iter().any(|(clock, _)| clock == "09:30"));
}

#[tokio::test]
async fn a_wish_that_cannot_be_understood_is_set_aside_and_stops_nothing() {
    let (place, mut agent) = published().await;
    let strange = place.slot_id("09:00", "us30").await;
    place
        .wish(&strange, |wish, _| {
            wish["extension"] =
                json!([{"url": "urn:x-tidbok:extension:wish", "valueCode": "dance"}]);
        })
        .await;
    let slot = place.slot_id("10:00", "us30").await;
    let wish = place.wish(&slot, |_, _| ()).await;
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(place.appointment(&wish).await["status"], "booked");
    assert_eq!(agent.state().set_aside, 1);
}

#[tokio::test]
async fn a_wish_that_cannot_be_understood_is_counted_once_however_long_it_lies_there() {
    let (place, mut agent) = published().await;
    let strange = place.slot_id("09:00", "us30").await;
    let strange = place
        .wish(&strange, |wish, _| {
            wish["extension"] =
                json!([{"url": "urn:x-tidbok:extension:wish", "valueCode": "dance"}]);
        })
        .await;
    let now = Utc::now();
    let long_ago = (now - TimeDelta::hours(1)).to_rfc3339();
    let earlier = "UPDATE resource SET updated_at = updated_at - 3600000, \
                   content = json_set(content, '$.meta.lastUpdated', ?2) WHERE id = ?1";
    place.portals().execute(earlier, [&strange.id, &long_ago]).expect("it is written");
    let slot = place.slot_id("10:00", "us30").await;
    place.wish(&slot, |_, _| ()).await;
    for minutes in [0, 11, 22] {
        agent.round(now + TimeDelta::minutes(minutes)).await.expect("a round");
        assert_eq!(agent.state().set_aside, 1, "after {minutes} minutes");
    }
}

/// Carries requests to a server that takes no answer to a wish.
struct TakesNoAnswer(Http);

impl Transport for TakesNoAnswer {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        if request.method() == Method::PUT && request.uri().path().contains("/Appointment/") {
            let refused = Response::builder().status(422).body(Bytes::new());
            return Box::pin(async { Ok(refused.expect("an answer")) });
        }
        self.0.send(request)
    }
}

#[tokio::test]
async fn a_wish_whose_answer_is_not_taken_holds_no_times_up() {
    let place = Place::open().await;
    place.lay("09:00", "10:00").await;
    let address = place.address().parse().expect("an address");
    let transport = TakesNoAnswer(Http::new().expect("a client"));
    let token = BearerToken::new(AGENT).expect("a token");
    let wire = Wire::new(Box::new(transport), &address, token);
    let mut agent = place.agent_by("one", wire, place.address());
    agent.round(Utc::now()).await.expect("a round");
    let wish = place.wish(&place.slot_id("09:30", "us30").await, |_, _| ()).await;
    place.lay("10:30", "11:30").await;
    for _ in 0..2 {
        let ended = agent.round(Utc::now()).await;
        assert!(matches!(ended, Err(SyncError::Wire(WireError::Refused(422)))), "{ended:?}");
        assert_eq!(place.free().await, place.bookable().await);
    }
    place.agent("two").round(Utc::now() + TimeDelta::minutes(1)).await.expect("a round");
    assert_eq!(place.appointment(&wish).await["status"], "booked");
    assert_eq!(place.booked().await.len(), 1);
}

#[tokio::test]
async fn a_wish_is_booked_once_however_often_agents_start_anew() {
    let (place, mut agent) = published().await;
    let slot = place.slot_id("09:30", "us30").await;
    place.wish(&slot, |_, _| ()).await;
    agent.round(Utc::now()).await.expect("a round");
    for _ in 0..3 {
        place.agent("one").round(Utc::now()).await.ok();
        agent.round(Utc::now()).await.expect("a round");
    }
    assert_eq!(place.booked().await.len(), 1);
}

#[tokio::test]
async fn a_booking_cancelled_by_staff_gives_its_time_back_and_is_cancelled_at_the_other_end() {
    let (place, mut agent) = published().await;
    let slot = place.slot_id("09:30", "us30").await;
    let wish = place.wish(&slot, |_, _| ()).await;
    agent.round(Utc::now()).await.expect("a round");
    let booking = place.booked().await[0].id.clone();
    place.run(Command::CancelBooking { booking, seen: None, reason: None }).await;
    agent.round(Utc::now()).await.expect("a round");
    assert!(place.free().await.iter().any(|(clock, _)| clock == "09:30"));
    assert_eq!(place.free().await, place.bookable().await);
    assert_eq!(place.appointment(&wish).await["status"], "cancelled");
}

#[tokio::test]
async fn r15_a_patient_cancels_with_the_bookings_own_e_id_and_no_other() {
    let (place, mut agent) = published().await;
    let slot = place.slot_id("09:30", "us30").await;
    let wish = place.wish(&slot, |wish, _| with_e_id(wish)).await;
    agent.round(Utc::now()).await.expect("a round");
    place.wish_away(&wish, "189002019801").await;
    agent.round(Utc::now()).await.expect("a round");
    let answer = place.appointment(&wish).await;
    assert_eq!(answer["status"], "booked");
    let told = answer["extension"].as_array().expect("extensions").clone();
    assert!(told.iter().any(|it| it["valueCode"] == "not-changeable"), "{answer}");
    place.wish_away(&wish, "189001019802").await;
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(place.appointment(&wish).await["status"], "cancelled");
    assert_eq!(place.booked().await, []);
    agent.round(Utc::now()).await.expect("a round");
    assert!(place.free().await.iter().any(|(clock, _)| clock == "09:30"));
}

#[tokio::test]
async fn r15_rebooking_takes_the_new_time_and_gives_the_old_one_back() {
    let (place, mut agent) = published().await;
    let old = place.slot_id("09:30", "us30").await;
    let first = place.wish(&old, |wish, _| with_e_id(wish)).await;
    agent.round(Utc::now()).await.expect("a round");
    let new = place.slot_id("10:30", "us30").await;
    let second = place
        .wish(&new, |wish, _| {
            wish["extension"] = json!([
                {"url": "urn:x-tidbok:extension:e-id", "valueBoolean": true},
                {"url": "urn:x-tidbok:extension:wish", "valueCode": "rebook"},
                {"url": "urn:x-tidbok:extension:replaces", "valueString": first.id},
            ]);
        })
        .await;
    agent.round(Utc::now()).await.expect("a round");
    agent.round(Utc::now()).await.expect("a round");
    let booked = place.booked().await;
    let clocks: Vec<String> = booked.iter().map(|it| it.interval.start().clock()).collect();
    assert_eq!(clocks, ["10:30"]);
    assert_eq!(place.appointment(&first).await["status"], "cancelled");
    assert_eq!(place.appointment(&second).await["status"], "booked");
    assert_eq!(place.free().await, place.bookable().await);
}

crate::on_the_server_too! {
    a_wish_stands_in_the_book_by_itb_and_every_time_it_overlaps_is_gone,
    a_time_that_staff_took_first_is_refused_in_patients_words_and_withdrawn,
    a_wish_without_what_is_required_is_refused_and_its_time_free_again,
    a_wish_that_cannot_be_understood_is_set_aside_and_stops_nothing,
    a_wish_is_booked_once_however_often_agents_start_anew,
    a_booking_cancelled_by_staff_gives_its_time_back_and_is_cancelled_at_the_other_end,
    r15_a_patient_cancels_with_the_bookings_own_e_id_and_no_other,
    r15_rebooking_takes_the_new_time_and_gives_the_old_one_back,
}
