//! Staff and patients act at random while requests are lost, doubled, answered wrongly and torn, and
//! agents crash: once faults stop, what is published is what the resolver says, every wish is answered,
//! and every granted one stands in the book exactly once.
//!
//! `TIDBOK_CONVERGENCE_RUNS=5000 cargo test --test sync convergence` runs more; a seed that fails is
//! named, and `TIDBOK_CONVERGENCE_SEED=N` runs it alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, Response, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tidbok::clinic::{BookedFor, BookingSubject, Clinic, Command, StaffBooking, new_command_id};
use tidbok::domain::*;
use tidbok::portal::{Access, Database, HashKey, Journal, Pages, Token, Tokens, endpoint};
use tidbok::store::{ImportMode, OpenMode, Store};
use tidbok::sync::{Agent, AgentAt, BearerToken, Reply, Sending, Transport, Wire, WireError};
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::dice::Dice;
use crate::place::patient;
use crate::support::engine::database_in;
use crate::support::example;

const AGENT: &str = "agent-agent-agent-agent-1";
const PAGE: &str = "page-page-page-page-page-1";
/// Runs where nothing else is asked.
const RUNS: u64 = 60;
/// The same on a server, where a run begins with making a schema and takes seconds.
const RUNS_ON_A_SERVER: u64 = 12;
/// What happens in a run before faults stop.
const STEPS: usize = 40;
/// Mondays at the clinic, with nobody about yet.
const BEGINNING: &str = "2026-11-23T06:00:00Z";

/// What lies between agent and portal.
struct Net {
    router: Router,
    dice: Mutex<Dice>,
    faults: Mutex<Faults>,
    crashed: Notify,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Faults {
    None,
    Some,
    /// The agent dies with this request, counted down.
    CrashIn(u32),
}

impl Net {
    fn roll(&self, sides: u64) -> u64 {
        self.dice.lock().expect("one thread").roll(sides)
    }

    async fn carry(&self, request: &Request<Bytes>) -> Reply {
        let mut copy = Request::builder().method(request.method()).uri(request.uri());
        *copy.headers_mut().expect("headers") = request.headers().clone();
        let request = copy.body(Body::from(request.body().clone())).expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Response::from_parts(parts, body)
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Reply, WireError> {
        let now = {
            let mut faults = self.faults.lock().expect("one thread");
            match *faults {
                Faults::CrashIn(0) => Faults::CrashIn(0),
                Faults::CrashIn(left) => {
                    *faults = Faults::CrashIn(left - 1);
                    Faults::Some
                }
                now => now,
            }
        };
        if now == Faults::None {
            return Ok(self.carry(&request).await);
        }
        if now != Faults::Some {
            if self.roll(2) == 0 {
                self.carry(&request).await;
            }
            self.crashed.notify_one();
            return std::future::pending().await;
        }
        let said = |status: StatusCode| {
            Ok(Response::builder().status(status).body(Bytes::new()).expect("an answer"))
        };
        match self.roll(100) {
            0..8 => Err(WireError::Unreachable),
            8..16 => {
                self.carry(&request).await;
                Err(WireError::TimedOut)
            }
            16..20 => said(StatusCode::INTERNAL_SERVER_ERROR),
            20..23 => said(StatusCode::TOO_MANY_REQUESTS),
            23..26 => said(StatusCode::PRECONDITION_FAILED),
            26..31 => {
                self.carry(&request).await;
                Ok(self.carry(&request).await)
            }
            31..34 => {
                let answer = self.carry(&request).await;
                let (parts, body) = answer.into_parts();
                let torn = body.slice(..body.len() / 2);
                Ok(Response::from_parts(parts, torn))
            }
            _ => Ok(self.carry(&request).await),
        }
    }
}

struct Wired(Arc<Net>);

impl Transport for Wired {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(self.0.send(request))
    }
}

struct World {
    clinic: Clinic,
    net: Arc<Net>,
    dice: Dice,
    now: Arc<Mutex<DateTime<Utc>>>,
    agent: Agent,
    _folder: tempfile::TempDir,
}

fn agent(clinic: &Clinic, net: &Arc<Net>) -> Agent {
    let base = "http://portal/fhir/mitt".parse().expect("an address");
    let token = BearerToken::new(AGENT).expect("a token");
    let wire = Wire::new(Box::new(Wired(Arc::clone(net))), &base, token);
    let at = AgentAt {
        // The same machine: it takes its own lease again.
        host: "clinic".to_owned(),
        process: 1,
        version: "test".to_owned(),
        since: DateTime::UNIX_EPOCH,
        publishes_to: base.to_string(),
    };
    Agent::new(clinic.clone(), wire, at)
}

impl World {
    async fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = database_in(folder.path());
        let store = Store::open(&location, OpenMode::Create).await.expect("a database");
        let clinic = Clinic::new(store);
        let beginning: DateTime<Utc> = BEGINNING.parse().expect("an instant");
        let mut file = example();
        file.setup.online.allow_cancel = true;
        file.setup.online.allow_rebook = true;
        file.setup.online.change_deadline_hours = 0;
        let (mode, id) = (ImportMode::IntoEmpty, new_command_id());
        clinic.import(&Actor::System, id, &file, mode).await.expect("the example is imported");
        let token = |text| Token::new(text).expect("long enough");
        let tokens = Tokens { agent: token(AGENT), page: token(PAGE) };
        let access = Access {
            clinics: BTreeMap::from([("mitt".to_owned(), tokens)]),
            silence: TimeDelta::days(365),
            key: HashKey::new(b"sixteen bytes or more".to_vec()).expect("long enough"),
        };
        let now = Arc::new(Mutex::new(beginning));
        let database = Database::open(&folder.path().join("portal.db")).expect("a database");
        let told = Arc::clone(&now);
        let clock = Arc::new(move || *told.lock().expect("one thread"));
        let net = Arc::new(Net {
            router: endpoint(database, access, Pages::default(), clock, Journal::silent()).0,
            dice: Mutex::new(Dice(seed ^ 0x5eed)),
            faults: Mutex::new(Faults::None),
            crashed: Notify::new(),
        });
        let mut agent = agent(&clinic, &net);
        // They have met before anything goes wrong.
        agent.round(beginning).await.expect("a round");
        *net.faults.lock().expect("one thread") = Faults::Some;
        Self { clinic, net, dice: Dice(seed), now, agent, _folder: folder }
    }

