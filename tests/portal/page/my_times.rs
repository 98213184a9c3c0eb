//! *Mina tider*: seeing, rebooking and cancelling what one has booked (R15).

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::e_id::{seal, site};
use super::provider::Provider;
use super::{Browser, OTHER_NUMBER, Page, Site, slot};

/// A booking made without logging in; the appointment's id.
async fn booked(site: &Site, slot: &str) -> String {
    let place = site.browser().ask(slot).await;
    site.decide(None).await;
    place.rsplit('/').next().expect("an id").to_owned()
}

/// A browser whose patient is logged in.
async fn logged_in<'a>(site: &'a Site, provider: &Provider) -> Browser<'a> {
    provider.by(site.now());
    let browser = site.browser();
    browser.log_in(provider).await;
    browser
}

/// What a wish carries under an extension's name.
fn extension<'a>(wish: &'a Value, name: &str) -> Option<&'a Value> {
    let url = format!("urn:x-tidbok:extension:{name}");
    let all = wish["extension"].as_array()?;
    all.iter().find(|it| it["url"] == url.as_str())
}

/// The personnummer of whoever a wish is of.
async fn number_of(site: &Site, wish: &Value) -> Value {
    let actor = wish["participant"][0]["actor"]["reference"].as_str().expect("a patient");
    site.get(actor).await["identifier"][0]["value"].clone()
}

impl Browser<'_> {
    async fn mine(&self) -> Page {
        self.get("/mitt/my-times").await
    }

    /// Sends the form to cancel, after the question.
    async fn cancel(&self, id: &str) -> Page {
        let place = format!("/mitt/my-times/{id}/cancel");
        let asked = self.get(&place).await;
        assert_eq!(asked.heading(), "Vill du avboka tiden?");
        self.post(&place, &[("seal", &seal(&asked))]).await
    }

    /// Walks to a time instead of a booking, and says yes.
    async fn rebook(&self, id: &str, slot: &str) -> Page {
        let way = [("time", slot), ("company", "c1"), ("service", "s-us")];
        let held = self.post(&format!("/mitt/hold?instead={id}"), &way).await;
        assert_eq!(held.status, StatusCode::SEE_OTHER, "{}", held.text);
        let asked = self.get(held.header("location")).await;
        assert_eq!(asked.heading(), "Boka om till den nya tiden?");
        let form = [("seal", seal(&asked)), ("time", slot.to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, it)| (*name, it.as_str())).collect();
        self.post(&format!("/mitt/my-times/{id}/rebook"), &form).await
    }
}

/// The agent carries out a rebooking as it does: the old one is cancelled, the new one gets its id.
async fn rebook_at_clinic(site: &Site, wish: &Value) {
    let old = extension(wish, "replaces").expect("what it replaces")["valueString"].clone();
    let path = format!("Appointment/{}", old.as_str().expect("an id"));
    let mut before = site.get(&path).await;
    before["status"] = "cancelled".into();
    site.publish(&before).await;
    let mut answer = wish.clone();
    answer["status"] = "booked".into();
    answer["extension"] = json!([]);
    answer.as_object_mut().expect("an object").remove("extension");
    answer["identifier"] = json!([{"system": "urn:x-tidbok:booking", "value": old}]);
    site.publish(&answer).await;
}

#[tokio::test]
async fn whoever_logs_in_sees_their_own_times_to_come_first_and_nobody_elses() {
    let (provider, site) = site().await;
    booked(&site, "a3").await;
    booked(&site, "a1").await;
    let other = site.browser();
    other.hold("b1").await;
    other.fill_in("b1", &[("personnummer", OTHER_NUMBER)]).await;
    site.decide(None).await;
    site.browser().ask("b3").await;
    let mine = logged_in(&site, &provider).await.mine().await;
    let places = ["onsdag 25 november kl. 09:00–09:30", "torsdag 26", "måndag 30"];
    let places = places.map(|text| mine.text.find(text));
    assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
    mine.assert_has("Anna Ek");
    mine.assert_has("Storgatan 4");
    mine.assert_has("Väntar på klinikens svar");
    assert_eq!(mine.text.matches("onsdag 25 november kl. 09:00–09:30").count(), 1);

    site.pass(TimeDelta::hours(30));
    site.heard().await;
    let mine = logged_in(&site, &provider).await.mine().await;
    let (to_come, been) = mine.text.split_once("Tidigare tider").expect("both");
    assert!(to_come.contains("26 november") && been.contains("25 november"));
    assert!(!been.contains("Avboka"));

    provider.identifies("189001029801");
    let others = logged_in(&site, &provider).await.mine().await;
    others.assert_has("Bo Berg");
    others.assert_lacks("Anna Ek");
}

