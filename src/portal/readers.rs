//! Connections for whoever only looks: several at once, beside the one that writes. Each piece of work
//! sees the file as it was last committed, and what is committed meanwhile does not reach it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::database::connect;
use super::refusal::Refusal;

/// How many look at once: more than most machines have cores, and each has a cache of its own.
const MOST: usize = 4;

/// The connections.
pub struct Readers {
    path: PathBuf,
    /// Those at work apart; one is made when it is first needed.
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    /// Connections to a file that is there.
    ///
    /// # Errors
    /// It can't be opened.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let idle = Mutex::new(vec![reader(path)?]);
        Ok(Self { path: path.to_owned(), idle, places: Arc::new(Semaphore::new(MOST)) })
    }

    /// Does a piece of work once a connection is idle.
    ///
    /// # Errors
    /// What the work meets; the store not answering.
    pub async fn with<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        // Whoever waits does so without a thread.
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| Refusal::BrokenOff)?;
        let readers = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let mut connection = readers.take()?;
            let done = look(&mut connection, work);
            readers.idle().push(connection);
            drop(place);
            done
        });
        done.await.map_err(|_| Refusal::BrokenOff)?
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle().pop();
        idle.map_or_else(|| reader(&self.path), Ok)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        // A list of connections is whole whatever happened beside it.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// One piece of work, all of which sees the same.
fn look<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let snapshot = connection.transaction()?;
    let done = work(&snapshot)?;
    snapshot.commit()?;
    Ok(done)
}
