//! Keys on the grid: what they ask for and what they move.

use crossterm::event::{KeyModifiers, MouseEventKind};
use tidbok::clinic::Command;
use tidbok::domain::{DateRange, parse_date};
use tidbok::texts::Language;
use tidbok::tui::{Access, Effect, Message, Suspend};

use crate::fixture::{Console, Start, everything, user};

fn loads(effects: &[Effect]) -> Vec<(String, String)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::LoadBooks { practitioners, days, .. } => {
                let names: Vec<&str> = practitioners.iter().map(|id| id.as_str()).collect();
                Some((names.join(" "), days.first().to_string()))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn why_no_time_is_shown_is_told_of_the_week_that_is_known_and_no_other() {
    let mut console = Console::open(Start::default());
    console.press("Left Left").press(&["Up"; 20].join(" ")).press("w Left");
    assert!(console.screen().contains("mån 23 nov 00:00"), "{}", console.screen());
    console.press("Right Right Left");
    assert!(console.screen().contains("mån 23 nov 00:01"), "{}", console.screen());
}

#[test]
fn the_console_first_asks_for_the_set_up_and_then_for_the_week() {
    let mut console = Console::started(Start::default());
    assert!(matches!(console.effects.as_slice(), [Effect::LoadSetup { .. }]));
    let Some(Effect::LoadSetup { request }) = console.take().pop() else { panic!() };
    let reply = console.reply_setup();
    console.send(tidbok::tui::Message::Reply { request, reply });
    let days = DateRange::new(parse_date("2026-11-23").expect("a date"), 7);
    assert!(matches!(
        console.effects.as_slice(),
        [Effect::LoadBooks { practitioners, days: asked, .. }]
            if *practitioners == ["AE".into()] && *asked == days
    ));
}

#[test]
fn while_the_clinic_is_being_fetched_nothing_is_shown_or_asked_as_if_it_had_no_settings() {
    for key in ["I", "K", "Shift+F7", "F8", "/", "H"] {
        let mut console = Console::started(Start::default());
        console.press(key);
        let line = console.line(22);
        assert!(line.contains("Hämtar klinikens uppgifter"), "{key}: {}", console.screen());
        console.answer();
        assert!(console.screen().contains("Anna Ek"), "{key}");
    }
}

#[test]
fn weeks_and_practitioners_are_changed_by_key() {
    let table = [
        ("PgDn", "AE", "2026-11-30"),
        ("PgUp", "AE", "2026-11-16"),
        ("Tab", "BO", "2026-11-23"),
        // Swedish order: Anna, Bo, Åsa; and round.
        ("Shift+Tab", "AA", "2026-11-23"),
        ("Right Right Right", "AE", "2026-11-30"),
        ("Left Left Left", "AE", "2026-11-16"),
    ];
    for (keys, practitioner, monday) in table {
        let mut console = Console::open(Start::default());
        console.press(keys);
        let expected = vec![(practitioner.to_owned(), monday.to_owned())];
        assert_eq!(loads(&console.effects), expected, "{keys}");
    }
}

#[test]
fn g_goes_to_a_date_and_says_at_the_field_what_is_none() {
    let mut console = Console::open(Start::default());
    console.press("g").type_text("v50 to").press("Enter");
    assert_eq!(loads(&console.take()), [("AE".to_owned(), "2026-12-07".to_owned())]);
    let mut console = Console::open(Start::default());
    console.press("g").type_text("snart").press("Enter");
    assert!(console.effects.is_empty());
    assert!(console.screen().contains("Inget datum"));
    console.press("Esc");
    assert!(!console.screen().contains("Inget datum"));
}

#[test]
fn the_picker_finds_by_typing() {
    let mut console = Console::open(Start::default());
    console.press("f").type_text("öst").press("Enter");
    assert_eq!(loads(&console.effects), [("BO".to_owned(), "2026-11-23".to_owned())]);
}

#[test]
fn a_marking_is_told_in_days_and_minutes() {
    let table = [
        ("v Down Right Right", "3 dagar × 60 min"),
        ("Shift+Down Shift+Down", "1 dag × 90 min"),
        ("Shift+Right Shift+Up", "2 dagar × 60 min"),
        ("v Down Right Right Esc", "tor 26 10:30 · Preblock E-akut"),
        ("Shift+Down Down", "ledig tid"),
    ];
    for (keys, told) in table {
        let mut console = Console::open(Start::default());
        console.press("Left").press(keys);
        let line = console.line(21);
        assert!(line.contains(told), "{keys}: {line}");
    }
}

#[test]
fn an_exact_range_is_typed_and_keeps_the_marked_days() {
    let mut console = Console::open(Start::default());
    console.press("Left v Right t").type_text("1015-1145").press("Enter");
    let line = console.line(21);
    assert!(line.contains("10:15–11:45") && line.contains("2 dagar × 90 min"), "{line}");
    let mut console = Console::open(Start::default());
    console.press("t").type_text("12-10").press("Enter");
    assert!(console.screen().contains("Ingen tid."));
}

#[test]
fn the_row_scale_goes_through_its_steps_and_is_kept() {
    let mut console = Console::open(Start::default());
    console.press("+ + + +");
    let kept: Vec<u8> = console
        .take()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::SavePreferences(preferences) => Some(preferences.row_minutes),
            _ => None,
        })
        .collect();
    assert_eq!(kept, [15, 10, 5]);
    assert!(console.screen().contains("Längre går det inte."));
    assert!(console.screen().contains(">10:10"), "the cursor keeps its row on the screen");
}