#[tokio::test]
async fn cancelling_asks_first_and_is_done_once_the_agent_has_answered() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let sent = browser.cancel(&id).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let waited = browser.get(sent.header("location")).await;
    assert_eq!(waited.heading(), "Vi frågar kliniken …");
    waited.assert_has("content=\"2\"");
    waited.assert_lacks("Tiden är avbokad");
    site.pass(TimeDelta::seconds(10));
    let overdue = browser.get(sent.header("location")).await;
    assert_eq!(overdue.heading(), "Kliniken har inte svarat än");

    let mut wish = site.get(&format!("Appointment/{id}")).await;
    assert_eq!(extension(&wish, "wish").expect("a wish")["valueCode"], "cancel");
    assert_eq!(extension(&wish, "e-id").expect("e-ID")["valueBoolean"], true);
    assert_eq!(number_of(&site, &wish).await, "189001019802");
    let again = browser.get(&format!("/mitt/my-times/{id}/cancel")).await;
    assert_eq!(again.heading(), "Tiden kan inte ändras här", "it is asked for already");

    wish["status"] = "cancelled".into();
    wish.as_object_mut().expect("an object").remove("extension");
    site.publish(&wish).await;
    let state = browser.get(&format!("{}/state", sent.header("location"))).await;
    assert_eq!(state.text, "cancelled");
    assert_eq!(browser.get(sent.header("location")).await.heading(), "Tiden är avbokad");
    browser.mine().await.assert_has("Du har inga kommande tider här");
    assert_ne!(number_of(&site, &wish).await, "189001019802", "erased");
}

#[tokio::test]
async fn a_booking_that_the_clinic_refuses_to_cancel_stands() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let place = browser.cancel(&id).await.header("location").to_owned();
    let mut answer = site.get(&format!("Appointment/{id}")).await;
    answer["extension"] = json!([{"url": "urn:x-tidbok:refusal", "valueCode": "too-late"}]);
    site.publish(&answer).await;
    let kept = browser.get(&place).await;
    assert_eq!(kept.heading(), "Tiden kunde inte avbokas");
    kept.assert_has("Det är för sent att ändra tiden här. Den gäller fortfarande.");
    let mine = browser.mine().await;
    mine.assert_has("onsdag 25 november kl. 09:00");
    mine.assert_has("Det är för sent att ändra tiden här.");
    for page in [&kept, &mine] {
        page.assert_lacks(&format!("/mitt/my-times/{id}/cancel"));
        page.assert_lacks("instead=");
    }
    let again = browser.get(&format!("/mitt/my-times/{id}/cancel")).await;
    assert_eq!(again.heading(), "Tiden kan inte ändras här");
}

