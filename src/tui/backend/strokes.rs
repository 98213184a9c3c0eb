//! A frame drawn pen by pen: what has changed often lies in many small pieces with few pens, and to change
//! a pen takes more bytes than to move it. Pure.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr;

use super::hand::Hand;
use super::pen::{self, Need, Pen};

/// Cells of a row, side by side, that one pen draws.
struct Stroke {
    y: u16,
    columns: Vec<u16>,
    need: Need,
    /// The column after the last of them.
    end: u16,
}

/// Draws the changed cells, given row by row from left to right; they are in `shown` already.
pub fn draw(hand: &mut Hand, shown: &Buffer, changed: &[Position]) {
    let mut left = strokes(shown, changed);
    let mut pens: Vec<Pen> = Vec::new();
    for stroke in &left {
        if let Need::Exactly(pen) = stroke.need
            && !pens.contains(&pen)
        {
            pens.push(pen);
        }
    }
    if let Some(pen) = hand.pen() {
        left = draw_with(hand, shown, pen, left);
        pens.retain(|other| *other != pen);
    }
    while let Some(pen) = take_nearest(&mut pens, hand.pen()) {
        left = draw_with(hand, shown, pen, left);
    }
    while let Some(Need::Background(bg)) = left.first().map(|stroke| stroke.need) {
        let pen = Pen { bg, ..Pen::PLAIN };
        left = draw_with(hand, shown, pen, left);
    }
}

/// Draws the strokes that the pen serves; gives back the others.
fn draw_with(hand: &mut Hand, shown: &Buffer, pen: Pen, strokes: Vec<Stroke>) -> Vec<Stroke> {
    let (served, others): (Vec<_>, Vec<_>) =
        strokes.into_iter().partition(|stroke| stroke.need.is_met_by(pen));
    for stroke in served {
        hand.draw_stroke(shown, &stroke.columns, stroke.y, pen);
    }
    others
}

/// Takes the pen out that is the shortest to change to.
fn take_nearest(pens: &mut Vec<Pen>, from: Option<Pen>) -> Option<Pen> {
    let far = |(_, pen): &(usize, &Pen)| pen::change(from, **pen).len();
    let (nearest, _) = pens.iter().enumerate().min_by_key(far)?;
    Some(pens.remove(nearest))
}

fn strokes(shown: &Buffer, changed: &[Position]) -> Vec<Stroke> {
    let mut strokes: Vec<Stroke> = Vec::new();
    for at in changed {
        let cell = &shown[*at];
        let need = Need::of(cell);
        let end = at.x + u16::try_from(cell.symbol().width().max(1)).unwrap_or(1);
        let before = strokes.last_mut().filter(|stroke| stroke.y == at.y && stroke.end == at.x);
        match before.and_then(|stroke| Some((stroke.need.and(need)?, stroke))) {
            Some((both, stroke)) => {
                stroke.need = both;
                stroke.columns.push(at.x);
                stroke.end = end;
            }
            None => strokes.push(Stroke { y: at.y, columns: vec![at.x], need, end }),
        }
    }
    strokes
}
