//! Two people at one browser, one after the other or in two tabs: nobody is booked for somebody else, and
//! nobody is told of another's booking as their own (R14).

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::Value;

use super::e_id::{seal, site};
use super::provider::Provider;
use super::{Browser, NUMBER, OTHER_NUMBER, Page, Site};

/// Says that the form was shown for somebody else.
const ANEW: &str = "Formuläret visades för någon annan än den som är inloggad nu.";

impl Browser<'_> {
    /// Whoever is logged in logs out, and somebody else logs in.
    async fn change_places(&self, provider: &Provider) {
        let mine = self.get("/mitt/my-times").await;
        self.post("/mitt/log-out", &[("seal", &seal(&mine))]).await;
        provider.identifies(OTHER_NUMBER);
        self.log_in(provider).await;
    }
}

/// The number that a wish is for, and whether e-ID told it.
async fn who_of(site: &Site, wish: &Value) -> (Value, bool) {
    let actor = wish["participant"][0]["actor"]["reference"].as_str().expect("a patient");
    let number = site.get(actor).await["identifier"][0]["value"].clone();
    (number, wish["extension"][0]["valueBoolean"] == true)
}

/// The form is shown to whoever is logged in now, with a word why and nothing that another typed.
fn assert_anew(page: &Page) {
    assert_eq!((page.status, page.heading()), (StatusCode::OK, "Dina uppgifter"));
    page.assert_has(ANEW);
    page.assert_has("18900102-9801");
    for anothers in ["18900101", "hilda@example.se", "070-174", "Hemlig-Ek"] {
        page.assert_lacks(anothers);
    }
}

#[tokio::test]
async fn r14_a_form_shown_for_one_person_books_nothing_for_another_who_has_logged_in_since() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let first = browser.hold_on("a1").await;
    first.assert_has("18900101-9802");
    browser.change_places(&provider).await;
    let of_first = seal(&first);
    let but = [("seal", &*of_first), ("personnummer", ""), ("last-name", "Hemlig-Ek")];
    let sent = browser.send_in("a1", &but).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    for personal in ["9801", "9802", &of_first, "Hemlig"] {
        assert!(!sent.header("location").contains(personal), "{}", sent.header("location"));
    }
    assert!(site.wishes().await.is_empty());
    let anew = browser.get(sent.header("location")).await;
    assert_anew(&anew);

    let but = [("seal", &*seal(&anew)), ("personnummer", "")];
    browser.fill_in("a1", &but).await;
    let wishes = site.wishes().await;
    assert_eq!(wishes.len(), 1);
    assert_eq!(who_of(&site, &wishes[0]).await, (OTHER_NUMBER.into(), true));
}

#[tokio::test]
async fn r14_turning_another_persons_form_to_the_other_language_shows_nothing_of_theirs() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let of_first = seal(&browser.hold_on("a1").await);
    browser.change_places(&provider).await;
    let but = [("seal", &*of_first), ("language", "en"), ("last-name", "Hemlig-Ek")];
    let english = browser.fill_in("a1", &but).await;
    english.assert_has("The form was shown for somebody else than who is logged in now.");
    for anothers in ["hilda@example.se", "070-174", "Hemlig-Ek"] {
        english.assert_lacks(anothers);
    }
}

#[tokio::test]
async fn r14_a_form_filled_in_before_logging_in_is_taken_of_the_same_person_only() {
    let (provider, site) = site().await;
    provider.identifies(OTHER_NUMBER);
    let browser = site.browser();
    browser.hold("a1").await;
    browser.log_in(&provider).await;
    for others in [NUMBER, "", "no number"] {
        let page = browser.fill_in("a1", &[("personnummer", others)]).await;
        assert_anew(&page);
        assert!(site.wishes().await.is_empty(), "{others}");
    }
    browser.fill_in("a1", &[("personnummer", "900102+9801")]).await;
    let wishes = site.wishes().await;
    assert_eq!(wishes.len(), 1);
    assert_eq!(who_of(&site, &wishes[0]).await, (OTHER_NUMBER.into(), true));
}

