//! R14: the contacts that patients give, and what becomes of them.

use std::collections::BTreeSet;

use tidbok::clinic::*;
use tidbok::domain::{Fault, *};
use tidbok::store::*;

use crate::fixture::*;

fn typed() -> TypedContacts<'static> {
    TypedContacts {
        personnummer: "350318-9049",
        first_name: " Åsa ",
        last_name: "Öberg",
        email: "asa@example.org",
        mobile: "070-174 06 99",
        address: "Ängsvägen 1\r\n721 10 Mälarstad\n",
    }
}

#[test]
fn a_form_is_read_into_what_is_required_of_it() {
    let (personnummer, contacts) = typed().read(at(NOW).date()).expect("a good form");
    assert_eq!(personnummer, number(NEW));
    assert_eq!(contacts.first_name, "Åsa");
    assert_eq!(contacts.address.as_deref(), Some("Ängsvägen 1, 721 10 Mälarstad"));
    let bare = TypedContacts { address: " ", ..typed() }.read(at(NOW).date()).expect("no address");
    assert_eq!(bare.1.address, None);
}

#[test]
fn each_wrong_value_of_a_form_is_told_at_its_field() {
    let long = "å".repeat(LONGEST_NAME + 1);
    let good = typed();
    let table = [
        (TypedContacts { first_name: " ", ..good }, Field::FirstName, Problem::Empty),
        (TypedContacts { last_name: "", ..good }, Field::LastName, Problem::Empty),
        (TypedContacts { first_name: &long, ..good }, Field::FirstName, Problem::TooLong(100)),
        (
            TypedContacts { last_name: "A\u{1b}[2J", ..good },
            Field::LastName,
            Problem::ControlCharacters,
        ),
        (
            TypedContacts { first_name: "A\nB", ..good },
            Field::FirstName,
            Problem::ControlCharacters,
        ),
        (TypedContacts { email: "", ..good }, Field::Email, Problem::Empty),
        (TypedContacts { email: "asa.example.org", ..good }, Field::Email, Problem::Malformed),
        (TypedContacts { mobile: "", ..good }, Field::Mobile, Problem::Empty),
        (TypedContacts { mobile: "ring mig", ..good }, Field::Mobile, Problem::Malformed),
        (TypedContacts { mobile: "0701", ..good }, Field::Mobile, Problem::Malformed),
        (TypedContacts { address: "A\u{7}", ..good }, Field::Address, Problem::ControlCharacters),
        (TypedContacts { personnummer: "", ..good }, Field::Personnummer, Problem::Empty),
        (
            TypedContacts { personnummer: "19350318-9040", ..good },
            Field::Personnummer,
            Problem::Malformed,
        ),
        (
            TypedContacts { personnummer: "20991231-0000", ..good },
            Field::Personnummer,
            Problem::Malformed,
        ),
    ];
    for (form, field, problem) in table {
        assert_eq!(
            form.read(at(NOW).date()).err(),
            Some(vec![Fault { field, problem }]),
            "{field:?}"
        );
    }
    for id in ["", "  ", "a\nb", &"x".repeat(101)] {
        assert_eq!(PortalId::parse(id), Err(BadPortalId));
    }
}

#[test]
fn only_what_differs_is_offered_however_it_is_written() {
    let card = as_on_card().registered("p".into(), number(NEW));
    let fields = |contacts: Contacts| -> Vec<Field> {
        contacts.differing(&card).into_iter().map(|it| it.field).collect()
    };
    let with = |alter: fn(&mut Contacts)| {
        let mut contacts = as_on_card();
        alter(&mut contacts);
        contacts
    };
    assert!(fields(as_on_card()).is_empty());
    assert!(fields(with(|it| it.mobile = "+46 70 174 06 05".to_owned())).is_empty());
    assert!(fields(with(|it| it.mobile = "0046 (0)70-1740605".to_owned())).is_empty());
    assert!(fields(with(|it| it.email = "Tolvan@Example.ORG".to_owned())).is_empty());
    assert_eq!(fields(with(|it| it.mobile = "070-174 06 06".to_owned())), [Field::Mobile]);
    assert_eq!(fields(with(|it| it.address = Some("Storgatan 1".to_owned()))), [Field::Address]);
    assert_eq!(fields(with(|it| it.first_name = "Tretton".to_owned())), [Field::FirstName]);
    let homeless = Contacts { address: Some("X".to_owned()), ..as_on_card() };
    let housed = homeless.onto(&card);
    assert_eq!(as_on_card().onto(&housed).address.as_deref(), Some("X"), "none does not take away");
}

