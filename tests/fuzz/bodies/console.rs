//! The console: `update` and `view`, fed with what a terminal sends. A character is that key; bytes that
//! are no text stand for the other keys and for what else happens ([`event`]).

#[path = "../../tui/fixture.rs"]
#[allow(dead_code, reason = "shared with the console's own tests")]
mod fixture;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEventKind};
use fixture::{Console, Start, everything, time, user};
use tidbok::domain::Permission;
use tidbok::texts::Language;
use tidbok::tui::{Message, Palette, Symbols};

/// The most events that are looked at.
const MOST_EVENTS: usize = 160;
/// The family name of the only patient with a protected identity.
const PROTECTED: &str = "Hemlig";

/// Keys by the byte that stands for them.
const KEYS: [(u8, KeyCode); 16] = [
    (b'\r', KeyCode::Enter),
    (b'\t', KeyCode::Tab),
    (0x1b, KeyCode::Esc),
    (0x7f, KeyCode::Backspace),
    (0x08, KeyCode::BackTab),
    (0x10, KeyCode::Up),
    (0x11, KeyCode::Down),
    (0x12, KeyCode::Left),
    (0x13, KeyCode::Right),
    (0x14, KeyCode::PageUp),
    (0x15, KeyCode::PageDown),
    (0x16, KeyCode::Home),
    (0x17, KeyCode::End),
    (0x18, KeyCode::Delete),
    (0x19, KeyCode::Insert),
    (0x1f, KeyCode::Null),
];

const MOUSE: [MouseEventKind; 8] = [
    MouseEventKind::Down(MouseButton::Left),
    MouseEventKind::Drag(MouseButton::Left),
    MouseEventKind::Up(MouseButton::Left),
    MouseEventKind::Down(MouseButton::Right),
    MouseEventKind::Down(MouseButton::Middle),
    MouseEventKind::ScrollDown,
    MouseEventKind::ScrollUp,
    MouseEventKind::Moved,
];

pub fn run(bytes: &[u8]) {
    let Some((start, mut rest)) = bytes.split_first() else { return };
    let mut console = Console::open(started(*start));
    for _ in 0..MOST_EVENTS {
        let Some(after) = event(&mut console, rest) else { break };
        rest = after;
    }
    assert_drawn(&console);
    console.answer();
    assert_drawn(&console);
    // Whoever lacks `patient.view` has not been shown what they can't have typed themselves.
    if start & 0x20 != 0 && !bytes.contains(&b'H') {
        // The handbook speaks of secrets, which begin like the name.
        let screen = console.screen().replace("Hemlighet", "");
        assert!(!screen.contains(PROTECTED), "{screen}");
    }
}

/// How a console is started, by the bits of a byte.
fn started(bits: u8) -> Start {
    let bit = |at: u8| bits & (1 << at) != 0;
    let palettes = [Palette::TrueColor, Palette::Sixteen, Palette::Mono, Palette::Light];
    Start {
        symbols: if bit(0) { Symbols::Ascii } else { Symbols::Unicode },
        language: if bit(1) { Language::English } else { Language::Swedish },
        palette: palettes[usize::from(bits >> 2 & 3)],
        size: if bit(4) { (120, 40) } else { (80, 24) },
        user: if bit(5) { user(&[Permission::BookingEdit]) } else { everything() },
        ..Start::default()
    }
}

/// Lets happen what the next bytes say; the bytes after them, `None` at the end.
fn event<'b>(console: &mut Console, bytes: &'b [u8]) -> Option<&'b [u8]> {
    let (first, rest) = bytes.split_first()?;
    let named = KEYS.iter().find(|(byte, _)| byte == first).map(|(_, code)| *code);
    match *first {
        _ if named.is_some() => key(console, named?, KeyModifiers::NONE),
        0x01 => drop(console.answer()),
        0x02 => drop(console.answer_once()),
        0x03 => drop(console.send(Message::Slow)),
        0x04 => drop(console.send(Message::StoreLost(time(fixture::NOW)))),
        0x05 => drop(console.send(Message::StoreBack)),
        0x06 => assert_drawn(console),
        0x07 => {
            let (minute, rest) = rest.split_first()?;
            let at = format!("2026-11-25T{:02}:{:02}", 10 + minute / 60, minute % 60);
            console.send(Message::Minute(time(&at)));
            return Some(rest);
        }
        0x0b => {
            let (number, rest) = rest.split_first()?;
            key(console, KeyCode::F(1 + number % 12), KeyModifiers::NONE);
            return Some(rest);
        }
        0x0c => {
            let (&[modifiers, next], rest) = rest.split_first_chunk()?;
            let named = KEYS.iter().find(|(byte, _)| *byte == next).map(|(_, code)| *code);
            let code = named.unwrap_or(KeyCode::Char(next.into()));
            key(console, code, KeyModifiers::from_bits_truncate(modifiers & 7));
            return Some(rest);
        }
        0x0e => {
            let (&[kind, column, row], rest) = rest.split_first_chunk()?;
            let kind = MOUSE[usize::from(kind % 8)];
            let modifiers = KeyModifiers::NONE;
            console.mouse_with(kind, (column.into(), row.into()), modifiers);
            return Some(rest);
        }
        0x0f => {
            let (&[width, height], rest) = rest.split_first_chunk()?;
            let (width, height) = (u16::from(width).max(1), u16::from(height / 4).max(1));
            console.size = (width, height);
            console.send(Message::Resize { width, height });
            return Some(rest);
        }
        0x1a => {
            let (length, rest) = rest.split_first()?;
            let (pasted, rest) = rest.split_at(rest.len().min((*length).into()));
            console.send(Message::Paste(String::from_utf8_lossy(pasted).into_owned()));
            return Some(rest);
        }
        _ => return letter(console, bytes),
    }
    Some(rest)
}

/// A letter that is typed, of up to four bytes.
fn letter<'b>(console: &mut Console, bytes: &'b [u8]) -> Option<&'b [u8]> {
    let text = |length: usize| std::str::from_utf8(bytes.get(..length)?).ok();
    let typed = (1..=4).find_map(text).and_then(|text| text.chars().next());
    if let Some(letter) = typed {
        key(console, KeyCode::Char(letter), KeyModifiers::NONE);
    }
    bytes.get(typed.map_or(1, char::len_utf8)..)
}

fn key(console: &mut Console, code: KeyCode, modifiers: KeyModifiers) {
    console.send(Message::Key(KeyEvent::new(code, modifiers)));
}

/// The screen holds nothing that steers a terminal, and the cursor is on it.
fn assert_drawn(console: &Console) {
    let screen = console.screen();
    assert!(!screen.chars().any(|letter| letter.is_control() && letter != '\n'), "{screen:?}");
    let cursor = console.cursor();
    assert!(cursor.x < console.size.0 && cursor.y < console.size.1, "{cursor:?}");
}
