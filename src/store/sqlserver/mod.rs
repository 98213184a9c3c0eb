//! The SQL Server driver: a small pool of connections, each owned by a task of its own.
//!
//! A request that a caller no longer waits for runs to its end all the same, and a connection goes
//! back to the pool only when its last request has, and it is in no transaction.

mod connection;
mod dialect;
mod explain;
mod grants;
mod migrate;
mod values;
mod worker;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use self::connection::{Connection, Reads, Target};
use self::worker::Worker;
use super::OpenMode;
use super::error::StoreError;
use super::location::ServerLocation;
use super::migration::Pending;
use super::server_error::ServerError;
use super::value::{Row, Statement};

#[cfg(test)]
pub(in crate::store) use dialect::tables;
pub(super) use grants::grants;
#[cfg(test)]
pub(in crate::store) use migrate::texts as schema_texts;

/// Connections at most that read, and that write.
const READERS: usize = 4;
const WRITERS: usize = 4;

/// A connection idle for longer is closed: firewalls forget it without a word.
const IDLE: Duration = Duration::from_secs(120);

/// How long [`Database::close`] waits for connections to close.
const CLOSING: Duration = Duration::from_secs(2);

/// An open database of a server.
pub(super) struct Database {
    target: Arc<Target>,
    mode: OpenMode,
    readers: Arc<Semaphore>,
    writers: Arc<Semaphore>,
    idle: Arc<Idle>,
}

impl Database {
    /// Connects, and makes or upgrades the schema where the mode says so.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub(super) async fn open(
        location: &ServerLocation,
        mode: OpenMode,
    ) -> Result<Self, StoreError> {
        let target = Target::new(location.clone());
        let mut connection = Connection::open(&target).await?;
        let schema = migrate::schema_of(&mut connection, &target).await?;
        migrate::accept(&target, schema, mode).await?;
        let reads = connection.reads().await?;
        let idle = Arc::new(Idle::default());
        idle.put(Worker::start(connection));
        Ok(Self {
            target: Arc::new(target.reading(reads)),
            mode,
            readers: Arc::new(Semaphore::new(READERS)),
            writers: Arc::new(Semaphore::new(WRITERS)),
            idle,
        })
    }

    /// What is missing from the schema.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub(super) async fn pending(location: &ServerLocation) -> Result<Pending, StoreError> {
        let target = Target::new(location.clone());
        let mut connection = Connection::open(&target).await?;
        let found = migrate::schema_of(&mut connection, &target).await?;
        migrate::pending(&target, found)
    }

    /// A connection holding one consistent snapshot, where the database allows it; else each
    /// statement sees what was committed before it.
    pub(super) async fn read(&self) -> Result<Lease, StoreError> {
        match self.target.reads {
            Reads::Snapshot => self.lease(&self.readers, Some(worker::Begin::Snapshot)).await,
            Reads::Committed => self.lease(&self.readers, None).await,
        }
    }

    /// Whether readers are given what was committed last in place of waiting; `None` where the server does
    /// not say.
    pub(super) async fn reads_what_is_committed(&self) -> Option<bool> {
        let sql =
            "SELECT is_read_committed_snapshot_on FROM sys.databases WHERE database_id = DB_ID()";
        let statement = Statement { sql: sql.into(), parameters: Vec::new() };
        let row = self.read_once(vec![statement]).await.ok()?.pop()?.pop()?;
        row.columns("sys.databases").flag().ok()
    }

    /// One request outside of any transaction: no round trip but its own. Each of its statements sees what
    /// was committed before it.
    pub(super) async fn read_once(
        &self,
        statements: Vec<Statement>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let mut fresh = false;
        loop {
            let permit = permit(&self.readers).await?;
            let worker = match self.idle.take() {
                Some(worker) if !fresh => worker,
                _ => {
                    fresh = true;
                    Worker::start(Connection::open(&self.target).await?)
                }
            };
            let mut lease = Lease::new(worker, &self.idle, permit);
            match lease.query(statements.clone()).await {
                // One that has lain idle may have been cut: reading again does no harm.
                Err(StoreError::ConnectionLost) if !fresh => fresh = true,
                answer => return answer,
            }
        }
    }

    /// A connection inside a write transaction.
    pub(super) async fn begin(&self) -> Result<Lease, StoreError> {
        if self.mode == OpenMode::ReadOnly {
            return Err(ServerError::ReadOnly.into());
        }
        self.lease(&self.writers, Some(worker::Begin::Write)).await
    }

    async fn lease(
        &self,
        permits: &Arc<Semaphore>,
        begin: Option<worker::Begin>,
    ) -> Result<Lease, StoreError> {
        let permit = permit(permits).await?;
        // Beginning has no effect that could be had twice: one that was cut is left for the next.
        while let Some(worker) = self.idle.take() {
            let begun = match begin {
                Some(begin) => worker.begin(begin).await,
                None => worker.check().await,
            };
            match begun {
                Ok(()) => return Ok(Lease::new(worker, &self.idle, permit)),
                Err(StoreError::ConnectionLost) => {}
                Err(error) => return Err(error),
            }
        }
        let worker = Worker::start(Connection::open(&self.target).await?);
        if let Some(begin) = begin {
            worker.begin(begin).await?;
        }
        Ok(Lease::new(worker, &self.idle, permit))
    }

    /// Closes the connections that are not in use, and waits for it.
    pub(super) async fn close(self) {
        let all = async {
            while let Some(worker) = self.idle.take() {
                worker.close().await;
            }
        };
        // A server that no longer answers closes them by itself.
        let _ = tokio::time::timeout(CLOSING, all).await;
    }
}

