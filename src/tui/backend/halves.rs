//! Wide glyphs in a frame, before it is compared with the one before: where the right half of one lies, the
//! frame says so, too.

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// Blanks what a wide glyph covers, in the glyph's style; one whose right half something else was drawn over,
/// or that does not fit, is blanked itself.
pub fn settle(frame: &mut Buffer) {
    let columns = usize::from(frame.area.width);
    for row in frame.content.chunks_mut(columns.max(1)) {
        let mut x = 0;
        while x < row.len() {
            let width = row[x].symbol().width().max(1);
            let end = x + width;
            let is_whole =
                end <= row.len() && row[x + 1..end].iter().all(|cell| cell.symbol() == " ");
            if width > 1 && is_whole {
                let mut right = row[x].clone();
                right.set_symbol(" ");
                row[x + 1..end].fill(right);
            } else if width > 1 {
                row[x].set_symbol(" ");
            }
            x = if is_whole { end } else { x + 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn half_a_glyph_is_blanked_and_a_whole_one_owns_what_it_covers() {
        let mut frame = Buffer::with_lines(["a日b日日"]);
        frame.set_string(1, 0, "日", Style::new().on_blue());
        frame.set_string(5, 0, "│", Style::new());
        settle(&mut frame);
        let mut meant = Buffer::with_lines(["a日b │日"]);
        meant.set_style(ratatui::layout::Rect::new(1, 0, 2, 1), Style::new().on_blue());
        assert_eq!(frame, meant);
    }
}
