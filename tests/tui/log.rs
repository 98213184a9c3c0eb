//! Who changed this time, the log, and names hidden from whoever looks over one's shoulder.

use chrono::{DateTime, Utc};
use tidbok::clinic::{AuditEntry, LogFilter, LogQuestion};
use tidbok::domain::{Booking, Permission, WorkSession, parse_date};
use tidbok::store::{AuditChain, AuditValue, Audited};
use tidbok::tui::Effect;

use insta::assert_snapshot;
use tidbok::tui::{Message, Reply, RequestId};

use crate::fixture::{Console, Start, booking, interval, preblock, user};

/// EK lays a preblock on Wednesday and moves it to Thursday.
fn moved() -> Vec<AuditEntry> {
    let laid = preblock("new", "e-us", interval("2026-11-25", "10:00-11:00"));
    let moved = preblock("new", "e-us", interval("2026-11-26", "13:00-14:00"));
    let at = |clock: &str| -> DateTime<Utc> {
        format!("2026-11-23T{clock}:00Z").parse().expect("a moment")
    };
    let entry = |n, clock, before, after| AuditEntry {
        n,
        chain: AuditChain::Practitioner("AE".into()),
        at: at(clock),
        actor: "EK".to_owned(),
        command: format!("command-{n}").as_str().into(),
        action: "preblock.lay".to_owned(),
        entity: "preblock/new".to_owned(),
        before,
        after,
    };
    vec![
        entry(2, "09:30", Some(laid.audit_view()), Some(moved.audit_view())),
        entry(1, "09:12", None, Some(laid.audit_view())),
    ]
}

#[test]
fn an_entry_that_is_about_no_time_says_so_where_it_is_to_lead_there() {
    let mut console = Console::open(Start::default());
    console.log = moved();
    for entry in &mut console.log {
        (entry.entity, entry.action) = ("week_template/w1".to_owned(), "setting.add".to_owned());
        (entry.before, entry.after) = (None, None);
    }
    console.press("H").answer();
    assert!(
        console.screen().contains("lade upp inställning: veckomall w1"),
        "{}",
        console.screen()
    );
    console.press("Enter");
    assert!(console.screen().contains("gäller ingen tid"), "{}", console.screen());
}

#[test]
fn the_history_of_a_time_says_who_moved_what_and_leads_there() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.log = moved();
    console.press("h");
    let asked = console.effects.iter().any(|effect| {
        matches!(effect, Effect::LoadLog { question: LogQuestion::Time { practitioner, interval }, .. }
            if practitioner.as_str() == "AE" && interval.start().to_string() == "2026-11-25T10:00")
    });
    assert!(asked, "of the cursor's row");
    console.answer();
    let screen = console.screen();
    for told in [
        "Vem ändrade · ons 25 10:00",
        "23/11 10:12  EK  lade till preblock hos AE 25/11 10:00–11:00 E-us",
        "flyttade preblock hos AE 25/11 10:00 → 26/11 13:00 E-us",
    ] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
    console.press("Enter").answer();
    assert!(console.line(37).contains("tor 26 13:00"), "{}", console.line(37));
}

#[test]
fn what_has_no_name_leaves_no_gap() {
    let mut console = Console::open(Start::default());
    let session = WorkSession {
        id: "s".into(),
        practitioner: "AE".into(),
        interval: interval("2026-11-25", "08:00-09:00"),
    };
    let after = Some(session.audit_view());
    let entity = "work_session/s".to_owned();
    console.log = vec![AuditEntry { entity, before: None, after, ..moved().remove(0) }];
    let screen = console.press("H").answer().screen();
    assert!(screen.contains("EK  lade till arbetspass hos AE 25/11 08:00–09:00"), "{screen}");
}

#[test]
fn who_opened_a_card_and_who_searched_is_told_as_what_it_is() {
    let mut console = Console::open(Start::default());
    let looked = |action: &str, entity: &str, after| AuditEntry {
        chain: AuditChain::Reading,
        action: action.to_owned(),
        entity: entity.to_owned(),
        before: None,
        after,
        ..moved().remove(0)
    };
    let found = |count: i64| {
        let fields = [("patients", count), ("bookings", 1)];
        AuditValue::record(fields.map(|(name, count)| (name, AuditValue::number(count))))
    };
    console.log = vec![
        looked("patient.view", "patient/p1", None),
        looked("patient.search", "search", Some(found(2))),
        looked("patient.search", "search", Some(found(0))),
    ];
    let screen = console.press("H").answer().screen();
    for told in [
        "EK  öppnade patientkort: patient p1",
        "EK  sökte patienter: 3 träffar",
        "EK  sökte patienter: 1 träff",
    ] {
        assert!(screen.contains(told), "{told}: {screen}");
    }
}

