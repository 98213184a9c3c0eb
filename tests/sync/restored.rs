//! A clinic's database is restored from an older copy: what patients were told since stands again, or is
//! told of, and nobody's booking is cancelled for it.

use chrono::{TimeDelta, Utc};
use serde_json::json;
use tidbok::clinic::{BookedFor, BookingSubject, Clinic, Command, EditedBooking, StaffBooking};
use tidbok::domain::{
    Booking, Change, IdentityProtection, Interval, NewPatient, Personnummer, SyncState,
};
use tidbok::sync::{Agent, Worked};

use crate::place::{PRACTITIONER, Place, Wish, day_at, now};

const PATIENT: &str = "189001019802";

/// A morning laid out and published, and its agent.
async fn published() -> (Place, Agent) {
    let place = Place::open().await;
    place.lay("09:00", "11:00").await;
    let mut agent = agent(&place);
    round(&mut agent).await;
    (place, agent)
}

fn agent(place: &Place) -> Agent {
    place.agent("reception").of_database("the clinic's")
}

/// A round, and one in which the page is told how much has been done.
async fn round(agent: &mut Agent) {
    for at in [Utc::now(), Utc::now() + TimeDelta::seconds(2)] {
        assert_eq!(agent.round(at).await.expect("a round"), Worked::InStep);
    }
}

/// Patients who book, each at a time of their own.
async fn booked(place: &Place, agent: &mut Agent, clocks: &[&str]) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for clock in clocks {
        let slot = place.slot_id(clock, "us30").await;
        let identified = |wish: &mut serde_json::Value| {
            wish["extension"] =
                json!([{"url": "urn:x-tidbok:extension:e-id", "valueBoolean": true}]);
        };
        wishes.push(place.wish(&slot, |wish, _| identified(wish)).await);
    }
    round(agent).await;
    for wish in &wishes {
        assert_eq!(status(place, wish).await, "booked");
    }
    wishes
}

/// A wish for another time instead of one that is booked, as whom e-ID tells of.
async fn wish_instead(place: &Place, booked: &Wish, clock: &str) -> Wish {
    let slot = place.slot_id(clock, "us30").await;
    let rebook = json!([
        {"url": "urn:x-tidbok:extension:wish", "valueCode": "rebook"},
        {"url": "urn:x-tidbok:extension:replaces", "valueString": booked.id},
        {"url": "urn:x-tidbok:extension:e-id", "valueBoolean": true},
    ]);
    place.wish(&slot, |wish, _| wish["extension"] = rebook).await
}

async fn status(place: &Place, wish: &Wish) -> String {
    place.appointment(wish).await["status"].as_str().expect("a status").to_owned()
}

/// The clinic's database is lost, and this copy takes its place, with an agent that is begun anew.
async fn restore(place: &mut Place, agent: Agent, copy: Clinic) -> Agent {
    // Killed: it gives nothing back.
    drop(agent);
    place.clinic = copy;
    agent_in(2, place, Worked::CaughtUp).await
}

/// An agent that is begun anew in so many minutes, when the lease of the one before has ended.
async fn agent_in(minutes: i64, place: &Place, worked: Worked) -> Agent {
    let mut agent = agent(place);
    round_in(minutes, &mut agent, worked).await;
    agent
}

async fn round_in(minutes: i64, agent: &mut Agent, worked: Worked) {
    let at = Utc::now() + TimeDelta::minutes(minutes);
    assert_eq!(agent.round(at).await.expect("a round"), worked);
}

fn intervals(bookings: &[Booking]) -> Vec<Interval> {
    bookings.iter().map(|booking| booking.interval).collect()
}

/// What the state tells: put back, moved and cancelled.
fn told(state: &SyncState) -> Option<(usize, usize, usize)> {
    let restored = state.restored.as_ref()?;
    restored.settled_at.expect("everything has been looked at");
    Some((restored.brought_back, restored.moved, restored.cancelled))
}

