//! Answers, polls and the clock: stale ones are dropped, nothing the user does is disturbed.

use tidbok::clinic::{ClinicError, Refusal, StoreError};
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, Start, time};

#[test]
fn an_answer_about_another_week_is_dropped() {
    let mut console = Console::open(Start::default());
    console.press("PgDn PgDn");
    let asked = console.take();
    let [first, second] = asked.as_slice() else { panic!("two weeks") };
    let before = console.screen();
    let answer = |console: &mut Console, effect: &Effect| {
        let Effect::LoadBooks { request, practitioners, days } = effect else { panic!("a week") };
        let reply = console.reply_books(practitioners.clone(), *days);
        console.send(Message::Reply { request: *request, reply });
    };
    answer(&mut console, first);
    assert_eq!(console.screen(), before);
    answer(&mut console, second);
    assert_ne!(console.screen(), before);
}

#[test]
fn the_mark_of_the_current_time_moves_with_the_minute() {
    let mut console = Console::open(Start::default());
    assert!(console.screen().contains(">10:00"));
    console.send(Message::Minute(time("2026-11-25T10:30")));
    assert!(console.screen().contains(">10:30"));
    assert!(console.line(0).ends_with("10:30"));
    assert!(console.take().is_empty());
}

#[test]
fn r8_times_that_become_too_soon_leave_the_screen_with_the_minute() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    assert!(console.screen().contains("13:00 14:30"));
    console.send(Message::Minute(time("2026-11-25T11:01")));
    assert!(!console.screen().contains("13:00 14:30"));
}

#[test]
fn a_lost_store_is_told_with_its_time_until_it_is_back_and_everything_is_asked_for_again() {
    let mut console = Console::open(Start::default());
    console.send(Message::StoreLost(time("2026-11-25T10:14")));
    assert!(console.screen().contains("Väntar på databasen sedan 10:14"));
    console.press("Down");
    assert!(console.screen().contains("Väntar på databasen sedan 10:14"));
    console.send(Message::StoreBack);
    assert!(matches!(
        console.effects.as_slice(),
        [Effect::LoadSetup { .. }, Effect::LoadBooks { .. }, Effect::LoadInbox { .. }]
    ));
    assert!(!console.screen().contains("Väntar på databasen"));
}

#[test]
fn a_question_that_a_lost_line_cut_puts_no_change_in_doubt() {
    let mut console = Console::open(Start::default());
    console.press("PgDn");
    let asked = console.take();
    let [Effect::LoadBooks { request, .. }] = asked.as_slice() else { panic!("a week") };
    let lost = ClinicError::Store(StoreError::ConnectionLost);
    console.send(Message::StoreLost(time("2026-11-25T10:14")));
    console.send(Message::Reply { request: *request, reply: Reply::Books(Err(lost)) });
    assert!(console.screen().contains("Väntar på databasen sedan 10:14"));
    assert!(!console.screen().contains("ändringen"), "{}", console.screen());
}

#[test]
fn a_slow_answer_is_told_from_the_next_minute_on() {
    let mut console = Console::open(Start::default());
    console.press("p 3");
    assert!(!console.screen().contains("Väntar på databasen"));
    console.send(Message::Minute(time("2026-11-25T10:13")));
    let waiting = "Sparar ändringen. Väntar på databasen sedan 10:12 (1 min)";
    assert!(console.screen().contains(waiting), "{}", console.screen());
}

#[test]
fn a_change_that_waits_is_told_of_before_the_minute_is_over() {
    let mut console = Console::open(Start::default());
    console.send(Message::Slow);
    assert!(!console.screen().contains("Väntar på databasen"), "nothing is waited for");
    console.press("p 3");
    console.send(Message::Slow);
    console.press("Down");
    assert!(console.screen().contains("Sparar ändringen. Väntar på databasen sedan 10:12"));
    console.answer();
    assert!(!console.screen().contains("Väntar på databasen"));
}

#[test]
fn a_refusal_stands_in_swedish_until_something_else_is_done() {
    let mut console = Console::open(Start::default());
    console.press("p 3");
    let sent = console.take();
    let [Effect::Execute { request, .. }] = sent.as_slice() else { panic!("a command") };
    let refused = Reply::Executed(Err(ClinicError::Refused(Refusal::Gone)));
    console.send(Message::Reply { request: *request, reply: refused });
    assert!(console.screen().contains("Det finns inte längre"));
    console.press("Down Right");
    assert!(console.screen().contains("Det finns inte längre"), "it may come while one moves");
    console.press("Esc");
    assert!(!console.screen().contains("Det finns inte längre"));
}

#[test]
fn a_reload_leaves_marking_and_menu_alone() {
    let mut console = Console::open(Start::default());
    console.press("v Down Right p Down");
    let before = console.screen();
    console.send(Message::StoreBack).answer();
    assert_eq!(console.screen(), before);
}

#[test]
fn a_store_error_is_told_and_the_console_goes_on() {
    let mut console = Console::open(Start::default());
    console.press("PgDn");
    let sent = console.take();
    let [Effect::LoadBooks { request, .. }] = sent.as_slice() else { panic!("a week") };
    let error = ClinicError::Store(StoreError::Missing { path: "clinic.db".into() });
    console.send(Message::Reply { request: *request, reply: Reply::Books(Err(error)) });
    assert!(console.screen().contains("Det finns ingen databas på clinic.db"));
    assert!(console.screen().contains("--database"), "what to do is told, too, on two lines");
    console.press("PgUp").answer();
    assert!(console.screen().contains("Karlss"));
}

#[test]
fn what_patients_see_follows_once_the_cursor_rests() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("Right");
    assert!(console.line(1).contains("Patienten ser · 25 nov"));
    assert!(matches!(console.effects.as_slice(), [Effect::Rest { .. }]));
    let early = console.take();
    console.press("Left Left");
    for effect in early {
        let Effect::Rest { request } = effect else { panic!("a rest") };
        console.send(Message::Reply { request, reply: Reply::Rested });
    }
    assert!(console.line(1).contains("Patienten ser · 25 nov"), "an earlier rest is stale");
    console.answer();
    assert!(console.line(1).contains("Patienten ser · 24 nov"));
}
