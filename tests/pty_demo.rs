//! The demo with both ends: what is laid in the console is bookable at the booking page's server, and
//! what is booked there stands in the grid.
#![cfg(unix)]

mod common;

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{Datelike, Days, NaiveDate, Utc, Weekday};
use common::place::{Place, loaded};
use common::pty::Pty;
use reqwest::{Client, StatusCode};
use serde_json::Value;

const SIZE: (u16, u16) = (200, 50);
/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The demo's booking page, as its guide tells of it.
struct Page {
    address: String,
    folder: PathBuf,
    token: String,
    client: Client,
    runtime: tokio::runtime::Runtime,
}

/// A start and its template, such as `2026-12-20T09:00 us30`.
type Times = BTreeSet<String>;

impl Page {
    /// Reads what a person reads: the address on the screen, the guide's place in the help.
    fn read(pty: &mut Pty, temporary: &std::path::Path) -> Self {
        let screen = pty.wait_for("Bokningssida: http://127.0.0.1:");
        let after = screen.split("Bokningssida: ").nth(1).expect("an address");
        let page = after.split_whitespace().next().expect("an address").to_owned();
        let address = page.replace("/demo", "/fhir/demo");
        pty.send("?");
        let help = pty.wait_for("Tangenter här");
        assert!(help.contains("tidbok-demo-") && help.contains("curl"), "{help}");
        pty.send("\x1b");
        pty.wait_gone("Tangenter här");
        let entries = std::fs::read_dir(temporary).expect("a folder");
        let mut folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let own = |folder: &PathBuf| folder.join("curl.conf").exists();
        let folder = folders.find(own).expect("the demo's folder");
        let modes = [&folder, &folder.join("curl.conf")]
            .map(|path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777);
        assert_eq!(modes, [0o700, 0o600], "nobody else may read it");
        let curl = std::fs::read_to_string(folder.join("curl.conf")).expect("a file");
        let token = curl.split("Bearer ").nth(1).and_then(|rest| rest.split('"').next());
        let token = token.expect("a token").to_owned();
        let guide = std::fs::read_to_string(folder.join("README")).expect("a guide");
        assert!(
            guide.contains(&page) && guide.contains(&address) && !guide.contains(&token),
            "{guide}"
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        Self { address, folder, token, client: Client::new(), runtime }
    }

    fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}/{path}", self.address)).bearer_auth(&self.token);
        self.runtime.block_on(async {
            request.send().await.expect("an answer").json().await.expect("JSON")
        })
    }

    /// The free slots of Anna Ek's day.
    fn slots(&self, day: NaiveDate) -> Vec<Value> {
        let next = day.succ_opt().expect("a day");
        let found = self.get(&format!("Slot?status=free&start=ge{day}&start=lt{next}&_count=500"));
        let entries = found["entry"].as_array().cloned().unwrap_or_default();
        entries.into_iter().map(|mut entry| entry["resource"].take()).collect()
    }

    fn times(&self, day: NaiveDate) -> Times {
        let time = |slot: &Value| {
            let start = slot["start"].as_str().expect("a start");
            let template = slot["serviceType"][0]["coding"][0]["code"].as_str();
            format!("{} {}", &start[..16], template.expect("a template"))
        };
        self.slots(day).iter().map(time).collect()
    }

    /// Books as the guide says.
    fn book(&self, slot: &str) {
        let booking = std::fs::read_to_string(self.folder.join("booking.json")).expect("a file");
        let request = self.client.post(&self.address).bearer_auth(&self.token);
        let request = request.body(booking.replace("SLOT", slot));
        let answer = self.runtime.block_on(request.send()).expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
    }

    /// Waits until the free slots of a day are these; tells how long it took.
    fn wait_for(&self, what: &str, day: NaiveDate, since: Instant, wished: &Times) {
        while self.times(day) != *wished {
            assert!(since.elapsed() < PATIENCE, "{what}: {:?}, not {wished:?}", self.times(day));
            std::thread::sleep(Duration::from_millis(20));
        }
        println!("{what}: {} ms", since.elapsed().as_millis());
    }
}

