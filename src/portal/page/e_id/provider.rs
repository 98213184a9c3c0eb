//! An OpenID Provider: sends browsers there, and finds out with the code they bring back who they are.
//! Nothing that it answers is shown or logged: it may be personal.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::url::Url;
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, AuthType, AuthenticationContextClass,
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IdToken, IdTokenClaims, IdTokenFields, IssuerUrl, LanguageTag, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, SignatureVerificationError, StandardErrorResponse, StandardTokenResponse,
    SubjectIdentifier, TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;
use tokio::sync::Mutex;

use super::super::super::still_lasts;
use super::settings::{EIdError, EIdSettings, address};

/// How long a provider's keys and addresses are taken to be what they were.
const KNOWN_FOR: TimeDelta = TimeDelta::minutes(15);
/// How far ahead of ours a provider's clock may be.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);
/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 1 << 20;

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
struct Claims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claims")
    }
}

impl AdditionalClaims for Claims {}

type Id =
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
type Client = openidconnect::Client<
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

/// A log-in that a browser was sent to.
pub struct Begun {
    /// Where to.
    pub address: String,
    pub state: String,
    pub secrets: Secrets,
}

/// What only the one who began a log-in can end it with.
pub struct Secrets {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// Who was identified, as the provider tells it.
pub struct Identified {
    /// As it was written there.
    pub number: String,
    pub first_name: String,
    pub last_name: String,
}

/// A clinic's OpenID Provider. Clones share what is known of it.
#[derive(Clone)]
pub struct EId(Arc<Provider>);

impl fmt::Debug for EId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EId").field(&self.0.issuer).finish()
    }
}

struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    secret: ClientSecret,
    scopes: Vec<String>,
    acr_values: Vec<String>,
    claims: Vec<String>,
    site: Url,
    http: reqwest::Client,
    known: Mutex<Option<Known>>,
}

/// What a provider has told of itself.
#[derive(Clone)]
struct Known {
    metadata: CoreProviderMetadata,
    at: DateTime<Utc>,
}

impl EId {
    /// The provider of these settings, with the client's secret.
    ///
    /// # Errors
    /// [`EIdError`].
    pub fn new(settings: &EIdSettings, secret: &str) -> Result<Self, EIdError> {
        if secret.is_empty() {
            return Err(EIdError::NoSecret);
        }
        let issuer = address("issuer", &settings.issuer)?;
        let http = reqwest::Client::builder()
            .https_only(issuer.scheme() == "https")
            // Nobody is to lead us elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|_| EIdError::Tls)?;
        Ok(Self(Arc::new(Provider {
            // As it was written: a slash more or less is another issuer.
            issuer: IssuerUrl::new(settings.issuer.clone())
                .map_err(|_| EIdError::Address("issuer"))?,
            client_id: ClientId::new(settings.client_id.clone()),
            secret: ClientSecret::new(secret.to_owned()),
            scopes: settings.scopes(),
            acr_values: settings.acr_values(),
            claims: settings.claims()?,
            site: settings.site()?,
            http,
            known: Mutex::new(None),
        })))
    }

    /// Who it is, as tokens name it.
    pub fn issuer(&self) -> &str {
        self.0.issuer.as_str()
    }

    /// Whether browsers reach the pages by TLS.
    pub fn is_over_tls(&self) -> bool {
        self.0.site.scheme() == "https"
    }

    /// Begins a log-in, which is to come back to a path of ours. Whoever was logged in there already
    /// is asked again: the browser may be another's.
    ///
    /// # Errors
    /// [`Unidentified::Unreachable`].
    pub(super) async fn begin(
        &self,
        back_to: &str,
        language: &str,
        now: DateTime<Utc>,
    ) -> Result<Begun, Unidentified> {
        let client = self.client(&self.known(now).await?.metadata, back_to)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge)
            .add_prompt(CoreAuthPrompt::Login)
            .add_ui_locale(LanguageTag::new(language.to_owned()))
            .add_scopes(self.0.scopes.iter().cloned().map(Scope::new));
        for acr in &self.0.acr_values {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        let (address, state, nonce) = request.url();
        let secrets = Secrets { nonce, verifier };
        Ok(Begun { address: address.into(), state: state.into_secret(), secrets })
    }

