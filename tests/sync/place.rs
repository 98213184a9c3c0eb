//! The example clinic, a portal, and agents between them.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta, Utc, Weekday};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tidbok::clinic::{AgentReport, Clinic, ClinicError, Command, new_command_id};
use tidbok::domain::*;
use tidbok::portal::{Access, HashKey, Journal, Pages, Portal, Token, Tokens};
use tidbok::store::{DatabaseLocation, ImportMode, OpenMode, Store};
use tidbok::sync::{Agent, AgentAt, BearerToken, Http, Wire};

use crate::support::engine::database_in;
use crate::support::example;
use crate::validity::{Checked, assert_valid};

pub const AGENT: &str = "agent-agent-agent-agent-1";
pub const PAGE: &str = "page-page-page-page-page-1";

pub const PRACTITIONER: &str = "AE";
pub const TYPE: &str = "e-us";

pub struct Place {
    pub clinic: Clinic,
    address: String,
    client: Client,
    folder: tempfile::TempDir,
}

/// A booking page's wish.
pub struct Wish {
    pub id: String,
}

impl Place {
    /// The example's set-up, with a Monday three weeks ahead scheduled and nothing laid out.
    pub async fn open() -> Self {
        Self::with(Pages::default()).await
    }

    /// The same with booking pages that are set up.
    pub async fn with(pages: Pages) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = database_in(folder.path());
        let store = Store::open(&location, OpenMode::Create).await.expect("a database");
        let clinic = Clinic::new(store);
        let mut file = example();
        file.setup.online.allow_cancel = true;
        file.setup.online.allow_rebook = true;
        let (mode, id) = (ImportMode::IntoEmpty, new_command_id());
        clinic.import(&Actor::System, id, &file, mode).await.expect("the example is imported");
        let token = |text| Token::new(text).expect("long enough");
        let tokens = Tokens { agent: token(AGENT), page: token(PAGE) };
        let access = Access {
            clinics: BTreeMap::from([("mitt".to_owned(), tokens)]),
            silence: TimeDelta::minutes(5),
            key: HashKey::new(b"sixteen bytes or more".to_vec()).expect("long enough"),
        };
        let database = folder.path().join("portal.db");
        let portal =
            Portal::open(&database, ([127, 0, 0, 1], 0).into(), access, pages, Journal::silent());
        let portal = portal.await.expect("a portal");
        let address = format!("http://{}/fhir/mitt", portal.address());
        tokio::spawn(portal.run(std::future::pending()));
        let place = Self { clinic, address, client: Client::new(), folder };
        place
            .run(Command::AddWorkSessions {
                practitioner: PRACTITIONER.into(),
                intervals: vec![day_at("08:00", "12:00")],
            })
            .await;
        place
    }

    pub fn agent(&self, host: &str) -> Agent {
        self.agent_at(host, &self.address, AGENT)
    }

    /// An agent that publishes to another address.
    pub fn agent_to(&self, address: &str) -> Agent {
        self.agent_at("elsewhere", address, AGENT)
    }

    /// What the agent tells, and what it keeps as published of the day.
    pub async fn report(&self) -> Result<AgentReport, ClinicError> {
        self.clinic.agent_report(&[PRACTITIONER.into()], DateRange::new(day(), 1)).await
    }

    /// Takes every slot away, as the agent might.
    pub async fn take_all_away(&self) {
        let found = self.get("Slot?_count=1000").await;
        for entry in found["entry"].as_array().cloned().unwrap_or_default() {
            let id = entry["resource"]["id"].as_str().expect("an id").to_owned();
            let request = self.client.delete(format!("{}/Slot/{id}", self.address));
            let status = request.bearer_auth(AGENT).send().await.expect("an answer").status();
            assert!(status.is_success(), "{status}");
        }
    }

    /// A copy of the clinic's database as it is now, open.
    pub async fn copied(&self) -> Clinic {
        let file = self.folder.path().join(format!("{}.db", uuid::Uuid::now_v7()));
        let to = file.to_str().expect("text").to_owned();
        let database = rusqlite::Connection::open(self.folder.path().join("clinic.db"));
        database.expect("the database").execute("VACUUM INTO ?1", [to]).expect("it is copied");
        let location = DatabaseLocation::Sqlite(file);
        Clinic::new(Store::open(&location, OpenMode::Existing).await.expect("a database"))
    }

    /// The portal's database.
    pub fn portals(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("portal.db")).expect("the database")
    }

    /// The portal's address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where the booking pages are.
    pub fn site(&self) -> &str {
        self.address.trim_end_matches("/fhir/mitt")
    }

    /// An agent that publishes anywhere.
    pub fn agent_at(&self, host: &str, address: &str, token: &str) -> Agent {
        let ours = address == self.address;
        let address = address.parse().expect("an address");
        let token = BearerToken::new(token).expect("a token");
        let http = Checked { http: Http::new().expect("a client"), ours };
        self.agent_by(host, Wire::new(Box::new(http), &address, token), address.as_str())
    }

    /// An agent with whatever carries its requests.
    pub fn agent_by(&self, host: &str, wire: Wire, publishes_to: &str) -> Agent {
        Agent::new(self.clinic.clone(), wire, runs_at(host, publishes_to))
    }

    pub async fn run(&self, command: Command) -> tidbok::clinic::Outcome {
        let done = self.clinic.execute(&Actor::System, new_command_id(), &command, now()).await;
        done.unwrap_or_else(|error| panic!("{error}"))
    }

    pub async fn lay(&self, from: &str, to: &str) {
        self.run(Command::LayPreblocks {
            practitioner: PRACTITIONER.into(),
            preblock_type: TYPE.into(),
            intervals: vec![day_at(from, to)],
            overlap: OverlapChoice::Refuse,
            code: None,
        })
        .await;
    }

    /// Removes the preblock that lies there.
    pub async fn remove(&self, at: Interval) {
        let book = self.clinic.book(&PRACTITIONER.into(), DateRange::new(day(), 1)).await;
        let calendar = book.expect("the store answers").calendar;
        let laid = calendar.preblocks().iter().find(|it| it.interval == at).expect("a preblock");
        let preblocks = vec![laid.id.clone()];
        self.run(Command::RemovePreblocks { practitioner: PRACTITIONER.into(), preblocks }).await;
    }

    /// What whoever has that token is answered.
    pub async fn asked(&self, token: &str, path: &str) -> (StatusCode, Vec<u8>) {
        let request = self.client.get(format!("{}/{path}", self.address)).bearer_auth(token);
        let response = request.send().await.expect("an answer");
        (response.status(), response.bytes().await.expect("a body").to_vec())
    }

    /// What the booking page is answered.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.asked(PAGE, path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_valid(path, &body);
        serde_json::from_slice(&body).expect("JSON")
    }

    async fn post(&self, path: &str, resource: &Value) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}/{path}", self.address)).bearer_auth(PAGE);
        let response = request.json(resource).send().await.expect("an answer");
        (response.status(), response.json().await.expect("JSON"))
    }

    /// Clock and template of every free slot on the day, in order.
    pub async fn free(&self) -> Vec<(String, String)> {
        let found = self.get("Slot?status=free&_sort=start&_count=1000").await;
        offered(&found)
    }

    /// What the clinic's own resolver says is bookable on the day, the same way.
    pub async fn bookable(&self) -> Vec<(String, String)> {
        let days = DateRange::new(day(), 1);
        let slots = self.clinic.slots(None, days, now()).await.expect("the store answers");
        let mut all: Vec<_> = slots
            .iter()
            .map(|slot| (slot.interval.start().clock(), slot.template.to_string()))
            .collect();
        all.sort();
        all
    }

    pub async fn slot_id(&self, clock: &str, template: &str) -> String {
        let found = self.get("Slot?_count=1000").await;
        let slots = found["entry"].as_array().expect("slots").clone();
        let wanted = format!("{}T{clock}", day());
        let slot = slots.iter().map(|it| &it["resource"]).find(|slot| {
            slot["start"].as_str().is_some_and(|start| start.starts_with(&wanted))
                && slot["serviceType"][0]["coding"][0]["code"] == template
        });
        slot.expect("the slot")["id"].as_str().expect("an id").to_owned()
    }

    /// Wishes a slot, with whatever is altered on wish and patient.
    pub async fn wish(&self, slot: &str, alter: impl FnOnce(&mut Value, &mut Value)) -> Wish {
        let mut patient = patient();
        let mut wish = json!({
            "resourceType": "Appointment",
            "status": "proposed",
            "slot": [{"reference": format!("Slot/{slot}")}],
            "participant": [{"status": "accepted"}],
        });
        alter(&mut wish, &mut patient);
        let (_, patient) = self.post("Patient", &patient).await;
        let who = format!("Patient/{}", patient["id"].as_str().expect("an id"));
        wish["participant"][0]["actor"] = json!({"reference": who});
        let (status, made) = self.post("Appointment", &wish).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        Wish { id: made["id"].as_str().expect("an id").to_owned() }
    }

    pub async fn appointment(&self, wish: &Wish) -> Value {
        self.get(&format!("Appointment/{}", wish.id)).await
    }

    /// Wishes a booking away, as whom e-ID tells of.
    pub async fn wish_away(&self, wish: &Wish, personnummer: &str) {
        let patient = json!({
            "resourceType": "Patient",
            "identifier": [{
                "system": "http://electronichealth.se/identifier/personnummer",
                "value": personnummer,
            }],
        });
        let (_, patient) = self.post("Patient", &patient).await;
        let mut asked = self.appointment(wish).await;
        asked["extension"] = json!([
            {"url": "urn:x-tidbok:extension:wish", "valueCode": "cancel"},
            {"url": "urn:x-tidbok:extension:e-id", "valueBoolean": true},
        ]);
        let who = format!("Patient/{}", patient["id"].as_str().expect("an id"));
        asked["participant"] = json!([{"status": "accepted", "actor": {"reference": who}}]);
        let address = format!("{}/Appointment/{}", self.address, wish.id);
        let request = self.client.put(address).bearer_auth(PAGE).json(&asked);
        assert_eq!(request.send().await.expect("an answer").status(), StatusCode::OK);
    }

    /// Active bookings by ITB on the day.
    pub async fn booked(&self) -> Vec<Booking> {
        let book = self.clinic.book(&PRACTITIONER.into(), DateRange::new(day(), 1)).await;
        let book = book.expect("the store answers");
        let bookings = book.calendar.bookings().iter();
        bookings.filter(|it| it.is_active() && it.is_online()).cloned().collect()
    }
}

