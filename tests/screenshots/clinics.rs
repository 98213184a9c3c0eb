//! The clinics of the pictures: the demo, on a morning on which patients, staff and an agent have been at work, and
//! one that has yet to be set up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use tidbok::clinic::{
    BookedFor, BookingSubject, Clinic, Command, OnlineBooking, OnlineRebooking, OverlapChoice,
    StaffBooking, new_command_id,
};
use tidbok::demo;
use tidbok::domain::{
    Actor, AgentAt, CivilTime, ClinicZone, CommandId, Contacts, DateRange, Identification,
    Interval, OutOnDay, PatientLanguage, Personnummer, PortalId, PractitionerId, Round, Signature,
    SyncState, WishesOfDay,
};
use tidbok::store::{DatabaseLocation, ImportMode, OpenMode, Store};

/// When the pictures are taken: a Tuesday.
pub fn now() -> CivilTime {
    time("2026-11-24T10:12")
}

/// The demo's clinic in a database in `folder`, on which patients, staff and an agent have been at work.
pub async fn demo_clinic(folder: &Path) -> Clinic {
    let path = folder.join("demo.db");
    let location = DatabaseLocation::Sqlite(path.clone());
    let store = Store::open(&location, OpenMode::Create).await.expect("a database");
    let clinic = Clinic::new(store);
    let file = demo::clinic(now().date());
    let id = new_command_id();
    let mut done = vec![(id.clone(), at("07:00"))];
    let imported = clinic.import(&Actor::System, id, &file, ImportMode::IntoEmpty).await;
    assert!(imported.is_ok(), "the demo is imported");
    let by = |signature: &str| Actor::User(file.users[&Signature::from(signature)].clone());
    let visits = visits().into_iter().map(|(clock, command)| (clock, Actor::OnlineClient, command));
    let work = work().into_iter().map(|(clock, who, command)| (clock, by(who), command));
    for (clock, actor, command) in visits.chain(work) {
        let id = new_command_id();
        done.push((id.clone(), at(clock)));
        let executed = clinic.execute(&actor, id, &command, now()).await;
        assert!(executed.is_ok(), "what was done at {clock} is done");
    }
    let log = rusqlite::Connection::open(&path).expect("the same database");
    for (command, at) in done {
        told_at(&log, &command, at);
    }
    publish(&clinic).await;
    clinic
}

/// The log tells the time of the machine's clock, which doesn't stand still: of a command it shall be this.
fn told_at(log: &rusqlite::Connection, command: &CommandId, at: DateTime<Utc>) {
    let at = at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let sql = "UPDATE audit_entry SET at = ?1 WHERE command = ?2";
    let told = log.execute(sql, [at.as_str(), command.as_str()]).expect("written");
    assert!(told > 0, "the command stands in the log");
}

/// An empty database in `folder`.
pub async fn new_clinic(folder: &Path) -> Clinic {
    let location = DatabaseLocation::Sqlite(folder.join("new.db"));
    Clinic::new(Store::open(&location, OpenMode::Create).await.expect("a database"))
}

/// An instant of the morning.
fn at(clock: &str) -> DateTime<Utc> {
    ClinicZone::default().first_instant(time(&format!("2026-11-24T{clock}")))
}

