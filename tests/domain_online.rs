//! R14, R15: what patients write and do on the booking page, decided without a store.

#[path = "common/registers.rs"]
mod registers;

use chrono::NaiveDate;
use registers::practitioner;
use tidbok::domain::*;

fn at(text: &str) -> CivilTime {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    parse_date("2026-11-23").unwrap()
}

fn number(text: &str) -> Personnummer {
    Personnummer::parse(text, today()).unwrap()
}

fn template() -> BookingTemplate {
    BookingTemplate {
        id: "us30".into(),
        name: "Undersökning".into(),
        minutes: TemplateMinutes::new(30).unwrap(),
        category: "us".into(),
        online: true,
        online_rebook: true,
        online_cancel: true,
        recall: false,
        calendar_text: "US".into(),
        resources: ResourceCodes::parse("R").unwrap(),
        moves_recall: false,
        active: true,
    }
}

fn slot() -> Slot {
    let interval = Interval::new(at("2026-11-25T09:00"), at("2026-11-25T09:30")).unwrap();
    Slot { practitioner: "AE".into(), template: "us30".into(), interval }
}

fn booking() -> Booking {
    let portal_id = PortalId::parse("k9").unwrap();
    let patient = Some("p".into());
    online_booking("b".into(), slot(), &template(), patient, &portal_id, Identification::EId)
}

/// AE and BL of company `a`, CX of `b`; patients may do both until a day before.
fn setup() -> Setup {
    let all = [practitioner("AE", "a"), practitioner("BL", "a"), practitioner("CX", "b")];
    let online =
        OnlineSettings { allow_rebook: true, allow_cancel: true, ..OnlineSettings::default() };
    Setup {
        practitioners: all.map(|it| (it.id.clone(), it)).into(),
        templates: [("us30".into(), template())].into(),
        online,
        ..Setup::default()
    }
}

const OWN: &str = "18900101-9802";
const IN_TIME: &str = "2026-11-24T08:59";
const BOTH: [OnlineChange; 2] = [OnlineChange::Rebook, OnlineChange::Cancel];

#[test]
fn r14_a_patients_booking_has_what_its_template_gives() {
    let booking = booking();
    assert_eq!(booking.interval, slot().interval);
    assert_eq!((booking.practitioner.as_str(), booking.category.as_str()), ("AE", "us"));
    assert_eq!((booking.text.as_str(), &booking.resources), ("US", &template().resources));
    assert_eq!((booking.registered_by.as_str(), booking.portal_id.as_deref()), (ITB, Some("k9")));
    assert!(booking.is_active() && booking.is_online());
    assert!(!Booking { registered_by: "AE".into(), ..booking }.is_online());
}

#[test]
fn r15_a_patient_changes_a_booking_where_every_condition_holds() {
    let judge = |setup: &Setup, booking: &Booking, e_id: &str, now: &str| {
        BOTH.map(|change| {
            let own = number(OWN);
            judge_online_change(change, setup, booking, Some(&own), &number(e_id), at(now)).err()
        })
    };
    let both = |why: NotChangeable| [Some(why), Some(why)];
    let deadline = at("2026-11-24T09:00");
    type Spoil = fn(&mut Setup, &mut Booking);
    let flags = |setup: &mut Setup, rebook, cancel| {
        let found = setup.templates.get_mut(&"us30".into()).unwrap();
        (found.online_rebook, found.online_cancel) = (rebook, cancel);
    };
    let table: [(Spoil, [Option<NotChangeable>; 2]); 8] = [
        (|_, _| {}, [None, None]),
        (|_, booking| booking.registered_by = "AE".into(), both(NotChangeable::NotFromPortal)),
        (|_, booking| booking.portal_id = None, both(NotChangeable::NotFromPortal)),
        (|_, booking| booking.state = BookingState::Cancelled, both(NotChangeable::Cancelled)),
        (|_, booking| booking.template = None, both(NotChangeable::Template)),
        (|_, booking| booking.template = Some("x".into()), both(NotChangeable::Template)),
        (|setup, _| setup.online.allow_rebook = false, [Some(NotChangeable::Settings), None]),
        (|setup, _| setup.online.allow_cancel = false, [None, Some(NotChangeable::Settings)]),
    ];
    for (spoil, expected) in table {
        let (mut setup, mut booking) = (setup(), booking());
        spoil(&mut setup, &mut booking);
        assert_eq!(judge(&setup, &booking, OWN, IN_TIME), expected);
    }
    for (rebook, cancel) in [(true, false), (false, true), (false, false)] {
        let mut setup = setup();
        flags(&mut setup, rebook, cancel);
        let expected = [rebook, cancel].map(|flag| (!flag).then_some(NotChangeable::Template));
        assert_eq!(judge(&setup, &booking(), OWN, IN_TIME), expected);
    }
    let (setup, booking) = (setup(), booking());
    let another = both(NotChangeable::AnotherPerson);
    assert_eq!(judge(&setup, &booking, "19121212-1212", IN_TIME), another);
    let nobody = judge_online_change(
        OnlineChange::Cancel,
        &setup,
        &booking,
        None,
        &number(OWN),
        at(IN_TIME),
    );
    assert_eq!(nobody, Err(NotChangeable::AnotherPerson));
    assert_eq!(
        judge(&setup, &booking, OWN, "2026-11-24T09:00"),
        both(NotChangeable::TooLate { deadline })
    );
}

