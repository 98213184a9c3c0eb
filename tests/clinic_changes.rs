//! Commands on a real store: permission, rules, audit, idempotency, preview and undo.

mod support;

use std::collections::BTreeSet;

use support::desk::{Desk, NOW, at, refused, stretch};
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::*;

fn day() -> DateRange {
    DateRange::new(at("2026-11-25T00:00").date(), 1)
}

fn lay_on(practitioner: &str, preblock_type: &str, intervals: &[&str]) -> Command {
    Command::LayPreblocks {
        practitioner: practitioner.into(),
        preblock_type: preblock_type.into(),
        intervals: intervals.iter().map(|text| stretch(text)).collect(),
        overlap: OverlapChoice::Refuse,
        code: None,
    }
}

fn book(start: &str, template: &str, confirmed: &[Confirmation]) -> Command {
    Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at(&format!("2026-11-25T{start}")),
        what: BookingSubject::Template(template.into()),
        patient: BookedFor::Patient("p1".into()),
        text: None,
        confirmed: confirmed.iter().cloned().collect(),
    })
}

impl Desk {
    /// Changes the user X as an administrator elsewhere would.
    async fn replace_x(&self, change: impl FnOnce(&mut User)) {
        let mut file =
            self.clinic.export(&Actor::System, Completeness::Complete).await.expect("reads");
        file.users.entry("X".into()).and_modify(change);
        let (id, mode) = (new_command_id(), ImportMode::Replace);
        self.clinic.import(&Actor::System, id, &file, mode).await.expect("imports");
    }

    async fn slots(&self, practitioner: &str) -> Vec<String> {
        let practitioner = practitioner.into();
        let book = self.clinic.book(&practitioner, day()).await.expect("reads");
        let setup = self.clinic.setup().await.expect("reads");
        Resolver::new(&setup, &book.resources, at(NOW))
            .slots(&practitioner, &book.calendar, day())
            .iter()
            .map(|slot| format!("{} {}", slot.template, slot.interval.start().clock()))
            .collect()
    }

    async fn actions(&self) -> Vec<String> {
        let filter = AuditFilter::default();
        let entries = self.clinic.store().read().await.expect("reads").audit(&filter).await;
        let line = |entry: AuditEntry| format!("{} {}", entry.actor, entry.action);
        entries.expect("reads").into_iter().map(line).collect()
    }
}

#[tokio::test]
async fn a_preblock_laid_publishes_its_times_and_undo_and_redo_take_turns() {
    let clinic = Desk::open().await;
    let anna = clinic.actor("AE").await;
    let before = clinic.slots("AE").await;
    let laid = clinic.run_by(&anna, &lay_on("AE", "e-us", &["15:00-16:00"])).await.expect("lays");
    let with_it = clinic.slots("AE").await;
    let new: Vec<_> = with_it.iter().filter(|slot| !before.contains(slot)).collect();
    assert_eq!(new, ["us30 15:00", "us45r 15:00", "us30 15:30"]);
    let undone = clinic.undo_by(&anna, &laid).await.expect("undoes");
    assert_eq!(clinic.slots("AE").await, before);
    let redone = clinic.undo_by(&anna, &undone).await.expect("redoes");
    assert_eq!(clinic.slots("AE").await, with_it);
    clinic.undo_by(&anna, &redone).await.expect("undoes again");
    assert_eq!(clinic.slots("AE").await, before);
    let actions = clinic.actions().await;
    let by_anna: Vec<_> = actions.iter().filter(|line| line.starts_with("AE ")).collect();
    assert_eq!(by_anna.len(), 4);
    let report = verify_audit(clinic.clinic.store()).await.expect("reads");
    assert!(report.faults.is_empty());
}