#[tokio::test]
async fn rebooking_walks_the_ordinary_way_with_the_old_booking_shown() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let begin = format!("/mitt/practitioners?company=c1&amp;service=s-us&amp;instead={id}");
    browser.mine().await.assert_has(&begin);
    let whom = browser.get(&begin.replace("&amp;", "&")).await;
    assert_eq!(whom.heading(), "Hos vem?");
    let times = format!("/mitt/times?company=c1&amp;service=s-us&amp;with=anyone&amp;instead={id}");
    whom.assert_has(&times);
    whom.assert_has("Du bokar om den här tiden.");
    whom.assert_has("onsdag 25 november kl. 09:00–09:30");
    let times = browser.get(&times.replace("&amp;", "&")).await;
    times.assert_has("Du bokar om den här tiden.");
    times.assert_has(&format!("action=\"/mitt/hold?instead={id}\""));
    assert_eq!(times.slots(), ["b1", "a2", "b2", "a3"]);

    let sent = browser.rebook(&id, "b2").await;
    let place = sent.header("location").to_owned();
    assert_eq!(browser.get(&place).await.heading(), "Vi frågar kliniken …");
    let wish = site.wishes().await.remove(0);
    assert_eq!(extension(&wish, "wish").expect("a wish")["valueCode"], "rebook");
    assert_eq!(extension(&wish, "replaces").expect("a booking")["valueString"], id.as_str());
    assert_eq!(extension(&wish, "e-id").expect("e-ID")["valueBoolean"], true);
    assert_eq!(number_of(&site, &wish).await, "189001019802");
    assert_eq!(site.get(&format!("Appointment/{id}")).await["status"], "booked", "till then");
    let mine = browser.mine().await;
    mine.assert_has("Väntar på klinikens svar");
    mine.assert_lacks("10:00");

    rebook_at_clinic(&site, &wish).await;
    let done = browser.get(&place).await;
    assert_eq!(done.heading(), "Tiden är ombokad");
    done.assert_has("onsdag 25 november kl. 10:00–10:30");
    done.assert_has("Bo Berg");
    let mine = browser.mine().await;
    mine.assert_has("kl. 10:00");
    mine.assert_lacks("kl. 09:00");
}

#[tokio::test]
async fn a_rebooking_that_the_clinic_refuses_leaves_the_old_time() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let sent = browser.rebook(&id, "a3").await;
    site.decide(Some("time-gone")).await;
    let refused = browser.get(sent.header("location")).await;
    assert_eq!(refused.heading(), "Tiden kunde inte bokas om");
    refused.assert_has("Din gamla tid gäller fortfarande.");
    refused.assert_has("onsdag 25 november kl. 09:00");
    let mine = browser.mine().await;
    mine.assert_has("onsdag 25 november kl. 09:00");
    mine.assert_lacks("26 november");
}

#[tokio::test]
async fn what_was_rebooked_can_be_rebooked_and_cancelled_by_the_id_that_the_clinic_knows() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    browser.rebook(&id, "a2").await;
    rebook_at_clinic(&site, &site.wishes().await.remove(0)).await;
    let second = browser.mine().await;
    let (_, after) = second.text.split_once("/mitt/my-times/").expect("a link");
    let second = after.split('/').next().expect("an id").to_owned();
    assert_ne!(second, id);
    browser.rebook(&second, "a3").await;
    let wish = site.wishes().await.remove(0);
    assert_eq!(extension(&wish, "replaces").expect("a booking")["valueString"], id.as_str());
}

#[tokio::test]
async fn what_was_rebooked_meanwhile_is_not_said_to_be_cancelled_and_when_it_is_now_is_told() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let place = format!("/mitt/my-times/{id}/cancel");
    let seal = seal(&browser.get(&place).await);
    browser.rebook(&id, "b2").await;
    rebook_at_clinic(&site, &site.wishes().await.remove(0)).await;
    // The question to cancel stood open all the while.
    let pressed = browser.post(&place, &[("seal", &seal)]).await;
    assert_eq!(pressed.heading(), "Tiden kan inte ändras här");
    pressed.assert_has("Tiden är ombokad till onsdag 25 november kl. 10:00. Den nya tiden gäller.");
    let looked_at = browser.get(&format!("/mitt/my-times/{id}")).await;
    assert_eq!(looked_at.heading(), "Tiden är ombokad");
    looked_at.assert_has("Tiden är ombokad till onsdag 25 november kl. 10:00.");
    for page in [pressed, looked_at] {
        page.assert_lacks("Tiden är avbokad");
    }
    browser.mine().await.assert_has("kl. 10:00");
}

#[tokio::test]
async fn a_form_that_is_sent_twice_or_after_another_asks_once() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let first = browser.rebook(&id, "a2").await.header("location").to_owned();
    let form = [("seal", seal(&browser.mine().await)), ("time", "a3".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, it)| (*name, it.as_str())).collect();
    let again = browser.post(&format!("/mitt/my-times/{id}/rebook"), &form).await;
    assert_eq!(again.header("location"), first);
    assert_eq!(site.wishes().await.len(), 1);
    let cancel = browser.get(&format!("/mitt/my-times/{id}/cancel")).await;
    assert_eq!(cancel.heading(), "Tiden kan inte ändras här", "while it is being rebooked");
}