/// Waits for its turn, first come first served.
async fn permit(permits: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, StoreError> {
    Arc::clone(permits).acquire_owned().await.map_err(|_| StoreError::ConnectionLost)
}

/// Connections that wait to be used, the one used last at the back.
#[derive(Default)]
struct Idle {
    workers: Mutex<VecDeque<(Worker, Instant)>>,
}

impl Idle {
    fn workers(&self) -> MutexGuard<'_, VecDeque<(Worker, Instant)>> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one used last, which is the likeliest to be alive; those idle for long are closed.
    fn take(&self) -> Option<Worker> {
        let mut workers = self.workers();
        while workers.front().is_some_and(|(_, since)| since.elapsed() > IDLE) {
            workers.pop_front();
        }
        workers.pop_back().map(|(worker, _)| worker)
    }

    fn put(&self, worker: Worker) {
        self.workers().push_back((worker, Instant::now()));
    }
}

/// A connection on loan.
pub(super) struct Lease {
    worker: Option<Worker>,
    idle: Arc<Idle>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    fn new(worker: Worker, idle: &Arc<Idle>, permit: OwnedSemaphorePermit) -> Self {
        Self { worker: Some(worker), idle: Arc::clone(idle), _permit: permit }
    }

    fn worker(&self) -> Result<&Worker, StoreError> {
        self.worker.as_ref().ok_or(StoreError::ConnectionLost)
    }

    /// A worker that has ended is not given back.
    fn noted<T>(&mut self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        if matches!(answer, Err(StoreError::ConnectionLost)) {
            self.worker = None;
        }
        answer
    }

    /// The rows of each SELECT, in one request.
    pub(super) async fn query(
        &mut self,
        statements: Vec<Statement>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let answer = self.worker()?.query(statements).await;
        self.noted(answer)
    }

    /// How many rows each statement changed, in one request.
    pub(super) async fn execute(
        &mut self,
        statements: Vec<Statement>,
    ) -> Result<Vec<u64>, StoreError> {
        let answer = self.worker()?.execute(statements).await;
        self.noted(answer)
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let answer = self.worker()?.commit().await;
        self.noted(answer)
    }

    /// The server takes 1,000 rows of values, and 2,100 parameters, the statement itself among them.
    pub(super) fn rows_at_once(columns: usize) -> usize {
        (2_000 / columns.max(1)).clamp(1, 1_000)
    }

    /// The SELECT with at most its first rows.
    pub(super) fn limited(sql: &str, rows: u32) -> String {
        dialect::limited(sql, rows)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            // Whatever transaction is left is rolled back before anything sent later; a connection
            // on which that fails ends, and the next to take it finds out.
            worker.end();
            self.idle.put(worker);
        }
    }
}
