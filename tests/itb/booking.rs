//! R14: a patient's booking.

use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::ClinicFile;

use crate::fixture::*;

#[tokio::test]
async fn r14_it_gets_what_the_template_has_and_is_registered_by_itb() {
    let fixture = Fixture::new().await;
    let wanted = OnlineBooking {
        template: "us45r".into(),
        identification: Identification::EId,
        ..by_tolvan(asked("w1", "13:00"))
    };
    let outcome = fixture.online(&book(wanted)).await.expect("books");
    assert_eq!(outcome.practitioner, Some("AE".into()));
    let booking = fixture.booked_as("w1").await;
    let expected = Booking {
        id: booking.id.clone(),
        practitioner: "AE".into(),
        interval: Interval::new(at("2026-11-25T13:00"), at("2026-11-25T13:45")).expect("a time"),
        category: "us".into(),
        template: Some("us45r".into()),
        patient: Some("p1".into()),
        text: "E-tid rtg".to_owned(),
        resources: ResourceCodes::parse("R").expect("a resource"),
        registered_by: ITB.to_owned(),
        state: BookingState::Booked,
        portal_id: Some("w1".to_owned()),
        identification: Identification::EId,
    };
    assert_eq!(booking, expected);
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r14_somebody_new_is_registered_with_what_the_form_says() {
    let fixture = Fixture::new().await;
    fixture.online(&book(asked("w1", "10:00"))).await.expect("books");
    let id = fixture.booked_as("w1").await.patient.expect("a patient");
    let expected = Patient {
        id: id.clone(),
        personnummer: Some(number(NEW)),
        first_name: "Nya".to_owned(),
        last_name: "Nyberg".to_owned(),
        email: Some("nya@example.se".to_owned()),
        mobile: Some("070-174 06 34".to_owned()),
        address: Some("Nygatan 9, 123 45 Nyby".to_owned()),
        protection: IdentityProtection::None,
        recall: Recall { months: 12, date: None, template: None },
    };
    assert_eq!(fixture.patient(id.as_str()).await, expected);
    assert_eq!(fixture.card(id.as_str()).await.offered, None, "nothing differs");
    let again = OnlineBooking { contacts: tolvans(), ..asked("w2", "10:30") };
    fixture.online(&book(again)).await.expect("books");
    assert_eq!(fixture.booked_as("w2").await.patient, Some(id), "known by the number now");
}

#[tokio::test]
async fn r14_what_a_form_says_never_overwrites_a_patient() {
    let fixture = Fixture::new().await;
    let before = fixture.patient("p1").await;
    let wanted = OnlineBooking { contacts: others(), ..by_tolvan(asked("w1", "10:00")) };
    fixture.online(&book(wanted)).await.expect("books");
    assert_eq!(fixture.patient("p1").await, before);
    assert_eq!(fixture.booked_as("w1").await.patient, Some("p1".into()));
}

/// Sets the clinic up so that the resolver says no.
type Obstacle = fn(&mut ClinicFile, &mut OnlineBooking);

#[tokio::test]
async fn r14_the_resolver_decides_and_its_reason_is_the_refusals() {
    let table: [(&str, Obstacle); 9] = [
        ("R10", |file, _| file.setup.online.paused = true),
        ("R10", |file, _| {
            file.setup.companies.get_mut(&"storgatan".into()).expect("is there").paused = true;
        }),
        ("R2", |_, wanted| wanted.start = at("2026-11-25T10:10")),
        ("R6", |file, _| {
            file.setup.practitioners.get_mut(&"AE".into()).expect("is there").active = false;
        }),
        ("R7", |file, _| {
            let found = file.setup.preblock_types.get_mut(&"e-us".into()).expect("is there");
            found.expires_days_before = Some(2);
        }),
        ("R3", |file, _| {
            file.setup.preblock_types.get_mut(&"e-us".into()).expect("is there").allow = false;
        }),
        ("R4", |file, _| {
            file.setup.templates.get_mut(&"us30".into()).expect("is there").online = false;
        }),
        ("R8", |file, _| file.setup.online.notice_minutes = 60 * 24 * 7),
        ("R2", |_, wanted| wanted.start = at("2026-11-25T09:30")),
    ];
    for (rule, obstacle) in table {
        let mut wanted = asked("w1", "10:00");
        let fixture = Fixture::with(|file| obstacle(file, &mut wanted)).await;
        let before = fixture.export().await;
        let refused = refusal(fixture.online(&book(wanted)).await);
        assert!(matches!(refused, Refusal::NotBookable(_)), "{rule}: {refused}");
        assert_eq!(refused.rule(), Some(rule));
        assert_eq!(fixture.export().await, before, "{rule}");
    }
}

#[tokio::test]
async fn r9_a_time_whose_resource_is_taken_is_refused() {
    let fixture = Fixture::new().await;
    let wanted = OnlineBooking { template: "us45r".into(), ..asked("w1", "13:00") };
    let x_ray = Command::Book(StaffBooking {
        practitioner: "BL".into(),
        start: at("2026-11-25T13:30"),
        what: BookingSubject::Template("us45r".into()),
        patient: BookedFor::Nobody,
        text: None,
        confirmed: [Confirmation::OutsideSchedule].into(),
    });
    fixture.staff(&x_ray).await.expect("books");
    let refused = refusal(fixture.online(&book(wanted)).await);
    assert_eq!(refused.rule(), Some("R9"));
}

#[tokio::test]
async fn r14_who_and_what_it_names_must_be_there() {
    let fixture = Fixture::new().await;
    let nobody = OnlineBooking { practitioner: "??".into(), ..asked("w1", "10:00") };
    let refused = refusal(fixture.online(&book(nobody)).await);
    assert_eq!(refused, Refusal::UnknownPractitioner("??".into()));
    let nothing = OnlineBooking { template: "??".into(), ..asked("w1", "10:00") };
    let refused = refusal(fixture.online(&book(nothing)).await);
    assert_eq!(refused, Refusal::UnknownTemplate("??".into()));
}

#[tokio::test]
async fn r14_an_address_is_required_where_the_setting_asks_for_it() {
    let contacts = Contacts { address: None, ..others() };
    for (required, expected) in [(false, None), (true, Some(Field::Address))] {
        let fixture = Fixture::with(|file| file.setup.online.require_address = required).await;
        let wanted = OnlineBooking { contacts: contacts.clone(), ..asked("w1", "10:00") };
        match (fixture.online(&book(wanted)).await, expected) {
            (Ok(_), None) => {}
            (result, Some(field)) => {
                let fault = Fault { field, problem: Problem::Empty };
                assert_eq!(refusal(result), Refusal::Faults(vec![fault]));
            }
            (Err(error), None) => panic!("{error}"),
        }
    }
}

/// Spoils one field of a form.
type Spoil = fn(&mut TypedContacts<'static>);

#[test]
fn r14_what_is_required_is_checked_where_it_comes_in_and_never_told_back() {
    const LONG: &str = concat!(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    );
    let good = TypedContacts {
        personnummer: " 19811218-9876 ",
        first_name: "Nya",
        last_name: "Nyberg",
        email: "nya@example.se",
        mobile: "+46 (0)70-174 06 34",
        address: "",
    };
    assert!(good.read(at(NOW).date()).is_ok());
    let table: [(Spoil, Field, Problem); 19] = [
        (|it| it.personnummer = "", Field::Personnummer, Problem::Empty),
        (|it| it.personnummer = "19811218-9875", Field::Personnummer, Problem::CheckDigit),
        (|it| it.personnummer = "20811218-9876", Field::Personnummer, Problem::NoSuchDate),
        (|it| it.first_name = " ", Field::FirstName, Problem::Empty),
        (|it| it.first_name = LONG, Field::FirstName, Problem::TooLong(LONGEST_NAME)),
        (|it| it.first_name = "Ny\u{7}a", Field::FirstName, Problem::ControlCharacters),
        (|it| it.first_name = "Ny\u{1b}[31ma", Field::FirstName, Problem::ControlCharacters),
        (|it| it.first_name = "Ny\na", Field::FirstName, Problem::ControlCharacters),
        (|it| it.last_name = "", Field::LastName, Problem::Empty),
        (|it| it.last_name = LONG, Field::LastName, Problem::TooLong(LONGEST_NAME)),
        (|it| it.last_name = "Ny\tberg", Field::LastName, Problem::ControlCharacters),
        (|it| it.email = "", Field::Email, Problem::Empty),
        (|it| it.email = "nya", Field::Email, Problem::Malformed),
        (|it| it.email = "nya@", Field::Email, Problem::Malformed),
        (|it| it.mobile = "", Field::Mobile, Problem::Empty),
        (|it| it.mobile = "ring mamma", Field::Mobile, Problem::Malformed),
        (|it| it.mobile = "12", Field::Mobile, Problem::Malformed),
        (|it| it.address = "Ny\u{0}gatan 9", Field::Address, Problem::ControlCharacters),
        (|it| it.address = "Ny\u{9b}gatan 9", Field::Address, Problem::ControlCharacters),
    ];
    for (row, (spoil, field, problem)) in table.into_iter().enumerate() {
        let mut typed = good;
        spoil(&mut typed);
        let faults = typed.read(at(NOW).date()).expect_err("is refused");
        assert!(faults.contains(&Fault { field, problem }), "{row}: {faults:?}");
        assert!(faults.iter().all(|fault| fault.field == field), "{row}: {faults:?}");
        let told = format!("{faults:?} {}", Refusal::Faults(faults.clone()));
        assert!(!told.contains("Nyberg") && !told.contains("9876"), "{told}");
    }
}

#[tokio::test]
async fn r14_the_edge_is_not_trusted_twice() {
    let fixture = Fixture::new().await;
    let contacts = Contacts { mobile: String::new(), ..others() };
    let wanted = OnlineBooking { contacts, ..asked("w1", "10:00") };
    let fault = Fault { field: Field::Mobile, problem: Problem::Empty };
    assert_eq!(refusal(fixture.online(&book(wanted)).await), Refusal::Faults(vec![fault]));
}

#[test]
fn r14_a_portal_id_is_short_and_printable() {
    let long = "a".repeat(101);
    for text in ["", "  ", "a\nb", "a\u{1b}", &long] {
        assert!(PortalId::parse(text).is_err(), "{text:?}");
    }
    assert!(PortalId::parse("0195e1d0-7f6c-7a4e").is_ok());
}

#[tokio::test]
async fn r14_the_same_portal_id_makes_one_booking_and_answers_the_same() {
    let fixture = Fixture::new().await;
    let before = fixture.bookings().await;
    let id = new_command_id();
    let now = at(NOW);
    let (actor, command) = (Actor::OnlineClient, book(asked("w1", "10:00")));
    let first = fixture.clinic.execute(&actor, id.clone(), &command, now).await.expect("books");
    let stored = fixture.export().await;
    let later = at("2026-12-23T12:00");
    let same_id = fixture.clinic.execute(&actor, id, &command, later).await.expect("answers");
    let other_id = fixture.online_at(&command, "2026-12-23T12:00").await.expect("answers");
    let elsewhere = fixture.online(&book(asked("w1", "13:30"))).await.expect("answers");
    for answer in [same_id, other_id, elsewhere] {
        assert!(answer == first);
    }
    assert_eq!(fixture.bookings().await, before + 1);
    assert_eq!(fixture.export().await, stored);
    fixture.online(&cancel("w1", NEW)).await.expect("cancels");
    let after_all = fixture.online(&command).await.expect("answers");
    assert!(after_all == first, "what was applied is not applied again");
    assert!(!fixture.booked_as("w1").await.is_active());
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r14_a_portal_id_that_came_with_a_clinic_file_is_not_booked_again() {
    let fixture = Fixture::with(|file| {
        let booking = file.bookings.get_mut(&"b2".into()).expect("is there");
        booking.portal_id = Some("w1".to_owned());
    })
    .await;
    let before = fixture.export().await;
    let outcome = fixture.online(&book(asked("w1", "10:00"))).await.expect("answers");
    assert_eq!(outcome.practitioner, Some("BL".into()));
    assert_eq!(fixture.export().await, before);
}

#[tokio::test]
async fn only_the_online_client_does_what_patients_do_and_it_does_nothing_else() {
    let fixture = Fixture::new().await;
    fixture.online(&book(asked("w1", "10:00"))).await.expect("books");
    let before = fixture.export().await;
    let patients = [
        book(asked("w2", "10:30")),
        rebook("w1", "AE", "2026-11-25T10:30", NEW),
        cancel("w1", NEW),
    ];
    for command in &patients {
        let online_only = Refusal::OnlineOnly;
        assert_eq!(refusal(fixture.staff(command).await), online_only);
        let system = &Actor::System;
        let result = fixture.clinic.execute(system, new_command_id(), command, at(NOW)).await;
        assert_eq!(refusal(result), online_only);
        let previewed = fixture.clinic.preview(system, command, at(NOW)).await;
        assert!(matches!(previewed, Err(ClinicError::Refused(Refusal::OnlineOnly))));
    }
    let card = Box::new(fixture.patient("p1").await);
    let change = Changed::Altered {
        before: (*card).clone(),
        after: Patient { mobile: None, ..(*card).clone() },
    };
    let booking = BookingId::from("b1");
    let staffs = [
        staff_booking("us30", BookedFor::Nobody, "2026-11-25T15:00"),
        Command::CancelBooking { booking: booking.clone(), seen: None, reason: None },
        Command::ChangeSetting(Box::new(SettingChange::Patient(change))),
        Command::TakeOverContacts { booking: booking.clone(), card },
        Command::DismissContacts { booking },
        Command::RemovePreblocks { practitioner: "AE".into(), preblocks: Vec::new() },
    ];
    for command in &staffs {
        assert_eq!(refusal(fixture.online(command).await), Refusal::OnlineOnly);
    }
    assert_eq!(fixture.export().await, before);
}

#[tokio::test]
async fn a_patients_command_does_not_pass_among_others() {
    let fixture = Fixture::new().await;
    let before = fixture.export().await;
    let staffs = staff_booking("us30", BookedFor::Nobody, "2026-11-25T15:00");
    let together = Command::Together(vec![staffs.clone(), book(asked("w1", "10:00"))]);
    assert_eq!(refusal(fixture.staff(&together).await), Refusal::OnlineOnly);
    for commands in [vec![staffs], vec![book(asked("w1", "10:00"))]] {
        let together = Command::Together(commands);
        assert_eq!(refusal(fixture.online(&together).await), Refusal::OnlineOnly);
    }
    assert_eq!(fixture.export().await, before);
}

#[tokio::test]
async fn the_online_client_reads_nothing_of_anybody() {
    let fixture = Fixture::new().await;
    let (clinic, itb) = (&fixture.clinic, &Actor::OnlineClient);
    let denied =
        |error: ClinicError| matches!(error, ClinicError::Refused(Refusal::Permission { .. }));
    assert!(denied(clinic.find_patients(itb, "tolvan", 9).await.expect_err("may not")));
    assert!(denied(clinic.patient_card(itb, &"p1".into(), at(NOW)).await.expect_err("may not")));
    assert!(denied(
        clinic
            .log(itb, &LogQuestion::Entries { filter: LogFilter::default(), before: None }, 9)
            .await
            .expect_err("may not")
    ));
}

#[tokio::test]
async fn r20_what_patients_did_is_not_undone_by_staff_or_by_the_client() {
    let fixture = Fixture::new().await;
    let booked = fixture.online(&book(asked("w1", "10:00"))).await.expect("books");
    let moved = fixture.online(&rebook("w1", "AE", "2026-11-25T10:30", NEW)).await.expect("moves");
    let cancelled = fixture.online(&cancel("w1", NEW)).await.expect("cancels");
    for outcome in [booked, moved, cancelled] {
        let undo = Command::Undo { command: outcome.command };
        assert_eq!(refusal(fixture.staff(&undo).await), Refusal::PatientsChange);
        assert_eq!(refusal(fixture.online(&undo).await), Refusal::PatientsChange);
    }
}

#[tokio::test]
async fn r22_a_protected_patient_gets_the_same_answers() {
    let kinds = |outcome: &Outcome| {
        let kind = |change: &Change| match change {
            Change::Booking(_) => "booking",
            Change::Setting(change) => match &**change {
                SettingChange::Contacts(_) => "contacts",
                _ => "setting",
            },
            _ => "other",
        };
        outcome.changes.iter().map(kind).collect::<Vec<_>>()
    };
    let mut answers = Vec::new();
    for protection in [IdentityProtection::None, IdentityProtection::Protected] {
        let fixture = Fixture::with(|file| {
            file.patients.get_mut(&"p1".into()).expect("is there").protection = protection;
        })
        .await;
        let booked = fixture.online(&book(by_tolvan(asked("w1", "10:00")))).await.expect("books");
        let taken = refusal(fixture.online(&book(by_tolvan(asked("w2", "10:00")))).await);
        let stranger = refusal(fixture.online(&cancel("w1", NEW)).await);
        let moved = fixture.online(&rebook("w1", "AE", "2026-11-25T10:30", TOLVAN)).await;
        let moved = moved.expect("rebooks");
        assert_eq!(fixture.patient("p1").await.protection, protection);
        answers.push((kinds(&booked), taken, stranger, kinds(&moved)));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn what_patients_give_stands_in_the_log_by_hash_only() {
    let fixture = Fixture::new().await;
    let wanted = OnlineBooking { contacts: others(), ..by_tolvan(asked("w1", "10:00")) };
    let debug = format!("{:?} {:?}", wanted.contacts, wanted.personnummer);
    fixture.online(&book(wanted)).await.expect("books");
    fixture.online(&book(asked("w2", "10:30"))).await.expect("books");
    let file = rusqlite::Connection::open(fixture.place.path()).expect("opens");
    let mut entries = file
        .prepare("SELECT COALESCE(before_value, '') || COALESCE(after_value, '') FROM audit_entry")
        .expect("is SQL");
    let texts = entries.query_map((), |row| row.get::<_, String>(0)).expect("reads");
    let written = texts.collect::<Result<Vec<_>, _>>().expect("reads").join("\n");
    assert!(written.contains("$personal"));
    for secret in [NEW, TOLVAN, "Nyberg", "nya@example.se", "174 06 34", "Nygatan"] {
        assert!(!written.contains(secret), "{secret} in the log");
        assert!(!debug.contains(secret), "{secret} in Debug");
    }
}

crate::on_the_server_too! {
    r14_it_gets_what_the_template_has_and_is_registered_by_itb,
    r14_somebody_new_is_registered_with_what_the_form_says,
    r14_what_a_form_says_never_overwrites_a_patient,
    r14_the_resolver_decides_and_its_reason_is_the_refusals,
    r9_a_time_whose_resource_is_taken_is_refused,
    r14_who_and_what_it_names_must_be_there,
    r14_an_address_is_required_where_the_setting_asks_for_it,
    r14_the_edge_is_not_trusted_twice,
    r14_the_same_portal_id_makes_one_booking_and_answers_the_same,
    r14_a_portal_id_that_came_with_a_clinic_file_is_not_booked_again,
    only_the_online_client_does_what_patients_do_and_it_does_nothing_else,
    a_patients_command_does_not_pass_among_others,
    the_online_client_reads_nothing_of_anybody,
    r20_what_patients_did_is_not_undone_by_staff_or_by_the_client,
    r22_a_protected_patient_gets_the_same_answers,
}
