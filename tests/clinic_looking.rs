//! Looking things up on a real store: patients and bookings, what came in online, the log by filters.

mod support;

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use support::desk::{Desk, NOW, at, stretch, x_with};
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::*;

fn x() -> Actor {
    Actor::User(x_with(&[]))
}

async fn run(fixture: &Desk, command: &Command) -> Outcome {
    fixture.run(command).await.expect("carried out")
}

fn book(start: &str, practitioner: &str, text: &str) -> Command {
    Command::Book(StaffBooking {
        practitioner: practitioner.into(),
        start: at(start),
        what: BookingSubject::Free {
            minutes: TemplateMinutes::new(30).expect("1–600"),
            category: "us".into(),
        },
        patient: Some(PatientId::from("p1")).into(),
        text: Some(text.to_owned()),
        confirmed: [Confirmation::OutsideSchedule].into(),
    })
}

async fn found(fixture: &Desk, text: &str) -> Found {
    fixture.clinic.find(&x(), text, at(NOW), 20).await.expect("found")
}

/// The starts of bookings, in their order.
fn starts(found: &Found) -> Vec<String> {
    found.bookings.iter().map(|it| it.interval.start().to_string()).collect()
}

const READER: &[Permission] = &[
    Permission::BookingEdit,
    Permission::PatientView,
    Permission::AuditRead,
    Permission::PreblockInternet,
];

#[tokio::test]
async fn bookings_are_found_by_their_patient_and_by_their_text_the_coming_ones_first() {
    let fixture = Desk::with(READER).await;
    for (start, text) in [
        ("2026-11-20T07:00", "Ringer först"),
        ("2026-11-24T07:00", "Ringer SÖ"),
        ("2027-03-02T07:00", "Långt fram"),
    ] {
        run(&fixture, &book(start, "AE", text)).await;
    }
    for (typed, wanted) in [
        ("ringer", &["2026-11-24T07:00", "2026-11-20T07:00"][..]),
        ("so\u{308} RINGER", &["2026-11-24T07:00"]),
        ("inger", &[]),
        ("långt", &["2027-03-02T07:00"]),
        ("%", &[]),
        ("", &[]),
    ] {
        assert_eq!(starts(&found(&fixture, typed).await), wanted, "{typed}");
    }
    let patient = found(&fixture, "ringer").await.booked.into_values().next().expect("a patient");
    let by_name = found(&fixture, &patient.last_name).await;
    assert_eq!(by_name.patients, std::slice::from_ref(&patient));
    let mut sorted = starts(&by_name);
    assert!(sorted.contains(&"2027-03-02T07:00".to_owned()), "{sorted:?}");
    assert_eq!(sorted.pop().as_deref(), Some("2026-11-20T07:00"), "what has been comes last");
    assert!(sorted.is_sorted() && sorted[0].as_str() > NOW);
    let number = patient.personnummer.as_ref().expect("a number").as_str().to_owned();
    assert_eq!(starts(&found(&fixture, &number).await), starts(&by_name));
}

/// A booking of ten minutes without a patient.
fn with_text(id: String, practitioner: &str, start: CivilTime, text: &str) -> Booking {
    Booking {
        id: BookingId::new(id),
        interval: Interval::new(start, start + Minutes(10)).expect("from before to"),
        template: None,
        patient: None,
        text: text.to_owned(),
        registered_by: "AE".to_owned(),
        portal_id: None,
        identification: Identification::Unverified,
        ..online("", practitioner, "06:00-06:30")
    }
}

