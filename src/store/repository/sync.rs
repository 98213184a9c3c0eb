//! The lease by which one agent works, and what it says of its state.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::AgentPulse;
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, instant_text, values};

use super::Revisions;

/// Everything that is asked every second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polled {
    pub revisions: Revisions,
    pub agent: AgentPulse,
}

impl Polled {
    /// What asks for it.
    pub(in crate::store) fn question() -> Question<Self> {
        let sql = "SELECT alive_at, n, in_step_at FROM sync_pulse";
        let read = |row: &mut Columns| {
            let (alive_at, state) = (moment(row)?, row.number()?);
            Ok(AgentPulse { state, alive_at, in_step_at: moment(row)? })
        };
        let pulse = Question::rows(sql, values![], "sync_pulse", read);
        Revisions::question().and(pulse).map(|(revisions, pulse)| {
            Ok(Self { revisions, agent: pulse.into_iter().next().unwrap_or_default() })
        })
    }
}

/// An instant, or nothing yet.
fn moment(row: &mut Columns) -> Result<Option<DateTime<Utc>>, StoreError> {
    row.read(|text| match text {
        "" => Some(None),
        text => DateTime::parse_from_rfc3339(text).ok().map(|at| Some(at.with_timezone(&Utc))),
    })
}

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

    /// Keeps what the agent says of its state, and lets whoever polls know that there is something to
    /// read.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_sync_state(&mut self, content: &str) -> Result<(), StoreError> {
        self.execute("UPDATE sync_state SET content = @P1 WHERE id = 1", values![content]).await?;
        self.execute("UPDATE sync_pulse SET n = n + 1 WHERE id = 1", values![]).await?;
        Ok(())
    }

    /// Keeps that the agent lives, and when it last found everything published.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_pulse(
        &mut self,
        alive_at: DateTime<Utc>,
        in_step_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let in_step_at = in_step_at.map_or_else(String::new, instant_text);
        self.execute(
            "UPDATE sync_pulse SET alive_at = @P1, in_step_at = @P2 WHERE id = 1",
            values![alive_at, in_step_at],
        )
        .await?;
        Ok(())
    }

    /// What is asked every second.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn poll(&mut self) -> Result<Polled, StoreError> {
        self.ask(Polled::question()).await
    }
}