#[tokio::test]
async fn r20_a_removed_preblock_comes_back_only_while_its_type_is_in_use_and_valid_there() {
    type Case = (fn(&mut PreblockType), fn(PreblockTypeId) -> Refusal);
    let cases: [Case; 2] = [
        (|it| it.active = false, Refusal::InactivePreblockType),
        (|it| it.valid_for = ValidFor::Only(["BL".into()].into()), Refusal::TypeNotValid),
    ];
    for (change, refusal) in cases {
        let clinic = Desk::open().await;
        let laid = clinic.run(&lay_on("AE", "e-us", &["15:00-16:00"])).await.expect("lays");
        let preblocks = laid.changes.iter().filter_map(|it| match it {
            Change::Preblock { change, .. } => change.after().map(|it| it.id.clone()),
            _ => None,
        });
        let preblocks = preblocks.collect();
        let remove = Command::RemovePreblocks { practitioner: "AE".into(), preblocks };
        let removed = clinic.run(&remove).await.expect("removes");
        let setup = clinic.clinic.setup().await.expect("reads");
        let before = setup.preblock_types[&"e-us".into()].clone();
        let mut after = before.clone();
        change(&mut after);
        let changed = SettingChange::PreblockType(Changed::Altered { before, after });
        clinic.run(&Command::ChangeSetting(Box::new(changed))).await.expect("changes the type");
        assert_eq!(refused(clinic.undo(&removed).await), refusal("e-us".into()));
    }
}

#[tokio::test]
async fn a_command_id_is_carried_out_once() {
    let clinic = Desk::open().await;
    let anna = clinic.actor("AE").await;
    let id = new_command_id();
    let command = lay_on("AE", "e-us", &["15:00-16:00"]);
    let first = clinic.clinic.execute(&anna, id.clone(), &command, at(NOW)).await.expect("lays");
    let after_first = clinic.export().await;
    let again = clinic.clinic.execute(&anna, id, &command, at(NOW)).await.expect("the same");
    assert!(first == again);
    assert_eq!(clinic.export().await, after_first);
    assert_eq!(clinic.actions().await.len(), 2, "the import and one laying");
}

#[tokio::test]
async fn r17_every_command_is_refused_without_its_permission_and_changes_nothing() {
    let commands = [
        (lay_on("AE", "e-us", &["15:00-16:00"]), Permission::PreblockInternet),
        (lay_on("AE", "lunch", &["16:00-17:00"]), Permission::PreblockInternal),
        (replace_by_lunch(), Permission::PreblockInternet),
        (repeat_preblocks(), Permission::PreblockInternet),
        (add_session(), Permission::ScheduleEdit),
        (remove_session(), Permission::ScheduleEdit),
        (repeat_sessions(), Permission::ScheduleEdit),
        (book("15:00", "us30", &[]), Permission::BookingEdit),
        (
            Command::CancelBooking { booking: "b1".into(), seen: None, reason: None },
            Permission::BookingEdit,
        ),
    ];
    for (command, permission) in commands {
        let others: Vec<Permission> =
            Permission::ALL.iter().copied().filter(|other| *other != permission).collect();
        let clinic = Desk::with(&others).await;
        let before = clinic.export().await;
        let refused = refused(clinic.run(&command).await);
        let expected = Refusal::Permission { user: "X".to_owned(), permission };
        assert_eq!(refused, expected, "{}", command.action());
        assert_eq!(clinic.export().await, before);
        assert!(Desk::open().await.run(&command).await.is_ok(), "{}", command.action());
    }
}

