//! R16: bookings move the recall, and give it back.

use std::collections::BTreeSet;

use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::*;

use crate::fixture::*;

/// p1 has a recall in the new year, every 12 months; `us30` moves it.
async fn moving() -> Fixture {
    fixture_with(|file| {
        template(file, "us30").moves_recall = true;
        let patient = file.patients.get_mut(&"p1".into()).expect("p1");
        patient.recall.date = parse_date("2027-01-15");
    })
    .await
}

fn book(template: &str, clock: &str, patient: BookedFor) -> Command {
    Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at(&format!("2026-11-25T{clock}")),
        what: BookingSubject::Template(template.into()),
        patient,
        text: None,
        confirmed: [].into(),
    })
}

fn p1() -> BookedFor {
    BookedFor::Patient("p1".into())
}

fn new_patient() -> NewPatient {
    NewPatient {
        personnummer: Some(number(NEW)),
        first_name: "Ny".to_owned(),
        last_name: "Nyström".to_owned(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::None,
    }
}

fn new_booking(outcome: &Outcome) -> Booking {
    let made = outcome.changes.iter().find_map(|change| match change {
        Change::Booking(change) => change.after().cloned(),
        _ => None,
    });
    made.expect("a booking")
}

impl Fixture {
    async fn recall(&self) -> Option<String> {
        self.card("p1").await.patient.recall.date.map(|date| date.to_string())
    }

    async fn expect_recall(&self, date: &str, when: &str) {
        assert_eq!(self.recall().await.as_deref(), Some(date), "{when}");
    }

    async fn set_recall(&self, date: &str) {
        let before = self.card("p1").await.patient;
        let mut after = before.clone();
        after.recall.date = parse_date(date);
        let change = SettingChange::Patient(Changed::Altered { before, after });
        done(self.as_x(&Command::ChangeSetting(Box::new(change))).await);
    }

    async fn cancel(&self, booking: &Booking) -> Outcome {
        let command = Command::CancelBooking { booking: booking.id.clone(), reason: None };
        done(self.as_x(&command).await)
    }
}

#[tokio::test]
async fn staffs_booking_moves_the_recall_and_cancelling_and_undo_give_it_back() {
    let fixture = moving().await;
    let booked = done(fixture.as_x(&book("us30", "10:00", p1())).await);
    fixture.expect_recall("2027-11-25", "booked").await;
    let undone = done(fixture.undo(&booked).await);
    fixture.expect_recall("2027-01-15", "undone").await;
    let redone = done(fixture.undo(&undone).await);
    fixture.expect_recall("2027-11-25", "redone").await;
    let cancelled = fixture.cancel(&new_booking(&redone)).await;
    fixture.expect_recall("2027-01-15", "cancelled").await;
    done(fixture.undo(&cancelled).await);
    fixture.expect_recall("2027-11-25", "the cancelling undone").await;
    fixture.whole_log().await;
}

#[tokio::test]
async fn a_template_that_moves_no_recall_and_a_booking_for_nobody_leave_it() {
    let fixture = fixture_with(|_| ()).await;
    let outcome = done(fixture.as_x(&book("us30", "10:00", p1())).await);
    assert_eq!((fixture.recall().await, outcome.changes.len()), (None, 1));
    let fixture = moving().await;
    let outcome = done(fixture.as_x(&book("us30", "10:00", BookedFor::Nobody)).await);
    assert_eq!(outcome.changes.len(), 1);
    fixture.expect_recall("2027-01-15", "nobody's").await;
}

#[tokio::test]
async fn patients_bookings_move_it_as_staffs_do() {
    let fixture = moving().await;
    done(fixture.book(asked("w1", "10:00", TOLVAN, as_on_card())).await);
    fixture.expect_recall("2027-11-25", "booked").await;
    let rebook = Command::RebookOnline(OnlineRebooking {
        portal_id: portal("w1"),
        practitioner: "AE".into(),
        start: at("2026-11-26T08:00"),
        e_id: number(TOLVAN),
    });
    done(fixture.online(&rebook).await);
    fixture.expect_recall("2027-11-26", "rebooked").await;
    let cancel = Command::CancelOnline { portal_id: portal("w1"), e_id: number(TOLVAN) };
    done(fixture.online(&cancel).await);
    fixture.expect_recall("2027-01-15", "cancelled").await;
    done(fixture.book(asked("w2", "10:30", NEW, as_on_card())).await);
    let new = fixture.booking("w2").await.patient.expect("a patient");
    assert_eq!(fixture.card(new.as_str()).await.patient.recall.date, parse_date("2027-11-25"));
    fixture.whole_log().await;
}

#[tokio::test]
async fn what_somebody_has_set_since_stays() {
    let fixture = moving().await;
    let booked = done(fixture.as_x(&book("us30", "10:00", p1())).await);
    fixture.set_recall("2028-03-01").await;
    let cancelled = fixture.cancel(&new_booking(&booked)).await;
    fixture.expect_recall("2028-03-01", "cancelled").await;
    assert_eq!(cancelled.changes.len(), 1);

    let booked = done(fixture.as_x(&book("us30", "10:30", p1())).await);
    fixture.set_recall("2028-04-01").await;
    done(fixture.undo(&booked).await);
    fixture.expect_recall("2028-04-01", "undone").await;
    fixture.whole_log().await;
}

#[tokio::test]
async fn a_booking_that_is_moved_carries_the_recall_along_and_still_gives_it_back() {
    let fixture = moving().await;
    let booked = done(fixture.as_x(&book("us30", "10:00", p1())).await);
    let to = |start: &str, end: &str| {
        Command::MoveBooking(MovedBooking {
            booking: new_booking(&booked).id,
            practitioner: "AE".into(),
            interval: Interval::new(at(start), at(end)).expect("a time"),
            confirmed: [].into(),
        })
    };
    done(fixture.as_x(&to("2026-11-25T10:30", "2026-11-25T11:00")).await);
    fixture.expect_recall("2027-11-25", "moved on the day").await;
    let moved = done(fixture.as_x(&to("2026-11-26T08:00", "2026-11-26T08:30")).await);
    fixture.expect_recall("2027-11-26", "moved to the next").await;
    done(fixture.undo(&moved).await);
    fixture.expect_recall("2027-11-25", "moved back").await;
    done(fixture.as_x(&to("2026-11-26T08:00", "2026-11-26T08:30")).await);
    fixture.cancel(&new_booking(&booked)).await;
    fixture.expect_recall("2027-01-15", "cancelled").await;
    fixture.whole_log().await;
}

#[tokio::test]
async fn a_booking_that_gets_another_patient_or_template_takes_the_recall_along() {
    let fixture = moving().await;
    let booked = done(fixture.as_x(&book("us30", "10:00", p1())).await);
    let edit = |seen: &Booking, template: &str, patient: BookedFor| {
        Command::EditBooking(EditedBooking {
            seen: Box::new(seen.clone()),
            template: Some(template.into()),
            patient,
            text: seen.text.clone(),
            confirmed: [Confirmation::BypassPreblock("e-us".into())].into(),
        })
    };
    let seen = new_booking(&booked);
    let given =
        done(fixture.as_x(&edit(&seen, "us30", BookedFor::New(Box::new(new_patient())))).await);
    fixture.expect_recall("2027-01-15", "somebody else's").await;
    let other = new_booking(&given).patient.expect("the new one");
    let recall = fixture.card(other.as_str()).await.patient.recall;
    assert_eq!(recall.date, parse_date("2027-11-25"));
    done(fixture.undo(&given).await);
    fixture.expect_recall("2027-11-25", "p1's again").await;
    let intern = done(fixture.as_x(&edit(&seen, "intern", p1())).await);
    fixture.expect_recall("2027-01-15", "by a template that moves nothing").await;
    done(fixture.undo(&intern).await);
    fixture.expect_recall("2027-11-25", "by one that does, again").await;
    fixture.whole_log().await;
}

#[tokio::test]
async fn a_patient_registered_along_with_the_booking_gets_a_recall_and_undo_takes_both_back() {
    let fixture = moving().await;
    let before = fixture.export().await;
    let booked =
        done(fixture.as_x(&book("us30", "10:00", BookedFor::New(Box::new(new_patient())))).await);
    let id = new_booking(&booked).patient.expect("a patient");
    assert_eq!(fixture.card(id.as_str()).await.patient.recall.date, parse_date("2027-11-25"));
    let undone = done(fixture.undo(&booked).await);
    assert_eq!(fixture.export().await, before);
    let redone = done(fixture.undo(&undone).await);
    let id = new_booking(&redone).patient.expect("a patient");
    assert_eq!(fixture.card(id.as_str()).await.patient.recall.date, parse_date("2027-11-25"));
    fixture.cancel(&new_booking(&redone)).await;
    assert_eq!(fixture.card(id.as_str()).await.patient.recall.date, None);
    fixture.whole_log().await;
}

#[tokio::test]
async fn moving_a_recall_needs_no_more_than_the_booking_and_stands_in_the_log_of_the_settings() {
    let fixture = moving().await;
    fixture.restrict_x(&BTreeSet::from([Permission::BookingEdit])).await;
    let booked = done(fixture.as_x(&book("us30", "10:00", p1())).await);
    done(fixture.undo(&booked).await);
    let mut reading = fixture.clinic.store().read().await.expect("reads");
    let filter = AuditFilter { entity: Some("patient/p1".to_owned()), ..AuditFilter::default() };
    let entries = reading.audit(&filter).await.expect("reads");
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            let date = |value: &Option<AuditValue>| {
                value.as_ref().and_then(|it| it.plain_field("recall_date").map(str::to_owned))
            };
            (entry.chain.clone(), entry.action.as_str(), date(&entry.before), date(&entry.after))
        })
        .collect();
    let (old, new) = (Some("2027-01-15".to_owned()), Some("2027-11-25".to_owned()));
    let chain = AuditChain::Settings;
    assert_eq!(
        told,
        [(chain.clone(), "undo", new.clone(), old.clone()), (chain, "booking.add", old, new)]
    );
    drop(reading);
    fixture.whole_log().await;
}

