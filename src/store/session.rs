//! A store and its transactions: the one place that knows which driver is at work.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;

use super::error::StoreError;
use super::location::{DatabaseLocation, OpenMode};
use super::migration::Pending;
use super::repository::Revisions;
use super::value::{Row, Statement, Value};
use super::{sqlite, sqlserver};

/// An open database. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    driver: Arc<Driver>,
}

enum Driver {
    Sqlite(sqlite::Database),
    SqlServer(sqlserver::Database),
}

impl Store {
    /// Opens a database and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Missing`] and [`StoreError::NoFolder`] where there is nothing to open; what the
    /// file turns out to be otherwise. A file that is damaged, newer or not ours is left untouched.
    pub async fn open(location: &DatabaseLocation, mode: OpenMode) -> Result<Self, StoreError> {
        let driver = match location {
            DatabaseLocation::Sqlite(path) => {
                Driver::Sqlite(sqlite::Database::open(path, mode).await?)
            }
            DatabaseLocation::SqlServer(server) => {
                Driver::SqlServer(sqlserver::Database::open(server, mode).await?)
            }
        };
        Ok(Self { driver: Arc::new(driver) })
    }

    /// One consistent snapshot, taken by the first question at the latest, until the reading is dropped.
    /// Only a database of a server that allows no snapshots is seen by each question as it then is.
    ///
    /// # Errors
    /// What opening a connection or the engine meets.
    pub async fn read(&self) -> Result<Reading, StoreError> {
        let session = match &*self.driver {
            Driver::Sqlite(database) => DriverSession::Sqlite(database.read().await?),
            Driver::SqlServer(database) => DriverSession::SqlServer(database.read().await?),
        };
        Ok(Reading { session: Session { driver: session } })
    }

    /// A write transaction; rolled back when dropped without [`Transaction::commit`].
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::Locked`] after ten seconds of waiting,
    /// [`StoreError::Corrupt`] where the file is found damaged before the first write.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let session = match &*self.driver {
            Driver::Sqlite(database) => DriverSession::Sqlite(database.begin().await?),
            Driver::SqlServer(database) => DriverSession::SqlServer(database.begin().await?),
        };
        Ok(Transaction { session: Session { driver: session } })
    }

    /// What the schema of a database lacks; nothing is altered.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn pending(location: &DatabaseLocation) -> Result<Pending, StoreError> {
        match location {
            DatabaseLocation::Sqlite(path) => sqlite::Database::pending(path).await,
            DatabaseLocation::SqlServer(server) => sqlserver::Database::pending(server).await,
        }
    }

    /// A script with what each login to a server needs; `None` where there are no logins.
    pub fn grants(location: &DatabaseLocation) -> Option<String> {
        match location {
            DatabaseLocation::Sqlite(_) => None,
            DatabaseLocation::SqlServer(server) => Some(sqlserver::grants(server)),
        }
    }

    /// Copies a SQLite database into a new file while others work on it; a server's is backed up there.
    ///
    /// # Errors
    /// What the two files meet; a file that is there is refused.
    pub async fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        match &*self.driver {
            Driver::Sqlite(database) => database.back_up(to).await,
            Driver::SqlServer(_) => Err(StoreError::NoFile),
        }
    }

    /// All revisions, in one round trip: what is asked every second.
    ///
    /// # Errors
    /// What opening a connection or the engine meets.
    pub async fn revisions(&self) -> Result<Revisions, StoreError> {
        let rows = match &*self.driver {
            Driver::Sqlite(_) => return self.read().await?.revisions().await,
            Driver::SqlServer(database) => database.read_once(Revisions::statement()).await?,
        };
        Revisions::read(rows)
    }

    /// Closes the connections and waits for it, so that the database is one tidy file again. Does
    /// nothing where other clones are left; skipping it loses nothing that was committed.
    pub async fn close(self) {
        match Arc::into_inner(self.driver) {
            Some(Driver::Sqlite(database)) => database.close().await,
            Some(Driver::SqlServer(database)) => database.close().await,
            None => {}
        }
    }
}

enum DriverSession {
    Sqlite(sqlite::Lease),
    SqlServer(sqlserver::Lease),
}

/// A connection inside a transaction; the repository's queries are its methods.
pub struct Session {
    driver: DriverSession,
}

impl Session {
    pub(crate) async fn query(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let statement = Statement { sql: sql.into(), parameters };
        match &mut self.driver {
            DriverSession::Sqlite(lease) => lease.query(statement).await,
            DriverSession::SqlServer(lease) => lease.query(statement).await,
        }
    }

    /// At most the first `limit` rows; how a limit is written differs between engines.
    pub(crate) async fn query_first(
        &mut self,
        sql: String,
        parameters: Vec<Value>,
        limit: Option<u32>,
    ) -> Result<Vec<Row>, StoreError> {
        let Some(limit) = limit else { return self.query(sql, parameters).await };
        let limited = match &self.driver {
            DriverSession::Sqlite(_) => format!("{sql} LIMIT {limit}"),
            DriverSession::SqlServer(_) => sqlserver::Lease::limited(&sql, limit),
        };
        self.query(limited, parameters).await
    }

    /// Rows of so many columns that one statement may write or name.
    pub(crate) fn rows_at_once(&self, columns: usize) -> usize {
        match &self.driver {
            DriverSession::Sqlite(_) => sqlite::Lease::rows_at_once(columns),
            DriverSession::SqlServer(_) => sqlserver::Lease::rows_at_once(columns),
        }
    }

    /// What the engine finds wrong in its own files, in its words, which name tables and indices and
    /// no stored value; empty where nothing is.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it can't even look.
    pub async fn integrity_faults(&mut self) -> Result<Vec<String>, StoreError> {
        let rows = match &self.driver {
            DriverSession::Sqlite(_) => self.query("PRAGMA quick_check(20)", Vec::new()).await?,
            // Whoever looks after the server does so there, with rights of theirs.
            DriverSession::SqlServer(_) => return Ok(Vec::new()),
        };
        let told = rows.into_iter().map(|row| row.columns("quick_check").text());
        let told = told.collect::<Result<Vec<_>, _>>()?;
        Ok(told.into_iter().filter(|line| line != "ok").collect())
    }

    /// The number of rows changed.
    pub(crate) async fn execute(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        parameters: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let statement = Statement { sql: sql.into(), parameters };
        match &mut self.driver {
            DriverSession::Sqlite(lease) => lease.execute(statement).await,
            DriverSession::SqlServer(lease) => lease.execute(statement).await,
        }
    }

    /// Changes exactly one row, or says which entity is gone.
    pub(crate) async fn execute_one(
        &mut self,
        entity: impl FnOnce() -> String,
        sql: &'static str,
        parameters: Vec<Value>,
    ) -> Result<(), StoreError> {
        match self.execute(sql, parameters).await? {
            1 => Ok(()),
            _ => Err(StoreError::Gone { entity: entity() }),
        }
    }
}

/// A snapshot being read.
pub struct Reading {
    session: Session,
}

/// A write transaction.
pub struct Transaction {
    session: Session,
}

impl Transaction {
    /// Makes the changes last: when this returns they are on the disk.
    ///
    /// # Errors
    /// What the engine meets; nothing has changed then, except after
    /// [`StoreError::ConnectionLost`], where the command's id tells.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.session.driver {
            DriverSession::Sqlite(lease) => lease.commit().await,
            DriverSession::SqlServer(lease) => lease.commit().await,
        }
    }
}

impl Deref for Reading {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Reading {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Deref for Transaction {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}
