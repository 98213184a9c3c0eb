//! What the portal says of itself while it runs: reasons in its own words, of nobody.

use std::io::{Seek, SeekFrom, Write};

use axum::http::StatusCode;
use chrono::TimeDelta;

use super::e_id::site;
use super::provider::{Made, Told};
use super::{NUMBER, Site};

const FAILED: &str = "mitt: a log-in with e-ID failed: ";

impl Site {
    /// The reasons for which log-ins failed.
    fn failures(&self) -> Vec<String> {
        let said = self.said().into_iter();
        said.filter_map(|line| line.strip_prefix(FAILED).map(str::to_owned)).collect()
    }
}

#[tokio::test]
async fn a_log_in_that_failed_is_told_with_its_technical_reason() {
    let (provider, site) = site().await;
    for (made, why) in [
        (Made::WithAnotherKey, "the ID token's signature is wrong"),
        (Made::Expired, "compare the clocks"),
        (Made::ForAnotherClient, "the ID token has another audience than client_id"),
        (Made::ByAnotherIssuer, "the ID token is of another issuer"),
        (Made::ByAnotherParty, "the ID token has another authorized party"),
        (Made::WithAnotherNonce, "wrong nonce"),
        (Made::WithAnotherAccessToken, "the access token does not belong to the ID token"),
    ] {
        provider.makes(made);
        let browser = site.browser();
        browser.get(&provider.agree(&browser.leave().await)).await;
        let last = site.failures().pop().unwrap_or_default();
        assert!(last.contains(why), "{made:?}: {last}");
    }
    provider.makes(Made::Rightly);
    provider.tells(Told::Nowhere);
    let browser = site.browser();
    browser.get(&provider.agree(&browser.leave().await)).await;
    assert!(site.failures().pop().unwrap_or_default().contains("claim and scopes"));
}

#[tokio::test]
async fn a_state_that_fits_nothing_is_told_by_what_is_wrong_with_it() {
    let (provider, site) = site().await;
    let browser = site.browser();
    let used = provider.agree(&browser.leave().await);
    browser.get(&used).await;
    browser.get(&used).await;
    let stolen = provider.agree(&browser.leave().await);
    site.browser().get(&stolen).await;
    let other = site.browser();
    other.leave().await;
    other.get(&provider.agree(&browser.leave().await)).await;
    let late = provider.agree(&browser.leave().await);
    site.pass(TimeDelta::minutes(10));
    browser.get(&late).await;
    let failures = site.failures();
    let whys = ["not known", "without the cookie", "another browser", "ten minutes old"];
    assert_eq!(failures.len(), whys.len(), "{failures:?}");
    for (failure, why) in failures.iter().zip(whys) {
        assert!(failure.contains(why), "{failure}");
    }
}

#[tokio::test]
async fn a_providers_error_is_told_by_its_code_where_that_is_one_there_is() {
    let (provider, site) = site().await;
    let browser = site.browser();
    for (error, why) in [
        ("invalid_scope", "invalid_scope"),
        ("access_denied", "access_denied"),
        ("Hilda+Hemlig%0A", "an error of its own"),
    ] {
        let back = provider.agree(&browser.leave().await);
        let (place, query) = back.split_once('?').expect("a question");
        let state = query.split('&').find(|it| it.starts_with("state=")).expect("a state");
        browser.get(&format!("{place}?error={error}&{state}")).await;
        let last = site.failures().pop().unwrap_or_default();
        assert!(last.contains(why), "{error}: {last}");
    }
}

#[tokio::test]
async fn nothing_of_anybody_and_nothing_that_a_browser_brought_is_said() {
    let (provider, site) = site().await;
    for made in [Made::Rightly, Made::Expired, Made::Altered] {
        provider.makes(made);
        let browser = site.browser().saying("user-agent", "Hilda");
        browser.get(&provider.agree(&browser.leave().await)).await;
    }
    provider.makes(Made::Rightly);
    for number in ["189001019803", "Hilda"] {
        provider.identifies(number);
        let browser = site.browser();
        browser.get(&provider.agree(&browser.leave().await)).await;
    }
    let browser = site.browser();
    browser.ask("a1").await;
    for path in [
        "/mitt/logged-in?state=Hilda&code=hilda@example.se",
        "/mitt/logged-in?error=Hilda&error_description=hilda@example.se&state=Hilda",
        "/mitt/not-logged-in?why=Hilda",
        "/Hilda/hilda@example.se",
    ] {
        browser.get(path).await;
    }
    site.pass(TimeDelta::minutes(6));
    browser.get("/mitt?Hilda=Hemlig").await;
    site.keep().await;
    let said = site.said().join("\n");
    assert!(said.contains(FAILED) && said.contains("answered 503 at /{clinic}"), "{said}");
    for personal in ["Hilda", "hilda", "Hemlig", "98020", NUMBER, "189001019802", "9803"] {
        assert!(!said.contains(personal), "{personal}: {said}");
    }
}

#[tokio::test]
async fn an_agent_that_falls_silent_and_comes_back_is_told_of_once_each() {
    let site = Site::open().await;
    let told = || -> Vec<String> {
        site.said().into_iter().filter(|line| line.contains("the agent")).collect()
    };
    site.keep().await;
    assert_eq!(told(), [""; 0]);
    site.pass(TimeDelta::minutes(6));
    site.keep().await;
    site.pass(TimeDelta::minutes(6));
    site.keep().await;
    let silent = "mitt: the agent is silent since 2026-11-24T11:00:00Z: no times are offered";
    assert_eq!(told(), [silent]);
    site.heard().await;
    site.keep().await;
    site.pass(TimeDelta::minutes(1));
    site.keep().await;
    assert_eq!(told(), [silent, "mitt: the agent is at work"]);
}

#[tokio::test]
async fn an_answer_of_the_500s_is_told_by_its_route_and_cause_and_other_answers_are_not() {
    let site = Site::open().await;
    let browser = site.browser();
    browser.get("/mitt").await;
    browser.get("/mitt/asked/x").await;
    browser.get("/nowhere").await;
    assert_eq!(site.said(), [""; 0]);
    let site = site.restarted(|database| {
        database.execute_batch("DROP TABLE asked; DROP TABLE hold").expect("broken");
    });
    let browser = site.browser();
    for _ in 0..50 {
        assert_eq!(browser.hold("a1").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    let said = site.said();
    let cause = "the database can't do what it was asked";
    assert_eq!(said, [format!("answered 500 at /{{clinic}}/hold: {cause}")]);
    site.pass(TimeDelta::minutes(1));
    site.heard().await;
    site.keep().await;
    let said = site.said();
    assert!(said.iter().any(|line| line.contains("could not be erased")), "{said:?}");
    assert!(said.iter().any(|line| line.ends_with("(and 48 more)")), "{said:?}");
}

#[tokio::test]
async fn of_a_file_that_gets_damaged_it_is_said_what_to_do() {
    let site = Site::open().await;
    let site = site.restarted(|database| {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'hold'";
        let page: u32 = database.query_row(sql, (), |row| row.get(0)).expect("where it begins");
        database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).expect("no log");
        let file = std::fs::OpenOptions::new().write(true).open(database.path().expect("a file"));
        let mut file = file.expect("it can be written");
        file.seek(SeekFrom::Start(u64::from(page - 1) * 4096)).expect("there");
        file.write_all(&[0xff; 4096]).expect("torn");
    });
    assert_eq!(site.browser().hold("a1").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    let said = site.said().join("\n");
    for text in ["the database is damaged", "move the file aside", "publish everything again"] {
        assert!(said.contains(text), "{text}: {said}");
    }
}
