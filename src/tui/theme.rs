//! Colours and symbols: true colour or the 16 safe ones, each for a dark and a light background, or
//! modifiers only; Unicode or ASCII. Pure.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::domain;

use super::cells::Shade;

mod light;

/// How much colour the terminal is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    TrueColor,
    Sixteen,
    /// `NO_COLOR`: bold, dim, reverse and underline only.
    Mono,
    /// True colour on a light background.
    Light,
    /// The 16 safe colours on a light background.
    LightSixteen,
}

/// Which characters the terminal is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbols {
    Unicode,
    Ascii,
}

/// What a piece of text or a cell is, as far as its looks go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Plain,
    Title,
    Strong,
    Dim,
    Key,
    Disabled,
    Error,
    Warning,
    Selected,
    Field,
    Frame,
    Today,
    RedDay,
    Now,
    Unscheduled,
    Free,
    Booking,
    OnlineBooking,
    Slot,
}

impl Palette {
    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        match self {
            Palette::TrueColor => true_color(role),
            Palette::Sixteen => sixteen(role),
            Palette::Mono => mono(role),
            Palette::Light => light::true_color(role),
            Palette::LightSixteen => light::sixteen(role),
        }
    }

    /// The style of a role in one of its shades.
    pub fn shaded(self, role: Role, shade: Shade) -> Style {
        let style = self.style(role);
        match (self, role, shade) {
            (_, _, Shade::First) => style,
            (Palette::TrueColor, Role::Booking, Shade::Second) => style.bg(Color::Indexed(241)),
            (Palette::TrueColor, Role::OnlineBooking, Shade::Second) => {
                style.bg(Color::Indexed(25))
            }
            (Palette::Sixteen, Role::Booking, Shade::Second) => {
                style.fg(Color::White).bg(Color::DarkGray)
            }
            (Palette::Sixteen, Role::OnlineBooking, Shade::Second) => {
                style.fg(Color::White).bg(Color::Blue)
            }
            (Palette::Light, Role::Booking, Shade::Second) => style.bg(Color::Indexed(255)),
            (Palette::Light, Role::OnlineBooking, Shade::Second) => style.bg(Color::Indexed(195)),
            (Palette::LightSixteen, Role::Booking | Role::OnlineBooking, Shade::Second) => {
                style.fg(Color::Black).bg(Color::Gray)
            }
            (Palette::Mono, _, Shade::Second) => style.remove_modifier(Modifier::BOLD),
            (_, _, Shade::Second) => style,
        }
    }

    /// A preblock's bar in its own colour.
    pub fn bar(self, color: domain::Color) -> Style {
        match self {
            Palette::TrueColor => Style::new().fg(Color::Rgb(color.red, color.green, color.blue)),
            Palette::Sixteen => Style::new().fg(nearest(color)),
            Palette::Mono => Style::new().add_modifier(Modifier::BOLD),
            Palette::Light => light::bar(color),
            Palette::LightSixteen => Style::new().fg(light::nearest_dark(nearest(color))),
        }
    }

    /// The faint tint behind a preblock.
    pub fn tint(self, color: domain::Color) -> Style {
        let faint = |part: u8| (u16::from(part) * 30 / 100) as u8 + 10;
        match self {
            Palette::TrueColor => Style::new().fg(Color::Indexed(254)).bg(Color::Rgb(
                faint(color.red),
                faint(color.green),
                faint(color.blue),
            )),
            Palette::Sixteen => Style::new().fg(nearest(color)),
            Palette::Light => light::tint(color),
            Palette::Mono | Palette::LightSixteen => Style::new(),
        }
    }

    /// The mark of a bookable start, on a cell's style. Of sixteen colours none shows on every ground:
    /// there it takes the colour of what else is written on it.
    pub fn slot_on(self, ground: Style) -> Style {
        match (self, ground.bg) {
            (Palette::Sixteen | Palette::LightSixteen, Some(_)) => {
                ground.add_modifier(Modifier::BOLD)
            }
            _ => ground.patch(self.style(Role::Slot)),
        }
    }

    /// Lays the marking over a cell's style.
    pub fn marked(self, style: Style) -> Style {
        style.add_modifier(Modifier::REVERSED)
    }

    /// The cell the cursor is on.
    pub fn cursor(self, style: Style) -> Style {
        match self {
            Palette::TrueColor => Style::new().fg(Color::Black).bg(Color::LightYellow),
            Palette::Light => Style::new().fg(Color::Indexed(16)).bg(Color::Indexed(221)),
            Palette::Sixteen | Palette::LightSixteen => {
                Style::new().fg(Color::Black).bg(Color::Yellow)
            }
            Palette::Mono => style.add_modifier(Modifier::REVERSED | Modifier::UNDERLINED),
        }
    }
}

