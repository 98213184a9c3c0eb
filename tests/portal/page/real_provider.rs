//! Log-in against an OpenID Provider that is not ours: npm's oidc-provider, by the program that
//! `TIDBOK_TEST_PROVIDER` names. `.ci/run` installs it where there is a Node.js.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use axum::http::StatusCode;
use chrono::Utc;
use reqwest::{Client, Method, RequestBuilder};
use tidbok::portal::{EId, EIdSettings};

use super::{Browser, Site};

const SECRET: &str = "a secret of client and provider";
const NUMBER: &str = "189001019802";

/// The provider, on loopback.
struct Foreign {
    server: Child,
    /// What else it says is let be; closed, it would end at its next word.
    _said: BufReader<ChildStdout>,
    issuer: String,
    client: Client,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Drop for Foreign {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Foreign {
    /// One that tells the personnummer in UserInfo, or in the token as well.
    fn start(told: &str) -> Self {
        let program = std::env::var_os("TIDBOK_TEST_PROVIDER").expect("it names the program");
        let mut server = Command::new(program)
            .args([concat!(env!("CARGO_MANIFEST_DIR"), "/tests/provider/run.cjs"), told])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the provider starts");
        let mut said = BufReader::new(server.stdout.take().expect("its output"));
        let mut issuer = String::new();
        said.read_line(&mut issuer).expect("where it listens");
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            server,
            _said: said,
            issuer: issuer.trim().to_owned(),
            client: client.build().expect("a client"),
            cookies: RefCell::default(),
        }
    }

    /// A clinic whose patients it identifies, by the real clock: tokens are made by that.
    async fn site(&self) -> Site {
        let settings = EIdSettings {
            provider: None,
            issuer: self.issuer.clone(),
            client_id: "tidbok".to_owned(),
            client_secret_file: "secret".into(),
            scopes: Some(vec!["nin".to_owned()]),
            acr_values: Some(vec!["idp:sbid".to_owned()]),
            claim: Some("nin".to_owned()),
            public_url: "https://boka.example".to_owned(),
        };
        let e_id = EId::new(&settings, SECRET).expect("settings");
        let site = Site::of(Default::default(), [("mitt".to_owned(), e_id)].into());
        site.pass(Utc::now() - site.now());
        site.heard().await;
        site
    }

    /// Asks it with this browser's cookies; where it sends to, or what it shows.
    async fn send(&self, request: RequestBuilder) -> Result<String, String> {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.expect("an answer");
        for line in answer.headers().get_all("set-cookie") {
            let line = line.to_str().expect("text");
            let pair = line.split(';').next().and_then(|it| it.split_once('='));
            let (name, value) = pair.expect("a cookie");
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        let to = answer.headers().get("location").map(|it| it.to_str().expect("text").to_owned());
        match to {
            Some(to) if to.starts_with('/') => Ok(format!("{}{to}", self.issuer)),
            Some(to) => Ok(to),
            None => Err(answer.text().await.expect("text")),
        }
    }

    /// Follows where it sends, up to a page of its own: that page's address, or the way back to us.
    async fn follow(&self, mut place: String) -> Result<String, String> {
        while !place.starts_with("https://boka.example") {
            match self.send(self.client.get(&place)).await {
                Ok(next) => place = next,
                Err(_) => return Err(place),
            }
        }
        Ok(place["https://boka.example".len()..].to_owned())
    }

    /// The patient fills in its forms: who they are, and that they agree.
    async fn agree(&self, address: &str) -> String {
        let mut place = self.follow(address.to_owned()).await;
        for form in [&format!("prompt=login&login={NUMBER}&password=x"), "prompt=consent"] {
            let Err(shown) = place else { break };
            let sent = self.client.request(Method::POST, shown).body(form.to_owned());
            let sent = sent.header("content-type", "application/x-www-form-urlencoded");
            place = self.follow(self.send(sent).await.expect("it sends on")).await;
        }
        place.expect("the way back")
    }

    /// The patient breaks it off.
    async fn break_off(&self, address: &str) -> String {
        let shown = self.follow(address.to_owned()).await.expect_err("its first page");
        self.follow(format!("{shown}/abort")).await.expect("the way back")
    }
}

async fn heading(browser: &Browser<'_>, path: &str) -> String {
    browser.get(path).await.heading().to_owned()
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_provider), ignore = "TIDBOK_TEST_PROVIDER names no program")]
async fn a_patient_logs_in_whether_the_token_or_user_info_tells_the_personnummer() {
    for told in ["in-user-info", "in-token"] {
        let provider = Foreign::start(told);
        let site = provider.site().await;
        let browser = site.browser();
        let back = provider.agree(&browser.leave().await).await;
        let page = browser.get(&back).await;
        assert_eq!(page.header("location"), "/mitt/my-times", "{told}: {}", page.text);
        browser.get("/mitt/my-times").await.assert_has("Logga ut");

        // Whoever was logged in at the provider is asked again.
        let again = provider.follow(browser.leave().await).await;
        assert!(again.is_err_and(|shown| shown.contains("/interaction/")), "{told}");
    }
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_provider), ignore = "TIDBOK_TEST_PROVIDER names no program")]
async fn a_patient_who_breaks_off_there_is_told_so_kindly() {
    let provider = Foreign::start("in-token");
    let site = provider.site().await;
    let browser = site.browser();
    let back = provider.break_off(&browser.leave().await).await;
    assert!(back.contains("error=access_denied"), "{back}");
    assert_eq!(heading(&browser, &back).await, "Inloggningen avbröts");
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_provider), ignore = "TIDBOK_TEST_PROVIDER names no program")]
async fn a_code_is_good_once_and_for_the_log_in_that_it_was_given_to() {
    let provider = Foreign::start("in-token");
    let site = provider.site().await;
    let browser = site.browser();
    let first = provider.agree(&browser.leave().await).await;
    let other = site.browser();
    let second = provider.agree(&other.leave().await).await;
    // The code of one log-in brought to another: the challenge is not that one's.
    let code = |back: &str| {
        let query = back.split_once('?').expect("a question").1.to_owned();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let found: BTreeMap<String, String> = pairs.collect();
        found["code"].clone()
    };
    let swapped = second.replace(&code(&second), &code(&first));
    let page = other.get(&swapped).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.assert_has("<code>code</code>");
    assert_eq!(browser.get(&first).await.header("location"), "/mitt/my-times", "its own");
    assert_eq!(heading(&browser, &first).await, "Inloggningen gäller inte längre");
    // Used, it is good for nothing at the provider either.
    let third = provider.agree(&browser.leave().await).await;
    let replayed = third.replace(&code(&third), &code(&first));
    browser.get(&replayed).await.assert_has("<code>code</code>");
}
