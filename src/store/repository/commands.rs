//! Commands carried out: a retry with the same id finds its outcome instead of acting twice.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};

use super::revisions::{RevisionScope, Revisions};
use super::users::users;
use crate::domain::{CommandId, Signature, User};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, values};

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

/// What has to be known before a command is looked at.
pub struct Opening {
    /// The command, where it has been carried out already.
    pub done: Option<StoredCommand>,
    pub users: BTreeMap<Signature, User>,
    /// That of the settings.
    pub revisions: Revisions,
}

fn command(id: &CommandId) -> Question<Option<StoredCommand>> {
    let sql = "SELECT id, actor, at, outcome FROM command WHERE id = @P1";
    let read = |row: &mut Columns| {
        Ok(StoredCommand {
            id: row.id()?,
            actor: row.text()?,
            at: row.instant()?,
            outcome: row.text()?,
        })
    };
    Question::rows(sql, values![id], "command", read).map(|mut found| Ok(found.pop()))
}

impl Session {
    /// The command with this id, if it has been carried out.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn command(&mut self, id: &CommandId) -> Result<Option<StoredCommand>, StoreError> {
        self.ask(command(id)).await
    }

    /// What has to be known before a command is looked at, in one request.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn opening(&mut self, id: &CommandId) -> Result<Opening, StoreError> {
        let settings = [RevisionScope::Settings].into();
        let ((done, users), revisions) =
            self.ask(command(id).and(users()).and(Revisions::of(&settings))).await?;
        Ok(Opening { done, users, revisions })
    }

    /// Records a command in the transaction of its effect.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where a concurrent twin was first: read its outcome.
    pub async fn insert_command(&mut self, command: &StoredCommand) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO command (id, actor, at, outcome) VALUES (@P1, @P2, @P3, @P4)",
            values![&command.id, &command.actor, command.at, &command.outcome],
        )
        .await
    }

    /// Puts another outcome in the place of a command's; none is added where none was kept.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn replace_outcome(
        &mut self,
        command: &CommandId,
        outcome: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE command SET outcome = @P2 WHERE id = @P1";
        self.execute(sql, values![command, outcome]).await?;
        Ok(())
    }
}
