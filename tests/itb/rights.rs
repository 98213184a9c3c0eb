//! What patient data law wants: it is told who looked at whom; a person gets all that is kept of them, and
//! is erased on request without breaking the log.

use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::*;

use crate::fixture::*;

/// Whatever could tell who the patient was.
const PERSONAL: [&str; 6] =
    ["Tolvan", "tolvan", "19121212-1212", "70174060", "Ringer om tand", "Lånegatan"];

async fn log(fixture: &Fixture, filter: LogFilter) -> Vec<AuditEntry> {
    let question = LogQuestion::Entries { filter, before: None };
    fixture.clinic.log(&Actor::System, &question, 100).await.expect("reads")
}

async fn by_action(fixture: &Fixture, action: &str) -> Vec<AuditEntry> {
    let action = Some(action.to_owned());
    log(fixture, LogFilter { action, ..LogFilter::default() }).await
}

/// An online booking of Tolvan's with an address given, and one that staff made and cancelled, with words.
async fn with_traces() -> Fixture {
    let fixture = Fixture::new().await;
    let contacts = Contacts { address: Some("Lånegatan 2, 123 45 Åby".to_owned()), ..tolvans() };
    let wanted = OnlineBooking { contacts, ..by_tolvan(asked("w1", "10:00")) };
    fixture.online(&book(wanted)).await.expect("books");
    let staffs = Command::Book(StaffBooking {
        practitioner: "CÅ".into(),
        start: at("2026-11-25T15:00"),
        what: BookingSubject::Free {
            minutes: TemplateMinutes::new(30).expect("1–600"),
            category: "us".into(),
        },
        patient: Some(PatientId::from("p1")).into(),
        text: Some("Ringer om tand".to_owned()),
        confirmed: [Confirmation::OutsideSchedule].into(),
    });
    let made = fixture.staff(&staffs).await.expect("books");
    let [Change::Booking(change)] = made.changes.as_slice() else { panic!("one booking") };
    let booking = change.after().expect("a booking").id.clone();
    let reason = Some("Ringer om tandvärk igen".to_owned());
    fixture.staff(&Command::CancelBooking { booking, seen: None, reason }).await.expect("cancels");
    fixture
}

#[tokio::test]
async fn opening_a_card_is_told_once_however_often_it_is_loaded_and_touches_nothing() {
    let fixture = Fixture::new().await;
    let before = fixture.clinic.revisions().await.expect("reads");
    for _ in 0..5 {
        fixture.card("p1").await;
    }
    let opened = by_action(&fixture, "patient.view").await;
    let [entry] = opened.as_slice() else { panic!("{opened:?}") };
    assert_eq!((entry.actor.as_str(), entry.entity.as_str()), ("X", "patient/p1"));
    assert_eq!((&entry.before, &entry.after), (&None, &None));
    let other = fixture.user("AE").await;
    fixture.clinic.patient_card(&other, &"p1".into(), at(NOW)).await.expect("reads");
    assert_eq!(by_action(&fixture, "patient.view").await.len(), 2, "another user");
    assert_eq!(fixture.clinic.revisions().await.expect("reads"), before, "nobody reloads for it");
    fixture.log_is_whole().await;
    let mut reading = fixture.clinic.store().read().await.expect("reads");
    let last = reading.last_audit_of("patient/p1").await.expect("reads");
    assert!(last.is_none_or(|it| it.action != "patient.view"), "nobody has changed anything");
}