    /// Ends a log-in with the code that a browser brought back.
    ///
    /// # Errors
    /// [`Unidentified`].
    pub(super) async fn finish(
        &self,
        code: String,
        secrets: Secrets,
        back_to: &str,
        now: DateTime<Utc>,
    ) -> Result<Identified, Unidentified> {
        let known = self.known(now).await?;
        let client = self.client(&known.metadata, back_to)?;
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| NO_TOKENS)?
            .set_pkce_verifier(secrets.verifier);
        let http = |request| send(self.0.http.clone(), request);
        let tokens = request.request_async(&http).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(refusal) => {
                Unidentified::Code(token_refusal(refusal.error()))
            }
            RequestTokenError::Request(_) => {
                Unidentified::Unreachable("the issuer's token endpoint can't be reached")
            }
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                Unidentified::Untrusted("what the issuer's token endpoint answered can't be read")
            }
        })?;
        let id = tokens.id_token().ok_or(Unidentified::Untrusted("the issuer gave no ID token"))?;
        let access = tokens.access_token();
        let (client, told) = match self.verified(&client, id, &secrets.nonce, access, now) {
            // Keys change: what is known may be old.
            Err(Distrust::UnknownKey) if known.at < now => {
                let renewed = self.renew(now).await?;
                let client = self.client(&renewed.metadata, back_to)?;
                let told = self.verified(&client, id, &secrets.nonce, access, now);
                let told = told.map_err(Distrust::told)?;
                (client, told)
            }
            told => (client, told.map_err(Distrust::told)?),
        };
        let Told { subject, claims } = told;
        if let Some(identified) = self.identified(&claims) {
            return Ok(identified);
        }
        let claims = self.user_info(&client, access, subject).await?;
        self.identified(&claims).ok_or(Unidentified::NoNumber)
    }

    /// What it tells of whoever a token is of, where it tells so beside the token.
    async fn user_info(
        &self,
        client: &Client,
        access: &AccessToken,
        subject: SubjectIdentifier,
    ) -> Result<Value, Unidentified> {
        let request = client.user_info(access.clone(), Some(subject));
        let request = request.map_err(|_| Unidentified::NoNumber)?;
        let http = |request| send(self.0.http.clone(), request);
        let info: UserInfoClaims<Claims, CoreGenderClaim> =
            request.request_async(&http).await.map_err(|error| match error {
                openidconnect::UserInfoError::Request(_) => {
                    Unidentified::Unreachable("the issuer's UserInfo can't be reached")
                }
                openidconnect::UserInfoError::ClaimsVerification(error) => {
                    distrusted(&error).told()
                }
                _ => UNREADABLE_USER_INFO,
            })?;
        serde_json::to_value(&info).map_err(|_| UNREADABLE_USER_INFO)
    }

    /// Checks an ID token: its signature, issuer, audience, times and nonce, and that the access token
    /// belongs to it.
    fn verified(
        &self,
        client: &Client,
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
        let own = |party: &ClientId| *party == self.0.client_id;
        if !claims.authorized_party().is_none_or(own) {
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

    /// The person in the claims; `None` where no personnummer is among them.
    fn identified(&self, claims: &Value) -> Option<Identified> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = self.0.claims.iter().find_map(|claim| text(claim))?;
        let name = |name| text(name).unwrap_or_default();
        Some(Identified { number, first_name: name("given_name"), last_name: name("family_name") })
    }

    fn client(
        &self,
        metadata: &CoreProviderMetadata,
        back_to: &str,
    ) -> Result<Client, Unidentified> {
        let back = self.0.site.join(back_to).map_err(|_| NO_WAY_BACK)?;
        let (id, secret) = (self.0.client_id.clone(), self.0.secret.clone());
        // Unless it says otherwise, a provider takes the secret in a header.
        let in_body = metadata.token_endpoint_auth_methods_supported().is_some_and(|ways| {
            ways.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        let way = if in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        let client = Client::from_provider_metadata(metadata.clone(), id, Some(secret));
        Ok(client.set_auth_type(way).set_redirect_uri(RedirectUrl::from_url(back)))
    }

    /// What is known of the provider, asked for where that is old.
    async fn known(&self, now: DateTime<Utc>) -> Result<Known, Unidentified> {
        let mut known = self.0.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| still_lasts(known.at, now, KNOWN_FOR)) {
            return Ok(known.clone());
        }
        let found = self.discover(now).await?;
        *known = Some(found.clone());
        Ok(found)
    }

    async fn renew(&self, now: DateTime<Utc>) -> Result<Known, Unidentified> {
        let mut known = self.0.known.lock().await;
        let found = self.discover(now).await?;
        *known = Some(found.clone());
        Ok(found)
    }

    async fn discover(&self, now: DateTime<Utc>) -> Result<Known, Unidentified> {
        let http = |request| send(self.0.http.clone(), request);
        let metadata = CoreProviderMetadata::discover_async(self.0.issuer.clone(), &http).await;
        let metadata = metadata.map_err(|error| Unidentified::Unreachable(undiscovered(&error)))?;
        Ok(Known { metadata, at: now })
    }
}

/// What a token that is to be trusted tells.
struct Told {
    subject: SubjectIdentifier,
    claims: Value,
}

/// Why a token is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Distrust {
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
    fn told(self) -> Unidentified {
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
fn distrusted(error: &ClaimsVerificationError) -> Distrust {
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

const NO_TOKENS: Unidentified = Unidentified::Unreachable("the issuer tells of no token endpoint");
const NO_WAY_BACK: Unidentified = Unidentified::Unreachable("public_url gives no way back");
const UNREADABLE_USER_INFO: Unidentified =
    Unidentified::Untrusted("what the issuer's UserInfo answered can't be read");

/// Why a code was not taken (RFC 6749, 5.2); in the provider's own words it is not told.
fn token_refusal(code: &CoreErrorResponseType) -> &'static str {
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
fn undiscovered(error: &DiscoveryError<NoAnswer>) -> &'static str {
    match error {
        DiscoveryError::Request(_) => "the issuer can't be reached",
        DiscoveryError::Response(..) => "the issuer answers with an error where it tells of itself",
        DiscoveryError::Validation(_) => "the issuer tells of itself under another name",
        _ => "what the issuer tells of itself can't be read",
    }
}

/// A provider did not answer, or at too great a length.
#[derive(Debug, Error)]
#[error("the e-ID service does not answer")]
struct NoAnswer;

/// One request to a provider.
async fn send(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let request = reqwest::Request::try_from(request).map_err(|_| NoAnswer)?;
    let mut answer = http.execute(request).await.map_err(|_| NoAnswer)?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|_| NoAnswer)? {
        body.extend_from_slice(&part);
        if body.len() > LONGEST_ANSWER {
            return Err(NoAnswer);
        }
    }
    let mut response = HttpResponse::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}
