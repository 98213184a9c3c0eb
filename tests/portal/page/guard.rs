//! What keeps strangers, other sites and floods out, and what is personal in.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use tidbok::portal::ClinicPage;

use super::{Site, assert_impersonal, organization, slot};
use crate::desk::Running;

#[tokio::test]
async fn every_answer_has_the_headers_that_keep_foreign_things_out() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    for path in
        ["/mitt", "/mitt/details?time=a2", &place, "/assets/page.js", "/mitt/colours.css", "/x"]
    {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        let kept = page.header("cache-control");
        let shared = path.starts_with("/assets") || path.ends_with(".css");
        assert_eq!(kept, if shared { "public, max-age=3600" } else { "no-store" }, "{path}");
    }
}

#[tokio::test]
async fn pages_hold_nothing_inline_and_ask_no_other_host() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    for path in ["/mitt", "/mitt/times?company=c1&service=s-us", "/mitt/details?time=a2", &place] {
        let page = browser.get(path).await;
        for foreign in ["style=", "onclick", "<style", "http://", "https://", "<script>"] {
            page.assert_lacks(foreign);
        }
    }
}

#[tokio::test]
async fn the_browsers_cookie_is_random_closed_to_scripts_and_secure_but_on_the_machine_itself() {
    let site = Site::open().await;
    let mut names = Vec::new();
    for (origin, secure) in
        [(None, true), (Some("https://x.se"), true), (Some("http://x.se"), false)]
    {
        let browser = site.browser().saying("host", "x.se");
        let browser = match origin {
            Some(origin) => browser.saying("origin", origin),
            None => browser,
        };
        let held = browser.hold("a1").await;
        let cookie = held.header("set-cookie");
        let (pair, attributes) = cookie.split_once(';').expect("attributes");
        assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{cookie}");
        assert!(attributes.contains("Path=/") && !attributes.contains("Max-Age"), "{cookie}");
        assert_eq!(attributes.contains("Secure"), secure, "{origin:?}");
        assert_eq!(pair.starts_with("__Host-tidbok-browser-mitt="), secure, "{cookie}");
        assert_eq!(attributes.contains("Path=/mitt"), !secure, "{cookie}");
        names.push(pair.to_owned());
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 3);
}

#[tokio::test]
async fn a_name_that_was_not_given_here_is_no_browser() {
    let site = Site::open().await;
    let browser = site.browser().saying("cookie", "__Host-tidbok-browser-mitt=fixed-by-somebody");
    let held = browser.hold("a1").await;
    let given = held.header("set-cookie");
    assert!(given.starts_with("__Host-tidbok-browser-mitt="), "it gets a name of its own");
}

#[tokio::test]
async fn over_tls_what_is_typed_is_not_kept_under_a_name_that_somebody_else_may_have_planted() {
    let site = Site::open().await;
    let planted = "tidbok-browser=0123456789abcdef0123456789abcdef";
    let at = |origin| {
        let browser = site.browser().saying("cookie", planted).saying("host", "x.se");
        browser.saying("origin", origin)
    };
    let patient = at("https://x.se");
    patient.hold_on("a1").await;
    patient.fill_in("a1", &[("mobile", "")]).await.assert_has("hilda@example.se");
    for (origin, slot) in [("https://x.se", "a2"), ("http://x.se", "b1")] {
        let other = at(origin);
        other.hold_on(slot).await.assert_lacks("hilda@example.se");
        let of_patient = other.get("/mitt/details?company=c1&service=s-us&time=a1").await;
        of_patient.assert_lacks("hilda@example.se");
    }
}

