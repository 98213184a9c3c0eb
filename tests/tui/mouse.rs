//! The mouse: everything it does has a key as well.

use crossterm::event::{KeyModifiers, MouseButton, MouseEventKind as Kind};
use tidbok::clinic::Command;
use tidbok::tui::Effect;

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
