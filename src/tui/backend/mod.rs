//! Draws frames on an ANSI terminal with as few bytes as there are changes.
//!
//! Knows nothing of the console: cells in, bytes out. A frame is collected in memory and written at
//! once, a long one bracketed in synchronized output; a frame without changes writes nothing. Colours are
//! written as the theme has chosen them, so `NO_COLOR` is the theme's business and reverse video is
//! never lost to it.

mod halves;
mod hand;
mod pen;
mod strokes;

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};

use unicode_width::UnicodeWidthStr;

pub use self::halves::settle;
use self::hand::Hand;
use self::pen::Pen;

const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// Up to this many bytes a frame goes without brackets: written at once, it arrives in one packet and
/// is drawn in one go as it is.
const SMALL_FRAME: usize = 512;

/// A [`Backend`] that remembers where the cursor is and how the terminal draws, from frame to frame.
///
/// It never asks the terminal anything: the answer would come in among the keys.
#[derive(Debug)]
pub struct AnsiBackend<W: Write> {
    out: W,
    size: Size,
    /// Holds the frame until it is written.
    hand: Hand,
    cursor_shown: Option<bool>,
    /// What the terminal shows, row by row, as far as it has been drawn.
    shown: Buffer,
}

impl<W: Write> AnsiBackend<W> {
    /// Draws on `out`, an empty terminal of this size in cells.
    pub fn new(out: W, size: Size) -> Self {
        Self { out, size, hand: Hand::default(), cursor_shown: None, shown: empty(size) }
    }

