//! The patient's details (R14, manual 4.2).

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::json;

use super::{NUMBER, Site, organization};

#[tokio::test]
async fn the_form_shows_what_is_booked_and_until_when_it_is_held() {
    let site = Site::open().await;
    let page = site.browser().hold_on("a1").await;
    assert_eq!(page.heading(), "Dina uppgifter");
    for text in ["Undersökning", "Anna Ek", "onsdag 25 november kl. 09:00–09:30", "till 12:05"] {
        page.assert_has(text);
    }
    for name in ["first-name", "last-name", "personnummer", "email", "mobile"] {
        page.assert_has(&format!("<label for=\"{name}\">"));
        page.assert_has(&format!("id=\"{name}\" name=\"{name}\""));
    }
    page.assert_lacks("name=\"address\"");
}

#[tokio::test]
async fn every_field_has_its_faults_with_a_link_and_nothing_that_was_typed_is_lost() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold("a1").await;
    for (field, typed, fault) in [
        ("first-name", "", "Fyll i förnamn."),
        ("last-name", "  ", "Fyll i efternamn."),
        ("first-name", "Hil\u{7}da", "Förnamnet innehåller tecken som inte går att använda."),
        ("last-name", "–", "Efternamnet behöver minst en bokstav."),
        ("personnummer", "", "Fyll i personnummer."),
        ("personnummer", "18900101-9803", "Kontrollera siffrorna, en av dem stämmer inte."),
        ("personnummer", "900101", "Skriv det som ÅÅÅÅMMDD-XXXX."),
        ("personnummer", "20990101-9802", "Datumet i det finns inte, eller har inte varit än."),
        ("personnummer", "19900231-1234", "Datumet i det finns inte, eller har inte varit än."),
        ("email", "", "Fyll i e-postadress."),
        ("email", "hilda", "E-postadressen stämmer inte."),
        ("email", "hilda@example.se\nBcc: x@example.se", "E-postadressen stämmer inte."),
        ("mobile", "", "Fyll i mobilnummer."),
        ("mobile", "ring mig", "Mobilnumret stämmer inte."),
        ("mobile", "000000000", "Mobilnumret stämmer inte."),
        ("mobile", "+46+70 174 06 05", "Mobilnumret stämmer inte."),
        ("email", "a@[127.0.0.1]", "E-postadressen stämmer inte."),
        ("email", "mailto:hilda@example.se", "E-postadressen stämmer inte."),
    ] {
        let page = browser.fill_in("a1", &[(field, typed)]).await;
        assert_eq!(
            (page.status, page.heading()),
            (StatusCode::OK, "Dina uppgifter"),
            "{field} {typed:?}"
        );
        page.assert_has(fault);
        page.assert_has(&format!("<a href=\"#{field}\">"));
        page.assert_has(&format!("aria-describedby=\"{}", field));
        page.assert_has("<title>Fel: Dina uppgifter");
        for (name, kept) in [("email", "hilda@example.se"), ("mobile", "070-174 06 05")] {
            if name != field {
                page.assert_has(kept);
            }
        }
        assert!(site.wishes().await.is_empty());
    }
    let long = "a".repeat(400);
    let page = browser.fill_in("a1", &[("first-name", &long)]).await;
    page.assert_has("Förnamnet får ha högst");
    page.assert_has(&long);
}

#[tokio::test]
async fn a_personnummer_may_be_written_in_every_way_that_r21_takes() {
    for (typed, system, number) in [
        (NUMBER, "personnummer", "189001019802"),
        ("189001019802", "personnummer", "189001019802"),
        (" 900101+9802 ", "personnummer", "189001019802"),
        ("701063-2391", "samordningsnummer", "197010632391"),
        ("18900101 9802", "personnummer", "189001019802"),
        ("1890 01 01 - 9802", "personnummer", "189001019802"),
        ("18900101\u{2013}9802", "personnummer", "189001019802"),
        ("18900101\u{2212}9802", "personnummer", "189001019802"),
        ("18900101\u{a0}9802", "personnummer", "189001019802"),
        ("１８９００１０１－９８０２", "personnummer", "189001019802"),
    ] {
        let site = Site::open().await;
        let browser = site.browser();
        browser.hold("a1").await;
        let sent = browser
            .fill_in("a1", &[("personnummer", typed), ("last-name", "\u{202e}Hem\u{200b}lig")])
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{typed}: {}", sent.text);
        let wish = site.wishes().await.remove(0);
        let who =
            wish["participant"][0]["actor"]["reference"].as_str().expect("a patient").to_owned();
        let patient = site.get(&who).await;
        let system = format!("http://electronichealth.se/identifier/{system}");
        assert_eq!(patient["identifier"], json!([{"system": system, "value": number}]));
        assert_eq!(
            patient["name"],
            json!([{"family": "Hemlig", "given": ["Hilda"]}]),
            "as it is read"
        );
        assert_eq!(patient["telecom"][0]["value"], "hilda@example.se");
        assert_eq!(patient["telecom"][1]["value"], "070-174 06 05");
    }
}

