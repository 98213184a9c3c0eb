//! Draws frames on an ANSI terminal with as few bytes as there are changes.
//!
//! Knows nothing of the console: cells in, bytes out. A frame is collected in memory and written at
//! once, a long one bracketed in synchronized output; a frame without changes writes nothing. Colours are
//! written as the theme has chosen them, so `NO_COLOR` is the theme's business and reverse video is
//! never lost to it.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// Up to this many bytes a frame goes without brackets: written at once, it arrives in one packet and
/// is drawn in one go as it is.
const SMALL_FRAME: usize = 512;

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

/// Erases from the cursor to the row's end.
const ERASE: &[u8] = b"\x1b[K";

/// How many bytes moving over a few cells takes, at most.
const MOVE: usize = 4;

/// How the terminal draws what is printed next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }
}

/// A [`Backend`] that remembers where the cursor is and how the terminal draws, from frame to frame.
///
/// It never asks the terminal anything: the answer would come in among the keys.
#[derive(Debug)]
pub struct AnsiBackend<W: Write> {
    out: W,
    frame: Vec<u8>,
    size: Size,
    /// Where the terminal's cursor is; `None` where that is not certain.
    position: Option<Position>,
    /// `None` where it is not certain.
    pen: Option<Pen>,
    cursor_shown: Option<bool>,
    /// What the terminal shows, row by row, as far as it has been drawn.
    shown: Buffer,
}

impl<W: Write> AnsiBackend<W> {
    /// Draws on `out`, an empty terminal of this size in cells.
    pub fn new(out: W, size: Size) -> Self {
        Self {
            out,
            frame: Vec::new(),
            size,
            position: None,
            pen: None,
            cursor_shown: None,
            shown: empty(size),
        }
    }

