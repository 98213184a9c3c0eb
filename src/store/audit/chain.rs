//! How entries are hashed into a chain.

use sha2::{Digest, Sha256};

use crate::domain::hexadecimal;

/// What the first entry of a chain names as its predecessor.
pub(in crate::store) const START: &str = "";

/// Everything an entry's hash covers, as stored.
pub(in crate::store) struct Link<'a> {
    pub(in crate::store) previous_hash: &'a str,
    pub(in crate::store) chain: &'a str,
    pub(in crate::store) n: i64,
    pub(in crate::store) at: &'a str,
    pub(in crate::store) actor: &'a str,
    pub(in crate::store) command: &'a str,
    pub(in crate::store) action: &'a str,
    pub(in crate::store) entity: &'a str,
    pub(in crate::store) before: Option<&'a str>,
    pub(in crate::store) after: Option<&'a str>,
}

/// The entry's hash: SHA-256 over its fields as one JSON array, in which no two entries can look
/// alike whatever their texts hold.
pub(in crate::store) fn hash_of(link: &Link<'_>) -> String {
    let fields = serde_json::json!([
        link.previous_hash,
        link.chain,
        link.n,
        link.at,
        link.actor,
        link.command,
        link.action,
        link.entity,
        link.before,
        link.after,
    ]);
    digest(&[&fields.to_string()])
}

/// SHA-256 of texts set apart by their lengths, as lower-case hexadecimal digits.
pub(in crate::store) fn digest(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hexadecimal(&hasher.finalize())
}
