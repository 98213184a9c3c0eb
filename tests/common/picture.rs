//! Draws a buffer of cells as a picture, the way a good terminal would.

use std::io::BufWriter;
use std::path::Path;
use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use epaint_default_fonts::HACK_REGULAR;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::glyphs;

/// A cell's size in pixels.
pub const CELL: (usize, usize) = (10, 20);

/// Font height at which a glyph is exactly a cell wide.
const SCALE: f32 = 19.335;

const PADDING: usize = 12;

const FOREGROUND: [u8; 3] = [0xd6, 0xda, 0xe0];
const BACKGROUND: [u8; 3] = [0x14, 0x17, 0x1b];
const CURSOR: [u8; 3] = [0xff, 0xd8, 0x66];

/// The sixteen colours of the pretended terminal.
const PALETTE: [[u8; 3]; 16] = [
    [0x1f, 0x24, 0x2b],
    [0xd0, 0x5c, 0x5c],
    [0x6f, 0xb0, 0x6a],
    [0xc9, 0xa2, 0x4a],
    [0x5c, 0x8f, 0xd6],
    [0xb0, 0x78, 0xc4],
    [0x4f, 0xae, 0xb5],
    [0xc2, 0xc7, 0xce],
    [0x6b, 0x73, 0x7d],
    [0xf0, 0x83, 0x80],
    [0x94, 0xd1, 0x8b],
    [0xea, 0xc7, 0x6c],
    [0x86, 0xb4, 0xf2],
    [0xcf, 0x9b, 0xe3],
    [0x78, 0xd2, 0xd8],
    [0xf5, 0xf7, 0xfa],
];

static FONT: LazyLock<FontRef<'static>> =
    LazyLock::new(|| FontRef::try_from_slice(HACK_REGULAR).expect("the font is whole"));

/// Pixels, row by row, three bytes each.
#[derive(PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

impl Picture {
    /// Draws the buffer, and the terminal's cursor where it is shown.
    pub fn of(buffer: &Buffer, cursor: Option<Position>) -> Self {
        let width = usize::from(buffer.area.width) * CELL.0 + 2 * PADDING;
        let height = usize::from(buffer.area.height) * CELL.1 + 2 * PADDING;
        let pixels = BACKGROUND.iter().copied().cycle().take(width * height * 3).collect();
        let mut picture = Self { width, height, pixels };
        for y in 0..buffer.area.height {
            let mut x = 0;
            while x < buffer.area.width {
                let cell = &buffer[(x, y)];
                let columns = u16::try_from(cell.symbol().width().max(1)).expect("a narrow glyph");
                let at_cursor = cursor == Some(Position { x, y });
                picture.cell(cell, (usize::from(x), usize::from(y)), columns, at_cursor);
                x += columns;
            }
        }
        picture
    }

    fn cell(&mut self, cell: &Cell, (column, row): (usize, usize), columns: u16, at_cursor: bool) {
        let (ink, paper) = colors(cell, at_cursor);
        let (x, y) = (PADDING + column * CELL.0, PADDING + row * CELL.1);
        let width = usize::from(columns) * CELL.0;
        self.rectangle((x, y), (width, CELL.1), paper);
        if cell.modifier.contains(Modifier::UNDERLINED) {
            self.rectangle((x, y + CELL.1 - 3), (width, 1), ink);
        }
        let Some(glyph) = cell.symbol().chars().next().filter(|glyph| *glyph != ' ') else {
            return;
        };
        if let Some(shape) = glyphs::shape(glyph) {
            for part in shape {
                let ink = blend(paper, ink, part.strength);
                self.rectangle((x + part.x, y + part.y), (part.width, part.height), ink);
            }
            return;
        }
        self.glyph(glyph, (x, y), ink, 0.0);
        if cell.modifier.contains(Modifier::BOLD) {
            self.glyph(glyph, (x, y), ink, 0.7);
        }
    }