#[tokio::test]
async fn a_text_is_found_behind_a_thousand_others_and_the_nearest_are_found_first() {
    let mut bookings = Vec::new();
    // The thousandth from now on starts together with the one behind it, on both sides of now.
    for (side, direction) in [("coming", 1), ("past", -1)] {
        let from = at(NOW).plus_days(10 * direction);
        for n in 0..=1_000 {
            let practitioner = if n % 2 == 0 { "AE" } else { "BL" };
            let start = from + Minutes(direction * 10 * ((n + 1) / 2));
            let text = if n == 1_000 { "Nålen" } else { "Höstack" };
            // Of those that start together, the nearer one has the lower id ahead and the higher one back.
            let id = format!("{side}-{:04}", if direction > 0 { n } else { 1_000 - n });
            bookings.push(with_text(id, practitioner, start, text));
        }
    }
    let bookings = bookings.into_iter().map(|it| (it.id.clone(), it));
    let fixture = Desk::changed(READER, |file| file.bookings.extend(bookings)).await;

    let ids = |found: Found| -> Vec<String> {
        found.bookings.iter().map(|it| it.id.to_string()).collect()
    };
    assert_eq!(ids(found(&fixture, "nål").await), ["coming-1000", "past-0000"]);
    let nearest = ids(found(&fixture, "höst").await);
    assert_eq!(nearest.len(), 40);
    assert_eq!((&*nearest[0], &*nearest[19]), ("coming-0000", "coming-0019"));
    assert_eq!((&*nearest[20], &*nearest[39]), ("past-1000", "past-0981"));
}

#[tokio::test]
async fn what_is_under_way_is_coming_and_what_is_cancelled_is_not_found() {
    let fixture = Desk::with(READER).await;
    let outcome = run(&fixture, &book("2026-11-23T11:45", "AE", "Pågår nu")).await;
    assert_eq!(starts(&found(&fixture, "pågår").await), ["2026-11-23T11:45"]);
    let Some(Change::Booking(change)) = outcome.changes.first() else { panic!("a booking") };
    let booking = change.after().expect("booked").id.clone();
    run(&fixture, &Command::CancelBooking { booking, seen: None, reason: None }).await;
    assert!(starts(&found(&fixture, "pågår").await).is_empty());
}

#[tokio::test]
async fn what_is_under_way_is_found_by_its_text_however_long_it_lasts() {
    let since_yesterday = Interval::new(at("2026-11-22T13:00"), at("2026-11-23T13:00"));
    let fixture = Desk::changed(READER, |file| {
        let text = "Hela dygnet".to_owned();
        let interval = since_yesterday.expect("interval");
        let long = Booking { interval, text, ..file.bookings[&"b1".into()].clone() };
        file.bookings.insert("b1".into(), long);
    })
    .await;
    assert_eq!(starts(&found(&fixture, "dygnet").await), ["2026-11-22T13:00"]);
}

#[tokio::test]
async fn r17_without_the_right_to_see_patients_nothing_is_found() {
    let fixture = Desk::with(&[Permission::BookingEdit]).await;
    let error = fixture.clinic.find(&x(), "ek", at(NOW), 20).await.err();
    let refused = matches!(
        error,
        Some(ClinicError::Refused(Refusal::Permission { permission: Permission::PatientView, .. }))
    );
    assert!(refused);
}

fn online(id: &str, practitioner: &str, hours: &str) -> Booking {
    Booking {
        id: id.into(),
        practitioner: practitioner.into(),
        interval: stretch(hours),
        category: "us".into(),
        template: Some("us30".into()),
        patient: Some("p1".into()),
        text: "E-tid".to_owned(),
        resources: ResourceCodes::default(),
        registered_by: ITB.to_owned(),
        state: BookingState::Booked,
        portal_id: Some("portal".to_owned()),
        identification: Identification::EId,
    }
}

/// Appends what the Online Client would have done, to the chains of the books it touches.
async fn by_itb(
    fixture: &Desk,
    command: &str,
    before: Option<&Booking>,
    after: &Booking,
    moment: DateTime<Utc>,
) {
    let mut transaction = fixture.clinic.store().begin().await.expect("begins");
    let books = before.into_iter().chain([after]).map(|it| it.practitioner.clone());
    for book in books.collect::<std::collections::BTreeSet<_>>() {
        let entry = NewAuditEntry {
            chain: AuditChain::Practitioner(book),
            at: moment,
            actor: ITB.to_owned(),
            command: command.into(),
            action: "online".to_owned(),
            entity: format!("booking/{}", after.id),
            before: before.map(Booking::audit_view),
            after: Some(after.audit_view()),
        };
        transaction.append_audit(&entry).await.expect("appended");
    }
    transaction.commit().await.expect("committed");
}

fn moment(clock: &str) -> DateTime<Utc> {
    format!("2026-11-23T{clock}:00Z").parse().expect("a moment")
}

