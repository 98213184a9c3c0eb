//! R14, R16, R17: users and who lets them in, contacts held against a card, and recalls.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use tidbok::domain::*;

fn user(signature: &str, permissions: Option<&[Permission]>) -> User {
    User {
        signature: signature.into(),
        name: signature.into(),
        permissions: permissions.map(|all| all.iter().copied().collect()),
        os_account: None,
        password_hash: None,
        active: true,
    }
}

#[test]
fn r17_whoever_has_no_permissions_of_their_own_has_the_default_ones() {
    let everyone = user("AE", None);
    for permission in Permission::ALL.iter().copied() {
        let by_default = [Permission::PreblockInternet, Permission::PatientView];
        assert_eq!(everyone.may(permission), by_default.contains(&permission), "{permission:?}");
        assert!(user("BL", Some(&[permission])).may(permission));
        assert!(!user("CÅ", Some(&[])).may(permission), "none of their own is none");
        assert_eq!(Permission::from_key(permission.key()), Some(permission));
    }
    assert_eq!(Permission::from_key("booking"), None);
    let in_order: BTreeSet<Permission> = Permission::ALL.iter().copied().collect();
    assert!(in_order.iter().map(|it| it.key()).is_sorted());
}

#[test]
fn r17_an_inactive_user_may_nothing_the_owner_of_the_database_everything() {
    let active = user("AE", Some(&[Permission::BookingEdit]));
    let inactive = User { active: false, ..active.clone() };
    for permission in Permission::ALL.iter().copied() {
        let given = permission == Permission::BookingEdit;
        assert_eq!(Actor::User(active.clone()).may(permission), given, "{permission:?}");
        assert!(!Actor::User(inactive.clone()).may(permission));
        assert!(Actor::System.may(permission) && !Actor::OnlineClient.may(permission));
    }
    assert_eq!(Actor::User(active).signature(), "AE");
    assert_eq!((Actor::System.signature(), Actor::OnlineClient.signature()), ("system", ITB));
}

#[test]
fn r17_a_clinic_is_administered_once_an_administrator_can_sign_in() {
    let manager = user("AE", Some(&[Permission::UsersManage]));
    let other = User {
        os_account: Some("bl".into()),
        password_hash: Some("hash".into()),
        ..user("BL", None)
    };
    let of = |users: &[&User]| -> BTreeMap<Signature, User> {
        users.iter().map(|it| (it.signature.clone(), (*it).clone())).collect()
    };
    let with_account = User { os_account: Some("ae".into()), ..manager.clone() };
    let with_password = User { password_hash: Some("hash".into()), ..manager.clone() };
    let gone = User { active: false, ..with_account.clone() };
    use SignIn::{Account, Open, Password};
    for (users, by) in [
        (of(&[&manager]), vec![Open]),
        (of(&[&manager, &other]), vec![Open]),
        (of(&[&with_account]), vec![Open, Account]),
        (of(&[&with_password]), vec![Open, Password]),
        (of(&[&gone, &other]), vec![]),
        (of(&[&other]), vec![]),
        (of(&[]), vec![]),
    ] {
        let administered: Vec<SignIn> = [Open, Account, Password]
            .into_iter()
            .filter(|by| is_administered(&users, *by))
            .collect();
        assert_eq!(administered, by);
    }
}

#[test]
fn r17_the_last_administrator_stays_one() {
    let manager = |signature| user(signature, Some(&[Permission::UsersManage]));
    let (setup, manages) = (Setup::default(), manager("AE"));
    let faults = |change: Changed<User>, users: &[User]| -> Vec<Field> {
        let users = users.iter().map(|it| (it.signature.clone(), it.clone())).collect();
        let others = Others { setup: &setup, users: &users, personnummer: PersonnummerIs::Free };
        let faults = SettingChange::User(change).faults(&others).into_iter();
        faults.filter(|it| it.problem == Problem::LastAdministrator).map(|it| it.field).collect()
    };
    let to = |after: User| Changed::Altered { before: manages.clone(), after };
    let loses = user("AE", Some(&[]));
    let leaves = User { active: false, ..manages.clone() };
    let renamed = User { name: "Anna Ek".into(), ..manages.clone() };
    let alone = [manages.clone()];
    let two = [manages.clone(), manager("BL")];
    let other_gone = [manages.clone(), User { active: false, ..manager("BL") }];
    for (change, field) in [
        (to(loses.clone()), Some(Field::Permissions)),
        (to(leaves), Some(Field::Active)),
        (Changed::Removed(manages.clone()), Some(Field::Whole)),
        (to(renamed), None),
        (Changed::Altered { before: loses.clone(), after: loses }, None),
    ] {
        let expected: Vec<Field> = field.into_iter().collect();
        assert_eq!(faults(change.clone(), &alone), expected);
        assert_eq!(faults(change.clone(), &other_gone), expected);
        assert_eq!(faults(change, &two), Vec::<Field>::new());
    }
}