#[tokio::test]
async fn a_search_is_told_with_how_much_it_found_and_never_what_was_typed() {
    let fixture = Fixture::new().await;
    let x = fixture.user("X").await;
    for typed in ["tolv", "tolva", "19121212-1212"] {
        fixture.clinic.find(&x, typed, at(NOW), 20).await.expect("reads");
    }
    let searched = by_action(&fixture, "patient.search").await;
    let [entry] = searched.as_slice() else { panic!("{searched:?}") };
    assert_eq!((entry.actor.as_str(), entry.entity.as_str()), ("X", "search"));
    let told = entry.after.as_ref().expect("how much").to_json();
    assert_eq!(told["patients"], 1);
    assert!(told["bookings"].as_i64() >= Some(1), "{told}");
    let kind = Some("search".to_owned());
    assert_eq!(log(&fixture, LogFilter { kind, ..LogFilter::default() }).await.len(), 1);
    assert!(!told.to_string().contains("tolv"), "{told}");
    // Whoever works alone with a clinic of its own, as a command line does, is told of each time.
    let alone = Clinic::new(fixture.clinic.store().clone());
    alone.find_patients(&x, "ingen", 9).await.expect("reads");
    let again = by_action(&fixture, "patient.search").await;
    assert_eq!(again.len(), 2);
    assert!(
        again.iter().any(|it| it.after.as_ref().is_some_and(|it| it.to_json()["patients"] == 0))
    );
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn a_search_that_shows_more_than_what_was_told_of_is_told_of_too() {
    let fixture = Fixture::new().await;
    let x = fixture.user("X").await;
    for typed in ["nobody is called so", "tolv", "tolvans"] {
        fixture.clinic.find_patients(&x, typed, 9).await.expect("reads");
    }
    let searched = by_action(&fixture, "patient.search").await;
    let told = |entry: &AuditEntry| entry.after.as_ref().map(|it| it.to_json()["patients"].clone());
    let told: Vec<_> = searched.iter().filter_map(told).collect();
    assert_eq!(told, [1, 0], "newest first");
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn letters_that_come_at_once_are_one_search() {
    let fixture = Fixture::new().await;
    let x = fixture.user("X").await;
    let typed = ["to", "tol", "tolv", "tolva", "tolvan"];
    let searches = typed.iter().map(|typed| fixture.clinic.find_patients(&x, typed, 9));
    for found in futures_of(searches).await {
        assert_eq!(found.expect("reads").len(), 1);
    }
    assert_eq!(by_action(&fixture, "patient.search").await.len(), 1);
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn many_who_look_at_once_have_an_entry_each() {
    let fixture = Fixture::new().await;
    let x = fixture.user("X").await;
    let clinics: Vec<Clinic> =
        (0..8).map(|_| Clinic::new(fixture.clinic.store().clone())).collect();
    let id = PatientId::from("p1");
    let looking = clinics.iter().map(|clinic| clinic.patient_card(&x, &id, at(NOW)));
    for card in futures_of(looking).await {
        card.expect("reads");
    }
    assert_eq!(by_action(&fixture, "patient.view").await.len(), 8);
    fixture.log_is_whole().await;
}

/// The answers of all, at work at once.
async fn futures_of<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = all.map(|each| (Box::pin(each), None)).collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (each, answer) in waiting.iter_mut().filter(|(_, answer)| answer.is_none()) {
            match each.as_mut().poll(context) {
                std::task::Poll::Ready(found) => *answer = Some(found),
                std::task::Poll::Pending => ready = false,
            }
        }
        if ready { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, answer)| answer).collect()
}

#[tokio::test]
async fn a_person_gets_all_that_is_kept_and_that_is_told() {
    let fixture = with_traces().await;
    fixture.card("p1").await;
    let x = fixture.user("X").await;
    let id = PatientId::from("p1");
    let all = fixture.clinic.patient_record(&x, &id, Completeness::Masked).await.expect("reads");
    assert_eq!(all.patient.last_name, "Tolvansson");
    assert!(all.bookings.iter().any(|it| it.text == "Ringer om tand" && !it.is_active()));
    assert!(all.bookings.iter().all(|it| it.patient.as_ref() == Some(&id)));
    assert_eq!(all.given.len(), 1);
    assert_eq!(all.given[0].contacts.address.as_deref(), Some("Lånegatan 2, 123 45 Åby"));
    let done: Vec<&str> = all.log.iter().map(|it| it.action.as_str()).collect();
    for action in ["booking.online", "booking.add", "booking.cancel", "patient.view"] {
        assert!(done.contains(&action), "{action}: {done:?}");
    }
    assert_eq!(by_action(&fixture, "patient.export").await.len(), 1);
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r17_r22_all_of_a_person_is_for_those_who_may_and_of_a_protected_one_for_administrators() {
    let protect = |file: &mut ClinicFile| {
        let patient = file.patients.get_mut(&"p1".into()).expect("is there");
        patient.protection = IdentityProtection::Protected;
    };
    let fixture = Fixture::with(protect).await;
    let id = PatientId::from("p1");
    let of = async |who: &str, completeness| {
        let user = fixture.user(who).await;
        fixture.clinic.patient_record(&user, &id, completeness).await.err().map(|it| it.to_string())
    };
    assert!(of("REC", Completeness::Complete).await.is_some(), "may not read the log");
    assert!(of("X", Completeness::Masked).await.is_some());
    assert_eq!(of("X", Completeness::Complete).await, None);
    let receptionist = fixture.user("REC").await;
    let erased = fixture
        .clinic
        .erase_patient(&receptionist, &id, UnsentMail::Await, at("2026-12-01T08:00"))
        .await;
    assert!(erased.is_err(), "erasing is for administrators");
}

#[tokio::test]
async fn whoever_has_bookings_to_come_is_not_erased_and_it_is_told_which() {
    let fixture = with_traces().await;
    let x = fixture.user("X").await;
    let done = fixture
        .clinic
        .erase_patient(&x, &"p1".into(), UnsentMail::Await, at(NOW))
        .await
        .expect("reads");
    let Erasure::StillBooked(standing) = done else { panic!("was erased") };
    assert!(standing.iter().any(|it| it.id == "b2".into()));
    assert_eq!(fixture.patient("p1").await.last_name, "Tolvansson");
    assert!(by_action(&fixture, "patient.erase").await.is_empty());
    let unknown =
        fixture.clinic.erase_patient(&x, &"nobody".into(), UnsentMail::Await, at(NOW)).await;
    assert!(matches!(unknown, Err(ClinicError::Refused(Refusal::UnknownPatient))));
}

#[tokio::test]
async fn an_erased_patient_is_in_no_table_and_no_byte_and_the_log_stays_whole() {
    let fixture = with_traces().await;
    let x = fixture.user("X").await;
    let later = at("2026-12-01T08:00");
    let done = fixture
        .clinic
        .erase_patient(&x, &"p1".into(), UnsentMail::Await, later)
        .await
        .expect("erases");
    let Erasure::Erased { bookings } = done else { panic!("{done:?}") };
    assert_eq!(bookings, 4);
    fixture.log_is_whole().await;
    let left = fixture.patient("p1").await;
    assert_eq!((left.first_name.as_str(), left.last_name.as_str()), ("Raderad", "patient"));
    assert_eq!((&left.personnummer, &left.email, &left.mobile), (&None, &None, &None));
    let mut found = Vec::new();
    for entry in log(&fixture, LogFilter::default()).await {
        found.extend([entry.before, entry.after].into_iter().flatten().map(|it| it.to_json()));
    }
    let told = serde_json::Value::from(found).to_string() + &fixture.export().await;
    for personal in PERSONAL {
        assert!(!told.contains(personal), "{personal}: {told}");
    }
    let [erased] = &by_action(&fixture, "patient.erase").await[..] else { panic!("one entry") };
    assert_eq!(erased.after.as_ref().expect("how many").to_json()["bookings"], 4);
    let card = fixture.card("p1").await;
    assert_eq!(card.coming.len() + card.past.len(), 4, "the books keep their times");

    fixture.clinic.store().overwrite_erased().await.expect("rewrites");
    if fixture.place.location().file().is_some() {
        let files = std::fs::read_dir(fixture.place.folder.path()).expect("a folder");
        let paths = files.map(|file| file.expect("a file").path());
        let bytes: Vec<u8> = paths.flat_map(|path| std::fs::read(path).expect("reads")).collect();
        let bytes = String::from_utf8_lossy(&bytes);
        for personal in PERSONAL {
            assert!(!bytes.contains(personal), "{personal}");
        }
    }
}

#[tokio::test]
async fn consoles_that_show_an_erased_patients_books_hear_of_it_and_no_others() {
    let fixture = with_traces().await;
    let x = fixture.user("X").await;
    // Tolvan has no booking with Björn any more.
    let moved = Command::MoveBooking(MovedBooking {
        seen: None,
        booking: "b2".into(),
        practitioner: "AE".into(),
        interval: Interval::new(at("2026-11-25T15:00"), at("2026-11-25T15:20")).expect("a time"),
        confirmed: [].into(),
    });
    fixture.staff(&moved).await.expect("moves");
    let before = fixture.clinic.revisions().await.expect("reads");
    let later = at("2026-12-01T08:00");
    fixture.clinic.erase_patient(&x, &"p1".into(), UnsentMail::Await, later).await.expect("erases");
    let after = fixture.clinic.revisions().await.expect("reads");
    for (book, heard) in [("AE", true), ("CÅ", true), ("BL", false)] {
        let scope = RevisionScope::Practitioner(book.into());
        assert_eq!(after.get(&scope) > before.get(&scope), heard, "{book}");
    }
    let settings = RevisionScope::Settings;
    assert!(after.get(&settings) > before.get(&settings), "the card is shown elsewhere");
}

#[tokio::test]
async fn what_was_done_to_an_erased_patient_is_not_undone() {
    let fixture = with_traces().await;
    let x = fixture.user("X").await;
    let staffs = log(&fixture, LogFilter { by: Some("X".to_owned()), ..Default::default() }).await;
    let cancelled = staffs.iter().find(|it| it.action == "booking.cancel").expect("is there");
    let command = cancelled.command.clone();
    let later = at("2026-12-01T08:00");
    fixture.clinic.erase_patient(&x, &"p1".into(), UnsentMail::Await, later).await.expect("erases");
    assert!(fixture.staff(&Command::Undo { command }).await.is_err());
}

#[tokio::test]
async fn a_booking_that_was_another_patients_before_keeps_nothing_of_that_one() {
    let fixture = with_traces().await;
    let staffs = log(&fixture, LogFilter { by: Some("X".to_owned()), ..Default::default() }).await;
    let entity = &staffs.iter().find(|it| it.action == "booking.add").expect("is there").entity;
    let id = BookingId::from(entity.strip_prefix("booking/").expect("a booking"));
    let mut transaction = fixture.clinic.store().begin().await.expect("begins");
    let scope = RevisionScope::Practitioner("CÅ".into());
    transaction.bump(&[scope].into()).await.expect("locks");
    let before = transaction.booking(&id).await.expect("reads").expect("is there");
    let after = Booking { patient: None, text: "Ledig".to_owned(), ..before.clone() };
    transaction.update_booking(&before, &after).await.expect("writes");
    let entry = NewAuditEntry {
        chain: AuditChain::Practitioner("CÅ".into()),
        at: chrono::Utc::now(),
        actor: "X".to_owned(),
        command: new_command_id(),
        action: "booking.edit".to_owned(),
        entity: entity.clone(),
        before: Some(before.audit_view()),
        after: Some(after.audit_view()),
    };
    transaction.append_audit(&entry).await.expect("appends");
    transaction.commit().await.expect("commits");
    let x = fixture.user("X").await;
    let later = at("2026-12-01T08:00");
    fixture.clinic.erase_patient(&x, &"p1".into(), UnsentMail::Await, later).await.expect("erases");
    let mut told = String::new();
    for entry in log(&fixture, LogFilter::default()).await {
        for value in [entry.before, entry.after].into_iter().flatten() {
            told.push_str(&value.to_json().to_string());
        }
    }
    assert!(!told.contains("Ringer om") && told.contains("Ledig"), "{told}");
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn another_whose_id_differs_in_capitals_only_is_not_erased_along() {
    let fixture = with_traces().await;
    let booking = fixture.clinic.store().read().await.expect("reads").booking(&"b1".into()).await;
    let booking = booking.expect("reads").expect("is there");
    let others = Booking { patient: Some("P1".into()), ..booking };
    let command = new_command_id();
    let (at_once, outcome) = (chrono::Utc::now(), "what it did".to_owned());
    let mut transaction = fixture.clinic.store().begin().await.expect("begins");
    transaction.bump(&[RevisionScope::Practitioner("AE".into())].into()).await.expect("locks");
    let entry = NewAuditEntry {
        chain: AuditChain::Practitioner("AE".into()),
        at: at_once,
        actor: "X".to_owned(),
        command: command.clone(),
        action: "booking.edit".to_owned(),
        entity: "booking/b1".to_owned(),
        before: None,
        after: Some(others.audit_view()),
    };
    transaction.append_audit(&entry).await.expect("appends");
    let kept = StoredCommand { id: command.clone(), actor: "X".to_owned(), at: at_once, outcome };
    transaction.insert_command(&kept).await.expect("keeps");
    transaction.commit().await.expect("commits");
    let (x, later) = (fixture.user("X").await, at("2026-12-01T08:00"));
    fixture.clinic.erase_patient(&x, &"p1".into(), UnsentMail::Await, later).await.expect("erases");
    let left = fixture.clinic.store().read().await.expect("reads").command(&command).await;
    assert_eq!(left.expect("reads").expect("is there").outcome, "what it did");
    let mut reading = fixture.clinic.store().read().await.expect("reads");
    let last = reading.last_audit_of("booking/b1").await.expect("reads").expect("an entry");
    assert_eq!(last.after.expect("what it became").to_json()["text"], "Kontroll");
}

#[tokio::test]
async fn what_was_given_with_a_booking_that_is_nobodys_now_is_erased_with_whoever_gave_it() {
    let fixture = with_traces().await;
    let booking = fixture.booked_as("w1").await;
    let (id, text) = (booking.id.clone(), booking.text.clone());
    let given_away = Command::EditBooking(EditedBooking {
        seen: Box::new(booking),
        template: None,
        patient: BookedFor::Nobody,
        text,
        confirmed: [].into(),
    });
    fixture.staff(&given_away).await.expect("gives it away");
    let (x, later) = (fixture.user("X").await, at("2026-12-01T08:00"));
    fixture.clinic.erase_patient(&x, &"p1".into(), UnsentMail::Await, later).await.expect("erases");
    let left = fixture.clinic.store().read().await.expect("reads").given_contacts(&id).await;
    assert_eq!(left.expect("reads"), None);
    let mut told = String::new();
    for entry in log(&fixture, LogFilter::default()).await {
        for value in [entry.before, entry.after].into_iter().flatten() {
            told.push_str(&value.to_json().to_string());
        }
    }
    for personal in PERSONAL {
        assert!(!told.contains(personal), "{personal}: {told}");
    }
    fixture.log_is_whole().await;
}