async fn inbox(fixture: &Desk) -> Inbox {
    fixture.clinic.inbox(&x(), 200).await.expect("an inbox")
}

#[tokio::test]
async fn the_inbox_tells_what_patients_did_and_keeps_what_each_user_has_seen() {
    let fixture = Desk::with(&[Permission::BookingEdit]).await;
    let booked = online("o1", "AE", "09:00-09:30");
    let moved = Booking { practitioner: "BL".into(), ..online("o1", "BL", "10:00-10:30") };
    let gone = Booking { state: BookingState::Cancelled, ..moved.clone() };
    by_itb(&fixture, "c1", None, &booked, moment("08:00")).await;
    by_itb(&fixture, "c2", Some(&booked), &moved, moment("08:01")).await;
    run(&fixture, &book("2026-11-24T07:00", "AE", "av personalen")).await;
    let told = inbox(&fixture).await;
    let what: Vec<_> = told.arrivals.iter().map(|it| (it.what, it.looked)).collect();
    assert_eq!(what, [(Online::Rebooked, Looked::New), (Online::Booked, Looked::New)]);
    let rebooked = &told.arrivals[0];
    assert_eq!(rebooked.place, ("BL".into(), moved.interval));
    assert_eq!(rebooked.before, Some(("AE".into(), booked.interval)));
    assert_eq!(rebooked.identification, Identification::EId);
    assert_eq!(rebooked.template, Some("us30".into()));
    assert!(told.patients.contains_key(&PatientId::from("p1")));

    fixture.clinic.keep_seen(&x(), &told.seen_from(1)).await.expect("kept");
    let looked: Vec<_> = inbox(&fixture).await.arrivals.iter().map(|it| it.looked).collect();
    assert_eq!(looked, [Looked::New, Looked::Seen], "the older one only");
    fixture.clinic.keep_seen(&x(), &told.seen_from(0)).await.expect("kept");
    fixture.clinic.keep_seen(&x(), &told.seen_from(1)).await.expect("kept");
    assert_eq!(inbox(&fixture).await.new_ones(), 0, "what was seen stays seen");

    // In the same second as what was seen before: nothing is lost between two looks.
    by_itb(&fixture, "c3", Some(&moved), &gone, moment("08:01")).await;
    let told = inbox(&fixture).await;
    let new: Vec<_> = told.arrivals.iter().filter(|it| it.looked == Looked::New).collect();
    assert_eq!(new.len(), 1);
    assert_eq!((new[0].what, new[0].before.clone()), (Online::Cancelled, None));
    let system = fixture.clinic.inbox(&Actor::System, 200).await.expect("an inbox");
    assert_eq!(system.new_ones(), 3, "each user looks alone");
}

#[tokio::test]
async fn the_inbox_tells_as_much_as_is_asked_for_and_nothing_else_counts() {
    let fixture = Desk::with(&[Permission::BookingEdit]).await;
    for (id, clock) in [("o1", "08:00"), ("o2", "08:01"), ("o3", "08:02")] {
        by_itb(&fixture, id, None, &online(id, "AE", "09:00-09:30"), moment(clock)).await;
        // Bookings register patients and keep their contacts: the log tells of that as well.
        let mut transaction = fixture.clinic.store().begin().await.expect("begins");
        let registered = NewAuditEntry {
            chain: AuditChain::Settings,
            at: moment(clock),
            actor: ITB.to_owned(),
            command: id.into(),
            action: "booking.online".to_owned(),
            entity: format!("patient/of-{id}"),
            before: None,
            after: None,
        };
        transaction.append_audit(&registered).await.expect("appended");
        transaction.commit().await.expect("committed");
    }
    for (limit, expected) in [(1, &["o3"][..]), (2, &["o3", "o2"]), (9, &["o3", "o2", "o1"])] {
        let told = fixture.clinic.inbox(&x(), limit).await.expect("an inbox").arrivals;
        let told: Vec<&str> = told.iter().map(|it| it.booking.as_str()).collect();
        assert_eq!(told, expected, "{limit}");
    }
}