#[test]
fn the_rows_of_the_working_day_fill_the_grid_at_every_scale_size_and_week() {
    let mut console = Console::open(Start { row_minutes: 5, ..Start::default() });
    console.press("Home Down Down Down Down Down Down Down Down Down Down Down Down - - -");
    assert!(console.line(2).contains("08:00"), "coarser rows\n{}", console.screen());
    console.press("Home + + + End").answer();
    console.size = (80, 45);
    console.send(Message::Resize { width: 80, height: 45 });
    console.press("- -").answer();
    assert!(console.line(2).contains("08:00"), "larger window\n{}", console.screen());
    console.size = (80, 24);
    console.send(Message::Resize { width: 80, height: 24 });
    console.press("Home");
    for _ in 0..20 {
        console.mouse_with(MouseEventKind::ScrollUp, (20, 10), KeyModifiers::NONE);
    }
    assert!(console.line(2).contains("00:00"));
    console.press("PgDn").answer();
    assert!(console.line(2).contains("08:00"), "another week\n{}", console.screen());
}

#[test]
fn left_of_monday_is_friday_or_sunday_where_the_weekend_shows() {
    let mut console = Console::open(Start::default());
    console.press("Left Left Left").answer();
    assert!(console.line(21).contains("fre 20"), "{}", console.line(21));
    let mut console = Console::open(Start::default());
    console.press("l Left Left Left").answer();
    assert!(console.line(21).contains("sön 22"), "{}", console.line(21));
}

#[test]
fn a_paste_puts_its_lines_into_the_field_with_one_blank_between_them() {
    let mut console = Console::open(Start::default());
    console.press("g").send(Message::Paste("v50\r\n\r\n  to\r".to_owned()));
    assert!(console.screen().contains("v50 to"), "{}", console.screen());
    console.press("Enter");
    assert!(console.line(21).contains("tor 10"), "{}", console.screen());
    for pasted in ["1015-1145\r", "\n 1015-1145\n", "\x1b1015\t-\u{7}1145\r\n"] {
        let mut console = Console::open(Start::default());
        console.press("t").send(Message::Paste(pasted.to_owned()));
        console.press("Enter");
        assert!(console.line(21).contains("10:15–11:45"), "{pasted:?}\n{}", console.screen());
    }
}

#[test]
fn a_date_beyond_the_grid_is_told_at_the_field() {
    let mut console = Console::open(Start::default());
    for typed in ["1/1 9500", "+4000000", "1799-01-01"] {
        console.press("g").type_text(typed).press("Enter");
        assert!(console.screen().contains("Inget datum"), "{typed}");
        console.press("Esc");
    }
}

