//! The SQLite driver: one writer connection and a few readers, each on a thread of its own.
//!
//! Other processes write to the same file, so nothing here assumes to be alone.

mod backup;
mod busy;
mod connection;
mod files;
mod make;
mod migrate;
mod unfinished;
mod worker;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::connection::{Access, Target};
use self::worker::{Closed, Worker};
use super::OpenMode;
use super::error::StoreError;
use super::migration::Pending;
use super::value::{Row, Statement};

#[cfg(test)]
pub(in crate::store) use migrate::schema;
pub(crate) use unfinished::Unfinished;

/// Reader connections at most: a console reads a few things at a time.
const READERS: usize = 3;

/// Parameters of a statement that writes many rows.
const PARAMETERS: usize = 120;

/// How long [`Database::close`] waits for connections to close.
const CLOSING: Duration = Duration::from_secs(5);

/// An open SQLite database.
pub(super) struct Database {
    target: Target,
    writer: Arc<Pool>,
    readers: Arc<Pool>,
}

impl Database {
    /// Opens the file, making or upgrading it where the mode and the permissions allow.
    ///
    /// # Errors
    /// See [`StoreError`]; nothing is altered where the file is not ours, damaged or too new.
    pub(super) async fn open(path: &Path, mode: OpenMode) -> Result<Self, StoreError> {
        let path = path.to_owned();
        let target = tokio::task::spawn_blocking(move || connection::prepare(&path, mode))
            .await
            .map_err(|_| StoreError::ConnectionLost)??;
        // What may only be read may have to be read without locks: each reading looks afresh.
        let readers = match target.access {
            Access::ReadWrite => Afterwards::Keep,
            Access::ReadOnly => Afterwards::Close,
        };
        let (writer, readers) = (Pool::new(1, Afterwards::Keep), Pool::new(READERS, readers));
        Ok(Self { writer, readers, target })
    }

    /// What is missing from the schema; nothing is altered.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(super) async fn pending(path: &Path) -> Result<Pending, StoreError> {
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || connection::pending(&path))
            .await
            .map_err(|_| StoreError::ConnectionLost)?
    }

    /// A reader connection, whose snapshot is taken by its first question.
    pub(super) async fn read(&self) -> Result<Lease, StoreError> {
        let target = self.target.clone();
        let open = move || connection::open_reader(&target);
        Pool::lease(&self.readers, &self.target.path, open).await
    }

    /// The writer connection inside a write transaction.
    pub(super) async fn begin(&self) -> Result<Lease, StoreError> {
        if self.target.access != Access::ReadWrite {
            return Err(StoreError::ReadOnly { path: self.target.path.to_path_buf() });
        }
        let target = self.target.clone();
        let open = move || connection::open_writer(&target);
        let mut lease = Pool::lease(&self.writer, &self.target.path, open).await?;
        lease.run(connection::begin_writing).await?;
        lease.begun = true;
        Ok(lease)
    }

    /// Copies the database into a new file, as it was when it began.
    pub(super) async fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        let to = to.to_owned();
        let mut lease = self.read().await?;
        lease.run(connection::begin_reading).await?;
        lease.run(move |connection, _| backup::copy(connection, &to)).await
    }

    /// The same of a database whose schema need not be this program's, as it is.
    pub(super) async fn back_up_unread(path: &Path, to: &Path) -> Result<(), StoreError> {
        let (path, to) = (path.to_owned(), to.to_owned());
        let copying = move || {
            let (mut connection, path) = connection::open_unread(&path)?;
            connection::begin_reading(&mut connection, &path)?;
            backup::copy(&connection, &to)
        };
        tokio::task::spawn_blocking(copying).await.map_err(|_| StoreError::ConnectionLost)?
    }

    /// Writes the file anew without what was erased from it, and empties the log of writing.
    pub(super) async fn overwrite_erased(&self) -> Result<(), StoreError> {
        let target = self.target.clone();
        let open = move || connection::open_writer(&target);
        let mut lease = Pool::lease(&self.writer, &self.target.path, open).await?;
        lease.run(|connection, path| overwrite_erased(connection, path)).await
    }

    /// Closes all connections, so that no `-wal` file is left behind, and waits for it.
    pub(super) async fn close(self) {
        // One by one: two closing at once each see the other, and both leave the log lying.
        let all = async {
            for pool in [&self.readers, &self.writer] {
                while let Some(closed) = pool.next_to_close() {
                    // Closed, or the thread has ended otherwise: either way it is gone.
                    let _ = closed.await;
                }
            }
        };
        // A connection still in use elsewhere closes when it is let go.
        let _ = tokio::time::timeout(CLOSING, all).await;
    }
}

