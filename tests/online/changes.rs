//! R15: what a patient rebooks and cancels.

use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::*;

use crate::fixture::*;

fn rebook(practitioner: &str, start: &str) -> Command {
    Command::RebookOnline(OnlineRebooking {
        portal_id: portal("w1"),
        practitioner: practitioner.into(),
        start: at(start),
        e_id: number(NEW),
    })
}

fn cancel() -> Command {
    Command::CancelOnline { portal_id: portal("w1"), e_id: number(NEW) }
}

/// NEW has booked AE at 10:00 on the page, as `w1`.
async fn booked(alter: impl FnOnce(&mut ClinicFile)) -> Fixture {
    let fixture = fixture_with(alter).await;
    done(fixture.book(asked("w1", "10:00", NEW, as_on_card())).await);
    fixture
}

#[tokio::test]
async fn a_patient_rebooks_and_cancels_and_the_time_is_bookable_again_at_once() {
    let fixture = booked(|_| ()).await;
    assert!(!fixture.starts("AE", "us30").await.contains(&"10:00".to_owned()));
    done(fixture.online(&rebook("AE", "2026-11-25T13:00")).await);
    let starts = fixture.starts("AE", "us30").await;
    assert!(starts.contains(&"10:00".to_owned()) && !starts.contains(&"13:00".to_owned()));
    done(fixture.online(&cancel()).await);
    assert!(fixture.starts("AE", "us30").await.contains(&"13:00".to_owned()));
    assert_eq!(fixture.booking("w1").await.state, BookingState::Cancelled);
    let inbox = fixture.clinic.inbox(&fixture.x(), 9).await.expect("reads");
    let what: Vec<Online> = inbox.arrivals.iter().map(|arrival| arrival.what).collect();
    assert_eq!(what, [Online::Cancelled, Online::Rebooked, Online::Booked]);
    fixture.whole_log().await;
}

#[tokio::test]
async fn each_condition_that_does_not_hold_refuses_and_nothing_changes() {
    type Alter = fn(&mut ClinicFile);
    let deadline = at("2026-11-23T10:00");
    let rebooks: [(Alter, NotChangeable); 3] = [
        (|file| template(file, "us30").online_rebook = false, NotChangeable::Template),
        (|file| file.setup.online.allow_rebook = false, NotChangeable::Settings),
        (|file| file.setup.online.change_deadline_hours = 48, NotChangeable::TooLate { deadline }),
    ];
    let cancels: [(Alter, NotChangeable); 3] = [
        (|file| template(file, "us30").online_cancel = false, NotChangeable::Template),
        (|file| file.setup.online.allow_cancel = false, NotChangeable::Settings),
        (|file| file.setup.online.change_deadline_hours = 48, NotChangeable::TooLate { deadline }),
    ];
    let rebook = || rebook("AE", "2026-11-25T13:00");
    let all = rebooks.map(|(alter, why)| (alter, why, rebook()));
    for (alter, why, command) in all.into_iter().chain(cancels.map(|(a, why)| (a, why, cancel()))) {
        let fixture = booked(alter).await;
        let before = fixture.export().await;
        let refused = refusal(fixture.online(&command).await);
        assert_eq!((refused.rule(), refused), (Some("R15"), Refusal::NotChangeable(why)));
        assert_eq!(fixture.export().await, before);
    }
}

#[tokio::test]
async fn the_deadline_is_the_last_minute_in_which_it_is_too_late() {
    for (hours, now, allowed) in [
        (24, "2026-11-24T09:59", true),
        (24, "2026-11-24T10:00", false),
        (0, "2026-11-25T09:59", true),
        (0, "2026-11-25T10:00", false),
    ] {
        let fixture = booked(|file| file.setup.online.change_deadline_hours = hours).await;
        let id = new_command_id();
        let done = fixture.clinic.execute(&Actor::OnlineClient, id, &cancel(), at(now)).await;
        assert_eq!(done.is_ok(), allowed, "{hours} hours before, at {now}");
    }
}

