//! What the booking page has and a database that is an older copy has not: bookings are made what the
//! page says.

use tidbok::clinic::*;
use tidbok::domain::*;

use crate::fixture::*;

/// AE's booking by a template as the page has it.
fn on_page(portal_id: &str, template: &str, start: &str, end: &str) -> Command {
    let standing = Standing::Booked(OnPage {
        practitioner: "AE".into(),
        template: template.into(),
        interval: Interval::new(at(start), at(end)).expect("a time"),
        identification: Identification::EId,
    });
    Command::KeepOnline(KeptOnline { portal_id: portal(portal_id), standing })
}

fn cancelled(portal_id: &str) -> Command {
    let standing = Standing::Cancelled;
    Command::KeepOnline(KeptOnline { portal_id: portal(portal_id), standing })
}

#[tokio::test]
async fn r14_what_no_book_has_is_booked_for_nobody_whatever_patients_could_book_now() {
    let fixture = Fixture::new().await;
    // Nothing is laid out there, and nobody works.
    let command = on_page("w1", "us45r", "2026-11-25T18:00", "2026-11-25T18:45");
    fixture.online(&command).await.expect("is put back");
    let booking = fixture.booked_as("w1").await;
    let expected = Booking {
        id: booking.id.clone(),
        practitioner: "AE".into(),
        interval: Interval::new(at("2026-11-25T18:00"), at("2026-11-25T18:45")).expect("a time"),
        category: "us".into(),
        template: Some("us45r".into()),
        patient: None,
        text: "E-tid rtg".to_owned(),
        resources: ResourceCodes::parse("R").expect("a resource"),
        registered_by: ITB.to_owned(),
        state: BookingState::Booked,
        portal_id: Some("w1".to_owned()),
        identification: Identification::EId,
    };
    assert_eq!(booking, expected);
    let x = fixture.user("X").await;
    let inbox = fixture.clinic.inbox(&x, 10).await.expect("reads");
    let arrival = inbox.arrivals.first().expect("staff are told");
    let told = (arrival.what, arrival.came_by, &arrival.patient);
    assert_eq!(told, (Online::Booked, CameBy::Page, &None));
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r12_what_does_not_fit_or_is_of_nobody_here_is_refused_and_nothing_is_changed() {
    let fixture = Fixture::new().await;
    let before = fixture.export().await;
    // b1 stands from 09:00 to 09:40.
    let taken = on_page("w1", "us30", "2026-11-25T09:30", "2026-11-25T10:00");
    let refused = refusal(fixture.online(&taken).await);
    assert!(matches!(refused, Refusal::BookingInTheWay(_)), "{refused}");
    let unknown = on_page("w1", "none", "2026-11-25T10:00", "2026-11-25T10:30");
    let refused = refusal(fixture.online(&unknown).await);
    assert!(matches!(refused, Refusal::UnknownTemplate(_)), "{refused}");
    let refused = refusal(fixture.online(&cancelled("w1")).await);
    assert_eq!(refused, Refusal::NotChangeable(NotChangeable::NotFromPortal));
    assert_eq!(fixture.export().await, before);
}

#[tokio::test]
async fn r15_what_was_rebooked_is_moved_and_what_was_cancelled_is_cancelled() {
    let fixture = Fixture::new().await;
    fixture.online(&book(by_tolvan(asked("w1", "10:00")))).await.expect("books");
    let there = on_page("w1", "us30", "2026-11-26T08:00", "2026-11-26T08:30");
    fixture.online(&there).await.expect("is moved");
    let moved = fixture.booked_as("w1").await;
    assert_eq!(moved.interval.start(), at("2026-11-26T08:00"));
    assert_eq!(moved.patient, Some("p1".into()), "who it is for is known still");
    let again = refusal(fixture.online(&there).await);
    assert_eq!(again, Refusal::NothingToDo(NothingToDo::Unchanged));

    fixture.online(&cancelled("w1")).await.expect("is cancelled");
    assert!(!fixture.booked_as("w1").await.is_active());
    let elsewhere = on_page("w1", "us30", "2026-11-26T09:00", "2026-11-26T09:30");
    for command in [cancelled("w1"), elsewhere] {
        assert_eq!(refusal(fixture.online(&command).await), Refusal::AlreadyCancelled);
    }
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r15_whoever_the_page_knows_it_is_of_changes_what_was_taken_back() {
    let fixture = Fixture::new().await;
    let there = on_page("w1", "us30", "2026-11-25T10:00", "2026-11-25T10:30");
    fixture.online(&there).await.expect("is put back");
    fixture.online(&rebook("w1", "AE", "2026-11-25T10:30", NEW)).await.expect("is rebooked");
    assert_eq!(fixture.booked_as("w1").await.interval.start(), at("2026-11-25T10:30"));
    fixture.online(&cancel("w1", NEW)).await.expect("is cancelled");
    assert!(!fixture.booked_as("w1").await.is_active());
}

#[tokio::test]
async fn r15_what_staff_have_given_to_nobody_is_nobodys_to_change() {
    let fixture = Fixture::new().await;
    fixture.online(&book(by_tolvan(asked("w1", "10:00")))).await.expect("books");
    let seen = Box::new(fixture.booked_as("w1").await);
    let text = seen.text.clone();
    let (template, patient, confirmed) = (None, BookedFor::Nobody, Default::default());
    let edited = EditedBooking { seen, template, patient, text, confirmed };
    fixture.staff(&Command::EditBooking(edited)).await.expect("is nobody's");
    let refused = refusal(fixture.online(&cancel("w1", TOLVAN)).await);
    assert_eq!(refused, Refusal::NotChangeable(NotChangeable::AnotherPerson));
}

#[tokio::test]
async fn r17_only_the_online_client_takes_anything_back_from_the_page() {
    let fixture = Fixture::new().await;
    let command = on_page("w1", "us30", "2026-11-25T10:00", "2026-11-25T10:30");
    assert_eq!(refusal(fixture.staff(&command).await), Refusal::OnlineOnly);
}

crate::on_the_server_too! {
    r14_what_no_book_has_is_booked_for_nobody_whatever_patients_could_book_now,
    r12_what_does_not_fit_or_is_of_nobody_here_is_refused_and_nothing_is_changed,
    r15_what_was_rebooked_is_moved_and_what_was_cancelled_is_cancelled,
    r15_whoever_the_page_knows_it_is_of_changes_what_was_taken_back,
    r15_what_staff_have_given_to_nobody_is_nobodys_to_change,
    r17_only_the_online_client_takes_anything_back_from_the_page,
}
