//! A page of the handbook, set to the width of the screen.

use crate::texts::{Block, Topic, blocks};
use crate::tui::model::Model;
use crate::tui::sanitise::{broken, width, wrap};
use crate::tui::theme::Role;

use super::panel::{Line, Panel, Place};

/// Columns that a page takes at most.
const WIDEST: usize = 72;
/// Columns by which commands stand in from the text.
const INDENT: usize = 2;

/// The page as a panel to read.
pub(super) fn panel(model: &Model, topic: Topic) -> Panel {
    let columns = WIDEST.min(usize::from(model.size.0).saturating_sub(8));
    let text = topic.text(model.language, |action| model.keymap.key_named(action));
    let mut lines: Vec<Line> = Vec::new();
    // The first is the title, which the frame has.
    let mut above = None;
    let blocks = blocks(&text);
    for block in blocks.iter().skip(1) {
        if above.is_some_and(|above| stands_clear(block, above)) {
            lines.push(Line::default());
        }
        lines.extend(set(block, columns));
        above = Some(block);
    }
    let title = topic.title(model.language);
    Panel { keep: (columns, 0), ..Panel::new(title, Place::Centre, lines) }
}

/// Whether there is an empty line between two blocks: not between entries of one list.
fn stands_clear(block: &Block, above: &Block) -> bool {
    !matches!((above, block), (Block::Item(..), Block::Item(..)))
}

fn set(block: &Block, columns: usize) -> Vec<Line> {
    let lines = |texts: Vec<String>, role| -> Vec<Line> {
        texts.into_iter().map(|text| Line::new(text, role)).collect()
    };
    match block {
        Block::Heading(text) => lines(wrap(text, columns), Role::Strong),
        Block::Paragraph(text) => lines(wrap(text, columns), Role::Plain),
        Block::Item(mark, text) => hanging(mark, text, columns),
        Block::Verbatim(kept) => {
            let broken = kept.iter().flat_map(|line| broken(line, columns.saturating_sub(INDENT)));
            lines(broken.map(|line| format!("{}{line}", " ".repeat(INDENT))).collect(), Role::Key)
        }
    }
}

/// An entry whose lines begin beside its mark.
fn hanging(mark: &str, text: &str, columns: usize) -> Vec<Line> {
    let indent = width(mark) + 1;
    let wrapped = wrap(text, columns.saturating_sub(indent));
    let line = |(at, text): (usize, String)| {
        let before = if at == 0 { format!("{mark} ") } else { " ".repeat(indent) };
        Line::new(before, Role::Key).and(text, Role::Plain)
    };
    wrapped.into_iter().enumerate().map(line).collect()
}
