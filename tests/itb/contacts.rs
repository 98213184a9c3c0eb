//! R14: the contacts that a patient gives are offered to staff.

use tidbok::clinic::*;
use tidbok::domain::*;

use crate::fixture::*;

/// Tolvan has booked with the contacts as w1.
async fn given(contacts: Contacts) -> Fixture {
    let fixture = Fixture::new().await;
    let wanted = OnlineBooking { contacts, ..by_tolvan(asked("w1", "10:00")) };
    fixture.online(&book(wanted)).await.expect("books");
    fixture
}

async fn take_over(fixture: &Fixture) -> Command {
    let booking = fixture.booked_as("w1").await.id;
    Command::TakeOverContacts { booking, card: Box::new(fixture.patient("p1").await) }
}

async fn dismiss(fixture: &Fixture) -> Command {
    Command::DismissContacts { booking: fixture.booked_as("w1").await.id }
}

#[tokio::test]
async fn only_what_differs_is_offered() {
    let differs = |field, on_card: Option<&str>, given: &str| DifferingContact {
        field,
        on_card: on_card.map(str::to_owned),
        given: given.to_owned(),
    };
    let table = [
        (tolvans(), vec![]),
        (Contacts { first_name: "TOLVAN".to_owned(), ..tolvans() }, vec![]),
        (Contacts { mobile: "0046701740605".to_owned(), ..tolvans() }, vec![]),
        (
            Contacts { mobile: "070-174 06 34".to_owned(), ..tolvans() },
            vec![differs(Field::Mobile, Some("+46701740605"), "070-174 06 34")],
        ),
        (
            Contacts { address: Some("Nygatan 9".to_owned()), ..tolvans() },
            vec![differs(Field::Address, None, "Nygatan 9")],
        ),
        (
            Contacts { email: "t@example.org".to_owned(), last_name: "Ek".to_owned(), ..tolvans() },
            vec![
                differs(Field::LastName, Some("Tolvansson"), "Ek"),
                differs(Field::Email, Some("tolvan@example.org"), "t@example.org"),
            ],
        ),
    ];
    for (contacts, expected) in table {
        let fixture = given(contacts).await;
        let offered = fixture.card("p1").await.offered;
        let differing = offered.as_ref().map(|it| it.differing.clone()).unwrap_or_default();
        assert!(differing == expected, "{differing:?}");
        assert_eq!(offered.is_none(), expected.is_empty());
    }
}

#[tokio::test]
async fn an_offer_tells_which_booking_it_came_with_and_whether_the_giver_was_identified() {
    let fixture = given(others()).await;
    let offered = fixture.card("p1").await.offered.expect("an offer");
    assert_eq!(offered.booking, fixture.booked_as("w1").await.id);
    assert_eq!(offered.identification, Identification::Unverified);
    assert_eq!(offered.given_at, at(NOW));
}

#[tokio::test]
async fn the_inbox_marks_what_was_booked_in_another_name_until_staff_have_dealt_with_it() {
    let marked = async |fixture: &Fixture| {
        let inbox = fixture.clinic.inbox(&Actor::System, 20).await.expect("an inbox");
        assert_eq!(inbox.arrivals.len(), 1);
        inbox.in_other_names.contains(&inbox.arrivals[0].booking)
    };
    let other_number = Contacts { mobile: "070-174 06 34".to_owned(), ..tolvans() };
    assert!(!marked(&given(other_number).await).await, "the same person with another phone");
    let other_name = Contacts { last_name: "Ek".to_owned(), ..tolvans() };
    let fixture = given(other_name).await;
    assert!(marked(&fixture).await);
    let command = dismiss(&fixture).await;
    fixture.staff(&command).await.expect("is dismissed");
    assert!(!marked(&fixture).await);
}

