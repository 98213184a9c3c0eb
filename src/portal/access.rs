//! Who may come in: an agent and a booking page a clinic, each known by a token or a certificate.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::desk::Role;
use super::erasure::HashKey;

/// What somebody is known by: a bearer token, or a client certificate that TLS has found to be theirs.
/// Never shown; kept as its hash only, and compared in constant time.
#[derive(Clone)]
pub struct Token([u8; 32]);

/// Why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadToken {
    #[error("has a blank in it, and a token has none")]
    Blank,
    /// No request could carry it, so it would let nobody in.
    #[error("has other characters than those of ASCII")]
    NotAscii,
    /// Somebody might guess it.
    #[error("has fewer than {} characters", Token::SHORTEST)]
    TooShort,
}

impl Token {
    /// The shortest that is taken, in characters.
    pub const SHORTEST: usize = 24;

    /// The token of that text.
    ///
    /// # Errors
    /// [`BadToken`].
    pub fn new(text: &str) -> Result<Self, BadToken> {
        if text.contains(char::is_whitespace) {
            return Err(BadToken::Blank);
        }
        if !text.chars().all(|letter| letter.is_ascii_graphic()) {
            return Err(BadToken::NotAscii);
        }
        if text.chars().count() < Self::SHORTEST {
            return Err(BadToken::TooShort);
        }
        Ok(Self::of("token", text.as_bytes()))
    }

    /// The client certificate with these bytes, in DER.
    pub(super) fn of_certificate(der: &[u8]) -> Self {
        Self::of("certificate", der)
    }

    /// What was offered as a bearer token, whatever it is.
    pub(super) fn offered(text: &str) -> Self {
        Self::of("token", text.as_bytes())
    }

    /// A certificate is no secret: that it is sent as a token opens nothing.
    fn of(kind: &str, bytes: &[u8]) -> Self {
        let hash = Sha256::new().chain_update(kind).chain_update([0]).chain_update(bytes);
        Self(hash.finalize().into())
    }

    /// Whether it is the same; in constant time.
    pub fn is(&self, offered: &Self) -> bool {
        self.0.ct_eq(&offered.0).into()
    }
}

/// What a clinic's agent and booking page are known by.
#[derive(Clone)]
pub struct Tokens {
    pub agent: Token,
    pub page: Token,
}

/// Who may come in, and how long an agent may be silent before nothing is offered any more.
pub struct Access {
    pub clinics: BTreeMap<String, Tokens>,
    pub silence: TimeDelta,
    pub key: HashKey,
}

/// What a token grants.
#[derive(Clone)]
pub(super) struct Granted {
    pub clinic: String,
    pub role: Role,
}

impl Access {
    /// What is granted at a clinic to whoever offers these; `None` where none is one of the clinic's.
    pub(super) fn granted(&self, clinic: &str, offered: &[Token]) -> Option<Granted> {
        let tokens = self.clinics.get(clinic)?;
        // All are compared, whichever fits.
        let (mut agent, mut page) = (false, false);
        for offered in offered {
            agent |= tokens.agent.is(offered);
            page |= tokens.page.is(offered);
        }
        let role = match (agent, page) {
            (true, _) => Role::Agent,
            (false, true) => Role::Page,
            (false, false) => return None,
        };
        Some(Granted { clinic: clinic.to_owned(), role })
    }
}