/// What patients did this morning on the booking page, by the commands that their wishes become: one is booked
/// for somebody with another name than on the card.
fn visits() -> [(&'static str, Command); 4] {
    let booked = |id: &str, (practitioner, template, start): (&str, &str, &str), who, named, by| {
        let (first_name, last_name): (&str, &str) = named;
        Command::BookOnline(Box::new(OnlineBooking {
            portal_id: portal_id(id),
            practitioner: practitioner.into(),
            template: template.into(),
            start: time(start),
            personnummer: number(who),
            contacts: Contacts {
                first_name: first_name.to_owned(),
                last_name: last_name.to_owned(),
                email: "patient@example.org".to_owned(),
                mobile: "+46701740605".to_owned(),
                address: None,
            },
            identification: by,
            language: Some(PatientLanguage::Swedish),
        }))
    };
    let hygienist = ("BL", "hyg45", "2026-12-10T10:30");
    let acute = ("IK", "akut20", "2026-12-08T17:00");
    [
        (
            "09:16",
            booked("visit-1", hygienist, "19950119-2398", ("Joel", "Nyström"), Identification::EId),
        ),
        (
            "09:31",
            Command::CancelOnline {
                portal_id: portal_id("demo-1463"),
                e_id: number("19960109-2969"),
            },
        ),
        (
            "09:44",
            Command::RebookOnline(OnlineRebooking {
                portal_id: portal_id("demo-1334"),
                practitioner: "AE".into(),
                start: time("2026-12-14T14:00"),
                e_id: number("19980331-2397"),
                language: None,
            }),
        ),
        (
            "10:11",
            booked(
                "visit-2",
                acute,
                "19570413-3106",
                ("Elsa", "Marklund"),
                Identification::Unverified,
            ),
        ),
    ]
}

/// What staff did this morning: by whom.
fn work() -> [(&'static str, &'static str, Command); 2] {
    let laid = Interval::new(time("2026-12-11T10:00"), time("2026-12-11T12:00"));
    [
        (
            "07:31",
            "AE",
            Command::LayPreblocks {
                practitioner: "AE".into(),
                preblock_type: "e-us".into(),
                intervals: vec![laid.expect("in order")],
                overlap: OverlapChoice::Refuse,
                code: None,
            },
        ),
        (
            "09:20",
            "REC",
            Command::Book(StaffBooking {
                practitioner: "AE".into(),
                start: time("2026-12-10T09:00"),
                what: BookingSubject::Template("lag40".into()),
                patient: BookedFor::Patient("p033".into()),
                text: None,
                confirmed: BTreeSet::new(),
            }),
        ),
    ]
}

fn time(time: &str) -> CivilTime {
    time.parse().expect("a time")
}

fn portal_id(id: &str) -> PortalId {
    PortalId::parse(id).expect("an id of the portal's")
}

fn number(number: &str) -> Personnummer {
    Personnummer::parse(number, now().date()).expect("a personnummer")
}

/// An agent has published everything, at ten past ten.
async fn publish(clinic: &Clinic) {
    let slots = clinic.slots(None, DateRange::new(now().date(), 91), now()).await.expect("slots");
    let mut out: BTreeMap<PractitionerId, BTreeMap<NaiveDate, OutOnDay>> = BTreeMap::new();
    let mut state = SyncState::default();
    for slot in &slots {
        let start = slot.interval.start();
        let days = out.entry(slot.practitioner.clone()).or_default();
        let day = days.entry(start.date()).or_default();
        day.entry(slot.template.clone()).or_default().push(start.clock());
        let counts = state.published.entry(slot.practitioner.clone()).or_default();
        *counts.entry(slot.template.clone()).or_default() += 1;
    }
    state.agent = Some(AgentAt {
        host: "mottagningen".to_owned(),
        process: 2314,
        version: "0.1.0".to_owned(),
        since: at("07:02"),
        publishes_to: "https://bokning.example.se/fhir/storgatan".to_owned(),
    });
    let latencies =
        [("09:16", 240), ("09:31", 810), ("09:44", 190), ("09:58", 420), ("10:11", 310)];
    for (clock, milliseconds) in latencies {
        state.remember_latency(at(clock), milliseconds);
    }
    let begun = |clock| Round::begun(at(clock));
    state.rounds = [
        Round { published: slots.len(), milliseconds: 2140, ..begun("07:02") },
        Round { published: 6, withdrawn: 2, milliseconds: 420, ..begun("09:44") },
        Round { withdrawn: 4, booked: 1, milliseconds: 310, ..begun("10:11") },
    ]
    .into();
    let refused = [("time-gone".to_owned(), 1)].into();
    let (date, booked, rebooked, cancelled) = (now().date(), 2, 1, 1);
    state.today = Some(WishesOfDay { date, booked, rebooked, cancelled, refused });
    let content = serde_json::to_string(&state).expect("JSON");
    let mut transaction = clinic.store().begin().await.expect("a store");
    for (practitioner, days) in &out {
        transaction.keep_out_there(practitioner, days).await.expect("written");
    }
    transaction.take_lease("mottagningen", at("10:12"), at("10:13")).await.expect("written");
    transaction.keep_sync_state(&content).await.expect("written");
    transaction.keep_pulse(at("10:12"), Some(at("10:12"))).await.expect("written");
    transaction.commit().await.expect("written");
}
