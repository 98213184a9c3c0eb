//! R15: patients rebook and cancel.

use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::ClinicFile;

use crate::fixture::*;

/// A clinic in which Tolvan has booked AE's us30 at 10:00 on the 25th as w1.
async fn booked(change: impl FnOnce(&mut ClinicFile)) -> Fixture {
    let fixture = Fixture::with(change).await;
    fixture.online(&book(by_tolvan(asked("w1", "10:00")))).await.expect("books");
    fixture
}

fn to_half_past() -> Command {
    rebook("w1", "AE", "2026-11-25T10:30", TOLVAN)
}

fn template(file: &mut ClinicFile) -> &mut BookingTemplate {
    file.setup.templates.get_mut(&"us30".into()).expect("is there")
}

#[tokio::test]
async fn r15_a_patient_rebooks_and_cancels_and_the_times_are_free_again() {
    let fixture = booked(|_| {}).await;
    let before = fixture.booked_as("w1").await;
    fixture.online(&to_half_past()).await.expect("rebooks");
    let after = fixture.booked_as("w1").await;
    let interval = Interval::new(at("2026-11-25T10:30"), at("2026-11-25T11:00")).expect("a time");
    assert_eq!(after, Booking { interval, ..before });
    fixture.online(&book(asked("w2", "10:00"))).await.expect("the old time is free");
    fixture.online(&cancel("w1", TOLVAN)).await.expect("cancels");
    assert_eq!(fixture.booked_as("w1").await.state, BookingState::Cancelled);
    fixture.online(&book(asked("w3", "10:30"))).await.expect("the cancelled time is free");
    fixture.log_is_whole().await;
}

/// Sets up what is in the way.
type Obstacle = fn(&mut ClinicFile);

#[tokio::test]
async fn r15_each_condition_is_needed() {
    use NotChangeable::{Settings, Template};
    let none: Obstacle = |_| {};
    let rebooking: [(Obstacle, Command, NotChangeable); 4] = [
        (|file| template(file).online_rebook = false, to_half_past(), Template),
        (|file| file.setup.online.allow_rebook = false, to_half_past(), Settings),
        (none, rebook("w1", "AE", "2026-11-25T10:30", NEW), NotChangeable::AnotherPerson),
        (none, rebook("w9", "AE", "2026-11-25T10:30", TOLVAN), NotChangeable::NotFromPortal),
    ];
    let cancelling: [(Obstacle, Command, NotChangeable); 4] = [
        (|file| template(file).online_cancel = false, cancel("w1", TOLVAN), Template),
        (|file| file.setup.online.allow_cancel = false, cancel("w1", TOLVAN), Settings),
        (none, cancel("w1", NEW), NotChangeable::AnotherPerson),
        (none, cancel("w9", TOLVAN), NotChangeable::NotFromPortal),
    ];
    for (obstacle, command, expected) in rebooking.into_iter().chain(cancelling) {
        let fixture = booked(obstacle).await;
        let before = fixture.export().await;
        let refused = refusal(fixture.online(&command).await);
        assert_eq!(refused, Refusal::NotChangeable(expected));
        assert_eq!(refused.rule(), Some("R15"));
        assert_eq!(fixture.export().await, before, "{refused}");
    }
}

#[tokio::test]
async fn r15_one_flag_or_setting_does_not_stand_for_the_other() {
    let fixture = booked(|file| {
        template(file).online_cancel = false;
        file.setup.online.allow_cancel = false;
    })
    .await;
    fixture.online(&to_half_past()).await.expect("rebooks");
    let fixture = booked(|file| {
        template(file).online_rebook = false;
        file.setup.online.allow_rebook = false;
    })
    .await;
    fixture.online(&cancel("w1", TOLVAN)).await.expect("cancels");
}