#[tokio::test]
async fn r17_who_may_not_do_it_is_not_told_what_there_is_and_what_not() {
    let clinic = Desk::with(&[]).await;
    let at_all = Desk::open().await;
    let (practitioner, nothing) = (PractitionerId::from("AE"), Vec::new);
    let mut reading = clinic.clinic.store().read().await.expect("reads");
    let known = reading.booking(&"b1".into()).await.expect("reads").expect("is there");
    drop(reading);
    let gone = EditedBooking {
        seen: Box::new(Booking { id: "gone".into(), ..known }),
        template: None,
        patient: BookedFor::Nobody,
        text: String::new(),
        confirmed: BTreeSet::new(),
    };
    let template = Command::ApplyWeekTemplate {
        practitioner: practitioner.clone(),
        template: "gone".into(),
        span: following_week(),
    };
    let empty_week = Command::RepeatWorkSessions {
        practitioner: practitioner.clone(),
        repeat: Repeat { week: at("2027-06-01T00:00").date(), ..following_week() },
    };
    for (permission, command) in [
        (
            Permission::ScheduleEdit,
            Command::AddWorkSessions { practitioner: practitioner.clone(), intervals: nothing() },
        ),
        (
            Permission::ScheduleEdit,
            Command::RemoveWorkSessions { practitioner, intervals: nothing() },
        ),
        (Permission::ScheduleEdit, template),
        (Permission::ScheduleEdit, empty_week),
        (Permission::BookingEdit, book("15:00", "??", &[])),
        (Permission::BookingEdit, moved("gone", "AE", stretch("15:00-15:30"))),
        (Permission::BookingEdit, Command::EditBooking(gone)),
        (
            Permission::BookingEdit,
            Command::CancelBooking { booking: "gone".into(), seen: None, reason: None },
        ),
        (
            Permission::BookingEdit,
            Command::MarkCalled { booking: "gone".into(), mark: CallMark::Called },
        ),
    ] {
        let lacks = Refusal::Permission { user: "X".to_owned(), permission };
        assert_eq!(refused(clinic.run(&command).await), lacks, "{}", command.action());
        let otherwise = refused(at_all.run(&command).await);
        assert!(!matches!(otherwise, Refusal::Permission { .. }), "{}", command.action());
    }
}

#[tokio::test]
async fn r17_removing_needs_the_permission_for_the_kind() {
    let clinic = Desk::with(&[Permission::PreblockInternal]).await;
    let internet = remove(&clinic.preblock_of("AE", "09:00-11:00").await);
    let permission = Permission::PreblockInternet;
    let expected = Refusal::Permission { user: "X".to_owned(), permission };
    assert_eq!(refused(clinic.run(&internet).await), expected);
    let clinic = Desk::with(&[permission]).await;
    let internet = remove(&clinic.preblock_of("AE", "09:00-11:00").await);
    assert!(clinic.run(&internet).await.is_ok());
}

#[tokio::test]
async fn r17_rights_taken_away_while_the_console_is_open_are_gone() {
    let clinic = Desk::open().await;
    let signed_in = clinic.actor("X").await;
    let lay = lay_on("AE", "e-us", &["15:00-16:00"]);

    clinic.replace_x(|x| x.permissions = Some(BTreeSet::new())).await;
    let permission = Permission::PreblockInternet;
    let lacks = Refusal::Permission { user: "X".to_owned(), permission };
    assert_eq!(refused(clinic.run_by(&signed_in, &lay).await), lacks);
    let preview = clinic.clinic.preview(&signed_in, &lay, at(NOW)).await;
    assert!(matches!(preview, Err(ClinicError::Refused(refused)) if refused == lacks));

    clinic.replace_x(|x| x.active = false).await;
    let inactive = Refusal::InactiveUser("X".to_owned());
    assert_eq!(refused(clinic.run_by(&signed_in, &lay).await), inactive);
}

#[tokio::test]
async fn r17_undo_needs_the_permission_of_what_it_changes() {
    let clinic = Desk::open().await;
    let x = clinic.actor("X").await;
    let cancel = Command::CancelBooking { booking: "b1".into(), seen: None, reason: None };
    let cancelled = clinic.run_by(&x, &cancel).await.expect("cancels");
    clinic.replace_x(|x| x.permissions = Some(BTreeSet::from([Permission::ScheduleEdit]))).await;
    let permission = Permission::BookingEdit;
    let expected = Refusal::Permission { user: "X".to_owned(), permission };
    assert_eq!(refused(clinic.undo_by(&x, &cancelled).await), expected);
}

