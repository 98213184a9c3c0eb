//! What the dialogue finds out. Secrets are never shown, and kept where they are not typed anew.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config::{LanguageCode, LockMinutes, Login};
use crate::mail::Security;
use crate::store::DatabaseLocation;

use super::dialogue::Secret;

/// Everything.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) language: LanguageCode,
    /// `None` on a machine that has the booking page only.
    pub(super) clinic: Option<ClinicAnswers>,
    /// The booking page, where it is on this machine.
    pub(super) portal: Option<PortalAnswers>,
    pub(super) agent: Option<AgentAnswers>,
}

/// The clinic's database, and who gets in.
#[derive(Debug)]
pub(super) struct ClinicAnswers {
    pub(super) database: DatabaseLocation,
    /// Of the login to a server; `None` keeps the one that is there.
    pub(super) password: Option<Secret>,
    pub(super) login: Login,
    pub(super) lock_minutes: Option<LockMinutes>,
    pub(super) restricted: bool,
}

/// One clinic's booking page on this machine.
#[derive(Debug)]
pub(super) struct PortalAnswers {
    /// As it stands in addresses.
    pub(super) clinic: String,
    /// How browsers reach the portal.
    pub(super) address: Option<String>,
    pub(super) title: Option<String>,
    pub(super) listen: SocketAddr,
    /// Certificate and key, where no proxy stands before it.
    pub(super) tls: Option<(PathBuf, PathBuf)>,
    pub(super) e_id: Option<EIdAnswers>,
}

impl PortalAnswers {
    /// The clinic's page, as browsers reach it.
    pub(super) fn page(&self) -> Option<String> {
        self.address.as_ref().map(|address| format!("{address}/{}", self.clinic))
    }
}

/// Log-in with e-ID.
#[derive(Debug)]
pub(super) struct EIdAnswers {
    pub(super) provider: Option<String>,
    /// Where the broker is none whose ways are known.
    pub(super) claim: Option<String>,
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) secret: Option<Secret>,
    pub(super) public_url: String,
}

/// The Online Client.
#[derive(Debug)]
pub(super) struct AgentAnswers {
    pub(super) portal: String,
    pub(super) token: AgentToken,
    pub(super) mail: Option<MailAnswers>,
}

/// What the agent shows to the booking page's server.
#[derive(Debug)]
pub(super) enum AgentToken {
    /// The one that the portal on this machine has for it.
    OfPortalHere,
    /// One that was typed; `None` keeps the one that is there.
    Typed(Option<Secret>),
}

/// Where e-mail to patients goes out.
#[derive(Debug)]
pub(super) struct MailAnswers {
    pub(super) host: String,
    pub(super) tls: Security,
    /// `None` where it is the usual one.
    pub(super) port: Option<u16>,
    pub(super) login: Option<MailLogin>,
    pub(super) from: String,
    pub(super) reply_to: Option<String>,
}

#[derive(Debug)]
pub(super) struct MailLogin {
    pub(super) user: String,
    pub(super) password: Option<Secret>,
}
