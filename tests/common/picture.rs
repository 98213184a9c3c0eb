//! Pixels, and the PNG files in which they are kept.

use std::collections::{BTreeMap, HashMap};
use std::io::BufWriter;
use std::path::Path;

/// The most colours that a palette has.
const MOST_COLOURS: usize = 256;

/// Pixels, row by row, three bytes each.
#[derive(PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

impl Picture {
    /// One of a colour all over.
    pub fn plain((width, height): (usize, usize), colour: [u8; 3]) -> Self {
        let pixels = colour.iter().copied().cycle().take(width * height * 3).collect();
        Self { width, height, pixels }
    }

    /// Fills a rectangle.
    pub fn rectangle(
        &mut self,
        (x, y): (usize, usize),
        (width, height): (usize, usize),
        ink: [u8; 3],
    ) {
        for row in y..y + height {
            for column in x..x + width {
                self.ink(column, row, ink, 1.0);
            }
        }
    }

    /// Covers a pixel, as far as it is covered.
    pub fn ink(&mut self, x: usize, y: usize, ink: [u8; 3], coverage: f32) {
        if x >= self.width || y >= self.height {
            return;
        }
        let at = (y * self.width + x) * 3;
        let below = [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]];
        self.pixels[at..at + 3].copy_from_slice(&blend(below, ink, coverage));
    }

    /// Writes a PNG file, which says something of itself by keywords.
    pub fn write(&self, path: &Path, said: &[(&str, &str)]) {
        let file = std::fs::File::create(path).expect("the folder of pictures can be written to");
        let (width, height) = (self.width as u32, self.height as u32);
        let mut encoder = png::Encoder::new(BufWriter::new(file), width, height);
        let colours: Vec<[u8; 3]> = self.colours().into_keys().collect();
        let in_palette = colours.len() <= MOST_COLOURS;
        let place = |pixel: &[u8]| colours.binary_search_by(|it| it.as_slice().cmp(pixel));
        let data = if in_palette {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(colours.concat());
            self.pixels.chunks_exact(3).map(|it| place(it).expect("known") as u8).collect()
        } else {
            encoder.set_color(png::ColorType::Rgb);
            self.pixels.clone()
        };
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        for (keyword, text) in said {
            let chunk = encoder.add_text_chunk((*keyword).to_owned(), (*text).to_owned());
            chunk.expect("a picture can say something");
        }
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(&data).expect("pixels");
        writer.finish().expect("an end");
    }

    /// Every colour, with how many pixels have it.
    fn colours(&self) -> BTreeMap<[u8; 3], usize> {
        let mut colours = BTreeMap::new();
        for pixel in self.pixels.as_chunks().0 {
            *colours.entry(*pixel).or_default() += 1;
        }
        colours
    }

    /// The same in so many colours as a palette has: rare ones become the nearest of the others.
    pub fn reduced(mut self) -> Self {
        let mut colours: Vec<_> = self.colours().into_iter().collect();
        colours.sort_by_key(|(colour, pixels)| (std::cmp::Reverse(*pixels), *colour));
        let all = colours.split_at(MOST_COLOURS.min(colours.len()));
        let apart = |one: [u8; 3], other: [u8; 3]| -> u32 {
            std::iter::zip(one, other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
        };
        let nearest = |rare: [u8; 3]| {
            all.0.iter().map(|(colour, _)| *colour).min_by_key(|colour| apart(*colour, rare))
        };
        let instead: HashMap<[u8; 3], [u8; 3]> =
            all.1.iter().filter_map(|(rare, _)| Some((*rare, nearest(*rare)?))).collect();
        for pixel in self.pixels.as_chunks_mut().0 {
            *pixel = instead.get(pixel).copied().unwrap_or(*pixel);
        }
        self
    }

    /// Reads a PNG file; `None` where there is none that could be compared.
    pub fn read(path: &Path) -> Option<Self> {
        let mut decoder = decoder(path)?;
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().ok()?;
        let mut pixels = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut pixels).ok()?;
        pixels.truncate(info.buffer_size());
        // What a browser draws is opaque.
        if info.color_type == png::ColorType::Rgba {
            pixels = pixels.chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
        }
        Some(Self { width: info.width as usize, height: info.height as usize, pixels })
    }

    /// What a PNG file says of itself by a keyword.
    pub fn said(path: &Path, keyword: &str) -> Option<String> {
        let reader = decoder(path)?.read_info().ok()?;
        let said = &reader.info().uncompressed_latin1_text;
        said.iter().find(|it| it.keyword == keyword).map(|it| it.text.clone())
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

fn decoder(path: &Path) -> Option<png::Decoder<std::io::BufReader<std::fs::File>>> {
    Some(png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).ok()?)))
}

/// A colour over another one.
pub fn blend(below: [u8; 3], above: [u8; 3], strength: f32) -> [u8; 3] {
    let strength = strength.clamp(0.0, 1.0);
    std::array::from_fn(|part| {
        let (below, above) = (f32::from(below[part]), f32::from(above[part]));
        (below + (above - below) * strength).round() as u8
    })
}