#[tokio::test]
async fn r20_only_ones_own_change_is_undone_and_not_after_somebody_touched_it() {
    let clinic = Desk::open().await;
    let (anna, other) = (clinic.actor("AE").await, clinic.actor("X").await);
    let laid = clinic.run_by(&anna, &lay_on("AE", "e-us", &["15:00-16:00"])).await.expect("lays");
    assert_eq!(refused(clinic.undo_by(&other, &laid).await), Refusal::NotYours);
    let preblock = clinic.preblock_of("AE", "15:00-16:00").await;
    clinic.run_by(&other, &remove(&preblock)).await.expect("removes");
    match refused(clinic.undo_by(&anna, &laid).await) {
        Refusal::TouchedSince { who, .. } => assert_eq!(who, "X"),
        other => panic!("{other}"),
    }
    let removed =
        clinic.run_by(&anna, &remove(&clinic.preblock_of("AE", "09:00-11:00").await)).await;
    clinic.run_by(&other, &lay_on("AE", "e-us", &["09:30-10:00"])).await.expect("lays");
    match refused(clinic.undo_by(&anna, &removed.expect("removes")).await) {
        Refusal::TouchedSince { who, .. } => assert_eq!(who, "X", "laid in its place"),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn r13_a_booking_that_needs_the_users_word_is_saved_only_with_it() {
    let clinic = Desk::open().await;
    let user = clinic.actor("X").await;
    let bypass = Confirmation::BypassPreblock("e-us".into());
    let command = book("09:40", "akut20", &[]);
    let preview = clinic.clinic.preview(&user, &command, at(NOW)).await.expect("previews");
    assert_eq!(preview.to_confirm, std::slice::from_ref(&bypass));
    assert!(preview.lost.is_empty(), "the grid has no time there");
    let expected = Refusal::NeedsConfirmation(vec![bypass.clone()]);
    assert_eq!(refused(clinic.run_by(&user, &command).await), expected);
    clinic.run_by(&user, &book("09:40", "akut20", &[bypass])).await.expect("books");
}

#[tokio::test]
async fn r9_r13_a_booking_beyond_a_resources_capacity_takes_the_users_word_and_the_times_under_it()
{
    let clinic = Desk::open().await;
    let user = clinic.actor("X").await;
    let command = book(
        "10:00",
        "us45r",
        &[Confirmation::BeyondCapacity(LackingResource::Full(ResourceCode('R')))],
    );
    let preview = clinic.clinic.preview(&user, &command, at(NOW)).await.expect("previews");
    let lost: Vec<String> = preview
        .lost
        .iter()
        .map(|slot| {
            format!("{} {} {}", slot.practitioner, slot.template, slot.interval.start().clock())
        })
        .collect();
    assert_eq!(lost, ["AE us30 10:00", "AE us30 10:30"]);
    clinic.run_by(&user, &command).await.expect("books");
}

#[tokio::test]
async fn a_cancelled_booking_frees_its_times_and_undo_takes_them_again() {
    let clinic = Desk::open().await;
    let user = clinic.actor("X").await;
    let before = clinic.slots("AE").await;
    let cancel = Command::CancelBooking { booking: "b1".into(), seen: None, reason: None };
    let cancelled = clinic.run_by(&user, &cancel).await.expect("cancels");
    assert!(clinic.slots("AE").await.contains(&"us30 09:00".to_owned()));
    assert_eq!(refused(clinic.run_by(&user, &cancel).await), Refusal::AlreadyCancelled);
    clinic.undo_by(&user, &cancelled).await.expect("undoes");
    assert_eq!(clinic.slots("AE").await, before);
}

#[tokio::test]
async fn r12_two_bookings_at_once_make_one() {
    let clinic = Desk::open().await;
    let user = clinic.actor("X").await;
    let command = book("15:00", "us30", &[]);
    let tries = (0..8).map(|_| clinic.run_by(&user, &command));
    let results = futures_util::future::join_all(tries).await;
    let made = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!(made, 1);
    for result in results.into_iter().filter(Result::is_err) {
        assert_eq!(refused(result), Refusal::BookingInTheWay(stretch("15:00-15:30")));
    }
}

#[tokio::test]
async fn unknown_things_are_refused_by_name() {
    let clinic = Desk::open().await;
    let user = clinic.actor("X").await;
    let table = [
        (lay_on("??", "e-us", &["15:00-16:00"]), Refusal::UnknownPractitioner("??".into())),
        (lay_on("AE", "??", &["15:00-16:00"]), Refusal::UnknownPreblockType("??".into())),
        (lay_on("AE", "e-us", &[]), Refusal::NothingToDo(NothingToDo::NoTime)),
        (lay_on("AE", "e-alla", &["15:00-16:00"]), Refusal::TypeNotValid("e-alla".into())),
        (book("15:00", "??", &[]), Refusal::UnknownTemplate("??".into())),
        (remove(&"gone".into()), Refusal::Gone),
        (
            Command::CancelBooking { booking: "gone".into(), seen: None, reason: None },
            Refusal::Gone,
        ),
        (Command::Undo { command: "gone".into() }, Refusal::NotYours),
    ];
    for (command, expected) in table {
        assert_eq!(refused(clinic.run_by(&user, &command).await), expected);
    }
}

impl Desk {
    async fn preblock_of(&self, practitioner: &str, text: &str) -> PreblockId {
        let book = self.clinic.book(&practitioner.into(), day()).await.expect("reads");
        let found = book.calendar.preblocks().iter().find(|found| found.interval == stretch(text));
        found.expect("lies there").id.clone()
    }
}

fn remove(preblock: &PreblockId) -> Command {
    Command::RemovePreblocks { practitioner: "AE".into(), preblocks: vec![preblock.clone()] }
}

/// Lays an internal type over an Internet preblock: this needs the permission for both.
fn replace_by_lunch() -> Command {
    match lay_on("AE", "lunch", &["10:30-12:00"]) {
        Command::LayPreblocks { practitioner, preblock_type, intervals, code, .. } => {
            let overlap = OverlapChoice::Replace;
            Command::LayPreblocks { practitioner, preblock_type, intervals, overlap, code }
        }
        other => other,
    }
}

fn following_week() -> Repeat {
    let weeks = WeekParity::Every;
    Repeat { week: day().first(), until: RepeatUntil::Weeks(1), weeks, red_days: RedDays::Skip }
}

fn repeat_preblocks() -> Command {
    Command::RepeatPreblocks {
        practitioner: "AE".into(),
        repeat: following_week(),
        overlap: OverlapChoice::Refuse,
        codes: Vec::new(),
    }
}

fn repeat_sessions() -> Command {
    Command::RepeatWorkSessions { practitioner: "AE".into(), repeat: following_week() }
}

fn add_session() -> Command {
    Command::AddWorkSessions { practitioner: "AE".into(), intervals: vec![stretch("12:00-13:00")] }
}

fn remove_session() -> Command {
    Command::RemoveWorkSessions {
        practitioner: "AE".into(),
        intervals: vec![stretch("09:00-10:00")],
    }
}

#[tokio::test]
async fn r17_the_history_of_a_time_names_what_came_went_and_moved_away_for_those_who_may_read_it() {
    let fixture = Desk::open().await;
    let laid = fixture.run(&lay_on("AE", "e-us", &["15:00-16:00"])).await.expect("lays");
    fixture.undo_by(&fixture.actor("X").await, &laid).await.expect("undoes");
    let question =
        |text: &str| LogQuestion::Time { practitioner: "AE".into(), interval: stretch(text) };
    let x = fixture.actor("X").await;
    let told = async |text: &str| -> Vec<String> {
        let entries = fixture.clinic.log(&x, &question(text), 10).await.expect("reads");
        entries.iter().map(|entry| entry.action.clone()).collect()
    };
    assert_eq!(told("15:30-15:45").await, ["undo", "preblock.lay"], "newest first");
    assert_eq!(told("16:00-16:15").await, Vec::<String>::new(), "touching is not overlapping");
    fixture.replace_x(|x| x.permissions = Some([Permission::BookingEdit].into())).await;
    let refused = fixture.clinic.log(&x, &question("15:30-15:45"), 10).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::Permission { .. }))));
}