fn overwrite_erased(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let fail = |error: rusqlite::Error| connection::explain(&error, path);
    connection.execute_batch("VACUUM").map_err(fail)?;
    // Somebody who reads the database as it was before is no error to SQLite, which then leaves all of it lying.
    let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
    let is_held: bool = connection.query_row(emptied, (), |row| row.get(0)).map_err(fail)?;
    if is_held { Err(StoreError::Locked { path: path.to_owned() }) } else { Ok(()) }
}

/// What becomes of a connection when it is given back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Afterwards {
    Keep,
    Close,
}

/// Connections of one kind, made when first needed.
struct Pool {
    afterwards: Afterwards,
    permits: Arc<Semaphore>,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    idle: Vec<Worker>,
    closing: Vec<Closed>,
}

impl Pool {
    fn new(size: usize, afterwards: Afterwards) -> Arc<Self> {
        Arc::new(Self {
            afterwards,
            permits: Arc::new(Semaphore::new(size)),
            inside: Mutex::new(Inside::default()),
        })
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a free connection, first come first served.
    async fn lease(
        pool: &Arc<Self>,
        path: &Arc<Path>,
        open: impl FnOnce() -> Result<Connection, StoreError> + Send + 'static,
    ) -> Result<Lease, StoreError> {
        let permit = Arc::clone(&pool.permits)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::ConnectionLost)?;
        let idle = pool.inside().idle.pop();
        let worker = match idle {
            Some(worker) => worker,
            None => Worker::start(open).await?,
        };
        Ok(Lease {
            worker: Some(worker),
            begun: false,
            path: Arc::clone(path),
            pool: Arc::clone(pool),
            _permit: permit,
        })
    }

    /// A connection on its way to be closed, else an idle one that is let go now.
    fn next_to_close(&self) -> Option<Closed> {
        let mut inside = self.inside();
        inside.closing.pop().or_else(|| inside.idle.pop().map(Worker::let_go))
    }
}

/// A connection on loan, inside a transaction that is rolled back when the lease is dropped.
pub(super) struct Lease {
    worker: Option<Worker>,
    begun: bool,
    path: Arc<Path>,
    pool: Arc<Pool>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    /// Runs a job on the connection. A thread found dead is not given back: the next lease starts
    /// a new one.
    async fn run<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Connection, &Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let path = Arc::clone(&self.path);
        let worker = self.worker.as_ref().ok_or(StoreError::ConnectionLost)?;
        let answer = worker.run(move |connection| job(connection, &path)).await;
        if matches!(answer, Err(StoreError::ConnectionLost)) {
            self.worker = None;
        }
        answer
    }

    /// The rows of each SELECT, in one job, which is the first to see the snapshot.
    pub(super) async fn query(
        &mut self,
        statements: Vec<Statement>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let begun = std::mem::replace(&mut self.begun, true);
        self.run(move |connection, path| {
            if !begun {
                connection::begin_reading(connection, path)?;
            }
            let mut sets = Vec::with_capacity(statements.len());
            for statement in &statements {
                sets.extend(connection::query(connection, path, statement)?);
            }
            Ok(sets)
        })
        .await
    }

    /// How many rows each statement changed, in one job.
    pub(super) async fn execute(
        &mut self,
        statements: Vec<Statement>,
    ) -> Result<Vec<u64>, StoreError> {
        self.run(move |connection, path| {
            let counts = statements.iter().map(|it| connection::execute(connection, path, it));
            counts.collect()
        })
        .await
    }

    /// SQLite finds a parameter by its name among all of the statement's: many cost more than more
    /// statements do.
    pub(super) fn rows_at_once(columns: usize) -> usize {
        (PARAMETERS / columns.max(1)).max(1)
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.run(connection::commit).await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            // Sent before anyone else can send: the next lease finds no transaction open.
            worker.send(connection::roll_back);
            let mut inside = self.pool.inside();
            match self.pool.afterwards {
                Afterwards::Keep => inside.idle.push(worker),
                Afterwards::Close => {
                    inside.closing.retain_mut(|it| it.try_recv() == Err(TryRecvError::Empty));
                    inside.closing.push(worker.let_go());
                }
            }
        }
    }
}