#[tokio::test]
async fn a_rebooking_that_is_sent_again_after_the_clinic_has_answered_tells_that_it_is_done() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let first = browser.rebook(&id, "b2").await.header("location").to_owned();
    rebook_at_clinic(&site, &site.wishes().await.remove(0)).await;
    let seal = seal(&browser.mine().await);
    let form = [("seal", seal.as_str()), ("time", "b2")];
    let again = browser.post(&format!("/mitt/my-times/{id}/rebook"), &form).await;
    assert_eq!(again.header("location"), first, "{}", again.text);
    assert_eq!(browser.get(&first).await.heading(), "Tiden är ombokad");
    assert!(site.wishes().await.is_empty());
}

#[tokio::test]
async fn what_was_just_rebooked_is_rebooked_again_from_the_page_that_says_so() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let place = browser.rebook(&id, "b2").await.header("location").to_owned();
    rebook_at_clinic(&site, &site.wishes().await.remove(0)).await;
    let done = browser.get(&place).await;
    let (_, link) = done.text.split_once("href=\"/mitt/practitioners?").expect("a link");
    let link = link.split('"').next().expect("an address").replace("&amp;", "&");
    let way = browser.get(&format!("/mitt/practitioners?{link}")).await;
    way.assert_has("Du bokar om den här tiden.");
    way.assert_has("kl. 10:00–10:30");
    way.assert_lacks("kl. 09:00–09:30");
}

#[tokio::test]
async fn a_time_that_went_away_meanwhile_says_so_and_offers_others_for_the_same_rebooking() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let seal = seal(&browser.mine().await);
    let other = site.browser();
    other.hold("a2").await;
    other.fill_in("a2", &[("personnummer", OTHER_NUMBER)]).await;
    let way = [("time", "a2"), ("company", "c1"), ("service", "s-us"), ("seal", &seal)];
    for place in [format!("/mitt/hold?instead={id}"), format!("/mitt/my-times/{id}/rebook")] {
        let lost = browser.post(&place, &way).await;
        assert_eq!(lost.status, StatusCode::CONFLICT, "{place}");
        assert_eq!(lost.heading(), "Tiden är tyvärr inte längre ledig");
        assert_eq!(lost.slots(), ["b1", "b2", "a3", "b3"]);
        lost.assert_has(&format!("action=\"/mitt/hold?instead={id}\""));
    }
    assert_eq!(site.wishes().await.len(), 1, "the other's");
}

#[tokio::test]
async fn only_the_same_treatment_at_the_same_company_can_be_had_instead() {
    let (provider, site) = site().await;
    site.publish(&super::organization("c2", "Hamnens Tandvård", false)).await;
    site.publish(&json!({
        "resourceType": "Practitioner", "id": "cy", "name": [{"text": "Cia Yngve"}],
    }))
    .await;
    site.publish(&super::schedule("cy", "c2", &["s-us"])).await;
    site.publish(&slot("c9", "cy", "us", 25, "15:00")).await;
    site.publish(&slot("k9", "ae", "akut", 25, "15:00")).await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let seal = seal(&browser.mine().await);
    for slot in ["c9", "k9"] {
        let form = [("seal", seal.as_str()), ("time", slot)];
        let page = browser.post(&format!("/mitt/my-times/{id}/rebook"), &form).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{slot}");
    }
    assert!(site.wishes().await.is_empty());
}

