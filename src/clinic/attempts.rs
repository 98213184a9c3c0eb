//! Trying again what a database server cut short: a deadlock's victim, a broken connection, a server
//! that restarts or fails over. Safe because a command is found by its id where it had been done.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use super::ClinicError;
use crate::store::{ServerError, StoreError};

/// How long it is tried: longer than a silence on the line is waited out, and than a server takes to
/// fail over.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Asks until there is an answer: what a database server cuts short is asked again for half a minute,
/// which changes nothing. For whoever has nothing else to show meanwhile.
///
/// # Errors
/// What asking meets otherwise, or met all the time.
pub async fn again<T>(
    mut ask: impl AsyncFnMut() -> Result<T, ClinicError>,
) -> Result<T, ClinicError> {
    let mut attempts = Attempts::new();
    loop {
        match ask().await {
            Ok(answer) => return Ok(answer),
            Err(error) => attempts.next(error).await?,
        }
    }
}

/// The attempts at one command.
pub(super) struct Attempts {
    since: Instant,
    failed: u32,
    /// The error after which nobody knew whether it had been done.
    uncertain: Option<StoreError>,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), failed: 0, uncertain: None }
    }

    /// Whether an earlier attempt, or a twin at the same time, may have done it.
    pub(super) fn may_have_been_done(&self, error: &ClinicError) -> bool {
        match error {
            ClinicError::Store(StoreError::Duplicate { .. }) => true,
            ClinicError::Refused(_) => self.uncertain.is_some(),
            ClinicError::Store(_) => false,
        }
    }

    /// As [`Attempts::next`], of what may be written twice: what another has written first at the same moment
    /// is found there the next time.
    ///
    /// # Errors
    /// As [`Attempts::next`].
    pub(super) async fn next_to_write(&mut self, error: ClinicError) -> Result<(), ClinicError> {
        match error {
            ClinicError::Store(StoreError::Duplicate { .. }) => {
                self.next(StoreError::TransactionLost.into()).await
            }
            error => self.next(error).await,
        }
    }

    /// Waits for the next attempt.
    ///
    /// # Errors
    /// The error, where trying again makes no difference or has been done for long enough; what may
    /// have been done is told as such.
    pub(super) async fn next(&mut self, error: ClinicError) -> Result<(), ClinicError> {
        let again = match &error {
            ClinicError::Store(
                StoreError::ConnectionLost
                | StoreError::TransactionLost
                | StoreError::Server(ServerError::HungUp { .. }),
            ) => true,
            // The server was there a moment ago.
            ClinicError::Store(StoreError::Server(ServerError::Unreachable { .. })) => {
                self.failed > 0
            }
            _ => false,
        };
        if !again {
            return Err(error);
        }
        // A server that fell silent has used up the patience by its silence alone.
        if self.failed > 0 && self.since.elapsed() >= PATIENCE {
            return Err(self.uncertain.take().map_or(error, ClinicError::Store));
        }
        if matches!(error, ClinicError::Store(StoreError::ConnectionLost)) {
            self.uncertain = Some(StoreError::ConnectionLost);
        }
        self.failed += 1;
        tokio::time::sleep(pause(self.failed)).await;
        Ok(())
    }
}

/// Some milliseconds at first, longer each time, never in step with others.
fn pause(failed: u32) -> Duration {
    let most = Duration::from_millis(10).saturating_mul(1 << failed.min(10)).min(LONGEST_PAUSE);
    // Every RandomState has keys of its own: random enough to fall out of step.
    let random = RandomState::new().hash_one(failed) % 1000;
    most.mul_f64(0.5 + f64::from(u32::try_from(random).unwrap_or(0)) / 2000.0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{NothingToDo, Refusal};

    fn lost() -> ClinicError {
        StoreError::ConnectionLost.into()
    }

    fn gone() -> ClinicError {
        let (server, detail) = ("s".to_owned(), "it hung up".to_owned());
        StoreError::Server(ServerError::Unreachable { server, detail }).into()
    }

    fn refused() -> ClinicError {
        Refusal::NothingToDo(NothingToDo::Unchanged).into()
    }

    #[tokio::test]
    async fn what_was_cut_is_tried_again_and_what_was_refused_is_not() {
        let mut attempts = Attempts::new();
        assert!(attempts.next(StoreError::TransactionLost.into()).await.is_ok());
        assert!(attempts.next(lost()).await.is_ok());
        assert!(attempts.next(gone()).await.is_ok());
        assert!(Attempts::new().next(refused()).await.is_err());
        let twice = || StoreError::Duplicate { what: "an entry".to_owned() }.into();
        assert!(Attempts::new().next(twice()).await.is_err());
        assert!(Attempts::new().next_to_write(twice()).await.is_ok());
        assert!(Attempts::new().next(gone()).await.is_err(), "nothing was ever reached");
    }

    #[tokio::test]
    async fn a_question_is_asked_until_it_is_answered_and_a_refusal_is_an_answer() {
        let mut asked = 0;
        let answer = again(async || {
            asked += 1;
            if asked < 3 { Err(lost()) } else { Ok(asked) }
        });
        assert_eq!(answer.await.ok(), Some(3));
        let refused = again(async || Err::<(), _>(refused())).await;
        assert!(matches!(refused, Err(ClinicError::Refused(_))));
    }

    #[tokio::test]
    async fn after_a_lost_connection_a_refusal_may_be_its_own_doing() {
        let mut attempts = Attempts::new();
        assert!(!attempts.may_have_been_done(&refused()));
        assert!(attempts.next(lost()).await.is_ok());
        assert!(attempts.may_have_been_done(&refused()));
    }

    #[test]
    fn pauses_double_up_to_a_second_and_fall_out_of_step() {
        for (failed, longest) in
            [(1, 20), (2, 40), (3, 80), (6, 640), (7, 1_000), (8, 1_000), (u32::MAX, 1_000)]
        {
            let longest = Duration::from_millis(longest);
            let pauses: BTreeSet<Duration> = (0..200).map(|_| pause(failed)).collect();
            let bounds = longest / 2..=longest;
            assert!(pauses.iter().all(|it| bounds.contains(it)), "{failed}: {pauses:?}");
            assert!(pauses.len() > 100, "{failed}: {pauses:?}");
        }
    }

    #[tokio::test]
    async fn a_silence_that_took_all_the_time_is_followed_by_one_more_attempt_and_no_other() {
        let long_ago =
            Instant::now().checked_sub(PATIENCE).expect("a clock that has run for a while");
        let mut attempts = Attempts { since: long_ago, ..Attempts::new() };
        assert!(attempts.next(lost()).await.is_ok());
        let error = attempts.next(StoreError::TransactionLost.into()).await;
        let uncertain = matches!(error, Err(ClinicError::Store(StoreError::ConnectionLost)));
        assert!(uncertain, "it may have been done before the connection was lost");
    }
}
