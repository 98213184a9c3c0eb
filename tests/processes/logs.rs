//! No personnummer, name, address or token in anything that agent, portal and command line say of
//! themselves, in good times and in bad.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tidbok::domain::{DateRange, NoticeReport};

use crate::programs::{
    AGENT, EMAIL, FAMILY, GIVEN, KEY, MOBILE, PAGE, PATIENCE, PERSONNUMMER, Place, STREET, now,
    patient, stretch,
};
use crate::receiver::{Ailment, PASSWORD, Receiver, USER};

/// What may be found nowhere, in the ways it could be written.
fn secrets() -> Vec<String> {
    let number = PERSONNUMMER;
    let known = [number, FAMILY, GIVEN, EMAIL, MOBILE, STREET, AGENT, PAGE, KEY, PASSWORD];
    let mut all: Vec<String> = known.iter().map(|it| (*it).to_owned()).collect();
    all.push(format!("{}-{}", &number[..8], &number[8..]));
    all.push(format!("{}-{}", &number[2..8], &number[8..]));
    all.push(number[2..].to_owned());
    all.push(MOBILE.replace(['-', ' '], ""));
    all.push("Hemligt-Meddelande".to_owned());
    all
}

/// A command of the command line; what it says of errors is added to the logs.
fn told(place: &Place, arguments: &[&str]) {
    let ran = Command::new(env!("CARGO_BIN_EXE_tidbok"))
        .args(arguments)
        .arg("--database")
        .arg(format!("sqlite:{}", place.path("clinic.db").display()))
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .output()
        .expect("the program runs");
    let log = place.path("command-line.log");
    let before = fs::read(&log).unwrap_or_default();
    fs::write(&log, [before, ran.stderr].concat()).expect("a log");
}

#[tokio::test]
async fn nothing_personal_and_no_secret_is_in_any_log_or_error() {
    let mut place = Place::open().await;
    assert!(place.lay("AE", stretch(0, 9 * 60, 120)).await);
    let agent = place.agent("agent");
    place.wait_in_step().await;

    // Good wishes; one that lacks what it must have; what is no wish at all.
    let free = place.all("Slot?status=free").await;
    assert!(place.wish(&free[0]).await);
    place.wait_in_step().await;
    let mut faulty = patient();
    faulty["telecom"] = json!([]);
    let stored = place.page(Method::POST, "Patient", Some(&faulty)).await.expect("an answer");
    let free = place.all("Slot?status=free").await;
    let wish = json!({
        "resourceType": "Appointment",
        "status": "proposed",
        "comment": "Hemligt-Meddelande",
        "slot": [{"reference": format!("Slot/{}", free[0]["id"].as_str().expect("an id"))}],
        "participant": [{
            "status": "accepted",
            "actor": {"reference": format!("Patient/{}", stored.1["id"].as_str().expect("an id"))},
        }],
    });
    place.page(Method::POST, "Appointment", Some(&wish)).await.expect("an answer");
    place.wait_in_step().await;
    for (method, path, body) in [
        (Method::POST, "Patient", json!({"resourceType": FAMILY, "name": GIVEN})),
        (Method::POST, "Appointment", json!({"resourceType": "Appointment", "status": FAMILY})),
        (Method::PUT, "Slot/x", patient()),
    ] {
        let (status, answer) = place.page(method, path, Some(&body)).await.expect("an answer");
        assert!(status.is_client_error());
        assert!(!answer.to_string().contains(FAMILY), "{answer}");
    }
    place.page(Method::GET, &format!("Patient?name={FAMILY}"), None).await;

    // Ends torn off, a token that is not taken, a database that is none.
    place.kill_portal();
    agent.kill();
    let agent = place.agent("agent");
    place.wait_in_step().await;
    agent.stop();
    let wrong = place.path("wrong-token");
    fs::write(&wrong, PAGE).expect("a file");
    let (wrong, base) = (wrong.display().to_string(), place.base());
    for more in [&["--once"][..], &["--check"], &["--once", "--every", "1"]] {
        let sync = ["sync", "--portal", &base, "--token-file", &wrong];
        told(&place, &[&sync[..], more].concat());
    }
    told(
        &place,
        &["sync", "--portal", "http://127.0.0.1:9/fhir/x", "--token-file", &wrong, "--check"],
    );
    told(&place, &["portal", "--config", &wrong]);
    told(&place, &["status"]);
    told(&place, &["status", "--json"]);
    told(&place, &["doctor"]);
    told(&place, &["audit", "verify"]);
    fs::copy(place.path("agent-token"), place.path("broken.toml")).expect("a copy");
    let broken = place.path("broken.toml").display().to_string();
    told(&place, &["portal", "--config", &broken]);

    let logs = place.logs();
    for said in ["in step", "token", "portal: started"] {
        assert!(logs.contains(said), "something is said: {logs}");
    }
    for secret in secrets() {
        assert!(!logs.contains(&secret), "{secret} is in a log:\n{logs}");
    }
}

/// Waits until the e-mail goes so.
async fn wait_for_mail(place: &Place, mut is_so: impl FnMut(&NoticeReport) -> bool) {
    let begun = Instant::now();
    loop {
        let report = place.clinic.agent_report(&[], DateRange::new(now().date(), 1)).await;
        let notices = report.expect("the store answers").notices;
        if is_so(&notices) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{notices:?}\n{}", place.logs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn nothing_personal_is_said_of_e_mail_even_where_the_mail_server_says_it() {
    let place = Place::open().await;
    assert!(place.lay("AE", stretch(0, 9 * 60, 180)).await);
    let mut receiver = Receiver::open().await;
    let port = receiver.address.port();
    let settings = format!(
        "host = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nuser = \"{USER}\"\n\
         password_file = \"smtp-password\"\nfrom = \"bokning@klinik.example\"\n"
    );
    fs::write(place.path("mail.toml"), settings).expect("a file");
    fs::write(place.path("smtp-password"), PASSWORD).expect("a file");
    let mail = place.path("mail.toml").display().to_string();
    receiver.ails(Ailment::ToRecipient("550 5.1.1 <hildegunn@hemlig.example> Hemlighetsson"));
    let agent = place.agent_with("agent", &["--every", "60", "--mail", &mail]);
    place.wait_in_step().await;
    let wish = async || {
        let free = place.all("Slot?status=free").await;
        assert!(place.wish(&free[0]).await);
        place.wait_in_step().await;
    };
    wish().await;
    wait_for_mail(&place, |mail| mail.given_up == 1).await;
    wish().await;
    wait_for_mail(&place, |_| receiver.taken().len() == 1).await;
    receiver.down().await;
    wish().await;
    wait_for_mail(&place, |mail| mail.held_up == 1).await;
    let (token, base) = (place.path("agent-token").display().to_string(), place.base());
    let sync = ["sync", "--portal", &base, "--token-file", &token, "--mail", &mail];
    told(&place, &[&sync[..], &["--check"]].concat());
    told(&place, &["status"]);
    fs::write(&mail, format!("host = \"{EMAIL}\"\n")).expect("a file");
    told(&place, &[&sync[..], &["--check"]].concat());
    agent.stop();

    let logs = place.logs();
    assert!(logs.contains("e-mail: "), "something is said: {logs}");
    for secret in secrets() {
        assert!(!logs.contains(&secret), "{secret} is in a log:\n{logs}");
    }
}
