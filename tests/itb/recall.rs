//! R16: bookings that move the recall (*Flytta nästa rev*).

use tidbok::clinic::*;
use tidbok::domain::*;

use crate::fixture::*;

const ON_THE_25TH: &str = "2026-11-25T13:00";

/// Tolvan's recall is due on this date before anything is booked.
async fn due(date: Option<&str>) -> Fixture {
    Fixture::with(|file| {
        let patient = file.patients.get_mut(&"p1".into()).expect("is there");
        patient.recall.date = date.map(|date| parse_date(date).expect("a date"));
    })
    .await
}

/// By the template that moves the recall, for Tolvan.
fn check_up(start: &str) -> Command {
    staff_booking("us45r", BookedFor::Patient("p1".into()), start)
}

fn of(outcome: &Outcome) -> BookingId {
    let booking = outcome.changes.iter().find_map(|change| match change {
        Change::Booking(change) => change.after().map(|booking| booking.id.clone()),
        _ => None,
    });
    booking.expect("a booking")
}

fn cancelling(outcome: &Outcome) -> Command {
    Command::CancelBooking { booking: of(outcome), seen: None, reason: None }
}

fn moving(outcome: &Outcome, start: &str) -> Command {
    let interval = Interval::new(at(start), at(start) + Minutes(45)).expect("a time");
    let confirmed = [Confirmation::OutsideSchedule].into();
    let practitioner = "AE".into();
    Command::MoveBooking(MovedBooking {
        booking: of(outcome),
        seen: None,
        practitioner,
        interval,
        confirmed,
    })
}

async fn set_recall(fixture: &Fixture, change: impl FnOnce(&mut Recall)) {
    let before = fixture.patient("p1").await;
    let mut after = before.clone();
    change(&mut after.recall);
    let change = SettingChange::Patient(Changed::Altered { before, after });
    fixture.staff(&Command::ChangeSetting(Box::new(change))).await.expect("saves");
}

