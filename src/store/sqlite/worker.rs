//! One thread with one SQLite connection, fed by a channel: rusqlite is synchronous, the store is not.

use std::sync::mpsc;
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::store::error::StoreError;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The sending side of a connection's thread. The thread ends, closing the connection, when this
/// is dropped and the jobs already sent are done.
pub(super) struct Worker {
    jobs: mpsc::Sender<Job>,
    closed: Closed,
}

/// Resolves when a worker's thread has closed its connection.
pub(super) type Closed = oneshot::Receiver<()>;

impl Worker {
    /// Starts a thread that opens a connection and waits for jobs.
    ///
    /// # Errors
    /// What `open` says, or [`StoreError::ConnectionLost`] where no thread can be had.
    pub(super) async fn start(
        open: impl FnOnce() -> Result<Connection, StoreError> + Send + 'static,
    ) -> Result<Worker, StoreError> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let (opened, ready) = oneshot::channel();
        let (close, closed) = oneshot::channel();
        let body = move || {
            let mut connection = match open() {
                Ok(connection) => connection,
                Err(error) => {
                    // Nobody listening: whoever asked has gone, and so does the thread.
                    let _ = opened.send(Err(error));
                    return;
                }
            };
            if opened.send(Ok(())).is_ok() {
                for job in inbox {
                    job(&mut connection);
                }
            }
            drop(connection);
            let _ = close.send(());
        };
        thread::Builder::new()
            .name("sqlite".to_owned())
            .spawn(body)
            .map_err(|_| StoreError::ConnectionLost)?;
        ready.await.map_err(|_| StoreError::ConnectionLost)??;
        Ok(Worker { jobs, closed })
    }

    /// Lets the thread end when the jobs already sent are done.
    pub(super) fn let_go(self) -> Closed {
        self.closed
    }

    /// Runs a job and waits for its answer. The job runs to its end even when this future is dropped.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let boxed: Job = Box::new(move |connection| {
            let _ = reply.send(job(connection));
        });
        self.jobs.send(boxed).map_err(|_| StoreError::ConnectionLost)?;
        answer.await.map_err(|_| StoreError::ConnectionLost)?
    }

    /// Queues a job without waiting for it; it runs before anything sent later.
    pub(super) fn send(&self, job: impl FnOnce(&mut Connection) + Send + 'static) {
        // A thread that has ended has nothing left to do the job on.
        let _ = self.jobs.send(Box::new(job));
    }
}
