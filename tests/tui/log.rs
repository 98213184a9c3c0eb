//! Who changed this time, the log, and names hidden from whoever looks over one's shoulder.

use chrono::{DateTime, Utc};
use tidbok::clinic::{AuditEntry, LogQuestion};
use tidbok::domain::Permission;
use tidbok::store::{AuditChain, Audited};
use tidbok::tui::Effect;

use crate::fixture::{Console, Start, interval, preblock, user};

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
        "23/11 10:12  EK  lade till preblock E-us 25/11 10:00–11:00",
        "ändrade preblock E-us 25/11 10:00–11:00 → 26/11 13:00–14:00",
    ] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
    console.press("Enter").answer();
    assert!(console.line(37).contains("tor 26 13:00"), "{}", console.line(37));
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
    console.press("H p").answer();
    assert!(!console.screen().contains("Loggen"));
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
