//! Everything of one store into another that is empty, whichever engines they are.
//!
//! The source is read in one snapshot, the target written in one transaction, which also holds the
//! comparison of every row: what is cut short at any moment leaves the target as empty as it was, and a
//! target that holds a clinic holds all of it. Where a server allows no snapshots, the comparison reads
//! the source once more, after all has been read for the first time: what has changed in between shows.

mod rows;
mod tables;

use std::fs;

use thiserror::Error;

use self::rows::Pages;
use self::tables::{TABLES, Table};
use super::error::StoreError;
use super::location::{DatabaseLocation, OpenMode, ServerLocation};
use super::session::{Reading, Session, Store, Transaction};

/// Why nothing was copied.
#[derive(Debug, Error)]
pub enum CopyError {
    #[error("both names lead to the same database: name another to copy to")]
    Same,

    /// There is something in the target.
    #[error(
        "the database to copy to holds something already (table {table}), nothing was changed: name a new file, an empty database of a server, or another schema there (schema=NAME)"
    )]
    NotEmpty { table: &'static str },

    /// The target was made by an older program.
    #[error(
        "the database to copy to has the older schema {found}, this program needs {known}, nothing was changed: run `tidbok migrate` on it first, or name a new one"
    )]
    OlderTarget { found: i64, known: i64 },

    #[error("the database to copy from, nothing was copied: {0}")]
    Source(#[source] StoreError),

    #[error("the database to copy to, nothing was copied: {0}")]
    Target(#[source] StoreError),

    #[error("the connection to the database to copy from was lost, nothing was copied: try again")]
    SourceLost,

    #[error("the connection to the database to copy to was lost, nothing was copied: try again")]
    TargetLost,

    /// A row of a table is not in the target as it is in the source.
    #[error(
        "the copy differs from the source in table {table} ({rows} rows), so nothing was kept: if somebody works on a server that allows no snapshots, copy when nobody does, or allow them there (ALLOW_SNAPSHOT_ISOLATION)"
    )]
    Differs { table: &'static str, rows: u64 },

    /// The answer to the last step was lost.
    #[error(
        "the connection was lost at the very end: the database to copy to holds either everything or nothing; `tidbok status` on it tells which, and where it is nothing, copy again"
    )]
    Unanswered,
}

/// What is being done with the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyStep {
    Copying,
    /// Every row is looked up in the target and compared.
    Comparing,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyProgress {
    pub step: CopyStep,
    pub table: &'static str,
    /// Rows of the table that are done.
    pub rows: u64,
    /// How far the table is.
    pub reached: Reached,
}

/// How far a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    Midway,
    End,
}

