//! What carries requests to the other end: HTTP over the network, or whatever a test puts in its place.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Response};

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

/// HTTP, with TLS where the address says so.
pub struct Http(reqwest::Client);

impl Http {
    /// A client that follows no redirection and no proxy of the environment.
    ///
    /// # Errors
    /// The TLS of this machine can't be set up.
    pub fn new() -> Result<Self, WireError> {
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        Ok(Self(client.map_err(|_| WireError::NotTrusted)?))
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
        if found.to_string().contains("certificate") {
            return WireError::NotTrusted;
        }
        cause = found.source();
    }
    WireError::Unreachable
}
