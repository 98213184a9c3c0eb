//! The portal's clock is set back by an hour while it runs: nothing lasts for an hour longer by that, and
//! whoever asks for what is new misses nothing.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::json;

use super::Site;
use crate::desk::{AGENT, PAGE};

const TIMES: &str = "/mitt/times?company=c1&service=s-us&with=ae";

fn set_back(site: &Site) {
    site.pass(-TimeDelta::hours(1));
}

#[tokio::test]
async fn what_an_agent_did_by_the_former_clock_is_no_sign_that_it_is_at_work() {
    let site = Site::open().await;
    set_back(&site);
    assert!(site.browser().get(TIMES).await.slots().is_empty(), "nothing is offered");
    site.heard().await;
    assert_eq!(site.browser().get(TIMES).await.slots(), ["a1", "a2", "a3"]);
}

#[tokio::test]
async fn a_time_that_was_held_by_the_former_clock_is_free_for_others_within_a_minute() {
    let site = Site::open().await;
    site.browser().hold("a1").await;
    set_back(&site);
    site.heard().await;
    let held = site.browser();
    held.hold("a2").await;
    site.keep().await;
    assert_eq!(site.browser().get(TIMES).await.slots(), ["a1", "a3"]);
    assert_eq!(held.get(TIMES).await.slots(), ["a1", "a2", "a3"], "held by the clock as it is");
}

#[tokio::test]
async fn a_household_that_held_times_by_the_former_clock_waits_for_none_of_them() {
    let site = Site::open().await;
    let at_home = || site.browser().saying("x-forwarded-for", "203.0.113.9");
    for slot in ["a1", "a2", "a3", "b1", "b2", "b3"] {
        assert_eq!(at_home().hold(slot).await.status, StatusCode::SEE_OTHER, "{slot}");
    }
    set_back(&site);
    site.heard().await;
    site.keep().await;
    assert_eq!(at_home().hold("a1").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_is_stored_after_it_is_found_by_whoever_looks_for_what_is_newer() {
    let site = Site::open().await;
    let patient = json!({
        "resourceType": "Patient",
        "identifier": [{
            "system": "http://electronichealth.se/identifier/personnummer",
            "value": "189001019802",
        }],
    });
    let wish = async |slot: &str| {
        let stored = site.endpoint(PAGE, Method::POST, "Patient", &patient).await;
        let who: serde_json::Value = serde_json::from_str(&stored.text).expect("JSON");
        let who = format!("Patient/{}", who["id"].as_str().expect("an id"));
        let wish = json!({
            "resourceType": "Appointment", "status": "proposed",
            "slot": [{"reference": format!("Slot/{slot}")}],
            "participant": [{"status": "accepted", "actor": {"reference": who}}],
        });
        let made = site.endpoint(PAGE, Method::POST, "Appointment", &wish).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let made: serde_json::Value = serde_json::from_str(&made.text).expect("JSON");
        made["meta"]["lastUpdated"].as_str().expect("an instant").to_owned()
    };
    let before = wish("a1").await;
    set_back(&site);
    site.heard().await;
    let after = wish("a2").await;
    assert!(after > before, "{after} comes after {before}");
    // The one that is newest is changed, and is newest still.
    site.pass(-TimeDelta::minutes(1));
    let wishes = site.wishes().await;
    let mut newest = wishes.into_iter().find(|it| it["meta"]["lastUpdated"] == after.as_str());
    let mut newest = newest.take().expect("the second wish");
    newest["status"] = "booked".into();
    let path = format!("Appointment/{}", newest["id"].as_str().expect("an id"));
    site.endpoint(AGENT, Method::PUT, &path, &newest).await;
    let found = site.get(&format!("Appointment?_lastUpdated=gt{after}")).await;
    assert_eq!(found["entry"].as_array().map(Vec::len), Some(1), "{found}");
}
