//! The lease by which one agent works, and what it says of its state.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{AgentPulse, DateRange, NoticeReport, OutThere, PractitionerId, SyncRequest};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, instant_text, values};

use super::Revisions;
use super::books::Whose;
use super::notices::notice_report;
use super::out_there::out_there;

/// Longer than any agent takes the lease for, however far clocks that are kept right lie apart.
const LONGEST_LEASE: TimeDelta = TimeDelta::minutes(15);

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
    /// What asks for it, in one request.
    pub(in crate::store) fn question() -> Question<Self> {
        let pulse = Question::rows(
            "SELECT n, alive_at, in_step_at FROM sync_pulse WHERE id = 1",
            values![],
            "sync_pulse",
            |row| {
                let (state, alive_at, in_step_at) = (row.number()?, moment(row)?, moment(row)?);
                Ok(AgentPulse { state, alive_at, in_step_at, ..AgentPulse::default() })
            },
        );
        let asked =
            Question::rows("SELECT id, n FROM sync_request", values![], "sync_request", |row| {
                let request: SyncRequest = row.read(SyncRequest::from_key)?;
                Ok((request, row.number()?))
            });
        let all = Revisions::question().and(pulse).and(asked);
        all.map(|((revisions, mut pulse), asked)| {
            let mut agent = pulse.pop().unwrap_or_default();
            for (request, n) in asked {
                *agent.asked.of_mut(request) = n;
            }
            Ok(Self { revisions, agent })
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

/// All that the agent tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToldByAgent {
    pub pulse: AgentPulse,
    /// Its state as JSON, once there is one.
    pub content: Option<String>,
    /// Who works, once anybody has.
    pub lease: Option<SyncLease>,
    /// Each thing as it was last asked.
    pub asked: Vec<AskedOfAgent>,
    pub out_there: BTreeMap<PractitionerId, OutThere>,
    /// How the e-mail to patients goes.
    pub notices: NoticeReport,
}

/// What the agent last said of its state.
fn sync_state() -> Question<Option<String>> {
    let sql = "SELECT content FROM sync_state WHERE id = 1";
    let found = Question::rows(sql, values![], "sync_state", |row| row.text());
    found.map(|mut found| Ok(found.pop().filter(|content| !content.is_empty())))
}

fn sync_lease() -> Question<Option<SyncLease>> {
    let sql = "SELECT holder, held_until FROM sync_lease WHERE id = 1";
    let read =
        |row: &mut Columns| Ok(SyncLease { holder: row.text()?, held_until: row.instant()? });
    let found = Question::rows(sql, values![], "sync_lease", read);
    found.map(|mut found| Ok(found.pop().filter(|lease| !lease.holder.is_empty())))
}

fn asked_of_agent() -> Question<Vec<AskedOfAgent>> {
    let sql = "SELECT id, n, asked_at, asked_by FROM sync_request WHERE n > 0";
    Question::rows(sql, values![], "sync_request", |row| {
        let request = row.read(SyncRequest::from_key)?;
        let (n, at) = (row.number()?, row.instant()?);
        Ok(AskedOfAgent { request, n, at, by: row.text()? })
    })
}

impl Session {
    /// Takes or renews the lease until then, unless another holds it still; whether it is held now. A
    /// lease that ends later than any can be taken for was taken by a clock that went ahead: it is none.
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
                 WHERE id = 1 AND (holder = @P1 OR held_until < @P2 OR held_until > @P4)",
                values![holder, now, until, now + LONGEST_LEASE],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Whether the lease is this holder's, over or not; nobody takes it until the transaction ends.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_lease(&mut self, holder: &str) -> Result<bool, StoreError> {
        let kept = "UPDATE sync_lease SET holder = @P1 WHERE id = 1 AND holder = @P1";
        Ok(self.execute(kept, values![holder]).await? == 1)
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

    /// All that the agent tells, and what of some practitioners' days is published; in one request. What was
    /// given up of the e-mail is told for a day, counted back from `at`.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn told_by_agent(
        &mut self,
        practitioners: &[PractitionerId],
        days: DateRange,
        at: DateTime<Utc>,
    ) -> Result<ToldByAgent, StoreError> {
        let state = Polled::question().and(sync_state()).and(sync_lease());
        let all = state.and(asked_of_agent()).and(out_there(Whose::These(practitioners), days));
        let all = all.and(notice_report(at - TimeDelta::days(1)));
        let (((((polled, content), lease), asked), out_there), notices) = self.ask(all).await?;
        Ok(ToldByAgent { pulse: polled.agent, content, lease, asked, out_there, notices })
    }

    /// What the agent last said of its state, as JSON.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn sync_state(&mut self) -> Result<Option<String>, StoreError> {
        self.ask(sync_state()).await
    }

    /// Keeps what the agent says of its state, and lets whoever polls know that there is something to
    /// read.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn keep_sync_state(&mut self, content: &str) -> Result<(), StoreError> {
        self.write("UPDATE sync_state SET content = @P1 WHERE id = 1", values![content]).await?;
        self.tell_pollers().await
    }

    /// Lets whoever polls know that there is something to read.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn tell_pollers(&mut self) -> Result<(), StoreError> {
        self.write("UPDATE sync_pulse SET n = n + 1 WHERE id = 1", values![]).await
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
        self.write(
            "UPDATE sync_pulse SET alive_at = @P1, in_step_at = @P2 WHERE id = 1",
            values![alive_at, in_step_at],
        )
        .await
    }

    /// What is asked every second.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn poll(&mut self) -> Result<Polled, StoreError> {
        self.ask(Polled::question()).await
    }
}
