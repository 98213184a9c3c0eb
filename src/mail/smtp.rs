//! One conversation with the mail server (RFC 5321), step by step, so that it is known what each refusal
//! is about: the server, the clinic, or one patient's address.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::guarded::Guarded;
use super::settings::Security;
use crate::domain::NoticeFault;

/// How long a connection may take to be made, with TLS and signing in.
const TO_CONNECT: Duration = Duration::from_secs(30);
/// How long the server may take with whom a message is from and to.
const TO_ADDRESS: Duration = Duration::from_secs(60);
/// How long it may take to say that it has the message.
const TO_TAKE: Duration = Duration::from_secs(120);
/// How long it may take to be left.
const TO_LEAVE: Duration = Duration::from_secs(5);

/// Where the mail server is, and how one signs in there.
pub(super) struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub trusted: Vec<Certificate>,
    pub login: Option<Credentials>,
    pub hello: ClientId,
}

/// Signed in.
pub(super) struct Conversation(AsyncSmtpConnection);

impl Server {
    /// Connects, with TLS where it is to be, and signs in.
    ///
    /// # Errors
    /// What is wrong with the server, or with the login.
    pub async fn connect(&self) -> Result<Conversation, NoticeFault> {
        let connected = timeout(TO_CONNECT, self.signed_in()).await;
        connected.map_err(|_| NoticeFault::TimedOut)?.map(Conversation)
    }

    async fn signed_in(&self) -> Result<AsyncSmtpConnection, NoticeFault> {
        let mut connection = match self.security {
            Security::StartTls => self.with_tls_begun().await?,
            Security::Tls => self.reached(Some(self.tls()?)).await?,
            Security::None => self.reached(None).await?,
        };
        if let Some(login) = &self.login {
            let signed_in = connection.auth(DEFAULT_MECHANISMS, login).await;
            // A line that is cut, or a server that is busy, says nothing of the password.
            signed_in.map_err(|error| match error.is_permanent() || error.is_client() {
                true => NoticeFault::Login,
                false => unreachable(&error),
            })?;
        }
        Ok(connection)
    }

    async fn reached(
        &self,
        from_the_start: Option<TlsParameters>,
    ) -> Result<AsyncSmtpConnection, NoticeFault> {
        let address = (self.host.as_str(), self.port);
        let (patience, hello) = (Some(TO_CONNECT), &self.hello);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(address, patience, hello, from_the_start, None);
        connecting.await.map_err(|error| unreachable(&error))
    }

    /// Reaches it without TLS and begins that, before anything else is said.
    async fn with_tls_begun(&self) -> Result<AsyncSmtpConnection, NoticeFault> {
        let line = TcpStream::connect((self.host.as_str(), self.port)).await;
        let line = Guarded::new(line.map_err(|_| NoticeFault::Unreachable)?);
        let connecting = AsyncSmtpConnection::connect_with_transport(Box::new(line), &self.hello);
        let mut connection = connecting.await.map_err(|error| unreachable(&error))?;
        if !connection.can_starttls() {
            return Err(NoticeFault::NotTrusted);
        }
        let begun = connection.starttls(self.tls()?, &self.hello).await;
        begun.map_err(|error| match error.is_permanent() || is_garbled(&error) {
            // It offers what it then refuses, or something else speaks in its place.
            true => NoticeFault::NotTrusted,
            false => unreachable(&error),
        })?;
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, NoticeFault> {
        let builder = TlsParameters::builder(self.host.clone());
        let trusting = self.trusted.iter().cloned();
        let builder = trusting.fold(builder, TlsParametersBuilder::add_root_certificate);
        builder.build().map_err(|_| NoticeFault::NotTrusted)
    }
}

impl Conversation {
    /// Gives a message to the server. An error leaves the conversation unusable.
    ///
    /// # Errors
    /// [`NoticeFault::Unanswered`] where the server may have it all the same; in all other cases it has
    /// not.
    pub async fn send(&mut self, message: &Message) -> Result<(), NoticeFault> {
        let addressed = timeout(TO_ADDRESS, self.address(message)).await;
        addressed.map_err(|_| NoticeFault::TimedOut)??;
        match timeout(TO_TAKE, self.0.message(&message.formatted())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(NoticeFault::Refused),
            Ok(Err(error)) if error.is_transient() => Err(NoticeFault::Later),
            Ok(Err(_)) | Err(_) => Err(NoticeFault::Unanswered),
        }
    }

    async fn address(&mut self, message: &Message) -> Result<(), NoticeFault> {
        let envelope = message.envelope();
        let mut all = envelope.from().into_iter().chain(envelope.to());
        let abroad = all.any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        if abroad && !self.0.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(NoticeFault::Address);
        }
        let options = abroad.then_some(MailParameter::SmtpUtfEight).into_iter().collect();
        let from = Mail::new(envelope.from().cloned(), options);
        self.0.command(from).await.map_err(|error| refused(&error, NoticeFault::Rejected))?;
        for to in envelope.to() {
            let to = Rcpt::new(to.clone(), Vec::new());
            self.0.command(to).await.map_err(|error| refused(&error, NoticeFault::Refused))?;
        }
        self.0.command(Data).await.map_err(|error| refused(&error, NoticeFault::Refused))?;
        Ok(())
    }

    /// Whether the server would take mail from an address; sends none.
    ///
    /// # Errors
    /// It would not.
    pub async fn try_sender(&mut self, from: &lettre::Address) -> Result<(), NoticeFault> {
        let from = Mail::new(Some(from.clone()), Vec::new());
        let asked = timeout(TO_ADDRESS, self.0.command(from)).await;
        let answered = asked.map_err(|_| NoticeFault::TimedOut)?;
        answered.map_err(|error| refused(&error, NoticeFault::Rejected))?;
        // It is left right away, whatever the answer.
        let _ = timeout(TO_LEAVE, self.0.command(Rset)).await;
        Ok(())
    }

    /// Leaves the server.
    pub async fn leave(mut self) {
        // Whether it says good-bye does not matter.
        let _ = timeout(TO_LEAVE, self.0.quit()).await;
    }
}

/// What a refusal means where a permanent one means `permanent`.
fn refused(error: &Error, permanent: NoticeFault) -> NoticeFault {
    // That one must sign in, or has not well enough (RFC 4954).
    let wants_login = error.status().is_some_and(|code| [530, 535, 538].contains(&code.into()));
    match error {
        _ if wants_login => NoticeFault::Login,
        error if error.is_permanent() => permanent,
        error if error.is_transient() => NoticeFault::Later,
        _ => NoticeFault::Unreachable,
    }
}

/// Whether what is no TLS came where TLS was to be.
fn is_garbled(error: &Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = error.source();
    while let Some(found) = cause {
        let known = found.downcast_ref::<io::Error>();
        if known.is_some_and(|error| error.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        cause = found.source();
    }
    false
}

/// Why no conversation came about.
fn unreachable(error: &Error) -> NoticeFault {
    if error.is_timeout() {
        return NoticeFault::TimedOut;
    }
    if error.is_permanent() {
        return NoticeFault::Rejected;
    }
    let mut cause: Option<&dyn std::error::Error> = error.source();
    while let Some(found) = cause {
        // The errors of TLS come wrapped in several layers, of which none has a type of its own.
        if found.to_string().contains("certificate") {
            return NoticeFault::NotTrusted;
        }
        cause = found.source();
    }
    if error.is_tls() { NoticeFault::NotTrusted } else { NoticeFault::Unreachable }
}
