//! From the form that was sent to the clinic's answer.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::Value;

use super::{OTHER_NUMBER, Site, assert_impersonal};

#[tokio::test]
async fn it_says_booked_only_once_the_agent_has_answered() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    let waiting = browser.get(&place).await;
    assert_eq!(waiting.heading(), "Vi frågar kliniken …");
    waiting.assert_has("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>");
    waiting.assert_lacks("Tiden är bokad");
    assert_eq!(browser.get(&format!("{place}/state")).await.text, "waited");
    assert_eq!(browser.get(&format!("{place}/booking.ics")).await.status, StatusCode::NOT_FOUND);

    site.decide(None).await;
    let booked = browser.get(&place).await;
    assert_eq!(booked.heading(), "Tiden är bokad");
    for text in ["onsdag 25 november kl. 09:00–09:30", "Undersökning", "Anna Ek", "Storgatan 4"]
    {
        booked.assert_has(text);
    }
    booked.assert_lacks("http-equiv");
    booked.assert_lacks("Hilda");
    assert_eq!(browser.get(&format!("{place}/state")).await.text, "booked");
    let file = browser.get(&format!("{place}/booking.ics")).await;
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    file.assert_has("DTSTART:20261125T080000Z\r\nDTEND:20261125T083000Z\r\n");
    file.assert_has("SUMMARY:Tandkliniken Storgatan\r\n");
    file.assert_has(&format!("UID:{}@tidbok\r\n", place.rsplit('/').next().expect("an id")));
    file.assert_lacks("Undersökning");
}

#[tokio::test]
async fn without_an_answer_in_ten_seconds_it_says_what_happens_next() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    site.pass(TimeDelta::milliseconds(9_999));
    assert_eq!(browser.get(&place).await.heading(), "Vi frågar kliniken …");
    site.pass(TimeDelta::milliseconds(1));
    let overdue = browser.get(&place).await;
    assert_eq!(overdue.heading(), "Kliniken har inte svarat än");
    overdue.assert_has("inte bokad förrän kliniken har svarat");
    overdue.assert_has("content=\"10\"");
    site.decide(None).await;
    assert_eq!(browser.get(&place).await.heading(), "Tiden är bokad");
}

#[tokio::test]
async fn what_the_agent_refuses_is_said_with_its_reason_and_other_times() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    site.decide(Some("time-gone")).await;
    let refused = browser.get(&place).await;
    assert_eq!(refused.heading(), "Tiden kunde inte bokas");
    refused.assert_has("Tiden är tyvärr inte längre ledig. Ingenting har bokats.");
    assert_eq!(refused.slots(), ["a2", "a3", "b1", "b2", "b3"], "the same practitioner's first");
    refused.assert_has("De närmaste lediga tiderna hos Anna Ek");
    refused.assert_has("Hos andra behandlare");
    refused.assert_has("<h1 class=\"failed\">");
    browser.hold_on("a2").await.assert_has("value=\"Hilda\"");
    let english = browser.get(&format!("{place}?lang=en")).await;
    english.assert_has("The time is no longer free. Nothing has been booked.");
}

#[tokio::test]
async fn a_booking_that_the_clinic_moves_or_cancels_is_shown_as_it_is_now() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    site.decide(None).await;
    let id = place.rsplit('/').next().expect("an id");
    let mut moved = site.get(&format!("Appointment/{id}")).await;
    moved["start"] = "2026-11-25T11:00:00+01:00".into();
    moved["end"] = "2026-11-25T11:30:00+01:00".into();
    site.publish(&moved).await;
    browser.get(&place).await.assert_has("kl. 11:00–11:30");
    moved["status"] = "cancelled".into();
    site.publish(&moved).await;
    let cancelled = browser.get(&place).await;
    assert_eq!(cancelled.heading(), "Tiden är avbokad");
    cancelled.assert_has("<h1 class=\"failed\">");
    cancelled.assert_has("class=\"outcome cancelled\"");
}

#[tokio::test]
async fn only_the_browser_that_asked_may_look() {
    let site = Site::open().await;
    let (one, other) = (site.browser(), site.browser());
    let place = one.ask("a1").await;
    other.hold("a2").await;
    for path in [place.clone(), format!("{place}/state"), format!("{place}/booking.ics")] {
        let page = other.get(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        page.assert_lacks("09:00");
        assert_eq!(site.browser().get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_asks_once() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    assert_eq!(browser.fill_in("a1", &[]).await.header("location"), place);
    assert_eq!(site.wishes().await.len(), 1);
    site.decide(None).await;
    assert_eq!(browser.fill_in("a1", &[]).await.header("location"), place);
    assert!(site.wishes().await.is_empty());
}

#[tokio::test]
async fn going_back_after_booking_leads_to_what_was_booked() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    for decided in [false, true] {
        if decided {
            site.decide(None).await;
        }
        let form = browser.get("/mitt/details?company=c1&service=s-us&time=a1").await;
        let chosen = browser.hold("a1").await;
        assert_eq!([form.header("location"), chosen.header("location")], [&place, &place]);
        assert_eq!(site.browser().hold("a1").await.status, StatusCode::CONFLICT, "others");
    }
}

#[tokio::test]
async fn of_two_who_send_the_form_for_one_time_one_asks_and_the_other_is_offered_others() {
    let site = Site::open().await;
    let (one, other) = (site.browser(), site.browser());
    let (first, second) = tokio::join!(
        one.fill_in("a1", &[]),
        other.fill_in("a1", &[("personnummer", OTHER_NUMBER)])
    );
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    let lost = if first.status == StatusCode::CONFLICT { first } else { second };
    assert_eq!(lost.slots().len(), 5);
    assert_eq!(site.wishes().await.len(), 1);
}

#[tokio::test]
async fn a_person_may_have_so_many_open_bookings_whether_answered_or_not() {
    let page = tidbok::portal::ClinicPage { most_open_bookings: 2, ..Default::default() };
    let site = Site::with(page).await;
    site.browser().ask("a1").await;
    site.decide(None).await;
    site.browser().ask("a2").await;
    let browser = site.browser();
    browser.hold("a3").await;
    let refused = browser.fill_in("a3", &[("personnummer", "900101+9802")]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.heading(), "Du har redan så många bokade tider som går att ha på nätet");
    refused.assert_has("Ring kliniken");
    refused.assert_has("href=\"tel:0846500420\"");
    assert_eq!(refused.header("retry-after"), "", "no wait helps");
    let other = browser.fill_in("a3", &[("personnummer", OTHER_NUMBER)]).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "another person may");
    site.pass(TimeDelta::days(1));
    site.heard().await;
    let later = site.browser();
    assert_eq!(later.fill_in("b3", &[]).await.status, StatusCode::SEE_OTHER, "those have been");
}

#[tokio::test]
async fn what_is_personal_is_gone_from_the_store_once_the_agent_has_answered() {
    let site = Site::open().await;
    site.browser().ask("a1").await;
    let wish = site.wishes().await.remove(0);
    let who = wish["participant"][0]["actor"]["reference"].as_str().expect("a patient").to_owned();
    site.decide(None).await;
    let left = site.agent(Method::GET, &who, &Value::Null).await.to_string();
    assert_impersonal(&left);
}
