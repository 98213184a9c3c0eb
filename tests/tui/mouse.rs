//! The mouse: everything it does has a key as well.

use crossterm::event::{KeyModifiers, MouseButton, MouseEventKind as Kind};
use tidbok::clinic::Command;
use tidbok::tui::{Effect, Message};

use crate::fixture::{Console, Start};

#[test]
fn a_click_moves_the_cursor_and_a_drag_marks() {
    let mut console = Console::open(Start::default());
    console.mouse(Kind::Down, MouseButton::Left, (10, 4));
    assert!(console.line(21).contains("mån 23 09:00"), "{}", console.line(21));
    console.mouse(Kind::Drag, MouseButton::Left, (40, 6));
    console.mouse(Kind::Up, MouseButton::Left, (40, 6));
    assert!(console.line(21).contains("3 dagar × 90 min"), "{}", console.line(21));
}

#[test]
fn letting_go_of_the_right_button_opens_the_menu_at_the_marking() {
    let mut console = Console::open(Start::default());
    console.mouse(Kind::Down, MouseButton::Right, (10, 4));
    console.mouse(Kind::Drag, MouseButton::Right, (10, 6));
    console.mouse(Kind::Up, MouseButton::Right, (10, 6));
    assert!(console.screen().contains("Lägg preblock"));
    console.mouse(Kind::Down, MouseButton::Left, (79, 1));
    assert!(!console.screen().contains("Lägg preblock"), "a click outside closes");
    assert!(console.line(21).contains("1 dag × 90 min"), "{}", console.screen());
}

#[test]
fn ctrl_and_the_right_button_offer_to_remove_the_preblock() {
    let mut console = Console::open(Start::default());
    let down = Kind::Down(MouseButton::Right);
    console.mouse_with(down, (55, 3), KeyModifiers::CONTROL);
    console.mouse_with(Kind::Up(MouseButton::Right), (55, 3), KeyModifiers::CONTROL);
    assert!(
        console.screen().contains("Tar bort 1 preblock tor 26 08:00–10:00."),
        "{}",
        console.screen()
    );
    console.press("Down Enter");
    assert!(matches!(
        console.effects.as_slice(),
        [Effect::Execute { command: Command::RemovePreblocks { .. }, .. }]
    ));
}

#[test]
fn the_wheel_scrolls_and_a_key_brings_the_cursor_back_into_view() {
    let mut console = Console::open(Start::default());
    let top = console.line(2);
    console.mouse_with(Kind::ScrollUp, (10, 5), KeyModifiers::NONE);
    assert_ne!(console.line(2), top);
    assert!(console.line(2).starts_with(" 06:30"), "{}", console.line(2));
}

#[test]
fn a_click_on_an_entry_chooses_it() {
    let mut console = Console::open(Start::default());
    console.press("p");
    let screen = console.screen();
    let (row, line) = screen
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains("E-us  ") && line.contains("3 ▌"))
        .expect("the entry");
    let column = line.chars().position(|letter| letter == '3').unwrap_or(10) - 1;
    let at = (u16::try_from(column).expect("small"), u16::try_from(row).expect("small"));
    console.mouse(Kind::Down, MouseButton::Left, at);
    assert!(matches!(
        console.effects.as_slice(),
        [Effect::Execute { command: Command::LayPreblocks { .. }, .. }]
    ));
}

/// Where an entry of the menu on top stands.
fn entry(console: &Console, text: &str) -> (u16, u16) {
    let screen = console.screen();
    let found = screen.lines().enumerate().find_map(|(row, line)| {
        let (before, _) = line.split_once(text)?;
        // The first letter of a line is the quote of what prints it.
        Some((before.chars().count() - 1, row))
    });
    let (column, row) = found.unwrap_or_else(|| panic!("{text}\n{screen}"));
    (u16::try_from(column).expect("small"), u16::try_from(row).expect("small"))
}

#[test]
fn a_menu_that_the_right_button_has_closed_stays_closed_when_it_is_let_go() {
    let mut console = Console::open(Start::default());
    console.press("Enter");
    console.mouse(Kind::Down, MouseButton::Right, (10, 4));
    console.mouse(Kind::Up, MouseButton::Right, (10, 4));
    assert!(!console.screen().contains("Lägg preblock"), "{}", console.screen());
}

#[test]
fn a_hand_that_shakes_on_an_entry_marks_nothing_beneath() {
    let mut console = Console::open(Start::default());
    console.press("f");
    let (column, row) = entry(&console, "Bo Öst (BO)");
    console.mouse(Kind::Down, MouseButton::Left, (column, row)).answer();
    let before = console.line(21);
    console.mouse(Kind::Drag, MouseButton::Left, (column + 1, row + 1));
    console.mouse(Kind::Up, MouseButton::Left, (column + 1, row + 1));
    assert_eq!(console.line(21), before, "the cursor stays where it was");
}

#[test]
fn a_drag_from_beside_the_grid_marks_nothing() {
    let mut console = Console::open(Start::default());
    let before = console.line(21);
    console.mouse(Kind::Down, MouseButton::Left, (40, 0));
    console.mouse(Kind::Drag, MouseButton::Left, (60, 9));
    console.mouse(Kind::Up, MouseButton::Left, (60, 9));
    assert_eq!(console.line(21), before);
}

#[test]
fn a_drag_goes_on_over_another_size_of_the_window() {
    let mut console = Console::open(Start::default());
    console.mouse(Kind::Down, MouseButton::Left, (10, 4));
    console.mouse(Kind::Drag, MouseButton::Left, (10, 5));
    console.size = (120, 40);
    console.send(Message::Resize { width: 120, height: 40 });
    console.mouse(Kind::Drag, MouseButton::Left, (10, 6));
    let line = console.line(37);
    assert!(line.contains("mån 23 08:30–09:30"), "from where it began: {line}");
}

#[test]
fn the_right_button_opens_the_same_menu_as_enter() {
    for mode in ["Esc", "A"] {
        let mut console = Console::open(Start::default());
        console.mouse(Kind::Down, MouseButton::Left, (10, 4)).press(mode).press("Enter");
        let by_key = console.screen();
        console.press("Esc");
        console.mouse(Kind::Down, MouseButton::Right, (10, 4));
        console.mouse(Kind::Up, MouseButton::Right, (10, 4));
        assert_eq!(console.screen(), by_key, "{mode}");
    }
}
