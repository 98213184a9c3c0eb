//! The light theme: for terminals whose background is white or nearly so. Pure.
//!
//! The background is left to the terminal; whatever is written on it keeps a contrast of 4.5 to 1
//! against white, and what is only decoration of 2 to 1 or so.

use ratatui::style::{Color, Modifier, Style};

use crate::domain;

use super::Role;

/// Of 256 colours, as the dark theme has it.
pub(super) fn true_color(role: Role) -> Style {
    let of = Color::Indexed;
    match role {
        Role::Plain | Role::Field => Style::new(),
        Role::Title | Role::Strong => Style::new().add_modifier(Modifier::BOLD),
        Role::Dim | Role::Frame => Style::new().fg(of(241)),
        Role::Disabled => Style::new().fg(of(243)),
        Role::Unscheduled => Style::new().fg(of(250)),
        Role::Free => Style::new().fg(of(246)),
        Role::Key => Style::new().fg(of(25)).add_modifier(Modifier::BOLD),
        Role::Error | Role::Now => Style::new().fg(of(124)).add_modifier(Modifier::BOLD),
        Role::RedDay => Style::new().fg(of(124)),
        Role::Warning => Style::new().fg(of(94)),
        Role::Selected => Style::new().fg(of(231)).bg(of(25)),
        Role::Today => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        Role::Booking => Style::new().fg(of(16)).bg(of(252)),
        Role::OnlineBooking => Style::new().fg(of(16)).bg(of(153)),
        Role::Slot => Style::new().fg(of(22)).add_modifier(Modifier::BOLD),
    }
}

/// Of the 16 colours, those that are dark on every terminal.
pub(super) fn sixteen(role: Role) -> Style {
    match role {
        Role::Plain | Role::Field => Style::new(),
        Role::Title | Role::Strong => Style::new().add_modifier(Modifier::BOLD),
        Role::Dim | Role::Frame | Role::Unscheduled | Role::Free | Role::Disabled => {
            Style::new().fg(Color::DarkGray)
        }
        Role::Key | Role::Slot => Style::new().fg(Color::Blue).add_modifier(Modifier::BOLD),
        Role::Error | Role::Now => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
        Role::RedDay => Style::new().fg(Color::Red),
        Role::Warning => Style::new().fg(Color::Magenta),
        Role::Selected => Style::new().fg(Color::White).bg(Color::Blue),
        Role::Today => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        Role::Booking => Style::new().fg(Color::White).bg(Color::DarkGray),
        Role::OnlineBooking => Style::new().fg(Color::White).bg(Color::Blue),
    }
}

/// The colour, darkened where white would swallow it.
pub(super) fn bar(color: domain::Color) -> Style {
    let bright = u16::from(color.red) * 3 + u16::from(color.green) * 6 + u16::from(color.blue);
    let kept = if bright > 1300 { 55 } else { 85 };
    let part = |part: u8| (u16::from(part) * kept / 100) as u8;
    Style::new().fg(Color::Rgb(part(color.red), part(color.green), part(color.blue)))
}

/// A fifth of the colour in white, and dark text on it.
pub(super) fn tint(color: domain::Color) -> Style {
    let pale = |part: u8| 255 - (u16::from(255 - part) * 20 / 100) as u8;
    Style::new().fg(Color::Indexed(234)).bg(Color::Rgb(
        pale(color.red),
        pale(color.green),
        pale(color.blue),
    ))
}

/// The one of the 16 that shows on white in place of one that doesn't.
pub(super) fn nearest_dark(color: Color) -> Color {
    match color {
        Color::Yellow | Color::Gray => Color::DarkGray,
        Color::LightBlue | Color::Cyan => Color::Blue,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Palette, Shade};
    use super::*;

    const ALL: [Role; 19] = [
        Role::Plain,
        Role::Title,
        Role::Strong,
        Role::Dim,
        Role::Key,
        Role::Disabled,
        Role::Error,
        Role::Warning,
        Role::Selected,
        Role::Field,
        Role::Frame,
        Role::Today,
        Role::RedDay,
        Role::Now,
        Role::Unscheduled,
        Role::Free,
        Role::Booking,
        Role::OnlineBooking,
        Role::Slot,
    ];
    const WHITE: [u8; 3] = [255; 3];
    const COLORS: [&str; 7] =
        ["#2e8b57", "#c03030", "#4169e1", "#ffe95e", "#808080", "#ffffff", "#000000"];

    /// Red, green and blue of a colour of xterm's table of 256; `other` for the terminal's own.
    fn parts(color: Option<Color>, other: [u8; 3]) -> [u8; 3] {
        const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
        match color {
            None | Some(Color::Reset) => other,
            Some(Color::Rgb(red, green, blue)) => [red, green, blue],
            Some(Color::Indexed(n @ 16..=231)) => {
                let n = usize::from(n - 16);
                [STEPS[n / 36], STEPS[n / 6 % 6], STEPS[n % 6]]
            }
            Some(Color::Indexed(n @ 232..)) => [8 + (n - 232) * 10; 3],
            Some(other) => panic!("{other:?} looks different on every terminal"),
        }
    }

    /// As WCAG 2 counts it.
    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let light = |parts: [u8; 3]| {
            let [red, green, blue] = parts.map(|part| {
                let part = f64::from(part) / 255.0;
                if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn of(style: Style, ground: [u8; 3]) -> f64 {
        contrast(parts(style.fg, [0; 3]), parts(style.bg, ground))
    }

    #[test]
    fn what_is_written_on_white_can_be_read() {
        for role in ALL {
            let least = match role {
                Role::Unscheduled => 1.8,
                Role::Free => 3.0,
                _ => 4.5,
            };
            for shade in [Shade::First, Shade::Second] {
                let style = Palette::Light.shaded(role, shade);
                assert!(of(style, WHITE) >= least, "{role:?} {shade:?} {}", of(style, WHITE));
            }
        }
        assert!(of(Palette::Light.cursor(Style::new()), WHITE) >= 4.5);
    }

    #[test]
    fn what_is_written_on_a_preblock_can_be_read_whatever_its_colour() {
        for text in COLORS {
            let color = domain::Color::parse(text).unwrap();
            let tint = Palette::Light.tint(color);
            let ground = parts(tint.bg, WHITE);
            assert!(of(tint, WHITE) >= 4.5, "{text}");
            for role in [Role::Slot, Role::Now] {
                let style = Style::new().fg(Palette::Light.style(role).fg.unwrap());
                assert!(of(style, ground) >= 4.5, "{role:?} on {text}: {}", of(style, ground));
            }
            if text != "#ffffff" {
                let bar = of(Palette::Light.bar(color), ground);
                assert!(bar >= 2.5, "the bar of {text}: {bar}");
            }
        }
    }

    #[test]
    fn in_sixteen_colours_nothing_light_is_written_on_the_terminals_white() {
        let pale = [
            Color::White,
            Color::Gray,
            Color::Yellow,
            Color::Cyan,
            Color::LightYellow,
            Color::LightCyan,
            Color::LightGreen,
            Color::LightBlue,
        ];
        for role in ALL {
            for shade in [Shade::First, Shade::Second] {
                let style = Palette::LightSixteen.shaded(role, shade);
                let written = style.bg.is_none().then_some(style.fg).flatten();
                assert!(!written.is_some_and(|color| pale.contains(&color)), "{role:?}");
            }
        }
        for text in COLORS {
            let bar = Palette::LightSixteen.bar(domain::Color::parse(text).unwrap());
            assert!(!bar.fg.is_some_and(|color| pale.contains(&color)), "{text}");
        }
    }
}
