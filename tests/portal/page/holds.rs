//! A chosen time is held for its browser for five minutes.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::Value;

use super::Site;
use crate::desk::PAGE;

const TIMES: &str = "/mitt/times?company=c1&service=s-us&with=ae";

#[tokio::test]
async fn a_held_time_is_free_for_its_browser_only_and_the_slot_itself_is_untouched() {
    let site = Site::open().await;
    let before = site.get("Slot/a1").await;
    let (one, other) = (site.browser(), site.browser());
    let held = one.hold("a1").await;
    assert_eq!(held.status, StatusCode::SEE_OTHER);
    let place = "/mitt/details?company=c1&service=s-us&with=anyone&time=a1";
    assert_eq!(held.header("location"), place);
    assert_eq!(one.get(TIMES).await.slots(), ["a1", "a2", "a3"]);
    assert_eq!(other.get(TIMES).await.slots(), ["a2", "a3"]);
    let gone = other.hold("a1").await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    assert_eq!(gone.heading(), "Tiden är tyvärr inte längre ledig");
    assert_eq!(gone.slots(), ["b1", "a2", "b2", "a3", "b3"], "the nearest, whoever's");
    let third = site.browser();
    third.hold("a3").await;
    let gone = other.hold("a3").await;
    assert_eq!(gone.slots(), ["b1", "a2", "b2", "b3"], "and each moment once");
    assert_eq!(site.get("Slot/a1").await, before, "the agent sees no difference");
}

#[tokio::test]
async fn a_hold_ends_after_five_minutes_and_when_another_time_is_chosen() {
    let site = Site::open().await;
    let (one, other) = (site.browser(), site.browser());
    one.hold("a1").await;
    one.hold("a2").await;
    assert_eq!(other.get(TIMES).await.slots(), ["a1", "a3"], "the first was let go");
    site.pass(TimeDelta::seconds(299));
    assert_eq!(other.get(TIMES).await.slots(), ["a1", "a3"]);
    site.pass(TimeDelta::seconds(1));
    assert_eq!(other.get(TIMES).await.slots(), ["a1", "a2", "a3"]);
    let over = one.get("/mitt/details?company=c1&service=s-us&time=a2").await;
    assert_eq!(over.heading(), "Tiden är inte längre reserverad för dig");
    over.assert_has("<button class=\"main\" name=\"time\" value=\"a2~");
    other.hold("a2").await;
    let gone = one.get("/mitt/details?time=a2").await;
    assert_eq!(
        (gone.status, gone.heading()),
        (StatusCode::CONFLICT, "Tiden är tyvärr inte längre ledig")
    );
}

#[tokio::test]
async fn choosing_the_held_time_again_holds_it_anew() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold("a1").await;
    site.pass(TimeDelta::minutes(4));
    let page = browser.hold_on("a1").await;
    page.assert_has("reserverad för dig till 12:09");
    site.heard().await;
    site.pass(TimeDelta::minutes(4));
    assert_eq!(site.browser().get(TIMES).await.slots(), ["a2", "a3"]);
}

#[tokio::test]
async fn a_hold_that_ran_out_loses_nothing_as_long_as_nobody_was_first() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold("a1").await;
    site.pass(TimeDelta::minutes(4));
    site.heard().await;
    site.pass(TimeDelta::minutes(4));
    assert_eq!(browser.fill_in("a1", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.wishes().await.len(), 1);
}

#[tokio::test]
async fn a_time_that_was_booked_by_another_is_gone_and_what_was_typed_goes_along_to_the_next() {
    let site = Site::open().await;
    let (one, other) = (site.browser(), site.browser());
    one.hold("a1").await;
    site.pass(TimeDelta::minutes(6));
    site.heard().await;
    other.ask("a1").await;
    let gone = one.fill_in("a1", &[("first-name", "Hilda \"Hill\"")]).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    assert!(gone.slots().contains(&"a2"));
    gone.assert_lacks("Hilda");
    let next = one.hold_on("a2").await;
    assert_eq!((next.status, next.heading()), (StatusCode::OK, "Dina uppgifter"));
    next.assert_has("name=\"first-name\"");
    next.assert_has("value=\"Hilda &quot;Hill&quot;\"");
    next.assert_lacks("Något behöver rättas");
    next.assert_has("kl. 09:30–10:00");
    assert!(!site.browser().get(TIMES).await.slots().contains(&"a2"), "held now");
}

#[tokio::test]
async fn a_time_that_the_clinic_takes_away_meanwhile_is_gone_and_those_near_it_are_offered() {
    let site = Site::open().await;
    let browser = site.browser();
    let page = browser.get(TIMES).await;
    let value = page.text.split("name=\"time\" value=\"").find(|it| it.starts_with("a3~"));
    let value = value.and_then(|it| it.split('"').next()).expect("the time of a3").to_owned();
    site.agent(Method::DELETE, "Slot/a3", &Value::Null).await;
    let form = [("time", value.as_str()), ("company", "c1"), ("service", "s-us")];
    let gone = browser.post("/mitt/hold", &form).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    assert_eq!(gone.slots(), ["a1", "a2", "b2", "b3"]);
    gone.assert_has("Tandkliniken Storgatan");

    browser.hold("a1").await;
    site.agent(Method::DELETE, "Slot/a1", &Value::Null).await;
    let gone = browser.fill_in("a1", &[]).await;
    assert_eq!((gone.status, gone.slots()), (StatusCode::CONFLICT, vec!["b1", "a2", "b2", "b3"]));
    browser.hold_on("b1").await.assert_has("value=\"Hilda\"");
}

