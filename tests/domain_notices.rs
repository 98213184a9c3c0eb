//! What patients are told by e-mail of an online booking, and when: what it is now, held against what they
//! have been told. And what calendars are told of it.

use chrono::{DateTime, TimeDelta, Utc};
use tidbok::domain::*;

fn civil(text: &str) -> CivilTime {
    text.parse().expect("a time")
}

/// An instant by the clock in Stockholm, in winter.
fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+01:00").parse().expect("an instant")
}

fn moment(text: &str) -> Moment {
    Moment { at: at(text), zone: ClinicZone::default() }
}

/// AE's, on Wednesday at nine, unless told otherwise.
fn booking() -> Booking {
    Booking {
        id: "b".into(),
        practitioner: "AE".into(),
        interval: Interval::new(civil("2026-11-25T09:00"), civil("2026-11-25T09:30")).unwrap(),
        category: "us".into(),
        template: Some("us30".into()),
        patient: Some("p".into()),
        text: String::new(),
        resources: ResourceCodes::default(),
        registered_by: ITB.into(),
        state: BookingState::Booked,
        portal_id: Some("portal".into()),
        identification: Identification::EId,
    }
}

fn cancelled() -> Booking {
    Booking { state: BookingState::Cancelled, ..booking() }
}

fn moved() -> Booking {
    let interval = Interval::new(civil("2026-11-25T10:00"), civil("2026-11-25T10:30")).unwrap();
    Booking { interval, ..booking() }
}

fn to_another() -> Booking {
    Booking { practitioner: "BL".into(), ..booking() }
}

/// Told of the booking as it is, on Friday.
fn notice(kind: NoticeKind, state: NoticeState) -> Notice {
    Notice {
        booking: "b".into(),
        n: 1,
        kind,
        practitioner: "AE".into(),
        interval: booking().interval,
        patient: Some("p".into()),
        decided_at: at("2026-11-20T12:00"),
        state,
        attempts: 1,
        doubtful: false,
    }
}

fn sent(kind: NoticeKind) -> Notice {
    notice(kind, NoticeState::Sent)
}

const LAST_FRIDAY: &str = "2026-11-20T12:00";
const NOW: &str = "2026-11-20T12:10";

fn by(by: ChangedBy, at_clock: &str) -> Option<LastChange> {
    Some(LastChange { by, at: at(at_clock) })
}

fn due(booking: &Booking, history: &[Notice], change: Option<LastChange>, now: &str) -> Due {
    Told { booking, booked_at: civil(LAST_FRIDAY), history }.due(change, moment(now))
}

use ChangedBy::{Clinic, Patient};
use Due::{AskWho, Later, Nothing, Tell};
use NoticeKind::{Booked, Cancelled, Known, Moved, Rebooked, Receipt, Reminder, Restored};
use NoticeState::{Dropped, Failed, Sent, Waiting};

#[test]
fn what_nobody_has_been_told_of_is_confirmed_within_a_day() {
    let unheard = |booking: &Booking, change, now| due(booking, &[], change, now);
    for (state, change, now, expected) in [
        (booking(), None, NOW, Tell(Booked)),
        (booking(), None, "2026-11-21T11:59", Tell(Booked)),
        (booking(), None, "2026-11-21T12:00", Tell(Known)),
        (booking(), None, "2026-11-23T12:00", Tell(Known)),
        (cancelled(), None, NOW, AskWho),
        (cancelled(), by(Patient, NOW), NOW, Tell(Receipt)),
        (cancelled(), by(Clinic, LAST_FRIDAY), NOW, Tell(Cancelled)),
        (cancelled(), by(Clinic, LAST_FRIDAY), "2026-11-21T12:00", Nothing),
    ] {
        assert_eq!(unheard(&state, change, now), expected, "{state:?} {now}");
    }
}

#[test]
fn a_change_is_told_as_whoever_made_it_did() {
    let told = [sent(Booked)];
    let off = [sent(Cancelled)];
    for (state, history, by_patient, by_clinic) in [
        (moved(), &told, Rebooked, Moved),
        (to_another(), &told, Rebooked, Moved),
        (cancelled(), &told, Receipt, Cancelled),
        (booking(), &off, Restored, Restored),
    ] {
        assert_eq!(due(&state, history, None, NOW), AskWho, "{state:?}");
        let change = by(Patient, NOW);
        assert_eq!(due(&state, history, change, NOW), Tell(by_patient), "{state:?}");
        let change = by(Clinic, LAST_FRIDAY);
        assert_eq!(due(&state, history, change, NOW), Tell(by_clinic), "{state:?}");
    }
}

