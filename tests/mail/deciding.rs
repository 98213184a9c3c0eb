//! What patients are told of which change, and what they are spared.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use mail_parser::MessageParser;
use tidbok::clinic::{
    BookedFor, Clinic, Command, EditedBooking, Erasure, KeptOnline, OnPage, Standing, UnsentMail,
};
use tidbok::domain::{EndNotAfterStart, Identification, IdentityProtection, Interval, Minutes};
use tidbok::mail::Mailer;

use crate::place::{EMAIL, Place, at, day_before, in_minutes, now, portal};
use crate::receiver::Receiver;

/// A clinic with a booking at nine that has been confirmed.
async fn confirmed() -> (Place, Receiver, Mailer) {
    let (place, receiver) = (Place::open().await, Receiver::open().await);
    place.book("b1", "09:00", EMAIL).await;
    let mut mailer = place.mailer(&receiver);
    mailer.round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED]);
    (place, receiver, mailer)
}

const BOOKED: &str = "Din tid hos Tandkliniken Storgatan AB är bokad";
const REBOOKED: &str = "Din tid hos Tandkliniken Storgatan AB är ombokad";
const MOVED: &str = "Din tid hos Tandkliniken Storgatan AB är flyttad";
const CANCELLED: &str = "Din tid hos Tandkliniken Storgatan AB är avbokad";
const REMINDER: &str = "Påminnelse: din tid hos Tandkliniken Storgatan AB";

fn subjects(receiver: &Receiver) -> Vec<String> {
    let subject = |text: &str| {
        let message = MessageParser::default().parse(text).expect("a message");
        message.subject().expect("a subject").to_owned()
    };
    receiver.taken().iter().map(|taken| subject(&taken.text)).collect()
}

/// Whether the last message says so.
fn says(receiver: &Receiver, text: &str) -> bool {
    let last = receiver.taken().last().expect("a message").text.clone();
    let message = MessageParser::default().parse(&last).expect("a message");
    message.body_text(0).expect("a text").contains(text)
}

#[tokio::test]
async fn what_the_patient_does_is_told_at_once() {
    let (place, receiver, mut mailer) = confirmed().await;
    place.rebook("b1", "10:00").await;
    mailer.round(in_minutes(0)).await.expect("the store answers");
    assert!(says(&receiver, "kl. 10:00") && says(&receiver, "Gäller inte längre"));
    place.cancel_online("b1").await;
    mailer.round(in_minutes(0)).await.expect("the store answers");
    assert!(says(&receiver, "Du har avbokat din tid."));
    assert_eq!(subjects(&receiver), [BOOKED, REBOOKED, CANCELLED]);
}

#[tokio::test]
async fn what_a_restored_database_takes_back_from_the_page_is_told_to_nobody_again() {
    let (place, receiver, mut mailer) = confirmed().await;
    let there = place.booking("b1").await.interval;
    let later = |minutes| at_page(Interval::new(there.start() + minutes, there.end() + minutes));
    let kept = [later(Minutes(60)), later(Minutes(90)), Standing::Cancelled];
    for standing in kept {
        let portal_id = portal("b1");
        let command = Command::KeepOnline(KeptOnline { portal_id, standing });
        place.online(command).await.expect("is as the page has it");
        for minutes in [0, 2] {
            mailer.round(in_minutes(minutes)).await.expect("the store answers");
        }
    }
    assert_eq!(subjects(&receiver), [BOOKED]);
}

fn at_page(interval: Result<Interval, EndNotAfterStart>) -> Standing {
    Standing::Booked(OnPage {
        practitioner: "AE".into(),
        template: "us30".into(),
        interval: interval.expect("a time"),
        identification: Identification::EId,
    })
}