fn contacts() -> Contacts {
    Contacts {
        first_name: "Åsa".into(),
        last_name: "Öberg".into(),
        email: "asa@example.se".into(),
        mobile: "070-174 06 05".into(),
        address: None,
    }
}

fn card() -> Patient {
    let number = Personnummer::parse("18900101-9802", date("2026-11-23")).unwrap();
    contacts().registered("p".into(), number)
}

fn date(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

#[test]
fn r14_contacts_that_say_the_same_in_other_letters_do_not_differ() {
    for given in [
        contacts(),
        Contacts { first_name: " a\u{30a}SA ".into(), ..contacts() },
        Contacts { last_name: "ÖBERG".into(), email: "ASA@example.se".into(), ..contacts() },
        Contacts { mobile: "+46 70 174 06 05".into(), ..contacts() },
        Contacts { mobile: "0046(0)701740605".into(), ..contacts() },
        Contacts { mobile: " +46 (0)70-1740605".into(), ..contacts() },
        Contacts { mobile: "0701740605".into(), ..contacts() },
    ] {
        assert_eq!(given.differing(&card()), [], "{}", given.mobile);
        assert_eq!(given.onto(&card()).personnummer, card().personnummer);
    }
}

#[test]
fn r14_what_differs_is_told_in_the_order_of_the_form_and_taken_over_as_given() {
    let differing = |given: &Contacts, card: &Patient| -> Vec<Field> {
        given.differing(card).into_iter().map(|it| it.field).collect()
    };
    let other = Contacts {
        first_name: "Asa".into(),
        last_name: "Oberg".into(),
        email: "a@example.se".into(),
        mobile: "46701740605".into(),
        address: Some("Storgatan 4".into()),
    };
    use Field::{Address, Email, FirstName, LastName, Mobile};
    assert_eq!(differing(&other, &card()), [FirstName, LastName, Email, Mobile, Address]);
    let onto = other.onto(&card());
    assert_eq!(other.differing(&onto), []);
    assert_eq!(onto.address.as_deref(), Some("Storgatan 4"));
    assert_eq!(contacts().onto(&onto).address, onto.address, "no address replaces none");
    assert_eq!(differing(&contacts(), &onto), [FirstName, LastName, Email, Mobile]);
    let bare = Patient { email: None, mobile: None, ..card() };
    assert_eq!(differing(&contacts(), &bare), [Email, Mobile]);
    let [email, _] = contacts().differing(&bare).try_into().unwrap();
    assert_eq!((email.on_card, email.given.as_str()), (None, "asa@example.se"));
    let abroad = Contacts { mobile: "+47 70 174 06 05".into(), ..contacts() };
    assert_eq!(differing(&abroad, &card()), [Mobile]);
}

#[test]
fn r14_nothing_of_contacts_is_shown_by_accident() {
    let differing = contacts().differing(&Patient { email: None, ..card() });
    assert_eq!(format!("{:?}", contacts()), "Contacts(…)");
    let shown = format!("{:?} {differing:?}", contacts());
    for personal in ["Åsa", "Öberg", "example", "174", "9802"] {
        assert!(!shown.contains(personal), "{shown}");
    }
    assert!(shown.contains("Email"), "{shown}");
}

#[test]
fn r22_patients_bookings_and_users_are_shown_by_what_names_nobody() {
    let new = NewPatient {
        personnummer: card().personnummer,
        first_name: "Åsa".into(),
        last_name: "Öberg".into(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::Protected,
    };
    let booking = Booking { text: "Åsa Öberg".into(), ..booking("2026-11-25") };
    let user = User {
        name: "Åsa Öberg".into(),
        password_hash: Some("hash".into()),
        ..user("AE", Some(&[Permission::BookingEdit]))
    };
    assert_eq!(format!("{:?}", card()), "Patient(p)");
    assert_eq!(format!("{new:?}"), "NewPatient(…)");
    let shown = "Booking(b 2026-11-25T09:00/2026-11-25T09:30 Booked)";
    assert_eq!(format!("{booking:?}"), shown);
    let shown = format!("{user:?}");
    assert!(shown.contains("AE") && shown.contains("BookingEdit"), "{shown}");
    assert!(!shown.contains("hash") && !shown.contains("Öberg"), "{shown}");
}

fn template(moves_recall: bool) -> BookingTemplate {
    BookingTemplate {
        id: "us30".into(),
        name: "U".into(),
        minutes: TemplateMinutes::new(30).unwrap(),
        category: "us".into(),
        online: true,
        online_rebook: true,
        online_cancel: true,
        recall: true,
        calendar_text: String::new(),
        resources: ResourceCodes::default(),
        moves_recall,
        active: true,
    }
}

fn booking(day: &str) -> Booking {
    let at = |clock: &str| format!("{day}T{clock}").parse().unwrap();
    Booking {
        id: "b".into(),
        practitioner: "AE".into(),
        interval: Interval::new(at("09:00"), at("09:30")).unwrap(),
        category: "us".into(),
        template: Some("us30".into()),
        patient: Some("p".into()),
        text: String::new(),
        resources: ResourceCodes::default(),
        registered_by: "AE".into(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    }
}

#[test]
fn r16_a_booking_moves_the_recall_by_the_interval_and_gives_it_back() {
    let recall = Recall { months: 6, date: Some(date("2026-11-30")), template: None };
    let patient = Patient { recall, ..card() };
    let before = booking("2026-08-31");
    assert_eq!(recall_of_booking(&patient, &template(false), &before), None);
    let moved = recall_of_booking(&patient, &template(true), &before).unwrap();
    let from = MovedFrom { date: Some(date("2026-11-30")) };
    // Half a year from the last of August is the last of February.
    let held = RecallState { date: Some(date("2027-02-28")), moved: Some(from) };
    assert_eq!(moved.before, RecallState { date: from.date, moved: None });
    assert_eq!(moved.after, held);
    let back = moved.clone().reversed();
    assert_eq!((&back.before, &back.after), (&moved.after, &moved.before));
    assert_eq!((back.patient.as_str(), back.booking.as_str()), ("p", "b"));

    let to = date("2027-02-28");
    let patient = Patient { recall: Recall { date: Some(to), ..patient.recall }, ..patient };
    let recall_move = RecallMove { from, to };
    let after =
        |after: Option<&Booking>| recall_after_change(&patient, recall_move, &before, after);
    let cancelled = after(None).unwrap();
    assert_eq!(cancelled.before, held);
    assert_eq!(cancelled.after, RecallState { date: from.date, moved: None });
    assert_eq!(after(Some(&booking("2026-08-31"))), None, "the same day moves nothing");
    let later = after(Some(&booking("2026-09-01"))).unwrap();
    assert_eq!(later.after, RecallState { date: Some(date("2027-03-01")), moved: Some(from) });

    let since = Patient {
        recall: Recall { date: Some(date("2027-05-01")), ..patient.recall.clone() },
        ..patient.clone()
    };
    assert_eq!(recall_after_change(&since, recall_move, &before, None), None);
}

#[test]
fn r16_a_recall_that_could_not_be_written_is_not_moved() {
    let with = |months| Patient { recall: Recall { months, ..card().recall }, ..card() };
    let day = booking("9999-06-15");
    let moved = |months| recall_of_booking(&with(months), &template(true), &day);
    assert_eq!(moved(6).map(|it| it.after.date), Some(Some(date("9999-12-15"))));
    assert_eq!(moved(7), None);
    assert_eq!(moved(u32::MAX), None);
}
