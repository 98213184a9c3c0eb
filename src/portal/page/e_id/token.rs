//! What a provider says of who has logged in: which of its tokens are believed, and who it is that they
//! tell of. Asks nobody, and tells nothing of what stands in them.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, ClaimsVerificationError, ClientId,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken, IdTokenClaims,
    IdTokenFields, Nonce, SignatureVerificationError, StandardErrorResponse, StandardTokenResponse,
    SubjectIdentifier,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::unidentified::Unidentified;

/// How far ahead of ours a provider's clock may be.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// Signatures that only the provider can make: those by a secret that is shared are none.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Claims beside the standard ones: brokers name the personnummer's each in their own way.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claims")
    }
}

impl AdditionalClaims for Claims {}

pub(super) type Id =
    IdToken<Claims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Tokens = StandardTokenResponse<
    IdTokenFields<
        Claims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;
pub(super) type Client = openidconnect::Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Who was identified, as the provider tells it.
pub struct Identified {
    /// As it was written there.
    pub number: String,
    pub first_name: String,
    pub last_name: String,
}

/// What a token that is to be trusted tells.
pub(super) struct Told {
    pub subject: SubjectIdentifier,
    pub claims: Value,
}

/// Why a token is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Distrust {
    UnknownKey,
    Signature,
    Issuer,
    Audience,
    Time,
    Nonce,
    Subject,
    Party,
    AccessToken,
    Other,
}

impl Distrust {
    /// What is told of it.
    pub fn told(self) -> Unidentified {
        Unidentified::Untrusted(match self {
            Self::UnknownKey => "the ID token is signed by a key that the issuer does not show",
            Self::Signature => "the ID token's signature is wrong, or of a kind that is not taken",
            Self::Issuer => "the ID token is of another issuer",
            Self::Audience => "the ID token has another audience than client_id",
            Self::Time => "the ID token is out of date, or of the future: compare the clocks",
            Self::Nonce => "the ID token is not for this log-in: wrong nonce",
            Self::Subject => "UserInfo is of somebody else than the ID token",
            Self::Party => "the ID token has another authorized party than client_id",
            Self::AccessToken => "the access token does not belong to the ID token",
            Self::Other => "the ID token is not as it should be",
        })
    }
}

/// What is wrong with claims, without what they hold.
pub(super) fn distrusted(error: &ClaimsVerificationError) -> Distrust {
    match error {
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        ) => Distrust::UnknownKey,
        ClaimsVerificationError::SignatureVerification(_) => Distrust::Signature,
        ClaimsVerificationError::InvalidIssuer(_) => Distrust::Issuer,
        ClaimsVerificationError::InvalidAudience(_) => Distrust::Audience,
        ClaimsVerificationError::Expired(_) => Distrust::Time,
        ClaimsVerificationError::InvalidNonce(_) => Distrust::Nonce,
        ClaimsVerificationError::InvalidSubject(_) => Distrust::Subject,
        _ => Distrust::Other,
    }
}

/// Checks an ID token: its signature, issuer, audience, times and nonce, and that the access token
/// belongs to it. `own` is who we are to the provider.
///
/// # Errors
/// [`Distrust`].
pub(super) fn verified(
    client: &Client,
    own: &ClientId,
    id: &Id,
    nonce: &Nonce,
    access: &AccessToken,
    now: DateTime<Utc>,
) -> Result<Told, Distrust> {
    let issued = move |at: DateTime<Utc>| match at <= now + CLOCKS_DIFFER {
        true => Ok(()),
        false => Err("issued in the future".to_owned()),
    };
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(SIGNATURES)
        .set_time_fn(move || now)
        .set_issue_time_verifier_fn(issued);
    let claims: &IdTokenClaims<Claims, CoreGenderClaim> =
        id.claims(&verifier, nonce).map_err(|error| distrusted(&error))?;
    if !claims.authorized_party().is_none_or(|party| party == own) {
        return Err(Distrust::Party);
    }
    if let Some(expected) = claims.access_token_hash() {
        let key = id.signing_key(&verifier).map_err(|_| Distrust::Signature)?;
        let algorithm = id.signing_alg().map_err(|_| Distrust::Signature)?;
        let hash = AccessTokenHash::from_token(access, algorithm, key);
        if hash.ok().as_ref() != Some(expected) {
            return Err(Distrust::AccessToken);
        }
    }
    let subject = claims.subject().clone();
    let claims = serde_json::to_value(claims).map_err(|_| Distrust::Other)?;
    Ok(Told { subject, claims })
}

/// The person in the claims; `None` where none of `numbers`, the claims that may hold the personnummer,
/// is among them.
pub(super) fn identified(claims: &Value, numbers: &[String]) -> Option<Identified> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = numbers.iter().find_map(|claim| text(claim))?;
    let name = |name| text(name).unwrap_or_default();
    Some(Identified { number, first_name: name("given_name"), last_name: name("family_name") })
}
