//! Signing in with a password: argon2id, and a delay that grows with every failure.

use std::fmt;
use std::hint::black_box;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use super::{Clinic, ClinicError, Command, Outcome};
use crate::domain::{Actor, CivilTime, CommandId, Signature, User};
use crate::store::{FailedSignIns, StoreError};

/// The shortest password, in characters.
pub const SHORTEST_PASSWORD: usize = 10;
/// The longest that is read, in bytes: more is nobody's password.
const LONGEST_PASSWORD: usize = 1024;
/// The first failure in a row that costs a delay: everybody mistypes.
const FIRST_COSTLY: u32 = 3;
/// The delay after that one, and the longest, in seconds.
const FIRST_DELAY: i64 = 5;
const LONGEST_DELAY: i64 = 15 * 60;

/// A password as it was typed; never shown, and wiped when it is done with.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes what was typed.
    pub fn new(typed: String) -> Self {
        Self(typed)
    }

    /// The hash to keep, with a salt of its own.
    ///
    /// # Errors
    /// [`BadPassword`].
    pub fn hash(&self) -> Result<PasswordHash, BadPassword> {
        if self.0.chars().count() < SHORTEST_PASSWORD {
            return Err(BadPassword::TooShort);
        }
        if self.0.len() > LONGEST_PASSWORD {
            return Err(BadPassword::TooLong);
        }
        let hash = Argon2::default().hash_password(self.0.as_bytes());
        hash.map(|hash| PasswordHash(hash.to_string())).map_err(|_| BadPassword::NoRandomNumbers)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn fits(&self, hash: &str) -> bool {
        self.0.len() <= LONGEST_PASSWORD
            && Argon2::default().verify_password(self.0.as_bytes(), hash).is_ok()
    }
}

/// Puts zeros where a secret stood, so that it does not linger in memory.
pub fn wipe(secret: &mut String) {
    let mut bytes = std::mem::take(secret).into_bytes();
    bytes.fill(0);
    // Looked at, the zeros are not optimised away.
    black_box(&bytes);
}