#[tokio::test]
async fn where_the_treatment_or_the_deadline_forbids_it_says_why_and_whom_to_call() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let mut only_rebook = super::service("s-us", "Undersökning", 30);
    only_rebook["extension"][2]["valueBoolean"] = false.into();
    site.publish(&only_rebook).await;
    let browser = logged_in(&site, &provider).await;
    let mine = browser.mine().await;
    mine.assert_has("Avboka: Kliniken tar inte emot det här på sidan.");
    mine.assert_has("tel:0846500420");
    mine.assert_has("instead=");
    mine.assert_lacks("/cancel");
    let page = browser.get(&format!("/mitt/my-times/{id}/cancel")).await;
    assert_eq!((page.status, page.heading()), (StatusCode::CONFLICT, "Tiden kan inte ändras här"));

    site.publish(&super::service("s-us", "Undersökning", 30)).await;
    // 12 hours before 09:00 is 21:00 the evening before.
    site.pass(TimeDelta::hours(9) - TimeDelta::minutes(1));
    site.heard().await;
    let browser = logged_in(&site, &provider).await;
    browser.mine().await.assert_has("/cancel");
    let seal = seal(&browser.mine().await);
    site.pass(TimeDelta::minutes(1));
    let late = browser.mine().await;
    late.assert_has("Det är mindre än 12 timmar kvar till tiden. Kontakta kliniken");
    late.assert_lacks("/cancel");
    let place = format!("/mitt/my-times/{id}/cancel");
    let page = browser.post(&place, &[("seal", &seal)]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let form = [("seal", seal.as_str()), ("time", "a2")];
    let page = browser.post(&format!("/mitt/my-times/{id}/rebook"), &form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(site.wishes().await.is_empty());
}

#[tokio::test]
async fn r10_of_a_booking_at_a_paused_company_it_is_told_where_it_is_and_why_it_is_not_rebooked() {
    let (provider, site) = site().await;
    let asked = site.browser();
    let place = asked.ask("a1").await;
    site.decide(None).await;
    let mut paused = super::organization("c1", "Tandkliniken Storgatan", false);
    paused["active"] = false.into();
    site.publish(&paused).await;
    let browser = logged_in(&site, &provider).await;
    let id = place.rsplit('/').next().expect("an id");
    let [mine, one, booked] = [
        browser.mine().await,
        browser.get(&format!("/mitt/my-times/{id}")).await,
        asked.get(&place).await,
    ];
    for page in [&mine, &one, &booked] {
        page.assert_has("Tandkliniken Storgatan, Storgatan 4");
    }
    for page in [&mine, &one] {
        page.assert_has("Boka om: Kliniken tar tillfälligt inte emot ändringar här.");
        page.assert_has("href=\"tel:0846500420\"");
        page.assert_lacks("instead=");
        page.assert_has(&format!("/mitt/my-times/{id}/cancel"));
    }
    let form = [("seal", seal(&mine)), ("time", "a2".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, it)| (*name, it.as_str())).collect();
    let refused = browser.post(&format!("/mitt/my-times/{id}/rebook"), &form).await;
    assert_eq!(refused.heading(), "Tiden kan inte ändras här");
    assert!(site.wishes().await.is_empty());
}

#[tokio::test]
async fn the_year_is_told_by_the_clinics_calendar_on_buttons_too() {
    let (provider, site) = site().await;
    let mut january = slot("j1", "ae", "us", 12, "09:00");
    for key in ["start", "end"] {
        january[key] = january[key].as_str().expect("a time").replace("2026-11", "2027-01").into();
    }
    site.publish(&january).await;
    booked(&site, "j1").await;
    // Half past midnight of New Year's Day at the clinic, and still the year before by UTC.
    site.pass(TimeDelta::days(37) + TimeDelta::minutes(12 * 60 + 30));
    site.heard().await;
    let mine = logged_in(&site, &provider).await.mine().await;
    mine.assert_has(": tisdag 12 januari kl. 09:00");
    mine.assert_lacks("januari 2027");
}

#[tokio::test]
async fn anothers_booking_is_answered_as_one_that_is_not_there() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    provider.identifies("189001029801");
    let browser = logged_in(&site, &provider).await;
    let seal = seal(&browser.mine().await);
    let form = [("seal", seal.as_str()), ("time", "a2")];
    let mut pages = Vec::new();
    for id in [id.as_str(), "01234567-89ab-7def-8123-456789abcdef"] {
        let own = format!("/mitt/my-times/{id}");
        let times = format!("/mitt/times?company=c1&service=s-us&instead={id}");
        pages.push([
            browser.get(&own).await,
            browser.get(&format!("{own}/state")).await,
            browser.get(&format!("{own}/cancel")).await,
            browser.post(&format!("{own}/cancel"), &form).await,
            browser.post(&format!("{own}/rebook"), &form).await,
            browser.get(&times).await,
            browser.post(&format!("/mitt/hold?instead={id}"), &form).await,
        ]);
    }
    for (anothers, nobodys) in pages[0].iter().zip(&pages[1]) {
        assert_eq!(anothers.status, StatusCode::NOT_FOUND);
        let nobodys = nobodys.text.replace("01234567-89ab-7def-8123-456789abcdef", &id);
        assert_eq!(anothers.text, nobodys);
    }
    assert!(site.wishes().await.is_empty());
    let left = site.get(&format!("Appointment/{id}")).await;
    assert_eq!((&left["status"], extension(&left, "wish")), (&json!("booked"), None));
}

