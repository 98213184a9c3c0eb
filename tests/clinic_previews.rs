//! What a preview tells of a command before it is carried out, on a real store.

mod support;

use std::collections::BTreeSet;

use support::desk::{Desk, at};
use support::interval;
use tidbok::clinic::*;
use tidbok::domain::*;

fn lay(practitioner: &str, preblock_type: &str, stretches: &[&str]) -> Command {
    Command::LayPreblocks {
        practitioner: practitioner.into(),
        preblock_type: preblock_type.into(),
        intervals: stretches.iter().map(|stretch| interval(stretch)).collect(),
        overlap: OverlapChoice::Refuse,
        code: None,
    }
}

fn schedule(practitioner: &str, stretches: &[&str]) -> Command {
    Command::AddWorkSessions {
        practitioner: practitioner.into(),
        intervals: stretches.iter().map(|stretch| interval(stretch)).collect(),
    }
}

fn unschedule(practitioner: &str, stretches: &[&str]) -> Command {
    Command::RemoveWorkSessions {
        practitioner: practitioner.into(),
        intervals: stretches.iter().map(|stretch| interval(stretch)).collect(),
    }
}

fn told(slots: &[Slot]) -> Vec<String> {
    let line = |slot: &Slot| {
        format!("{} {} {}", slot.practitioner, slot.template, slot.interval.start().clock())
    };
    slots.iter().map(line).collect()
}

/// The stretches of what would lie outside, bookings apart from preblocks.
fn outside(preview: &Preview) -> (Vec<String>, Vec<String>) {
    let (mut bookings, mut preblocks) = (Vec::new(), Vec::new());
    for laid in &preview.outside {
        match laid {
            LaidOutside::Booking(_, interval) => bookings.push(interval.to_string()),
            LaidOutside::Preblock(_, interval) => preblocks.push(interval.to_string()),
        }
    }
    (bookings, preblocks)
}

fn red_days(days: &[SkippedDay]) -> Vec<String> {
    let line = |day: &SkippedDay| match day.why {
        RedDay::Closed => format!("{} closed", day.date),
        RedDay::Holiday(_) => format!("{} holiday", day.date),
    };
    days.iter().map(line).collect()
}

#[tokio::test]
async fn r9_whoever_takes_or_frees_a_resource_is_told_the_times_of_others_that_need_it() {
    // Björn's patients, too, can book what needs the only X-ray.
    let desk = Desk::changed(Permission::ALL, |file| {
        let bjorn = file.setup.practitioners.get_mut(&"BL".into()).expect("Björn");
        bjorn.lists.online_template_list = Some("web".into());
    })
    .await;
    desk.run(&schedule("BL", &["2026-11-25T13:00/2026-11-25T15:00"])).await.expect("schedules");
    desk.run(&lay("BL", "e-us", &["2026-11-25T13:00/2026-11-25T14:30"])).await.expect("lays");
    let with_x_ray = Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at("2026-11-25T13:00"),
        what: BookingSubject::Template("us45r".into()),
        patient: BookedFor::Patient("p1".into()),
        text: None,
        confirmed: BTreeSet::new(),
    });
    let times = ["AE us30 13:00", "AE us45r 13:00", "BL us45r 13:00", "AE us30 13:30"];
    let preview = desk.preview(&with_x_ray).await;
    assert_eq!((told(&preview.lost), preview.gained), (times.map(str::to_owned).to_vec(), vec![]));
    let before = desk.clinic.revisions().await.expect("reads");
    let booked = desk.run(&with_x_ray).await.expect("books");
    let after = desk.clinic.revisions().await.expect("reads");
    let room = RevisionScope::Resource(ResourceCode('R'));
    assert!(after.get(&room) > before.get(&room), "consoles of others hear of it");
    let preview = desk.preview(&Command::Undo { command: booked.command }).await;
    assert_eq!((told(&preview.gained), preview.lost), (times.map(str::to_owned).to_vec(), vec![]));
}

#[tokio::test]
async fn a_preview_names_the_one_book_that_would_change() {
    let desk = Desk::open().await;
    let of = |practitioner: &str| schedule(practitioner, &["2026-11-25T18:00/2026-11-25T19:00"]);
    assert_eq!(desk.preview(&of("AE")).await.practitioner, Some("AE".into()));
    let both = Command::Together(vec![of("AE"), of("BL")]);
    assert_eq!(desk.preview(&both).await.practitioner, None, "there are two");
}