impl Drop for Password {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password's hash, as it is kept; never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The PHC text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Why a password can't be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadPassword {
    #[error("a password has at least {SHORTEST_PASSWORD} characters")]
    TooShort,
    #[error("the password is longer than any password")]
    TooLong,
    #[error("the operating system gives no random numbers")]
    NoRandomNumbers,
}

/// Why somebody is not signed in.
#[derive(Debug, Error)]
pub enum SignInError {
    /// Whether signature or password is wrong, or the user inactive or without a password, is not told.
    #[error("signature or password is wrong; an administrator can set a new password")]
    Wrong,
    /// Too many failures; for how long to wait before it is tried again.
    #[error("too many failures; try again in {seconds} seconds")]
    Locked { seconds: i64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new password for a user.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword {
    pub user: Signature,
    /// The one so far; asked for when it is one's own.
    pub old: Option<Password>,
    pub new: Password,
}

/// Why a password has not been changed.
#[derive(Debug, Error)]
pub enum PasswordError {
    #[error(transparent)]
    Bad(#[from] BadPassword),
    #[error(transparent)]
    Old(#[from] SignInError),
    #[error(transparent)]
    Clinic(#[from] ClinicError),
}

/// From when on it may be tried again after so many failures.
fn open_from(failed: FailedSignIns) -> DateTime<Utc> {
    let Some(costly) = failed.failures.checked_sub(FIRST_COSTLY) else { return failed.last_at };
    let seconds = FIRST_DELAY.saturating_mul(1 << costly.min(20)).min(LONGEST_DELAY);
    failed.last_at + TimeDelta::seconds(seconds)
}

impl Clinic {
    /// Signs a user in. A failure is counted before the password is looked at, so that guesses made at
    /// once all count.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(
        &self,
        signature: &Signature,
        password: Password,
        now: DateTime<Utc>,
    ) -> Result<Actor, SignInError> {
        let user = self.count_attempt(signature, now).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.clone());
        // Without a hash as much work is done: the time taken tells nobody who has a password.
        let fits = tokio::task::spawn_blocking(move || match hash {
            Some(hash) => password.fits(&hash),
            None => {
                let _ = Argon2::default().hash_password(b"nobody");
                false
            }
        });
        let fits = fits.await.unwrap_or(false);
        let Some(user) = user.filter(|user| fits && user.active) else {
            return Err(SignInError::Wrong);
        };
        let mut transaction = self.store().begin().await?;
        transaction.forget_failed_sign_ins(signature).await?;
        transaction.commit().await?;
        Ok(Actor::User(user))
    }

    /// Sets a password: another's with `users.manage`, one's own against the one so far, which counts as
    /// signing in does.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn change_password(
        &self,
        actor: &Actor,
        id: CommandId,
        change: NewPassword,
        (now, moment): (CivilTime, DateTime<Utc>),
    ) -> Result<Outcome, PasswordError> {
        let NewPassword { user, old, new } = change;
        let own = actor.signature() == user.as_str();
        let has_one = self.users().await?.get(&user).is_some_and(|it| it.password_hash.is_some());
        if own && has_one {
            let old = old.filter(|old| !old.is_empty()).ok_or(SignInError::Wrong)?;
            self.sign_in(&user, old, moment).await?;
        }
        let hash = tokio::task::spawn_blocking(move || new.hash());
        let hash = hash.await.unwrap_or(Err(BadPassword::NoRandomNumbers))?;
        Ok(self.execute(actor, id, &Command::SetPassword { user, hash }, now).await?)
    }

    /// Counts a failure beforehand; answers with the user, if there is one.
    async fn count_attempt(
        &self,
        signature: &Signature,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, SignInError> {
        let mut transaction = self.store().begin().await?;
        let Some(user) = transaction.users().await?.remove(signature) else { return Ok(None) };
        // After the users have been read: who waits here holds nothing that another waits for.
        transaction.hold_sign_ins(signature).await?;
        let before = transaction.failed_sign_ins(signature).await?;
        if let Some(kept) = before {
            // A clock that was set back does not lock anybody out for longer than the delay, which begins
            // anew.
            let failed = FailedSignIns { last_at: kept.last_at.min(now), ..kept };
            let until = open_from(failed);
            if now < until {
                if failed != kept {
                    transaction.keep_failed_sign_ins(signature, failed).await?;
                    transaction.commit().await?;
                }
                let seconds = (until - now).num_seconds().max(1);
                return Err(SignInError::Locked { seconds });
            }
        }
        let failures = before.map_or(0, |failed| failed.failures).saturating_add(1);
        transaction
            .keep_failed_sign_ins(signature, FailedSignIns { failures, last_at: now })
            .await?;
        transaction.commit().await?;
        Ok(Some(user))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_failures_are_free_then_the_delay_doubles_up_to_a_quarter_of_an_hour() {
        let last_at = DateTime::UNIX_EPOCH;
        let delay =
            |failures| (open_from(FailedSignIns { failures, last_at }) - last_at).num_seconds();
        let delays: Vec<i64> = (1..=12).map(delay).collect();
        assert_eq!(delays, [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(delay(u32::MAX), 900);
    }

    #[test]
    fn a_password_is_never_shown_and_a_short_one_is_not_kept() {
        let password = Password::new("hemligt".to_owned());
        assert!(!format!("{password:?}").contains("hemligt"));
        assert!(matches!(password.hash(), Err(BadPassword::TooShort)));
    }

    #[test]
    fn a_password_has_ten_characters_at_least_and_a_kilobyte_at_most() {
        for (length, expected) in [
            (SHORTEST_PASSWORD - 1, Some(BadPassword::TooShort)),
            (SHORTEST_PASSWORD, None),
            (LONGEST_PASSWORD / 2, None),
            (LONGEST_PASSWORD / 2 + 1, Some(BadPassword::TooLong)),
        ] {
            // Two bytes each.
            let password = Password::new("å".repeat(length));
            assert_eq!(password.hash().err(), expected, "{length}");
        }
    }

    #[test]
    fn a_secret_that_is_wiped_is_not_there_any_more() {
        let mut secret = "korrekt häst".to_owned();
        wipe(&mut secret);
        assert_eq!(secret, "");
    }

    #[test]
    fn a_kept_password_is_argon2id_with_a_salt_of_its_own() {
        let password = Password::new("korrekt häst".to_owned());
        let kept = || password.hash().unwrap().into_text();
        let (one, two) = (kept(), kept());
        assert!(one.starts_with("$argon2id$v=19$"));
        assert_ne!(one, two);
        assert!(password.fits(&one) && password.fits(&two));
        assert!(!Password::new("korrekt hast".to_owned()).fits(&one));
        assert!(!password.fits("no hash at all"));
    }
}