#[tokio::test]
async fn the_address_is_asked_for_where_the_clinic_requires_it() {
    let site = Site::open().await;
    site.publish(&organization("c1", "Tandkliniken Storgatan", true)).await;
    let browser = site.browser();
    let page = browser.hold_on("a1").await;
    page.assert_has("name=\"address\"");
    let page = browser.fill_in("a1", &[]).await;
    page.assert_has("Fyll i adress.");
    let sent = browser.fill_in("a1", &[("address", "Storgatan 1\r\n721 30 Mälarstad")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let wish = site.wishes().await.remove(0);
    let who = wish["participant"][0]["actor"]["reference"].as_str().expect("a patient").to_owned();
    assert_eq!(site.get(&who).await["address"][0]["text"], "Storgatan 1, 721 30 Mälarstad");
}

#[tokio::test]
async fn turning_to_the_other_language_keeps_what_was_typed_and_sends_nothing() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold("a1").await;
    let page = browser.fill_in("a1", &[("language", "en"), ("email", "not yet")]).await;
    assert_eq!((page.status, page.heading()), (StatusCode::OK, "Your details"));
    page.assert_has("value=\"not yet\"");
    page.assert_has("value=\"Hilda\"");
    assert!(site.wishes().await.is_empty());
    assert_eq!(browser.get("/mitt").await.heading(), "What do you want to book?", "it is kept");
}

#[tokio::test]
async fn a_faulty_form_leads_back_to_the_form_so_that_going_back_sends_nothing_again() {
    let site = Site::open().await;
    let browser = site.browser();
    let form = browser.hold("a1").await.header("location").to_owned();
    let sent = browser.send_in("a1", &[("personnummer", "18900101-9803")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(sent.header("location"), form);
    for _ in 0..2 {
        let page = browser.get(&form).await;
        page.assert_has("Kontrollera siffrorna");
        page.assert_has("value=\"Hilda\"");
        page.assert_has("inputmode=\"numeric\"");
    }
    let asked = browser.send_in("a1", &[]).await;
    assert!(asked.header("location").starts_with("/mitt/asked/"), "{}", asked.text);
    assert_eq!(browser.get(&form).await.header("location"), asked.header("location"));
}

#[tokio::test]
async fn what_was_typed_is_its_browsers_only_and_gone_once_it_has_booked_or_after_a_while() {
    let site = Site::open().await;
    let (browser, other) = (site.browser(), site.browser());
    browser.hold("a1").await;
    browser.fill_in("a1", &[("email", "x")]).await;
    let others = other.hold_on("b1").await;
    others.assert_lacks("Hilda");
    assert!(!site.on_disk().contains("Hilda"), "in memory only");
    browser.hold_on("a2").await.assert_has("value=\"Hilda\"");
    let place = browser.ask("a2").await;
    site.decide(None).await;
    assert_eq!(browser.get(&place).await.heading(), "Tiden är bokad");
    browser.hold_on("a3").await.assert_lacks("Hilda");
    browser.fill_in("a3", &[("email", "x")]).await;
    site.pass(TimeDelta::minutes(20));
    site.heard().await;
    browser.hold_on("a3").await.assert_lacks("Hilda");
}

#[tokio::test]
async fn where_there_are_several_companies_the_card_says_which() {
    let site = Site::open().await;
    let place = "<dt>Plats</dt><dd><span lang=\"sv\">Tandkliniken Storgatan</span></dd>";
    site.browser().hold_on("a1").await.assert_lacks(place);
    site.publish(&organization("c2", "Hamnens Tandvård", false)).await;
    site.browser().hold_on("a2").await.assert_has(place);
    site.browser().get("/mitt/time?company=c1&service=s-us&time=a3").await.assert_has(place);
}
