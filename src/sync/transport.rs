//! What carries requests to the other end: HTTP over the network, or whatever a test puts in its place.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Response};
use thiserror::Error;

use super::wire::WireError;

/// How long the other end may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may take to be reached.
const CONNECT: Duration = Duration::from_secs(5);

/// What was answered.
pub type Reply = Response<Bytes>;

/// An answer on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Reply, WireError>> + Send + 'a>>;

/// Carries requests to the other end.
pub trait Transport: Send + Sync {
    /// Sends a request and waits for its answer.
    fn send(&self, request: Request<Bytes>) -> Sending<'_>;
}

/// Certificates from files in PEM, beside what this machine has.
#[derive(Clone, Debug, Default)]
pub struct Certificates {
    /// Issuers that are trusted as well.
    pub trusted: Option<PathBuf>,
    /// What is shown to the other end: a certificate with its issuers after it, and its key.
    pub own: Option<PathBuf>,
}

/// Why TLS can't be set up. Names the file, and nothing that is in it.
#[derive(Debug, Error)]
pub enum TlsFault {
    #[error("{}: can't be read, or holds no certificate in PEM", .0.display())]
    File(PathBuf),
    #[error("{}: holds no certificate with its key in PEM", .0.display())]
    Own(PathBuf),
    #[error(
        "TLS can't be set up: this machine has no list of trusted issuers (on Debian the package ca-certificates), or a certificate does not fit its key"
    )]
    Machine,
}

fn read(file: &Path) -> Result<Vec<u8>, TlsFault> {
    std::fs::read(file).map_err(|_| TlsFault::File(file.to_owned()))
}

/// HTTP, with TLS where the address says so.
pub struct Http(reqwest::Client);

impl Http {
    /// A client that follows no redirection and no proxy of the environment, and trusts whom this
    /// machine trusts.
    ///
    /// # Errors
    /// [`TlsFault::Machine`].
    pub fn new() -> Result<Self, TlsFault> {
        Self::with_tls(&Certificates::default())
    }

    /// The same, with certificates from files.
    ///
    /// # Errors
    /// [`TlsFault`].
    pub fn with_tls(files: &Certificates) -> Result<Self, TlsFault> {
        let mut client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        if let Some(file) = &files.trusted {
            let found = read(file).map(|pem| reqwest::Certificate::from_pem_bundle(&pem))?;
            let found = found.ok().filter(|found| !found.is_empty());
            client = client.tls_certs_merge(found.ok_or_else(|| TlsFault::File(file.clone()))?);
        }
        if let Some(file) = &files.own {
            let own = read(file).map(|pem| reqwest::Identity::from_pem(&pem))?;
            client = client.identity(own.map_err(|_| TlsFault::Own(file.clone()))?);
        }
        Ok(Self(client.build().map_err(|_| TlsFault::Machine)?))
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Reply, WireError> {
        let request = reqwest::Request::try_from(request).map_err(|_| WireError::Elsewhere)?;
        let mut answer = self.0.execute(request).await.map_err(|error| explain(&error))?;
        let mut reply = Response::builder().status(answer.status());
        if let Some(headers) = reply.headers_mut() {
            std::mem::swap(headers, answer.headers_mut());
        }
        let body = answer.bytes().await.map_err(|error| explain(&error))?;
        reply.body(body).map_err(|_| WireError::NotFhir)
    }
}

impl Transport for Http {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(self.carry(request))
    }
}

fn explain(error: &reqwest::Error) -> WireError {
    if error.is_timeout() {
        return WireError::TimedOut;
    }
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(found) = cause {
        // The errors of TLS come wrapped in several layers, of which none has a type of its own.
        let text = found.to_string();
        // The other end has ended it: of what is sent to it, only our certificate can be to blame.
        if text.contains("received fatal alert") {
            return WireError::Unauthorized;
        }
        if text.contains("certificate") {
            return WireError::NotTrusted;
        }
        cause = found.source();
    }
    WireError::Unreachable
}
