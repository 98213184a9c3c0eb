//! Waiting for the agent that has just been started: until it has told of itself, what is known of it is
//! from before. Bounded, and told on screen.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};

use crate::cli::context::Context;
use crate::cli::{Failure, output};
use crate::clinic::Clinic;
use crate::store::OpenMode;

/// How long it is waited for: its first round may have to wait for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether it has been heard from.
const LOOKED_EVERY: Duration = Duration::from_millis(250);

/// Waits until the agent that was started at `since` has told of itself, or for long enough.
///
/// # Errors
/// Nobody reads any more.
pub(super) async fn wait(context: &Context, since: DateTime<Utc>) -> Result<(), Failure> {
    // That there is no database the checks tell.
    let Ok(store) = context.open(OpenMode::Existing).await else { return Ok(()) };
    let language = context.language;
    let seconds = PATIENCE.as_secs();
    output::print(&language.pick(
        format!("\nVäntar på att agenten hör av sig, i högst {seconds} sekunder …\n"),
        format!("\nWaiting for the agent to tell of itself, for at most {seconds} seconds …\n"),
    ))?;
    let heard = is_heard_from(&Clinic::new(store.clone()), since, PATIENCE).await;
    store.close().await;
    if heard {
        return Ok(());
    }
    output::print(language.pick(
        "Den har inte hörts av: vad som sägs om den nedan är från tiden före starten.\n",
        "It has not been heard from: what is told of it below is from before it was started.\n",
    ))
}

/// Whether the agent tells of itself within a while, at `since` or later.
async fn is_heard_from(clinic: &Clinic, since: DateTime<Utc>, patience: Duration) -> bool {
    // It is kept to the second.
    let since = since.trunc_subsecs(0);
    let heard = async {
        loop {
            // What can't be read now can be in a moment, or the checks tell of it.
            let polled = clinic.poll().await.ok();
            if polled.and_then(|polled| polled.agent.alive_at).is_some_and(|at| at >= since) {
                return;
            }
            tokio::time::sleep(LOOKED_EVERY).await;
        }
    };
    tokio::time::timeout(patience, heard).await.is_ok()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use tempfile::TempDir;

    use super::*;
    use crate::store::{DatabaseLocation, Store};

    async fn tells_of_itself(clinic: &Clinic, at: DateTime<Utc>) {
        let mut transaction = clinic.store().begin().await.expect("begins");
        transaction.keep_pulse(at, None).await.expect("keeps");
        transaction.commit().await.expect("commits");
    }

    #[tokio::test]
    async fn what_an_agent_told_before_it_was_started_is_not_taken_for_its_first_report() {
        let folder = TempDir::new().expect("a folder");
        let location = DatabaseLocation::Sqlite(folder.path().join("clinic.db"));
        let store = Store::open(&location, OpenMode::Create).await.expect("opens");
        let (clinic, started) = (Clinic::new(store), Utc::now());
        assert!(!is_heard_from(&clinic, started, Duration::ZERO).await, "there never was one");
        tells_of_itself(&clinic, started - TimeDelta::hours(1)).await;
        assert!(!is_heard_from(&clinic, started, Duration::ZERO).await, "long ago");

        // Its report comes while it is waited for.
        let waits = is_heard_from(&clinic, started, PATIENCE);
        let (heard, ()) = tokio::join!(waits, tells_of_itself(&clinic, Utc::now()));
        assert!(heard);
    }
}
