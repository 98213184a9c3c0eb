//! What staff lay out is published, and what goes is withdrawn.

use chrono::{TimeDelta, Utc};
use tidbok::clinic::Command;
use tidbok::domain::*;
use tidbok::sync::{SyncError, Worked};

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
    let mut one = place.agent("one");
    one.round(Utc::now()).await.expect("a round");
    let rounds = one.state().rounds.clone();
    one.stop(Utc::now()).await.expect("a store");
    let before = place.get("Slot?_sort=_lastUpdated&_count=1000").await;
    let mut again = place.agent("one");
    again.round(Utc::now()).await.expect("a round");
    assert_eq!(place.get("Slot?_sort=_lastUpdated&_count=1000").await, before);
    assert_eq!(again.state().rounds, rounds, "nothing was done, and nothing forgotten");
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
async fn an_agent_that_hung_while_another_took_over_tells_nothing_of_its_own() {
    let place = Place::open().await;
    let (mut one, mut two) = (place.agent("one"), place.agent("two"));
    let now = Utc::now();
    one.round(now).await.expect("a round");
    let over = now + TimeDelta::seconds(16);
    assert_eq!(two.round(over).await.expect("a round"), Worked::InStep);
    let told = async || {
        let report = place.report().await.expect("a report");
        (report.state.expect("a state"), report.out_there)
    };
    let before = told().await;
    assert_eq!(before.0.agent, two.state().agent);
    // It comes to, and does not know how long that was.
    place.lay("09:00", "10:00").await;
    let ended = one.round(now + TimeDelta::seconds(1)).await;
    assert!(matches!(ended, Err(SyncError::LeaseLost)), "{ended:?}");
    assert_eq!(told().await, before);
    assert_eq!(one.round(over).await.expect("a round"), Worked::StoodBy);
    assert_eq!(two.round(over).await.expect("a round"), Worked::InStep);
    assert_eq!(told().await.0.fault, None);
    assert_eq!(place.free().await, place.bookable().await);
}

#[tokio::test]
async fn an_agent_that_hung_while_another_took_over_and_ended_reads_anew_what_is_out_there() {
    let place = Place::open().await;
    let (mut one, mut two) = (place.agent("one"), place.agent("two"));
    let now = Utc::now();
    one.round(now).await.expect("a round");
    place.lay("09:00", "10:00").await;
    assert_eq!(two.round(now + TimeDelta::seconds(16)).await.expect("a round"), Worked::InStep);
    assert_ne!(place.free().await, []);
    // It ends without giving its lease back.
    drop(two);
    place.remove(crate::place::day_at("09:00", "10:00")).await;
    assert_eq!(one.round(now + TimeDelta::seconds(90)).await.expect("a round"), Worked::InStep);
    assert_eq!(place.free().await, []);
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
    assert!(offers >= 3 + 3, "what is offered, and the company of each of three");
}

#[tokio::test]
async fn a_company_tells_how_it_is_reached_and_whether_it_asks_for_addresses() {
    let place = Place::open().await;
    let setup = place.clinic.setup().await.expect("a set-up");
    let before = setup.companies.values().next().expect("a company").clone();
    let after = Company {
        phone: Some("08-465 004 20".to_owned()),
        email: Some("klinik@example.se".to_owned()),
        address: Some("Storgatan 4, 721 30 Mälarstad".to_owned()),
        ..before.clone()
    };
    let name = after.name.clone();
    let change = SettingChange::Company(Changed::Altered { before, after });
    place.run(Command::ChangeSetting(Box::new(change))).await;
    let mut agent = place.agent("one");
    for require_address in [true, false] {
        let online = place.clinic.setup().await.expect("a set-up").online.clone();
        let after = OnlineSettings { require_address, ..online.clone() };
        if online != after {
            let change = SettingChange::Online(Changed::Altered { before: online, after });
            place.run(Command::ChangeSetting(Box::new(change))).await;
        }
        agent.round(Utc::now()).await.expect("a round");
        let found = place.get("Organization").await;
        let all = found["entry"].as_array().expect("companies").iter();
        let company = all.map(|it| &it["resource"]).find(|it| it["name"] == name.as_str());
        let company = company.expect("the company");
        assert_eq!(company["telecom"][0]["value"], "08-465 004 20");
        assert_eq!(company["telecom"][1]["value"], "klinik@example.se");
        assert_eq!(company["address"][0]["text"], "Storgatan 4, 721 30 Mälarstad");
        let mut extensions = company["extension"].as_array().expect("extensions").iter();
        let named = "urn:x-tidbok:extension:address-required";
        let asks = extensions.find(|it| it["url"] == named).expect("it says");
        assert_eq!(asks["valueBoolean"], require_address);
    }
}