    /// The terminal has this size from now on, and something else may have written to it: what it
    /// shows must be cleared before it is drawn on.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.hand.forget();
        self.cursor_shown = None;
        self.shown = empty(size);
    }

    /// Remembers what a cell is to show; a wide glyph shows in those to its right, too, and whatever was there
    /// is gone.
    fn put(&mut self, at: Position, cell: &Cell) -> Reach {
        let right_of = |x: u16| self.size.width - x;
        let width = |cell: &Cell| u16::try_from(cell.symbol().width()).unwrap_or(1).max(1);
        let after = width(cell).min(right_of(at.x));
        let covered = at.x..at.x + after;
        let ends = covered.clone().map(|x| x + width(&self.shown[(x, at.y)]).min(right_of(x)));
        let before = ends.max().unwrap_or(at.x) - at.x;
        let mut blank = cell.clone();
        blank.set_symbol(" ");
        for x in covered.skip(1) {
            self.shown[(x, at.y)] = blank.clone();
        }
        self.shown[at] = cell.clone();
        Reach { before, after }
    }

    /// Draws what has changed row by row.
    fn draw_by_row(&mut self, changed: &[Position]) {
        for row in changed.chunk_by(|one, other| one.y == other.y) {
            let columns: Vec<u16> = row.iter().map(|at| at.x).collect();
            row.first().into_iter().for_each(|at| self.hand.draw_row(&self.shown, at.y, &columns));
        }
    }

    /// Draws what has changed row by row or pen by pen, whichever is shorter.
    fn draw_in_few_bytes(&mut self, changed: &[Position]) {
        let mut by_pen = self.hand.clone();
        strokes::draw(&mut by_pen, &self.shown, changed);
        self.draw_by_row(changed);
        if by_pen.bytes.len() < self.hand.bytes.len() {
            self.hand = by_pen;
        }
    }

    fn show(&mut self, shown: bool) {
        if self.cursor_shown != Some(shown) {
            self.hand.bytes.extend_from_slice(if shown { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.cursor_shown = Some(shown);
        }
    }
}

/// How many columns, from a cell's own on, were and are covered by the glyphs that it is put over.
struct Reach {
    before: u16,
    after: u16,
}

fn empty(size: Size) -> Buffer {
    Buffer::empty(Rect::new(0, 0, size.width, size.height))
}

impl<W: Write> Backend for AnsiBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut changed: Vec<Position> = Vec::new();
        let mut widest = 1;
        for (x, y, cell) in content {
            if x >= self.size.width || y >= self.size.height {
                continue;
            }
            let reach = self.put(Position { x, y }, cell);
            widest = widest.max(reach.before).max(reach.after);
            changed.push(Position { x, y });
            // What shows where the right half of a wide glyph was is the terminal's business.
            changed.extend((reach.after..reach.before).map(|right| Position { x: x + right, y }));
        }
        changed.sort_by_key(|at| (at.y, at.x));
        changed.dedup();
        // Printing over half a wide glyph touches the other half: what comes last there must be last.
        match widest {
            1 => self.draw_in_few_bytes(&changed),
            _ => self.draw_by_row(&changed),
        }
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
        Ok(self.hand.position().unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.hand.move_to(&self.shown, position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.hand.set_pen(Pen::PLAIN);
        if region == ClearType::All {
            self.shown.reset();
        }
        self.hand.bytes.extend_from_slice(match region {
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
        if self.hand.bytes.is_empty() {
            return Ok(());
        }
        if self.hand.bytes.len() <= SMALL_FRAME {
            self.out.write_all(&self.hand.bytes)?;
            self.hand.bytes.clear();
            return self.out.flush();
        }
        let mut whole = Vec::with_capacity(self.hand.bytes.len() + 16);
        whole.extend_from_slice(BEGIN_FRAME);
        whole.append(&mut self.hand.bytes);
        whole.extend_from_slice(END_FRAME);
        self.out.write_all(&whole)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use proptest::{collection, prelude::*, sample};
    use ratatui::Terminal;
    use ratatui::style::{Color, Style, Stylize};
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
    fn what_stands_after_a_glyph_on_whose_width_terminals_differ_stands_where_it_should() {
        // A terminal that does not know an emoji's mark takes the heart for one column, we for two.
        let mut terminal = terminal(12, 1);
        let mut shown = vt100::Parser::new(NonZero::new(1).unwrap(), NonZero::new(12).unwrap(), 0);
        let sent = drawn(&mut terminal, Line::from("a❤️bc de")).replace('\u{fe0f}', "");
        shown.process(sent.as_bytes());
        let at = |column| shown.screen().cell(0, column).unwrap().contents().to_owned();
        assert_eq!([0, 3, 4, 6, 7].map(at), ["a", "b", "c", "d", "e"]);
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
                settle(frame.buffer_mut());
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

    /// Some text somewhere on the screen.
    #[derive(Clone, Debug)]
    struct Piece {
        at: (u16, u16),
        text: &'static str,
        style: Style,
    }

    fn pieces() -> impl Strategy<Value = Vec<Piece>> {
        let styles = [
            Style::new().red(),
            Style::new().bold().on_blue(),
            Style::new().on_blue(),
            Style::new().reversed(),
            Style::new().underlined().italic(),
            Style::new(),
            Style::new().fg(Color::Rgb(9, 8, 7)).bg(Color::Indexed(200)),
        ];
        let texts =
            ["Ek 08:00", "          ", "  Å  ", "▌E-us ·", "a b c d", "░░░░", "李四五", "é本 x日"];
        let (text, style) = (sample::select(texts.to_vec()), sample::select(styles.to_vec()));
        let piece = (0..14_u16, 0..5_u16, text, style).prop_map(|(x, y, text, style)| Piece {
            at: (x, y),
            text,
            style,
        });
        collection::vec(piece, 0..12)
    }

    /// Draws a frame, and answers how it is meant to look.
    fn draw_frame(terminal: &mut Terminal<AnsiBackend<Vec<u8>>>, frame: &[Piece]) -> Buffer {
        let completed = terminal.draw(|view| {
            for piece in frame {
                let (x, y) = piece.at;
                view.buffer_mut().set_string(x, y, piece.text, piece.style);
            }
            settle(view.buffer_mut());
        });
        completed.unwrap().buffer.clone()
    }

    /// What can be seen of a cell: its glyph in ink, if it has one, and its ground.
    type Look = (String, Option<(vt100::Color, bool, bool)>, vt100::Color, bool, bool);

    fn looks(parser: &vt100::Parser) -> Vec<Look> {
        let (rows, columns) = parser.screen().size();
        let places =
            (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        places
            .map(|(row, column)| {
                let cell = parser.screen().cell(row, column).unwrap();
                let text = cell.contents().trim().to_owned();
                let ink = (!text.is_empty()).then(|| (cell.fgcolor(), cell.bold(), cell.italic()));
                (text, ink, cell.bgcolor(), cell.inverse(), cell.underline())
            })
            .collect()
    }

    /// How a frame looks whose every cell is written out with all that belongs to it.
    fn spelled_out(buffer: &Buffer) -> vt100::Parser {
        let (rows, columns) = (buffer.area.height, buffer.area.width);
        let size = |cells| NonZero::new(cells).unwrap();
        let mut parser = vt100::Parser::new(size(rows), size(columns), 0);
        let mut covered = 0;
        for (at, cell) in (0..).zip(&buffer.content) {
            let (x, y): (usize, usize) = (at % usize::from(columns), at / usize::from(columns));
            if x > 0 && at < covered {
                continue;
            }
            covered = at + cell.symbol().width();
            let pen = pen::change(None, Pen::of(cell));
            let spelled = format!("\x1b[{};{}H\x1b[{pen}m{}", y + 1, x + 1, cell.symbol());
            parser.process(spelled.as_bytes());
        }
        parser
    }

    proptest! {
        #[test]
        fn whatever_was_drawn_before_a_frame_looks_as_it_is_meant_to(
            frames in collection::vec(pieces(), 1..6)
        ) {
            let mut terminal = terminal(16, 5);
            let size = |cells| NonZero::new(cells).unwrap();
            let mut shown = vt100::Parser::new(size(5), size(16), 0);
            for frame in frames {
                let meant = draw_frame(&mut terminal, &frame);
                shown.process(&std::mem::take(&mut terminal.backend_mut().out));
                prop_assert_eq!(looks(&shown), looks(&spelled_out(&meant)));
            }
        }
    }
}
