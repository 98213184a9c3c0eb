//! R14: what a patient books.

use tidbok::clinic::*;
use tidbok::domain::{Fault, *};
use tidbok::store::*;

use crate::fixture::*;

#[tokio::test]
async fn a_patients_booking_follows_the_template_and_is_registered_by_itb() {
    let fixture = fixture().await;
    let asked = OnlineBooking {
        template: "us45r".into(),
        identification: Identification::EId,
        ..asked("w1", "13:00", TOLVAN, as_on_card())
    };
    done(fixture.book(asked).await);
    let booking = fixture.booking("w1").await;
    assert_eq!(booking.interval.to_string(), "2026-11-25T13:00/2026-11-25T13:45");
    let told = (booking.category.as_str(), booking.text.as_str(), booking.resources.to_string());
    assert_eq!(told, ("us", "E-tid rtg", "R".to_owned()));
    assert_eq!(booking.registered_by, ITB);
    assert_eq!(booking.portal_id.as_deref(), Some("w1"));
    assert_eq!(booking.identification, Identification::EId);
    assert_eq!(booking.patient, Some("p1".into()));
    fixture.whole_log().await;
}

#[tokio::test]
async fn the_resolvers_reason_refuses_what_is_not_bookable_now_and_nothing_is_written() {
    type Alter = fn(&mut ClinicFile);
    type Meant = fn(&NotBookable) -> bool;
    let table: [(&str, Alter, Meant); 8] = [
        ("10:00", |file| file.setup.online.paused = true, |it| *it == NotBookable::Paused),
        ("08:00", |_| (), |it| *it == NotBookable::NoPreblock),
        ("10:10", |_| (), |it| matches!(it, NotBookable::OffGrid { .. })),
        (
            "10:00",
            |file| template(file, "us30").online = false,
            |it| *it == NotBookable::TemplateNotOnline,
        ),
        ("10:00", |file| file.work_sessions.clear(), |it| *it == NotBookable::OutsideSchedule),
        (
            "10:00",
            |file| file.setup.online.notice_minutes = 46 * 60 + 1,
            |it| matches!(it, NotBookable::TooSoon { .. }),
        ),
        (
            "10:00",
            |file| file.setup.online.horizon_days = 1,
            |it| matches!(it, NotBookable::TooFarAhead { .. }),
        ),
        ("09:00", |_| (), |it| matches!(it, NotBookable::Booked(_))),
    ];
    for (clock, alter, is_meant) in table {
        let fixture = fixture_with(alter).await;
        let before = fixture.export().await;
        let refused = refusal(fixture.book(asked("w1", clock, NEW, as_on_card())).await);
        let Refusal::NotBookable(reason) = &refused else { panic!("{refused}") };
        assert!(is_meant(reason), "{clock}: {reason}");
        assert_eq!(refused.rule(), Some(reason.rule()));
        assert_eq!(fixture.export().await, before);
    }
}

#[tokio::test]
async fn who_is_known_by_personnummer_keeps_the_card_and_who_is_not_gets_one() {
    let fixture = fixture().await;
    let card = fixture.card("p1").await.patient;
    done(fixture.book(asked("w1", "10:00", TOLVAN, others_contacts())).await);
    assert_eq!(fixture.card("p1").await.patient, card);
    let contacts = Contacts { address: Some("Ängsvägen 1".to_owned()), ..others_contacts() };
    done(fixture.book(asked("w2", "10:30", NEW, contacts.clone())).await);
    let new = fixture.booking("w2").await.patient.expect("a patient");
    let new = fixture.card(new.as_str()).await.patient;
    assert_eq!(new.personnummer, Some(number(NEW)));
    assert_eq!(contacts.onto(&new), new);
    assert_eq!(new.recall, Recall::default());
    done(fixture.book(asked("w3", "11:30", NEW, as_on_card())).await);
    assert_eq!(fixture.booking("w3").await.patient, Some(new.id));
    fixture.whole_log().await;
}