#[tokio::test]
async fn what_was_booked_since_stands_again_without_a_patient_and_is_not_offered() {
    let (mut place, mut agent) = published().await;
    booked(&place, &mut agent, &["09:00"]).await;
    let copy = place.copied().await;
    let since = booked(&place, &mut agent, &["10:00"]).await;
    let offered = place.free().await;

    let agent = restore(&mut place, agent, copy).await;
    assert_eq!(status(&place, &since[0]).await, "booked");
    let bookings = place.booked().await;
    assert_eq!(intervals(&bookings), [day_at("09:00", "09:30"), day_at("10:00", "10:30")]);
    assert!(bookings[0].patient.is_some() && bookings[1].patient.is_none());
    assert_eq!(bookings[1].portal_id.as_deref(), Some(since[0].id.as_str()));
    assert_eq!(place.free().await, offered);
    assert_eq!(told(agent.state()), Some((1, 0, 0)));
    assert!(agent.state().stray.is_empty());
}

#[tokio::test]
async fn what_was_laid_since_is_not_needed_for_it() {
    let (mut place, mut agent) = published().await;
    let copy = place.copied().await;
    place.lay("11:00", "12:00").await;
    round(&mut agent).await;
    let since = booked(&place, &mut agent, &["11:00"]).await;

    restore(&mut place, agent, copy).await;
    assert_eq!(status(&place, &since[0]).await, "booked");
    assert_eq!(intervals(&place.booked().await), [day_at("11:00", "11:30")]);
}

#[tokio::test]
async fn what_was_rebooked_or_cancelled_since_is_so_again() {
    let (mut place, mut agent) = published().await;
    let wishes = booked(&place, &mut agent, &["09:00", "09:30"]).await;
    let copy = place.copied().await;
    let rebooked = wish_instead(&place, &wishes[0], "10:30").await;
    place.wish_away(&wishes[1], PATIENT).await;
    round(&mut agent).await;
    assert_eq!(intervals(&place.booked().await), [day_at("10:30", "11:00")]);
    let offered = place.free().await;

    let agent = restore(&mut place, agent, copy).await;
    assert_eq!(intervals(&place.booked().await), [day_at("10:30", "11:00")]);
    assert_eq!(status(&place, &rebooked).await, "booked");
    assert_eq!(status(&place, &wishes[1]).await, "cancelled");
    assert_eq!(place.free().await, offered);
    assert_eq!(told(agent.state()), Some((0, 1, 1)));
}

/// Staff book a time of the day for nobody.
fn by_staff(at: Interval) -> Command {
    Command::Book(StaffBooking {
        practitioner: PRACTITIONER.into(),
        start: at.start(),
        what: BookingSubject::Template("us30".into()),
        patient: BookedFor::Nobody,
        text: None,
        confirmed: Default::default(),
    })
}

#[tokio::test]
async fn what_does_not_fit_any_more_is_told_of_and_put_back_once_it_fits() {
    let (mut place, mut agent) = published().await;
    let copy = place.copied().await;
    let since = booked(&place, &mut agent, &["10:00"]).await;
    drop(agent);
    place.clinic = copy;
    let taken = place.run(by_staff(day_at("10:00", "10:30"))).await;

    let mut agent = agent_in(2, &place, Worked::CaughtUp).await;
    assert_eq!(place.booked().await, []);
    assert_eq!(status(&place, &since[0]).await, "booked", "the patient comes");
    let stray: Vec<_> = agent.state().stray.iter().cloned().collect();
    assert_eq!((stray[0].interval, stray[0].in_book.clone()), (day_at("10:00", "10:30"), None));
    assert_eq!(told(agent.state()), Some((0, 0, 0)));

    let mut changes = taken.changes.iter().filter_map(|change| match change {
        Change::Booking(change) => change.after().map(|booking| booking.id.clone()),
        _ => None,
    });
    let booking = changes.next().expect("the booking");
    place.run(Command::CancelBooking { booking, seen: None, reason: None }).await;
    round_in(3, &mut agent, Worked::InStep).await;
    assert_eq!(intervals(&place.booked().await), [day_at("10:00", "10:30")]);
    assert!(agent.state().stray.is_empty());
    assert_eq!(status(&place, &since[0]).await, "booked");
}

