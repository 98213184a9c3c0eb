//! A store and its transactions: the one place that knows which driver is at work.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;

use super::error::StoreError;
use super::location::{DatabaseLocation, OpenMode};
use super::migration::Pending;
use super::question::{Answers, Question};
use super::repository::{Assumed, AuditHeads, Polled};
use super::value::{Row, Statement, Value, Write};
use super::{sqlite, sqlserver};

/// An open database. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    driver: Arc<Driver>,
    assumed: Arc<Assumed>,
    watch: Option<Watch>,
}

/// Is told of each request that is sent, and waited for, with the SQL of its statements; values stay
/// out of it.
pub type Watch = Arc<dyn Fn(&[&str]) + Send + Sync>;

fn told(watch: Option<&Watch>, statements: &[&str]) {
    if let Some(watch) = watch {
        watch(statements);
    }
}

fn told_of(watch: Option<&Watch>, statements: &[Statement]) {
    if watch.is_some() {
        let sql: Vec<&str> = statements.iter().map(|statement| &*statement.sql).collect();
        told(watch, &sql);
    }
}

enum Driver {
    Sqlite(sqlite::Database),
    SqlServer(sqlserver::Database),
}

impl Store {
    /// Opens a database, making it or bringing its schema up to date where the mode says so.
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
        Ok(Self { driver: Arc::new(driver), assumed: Arc::default(), watch: None })
    }

    /// The same database, its requests watched.
    #[must_use]
    pub fn watched(&self, watch: Watch) -> Self {
        Self { watch: Some(watch), ..self.clone() }
    }

    fn session(&self, driver: DriverSession) -> Session {
        Session {
            driver,
            assumed: Arc::clone(&self.assumed),
            watch: self.watch.clone(),
            heads: AuditHeads::default(),
            gathered: None,
        }
    }

    /// One consistent snapshot, taken by the first question at the latest, until the reading is dropped.
    /// Only a database of a server that allows no snapshots is seen by each question as it then is.
    ///
    /// # Errors
    /// What opening a connection or the engine meets.
    pub async fn read(&self) -> Result<Reading, StoreError> {
        let session = match &*self.driver {
            Driver::Sqlite(database) => DriverSession::Sqlite(database.read().await?),
            Driver::SqlServer(database) => {
                told(self.watch.as_ref(), &["BEGIN"]);
                DriverSession::SqlServer(database.read().await?)
            }
        };
        Ok(Reading { session: self.session(session) })
    }

    /// A write transaction; rolled back when dropped without [`Transaction::commit`].
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::Locked`] after ten seconds of waiting,
    /// [`StoreError::Corrupt`] where the file is found damaged before the first write.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        told(self.watch.as_ref(), &["BEGIN"]);
        let session = match &*self.driver {
            Driver::Sqlite(database) => DriverSession::Sqlite(database.begin().await?),
            Driver::SqlServer(database) => DriverSession::SqlServer(database.begin().await?),
        };
        Ok(Transaction { session: self.session(session) })
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

    /// The same of a database whose schema may be older than this program's: the copy has that schema, too.
    /// Whoever calls this has seen to who may.
    ///
    /// # Errors
    /// As [`Store::back_up`]; a newer schema is refused.
    pub async fn back_up_unread(location: &DatabaseLocation, to: &Path) -> Result<(), StoreError> {
        match location {
            DatabaseLocation::Sqlite(path) => sqlite::Database::back_up_unread(path, to).await,
            DatabaseLocation::SqlServer(_) => Err(StoreError::NoFile),
        }
    }

    /// Writes a SQLite database's file anew, without what was erased from it; a server keeps no such
    /// remains in reach.
    ///
    /// # Errors
    /// What the file meets, such as another process at work in it for long.
    pub async fn overwrite_erased(&self) -> Result<(), StoreError> {
        match &*self.driver {
            Driver::Sqlite(database) => database.overwrite_erased().await,
            Driver::SqlServer(_) => Ok(()),
        }
    }

    /// All revisions and the agent's pulse, in one round trip: what is asked every second.
    ///
    /// # Errors
    /// What opening a connection or the engine meets.
    pub async fn poll(&self) -> Result<Polled, StoreError> {
        let database = match &*self.driver {
            Driver::Sqlite(_) => return self.read().await?.poll().await,
            Driver::SqlServer(database) => database,
        };
        let (statements, read) = Polled::question().into_parts();
        told_of(self.watch.as_ref(), &statements);
        read(&mut Answers::new(database.read_once(statements).await?))
    }

    /// Whether whoever reads at a server is given what was committed last, and waits for no writer
    /// (`READ_COMMITTED_SNAPSHOT`). `None` for a file, and where the server does not say: it may not know
    /// the question, or not answer it to this login.
    pub async fn reads_what_is_committed(&self) -> Option<bool> {
        match &*self.driver {
            Driver::Sqlite(_) => None,
            Driver::SqlServer(database) => database.reads_what_is_committed().await,
        }
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
    pub(super) assumed: Arc<Assumed>,
    watch: Option<Watch>,
    pub(super) heads: AuditHeads,
    /// Changes not yet sent, where they are gathered.
    gathered: Option<Vec<Write>>,
}

impl Session {
    /// Sends a question in one request, however many statements it is, and reads the answer.
    pub(crate) async fn ask<T: 'static>(&mut self, question: Question<T>) -> Result<T, StoreError> {
        self.send_gathered().await?;
        let (statements, read) = question.into_parts();
        told_of(self.watch.as_ref(), &statements);
        let sets = match &mut self.driver {
            DriverSession::Sqlite(lease) => lease.query(statements).await,
            DriverSession::SqlServer(lease) => lease.query(statements).await,
        }?;
        read(&mut Answers::new(sets))
    }

    pub(crate) async fn query(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        parameters: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        self.ask(Question::new(sql, parameters, Ok)).await
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
    /// no stored value; empty where nothing is. `None` for a server's: whoever looks after it looks
    /// there, with rights of theirs.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it can't even look.
    pub async fn integrity_faults(&mut self) -> Result<Option<Vec<String>>, StoreError> {
        let rows = match &self.driver {
            DriverSession::Sqlite(_) => self.query("PRAGMA quick_check(20)", Vec::new()).await?,
            DriverSession::SqlServer(_) => return Ok(None),
        };
        let told = rows.into_iter().map(|row| row.columns("quick_check").text());
        let told = told.collect::<Result<Vec<_>, _>>()?;
        Ok(Some(told.into_iter().filter(|line| line != "ok").collect()))
    }

    /// The number of rows changed.
    pub(crate) async fn execute(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        parameters: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.send_gathered().await?;
        let statement = Statement { sql: sql.into(), parameters };
        let counts = self.send(vec![statement]).await?;
        Ok(counts.into_iter().sum())
    }

    async fn send(&mut self, statements: Vec<Statement>) -> Result<Vec<u64>, StoreError> {
        told_of(self.watch.as_ref(), &statements);
        match &mut self.driver {
            DriverSession::Sqlite(lease) => lease.execute(statements).await,
            DriverSession::SqlServer(lease) => lease.execute(statements).await,
        }
    }

    /// Changes rows, at once or along with the others that are gathered.
    pub(crate) async fn write(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        parameters: Vec<Value>,
    ) -> Result<(), StoreError> {
        let statement = Statement { sql: sql.into(), parameters };
        self.put(Write { statement, entity: None }).await
    }

    /// Changes exactly one row, or says which entity is gone; at once or along with others.
    pub(crate) async fn execute_one(
        &mut self,
        entity: impl FnOnce() -> String,
        sql: &'static str,
        parameters: Vec<Value>,
    ) -> Result<(), StoreError> {
        let statement = Statement { sql: sql.into(), parameters };
        self.put(Write { statement, entity: Some(entity()) }).await
    }

    async fn put(&mut self, write: Write) -> Result<(), StoreError> {
        match &mut self.gathered {
            Some(gathered) => {
                gathered.push(write);
                Ok(())
            }
            None => self.send_all(vec![write]).await,
        }
    }

    async fn send_all(&mut self, writes: Vec<Write>) -> Result<(), StoreError> {
        let statements = writes.iter().map(|write| write.statement.clone()).collect();
        let counts = self.send(statements).await?;
        writes.iter().zip(counts).try_for_each(|(write, count)| write.check(count))
    }

    /// Sends what has been gathered, in one request; what goes wrong with it comes to light here.
    pub(crate) async fn send_gathered(&mut self) -> Result<(), StoreError> {
        match &mut self.gathered {
            Some(gathered) if !gathered.is_empty() => {
                let writes = std::mem::take(gathered);
                self.send_all(writes).await
            }
            _ => Ok(()),
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
    /// From now on changes are gathered and sent together: before the next question, or with the
    /// commit. What goes wrong with one comes to light then.
    pub fn gather(&mut self) {
        self.session.gathered.get_or_insert_default();
    }

    /// Makes the changes last: when this returns they are on the disk.
    ///
    /// # Errors
    /// What the engine meets; nothing has changed then, except after
    /// [`StoreError::ConnectionLost`], where the command's id tells.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.session.send_gathered().await?;
        told(self.session.watch.as_ref(), &["COMMIT"]);
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