#[tokio::test]
async fn changes_take_a_form_of_this_session() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let old = seal(&browser.mine().await);
    browser.log_in(&provider).await;
    for seal in ["", "made-up", &old] {
        let form = [("seal", seal), ("time", "a2")];
        for what in ["cancel", "rebook"] {
            let page = browser.post(&format!("/mitt/my-times/{id}/{what}"), &form).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{what} with {seal}");
        }
    }
    let left = site.get(&format!("Appointment/{id}")).await;
    assert_eq!(extension(&left, "wish"), None);
    assert!(site.wishes().await.is_empty());
    let stranger = site.browser();
    let page = stranger.post(&format!("/mitt/my-times/{id}/cancel"), &[("seal", &old)]).await;
    assert_eq!(page.header("location"), "/mitt/my-times", "who is not logged in is asked to");
    let page = stranger.send(Method::GET, &format!("/mitt/my-times/{id}/rebook"), "").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn whoever_is_logged_in_books_as_themselves_and_verified() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.hold("a1").await;
    let way = "company=c1&service=s-us&with=ae&time=a1";
    let form = browser.get(&format!("/mitt/details?{way}")).await;
    form.assert_has(&format!("href=\"/mitt/log-in?{}\"", way.replace('&', "&amp;")));
    let sent = browser.get(&format!("/mitt/log-in?{way}")).await;
    let back = browser.get(&provider.agree(sent.header("location"))).await;
    assert_eq!(back.header("location"), format!("/mitt/details?{way}"));
    let form = browser.get(back.header("location")).await;
    form.assert_has("18900101-9802");
    form.assert_has("Från din e-legitimation");
    form.assert_lacks("name=\"personnummer\"");
    form.assert_has("value=\"Hilda\"");
    form.assert_lacks("/mitt/log-in");
    let but = [("seal", &*seal(&form)), ("personnummer", OTHER_NUMBER)];
    let sent = browser.fill_in("a1", &but).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let wish = site.wishes().await.remove(0);
    assert_eq!(extension(&wish, "e-id").expect("e-ID")["valueBoolean"], true);
    assert_eq!(number_of(&site, &wish).await, "189001019802");
    site.decide(None).await;
    let booked = browser.get(sent.header("location")).await;
    booked.assert_has("href=\"/mitt/my-times\"");

    let plain = site.browser();
    plain.ask("a2").await;
    let wish = site.wishes().await.remove(0);
    assert_eq!(extension(&wish, "e-id"), None, "without log-in it is not verified");
}

#[tokio::test]
async fn nothing_of_a_person_is_in_addresses_of_ones_own_times() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1").await;
    let browser = logged_in(&site, &provider).await;
    let place = browser.rebook(&id, "a2").await.header("location").to_owned();
    for page in [browser.mine().await, browser.get(&place).await] {
        let addresses = page.text.split("href=\"").chain(page.text.split("action=\"")).skip(1);
        for address in addresses.filter_map(|rest| rest.split('"').next()) {
            for personal in ["9802", "18900101", "Hilda", "Hemlig"] {
                assert!(!address.contains(personal), "{address}");
            }
        }
        page.assert_lacks("189001019802");
    }
}