fn moved(booking: &str, practitioner: &str, interval: Interval) -> Command {
    Command::MoveBooking(MovedBooking {
        booking: booking.into(),
        seen: None,
        practitioner: practitioner.into(),
        interval,
        confirmed: BTreeSet::new(),
    })
}

/// The only booking that the command added.
fn added(outcome: &Outcome) -> Booking {
    match outcome.changes.as_slice() {
        [Change::Booking(change)] => change.after().expect("a booking").clone(),
        _ => panic!("one booking"),
    }
}

#[tokio::test]
async fn r13_a_booking_moved_a_little_does_not_stand_in_its_own_way_and_comes_back_on_undo() {
    let clinic = Desk::open().await;
    let outcome = clinic.run(&book("15:00", "us30", &[])).await.expect("books");
    let booking = added(&outcome);
    let later = moved(booking.id.as_str(), "AE", stretch("15:10-15:50"));
    let outcome = clinic.run(&later).await.expect("moves");
    assert_eq!(added(&outcome).interval, stretch("15:10-15:50"), "moved and lengthened at once");
    assert_eq!(added(&outcome).id, booking.id);
    let x = clinic.actor("X").await;
    let undone = clinic.undo_by(&x, &outcome).await.expect("undoes");
    assert_eq!(added(&undone), booking);
    let again = clinic.undo_by(&x, &undone).await.expect("redoes");
    assert_eq!(added(&again).interval, stretch("15:10-15:50"));
    let same = clinic.run(&later).await.map(|_| ());
    let nothing = Refusal::NothingToDo(NothingToDo::Unchanged);
    assert!(matches!(same, Err(ClinicError::Refused(why)) if why == nothing));
}

