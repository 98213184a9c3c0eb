//! Many who write at once, staff and patients, into the same books: nothing overlaps, nothing that was
//! acknowledged is lost, nothing is done twice, and the log is whole.
//!
//! Short unless `TIDBOK_WRITING_SECONDS` says how long, with 64 writers then.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use support::{Place, line};
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::*;

const NOW: &str = "2026-11-23T12:00";
const PEOPLE: [&str; 2] = ["19121212-1212", "19900118-9811"];

fn at(text: &str) -> CivilTime {
    text.parse().expect("a time")
}

fn days() -> DateRange {
    DateRange::new(at("2026-12-01T00:00").date(), 3)
}

fn random(below: usize) -> usize {
    let number = RandomState::new().hash_one(0_u8);
    usize::try_from(number % u64::try_from(below).unwrap()).unwrap()
}

/// Three long days published in every book, with templates that take no resource and one that does.
async fn published(place: &Place) -> Vec<PractitionerId> {
    let clinic = Clinic::new(place.example().await);
    let setup = clinic.setup().await.expect("reads");
    let books: Vec<PractitionerId> = setup.practitioners.keys().cloned().collect();
    let long: Vec<Interval> = days()
        .iter()
        .map(|day| {
            Interval::new(CivilTime::at(day, Minutes(480)), CivilTime::at(day, Minutes(960)))
        })
        .map(|interval| interval.expect("an interval"))
        .collect();
    for book in &books {
        let commands = [
            Command::AddWorkSessions { practitioner: book.clone(), intervals: long.clone() },
            Command::LayPreblocks {
                practitioner: book.clone(),
                preblock_type: "e-us".into(),
                intervals: long.clone(),
                overlap: OverlapChoice::Fill,
                code: None,
            },
        ];
        for command in commands {
            // A type may not be valid for everybody: there the days stay as they are.
            let done = clinic.execute(&Actor::System, new_command_id(), &command, at(NOW)).await;
            assert!(matches!(done, Ok(_) | Err(ClinicError::Refused(_))), "{:?}", done.err());
        }
    }
    books
}

/// What one writer was told.
#[derive(Default)]
struct Told {
    booked: BTreeSet<BookingId>,
    cancelled: BTreeSet<BookingId>,
    refused: usize,
}

impl Told {
    fn of(&mut self, outcome: &Outcome) {
        for change in &outcome.changes {
            let Change::Booking(change) = change else { continue };
            match (change.before(), change.after()) {
                (_, Some(after)) if after.is_active() => {
                    self.booked.insert(after.id.clone());
                }
                (Some(before), _) => {
                    self.cancelled.insert(before.id.clone());
                }
                _ => {}
            }
        }
    }
}

fn by_staff(slot: &Slot) -> Command {
    Command::Book(StaffBooking {
        practitioner: slot.practitioner.clone(),
        start: slot.interval.start(),
        what: BookingSubject::Template(slot.template.clone()),
        patient: BookedFor::Nobody,
        text: None,
        confirmed: BTreeSet::new(),
    })
}