fn date(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn r16_staffs_booking_moves_the_recall_and_cancelling_restores_it() {
    for former in [None, Some("2026-11-30")] {
        let fixture = due(former).await;
        let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
        assert_eq!(fixture.recall_date("p1").await, date("2027-11-25"));
        fixture.staff(&cancelling(&booked)).await.expect("cancels");
        assert_eq!(fixture.recall_date("p1").await, former.map(str::to_owned));
        fixture.log_is_whole().await;
    }
}

#[tokio::test]
async fn r16_so_do_a_patients_booking_rebooking_and_cancelling() {
    let fixture = due(Some("2026-11-30")).await;
    let wanted = OnlineBooking { template: "us45r".into(), ..by_tolvan(asked("w1", "13:00")) };
    fixture.online(&book(wanted)).await.expect("books");
    assert_eq!(fixture.recall_date("p1").await, date("2027-11-25"));
    fixture.online(&rebook("w1", "AE", "2026-11-26T08:00", TOLVAN)).await.expect("rebooks");
    assert_eq!(fixture.recall_date("p1").await, date("2027-11-26"));
    fixture.online(&cancel("w1", TOLVAN)).await.expect("cancels");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r16_staff_cancelling_a_patients_booking_restores_it_too() {
    let fixture = due(Some("2026-11-30")).await;
    let wanted = OnlineBooking { template: "us45r".into(), ..by_tolvan(asked("w1", "13:00")) };
    let booked = fixture.online(&book(wanted)).await.expect("books");
    fixture.staff(&cancelling(&booked)).await.expect("cancels");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
}

#[tokio::test]
async fn r16_somebody_new_gets_a_recall_with_the_first_booking() {
    let fixture = Fixture::new().await;
    let wanted = OnlineBooking { template: "us45r".into(), ..asked("w1", "13:00") };
    fixture.online(&book(wanted)).await.expect("books");
    let id = fixture.booked_as("w1").await.patient.expect("a patient");
    assert_eq!(fixture.recall_date(id.as_str()).await, date("2027-11-25"));
    fixture.online(&cancel("w1", NEW)).await.expect("cancels");
    assert_eq!(fixture.recall_date(id.as_str()).await, None);
}

#[tokio::test]
async fn r16_a_template_without_the_flag_moves_nothing() {
    let fixture = due(Some("2026-11-30")).await;
    let plain = staff_booking("us30", BookedFor::Patient("p1".into()), "2026-11-25T10:00");
    fixture.staff(&plain).await.expect("books");
    fixture.online(&book(by_tolvan(asked("w1", "10:30")))).await.expect("books");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
}

#[tokio::test]
async fn r16_the_interval_is_the_patients_own_and_ends_within_the_month() {
    for (months, on, expected) in
        [(6, "2026-11-25T13:00", "2027-05-25"), (3, "2026-11-30T13:00", "2027-02-28")]
    {
        let fixture = due(None).await;
        set_recall(&fixture, |recall| recall.months = months).await;
        fixture.staff(&check_up(on)).await.expect("books");
        assert_eq!(fixture.recall_date("p1").await, date(expected));
    }
}

#[tokio::test]
async fn r16_a_date_that_was_changed_since_is_left_alone() {
    let fixture = due(Some("2026-11-30")).await;
    let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
    let set = parse_date("2027-01-15");
    set_recall(&fixture, |recall| recall.date = set).await;
    fixture.staff(&moving(&booked, "2026-11-26T13:00")).await.expect("moves");
    assert_eq!(fixture.recall_date("p1").await, date("2027-01-15"));
    fixture.staff(&cancelling(&booked)).await.expect("cancels");
    assert_eq!(fixture.recall_date("p1").await, date("2027-01-15"));
}

#[tokio::test]
async fn r16_moving_a_booking_carries_the_date_along_and_what_it_was_before() {
    let fixture = due(Some("2026-11-30")).await;
    let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
    let moved = fixture.staff(&moving(&booked, "2026-12-02T13:00")).await.expect("moves");
    assert_eq!(fixture.recall_date("p1").await, date("2027-12-02"));
    let same_day = fixture.staff(&moving(&booked, "2026-12-02T15:00")).await.expect("moves");
    assert_eq!(fixture.recall_date("p1").await, date("2027-12-02"));
    fixture.undo(&same_day).await.expect("undoes");
    fixture.undo(&moved).await.expect("undoes");
    assert_eq!(fixture.recall_date("p1").await, date("2027-11-25"));
    fixture.staff(&moving(&booked, "2026-12-03T13:00")).await.expect("moves");
    fixture.staff(&cancelling(&booked)).await.expect("cancels");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
}

#[tokio::test]
async fn r20_undo_and_redo_take_the_recall_along() {
    for former in [None, Some("2026-11-30")] {
        let fixture = due(former).await;
        let former = former.map(str::to_owned);
        let before = fixture.export().await;
        let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
        let with = fixture.export().await;
        let undone = fixture.undo(&booked).await.expect("undoes");
        assert_eq!(fixture.export().await, before);
        let redone = fixture.undo(&undone).await.expect("redoes");
        assert_eq!(fixture.export().await, with);
        let cancelled = fixture.staff(&cancelling(&redone)).await.expect("cancels");
        assert_eq!(fixture.recall_date("p1").await, former, "it was kept through redo");
        fixture.undo(&cancelled).await.expect("undoes");
        assert_eq!(fixture.export().await, with);
        fixture.staff(&cancelling(&redone)).await.expect("cancels again");
        assert_eq!(fixture.recall_date("p1").await, former, "it was kept through undo");
        fixture.log_is_whole().await;
    }
}

#[tokio::test]
async fn r20_bookings_in_two_books_at_once_take_their_recalls_along_and_back() {
    let fixture = due(Some("2026-11-30")).await;
    fixture.online(&book(asked("w1", "10:00"))).await.expect("books");
    let other = fixture.booked_as("w1").await.patient.expect("a patient");
    let in_book_of = |practitioner: &str, patient: PatientId, start: &str| {
        Command::Book(StaffBooking {
            practitioner: practitioner.into(),
            start: at(start),
            what: BookingSubject::Template("us45r".into()),
            patient: BookedFor::Patient(patient),
            text: None,
            confirmed: [Confirmation::OutsideSchedule].into(),
        })
    };
    let before = fixture.export().await;
    let together = Command::Together(vec![
        in_book_of("AE", "p1".into(), "2026-11-26T13:00"),
        in_book_of("BL", other.clone(), "2026-11-27T13:00"),
    ]);
    let booked = fixture.staff(&together).await.expect("books");
    let with = fixture.export().await;
    assert_eq!(fixture.recall_date("p1").await, date("2027-11-26"));
    assert_eq!(fixture.recall_date(other.as_str()).await, date("2027-11-27"));
    let undone = fixture.undo(&booked).await.expect("undoes");
    assert_eq!(fixture.export().await, before);
    let redone = fixture.undo(&undone).await.expect("redoes");
    assert_eq!(fixture.export().await, with);
    fixture.undo(&redone).await.expect("undoes again");
    assert_eq!(fixture.export().await, before);
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r20_undoing_a_booking_leaves_a_recall_that_somebody_has_set_since() {
    let fixture = due(Some("2026-11-30")).await;
    let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
    let set = parse_date("2027-01-15");
    set_recall(&fixture, |recall| recall.date = set).await;
    fixture.undo(&booked).await.expect("undoes");
    assert_eq!(fixture.recall_date("p1").await, date("2027-01-15"));
    assert_eq!(fixture.card("p1").await.coming.len(), 1, "the example's own");
}

#[tokio::test]
async fn r16_a_booking_given_to_another_patient_takes_its_recall_along() {
    let fixture = due(Some("2026-11-30")).await;
    fixture.online(&book(asked("w1", "10:00"))).await.expect("books");
    let other = fixture.booked_as("w1").await.patient.expect("a patient");
    let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
    let other_patient = BookedFor::Patient(other.clone());
    let edited = editing(&fixture, &booked, |edited| edited.patient = other_patient).await;
    let given = fixture.staff(&edited).await.expect("saves");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
    assert_eq!(fixture.recall_date(other.as_str()).await, date("2027-11-25"));
    fixture.undo(&given).await.expect("undoes");
    assert_eq!(fixture.recall_date("p1").await, date("2027-11-25"));
    assert_eq!(fixture.recall_date(other.as_str()).await, None);
    fixture.staff(&cancelling(&booked)).await.expect("cancels");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
}

/// Staff change whether bookings by a template move the recall, from now on.
async fn let_move(fixture: &Fixture, template: &str, moves_recall: bool) {
    let setup = fixture.clinic.setup().await.expect("reads");
    let before = setup.templates[&template.into()].clone();
    let after = BookingTemplate { moves_recall, ..before.clone() };
    let change = SettingChange::Template(Changed::Altered { before, after });
    fixture.staff(&Command::ChangeSetting(Box::new(change))).await.expect("saves");
}

/// What staff change of the booking, which stays where it is.
async fn editing(
    fixture: &Fixture,
    outcome: &Outcome,
    change: impl FnOnce(&mut EditedBooking),
) -> Command {
    let mut reading = fixture.clinic.store().read().await.expect("reads");
    let seen = reading.booking(&of(outcome)).await.expect("reads").expect("is there");
    let mut edited = EditedBooking {
        template: None,
        patient: seen.patient.clone().into(),
        text: seen.text.clone(),
        seen: Box::new(seen),
        confirmed: [Confirmation::OutsideSchedule].into(),
    };
    change(&mut edited);
    Command::EditBooking(edited)
}

#[tokio::test]
async fn r16_a_flag_that_a_template_got_since_moves_nothing_with_what_was_booked_before() {
    let fixture = due(Some("2026-11-30")).await;
    let plain = staff_booking("us30", BookedFor::Patient("p1".into()), "2026-11-25T10:00");
    let booked = fixture.staff(&plain).await.expect("books");
    let_move(&fixture, "us30", true).await;
    fixture.staff(&moving(&booked, "2026-11-26T13:00")).await.expect("moves");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
    let text = editing(&fixture, &booked, |edited| edited.text = "Ringer".to_owned()).await;
    fixture.staff(&text).await.expect("saves");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
    fixture.staff(&cancelling(&booked)).await.expect("cancels");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
}

#[tokio::test]
async fn r16_a_flag_that_a_template_lost_since_takes_nothing_back_as_long_as_the_booking_stands() {
    let fixture = due(Some("2026-11-30")).await;
    let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
    let_move(&fixture, "us45r", false).await;
    let text = editing(&fixture, &booked, |edited| edited.text = "Ringer".to_owned()).await;
    fixture.staff(&text).await.expect("saves");
    assert_eq!(fixture.recall_date("p1").await, date("2027-11-25"));
    fixture.staff(&moving(&booked, "2026-12-02T13:00")).await.expect("moves");
    assert_eq!(fixture.recall_date("p1").await, date("2027-12-02"), "it goes along");
    fixture.staff(&cancelling(&booked)).await.expect("cancels");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
}

#[tokio::test]
async fn r16_another_template_gives_the_recall_back_unless_it_moves_it_too() {
    for (moves, by_another) in [(false, "2026-11-30"), (true, "2027-11-25")] {
        let fixture = due(Some("2026-11-30")).await;
        if moves {
            let_move(&fixture, "us30", true).await;
        }
        let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
        let another =
            editing(&fixture, &booked, |edited| edited.template = Some("us30".into())).await;
        fixture.staff(&another).await.expect("saves");
        assert_eq!(fixture.recall_date("p1").await, date(by_another), "{moves}");
        fixture.staff(&cancelling(&booked)).await.expect("cancels");
        assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"), "{moves}");
    }
}

#[tokio::test]
async fn r20_a_booking_given_to_somebody_who_is_registered_with_that_comes_and_goes_with_both_recalls()
 {
    let fixture = due(Some("2026-11-30")).await;
    // Whoever is new is called after a year, Tolvan after half of one.
    set_recall(&fixture, |recall| recall.months = 6).await;
    let booked = fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
    let before = fixture.export().await;
    let new = NewPatient {
        personnummer: None,
        first_name: "Nya".to_owned(),
        last_name: "Nyberg".to_owned(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::None,
    };
    let given =
        editing(&fixture, &booked, |edited| edited.patient = BookedFor::New(Box::new(new))).await;
    let given = fixture.staff(&given).await.expect("saves");
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
    let with = fixture.export().await;
    let undone = fixture.undo(&given).await.expect("undoes");
    assert_eq!(fixture.export().await, before);
    assert_eq!(fixture.recall_date("p1").await, date("2027-05-25"));
    fixture.undo(&undone).await.expect("redoes");
    assert_eq!(fixture.export().await, with);
    assert_eq!(fixture.recall_date("p1").await, date("2026-11-30"));
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r17_who_may_book_may_move_the_recall_with_it() {
    let fixture = due(None).await;
    // ELEV books, and may not see patients.
    fixture.by("ELEV", &check_up(ON_THE_25TH)).await.expect("books");
    assert_eq!(fixture.recall_date("p1").await, date("2027-11-25"));
}

#[tokio::test]
async fn r16_the_log_tells_of_the_recall_as_of_a_change_of_the_patient() {
    let fixture = due(Some("2026-11-30")).await;
    fixture.staff(&check_up(ON_THE_25TH)).await.expect("books");
    let log = fixture
        .clinic
        .log(
            &Actor::System,
            &LogQuestion::Entries { filter: LogFilter::default(), before: None },
            2,
        )
        .await
        .expect("reads");
    let entry = log.iter().find(|entry| entry.entity == "patient/p1").expect("an entry");
    let told = |value: &Option<AuditValue>| {
        value.as_ref().expect("a value").to_json()["recall_date"].clone()
    };
    assert_eq!(
        (told(&entry.before), told(&entry.after)),
        ("2026-11-30".into(), "2027-11-25".into())
    );
    assert_eq!((entry.actor.as_str(), entry.action.as_str()), ("X", "booking.add"));
}

#[tokio::test]
async fn r16_a_recalls_template_must_be_usable_for_recall() {
    let fixture = Fixture::new().await;
    let before = fixture.patient("p1").await;
    let mut after = before.clone();
    after.recall.template = Some("us30".into());
    let change = SettingChange::Patient(Changed::Altered { before, after });
    let refused = refusal(fixture.staff(&Command::ChangeSetting(Box::new(change))).await);
    let fault = Fault { field: Field::RecallTemplate, problem: Problem::NotForRecall };
    assert_eq!(refused, Refusal::Faults(vec![fault]));
}

#[tokio::test]
async fn r20_a_patient_registered_with_the_booking_comes_and_goes_with_recall_and_all() {
    let fixture = Fixture::new().await;
    let new = NewPatient {
        personnummer: None,
        first_name: "Nya".to_owned(),
        last_name: "Nyberg".to_owned(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::None,
    };
    let booking = staff_booking("us45r", BookedFor::New(Box::new(new)), ON_THE_25TH);
    let before = fixture.export().await;
    let booked = fixture.staff(&booking).await.expect("books");
    let undone = fixture.undo(&booked).await.expect("undoes");
    assert_eq!(fixture.export().await, before);
    let redone = fixture.undo(&undone).await.expect("redoes");
    let moved = redone.changes.iter().find_map(|change| match change {
        Change::Recall(change) => Some(change.patient.clone()),
        _ => None,
    });
    let patient = moved.expect("the recall is among what is made again");
    assert_eq!(fixture.recall_date(patient.as_str()).await, date("2027-11-25"));
    fixture.staff(&cancelling(&redone)).await.expect("cancels");
    assert_eq!(fixture.recall_date(patient.as_str()).await, None);
    fixture.log_is_whole().await;
}

crate::on_the_server_too! {
    r16_staffs_booking_moves_the_recall_and_cancelling_restores_it,
    r16_so_do_a_patients_booking_rebooking_and_cancelling,
    r16_staff_cancelling_a_patients_booking_restores_it_too,
    r16_somebody_new_gets_a_recall_with_the_first_booking,
    r16_a_template_without_the_flag_moves_nothing,
    r16_the_interval_is_the_patients_own_and_ends_within_the_month,
    r16_a_date_that_was_changed_since_is_left_alone,
    r16_moving_a_booking_carries_the_date_along_and_what_it_was_before,
    r20_undo_and_redo_take_the_recall_along,
    r20_bookings_in_two_books_at_once_take_their_recalls_along_and_back,
    r20_undoing_a_booking_leaves_a_recall_that_somebody_has_set_since,
    r16_a_booking_given_to_another_patient_takes_its_recall_along,
    r16_a_flag_that_a_template_got_since_moves_nothing_with_what_was_booked_before,
    r16_a_flag_that_a_template_lost_since_takes_nothing_back_as_long_as_the_booking_stands,
    r16_another_template_gives_the_recall_back_unless_it_moves_it_too,
    r20_a_booking_given_to_somebody_who_is_registered_with_that_comes_and_goes_with_both_recalls,
    r17_who_may_book_may_move_the_recall_with_it,
    r16_the_log_tells_of_the_recall_as_of_a_change_of_the_patient,
    r16_a_recalls_template_must_be_usable_for_recall,
    r20_a_patient_registered_with_the_booking_comes_and_goes_with_recall_and_all,
}