#[tokio::test]
async fn r14_a_form_of_a_log_in_that_has_ended_says_so_and_books_nothing() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let form = browser.hold_on("a1").await;
    site.pass(TimeDelta::minutes(20));
    site.heard().await;
    let but = [("seal", &*seal(&form)), ("personnummer", "")];
    let again = browser.fill_in("a1", &but).await;
    assert_eq!((again.status, again.heading()), (StatusCode::OK, "Dina uppgifter"));
    again.assert_has("Du är inte inloggad längre. Ingenting har bokats.");
    again.assert_has("/mitt/log-in?");
    again.assert_has("value=\"hilda@example.se\"");
    again.assert_lacks("Något behöver rättas");
    again.assert_lacks("18900101");
    assert!(site.wishes().await.is_empty());
    let turned = [but[0], but[1], ("language", "en")];
    browser.fill_in("a1", &turned).await.assert_has("You are no longer logged in.");

    browser.fill_in("a1", &[]).await;
    let wishes = site.wishes().await;
    assert_eq!(wishes.len(), 1);
    assert_eq!(who_of(&site, &wishes[0]).await, ("189001019802".into(), false));
}

/// Says that the time has been asked for, for the person who was given first.
const TAKEN: &str = "Den är redan begärd här, för den person som uppgavs först.";

#[tokio::test]
async fn r14_a_second_person_at_the_same_browser_is_told_that_the_time_is_the_firsts() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    for decided in [false, true] {
        if decided {
            site.decide(None).await;
        }
        for but in [&[][..], &[("email", "no address")], &[("personnummer", "")]] {
            let but = [&[("personnummer", OTHER_NUMBER)][..], but].concat();
            let sent = browser.send_in("a1", &but).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
            assert!(!sent.header("location").contains("9801"), "{}", sent.header("location"));
            let taken = browser.get(sent.header("location")).await;
            assert_eq!(taken.status, StatusCode::CONFLICT);
            assert_eq!(taken.heading(), "Tiden är tyvärr inte längre ledig");
            taken.assert_has(TAKEN);
            taken.assert_has(&format!("href=\"{place}\""));
            taken.assert_has("href=\"/mitt/details?");
            assert_eq!(taken.slots(), ["b1", "a2", "b2", "a3", "b3"], "the nearest first");
        }
        let again = browser.fill_in("a1", &[("personnummer", "900101+9802")]).await;
        assert_eq!(again.header("location"), place, "the first, once more");
        assert_eq!(site.wishes().await.len(), usize::from(!decided));
    }
    let own = browser.fill_in("a2", &[("personnummer", OTHER_NUMBER)]).await;
    assert!(own.header("location").starts_with("/mitt/asked/"), "another time is to be had");
    assert_ne!(own.header("location"), place);
}

#[tokio::test]
async fn r14_of_two_people_who_send_one_browsers_form_at_once_one_asks_and_the_other_is_told() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold("a1").await;
    let (first, second) = tokio::join!(
        browser.fill_in("a1", &[]),
        browser.fill_in("a1", &[("personnummer", OTHER_NUMBER)])
    );
    let lost = if first.status == StatusCode::CONFLICT { &first } else { &second };
    lost.assert_has(TAKEN);
    let won = if first.status == StatusCode::CONFLICT { &second } else { &first };
    assert!(won.header("location").starts_with("/mitt/asked/"), "{}", won.text);
    assert_eq!(site.wishes().await.len(), 1);
}

#[tokio::test]
async fn r14_whoever_logs_in_is_not_led_to_what_another_asked_for_in_the_same_browser() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let form = seal(&browser.hold_on("a1").await);
    let place = browser.fill_in("a1", &[("seal", &form)]).await.header("location").to_owned();
    site.decide(None).await;
    let way = "/mitt/details?company=c1&service=s-us&time=a1";
    assert_eq!(browser.get(way).await.header("location"), place, "their own");
    browser.change_places(&provider).await;
    let form = seal(&browser.hold_on("a2").await);
    let sent = browser.fill_in("a1", &[("seal", &form), ("personnummer", "")]).await;
    for page in [sent, browser.get(way).await, browser.hold("a1").await] {
        assert_eq!(page.status, StatusCode::CONFLICT);
        assert_eq!(page.heading(), "Tiden är tyvärr inte längre ledig");
        page.assert_lacks(&place);
    }
}
