//! What is still to be done when the console has been left: changes that are under way, and those that wait
//! behind them, are carried out all the same, and what comes to nothing is told. The screen is gone by then.

use std::io::{self, Write};
use std::time::Duration;

use super::effects::{Done, Work};
use super::runtime::ConsoleError;
use super::{Effect, Message, Model, Reply, update};
use crate::domain::CivilTime;
use crate::texts::{clinic_error, password_error};

/// How long is waited for them.
const FOR_CHANGES: Duration = Duration::from_secs(5);

/// Waits a while for the changes, and says so.
///
/// # Errors
/// Some came to nothing, or had no answer in time.
pub async fn finish_changes(
    model: &mut Model,
    work: &mut Work,
    now: CivilTime,
) -> Result<(), ConsoleError> {
    if work.changes_under_way() == 0 {
        return Ok(());
    }
    // Nobody may be there to read it any more.
    let _ = writeln!(io::stderr(), "{}", model.texts().saving_last);
    match tokio::time::timeout(FOR_CHANGES, carry_out(model, work, now)).await {
        Ok(all_answered) => all_answered,
        Err(_) => Err(ConsoleError::Unconfirmed(work.changes_under_way() + model.history.unsent())),
    }
}

/// Takes in the answers, each of which may send the change that waits behind it.
async fn carry_out(model: &mut Model, work: &mut Work, now: CivilTime) -> Result<(), ConsoleError> {
    let mut not_made: Option<(usize, String)> = None;
    while work.changes_under_way() > 0 {
        let Done::Reply { request, reply } = work.next().await? else { continue };
        let (why, waiting) = (why_not(model, &reply), model.history.unsent());
        for effect in update(model, Message::Reply { request, reply }) {
            if matches!(effect, Effect::Execute { .. }) {
                work.start(effect, now);
            }
        }
        if let Some(why) = why {
            let changes = 1 + waiting.saturating_sub(model.history.unsent());
            let (before, first) = not_made.unwrap_or((0, why));
            not_made = Some((before + changes, first));
        }
    }
    match not_made {
        None => Ok(()),
        Some((changes, why)) => Err(ConsoleError::NotMade { changes, why }),
    }
}

/// Why a change came to nothing, if the answer is about one that did.
fn why_not(model: &Model, reply: &Reply) -> Option<String> {
    let (language, setup) = (model.language, &model.setup);
    let error = match reply {
        Reply::PasswordSet(Err(error)) => return Some(password_error(language, error, setup)),
        Reply::Executed(Err(error))
        | Reply::SeenKept(Err(error))
        | Reply::AgentAsked(Err(error)) => error,
        _ => return None,
    };
    Some(clinic_error(language, error, setup))
}
