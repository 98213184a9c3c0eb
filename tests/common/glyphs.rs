//! Lines, blocks and shades drawn as rectangles, so that they join from cell to cell.

use super::drawing::CELL;

/// A rectangle within a cell, in pixels, and how much of the ink it takes.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
    pub strength: f32,
}

/// How a line leaves the cell's centre.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arm {
    None,
    Light,
    Heavy,
}

use Arm::{Heavy as H, Light as L, None as N};

/// The rectangles of a glyph; `None` where the font draws it.
pub fn shape(glyph: char) -> Option<Vec<Part>> {
    if let Some([up, right, down, left]) = arms(glyph) {
        return Some(lines(up, right, down, left));
    }
    let (width, height) = CELL;
    let eighth = |count: u32, whole: usize| (whole * count as usize).div_ceil(8);
    let solid = |x, y, width, height| vec![Part { x, y, width, height, strength: 1.0 }];
    let code = u32::from(glyph);
    Some(match glyph {
        '▀' => solid(0, 0, width, height / 2),
        '▁'..='█' => {
            let part = eighth(code - 0x2580, height);
            solid(0, height - part, width, part)
        }
        '▉'..='▏' => solid(0, 0, eighth(0x2590 - code, width), height),
        '▐' => solid(width / 2, 0, width - width / 2, height),
        '▔' => solid(0, 0, width, eighth(1, height)),
        '▕' => solid(width - eighth(1, width), 0, eighth(1, width), height),
        '░' => shade(0.16),
        '▒' => shade(0.34),
        '▓' => shade(0.62),
        _ => return None,
    })
}

fn shade(strength: f32) -> Vec<Part> {
    vec![Part { x: 0, y: 0, width: CELL.0, height: CELL.1, strength }]
}

/// Up, right, down, left.
fn arms(glyph: char) -> Option<[Arm; 4]> {
    Some(match glyph {
        '─' => [N, L, N, L],
        '━' => [N, H, N, H],
        '│' => [L, N, L, N],
        '┃' => [H, N, H, N],
        '┌' | '╭' => [N, L, L, N],
        '┐' | '╮' => [N, N, L, L],
        '└' | '╰' => [L, L, N, N],
        '┘' | '╯' => [L, N, N, L],
        '├' => [L, L, L, N],
        '┤' => [L, N, L, L],
        '┬' => [N, L, L, L],
        '┴' => [L, L, N, L],
        '┼' => [L, L, L, L],
        '╴' => [N, N, N, L],
        '╵' => [L, N, N, N],
        '╶' => [N, L, N, N],
        '╷' => [N, N, L, N],
        '┏' => [N, H, H, N],
        '┓' => [N, N, H, H],
        '┗' => [H, H, N, N],
        '┛' => [H, N, N, H],
        '┣' => [H, H, H, N],
        '┫' => [H, N, H, H],
        '┳' => [N, H, H, H],
        '┻' => [H, H, N, H],
        '╋' => [H, H, H, H],
        '╸' => [N, N, N, H],
        '╹' => [H, N, N, N],
        '╺' => [N, H, N, N],
        '╻' => [N, N, H, N],
        _ => return None,
    })
}

fn thickness(arm: Arm) -> usize {
    match arm {
        N => 0,
        L => 1,
        H => 3,
    }
}

fn lines(up: Arm, right: Arm, down: Arm, left: Arm) -> Vec<Part> {
    let (width, height) = CELL;
    let mut parts = Vec::new();
    let mut part = |x, y, width, height| {
        if width > 0 && height > 0 {
            parts.push(Part { x, y, width, height, strength: 1.0 });
        }
    };
    let centre = |whole: usize, thick: usize| (whole - thick) / 2;
    // Each arm reaches the far edge of whatever crosses it at the centre.
    let across = thickness(left).max(thickness(right)).max(1);
    let along = thickness(up).max(thickness(down)).max(1);
    let (cx, cy) = (centre(width, along), centre(height, across));
    part(centre(width, thickness(up)), 0, thickness(up), cy + across);
    part(centre(width, thickness(down)), cy, thickness(down), height - cy);
    part(0, centre(height, thickness(left)), cx + along, thickness(left));
    part(cx, centre(height, thickness(right)), width - cx, thickness(right));
    parts
}