#[tokio::test]
async fn r12_r13_a_moved_booking_meets_what_a_new_one_would() {
    let clinic = Desk::open().await;
    let outcome = clinic.run(&book("15:00", "us30", &[])).await.expect("books");
    let id = added(&outcome).id;
    clinic.run(&book("16:00", "us30", &[])).await.expect("books");
    let refused = clinic.run(&moved(id.as_str(), "AE", stretch("15:45-16:15"))).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::BookingInTheWay(_)))));
    let outside = moved(id.as_str(), "AE", stretch("22:00-22:30"));
    let refused = clinic.run(&outside).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::NeedsConfirmation(_)))));
    let long = moved(id.as_str(), "AE", stretch("00:00-11:00"));
    assert!(matches!(clinic.run(&long).await, Err(ClinicError::Refused(_))));
    let cancel = Command::CancelBooking { booking: id.clone(), seen: None, reason: None };
    clinic.run(&cancel).await.expect("cancels");
    let refused = clinic.run(&moved(id.as_str(), "AE", stretch("14:30-15:00"))).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::AlreadyCancelled))));
}

#[tokio::test]
async fn a_booking_goes_to_another_practitioner_in_one_change_told_of_in_both_books() {
    let clinic = Desk::open().await;
    let outcome = clinic.run(&book("10:00", "us30", &[])).await.expect("books");
    let booking = added(&outcome);
    let before = clinic.export().await;
    let mut command = MovedBooking {
        booking: booking.id.clone(),
        seen: None,
        practitioner: "BL".into(),
        interval: stretch("21:00-21:30"),
        confirmed: BTreeSet::from([Confirmation::OutsideSchedule]),
    };
    let x = clinic.actor("X").await;
    let asked = Command::MoveBooking(command.clone());
    let preview = clinic.clinic.preview(&x, &asked, at(NOW)).await.expect("previews");
    let gained: Vec<&str> = preview.gained.iter().map(|it| it.practitioner.as_str()).collect();
    assert!(gained.contains(&"AE"), "the time it leaves can be booked: {gained:?}");
    let moved = clinic.run(&Command::MoveBooking(command.clone())).await.expect("moves");
    assert_eq!(added(&moved).practitioner.as_str(), "BL");
    for (practitioner, time) in [("AE", "10:00-10:10"), ("BL", "21:00-21:10")] {
        let question =
            LogQuestion::Time { practitioner: practitioner.into(), interval: stretch(time) };
        let newest = clinic.clinic.log(&x, &question, 1).await.expect("reads").remove(0);
        assert_eq!(newest.action, "booking.move", "{practitioner}");
    }
    clinic.undo_by(&x, &moved).await.expect("undoes");
    assert_eq!(clinic.export().await, before);
    let report = verify_audit(clinic.clinic.store()).await.expect("reads");
    assert!(report.faults.is_empty());
    command.practitioner = "NOBODY".into();
    let refused = clinic.run(&Command::MoveBooking(command)).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::UnknownPractitioner(_)))));
}