#[tokio::test]
async fn what_is_taken_back_is_reminded_of_where_it_is_and_told_of_once_the_clinic_moves_it() {
    let (place, receiver, mut mailer) = confirmed().await;
    let there = place.booking("b1").await.interval;
    let standing = at_page(Interval::new(there.start() + Minutes(60), there.end() + Minutes(60)));
    let command = Command::KeepOnline(KeptOnline { portal_id: portal("b1"), standing });
    place.online(command).await.expect("is as the page has it");
    mailer.round(in_minutes(0)).await.expect("the store answers");
    mailer.round(day_before("10:00")).await.expect("the store answers");
    assert!(says(&receiver, "kl. 10:00"));
    assert_eq!(subjects(&receiver), [BOOKED, REMINDER]);
    place.move_to("b1", "10:30", "11:00").await;
    mailer.round(in_minutes(2)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED, REMINDER, MOVED]);
}

#[tokio::test]
async fn what_the_clinic_does_is_told_once_it_has_stood_for_a_minute() {
    let (place, receiver, mut mailer) = confirmed().await;
    place.move_to("b1", "10:00", "10:30").await;
    mailer.round(in_minutes(0)).await.expect("the store answers");
    place.move_to("b1", "11:00", "11:30").await;
    mailer.round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED]);
    mailer.round(in_minutes(2)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED, MOVED]);
    assert!(says(&receiver, "kl. 11:00") && says(&receiver, "kl. 09:00"));
    assert!(!says(&receiver, "kl. 10:00"));
    place.cancel("b1").await;
    mailer.round(in_minutes(2)).await.expect("the store answers");
    assert!(says(&receiver, "Kliniken har tyvärr avbokat din tid."));
    assert_eq!(subjects(&receiver), [BOOKED, MOVED, CANCELLED]);
}

#[tokio::test]
async fn nobody_is_erased_before_the_message_about_a_cancelled_time_is_sent() {
    let (place, receiver, mut mailer) = confirmed().await;
    place.cancel("b1").await;
    assert_eq!(place.erase("b1", UnsentMail::Await).await, Erasure::Untold, "it settles still");
    mailer.round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(place.erase("b1", UnsentMail::Await).await, Erasure::Untold);
    mailer.round(in_minutes(2)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED, CANCELLED]);
    assert_eq!(place.erase("b1", UnsentMail::Await).await, Erasure::Erased { bookings: 1 });
}

#[tokio::test]
async fn whoever_is_erased_all_the_same_is_not_told() {
    let (place, receiver, mut mailer) = confirmed().await;
    place.cancel("b1").await;
    assert_eq!(place.erase("b1", UnsentMail::GiveUp).await, Erasure::Erased { bookings: 1 });
    mailer.round(in_minutes(2)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED]);
}

#[tokio::test]
async fn where_no_e_mail_is_sent_nobody_waits_for_it() {
    let place = Place::open().await;
    place.book("b1", "09:00", EMAIL).await;
    place.cancel("b1").await;
    assert_eq!(place.erase("b1", UnsentMail::Await).await, Erasure::Erased { bookings: 1 });
}

#[tokio::test]
async fn what_is_taken_back_before_it_was_told_is_not_told() {
    let (place, mut receiver, mut mailer) = confirmed().await;
    let cancelled = place.cancel("b1").await;
    mailer.round(in_minutes(0)).await.expect("the store answers");
    place.undo(cancelled).await;
    mailer.round(in_minutes(2)).await.expect("the store answers");
    // Nor what waited for a server that was down.
    receiver.down().await;
    let moved = place.move_to("b1", "10:00", "10:30").await;
    mailer.round(in_minutes(2)).await.expect("the store answers");
    assert_eq!(place.report().await.held_up, 1);
    place.undo(moved).await;
    receiver.up().await;
    for minutes in 3..15 {
        mailer.round(in_minutes(minutes)).await.expect("the store answers");
    }
    assert_eq!(subjects(&receiver), [BOOKED]);
}

#[tokio::test]
async fn a_cancellation_that_was_told_and_is_taken_back_is_told_too() {
    let (place, receiver, mut mailer) = confirmed().await;
    let cancelled = place.cancel("b1").await;
    mailer.round(in_minutes(2)).await.expect("the store answers");
    place.undo(cancelled).await;
    mailer.round(in_minutes(2)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED, CANCELLED, BOOKED]);
    assert!(says(&receiver, "Din tid gäller igen."));
}

