//! What the terminal can show, as its environment tells; the themes do the rest.

use super::{Palette, Symbols};

/// A theme that somebody has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// For a dark background, in as many colours as the terminal has.
    Dark,
    /// For a light background, in as many colours as the terminal has.
    Light,
    /// The 16 safe colours on a dark background.
    Sixteen,
    /// Without colour.
    Mono,
}

/// The colours of a theme; where none is chosen, what the environment tells. `env` looks a variable
/// up.
pub fn themed(theme: Option<Theme>, env: impl Fn(&str) -> Option<String>) -> Palette {
    let direct = is_direct(&env);
    match theme {
        None => palette(env),
        Some(Theme::Dark) if direct => Palette::TrueColor,
        Some(Theme::Dark | Theme::Sixteen) => Palette::Sixteen,
        Some(Theme::Light) if direct => Palette::Light,
        Some(Theme::Light) => Palette::LightSixteen,
        Some(Theme::Mono) => Palette::Mono,
    }
}

/// Whether the terminal promises true colour.
fn is_direct(env: impl Fn(&str) -> Option<String>) -> bool {
    let promised = env("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit");
    promised || env("TERM").is_some_and(|term| term.ends_with("-direct"))
}

/// Colours by `NO_COLOR`, `COLORTERM` and `TERM`. `env` looks a variable up.
///
/// `NO_COLOR` counts when it is not empty, as its convention says; bold, dim and reverse stay.
pub fn palette(env: impl Fn(&str) -> Option<String>) -> Palette {
    let is_set = |name| env(name).is_some_and(|value| !value.is_empty());
    let term = env("TERM").unwrap_or_default();
    if is_set("NO_COLOR") || term == "dumb" || term.ends_with("-m") || term.starts_with("vt") {
        return Palette::Mono;
    }
    if is_direct(env) { Palette::TrueColor } else { Palette::Sixteen }
}

/// Characters by the locale: Unicode when it says UTF-8, or when there is none to say anything but
/// on Windows, whose terminals speak Unicode. `env` looks a variable up.
pub fn symbols(env: impl Fn(&str) -> Option<String>) -> Symbols {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env(name).filter(|value| !value.is_empty()));
    let unicode = match locale {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        None => cfg!(windows),
    };
    if unicode { Symbols::Unicode } else { Symbols::Ascii }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn colours_are_as_many_as_the_terminal_promises() {
        for (pairs, expected) in [
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")][..], Palette::TrueColor),
            (&[("TERM", "xterm-direct")], Palette::TrueColor),
            (&[("TERM", "xterm-256color")], Palette::Sixteen),
            (&[("TERM", "linux")], Palette::Sixteen),
            (&[("TERM", "vt220")], Palette::Mono),
            (&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")], Palette::Mono),
            (&[("COLORTERM", "truecolor"), ("NO_COLOR", "")], Palette::TrueColor),
        ] {
            assert_eq!(palette(env(pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_chosen_theme_has_as_many_colours_as_the_terminal() {
        let direct = &[("COLORTERM", "truecolor"), ("NO_COLOR", "1")][..];
        let plain = &[("TERM", "xterm-256color")][..];
        for (theme, pairs, expected) in [
            (Theme::Dark, direct, Palette::TrueColor),
            (Theme::Dark, plain, Palette::Sixteen),
            (Theme::Light, direct, Palette::Light),
            (Theme::Light, plain, Palette::LightSixteen),
            (Theme::Sixteen, direct, Palette::Sixteen),
            (Theme::Mono, direct, Palette::Mono),
        ] {
            assert_eq!(themed(Some(theme), env(pairs)), expected, "{theme:?} {pairs:?}");
        }
        assert_eq!(themed(None, env(direct)), Palette::Mono, "NO_COLOR holds where nobody chose");
    }

    #[test]
    fn unicode_is_drawn_where_the_locale_is_utf_8() {
        for (pairs, expected) in [
            (&[("LANG", "sv_SE.UTF-8")][..], Symbols::Unicode),
            (&[("LANG", "sv_SE.utf8")], Symbols::Unicode),
            (&[("LC_ALL", "C"), ("LANG", "sv_SE.UTF-8")], Symbols::Ascii),
            (&[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], Symbols::Unicode),
            (&[("LANG", "sv_SE.ISO-8859-1")], Symbols::Ascii),
        ] {
            assert_eq!(symbols(env(pairs)), expected, "{pairs:?}");
        }
    }
}
