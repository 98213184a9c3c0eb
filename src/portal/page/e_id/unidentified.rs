//! Why nobody could be logged in with e-ID, in words of our own: nothing of what the provider answered is
//! told.

use std::error::Error as StdError;

use openidconnect::DiscoveryError;
use openidconnect::core::CoreErrorResponseType;
use thiserror::Error;

pub(super) const NO_TOKENS: Unidentified =
    Unidentified::Unreachable("the issuer tells of no token endpoint");
pub(super) const NO_WAY_BACK: Unidentified =
    Unidentified::Unreachable("public_url gives no way back");
pub(super) const UNREADABLE_USER_INFO: Unidentified =
    Unidentified::Untrusted("what the issuer's UserInfo answered can't be read");

/// Why nobody could be logged in, with what exactly it was in words of our own, for the journal. Says
/// nothing of what the provider answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unidentified {
    #[error("the e-ID service cannot be reached, or does not answer as OpenID Connect has it")]
    Unreachable(&'static str),
    #[error("the e-ID service did not take the code")]
    Code(&'static str),
    #[error("what the e-ID service answered is not to be trusted")]
    Untrusted(&'static str),
    #[error("the e-ID service told no personnummer")]
    NoNumber,
}

impl Unidentified {
    /// What a clinic that is called is told.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Code(_) => "code",
            Self::Untrusted(_) => "untrusted",
            Self::NoNumber => "no-number",
        }
    }

    /// What the journal is told.
    pub fn why(self) -> &'static str {
        match self {
            Self::Unreachable(why) | Self::Code(why) | Self::Untrusted(why) => why,
            Self::NoNumber => "the e-ID service told no personnummer: look at claim and scopes",
        }
    }
}

/// Why a code was not taken (RFC 6749, 5.2); in the provider's own words it is not told.
pub(super) fn token_refusal(code: &CoreErrorResponseType) -> &'static str {
    match code {
        CoreErrorResponseType::InvalidClient => {
            "the issuer did not take the code: invalid_client (look at client_id and its secret)"
        }
        CoreErrorResponseType::InvalidGrant => {
            "the issuer did not take the code: invalid_grant (used, too old, or another public_url)"
        }
        CoreErrorResponseType::InvalidRequest => {
            "the issuer did not take the code: invalid_request"
        }
        CoreErrorResponseType::InvalidScope => "the issuer did not take the code: invalid_scope",
        CoreErrorResponseType::UnauthorizedClient => {
            "the issuer did not take the code: unauthorized_client"
        }
        CoreErrorResponseType::UnsupportedGrantType => {
            "the issuer did not take the code: unsupported_grant_type"
        }
        CoreErrorResponseType::Extension(_) => {
            "the issuer did not take the code, with an error of its own"
        }
    }
}

/// Why nothing is known of a provider.
pub(super) fn undiscovered<E: StdError>(error: &DiscoveryError<E>) -> &'static str {
    match error {
        DiscoveryError::Request(_) => "the issuer can't be reached",
        DiscoveryError::Response(..) => "the issuer answers with an error where it tells of itself",
        DiscoveryError::Validation(_) => "the issuer tells of itself under another name",
        _ => "what the issuer tells of itself can't be read",
    }
}