#[tokio::test]
async fn r15_the_deadline_is_hours_before_the_booking_and_no_minute_later() {
    let deadline = at("2026-11-24T10:00");
    for (now, in_time) in
        [("2026-11-24T09:59", true), ("2026-11-24T10:00", false), ("2026-11-25T10:15", false)]
    {
        for command in [rebook("w1", "AE", "2026-11-26T08:00", TOLVAN), cancel("w1", TOLVAN)] {
            let never_expires = |file: &mut ClinicFile| {
                let found = file.setup.preblock_types.get_mut(&"e-us".into()).expect("is there");
                found.expires_days_before = None;
            };
            let fixture = booked(never_expires).await;
            let result = fixture.online_at(&command, now).await;
            if in_time {
                result.expect("is in time");
            } else {
                let late = Refusal::NotChangeable(NotChangeable::TooLate { deadline });
                assert_eq!(refusal(result), late, "{now}");
            }
        }
    }
}

#[tokio::test]
async fn r15_a_booking_by_staff_is_not_the_patients_to_change() {
    let fixture = Fixture::with(|file| {
        let booking = file.bookings.get_mut(&"b1".into()).expect("is there");
        (booking.patient, booking.portal_id) = (Some("p1".into()), Some("w1".to_owned()));
        booking.template = Some("us30".into());
    })
    .await;
    let refused = refusal(fixture.online(&cancel("w1", TOLVAN)).await);
    assert_eq!(refused, Refusal::NotChangeable(NotChangeable::NotFromPortal));
}

#[tokio::test]
async fn r15_what_is_cancelled_is_neither_cancelled_nor_rebooked_again() {
    let fixture = booked(|_| {}).await;
    fixture.online(&cancel("w1", TOLVAN)).await.expect("cancels");
    for command in [cancel("w1", TOLVAN), to_half_past()] {
        let refused = refusal(fixture.online(&command).await);
        assert_eq!(refused, Refusal::NotChangeable(NotChangeable::Cancelled));
    }
}

#[tokio::test]
async fn r15_the_old_time_counts_as_free() {
    let one_resource = |file: &mut ClinicFile| {
        let preblock = file.preblocks.iter_mut().find(|it| it.practitioner == "BL".into());
        preblock.expect("is there").interval =
            Interval::new(at("2026-11-25T10:00"), at("2026-11-25T11:00")).expect("a time");
        file.bookings.remove(&"b3".into());
        let template = file.setup.templates.get_mut(&"us45r".into()).expect("is there");
        template.minutes = TemplateMinutes::new(30).expect("minutes");
    };
    let fixture = Fixture::with(one_resource).await;
    let wanted = OnlineBooking { template: "us45r".into(), ..by_tolvan(asked("w1", "10:00")) };
    fixture.online(&book(wanted)).await.expect("books");
    // Its own X-ray is not in its way, nor does it hold it at the old time afterwards.
    fixture.online(&to_half_past()).await.expect("rebooks");
    let again = OnlineBooking { template: "us45r".into(), ..asked("w2", "10:00") };
    fixture.online(&book(again)).await.expect("the resource was freed");
    let refused = refusal(fixture.online(&rebook("w1", "AE", "2026-11-25T10:00", TOLVAN)).await);
    assert_eq!(refused.rule(), Some("R2"), "{refused}");
}

#[tokio::test]
async fn r15_a_rebooked_time_takes_what_its_template_needs_now() {
    for (id, start, resources) in [("us45r", "13:00", ""), ("us30", "10:00", "R")] {
        let fixture = Fixture::new().await;
        let wanted = OnlineBooking { template: id.into(), ..by_tolvan(asked("w1", start)) };
        fixture.online(&book(wanted)).await.expect("books");
        let resources = ResourceCodes::parse(resources).expect("codes");
        let setup = fixture.clinic.setup().await.expect("reads");
        let before = setup.templates[&id.into()].clone();
        let after = BookingTemplate { resources: resources.clone(), ..before.clone() };
        assert_ne!(before.resources, resources);
        let change = SettingChange::Template(Changed::Altered { before, after });
        fixture.staff(&Command::ChangeSetting(Box::new(change))).await.expect("saves");
        let moved = rebook("w1", "AE", "2026-11-26T08:00", TOLVAN);
        fixture.online(&moved).await.expect("rebooks");
        assert_eq!(fixture.booked_as("w1").await.resources, resources, "{id}");
    }
}