#[tokio::test]
async fn the_agents_pulse_is_newer_than_the_state_it_has_written_last() {
    let fixture = Desk::open().await;
    let (written, beaten) = (Some(moment("08:00")), moment("09:00"));
    let state = SyncState { alive_at: written, in_step_at: written, ..SyncState::default() };
    let state = serde_json::to_string(&state).expect("JSON");
    for (in_step_at, expected) in [(None, written), (Some(beaten), Some(beaten))] {
        let mut transaction = fixture.clinic.store().begin().await.expect("begins");
        transaction.keep_sync_state(&state).await.expect("kept");
        transaction.keep_pulse(beaten, in_step_at).await.expect("kept");
        transaction.commit().await.expect("committed");
        let days = DateRange::new(at(NOW).date(), 1);
        let told = fixture.clinic.agent_report(&[], days).await.expect("read").state;
        let told = told.map(|state| (state.alive_at, state.in_step_at));
        assert_eq!(told, Some((Some(beaten), expected)));
    }
}

#[tokio::test]
async fn what_is_asked_of_the_agent_waits_its_turn_in_the_log_and_changes_no_settings() {
    let fixture = Desk::with(&[Permission::OnlineEdit]).await;
    let before = fixture.clinic.revisions().await.expect("read");
    let sent: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&sent);
    let watched = fixture.clinic.store().watched(Arc::new(move |statements: &[&str]| {
        noted.lock().expect("whole").extend(statements.iter().map(|&sql| sql.to_owned()));
    }));
    Clinic::new(watched).ask_agent(&x(), SyncRequest::Now, moment("08:00")).await.expect("asked");
    let sent = std::mem::take(&mut *sent.lock().expect("whole"));
    let place = |part: &str| sent.iter().position(|sql| sql.contains(part)).expect(part);
    // Whoever changes settings holds that revision until the log tells of it.
    assert!(place("UPDATE revision") < place("FROM audit_head"), "{sent:#?}");
    assert_eq!(fixture.clinic.revisions().await.expect("read"), before);
    assert!(verify_audit(fixture.clinic.store()).await.expect("read").faults.is_empty());
}

#[tokio::test]
async fn r17_the_inbox_needs_booking_or_seeing_patients_but_no_right_to_the_log() {
    for (permissions, allowed) in [
        (&[Permission::BookingEdit][..], true),
        (&[Permission::PatientView], true),
        (&[Permission::AuditRead, Permission::SettingsEdit], false),
    ] {
        let fixture = Desk::with(permissions).await;
        assert_eq!(fixture.clinic.inbox(&x(), 9).await.is_ok(), allowed, "{permissions:?}");
        let kept = fixture.clinic.keep_seen(&x(), &Seen::new()).await;
        assert_eq!(kept.is_ok(), allowed, "{permissions:?}");
    }
}

async fn log(fixture: &Desk, filter: LogFilter, before: Option<AuditPlace>) -> Vec<AuditEntry> {
    let question = LogQuestion::Entries { filter, before };
    fixture.clinic.log(&x(), &question, 3).await.expect("read")
}

