//! A task that owns one connection and carries out one request after the other, each to its end,
//! whoever still waits for the answer.

use tokio::sync::{mpsc, oneshot};

use super::connection::{Connection, Isolation};
use crate::store::error::StoreError;
use crate::store::value::{Row, Statement};

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What a transaction is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// Reading one snapshot.
    Snapshot,
    /// Changing something.
    Write,
}

enum Job {
    Begin(Begin, Reply<()>),
    Check(Reply<()>),
    Query(Vec<Statement>, Reply<Vec<Vec<Row>>>),
    Execute(Vec<Statement>, Reply<Vec<u64>>),
    Commit(Reply<()>),
    /// Leaves whatever transaction is open.
    End,
    Close(oneshot::Sender<()>),
}

/// The sending side of a connection's task, which ends, closing the connection, when this is dropped
/// and the jobs already sent are done, or when the connection can't be used any more.
pub(super) struct Worker {
    jobs: mpsc::UnboundedSender<Job>,
}

impl Worker {
    pub(super) fn start(connection: Connection) -> Self {
        let (jobs, inbox) = mpsc::unbounded_channel();
        tokio::spawn(work(connection, inbox));
        Self { jobs }
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| StoreError::ConnectionLost)?;
        answer.await.map_err(|_| StoreError::ConnectionLost)?
    }

    pub(super) async fn begin(&self, what: Begin) -> Result<(), StoreError> {
        self.ask(|reply| Job::Begin(what, reply)).await
    }

    /// Whether the server still answers.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        self.ask(Job::Check).await
    }

    pub(super) async fn query(
        &self,
        statements: Vec<Statement>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        self.ask(|reply| Job::Query(statements, reply)).await
    }

    pub(super) async fn execute(&self, statements: Vec<Statement>) -> Result<Vec<u64>, StoreError> {
        self.ask(|reply| Job::Execute(statements, reply)).await
    }

    pub(super) async fn commit(&self) -> Result<(), StoreError> {
        self.ask(Job::Commit).await
    }

    pub(super) fn end(&self) {
        // A task that has ended has no transaction left.
        let _ = self.jobs.send(Job::End);
    }

    pub(super) async fn close(self) {
        let (closed, wait) = oneshot::channel();
        if self.jobs.send(Job::Close(closed)).is_ok() {
            let _ = wait.await;
        }
    }
}

/// What is known of the connection's transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// None is open: each statement stands by itself.
    Free,
    Open,
    /// The server has ended it: what came after would be done outside of any.
    Ended,
}

async fn work(mut connection: Connection, mut inbox: mpsc::UnboundedReceiver<Job>) {
    let mut state = State::Free;
    while let Some(job) = inbox.recv().await {
        let lost = match job {
            Job::Begin(what, reply) => begin(&mut connection, &mut state, what, reply).await,
            Job::Check(reply) => told(reply, connection.batch("SELECT 1").await),
            Job::Query(statements, reply) => match state {
                State::Ended => told(reply, Err(StoreError::TransactionLost)),
                _ => noted(&mut state, reply, connection.query_all(&statements).await),
            },
            Job::Execute(statements, reply) => match state {
                State::Ended => told(reply, Err(StoreError::TransactionLost)),
                _ => noted(&mut state, reply, connection.execute_all(&statements).await),
            },
            Job::Commit(reply) => match state {
                State::Ended => told(reply, Err(StoreError::TransactionLost)),
                _ => {
                    let answer = connection.commit().await;
                    state = if answer.is_ok() { State::Free } else { State::Ended };
                    told(reply, answer)
                }
            },
            Job::End => match state {
                State::Free => false,
                State::Open => {
                    state = State::Free;
                    connection.roll_back().await.is_err()
                }
                State::Ended => true,
            },
            Job::Close(closed) => {
                connection.close().await;
                // Nobody may wait any more.
                let _ = closed.send(());
                return;
            }
        };
        if lost {
            return;
        }
    }
    connection.close().await;
}

async fn begin(
    connection: &mut Connection,
    state: &mut State,
    what: Begin,
    reply: Reply<()>,
) -> bool {
    let isolation = match what {
        Begin::Snapshot => Isolation::Snapshot,
        Begin::Write => Isolation::ReadCommitted,
    };
    let begun = connection.begin(isolation).await;
    *state = if begun.is_ok() { State::Open } else { State::Ended };
    told(reply, begun)
}

/// Answers; whether the connection is lost. Who asked may have gone: the answer goes nowhere then.
fn told<T>(reply: Reply<T>, answer: Result<T, StoreError>) -> bool {
    let lost = matches!(answer, Err(StoreError::ConnectionLost));
    let _ = reply.send(answer);
    lost
}

/// A statement that fails ends the transaction it is in, as `XACT_ABORT` has it.
fn noted<T>(state: &mut State, reply: Reply<T>, answer: Result<T, StoreError>) -> bool {
    if answer.is_err() && *state == State::Open {
        *state = State::Ended;
    }
    told(reply, answer)
}