#[tokio::test]
async fn only_the_last_of_what_happened_while_the_server_was_down_is_told() {
    let (place, mut receiver) = (Place::open().await, Receiver::open().await);
    receiver.down().await;
    place.book("b1", "09:00", EMAIL).await;
    let mut mailer = place.mailer(&receiver);
    mailer.round(in_minutes(0)).await.expect("the store answers");
    place.move_to("b1", "10:00", "10:30").await;
    mailer.round(in_minutes(2)).await.expect("the store answers");
    place.move_to("b1", "11:00", "11:30").await;
    receiver.up().await;
    for minutes in 3..15 {
        mailer.round(in_minutes(minutes)).await.expect("the store answers");
    }
    assert_eq!(subjects(&receiver), [MOVED]);
    assert!(says(&receiver, "kl. 11:00") && says(&receiver, "kl. 09:00"));
}

#[tokio::test]
async fn what_waits_is_told_as_it_is_by_now_in_the_next_round_already() {
    let (place, mut receiver, mut mailer) = confirmed().await;
    receiver.down().await;
    place.move_to("b1", "10:00", "10:30").await;
    mailer.round(in_minutes(2)).await.expect("the store answers");
    assert_eq!(place.report().await.held_up, 1);
    place.move_to("b1", "11:00", "11:30").await;
    receiver.up().await;
    let mailed = mailer.round(in_minutes(4)).await.expect("the store answers");
    assert_eq!((mailed.sent, subjects(&receiver)), (1, vec![BOOKED.to_owned(), MOVED.to_owned()]));
    assert!(says(&receiver, "kl. 11:00") && says(&receiver, "kl. 09:00"));
}

#[tokio::test]
async fn what_was_decided_is_not_sent_where_the_booking_was_moved_in_between() {
    let (place, ..) = confirmed().await;
    place.move_to("b1", "10:00", "10:30").await;
    place.clinic.decide_notices(in_minutes(2)).await.expect("the store answers");
    place.move_to("b1", "11:00", "11:30").await;
    let next = async || place.clinic.next_notice(in_minutes(4)).await.expect("the store answers");
    assert!(next().await.is_none());
    place.clinic.decide_notices(in_minutes(4)).await.expect("the store answers");
    let outgoing = next().await.expect("a message");
    assert_eq!(outgoing.notice.interval, outgoing.booking.interval);
    assert_eq!(
        (outgoing.booking.interval.start(), outgoing.before),
        (at("11:00"), Some(at("09:00")))
    );
    let shown = format!("{outgoing:?}");
    assert!(shown.contains("Address(…)") && !shown.contains(EMAIL), "{shown}");
}

#[tokio::test]
async fn it_is_looked_again_within_half_a_minute_and_nothing_is_written_where_nothing_is_new() {
    let half_a_minute = TimeDelta::seconds(30);
    let place = Place::open().await;
    let sent = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&sent);
    let watched = place.clinic.store().watched(Arc::new(move |statements: &[&str]| {
        heard.lock().expect("whole").extend(statements.iter().map(|&sql| sql.to_owned()));
    }));
    let clinic = Clinic::new(watched);
    let decide = async |at| {
        let again = clinic.decide_notices(at).await.expect("the store answers");
        let sent = std::mem::take(&mut *sent.lock().expect("whole"));
        (again, sent.iter().any(|sql| sql == "COMMIT"))
    };
    let at = in_minutes(0);
    assert_eq!(decide(at).await, (at + half_a_minute, false), "no bookings");
    place.book("b1", "09:00", EMAIL).await;
    assert_eq!(decide(at).await, (at + half_a_minute, true), "a message");
    assert_eq!(decide(at).await, (at + half_a_minute, false), "which waits");
    // What the clinic has changed is told sooner: once it has stood for a minute.
    place.mailer(&Receiver::open().await).round(at).await.expect("the store answers");
    place.move_to("b1", "10:00", "10:30").await;
    let at = in_minutes(0) + TimeDelta::seconds(45);
    let (again, written) = decide(at).await;
    assert!(at < again && again < at + half_a_minute && !written);
}

