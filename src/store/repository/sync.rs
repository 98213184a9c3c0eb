//! The lease by which one agent works, and what it says of its state.

use chrono::{DateTime, TimeDelta, Utc};

use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::values;

impl Session {
    /// Takes or renews the lease until then, unless another holds it still; whether it is held now.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn take_lease(
        &mut self,
        holder: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let changed = self
            .execute(
                "UPDATE sync_lease SET holder = @P1, held_until = @P3 \
                 WHERE id = 1 AND (holder = @P1 OR held_until < @P2)",
                values![holder, now, until],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Gives the lease back, if it is this holder's: it is over a second ago, since leases are kept to
    /// the second.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn give_lease_back(
        &mut self,
        holder: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.execute(
            "UPDATE sync_lease SET held_until = @P2 WHERE id = 1 AND holder = @P1",
            values![holder, now - TimeDelta::seconds(1)],
        )
        .await?;
        Ok(())
    }

    /// What the agent last said of its state, as JSON.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn sync_state(&mut self) -> Result<Option<String>, StoreError> {
        let row = self.query("SELECT content FROM sync_state WHERE id = 1", values![]).await?.pop();
        let content = row.map(|row| row.columns("sync_state").text()).transpose()?;
        Ok(content.filter(|content| !content.is_empty()))
    }

    /// Keeps what the agent says of its state.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_sync_state(&mut self, content: &str) -> Result<(), StoreError> {
        self.execute("UPDATE sync_state SET content = @P1 WHERE id = 1", values![content]).await?;
        Ok(())
    }
}
