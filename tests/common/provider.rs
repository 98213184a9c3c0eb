//! An OpenID Provider on loopback that answers as it is told to: rightly, or as a forger would. Its
//! tokens are put together here by hand, with keys made for the test.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tidbok::portal::EIdSettings;

const CLIENT: &str = "tidbok";
const SECRET: &str = "a secret of client and provider";
const SUBJECT: &str = "subject-1";

/// How a token is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    Rightly,
    WithAnotherKey,
    /// By a key that the provider shows since a moment ago.
    WithANewKey,
    Unsigned,
    /// By the secret that the client has, too.
    BySharedSecret,
    Altered,
    Expired,
    InTheFuture,
    ForAnotherClient,
    ForAnotherClientToo,
    ByAnotherIssuer,
    /// For another party, which passes it on.
    ByAnotherParty,
    WithAnotherNonce,
    WithoutNonce,
    WithAnotherAccessToken,
}

/// Where the personnummer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    InTheToken,
    InUserInfo,
    InUserInfoOfAnother,
    Nowhere,
}

/// A provider that runs.
#[derive(Clone)]
pub struct Provider {
    issuer: String,
    state: Arc<Mutex<Inner>>,
}

struct Inner {
    issuer: String,
    key: KeyPair,
    key_id: &'static str,
    made: Made,
    told: Told,
    number: String,
    now: DateTime<Utc>,
    codes: HashMap<String, BTreeMap<String, String>>,
    count: usize,
}

type Shared = Arc<Mutex<Inner>>;

impl Provider {
    /// One that does everything rightly, by a clock of the test's.
    pub async fn start(now: DateTime<Utc>, number: &str) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(Inner {
            issuer: issuer.clone(),
            key: new_key(),
            key_id: "one",
            made: Made::Rightly,
            told: Told::InTheToken,
            number: number.to_owned(),
            now,
            codes: HashMap::new(),
            count: 0,
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(user_info))
            .with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { issuer, state }
    }

    /// What a clinic's settings say of it, and the client's secret.
    pub fn settings(&self) -> (EIdSettings, &'static str) {
        let settings = EIdSettings {
            provider: None,
            issuer: self.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret_file: "secret".into(),
            scopes: Some(vec!["nin".to_owned()]),
            acr_values: Some(vec!["idp:sbid".to_owned()]),
            claim: Some("nin".to_owned()),
            public_url: "https://boka.example".to_owned(),
        };
        (settings, SECRET)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().expect("whole")
    }

    pub fn makes(&self, made: Made) {
        self.inner().made = made;
    }

    pub fn tells(&self, told: Told) {
        self.inner().told = told;
    }

    /// From now on it is somebody else who identifies themselves.
    pub fn identifies(&self, number: &str) {
        self.inner().number = number.to_owned();
    }

    pub fn by(&self, now: DateTime<Utc>) {
        self.inner().now = now;
    }

    /// What a browser asks for that is sent here.
    pub fn asked(&self, address: &str) -> BTreeMap<String, String> {
        let (place, query) = address.split_once('?').expect("a question");
        assert_eq!(place, format!("{}/auth", self.issuer));
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    /// The patient identifies themselves; where the browser is sent back to, without the host.
    pub fn agree(&self, address: &str) -> String {
        let asked = self.asked(address);
        let mut inner = self.inner();
        inner.count += 1;
        let code = format!("code-{}", inner.count);
        let back = back(&asked, &[("code", &code), ("iss", &self.issuer)]);
        inner.codes.insert(code, asked);
        back
    }

    /// The patient breaks it off.
    pub fn break_off(&self, address: &str) -> String {
        back(&self.asked(address), &[("error", "access_denied")])
    }
}

fn back(asked: &BTreeMap<String, String>, told: &[(&str, &str)]) -> String {
    let place = asked["redirect_uri"].strip_prefix("https://boka.example").expect("our host");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(told).append_pair("state", &asked["state"]);
    format!("{place}?{}", query.finish())
}

fn new_key() -> KeyPair {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key")
}

fn json_of(value: &Value) -> Response {
    ([("content-type", "application/json")], value.to_string()).into_response()
}

async fn discovery(State(state): State<Shared>) -> Response {
    let issuer = state.lock().expect("whole").issuer.clone();
    json_of(&json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
    }))
}

