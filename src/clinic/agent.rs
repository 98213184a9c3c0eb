//! What is known of the Online Client's agent. Reads only.

use super::{Clinic, ClinicError};
use crate::domain::{AgentPulse, SyncState};
use crate::store::StoreError;

/// What the agent has told of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentReport {
    pub pulse: AgentPulse,
    /// `None` where no agent has ever worked here.
    pub state: Option<SyncState>,
}

impl Clinic {
    /// What the agent has told of itself, from one snapshot.
    ///
    /// # Errors
    /// The store could not be read.
    pub async fn agent_report(&self) -> Result<AgentReport, ClinicError> {
        let mut reading = self.store().read().await?;
        let pulse = reading.poll().await?.agent;
        let unreadable = StoreError::Unreadable { table: "sync_state", column: 1 };
        let state: Option<SyncState> = match reading.sync_state().await? {
            Some(content) => Some(serde_json::from_str(&content).map_err(|_| unreadable)?),
            None => None,
        };
        let state = state.map(|state| SyncState {
            alive_at: pulse.alive_at.or(state.alive_at),
            in_step_at: pulse.in_step_at.or(state.in_step_at),
            ..state
        });
        Ok(AgentReport { pulse, state })
    }
}