/// BL and CÅ are of one company and see the same template; AE is of another.
fn akut_everywhere(file: &mut ClinicFile) {
    let web = file.setup.template_lists.get_mut(&"web".into()).expect("is there");
    web.items.push("akut20".into());
}

#[tokio::test]
async fn r15_another_practitioner_of_the_company_may_take_it_over_and_no_other() {
    let fixture = Fixture::with(akut_everywhere).await;
    let wanted = OnlineBooking {
        practitioner: "BL".into(),
        template: "akut20".into(),
        ..by_tolvan(asked("w1", "10:10"))
    };
    fixture.online(&book(wanted)).await.expect("books");
    let before = fixture.export().await;
    let refused = refusal(fixture.online(&rebook("w1", "AE", "2026-11-25T10:00", TOLVAN)).await);
    assert_eq!(refused, Refusal::NotChangeable(NotChangeable::AnotherCompany));
    assert_eq!(fixture.export().await, before);
    fixture.online(&rebook("w1", "CÅ", "2026-11-25T08:20", TOLVAN)).await.expect("rebooks");
    let after = fixture.booked_as("w1").await;
    assert_eq!((after.practitioner, after.template), ("CÅ".into(), Some("akut20".into())));
    assert_eq!(after.interval.start(), at("2026-11-25T08:20"));
    fixture.log_is_whole().await;
}

#[tokio::test]
async fn r15_where_the_new_time_is_not_bookable_the_old_one_is_kept() {
    let fixture = booked(|_| {}).await;
    fixture.online(&book(asked("w2", "10:30"))).await.expect("books");
    let before = fixture.export().await;
    let table = [
        ("2026-11-25T10:30", "R2"),
        ("2026-11-25T10:15", "R2"),
        ("2026-11-25T12:00", "R1"),
        ("2027-11-25T10:00", "R2"),
    ];
    for (start, rule) in table {
        let refused = refusal(fixture.online(&rebook("w1", "AE", start, TOLVAN)).await);
        assert_eq!(refused.rule(), Some(rule), "{start}: {refused}");
        assert_eq!(fixture.export().await, before, "{start}");
    }
    let unchanged = refusal(fixture.online(&rebook("w1", "AE", "2026-11-25T10:00", TOLVAN)).await);
    assert_eq!(unchanged, Refusal::NothingToDo(NothingToDo::Unchanged));
}

#[tokio::test]
async fn r15_the_conditions_come_in_their_order_also_where_the_booking_has_no_template() {
    let fixture = Fixture::with(|file| {
        for (id, portal_id) in [("b1", "staffs"), ("b2", "patients")] {
            let booking = file.bookings.get_mut(&id.into()).expect("is there");
            booking.portal_id = Some(portal_id.to_owned());
            booking.patient = Some("p1".into());
            booking.template = None;
        }
    })
    .await;
    for (id, e_id, reason) in [
        ("staffs", TOLVAN, NotChangeable::NotFromPortal),
        ("patients", NEW, NotChangeable::AnotherPerson),
        ("patients", TOLVAN, NotChangeable::Template),
    ] {
        for command in [rebook(id, "AE", "2026-11-25T13:00", e_id), cancel(id, e_id)] {
            let refused = refusal(fixture.online(&command).await);
            assert_eq!(refused, Refusal::NotChangeable(reason), "{id}");
        }
    }
}

crate::on_the_server_too! {
    r15_a_patient_rebooks_and_cancels_and_the_times_are_free_again,
    r15_each_condition_is_needed,
    r15_one_flag_or_setting_does_not_stand_for_the_other,
    r15_the_deadline_is_hours_before_the_booking_and_no_minute_later,
    r15_a_booking_by_staff_is_not_the_patients_to_change,
    r15_what_is_cancelled_is_neither_cancelled_nor_rebooked_again,
    r15_the_old_time_counts_as_free,
    r15_a_rebooked_time_takes_what_its_template_needs_now,
    r15_another_practitioner_of_the_company_may_take_it_over_and_no_other,
    r15_where_the_new_time_is_not_bookable_the_old_one_is_kept,
    r15_the_conditions_come_in_their_order_also_where_the_booking_has_no_template,
}
