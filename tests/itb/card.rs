//! Reading a patient's card.

use tidbok::clinic::*;
use tidbok::domain::*;

use crate::fixture::*;

#[tokio::test]
async fn a_card_holds_coming_bookings_soonest_first_and_past_ones_latest_first() {
    let fixture = Fixture::new().await;
    for (id, start) in [("w3", "13:30"), ("w1", "10:00"), ("w2", "10:30")] {
        fixture.online(&book(by_tolvan(asked(id, start)))).await.expect("books");
    }
    fixture.online(&cancel("w2", TOLVAN)).await.expect("cancels");
    let x = fixture.user("X").await;
    let starts = |bookings: &[Booking]| {
        bookings.iter().map(|it| it.interval.start().clock().to_string()).collect::<Vec<_>>()
    };
    // Half past nine on the day, b2 (09:40–10:00) is still to come; b4 was cancelled.
    let now = at("2026-11-25T09:50");
    let card = fixture.clinic.patient_card(&x, &"p1".into(), now).await.expect("reads");
    assert_eq!(starts(&card.coming), ["09:40", "10:00", "13:30"]);
    assert_eq!(starts(&card.past), ["10:30", "08:20"]);
    let now = at("2026-11-25T10:00");
    let card = fixture.clinic.patient_card(&x, &"p1".into(), now).await.expect("reads");
    assert_eq!(starts(&card.coming), ["10:00", "13:30"], "over when it ends");
    assert_eq!(card.patient, fixture.patient("p1").await);
}

#[tokio::test]
async fn a_card_is_bounded() {
    let fixture = Fixture::with(|file| {
        for week in 1..=60 {
            let sample = file.bookings[&"b4".into()].clone();
            for (prefix, weeks, state) in
                [("past", -week, BookingState::Booked), ("coming", week, BookingState::Booked)]
            {
                let id = BookingId::new(format!("{prefix}{week}"));
                let interval = sample.interval.plus_days(weeks * 7);
                let booking = Booking { id: id.clone(), interval, state, ..sample.clone() };
                file.bookings.insert(id, booking);
            }
        }
    })
    .await;
    let card = fixture.card("p1").await;
    let most = usize::try_from(MOST_BOOKINGS).expect("fits");
    assert_eq!((card.coming.len(), card.past.len()), (most, most));
    assert_eq!(card.coming[0].id, "b2".into(), "the nearest are shown");
    assert_eq!(card.past[1].id, "past1".into(), "after the cancelled one of the 25th");
}

#[tokio::test]
async fn r17_a_card_needs_the_right_to_see_patients_and_a_patient() {
    let fixture = Fixture::new().await;
    let elev = fixture.user("ELEV").await;
    let lacks = fixture.clinic.patient_card(&elev, &"p1".into(), at(NOW)).await;
    assert!(matches!(lacks, Err(ClinicError::Refused(Refusal::Permission { .. }))));
    let x = fixture.user("X").await;
    let nobody = fixture.clinic.patient_card(&x, &"??".into(), at(NOW)).await;
    assert!(matches!(nobody, Err(ClinicError::Refused(Refusal::UnknownPatient))));
}

#[tokio::test]
async fn a_cards_debug_names_nobody() {
    let fixture = Fixture::new().await;
    let wanted = OnlineBooking { contacts: others(), ..by_tolvan(asked("w1", "10:00")) };
    fixture.online(&book(wanted)).await.expect("books");
    let shown = format!("{:?}", fixture.card("p1").await);
    for secret in ["Tolvan", "Nyberg", TOLVAN, "example", "Nygatan"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

crate::on_the_server_too! {
    a_card_holds_coming_bookings_soonest_first_and_past_ones_latest_first,
    a_card_is_bounded,
    r17_a_card_needs_the_right_to_see_patients_and_a_patient,
    a_cards_debug_names_nobody,
}