    /// The terminal has this size from now on, and something else may have written to it: what it
    /// shows must be cleared before it is drawn on.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.position = None;
        self.pen = None;
        self.cursor_shown = None;
        self.shown = empty(size);
    }

    /// Draws the changed columns (in order) of a row; what the row shows is in `shown` already.
    fn draw_row(&mut self, y: u16, changed: &[u16]) {
        let tail = self.blank_tail(y);
        for (nth, x) in changed.iter().copied().enumerate() {
            self.reach(Position { x, y });
            let left = changed.len() - nth;
            if x >= tail && left > ERASE.len() {
                self.set_pen(pen_for(&Cell::EMPTY, self.pen));
                self.frame.extend_from_slice(ERASE);
                return;
            }
            self.print_shown(Position { x, y });
        }
    }

    /// The column from which on the row is empty to its end.
    fn blank_tail(&self, y: u16) -> u16 {
        let is_blank = |x: &u16| {
            let cell = &self.shown[(*x, y)];
            cell.symbol() == " "
                && cell.bg == Color::Reset
                && !cell.modifier.intersects(SEEN_ON_BLANK)
        };
        let blank = (0..self.size.width).rev().take_while(is_blank).count();
        self.size.width - u16::try_from(blank).unwrap_or(self.size.width)
    }

    /// Moves to a cell: over a few cells by printing what they show, where that is shorter.
    fn reach(&mut self, to: Position) {
        let Some(at) = self.position.filter(|at| at.y == to.y && at.x < to.x) else {
            return self.move_to(to);
        };
        let between = (at.x..to.x).map(|x| Position { x, y: to.y });
        let is_cheap = |position: Position| {
            let cell = &self.shown[position];
            cell.symbol().width() == 1
                && self.pen.is_some_and(|pen| pen_for(cell, Some(pen)) == pen)
        };
        let bytes: usize = between.clone().map(|at| self.shown[at].symbol().len()).sum();
        if bytes <= MOVE && between.clone().all(is_cheap) {
            between.for_each(|position| self.print_shown(position));
        } else {
            self.move_to(to);
        }
    }

    fn print_shown(&mut self, at: Position) {
        let cell = self.shown[at].clone();
        self.set_pen(pen_for(&cell, self.pen));
        self.print(cell.symbol());
    }

    fn move_to(&mut self, to: Position) {
        let sequence = match self.position {
            Some(at) if at == to => return,
            Some(at) if at.y == to.y && at.x < to.x => match to.x - at.x {
                1 => "\x1b[C".to_owned(),
                cells => format!("\x1b[{cells}C"),
            },
            Some(at) if at.y == to.y && to.x == 0 => "\r".to_owned(),
            _ => format!("\x1b[{};{}H", u32::from(to.y) + 1, u32::from(to.x) + 1),
        };
        self.frame.extend_from_slice(sequence.as_bytes());
        self.position = Some(to);
    }

    fn set_pen(&mut self, pen: Pen) {
        if self.pen == Some(pen) {
            return;
        }
        let whole = whole_change(pen);
        let codes = match self.pen {
            Some(from) => {
                let step = step_change(from, pen);
                if step.len() < whole.len() { step } else { whole }
            }
            None => whole,
        };
        self.frame.extend_from_slice(b"\x1b[");
        self.frame.extend_from_slice(codes.as_bytes());
        self.frame.push(b'm');
        self.pen = Some(pen);
    }

    fn print(&mut self, symbol: &str) {
        // Texts come from outside: a control character must never reach the terminal.
        let symbol =
            if symbol.is_empty() || symbol.contains(char::is_control) { " " } else { symbol };
        self.frame.extend_from_slice(symbol.as_bytes());
        let width = u16::try_from(symbol.width()).unwrap_or(u16::MAX);
        self.position = self.position.and_then(|at| {
            let x = at.x.checked_add(width)?;
            // In the last column terminals differ on where the cursor is.
            (x < self.size.width).then_some(Position { x, y: at.y })
        });
    }

    fn show(&mut self, shown: bool) {
        if self.cursor_shown != Some(shown) {
            self.frame.extend_from_slice(if shown { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.cursor_shown = Some(shown);
        }
    }
}

fn empty(size: Size) -> Buffer {
    Buffer::empty(Rect::new(0, 0, size.width, size.height))
}

/// The pen that draws `cell`, changed from `now` as little as can be seen.
fn pen_for(cell: &Cell, now: Option<Pen>) -> Pen {
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

impl<W: Write> Backend for AnsiBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut row: Vec<u16> = Vec::new();
        let mut row_at = 0;
        for (x, y, cell) in content {
            let Some(shown) = self.shown.cell_mut(Position { x, y }) else { continue };
            *shown = cell.clone();
            if y != row_at {
                self.draw_row(row_at, &row);
                row.clear();
                row_at = y;
            }
            row.push(x);
        }
        self.draw_row(row_at, &row);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.show(false);
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.show(true);
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.position.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.move_to(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.set_pen(Pen::PLAIN);
        if region == ClearType::All {
            self.shown.reset();
        }
        self.frame.extend_from_slice(match region {
            ClearType::All => b"\x1b[2J",
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        });
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    /// Writes the frame, if it has anything in it.
    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        if self.frame.len() <= SMALL_FRAME {
            self.out.write_all(&self.frame)?;
            self.frame.clear();
            return self.out.flush();
        }
        let mut whole = Vec::with_capacity(self.frame.len() + 16);
        whole.extend_from_slice(BEGIN_FRAME);
        whole.append(&mut self.frame);
        whole.extend_from_slice(END_FRAME);
        self.out.write_all(&whole)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use ratatui::Terminal;
    use ratatui::style::{Style, Stylize};
    use ratatui::text::Line;

    use super::*;

    fn terminal(width: u16, height: u16) -> Terminal<AnsiBackend<Vec<u8>>> {
        Terminal::new(AnsiBackend::new(Vec::new(), Size { width, height })).unwrap()
    }

    fn drawn(terminal: &mut Terminal<AnsiBackend<Vec<u8>>>, line: Line<'_>) -> String {
        terminal
            .draw(|frame| {
                frame.render_widget(line, frame.area());
                frame.set_cursor_position((0, 0));
            })
            .unwrap();
        String::from_utf8(std::mem::take(&mut terminal.backend_mut().out)).unwrap()
    }

    #[test]
    fn a_frame_without_changes_writes_nothing() {
        let mut terminal = terminal(10, 1);
        drawn(&mut terminal, Line::from("tidbok"));
        assert_eq!(drawn(&mut terminal, Line::from("tidbok")), "");
    }

    #[test]
    fn only_the_changed_cell_is_written() {
        let mut terminal = terminal(10, 1);
        drawn(&mut terminal, Line::from("08:00 Ek"));
        let frame = drawn(&mut terminal, Line::from("08:00 Ed"));
        assert_eq!(frame, "\x1b[7Cd\r");
    }

    #[test]
    fn a_few_unchanged_cells_are_printed_rather_than_moved_over() {
        let mut terminal = terminal(10, 1);
        drawn(&mut terminal, Line::from("tidbok"));
        let frame = drawn(&mut terminal, Line::from("nidbak"));
        assert_eq!(frame, "nidba\r");
    }

    #[test]
    fn what_is_gone_from_the_end_of_a_row_is_erased_at_once() {
        let mut terminal = terminal(10, 1);
        drawn(&mut terminal, Line::from("08:00 Ek"));
        let frame = drawn(&mut terminal, Line::from("08"));
        assert_eq!(frame, "08\x1b[K\r");
    }

    #[test]
    fn the_pen_is_kept_from_frame_to_frame() {
        let mut terminal = terminal(10, 1);
        drawn(&mut terminal, Line::from("tid".red()));
        let frame = drawn(&mut terminal, Line::from("bok".red()));
        assert_eq!(frame, "bok\r");
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let mut backend = AnsiBackend::new(Vec::new(), Size { width: 4, height: 1 });
        let mut cell = Cell::default();
        cell.set_symbol("\x1b]0;x\x07");
        backend.draw([(0, 0, &cell)].into_iter()).unwrap();
        backend.flush().unwrap();
        assert_eq!(backend.out, b"\x1b[1;1H\x1b[m ");
    }

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

    /// Draws one of many motley frames.
    fn draw_turn(terminal: &mut Terminal<AnsiBackend<Vec<u8>>>, turn: usize) -> Vec<u8> {
        let styles = [
            Style::new().red(),
            Style::new().bold().on_blue(),
            Style::new().reversed(),
            Style::new().underlined().dim(),
            Style::new(),
            Style::new().fg(Color::Rgb(9, 8, 7)).bg(Color::Indexed(200)),
        ];
        let texts = ["Ek 08:00", "", "  Å  ", "日本 x", "▌E-us ·", "a b c d"];
        terminal
            .draw(|frame| {
                for row in 0..3_u16 {
                    let nth = turn + usize::from(row);
                    let x = u16::try_from(turn % 5).unwrap();
                    let style = styles[(turn / 3 + usize::from(row)) % styles.len()];
                    frame.buffer_mut().set_string(x, row, texts[nth % texts.len()], style);
                }
            })
            .unwrap();
        std::mem::take(&mut terminal.backend_mut().out)
    }

    #[test]
    fn a_frame_drawn_upon_another_looks_as_one_drawn_on_an_empty_screen() {
        let (rows, columns) = (NonZero::new(3).unwrap(), NonZero::new(12).unwrap());
        let mut terminal = terminal(12, 3);
        let mut upon_another = vt100::Parser::new(rows, columns, 0);
        for turn in 0..72 {
            upon_another.process(&draw_turn(&mut terminal, turn));
            let mut on_empty = vt100::Parser::new(rows, columns, 0);
            on_empty.process(&draw_turn(&mut self::terminal(12, 3), turn));
            for (row, column) in (0..3).flat_map(|row| (0..12).map(move |column| (row, column))) {
                let look = |parser: &vt100::Parser| {
                    let cell = parser.screen().cell(row, column).unwrap();
                    let text = cell.contents().trim().to_owned();
                    let ink = (!text.is_empty()).then(|| (cell.fgcolor(), cell.bold(), cell.dim()));
                    (text, cell.bgcolor(), cell.inverse(), cell.underline(), ink)
                };
                assert_eq!(look(&upon_another), look(&on_empty), "turn {turn} at {row},{column}");
            }
        }
    }
}
