//! *Behandlaren är sjuk* on a real store: withdrawing, calling, undoing, reading.

mod support;

use support::desk::{Desk, NOW, at};
use support::take_in;
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{ImportMode, export, verify_audit};

fn days(first: &str, count: u32) -> DateRange {
    DateRange::new(parse_date(first).expect("a date"), count)
}

impl Desk {
    async fn do_by(&self, actor: &Actor, command: Command) -> Result<Outcome, Refusal> {
        match self.run_by(actor, &command).await {
            Ok(outcome) => Ok(outcome),
            Err(ClinicError::Refused(refusal)) => Err(refusal),
            Err(ClinicError::Store(error)) => panic!("{error}"),
        }
    }

    async fn list(&self, actor: &Actor) -> CallList {
        self.list_of(actor, "AE").await
    }

    async fn list_of(&self, actor: &Actor, practitioner: &str) -> CallList {
        let week = days("2026-11-23", 7);
        self.clinic.call_list(actor, &practitioner.into(), week).await.expect("reads")
    }
}

fn withdraw(practitioner: &str) -> Command {
    Command::WithdrawPreblocks { practitioner: practitioner.into(), days: days("2026-11-23", 7) }
}

fn mark(booking: &BookingId, mark: CallMark) -> Command {
    Command::MarkCalled { booking: booking.clone(), mark }
}

#[tokio::test]
async fn withdrawing_takes_every_internet_preblock_of_the_days_and_no_other_and_is_undone() {
    let clinic = Desk::open().await;
    let system = Actor::System;
    let lunch = Command::LayPreblocks {
        practitioner: "AE".into(),
        preblock_type: "lunch".into(),
        intervals: vec![
            Interval::new(at("2026-11-26T19:00"), at("2026-11-26T20:00")).expect("an hour"),
        ],
        overlap: OverlapChoice::Refuse,
        code: None,
    };
    clinic.do_by(&system, lunch).await.expect("lays");
    let before = clinic.export().await;
    let preview = clinic.clinic.preview(&system, &withdraw("AE"), at(NOW)).await.expect("previews");
    assert!(!preview.changes.is_empty() && !preview.lost.is_empty());
    let outcome = clinic.do_by(&system, withdraw("AE")).await.expect("withdraws");
    assert_eq!(outcome.changes.len(), preview.changes.len());
    let all = outcome.changes.iter().all(|change| {
        matches!(
            change,
            Change::Preblock { kind: PreblockKind::Internet, change: Changed::Removed(_) }
        )
    });
    assert!(all, "only Internet preblocks go");
    let slots = clinic.clinic.slots(Some(&"AE".into()), days("2026-11-23", 7), at(NOW)).await;
    assert!(slots.expect("reads").is_empty());
    let again = clinic.do_by(&system, withdraw("AE")).await.map(|_| ());
    assert_eq!(again, Err(Refusal::NothingToDo(NothingToDo::NothingPublished)));
    let undo = Command::Undo { command: outcome.command };
    clinic.do_by(&system, undo).await.expect("undoes");
    assert_eq!(clinic.export().await, before);
}

#[tokio::test]
async fn r17_withdrawing_needs_preblock_internet_and_marking_booking_edit() {
    let clinic = Desk::open().await;
    let apprentice = clinic.actor("ELEV").await;
    let refused = clinic.do_by(&apprentice, withdraw("AE")).await.map(|_| ());
    assert!(matches!(refused, Err(Refusal::Permission { permission, .. })
        if permission == Permission::PreblockInternet));
    let dentist = clinic.actor("AE").await;
    let refused = clinic.do_by(&dentist, mark(&"b1".into(), CallMark::Called)).await.map(|_| ());
    assert!(matches!(refused, Err(Refusal::Permission { permission, .. })
        if permission == Permission::BookingEdit));
}

#[tokio::test]
async fn a_call_is_noted_once_told_of_in_the_log_and_taken_back() {
    let clinic = Desk::open().await;
    let receptionist = clinic.actor("REC").await;
    let rows = clinic.list(&receptionist).await.bookings;
    let id = rows.first().expect("a booking").booking.id.clone();
    let noted = clinic.do_by(&receptionist, mark(&id, CallMark::Called)).await.expect("notes");
    let row = clinic.list(&receptionist).await.bookings.remove(0);
    let call = row.call.expect("a call");
    assert_eq!((call.by.as_str(), call.at), ("REC", at(NOW)));
    let again = clinic.do_by(&receptionist, mark(&id, CallMark::Called)).await.map(|_| ());
    assert_eq!(again, Err(Refusal::NothingToDo(NothingToDo::Unchanged)));
    let question = LogQuestion::Time { practitioner: "AE".into(), interval: row.booking.interval };
    let entry = clinic.clinic.log(&Actor::System, &question, 1).await.expect("reads").remove(0);
    assert_eq!((entry.action.as_str(), entry.actor.as_str()), ("booking.call", "REC"));
    clinic.do_by(&receptionist, Command::Undo { command: noted.command }).await.expect("undoes");
    assert!(clinic.list(&receptionist).await.bookings[0].call.is_none());
    clinic.do_by(&receptionist, mark(&id, CallMark::Called)).await.expect("notes");
    clinic.do_by(&receptionist, mark(&id, CallMark::NotCalled)).await.expect("takes back");
    assert!(clinic.list(&receptionist).await.bookings[0].call.is_none());
    let report = verify_audit(clinic.clinic.store()).await.expect("reads");
    assert!(report.faults.is_empty());
}