    fn instant(&self) -> DateTime<Utc> {
        *self.now.lock().expect("one thread")
    }

    fn civil(&self) -> CivilTime {
        ClinicZone::default().civil(self.instant())
    }

    /// What anybody may do is done or refused by the rules; both are fine.
    async fn staff(&self, command: Command) {
        let _ = self.clinic.execute(&Actor::System, new_command_id(), &command, self.civil()).await;
    }

    /// Asks as the booking page, over a line that always works.
    async fn page(&self, method: Method, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://portal/fhir/mitt/{path}"))
            .header("Authorization", format!("Bearer {PAGE}"))
            .body(Bytes::from(body.map(Value::to_string).unwrap_or_default()))
            .expect("a request");
        let answer = self.net.carry(&request).await;
        let value = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        (answer.status(), value)
    }

    async fn all(&self, query: &str) -> Vec<Value> {
        let (_, found) = self.page(Method::GET, &format!("{query}&_count=1000"), None).await;
        let entries = found["entry"].as_array().cloned().unwrap_or_default();
        entries.into_iter().map(|mut entry| entry["resource"].take()).collect()
    }

    fn hour(&mut self) -> Interval {
        let date = self.civil().plus_days(i32::try_from(self.dice.roll(5)).expect("small")).date();
        let from = 8 * 60 + 15 * i32::try_from(self.dice.roll(32)).expect("small");
        let length = 30 + 15 * i32::try_from(self.dice.roll(7)).expect("small");
        let start = CivilTime::at(date, Minutes(from));
        Interval::new(start, start + Minutes(length)).expect("from before to")
    }

    async fn step(&mut self) {
        let practitioners = ["AE", "BL", "CÅ"];
        let practitioner: PractitionerId = (*self.dice.pick(&practitioners).expect("one")).into();
        match self.dice.roll(12) {
            0 => {
                let intervals = vec![self.hour()];
                self.staff(Command::AddWorkSessions { practitioner, intervals }).await;
            }
            1 | 2 => {
                let interval = self.hour();
                let kind = *self.dice.pick(&["e-us", "e-alla"]).expect("one");
                let intervals = vec![interval];
                let session = practitioner.clone();
                self.staff(Command::AddWorkSessions {
                    practitioner: session,
                    intervals: intervals.clone(),
                })
                .await;
                self.staff(Command::LayPreblocks {
                    practitioner,
                    preblock_type: kind.into(),
                    intervals,
                    overlap: OverlapChoice::Replace,
                    code: None,
                })
                .await;
            }
            3 => {
                let days = DateRange::new(self.civil().date(), 6);
                let book = self.clinic.book(&practitioner, days).await.expect("the store answers");
                if let Some(laid) = self.dice.pick(book.calendar.preblocks()) {
                    let preblocks = vec![laid.id.clone()];
                    self.staff(Command::RemovePreblocks { practitioner, preblocks }).await;
                }
            }
            4 => {
                let start = self.hour().start();
                self.staff(Command::Book(StaffBooking {
                    practitioner,
                    start,
                    what: BookingSubject::Template("us30".into()),
                    patient: BookedFor::Nobody,
                    text: None,
                    confirmed: [Confirmation::OutsideSchedule].into(),
                }))
                .await;
            }
            5 => {
                let days = DateRange::new(self.civil().date(), 6);
                let book = self.clinic.book(&practitioner, days).await.expect("the store answers");
                let active: Vec<_> =
                    book.calendar.bookings().iter().filter(|it| it.is_active()).collect();
                if let Some(booking) = self.dice.pick(&active) {
                    let booking = booking.id.clone();
                    self.staff(Command::CancelBooking { booking, seen: None, reason: None }).await;
                }
            }
            6 => {
                let minutes = i64::try_from(self.dice.roll(90)).expect("small");
                *self.now.lock().expect("one thread") += TimeDelta::minutes(minutes);
            }
            7 | 8 => self.patient().await,
            _ => self.round().await,
        }
        *self.now.lock().expect("one thread") += TimeDelta::seconds(1);
    }