#[tokio::test]
async fn r1_what_would_lie_outside_the_schedule_is_told_of_the_days_that_change() {
    let desk = Desk::open().await;
    desk.run(&lay("AE", "e-us", &["2026-11-25T15:00/2026-11-25T16:00"])).await.expect("lays");
    let preview = desk.preview(&unschedule("AE", &["2026-11-25T09:00/2026-11-25T10:00"])).await;
    let bookings = vec!["2026-11-25T09:00/2026-11-25T09:40".to_owned()];
    // The one at noon lay outside before; those of the afternoon and of the day after don't.
    let preblocks = ["2026-11-25T09:00/2026-11-25T11:00", "2026-11-25T11:30/2026-11-25T14:00"]
        .map(str::to_owned);
    assert_eq!(outside(&preview), (bookings, preblocks.to_vec()));
    // Of a day between two that change nothing is told.
    let around = ["2026-11-24T18:00/2026-11-24T19:00", "2026-11-26T18:00/2026-11-26T19:00"];
    assert_eq!(outside(&desk.preview(&schedule("AE", &around)).await), (vec![], vec![]));
}

#[tokio::test]
async fn r7_a_preblock_that_is_not_in_force_is_not_told_to_lie_outside() {
    let desk = Desk::open().await;
    // E-tid undersökning is in force until two days before: on the 24th not today, the 23rd.
    for (preblock_type, stretch) in [
        ("e-us", "2026-11-24T10:00/2026-11-24T11:00"),
        ("lunch", "2026-11-24T12:00/2026-11-24T13:00"),
    ] {
        desk.run(&lay("AE", preblock_type, &[stretch])).await.expect("lays");
    }
    let preview = desk.preview(&schedule("AE", &["2026-11-24T08:00/2026-11-24T09:00"])).await;
    let lunch = vec!["2026-11-24T12:00/2026-11-24T13:00".to_owned()];
    assert_eq!(outside(&preview), (vec![], lunch));
}

#[tokio::test]
async fn r19_red_days_on_which_a_preblock_is_laid_are_told_once_and_those_it_leaves_are_not() {
    let desk = Desk::open().await;
    // From the evening before Christmas Eve, which is closed here, to Boxing Day.
    let stretches = [
        "2026-12-23T22:00/2026-12-24T02:00",
        "2026-12-24T09:00/2026-12-24T11:00",
        "2026-12-25T09:00/2026-12-25T11:00",
        "2026-12-28T09:00/2026-12-28T11:00",
    ];
    let both =
        Command::Together(vec![lay("AE", "e-us", &stretches), lay("BL", "e-us", &stretches)]);
    for command in [lay("AE", "e-us", &stretches), both.clone()] {
        let preview = desk.preview(&command).await;
        assert_eq!(
            red_days(&preview.on_red_days),
            ["2026-12-24 closed", "2026-12-25 holiday"],
            "{}",
            command.action()
        );
    }
    let laid = desk.run(&both).await.expect("lays");
    let preview = desk.preview(&Command::Undo { command: laid.command }).await;
    assert_eq!(red_days(&preview.on_red_days), [""; 0]);
}

#[tokio::test]
async fn r19_red_days_that_are_left_out_are_told_for_all_that_goes_onto_later_weeks() {
    let desk = Desk::changed(Permission::ALL, |file| {
        let thursdays = WeekTemplate {
            id: "tor".into(),
            name: "Torsdagar".to_owned(),
            sessions: [WeekSession::new(chrono::Weekday::Thu, Minutes(480), Minutes(240))]
                .into_iter()
                .flatten()
                .collect(),
        };
        file.setup.week_templates.insert(thursdays.id.clone(), thursdays);
    })
    .await;
    // Of Anna's week with its Wednesday and Thursday: Christmas Eve and New Year's Eve are Thursdays.
    let repeat = |red_days| Repeat {
        week: at("2026-11-25T00:00").date(),
        until: RepeatUntil::Weeks(5),
        weeks: WeekParity::Every,
        red_days,
    };
    let practitioner = || PractitionerId::from("AE");
    let commands = |red_days| {
        [
            Command::RepeatPreblocks {
                practitioner: practitioner(),
                repeat: repeat(red_days),
                overlap: OverlapChoice::Refuse,
                codes: Vec::new(),
            },
            Command::RepeatWorkSessions { practitioner: practitioner(), repeat: repeat(red_days) },
            Command::ApplyWeekTemplate {
                practitioner: practitioner(),
                template: "tor".into(),
                span: Repeat { until: RepeatUntil::Weeks(6), ..repeat(red_days) },
            },
        ]
    };
    for command in commands(RedDays::Skip) {
        let preview = desk.preview(&command).await;
        assert_eq!(
            red_days(&preview.skipped),
            ["2026-12-24 closed", "2026-12-31 closed"],
            "{}",
            command.action()
        );
        assert_eq!(red_days(&preview.on_red_days), [""; 0], "{}", command.action());
    }
    for command in commands(RedDays::Include) {
        let preview = desk.preview(&command).await;
        assert_eq!(red_days(&preview.skipped), [""; 0], "{}", command.action());
        let published = matches!(command, Command::RepeatPreblocks { .. });
        assert_eq!(
            preview.on_red_days.len(),
            if published { 2 } else { 0 },
            "{}",
            command.action()
        );
    }
}