async fn offering() -> (Fixture, OfferedContacts) {
    let fixture = fixture().await;
    done(fixture.book(asked("w1", "10:00", TOLVAN, others_contacts())).await);
    let offered = fixture.card("p1").await.offered.expect("offered");
    (fixture, offered)
}

#[tokio::test]
async fn contacts_that_differ_are_offered_taken_over_and_taken_back() {
    let (fixture, offered) = offering().await;
    let differing = DifferingContact {
        field: Field::Mobile,
        on_card: Some("+46701740605".to_owned()),
        given: "+46701740699".to_owned(),
    };
    assert_eq!(offered.differing, [differing]);
    assert_eq!(offered.identification, Identification::Unverified);
    assert_eq!(offered.given_at, at(NOW));
    let before = fixture.card("p1").await.patient;
    let take = Command::TakeOverContacts {
        booking: offered.booking.clone(),
        card: Box::new(before.clone()),
    };
    let taken = done(fixture.as_x(&take).await);
    let card = fixture.card("p1").await;
    assert_eq!(card.patient.mobile.as_deref(), Some("+46701740699"));
    assert_eq!(card.offered, None);
    assert_eq!(refusal(fixture.as_x(&take).await), Refusal::NothingOffered);
    let undone = done(fixture.undo(&taken).await);
    let card = fixture.card("p1").await;
    assert_eq!((card.patient, card.offered), (before, Some(offered)));
    done(fixture.undo(&undone).await);
    assert_eq!(fixture.card("p1").await.offered, None);
    fixture.whole_log().await;
}

#[tokio::test]
async fn a_card_that_somebody_changed_meanwhile_is_not_overwritten_unseen() {
    let (fixture, offered) = offering().await;
    let before = fixture.card("p1").await.patient;
    let after = Patient { email: Some("ny@example.org".to_owned()), ..before.clone() };
    let change = SettingChange::Patient(Changed::Altered { before: before.clone(), after });
    done(fixture.as_x(&Command::ChangeSetting(Box::new(change))).await);
    let take = Command::TakeOverContacts { booking: offered.booking, card: Box::new(before) };
    let refused = refusal(fixture.as_x(&take).await);
    assert!(matches!(refused, Refusal::ChangedMeanwhile { .. }), "{refused}");
}

#[tokio::test]
async fn dismissed_contacts_are_offered_no_longer_and_nor_are_older_ones() {
    let (fixture, offered) = offering().await;
    let later = Contacts { mobile: "+46701740688".to_owned(), ..as_on_card() };
    let asked = asked("w2", "10:30", TOLVAN, later);
    let id = new_command_id();
    let book = Command::BookOnline(Box::new(asked));
    let an_hour_later = at("2026-11-23T13:00");
    done(fixture.clinic.execute(&Actor::OnlineClient, id, &book, an_hour_later).await);
    let newest = fixture.card("p1").await.offered.expect("offered");
    assert_ne!(newest.booking, offered.booking);
    let dismiss = Command::DismissContacts { booking: newest.booking.clone() };
    let dismissed = done(fixture.as_x(&dismiss).await);
    assert_eq!(fixture.card("p1").await.offered, None);
    done(fixture.undo(&dismissed).await);
    assert_eq!(fixture.card("p1").await.offered, Some(newest));
    fixture.whole_log().await;
}

#[tokio::test]
async fn contacts_as_on_the_card_are_never_offered_not_even_when_the_card_changes_later() {
    let fixture = fixture().await;
    done(fixture.book(asked("w1", "10:00", TOLVAN, as_on_card())).await);
    done(fixture.book(asked("w2", "10:30", NEW, as_on_card())).await);
    let before = fixture.card("p1").await.patient;
    let after = Patient { mobile: Some("+46701740611".to_owned()), ..before.clone() };
    let change = SettingChange::Patient(Changed::Altered { before, after });
    done(fixture.as_x(&Command::ChangeSetting(Box::new(change))).await);
    assert_eq!(fixture.card("p1").await.offered, None);
    let new = fixture.booking("w2").await.patient.expect("a patient");
    assert_eq!(fixture.card(new.as_str()).await.offered, None);
}

