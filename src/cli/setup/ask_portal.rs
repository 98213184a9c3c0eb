//! The questions about a booking page on this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use crate::cli::Failure;
use crate::portal::TlsFiles;

use super::answers::{EIdAnswers, PortalAnswers};
use super::ask::{Asking, from_folder};
use super::secrets;

/// What a new clinic is called in addresses.
const CLINIC: &str = "kliniken";

/// What shows browsers a certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tls {
    Proxy,
    Files,
}

/// Brokers whose ways are known, and none of them.
const PROVIDERS: [(&str, &str, Option<&str>); 5] = [
    ("signicat", "signicat", Some("signicat")),
    ("idura", "idura", Some("idura")),
    ("freja", "freja", Some("freja")),
    ("oidc-sweden", "oidc-sweden", Some("oidc-sweden")),
    ("annan", "other", None),
];

pub(super) fn ask(asking: &Asking<'_>) -> Result<PortalAnswers, Failure> {
    let (it, understand) = (asking.dialogue, asking.understand());
    let before = asking.existing.clinic();
    let question = it.pick(
        "Klinikens korta namn, som står i adresserna",
        "The clinic's short name, which stands in addresses",
    );
    let default = before.as_deref().unwrap_or(CLINIC);
    let clinic = it.ask(question, Some(default), |text| understand.clinic(text))?;
    let said = |key: &str| said(asking, &["clinics", &clinic, "page", key]);
    let question = it.pick(
        "Adress som patienters webbläsare når den på, som https://boka.klinik.se, - om ingen finns än",
        "The address where browsers reach it, as https://boka.klinik.se, - where there is none yet",
    );
    let address =
        it.ask_or_nothing(question, said("address").as_deref(), |text| understand.site(text))?;
    let question = it.pick(
        "Rubrik på sidan, - för företagets namn i tidboken",
        "The page's title, - for the company's name in the appointment book",
    );
    let title =
        it.ask_or_nothing(question, said("title").as_deref(), |text| understand.name(text))?;
    let tls = tls(asking)?;
    let listen = listen(asking, tls.as_ref())?;
    let e_id = e_id(asking, &clinic, address.as_deref())?;
    Ok(PortalAnswers { clinic, address, title, listen, tls, e_id })
}

/// What the portal's file says, where there is one: what a new one begins with is an example.
fn said(asking: &Asking<'_>, keys: &[&str]) -> Option<String> {
    let portal = &asking.existing.portal;
    portal.is_there().then(|| portal.said(keys).map(str::to_owned)).flatten()
}

fn tls(asking: &Asking<'_>) -> Result<Option<(PathBuf, PathBuf)>, Failure> {
    let (it, understand) = (asking.dialogue, asking.understand());
    let there = asking.existing.portal.is_there() && asking.existing.portal.has(&["tls"]);
    let words = [("proxy", "proxy", Tls::Proxy), ("filer", "files", Tls::Files)];
    let question = it.pick(
        "Vad visar certifikatet: en proxy framför, eller portalen själv ur filer",
        "What shows the certificate: a proxy before it, or the portal itself from files",
    );
    let default = if there { Tls::Files } else { Tls::Proxy };
    if it.choose(question, default, &words)? == Tls::Proxy {
        return Ok(None);
    }
    let full = |key| said(asking, &["tls", key]).map(|file| from_folder(asking.layout, &file));
    let shown = |path: Option<PathBuf>| path.map(|path| path.display().to_string());
    loop {
        let question = it.pick(
            "Fil med certifikatet och dess utfärdare efter (PEM)",
            "File with the certificate and its issuers after it (PEM)",
        );
        let default = shown(full("certificate_file"));
        let certificate = it.ask(question, default.as_deref(), |text| understand.file(text))?;
        let question = it.pick("Fil med dess nyckel (PEM)", "File with its key (PEM)");
        let default = shown(full("key_file"));
        let key = it.ask(question, default.as_deref(), |text| understand.file(text))?;
        let files = TlsFiles { certificate, key, client_issuers: None };
        match files.check() {
            Ok(()) => return Ok(Some((files.certificate, files.key))),
            // Nobody would answer otherwise the next time.
            Err(error) if it.takes_defaults() => return Err(Failure::Usage(error.to_string())),
            Err(error) => it.say(&format!("  {error}"))?,
        }
    }
}

