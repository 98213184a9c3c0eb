//! Connections: each has so long to agree on TLS, to send a request's head, to be answered and to take the
//! answer, and there are so many at once. Whoever is slow on purpose stands in nobody's way for long.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::LONGEST_REQUEST;
use super::caller::Caller;

/// The longest head of a request, in bytes.
const LONGEST_HEAD_BYTES: usize = 32 << 10;
/// After so long a connection ends with the request that is under way.
const LONGEST_CONNECTION: Duration = Duration::from_secs(300);

/// What nobody may take more of.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// The most connections at once. Others wait until one ends.
    most: usize,
    /// How long a connection may take to agree on TLS, for the head of a request, and stand by for the
    /// next one.
    head: Duration,
}

/// The bounds of a portal. A process may have 1,024 files open by default, and needs some for the database.
pub(super) const BOUNDS: Bounds = Bounds { most: 900, head: Duration::from_secs(10) };

/// Answers whoever connects until told to stop; requests under way are answered first. Without `tls`
/// connections are plain, as behind a proxy.
pub(super) async fn serve(
    mut listener: TcpListener,
    (router, tls): (Router, Option<TlsAcceptor>),
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(bounds.most));
    let (tell, stopping) = watch::channel(());
    let router = TowerToHyperService::new(router);
    let each = Connection { router, tls, head: bounds.head, stopping };
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (Listener::accept(&mut listener).await, place)
        };
        let ((io, address), place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let connection = each.clone();
        tokio::spawn(async move {
            connection.take(io, address).await;
            drop(place);
        });
    }
    drop((listener, each));
    // Whoever is there still is told, and waited for.
    tell.send_replace(());
    tell.closed().await;
}

/// What a connection is answered with.
#[derive(Clone)]
struct Connection {
    router: TowerToHyperService<Router>,
    tls: Option<TlsAcceptor>,
    head: Duration,
    stopping: watch::Receiver<()>,
}

impl Connection {
    /// Answers the requests of whoever has connected; who does not agree on TLS in time is let go.
    async fn take(self, io: TcpStream, address: SocketAddr) {
        let Some(tls) = self.tls.clone() else {
            return self.answer(io, Caller::plain(address)).await;
        };
        if let Ok(Ok(io)) = timeout(self.head, tls.accept(io)).await {
            let caller = Caller::with_tls(&io, address);
            self.answer(io, caller).await;
        }
    }

    async fn answer<I>(mut self, io: I, caller: Caller)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = self.router;
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(caller.clone()));
            router.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head)
            .max_header_size(LONGEST_HEAD_BYTES)
            .serve_connection(TokioIo::new(io), service);
        let mut connection = pin!(connection);
        tokio::select! {
            // Whoever breaks a connection off is not waiting for anything.
            _ = connection.as_mut() => return,
            _ = self.stopping.changed() => {}
            () = sleep(LONGEST_CONNECTION) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = timeout(LONGEST_REQUEST + self.head, connection).await;
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::routing::get;
    use reqwest::{Certificate, Client};
    use tokio::time::Instant;

    use super::super::tls::{TlsFiles, acceptor};
    use super::*;

    /// A certificate of a portal on this machine, and what agrees on TLS by it.
    fn private(folder: &std::path::Path) -> (Certificate, TlsAcceptor) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
        let file = folder.join("portal.pem");
        let pem = made.cert.pem();
        std::fs::write(&file, format!("{pem}{}", made.signing_key.serialize_pem()))
            .expect("a file");
        let files = TlsFiles { certificate: file.clone(), key: file, client_issuers: None };
        let trusted = Certificate::from_pem(pem.as_bytes()).expect("a certificate");
        (trusted, acceptor(&files).expect("they can be used"))
    }

    #[tokio::test]
    async fn who_does_not_agree_on_tls_takes_a_place_like_anybody_and_not_for_long() {
        let folder = tempfile::tempdir().expect("a folder");
        let (trusted, tls) = private(folder.path());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/", get(|| async { "here" }));
        let bounds = Bounds { most: 1, head: Duration::from_millis(500) };
        tokio::spawn(serve(listener, (router, Some(tls)), bounds, pending()));

        let _silent = TcpStream::connect(address).await.expect("it answers");
        sleep(Duration::from_millis(50)).await;
        let begun = Instant::now();
        let client = Client::builder().tls_certs_only([trusted]).build().expect("a client");
        let asked = client.get(format!("https://localhost:{}/", address.port())).send();
        let answer = timeout(Duration::from_secs(20), asked).await.expect("others have their turn");
        assert_eq!(answer.expect("an answer").text().await.expect("text"), "here");
        assert!(begun.elapsed() > Duration::from_millis(300), "there was no other place");
    }
}
