//! The lease by which one agent works, and what it says of its state.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{AgentPulse, SyncRequest};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Columns, Row, Statement, instant_text, values};

use super::Revisions;

/// The scope under which the agent's pulse stands among the revisions that are polled.
const PULSE: &str = "agent";
/// The scope of what has been asked of it.
const ASKED: &str = "asked";

/// Who works, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncLease {
    pub holder: String,
    pub held_until: DateTime<Utc>,
}

/// Who last asked something of the agent, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedOfAgent {
    pub request: SyncRequest,
    pub n: u64,
    pub at: DateTime<Utc>,
    /// A signature, or `system`.
    pub by: String,
}

/// Everything that is asked every second, in one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polled {
    pub revisions: Revisions,
    pub agent: AgentPulse,
}

impl Polled {
    /// What asks for it.
    pub(in crate::store) fn statement() -> Statement {
        let sql = "SELECT scope, id, n, '' FROM revision \
                   UNION ALL SELECT 'agent', alive_at, n, in_step_at FROM sync_pulse \
                   UNION ALL SELECT 'asked', id, n, '' FROM sync_request";
        Statement { sql: sql.into(), parameters: Vec::new() }
    }

    /// It in the answer.
    pub(in crate::store) fn read(rows: Vec<Row>) -> Result<Self, StoreError> {
        let mut polled = Self::default();
        for row in rows {
            let mut row = row.columns("revision");
            let scope = row.text()?;
            let agent = &mut polled.agent;
            match scope.as_str() {
                PULSE => {
                    agent.alive_at = moment(&mut row)?;
                    agent.state = row.number()?;
                    agent.in_step_at = moment(&mut row)?;
                }
                ASKED => {
                    let request = row.read(SyncRequest::from_key)?;
                    *agent.asked.of_mut(request) = row.number()?;
                }
                scope => polled.revisions.take_in(scope, &mut row)?,
            }
        }
        Ok(polled)
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

    /// The lease, if it was ever taken.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn sync_lease(&mut self) -> Result<Option<SyncLease>, StoreError> {
        let sql = "SELECT holder, held_until FROM sync_lease WHERE id = 1";
        let row = self.query(sql, values![]).await?.pop();
        let lease = row.map(|row| {
            let mut row = row.columns("sync_lease");
            Ok::<_, StoreError>(SyncLease { holder: row.text()?, held_until: row.instant()? })
        });
        Ok(lease.transpose()?.filter(|lease| !lease.holder.is_empty()))
    }

    /// Asks something of the agent: it sees it with the next poll.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn ask_agent(
        &mut self,
        request: SyncRequest,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.execute_one(
            || format!("sync_request/{}", request.key()),
            "UPDATE sync_request SET n = n + 1, asked_by = @P2, asked_at = @P3 WHERE id = @P1",
            values![request.key(), by, at],
        )
        .await
    }

    /// What has been asked of the agent, each thing as it was last asked.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn asked_of_agent(&mut self) -> Result<Vec<AskedOfAgent>, StoreError> {
        let sql = "SELECT id, n, asked_at, asked_by FROM sync_request WHERE n > 0";
        let rows = self.query(sql, values![]).await?.into_iter();
        rows.map(|row| {
            let mut row = row.columns("sync_request");
            let request = row.read(SyncRequest::from_key)?;
            let (n, at) = (row.number()?, row.instant()?);
            Ok(AskedOfAgent { request, n, at, by: row.text()? })
        })
        .collect()
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
        let Statement { sql, parameters } = Polled::statement();
        Polled::read(self.query(sql, parameters).await?)
    }
}
