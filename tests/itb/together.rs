//! R12, R14: many at once.

use futures_util::future::join_all;
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{OpenMode, Store};

use crate::fixture::*;

/// As many consoles and agents of their own on the same file.
async fn clinics(fixture: &Fixture, many: usize) -> Vec<Clinic> {
    let location = fixture.place.location();
    let stores = (0..many).map(|_| Store::open(&location, OpenMode::Existing));
    join_all(stores).await.into_iter().map(|store| Clinic::new(store.expect("opens"))).collect()
}

async fn all_at_once(
    clinics: &[Clinic],
    commands: &[Command],
) -> Vec<Result<Outcome, ClinicError>> {
    let tasks = clinics.iter().cloned().zip(commands.iter().cloned()).map(|(clinic, command)| {
        tokio::spawn(async move {
            clinic.execute(&Actor::OnlineClient, new_command_id(), &command, at(NOW)).await
        })
    });
    join_all(tasks).await.into_iter().map(|task| task.expect("runs")).collect()
}

#[tokio::test]
async fn r12_of_many_patients_at_one_time_one_books_it_and_the_others_are_told_that_it_is_taken() {
    let fixture = Fixture::new().await;
    let before = fixture.bookings().await;
    let clinics = clinics(&fixture, 12).await;
    let ids = (0..12).map(|n| format!("w{n}"));
    let commands: Vec<Command> = ids.map(|id| book(asked(&id, "10:00"))).collect();
    let results = all_at_once(&clinics, &commands).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for result in results.into_iter().filter(Result::is_err) {
        let refused = refusal(result);
        assert!(matches!(refused, Refusal::NotBookable(NotBookable::Booked(_))), "{refused}");
    }
    assert_eq!(fixture.bookings().await, before + 1);
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r14_one_portal_id_from_many_sides_at_once_is_one_booking_with_one_answer() {
    let fixture = Fixture::new().await;
    let before = fixture.bookings().await;
    let clinics = clinics(&fixture, 8).await;
    let commands = vec![book(asked("w1", "10:00")); 8];
    let results = all_at_once(&clinics, &commands).await;
    let answers: Vec<Outcome> = results.into_iter().map(|it| it.expect("answers")).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(fixture.bookings().await, before + 1);
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r14_one_person_who_books_many_times_at_once_is_registered_once() {
    let fixture = Fixture::new().await;
    let starts = ["10:00", "10:30", "13:00", "13:30"];
    let clinics = clinics(&fixture, starts.len()).await;
    let commands: Vec<Command> =
        starts.iter().map(|start| book(asked(&format!("w{start}"), start))).collect();
    for result in all_at_once(&clinics, &commands).await {
        result.expect("books");
    }
    let mut patients = Vec::new();
    for start in starts {
        patients.push(fixture.booked_as(&format!("w{start}")).await.patient);
    }
    patients.dedup();
    assert_eq!(patients.len(), 1);
}

#[tokio::test]
async fn r12_staff_and_a_patient_at_one_time_make_one_booking() {
    let fixture = Fixture::new().await;
    let staff = staff_booking("us30", BookedFor::Nobody, "2026-11-25T10:00");
    let patient = book(asked("w1", "10:00"));
    let (by_staff, by_patient) = tokio::join!(fixture.staff(&staff), fixture.online(&patient));
    assert!(by_staff.is_ok() != by_patient.is_ok());
}

crate::on_the_server_too! {
    r12_of_many_patients_at_one_time_one_books_it_and_the_others_are_told_that_it_is_taken,
    r14_one_portal_id_from_many_sides_at_once_is_one_booking_with_one_answer,
    r14_one_person_who_books_many_times_at_once_is_registered_once,
    r12_staff_and_a_patient_at_one_time_make_one_booking,
}