#[test]
fn what_the_clinic_has_changed_is_told_once_it_has_stood_for_a_minute() {
    let changed = at("2026-11-20T12:09");
    let change = Some(LastChange { by: Clinic, at: changed });
    let after = |seconds| {
        let now = Moment { at: changed + TimeDelta::seconds(seconds), zone: ClinicZone::default() };
        let history = [sent(Booked)];
        let told = Told { booking: &moved(), booked_at: civil(LAST_FRIDAY), history: &history };
        told.due(change, now)
    };
    for (seconds, expected) in [
        (0, Later(changed + SETTLING)),
        (59, Later(changed + SETTLING)),
        (60, Tell(Moved)),
        (61, Tell(Moved)),
    ] {
        assert_eq!(after(seconds), expected, "{seconds}");
    }
}

#[test]
fn what_is_as_it_was_told_is_not_told_again() {
    // (history, on Friday, on the morning before the booking)
    let doubtful = Notice { doubtful: true, ..notice(Moved, Waiting) };
    for (history, soon, day_before) in [
        (vec![sent(Booked)], Nothing, Tell(Reminder)),
        (vec![notice(Booked, Waiting)], Tell(Booked), Tell(Booked)),
        (vec![notice(Booked, Dropped)], Tell(Booked), Tell(Booked)),
        (vec![notice(Booked, Failed)], Nothing, Nothing),
        (vec![sent(Known)], Nothing, Tell(Reminder)),
        // The clinic's, before it can have arrived, is as if it had not been.
        (vec![sent(Booked), notice(Moved, Waiting)], Nothing, Tell(Reminder)),
        (vec![sent(Booked), notice(Moved, Dropped)], Nothing, Tell(Reminder)),
        // Where it may have arrived, it is tried again.
        (vec![sent(Booked), doubtful], Tell(Moved), Tell(Moved)),
        (vec![sent(Booked), notice(Moved, Failed)], Nothing, Nothing),
        (vec![sent(Cancelled), sent(Restored)], Nothing, Tell(Reminder)),
    ] {
        assert_eq!(due(&booking(), &history, None, NOW), soon, "{history:?}");
        let later = due(&booking(), &history, None, "2026-11-24T11:00");
        assert_eq!(later, day_before, "{history:?}");
    }
    for history in [[sent(Cancelled)], [sent(Receipt)]] {
        assert_eq!(due(&cancelled(), &history, None, NOW), Nothing);
        assert_eq!(due(&cancelled(), &history, None, "2026-11-24T11:00"), Nothing);
    }
}

#[test]
fn patients_are_reminded_once_the_day_before_from_ten() {
    let history = [sent(Booked)];
    for (now, expected) in [
        ("2026-11-23T23:59", Nothing),
        ("2026-11-24T09:59", Nothing),
        ("2026-11-24T10:00", Tell(Reminder)),
        ("2026-11-24T23:59", Tell(Reminder)),
        ("2026-11-25T08:59", Nothing),
        ("2026-11-25T09:00", Nothing),
    ] {
        assert_eq!(due(&booking(), &history, None, now), expected, "{now}");
    }
    let elsewhere = Notice { interval: moved().interval, ..sent(Reminder) };
    let told = |decided| Notice { decided_at: at(decided), ..sent(Booked) };
    let known = Notice { kind: Known, ..told("2026-11-24T08:00") };
    for (history, expected) in [
        (vec![sent(Booked), sent(Reminder)], Nothing),
        (vec![sent(Booked), notice(Reminder, Failed)], Nothing),
        (vec![sent(Booked), notice(Reminder, Waiting)], Tell(Reminder)),
        (vec![sent(Booked), elsewhere], Tell(Reminder)),
        (vec![told("2026-11-23T23:59")], Tell(Reminder)),
        (vec![told("2026-11-24T00:00")], Nothing),
        (vec![told("2026-11-24T09:00")], Nothing),
        (vec![known], Tell(Reminder)),
    ] {
        let found = due(&booking(), &history, None, "2026-11-24T10:00");
        assert_eq!(found, expected, "{history:?}");
    }
}

