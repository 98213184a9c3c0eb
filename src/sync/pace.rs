//! Round after round, at a pace, until told to stop.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::sync::Notify;

use super::agent::{Agent, Worked};
use super::error::SyncError;

/// How often a round is made.
pub struct Pace {
    pub every: Duration,
    /// A round at once when this is notified.
    pub wake: Arc<Notify>,
}

/// Rounds until told to stop; what comes of each is told to `tell`. No error ends it: the next round
/// tries again.
pub async fn run(
    agent: &mut Agent,
    pace: Pace,
    stop: impl Future<Output = ()>,
    mut tell: impl FnMut(&Result<Worked, SyncError>),
) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let result = agent.round(Utc::now()).await;
        let failed = result.is_err();
        let pause = if failed { pace.every.max(ERROR_PAUSE) } else { pace.every };
        tell(&result);
        tokio::select! {
            () = &mut stop => break,
            () = tokio::time::sleep(pause) => {}
            () = pace.wake.notified(), if !failed => {}
        }
    }
    // The lease ends by itself where it can't be given back.
    let _ = agent.stop(Utc::now()).await;
}

/// How long to wait after something went wrong.
const ERROR_PAUSE: Duration = Duration::from_secs(2);
