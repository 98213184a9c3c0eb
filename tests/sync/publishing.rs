//! What staff lay out is published, and what goes is withdrawn.

use chrono::Utc;
use tidbok::clinic::Command;
use tidbok::domain::*;
use tidbok::sync::Worked;

use crate::place::{PRACTITIONER, Place, day, day_at};

#[tokio::test]
async fn a_preblock_is_published_and_withdrawn() {
    let place = Place::open().await;
    let mut agent = place.agent("one");
    assert_eq!(agent.round(Utc::now()).await.expect("a round"), Worked::InStep);
    assert_eq!(place.free().await, []);
    place.lay("09:00", "10:30").await;
    agent.round(Utc::now()).await.expect("a round");
    let free = place.free().await;
    assert_eq!(free, place.bookable().await);
    assert!(free.len() >= 5, "half hours, and three quarters where röntgen is free: {free:?}");
    let laid = place.clinic.book(&PRACTITIONER.into(), DateRange::new(day(), 1)).await;
    let laid = laid.expect("the store answers").calendar.preblocks()[0].id.clone();
    let practitioner = PRACTITIONER.into();
    place.run(Command::RemovePreblocks { practitioner, preblocks: vec![laid] }).await;
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(place.free().await, []);
}

#[tokio::test]
async fn a_staff_booking_takes_its_times_and_its_resource_those_of_others() {
    let place = Place::open().await;
    let mut agent = place.agent("one");
    place.lay("09:00", "10:30").await;
    agent.round(Utc::now()).await.expect("a round");
    let template = |id: &str| tidbok::clinic::BookingSubject::Template(id.into());
    let booking = tidbok::clinic::StaffBooking {
        practitioner: PRACTITIONER.into(),
        start: day_at("09:00", "10:00").start(),
        what: template("us30"),
        patient: tidbok::clinic::BookedFor::Nobody,
        text: None,
        confirmed: Default::default(),
    };
    place.run(Command::Book(booking)).await;
    agent.round(Utc::now()).await.expect("a round");
    let free = place.free().await;
    assert_eq!(free, place.bookable().await);
    assert!(!free.iter().any(|(clock, _)| clock == "09:00"), "{free:?}");
}

#[tokio::test]
async fn pausing_withdraws_everything_and_resuming_publishes_it_again() {
    let place = Place::open().await;
    let mut agent = place.agent("one");
    place.lay("09:00", "10:00").await;
    agent.round(Utc::now()).await.expect("a round");
    let before = place.free().await;
    assert!(!before.is_empty());
    for paused in [true, false] {
        let online = place.clinic.setup().await.expect("a set-up").online.clone();
        let after = OnlineSettings { paused, ..online.clone() };
        let change = SettingChange::Online(Changed::Altered { before: online, after });
        place.run(Command::ChangeSetting(Box::new(change))).await;
        agent.round(Utc::now()).await.expect("a round");
        let expected = if paused { Vec::new() } else { before.clone() };
        assert_eq!(place.free().await, expected);
    }
}

#[tokio::test]
async fn an_agent_that_starts_anew_finds_what_is_out_there_and_changes_nothing() {
    let place = Place::open().await;
    place.lay("09:00", "10:00").await;
    place.agent("one").round(Utc::now()).await.expect("a round");
    let before = place.get("Slot?_sort=_lastUpdated&_count=1000").await;
    let mut again = place.agent("one");
    again.round(Utc::now()).await.expect("a round");
    assert_eq!(place.get("Slot?_sort=_lastUpdated&_count=1000").await, before);
    assert!(again.state().rounds.is_empty(), "nothing was done");
}

#[tokio::test]
async fn of_two_agents_one_works_and_the_other_takes_over_when_it_stops() {
    let place = Place::open().await;
    let (mut one, mut two) = (place.agent("one"), place.agent("two"));
    assert_eq!(one.round(Utc::now()).await.expect("a round"), Worked::InStep);
    assert_eq!(two.round(Utc::now()).await.expect("a round"), Worked::StoodBy);
    place.lay("09:00", "10:00").await;
    assert_eq!(two.round(Utc::now()).await.expect("a round"), Worked::StoodBy);
    assert_eq!(place.free().await, [], "only one publishes");
    one.stop(Utc::now()).await.expect("a store");
    assert_eq!(two.round(Utc::now()).await.expect("a round"), Worked::InStep);
    assert_eq!(place.free().await, place.bookable().await);
    assert_eq!(one.round(Utc::now()).await.expect("a round"), Worked::StoodBy);
}

#[tokio::test]
async fn the_registers_tell_what_is_offered_in_the_order_of_the_list() {
    let place = Place::open().await;
    place.agent("one").round(Utc::now()).await.expect("a round");
    let services = place.get("HealthcareService?active=true&_sort=_id").await;
    let names: Vec<&str> = services["entry"]
        .as_array()
        .expect("services")
        .iter()
        .map(|it| it["resource"]["name"].as_str().expect("a name"))
        .collect();
    assert!(
        names.contains(&"Undersökning 30 min") && !names.contains(&"Internt möte"),
        "{names:?}"
    );
    let schedules = place.get("Schedule").await;
    let offers: usize = schedules["entry"]
        .as_array()
        .expect("schedules")
        .iter()
        .map(|it| it["resource"]["extension"].as_array().map_or(0, Vec::len))
        .sum();
    assert!(offers >= 3);
}

crate::on_the_server_too! {
    a_preblock_is_published_and_withdrawn,
    a_staff_booking_takes_its_times_and_its_resource_those_of_others,
    pausing_withdraws_everything_and_resuming_publishes_it_again,
    an_agent_that_starts_anew_finds_what_is_out_there_and_changes_nothing,
    of_two_agents_one_works_and_the_other_takes_over_when_it_stops,
    the_registers_tell_what_is_offered_in_the_order_of_the_list,
}