#[tokio::test]
async fn only_a_booking_of_the_portal_and_of_ones_own() {
    let fixture = fixture_with(|file| {
        let booking = file.bookings.get_mut(&"b1".into()).expect("b1");
        booking.portal_id = Some("staff".to_owned());
        booking.patient = Some("p1".into());
    })
    .await;
    done(fixture.book(asked("w1", "10:00", NEW, as_on_card())).await);
    let before = fixture.export().await;
    let table = [
        ("nothing", NEW, NotChangeable::NotFromPortal),
        ("staff", TOLVAN, NotChangeable::NotFromPortal),
        ("w1", TOLVAN, NotChangeable::AnotherPerson),
    ];
    for (portal_id, e_id, why) in table {
        let cancel = Command::CancelOnline { portal_id: portal(portal_id), e_id: number(e_id) };
        assert_eq!(refusal(fixture.online(&cancel).await), Refusal::NotChangeable(why));
        let rebook = Command::RebookOnline(OnlineRebooking {
            portal_id: portal(portal_id),
            practitioner: "AE".into(),
            start: at("2026-11-25T13:00"),
            e_id: number(e_id),
        });
        assert_eq!(refusal(fixture.online(&rebook).await), Refusal::NotChangeable(why));
    }
    assert_eq!(fixture.export().await, before);
    done(fixture.online(&cancel()).await);
    let again = Refusal::NotChangeable(NotChangeable::Cancelled);
    assert_eq!(refusal(fixture.online(&cancel()).await), again);
    assert_eq!(refusal(fixture.online(&rebook("AE", "2026-11-25T13:00")).await), again);
}

#[tokio::test]
async fn a_rebooking_stays_within_the_company_and_meets_every_rule() {
    let hires_bl = |file: &mut ClinicFile| {
        let found = file.setup.practitioners.get_mut(&"BL".into()).expect("BL");
        found.company = "storgatan".into();
    };
    let fixture = booked(hires_bl).await;
    let before = fixture.export().await;
    let taken = refusal(fixture.online(&rebook("AE", "2026-11-25T09:00")).await);
    assert!(matches!(taken, Refusal::NotBookable(NotBookable::Booked(_))));
    assert_eq!(fixture.export().await, before);
    done(fixture.online(&rebook("BL", "2026-11-25T10:00")).await);
    assert_eq!(fixture.booking("w1").await.practitioner, "BL".into());
    fixture.whole_log().await;

    let fixture = booked(|_| ()).await;
    let refused = refusal(fixture.online(&rebook("BL", "2026-11-25T10:00")).await);
    assert_eq!(refused, Refusal::NotChangeable(NotChangeable::AnotherCompany));
    let same = refusal(fixture.online(&rebook("AE", "2026-11-25T10:00")).await);
    assert_eq!(same, Refusal::NothingToDo(NothingToDo::Unchanged));
}

#[tokio::test]
async fn the_time_that_a_rebooking_leaves_counts_as_free() {
    // A preblock of a quarter of an hour later gives a grid that overlaps the old time.
    let fixture = booked(|_| ()).await;
    let moved = Command::MoveBooking(MovedBooking {
        booking: fixture.booking("w1").await.id,
        practitioner: "AE".into(),
        interval: Interval::new(at("2026-11-25T10:15"), at("2026-11-25T10:45")).expect("a time"),
        confirmed: [].into(),
    });
    done(fixture.as_x(&moved).await);
    assert!(!fixture.starts("AE", "us30").await.contains(&"10:30".to_owned()));
    done(fixture.online(&rebook("AE", "2026-11-25T10:30")).await);
    assert_eq!(fixture.booking("w1").await.interval.start().clock(), "10:30");
}

#[tokio::test]
async fn staffs_undo_stops_where_the_patient_has_been_since() {
    let fixture = booked(|_| ()).await;
    let moved = Command::MoveBooking(MovedBooking {
        booking: fixture.booking("w1").await.id,
        practitioner: "AE".into(),
        interval: Interval::new(at("2026-11-25T10:30"), at("2026-11-25T11:00")).expect("a time"),
        confirmed: [].into(),
    });
    let moved = done(fixture.as_x(&moved).await);
    let rebooked = done(fixture.online(&rebook("AE", "2026-11-25T13:00")).await);
    let Refusal::TouchedSince { who, .. } = refusal(fixture.undo(&moved).await) else {
        panic!("touched since")
    };
    assert_eq!(who, ITB);
    assert_eq!(refusal(fixture.undo(&rebooked).await), Refusal::PatientsChange);
}
