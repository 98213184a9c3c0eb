//! Who is at the other end of a connection, and what they offer to be let in.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::extract::{Extension, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::serve::IncomingStream;
use tls_listener::TlsListener;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::access::Token;

/// The other end of a connection.
#[derive(Clone)]
pub(super) struct Caller {
    pub address: IpAddr,
    /// The client certificate, found by TLS to be theirs.
    certificate: Option<Token>,
}

impl Connected<IncomingStream<'_, TcpListener>> for Caller {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self { address: stream.remote_addr().ip(), certificate: None }
    }
}

impl Connected<IncomingStream<'_, TlsListener<TcpListener, TlsAcceptor>>> for Caller {
    fn connect_info(stream: IncomingStream<'_, TlsListener<TcpListener, TlsAcceptor>>) -> Self {
        let (_, session) = stream.io().get_ref();
        let shown = session.peer_certificates().and_then(<[_]>::first);
        let certificate = shown.map(|certificate| Token::of_certificate(certificate));
        Self { address: stream.remote_addr().ip(), certificate }
    }
}

/// What came with a request that may open a clinic: a token, a certificate, both or neither.
pub(super) struct Offered(pub Vec<Token>);

impl<S: Send + Sync> FromRequestParts<S> for Offered {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).map(Token::offered);
        let caller = Extension::<ConnectInfo<Caller>>::from_request_parts(parts, state).await;
        let certificate = caller.ok().and_then(|Extension(ConnectInfo(caller))| caller.certificate);
        Ok(Self(token.into_iter().chain(certificate).collect()))
    }
}