#[tokio::test]
async fn why_a_booking_was_cancelled_stands_in_the_log_as_a_personal_text() {
    let clinic = Desk::open().await;
    let reason = Some("ringde återbud".to_owned());
    let cancel = Command::CancelBooking { booking: "b1".into(), seen: None, reason };
    clinic.run(&cancel).await.expect("cancels");
    let mut reading = clinic.clinic.store().read().await.expect("reads");
    let entry = reading.last_audit_of("booking/b1").await.expect("reads").expect("an entry");
    let after = entry.after.expect("after");
    assert_eq!(after.to_json()["reason"], "ringde återbud");
    assert!(!after.to_masked_json().to_string().contains("återbud"));
}

#[tokio::test]
async fn several_books_change_together_or_not_at_all_and_come_back_as_one() {
    let clinic = Desk::open().await;
    let before = clinic.export().await;
    let together = Command::Together(vec![
        lay_on("AE", "e-us", &["17:00-18:00"]),
        lay_on("BL", "e-us", &["17:00-18:00"]),
    ]);
    let x = clinic.actor("X").await;
    let preview = clinic.clinic.preview(&x, &together, at(NOW)).await.expect("previews");
    assert_eq!((preview.changes.len(), preview.practitioner), (2, None));
    let laid = clinic.run(&together).await.expect("lays");
    let books: BTreeSet<_> = laid.changes.iter().flat_map(Change::practitioners).collect();
    assert_eq!(books.len(), 2);
    for practitioner in ["AE", "BL"] {
        let interval = stretch("17:30-17:45");
        let question = LogQuestion::Time { practitioner: practitioner.into(), interval };
        let entry = clinic.clinic.log(&x, &question, 1).await.expect("reads").remove(0);
        assert_eq!(
            entry.action, "preblock.lay",
            "{practitioner}'s log tells of it by its own name"
        );
    }
    let undone = clinic.undo_by(&x, &laid).await.expect("undoes");
    assert_eq!(clinic.export().await, before);
    clinic.undo_by(&x, &undone).await.expect("redoes");
    assert_ne!(clinic.export().await, before);
    let report = verify_audit(clinic.clinic.store()).await.expect("reads");
    assert!(report.faults.is_empty());
}

#[tokio::test]
async fn what_one_book_refuses_is_done_in_none_and_the_refusal_says_whose() {
    let clinic = Desk::open().await;
    clinic.run(&lay_on("BL", "e-us", &["17:00-18:00"])).await.expect("lays");
    let before = clinic.export().await;
    let together = Command::Together(vec![
        lay_on("AE", "e-us", &["17:00-18:00"]),
        lay_on("BL", "e-us", &["17:00-18:00"]),
    ]);
    let refused = clinic.run(&together).await.map(|_| ());
    let Err(ClinicError::Refused(Refusal::InBookOf { practitioner, refusal })) = refused else {
        panic!("refused in a book")
    };
    assert_eq!(practitioner.as_str(), "BL");
    assert!(matches!(*refusal, Refusal::PreblockInTheWay(_)));
    assert_eq!(clinic.export().await, before);
}

