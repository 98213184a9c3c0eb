//! The screen lock: nothing of the clinic is shown, nothing but the password is taken, and what lies
//! beneath waits as it was.

use crossterm::event::{KeyModifiers, MouseButton, MouseEventKind};
use insta::assert_snapshot;
use tidbok::clinic::{Password, Revisions, SignInError, StoreError};
use tidbok::domain::Permission;
use tidbok::texts::Language;
use tidbok::tui::{Access, Effect, Message, Palette, Reply, Symbols};

use crate::fixture::{Console, Start, practitioner, time, user};

/// Words of the clinic that some part of the console shows.
const OF_THE_CLINIC: [&str; 8] =
    ["Anna Ek", "Storgatan", "E-us", "nov", "10:1", "Undersökning", "Spara", "Inställningar"];

/// Somebody with a password, on a console that locks after three minutes.
fn start() -> Start {
    let mut user = user(Permission::ALL);
    user.password_hash = Some("a hash".to_owned());
    let access = Access { lock_minutes: Some(3), ..Access::default() };
    Start { user, access, ..Start::default() }
}

fn is_locked(console: &Console) -> bool {
    let screen = console.screen();
    let locked = screen.contains("tidbok · Låst");
    if locked {
        assert!(screen.contains("Eva Karlsson (EK)"), "{screen}");
        for word in OF_THE_CLINIC {
            assert!(!screen.contains(word), "{word} is shown\n{screen}");
        }
    }
    locked
}

/// The password that is being tried.
fn tried(console: &mut Console) -> Option<(tidbok::tui::RequestId, Password)> {
    console.take().into_iter().find_map(|effect| match effect {
        Effect::Unlock { request, signature, password } => {
            assert_eq!(signature, "EK".into());
            Some((request, password))
        }
        _ => None,
    })
}

fn answer(console: &mut Console, result: Result<(), SignInError>) {
    let (request, _) = tried(console).expect("a password is tried");
    console.send(Message::Reply { request, reply: Reply::Unlocked(result) });
}

#[test]
fn wherever_one_is_f7_hides_the_clinic_and_the_password_brings_all_of_it_back() {
    let places = [
        "Down",
        "p",
        "b 1",
        "r",
        "w",
        "e",
        "g",
        "f",
        ":",
        "?",
        "K",
        "I",
        "I Enter Enter",
        "Shift+F7",
    ];
    for place in places {
        let mut console = Console::open(start());
        console.press(place).answer().type_text("z");
        console.answer();
        let before = console.screen();
        console.press("F7");
        assert!(is_locked(&console), "{place}\n{}", console.screen());
        console.type_text("hemligt lösen").press("Enter");
        let (request, password) = tried(&mut console).expect("it is tried");
        assert!(password == Password::new("hemligt lösen".to_owned()), "{place}");
        assert!(is_locked(&console));
        console.send(Message::Reply { request, reply: Reply::Unlocked(Ok(())) });
        assert_eq!(console.screen(), before, "{place}");
    }
}

#[test]
fn while_it_is_locked_nothing_leaks_and_nothing_is_done() {
    let mut console = Console::open(start());
    console.press("F7");
    let still = console.screen();
    for key in ["q", "Ctrl+Z", "Esc", "F1", "?", "F9", "F5", ":", "Up", "Tab", "F2", "Ctrl+U"] {
        console.press(key).press("Ctrl+U");
        assert_eq!(console.screen(), still, "{key}");
    }
    console.press("x Ctrl+C");
    assert_eq!(console.screen(), still, "Ctrl+C empties the field");
    for kind in [
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::Down(MouseButton::Right),
        MouseEventKind::Up(MouseButton::Right),
        MouseEventKind::Drag(MouseButton::Left),
        MouseEventKind::ScrollDown,
    ] {
        console.mouse_with(kind, (20, 8), KeyModifiers::NONE);
    }
    console.send(Message::Minute(time("2026-11-25T10:13"))).send(Message::Slow);
    console.send(Message::StoreLost(time("2026-11-25T10:13"))).send(Message::StoreBack);
    assert_eq!(console.screen(), still);
    let asked = console.take();
    let harmless = |effect: &Effect| {
        use Effect::{LoadBooks, LoadInbox, LoadSetup};
        matches!(effect, LoadSetup { .. } | LoadBooks { .. } | LoadInbox { .. })
    };
    assert!(asked.iter().all(harmless), "only what the store asks for");
    for (width, height) in [(120, 40), (60, 16), (20, 5), (1, 1), (80, 24)] {
        console.size = (width, height);
        console.send(Message::Resize { width, height });
        let screen = console.screen();
        assert!(OF_THE_CLINIC.iter().all(|word| !screen.contains(word)), "{screen}");
    }
    console.press("Ctrl+L");
    assert!(matches!(console.take().as_slice(), [Effect::Redraw]));
}

#[test]
fn in_a_window_that_became_narrower_meanwhile_the_cursor_is_in_view_once_it_is_unlocked() {
    let mut console = Console::started(start());
    for at in 0..6 {
        let (id, found) = practitioner(&format!("B{at}"), &format!("Berit {at}"));
        console.setup.practitioners.insert(id, found);
    }
    console.answer().press("d").answer().press("Right Right Right Right Right F7");
    console.size = (60, 16);
    console.send(Message::Resize { width: 60, height: 16 }).type_text("hemligt").press("Enter");
    answer(&mut console, Ok(()));
    assert!(console.line(1).contains("Berit 4"), "{}", console.screen());
}