#[test]
fn nothing_is_told_of_what_has_begun_or_has_been_anothers() {
    for (now, expected) in [("2026-11-25T08:59", AskWho), ("2026-11-25T09:00", Nothing)] {
        assert_eq!(due(&cancelled(), &[sent(Booked)], None, now), expected, "{now}");
    }
    let anothers = Notice { patient: Some("q".into()), ..sent(Booked) };
    assert_eq!(due(&cancelled(), &[anothers, sent(Moved)], None, NOW), Nothing);
}

#[test]
fn a_notice_is_of_a_booking_where_it_tells_where_to_be_and_when() {
    let later = Notice { interval: moved().interval, ..sent(Booked) };
    for (notice, state, expected) in [
        (sent(Booked), booking(), true),
        (sent(Reminder), booking(), true),
        (sent(Booked), to_another(), false),
        (later, booking(), false),
        (sent(Booked), cancelled(), false),
        (sent(Cancelled), booking(), false),
        (sent(Cancelled), cancelled(), true),
        (sent(Receipt), cancelled(), true),
    ] {
        assert_eq!(notice.is_of(&state), expected, "{notice:?} {state:?}");
    }
}

#[test]
fn what_is_wrong_with_a_message_is_told_from_what_is_wrong_with_the_server() {
    use NoticeFault::*;
    for (fault, of_message, last) in [
        (Unreachable, false, false),
        (TimedOut, false, false),
        (NotTrusted, false, false),
        (Login, false, false),
        (Rejected, false, false),
        (Later, true, false),
        (Unanswered, true, false),
        (Refused, true, true),
        (Address, true, true),
    ] {
        assert_eq!((fault.is_of_message(), fault.is_final()), (of_message, last), "{fault:?}");
        assert_eq!(NoticeFault::from_key(fault.key()), Some(fault));
    }
    for state in [Waiting, Sent, Failed, Dropped] {
        assert_eq!(NoticeState::from_key(state.key()), Some(state));
    }
    for kind in [Known, Booked, Rebooked, Receipt, Moved, Cancelled, Restored, Reminder] {
        assert_eq!(NoticeKind::from_key(kind.key()), Some(kind));
        assert_eq!(kind.is_of_cancelling(), [Receipt, Cancelled].contains(&kind), "{kind:?}");
    }
    assert_eq!(NoticeKind::from_key("told"), None);
}

#[test]
fn messages_that_wait_long_or_are_rejected_are_warned_of() {
    use Health::{Warning, Well};
    use NoticeFault::{Address, Login, Rejected};
    let now = at("2026-11-20T12:00");
    let since = |minutes| Some(now - TimeDelta::minutes(minutes));
    for (since, fault, given_up_for, expected) in [
        (None, None, None, Well),
        (since(15), Some(Login), None, Well),
        (since(16), Some(Login), None, Warning),
        (since(-16), Some(Login), None, Well),
        (since(0), Some(Rejected), None, Warning),
        (None, None, Some(Rejected), Warning),
        (None, None, Some(Address), Well),
    ] {
        let report = NoticeReport { since, fault, given_up_for, ..NoticeReport::default() };
        assert_eq!(report.health(now), expected, "{report:?}");
    }
}

#[test]
fn calendars_know_a_booking_by_its_name_and_its_latest_state_by_the_time() {
    assert_eq!(calendar_uid("k9"), "k9@tidbok");
    for (instant, sequence) in [
        ("1969-12-31T23:59:59Z", 0),
        ("2019-12-31T23:59:59Z", 0),
        ("2020-01-01T00:00:00Z", 0),
        ("2020-01-01T00:01:07Z", 67),
        ("2088-01-19T03:14:07Z", i32::MAX.unsigned_abs()),
        ("2200-01-01T00:00:00Z", i32::MAX.unsigned_abs()),
    ] {
        assert_eq!(calendar_sequence(instant.parse().unwrap()), sequence, "{instant}");
    }
    assert_eq!(CalendarMethod::Publish.name(), "PUBLISH");
    assert_eq!(CalendarMethod::Cancel.name(), "CANCEL");
}
