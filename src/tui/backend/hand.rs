//! Moves over a terminal and prints on it, in as few bytes as it takes. Writes to memory only.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::Color;
use unicode_width::UnicodeWidthStr;

use super::pen::{self, Need, Pen};

/// Erases from the cursor to the row's end.
const ERASE: &[u8] = b"\x1b[K";

/// How many bytes moving over a few cells takes, at most.
const MOVE: usize = 4;

/// How many cells to the left are reached by as many backspaces.
const BACKSPACES: u16 = 3;

/// Where the terminal's cursor is and how it draws, with the bytes that brought it there.
#[derive(Clone, Debug, Default)]
pub struct Hand {
    pub bytes: Vec<u8>,
    /// `None` where it is not certain.
    position: Option<Position>,
    /// `None` where it is not certain.
    pen: Option<Pen>,
}

impl Hand {
    /// What the terminal is drawn with now, if that is certain.
    pub fn pen(&self) -> Option<Pen> {
        self.pen
    }

    /// Where it is now, if that is certain.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// Something else may have written to the terminal.
    pub fn forget(&mut self) {
        self.position = None;
        self.pen = None;
    }

    /// Draws the changed columns (in order) of a row; what the row shows is in `shown` already.
    pub fn draw_row(&mut self, shown: &Buffer, y: u16, changed: &[u16]) {
        let tail = blank_tail(shown, y);
        for (nth, x) in changed.iter().copied().enumerate() {
            self.reach(shown, Position { x, y });
            let left = changed.len() - nth;
            if x >= tail && left > ERASE.len() {
                self.erase_tail();
                return;
            }
            self.print_shown(shown, Position { x, y });
        }
    }

    /// Draws some cells of a row that lie side by side, all with one pen.
    pub fn draw_stroke(&mut self, shown: &Buffer, columns: &[u16], y: u16, pen: Pen) {
        let Some(first) = columns.first() else { return };
        self.set_pen(pen);
        self.reach(shown, Position { x: *first, y });
        let tail = blank_tail(shown, y);
        let erase = format!("\x1b[{}X", columns.len());
        let is_empty = |x: &u16| Need::of(&shown[(*x, y)]) == Need::Background(Color::Reset);
        if *first < tail && columns.len() > erase.len() && columns.iter().all(is_empty) {
            self.bytes.extend_from_slice(erase.as_bytes());
            return;
        }
        for (nth, x) in columns.iter().copied().enumerate() {
            // A glyph may have left the cursor elsewhere.
            self.move_to(shown, Position { x, y });
            if x >= tail && columns.len() - nth > ERASE.len() {
                self.bytes.extend_from_slice(ERASE);
                return;
            }
            self.print(shown, shown[(x, y)].symbol());
        }
    }

    fn erase_tail(&mut self) {
        let pen = self.pen.unwrap_or(Pen::PLAIN);
        self.set_pen(pen.for_cell(&Cell::EMPTY));
        self.bytes.extend_from_slice(ERASE);
    }

    /// Moves to a cell: over a few cells by printing what they show, where that is shorter.
    fn reach(&mut self, shown: &Buffer, to: Position) {
        let before = self.position.filter(|at| at.y == to.y && at.x < to.x);
        let Some((at, pen)) = before.zip(self.pen) else { return self.move_to(shown, to) };
        let between = (at.x..to.x).map(|x| Position { x, y: to.y });
        let is_cheap = |position: Position| {
            let cell = &shown[position];
            moves_by_one(cell.symbol()) && pen.for_cell(cell) == pen
        };
        let bytes: usize = between.clone().map(|at| shown[at].symbol().len()).sum();
        if bytes <= MOVE && between.clone().all(is_cheap) {
            between.for_each(|position| self.print_shown(shown, position));
        } else {
            self.move_to(shown, to);
        }
    }

    fn print_shown(&mut self, shown: &Buffer, at: Position) {
        let cell = &shown[at];
        let pen = self.pen.map_or_else(|| Pen::of(cell), |pen| pen.for_cell(cell));
        self.set_pen(pen);
        self.print(shown, cell.symbol());
    }

    /// Moves to a cell by the shortest of the ways there.
    pub fn move_to(&mut self, shown: &Buffer, to: Position) {
        if self.position == Some(to) {
            return;
        }
        let absolute = format!("\x1b[{};{}H", u32::from(to.y) + 1, u32::from(to.x) + 1);
        let relative = self.position.and_then(|at| {
            let down = match to.y.checked_sub(at.y)? {
                0 => "",
                1 if to.y < shown.area.height => LINE_DOWN,
                _ => return None,
            };
            Some(format!("{down}{}", along_row(at.x, to.x)))
        });
        let sequence = match relative {
            Some(relative) if relative.len() < absolute.len() => relative,
            _ => absolute,
        };
        self.bytes.extend_from_slice(sequence.as_bytes());
        self.position = Some(to);
    }

    /// Changes what is drawn with.
    pub fn set_pen(&mut self, pen: Pen) {
        if self.pen == Some(pen) {
            return;
        }
        self.bytes.extend_from_slice(b"\x1b[");
        self.bytes.extend_from_slice(pen::change(self.pen, pen).as_bytes());
        self.bytes.push(b'm');
        self.pen = Some(pen);
    }

    fn print(&mut self, shown: &Buffer, symbol: &str) {
        // Texts come from outside: a control character must never reach the terminal.
        let symbol =
            if symbol.is_empty() || symbol.contains(char::is_control) { " " } else { symbol };
        self.bytes.extend_from_slice(symbol.as_bytes());
        let certain = self.position.filter(|_| moves_by_one(symbol));
        self.position = certain.and_then(|at| {
            let x = at.x.checked_add(1)?;
            // In the last column terminals differ on where the cursor is.
            (x < shown.area.width).then_some(Position { x, y: at.y })
        });
    }
}

/// Whether every terminal is one column further after a glyph. On wide ones and on those of several
/// characters (emoji, combining marks) terminals differ.
fn moves_by_one(symbol: &str) -> bool {
    symbol.chars().count() == 1 && symbol.width() == 1
}

/// Moves a row down in the same column. A raw terminal takes a line feed as that and no more.
#[cfg(unix)]
const LINE_DOWN: &str = "\n";
#[cfg(not(unix))]
const LINE_DOWN: &str = "\x1b[B";

/// The shortest way between two columns of a row.
fn along_row(from: u16, to: u16) -> String {
    let to_column = format!("\x1b[{}G", u32::from(to) + 1);
    let other = match (from, to) {
        _ if from == to => String::new(),
        (_, 0) => "\r".to_owned(),
        _ if from < to && to - from == 1 => "\x1b[C".to_owned(),
        _ if from < to => format!("\x1b[{}C", to - from),
        _ if from - to <= BACKSPACES => "\x08".repeat(usize::from(from - to)),
        _ => format!("\x1b[{}D", from - to),
    };
    if other.len() <= to_column.len() { other } else { to_column }
}

/// The column from which on a row is empty to its end.
fn blank_tail(shown: &Buffer, y: u16) -> u16 {
    let width = shown.area.width;
    let is_blank = |x: &u16| Need::of(&shown[(*x, y)]) == Need::Background(Color::Reset);
    let blank = (0..width).rev().take_while(is_blank).count();
    width - u16::try_from(blank).unwrap_or(width)
}
