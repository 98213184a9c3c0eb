//! Commands carried out: a retry with the same id finds its outcome instead of acting twice.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::domain::CommandId;
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::values;

/// A command that was carried out. `Debug` leaves the outcome out: it may hold personal values.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredCommand {
    pub id: CommandId,
    /// Signature of whoever gave it.
    pub actor: String,
    /// To the second.
    pub at: DateTime<Utc>,
    /// The outcome as JSON.
    pub outcome: String,
}

impl fmt::Debug for StoredCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredCommand({} by {} at {})", self.id, self.actor, self.at)
    }
}

impl Session {
    /// The command with this id, if it has been carried out.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn command(&mut self, id: &CommandId) -> Result<Option<StoredCommand>, StoreError> {
        let sql = "SELECT id, actor, at, outcome FROM command WHERE id = @P1";
        let row = self.query(sql, values![id]).await?.pop();
        row.map(|row| {
            let mut row = row.columns("command");
            Ok(StoredCommand {
                id: row.id()?,
                actor: row.text()?,
                at: row.instant()?,
                outcome: row.text()?,
            })
        })
        .transpose()
    }

    /// Records a command in the transaction of its effect.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where a concurrent twin was first: read its outcome.
    pub async fn insert_command(&mut self, command: &StoredCommand) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO command (id, actor, at, outcome) VALUES (@P1, @P2, @P3, @P4)",
            values![&command.id, &command.actor, command.at, &command.outcome],
        )
        .await?;
        Ok(())
    }
}
