//! Bookings by staff on a real store: a new patient along with a booking, and changing what a booking
//! is, not where.

mod support;

use std::collections::BTreeSet;

use support::desk::{Desk, NOW, at, refused};
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{Completeness, verify_audit};

/// Test numbers that the tax agency gives out; the example's patient has the first.
const TAKEN: &str = "19121212-1212";
const FREE: &str = "19811218-9876";

impl Desk {
    async fn patients_called(&self, name: &str) -> Vec<Patient> {
        let mut reading = self.clinic.store().read().await.expect("reads");
        reading.find_patients(name, 10).await.expect("reads")
    }

    async fn booking(&self, id: &str) -> Booking {
        let mut reading = self.clinic.store().read().await.expect("reads");
        reading.booking(&id.into()).await.expect("reads").expect("is there")
    }
}

fn new_patient(number: Option<&str>) -> NewPatient {
    let parsed = |number| Personnummer::parse(number, at(NOW).date()).expect("a personnummer");
    NewPatient {
        personnummer: number.map(parsed),
        first_name: "Nya".to_owned(),
        last_name: "Nyberg".to_owned(),
        email: Some("nya@example.se".to_owned()),
        mobile: Some("070-174 06 05".to_owned()),
        address: None,
        protection: IdentityProtection::None,
    }
}

fn book_for(patient: BookedFor, start: &str) -> Command {
    Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at(&format!("2026-11-25T{start}")),
        what: BookingSubject::Template("us30".into()),
        patient,
        text: None,
        confirmed: BTreeSet::new(),
    })
}

fn new(number: Option<&str>) -> BookedFor {
    BookedFor::New(Box::new(new_patient(number)))
}

#[tokio::test]
async fn r20_a_cancelled_booking_does_not_come_back_where_another_overlaps_it_by_now() {
    let fixture = Desk::open().await;
    let known = || BookedFor::Patient("p1".into());
    let booked = fixture.run(&book_for(known(), "15:00")).await.expect("books");
    let booking = match &booked.changes[..] {
        [Change::Booking(change)] => change.after().expect("a booking").id.clone(),
        _ => panic!("one booking and nothing else"),
    };
    let cancel = Command::CancelBooking { booking: booking.clone(), seen: None, reason: None };
    let cancelled = fixture.run(&cancel).await.expect("cancels");
    fixture.run(&book_for(known(), "15:10")).await.expect("the time is free again");
    let undone = refused(fixture.undo(&cancelled).await);
    assert!(matches!(undone, Refusal::TouchedSince { .. }), "{undone:?}");
    assert!(!fixture.booking(booking.as_str()).await.is_active());
}

#[tokio::test]
async fn what_is_kept_of_one_patient_tells_each_thing_once_and_of_nobody_else() {
    let fixture = Desk::open().await;
    fixture.run(&book_for(BookedFor::Patient("p1".into()), "15:00")).await.expect("books");
    fixture.run(&book_for(new(Some(FREE)), "15:30")).await.expect("books");
    let other = fixture.patients_called("Nyberg").await.remove(0);
    let x = fixture.actor("X").await;
    for patient in [&PatientId::from("p1"), &other.id] {
        fixture.clinic.patient_card(&x, patient, at(NOW)).await.expect("a card");
    }
    let record = async |patient: &PatientId| {
        let record = fixture.clinic.patient_record(&x, patient, Completeness::Complete).await;
        record.expect("a record")
    };
    let (of_one, of_other) = (record(&"p1".into()).await, record(&other.id).await);
    let entities = |record: &PatientRecord| -> BTreeSet<String> {
        record.log.iter().map(|entry| entry.entity.clone()).collect()
    };
    assert!(entities(&of_one).is_disjoint(&entities(&of_other)));
    for record in [of_one, of_other] {
        assert!(entities(&record).contains(&format!("patient/{}", record.patient.id)));
        assert!(record.bookings.iter().all(|it| it.patient.as_ref() == Some(&record.patient.id)));
        let told: BTreeSet<_> = record.log.iter().map(|it| (it.chain.clone(), it.n)).collect();
        assert_eq!(told.len(), record.log.len());
    }
}