#[tokio::test]
async fn the_logs_filters_combine_and_pages_follow_on_one_another() {
    let fixture = Desk::with(READER).await;
    for hour in 0..5 {
        let (clock, id) = (format!("0{hour}:00"), format!("o{hour}"));
        let booked = online(&id, if hour % 2 == 0 { "AE" } else { "BL" }, "09:00-09:30");
        by_itb(&fixture, &id, None, &booked, moment(&clock)).await;
        // Another in the same second, in another chain.
        let twin = online(&format!("t{hour}"), "CÅ", "09:00-09:30");
        by_itb(&fixture, &format!("t{hour}"), None, &twin, moment(&clock)).await;
    }
    let itb = LogFilter { by: Some(ITB.into()), ..LogFilter::default() };
    let mut read = Vec::new();
    let mut before = None;
    loop {
        let page = log(&fixture, itb.clone(), before).await;
        assert!(page.len() <= 3, "no page is longer than was asked for");
        let Some(last) = page.last() else { break };
        before = Some(last.place());
        read.extend(page.iter().map(|entry| entry.entity.clone()));
        assert!(read.len() <= 10, "pages come to an end: {read:?}");
    }
    let once: std::collections::BTreeSet<_> = read.iter().collect();
    assert_eq!((read.len(), once.len()), (10, 10), "each once: {read:?}");
    let entities = |entries: Vec<AuditEntry>| {
        entries.into_iter().map(|entry| entry.entity).collect::<Vec<_>>()
    };
    let ae = LogFilter { practitioner: Some("AE".into()), ..itb.clone() };
    assert_eq!(
        entities(log(&fixture, ae.clone(), None).await),
        ["booking/o4", "booking/o2", "booking/o0"]
    );
    let other = LogFilter { kind: Some("patient".into()), ..ae.clone() };
    assert!(log(&fixture, other, None).await.is_empty());
    let action = LogFilter { action: Some("booking.move".into()), ..ae };
    assert!(log(&fixture, action, None).await.is_empty());
    let imported = LogFilter { kind: Some("clinic".into()), ..LogFilter::default() };
    assert_eq!(entities(log(&fixture, imported, None).await), ["clinic"]);
    let date = |text| parse_date(text);
    for (from, to, some) in [
        (date("2026-11-23"), date("2026-11-23"), true),
        (None, date("2026-11-22"), false),
        (date("2026-11-24"), None, false),
    ] {
        let days = LogFilter { from, to, ..itb.clone() };
        assert_eq!(!log(&fixture, days, None).await.is_empty(), some, "{from:?} {to:?}");
    }
}

#[tokio::test]
async fn who_moved_a_booking_is_told_at_both_places_and_at_no_other() {
    let fixture = Desk::with(READER).await;
    let outcome = run(&fixture, &book("2026-11-25T06:00", "AE", "flyttas")).await;
    let Some(Change::Booking(change)) = outcome.changes.first() else { panic!("a booking") };
    let booking = change.after().expect("booked").id.clone();
    let moved = Command::MoveBooking(MovedBooking {
        booking,
        seen: None,
        practitioner: "BL".into(),
        interval: stretch("18:00-18:30"),
        confirmed: [Confirmation::OutsideSchedule].into(),
    });
    run(&fixture, &moved).await;
    for (practitioner, hours, entries) in [
        ("AE", "06:00-06:30", 2),
        ("BL", "18:00-18:30", 1),
        ("AE", "18:00-18:30", 0),
        ("BL", "06:00-06:30", 0),
    ] {
        let interval = stretch(hours);
        let question = LogQuestion::Time { practitioner: practitioner.into(), interval };
        let told = fixture.clinic.log(&x(), &question, 9).await.expect("read");
        assert_eq!(told.len(), entries, "{practitioner} {hours}");
        if let Some(newest) = told.first() {
            assert_eq!((newest.action.as_str(), newest.actor.as_str()), ("booking.move", "X"));
            let places = [&newest.before, &newest.after].map(|value| {
                let value = value.as_ref().expect("told");
                (value.plain_field("practitioner").map(str::to_owned), value.interval())
            });
            assert_eq!(places[0], (Some("AE".into()), Some(stretch("06:00-06:30"))));
            assert_eq!(places[1], (Some("BL".into()), Some(stretch("18:00-18:30"))));
        }
    }
}

on_the_server_too! {
    bookings_are_found_by_their_patient_and_by_their_text_the_coming_ones_first,
    a_text_is_found_behind_a_thousand_others_and_the_nearest_are_found_first,
    what_is_under_way_is_coming_and_what_is_cancelled_is_not_found,
    what_is_under_way_is_found_by_its_text_however_long_it_lasts,
    r17_without_the_right_to_see_patients_nothing_is_found,
    the_inbox_tells_what_patients_did_and_keeps_what_each_user_has_seen,
    the_inbox_tells_as_much_as_is_asked_for_and_nothing_else_counts,
    the_agents_pulse_is_newer_than_the_state_it_has_written_last,
    what_is_asked_of_the_agent_waits_its_turn_in_the_log_and_changes_no_settings,
    r17_the_inbox_needs_booking_or_seeing_patients_but_no_right_to_the_log,
    the_logs_filters_combine_and_pages_follow_on_one_another,
    who_moved_a_booking_is_told_at_both_places_and_at_no_other,
}
