//! Against a FHIR R4 server that is not ours: sekmet-fhir, whose program `TIDBOK_TEST_SEKMET` names.
//! `.ci/run` installs it where there is a Python.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::Utc;
use serde_json::{Value, json};
use tidbok::sync::Worked;

use crate::place::{AGENT, Place, day, day_at, offered};

/// How long the server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const TOKEN: &str = "agent-agent-agent-agent-1";

/// The server, on loopback, in a folder of its own.
struct Foreign {
    server: Child,
    base: String,
    client: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl Drop for Foreign {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn sekmet() -> PathBuf {
    std::env::var_os("TIDBOK_TEST_SEKMET").expect("TIDBOK_TEST_SEKMET names the program").into()
}

/// Its settings: it answers to our token, and simulates nobody.
fn settings(folder: &Path, port: u16, peer: &str) {
    let text = format!(
        "base_url: http://127.0.0.1:{port}/fhir\nhost: 127.0.0.1\nport: {port}\n\
         server_auth: {{types: [bearer], tokens: [{TOKEN}]}}\nsimulator: {{enabled: false}}\n\
         peers:\n  ours:\n    base_url: {peer}\n    auth: {{type: bearer, token: {AGENT}}}\n"
    );
    std::fs::write(folder.join("settings.yaml"), text).expect("a file");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

impl Foreign {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        settings(folder.path(), port, "http://127.0.0.1:9/fhir/none");
        let server = Command::new(sekmet())
            .args(["serve", "--host", "127.0.0.1", "--port", &port.to_string()])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sekmet starts");
        let base = format!("http://127.0.0.1:{port}/fhir");
        let client = reqwest::Client::new();
        let foreign = Self { server, base, client, _folder: folder };
        let begun = Instant::now();
        while foreign.client.get(format!("{}/metadata", foreign.base)).send().await.is_err() {
            assert!(begun.elapsed() < PATIENCE, "sekmet does not answer");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        foreign
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}/{path}", self.base)).bearer_auth(TOKEN);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    async fn post(&self, path: &str, resource: &Value) -> Value {
        let request = self.client.post(format!("{}/{path}", self.base)).bearer_auth(TOKEN);
        let answer = request.json(resource).send().await.expect("an answer");
        let (status, body) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    async fn put(&self, path: &str, resource: &Value) {
        let request = self.client.put(format!("{}/{path}", self.base)).bearer_auth(TOKEN);
        let answer = request.json(resource).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    /// Clock and template of every free slot, in order.
    async fn free(&self) -> Vec<(String, String)> {
        let found = self.get("Slot?status=free&_count=1000").await;
        offered(&found)
    }
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_sekmet), ignore = "TIDBOK_TEST_SEKMET names no program")]
async fn the_agent_probes_publishes_updates_withdraws_and_takes_a_booking_through() {
    let foreign = Foreign::start().await;
    let place = Place::open().await;
    place.lay("09:00", "11:00").await;
    let mut agent = place.agent_at("one", &foreign.base, TOKEN);
    assert_eq!(agent.round(Utc::now()).await.expect("a round"), Worked::InStep);
    assert_eq!(foreign.free().await, place.bookable().await);
    assert!(!foreign.free().await.is_empty());
    let left = foreign.get("HealthcareService?identifier=urn:x-tidbok:probe%7C").await;
    assert_eq!(left["entry"].as_array().map_or(0, Vec::len), 0, "the probe leaves nothing behind");

    // More of it, and less.
    place.lay("11:00", "12:00").await;
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(foreign.free().await, place.bookable().await);
    place.remove(day_at("09:00", "11:00")).await;
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(foreign.free().await, place.bookable().await);
    assert!(!foreign.free().await.is_empty());

    // A patient's wish: on a server without our rules, the booking page takes the slot itself.
    let found = foreign.get(&format!("Slot?status=free&start=ge{}&_sort=start", day())).await;
    let slot = found["entry"][0]["resource"].clone();
    let patient = foreign.post("Patient", &crate::place::patient()).await;
    let wish = json!({
        "resourceType": "Appointment",
        "status": "proposed",
        "start": slot["start"],
        "end": slot["end"],
        "slot": [{"reference": format!("Slot/{}", slot["id"].as_str().expect("an id"))}],
        "participant": [{
            "status": "accepted",
            "actor": {"reference": format!("Patient/{}", patient["id"].as_str().expect("an id"))},
        }],
    });
    let made = foreign.post("Appointment", &wish).await;
    let mut busy = slot.clone();
    busy["status"] = "busy".into();
    foreign.put(&format!("Slot/{}", slot["id"].as_str().expect("an id")), &busy).await;
    agent.round(Utc::now()).await.expect("a round");
    let path = format!("Appointment/{}", made["id"].as_str().expect("an id"));
    assert_eq!(foreign.get(&path).await["status"], "booked");
    assert_eq!(place.booked().await.len(), 1);
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(foreign.free().await, place.bookable().await);

    // Staff cancel it.
    let booking = place.booked().await[0].id.clone();
    place.run(tidbok::clinic::Command::CancelBooking { booking, seen: None, reason: None }).await;
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(foreign.get(&path).await["status"], "cancelled");
    assert_eq!(foreign.free().await, place.bookable().await);
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_sekmet), ignore = "TIDBOK_TEST_SEKMET names no program")]
async fn its_own_client_books_and_cancels_at_our_portal() {
    let place = Place::open().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    settings(folder.path(), free_port(), place.address());
    let arguments = ["scenario", "run", "appointment_book_cancel", "--peer", "ours", "--no-serve"];
    let mut command = Command::new(sekmet());
    command.args(arguments).current_dir(folder.path());
    // It speaks to this very process, which must go on answering meanwhile.
    let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("it ran");
    let ran = ran.expect("sekmet starts");
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{told}\n{}", String::from_utf8_lossy(&ran.stderr));
    println!("{told}");
}