#[test]
fn q_leaves_at_once_and_ctrl_c_asks_while_something_typed_would_be_lost() {
    let mut console = Console::open(Start::default());
    console.press("q");
    assert!(matches!(console.effects.as_slice(), [Effect::Quit]));
    let mut console = Console::open(Start::default());
    console.press("b 1").answer().press("Ctrl+C");
    assert!(console.take().is_empty());
    assert!(console.screen().contains("Avsluta tidbok utan att spara?"));
    console.press("Ctrl+C Ctrl+C Esc");
    assert!(!console.screen().contains("utan att spara?"), "it asks once");
    console.press("Ctrl+C Down Enter");
    assert!(matches!(console.effects.as_slice(), [Effect::Quit]));
}

#[test]
fn redraw_and_suspend_reach_the_runtime_from_everywhere() {
    for opened in ["Esc", "p", "g", "?", "w", "b 1"] {
        let mut console = Console::open(Start::default());
        console.press(opened).answer().press("Ctrl+L Ctrl+Z");
        assert!(
            matches!(console.effects.as_slice(), [Effect::Redraw, Effect::Suspend]),
            "{opened}"
        );
    }
}

#[test]
fn where_suspension_is_off_no_key_suspends_anywhere_and_it_says_so() {
    let access = Access { suspend: Suspend::Off, ..Access::default() };
    for opened in
        ["Esc", "p", "g", "?", "w", "b 1", "D 1", "I", "N", "H", "F8", "L", "r", "Shift+F7"]
    {
        let mut console = Console::open(Start { access: access.clone(), ..Start::default() });
        console.press(opened).answer().press("Ctrl+Z");
        assert!(console.take().is_empty(), "{opened}");
        let screen = console.screen();
        assert!(screen.contains("Programmet kan inte pausas här"), "{opened}: {screen}");
    }
}

#[test]
fn every_overlay_closes_on_escape_and_changes_nothing() {
    for opened in ["p", "b", "b 1", "Enter", "g", "t", "w", "?", "e", "f", "r", "R"] {
        let mut console = Console::open(Start { user: everything(), ..Start::default() });
        let before = console.screen();
        console.press(opened).answer();
        assert_ne!(console.screen(), before, "{opened}");
        console.press("Esc");
        assert_eq!(console.screen(), before, "{opened}");
    }
}

#[test]
fn english_is_complete_on_the_screen() {
    let mut console = Console::open(Start { language: Language::English, ..Start::default() });
    console.press("?");
    let screen = console.screen();
    assert!(screen.contains("Keys here") && screen.contains("Lay preblock"), "{screen}");
}

#[test]
fn without_a_permission_the_action_says_why_and_nothing_is_sent() {
    let mut console = Console::open(Start { user: user(&[]), ..Start::default() });
    for keys in ["p", "b", "s", "r", "Enter 1"] {
        console.press(keys);
        let sent = console.take();
        let changes = |effect: &Effect| matches!(effect, Effect::Execute { .. });
        assert!(!sent.iter().any(changes), "{keys}");
        assert!(console.screen().contains("behörighet saknas"), "{keys}");
        console.press("Esc");
    }
}

#[test]
fn sessions_are_added_to_and_taken_from_the_marking() {
    let mut console = Console::open(Start::default());
    console.press("Left v Right s");
    let sent = console.take();
    assert!(matches!(
        sent.as_slice(),
        [Effect::Execute { command: Command::AddWorkSessions { intervals, .. }, .. }]
            if intervals.len() == 2
    ));
}

#[test]
fn a_typed_time_stays_what_it_is_on_more_days() {
    for (keys, told) in [
        ("Shift+Right", "2 dagar × 120 min"),
        ("Shift+Right Shift+Right", "3 dagar × 120 min"),
        ("Shift+Right Shift+Right Shift+Left", "2 dagar × 120 min"),
        ("Shift+Left Shift+Right", "13:00–15:00"),
        ("v Right Right", "3 dagar × 120 min"),
    ] {
        let mut console = Console::open(Start::default());
        console.press("g").type_text("ti").press("Enter").answer();
        console.press("t").type_text("13-15").press("Enter").press(keys);
        assert!(console.screen().contains(told), "{keys}: {told}\n{}", console.screen());
    }
    let mut console = Console::open(Start::default());
    console.press("g").type_text("ti").press("Enter").answer();
    console.press("t").type_text("13-15").press("Enter v v");
    assert!(!console.screen().contains("13:00–15:00"), "{}", console.screen());
}
