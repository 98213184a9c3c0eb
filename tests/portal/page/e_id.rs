//! Log-in with e-ID: the way there and back, what is not to be trusted, and sessions.

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta};

use super::provider::{Made, Provider, Told};
use super::{Browser, NUMBER, Page, Site};

/// A provider, and a clinic whose patients it identifies.
pub async fn site() -> (Provider, Site) {
    let noon = DateTime::parse_from_rfc3339("2026-11-24T12:00:00+01:00").expect("an instant");
    let provider = Provider::start(noon.to_utc(), NUMBER).await;
    let site = Site::identified_by(&provider).await;
    (provider, site)
}

impl Browser<'_> {
    /// Goes to log in; the provider's address.
    pub async fn leave(&self) -> String {
        let sent = self.get("/mitt/log-in").await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        sent.header("location").to_owned()
    }

    /// Logs in, as whomever the provider identifies.
    pub async fn log_in(&self, provider: &Provider) {
        let back = self.get(&provider.agree(&self.leave().await)).await;
        assert_eq!(back.header("location"), "/mitt/my-times", "{}", back.text);
    }

    /// Whether somebody is logged in here.
    async fn is_logged_in(&self) -> bool {
        self.get("/mitt/my-times").await.text.contains("Logga ut")
    }

    fn cookie(&self, of: &str) -> Option<String> {
        let cookies = self.cookies.borrow();
        let found = cookies.iter().find(|(name, _)| name.contains(of));
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }
}

