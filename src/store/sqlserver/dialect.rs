//! The store's SQL as T-SQL: tables get their schema, NULLs stand as literals (a parameter that is NULL
//! has no type the server could tell), and row limits stand in front.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::migrate;
use crate::store::value::Value;

/// The tables there are, as the migrations make them.
static TABLES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    migrate::texts()
        .flat_map(|sql| sql.split("CREATE TABLE tidbok.").skip(1))
        .map(|rest| rest.split([' ', '(', '\n']).next().unwrap_or_default())
        .collect()
});

/// All tables by name.
#[cfg(test)]
pub(in crate::store) fn tables() -> impl Iterator<Item = &'static str> {
    TABLES.iter().copied()
}

/// A statement as the server takes it, its parameters numbered after the `earlier` ones of a request.
pub(super) fn translated(sql: &str, parameters: &[Value], earlier: usize, schema: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 64);
    let mut before = Word::Other;
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '\'' => rest[1..].find('\'').map_or(rest.len(), |at| at + 2),
            c if is_of_word(c) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        if !is_of_word(first) {
            // A space or a comma does not end a list of tables; anything else does.
            let continues = first.is_whitespace() || (first == ',' && before == Word::Table);
            before = match before {
                Word::Table if first == ',' => Word::Introduces,
                same if continues => same,
                _ => Word::Other,
            };
            out.push_str(piece);
            continue;
        }
        before = match before {
            Word::Introduces if TABLES.contains(piece) => {
                out.push_str(schema);
                out.push('.');
                out.push_str(piece);
                Word::Table
            }
            _ => {
                out.push_str(&parameter(piece, parameters, earlier));
                Word::of(piece)
            }
        };
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// What follows is a table.
    Introduces,
    Table,
    Other,
}

impl Word {
    fn of(word: &str) -> Self {
        let introduces = ["FROM", "JOIN", "INTO", "UPDATE"];
        match introduces.iter().any(|known| word.eq_ignore_ascii_case(known)) {
            true => Word::Introduces,
            false => Word::Other,
        }
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '@'
}

fn parameter<'a>(word: &'a str, parameters: &[Value], earlier: usize) -> Cow<'a, str> {
    let place = word.strip_prefix("@P").and_then(|number| number.parse::<usize>().ok());
    let Some(place) = place else { return Cow::Borrowed(word) };
    match place.checked_sub(1).and_then(|index| parameters.get(index)) {
        Some(Value::Null) => Cow::Borrowed("NULL"),
        _ if earlier == 0 => Cow::Borrowed(word),
        _ => Cow::Owned(format!("@P{}", place + earlier)),
    }
}

/// A migration's text for the schema and the collation of ids that are asked for.
pub(super) fn for_place(sql: &str, schema: &str, collation: &str) -> String {
    let ids = format!("NVARCHAR(200) COLLATE {collation}");
    sql.replace("tidbok.", &format!("{schema}."))
        .replace("NVARCHAR(200) COLLATE Latin1_General_BIN2", &ids)
}

/// The SELECT with at most its first rows.
pub(super) fn limited(sql: &str, rows: u32) -> String {
    match sql.strip_prefix("SELECT DISTINCT ") {
        Some(rest) => format!("SELECT DISTINCT TOP ({rows}) {rest}"),
        None => match sql.strip_prefix("SELECT ") {
            Some(rest) => format!("SELECT TOP ({rows}) {rest}"),
            None => sql.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sql: &str, parameters: &[Value]) -> String {
        translated(sql, parameters, 0, "s")
    }

    #[test]
    fn parameters_are_numbered_through_the_statements_of_a_request() {
        let told = translated("SELECT a FROM b WHERE c = @P1 OR d = @P12", &[], 3, "s");
        assert_eq!(told, "SELECT a FROM b WHERE c = @P4 OR d = @P15");
    }

    #[test]
    fn tables_get_their_schema_and_columns_of_the_same_name_do_not() {
        for (sql, expected) in [
            ("SELECT category FROM booking", "SELECT category FROM s.booking"),
            (
                "UPDATE booking SET category = @P1 WHERE patient IN (SELECT id FROM patient)",
                "UPDATE s.booking SET category = @P1 WHERE patient IN (SELECT id FROM s.patient)",
            ),
            ("SELECT b.id FROM booking b, patient p", "SELECT b.id FROM s.booking b, patient p"),
            ("SELECT 1 FROM booking, patient", "SELECT 1 FROM s.booking, s.patient"),
            ("INSERT INTO category (id) VALUES (@P1)", "INSERT INTO s.category (id) VALUES (@P1)"),
            ("SELECT 'FROM booking' FROM found", "SELECT 'FROM booking' FROM found"),
            ("DELETE FROM revision", "DELETE FROM s.revision"),
        ] {
            assert_eq!(told(sql, &[]), expected);
        }
    }

    #[test]
    fn a_null_is_written_into_the_statement() {
        let parameters = [Value::Integer(1), Value::Null];
        let sql = "INSERT INTO settings (a, b, c) VALUES (@P1, @P2, @P22)";
        let expected = "INSERT INTO s.settings (a, b, c) VALUES (@P1, NULL, @P22)";
        assert_eq!(told(sql, &parameters), expected);
    }

    #[test]
    fn a_limit_stands_in_front() {
        assert_eq!(limited("SELECT a FROM b", 3), "SELECT TOP (3) a FROM b");
        assert_eq!(limited("SELECT DISTINCT a FROM b", 3), "SELECT DISTINCT TOP (3) a FROM b");
    }
}
