//! Who writes: staff and patients within this process, and scripts that run the program.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};

use serde_json::Value;
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{DatabaseLocation, Store};

use crate::Until;
use crate::books::{NOW, at, days};
use crate::support::engine;

const PEOPLE: [&str; 2] = ["19121212-1212", "19900118-9811"];

/// What one writer was told: its bookings as they last stood.
#[derive(Default)]
pub struct Told {
    pub bookings: BTreeMap<BookingId, Booking>,
}

impl Told {
    fn of(&mut self, outcome: &Outcome) {
        for change in &outcome.changes {
            let Change::Booking(change) = change else { continue };
            let after = change.after().expect("a cancelled booking stays as history");
            self.bookings.insert(after.id.clone(), after.clone());
        }
    }

    /// A booking of its own that is not cancelled; about every third time.
    fn one_to_change(&self) -> Option<&Booking> {
        let active: Vec<&Booking> = self.bookings.values().filter(|it| it.is_active()).collect();
        if active.is_empty() || random(3) > 0 {
            return None;
        }
        Some(active[random(active.len())])
    }
}

fn random(below: usize) -> usize {
    let number = RandomState::new().hash_one(0_u8);
    usize::try_from(number % u64::try_from(below).unwrap()).unwrap()
}

/// Books, and now and then moves or cancels what it has booked: every other writer as staff, every
/// other as the Online Client for patients.
pub async fn write(clinic: Clinic, number: usize, until: Until) -> Told {
    let mut told = Told::default();
    let actor = if number.is_multiple_of(2) { Actor::System } else { Actor::OnlineClient };
    let mut rounds = 0;
    while until.is_not_yet(rounds) {
        rounds += 1;
        // A look that is cut is simply taken again.
        let Ok(slots) = clinic.slots(None, days(), at(NOW)).await else { continue };
        let Some(command) = next(&actor, &told, &slots) else { continue };
        match clinic.execute(&actor, new_command_id(), &command, at(NOW)).await {
            Ok(outcome) => told.of(&outcome),
            Err(ClinicError::Refused(_)) => {}
            Err(ClinicError::Store(error)) => panic!("writer {number}: {error}"),
        }
    }
    told
}

fn next(actor: &Actor, told: &Told, slots: &[Slot]) -> Option<Command> {
    let slot = slots.get(random(slots.len().max(1)));
    match (actor, told.one_to_change()) {
        (Actor::OnlineClient, Some(booking)) => by_its_patient(booking, slot),
        (_, Some(booking)) => changed_by_staff(booking, slot),
        (Actor::OnlineClient, None) => slot.map(booked_by_a_patient),
        (_, None) => slot.map(booked_by_staff),
    }
}

fn booked_by_staff(slot: &Slot) -> Command {
    Command::Book(StaffBooking {
        practitioner: slot.practitioner.clone(),
        start: slot.interval.start(),
        what: BookingSubject::Template(slot.template.clone()),
        patient: BookedFor::Nobody,
        text: None,
        confirmed: BTreeSet::new(),
    })
}

fn changed_by_staff(booking: &Booking, slot: Option<&Slot>) -> Option<Command> {
    if random(2) == 0 {
        return Some(Command::CancelBooking { booking: booking.id.clone(), reason: None });
    }
    let slot = slot?;
    let minutes = booking.interval.length();
    let interval = Interval::new(slot.interval.start(), slot.interval.start() + minutes).ok()?;
    Some(Command::MoveBooking(MovedBooking {
        booking: booking.id.clone(),
        practitioner: slot.practitioner.clone(),
        interval,
        confirmed: BTreeSet::new(),
    }))
}

fn person(number: usize) -> Personnummer {
    Personnummer::parse(PEOPLE[number], at(NOW).date()).expect("a personnummer")
}

fn booked_by_a_patient(slot: &Slot) -> Command {
    let number = random(PEOPLE.len());
    Command::BookOnline(Box::new(OnlineBooking {
        portal_id: portal_id(number),
        practitioner: slot.practitioner.clone(),
        template: slot.template.clone(),
        start: slot.interval.start(),
        personnummer: person(number),
        contacts: Contacts {
            first_name: "Nya".to_owned(),
            last_name: "Nyberg".to_owned(),
            email: "nya@example.se".to_owned(),
            mobile: "070-174 06 34".to_owned(),
            address: None,
        },
        identification: Identification::EId,
    }))
}

/// Tells whose booking it is: the patient who changes it must be who booked it.
fn portal_id(number: usize) -> PortalId {
    PortalId::parse(&format!("{number}-{}", new_command_id())).expect("an id")
}

fn by_its_patient(booking: &Booking, slot: Option<&Slot>) -> Option<Command> {
    let portal_id = PortalId::parse(booking.portal_id.as_deref()?).expect("an id");
    let number = usize::from(booking.portal_id.as_deref()?.starts_with('1'));
    let e_id = person(number);
    if random(2) == 0 {
        return Some(Command::CancelOnline { portal_id, e_id });
    }
    let slot = slot?;
    Some(Command::RebookOnline(OnlineRebooking {
        portal_id,
        practitioner: slot.practitioner.clone(),
        start: slot.interval.start(),
        e_id,
    }))
}

/// Books, moves and cancels with the program itself, a process a command; returns the ids of the
/// commands that ended well.
pub fn script(location: &DatabaseLocation, until: Until) -> Vec<CommandId> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tidbok = |arguments: &[&str]| tidbok(folder.path(), location, arguments);
    let mut done = Vec::new();
    let mut rounds = 0;
    while until.is_not_yet(rounds) {
        rounds += 1;
        let from = days().first().to_string();
        let Some(Value::Array(slots)) = tidbok(&["slots", "--from", &from, "--days", "3"]) else {
            continue;
        };
        let Some(slot) = slots.get(random(slots.len().max(1))) else { continue };
        let of = |name: &str| slot[name].as_str().expect("a text").to_owned();
        let booked =
            tidbok(&["booking", "add", &of("practitioner"), &of("template"), &of("start")]);
        done.extend(booked.map(|answer| command_of(&answer)));
    }
    done
}

fn command_of(answer: &Value) -> CommandId {
    CommandId::from(answer["command"].as_str().expect("an id"))
}

/// What else the program reads comes from an empty home.
pub const HOMES: [&str; 5] =
    ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS"];

/// Runs the program; its answer if it ended well. What is refused is (code 1); all else is a fault.
pub fn tidbok(
    home: &std::path::Path,
    location: &DatabaseLocation,
    arguments: &[&str],
) -> Option<Value> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tidbok"))
        .args(arguments)
        .args(["--json", "--at", NOW, "--user", "REC", "--database", &location.to_string()])
        .env("TIDBOK_DATABASE_PASSWORD", engine::password())
        .envs(HOMES.map(|name| (name, home)))
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => Some(serde_json::from_slice(&output.stdout).expect("JSON")),
        Some(1) => None,
        code => panic!("{arguments:?} ended with {code:?}: {told}"),
    }
}

/// What a script was told, by what the store keeps of its commands.
pub async fn told(store: &Store, done: &[CommandId]) -> Told {
    let mut told = Told::default();
    let mut reading = store.read().await.expect("reads");
    for id in done {
        let kept = reading.command(id).await.expect("reads").expect("what was told of is kept");
        told.of(&serde_json::from_str(&kept.outcome).expect("an outcome"));
    }
    told
}
