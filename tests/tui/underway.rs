//! While something is being saved: what saves it stays until the answer has come, and nothing that
//! waits behind it is lost unsaid.

use crossterm::event::{KeyModifiers, MouseButton, MouseEventKind};
use tidbok::clinic::{ClinicError, Outcome, Refusal};
use tidbok::domain::Permission;
use tidbok::tui::{Effect, Message, Reply, RequestId};

use crate::fixture::{Console, Start, interval, user};

const SAVING: &str = "Sparar…";
const STILL: &str = "Det sparas ännu. Lämna ändå?";

/// Somebody with a password.
fn start() -> Start {
    let mut user = user(Permission::ALL);
    user.password_hash = Some("a hash".to_owned());
    Start { user, ..Start::default() }
}

/// The only command that is on its way.
fn sent(console: &mut Console) -> RequestId {
    let requests = console.take().into_iter().filter_map(|effect| match effect {
        Effect::Execute { request, .. } => Some(request),
        _ => None,
    });
    let requests: Vec<RequestId> = requests.collect();
    let [request] = requests.as_slice() else { panic!("one command, not {}", requests.len()) };
    *request
}

fn refuse(console: &mut Console, request: RequestId) {
    let refusal = Refusal::BookingInTheWay(interval("2026-11-24", "08:10-08:40"));
    let reply = Reply::Executed(Err(ClinicError::Refused(refusal)));
    console.send(Message::Reply { request, reply });
}

#[test]
fn leaving_a_form_that_is_being_saved_asks_and_who_waits_sees_what_came_of_it() {
    for keys in ["b 3", "Left Home m +", "Left Home E Ctrl+U x"] {
        let mut console = Console::open(Start::default());
        console.press(keys).answer().press("F2");
        let request = sent(&mut console);
        console.press("Esc");
        let screen = console.screen();
        assert!(screen.contains(STILL), "{keys}\n{screen}");
        assert!(!screen.contains("Lämna utan att spara?"), "{keys}\n{screen}");
        console.press("Enter");
        assert!(console.screen().contains("[ Spara ]"), "{keys}\n{}", console.screen());
        refuse(&mut console, request);
        assert!(console.screen().contains("En bokning tar redan"), "{keys}\n{}", console.screen());
        console.press("Esc");
        let screen = console.screen();
        let asks = screen.contains("Lämna utan att spara?");
        assert!(asks || !screen.contains("[ Spara ]"), "{keys}\n{screen}");
    }
}

#[test]
fn nothing_is_typed_into_a_form_that_is_being_saved() {
    for keys in ["b 3 Tab", "Left Home m +", "Left Home E"] {
        let mut console = Console::open(Start::default());
        // What is typed into a time is told of beside it: it rests before it is saved.
        console.press(keys).type_text("9").press("Tab Shift+Tab").answer().press("F2");
        let before = console.screen();
        console.type_text("8");
        console.send(Message::Paste("8".to_owned()));
        assert!(console.screen().contains(SAVING), "{keys}\n{}", console.screen());
        console.press("Tab Shift+Tab");
        assert_eq!(console.screen(), before, "{keys}");
    }
}

#[test]
fn leaving_a_card_that_is_being_saved_asks() {
    for keys in ["Left Home o", "I Enter Enter"] {
        let mut console = Console::open(Start::default());
        console.press(keys).answer();
        if keys.ends_with('o') {
            console.press("E Tab");
        }
        console.type_text("x").press("F2 Esc");
        let screen = console.screen();
        assert!(screen.contains(STILL), "{keys}\n{screen}");
        assert!(!screen.contains("Lämna utan att spara?"), "{keys}\n{screen}");
    }
}

#[test]
fn what_came_of_a_form_that_was_left_while_it_was_saved_stands_at_the_bottom() {
    for keys in ["b 3", "Left Home m +", "Left Home E Ctrl+U x"] {
        let mut console = Console::open(Start::default());
        console.press(keys).answer().press("F2");
        let request = sent(&mut console);
        console.press("Esc 2");
        assert!(!console.screen().contains("[ Spara ]"), "{keys}\n{}", console.screen());
        refuse(&mut console, request);
        assert!(console.screen().contains("En bokning tar redan"), "{keys}\n{}", console.screen());
    }
}

#[test]
fn a_password_that_is_being_set_is_told_of_whatever_is_pressed_or_clicked_meanwhile() {
    let mut console = Console::open(start());
    console.press("Shift+F7");
    for field in ["det gamla", "nytt lösenord", "nytt lösenord"] {
        console.type_text(field).press("Tab");
    }
    console.press("F2 Esc");
    console.mouse_with(MouseEventKind::Down(MouseButton::Left), (0, 0), KeyModifiers::NONE);
    assert!(console.screen().contains("Prövar…"), "{}", console.screen());
    let request = console.take().into_iter().find_map(|effect| match effect {
        Effect::SetPassword { request, .. } => Some(request),
        _ => None,
    });
    let outcome = Outcome { command: "set".into(), practitioner: None, changes: Vec::new() };
    let reply = Reply::PasswordSet(Ok(Box::new(outcome)));
    console.send(Message::Reply { request: request.expect("it is sent"), reply });
    assert!(console.screen().contains("EK har fått ett nytt lösenord."), "{}", console.screen());
}

#[test]
fn what_is_on_its_way_and_what_waits_behind_it_is_made_after_leaving_and_not_asked_about() {
    for (keys, key) in [("p 3", "q"), ("p 3 Down s", "q"), ("p 3 Down s", "Ctrl+C")] {
        let mut console = Console::open(Start::default());
        console.press(keys).press(key);
        let leaves = console.effects.iter().any(|it| matches!(it, Effect::Quit));
        assert!(leaves, "{keys} {key}\n{}", console.screen());
    }
}

#[test]
fn changes_that_waited_behind_one_that_was_refused_are_told_of_as_not_made() {
    for (keys, told) in [
        ("p 3 Down s", "Inte heller gjort: 1 ändring som väntade;"),
        ("p 3 Down s u", "Inte heller gjort: 2 ändringar som väntade;"),
    ] {
        let mut console = Console::open(Start::default());
        console.press(keys);
        let request = sent(&mut console);
        refuse(&mut console, request);
        let screen = console.answer().screen();
        let plain = screen.replace('"', " ");
        let words: Vec<&str> = plain.split_whitespace().collect();
        assert!(words.join(" ").contains(told), "{keys}\n{screen}");
        assert!(screen.contains("En bokning tar redan"), "why, first\n{screen}");
    }
    let mut console = Console::open(Start::default());
    console.press("p 3");
    let request = sent(&mut console);
    refuse(&mut console, request);
    assert!(!console.screen().contains("Inte heller gjort"), "{}", console.screen());
}