#[tokio::test]
async fn the_day_before_a_reminder_is_sent_once() {
    let (place, receiver, mut mailer) = confirmed().await;
    for (clock, told) in [("09:59", 1), ("10:00", 2), ("10:01", 2), ("18:00", 2)] {
        mailer.round(day_before(clock)).await.expect("the store answers");
        assert_eq!(subjects(&receiver).len(), told, "{clock}");
    }
    assert_eq!(subjects(&receiver), [BOOKED, REMINDER]);
    assert!(says(&receiver, "Vi påminner om din tid i morgon."));
    // Neither of what is cancelled, nor on the day itself.
    place.book("b2", "10:00", EMAIL).await;
    mailer.round(in_minutes(0)).await.expect("the store answers");
    mailer.round(day_before("10:00") + TimeDelta::hours(14)).await.expect("the store answers");
    place.book("b3", "11:00", EMAIL).await;
    mailer.round(in_minutes(0)).await.expect("the store answers");
    place.cancel_online("b3").await;
    mailer.round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED, REMINDER, BOOKED, BOOKED, CANCELLED]);
    mailer.round(day_before("12:00")).await.expect("the store answers");
    assert_eq!(subjects(&receiver)[5..], [REMINDER]);
}

#[tokio::test]
async fn whoever_was_told_on_the_day_before_is_not_reminded_on_it() {
    let (place, receiver, mut mailer) = confirmed().await;
    place.move_to("b1", "10:00", "10:30").await;
    mailer.round(day_before("09:00")).await.expect("the store answers");
    mailer.round(day_before("12:00")).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED, MOVED]);
}

#[tokio::test]
async fn bookings_from_before_e_mail_are_not_confirmed_but_followed_from_then_on() {
    let (place, receiver) = (Place::open().await, Receiver::open().await);
    place.book("b1", "09:00", EMAIL).await;
    let mut mailer = place.mailer(&receiver);
    let days = 2 * 24 * 60;
    mailer.round(in_minutes(days)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), Vec::<String>::new());
    place.move_to("b1", "10:00", "10:30").await;
    mailer.round(in_minutes(days + 2)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [MOVED]);
}

#[tokio::test]
async fn what_is_over_what_staff_booked_and_what_is_anothers_now_is_told_to_nobody() {
    let (place, receiver, mut mailer) = confirmed().await;
    let seen = place.booking("b1").await;
    place
        .run(Command::EditBooking(EditedBooking {
            text: seen.text.clone(),
            seen: Box::new(seen),
            template: None,
            patient: BookedFor::Patient("p1".into()),
            confirmed: Default::default(),
        }))
        .await;
    place.move_to("b1", "10:00", "10:30").await;
    mailer.round(in_minutes(5)).await.expect("the store answers");
    place.book("b2", "09:00", EMAIL).await;
    mailer.round(day_before("12:00") + TimeDelta::days(2)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED]);
}

#[tokio::test]
async fn r22_a_protected_patient_is_told_as_anyone_to_the_address_that_was_given() {
    let receiver = Receiver::open().await;
    let place = Place::with(|file| {
        let mut card = file.patients[&"p1".into()].clone();
        card.id = "p9".into();
        let number = tidbok::domain::Personnummer::parse(crate::place::NUMBER, now().date());
        card.personnummer = Some(number.expect("a personnummer"));
        card.email = Some("hemma@skyddad.example".to_owned());
        card.protection = IdentityProtection::Protected;
        file.patients.insert(card.id.clone(), card);
    })
    .await;
    place.book("b1", "09:00", EMAIL).await;
    place.mailer(&receiver).round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(subjects(&receiver), [BOOKED]);
    let taken = &receiver.taken()[0];
    assert!(taken.to.contains(EMAIL) && !taken.text.contains("skyddad"));
}