    fn glyph(&mut self, glyph: char, (x, y): (usize, usize), ink: [u8; 3], shift: f32) {
        let font = FONT.as_scaled(PxScale::from(SCALE));
        let id = font.glyph_id(glyph);
        assert!(
            id.0 != 0,
            "the font of the pictures has no {glyph:?} (U+{:04X})",
            u32::from(glyph)
        );
        let baseline = (CELL.1 as f32 - font.height()) / 2.0 + font.ascent();
        let placed = Glyph {
            id,
            scale: PxScale::from(SCALE),
            position: point(x as f32 + shift, y as f32 + baseline.round()),
        };
        let Some(outline) = FONT.outline_glyph(placed) else { return };
        let bounds = outline.px_bounds();
        outline.draw(|dx, dy, coverage| {
            let x = bounds.min.x as i64 + i64::from(dx);
            let y = bounds.min.y as i64 + i64::from(dy);
            if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) {
                self.ink(x, y, ink, coverage);
            }
        });
    }

    fn rectangle(&mut self, (x, y): (usize, usize), (width, height): (usize, usize), ink: [u8; 3]) {
        for row in y..y + height {
            for column in x..x + width {
                self.ink(column, row, ink, 1.0);
            }
        }
    }

    fn ink(&mut self, x: usize, y: usize, ink: [u8; 3], coverage: f32) {
        if x >= self.width || y >= self.height {
            return;
        }
        let at = (y * self.width + x) * 3;
        let below = [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]];
        self.pixels[at..at + 3].copy_from_slice(&blend(below, ink, coverage));
    }

    /// Writes a PNG file.
    pub fn write(&self, path: &Path) {
        let file = std::fs::File::create(path).expect("the folder of pictures can be written to");
        let (width, height) = (self.width as u32, self.height as u32);
        let mut encoder = png::Encoder::new(BufWriter::new(file), width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(&self.pixels).expect("pixels");
        writer.finish().expect("an end");
    }

    /// Reads a PNG file; `None` where there is none that could be compared.
    pub fn read(path: &Path) -> Option<Self> {
        let file = std::io::BufReader::new(std::fs::File::open(path).ok()?);
        let mut reader = png::Decoder::new(file).read_info().ok()?;
        let mut pixels = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut pixels).ok()?;
        pixels.truncate(info.buffer_size());
        Some(Self { width: info.width as usize, height: info.height as usize, pixels })
    }

    /// How many pixels differ more than rounding on another processor would explain; `None` where
    /// the sizes differ.
    pub fn differing(&self, other: &Self) -> Option<usize> {
        const ROUNDING: u8 = 3;
        if (self.width, self.height) != (other.width, other.height) {
            return None;
        }
        let pairs = self.pixels.chunks_exact(3).zip(other.pixels.chunks_exact(3));
        Some(
            pairs.filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > ROUNDING)).count(),
        )
    }
}

fn colors(cell: &Cell, at_cursor: bool) -> ([u8; 3], [u8; 3]) {
    let mut ink = rgb(cell.fg).unwrap_or(FOREGROUND);
    let mut paper = rgb(cell.bg).unwrap_or(BACKGROUND);
    if cell.modifier.contains(Modifier::DIM) {
        ink = blend(paper, ink, 0.55);
    }
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut paper);
    }
    if at_cursor { (BACKGROUND, CURSOR) } else { (ink, paper) }
}

fn rgb(color: Color) -> Option<[u8; 3]> {
    let index = match color {
        Color::Reset => return None,
        Color::Rgb(red, green, blue) => return Some([red, green, blue]),
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(index) => index,
    };
    Some(indexed(index))
}

/// xterm's 256 colours: the palette, a cube, greys.
fn indexed(index: u8) -> [u8; 3] {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match index {
        0..=15 => PALETTE[usize::from(index)],
        16..=231 => {
            let cube = index - 16;
            [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
        }
        232..=255 => [8 + 10 * (index - 232); 3],
    }
}

fn blend(below: [u8; 3], above: [u8; 3], strength: f32) -> [u8; 3] {
    let strength = strength.clamp(0.0, 1.0);
    std::array::from_fn(|part| {
        let (below, above) = (f32::from(below[part]), f32::from(above[part]));
        (below + (above - below) * strength).round() as u8
    })
}