#[tokio::test]
async fn a_booking_cancelled_leaves_the_list_and_one_that_is_gone_takes_its_call_along() {
    let clinic = Desk::open().await;
    let system = Actor::System;
    let rows = clinic.list(&system).await.bookings;
    let id = rows[0].booking.id.clone();
    clinic.do_by(&system, mark(&id, CallMark::Called)).await.expect("notes");
    let cancel = Command::CancelBooking { booking: id.clone(), seen: None, reason: None };
    clinic.do_by(&system, cancel).await.expect("cancels");
    assert_eq!(clinic.list(&system).await.bookings.len(), rows.len() - 1);
    let refused = clinic.do_by(&system, mark(&id, CallMark::NotCalled)).await.map(|_| ());
    assert_eq!(refused, Err(Refusal::AlreadyCancelled));
    let free = Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at("2026-11-25T15:00"),
        what: BookingSubject::Template("us30".into()),
        patient: BookedFor::Nobody,
        text: None,
        confirmed: Default::default(),
    });
    let booked = clinic.do_by(&system, free).await.expect("books");
    let Some(Change::Booking(change)) = booked.changes.first() else { panic!("a booking") };
    let new = change.after().expect("a booking").id.clone();
    clinic.do_by(&system, mark(&new, CallMark::Called)).await.expect("notes");
    clinic.do_by(&system, Command::Undo { command: booked.command }).await.expect("undoes");
    let file = export(clinic.clinic.store()).await.expect("reads");
    take_in(clinic.clinic.store(), &file, ImportMode::Replace).await.expect("replaces");
    assert!(clinic.list(&system).await.bookings.iter().all(|row| row.call.is_none()));
}

#[tokio::test]
async fn a_call_counts_for_the_time_that_it_was_about_and_comes_back_with_that_time() {
    for book in ["AE", "BL"] {
        let clinic = Desk::open().await;
        let system = Actor::System;
        let booking = clinic.list(&system).await.bookings.remove(0).booking;
        clinic.do_by(&system, mark(&booking.id, CallMark::Called)).await.expect("notes");
        let put = |practitioner: &str, start: CivilTime, minutes: Minutes| {
            Command::MoveBooking(MovedBooking {
                booking: booking.id.clone(),
                seen: None,
                practitioner: practitioner.into(),
                interval: Interval::new(start, start + minutes).expect("an interval"),
                confirmed: [Confirmation::OutsideSchedule].into(),
            })
        };
        let calls = async || -> usize {
            let mut calls = 0;
            for practitioner in ["AE", "BL"] {
                let weeks = days("2026-11-23", 21);
                let list = clinic.clinic.call_list(&system, &practitioner.into(), weeks).await;
                let rows = list.expect("reads").bookings;
                calls += rows.iter().filter(|row| row.call.is_some()).count();
            }
            calls
        };
        let (start, length) = (booking.interval.start(), booking.interval.length());
        clinic.do_by(&system, put("AE", start, Minutes(length.0 - 5))).await.expect("shortens");
        assert_eq!(calls().await, 1, "it begins when it did");
        let evening = CivilTime::at(start.date(), Minutes(21 * 60)).plus_days(7);
        let moved = clinic.do_by(&system, put(book, evening, length)).await.expect("moves");
        assert_eq!(calls().await, 0, "nobody has called about the new time");
        let undo = Command::Undo { command: moved.command };
        let back = clinic.do_by(&system, undo).await.expect("undoes");
        assert_eq!(calls().await, 1, "the old time was called about");
        let redo = Command::Undo { command: back.command };
        let redone = clinic.do_by(&system, redo).await.expect("redoes");
        assert_eq!(calls().await, 0);
        assert_eq!(redone.changes.len(), moved.changes.len());
        clinic.do_by(&system, mark(&booking.id, CallMark::Called)).await.expect("notes");
        let undo = Command::Undo { command: redone.command };
        let refused = clinic.do_by(&system, undo).await.map(|_| ());
        assert!(matches!(refused, Err(Refusal::TouchedSince { .. })), "called about since");
        let report = verify_audit(clinic.clinic.store()).await.expect("reads");
        assert!(report.faults.is_empty());
    }
}

#[tokio::test]
async fn whoever_may_not_see_patients_gets_the_bookings_without_them() {
    let clinic = Desk::open().await;
    let apprentice = clinic.actor("ELEV").await;
    let rows = clinic.list_of(&apprentice, "BL").await.bookings;
    assert!(rows.iter().any(|row| row.booking.patient.is_some()));
    assert!(rows.iter().all(|row| row.patient.is_none()));
    let rows = clinic.list_of(&Actor::System, "BL").await.bookings;
    assert!(rows.iter().any(|row| row.patient.is_some()));
}

on_the_server_too! {
    withdrawing_takes_every_internet_preblock_of_the_days_and_no_other_and_is_undone,
    r17_withdrawing_needs_preblock_internet_and_marking_booking_edit,
    a_call_is_noted_once_told_of_in_the_log_and_taken_back,
    a_booking_cancelled_leaves_the_list_and_one_that_is_gone_takes_its_call_along,
    a_call_counts_for_the_time_that_it_was_about_and_comes_back_with_that_time,
    whoever_may_not_see_patients_gets_the_bookings_without_them,
}