    /// A patient wishes a time, or wishes a booking away.
    async fn patient(&mut self) {
        let (_, patient) = self.page(Method::POST, "Patient", Some(&patient())).await;
        let who = format!("Patient/{}", patient["id"].as_str().expect("an id"));
        let participant = json!([{"status": "accepted", "actor": {"reference": who}}]);
        let e_id = json!({"url": "urn:x-tidbok:extension:e-id", "valueBoolean": true});
        // Ids differ from run to run; where an appointment stands does not.
        let mut booked = self.all("Appointment?status=booked").await;
        booked.sort_by_key(|it| (it["start"].to_string(), it["slot"].to_string()));
        if self.dice.roll(3) == 0
            && let Some(booking) = self.dice.pick(&booked)
        {
            let mut asked = booking.clone();
            let wish = json!({"url": "urn:x-tidbok:extension:wish", "valueCode": "cancel"});
            asked["extension"] = json!([wish, e_id]);
            asked["participant"] = participant;
            let path = format!("Appointment/{}", booking["id"].as_str().expect("an id"));
            self.page(Method::PUT, &path, Some(&asked)).await;
            return;
        }
        let free = self.all("Slot?status=free").await;
        let Some(slot) = self.dice.pick(&free) else { return };
        let mut extension = vec![e_id];
        if self.dice.roll(3) == 0
            && let Some(booking) = self.dice.pick(&booked)
        {
            let named = booking["identifier"].as_array().and_then(|all| all.first());
            let replaced = named.map_or(&booking["id"], |it| &it["value"]);
            extension.push(json!({"url": "urn:x-tidbok:extension:wish", "valueCode": "rebook"}));
            extension
                .push(json!({"url": "urn:x-tidbok:extension:replaces", "valueString": replaced}));
        }
        let wish = json!({
            "resourceType": "Appointment",
            "status": "proposed",
            "extension": extension,
            "slot": [{"reference": format!("Slot/{}", slot["id"].as_str().expect("an id"))}],
            "participant": participant,
        });
        self.page(Method::POST, "Appointment", Some(&wish)).await;
    }

    /// A round, in which the agent may die.
    async fn round(&mut self) {
        let dies = self.dice.roll(4) == 0;
        if dies {
            let at = u32::try_from(self.dice.roll(8)).expect("small");
            *self.net.faults.lock().expect("one thread") = Faults::CrashIn(at);
        }
        let now = self.instant();
        tokio::select! {
            _ = self.agent.round(now) => {}
            () = self.net.crashed.notified() => {}
        }
        *self.net.faults.lock().expect("one thread") = Faults::Some;
        if dies {
            self.agent = agent(&self.clinic, &self.net);
        }
    }

    /// Faults stop; the agent has a few rounds.
    async fn settle(&mut self) {
        *self.net.faults.lock().expect("one thread") = Faults::None;
        for _ in 0..4 {
            *self.now.lock().expect("one thread") += TimeDelta::seconds(20);
            let now = self.instant();
            self.agent.round(now).await.expect("nothing is wrong any more");
        }
    }

