//! The other end of the wire: the FHIR endpoint that the clinic's agent publishes to and the booking
//! page books through, over a store of its own. Uses `fhir`; knows nothing of a clinic's database.
//!
//! Several clinics live on one portal, each under `/fhir/NAME` with an agent and a booking page, known
//! by their tokens or certificates. It fails closed: when an agent has not been at work for a while, its
//! clinic's times are not offered.

mod access;
mod caller;
mod capabilities;
mod database;
mod desk;
mod indexed;
mod refusal;
mod search;
mod server;
mod shelf;
mod tls;
mod transaction;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use thiserror::Error;
use tls_listener::TlsListener;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

pub use access::{Access, Token, Tokens};
use caller::Caller;
pub use database::{Database, DatabaseError};
pub use desk::{HashKey, KNOWN_AS};
use server::Shared;
pub use tls::{TlsError, TlsFiles};

/// The longest body that is taken, in bytes: a transaction of 2,000 slots is a third of it.
const LONGEST_BODY: usize = 4 << 20;
/// How long a request may take.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);

/// Tells the instant that it is.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The endpoint without a network: answers requests to `/fhir/NAME/…`, by whatever clock.
pub fn endpoint(database: Database, access: Access, clock: Clock) -> Router {
    routed(database, access, clock, Arc::default())
}

fn routed(database: Database, access: Access, clock: Clock, page_heard: Arc<Notify>) -> Router {
    server::router(Arc::new(Shared { database, access, clock, page_heard }))
        .layer(RequestBodyLimitLayer::new(LONGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
}

/// Why the portal can't start, or has stopped.
#[derive(Debug, Error)]
pub enum PortalError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("{address} can't be listened at: {source}; choose another with --listen")]
    Address { address: SocketAddr, source: io::Error },
    #[error("the portal has stopped: {0}")]
    Stopped(#[source] io::Error),
}

/// A portal that listens and has not begun to answer.
pub struct Portal {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    page_heard: Arc<Notify>,
    tls: Option<TlsAcceptor>,
}

impl Portal {
    /// Opens the store and listens; port 0 takes one that is free.
    ///
    /// # Errors
    /// [`PortalError::Database`], [`PortalError::Address`].
    pub async fn open(
        database: &Path,
        address: SocketAddr,
        access: Access,
    ) -> Result<Self, PortalError> {
        let database = Database::open(database)?;
        let occupied = |source| PortalError::Address { address, source };
        let listener = TcpListener::bind(address).await.map_err(occupied)?;
        let address = listener.local_addr().map_err(occupied)?;
        let page_heard = Arc::<Notify>::default();
        let router = routed(database, access, Arc::new(Utc::now), Arc::clone(&page_heard));
        Ok(Self { listener, address, router, page_heard, tls: None })
    }

    /// The portal with TLS of its own, rather than behind a proxy that has it.
    ///
    /// # Errors
    /// [`PortalError::Tls`].
    pub fn with_tls(self, files: &TlsFiles) -> Result<Self, PortalError> {
        Ok(Self { tls: Some(tls::acceptor(files)?), ..self })
    }

    /// Notified whenever a booking page has asked for something: an agent in the same process need not
    /// look so often.
    pub fn page_heard(&self) -> Arc<Notify> {
        Arc::clone(&self.page_heard)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until told to stop; requests under way are answered first.
    ///
    /// # Errors
    /// [`PortalError::Stopped`].
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), PortalError> {
        let service = self.router.into_make_service_with_connect_info::<Caller>();
        let served = match self.tls {
            None => axum::serve(self.listener, service).with_graceful_shutdown(stop).await,
            Some(tls) => {
                let listener = TlsListener::new(tls, self.listener);
                axum::serve(listener, service).with_graceful_shutdown(stop).await
            }
        };
        served.map_err(PortalError::Stopped)
    }
}