#[tokio::test]
async fn a_time_that_is_gone_is_told_in_the_other_language_and_nothing_typed_is_lost() {
    let site = Site::open().await;
    let (one, other) = (site.browser(), site.browser());
    one.hold("a1").await;
    let form = [("language", "en"), ("company", "c1"), ("service", "s-us"), ("time", "a1")];
    let gone = other.post("/mitt/hold", &form).await;
    assert_eq!(gone.heading(), "Sorry, that time is no longer free");
    gone.assert_has("form=\"others\" name=\"language\" value=\"sv\"");
    assert!(!gone.slots().contains(&"a1"));
    let gone = other.fill_in("a1", &[("language", "sv")]).await;
    assert_eq!(gone.heading(), "Tiden är tyvärr inte längre ledig");
    other.hold_on("a2").await.assert_has("value=\"Hilda\"");
    let start = other.get("/mitt/hold?lang=en").await;
    assert_eq!((start.status, start.header("location")), (StatusCode::SEE_OTHER, "/mitt"));
    assert_eq!(other.get("/mitt").await.heading(), "What do you want to book?");
}

#[tokio::test]
async fn a_booking_page_elsewhere_neither_sees_nor_takes_what_is_held() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold("a1").await;
    let found = site.endpoint(PAGE, Method::GET, "Slot?status=free", &Value::Null).await;
    found.assert_lacks("\"a1\"");
    found.assert_has("\"a2\"");
    let made = site.endpoint(PAGE, Method::POST, "Patient", &crate::desk::patient()).await;
    let made: Value = serde_json::from_str(&made.text).expect("JSON");
    let who = format!("Patient/{}", made["id"].as_str().expect("an id"));
    let wish = crate::desk::wish("a1", &who);
    let refused = site.endpoint(PAGE, Method::POST, "Appointment", &wish).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    site.pass(TimeDelta::minutes(5));
    site.heard().await;
    let made = site.endpoint(PAGE, Method::POST, "Appointment", &wish).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
}

#[tokio::test]
async fn what_is_no_slot_is_gone() {
    let site = Site::open().await;
    for slot in ["nothing", "../Patient/1", "' OR 1=1 --", "a1\u{0}"] {
        let page = site.browser().hold(slot).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{slot}");
    }
    assert_eq!(site.browser().hold("").await.header("location"), "/mitt");
}

#[tokio::test]
async fn of_other_times_those_with_whom_was_chosen_come_first_and_each_says_with_whom_it_is() {
    let site = Site::open().await;
    let (one, other) = (site.browser(), site.browser());
    one.hold("a1").await;
    let way = [("time", "a1"), ("company", "c1"), ("service", "s-us"), ("with", "ae")];
    let gone = other.post("/mitt/hold", &way).await;
    assert_eq!(gone.slots(), ["a2", "a3", "b1", "b2", "b3"]);
    let places = ["hos Anna Ek", "value=\"a2", "Hos andra behandlare", "value=\"b1"];
    let places = places.map(|text| gone.text.find(text));
    assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
    gone.assert_has("aria-label=\"onsdag 25 november kl. 09:30 Anna Ek\"");
    gone.assert_has("aria-label=\"onsdag 25 november kl. 10:00 Bo Berg\"");

    for slot in ["a2", "a3"] {
        site.agent(Method::DELETE, &format!("Slot/{slot}"), &Value::Null).await;
    }
    let gone = other.post("/mitt/hold", &way).await;
    gone.assert_has("Anna Ek har inga lediga tider just nu.");
    assert_eq!(gone.slots(), ["b1", "b2", "b3"]);
}

#[tokio::test]
async fn a_time_that_is_let_go_for_another_is_told_of() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold_on("a1").await.assert_lacks("åt gången");
    let told = "onsdag 25 november kl. 09:00 är inte längre reserverad för dig.";
    browser.hold_on("a2").await.assert_has(told);
    browser.hold_on("a2").await.assert_lacks("åt gången");
    let odd = "/mitt/details?company=c1&service=s-us&time=a2&let-go=9223372036854775807";
    browser.get(odd).await.assert_lacks("åt gången");
}

#[tokio::test]
async fn the_page_knows_how_long_the_time_is_held_and_what_to_say_then() {
    let site = Site::open().await;
    let page = site.browser().hold_on("a1").await;
    page.assert_has("data-held-for=\"300\"");
    page.assert_has("data-over=\"Tiden är inte längre reserverad för dig.");
}
