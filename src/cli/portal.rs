//! `tidbok portal`: the booking page, and the FHIR endpoint that clinics' agents publish to. Needs no
//! clinic's database.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use reqwest::Url;
use serde::Deserialize;

use crate::portal::{
    Access, ClinicPage, EId, EIdError, EIdSettings, HashKey, Journal, Pages, Portal, PortalError,
    RESERVED, TlsFiles, Token, Tokens,
};

use super::secret_file::{first_line, named};
use super::{Failure, Global, output, stop, toml_file, units};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The portal's configuration file
    #[arg(long, value_name = "FILE", required_unless_present_any = ["print_config", "print_unit"])]
    config: Option<PathBuf>,
    /// Listen here instead of where the file says; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Write a configuration file to begin from
    #[arg(long)]
    print_config: bool,
    /// Write a unit file for systemd
    #[arg(long)]
    print_unit: bool,
}

/// A configuration file to begin from.
pub(super) const EXAMPLE: &str = "\
# The portal of tidbok. Paths are counted from this file's folder; a secret or a certificate that a service
# has as a credential of the file's name is read there (LoadCredential=hash-key:/etc/tidbok/hash-key).
listen = \"127.0.0.1:8484\"        # a proxy with TLS stands before it, and passes Host on as it came
database = \"portal.db\"
silence_minutes = 5              # of an agent, before nothing is offered any more
hash_key_file = \"hash-key\"       # first line: 16 characters or more, kept secret
trusted_proxies = [\"127.0.0.1\", \"::1\"]   # believed when they say in X-Forwarded-For who asks

# Where no proxy stands before it: the certificate it shows, with its issuers' after it, and its key.
# Read at the start: start the portal anew when they are renewed.
#[tls]
#certificate_file = \"fullchain.pem\"
#key_file = \"privkey.pem\"
#client_issuers_file = \"issuers.pem\"           # of the certificates that agents show

# One section a clinic; its agent publishes to http://HOST:8484/fhir/storgatan, and patients book at
# http://HOST:8484/storgatan
[clinics.storgatan]
agent_token_file = \"storgatan-agent-token\"   # first line: 24 characters or more
page_token_file = \"storgatan-page-token\"
#agent_certificate_file = \"storgatan.pem\"    # instead of a token: the one the agent shows

# How its booking page looks; what is left out comes from the clinic's own settings
[clinics.storgatan.page]
#address = \"https://bokning.example.se\"    # where browsers reach it: publishes the times as open data, too
title = \"Tandkliniken Storgatan\"
#phone = \"08-123 45 67\"                    # goes before the clinic's own
#email = \"info@tandkliniken.example\"
text = \"Välkommen! Har du akuta besvär, ring oss.\"
accent = \"#0b5d66\"
most_open_bookings = 4           # by one person at once
keep_days = 30                   # after its time, 1 to 365: then the portal forgets a booking

# Log-in with e-ID, for \"Mina tider\": needs an agreement with a broker of BankID or Freja. The address
# that the broker is to send browsers back to is PUBLIC_URL/storgatan/logged-in
#[clinics.storgatan.e_id]
#provider = \"signicat\"           # or idura, freja, oidc-sweden: presets of what is left out here
#issuer = \"https://klinik.signicat.example/auth/open\"
#client_id = \"tidbok\"
#client_secret_file = \"storgatan-e-id-secret\"   # first line
#public_url = \"https://boka.tandkliniken.example\"   # the portal, as patients' browsers reach it
#scopes = [\"profile\", \"nin\"]      # beside openid
#acr_values = [\"idp:sbid\"]
#claim = \"nin\"                    # which holds the personnummer
";

/// What the file may say; no other key is taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortalFile {
    #[serde(default = "loopback")]
    listen: SocketAddr,
    database: PathBuf,
    #[serde(default = "five")]
    silence_minutes: SilenceMinutes,
    hash_key_file: PathBuf,
    #[serde(default = "this_machine")]
    trusted_proxies: Vec<IpAddr>,
    tls: Option<TlsSection>,
    clinics: BTreeMap<String, ClinicSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsSection {
    certificate_file: PathBuf,
    key_file: PathBuf,
    client_issuers_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClinicSection {
    agent_token_file: Option<PathBuf>,
    agent_certificate_file: Option<PathBuf>,
    page_token_file: PathBuf,
    #[serde(default)]
    page: ClinicPage,
    e_id: Option<EIdSettings>,
}

fn loopback() -> SocketAddr {
    ([127, 0, 0, 1], 8484).into()
}

fn this_machine() -> Vec<IpAddr> {
    Pages::default().trusted_proxies
}

fn five() -> SilenceMinutes {
    SilenceMinutes(5)
}

/// A number of minutes, from 1 to a day: at none, nothing would ever be offered.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "u16")]
struct SilenceMinutes(u16);

impl TryFrom<u16> for SilenceMinutes {
    type Error = &'static str;

    fn try_from(minutes: u16) -> Result<Self, Self::Error> {
        match minutes {
            1..=1440 => Ok(Self(minutes)),
            _ => Err("silence_minutes is a number of minutes from 1 to 1440"),
        }
    }
}

pub(super) async fn run(global: Global, arguments: Arguments) -> Result<(), Failure> {
    let language = super::context::language(&global);
    if arguments.print_unit {
        return output::print(units::PORTAL.text);
    }
    let Some(path) = arguments.config.filter(|_| !arguments.print_config) else {
        return output::print(EXAMPLE);
    };
    let file: PortalFile = toml_file::read(&path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let Loaded { access, e_id, tls } = Loaded::of(&file, folder)?;
    let address = arguments.listen.unwrap_or(file.listen);
    let clinics = file.clinics.into_iter().map(|(name, it)| (name, it.page)).collect();
    let pages = Pages { clinics, e_id, trusted_proxies: file.trusted_proxies };
    let database = folder.join(&file.database);
    // systemd keeps what comes on standard error.
    let journal = Journal::to(output::note);
    let portal = Portal::open(&database, address, access, pages, journal).await;
    let mut portal = portal.map_err(|error| told(&error))?;
    let mut scheme = "http";
    if let Some(files) = &tls {
        portal = portal.with_tls(files).map_err(|error| told(&error))?;
        scheme = "https";
    }
    let at = portal.address();
    output::print(&language.pick(
        format!(
            "tidbok: portalen svarar på {scheme}://{at}/fhir/KLINIK, bokningssidan på \
             {scheme}://{at}/KLINIK\n"
        ),
        format!(
            "tidbok: the portal answers at {scheme}://{at}/fhir/CLINIC, the booking page at \
             {scheme}://{at}/CLINIC\n"
        ),
    ))?;
    stop::ready();
    portal.run(stop::asked()).await;
    Ok(())
}

/// What a file's names lead to.
struct Loaded {
    access: Access,
    e_id: BTreeMap<String, EId>,
    tls: Option<TlsFiles>,
}

impl Loaded {
    fn of(file: &PortalFile, folder: &Path) -> Result<Self, Failure> {
        Ok(Self {
            access: access(file, folder)?,
            e_id: e_id(file, folder)?,
            tls: file.tls.as_ref().map(|section| section.files(folder)),
        })
    }
}

/// Whether a portal could be started by a file and what it names; nothing is started.
///
/// # Errors
/// What the portal would end with.
pub(super) fn could_start(path: &Path) -> Result<(), Failure> {
    let file: PortalFile = toml_file::read(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let Some(files) = Loaded::of(&file, folder)?.tls else { return Ok(()) };
    files.check().map_err(|error| told(&PortalError::Tls(error)))
}

fn access(file: &PortalFile, folder: &Path) -> Result<Access, Failure> {
    let key = first_line(&named(folder, &file.hash_key_file))?;
    let key = HashKey::new(key.into_bytes()).ok_or_else(|| too_short(&file.hash_key_file))?;
    let mut clinics = BTreeMap::new();
    for (name, section) in &file.clinics {
        if !is_plain(name) {
            let what = "a clinic's name has letters, digits, - and _ only: it stands in addresses";
            return Err(Failure::Usage(what.to_owned()));
        }
        if RESERVED.contains(&name.as_str()) {
            let what = format!("a clinic can't be called {name}: that address is taken");
            return Err(Failure::Usage(what));
        }
        let page = token(&named(folder, &section.page_token_file))?;
        let agent = agent(name, file, section, folder)?;
        if page.is(&agent) {
            return Err(Failure::Usage(format!(
                "[clinics.{name}]: agent and page have the same token, and whoever has the page's could \
                 act as the agent: make another"
            )));
        }
        if let Some(address) = &section.page.address
            && !is_site(address)
        {
            return Err(Failure::Usage(format!(
                "[clinics.{name}.page] address: {address} is not an address such as \
                 https://bokning.example.se, without a path"
            )));
        }
        clinics.insert(name.clone(), Tokens { agent, page });
    }
    if clinics.is_empty() {
        return Err(Failure::Usage("the file names no clinic: add [clinics.NAME]".to_owned()));
    }
    Ok(Access { clinics, silence: TimeDelta::minutes(file.silence_minutes.0.into()), key })
}

fn is_plain(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    !name.is_empty() && name.chars().all(plain)
}

/// Whether a clinic can be called so: its name stands in addresses.
pub(super) fn is_clinic_name(name: &str) -> bool {
    is_plain(name) && !RESERVED.contains(&name)
}

/// Whether browsers reach a portal at an address like this.
fn is_site(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && url.path() == "/"
            && (url.query(), url.fragment()) == (None, None)
    })
}

/// Looks a file's text over that is to be the portal's; what it names need not be there yet.
pub(super) fn looked_over(text: &str, path: &Path) -> Result<(), Failure> {
    let file: PortalFile = toml_file::parsed(text, path)?;
    for (name, section) in &file.clinics {
        let Some(settings) = &section.e_id else { continue };
        EId::new(settings, "a secret").map_err(|error| wrong_e_id(name, error))?;
    }
    Ok(())
}

/// The files with secrets that a file speaks of; none where it can't be understood.
pub(super) fn secrets_named_in(path: &Path) -> Vec<PathBuf> {
    let Ok(file) = toml_file::read::<PortalFile>(path) else { return Vec::new() };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut files = vec![file.hash_key_file];
    files.extend(file.tls.map(|tls| tls.key_file));
    for section in file.clinics.into_values() {
        files.extend(section.agent_token_file);
        files.push(section.page_token_file);
        files.extend(section.e_id.map(|e_id| e_id.client_secret_file));
    }
    files.into_iter().map(|file| folder.join(file)).collect()
}

fn wrong_e_id(clinic: &str, error: EIdError) -> Failure {
    Failure::Usage(format!("[clinics.{clinic}.e_id]: {error}"))
}

/// Who identifies patients, of each clinic that has it.
fn e_id(file: &PortalFile, folder: &Path) -> Result<BTreeMap<String, EId>, Failure> {
    let mut all = BTreeMap::new();
    for (name, section) in &file.clinics {
        let Some(settings) = &section.e_id else { continue };
        let secret = first_line(&named(folder, &settings.client_secret_file))?;
        let e_id = EId::new(settings, &secret).map_err(|error| wrong_e_id(name, error))?;
        all.insert(name.clone(), e_id);
    }
    Ok(all)
}

/// What a clinic's agent is known by: a token or a certificate, and not both.
fn agent(
    name: &str,
    file: &PortalFile,
    section: &ClinicSection,
    folder: &Path,
) -> Result<Token, Failure> {
    let wrong = |what: &str| Err(Failure::Usage(format!("[clinics.{name}]: {what}")));
    match (&section.agent_token_file, &section.agent_certificate_file) {
        (Some(path), None) => token(&named(folder, path)),
        (None, Some(path)) => {
            if file.tls.as_ref().is_none_or(|tls| tls.client_issuers_file.is_none()) {
                return wrong("agent_certificate_file needs client_issuers_file under [tls]");
            }
            let shown = Token::of_certificate_in(&folder.join(path));
            shown.map_err(|error| Failure::Usage(error.to_string()))
        }
        _ => wrong("name either agent_token_file or agent_certificate_file"),
    }
}

fn token(path: &Path) -> Result<Token, Failure> {
    let text = first_line(path)?;
    Token::new(&text)
        .map_err(|error| Failure::Usage(format!("{}: the first line {error}", path.display())))
}

impl TlsSection {
    fn files(&self, folder: &Path) -> TlsFiles {
        TlsFiles {
            certificate: named(folder, &self.certificate_file),
            key: named(folder, &self.key_file),
            client_issuers: self.client_issuers_file.as_ref().map(|file| folder.join(file)),
        }
    }
}

fn too_short(hash_key: &Path) -> Failure {
    let (path, least) = (hash_key.display(), HashKey::SHORTEST);
    Failure::Usage(format!("{path}: the first line has fewer than {least} characters"))
}

fn told(error: &PortalError) -> Failure {
    match error {
        PortalError::Database(_) => Failure::Store(error.to_string()),
        PortalError::Tls(_) | PortalError::Address { .. } => Failure::Usage(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_file_that_is_taken_with_and_without_what_is_commented_out() {
        let file: PortalFile = toml::from_str(EXAMPLE).expect("a portal's file");
        assert!(file.clinics["storgatan"].e_id.is_none() && file.tls.is_none());
        let said: String = EXAMPLE.lines().map(|line| format!("{}\n", uncommented(line))).collect();
        let file: PortalFile = toml::from_str(&said).expect("a portal's file");
        let settings = file.clinics["storgatan"].e_id.as_ref().expect("e-ID");
        EId::new(settings, "a secret").expect("settings that can be used");
    }

    /// A key or a section that is commented out, put in; words stay what they are.
    fn uncommented(line: &str) -> &str {
        line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line)
    }
}
