//! What the command line writes: sentences, tables and JSON. Nothing from the database reaches a
//! terminal with control characters in it.

use std::fmt::Display;
use std::io::{self, Write};

use chrono::Utc;
use serde::Serialize;
use serde_json::ser::Formatter;
use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use crate::texts::is_steering;

/// Writes to standard output and makes sure that it has arrived.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::ReaderGone,
        _ => Failure::Output(error),
    })
}

/// A line on standard error; where nobody listens there is nobody to tell.
pub(super) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", plain_lines(line));
}

/// A line of a service's journal, with the moment it is said.
pub(super) fn journal(line: &str) {
    note(&format!("{} {line}", Utc::now().format("%Y-%m-%dT%H:%M:%SZ")));
}

/// A list as JSON, one object a line.
pub(super) fn json_list<T: Serialize>(items: &[T]) -> Result<String, Failure> {
    let mut list = JsonList::default();
    Ok(list.more(items)? + list.end())
}

/// A list as JSON, one object a line, that is written as it comes.
#[derive(Default)]
pub(super) enum JsonList {
    #[default]
    Empty,
    Begun,
}

impl JsonList {
    /// The text of more objects.
    pub(super) fn more<T: Serialize>(&mut self, items: &[T]) -> Result<String, Failure> {
        let mut text = String::new();
        for item in items {
            text.push_str(match std::mem::replace(self, Self::Begun) {
                Self::Empty => "[\n  ",
                Self::Begun => ",\n  ",
            });
            text.push_str(&json(item)?);
        }
        Ok(text)
    }

    /// The text that ends it.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Empty => "[]\n",
            Self::Begun => "\n]\n",
        }
    }
}

/// One object as JSON on a line.
pub(super) fn json_line<T: Serialize>(item: &T) -> Result<String, Failure> {
    Ok(json(item)? + "\n")
}

fn json<T: Serialize>(item: &T) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Spaced);
    let written = item.serialize(&mut serializer).map_err(io::Error::from);
    written
        .and_then(|()| String::from_utf8(bytes).map_err(io::Error::other))
        .map_err(Failure::Output)
}

/// JSON on one line with a space after each comma and colon.
struct Spaced;

impl Spaced {
    fn comma<W: ?Sized + Write>(writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }
}

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        Self::comma(w, first)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        Self::comma(w, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }
}

/// Rows under a head, in columns; `nothing` where there are no rows.
pub(super) fn table<const N: usize>(
    head: [&str; N],
    rows: &[[String; N]],
    nothing: &str,
) -> String {
    if rows.is_empty() {
        return format!("{nothing}\n");
    }
    let rows = || rows.iter().map(|row| row.each_ref().map(String::as_str));
    let mut columns = Columns::under(head);
    rows().for_each(|row| columns.make_room_for(row));
    std::iter::once(head).chain(rows()).map(|row| columns.line(row)).collect()
}

/// How wide the columns of a table are.
pub(super) struct Columns<const N: usize>([usize; N]);

impl<const N: usize> Columns<N> {
    /// As wide as the head.
    pub(super) fn under(head: [&str; N]) -> Self {
        Self(head.map(UnicodeWidthStr::width))
    }

    /// Wide enough for these cells, too.
    pub(super) fn make_room_for(&mut self, cells: [&str; N]) {
        for (width, cell) in self.0.iter_mut().zip(cells) {
            *width = (*width).max(plain(cell).width());
        }
    }

    /// A row of cells as a line, without what steers a terminal.
    pub(super) fn line(&self, cells: [&str; N]) -> String {
        let mut line = String::new();
        for (cell, width) in cells.into_iter().zip(self.0) {
            let cell = plain(cell);
            line.push_str(&cell);
            line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        format!("{}\n", line.trim_end())
    }
}

/// A sentence, and each thing that it tells of on a line of its own.
pub(super) fn listed<T: Display>(mut sentence: String, things: &[T]) -> String {
    for thing in things {
        sentence.push_str("\n  ");
        sentence.push_str(&plain(&thing.to_string()));
    }
    sentence
}

/// The text without what steers a terminal or turns the direction of writing.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|letter| if is_steering(letter) { '\u{fffd}' } else { letter }).collect()
}

/// The same, line by line.
pub(super) fn plain_lines(text: &str) -> String {
    text.split('\n').map(plain).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_not_written() {
        assert_eq!(
            plain("a\u{1b}[31mb\r\n\u{9b}c\u{202e}d"),
            "a\u{fffd}[31mb\u{fffd}\u{fffd}\u{fffd}c\u{fffd}d"
        );
        assert_eq!(plain("Åsa Öberg – 10:05"), "Åsa Öberg – 10:05");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["CÅ".into(), "x".into()], ["Anna".into(), "y".into()]];
        assert_eq!(table(["Namn", "K"], &rows, "inget"), "Namn  K\nCÅ    x\nAnna  y\n");
        assert_eq!(table(["Namn", "K"], &[], "inget"), "inget\n");
    }

    #[test]
    fn a_list_is_one_object_a_line() {
        let list = [serde_json::json!({"a": [1, 2], "b": "å"}), serde_json::json!({})];
        assert_eq!(json_list(&list).unwrap(), "[\n  {\"a\": [1, 2], \"b\": \"å\"},\n  {}\n]\n");
        assert_eq!(json_list::<u8>(&[]).unwrap(), "[]\n");
    }
}
