//! How a terminal draws what is printed next, and the codes that change it. Pure.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Modifiers that are seen on a cell without a glyph.
const SEEN_ON_BLANK: Modifier =
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

/// Colours and modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pen {
    pub fg: Color,
    pub bg: Color,
    pub modifier: Modifier,
}

impl Pen {
    /// A terminal's own.
    pub const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    /// The one that a cell asks for.
    pub fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// The pen that draws `cell`, changed from this one as little as can be seen.
    pub fn for_cell(self, cell: &Cell) -> Self {
        match Need::of(cell) {
            Need::Background(bg) if !self.shows_on_blank() => Pen { bg, ..self },
            Need::Background(_) | Need::Exactly(_) => Self::of(cell),
        }
    }

    /// Whether a blank that it draws shows more than its background.
    fn shows_on_blank(self) -> bool {
        self.modifier.intersects(SEEN_ON_BLANK)
    }
}

/// What a cell needs of the pen that draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A blank: any pen with this background that shows nothing else there.
    Background(Color),
    Exactly(Pen),
}

impl Need {
    /// The cell's.
    pub fn of(cell: &Cell) -> Self {
        match Pen::of(cell) {
            pen if cell.symbol() == " " && !pen.shows_on_blank() => Self::Background(pen.bg),
            pen => Self::Exactly(pen),
        }
    }

    /// Whether the pen serves.
    pub fn is_met_by(self, pen: Pen) -> bool {
        match self {
            Self::Background(bg) => pen.bg == bg && !pen.shows_on_blank(),
            Self::Exactly(wanted) => pen == wanted,
        }
    }

    /// What serves both, if anything does.
    pub fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Background(_), Self::Background(_)) => (self == other).then_some(self),
            (Self::Exactly(pen), need) | (need, Self::Exactly(pen)) => {
                need.is_met_by(pen).then_some(Self::Exactly(pen))
            }
        }
    }
}

/// The codes that lead to a pen: from one, or from wherever the terminal is. A lone reset may be left out
/// altogether: `CSI m`.
pub fn change(from: Option<Pen>, to: Pen) -> String {
    let whole = match step(Pen::PLAIN, to) {
        codes if codes.is_empty() => codes,
        codes => format!("0;{codes}"),
    };
    match from.map(|from| step(from, to)) {
        Some(step) if step.len() < whole.len() => step,
        _ => whole,
    }
}

/// The codes that lead from one pen to another without a reset.
fn step(from: Pen, to: Pen) -> String {
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
        assert_eq!(step(bold_dim, dim), "22;2", "bold and dim go off together");
        assert_eq!(change(Some(dim), bold_dim), "1");
        assert_eq!(change(None, Pen::PLAIN), "");
        let tinted = Pen { fg: Color::LightRed, bg: Color::Rgb(1, 2, 3), ..dim };
        assert_eq!(change(None, tinted), "0;2;91;48;2;1;2;3");
        assert_eq!(change(Some(tinted), dim), "0;2");
        assert_eq!(change(Some(tinted), Pen::PLAIN), "");
    }

    #[test]
    fn a_blank_is_drawn_by_any_pen_that_shows_nothing_but_its_background() {
        let (plain, red) = (Pen::PLAIN, Pen { fg: Color::Red, ..Pen::PLAIN });
        let underlined = Pen { modifier: Modifier::UNDERLINED, ..plain };
        let blank = Need::of(&Cell::EMPTY);
        for (pen, serves) in [(plain, true), (red, true), (underlined, false)] {
            assert_eq!(blank.is_met_by(pen), serves, "{pen:?}");
            let both = serves.then_some(Need::Exactly(pen));
            assert_eq!(blank.and(Need::Exactly(pen)), both, "{pen:?}");
        }
        assert_eq!(Need::Exactly(plain).and(Need::Exactly(red)), None);
    }
}