/// What the command line says is bookable on the day.
fn bookable(place: &Place, day: NaiveDate) -> Times {
    let listing = ["slots", "--practitioner", "AE", "--from", &day.to_string(), "--days", "1"];
    let listed = place.tidbok("REC", &[&listing[..], &["--json"]].concat());
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let slots: Vec<Value> = serde_json::from_slice(&listed.stdout).expect("JSON");
    let text = |slot: &Value, key: &str| slot[key].as_str().expect("text").to_owned();
    slots.iter().map(|slot| format!("{} {}", text(slot, "start"), text(slot, "template"))).collect()
}

/// A Sunday in some weeks, on which nobody works in the demo.
fn free_day() -> NaiveDate {
    let mut day = Utc::now().date_naive() + Days::new(30);
    while day.weekday() != Weekday::Sun {
        day = day.succ_opt().expect("a day");
    }
    day
}

fn mark(pty: &mut Pty, day: NaiveDate, range: &str) {
    pty.send("g");
    pty.wait_for("Gå till datum");
    pty.send(format!("{day}\r"));
    pty.wait_gone("Gå till datum");
    loaded(pty);
    pty.send("t");
    pty.wait_for("Exakt tid");
    pty.send(format!("{range}\r"));
    pty.wait_gone("Exakt tid");
}

#[test]
fn what_is_laid_is_bookable_at_once_what_is_booked_stands_in_the_grid_and_cancelling_gives_it_back()
{
    let place = Place::new();
    let day = free_day();
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let mut command = place.demo_command("REC");
    command.env("TMPDIR", temporary.path());
    let mut pty = Pty::run(command, SIZE);
    loaded(&pty);
    let page = Page::read(&mut pty, temporary.path());
    let hours = format!("{day}T09:00/{day}T11:00");
    assert!(place.tidbok("ADM", &["session", "add", "AE", &hours]).status.success());
    assert_eq!(page.times(day), Times::new());

    mark(&mut pty, day, "0900-1100");
    pty.wait_for("1 dag × 120 min");
    pty.send("p");
    pty.wait_for("E-tid alla");
    pty.send("alla");
    pty.wait_for(": alla ");
    let laid_at = Instant::now();
    pty.send("\r");
    while bookable(&place, day).is_empty() {
        assert!(laid_at.elapsed() < PATIENCE, "nothing was laid");
    }
    let all = bookable(&place, day);
    page.wait_for("a preblock laid, its times at the other end", day, laid_at, &all);

    let slots = page.slots(day);
    let nine = format!("{day}T09:00");
    let first =
        slots.iter().find(|slot| slot["start"].as_str().is_some_and(|it| it.starts_with(&nine)));
    let booked_at = Instant::now();
    page.book(first.expect("nine o'clock is free")["id"].as_str().expect("an id"));
    pty.wait_until("the booking in the grid", |screen| {
        screen.contains("ITB Dem") && screen.contains("Prova Demosson")
    });
    println!("a time booked, in the grid: {} ms", booked_at.elapsed().as_millis());
    let left = bookable(&place, day);
    assert!(left.len() < all.len() && left.iter().all(|time| !time.starts_with(&nine)));
    page.wait_for("a time booked, all that it overlaps withdrawn", day, booked_at, &left);

    mark(&mut pty, day, "0900-0905");
    pty.wait_for("1 dag × 5 min");
    pty.send("\x1b");
    pty.wait_gone("1 dag × 5 min");
    pty.send("a");
    pty.wait_for("Ja, avboka");
    pty.send("ja");
    pty.wait_for(": ja");
    let cancelled_at = Instant::now();
    pty.send("\r");
    pty.wait_until("the cancelling", |_| bookable(&place, day) == all);
    page.wait_for("a booking cancelled, its times back", day, cancelled_at, &all);

    let before = page.address.clone();
    pty.send("q");
    assert!(pty.wait_end().success());
    let gone = page.runtime.block_on(page.client.get(&before).send());
    assert!(gone.is_err(), "nothing answers any more");
    assert!(!page.folder.exists(), "nothing is left behind");
}
