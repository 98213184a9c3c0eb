//! Times of a day on a real store: the day as a list, what is free for staff next, and what patients can
//! book around midnight.

mod support;

use chrono::WeekdaySet;
use support::desk::{Desk, NOW, at};
use support::interval;
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::ClinicFile;

const WEDNESDAY: &str = "2026-11-25";

fn session(id: &str, text: &str) -> WorkSession {
    WorkSession { id: id.into(), practitioner: "AE".into(), interval: interval(text) }
}

fn preblock(id: &str, preblock_type: &str, text: &str) -> Preblock {
    Preblock {
        id: id.into(),
        practitioner: "AE".into(),
        preblock_type: preblock_type.into(),
        interval: interval(text),
    }
}

fn booking(id: &str, patient: Option<&str>, registered_by: &str, text: &str) -> Booking {
    Booking {
        id: id.into(),
        practitioner: "AE".into(),
        interval: interval(text),
        category: "us".into(),
        template: None,
        patient: patient.map(PatientId::from),
        text: String::new(),
        resources: ResourceCodes::default(),
        registered_by: registered_by.to_owned(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    }
}

/// The clinic with nothing in Anna's book but what `fill` puts there.
async fn annas(fill: impl FnOnce(&mut ClinicFile)) -> Desk {
    let anna = PractitionerId::from("AE");
    Desk::changed(Permission::ALL, |file| {
        file.work_sessions.retain(|it| it.practitioner != anna);
        file.preblocks.retain(|it| it.practitioner != anna);
        file.bookings.retain(|_, it| it.practitioner != anna);
        fill(file);
    })
    .await
}

async fn list(desk: &Desk, now: &str) -> Vec<DayEntry> {
    let day = parse_date(WEDNESDAY).expect("a date");
    let lists = desk.clinic.day_lists(&Actor::System, &["AE".into()], day, at(now)).await;
    lists.expect("reads").remove(0).entries
}

#[tokio::test]
async fn only_the_first_time_of_a_patient_at_the_clinic_is_a_new_patients() {
    let desk = annas(|file| {
        let known = file.patients[&"p1".into()].clone();
        let new = Patient { id: "p2".into(), personnummer: None, ..known };
        file.patients.insert(new.id.clone(), new);
        for (id, patient, by, clock) in [
            ("staffs", "p1", "AE", "10:00/2026-11-25T10:30"),
            // Tolvan has been booked at 09:40 with Björn.
            ("known", "p1", ITB, "10:30/2026-11-25T11:00"),
            ("first", "p2", ITB, "11:00/2026-11-25T11:30"),
            ("second", "p2", ITB, "11:30/2026-11-25T12:00"),
        ] {
            let booked = booking(id, Some(patient), by, &format!("{WEDNESDAY}T{clock}"));
            file.bookings.insert(id.into(), booked);
        }
    })
    .await;
    let origins: Vec<(String, Origin)> = list(&desk, NOW)
        .await
        .into_iter()
        .filter_map(|entry| match entry.what {
            DayItem::Booking(listed) => Some((listed.id.to_string(), listed.origin)),
            _ => None,
        })
        .collect();
    let expected = [
        ("staffs", Origin::Staff),
        ("known", Origin::BookingPage),
        ("first", Origin::NewFromBookingPage),
        ("second", Origin::BookingPage),
    ];
    assert_eq!(origins, expected.map(|(id, origin)| (id.to_owned(), origin)));
}

#[tokio::test]
async fn r7_a_preblock_for_staff_stands_in_the_list_while_it_is_in_force_and_is_free_time_else() {
    let desk = annas(|file| {
        file.work_sessions.push(session("s", "2026-11-25T13:00/2026-11-25T17:00"));
        file.preblocks.push(preblock("p", "lunch", "2026-11-25T14:00/2026-11-25T15:00"));
        let lunch = file.setup.preblock_types.get_mut(&"lunch".into()).expect("the lunch");
        lunch.expires_days_before = Some(1);
    })
    .await;
    let lunch = DayItem::Internal("lunch".into());
    for (now, expected) in [
        (
            "2026-11-23T12:00",
            &[("13:00", DayItem::Free), ("14:00", lunch), ("15:00", DayItem::Free)][..],
        ),
        ("2026-11-24T12:00", &[("13:00", DayItem::Free)]),
    ] {
        let entries = list(&desk, now).await;
        let told: Vec<(String, DayItem)> =
            entries.into_iter().map(|entry| (entry.interval.start().clock(), entry.what)).collect();
        let expected: Vec<(String, DayItem)> =
            expected.iter().map(|(clock, what)| ((*clock).to_owned(), what.clone())).collect();
        assert_eq!(told, expected, "{now}");
    }
}

/// As many of the next free times as are enough, by start, and how many days were searched.
async fn free(desk: &Desk, template: &str, most: usize) -> (Vec<String>, u32) {
    let question = FreeQuestion {
        template: template.into(),
        among: Among::Practitioner("AE".into()),
        suiting: Suiting { weekdays: WeekdaySet::ALL, part: PartOfDay::WHOLE },
        from: at(NOW).date(),
        most,
    };
    let found = desk.clinic.free_times(&question, at(NOW)).await.expect("reads");
    let starts = found.times.iter().map(|time| time.interval.start().to_string()).collect();
    (starts, found.searched.days())
}

#[tokio::test]
async fn a_search_goes_on_in_longer_and_longer_parts_and_ends_where_enough_is_found() {
    // Seven days, then twice as many each time, at most 56, for a year.
    for (date, searched) in [
        ("2026-11-29", 7),
        ("2026-11-30", 21),
        ("2026-12-13", 21),
        ("2026-12-14", 49),
        ("2027-01-11", 105),
        ("2027-03-08", 161),
        ("2027-11-23", FURTHEST_FREE_DAYS),
    ] {
        let hour = format!("{date}T08:00/{date}T09:00");
        let desk = annas(|file| file.work_sessions.push(session("s", &hour))).await;
        let (first, second) = (format!("{date}T08:00"), format!("{date}T08:30"));
        assert_eq!(free(&desk, "us30", 1).await, (vec![first.clone()], searched));
        let both = vec![first, second];
        assert_eq!(free(&desk, "us30", 2).await, (both.clone(), searched), "just enough");
        assert_eq!(free(&desk, "us30", 3).await, (both, FURTHEST_FREE_DAYS), "all there is");
    }
}

#[tokio::test]
async fn r13_what_starts_on_the_last_evening_that_is_read_sees_what_comes_after_midnight() {
    // The seventh day from the 23rd on is the 29th.
    let sessions = ["2026-11-29T23:30/2026-11-30T00:00", "2026-11-30T00:00/2026-11-30T01:00"];
    let after_midnight = "2026-11-30T00:10/2026-11-30T00:20";
    for (taken, expected) in [(None, &["2026-11-29T23:30"][..]), (Some(after_midnight), &[])] {
        let desk = annas(|file| {
            file.work_sessions.extend(sessions.map(|text| session(text, text)));
            let booked = taken.map(|text| booking("b", None, "AE", text));
            file.bookings.extend(booked.map(|it| (it.id.clone(), it)));
        })
        .await;
        assert_eq!(free(&desk, "intern", 1).await.0, expected, "{taken:?}");
    }
}

#[tokio::test]
async fn r2_times_on_a_preblock_over_midnight_are_judged_by_all_of_it_on_either_day() {
    let evening = "2026-11-25T23:50/2026-11-26T00:10";
    let morning = "2026-11-26T00:05/2026-11-26T00:15";
    let all = ["25T23:10", "25T23:40", "26T00:10", "26T00:40"];
    for (taken, expected) in [
        (None, all.to_vec()),
        (Some(evening), vec!["25T23:10", "26T00:10", "26T00:40"]),
        (Some(morning), vec!["25T23:10", "26T00:40"]),
    ] {
        let desk = annas(|file| {
            // Two sessions that touch at midnight, and a grid that hangs on the evening's start.
            file.work_sessions.extend([
                session("evening", "2026-11-25T22:00/2026-11-26T00:00"),
                session("morning", "2026-11-26T00:00/2026-11-26T02:00"),
            ]);
            file.preblocks.push(preblock("p", "e-us", "2026-11-25T23:10/2026-11-26T01:15"));
            let booked = taken.map(|text| booking("b", None, "AE", text));
            file.bookings.extend(booked.map(|it| (it.id.clone(), it)));
        })
        .await;
        let mut found = Vec::new();
        for date in [WEDNESDAY, "2026-11-26"] {
            let day = DateRange::new(parse_date(date).expect("a date"), 1);
            let slots = desk.clinic.slots(Some(&"AE".into()), day, at(NOW)).await.expect("reads");
            let of_us30 = slots.into_iter().filter(|slot| slot.template == "us30".into());
            found.extend(of_us30.map(|slot| slot.interval.start().to_string()));
        }
        let expected: Vec<String> =
            expected.into_iter().map(|time| format!("2026-11-{time}")).collect();
        assert_eq!(found, expected, "{taken:?}");
    }
}

on_the_server_too! {
    only_the_first_time_of_a_patient_at_the_clinic_is_a_new_patients,
    r7_a_preblock_for_staff_stands_in_the_list_while_it_is_in_force_and_is_free_time_else,
    a_search_goes_on_in_longer_and_longer_parts_and_ends_where_enough_is_found,
    r13_what_starts_on_the_last_evening_that_is_read_sees_what_comes_after_midnight,
    r2_times_on_a_preblock_over_midnight_are_judged_by_all_of_it_on_either_day,
}
