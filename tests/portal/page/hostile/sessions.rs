//! Sessions, forms played back, and what answers tell of others.

use axum::http::StatusCode;

use super::super::e_id::{seal, site};
use super::super::{Browser, OTHER_NUMBER, Page, Site};

const COOKIE: &str = "__Host-tidbok-session-mitt";

fn with_session<'a>(site: &'a Site, name: &str) -> Browser<'a> {
    site.browser().saying("cookie", &format!("{COOKIE}={name}"))
}

fn session(browser: &Browser<'_>) -> String {
    browser.cookies.borrow().get(COOKIE).cloned().expect("a session")
}

async fn is_open(browser: &Browser<'_>) -> bool {
    browser.get("/mitt/my-times").await.text.contains("Logga ut")
}

/// A booking of somebody's; its id.
async fn booked(site: &Site, slot: &str, number: &str) -> String {
    let browser = site.browser();
    browser.hold(slot).await;
    let sent = browser.fill_in(slot, &[("personnummer", number)]).await;
    site.decide(None).await;
    sent.header("location").rsplit('/').next().expect("an id").to_owned()
}

#[tokio::test]
async fn after_logging_out_the_sessions_name_opens_nothing() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let name = session(&browser);
    let thief = with_session(&site, &name);
    assert!(is_open(&thief).await, "the name is what opens");
    let form = seal(&browser.get("/mitt/my-times").await);
    let out = browser.post("/mitt/log-out", &[("seal", &form)]).await;
    let taken = out.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
    let taken: Vec<&str> = taken.filter(|line| line.contains("session")).collect();
    assert!(taken.len() == 1 && taken[0].contains("Max-Age=0"), "{taken:?}");
    assert!(!is_open(&thief).await && !is_open(&browser).await);
    let again = thief.post("/mitt/log-out", &[("seal", &form)]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a second time nothing happens");
}

#[tokio::test]
async fn names_that_are_guessed_or_doubled_open_nothing() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let name = session(&browser);
    let upper = name.to_uppercase();
    let near = format!("{}{}", &name[..31], if name.ends_with('0') { '1' } else { '0' });
    for guessed in ["", "0", &"0".repeat(32), &near, &format!("{name}0"), &format!(" {name}x")] {
        assert!(!is_open(&with_session(&site, guessed)).await, "{guessed}");
    }
    assert!(name == upper || !is_open(&with_session(&site, &upper)).await);
    let other_clinic = format!("__Host-tidbok-session-nord={name}");
    assert!(!is_open(&site.browser().saying("cookie", &other_clinic)).await);
    // The first of two is looked at, as browsers send the more exact one first.
    let doubled = format!("{COOKIE}={}; {COOKIE}={name}", "0".repeat(32));
    assert!(!is_open(&site.browser().saying("cookie", &doubled)).await);
}

#[tokio::test]
async fn a_form_of_another_session_changes_nothing() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1", super::super::NUMBER).await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let other = site.browser();
    other.log_in(&provider).await;
    let foreign = seal(&other.get("/mitt/my-times").await);
    let before = seal(&browser.get("/mitt/my-times").await);
    browser.log_in(&provider).await;
    for seal in [foreign.as_str(), &before, "", &"0".repeat(32)] {
        for path in [format!("/mitt/my-times/{id}/cancel"), format!("/mitt/my-times/{id}/rebook")] {
            let page = browser.post(&path, &[("seal", seal), ("time", "a2")]).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(page.heading(), "Sidan är för gammal");
            page.assert_proper("sv", &path);
        }
        let page = browser.post("/mitt/log-out", &[("seal", seal)]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
    assert!(is_open(&browser).await);
    assert_eq!(site.get(&format!("Appointment/{id}")).await["status"], "booked");
}

#[tokio::test]
async fn a_form_that_is_played_back_does_nothing_twice() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let form = [("time", "a1"), ("company", "c1"), ("service", "s-us")];
    for _ in 0..3 {
        let held = browser.post("/mitt/hold", &form).await;
        assert_eq!(held.status, StatusCode::SEE_OTHER);
    }
    let first = browser.fill_in("a1", &[]).await.header("location").to_owned();
    for _ in 0..3 {
        assert_eq!(browser.fill_in("a1", &[]).await.header("location"), first);
    }
    // Somebody else who plays it back gets nothing of it.
    let thief = site.browser().fill_in("a1", &[]).await;
    assert_eq!(thief.status, StatusCode::CONFLICT);
    thief.assert_lacks(&first);
    assert_eq!(site.wishes().await.len(), 1);
    site.decide(None).await;
    let id = first.rsplit('/').next().expect("an id");
    let place = format!("/mitt/my-times/{id}/cancel");
    let seal = seal(&browser.get(&place).await);
    for _ in 0..3 {
        let sent = browser.post(&place, &[("seal", &seal)]).await;
        assert_eq!(sent.header("location"), format!("/mitt/my-times/{id}"));
    }
    assert_eq!(site.get("Appointment").await["entry"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn anothers_and_made_up_ids_are_answered_alike() {
    let (provider, site) = site().await;
    let id = booked(&site, "a1", OTHER_NUMBER).await;
    let (logged_in, stranger) = (site.browser(), site.browser());
    logged_in.log_in(&provider).await;
    logged_in.hold("a2").await;
    let made_up = "0".repeat(id.len());
    for browser in [&logged_in, &stranger] {
        for place in [
            "asked/ID",
            "asked/ID/state",
            "asked/ID/booking.ics",
            "my-times/ID",
            "my-times/ID/state",
            "my-times/ID/cancel",
            "practitioners?company=c1&service=s-us&instead=ID",
            "details?time=a2&instead=ID",
        ] {
            let told = async |id: &str| {
                let page = browser.get(&format!("/mitt/{}", place.replace("ID", id))).await;
                (page.status, page.text.replace(id, "ID"), page.headers)
            };
            let (anothers, nobodys) = (told(&id).await, told(&made_up).await);
            assert_eq!(anothers, nobodys, "{place}");
            assert!(!anothers.0.is_success() || anothers.1.contains("log-in"), "{place}");
        }
    }
}

/// The address of the link to the other language.
fn other_language(page: &Page) -> String {
    let (_, after) = page.text.split_once("class=\"language\" href=\"").expect("a link");
    after.split('"').next().unwrap_or_default().replace("&amp;", "&")
}

#[tokio::test]
async fn a_failed_log_in_is_told_in_the_other_language_without_what_the_provider_brought() {
    let (provider, site) = site().await;
    let browser = site.browser();
    let broken_off = browser.get(&provider.break_off(&browser.leave().await)).await;
    let stale = browser.get("/mitt/logged-in?state=0123&code=secret-code").await;
    let failed = {
        let back = provider.agree(&browser.leave().await);
        browser.get(&back.replace("code=code", "code=secret-code")).await
    };
    for (page, heading) in [
        (broken_off, "The log-in was cancelled"),
        (stale, "The log-in is no longer valid"),
        (failed, "The log-in did not work"),
    ] {
        page.assert_lacks("state=");
        page.assert_lacks("secret-code");
        let link = other_language(&page);
        let english = browser.get(&link).await;
        assert_eq!((english.status, english.heading()), (StatusCode::OK, heading), "{link}");
        english.assert_has("href=\"/mitt/log-in\"");
        let back = browser.get(&other_language(&english)).await;
        assert_eq!(back.heading(), page.heading());
    }
    for why in ["", "made-up", "%3Cscript%3E"] {
        let page = browser.get(&format!("/mitt/not-logged-in?why={why}&lang=sv")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{why}");
    }
}