/// Our own greys come from the 256 colours that every true-colour terminal has: their codes are
/// half as long. What a cursor move sends takes the sixteen where they serve as well.
fn true_color(role: Role) -> Style {
    let of = Color::Indexed;
    match role {
        Role::Unscheduled => Style::new().fg(of(237)),
        Role::Free => Style::new().fg(of(243)),
        Role::Booking => Style::new().fg(Color::White).bg(of(239)),
        Role::OnlineBooking => Style::new().fg(Color::White).bg(of(24)),
        Role::Dim | Role::Frame => Style::new().fg(of(246)),
        Role::Disabled => Style::new().fg(of(243)),
        _ => sixteen(role),
    }
}

fn sixteen(role: Role) -> Style {
    match role {
        Role::Plain | Role::Field => Style::new(),
        Role::Title | Role::Strong => Style::new().add_modifier(Modifier::BOLD),
        Role::Dim | Role::Frame | Role::Unscheduled | Role::Free | Role::Disabled => {
            Style::new().fg(Color::DarkGray)
        }
        Role::Key => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Role::Error => Style::new().fg(Color::LightRed).add_modifier(Modifier::BOLD),
        Role::Warning => Style::new().fg(Color::Yellow),
        Role::Selected => Style::new().fg(Color::Black).bg(Color::Cyan),
        Role::Today => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        Role::RedDay => Style::new().fg(Color::LightRed),
        Role::Now => Style::new().fg(Color::LightRed).add_modifier(Modifier::BOLD),
        Role::Booking => Style::new().fg(Color::Black).bg(Color::Gray),
        Role::OnlineBooking => Style::new().fg(Color::Black).bg(Color::Cyan),
        Role::Slot => Style::new().fg(Color::LightGreen).add_modifier(Modifier::BOLD),
    }
}

fn mono(role: Role) -> Style {
    match role {
        Role::Plain | Role::Field | Role::Free | Role::RedDay | Role::Frame => Style::new(),
        Role::Dim | Role::Disabled | Role::Unscheduled => Style::new().add_modifier(Modifier::DIM),
        Role::Selected => Style::new().add_modifier(Modifier::REVERSED),
        Role::Today => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        Role::Booking | Role::OnlineBooking => {
            Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        }
        _ => Style::new().add_modifier(Modifier::BOLD),
    }
}

/// The colours to choose from for preblock types, each with the one that a 16-colour terminal shows
/// for it; all of these it shows apart from each other and from its background.
pub const PREBLOCK_COLORS: [(domain::Color, Color); 7] = [
    (rgb(40, 170, 60), Color::Green),
    (rgb(200, 40, 40), Color::Red),
    (rgb(200, 170, 40), Color::Yellow),
    (rgb(70, 110, 230), Color::LightBlue),
    (rgb(180, 60, 180), Color::Magenta),
    (rgb(40, 180, 190), Color::Cyan),
    (rgb(190, 190, 190), Color::Gray),
];

const fn rgb(red: u8, green: u8, blue: u8) -> domain::Color {
    domain::Color { red, green, blue }
}

/// The nearest of the colours that every 16-colour terminal shows apart from its background.
fn nearest(color: domain::Color) -> Color {
    let parts = |color: domain::Color| [color.red, color.green, color.blue].map(i32::from);
    let own = parts(color);
    let far = |other: domain::Color| -> i32 {
        own.iter().zip(parts(other)).map(|(a, b)| (a - b) * (a - b)).sum()
    };
    let nearest = PREBLOCK_COLORS.iter().min_by_key(|(other, _)| far(*other));
    nearest.map_or(Color::Gray, |(_, choice)| *choice)
}

/// Replaces every character of ours that an ASCII terminal lacks; letters are left alone.
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let plain = match cell.symbol() {
            "…" => "~",
            "–" | "─" | "−" => "-",
            "·" => ".",
            "•" => "*",
            "▌" => "#",
            "┆" => "!",
            "░" => ":",
            "│" => "|",
            "┌" | "┐" | "└" | "┘" => "+",
            "→" | "›" => ">",
            "←" => "<",
            "↑" => "^",
            "↓" => "v",
            "×" => "x",
            "▶" => ">",
            _ => continue,
        };
        cell.set_symbol(plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preblock_colours_map_to_the_nearest_of_sixteen() {
        let of = |text| domain::Color::parse(text).map(nearest);
        assert_eq!(of("#2e8b57"), Ok(Color::Green));
        assert_eq!(of("#ff0000"), Ok(Color::Red));
        assert_eq!(of("#4169e1"), Ok(Color::LightBlue));
        assert!(of("#000000").is_ok());
    }
}
