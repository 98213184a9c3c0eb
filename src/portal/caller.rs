//! Who is at the other end of a connection, and what they offer to be let in.

use std::net::{IpAddr, SocketAddr};

use axum::extract::connect_info::ConnectInfo;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::access::Token;

/// The other end of a connection.
#[derive(Clone)]
pub(super) struct Caller {
    pub address: IpAddr,
    /// The client certificate, found by TLS to be theirs.
    certificate: Option<Token>,
}

impl Caller {
    /// Whoever connects without TLS.
    pub fn plain(address: SocketAddr) -> Self {
        Self { address: address.ip(), certificate: None }
    }

    /// Whoever connects with TLS.
    pub fn with_tls(stream: &TlsStream<TcpStream>, address: SocketAddr) -> Self {
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let certificate = shown.map(|certificate| Token::of_certificate(certificate));
        Self { address: address.ip(), certificate }
    }
}

/// What came with a request that may open a clinic: a token, a certificate, both or neither.
pub(super) fn offered(parts: &Parts) -> Vec<Token> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer ")).map(Token::offered);
    let caller = parts.extensions.get::<ConnectInfo<Caller>>();
    let certificate = caller.and_then(|caller| caller.0.certificate.clone());
    token.into_iter().chain(certificate).collect()
}