#[tokio::test]
async fn forms_from_other_sites_are_refused() {
    let site = Site::open().await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let browser = site.browser().saying("host", "boka.example").saying(name, value);
        assert_eq!(browser.hold("a1").await.status, StatusCode::FORBIDDEN, "{name}");
        assert_eq!(browser.fill_in("a1", &[]).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let own =
        site.browser().saying("host", "boka.example").saying("origin", "https://boka.example");
    assert_eq!(own.hold("a1").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_has_a_bounded_size_and_its_own_method() {
    let site = Site::open().await;
    let browser = site.browser();
    let long = "a".repeat(40 << 10);
    let page = browser.fill_in("a1", &[("first-name", &long)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    for (method, path) in [
        (Method::PUT, "/mitt/hold"),
        (Method::DELETE, "/mitt/details"),
        (Method::PUT, "/mitt"),
        (Method::POST, "/mitt/times"),
    ] {
        let page = browser.send(method.clone(), path, "").await;
        assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_typed_is_shown_as_text_and_never_in_an_address_or_a_cookie() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.hold("a1").await;
    let page =
        browser.fill_in("a1", &[("first-name", "\"><script>1</script>"), ("email", "x")]).await;
    page.assert_has("&quot;&gt;&lt;script&gt;");
    page.assert_lacks("<script>1");
    for slot in ["a1", "a2"] {
        let sent = browser.fill_in(slot, &[]).await;
        let told = format!("{:?}", sent.headers);
        assert_impersonal(&told);
    }
}

#[tokio::test]
async fn whoever_knows_a_personnummer_keeps_nobody_from_booking_with_forms_that_come_to_nothing() {
    let site = Site::open().await;
    let stranger = site.browser();
    stranger.hold("a2").await;
    for _ in 0..30 {
        stranger.fill_in("a2", &[("email", "")]).await.assert_has("Fyll i e-postadress.");
    }
    for _ in 0..30 {
        let gone = stranger.fill_in("nothing", &[]).await;
        assert_eq!(gone.status, StatusCode::CONFLICT);
    }
    site.browser().ask("a1").await;
}

#[tokio::test]
async fn so_many_wishes_an_hour_are_taken_in_one_persons_name_and_how_long_to_wait_is_said() {
    let site = Site::with(ClinicPage { most_open_bookings: 1000, ..ClinicPage::default() }).await;
    // Of several companies the one that was chosen is to be called.
    let mut other = organization("c2", "Tandkliniken Lillgatan", false);
    other["telecom"][0]["value"] = "08-765 43 21".into();
    site.publish(&other).await;
    site.pass(TimeDelta::minutes(1));
    site.heard().await;
    for n in 0..13 {
        let id = format!("x{n}");
        site.publish(&slot(&id, "ae", "us", 25, "09:00")).await;
        let sent = site.browser().fill_in(&id, &[]).await;
        if n < 12 {
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{n}: {}", sent.text);
            continue;
        }
        assert_eq!(sent.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(sent.heading(), "För många försök på kort tid");
        sent.assert_has("Vänta 60 minuter och försök igen.");
        sent.assert_has("href=\"tel:0846500420\"");
        sent.assert_has("Tandkliniken Storgatan");
        assert_eq!(sent.header("retry-after"), "3600");
    }
    site.pass(TimeDelta::hours(1));
    site.heard().await;
    site.browser().ask("b2").await;
}

#[tokio::test]
async fn without_cookies_nothing_is_held_or_booked_and_it_is_said_what_to_do() {
    let site = Site::open().await;
    let way = [("time", "a1"), ("company", "c1"), ("service", "s-us")];
    for path in ["/mitt/hold", "/mitt/details"] {
        let browser = site.browser();
        let first = browser.post_once(path, &way).await;
        assert_eq!(first.status, StatusCode::TEMPORARY_REDIRECT, "sent once more");
        browser.forget_cookies();
        let told = browser.post_once(first.header("location"), &way).await;
        assert_eq!(told.status, StatusCode::BAD_REQUEST);
        let heading = "Sidan behöver kakor (cookies) för att hålla tiden åt dig";
        assert_eq!(told.heading(), heading);
        told.assert_has("Tillåt kakor");
        told.assert_has("href=\"tel:0846500420\"");
    }
    assert!(site.wishes().await.is_empty());
    assert_eq!(site.browser().hold("a1").await.status, StatusCode::SEE_OTHER, "nobody holds it");
    let looked = site.browser().get("/mitt/details?company=c1&service=s-us&time=a2").await;
    assert_eq!(
        looked.header("location"),
        "/mitt/time?company=c1&service=s-us&with=anyone&time=a2",
        "who has no name looks first"
    );
}

#[tokio::test]
async fn one_address_may_hold_so_often_by_what_a_trusted_proxy_says() {
    let running = Running::start().await;
    let client = reqwest::Client::new();
    let hold = |address: &'static str| {
        let request = client.post(format!("{}/mitt/hold", running.address()));
        let name = "__Host-tidbok-browser-mitt=0123456789abcdef0123456789abcdef";
        let request = request.header("cookie", name);
        request.header("x-forwarded-for", address).body("time=nothing").send()
    };
    let mut refused = 0;
    for _ in 0..80 {
        let status = hold("198.51.100.7, 203.0.113.9").await.expect("an answer").status();
        refused += usize::from(status == reqwest::StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((1..80).contains(&refused), "{refused}");
    let other = hold("203.0.113.9, 198.51.100.7").await.expect("an answer").status();
    // Nobody has heard of the clinic's agent; that is for everybody.
    let told = reqwest::StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(other, told, "the last is whom the proxy saw");
}

#[tokio::test]
async fn the_language_is_the_browsers_wish_or_the_one_that_was_chosen() {
    let site = Site::open().await;
    let english = site.browser().saying("accept-language", "en-GB,en;q=0.9");
    let page = english.get("/mitt").await;
    assert_eq!(page.heading(), "What do you want to book?");
    page.assert_has("<html lang=\"en\">");
    page.assert_has("<span class=\"name\" lang=\"sv\">Undersökning</span>");
    page.assert_has("href=\"/mitt?lang=sv\"");
    assert_eq!(english.get("/mitt?lang=sv").await.heading(), "Vad vill du boka?");
    assert_eq!(english.get("/mitt").await.heading(), "Vad vill du boka?", "it is kept");
    assert_eq!(site.browser().get("/mitt?lang=xx").await.heading(), "Vad vill du boka?");
}
