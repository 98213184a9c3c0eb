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
        Block::Paragraph(text) => {
            let mut role = Role::Plain;
            let wrapped = wrap(text, columns);
            wrapped.iter().map(|text| inked(Line::default(), text, &mut role)).collect()
        }
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
    let mut role = Role::Plain;
    let line = |(at, text): (usize, &String)| {
        let before = if at == 0 { format!("{mark} ") } else { " ".repeat(indent) };
        inked(Line::new(before, Role::Key), text, &mut role)
    };
    wrapped.iter().enumerate().map(line).collect()
}

/// A line with more text: what stands between backticks, a key or a command, looks like one. It may begin on
/// one line and end on the next, so the role goes along.
fn inked(line: Line, text: &str, role: &mut Role) -> Line {
    let mut pieces = text.split('`');
    let first = pieces.next().unwrap_or_default();
    pieces.fold(line.and(first, *role), |line, piece| {
        *role = if *role == Role::Key { Role::Plain } else { Role::Key };
        line.and(piece, *role)
    })
}
