//! Who writes: staff and patients within this process, and scripts that run the program.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};

use serde_json::Value;
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{DatabaseLocation, Store, StoreError};

use crate::Until;
use crate::books::{NOW, at, days};
use crate::common::HOMES;
use crate::support::engine;

const PEOPLE: [&str; 2] = ["19121212-1212", "19900118-9811"];

/// What one writer was told.
#[derive(Default)]
pub struct Told {
    /// Its bookings as they last stood.
    pub bookings: BTreeMap<BookingId, Booking>,
    /// Those it has lost sight of: whether the last change of them was made was not told.
    pub out_of_sight: BTreeSet<BookingId>,
    /// How often it was not told whether a booking was made.
    pub in_doubt: usize,
}

impl Told {
    fn of(&mut self, outcome: &Outcome) {
        for change in &outcome.changes {
            let Change::Booking(change) = change else { continue };
            let after = change.after().expect("a cancelled booking stays as history");
            self.bookings.insert(after.id.clone(), after.clone());
        }
    }

    /// The line was gone for too long during this command, about this booking of its own.
    fn lost_sight(&mut self, booking: Option<BookingId>) {
        match booking {
            Some(id) => {
                self.bookings.remove(&id);
                self.out_of_sight.insert(id);
            }
            None => self.in_doubt += 1,
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
        let own = told.one_to_change().cloned();
        let Some(command) = next(&actor, own.as_ref(), &slots) else { continue };
        match clinic.execute(&actor, new_command_id(), &command, at(NOW)).await {
            Ok(outcome) => told.of(&outcome),
            Err(ClinicError::Refused(_)) => {}
            Err(ClinicError::Store(StoreError::ConnectionLost)) => {
                told.lost_sight(own.map(|booking| booking.id));
            }
            Err(ClinicError::Store(error)) => panic!("writer {number}: {error}"),
        }
    }
    told
}

fn next(actor: &Actor, own: Option<&Booking>, slots: &[Slot]) -> Option<Command> {
    let slot = slots.get(random(slots.len().max(1)));
    match (actor, own) {
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
        return Some(Command::CancelBooking {
            booking: booking.id.clone(),
            seen: None,
            reason: None,
        });
    }
    let slot = slot?;
    let minutes = booking.interval.length();
    let interval = Interval::new(slot.interval.start(), slot.interval.start() + minutes).ok()?;
    Some(Command::MoveBooking(MovedBooking {
        booking: booking.id.clone(),
        seen: None,
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
        language: None,
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
        language: None,
    }))
}

/// What a script was told.
#[derive(Default)]
pub struct ScriptTold {
    /// The commands that ended well.
    done: Vec<CommandId>,
    in_doubt: usize,
}

/// Books with the program itself, a process a command.
pub fn script(location: &DatabaseLocation, until: Until) -> ScriptTold {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tidbok = |arguments: &[&str]| tidbok(folder.path(), location, arguments);
    let mut told = ScriptTold::default();
    let mut rounds = 0;
    while until.is_not_yet(rounds) {
        rounds += 1;
        let from = days().first().to_string();
        let Ended::Well(Value::Array(slots)) = tidbok(&["slots", "--from", &from, "--days", "3"])
        else {
            continue;
        };
        let Some(slot) = slots.get(random(slots.len().max(1))) else { continue };
        let of = |name: &str| slot[name].as_str().expect("a text").to_owned();
        match tidbok(&["booking", "add", &of("practitioner"), &of("template"), &of("start")]) {
            Ended::Well(answer) => {
                told.done.push(CommandId::from(answer["command"].as_str().expect("an id")));
            }
            Ended::Refused => {}
            Ended::CutOff => told.in_doubt += 1,
        }
    }
    told
}

/// How the program ended.
pub enum Ended {
    /// With its answer.
    Well(Value),
    Refused,
    /// The line was gone for too long; whether the change was made is not known.
    CutOff,
}

/// Runs the program.
pub fn tidbok(home: &std::path::Path, location: &DatabaseLocation, arguments: &[&str]) -> Ended {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tidbok"))
        .args(arguments)
        .args(["--json", "--at", NOW, "--user", "REC", "--database", &location.to_string()])
        .env("TIDBOK_DATABASE_PASSWORD", engine::password())
        .envs(HOMES.map(|name| (name, home)))
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => Ended::Well(serde_json::from_slice(&output.stdout).expect("JSON")),
        Some(1) => Ended::Refused,
        Some(3) if told.contains("förbindelsen") => Ended::CutOff,
        code => panic!("{arguments:?} ended with {code:?}: {told}"),
    }
}

/// The same by what the store keeps of the commands.
pub async fn told(store: &Store, script: &ScriptTold) -> Told {
    let mut told = Told { in_doubt: script.in_doubt, ..Told::default() };
    let mut reading = store.read().await.expect("reads");
    for id in &script.done {
        let kept = reading.command(id).await.expect("reads").expect("what was told of is kept");
        told.of(&serde_json::from_str(&kept.outcome).expect("an outcome"));
    }
    told
}
