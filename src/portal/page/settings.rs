//! How a clinic's page looks and what it tells, as the portal's file has it.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::domain::Color;

/// Grounds that text stands on, as the style sheet has them.
const LIGHT_GROUND: Color = Color { red: 0xf4, green: 0xf6, blue: 0xf6 };
const DARK_GROUND: Color = Color { red: 0x20, green: 0x28, blue: 0x2b };
const WHITE: Color = Color { red: 0xff, green: 0xff, blue: 0xff };
const BLACK: Color = Color { red: 0, green: 0, blue: 0 };
/// What WCAG asks of text (1.4.3, AA), with a little to spare.
const READABLE: f64 = 4.6;

/// The settings of a clinic's page. What is left out is taken from what its agent publishes.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct ClinicPage {
    /// Where browsers reach the portal, as `https://bokning.example.se`. Where it is known, the times are
    /// published as open data, too.
    pub address: Option<String>,
    /// The name on top of every page.
    pub title: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Shown before the choice of treatment.
    pub text: Option<String>,
    pub accent: Color,
    /// How many times one person may have booked here at once.
    pub most_open_bookings: u32,
    /// How long a booking is kept here after its time.
    pub keep_days: KeepDays,
}

/// A number of days, from 1 to 365.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "u16")]
pub struct KeepDays(u16);

impl KeepDays {
    /// That many days.
    pub fn days(self) -> u16 {
        self.0
    }
}

impl Default for KeepDays {
    fn default() -> Self {
        Self(30)
    }
}

impl TryFrom<u16> for KeepDays {
    type Error = &'static str;

    fn try_from(days: u16) -> Result<Self, Self::Error> {
        match days {
            1..=365 => Ok(Self(days)),
            _ => Err("keep_days is a number of days from 1 to 365"),
        }
    }
}

impl Default for ClinicPage {
    fn default() -> Self {
        let accent = Color { red: 0x0b, green: 0x5d, blue: 0x66 };
        Self {
            address: None,
            title: None,
            phone: None,
            email: None,
            text: None,
            accent,
            most_open_bookings: 4,
            keep_days: KeepDays::default(),
        }
    }
}

impl ClinicPage {
    /// The clinic's colours as a style sheet: the accent as it is, and so that text of it, and on it,
    /// can be read by day and by night.
    pub(super) fn colours(&self) -> String {
        let on_accent = [WHITE, BLACK]
            .into_iter()
            .max_by(|one, other| {
                contrast(*one, self.accent).total_cmp(&contrast(*other, self.accent))
            })
            .unwrap_or(WHITE);
        let mut sheet = String::new();
        let mut rule = |text: Color| {
            // A text takes whatever is written.
            let _ = write!(
                sheet,
                ":root{{--accent:{};--on-accent:{};--accent-text:{}}}",
                String::from(self.accent),
                String::from(on_accent),
                String::from(text)
            );
        };
        rule(readable(self.accent, LIGHT_GROUND, BLACK));
        let dark = readable(self.accent, DARK_GROUND, WHITE);
        let _ = write!(
            sheet,
            "\n@media (prefers-color-scheme:dark){{:root{{--accent-text:{}}}}}\n",
            String::from(dark)
        );
        sheet
    }
}

/// The colour, as much nearer to another as it takes to be read on a ground.
fn readable(color: Color, ground: Color, towards: Color) -> Color {
    let steps = (0..=20u16).map(|step| mixed(color, towards, step));
    steps.into_iter().find(|it| contrast(*it, ground) >= READABLE).unwrap_or(towards)
}

/// `step` twentieths of the way from a colour to another.
fn mixed(from: Color, to: Color, step: u16) -> Color {
    let part = |from: u8, to: u8| {
        let mixed = (u16::from(from) * (20 - step) + u16::from(to) * step) / 20;
        u8::try_from(mixed).unwrap_or(to)
    };
    Color {
        red: part(from.red, to.red),
        green: part(from.green, to.green),
        blue: part(from.blue, to.blue),
    }
}

/// The contrast of two colours, 1 to 21, as WCAG computes it.
fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(color: Color) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(color.red) + 0.7152 * part(color.green) + 0.0722 * part(color.blue)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_colour_a_clinic_has_its_texts_can_be_read(red: u8, green: u8, blue: u8) {
            let accent = Color { red, green, blue };
            let sheet = ClinicPage { accent, ..ClinicPage::default() }.colours();
            let colours: Vec<Color> = sheet
                .split([':', ';', '}'])
                .filter_map(|part| Color::parse(part).ok())
                .collect();
            let [shown, on, light, dark] = colours.as_slice() else { panic!("{sheet}") };
            prop_assert_eq!(*shown, accent);
            prop_assert!(contrast(*on, accent) >= 4.5);
            prop_assert!(contrast(*light, LIGHT_GROUND) >= 4.5 && contrast(*light, WHITE) >= 4.5);
            prop_assert!(contrast(*dark, DARK_GROUND) >= 4.5);
        }
    }
}