#[test]
fn a_pasted_password_is_only_ever_stars() {
    let mut console = Console::open(start());
    console.press("F7").send(Message::Paste("hemligt lösen\r\nandra raden".to_owned()));
    let screen = console.screen();
    assert!(screen.contains("Lösenord: *************") && !screen.contains("hemligt"), "{screen}");
    console.press("Enter");
    let (_, password) = tried(&mut console).expect("it is tried");
    assert!(password == Password::new("hemligt lösen".to_owned()));
}

#[test]
fn what_does_not_fit_stays_locked_and_says_how_long_to_wait() {
    let cases = [
        (SignInError::Wrong, "Fel lösenord."),
        (SignInError::Locked { seconds: 5 }, "försök igen om 5 sekunder"),
        (SignInError::Store(StoreError::ConnectionLost), "databasen"),
    ];
    for (error, told) in cases {
        let mut console = Console::open(start());
        console.press("F7").press("Enter");
        assert!(tried(&mut console).is_none(), "nothing has been typed");
        console.type_text("gissning").press("Enter");
        assert!(console.screen().contains("Prövar…"));
        console.type_text("mer").press("Enter");
        answer(&mut console, Err(error));
        let screen = console.screen();
        assert!(
            is_locked(&console) && screen.to_lowercase().contains(&told.to_lowercase()),
            "{screen}"
        );
        assert!(!screen.contains('*'), "what did not fit is gone\n{screen}");
    }
}

#[test]
fn it_locks_by_itself_after_the_minutes_set_and_every_key_begins_them_anew() {
    let mut console = Console::open(start());
    let minute = |console: &mut Console, clock: &str| {
        console.send(Message::Minute(time(&format!("2026-11-25T{clock}"))));
        is_locked(console)
    };
    assert!(!minute(&mut console, "10:13") && !minute(&mut console, "10:14"));
    console.press("Down");
    assert!(!minute(&mut console, "10:15") && !minute(&mut console, "10:16"));
    console.send(Message::Paste("x".to_owned()));
    assert!(!minute(&mut console, "10:17") && !minute(&mut console, "10:18"));
    console.mouse(MouseEventKind::Down, MouseButton::Left, (20, 8));
    assert!(!minute(&mut console, "10:19") && !minute(&mut console, "10:20"));
    assert!(minute(&mut console, "10:21"));
}

#[test]
fn a_machine_that_has_slept_is_locked_at_once_and_a_clock_set_back_counts_minutes() {
    let mut console = Console::open(start());
    console.send(Message::Minute(time("2026-11-25T13:00")));
    assert!(is_locked(&console));
    let mut console = Console::open(start());
    for clock in ["09:13", "09:14"] {
        console.send(Message::Minute(time(&format!("2026-11-25T{clock}"))));
        assert!(!is_locked(&console));
    }
    console.send(Message::Minute(time("2026-11-25T09:15")));
    assert!(is_locked(&console));
}

#[test]
fn without_minutes_it_never_locks_by_itself() {
    let mut console = Console::open(Start { access: Access::default(), ..start() });
    console.send(Message::Minute(time("2026-11-26T10:12")));
    assert!(!is_locked(&console));
}

#[test]
fn who_has_no_password_is_told_so_and_not_locked_out() {
    let mut console = Console::open(Start { user: user(Permission::ALL), ..start() });
    for opened in ["D 1", "Esc"] {
        console.press(opened).answer().press("F7");
        assert!(!is_locked(&console));
        let screen = console.screen();
        assert!(screen.contains("Skärmlåset behöver ett lösenord"), "{opened}: {screen}");
    }
    console.send(Message::Minute(time("2026-11-25T13:00")));
    assert!(!is_locked(&console));
}

#[test]
fn the_locked_screen_at_80_by_24_and_in_ascii_at_60_by_16() {
    let mut console = Console::open(start());
    assert_snapshot!("locked_at_80_by_24", console.press("F7").type_text("hemligt").screen());
    assert_eq!((console.cursor().x, console.cursor().y), (28, 12));
    let (palette, symbols, language) = (Palette::Mono, Symbols::Ascii, Language::English);
    let small = Start { size: (60, 16), palette, symbols, language, ..start() };
    assert_snapshot!("locked_at_60_by_16_in_ascii", Console::open(small).press("F7").screen());
}

#[test]
fn however_low_the_window_the_field_for_the_password_and_its_cursor_are_in_view() {
    for rows in 1..=8 {
        let mut console = Console::open(Start { size: (40, rows), ..start() });
        console.press("F7").type_text("abc");
        let at = console.cursor();
        let line = console.line(usize::from(at.y));
        assert!(line.trim().starts_with("Lösenord: ***"), "{rows}: {}", console.screen());
        assert_eq!(line.chars().count(), usize::from(at.x), "{rows}: {}", console.screen());
    }
}

#[test]
fn a_patients_card_beneath_the_lock_is_looked_at_by_nobody_and_read_anew_once_it_is_open() {
    let cards = |console: &mut Console| {
        let asked = console.take();
        asked.iter().filter(|effect| matches!(effect, Effect::LoadPatient { .. })).count()
    };
    let mut console = Console::open(start());
    console.press("Left Home o").answer();
    console.send(Message::Polled(Revisions::default()));
    assert_eq!(cards(&mut console), 1, "as long as somebody looks");
    console.press("F7");
    console.send(Message::Polled(Revisions::default())).send(Message::StoreBack);
    assert_eq!(cards(&mut console), 0);
    console.type_text("hemligt lösen").press("Enter");
    answer(&mut console, Ok(()));
    assert_eq!(cards(&mut console), 1);
}