#[tokio::test]
async fn a_patient_who_is_booked_with_another_at_the_time_is_told_of_to_who_may_see_patients() {
    let book = |practitioner: &str, start: &str| {
        let template = BookingSubject::Template("us30".into());
        let confirmed = BTreeSet::from([
            Confirmation::OutsideSchedule,
            Confirmation::BypassPreblock("e-us".into()),
        ]);
        Command::Book(StaffBooking {
            practitioner: practitioner.into(),
            start: at(start),
            what: template,
            patient: BookedFor::Patient("p1".into()),
            text: None,
            confirmed,
        })
    };
    let told = |preview: &Preview| -> Vec<(String, String)> {
        let line = |it: &Booking| (it.practitioner.to_string(), it.interval.to_string());
        preview.elsewhere.iter().map(line).collect()
    };
    let desk = Desk::open().await;
    let booked = desk.run(&book("BL", "2026-11-26T18:00")).await.expect("books");
    let with_bjorn = ("BL".to_owned(), "2026-11-26T18:00/2026-11-26T18:30".to_owned());
    for (start, expected) in [
        ("2026-11-26T18:15", vec![with_bjorn.clone()]),
        ("2026-11-26T17:45", vec![with_bjorn.clone()]),
        ("2026-11-26T18:30", vec![]),
        ("2026-11-26T17:30", vec![]),
    ] {
        let preview = desk.preview(&book("AE", start)).await;
        assert_eq!(told(&preview), expected, "{start}");
    }
    let moved = desk.run(&book("AE", "2026-11-26T19:00")).await.expect("books");
    let [Change::Booking(change)] = moved.changes.as_slice() else { panic!("a booking") };
    let Changed::Added(booking) = change.as_ref() else { panic!("a new one") };
    let to = |hours: &str| {
        Command::MoveBooking(MovedBooking {
            booking: booking.id.clone(),
            seen: None,
            practitioner: "AE".into(),
            interval: interval(hours),
            confirmed: BTreeSet::new(),
        })
    };
    let beside = to("2026-11-26T18:00/2026-11-26T18:30");
    assert_eq!(told(&desk.preview(&beside).await), [with_bjorn]);
    desk.run(&Command::Undo { command: booked.command }).await.expect("undoes");
    assert_eq!(told(&desk.preview(&beside).await), [], "it no longer stands");
    let desk = Desk::with(&[Permission::BookingEdit]).await;
    desk.run(&book("BL", "2026-11-26T18:00")).await.expect("books");
    assert_eq!(told(&desk.preview(&book("AE", "2026-11-26T18:00")).await), [], "R17");
}

/// A repeat of Anna's week up to a day.
fn until(last: &str) -> Repeat {
    Repeat {
        week: at("2026-11-25T00:00").date(),
        until: RepeatUntil::Date(parse_date(last).expect("a date")),
        weeks: WeekParity::Every,
        red_days: RedDays::Skip,
    }
}