/// Clock and template of every slot of the day among what a search found, in order.
pub fn offered(found: &Value) -> Vec<(String, String)> {
    let entries = found["entry"].as_array().cloned().unwrap_or_default();
    let mut free: Vec<_> = entries
        .iter()
        .map(|entry| &entry["resource"])
        .filter(|slot| slot["start"].as_str().expect("a start").starts_with(&day().to_string()))
        .map(|slot| {
            let clock = slot["start"].as_str().expect("a start")[11..16].to_owned();
            let template = slot["serviceType"][0]["coding"][0]["code"].as_str();
            (clock, template.expect("a template").to_owned())
        })
        .collect();
    free.sort();
    free
}

/// An agent of a host.
pub fn runs_at(host: &str, publishes_to: &str) -> AgentAt {
    AgentAt {
        host: host.to_owned(),
        process: 1,
        version: "test".to_owned(),
        since: Utc::now(),
        publishes_to: publishes_to.to_owned(),
    }
}

/// A Monday three weeks ahead; in none of them does the clock change at these hours.
pub fn day() -> chrono::NaiveDate {
    let mut day = now().plus_days(21).date();
    while day.weekday() != Weekday::Mon {
        day = day.succ_opt().expect("a day");
    }
    day
}

pub fn day_at(from: &str, to: &str) -> Interval {
    let at = |clock: &str| format!("{}T{clock}", day()).parse().expect("a time");
    Interval::new(at(from), at(to)).expect("from before to")
}

pub fn now() -> CivilTime {
    ClinicZone::default().civil(Utc::now())
}

/// A patient who gives what is required, with a test personnummer.
pub fn patient() -> Value {
    json!({
        "resourceType": "Patient",
        "identifier": [{
            "system": "http://electronichealth.se/identifier/personnummer",
            "value": "189001019802",
        }],
        "name": [{"family": "Hemlig", "given": ["Hilda"]}],
        "telecom": [
            {"system": "email", "value": "hilda@example.se"},
            {"system": "phone", "value": "070-174 06 05"},
        ],
    })
}
