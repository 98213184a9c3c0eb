//! The Online Client's agent: what it tells of itself, and what is asked of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Clinic, ClinicError, current, new_command_id, require};
use crate::domain::{
    Actor, AgentPulse, DateRange, EntityKind, NoticeReport, OutThere, Permission, PractitionerId,
    SyncRequest, SyncState,
};
use crate::store::{AskedOfAgent, AuditChain, NewAuditEntry, StoreError, SyncLease, ToldByAgent};

/// What the agent has told of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentReport {
    pub pulse: AgentPulse,
    /// `None` where no agent has ever worked here.
    pub state: Option<SyncState>,
    /// Who works, until when.
    pub lease: Option<SyncLease>,
    /// What was last asked of it.
    pub asked: Vec<AskedOfAgent>,
    /// What patients see of the practitioners and days that were asked about.
    pub out_there: BTreeMap<PractitionerId, OutThere>,
    /// How the e-mail to patients goes.
    pub notices: NoticeReport,
}

impl Clinic {
    /// What the agent has told of itself, and what of some practitioners' days patients see; from one
    /// snapshot.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn agent_report(
        &self,
        practitioners: &[PractitionerId],
        days: DateRange,
    ) -> Result<AgentReport, ClinicError> {
        let mut reading = self.store().read().await?;
        let told = reading.told_by_agent(practitioners, days, Utc::now()).await?;
        let ToldByAgent { pulse, content, lease, asked, out_there, notices } = told;
        let unreadable = |_| StoreError::Unreadable { table: "sync_state", column: 1 };
        let state = content.map(|content| serde_json::from_str(&content)).transpose();
        let state: Option<SyncState> = state.map_err(unreadable)?;
        let state = state.map(|state| SyncState {
            alive_at: pulse.alive_at.or(state.alive_at),
            in_step_at: pulse.in_step_at.or(state.in_step_at),
            ..state
        });
        Ok(AgentReport { pulse, state, lease, asked, out_there, notices })
    }

    /// Asks something of the agent, which is another process: it sees it within a round.
    ///
    /// # Errors
    /// The actor lacks `online.edit` (R17), or the store could not be written.
    pub async fn ask_agent(
        &self,
        actor: &Actor,
        request: SyncRequest,
        at: DateTime<Utc>,
    ) -> Result<(), ClinicError> {
        let mut transaction = self.store().begin().await?;
        transaction.lock_chain(&AuditChain::Settings).await?;
        let actor = current(&mut transaction, actor).await?;
        require(&actor, Permission::OnlineEdit)?;
        transaction.ask_agent(request, actor.signature(), at).await?;
        let action = match request {
            SyncRequest::Now => "sync.now",
            SyncRequest::Everything => "sync.everything",
        };
        let entry = NewAuditEntry {
            chain: AuditChain::Settings,
            at,
            actor: actor.signature().to_owned(),
            command: new_command_id(),
            action: action.to_owned(),
            entity: EntityKind::Sync.named("agent"),
            before: None,
            after: None,
        };
        transaction.append_audit(&entry).await?;
        Ok(transaction.commit().await?)
    }
}
