//! Where the console's link to the marked times leads.

use axum::http::StatusCode;
use chrono::TimeDelta;
use tidbok::domain::{AgentAt, Interval, PractitionerId};

use super::Site;

fn interval(times: &str) -> Interval {
    let (from, to) = times.split_once('/').expect("two times");
    Interval::new(from.parse().expect("a time"), to.parse().expect("a time")).expect("in order")
}

/// The path of the console's link, as an agent publishes to this site.
fn linked(practitioner: &str, shown: &str) -> String {
    let agent = AgentAt {
        host: "mottagningen".to_owned(),
        process: 1,
        version: "test".to_owned(),
        since: chrono::Utc::now(),
        publishes_to: "https://bokning.example.se/fhir/mitt/".to_owned(),
    };
    let link = agent.page_of(&PractitionerId::from(practitioner), interval(shown)).expect("a link");
    link.strip_prefix("https://bokning.example.se").expect("the same host").to_owned()
}

#[tokio::test]
async fn the_marked_times_are_shown_whatever_the_treatment_and_each_leads_to_booking_it() {
    let site = Site::open().await;
    let path = linked("Å ae", "2026-11-25T09:15/2026-11-26T09:15");
    assert!(path.is_ascii(), "{path}");
    let browser = site.browser();
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_has("Anna Ek");
    page.assert_has("&amp;time=a2%7E");
    page.assert_has("onsdag 25 november kl. 09:30");
    page.assert_has("&amp;time=a3%7E");
    page.assert_lacks("time=a1");
    page.assert_lacks("time=b2");
    let link = page.text.split("href=\"").find(|link| link.starts_with("/mitt/time?"));
    let link = link.and_then(|link| link.split('"').next()).expect("a link").replace("&amp;", "&");
    assert_eq!(browser.get(&link).await.heading(), "Vill du boka den här tiden?");
}

#[tokio::test]
async fn where_nothing_is_free_it_says_so_and_what_is_not_understood_is_not_found() {
    let site = Site::open().await;
    let browser = site.browser();
    let night = linked("Å ae", "2026-11-25T20:00/2026-11-25T23:00");
    browser.get(&night).await.assert_has("Alla behandlingar och tider");
    site.pass(TimeDelta::minutes(6));
    let day = linked("Å ae", "2026-11-25T08:00/2026-11-25T17:00");
    browser.get(&day).await.assert_lacks("time=a1");
    for path in [
        linked("Ö", "2026-11-25T08:00/2026-11-25T17:00"),
        "/mitt/here/Å%20ae/2026-11-25T08:00/-1".replace('Å', "%C3%85"),
        "/mitt/here/x/2026-11-25T25:00/60".to_owned(),
        "/mitt/here/x/9999-12-31T23:59/65535".to_owned(),
        "/mitt/here/x/-262143-01-01T00:00/0".to_owned(),
    ] {
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_server_without_a_page_of_ours_has_no_link() {
    let agent = AgentAt {
        host: String::new(),
        process: 1,
        version: String::new(),
        since: chrono::Utc::now(),
        publishes_to: "https://fhir.example.se/r4".to_owned(),
    };
    let shown = interval("2026-11-25T08:00/2026-11-25T17:00");
    assert_eq!(agent.page_of(&"AE".into(), shown), None);
}