#[tokio::test]
async fn r6_nothing_new_is_put_into_the_book_of_somebody_who_has_left() {
    let everything =
        [Permission::BookingEdit, Permission::PreblockInternet, Permission::ScheduleEdit];
    let fixture = Desk::changed(&everything, |file| {
        file.setup.practitioners.entry("AE".into()).and_modify(|left| left.active = false);
    })
    .await;
    let practitioner = PractitionerId::from("AE");
    let intervals = vec![support::interval("2026-11-25T15:00/2026-11-25T16:00")];
    for command in [
        book_for(BookedFor::Patient("p1".into()), "15:00"),
        Command::LayPreblocks {
            practitioner: practitioner.clone(),
            preblock_type: "e-us".into(),
            intervals: intervals.clone(),
            overlap: OverlapChoice::Replace,
            code: None,
        },
        Command::AddWorkSessions { practitioner: practitioner.clone(), intervals },
    ] {
        let refusal = refused(fixture.run(&command).await);
        assert_eq!(
            refusal,
            Refusal::InactivePractitioner(practitioner.clone()),
            "{}",
            command.action()
        );
    }
}

#[tokio::test]
async fn a_new_patient_and_the_booking_are_one_change_that_undo_takes_back_and_redo_makes_again() {
    let fixture = Desk::open().await;
    let before = fixture.export().await;
    let booked = fixture.run(&book_for(new(Some(FREE)), "15:00")).await.expect("books");
    let [patient] = fixture.patients_called("nyberg").await.try_into().expect("one patient");
    assert_eq!(patient.recall, Recall { months: 12, date: None, template: None });
    let with_both = fixture.export().await;
    assert!(with_both.contains(FREE));
    let undone = fixture.undo(&booked).await.expect("undoes");
    assert_eq!(fixture.export().await, before, "neither is left");
    fixture.undo(&undone).await.expect("redoes");
    assert_eq!(fixture.export().await, with_both);
    let report = verify_audit(fixture.clinic.store()).await.expect("reads");
    assert!(report.faults.is_empty());
}