#[test]
fn r15_the_deadline_is_so_many_hours_before_the_booking() {
    for (hours, last) in [
        (0, "2026-11-25T08:59"),
        (1, "2026-11-25T07:59"),
        (24, "2026-11-24T08:59"),
        (744, "2026-10-25T08:59"),
    ] {
        let mut setup = setup();
        setup.online.change_deadline_hours = hours;
        let judge = |now| {
            let own = number(OWN);
            let change = OnlineChange::Rebook;
            judge_online_change(change, &setup, &booking(), Some(&own), &own, now)
        };
        let deadline = at(last) + Minutes(1);
        assert_eq!(judge(at(last)), Ok(()), "{hours}");
        assert_eq!(judge(deadline), Err(NotChangeable::TooLate { deadline }), "{hours}");
    }
    let mut setup = setup();
    setup.online.change_deadline_hours = u32::MAX;
    let own = number(OWN);
    let long_ago = at("2020-01-01T00:00");
    let change = OnlineChange::Cancel;
    let judged = judge_online_change(change, &setup, &booking(), Some(&own), &own, long_ago);
    assert!(matches!(judged, Err(NotChangeable::TooLate { .. })), "{judged:?}");
}

#[test]
fn r15_rebooking_stays_within_the_company() {
    for (from, to, expected) in [
        ("AE", "AE", Ok(())),
        ("AE", "BL", Ok(())),
        ("AE", "CX", Err(NotChangeable::AnotherCompany)),
        ("AE", "X", Err(NotChangeable::AnotherCompany)),
    ] {
        assert_eq!(within_company(&setup(), &from.into(), &to.into()), expected, "{from} {to}");
    }
}

#[test]
fn r14_a_booking_pages_id_is_a_short_line() {
    for good in ["k9", " k9", "å", &"å".repeat(100)] {
        let id = PortalId::parse(good).unwrap();
        assert_eq!((id.as_str(), id.to_string().as_str()), (good, good));
    }
    for bad in ["", " ", "k\n9", "k9\u{7}", &"k".repeat(101)] {
        assert_eq!(PortalId::parse(bad), Err(BadPortalId), "{bad:?}");
    }
}

#[test]
fn r14_patients_are_written_to_in_the_language_they_chose() {
    use PatientLanguage::{English, Swedish};
    for (tag, language) in [
        ("sv", Some(Swedish)),
        ("sv-FI", Some(Swedish)),
        ("EN", Some(English)),
        ("en-GB", Some(English)),
        ("sve", None),
        ("de", None),
        ("", None),
    ] {
        assert_eq!(PatientLanguage::of_tag(tag), language, "{tag}");
    }
    assert_eq!((Swedish.tag(), English.tag()), ("sv", "en"));
}

fn typed() -> TypedContacts<'static> {
    TypedContacts {
        personnummer: " 18900101-9802 ",
        first_name: " A\u{30a}sa ",
        last_name: "Öberg",
        email: "asa@example.se ",
        mobile: " 070-174 06 05",
        address: "",
    }
}

#[test]
fn r14_a_form_is_read_without_the_space_around_and_with_its_letters_put_together() {
    let (read, contacts) = typed().read(today()).unwrap();
    assert!(read == number(OWN));
    assert_eq!((contacts.first_name.as_str(), contacts.last_name.as_str()), ("Åsa", "Öberg"));
    let (email, mobile) = (contacts.email.as_str(), contacts.mobile.as_str());
    assert_eq!((email, mobile, contacts.address), ("asa@example.se", "070-174 06 05", None));
    for (address, expected) in [
        ("Storgatan 4", Some("Storgatan 4")),
        (" Storgatan 4\r\n\r\n  123 45 Orten \n", Some("Storgatan 4, 123 45 Orten")),
        (" \n ", None),
    ] {
        let (_, contacts) = TypedContacts { address, ..typed() }.read(today()).unwrap();
        assert_eq!(contacts.address.as_deref(), expected);
    }
}

#[test]
fn r14_r21_everything_that_is_wrong_with_a_form_is_told_at_once() {
    let fault = |field, problem| Fault { field, problem };
    for (personnummer, problem) in [
        (" ", Problem::Empty),
        ("18900101-9803", Problem::CheckDigit),
        ("18900141-9802", Problem::NoSuchDate),
        ("20261124-2385", Problem::NoSuchDate),
    ] {
        let wrong = fault(Field::Personnummer, problem);
        let form = TypedContacts { personnummer, ..typed() };
        assert_eq!(form.read(today()).err(), Some(vec![wrong]), "{personnummer}");
        let nameless = TypedContacts { first_name: "", ..form };
        let both = vec![fault(Field::FirstName, Problem::Empty), wrong];
        assert_eq!(nameless.read(today()).err(), Some(both), "{personnummer}");
    }
    let nameless = TypedContacts { first_name: "", ..typed() };
    assert_eq!(nameless.read(today()).err(), Some(vec![fault(Field::FirstName, Problem::Empty)]));
}

#[test]
fn r14_contacts_with_another_name_may_be_anothers() {
    let (number, contacts) = typed().read(today()).unwrap();
    let card = contacts.registered("p".into(), number);
    for (given, another) in [
        (contacts.clone(), false),
        (Contacts { first_name: "ÅSA".into(), ..contacts.clone() }, false),
        (Contacts { email: "a@example.se".into(), mobile: "0".into(), ..contacts.clone() }, false),
        (Contacts { first_name: "Eva".into(), ..contacts.clone() }, true),
        (Contacts { last_name: "Ek".into(), ..contacts }, true),
    ] {
        assert_eq!(given.name_another_than(&card), another, "{}", given.first_name);
    }
}
