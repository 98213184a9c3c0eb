//! Who may come in: two tokens a clinic, compared in constant time.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::desk::{HashKey, Role};

/// A bearer token. Never shown; kept as its hash only.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// The shortest that is taken, in characters.
    pub const SHORTEST: usize = 24;

    /// The token of that text; `None` where it is too short to be guessed by nobody, or has white
    /// space in it.
    pub fn new(text: &str) -> Option<Self> {
        let good = text.chars().count() >= Self::SHORTEST && !text.contains(char::is_whitespace);
        good.then(|| Self(Sha256::digest(text).into()))
    }

    fn is(&self, offered: &[u8; 32]) -> bool {
        self.0.ct_eq(offered).into()
    }
}

/// A clinic's tokens.
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
pub(super) struct Granted {
    pub clinic: String,
    pub role: Role,
}

impl Access {
    /// What the token grants at a clinic; `None` where it is not one of the clinic's.
    pub(super) fn granted(&self, clinic: &str, token: &str) -> Option<Granted> {
        let offered: [u8; 32] = Sha256::digest(token).into();
        let tokens = self.clinics.get(clinic)?;
        let role = match (tokens.agent.is(&offered), tokens.page.is(&offered)) {
            (true, _) => Role::Agent,
            (false, true) => Role::Page,
            (false, false) => return None,
        };
        Some(Granted { clinic: clinic.to_owned(), role })
    }
}
