//! Where mail goes out, and from whom: what a configuration says, checked.

use std::net::IpAddr;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Certificate;
use lettre::transport::smtp::extension::ClientId;
use serde::Deserialize;
use thiserror::Error;

use super::message::Sender;
use super::smtp::Server;

/// How the way to the mail server is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS is begun before anything is said; a server without is refused.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None: only to a server on this machine.
    None,
}

impl Security {
    /// The port where a server that does so is found.
    pub fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// A password; `Debug` shows nothing of it.
#[derive(Clone)]
pub struct MailPassword(pub String);

impl std::fmt::Debug for MailPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailPassword(…)")
    }
}

/// What a configuration says.
#[derive(Clone, Debug)]
pub struct MailSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Authorities that are trusted besides the machine's, as PEM.
    pub ca: Option<Vec<u8>>,
    pub login: Option<(String, MailPassword)>,
    /// `Name <address>` or an address.
    pub from: String,
    /// Else the clinic's own address.
    pub reply_to: Option<String>,
    /// Where patients book: an address that messages link to.
    pub page: Option<String>,
    /// This machine's name, as the server is told.
    pub this_host: String,
}

/// Why a configuration will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadMailSettings {
    #[error("from is an address such as \"Tandvården <bokning@example.se>\"")]
    From,
    #[error("reply_to is an address such as \"info@example.se\"")]
    ReplyTo,
    #[error("page is an address such as \"https://boka.example.se/storgatan\"")]
    Page,
    #[error("ca_file holds no certificate in PEM")]
    Authority,
    #[error("tls = \"none\" is only for a mail server on this machine (127.0.0.1, ::1, localhost)")]
    Unencrypted,
}

impl MailSettings {
    /// Whether a text is an address, or a name with one: `Name <address>`.
    pub fn is_mailbox(text: &str) -> bool {
        text.parse::<Mailbox>().is_ok()
    }

    /// The server, and whom messages come from.
    ///
    /// # Errors
    /// [`BadMailSettings`].
    pub(super) fn checked(&self) -> Result<(Server, Sender), BadMailSettings> {
        let mailbox = |text: &str| text.parse::<Mailbox>().ok();
        let from = mailbox(&self.from).ok_or(BadMailSettings::From)?;
        let reply_to = match self.reply_to.as_deref().map(mailbox) {
            Some(None) => return Err(BadMailSettings::ReplyTo),
            found => found.flatten(),
        };
        if self.security == Security::None && !is_this_machine(&self.host) {
            return Err(BadMailSettings::Unencrypted);
        }
        let trusted = match &self.ca {
            None => Vec::new(),
            Some(pem) if pem.windows(11).any(|it| it == b"CERTIFICATE") => {
                vec![Certificate::from_pem(pem).map_err(|_| BadMailSettings::Authority)?]
            }
            Some(_) => return Err(BadMailSettings::Authority),
        };
        let login = self.login.clone().map(|(user, password)| Credentials::new(user, password.0));
        let server = Server {
            host: self.host.clone(),
            port: self.port,
            security: self.security,
            trusted,
            login,
            hello: ClientId::Domain(host_name(&self.this_host)),
        };
        let page = self.page.as_deref().map(page_address).transpose()?;
        Ok((server, Sender { from, reply_to, page }))
    }
}

/// An address that may stand in a message: of a page, by TLS, with nobody's name and password.
fn page_address(text: &str) -> Result<String, BadMailSettings> {
    let address = reqwest::Url::parse(text.trim()).map_err(|_| BadMailSettings::Page)?;
    let nobody = address.username().is_empty() && address.password().is_none();
    match address.scheme() == "https" && nobody {
        true => Ok(address.into()),
        false => Err(BadMailSettings::Page),
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A name that stands in a command and ends none.
fn host_name(name: &str) -> String {
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || "-.".contains(*letter);
    let name: String = name.chars().filter(plain).collect();
    if name.is_empty() { "localhost".to_owned() } else { name }
}