#[test]
fn a_time_without_history_says_so() {
    let mut console = Console::open(Start::default());
    console.press("h").answer();
    assert!(console.screen().contains("Inget har ändrats här."));
}

#[test]
fn an_answer_that_comes_when_something_else_is_open_is_dropped() {
    let mut console = Console::open(Start::default());
    console.log = moved();
    console.press("h p").answer();
    assert!(!console.screen().contains("Vem ändrade"));
}

#[test]
fn r17_the_log_is_for_those_who_may_read_it() {
    let mut console =
        Console::open(Start { user: user(&[Permission::BookingEdit]), ..Start::default() });
    console.press("H");
    assert!(console.take().iter().all(|effect| !matches!(effect, Effect::LoadLog { .. })));
    assert!(console.screen().contains("behörighet saknas"));
}

#[test]
fn r22_one_key_blanks_every_name_at_once_and_brings_them_back() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("Left Home").answer();
    assert!(console.screen().contains("Karlsson"));
    console.press("F9");
    let screen = console.screen();
    assert!(!screen.contains("Karl") && !screen.contains("Kontroll"), "{screen}");
    assert!(screen.contains("namn dolda"));
    console.press("b 3").answer().type_text("ka").answer().press("F9");
    assert!(console.screen().contains("Karlsson"), "also from within a form");
    console.press("F9");
    assert!(!console.screen().contains("Karlsson"), "found patients are blanked, too");
}

/// A booking that EK moved from Anna Ek's Wednesday to Bo Öst's Thursday.
fn moved_booking() -> AuditEntry {
    let before = booking("b", interval("2026-11-25", "10:00-10:30"), "pk", "EK");
    let interval = interval("2026-11-26", "13:00-13:30");
    let after = Booking { practitioner: "BO".into(), interval, ..before.clone() };
    AuditEntry {
        action: "booking.move".to_owned(),
        entity: "booking/b".to_owned(),
        before: Some(before.audit_view()),
        after: Some(after.audit_view()),
        ..moved().remove(0)
    }
}

#[test]
fn who_moved_a_booking_is_told_where_it_was_with_where_it_went() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.log = vec![moved_booking()];
    console.press("h").answer();
    let screen = console.screen();
    let told = "23/11 10:30  EK  flyttade bokning 25/11 10:00 AE → 26/11 13:00 BO Undersökning 30";
    assert!(screen.contains(told), "{screen}");
    console.press("Enter").answer();
    assert!(console.line(0).contains("Bo Öst"), "it leads to where the booking is now");
}

/// What has been asked of the log and not been answered.
fn asked(console: &Console) -> Option<(RequestId, LogFilter, bool)> {
    console.effects.iter().rev().find_map(|effect| match effect {
        Effect::LoadLog { request, question: LogQuestion::Entries { filter, before } } => {
            Some((*request, filter.clone(), before.is_some()))
        }
        _ => None,
    })
}

#[test]
fn the_log_lists_what_was_done_in_words() {
    let mut console = Console::open(Start::default());
    console.log = vec![moved_booking()];
    console.log.extend(moved());
    console.log.push(AuditEntry {
        action: "setting.change".to_owned(),
        entity: "preblock_type/e-us".to_owned(),
        before: None,
        after: None,
        ..moved_booking()
    });
    console.press("H");
    assert!(console.screen().contains("Hämtar…"));
    assert_snapshot!(console.answer().screen());
}

