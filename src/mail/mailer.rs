//! Deciding what is to be told and sending it, round after round, beside the agent's own rounds: a mail
//! server that is slow holds no publishing up.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::message::{Sender, compose};
use super::settings::{BadMailSettings, MailSettings};
use super::smtp::{Conversation, Server};
use crate::clinic::{Attempt, Clinic, ClinicError, Outgoing, Revisions};
use crate::domain::{Notice, NoticeFault, NoticeState};

/// How often is looked whether anything has changed.
const EVERY: Duration = Duration::from_secs(1);
/// How long one attempt may take at the most, with what comes before and after.
const ATTEMPT: TimeDelta = TimeDelta::minutes(10);
/// How long after the first time that something went wrong it is tried again; each time twice as long.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);
/// … but not longer.
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// The same for one message that the server has put off.
const FIRST_DELAY: TimeDelta = TimeDelta::minutes(1);
const LONGEST_DELAY: TimeDelta = TimeDelta::hours(1);
/// A message that could not be sent for so long, in so many attempts, is given up.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::days(1);
const LEAST_ATTEMPTS: u32 = 5;

/// What came of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mailed {
    /// Messages that the server has taken.
    pub sent: usize,
    /// What went wrong last.
    pub fault: Option<NoticeFault>,
}

/// Who has a message now.
enum Handed {
    ToServer,
    /// Another agent has claimed it, and sends it.
    ToAnother,
}

/// Tells patients of their bookings.
pub struct Mailer {
    clinic: Clinic,
    server: Server,
    sender: Sender,
    /// The revisions at which was last decided, and until when that holds.
    decided: Option<(Revisions, DateTime<Utc>)>,
    /// How often the server has failed in a row, and until when it is left in peace.
    failures: u32,
    held_until: Option<DateTime<Utc>>,
}

impl Mailer {
    /// Whoever tells the patients of a clinic.
    ///
    /// # Errors
    /// [`BadMailSettings`].
    pub fn new(clinic: Clinic, settings: &MailSettings) -> Result<Self, BadMailSettings> {
        let (server, sender) = settings.checked()?;
        Ok(Self { clinic, server, sender, decided: None, failures: 0, held_until: None })
    }

    /// One round at an instant: decides what is to be told, and sends what is due.
    ///
    /// # Errors
    /// The clinic's store; what the mail server meets is kept with the message, and told.
    pub async fn round(&mut self, at: DateTime<Utc>) -> Result<Mailed, ClinicError> {
        self.decide(at).await?;
        let mut mailed = Mailed::default();
        if self.held_until.is_some_and(|until| at < until) {
            return Ok(mailed);
        }
        let mut conversation = None;
        while let Some(outgoing) = self.clinic.next_notice(at).await? {
            match self.one(&mut conversation, &outgoing, at).await? {
                Ok(Handed::ToServer) => mailed.sent += 1,
                Ok(Handed::ToAnother) => {}
                Err(fault) => {
                    mailed.fault = Some(fault);
                    conversation = None;
                    if !fault.is_of_message() {
                        break;
                    }
                }
            }
        }
        if let Some(conversation) = conversation {
            conversation.leave().await;
        }
        Ok(mailed)
    }

    async fn decide(&mut self, at: DateTime<Utc>) -> Result<(), ClinicError> {
        let revisions = self.clinic.revisions().await?;
        let holds =
            |(known, until): &(Revisions, DateTime<Utc>)| *known == revisions && at < *until;
        if !self.decided.as_ref().is_some_and(holds) {
            let until = self.clinic.decide_notices(at).await?;
            self.decided = Some((revisions, until));
        }
        Ok(())
    }

    /// One message. Before it is given to the server it is claimed, and kept as perhaps arrived.
    async fn one(
        &mut self,
        conversation: &mut Option<Conversation>,
        outgoing: &Outgoing,
        at: DateTime<Utc>,
    ) -> Result<Result<Handed, NoticeFault>, ClinicError> {
        let attempts = outgoing.notice.attempts.saturating_add(1);
        let message = match compose(outgoing, &self.sender, at) {
            Ok(message) => message,
            Err(fault) => return self.failed(&outgoing.notice, attempts, fault, at).await,
        };
        let connected = match conversation.take() {
            Some(connected) => Ok(connected),
            None => self.server.connect().await,
        };
        let connected = match connected {
            Ok(connected) => conversation.insert(connected),
            Err(fault) => return self.failed(&outgoing.notice, attempts, fault, at).await,
        };
        let Some(claimed) = self.clinic.claim_notice(&outgoing.notice, at + ATTEMPT).await? else {
            return Ok(Ok(Handed::ToAnother));
        };
        let was_doubtful = outgoing.notice.doubtful;
        match connected.send(&message).await {
            Ok(()) => {
                self.failures = 0;
                let sent = Attempt {
                    state: NoticeState::Sent,
                    attempts,
                    doubtful: was_doubtful,
                    next_at: at,
                    fault: None,
                };
                self.clinic.keep_attempt(&claimed, sent).await?;
                Ok(Ok(Handed::ToServer))
            }
            Err(fault) => {
                let claimed = Notice { doubtful: was_doubtful, ..claimed };
                self.failed(&claimed, attempts, fault, at).await
            }
        }
    }

    /// Keeps that a message could not be sent, and when it is tried again.
    async fn failed(
        &mut self,
        notice: &Notice,
        attempts: u32,
        fault: NoticeFault,
        at: DateTime<Utc>,
    ) -> Result<Result<Handed, NoticeFault>, ClinicError> {
        let old = at.signed_duration_since(notice.decided_at) > GIVEN_UP_AFTER;
        let given_up = fault.is_final() || (old && attempts > LEAST_ATTEMPTS);
        let next_at = if fault.is_of_message() {
            at + doubled(FIRST_DELAY, attempts.saturating_sub(1), LONGEST_DELAY)
        } else {
            let until = at + doubled(FIRST_PAUSE, self.failures, LONGEST_PAUSE);
            self.failures = self.failures.saturating_add(1);
            self.held_until = Some(until);
            until
        };
        let attempt = Attempt {
            state: if given_up { NoticeState::Failed } else { NoticeState::Waiting },
            attempts,
            doubtful: notice.doubtful || fault == NoticeFault::Unanswered,
            next_at: if given_up { at } else { next_at },
            fault: Some(fault),
        };
        self.clinic.keep_attempt(notice, attempt).await?;
        Ok(Err(fault))
    }

    /// Rounds until told to stop; what comes of each is told to `tell`.
    pub async fn run(
        mut self,
        stop: impl Future<Output = ()>,
        mut tell: impl FnMut(&Result<Mailed, ClinicError>),
    ) {
        let mut stop = std::pin::pin!(stop);
        loop {
            let result = self.round(Utc::now()).await;
            tell(&result);
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}

/// Tries the mail server out: reaches it, with TLS, signs in, and asks whether it takes mail from the
/// clinic's address. Sends none.
///
/// # Errors
/// What is wrong.
pub async fn check(settings: &MailSettings) -> Result<Result<(), NoticeFault>, BadMailSettings> {
    let (server, sender) = settings.checked()?;
    Ok(async {
        let mut conversation = server.connect().await?;
        conversation.try_sender(&sender.from.email).await?;
        conversation.leave().await;
        Ok(())
    }
    .await)
}

/// A time that doubles with each time, up to the longest.
fn doubled(first: TimeDelta, times: u32, longest: TimeDelta) -> TimeDelta {
    let factor = 1i32.checked_shl(times.min(20)).unwrap_or(i32::MAX);
    first.checked_mul(factor).unwrap_or(longest).min(longest)
}