#[tokio::test]
async fn what_users_ask_of_the_agent_is_done_in_its_next_round_and_told() {
    use tidbok::domain::{Actor, SyncRequest};
    let place = Place::open().await;
    let mut agent = place.agent("one");
    place.lay("09:00", "10:00").await;
    agent.round(Utc::now()).await.expect("a round");
    let before = place.free().await;
    for request in SyncRequest::ALL {
        place.clinic.ask_agent(&Actor::System, request, Utc::now()).await.expect("asked");
        let report = place.report().await.expect("a report");
        let state = report.state.expect("a state");
        assert!(state.done.is_pending(request, report.pulse.asked), "{request:?}");
        // Somebody has emptied the booking page behind the agent's back.
        if request == SyncRequest::Everything {
            place.take_all_away().await;
            assert_eq!(place.free().await, []);
        }
        agent.round(Utc::now()).await.expect("a round");
        let report = place.report().await.expect("a report");
        let state = report.state.expect("a state");
        assert!(!state.done.is_pending(request, report.pulse.asked), "{request:?}");
        assert_eq!(place.free().await, before, "{request:?}");
    }
}

#[tokio::test]
async fn what_waits_is_told_of_while_the_other_end_is_gone_and_how_long_it_took_afterwards() {
    let place = Place::open().await;
    let mut agent = place.agent("one");
    agent.round(Utc::now()).await.expect("a round");
    place.lay("09:00", "10:00").await;
    let mut elsewhere = place.agent_to("http://127.0.0.1:9/fhir/mitt");
    agent.stop(Utc::now()).await.expect("a store");
    let begun = Utc::now();
    elsewhere.round(begun).await.expect_err("nobody is there");
    let report = place.report().await.expect("a report");
    let state = report.state.expect("a state");
    assert!(state.fault.is_some());
    assert!(state.waiting.contains_key(&PRACTITIONER.into()), "{:?}", state.waiting);
}

#[tokio::test]
async fn what_is_out_there_is_kept_beside_the_books_whoever_takes_over() {
    let place = Place::open().await;
    let out = async || {
        let report = place.report().await.expect("a report");
        let of = report.out_there.into_values().flatten();
        let mut out: Vec<_> = of.map(|(start, id)| (start.clock(), id.to_string())).collect();
        out.sort();
        out
    };
    let mut one = place.agent("one");
    place.lay("09:00", "10:30").await;
    one.round(Utc::now()).await.expect("a round");
    assert_eq!(out().await, place.free().await);
    one.stop(Utc::now()).await.expect("a store");
    place.lay("10:30", "11:30").await;
    let mut two = place.agent("two");
    two.round(Utc::now()).await.expect("a round");
    assert_eq!(out().await, place.free().await);
    let book = place.clinic.book(&PRACTITIONER.into(), DateRange::new(day(), 1)).await;
    let laid = book.expect("a book").calendar.preblocks().iter().map(|it| it.id.clone()).collect();
    place
        .run(Command::RemovePreblocks { practitioner: PRACTITIONER.into(), preblocks: laid })
        .await;
    two.round(Utc::now()).await.expect("a round");
    assert_eq!(out().await, []);
}

crate::on_the_server_too! {
    a_preblock_is_published_and_withdrawn,
    a_staff_booking_takes_its_times_and_its_resource_those_of_others,
    pausing_withdraws_everything_and_resuming_publishes_it_again,
    an_agent_that_starts_anew_finds_what_is_out_there_and_changes_nothing,
    of_two_agents_one_works_and_the_other_takes_over_when_it_stops,
    the_registers_tell_what_is_offered_in_the_order_of_the_list,
    what_users_ask_of_the_agent_is_done_in_its_next_round_and_told,
    what_waits_is_told_of_while_the_other_end_is_gone_and_how_long_it_took_afterwards,
    what_is_out_there_is_kept_beside_the_books_whoever_takes_over,
}