#[tokio::test]
async fn taken_over_they_stand_on_the_card_and_undo_brings_card_and_offer_back() {
    let fixture = given(others()).await;
    let (before, offer) = (fixture.patient("p1").await, fixture.card("p1").await.offered);
    let command = take_over(&fixture).await;
    let outcome = fixture.staff(&command).await.expect("takes over");
    let card = fixture.card("p1").await;
    let expected = Patient {
        first_name: "Nya".to_owned(),
        last_name: "Nyberg".to_owned(),
        email: Some("nya@example.se".to_owned()),
        mobile: Some("070-174 06 34".to_owned()),
        address: Some("Nygatan 9, 123 45 Nyby".to_owned()),
        ..before.clone()
    };
    assert_eq!((card.patient, card.offered), (expected, None));
    let undone = fixture.undo(&outcome).await.expect("undoes");
    assert_eq!((fixture.patient("p1").await, fixture.card("p1").await.offered), (before, offer));
    fixture.undo(&undone).await.expect("redoes");
    assert_eq!(fixture.card("p1").await.offered, None);
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn the_search_finds_the_patient_by_the_name_taken_over() {
    let fixture = given(others()).await;
    let command = take_over(&fixture).await;
    fixture.staff(&command).await.expect("takes over");
    let x = fixture.user("X").await;
    let found = fixture.clinic.find_patients(&x, "nyberg", 9).await.expect("reads");
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn dismissed_they_are_offered_no_longer_and_undo_offers_them_again() {
    let fixture = given(others()).await;
    let before = fixture.export().await;
    let command = dismiss(&fixture).await;
    let outcome = fixture.staff(&command).await.expect("dismisses");
    assert_eq!(fixture.card("p1").await.offered, None);
    assert_eq!(fixture.export().await, before, "the card is as it was");
    fixture.undo(&outcome).await.expect("undoes");
    assert!(fixture.card("p1").await.offered.is_some());
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn what_is_settled_is_not_settled_twice() {
    let fixture = given(others()).await;
    let (taking, dismissing) = (take_over(&fixture).await, dismiss(&fixture).await);
    fixture.staff(&dismissing).await.expect("dismisses");
    for command in [taking, dismissing] {
        assert_eq!(refusal(fixture.staff(&command).await), Refusal::NothingOffered);
    }
    let of_staff = Command::DismissContacts { booking: "b1".into() };
    assert_eq!(refusal(fixture.staff(&of_staff).await), Refusal::NothingOffered);
}

#[tokio::test]
async fn a_card_that_somebody_changed_meanwhile_is_not_overwritten_and_the_offer_stays() {
    let fixture = given(others()).await;
    let command = take_over(&fixture).await;
    let before = fixture.patient("p1").await;
    let after = Patient { mobile: Some("08-123 456 78".to_owned()), ..before.clone() };
    let change = SettingChange::Patient(Changed::Altered { before, after: after.clone() });
    fixture.staff(&Command::ChangeSetting(Box::new(change))).await.expect("saves");
    let refused = refusal(fixture.staff(&command).await);
    assert!(matches!(refused, Refusal::ChangedMeanwhile { .. }), "{refused}");
    let card = fixture.card("p1").await;
    assert_eq!(card.patient, after);
    assert!(card.offered.is_some());
}

#[tokio::test]
async fn contacts_go_on_the_card_of_the_bookings_patient_only() {
    let fixture = given(others()).await;
    fixture.online(&book(asked("w2", "10:30"))).await.expect("books");
    let other = fixture.booked_as("w2").await.patient.expect("a patient");
    let booking = fixture.booked_as("w1").await.id;
    let card = Box::new(fixture.patient(other.as_str()).await);
    let command = Command::TakeOverContacts { booking, card };
    assert_eq!(refusal(fixture.staff(&command).await), Refusal::Gone);
}

#[tokio::test]
async fn r17_settling_an_offer_needs_the_rights_to_change_a_patient() {
    let fixture = given(others()).await;
    // AE has the default permissions, ELEV books only.
    let table = [("AE", Permission::BookingEdit), ("ELEV", Permission::PatientView)];
    for (user, permission) in table {
        let expected = Refusal::Permission { user: user.to_owned(), permission };
        for command in [take_over(&fixture).await, dismiss(&fixture).await] {
            assert_eq!(refusal(fixture.by(user, &command).await), expected);
        }
    }
}

#[tokio::test]
async fn what_a_patient_wrote_is_not_rewritten_through_the_settings() {
    let fixture = given(others()).await;
    let booking = fixture.booked_as("w1").await.id;
    let mut reading = fixture.clinic.store().read().await.expect("reads");
    let before = reading.given_contacts(&booking).await.expect("reads").expect("given");
    drop(reading);
    let after = GivenContacts { contacts: tolvans(), ..before.clone() };
    let changes =
        [Changed::Removed(before.clone()), Changed::Altered { before: before.clone(), after }];
    for change in changes {
        let command = Command::ChangeSetting(Box::new(SettingChange::Contacts(change)));
        assert!(matches!(refusal(fixture.staff(&command).await), Refusal::Faults(_)));
    }
    let mut reading = fixture.clinic.store().read().await.expect("reads");
    assert!(reading.given_contacts(&booking).await.expect("reads") == Some(before));
}

#[tokio::test]
async fn what_was_given_last_is_what_is_offered() {
    let fixture = given(others()).await;
    let contacts = Contacts { mobile: "070-174 06 35".to_owned(), ..tolvans() };
    let later = OnlineBooking { contacts, ..by_tolvan(asked("w2", "10:30")) };
    fixture.online_at(&book(later), "2026-11-23T12:05").await.expect("books");
    let offered = fixture.card("p1").await.offered.expect("an offer");
    assert_eq!(offered.booking, fixture.booked_as("w2").await.id);
    let fields: Vec<Field> = offered.differing.iter().map(|it| it.field).collect();
    assert_eq!(fields, [Field::Mobile]);
}

#[tokio::test]
async fn the_clinic_file_leaves_them_out_and_replacing_clears_them() {
    use tidbok::store::{Completeness, ImportMode};
    let fixture = given(others()).await;
    let file = fixture.clinic.export(&Actor::System, Completeness::Complete).await.expect("reads");
    assert!(!file.to_json(Completeness::Complete).contains("Nygatan"));
    let (id, mode) = (new_command_id(), ImportMode::Replace);
    fixture.clinic.import(&Actor::System, id, &file, mode).await.expect("imports");
    assert_eq!(fixture.card("p1").await.offered, None);
    let again = fixture.online(&book(by_tolvan(asked("w1", "10:00")))).await;
    again.expect("is known still");
    assert_eq!(fixture.bookings().await, file.bookings.len());
}

crate::on_the_server_too! {
    only_what_differs_is_offered,
    an_offer_tells_which_booking_it_came_with_and_whether_the_giver_was_identified,
    taken_over_they_stand_on_the_card_and_undo_brings_card_and_offer_back,
    the_search_finds_the_patient_by_the_name_taken_over,
    dismissed_they_are_offered_no_longer_and_undo_offers_them_again,
    what_is_settled_is_not_settled_twice,
    a_card_that_somebody_changed_meanwhile_is_not_overwritten_and_the_offer_stays,
    contacts_go_on_the_card_of_the_bookings_patient_only,
    r17_settling_an_offer_needs_the_rights_to_change_a_patient,
    what_a_patient_wrote_is_not_rewritten_through_the_settings,
    what_was_given_last_is_what_is_offered,
    the_clinic_file_leaves_them_out_and_replacing_clears_them,
}
