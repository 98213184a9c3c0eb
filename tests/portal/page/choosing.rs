//! Choosing company, treatment, practitioner and time.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tidbok::portal::ClinicPage;

use super::{Site, organization, service, slot};

const TIMES: &str = "/mitt/times?company=c1&service=s-us";

#[tokio::test]
async fn with_one_company_its_treatments_come_first_in_the_lists_order_with_their_first_times() {
    let site = Site::open().await;
    let page = site.browser().get("/mitt").await;
    assert_eq!((page.status, page.heading()), (StatusCode::OK, "Vad vill du boka?"));
    let (us, akut) = (page.text.find("Undersökning"), page.text.find("Akutbesök"));
    assert!(us.is_some() && us < akut, "Anna Ek's list has the check-up first");
    page.assert_has("30 minuter");
    page.assert_has("Första lediga tid onsdag 25 november kl. 09:00");
    page.assert_has("Inga lediga tider just nu");
    page.assert_has("Tandkliniken Storgatan");
    page.assert_has("Ring vid värk.");
    page.assert_has("tel:0846500420");
}

#[tokio::test]
async fn where_there_are_several_companies_one_is_chosen_first_and_a_paused_one_is_not_shown() {
    let site = Site::open().await;
    site.publish(&organization("c2", "Hamnens Tandvård", false)).await;
    let mut paused = organization("c3", "Vilande Tandvård", false);
    paused["active"] = false.into();
    site.publish(&paused).await;
    let browser = site.browser();
    let page = browser.get("/mitt").await;
    assert_eq!(page.heading(), "Vilken klinik vill du besöka?");
    assert!(page.text.find("Hamnens") < page.text.find("Tandkliniken"), "by name");
    page.assert_lacks("Vilande");
    page.assert_has("href=\"/mitt?company=c1\"");
    assert_eq!(browser.get("/mitt?company=c1").await.heading(), "Vad vill du boka?");
    let none = browser.get("/mitt?company=c2").await;
    assert_eq!(none.heading(), "Just nu går det inte att boka här");
    let closed = browser.get("/mitt?company=c3").await;
    assert_eq!(closed.heading(), "Bokningen är tillfälligt stängd");
    assert_eq!(browser.get("/mitt?company=c4").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn practitioners_come_by_name_after_the_first_free_time() {
    let site = Site::open().await;
    let page = site.browser().get("/mitt/practitioners?company=c1&service=s-us").await;
    assert_eq!(page.heading(), "Hos vem?");
    let places = ["Första lediga tid", "Anna Ek", "Bo Berg"].map(|text| page.text.find(text));
    assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
    page.assert_has("with=anyone");
    page.assert_has("href=\"/mitt?company=c1\"");
}

#[tokio::test]
async fn a_treatment_of_one_practitioner_leads_to_the_times_at_once() {
    let site = Site::open().await;
    site.publish(&slot("k1", "ae", "akut", 25, "13:00")).await;
    let page = site.browser().get("/mitt").await;
    page.assert_has("href=\"/mitt/times?company=c1&amp;service=s-akut&amp;with=ae\"");
    let times = site.browser().get("/mitt/times?company=c1&service=s-akut&with=ae").await;
    assert_eq!(times.slots(), ["k1"]);
    times.assert_has("href=\"/mitt?company=c1\"");
}

#[tokio::test]
async fn times_stand_by_week_and_day_and_of_two_at_once_one_is_shown() {
    let site = Site::open().await;
    let browser = site.browser();
    for (parameters, slots) in [
        ("&with=anyone", vec!["a1", "a2", "b2", "a3"]),
        ("", vec!["a1", "a2", "b2", "a3"]),
        ("&with=ae", vec!["a1", "a2", "a3"]),
        ("&with=bo", vec!["b1", "b2"]),
        ("&with=bo&from=2026-11-30", vec!["b3"]),
        ("&with=bo&from=2026-12-24", vec!["b3"]),
        ("&with=bo&from=9999-12-31", vec!["b3"]),
        ("&with=bo&from=%2B262142-12-31", vec!["b3"]),
        ("&with=bo&from=0000-01-01", vec!["b1", "b2"]),
        ("&from=nonsense", vec!["a1", "a2", "b2", "a3"]),
    ] {
        let page = browser.get(&format!("{TIMES}{parameters}")).await;
        assert_eq!(page.slots(), slots, "{parameters}");
    }
    let page = browser.get(TIMES).await;
    page.assert_has("onsdag 25 november");
    page.assert_has("from=2026-11-30");
    page.assert_has("Senare tider");
    page.assert_lacks("Tidigare tider");
    let next = browser.get(&format!("{TIMES}&from=2026-11-30")).await;
    next.assert_has("Tidigare tider");
    next.assert_has("Vecka 49");
}

#[tokio::test]
async fn what_names_nothing_is_not_found() {
    let site = Site::open().await;
    for path in [
        "/mitt/times?company=c1&service=nothing",
        "/mitt/times?company=nothing&service=s-us",
        "/mitt/times?company=c1&service=s-us&with=nobody",
        "/mitt/practitioners?company=c1&service=nothing",
        "/mitt/practitioners",
        "/nowhere",
        "/nowhere/times",
    ] {
        assert_eq!(site.browser().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn without_free_times_the_page_says_what_to_do() {
    let site = Site::open().await;
    for id in ["a1", "a2", "a3", "b1", "b2", "b3"] {
        site.agent(Method::DELETE, &format!("Slot/{id}"), &serde_json::Value::Null).await;
    }
    for path in ["/mitt", "/mitt/practitioners?company=c1&service=s-us", TIMES] {
        let page = site.browser().get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        page.assert_has("Inga lediga tider just nu");
        page.assert_has("kontakta kliniken");
        assert!(page.slots().is_empty());
    }
    let nothing = Site::empty(ClinicPage::default());
    nothing.heard().await;
    let page = nothing.browser().get("/mitt").await;
    assert_eq!(page.heading(), "Just nu går det inte att boka här");
}

#[tokio::test]
async fn of_a_clinic_whose_agent_is_silent_nothing_is_offered() {
    let site = Site::open().await;
    site.pass(TimeDelta::minutes(6));
    let page = site.browser().get("/mitt").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.heading(), "Bokningen är tillfälligt stängd");
    page.assert_has(">Försök igen</a>");
    page.assert_lacks("Börja om från början");
    assert!(site.browser().get(TIMES).await.slots().is_empty());
}

#[tokio::test]
async fn where_no_company_is_chosen_the_name_and_contacts_that_all_have_in_common_are_shown() {
    let reached = |id: &str, name: &str, phone: &str| {
        json!({
            "resourceType": "Organization", "id": id, "name": name,
            "telecom": [
                {"system": "phone", "value": phone},
                {"system": "email", "value": "info@kliniken.example"},
            ],
        })
    };
    let site = Site::empty(ClinicPage::default());
    site.publish(&reached("c1", "Tandkliniken Storgatan", "08-123 45 67")).await;
    let only = site.browser().get("/mitt/nowhere").await;
    for text in ["Tandkliniken Storgatan</a>", "08-123 45 67", "info@kliniken.example"] {
        only.assert_has(text);
    }
    site.publish(&reached("c2", "Tandkliniken Lillgatan", "08-765 43 21")).await;
    site.pass(TimeDelta::minutes(1));
    let several = site.browser().get("/mitt/nowhere").await;
    for text in ["Boka tid</a>", "info@kliniken.example"] {
        several.assert_has(text);
    }
    for text in ["Storgatan", "Lillgatan", "08-123 45 67", "08-765 43 21"] {
        several.assert_lacks(text);
    }
}

#[tokio::test]
async fn times_that_have_passed_are_not_offered() {
    let site = Site::open().await;
    site.pass(TimeDelta::hours(21) + TimeDelta::minutes(1));
    site.heard().await;
    assert_eq!(site.browser().get(&format!("{TIMES}&with=ae")).await.slots(), ["a2", "a3"]);
}

#[tokio::test]
async fn the_clinics_own_name_contacts_text_and_colour_stand_on_its_page() {
    let accent = tidbok::domain::Color { red: 0x70, green: 0x10, blue: 0x90 };
    let own = |text: &str| Some(text.to_owned());
    let site = Site::with(ClinicPage {
        title: own("Leende & Co"),
        phone: own("070-1740605"),
        email: own("hej@example.se"),
        text: own("Välkommen.\n<b>Hit</b>"),
        accent,
        ..ClinicPage::default()
    })
    .await;
    let page = site.browser().get("/mitt").await;
    for text in ["Leende &amp; Co", "tel:0701740605", "mailto:hej@example.se", "<p>Välkommen.</p>"]
    {
        page.assert_has(text);
    }
    page.assert_has("&lt;b&gt;Hit&lt;/b&gt;");
    let colours = site.browser().get("/mitt/colours.css").await;
    colours.assert_has("--accent:#701090;--on-accent:#ffffff");
}

/// What was not there yet, by the version of the schema.
const BEFORE: [&str; 2] = [
    "DROP TABLE free_time; DROP TABLE registers; DROP TABLE hold; DROP TABLE asked;
     PRAGMA user_version = 1;",
    "ALTER TABLE free_time DROP COLUMN starts; ALTER TABLE free_time DROP COLUMN ends;
     DROP TABLE registers; PRAGMA user_version = 2;",
];

#[tokio::test]
async fn a_portal_of_before_offers_what_it_has_stored() {
    for before in BEFORE {
        let site = Site::open().await;
        let mut busy = slot("a2", "ae", "us", 25, "09:30");
        busy["status"] = "busy".into();
        site.publish(&busy).await;
        let site = site.restarted(|database| database.execute_batch(before).expect("as it was"));
        let browser = site.browser();
        assert_eq!(browser.get(TIMES).await.slots(), ["a1", "b2", "a3"]);
        assert_eq!(browser.hold("a1").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn what_is_offered_is_what_was_published_last() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.get("/mitt?company=c1").await.assert_has("Undersökning");
    site.publish(&service("s-us", "Stora kontrollen", 45)).await;
    let page = browser.get("/mitt?company=c1").await;
    page.assert_has("Stora kontrollen");
    page.assert_lacks("Undersökning");
    site.agent(Method::DELETE, "HealthcareService/s-us", &Value::Null).await;
    browser.get("/mitt?company=c1").await.assert_lacks("Stora kontrollen");
}

#[tokio::test]
async fn the_only_clinics_page_is_at_the_root_too() {
    let site = Site::open().await;
    let page = site.browser().get("/").await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/mitt"));
}

#[tokio::test]
async fn r10_a_paused_clinic_says_so_at_every_step_and_nobody_was_first() {
    let site = Site::open().await;
    let (browser, late) = (site.browser(), site.browser());
    browser.hold("a1").await;
    let mut paused = organization("c1", "Tandkliniken Storgatan", false);
    paused["active"] = false.into();
    site.publish(&paused).await;
    let closed = "Bokningen är tillfälligt stängd";
    for path in [
        "/mitt",
        "/mitt?company=c1",
        "/mitt/practitioners?company=c1&service=s-us",
        TIMES,
        "/mitt/time?company=c1&service=s-us&time=a2",
        "/mitt/details?company=c1&service=s-us&time=a1",
        "/mitt/here/%C3%85%20ae/2026-11-25T08:00/600",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.heading(), closed, "{path}");
        page.assert_has("tar inte emot bokningar på nätet");
        page.assert_has("href=\"tel:0846500420\"");
    }
    for page in [late.hold("a2").await, browser.fill_in("a1", &[]).await] {
        assert_eq!(page.heading(), closed);
        page.assert_lacks("hann före");
    }
    assert!(site.wishes().await.is_empty());
    site.publish(&organization("c1", "Tandkliniken Storgatan", false)).await;
    browser.hold_on("a2").await.assert_has("value=\"Hilda\"");
}

#[tokio::test]
async fn a_clinic_whose_agent_is_silent_says_so_at_every_step_and_nobody_was_first() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold("a1").await;
    site.pass(TimeDelta::minutes(6));
    for path in [
        "/mitt",
        "/mitt/practitioners?company=c1&service=s-us",
        TIMES,
        "/mitt/details?company=c1&service=s-us&time=a1",
        "/mitt/here/%C3%85%20ae/2026-11-25T08:00/600",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(page.heading(), "Bokningen är tillfälligt stängd", "{path}");
        page.assert_has("ingen kontakt med klinikens tidbok");
    }
    for page in [browser.hold("a1").await, browser.fill_in("a1", &[]).await] {
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        page.assert_lacks("hann före");
    }
}