#[tokio::test]
async fn a_protected_patient_gets_the_same_answers_as_anyone() {
    let mut answers = Vec::new();
    for protection in [IdentityProtection::None, IdentityProtection::Protected] {
        let fixture = fixture_with(|file| {
            file.patients.values_mut().for_each(|patient| patient.protection = protection);
        })
        .await;
        let kinds = |outcome: &Outcome| -> Vec<String> {
            outcome.changes.iter().map(|change| format!("{:?}", change.permissions())).collect()
        };
        let booked = done(fixture.book(asked("w1", "10:00", TOLVAN, others_contacts())).await);
        let taken = refusal(fixture.book(asked("w2", "10:00", TOLVAN, as_on_card())).await);
        let e_id = number(NEW);
        let stranger = Command::CancelOnline { portal_id: portal("w1"), e_id };
        let stranger = refusal(fixture.online(&stranger).await);
        answers.push((kinds(&booked), taken, stranger));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn an_address_is_required_where_the_setting_asks_for_it() {
    let fixture = fixture_with(|file| file.setup.online.require_address = true).await;
    let missing = Refusal::Faults(vec![Fault { field: Field::Address, problem: Problem::Empty }]);
    assert_eq!(refusal(fixture.book(asked("w1", "10:00", NEW, as_on_card())).await), missing);
    let contacts = Contacts { address: Some("Storgatan 1".to_owned()), ..as_on_card() };
    done(fixture.book(asked("w1", "10:00", NEW, contacts)).await);
}

#[tokio::test]
async fn the_same_portal_id_makes_one_booking_and_the_same_answer() {
    let fixture = fixture().await;
    let first = done(fixture.book(asked("w1", "10:00", NEW, as_on_card())).await);
    let export = fixture.export().await;
    let again = done(fixture.book(asked("w1", "10:00", NEW, as_on_card())).await);
    assert!(again == first, "the first answer, whatever the command's id");
    let elsewhere = done(fixture.book(asked("w1", "10:30", TOLVAN, others_contacts())).await);
    assert!(elsewhere == first, "whatever is asked with it");
    assert_eq!(fixture.export().await, export);

    let cancel = Command::CancelOnline { portal_id: portal("w1"), e_id: number(NEW) };
    done(fixture.online(&cancel).await);
    let late = done(fixture.book(asked("w1", "10:00", NEW, as_on_card())).await);
    assert!(late == first, "a late twin books nothing anew");
    assert_eq!(fixture.starts("AE", "us30").await[0], "10:00");
    fixture.whole_log().await;
}

#[tokio::test]
async fn a_portal_id_that_came_with_a_clinic_file_is_not_booked_again() {
    let fixture = fixture().await;
    done(fixture.book(asked("w1", "10:00", NEW, as_on_card())).await);
    let file = fixture.clinic.export(&Actor::System, Completeness::Complete).await.expect("reads");
    let other = fixture_with(|into| *into = file).await;
    let before = other.export().await;
    let answer = done(other.book(asked("w1", "10:00", NEW, as_on_card())).await);
    let [Change::Booking(change)] = answer.changes.as_slice() else { panic!("one booking") };
    assert_eq!(change.after(), Some(&other.booking("w1").await));
    assert_eq!(other.export().await, before);
}

#[tokio::test]
async fn of_many_who_book_one_time_at_once_one_gets_it() {
    let fixture = fixture().await;
    let tasks: Vec<_> = (0..16)
        .map(|n| {
            let clinic = fixture.clinic.clone();
            let who = if n % 2 == 0 { TOLVAN } else { NEW };
            let asked = asked(&format!("w{n}"), "10:00", who, as_on_card());
            let command = Command::BookOnline(Box::new(asked));
            tokio::spawn(async move {
                let id = new_command_id();
                clinic.execute(&Actor::OnlineClient, id, &command, at(NOW)).await
            })
        })
        .collect();
    let mut booked = 0;
    for task in tasks {
        match task.await.expect("runs") {
            Ok(_) => booked += 1,
            refused => {
                assert!(matches!(refusal(refused), Refusal::NotBookable(NotBookable::Booked(_))))
            }
        }
    }
    assert_eq!(booked, 1);
    fixture.whole_log().await;
}

#[tokio::test]
async fn only_the_online_client_books_for_patients_and_it_does_nothing_else() {
    let fixture = fixture().await;
    let book = Command::BookOnline(Box::new(asked("w1", "10:00", NEW, as_on_card())));
    let rebook = Command::RebookOnline(OnlineRebooking {
        portal_id: portal("w1"),
        practitioner: "AE".into(),
        start: at("2026-11-25T10:30"),
        e_id: number(NEW),
    });
    let cancel = Command::CancelOnline { portal_id: portal("w1"), e_id: number(NEW) };
    let together = Command::Together(vec![book.clone(), cancel.clone()]);
    for command in [&book, &rebook, &cancel, &together] {
        for actor in [fixture.x(), Actor::System] {
            assert_eq!(refusal(fixture.run(&actor, command).await), Refusal::OnlineOnly);
            let preview = fixture.clinic.preview(&actor, command, at(NOW)).await.err();
            assert!(matches!(preview, Some(ClinicError::Refused(Refusal::OnlineOnly))));
        }
    }
    let others = [
        Command::CancelBooking { booking: "b1".into(), reason: None },
        Command::DismissContacts { booking: "b2".into() },
        Command::AddWorkSessions { practitioner: "AE".into(), intervals: Vec::new() },
        Command::ChangeSetting(Box::new(SettingChange::ClosedDay(Changed::Added(at(NOW).date())))),
        together,
    ];
    for command in others {
        assert_eq!(refusal(fixture.online(&command).await), Refusal::OnlineOnly);
    }
    let actor = Actor::OnlineClient;
    assert!(Permission::ALL.iter().all(|permission| !actor.may(*permission)));
    assert!(fixture.clinic.patient_card(&actor, &"p1".into(), at(NOW)).await.is_err());
    assert!(fixture.clinic.export(&actor, Completeness::Masked).await.is_err());
}

#[tokio::test]
async fn what_patients_did_is_not_undone() {
    let fixture = fixture().await;
    let booked = done(fixture.book(asked("w1", "10:00", NEW, as_on_card())).await);
    assert_eq!(refusal(fixture.undo(&booked).await), Refusal::PatientsChange);
    let undo = Command::Undo { command: booked.command };
    assert_eq!(refusal(fixture.online(&undo).await), Refusal::PatientsChange);
}