    /// How many appointments there are, by status.
    async fn check(&self) -> BTreeMap<String, usize> {
        let days = DateRange::new(self.civil().date(), 100);
        let slots = self.clinic.slots(None, days, self.civil()).await.expect("the store answers");
        let wanted: BTreeSet<(String, String)> = slots
            .iter()
            .map(|slot| (slot.interval.start().to_string(), slot.template.to_string()))
            .collect();
        let published: BTreeSet<(String, String)> = self
            .all("Slot?status=free")
            .await
            .iter()
            .map(|slot| {
                let template = slot["serviceType"][0]["coding"][0]["code"].as_str();
                let start = slot["start"].as_str().expect("a start")[..16].to_owned();
                (start, template.expect("a template").to_owned())
            })
            .collect();
        let differing = wanted.symmetric_difference(&published);
        for (start, template) in differing {
            println!("{start} {template}: {:#?}", self.told_of(start, template).await);
        }
        assert_eq!(published, wanted, "published is what the resolver says");
        let appointments = self.all("Appointment?_sort=_id").await;
        assert!(appointments.iter().all(|it| it["status"] != "proposed"), "every wish is answered");
        self.check_bookings(&appointments).await;
        let mut counts = BTreeMap::from([("free".to_owned(), wanted.len())]);
        for appointment in &appointments {
            let refused = appointment["cancelationReason"].is_object();
            let status = appointment["status"].as_str().expect("a status");
            let status = if refused { "refused" } else { status };
            *counts.entry(status.to_owned()).or_default() += 1;
        }
        counts
    }

    /// The slots at a time, and what refers to them: for whoever looks for a fault.
    async fn told_of(&self, start: &str, template: &str) -> Vec<Value> {
        let mut told = Vec::new();
        for slot in self.all("Slot?_sort=_id").await {
            let own = &slot["serviceType"][0]["coding"][0]["code"];
            if slot["start"].as_str().is_some_and(|it| it.starts_with(start)) && own == template {
                let id = slot["id"].as_str().expect("an id");
                told.extend(self.all(&format!("Appointment?slot=Slot/{id}")).await);
                told.push(slot);
            }
        }
        told
    }

    async fn check_bookings(&self, appointments: &[Value]) {
        let mut in_books = BTreeMap::new();
        for practitioner in ["AE", "BL", "CÅ"] {
            let days = DateRange::new(self.civil().plus_days(-10).date(), 30);
            let book = self.clinic.book(&practitioner.into(), days).await;
            let book = book.expect("the store answers");
            let active: Vec<_> =
                book.calendar.bookings().iter().filter(|it| it.is_active()).collect();
            for (at, one) in active.iter().enumerate() {
                let others = &active[at + 1..];
                let double = others.iter().any(|other| other.interval.overlaps(one.interval));
                assert!(!double, "R12: no double booking");
                if let Some(portal_id) = one.portal_id.clone().filter(|_| one.is_online()) {
                    let start = one.interval.start().to_string();
                    let before = in_books.insert(portal_id, start);
                    assert_eq!(before, None, "a wish stands in the books once");
                }
            }
        }
        let mut out_there = BTreeMap::new();
        for booked in appointments.iter().filter(|it| it["status"] == "booked") {
            let named = booked["identifier"].as_array().and_then(|all| all.first());
            let id = named.map_or(&booked["id"], |it| &it["value"]);
            let start = booked["start"].as_str().expect("a start")[..16].to_owned();
            out_there.insert(id.as_str().expect("an id").to_owned(), start);
        }
        let now = self.civil().to_string();
        in_books.retain(|_, start| *start > now);
        out_there.retain(|_, start| *start > now);
        assert_eq!(
            out_there, in_books,
            "what is booked out there is booked here, at the same time"
        );
    }
}

#[tokio::test]
async fn convergence_whenever_faults_stop_everything_is_in_step() {
    converge(RUNS).await;
}

mod on_the_server {
    #[test]
    #[cfg_attr(not(tidbok_test_sqlserver), ignore = "TIDBOK_TEST_SQLSERVER names no server")]
    fn convergence_whenever_faults_stop_everything_is_in_step() {
        #[tokio::main(flavor = "current_thread")]
        async fn run() {
            super::converge(super::RUNS_ON_A_SERVER).await;
        }
        crate::support::engine::on_server(run);
    }
}

/// As many runs, or what the environment asks for.
async fn converge(runs: u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds: Vec<u64> = match number("TIDBOK_CONVERGENCE_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("TIDBOK_CONVERGENCE_RUNS").unwrap_or(runs)).collect(),
    };
    let (runs, mut counts) = (seeds.len(), BTreeMap::<String, usize>::new());
    for seed in seeds {
        println!("TIDBOK_CONVERGENCE_SEED={seed}");
        let mut world = World::new(seed).await;
        for _ in 0..STEPS {
            world.step().await;
        }
        world.settle().await;
        for (status, count) in world.check().await {
            *counts.entry(status).or_default() += count;
        }
    }
    println!("{counts:?}");
    // Worth something only where everything happens.
    for status in ["free", "booked", "cancelled", "refused"] {
        let enough = counts.get(status).is_some_and(|count| *count * 10 > runs);
        assert!(enough || runs == 1, "{status}: {counts:?}");
    }
}