#[tokio::test]
async fn taking_over_and_dismissing_need_both_permissions_and_the_card_one() {
    for lacking in [Permission::BookingEdit, Permission::PatientView] {
        let (fixture, offered) = offering().await;
        let card = Box::new(fixture.card("p1").await.patient);
        let own: BTreeSet<Permission> =
            Permission::ALL.iter().copied().filter(|it| *it != lacking).collect();
        fixture.restrict_x(&own).await;
        let take = Command::TakeOverContacts { booking: offered.booking.clone(), card };
        let dismiss = Command::DismissContacts { booking: offered.booking };
        for command in [take, dismiss] {
            let refused = refusal(fixture.as_x(&command).await);
            assert_eq!(refused, Refusal::Permission { user: "X".to_owned(), permission: lacking });
        }
        let card = fixture.clinic.patient_card(&fixture.x(), &"p1".into(), at(NOW)).await;
        assert_eq!(card.is_ok(), lacking != Permission::PatientView);
    }
    let (fixture, offered) = offering().await;
    fixture.restrict_x(&[Permission::BookingEdit, Permission::PatientView].into()).await;
    done(fixture.as_x(&Command::DismissContacts { booking: offered.booking }).await);
}

#[tokio::test]
async fn what_patients_wrote_is_changed_by_nobody() {
    let (fixture, offered) = offering().await;
    let mut reading = fixture.clinic.store().read().await.expect("reads");
    let given = reading.given_contacts(&offered.booking).await.expect("reads").expect("given");
    drop(reading);
    let altered = GivenContacts { contacts: as_on_card(), ..given.clone() };
    let changes = [
        Changed::Altered { before: given.clone(), after: altered },
        Changed::Removed(given.clone()),
    ];
    for change in changes {
        let command = Command::ChangeSetting(Box::new(SettingChange::Contacts(change)));
        let faults = vec![Fault { field: Field::Whole, problem: Problem::Reserved }];
        assert_eq!(refusal(fixture.as_x(&command).await), Refusal::Faults(faults));
    }
}

#[tokio::test]
async fn no_contact_and_no_personnummer_stands_in_the_log_or_in_what_is_printed_of_a_command() {
    let fixture = fixture().await;
    let contacts = Contacts {
        first_name: "Förnamnsson".to_owned(),
        last_name: "Efternamnsson".to_owned(),
        email: "hemlig@example.org".to_owned(),
        mobile: "070-174 06 98".to_owned(),
        address: Some("Hemliga gatan 1".to_owned()),
    };
    done(fixture.book(asked("w-hemlig", "10:00", NEW, contacts.clone())).await);
    let offered = done(fixture.book(asked("w2", "10:30", TOLVAN, contacts.clone())).await);
    let given = fixture.card("p1").await.offered.expect("offered");
    let told = fixture.stored_log() + &format!("{contacts:?}{given:?}");
    for secret in
        ["Förnamnsson", "Efternamnsson", "hemlig@", "06 98", "Hemliga", NEW, TOLVAN, "w-hem"]
    {
        assert!(!told.contains(secret), "{secret}");
    }
    assert!(fixture.stored_log().contains("contacts/"));
    let own = fixture.clinic.export(&Actor::System, Completeness::Complete).await.expect("reads");
    let json = own.to_json(Completeness::Complete);
    assert_eq!(json.matches("Hemliga gatan 1").count(), 1, "on the new card, not with a booking");
    let id = new_command_id();
    fixture.clinic.import(&Actor::System, id, &own, ImportMode::Replace).await.expect("imports");
    assert_eq!(fixture.card("p1").await.offered, None);
    // Its command and its entries stay: the answer does, too.
    let again = done(fixture.book(asked("w2", "10:30", TOLVAN, contacts)).await);
    assert!(again == offered);
}