/// How many rows each table has, in the order of copying.
pub type RowCounts = Vec<(&'static str, u64)>;

fn of_source(error: StoreError) -> CopyError {
    match error {
        StoreError::ConnectionLost => CopyError::SourceLost,
        error => CopyError::Source(error),
    }
}

fn of_target(error: StoreError) -> CopyError {
    match error {
        StoreError::ConnectionLost => CopyError::TargetLost,
        error => CopyError::Target(error),
    }
}

/// How many rows there are to copy.
///
/// # Errors
/// [`CopyError::Source`].
pub async fn rows_to_copy(source: &Store) -> Result<RowCounts, CopyError> {
    let mut reading = source.read().await.map_err(of_source)?;
    let mut counts = Vec::new();
    for table in TABLES {
        let count = rows::count(&mut reading, table).await.map_err(of_source)?;
        counts.push((table.name, count));
    }
    Ok(counts)
}

/// Whether one may be copied into the other. Neither is altered, and nothing is made.
///
/// # Errors
/// [`CopyError`].
pub async fn may_copy(from: &DatabaseLocation, to: &DatabaseLocation) -> Result<(), CopyError> {
    if same(from, to) {
        return Err(CopyError::Same);
    }
    let pending = match Store::pending(to).await {
        Ok(pending) => pending,
        Err(StoreError::Missing { .. }) => return Ok(()),
        Err(error) => return Err(of_target(error)),
    };
    match (pending.found, pending.known) {
        (0, _) => Ok(()),
        (found, known) if found < known => Err(CopyError::OlderTarget { found, known }),
        _ => {
            let open = Store::open(to, OpenMode::ReadOnly);
            let target = open.await.map_err(of_target)?;
            let mut reading = target.read().await.map_err(of_target)?;
            let empty = refuse_filled(&mut reading).await;
            drop(reading);
            target.close().await;
            empty
        }
    }
}

/// Whether both are one database, as far as their names tell.
fn same(from: &DatabaseLocation, to: &DatabaseLocation) -> bool {
    match (from, to) {
        (DatabaseLocation::Sqlite(from), DatabaseLocation::Sqlite(to)) => {
            let real = |path| fs::canonicalize(path).ok();
            from == to || real(from).is_some_and(|from| real(to) == Some(from))
        }
        (DatabaseLocation::SqlServer(from), DatabaseLocation::SqlServer(to)) => {
            let place = |server: &ServerLocation| {
                let names = [&server.server(), &server.database, &server.schema];
                names.map(|name| name.to_lowercase())
            };
            place(from) == place(to)
        }
        _ => false,
    }
}

async fn refuse_filled(session: &mut Session) -> Result<(), CopyError> {
    for table in TABLES {
        if rows::has_rows(session, table).await.map_err(of_target)? {
            return Err(CopyError::NotEmpty { table: table.name });
        }
    }
    Ok(())
}

/// Copies everything, compares it row by row, and only then makes it last.
///
/// # Errors
/// [`CopyError`]; the target is then as it was, but for [`CopyError::Unanswered`].
pub async fn copy(
    source: &Store,
    target: &Store,
    mut tell: impl FnMut(CopyProgress),
) -> Result<RowCounts, CopyError> {
    let mut reading = source.read().await.map_err(of_source)?;
    let mut writing = target.begin().await.map_err(of_target)?;
    refuse_filled(&mut writing).await?;
    for table in TABLES {
        copy_table(&mut reading, &mut writing, table, &mut tell).await?;
    }
    let mut counts = Vec::new();
    for table in TABLES {
        let count = compare_table(&mut reading, &mut writing, table, &mut tell).await?;
        counts.push((table.name, count));
    }
    writing.commit().await.map_err(|error| match error {
        StoreError::ConnectionLost => CopyError::Unanswered,
        error => of_target(error),
    })?;
    Ok(counts)
}

async fn copy_table(
    reading: &mut Reading,
    writing: &mut Transaction,
    table: &Table,
    tell: &mut impl FnMut(CopyProgress),
) -> Result<(), CopyError> {
    let mut pages = Pages::of(table);
    let mut teller = Teller::new(CopyStep::Copying, table);
    loop {
        let page = pages.next(reading).await.map_err(of_source)?;
        if page.is_empty() {
            teller.end(tell);
            return Ok(());
        }
        rows::insert(writing, table, &page).await.map_err(|error| match error {
            // It was empty: somebody else has begun to fill it.
            StoreError::Duplicate { .. } if table.name == TABLES[0].name => {
                CopyError::NotEmpty { table: table.name }
            }
            error => of_target(error),
        })?;
        teller.page(page.len(), tell);
    }
}

/// How many rows there are.
async fn compare_table(
    reading: &mut Reading,
    writing: &mut Transaction,
    table: &Table,
    tell: &mut impl FnMut(CopyProgress),
) -> Result<u64, CopyError> {
    let differs = |rows: u64| CopyError::Differs { table: table.name, rows };
    let mut pages = Pages::of(table);
    let mut teller = Teller::new(CopyStep::Comparing, table);
    loop {
        let page = pages.next(reading).await.map_err(of_source)?;
        if page.is_empty() {
            break;
        }
        let missing = rows::missing(writing, table, &page).await.map_err(of_target)?;
        if missing > 0 {
            return Err(differs(missing as u64));
        }
        teller.page(page.len(), tell);
    }
    let there = rows::count(writing, table).await.map_err(of_target)?;
    match there.abs_diff(teller.rows) {
        0 => {
            teller.end(tell);
            Ok(there)
        }
        more => Err(differs(more)),
    }
}

/// Tells how far a table is.
struct Teller {
    step: CopyStep,
    table: &'static str,
    rows: u64,
}

impl Teller {
    fn new(step: CopyStep, table: &Table) -> Self {
        Self { step, table: table.name, rows: 0 }
    }

    fn page(&mut self, rows: usize, tell: &mut impl FnMut(CopyProgress)) {
        self.rows += rows as u64;
        tell(self.progress(Reached::Midway));
    }

    fn end(&self, tell: &mut impl FnMut(CopyProgress)) {
        tell(self.progress(Reached::End));
    }

    fn progress(&self, reached: Reached) -> CopyProgress {
        CopyProgress { step: self.step, table: self.table, rows: self.rows, reached }
    }
}