#[tokio::test]
async fn where_the_old_time_stands_and_the_new_one_is_taken_staff_are_told_of_both() {
    let (mut place, mut agent) = published().await;
    let wishes = booked(&place, &mut agent, &["09:00"]).await;
    let copy = place.copied().await;
    wish_instead(&place, &wishes[0], "10:30").await;
    round(&mut agent).await;
    drop(agent);
    place.clinic = copy;
    place.run(by_staff(day_at("10:30", "11:00"))).await;

    let agent = agent_in(2, &place, Worked::CaughtUp).await;
    assert_eq!(intervals(&place.booked().await), [day_at("09:00", "09:30")]);
    let stray: Vec<_> = agent.state().stray.iter().cloned().collect();
    let in_book = Some((PRACTITIONER.into(), day_at("09:00", "09:30")));
    assert_eq!((stray[0].interval, stray[0].in_book.clone()), (day_at("10:30", "11:00"), in_book));
}

#[tokio::test]
async fn a_database_that_was_never_told_of_anything_gets_what_it_lacks_too() {
    let (mut place, mut agent) = published().await;
    let copy = place.copied().await;
    let mut change = copy.store().begin().await.expect("a change");
    change.keep_sync_state("{}").await.expect("as before its first agent");
    change.commit().await.expect("kept");
    let since = booked(&place, &mut agent, &["10:00"]).await;

    let agent = restore(&mut place, agent, copy).await;
    assert_eq!(status(&place, &since[0]).await, "booked");
    assert_eq!(intervals(&place.booked().await), [day_at("10:00", "10:30")]);
    assert_eq!(told(agent.state()), Some((1, 0, 0)));
}

#[tokio::test]
async fn a_database_that_is_none_is_not_taken_for_one() {
    let (place, mut agent) = published().await;
    let wishes = booked(&place, &mut agent, &["09:00", "10:00"]).await;
    // Staff cancel while no agent is at work; then one is begun anew, and another after it.
    drop(agent);
    let booking = place.booked().await[0].id.clone();
    place.run(Command::CancelBooking { booking, seen: None, reason: None }).await;
    for minutes in [2, 4] {
        let agent = agent_in(minutes, &place, Worked::InStep).await;
        assert_eq!(agent.state().restored, None);
        assert!(agent.state().stray.is_empty());
    }
    assert_eq!(status(&place, &wishes[0]).await, "cancelled");
    assert_eq!(status(&place, &wishes[1]).await, "booked");
    assert_eq!(intervals(&place.booked().await), [day_at("10:00", "10:30")]);
}

#[tokio::test]
async fn what_was_put_back_its_patient_can_cancel_and_so_can_whom_staff_put_on_it() {
    let (mut place, mut agent) = published().await;
    let copy = place.copied().await;
    let since = booked(&place, &mut agent, &["09:30", "10:00"]).await;
    let mut agent = restore(&mut place, agent, copy).await;
    place.wish_away(&since[0], PATIENT).await;
    round_in(3, &mut agent, Worked::InStep).await;
    assert_eq!(status(&place, &since[0]).await, "cancelled");

    let seen = Box::new(place.booked().await.remove(0));
    let patient = BookedFor::New(Box::new(NewPatient {
        personnummer: Some(Personnummer::parse(PATIENT, now().date()).expect("a test number")),
        first_name: "Hilda".into(),
        last_name: "Hemlig".into(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::None,
    }));
    let text = seen.text.clone();
    let edited =
        EditedBooking { seen, template: None, patient, text, confirmed: Default::default() };
    place.run(Command::EditBooking(edited)).await;
    place.wish_away(&since[1], PATIENT).await;
    round_in(4, &mut agent, Worked::InStep).await;
    assert_eq!(status(&place, &since[1]).await, "cancelled");
}