#[tokio::test]
async fn a_book_in_which_there_is_nothing_to_do_holds_the_others_up_no_more() {
    let clinic = Desk::open().await;
    let schedule = |practitioner: &str| Command::AddWorkSessions {
        practitioner: practitioner.into(),
        intervals: vec![stretch("20:00-21:00")],
    };
    clinic.run(&schedule("AE")).await.expect("schedules");
    let both = Command::Together(vec![schedule("AE"), schedule("BL")]);
    let outcome = clinic.run(&both).await.expect("schedules the other");
    assert_eq!(outcome.changes.len(), 1);
    let again = clinic.run(&both).await.map(|_| ());
    assert!(matches!(again, Err(ClinicError::Refused(Refusal::NothingToDo(_)))));
    let none = clinic.run(&Command::Together(Vec::new())).await.map(|_| ());
    assert!(matches!(none, Err(ClinicError::Refused(Refusal::NothingToDo(_)))));
}

#[test]
fn no_command_is_none_one_is_itself_and_several_are_one() {
    let lay = |practitioner| lay_on(practitioner, "e-us", &["17:00-18:00"]);
    assert!(Command::all_of(Vec::new()).is_none());
    assert!(Command::all_of(vec![lay("AE")]) == Some(lay("AE")));
    let both = || vec![lay("AE"), lay("BL")];
    assert!(Command::all_of(both()) == Some(Command::Together(both())));
}

#[tokio::test]
async fn several_books_are_read_as_each_alone_would_be() {
    let clinic = Desk::open().await;
    let ids = ["BL".into(), "AE".into(), "NOBODY".into()];
    let books = clinic.clinic.books(&ids, day()).await.expect("reads");
    for (id, book) in ids.iter().zip(&books) {
        let alone = clinic.clinic.book(id, day()).await.expect("reads");
        assert_eq!(&book.practitioner, id);
        assert_eq!((&book.calendar, &book.patients), (&alone.calendar, &alone.patients), "{id}");
        assert_eq!(book.revisions, alone.revisions);
    }
}

on_the_server_too! {
    r20_a_removed_preblock_comes_back_only_while_its_type_is_in_use_and_valid_there,
    a_preblock_laid_publishes_its_times_and_undo_and_redo_take_turns,
    a_command_id_is_carried_out_once,
    r17_every_command_is_refused_without_its_permission_and_changes_nothing,
    r17_who_may_not_do_it_is_not_told_what_there_is_and_what_not,
    r17_removing_needs_the_permission_for_the_kind,
    r17_rights_taken_away_while_the_console_is_open_are_gone,
    r17_undo_needs_the_permission_of_what_it_changes,
    r20_only_ones_own_change_is_undone_and_not_after_somebody_touched_it,
    r13_a_booking_that_needs_the_users_word_is_saved_only_with_it,
    r9_r13_a_booking_beyond_a_resources_capacity_takes_the_users_word_and_the_times_under_it,
    a_cancelled_booking_frees_its_times_and_undo_takes_them_again,
    r12_two_bookings_at_once_make_one,
    unknown_things_are_refused_by_name,
    r17_the_history_of_a_time_names_what_came_went_and_moved_away_for_those_who_may_read_it,
    r13_a_booking_moved_a_little_does_not_stand_in_its_own_way_and_comes_back_on_undo,
    r12_r13_a_moved_booking_meets_what_a_new_one_would,
    a_booking_goes_to_another_practitioner_in_one_change_told_of_in_both_books,
    why_a_booking_was_cancelled_stands_in_the_log_as_a_personal_text,
    several_books_change_together_or_not_at_all_and_come_back_as_one,
    what_one_book_refuses_is_done_in_none_and_the_refusal_says_whose,
    a_book_in_which_there_is_nothing_to_do_holds_the_others_up_no_more,
    several_books_are_read_as_each_alone_would_be,
}