#[test]
fn the_next_check_up_is_the_interval_after_the_booking_in_whole_months() {
    let slot = |date: &str| Slot {
        practitioner: "AE".into(),
        template: "us30".into(),
        interval: Interval::new(at(&format!("{date}T08:00")), at(&format!("{date}T08:30")))
            .expect("a time"),
    };
    let text = include_str!("../data/clinic-example.json");
    let mut file = ClinicFile::parse(text, at(NOW).date()).expect("a good file");
    let template = template(&mut file, "us45r").clone();
    let mut patient = file.patients[&"p1".into()].clone();
    for (date, months, next) in [
        ("2026-11-25", 12, Some("2027-11-25")),
        ("2026-08-31", 6, Some("2027-02-28")),
        ("2028-02-29", 12, Some("2029-02-28")),
        ("9999-06-01", 12, None),
    ] {
        patient.recall.months = months;
        let e_id = Identification::EId;
        let id = patient.id.clone();
        let booking = online_booking("b".into(), slot(date), &template, id, &portal("w"), e_id);
        let change = recall_of_booking(&patient, &template, &booking);
        let told = change.and_then(|change| change.after.date).map(|date| date.to_string());
        assert_eq!(told.as_deref(), next, "{date} + {months} months");
    }
}

#[tokio::test]
async fn recalls_that_are_due_come_the_longest_due_first() {
    let fixture = fixture_with(|file| {
        let p1 = file.patients[&"p1".into()].clone();
        for (id, date) in [("a", "2026-11-01"), ("b", "2026-10-01"), ("c", "2027-01-01")] {
            let mut patient = Patient { id: id.into(), personnummer: None, ..p1.clone() };
            patient.recall.date = parse_date(date);
            file.patients.insert(patient.id.clone(), patient);
        }
    })
    .await;
    let due = |by: &'static str, limit| {
        let (clinic, x) = (fixture.clinic.clone(), fixture.x());
        async move {
            let found = clinic.recalls(&x, parse_date(by).expect("a date"), limit).await;
            let ids = found.expect("reads").into_iter().map(|patient| patient.id.to_string());
            ids.collect::<Vec<_>>()
        }
    };
    assert_eq!(due("2026-11-23", 9).await, ["b", "a"]);
    assert_eq!(due("2027-01-01", 2).await, ["b", "a"]);
    assert_eq!(due("2026-09-30", 9).await, [""; 0]);
    assert!(fixture.clinic.recalls(&Actor::OnlineClient, at(NOW).date(), 9).await.is_err());
}