#[test]
fn filters_are_chosen_or_typed_combine_and_stand_above_the_list() {
    let mut console = Console::open(Start::default());
    console.log = moved();
    console.press("H").answer().press("f");
    assert_snapshot!("log_filters", console.screen());
    console.press("1").type_text("eva").press("Enter").answer();
    console.press("f 2").type_text("anna").press("Enter").answer();
    console.press("f 3").type_text("flyttade").press("Enter").answer();
    console.press("f 4").type_text("bokning").press("Enter").answer();
    console.press("f 5").type_text("1/11").press("Enter").answer();
    console.press("f 6").type_text("idag").press("Enter");
    let (_, filter, _) = asked(&console).expect("asked anew");
    assert_eq!(
        filter,
        LogFilter {
            by: Some("EK".into()),
            practitioner: Some("AE".into()),
            action: Some("booking.move".into()),
            kind: Some("booking".into()),
            from: parse_date("2026-11-01"),
            to: parse_date("2026-11-25"),
        }
    );
    console.answer();
    let screen = console.screen();
    let told = "Loggen: av EK · Anna Ek · flyttade bokning · på bokning · 1/11–25/11";
    assert!(screen.contains(told), "{screen}");
    console.press("f 1 1").answer();
    assert!(console.screen().contains("Loggen: Anna Ek · "), "one is dropped");
    console.press("x");
    assert_eq!(asked(&console).map(|(_, filter, _)| filter), Some(LogFilter::default()));
}

#[test]
fn the_log_can_be_narrowed_to_work_sessions() {
    let mut console = Console::open(Start::default());
    console.press("H").answer().press("f 4").type_text("arbetspass").press("Enter");
    let kind = asked(&console).and_then(|(_, filter, _)| filter.kind);
    assert_eq!(kind.as_deref(), Some("work_session"));
}

#[test]
fn contacts_given_online_are_told_of_without_the_id_of_their_booking() {
    let mut console = Console::open(Start::default());
    console.log = vec![AuditEntry {
        actor: "ITB".to_owned(),
        action: "booking.online".to_owned(),
        entity: "contacts/01a225b0-7914".to_owned(),
        ..moved_booking()
    }];
    let screen = console.press("H").answer().screen();
    assert!(screen.contains("bokade på bokningssidan: lämnade kontaktuppgifter "), "{screen}");
    assert!(!screen.contains("01a225b0"), "{screen}");
}

#[test]
fn a_day_that_is_none_is_told_of_at_the_field_and_an_empty_one_drops_the_bound() {
    let mut console = Console::open(Start::default());
    console.press("H").answer().press("f 5").type_text("i våras").press("Enter");
    assert!(console.screen().contains("Inget datum."), "{}", console.screen());
    console.press("Ctrl+U").type_text("-7d").press("Enter").answer();
    assert!(console.screen().contains("Loggen: 18/11–"), "{}", console.screen());
    assert!(console.screen().contains("x tar bort filtren"), "{}", console.screen());
    console.press("f 5 Enter").answer();
    assert!(console.screen().contains("Loggen, nyast först"));
}

#[test]
fn a_bound_of_the_log_lies_in_the_past_and_until_a_week_is_until_its_end() {
    for (keys, typed, from, to) in [
        ("f 5", "24/12", Some("2025-12-24"), None),
        ("f 6", "v47", None, Some("2026-11-22")),
        ("f 5", "v47", Some("2026-11-16"), None),
        ("f 5", "fre", Some("2026-11-20"), None),
    ] {
        let mut console = Console::open(Start::default());
        console.press("H").answer().press(keys).type_text(typed).press("Enter");
        let filter = asked(&console).map(|(_, filter, _)| filter).expect("asked anew");
        assert_eq!((filter.from, filter.to), (from.and_then(parse_date), to.and_then(parse_date)));
    }
}

#[test]
fn the_log_goes_on_past_its_first_page() {
    let mut console = Console::open(Start::default());
    console.log = (0..500).map(|_| moved_booking()).collect();
    console.press("H").answer().press("End");
    let (request, _, older) = asked(&console).expect("more is asked for at the end");
    assert!(older, "what stands before the last of those that are there");
    console.take();
    console.press("Up Down End");
    assert!(asked(&console).is_none(), "once");
    console.send(Message::Reply { request: RequestId(9999), reply: Reply::Log(Ok(moved())) });
    console.send(Message::Reply { request, reply: Reply::Log(Ok(moved())) });
    console.press("End");
    assert!(asked(&console).is_none(), "a page that is not full was the last");
    let screen = console.screen();
    assert!(screen.contains("lade till preblock hos AE"), "{screen}");
}

#[test]
fn the_log_in_english_without_colours_in_ascii() {
    let mut console = Console::open(Start::plain());
    console.log = vec![moved_booking()];
    assert_snapshot!(console.press("H").answer().screen());
}
