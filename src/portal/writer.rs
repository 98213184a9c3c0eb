//! The one connection that writes, on a thread of its own. What waits is done one after the other, each
//! piece of work all or nothing, and committed together: a disk that takes 10 ms to make sure of one
//! commit takes as long for that of twenty. Nobody is answered before it is sure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use rusqlite::{Connection, Transaction, TransactionBehavior, ffi};
use tokio::sync::{mpsc, oneshot};

use super::refusal::Refusal;

/// The most pieces of work in one commit.
const MOST_TOGETHER: usize = 64;
/// How many wait before others have to wait to wait.
const MOST_WAITING: usize = 256;

/// A piece of work in a transaction, if one could be begun; answers whoever waits once that has ended.
type Work = Box<dyn FnOnce(Result<&mut Transaction<'_>, Cause>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), Cause>)>;

/// Why a transaction came to nothing: what the engine says, where it says anything.
#[derive(Clone, Copy, Debug)]
struct Cause(Option<ffi::Error>);

impl Cause {
    fn of(error: &rusqlite::Error) -> Self {
        Self(error.sqlite_error().copied())
    }

    fn refusal(self) -> Refusal {
        self.0.map_or(Refusal::BrokenOff, |failure| {
            Refusal::Store(rusqlite::Error::SqliteFailure(failure, None))
        })
    }
}

/// What writes.
pub struct Writer {
    queue: Option<mpsc::Sender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Begins to take work.
    pub fn start(connection: Connection) -> Self {
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let thread = std::thread::spawn(move || write(connection, waiting));
        Self { queue: Some(queue), thread: Some(thread) }
    }

    /// Does a piece of work: all of it lasts, or nothing.
    ///
    /// # Errors
    /// What the work meets; the store not answering.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move |begun| {
            let done = begun.map_err(Cause::refusal).and_then(|within| apart(within, work));
            Box::new(move |ended: Result<(), Cause>| {
                let done = match ended {
                    Ok(()) => done,
                    Err(cause) => done.and(Err(cause.refusal())),
                };
                // Whoever asked may have gone.
                let _ = tell.send(done);
            })
        });
        let queue = self.queue.as_ref().ok_or(Refusal::BrokenOff)?;
        queue.send(work).await.map_err(|_| Refusal::BrokenOff)?;
        told.await.map_err(|_| Refusal::BrokenOff)?
    }
}

impl Drop for Writer {
    /// What waits is done first, and the file is left whole.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // It has ended, one way or the other.
            let _ = thread.join();
        }
    }
}

/// A piece of work of which nothing is left where it is refused.
fn apart<T>(
    transaction: &mut Transaction<'_>,
    work: impl FnOnce(&Connection) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let own = transaction.savepoint()?;
    let done = work(&own)?;
    own.commit()?;
    Ok(done)
}

/// Does what waits until nobody asks any more.
fn write(mut connection: Connection, mut waiting: mpsc::Receiver<Work>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut answers = Vec::new();
        let ended = together(&mut connection, first, &mut waiting, &mut answers);
        answers.into_iter().for_each(|answer| answer(ended));
    }
}

/// Everything that waits, in one transaction.
fn together(
    connection: &mut Connection,
    first: Work,
    waiting: &mut mpsc::Receiver<Work>,
    answers: &mut Vec<Answer>,
) -> Result<(), Cause> {
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let mut transaction = match begun {
        Ok(transaction) => transaction,
        Err(error) => {
            let cause = Cause::of(&error);
            answers.push(first(Err(cause)));
            return Err(cause);
        }
    };
    let mut next = Some(first);
    while let Some(work) = next {
        // A panic rolls its own part back, and nobody is told that it was done.
        let answer = catch_unwind(AssertUnwindSafe(|| work(Ok(&mut transaction))));
        answers.extend(answer);
        // A full disk ends the whole transaction: what is done from then on would stand alone.
        let goes_on = answers.len() < MOST_TOGETHER && !transaction.is_autocommit();
        next = if goes_on { waiting.try_recv().ok() } else { None };
    }
    transaction.commit().map_err(|error| Cause::of(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer() -> (Writer, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = Connection::open(folder.path().join("a.db")).expect("a database");
        connection.busy_timeout(std::time::Duration::ZERO).expect("nobody waits");
        connection.execute_batch("CREATE TABLE n (n INTEGER PRIMARY KEY)").expect("a table");
        (Writer::start(connection), folder)
    }

    fn add(n: i64) -> impl FnOnce(&Connection) -> Result<i64, Refusal> + Send + 'static {
        move |connection| {
            connection.execute("INSERT INTO n VALUES (?1)", [n])?;
            Ok(connection.query_row("SELECT COUNT(*) FROM n", (), |row| row.get(0))?)
        }
    }

    #[tokio::test]
    async fn what_is_refused_or_panics_leaves_nothing_and_harms_nothing_beside_it() {
        let (writer, _folder) = writer();
        let refused = writer.with(|connection| {
            add(1)(connection)?;
            Err::<(), _>(Refusal::SlotTaken)
        });
        let panics = writer.with(|connection| -> Result<(), Refusal> {
            add(2)(connection)?;
            panic!("as it must")
        });
        let (first, refused, panics, last) =
            tokio::join!(writer.with(add(3)), refused, panics, writer.with(add(4)));
        assert!(matches!(refused, Err(Refusal::SlotTaken)));
        assert!(matches!(panics, Err(Refusal::BrokenOff)));
        assert_eq!(
            (first.ok(), last.ok()),
            (Some(1), Some(2)),
            "each sees what was done before it"
        );
    }

    #[tokio::test]
    async fn where_another_program_holds_the_file_that_is_what_is_told_and_it_goes_on_afterwards() {
        let (writer, folder) = writer();
        let other = Connection::open(folder.path().join("a.db")).expect("a database");
        other.execute_batch("BEGIN IMMEDIATE").expect("it is held");
        let refused = writer.with(add(1)).await.expect_err("it is held");
        assert_eq!(refused.cause(), Some("the database is locked"));
        other.execute_batch("ROLLBACK").expect("it is let go");
        assert_eq!(writer.with(add(2)).await.ok(), Some(1));
    }

    #[tokio::test]
    async fn where_the_commit_fails_nobody_is_told_that_it_was_done() {
        let (writer, _folder) = writer();
        let (go, all_wait) = std::sync::mpsc::channel();
        let before = writer.with(move |connection| {
            all_wait.recv().expect("it comes");
            add(1)(connection)
        });
        let ends = writer.with(|connection| Ok(connection.execute_batch("ROLLBACK")?));
        let (before, ends, after, ()) = tokio::join!(before, ends, writer.with(add(2)), async {
            go.send(()).expect("waited for")
        });
        assert!(before.is_err() && ends.is_err());
        assert_eq!(after.ok(), Some(1), "what came after it stands alone");
    }
}