fn listen(asking: &Asking<'_>, tls: Option<&(PathBuf, PathBuf)>) -> Result<SocketAddr, Failure> {
    let (it, understand) = (asking.dialogue, asking.understand());
    let usual = match tls {
        Some(_) => "[::]:443",
        None => "127.0.0.1:8484",
    };
    let said = said(asking, &["listen"]);
    let question = it.pick("Portalen lyssnar på adress:port", "The portal listens at address:port");
    it.ask(question, Some(said.as_deref().unwrap_or(usual)), |text| understand.listen(text))
}

fn e_id(
    asking: &Asking<'_>,
    clinic: &str,
    address: Option<&str>,
) -> Result<Option<EIdAnswers>, Failure> {
    let (it, understand) = (asking.dialogue, asking.understand());
    let section = |key: &str| said(asking, &["clinics", clinic, "e_id", key]);
    let there = asking.existing.portal.is_there()
        && asking.existing.portal.has(&["clinics", clinic, "e_id"]);
    let question = it.pick(
        "Ska patienter kunna logga in med e-legitimation (kräver avtal med en förmedlare)",
        "Are patients to log in with e-ID (takes an agreement with a broker)",
    );
    if !it.yes(question, there)? {
        return Ok(None);
    }
    let before = section("provider");
    let default = PROVIDERS.iter().find(|it| it.2 == before.as_deref()).and_then(|it| it.2);
    let default = if there { default } else { Some("signicat") };
    let question = it.pick("Förmedlare", "Broker");
    let provider = it.choose(question, default, &PROVIDERS)?.map(str::to_owned);
    let claim = match provider {
        Some(_) => None,
        None => {
            let question = it.pick(
                "Claim som innehåller personnumret hos den",
                "The claim that holds the personnummer there",
            );
            Some(it.ask(question, section("claim").as_deref(), |text| understand.name(text))?)
        }
    };
    let question = it.pick("Förmedlarens adress (issuer)", "The broker's address (issuer)");
    let issuer = it.ask(question, section("issuer").as_deref(), |text| understand.address(text))?;
    let question = it.pick("Ert namn hos förmedlaren (client_id)", "Your name there (client_id)");
    let client_id =
        it.ask(question, section("client_id").as_deref(), |text| understand.name(text))?;
    let file = section("client_secret_file").unwrap_or_else(|| secrets::e_id(clinic));
    let kept = secrets::kept(&from_folder(asking.layout, &file));
    let question = it.pick("Er hemlighet hos förmedlaren", "Your secret there");
    let secret = it.secret(question, kept, |_| Ok(()))?;
    let default = section("public_url").or(address.map(str::to_owned));
    let question = it.pick(
        "Adress som förmedlaren skickar webbläsare tillbaka till, utan sökväg",
        "The address that the broker sends browsers back to, without a path",
    );
    let public_url = it.ask(question, default.as_deref(), |text| understand.site(text))?;
    Ok(Some(EIdAnswers { provider, claim, issuer, client_id, secret, public_url }))
}

impl PortalAnswers {
    /// How this machine itself reaches it. What shows a certificate is reached by the name that stands
    /// in that.
    pub(super) fn local_address(&self) -> String {
        match (&self.tls, &self.address) {
            (Some(_), Some(address)) => address.clone(),
            (Some(_), None) => format!("https://localhost:{}", self.listen.port()),
            (None, _) => format!("http://{}", reached(self.listen)),
        }
    }
}

/// Where what listens everywhere is reached from here.
fn reached(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
