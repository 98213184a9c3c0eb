//! Which browser asks: a random name in a cookie, which tells nothing of a person and is kept here as
//! its hash only.

use sha2::{Digest, Sha256};

use crate::domain::hexadecimal;

/// The name that a browser was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Browser {
    name: String,
    hash: String,
}

/// Digits of a name.
const DIGITS: usize = 32;

impl Browser {
    /// The browser of that name; `None` where it is no name that is given here.
    pub fn named(name: &str) -> Option<Self> {
        let good = name.len() == DIGITS && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        good.then(|| Self { name: name.to_owned(), hash: hexadecimal(&Sha256::digest(name)) })
    }

    /// A browser that had no name yet; `None` where the system has no chance to offer.
    pub fn new() -> Option<Self> {
        let mut bytes = [0u8; DIGITS / 2];
        getrandom::fill(&mut bytes).ok()?;
        Self::named(&hexadecimal(&bytes))
    }

    /// What its cookie holds.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is known by in the store.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}
