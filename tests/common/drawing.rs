//! Draws a buffer of cells as a picture, the way a good terminal would.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use epaint_default_fonts::HACK_REGULAR;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::glyphs;
use super::picture::{Picture, blend};

/// A cell's size in pixels.
pub const CELL: (usize, usize) = (10, 20);

/// Font height at which a glyph is exactly a cell wide.
const SCALE: f32 = 19.335;

const PADDING: usize = 12;

/// Steps from paper to ink at a glyph's edge: so few that a screen's colours fit into a palette, by which its
/// file is a third as large.
const STEPS: u8 = 8;

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

/// How much of the ink the pixels take that a glyph touches, each by its place from the cell's corner.
type Shape = Vec<((isize, isize), f32)>;

type Shapes = HashMap<(char, Weight), Arc<Shape>>;

/// The glyphs that have been drawn so far.
static SHAPES: LazyLock<Mutex<Shapes>> = LazyLock::new(Mutex::default);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Weight {
    Regular,
    Bold,
}

/// Draws the buffer, and the terminal's cursor where it is shown.
pub fn drawn(buffer: &Buffer, cursor: Option<Position>) -> Picture {
    let width = usize::from(buffer.area.width) * CELL.0 + 2 * PADDING;
    let height = usize::from(buffer.area.height) * CELL.1 + 2 * PADDING;
    let mut picture = Picture::plain((width, height), BACKGROUND);
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let columns = u16::try_from(cell.symbol().width().max(1)).expect("a narrow glyph");
            let colours = colours(cell, cursor == Some(Position { x, y }));
            draw(&mut picture, cell, (usize::from(x), usize::from(y)), columns, colours);
            x += columns;
        }
    }
    picture
}

fn draw(
    picture: &mut Picture,
    cell: &Cell,
    (column, row): (usize, usize),
    columns: u16,
    (ink, paper): ([u8; 3], [u8; 3]),
) {
    let (x, y) = (PADDING + column * CELL.0, PADDING + row * CELL.1);
    let width = usize::from(columns) * CELL.0;
    picture.rectangle((x, y), (width, CELL.1), paper);
    if cell.modifier.contains(Modifier::UNDERLINED) {
        picture.rectangle((x, y + CELL.1 - 3), (width, 1), ink);
    }
    let Some(glyph) = cell.symbol().chars().next().filter(|glyph| *glyph != ' ') else {
        return;
    };
    if let Some(parts) = glyphs::shape(glyph) {
        for part in parts {
            let ink = blend(paper, ink, part.strength);
            picture.rectangle((x + part.x, y + part.y), (part.width, part.height), ink);
        }
        return;
    }
    let bold = cell.modifier.contains(Modifier::BOLD);
    let weight = if bold { Weight::Bold } else { Weight::Regular };
    for ((dx, dy), strength) in shape_of(glyph, weight).iter() {
        let at = (x.checked_add_signed(*dx), y.checked_add_signed(*dy));
        if let (Some(x), Some(y)) = at {
            picture.ink(x, y, ink, *strength);
        }
    }
}

fn shape_of(glyph: char, weight: Weight) -> Arc<Shape> {
    let mut shapes = SHAPES.lock().expect("nobody has failed");
    Arc::clone(shapes.entry((glyph, weight)).or_insert_with(|| Arc::new(covered(glyph, weight))))
}

fn covered(glyph: char, weight: Weight) -> Shape {
    let font = FONT.as_scaled(PxScale::from(SCALE));
    let id = font.glyph_id(glyph);
    assert!(id.0 != 0, "the font of the pictures has no {glyph:?} (U+{:04X})", u32::from(glyph));
    let baseline = (CELL.1 as f32 - font.height()) / 2.0 + font.ascent();
    let shifts: &[f32] = match weight {
        Weight::Regular => &[0.0],
        Weight::Bold => &[0.0, 0.7],
    };
    let mut covered = BTreeMap::<(isize, isize), f32>::new();
    for shift in shifts {
        let position = point(*shift, baseline.round());
        let placed = Glyph { id, scale: PxScale::from(SCALE), position };
        let Some(outline) = FONT.outline_glyph(placed) else { continue };
        let bounds = outline.px_bounds();
        outline.draw(|dx, dy, coverage| {
            let at = (bounds.min.x as isize + dx as isize, bounds.min.y as isize + dy as isize);
            let before = covered.entry(at).or_default();
            *before = 1.0 - (1.0 - *before) * (1.0 - coverage.clamp(0.0, 1.0));
        });
    }
    let steps = f32::from(STEPS);
    let stepped = covered.into_iter().map(|(at, it)| (at, (it * steps).round() / steps));
    stepped.filter(|(_, strength)| *strength > 0.0).collect()
}

fn colours(cell: &Cell, at_cursor: bool) -> ([u8; 3], [u8; 3]) {
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