fn by_patient(slot: &Slot) -> Command {
    let person = PEOPLE[random(PEOPLE.len())];
    Command::BookOnline(Box::new(OnlineBooking {
        portal_id: PortalId::parse(&new_command_id().to_string()).expect("an id"),
        practitioner: slot.practitioner.clone(),
        template: slot.template.clone(),
        start: slot.interval.start(),
        personnummer: Personnummer::parse(person, at(NOW).date()).expect("a personnummer"),
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

/// Books, and now and then cancels what it has booked, until the time is up.
async fn write(clinic: Clinic, number: usize, until: Until) -> Told {
    let mut told = Told::default();
    let actor = if number.is_multiple_of(2) { Actor::System } else { Actor::OnlineClient };
    let mut rounds = 0;
    while until.is_not_yet(rounds) {
        rounds += 1;
        let Some(command) = next(&clinic, &actor, &told).await else { continue };
        let who =
            if matches!(command, Command::CancelBooking { .. }) { &Actor::System } else { &actor };
        match clinic.execute(who, new_command_id(), &command, at(NOW)).await {
            Ok(outcome) => told.of(&outcome),
            Err(ClinicError::Refused(_)) => told.refused += 1,
            Err(ClinicError::Store(error)) => panic!("writer {number}: {error}"),
        }
    }
    told
}

async fn next(clinic: &Clinic, actor: &Actor, told: &Told) -> Option<Command> {
    let mine: Vec<&BookingId> = told.booked.difference(&told.cancelled).collect();
    if !mine.is_empty() && random(3) == 0 {
        let booking = mine[random(mine.len())].clone();
        return Some(Command::CancelBooking { booking, reason: None });
    }
    // A look that is cut is simply taken again.
    let slots = clinic.slots(None, days(), at(NOW)).await.ok()?;
    let slot = slots.get(random(slots.len().max(1)))?;
    Some(if *actor == Actor::System { by_staff(slot) } else { by_patient(slot) })
}

#[derive(Clone, Copy)]
enum Until {
    Rounds(usize),
    Time(Instant),
}

impl Until {
    fn is_not_yet(self, rounds: usize) -> bool {
        match self {
            Until::Rounds(most) => rounds < most,
            Until::Time(end) => Instant::now() < end,
        }
    }
}

/// How many write, and for how long.
fn effort() -> (usize, Until) {
    let seconds = std::env::var("TIDBOK_WRITING_SECONDS").ok().and_then(|text| text.parse().ok());
    match seconds {
        Some(seconds) => (64, Until::Time(Instant::now() + Duration::from_secs(seconds))),
        None => (8, Until::Rounds(4)),
    }
}

/// Runs them on a few stores each, as consoles and agents would, then looks at what is stored.
async fn all_write(place: &Place, location: &DatabaseLocation) {
    let books = published(place).await;
    assert!(!books.is_empty());
    let (writers, until) = effort();
    let mut running = Vec::new();
    for group in 0..4 {
        let clinic = Clinic::new(Store::open(location, OpenMode::Existing).await.expect("opens"));
        for number in (group..writers).step_by(4) {
            running.push(tokio::spawn(write(clinic.clone(), number, until)));
        }
    }
    let mut told = Vec::new();
    for writer in running {
        told.push(writer.await.expect("a writer"));
    }
    check(place, &told).await;
}

async fn check(place: &Place, told: &[Told]) {
    let store = place.store().await;
    let file = export(&store).await.expect("reads");
    let booked: BTreeSet<&BookingId> = told.iter().flat_map(|one| &one.booked).collect();
    let cancelled: BTreeSet<&BookingId> = told.iter().flat_map(|one| &one.cancelled).collect();
    assert!(!booked.is_empty(), "somebody gets a time");
    for id in &booked {
        let stored = file.bookings.get(id).expect("what was acknowledged is stored");
        assert_eq!(stored.is_active(), !cancelled.contains(id), "{id}");
    }
    let before: BTreeSet<BookingId> = support::example().bookings.into_keys().collect();
    let unknown: Vec<&BookingId> =
        file.bookings.keys().filter(|id| !before.contains(*id) && !booked.contains(id)).collect();
    assert!(unknown.is_empty(), "nobody was told of {unknown:?}");
    let mut held: BTreeMap<String, Vec<Interval>> = BTreeMap::new();
    for booking in file.bookings.values().filter(|booking| booking.is_active()) {
        let whose = format!("{}", booking.practitioner);
        held.entry(whose).or_default().push(booking.interval);
        for code in booking.resources.iter() {
            held.entry(format!("resource {code}")).or_default().push(booking.interval);
        }
    }
    for (what, mut intervals) in held {
        intervals.sort_by_key(|interval| interval.start());
        let overlap = intervals.windows(2).find(|two| two[0].overlaps(two[1]));
        assert!(overlap.is_none(), "{what}: {overlap:?}");
    }
    let report = verify_audit(&store).await.expect("reads");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}

#[tokio::test]
async fn r12_whoever_books_and_however_many_at_once_nothing_overlaps_and_nothing_is_lost() {
    let place = Place::new();
    all_write(&place, &place.location()).await;
}

#[test]
#[cfg_attr(not(tidbok_test_sqlserver), ignore = "TIDBOK_TEST_SQLSERVER names no server")]
fn over_a_line_that_is_cut_all_the_time_every_command_is_done_once_and_told_of() {
    #[tokio::main(flavor = "current_thread")]
    async fn run() {
        let place = Place::new();
        let DatabaseLocation::SqlServer(server) = place.location() else { panic!("a server") };
        let torn = line::torn(&server, 250).await;
        all_write(&place, &DatabaseLocation::SqlServer(Box::new(torn))).await;
    }
    support::engine::on_server(run);
}

on_the_server_too! {
    r12_whoever_books_and_however_many_at_once_nothing_overlaps_and_nothing_is_lost,
}
