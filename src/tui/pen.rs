//! How an ANSI terminal draws what is printed next, and the shortest codes that lead there. Writes
//! nothing itself.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Modifiers that are seen on a cell without a glyph.
pub(super) const SEEN_ON_BLANK: Modifier =
    Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// Modifiers with the codes that switch them on and off. Bold and dim share the latter.
const MODIFIERS: [(Modifier, u8, u8); 6] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::REVERSED, 7, 27),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// How the terminal draws what is printed next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    pub(super) const PLAIN: Pen =
        Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// The pen that draws `cell`, changed from `now` as little as can be seen.
    pub(super) fn drawing(cell: &Cell, now: Option<Pen>) -> Self {
        let wanted = Pen::of(cell);
        match now {
            Some(now)
                if cell.symbol() == " "
                    && !(wanted.modifier | now.modifier).intersects(SEEN_ON_BLANK) =>
            {
                Pen { bg: wanted.bg, ..now }
            }
            _ => wanted,
        }
    }

    /// The shortest codes that reach this pen from another; from wherever the terminal is, where that
    /// is not certain.
    pub(super) fn reached_from(self, now: Option<Pen>) -> String {
        let whole = whole_change(self);
        match now.map(|from| step_change(from, self)) {
            Some(step) if step.len() < whole.len() => step,
            _ => whole,
        }
    }
}

/// The codes that reach a pen from wherever the terminal is.
fn whole_change(to: Pen) -> String {
    // A lone reset may be left out altogether: `CSI m`.
    match step_change(Pen::PLAIN, to) {
        codes if codes.is_empty() => codes,
        codes => format!("0;{codes}"),
    }
}

/// The codes that lead from one pen to another.
fn step_change(from: Pen, to: Pen) -> String {
    let mut codes: Vec<String> = Vec::new();
    let mut kept = from.modifier;
    let off = from.modifier - to.modifier;
    for (modifier, _, code) in MODIFIERS {
        if off.contains(modifier) && kept.contains(modifier) {
            codes.push(code.to_string());
            kept.remove(modifier);
            if code == 22 {
                kept.remove(Modifier::BOLD | Modifier::DIM);
            }
        }
    }
    for (modifier, code, _) in MODIFIERS {
        if to.modifier.contains(modifier) && !kept.contains(modifier) {
            codes.push(code.to_string());
        }
    }
    if from.fg != to.fg {
        codes.push(color_code(to.fg, Layer::Foreground));
    }
    if from.bg != to.bg {
        codes.push(color_code(to.bg, Layer::Background));
    }
    codes.join(";")
}

#[derive(Clone, Copy)]
enum Layer {
    Foreground = 30,
    Background = 40,
}

fn color_code(color: Color, layer: Layer) -> String {
    let base = layer as u16;
    let palette = |index: u16| {
        if index < 8 { (base + index).to_string() } else { (base + 60 + index - 8).to_string() }
    };
    match color {
        Color::Reset => (base + 9).to_string(),
        Color::Black => palette(0),
        Color::Red => palette(1),
        Color::Green => palette(2),
        Color::Yellow => palette(3),
        Color::Blue => palette(4),
        Color::Magenta => palette(5),
        Color::Cyan => palette(6),
        Color::Gray => palette(7),
        Color::DarkGray => palette(8),
        Color::LightRed => palette(9),
        Color::LightGreen => palette(10),
        Color::LightYellow => palette(11),
        Color::LightBlue => palette(12),
        Color::LightMagenta => palette(13),
        Color::LightCyan => palette(14),
        Color::White => palette(15),
        Color::Indexed(index) => format!("{};5;{index}", base + 8),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", base + 8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_way_between_two_pens_is_taken() {
        let bold_dim = Pen { modifier: Modifier::BOLD | Modifier::DIM, ..Pen::PLAIN };
        let dim = Pen { modifier: Modifier::DIM, ..Pen::PLAIN };
        assert_eq!(step_change(bold_dim, dim), "22;2", "bold and dim go off together");
        assert_eq!(step_change(dim, bold_dim), "1");
        assert_eq!(whole_change(Pen::PLAIN), "");
        let tinted = Pen { fg: Color::LightRed, bg: Color::Rgb(1, 2, 3), ..dim };
        assert_eq!(whole_change(tinted), "0;2;91;48;2;1;2;3");
    }
}
