//! R17, R20: what a change touches, what it takes, and what takes it back.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use tidbok::domain::*;

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
}

fn interval(hours: &str) -> Interval {
    let (from, to) = hours.split_once('-').unwrap();
    let at = |clock: &str| format!("{}T{clock}", date()).parse().unwrap();
    Interval::new(at(from), at(to)).unwrap()
}

fn booking(practitioner: &str, hours: &str) -> Booking {
    Booking {
        id: "b".into(),
        practitioner: practitioner.into(),
        interval: interval(hours),
        category: "us".into(),
        template: None,
        patient: None,
        text: String::new(),
        resources: ResourceCodes::default(),
        registered_by: "AE".into(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    }
}

fn moved() -> Change {
    let (before, after) = (booking("AE", "09:00-10:00"), booking("BL", "13:00-14:00"));
    Change::Booking(Box::new(Changed::Altered { before, after }))
}

/// A change of every kind, each of AE's book at nine, but for those of no book.
fn one_of_each() -> Vec<Change> {
    let preblock = Preblock {
        id: "p".into(),
        practitioner: "AE".into(),
        preblock_type: "e".into(),
        interval: interval("09:00-10:00"),
    };
    let session = WorkSession {
        id: "w".into(),
        practitioner: "AE".into(),
        interval: interval("09:00-10:00"),
    };
    let call = Call {
        booking: "b".into(),
        practitioner: "AE".into(),
        interval: interval("09:00-10:00"),
        by: "AE".into(),
        at: interval("08:00-09:00").start(),
    };
    let recall = RecallChange {
        patient: "p".into(),
        booking: "b".into(),
        before: RecallState { date: None, moved: None },
        after: RecallState { date: Some(date()), moved: Some(MovedFrom { date: None }) },
    };
    vec![
        Change::Preblock { kind: PreblockKind::Internal, change: Changed::Added(preblock) },
        Change::WorkSession(Changed::Removed(session)),
        Change::Booking(Box::new(Changed::Added(booking("AE", "09:00-10:00")))),
        Change::Call(Box::new(Changed::Removed(call))),
        Change::Setting(Box::new(SettingChange::ClosedDay(Changed::Added(date())))),
        Change::Recall(recall),
    ]
}

#[test]
fn r20_what_takes_a_change_back_is_taken_back_by_the_change() {
    for change in one_of_each().into_iter().chain([moved()]) {
        let back = change.clone().reversed();
        assert!(back != change);
        assert!(back.reversed() == change);
    }
    let Change::Booking(back) = moved().reversed() else { panic!("a booking") };
    assert_eq!(back.before().map(|it| it.practitioner.as_str()), Some("BL"));
    assert_eq!(back.after().map(|it| it.practitioner.as_str()), Some("AE"));
    assert_eq!(back.kind(), ChangeKind::Altered);
}

#[test]
fn r20_several_changes_are_taken_back_last_first() {
    let changes = one_of_each();
    let back = reversed(&changes);
    assert_eq!(back.len(), changes.len());
    assert!(back[0] == changes[5].clone().reversed() && back[5] == changes[0].clone().reversed());
}

#[test]
fn a_change_touches_the_books_and_times_of_before_and_after() {
    let all = one_of_each();
    let (of_books, of_none) = all.split_at(4);
    for change in of_books {
        assert_eq!(change.practitioners(), BTreeSet::from(["AE".into()]));
        assert_eq!(change.intervals(), [interval("09:00-10:00")]);
        assert!(change.in_book_of(&"AE".into()).as_ref() == Some(change));
        assert!(change.in_book_of(&"BL".into()).is_none());
    }
    for change in of_none {
        assert_eq!(change.practitioners(), BTreeSet::new());
        assert_eq!(change.intervals(), []);
        assert!(change.in_book_of(&"AE".into()).is_none());
    }
    assert_eq!(moved().practitioners(), BTreeSet::from(["AE".into(), "BL".into()]));
    assert_eq!(moved().intervals(), [interval("09:00-10:00"), interval("13:00-14:00")]);
}

#[test]
fn a_booking_that_goes_to_another_is_removed_from_one_book_and_added_to_the_other() {
    let booking_of = |practitioner: &str| match moved().in_book_of(&practitioner.into()) {
        Some(Change::Booking(change)) => {
            (change.kind(), change.before().or(change.after()).cloned())
        }
        _ => panic!("a booking of {practitioner}"),
    };
    assert_eq!(booking_of("AE"), (ChangeKind::Removed, Some(booking("AE", "09:00-10:00"))));
    assert_eq!(booking_of("BL"), (ChangeKind::Added, Some(booking("BL", "13:00-14:00"))));
    let (before, after) = (booking("AE", "09:00-10:00"), booking("AE", "13:00-14:00"));
    let within = Change::Booking(Box::new(Changed::Altered { before, after }));
    assert!(within.in_book_of(&"AE".into()) == Some(within.clone()), "within a book it is moved");
}

#[test]
fn r17_each_change_takes_the_permission_of_what_it_changes() {
    use Permission::*;
    let expected =
        [PreblockInternal, ScheduleEdit, BookingEdit, BookingEdit, SettingsEdit, BookingEdit];
    for (change, permission) in one_of_each().into_iter().zip(expected) {
        assert_eq!(change.permissions(), BTreeSet::from([permission]));
        assert_eq!(change.reversed().permissions(), BTreeSet::from([permission]));
    }
}

fn company(name: &str, paused: bool) -> Company {
    Company {
        id: "c".into(),
        organisation: "o".into(),
        name: name.into(),
        org_number: None,
        address: None,
        phone: None,
        email: None,
        portal_text: None,
        paused,
        lists: ListChoices::default(),
    }
}

#[test]
fn r10_r17_pausing_a_company_is_not_editing_its_card() {
    use Permission::{OnlineEdit, SettingsEdit};
    let altered = |before, after| SettingChange::Company(Changed::Altered { before, after });
    for (change, permissions) in [
        (altered(company("C", false), company("C", true)), vec![OnlineEdit]),
        (altered(company("C", true), company("C", false)), vec![OnlineEdit]),
        (altered(company("C", false), company("D", false)), vec![SettingsEdit]),
        (altered(company("C", false), company("D", true)), vec![OnlineEdit, SettingsEdit]),
        (altered(company("C", false), company("C", false)), vec![SettingsEdit]),
        (SettingChange::Company(Changed::Added(company("C", false))), vec![SettingsEdit]),
        (
            SettingChange::Company(Changed::Added(company("C", true))),
            vec![OnlineEdit, SettingsEdit],
        ),
        (SettingChange::Company(Changed::Removed(company("C", true))), vec![SettingsEdit]),
    ] {
        let needed: Vec<Permission> = change.permissions().into_iter().collect();
        assert_eq!(needed, permissions);
    }
}

/// A setting of every kind with its name in the audit log, the permission that it takes, and whether it
/// is only ever deactivated.
fn settings() -> Vec<(SettingChange, &'static str, Vec<Permission>, bool)> {
    use Permission::*;
    let lists = ListChoices::default;
    let preblock_type = |kind| PreblockType {
        id: "e".into(),
        name: "E".into(),
        text: String::new(),
        color: Color { red: 0, green: 0, blue: 0 },
        kind,
        valid_for: ValidFor::Everyone,
        may_bypass: true,
        allow: true,
        categories: BTreeSet::new(),
        expires_days_before: None,
        code: None,
        active: true,
    };
    let template = BookingTemplate {
        id: "us30".into(),
        name: "U".into(),
        minutes: TemplateMinutes::new(30).unwrap(),
        category: "us".into(),
        online: true,
        online_rebook: true,
        online_cancel: true,
        recall: false,
        calendar_text: String::new(),
        resources: ResourceCodes::default(),
        moves_recall: false,
        active: true,
    };
    let user = User {
        signature: "AE".into(),
        name: "Anna Ek".into(),
        permissions: None,
        os_account: None,
        password_hash: None,
        active: true,
    };
    let organisation = Organisation { id: "o".into(), name: "O".into(), lists: lists() };
    let practitioner = Practitioner {
        id: "AE".into(),
        company: "c".into(),
        signature: "AE".into(),
        name: "Anna Ek".into(),
        title: String::new(),
        active: true,
        lists: lists(),
    };
    let code = ResourceCodes::parse("R").unwrap().iter().next().unwrap();
    let resource = Resource { code, name: "Röntgen".into(), capacity: 1 };
    let template_list = TemplateList {
        id: "web".into(),
        name: "W".into(),
        owner: ListOwner::All,
        items: Vec::new(),
    };
    let preblock_list = PreblockList {
        id: "lay".into(),
        name: "L".into(),
        owner: ListOwner::All,
        items: Vec::new(),
    };
    vec![
        (
            SettingChange::Organisation(Changed::Added(organisation)),
            "organisation/o",
            vec![SettingsEdit],
            false,
        ),
        (
            SettingChange::Practitioner(Changed::Removed(practitioner)),
            "practitioner/AE",
            vec![SettingsEdit],
            true,
        ),
        (
            SettingChange::Resource(Changed::Added(resource)),
            "resource/R",
            vec![SettingsEdit],
            false,
        ),
        (
            SettingChange::Category(Changed::Added(Category { id: "us".into(), name: "U".into() })),
            "category/us",
            vec![SettingsEdit],
            false,
        ),
        (
            SettingChange::PreblockType(Changed::Altered {
                before: preblock_type(PreblockKind::Internal),
                after: preblock_type(PreblockKind::Internet),
            }),
            "preblock_type/e",
            vec![PreblockInternet, SettingsEdit],
            true,
        ),
        (
            SettingChange::PreblockType(Changed::Added(preblock_type(PreblockKind::Internal))),
            "preblock_type/e",
            vec![SettingsEdit],
            true,
        ),
        (
            SettingChange::Template(Changed::Removed(template)),
            "booking_template/us30",
            vec![SettingsEdit],
            true,
        ),
        (
            SettingChange::TemplateList(Changed::Added(template_list)),
            "template_list/web",
            vec![SettingsEdit],
            false,
        ),
        (
            SettingChange::PreblockList(Changed::Added(preblock_list)),
            "preblock_list/lay",
            vec![SettingsEdit],
            false,
        ),
        (
            SettingChange::ClosedDay(Changed::Added(date())),
            "closed_day/2026-11-25",
            vec![SettingsEdit],
            false,
        ),
        (
            SettingChange::Online(Changed::Added(OnlineSettings::default())),
            "online",
            vec![OnlineEdit],
            false,
        ),
        (SettingChange::User(Changed::Added(user)), "user/AE", vec![UsersManage], true),
        (
            SettingChange::Company(Changed::Added(company("C", false))),
            "company/c",
            vec![SettingsEdit],
            false,
        ),
    ]
}

#[test]
fn r17_each_setting_has_its_name_and_its_permission() {
    for (change, name, permissions, deactivated) in settings() {
        assert_eq!(change.entity(), name);
        assert_eq!(change.permissions().into_iter().collect::<Vec<_>>(), permissions, "{name}");
        assert_eq!(change.is_deactivated_instead(), deactivated, "{name}");
        assert!(!change.changes_nothing(), "{name}");
        let back = change.clone().reversed();
        assert_eq!(back.entity(), name);
        let kind = match change.kind() {
            ChangeKind::Added => ChangeKind::Removed,
            ChangeKind::Removed => ChangeKind::Added,
            ChangeKind::Altered => ChangeKind::Altered,
        };
        assert_eq!(back.kind(), kind, "{name}");
        assert!(back.reversed() == change, "{name}");
    }
    let same = SettingChange::Company(Changed::Altered {
        before: company("C", false),
        after: company("C", false),
    });
    assert!(same.changes_nothing());
}
