//! Connections: each has so long to send a request's head, to be answered and to take the answer, and
//! there are so many at once. Whoever is slow on purpose stands in nobody's way for long.

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
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::LONGEST_REQUEST;
use super::caller::Caller;

/// How long a connection may take for the head of a request, and stand by for the next one.
const LONGEST_HEAD: Duration = Duration::from_secs(10);
/// The longest head of a request, in bytes.
const LONGEST_HEAD_BYTES: usize = 32 << 10;
/// After so long a connection ends with the request that is under way.
const LONGEST_CONNECTION: Duration = Duration::from_secs(300);
/// The most connections at once: less than the files that a process may have open by default. Others
/// wait until one ends.
const MOST_CONNECTIONS: usize = 900;

/// Answers whoever connects until told to stop; requests under way are answered first.
pub(super) async fn serve<L: Listener<Addr = SocketAddr>>(
    mut listener: L,
    router: Router,
    caller: fn(&L::Io, SocketAddr) -> Caller,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let (tell, stopping) = watch::channel(());
    let router = TowerToHyperService::new(router);
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let ((io, address), place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let caller = caller(&io, address);
        let (router, stopping) = (router.clone(), stopping.clone());
        tokio::spawn(async move {
            answer(io, router, caller, stopping).await;
            drop(place);
        });
    }
    drop((listener, stopping));
    // Whoever is there still is told, and waited for.
    tell.send_replace(());
    tell.closed().await;
}

/// Answers the requests of one connection.
async fn answer<I>(
    io: I,
    router: TowerToHyperService<Router>,
    caller: Caller,
    mut stopping: watch::Receiver<()>,
) where
    I: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(caller.clone()));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST_HEAD)
        .max_header_size(LONGEST_HEAD_BYTES)
        .serve_connection(TokioIo::new(io), service);
    let mut connection = pin!(connection);
    tokio::select! {
        // Whoever breaks a connection off is not waiting for anything.
        _ = connection.as_mut() => return,
        _ = stopping.changed() => {}
        () = sleep(LONGEST_CONNECTION) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(LONGEST_REQUEST + LONGEST_HEAD, connection).await;
}