#[tokio::test]
async fn r12_r19_the_last_day_of_a_repeat_is_seen_and_replaced_like_the_others_however_far() {
    // Thursdays after two weeks, after a good year, and after as long as a week is repeated.
    for last in ["2026-12-10", "2027-12-02", "2028-11-23"] {
        let desk = Desk::open().await;
        let other = [format!("{last}T09:00/{last}T17:00")];
        let other: Vec<&str> = other.iter().map(String::as_str).collect();
        desk.run(&schedule("AE", &other)).await.expect("schedules");
        let practitioner = PractitionerId::from("AE");
        let sessions =
            Command::RepeatWorkSessions { practitioner: practitioner.clone(), repeat: until(last) };
        desk.run(&sessions).await.expect("repeats");
        let day = DateRange::new(parse_date(last).expect("a date"), 1);
        let book = desk.clinic.book(&practitioner, day).await.expect("reads");
        let scheduled: Vec<String> =
            book.calendar.sessions().iter().map(|session| session.interval.to_string()).collect();
        assert_eq!(scheduled, [format!("{last}T08:00/{last}T12:00")]);

        let in_the_way = format!("{last}T09:00/{last}T10:00");
        desk.run(&lay("AE", "lunch", &[&in_the_way])).await.expect("lays");
        let preblocks = Command::RepeatPreblocks {
            practitioner,
            repeat: until(last),
            overlap: OverlapChoice::Refuse,
            codes: Vec::new(),
        };
        let refused = support::desk::refused(desk.run(&preblocks).await);
        assert_eq!(refused, Refusal::PreblockInTheWay(vec![interval(&in_the_way)]), "{last}");
    }
}

#[tokio::test]
async fn r19_a_repeat_that_ends_before_it_begins_is_refused_as_such() {
    let desk = Desk::open().await;
    let none = Repeat { until: RepeatUntil::Weeks(0), ..until("2026-12-10") };
    for repeat in [none, until("2026-11-29"), until("2026-01-01")] {
        let sessions = Command::RepeatWorkSessions { practitioner: "AE".into(), repeat };
        let refused = support::desk::refused(desk.run(&sessions).await);
        assert_eq!(refused, Refusal::RepeatsNothing);
    }
}

fn change(change: SettingChange) -> Command {
    Command::ChangeSetting(Box::new(change))
}

#[tokio::test]
async fn r11_a_change_of_the_settings_is_told_by_the_times_that_come_and_go_with_it() {
    let desk = Desk::open().await;
    let setup = desk.clinic.setup().await.expect("reads");
    let alter_type = |alter: fn(&mut PreblockType)| {
        let before = setup.preblock_types[&"e-us".into()].clone();
        let mut after = before.clone();
        alter(&mut after);
        change(SettingChange::PreblockType(Changed::Altered { before, after }))
    };
    // Nobody's times but Anna's are published by this type.
    let internal = alter_type(|it| it.kind = PreblockKind::Internal);
    let preview = desk.preview(&internal).await;
    let lost = told(&preview.lost);
    assert!(lost.contains(&"AE us30 08:00".to_owned()), "{lost:?}");
    assert!(lost.iter().all(|line| line.starts_with("AE ")), "{lost:?}");
    assert_eq!(told(&preview.gained), [""; 0]);
    let done = desk.run(&internal).await.expect("changes");
    let back = desk.preview(&Command::Undo { command: done.command.clone() }).await;
    assert_eq!((told(&back.gained), told(&back.lost)), (lost.clone(), vec![]));
    desk.undo(&done).await.expect("is taken back");

    let before = setup.practitioners[&"AE".into()].clone();
    let after = Practitioner { active: false, ..before.clone() };
    let gone = change(SettingChange::Practitioner(Changed::Altered { before, after }));
    assert_eq!(told(&desk.preview(&gone).await.lost), lost);

    let before = setup.online.clone();
    let after = OnlineSettings { horizon_days: 2, ..before.clone() };
    let nearer = change(SettingChange::Online(Changed::Altered { before, after }));
    let of_thursday = desk.preview(&nearer).await.lost;
    assert!(!of_thursday.is_empty());
    let thursday = at("2026-11-26T00:00").date();
    assert!(of_thursday.iter().all(|slot| slot.interval.start().date() == thursday));

    let renamed = desk.preview(&alter_type(|it| it.name = "E-tid".into())).await;
    assert_eq!((told(&renamed.gained), told(&renamed.lost)), (vec![], vec![]));
}

on_the_server_too! {
    r11_a_change_of_the_settings_is_told_by_the_times_that_come_and_go_with_it,
    r9_whoever_takes_or_frees_a_resource_is_told_the_times_of_others_that_need_it,
    a_preview_names_the_one_book_that_would_change,
    r1_what_would_lie_outside_the_schedule_is_told_of_the_days_that_change,
    r7_a_preblock_that_is_not_in_force_is_not_told_to_lie_outside,
    r19_red_days_on_which_a_preblock_is_laid_are_told_once_and_those_it_leaves_are_not,
    r19_red_days_that_are_left_out_are_told_for_all_that_goes_onto_later_weeks,
    r12_r19_the_last_day_of_a_repeat_is_seen_and_replaced_like_the_others_however_far,
    r19_a_repeat_that_ends_before_it_begins_is_refused_as_such,
}