/// The value of a hidden field.
pub fn seal(page: &Page) -> String {
    let (_, after) = page.text.split_once("name=\"seal\" value=\"").expect("a sealed form");
    after.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn without_e_id_its_pages_are_not_there_and_nothing_leads_to_them() {
    let site = Site::open().await;
    let browser = site.browser();
    for path in [
        "/mitt/log-in",
        "/mitt/logged-in?code=a&state=b",
        "/mitt/my-times",
        "/mitt/my-times/x",
        "/mitt/my-times/x/state",
        "/mitt/my-times/x/cancel",
        "/mitt/practitioners?company=c1&service=s-us&instead=x",
    ] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/mitt/log-out", "/mitt/my-times/x/cancel", "/mitt/my-times/x/rebook"] {
        assert_eq!(browser.post(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let place = browser.ask("a1").await;
    site.decide(None).await;
    for path in ["/mitt", "/mitt/details?time=a2", place.as_str()] {
        let page = browser.get(path).await;
        page.assert_lacks("my-times");
        page.assert_lacks("log-in");
    }
}

#[tokio::test]
async fn the_provider_is_asked_for_a_fresh_log_in_with_state_nonce_and_challenge() {
    let (provider, site) = site().await;
    let browser = site.browser();
    let (one, other) = (browser.leave().await, browser.leave().await);
    let asked = provider.asked(&one);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "tidbok"),
        ("redirect_uri", "https://boka.example/mitt/logged-in"),
        ("scope", "openid nin"),
        ("acr_values", "idp:sbid"),
        ("prompt", "login"),
        ("ui_locales", "sv"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
    }
    let again = provider.asked(&other);
    for name in ["state", "nonce", "code_challenge"] {
        assert!(asked[name].len() >= 22, "{name}");
        assert_ne!(asked[name], again[name], "{name}");
    }
}

#[tokio::test]
async fn whoever_comes_back_identified_is_logged_in_and_can_log_out() {
    let (provider, site) = site().await;
    let browser = site.browser();
    let first = browser.get("/mitt/my-times").await;
    assert_eq!((first.status, first.heading()), (StatusCode::OK, "Mina tider"));
    first.assert_has("href=\"/mitt/log-in\"");
    browser.log_in(&provider).await;
    let mine = browser.get("/mitt/my-times").await;
    mine.assert_has("Du har inga kommande tider här");
    mine.assert_lacks("9802");
    assert!(!site.browser().is_logged_in().await, "another browser");
    let out = browser.post("/mitt/log-out", &[("seal", &seal(&mine))]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    browser.get(out.header("location")).await.assert_has("Du är utloggad.");
    assert!(!browser.is_logged_in().await);
}

#[tokio::test]
async fn the_personnummer_is_taken_from_the_token_or_from_user_info_of_the_same_subject() {
    let (provider, site) = site().await;
    for (told, logged_in) in [
        (Told::InTheToken, true),
        (Told::InUserInfo, true),
        (Told::InUserInfoOfAnother, false),
        (Told::Nowhere, false),
    ] {
        provider.tells(told);
        let browser = site.browser();
        let back = browser.get(&provider.agree(&browser.leave().await)).await;
        assert_eq!(back.status == StatusCode::SEE_OTHER, logged_in, "{told:?}");
        assert_eq!(browser.is_logged_in().await, logged_in, "{told:?}");
    }
}

#[tokio::test]
async fn what_is_no_personnummer_logs_nobody_in() {
    let (provider, site) = site().await;
    for number in ["", "189001019803", "19000230-9802", "subject", "1890010198021"] {
        provider.identifies(number);
        let browser = site.browser();
        let back = browser.get(&provider.agree(&browser.leave().await)).await;
        assert_eq!(back.heading(), "Inloggningen fungerade inte", "{number}");
        assert!(!browser.is_logged_in().await, "{number}");
        if number.len() > 8 {
            back.assert_lacks(number);
        }
    }
}

#[tokio::test]
async fn a_patient_who_breaks_off_is_told_so_kindly() {
    let (provider, site) = site().await;
    let browser = site.browser();
    let back = browser.get(&provider.break_off(&browser.leave().await)).await;
    assert_eq!((back.status, back.heading()), (StatusCode::OK, "Inloggningen avbröts"));
    back.assert_has("href=\"/mitt/log-in\"");
    back.assert_lacks("Felkod");
    assert!(!browser.is_logged_in().await);
}

#[tokio::test]
async fn forged_expired_and_foreign_tokens_are_refused() {
    let (provider, site) = site().await;
    for made in [
        Made::WithAnotherKey,
        Made::Unsigned,
        Made::BySharedSecret,
        Made::Altered,
        Made::Expired,
        Made::InTheFuture,
        Made::ForAnotherClient,
        Made::ForAnotherClientToo,
        Made::ByAnotherIssuer,
        Made::ByAnotherParty,
        Made::WithAnotherNonce,
        Made::WithoutNonce,
        Made::WithAnotherAccessToken,
    ] {
        provider.makes(made);
        let browser = site.browser();
        let back = browser.get(&provider.agree(&browser.leave().await)).await;
        assert_eq!(back.status, StatusCode::BAD_GATEWAY, "{made:?}");
        back.assert_has("<code>untrusted</code>");
        assert_eq!(browser.cookie("session"), None, "{made:?}");
        assert!(!browser.is_logged_in().await, "{made:?}");
    }
    provider.makes(Made::Rightly);
    site.browser().log_in(&provider).await;
}

#[tokio::test]
async fn a_provider_may_change_its_key() {
    let (provider, site) = site().await;
    site.browser().log_in(&provider).await;
    site.pass(TimeDelta::seconds(1));
    provider.makes(Made::WithANewKey);
    site.browser().log_in(&provider).await;
}

#[tokio::test]
async fn a_log_in_ends_once_in_the_browser_that_began_it_and_within_ten_minutes() {
    let (provider, site) = site().await;
    let browser = site.browser();
    let used = provider.agree(&browser.leave().await);
    assert_eq!(browser.get(&used).await.status, StatusCode::SEE_OTHER);
    let stale = "Inloggningen gäller inte längre";
    assert_eq!(browser.get(&used).await.heading(), stale, "a second time");

    let stolen = provider.agree(&browser.leave().await);
    assert_eq!(site.browser().get(&stolen).await.heading(), stale, "a browser without a name");
    let other = site.browser();
    other.leave().await;
    let stolen = provider.agree(&browser.leave().await);
    assert_eq!(other.get(&stolen).await.heading(), stale, "another browser");
    assert!(!other.is_logged_in().await);
    assert_eq!(browser.get(&stolen).await.heading(), stale, "it was used up by that");

    let made_up = "/mitt/logged-in?code=code-1&state=made-up";
    assert_eq!(browser.get(made_up).await.heading(), stale);
    assert_eq!(browser.get("/mitt/logged-in").await.heading(), stale);

    let late = provider.agree(&browser.leave().await);
    site.pass(TimeDelta::minutes(10));
    assert_eq!(browser.get(&late).await.heading(), stale, "ten minutes later");
}

#[tokio::test]
async fn a_code_that_was_used_or_is_made_up_and_another_issuers_answer_are_refused() {
    let (provider, site) = site().await;
    let browser = site.browser();
    let used = provider.agree(&browser.leave().await);
    browser.get(&used).await;
    let code = "code=code-1&";
    assert!(used.contains(code), "{used}");
    for (with, fault) in [(code, "code"), ("code=made-up&", "code")] {
        let fresh = provider.agree(&browser.leave().await);
        let (place, query) = fresh.split_once('?').expect("a question");
        let rest = query.split_once('&').expect("more than the code").1;
        let back = browser.get(&format!("{place}?{with}{rest}")).await;
        back.assert_has(&format!("<code>{fault}</code>"));
    }
    let fresh = provider.agree(&browser.leave().await);
    let other = fresh.replace("iss=http", "iss=https");
    browser.get(&other).await.assert_has("<code>issuer</code>");
}

#[tokio::test]
async fn a_session_gets_a_name_of_its_own_at_log_in_whatever_the_browser_came_with() {
    let (provider, site) = site().await;
    let planted = "0123456789abcdef0123456789abcdef";
    let browser = site.browser();
    let cookie = "__Host-tidbok-session-mitt";
    browser.cookies.borrow_mut().insert(cookie.to_owned(), planted.to_owned());
    assert!(!browser.is_logged_in().await);
    browser.log_in(&provider).await;
    let first = browser.cookie("session").expect("a session");
    assert_ne!(first, planted);
    browser.log_in(&provider).await;
    let second = browser.cookie("session").expect("a session");
    assert_ne!(second, first);
    for name in [planted, &first] {
        let thief = site.browser();
        thief.cookies.borrow_mut().insert(cookie.to_owned(), name.to_owned());
        assert!(!thief.is_logged_in().await, "the planted one and the one before are nobody's");
    }
    assert!(browser.is_logged_in().await);
}

#[tokio::test]
async fn the_sessions_cookie_is_closed_to_scripts_other_hosts_and_connections_without_tls() {
    let (provider, site) = site().await;
    let browser = site.browser();
    let back = browser.get(&provider.agree(&browser.leave().await)).await;
    let mut lines = back.headers.get_all("set-cookie").iter().map(|it| it.to_str().expect("text"));
    let session = lines.find(|line| line.starts_with("__Host-tidbok-session-mitt="));
    let session = session.expect("a session");
    for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(session.split("; ").any(|it| it == attribute), "{session}");
    }
    assert!(!session.contains("Domain") && !session.contains("Max-Age"), "{session}");
    let told = format!("{:?}", back.headers);
    for personal in ["9802", "18900101", "Hilda"] {
        assert!(!told.contains(personal), "{told}");
    }
}

#[tokio::test]
async fn a_session_ends_after_fifteen_minutes_without_a_request_and_after_an_hour_anyhow() {
    let (provider, site) = site().await;
    let idle = site.browser();
    idle.log_in(&provider).await;
    site.pass(TimeDelta::minutes(14));
    assert!(idle.is_logged_in().await);
    site.pass(TimeDelta::minutes(14));
    idle.get("/mitt/my-times/x/state").await;
    site.pass(TimeDelta::minutes(1));
    assert!(!idle.is_logged_in().await, "what the script asks for counts for nothing");

    provider.by(site.now());
    let busy = site.browser();
    busy.log_in(&provider).await;
    for _ in 0..5 {
        site.pass(TimeDelta::minutes(10));
        assert!(busy.is_logged_in().await);
    }
    site.pass(TimeDelta::minutes(10));
    assert!(!busy.is_logged_in().await, "an hour");
}

#[tokio::test]
async fn a_clock_that_is_put_right_by_seconds_logs_nobody_out_and_one_set_back_by_an_hour_everybody()
 {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    site.pass(-TimeDelta::seconds(2));
    assert!(browser.is_logged_in().await);
    site.pass(-TimeDelta::hours(1));
    site.heard().await;
    assert!(!browser.is_logged_in().await, "it would last for two hours");
}

#[tokio::test]
async fn logging_out_takes_a_form_of_this_session_and_of_this_site() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    for form in [&[][..], &[("seal", "made-up")]] {
        assert_eq!(browser.post("/mitt/log-out", form).await.status, StatusCode::FORBIDDEN);
    }
    assert!(browser.is_logged_in().await);
    let page = browser.send(Method::GET, "/mitt/log-out", "").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    let foreign = Browser { headers: vec![("sec-fetch-site", "cross-site".to_owned())], ..browser };
    let seal = seal(&foreign.get("/mitt/my-times").await);
    let out = foreign.post("/mitt/log-out", &[("seal", &seal)]).await;
    assert_eq!(out.status, StatusCode::FORBIDDEN);
    assert!(foreign.is_logged_in().await);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_told_of_and_nothing_else_stops() {
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = silent.local_addr().expect("an address");
    drop(silent);
    let (provider, _) = site().await;
    let (mut settings, secret) = provider.settings();
    settings.issuer = format!("http://{address}");
    let e_id = tidbok::portal::EId::new(&settings, secret).expect("settings");
    let site = Site::of(Default::default(), [("mitt".to_owned(), e_id)].into()).filled().await;
    let page = site.browser().get("/mitt/log-in").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.assert_has("<code>unreachable</code>");
    page.assert_has("Boka tid");
    assert_eq!(site.browser().get("/mitt").await.status, StatusCode::OK);
}
