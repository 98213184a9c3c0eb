//! An OpenID Provider: sends browsers there, and asks it, with the code they bring back, who they are.
//! Nothing that it answers is shown or logged: it may be personal. What of it is believed is for
//! `token.rs` to say.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreGenderClaim,
    CoreProviderMetadata,
};
use openidconnect::url::Url;
use openidconnect::{
    AccessToken, AuthType, AuthenticationContextClass, AuthorizationCode, ClientId, ClientSecret,
    CsrfToken, HttpRequest, HttpResponse, IssuerUrl, LanguageTag, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SubjectIdentifier,
    TokenResponse, UserInfoClaims,
};
use serde_json::Value;
use thiserror::Error;
use tokio::sync::Mutex;

use super::super::super::still_lasts;
use super::settings::{EIdError, EIdSettings, address};
use super::token::{Claims, Client, Distrust, Identified, Told, distrusted, identified, verified};
use super::unidentified::{
    NO_TOKENS, NO_WAY_BACK, UNREADABLE_USER_INFO, Unidentified, token_refusal, undiscovered,
};

/// How long a provider's keys and addresses are taken to be what they were.
const KNOWN_FOR: TimeDelta = TimeDelta::minutes(15);
/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 1 << 20;

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

#[cfg(test)]
impl Secrets {
    pub(super) fn for_a_test() -> Self {
        let verifier = PkceCodeChallenge::new_random_sha256().1;
        Self { nonce: Nonce::new_random(), verifier }
    }
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
        let check =
            |client: &Client| verified(client, &self.0.client_id, id, &secrets.nonce, access, now);
        let (client, told) = match check(&client) {
            // Keys change: what is known may be old.
            Err(Distrust::UnknownKey) if known.at < now => {
                let renewed = self.renew(now).await?;
                let client = self.client(&renewed.metadata, back_to)?;
                let told = check(&client).map_err(Distrust::told)?;
                (client, told)
            }
            told => (client, told.map_err(Distrust::told)?),
        };
        let Told { subject, claims } = told;
        if let Some(identified) = identified(&claims, &self.0.claims) {
            return Ok(identified);
        }
        let claims = self.user_info(&client, access, subject).await?;
        identified(&claims, &self.0.claims).ok_or(Unidentified::NoNumber)
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
