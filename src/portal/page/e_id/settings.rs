//! Which OpenID Provider identifies a clinic's patients, as the portal's file has it.

use std::net::IpAddr;
use std::path::PathBuf;

use openidconnect::url::{Host, Url};
use serde::Deserialize;
use thiserror::Error;

/// `[clinics.NAME.e_id]`. What a preset knows needs not be said, and can be said otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EIdSettings {
    pub provider: Option<Preset>,
    /// Where its discovery document is: `ISSUER/.well-known/openid-configuration`.
    pub issuer: String,
    pub client_id: String,
    /// The first line of the file is the secret.
    pub client_secret_file: PathBuf,
    pub scopes: Option<Vec<String>>,
    pub acr_values: Option<Vec<String>>,
    /// The claim that holds the personnummer.
    pub claim: Option<String>,
    /// The portal's own address, as patients' browsers reach it.
    pub public_url: String,
}

/// Brokers whose ways are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    Signicat,
    Idura,
    Freja,
    /// Whoever follows the profile of OIDC Sweden.
    OidcSweden,
}

impl Preset {
    fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Signicat => &["profile", "nin"],
            Self::Idura => &[],
            Self::Freja => &["profile", "https://frejaeid.com/oidc/scopes/personalIdentityNumber"],
            Self::OidcSweden => &["https://id.oidc.se/scope/naturalPersonNumber"],
        }
    }

    fn acr_values(self) -> &'static [&'static str] {
        match self {
            Self::Signicat => &["idp:sbid"],
            Self::Idura => &["urn:grn:authn:se:bankid"],
            Self::Freja | Self::OidcSweden => &[],
        }
    }

    fn claims(self) -> &'static [&'static str] {
        match self {
            Self::Signicat => &["nin"],
            Self::Idura => &["ssn"],
            Self::Freja => &["https://frejaeid.com/oidc/claims/personalIdentityNumber"],
            Self::OidcSweden => &[
                "https://id.oidc.se/claim/personalIdentityNumber",
                "https://id.oidc.se/claim/coordinationNumber",
            ],
        }
    }
}

/// Why the settings of e-ID can't be used, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EIdError {
    #[error("{0} is no address that begins with https:// (or, on this machine itself, http://)")]
    Address(&'static str),
    #[error("public_url is the address up to the clinic's name, without a path")]
    Path,
    #[error("name a provider, or the claim that holds the personnummer")]
    NoClaim,
    #[error("the file of the client's secret has no first line")]
    NoSecret,
    #[error("the system's TLS can't be set up")]
    Tls,
}

impl EIdSettings {
    /// What is asked for beside `openid`.
    pub(super) fn scopes(&self) -> Vec<String> {
        let said = self.scopes.clone();
        let scopes = said.unwrap_or_else(|| self.of_preset(Preset::scopes));
        scopes.into_iter().filter(|scope| scope != "openid").collect()
    }

    pub(super) fn acr_values(&self) -> Vec<String> {
        self.acr_values.clone().unwrap_or_else(|| self.of_preset(Preset::acr_values))
    }

    /// The claims that may hold the personnummer, the first that is there.
    ///
    /// # Errors
    /// [`EIdError::NoClaim`].
    pub(super) fn claims(&self) -> Result<Vec<String>, EIdError> {
        let said = self.claim.clone().map(|claim| vec![claim]);
        let claims = said.unwrap_or_else(|| self.of_preset(Preset::claims));
        if claims.is_empty() { Err(EIdError::NoClaim) } else { Ok(claims) }
    }

    fn of_preset(&self, what: fn(Preset) -> &'static [&'static str]) -> Vec<String> {
        let known = self.provider.map(what).unwrap_or_default();
        known.iter().map(|text| (*text).to_owned()).collect()
    }

    /// The portal's own address.
    ///
    /// # Errors
    /// [`EIdError::Address`], [`EIdError::Path`].
    pub(super) fn site(&self) -> Result<Url, EIdError> {
        let site = address("public_url", &self.public_url)?;
        let bare = site.path() == "/" && site.query().is_none() && site.fragment().is_none();
        if bare { Ok(site) } else { Err(EIdError::Path) }
    }
}

/// An address whose secrets nobody on the way can read.
///
/// # Errors
/// [`EIdError::Address`].
pub(super) fn address(key: &'static str, text: &str) -> Result<Url, EIdError> {
    let url = Url::parse(text).map_err(|_| EIdError::Address(key))?;
    let private = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_this_machine(&url),
        _ => false,
    };
    if private { Ok(url) } else { Err(EIdError::Address(key)) }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> EIdSettings {
        let rest = "issuer = \"https://id.example\"\nclient_id = \"c\"\n\
                    client_secret_file = \"s\"\npublic_url = \"https://boka.example\"\n";
        toml::from_str(&format!("{rest}{text}")).expect("settings")
    }

    #[test]
    fn a_preset_knows_scopes_acr_and_claim_and_each_can_be_said_otherwise() {
        for (provider, scopes, acr, claim) in [
            ("signicat", "profile nin", "idp:sbid", "nin"),
            ("idura", "", "urn:grn:authn:se:bankid", "ssn"),
            (
                "freja",
                "profile https://frejaeid.com/oidc/scopes/personalIdentityNumber",
                "",
                "https://frejaeid.com/oidc/claims/personalIdentityNumber",
            ),
            (
                "oidc-sweden",
                "https://id.oidc.se/scope/naturalPersonNumber",
                "",
                "https://id.oidc.se/claim/personalIdentityNumber",
            ),
        ] {
            let it = settings(&format!("provider = \"{provider}\""));
            assert_eq!(it.scopes().join(" "), scopes, "{provider}");
            assert_eq!(it.acr_values().join(" "), acr, "{provider}");
            assert_eq!(it.claims().expect("claims").first().expect("one"), claim, "{provider}");
            let said = "scopes = [\"openid\", \"a\"]\nacr_values = [\"b\"]\nclaim = \"c\"";
            let it = settings(&format!("provider = \"{provider}\"\n{said}"));
            assert_eq!((it.scopes(), it.acr_values()), (vec!["a".into()], vec!["b".into()]));
            assert_eq!(it.claims(), Ok(vec!["c".to_owned()]));
        }
    }

    #[test]
    fn what_can_not_be_used_is_said() {
        assert_eq!(settings("").claims(), Err(EIdError::NoClaim));
        for (text, good) in [
            ("https://boka.example", true),
            ("https://boka.example:8443/", true),
            ("http://127.0.0.1:8484", true),
            ("http://[::1]:8484", true),
            ("http://localhost:8484", true),
            ("http://boka.example", false),
            ("http://localhost.example", false),
            ("ftp://boka.example", false),
            ("boka.example", false),
            ("https://boka.example/mitt", false),
            ("https://boka.example?x=1", false),
        ] {
            let it = EIdSettings { public_url: text.to_owned(), ..settings("") };
            assert_eq!(it.site().is_ok(), good, "{text}");
        }
    }
}
