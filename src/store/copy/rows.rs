//! Rows of any table: read page by page in the order of the key, written many at once, found again.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::{Kind, Table};
use crate::domain::{CivilTime, parse_date};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Row, Value, places};

/// Rows that are held in memory at once.
const PAGE: usize = 500;

/// Rows that are asked for at once by their keys.
const KEYS: usize = 250;

/// Reads a table page by page: each page goes on after the key of the last, so that none costs more
/// than another.
pub(super) struct Pages<'a> {
    table: &'a Table,
    /// The key that the next page comes after.
    after: Option<Vec<Value>>,
    ended: bool,
}

impl<'a> Pages<'a> {
    pub(super) fn of(table: &'a Table) -> Self {
        Self { table, after: None, ended: false }
    }

    /// The next rows; none at the end.
    pub(super) async fn next(
        &mut self,
        session: &mut Session,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let mut page = Vec::new();
        // After (a, b): first the others of a after b, then those after a.
        let mut shared = match &self.after {
            Some(_) => self.table.key - 1,
            None => 0,
        };
        while !self.ended && page.len() < PAGE {
            let rows = self.some(session, shared, PAGE - page.len()).await?;
            for row in rows {
                page.push(typed(self.table, row)?);
            }
            if page.len() < PAGE {
                self.ended = shared == 0;
                shared = shared.saturating_sub(1);
            }
        }
        if let Some(last) = page.last() {
            self.after = Some(last[..self.table.key].to_vec());
        }
        Ok(page)
    }

    /// Rows whose key begins with so many values of the last one's and goes on after it.
    async fn some(
        &self,
        session: &mut Session,
        shared: usize,
        most: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let names = self.table.names();
        let mut sql = format!("SELECT {} FROM {}", names.join(", "), self.table.name);
        let mut parameters = Vec::new();
        if let Some(after) = &self.after {
            let conditions = names.iter().zip(after).take(shared + 1).enumerate();
            let conditions = conditions.map(|(place, (name, value))| {
                parameters.push(value.clone());
                let compared = if place < shared { "=" } else { ">" };
                format!("{name} {compared} @P{}", place + 1)
            });
            sql.push_str(" WHERE ");
            sql.push_str(&conditions.collect::<Vec<_>>().join(" AND "));
        }
        sql.push_str(" ORDER BY ");
        sql.push_str(&names[shared..self.table.key].join(", "));
        session.query_first(sql, parameters, Some(u32::try_from(most).unwrap_or(u32::MAX))).await
    }
}

/// Times and dates as such, which every engine writes in its own way.
fn typed(table: &Table, row: Row) -> Result<Vec<Value>, StoreError> {
    let columns = table.columns().enumerate().zip(row.0);
    let values = columns.map(|((place, (_, kind)), value)| {
        let Value::Text(text) = &value else { return Ok(value) };
        let read = match kind {
            Kind::Plain => return Ok(value),
            Kind::Time => text.parse::<CivilTime>().ok().map(Value::Time),
            Kind::Date => parse_date(text).map(Value::Date),
        };
        read.ok_or(StoreError::Unreadable { table: table.name, column: place + 1 })
    });
    values.collect()
}

/// Writes rows, as many at once as the engine takes.
pub(super) async fn insert(
    session: &mut Session,
    table: &Table,
    rows: &[Vec<Value>],
) -> Result<(), StoreError> {
    let names = table.names();
    for some in rows.chunks(session.rows_at_once(names.len())) {
        let row = |at: usize| format!("({})", places(1 + at * names.len(), names.len()));
        let values = (0..some.len()).map(row).collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES {values}", table.name, names.join(", "));
        session.execute(sql, some.concat()).await?;
    }
    Ok(())
}

/// How many of the rows are not there just so.
pub(super) async fn missing(
    session: &mut Session,
    table: &Table,
    rows: &[Vec<Value>],
) -> Result<usize, StoreError> {
    let mut missing = 0;
    for some in rows.chunks(session.rows_at_once(table.key).min(KEYS)) {
        let found = with_keys_of(session, table, some).await?;
        missing += some.iter().filter(|row| !found.contains(*row)).count();
    }
    Ok(missing)
}

/// The rows with the keys of these. Asked for key by key: engines differ in the order of texts, so a
/// range of keys on one is none on another.
async fn with_keys_of(
    session: &mut Session,
    table: &Table,
    rows: &[Vec<Value>],
) -> Result<BTreeSet<Vec<Value>>, StoreError> {
    let names = table.names();
    let (shared, last) = (table.key - 1, names[table.key - 1]);
    let mut by_beginning: BTreeMap<&[Value], Vec<&Value>> = BTreeMap::new();
    for row in rows {
        by_beginning.entry(&row[..shared]).or_default().push(&row[shared]);
    }
    let mut parameters = Vec::new();
    let mut place_of = |value: &Value| {
        parameters.push(value.clone());
        format!("@P{}", parameters.len())
    };
    let mut alternatives = Vec::new();
    for (beginning, ends) in by_beginning {
        let mut condition = String::new();
        for (name, value) in names.iter().zip(beginning) {
            condition.push_str(&format!("{name} = {} AND ", place_of(value)));
        }
        let ends: Vec<String> = ends.into_iter().map(&mut place_of).collect();
        alternatives.push(format!("({condition}{last} IN ({}))", ends.join(", ")));
    }
    let (columns, alternatives) = (names.join(", "), alternatives.join(" OR "));
    let sql = format!("SELECT {columns} FROM {} WHERE {alternatives}", table.name);
    let found = session.query(sql, parameters).await?;
    found.into_iter().map(|row| typed(table, row)).collect()
}

/// How many rows the table has.
pub(super) async fn count(session: &mut Session, table: &Table) -> Result<u64, StoreError> {
    let sql = format!("SELECT COUNT(*) FROM {}", table.name);
    match session.query(sql, Vec::new()).await?.pop() {
        Some(row) => row.columns(table.name).number(),
        None => Ok(0),
    }
}

/// Whether the table has any row.
pub(super) async fn has_rows(session: &mut Session, table: &Table) -> Result<bool, StoreError> {
    let sql = format!("SELECT {} FROM {}", table.names()[0], table.name);
    Ok(!session.query_first(sql, Vec::new(), Some(1)).await?.is_empty())
}