async fn keys(State(state): State<Shared>) -> Response {
    let inner = state.lock().expect("whole");
    // SEQUENCE { INTEGER n, INTEGER e }: of 2,048 bits, n begins after nine bytes.
    let modulus = &inner.key.public_key_raw()[9..265];
    json_of(&json!({"keys": [{
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": inner.key_id,
        "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB",
    }]}))
}

async fn token(State(state): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let refused =
        |error: &str| (StatusCode::BAD_REQUEST, json_of(&json!({"error": error}))).into_response();
    let form: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let mut inner = state.lock().expect("whole");
    let secret: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{secret}")));
    if headers.get("authorization").and_then(|it| it.to_str().ok()) != Some(basic.as_str()) {
        return refused("invalid_client");
    }
    // A code is taken once, from whoever knows the verifier.
    let Some(asked) = form.get("code").and_then(|code| inner.codes.remove(code)) else {
        return refused("invalid_grant");
    };
    let verifier = form.get("code_verifier").map(String::as_str).unwrap_or_default();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    if asked["code_challenge"] != challenge || form.get("redirect_uri") != asked.get("redirect_uri")
    {
        return refused("invalid_grant");
    }
    let id_token = inner.id_token(&asked["nonce"]);
    let answer = json!({
        "access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": id_token,
    });
    json_of(&answer)
}

async fn user_info(State(state): State<Shared>, headers: HeaderMap) -> Response {
    let inner = state.lock().expect("whole");
    if headers.get("authorization").and_then(|it| it.to_str().ok()) != Some("Bearer access") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut claims = json!({"sub": SUBJECT});
    match inner.told {
        Told::InUserInfo => claims["nin"] = inner.number.clone().into(),
        Told::InUserInfoOfAnother => {
            claims = json!({"sub": "subject-2", "nin": inner.number});
        }
        Told::InTheToken | Told::Nowhere => {}
    }
    json_of(&claims)
}

impl Inner {
    fn id_token(&mut self, nonce: &str) -> String {
        let (made, now) = (self.made, self.now.timestamp());
        let hash =
            Sha256::digest(if made == Made::WithAnotherAccessToken { "b" } else { "access" });
        let mut claims = json!({
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "at_hash": URL_SAFE_NO_PAD.encode(&hash[..16]),
            "given_name": "Hilda",
            "family_name": "Hemlig",
        });
        if self.told == Told::InTheToken {
            claims["nin"] = self.number.clone().into();
        }
        match made {
            Made::Expired => {
                (claims["iat"], claims["exp"]) = ((now - 600).into(), (now - 1).into())
            }
            Made::InTheFuture => claims["iat"] = (now + 3600).into(),
            Made::ForAnotherClient => claims["aud"] = "somebody".into(),
            Made::ForAnotherClientToo => claims["aud"] = json!([CLIENT, "somebody"]),
            Made::ByAnotherIssuer => claims["iss"] = "https://id.example".into(),
            Made::ByAnotherParty => claims["azp"] = "somebody".into(),
            Made::WithAnotherNonce => claims["nonce"] = "of another log-in".into(),
            Made::WithoutNonce => {
                claims.as_object_mut().expect("claims").remove("nonce");
            }
            _ => {}
        }
        if made == Made::WithANewKey {
            (self.key, self.key_id) = (new_key(), "two");
        }
        let algorithm = match made {
            Made::Unsigned => "none",
            Made::BySharedSecret => "HS256",
            _ => "RS256",
        };
        let header = json!({"alg": algorithm, "kid": self.key_id, "typ": "JWT"});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = match made {
            Made::Unsigned => Vec::new(),
            Made::BySharedSecret => {
                let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
                mac.update(signed.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            Made::WithAnotherKey => new_key().sign(signed.as_bytes()).expect("a signature"),
            _ => self.key.sign(signed.as_bytes()).expect("a signature"),
        };
        let signed = match made {
            Made::Altered => {
                claims["nin"] = "190001019802".into();
                format!("{}.{}", part(&header), part(&claims))
            }
            _ => signed,
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