#[tokio::test]
async fn a_new_patient_needs_no_personnummer() {
    let fixture = Desk::open().await;
    fixture.run(&book_for(new(None), "15:00")).await.expect("books");
    assert_eq!(fixture.patients_called("nya").await[0].personnummer, None);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_patient_is_told_at_its_field_and_nothing_is_booked() {
    let mut nameless = new_patient(Some(FREE));
    nameless.last_name = "  ".to_owned();
    let mut unreachable = new_patient(Some(FREE));
    unreachable.email = Some("nya".to_owned());
    let table = [
        (new_patient(Some(TAKEN)), Field::Personnummer, Problem::Taken),
        (nameless, Field::LastName, Problem::Empty),
        (unreachable, Field::Email, Problem::Malformed),
    ];
    let fixture = Desk::open().await;
    let before = fixture.export().await;
    for (patient, field, problem) in table {
        let command = book_for(BookedFor::New(Box::new(patient)), "15:00");
        let expected = Refusal::Faults(vec![Fault { field, problem }]);
        assert_eq!(refused(fixture.run(&command).await), expected);
        assert_eq!(fixture.export().await, before);
    }
}

#[tokio::test]
async fn r12_where_the_time_is_taken_no_patient_is_left_behind() {
    let fixture = Desk::open().await;
    fixture.run(&book_for(BookedFor::Nobody, "15:00")).await.expect("books");
    let before = fixture.export().await;
    let refused = refused(fixture.run(&book_for(new(Some(FREE)), "15:00")).await);
    assert!(matches!(refused, Refusal::BookingInTheWay(_)));
    assert_eq!(fixture.export().await, before);
}

#[tokio::test]
async fn r17_who_may_not_see_patients_registers_none_and_is_not_told_whose_number_it_is() {
    let fixture = Desk::with(&[Permission::BookingEdit]).await;
    let lacks = Refusal::Permission { user: "X".to_owned(), permission: Permission::PatientView };
    for number in [TAKEN, FREE] {
        assert_eq!(refused(fixture.run(&book_for(new(Some(number)), "15:00")).await), lacks);
    }
    fixture.run(&book_for(BookedFor::Patient("p1".into()), "15:00")).await.expect("books");
}

#[tokio::test]
async fn r20_a_patient_who_has_been_booked_again_since_stays() {
    let fixture = Desk::open().await;
    let booked = fixture.run(&book_for(new(Some(FREE)), "15:00")).await.expect("books");
    let patient = fixture.patients_called("nyberg").await.remove(0);
    let again = book_for(BookedFor::Patient(patient.id.clone()), "16:00");
    fixture.run(&again).await.expect("books");
    let before = fixture.export().await;
    let fault = Fault { field: Field::Whole, problem: Problem::InUse };
    assert_eq!(refused(fixture.undo(&booked).await), Refusal::Faults(vec![fault]));
    assert_eq!(fixture.export().await, before);
}

#[tokio::test]
async fn r20_a_patient_whose_card_was_changed_since_stays_as_it_is() {
    let fixture = Desk::open().await;
    let booked = fixture.run(&book_for(new(Some(FREE)), "15:00")).await.expect("books");
    let before = fixture.patients_called("nyberg").await.remove(0);
    let after = Patient { mobile: None, ..before.clone() };
    let change = SettingChange::Patient(Changed::Altered { before, after });
    fixture.run(&Command::ChangeSetting(Box::new(change))).await.expect("saves");
    let refused = refused(fixture.undo(&booked).await);
    assert!(matches!(refused, Refusal::TouchedSince { .. }), "{refused}");
}

#[tokio::test]
async fn two_consoles_registering_the_same_person_at_once_make_one_patient() {
    let fixture = Desk::open().await;
    let commands = ["15:00", "15:30", "16:00"].map(|start| book_for(new(Some(FREE)), start));
    let tries = commands.iter().map(|command| fixture.run(command));
    let results = futures_util::future::join_all(tries).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let taken = Fault { field: Field::Personnummer, problem: Problem::Taken };
    for result in results.into_iter().filter(Result::is_err) {
        assert_eq!(refused(result), Refusal::Faults(vec![taken]));
    }
}

/// An edit of a booking that begins with what is stored.
fn edit(seen: &Booking, change: impl FnOnce(&mut EditedBooking)) -> Command {
    let mut edited = EditedBooking {
        seen: Box::new(seen.clone()),
        template: None,
        patient: seen.patient.clone().into(),
        text: seen.text.clone(),
        confirmed: BTreeSet::new(),
    };
    change(&mut edited);
    Command::EditBooking(edited)
}

#[tokio::test]
async fn a_booking_gets_another_text_patient_and_template_and_keeps_its_time() {
    let fixture = Desk::open().await;
    let before = fixture.booking("b1").await;
    let untouched = fixture.export().await;
    let command = edit(&before, |edited| {
        edited.text = "ringer vid ankomst".to_owned();
        edited.patient = new(Some(FREE));
        edited.template = Some("akut20".into());
        edited.confirmed = [Confirmation::BypassPreblock("e-us".into())].into();
    });
    let outcome = fixture.run(&command).await.expect("saves");
    let after = fixture.booking("b1").await;
    assert_eq!(after.interval, before.interval, "the length stays");
    assert_eq!(after.text, "ringer vid ankomst");
    assert_eq!(after.template, Some("akut20".into()));
    assert_eq!(after.category, "akut".into());
    assert_eq!(after.patient, Some(fixture.patients_called("nyberg").await.remove(0).id));
    fixture.undo(&outcome).await.expect("undoes");
    assert_eq!(fixture.export().await, untouched);
}

#[tokio::test]
async fn r13_only_another_category_or_resource_asks_for_the_users_word() {
    let fixture = Desk::open().await;
    let before = fixture.booking("b1").await;
    let akut = edit(&before, |edited| edited.template = Some("akut20".into()));
    let asked = Refusal::NeedsConfirmation(vec![Confirmation::BypassPreblock("e-us".into())]);
    assert_eq!(refused(fixture.run(&akut).await), asked);
    let confirmed = edit(&before, |edited| {
        edited.template = Some("akut20".into());
        edited.confirmed = [Confirmation::BypassPreblock("e-us".into())].into();
    });
    fixture.run(&confirmed).await.expect("saves");
    let bypassing = fixture.booking("b1").await;
    let text = edit(&bypassing, |edited| edited.text = "ny text".to_owned());
    fixture.run(&text).await.expect("what was confirmed is not asked again");
}

#[tokio::test]
async fn a_booking_that_somebody_changed_meanwhile_is_not_overwritten() {
    let fixture = Desk::open().await;
    let seen = fixture.booking("b1").await;
    let first = edit(&seen, |edited| edited.text = "först".to_owned());
    fixture.run(&first).await.expect("saves");
    let second = edit(&seen, |edited| edited.text = "sist".to_owned());
    match refused(fixture.run(&second).await) {
        Refusal::ChangedMeanwhile { who, .. } => assert_eq!(who, "X"),
        other => panic!("{other}"),
    }
    assert_eq!(fixture.booking("b1").await.text, "först");
}

/// Moves a booking as it was seen, to a time of its day.
fn move_to(seen: &Booking, start: &str) -> Command {
    let start = at(&format!("2026-11-25T{start}"));
    Command::MoveBooking(MovedBooking {
        booking: seen.id.clone(),
        seen: Some(seen.as_seen()),
        practitioner: seen.practitioner.clone(),
        interval: Interval::new(start, start + seen.interval.length()).expect("an interval"),
        confirmed: BTreeSet::from([Confirmation::OutsideSchedule]),
    })
}

fn cancel(seen: &Booking) -> Command {
    let (booking, seen) = (seen.id.clone(), Some(seen.as_seen()));
    Command::CancelBooking { booking, seen, reason: None }
}

/// What has become of a booking, where that is what the refusal tells.
fn meanwhile(refusal: Refusal) -> Meanwhile {
    match refusal {
        Refusal::BookingMeanwhile { how, who, .. } if who == "REC" => how,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn r13_a_booking_that_somebody_moved_meanwhile_is_neither_cancelled_nor_moved() {
    let fixture = Desk::open().await;
    let seen = fixture.booking("b1").await;
    let other = fixture.actor("REC").await;
    fixture.run_by(&other, &move_to(&seen, "18:00")).await.expect("moves");
    let moved = fixture.booking("b1").await;
    let SeenBooking { practitioner, interval, .. } = moved.as_seen();
    let told = Meanwhile::Moved { practitioner, interval };
    for command in [cancel(&seen), move_to(&seen, "19:00")] {
        let preview = fixture.clinic.preview(&fixture.actor("X").await, &command, at(NOW)).await;
        assert!(matches!(preview, Err(ClinicError::Refused(Refusal::BookingMeanwhile { .. }))));
        assert_eq!(meanwhile(refused(fixture.run(&command).await)), told);
    }
    assert_eq!(fixture.booking("b1").await, moved);
    fixture.run(&move_to(&moved, "19:00")).await.expect("moves what it has seen");
}

#[tokio::test]
async fn r13_a_booking_given_to_another_patient_meanwhile_is_not_cancelled_but_another_text_lets_it()
 {
    let fixture = Desk::open().await;
    let seen = fixture.booking("b1").await;
    let other = fixture.actor("REC").await;
    let text = edit(&seen, |edited| edited.text = "ringer först".to_owned());
    fixture.run_by(&other, &text).await.expect("edits");
    let command = cancel(&seen);
    let cancelled = fixture.run(&command).await.expect("it is the same booking");
    fixture.undo(&cancelled).await.expect("undoes");
    let now = fixture.booking("b1").await;
    let anothers = edit(&now, |edited| edited.patient = BookedFor::Patient("p1".into()));
    fixture.run_by(&other, &anothers).await.expect("edits");
    assert_eq!(meanwhile(refused(fixture.run(&command).await)), Meanwhile::ForAnother);
    assert!(fixture.booking("b1").await.is_active());
}

#[tokio::test]
async fn r13_a_booking_cancelled_meanwhile_is_told_of_as_cancelled_whatever_was_asked() {
    let fixture = Desk::open().await;
    let seen = fixture.booking("b1").await;
    let other = fixture.actor("REC").await;
    fixture.run_by(&other, &cancel(&seen)).await.expect("cancels");
    let text = edit(&seen, |edited| edited.text = "för sent".to_owned());
    for command in [text, cancel(&seen), move_to(&seen, "18:00")] {
        assert_eq!(meanwhile(refused(fixture.run(&command).await)), Meanwhile::Cancelled);
    }
}

#[tokio::test]
async fn a_booking_moved_to_another_book_meanwhile_is_not_edited_unseen() {
    let fixture = Desk::open().await;
    let seen = fixture.booking("b1").await;
    let other = fixture.actor("REC").await;
    let Command::MoveBooking(mut moved) = move_to(&seen, "21:00") else { panic!("a move") };
    moved.practitioner = "BL".into();
    fixture.run_by(&other, &Command::MoveBooking(moved.clone())).await.expect("moves");
    let text = edit(&seen, |edited| edited.text = "för sent".to_owned());
    let (practitioner, interval) = (moved.practitioner, moved.interval);
    let told = meanwhile(refused(fixture.run(&text).await));
    assert_eq!(told, Meanwhile::Moved { practitioner, interval });
}

#[tokio::test]
async fn an_edit_is_refused_where_nothing_changes_or_what_it_names_is_not_there() {
    let fixture = Desk::open().await;
    let seen = fixture.booking("b1").await;
    let table = [
        (edit(&seen, |_| {}), Refusal::NothingToDo(NothingToDo::Unchanged)),
        (
            edit(&seen, |edited| edited.template = Some("??".into())),
            Refusal::UnknownTemplate("??".into()),
        ),
        (
            edit(&seen, |edited| edited.patient = BookedFor::Patient("??".into())),
            Refusal::UnknownPatient,
        ),
        (edit(&seen, |edited| edited.text = "å".repeat(1001)), Refusal::TextTooLong(1000)),
        (edit(&Booking { id: "gone".into(), ..seen.clone() }, |_| {}), Refusal::Gone),
    ];
    for (command, expected) in table {
        assert_eq!(refused(fixture.run(&command).await), expected);
    }
    let cancel = Command::CancelBooking { booking: "b1".into(), seen: None, reason: None };
    fixture.run(&cancel).await.expect("cancels");
    let cancelled = fixture.booking("b1").await;
    let text = edit(&cancelled, |edited| edited.text = "för sent".to_owned());
    assert_eq!(refused(fixture.run(&text).await), Refusal::AlreadyCancelled);
}

#[tokio::test]
async fn a_text_has_a_thousand_characters_at_most_wherever_one_is_written() {
    let fixture = Desk::open().await;
    let seen = fixture.booking("b1").await;
    let commands = |text: &str| {
        let text = text.to_owned();
        let mut new = book_for(BookedFor::Nobody, "15:00");
        if let Command::Book(asked) = &mut new {
            asked.text = Some(text.clone());
        }
        let edited = edit(&seen, |edited| edited.text = text.clone());
        [
            new,
            edited,
            Command::CancelBooking { booking: "b2".into(), reason: Some(text), seen: None },
        ]
    };
    for command in commands(&"å".repeat(1001)) {
        let refusal = refused(fixture.run(&command).await);
        assert_eq!(refusal, Refusal::TextTooLong(1000), "{}", command.action());
    }
    for command in commands(&"å".repeat(1000)) {
        let done = fixture.run(&command).await;
        done.unwrap_or_else(|error| panic!("{}: {error}", command.action()));
    }
}

#[tokio::test]
async fn r17_editing_a_booking_needs_the_right_to_book() {
    let fixture = Desk::with(&[Permission::PatientView]).await;
    let seen = fixture.booking("b1").await;
    let permission = Permission::BookingEdit;
    let expected = Refusal::Permission { user: "X".to_owned(), permission };
    let text = edit(&seen, |edited| edited.text = "ny".to_owned());
    assert_eq!(refused(fixture.run(&text).await), expected);
}

#[tokio::test]
async fn a_card_has_the_coming_bookings_first_to_last_and_the_past_and_cancelled_backwards() {
    let fixture = Desk::open().await;
    for start in ["16:00", "15:00"] {
        fixture.run(&book_for(BookedFor::Patient("p1".into()), start)).await.expect("books");
    }
    let read = async |now: &str| {
        let card = fixture.clinic.patient_card(&Actor::System, &"p1".into(), at(now)).await;
        let card = card.expect("reads");
        let starts = |bookings: Vec<Booking>| -> Vec<String> {
            bookings.iter().map(|booking| booking.interval.start().clock()).collect()
        };
        (starts(card.coming), starts(card.past))
    };
    let (coming, past) = read(NOW).await;
    assert_eq!(coming, ["09:40", "15:00", "16:00"]);
    assert_eq!(past, ["08:20"], "the cancelled one");
    let (coming, past) = read("2026-11-25T15:10").await;
    assert_eq!(coming, ["15:00", "16:00"], "under way is to come");
    assert_eq!(past, ["09:40", "08:20"]);
}

#[tokio::test]
async fn r17_a_card_is_read_by_who_may_see_patients_and_an_unknown_one_is_refused() {
    let fixture = Desk::with(&[Permission::BookingEdit]).await;
    let users = fixture.clinic.users().await.expect("reads");
    let x = Actor::User(users[&"X".into()].clone());
    let read = |result: Result<PatientCard, ClinicError>| match result {
        Err(ClinicError::Refused(refusal)) => refusal,
        _ => panic!("was not refused"),
    };
    let lacks = Refusal::Permission { user: "X".to_owned(), permission: Permission::PatientView };
    assert_eq!(read(fixture.clinic.patient_card(&x, &"p1".into(), at(NOW)).await), lacks);
    let unknown = fixture.clinic.patient_card(&Actor::System, &"??".into(), at(NOW)).await;
    assert_eq!(read(unknown), Refusal::UnknownPatient);
}

on_the_server_too! {
    what_is_kept_of_one_patient_tells_each_thing_once_and_of_nobody_else,
    r20_a_cancelled_booking_does_not_come_back_where_another_overlaps_it_by_now,
    r6_nothing_new_is_put_into_the_book_of_somebody_who_has_left,
    a_new_patient_and_the_booking_are_one_change_that_undo_takes_back_and_redo_makes_again,
    a_new_patient_needs_no_personnummer,
    what_is_wrong_with_a_new_patient_is_told_at_its_field_and_nothing_is_booked,
    r12_where_the_time_is_taken_no_patient_is_left_behind,
    r17_who_may_not_see_patients_registers_none_and_is_not_told_whose_number_it_is,
    r20_a_patient_who_has_been_booked_again_since_stays,
    r20_a_patient_whose_card_was_changed_since_stays_as_it_is,
    two_consoles_registering_the_same_person_at_once_make_one_patient,
    a_booking_gets_another_text_patient_and_template_and_keeps_its_time,
    r13_only_another_category_or_resource_asks_for_the_users_word,
    a_booking_that_somebody_changed_meanwhile_is_not_overwritten,
    r13_a_booking_that_somebody_moved_meanwhile_is_neither_cancelled_nor_moved,
    r13_a_booking_given_to_another_patient_meanwhile_is_not_cancelled_but_another_text_lets_it,
    r13_a_booking_cancelled_meanwhile_is_told_of_as_cancelled_whatever_was_asked,
    a_booking_moved_to_another_book_meanwhile_is_not_edited_unseen,
    an_edit_is_refused_where_nothing_changes_or_what_it_names_is_not_there,
    a_text_has_a_thousand_characters_at_most_wherever_one_is_written,
    r17_editing_a_booking_needs_the_right_to_book,
    a_card_has_the_coming_bookings_first_to_last_and_the_past_and_cancelled_backwards,
    r17_a_card_is_read_by_who_may_see_patients_and_an_unknown_one_is_refused,
}
