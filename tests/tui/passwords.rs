//! Passwords set in the console: masked, twice, against the one so far when it is one's own.

use insta::assert_snapshot;
use tidbok::clinic::{ClinicError, NewPassword, Password, PasswordError, Refusal, SignInError};
use tidbok::domain::Permission;
use tidbok::tui::{Effect, Message, Reply, RequestId};

use crate::fixture::{Console, Start, user};

fn start() -> Start {
    let mut user = user(Permission::ALL);
    user.password_hash = Some("a hash".to_owned());
    Start { user, ..Start::default() }
}

fn typed(console: &mut Console, fields: &[&str]) {
    for field in fields {
        console.type_text(field).press("Tab");
    }
    console.press("F2");
}

fn sent(console: &mut Console) -> Option<(RequestId, NewPassword)> {
    console.take().into_iter().find_map(|effect| match effect {
        Effect::SetPassword { request, change, .. } => Some((request, change)),
        _ => None,
    })
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

#[test]
fn ones_own_is_changed_against_the_one_so_far_and_stands_nowhere() {
    let mut console = Console::open(start());
    console.press("Shift+F7");
    typed(&mut console, &["det gamla", "nytt lösenord", "nytt lösenord"]);
    let screen = console.screen();
    assert!(!screen.contains("gamla") && !screen.contains("nytt lösen"), "{screen}");
    let (request, change) = sent(&mut console).expect("it is sent");
    assert_eq!(change.user, "EK".into());
    assert!(change.old == Some(password("det gamla")) && change.new == password("nytt lösenord"));
    assert_eq!(format!("{:?}{:?}", change.old, change.new), "Some(Password(…))Password(…)");
    let outcome = Box::new(tidbok::clinic::Outcome {
        command: "set".into(),
        practitioner: None,
        changes: Vec::new(),
    });
    console.send(Message::Reply { request, reply: Reply::PasswordSet(Ok(outcome)) });
    let screen = console.screen();
    assert!(screen.contains("EK har fått ett nytt lösenord."), "{screen}");
    assert!(console.answer().press("u").screen().contains("inget att ångra"), "no way back to it");
}

#[test]
fn what_is_wrong_stands_in_the_form_and_what_was_typed_is_gone() {
    let too_short: &[&str] = &["det gamla", "kort", "kort"];
    let differ: &[&str] = &["det gamla", "nytt lösenord", "nytt losenord"];
    for (fields, told) in [(too_short, "minst 10 tecken"), (differ, "De två lösenorden är olika.")]
    {
        let mut console = Console::open(start());
        console.press("Shift+F7");
        typed(&mut console, fields);
        let screen = console.screen();
        assert!(screen.contains(told), "{told}\n{screen}");
        assert!(sent(&mut console).is_none());
    }
}

#[test]
fn a_refusal_is_told_in_the_form() {
    let refused = |refusal| PasswordError::Clinic(ClinicError::Refused(refusal));
    let cases = [
        (PasswordError::Old(SignInError::Wrong), "det nuvarande lösenordet är fel"),
        (PasswordError::Old(SignInError::Locked { seconds: 20 }), "om 20 sekunder"),
        (refused(Refusal::UnknownUser), "användare"),
    ];
    for (error, told) in cases {
        let mut console = Console::open(start());
        console.press("Shift+F7");
        typed(&mut console, &["det gamla", "nytt lösenord", "nytt lösenord"]);
        console.press("F2 Enter");
        let (request, _) = sent(&mut console).expect("it is sent once");
        console.send(Message::Reply { request, reply: Reply::PasswordSet(Err(error)) });
        let screen = console.screen();
        assert!(screen.contains(told) && screen.contains("Nuvarande"), "{told}\n{screen}");
        assert!(!screen.contains("***"), "{screen}");
    }
}

#[test]
fn r17_anothers_is_set_among_the_users_by_whoever_manages_them() {
    let users = "I End Enter";
    let mut console = Console::open(start());
    console.press(users).press("p");
    assert!(console.screen().contains("Eva Karlsson (EK)"), "{}", console.screen());
    let lacking = user(&[Permission::SettingsEdit]);
    let mut console = Console::open(Start { user: lacking, ..Start::default() });
    console.press("I").press("Down Down Down Down Down Down Down Down Down Down Down Enter p");
    assert!(console.screen().contains("behörighet saknas: Användare"), "{}", console.screen());
    let mut console = Console::open(start());
    console.press("I Enter p");
    assert!(console.screen().contains("Lösenord sätts bland användarna."), "{}", console.screen());
}

#[test]
fn the_form_says_how_long_a_password_is_at_least() {
    let mut console = Console::open(start());
    console.press("Shift+F7").type_text("åäö").press("Tab");
    assert_snapshot!("own_password_at_80_by_24", console.type_text("nytt").screen());
    let mut console = Console::open(Start { size: (60, 16), ..start() });
    assert_snapshot!("own_password_at_60_by_16", console.press("Shift+F7").screen());
}
