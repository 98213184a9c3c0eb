//! The other end of the wire: the FHIR endpoint that the clinic's agent publishes to, and the booking
//! page, over a store of its own. Uses `domain` and `fhir`; knows nothing of a clinic's database.
//!
//! Several clinics live on one portal, each with its page at `/NAME`, and `/fhir/NAME` for its agent and
//! a booking page elsewhere, known by their tokens or certificates. It fails closed: when an agent has
//! not been at work for a while, its clinic's times are not offered.

mod access;
mod caller;
mod capabilities;
mod database;
mod desk;
mod erasure;
mod forgetting;
mod indexed;
mod journal;
mod keeper;
mod page;
mod readers;
mod refusal;
mod search;
mod server;
mod serving;
mod shelf;
mod tls;
mod transaction;
mod writer;

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

pub use access::{Access, BadToken, Token, Tokens};
use database::mark_running;
pub use database::{Database, DatabaseError};
pub use erasure::HashKey;
pub use journal::{Event, Journal};
pub use keeper::Keeper;
pub use page::{ClinicPage, EId, EIdError, EIdSettings, KeepDays, Pages, Preset, RESERVED};
use server::Shared;
pub use tls::{TlsError, TlsFiles};

/// The longest body that is taken, in bytes: a transaction of 2,000 slots is a third of it.
const LONGEST_BODY: usize = 4 << 20;
/// How long a request may take.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);

/// By how much a clock may be put right without anybody noticing.
const MOMENT: TimeDelta = TimeDelta::minutes(1);

/// Whether what began then and lasts for so long is not over yet. What begins later than now was timed by
/// a clock that has been set back since: it is over, rather than lasting for longer than it may.
fn still_lasts(since: DateTime<Utc>, now: DateTime<Utc>, long: TimeDelta) -> bool {
    (-MOMENT..long).contains(&now.signed_duration_since(since))
}

/// Tells the instant that it is.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The endpoint without a network: answers requests to `/fhir/NAME/…` and `/NAME`, by whatever clock.
/// Clinics without a page among `pages` have a plain one. Whoever uses it has its keeper do its rounds.
pub fn endpoint(
    database: Database,
    access: Access,
    pages: Pages,
    clock: Clock,
    journal: Journal,
) -> (Router, Keeper) {
    routed(Arc::new(Shared::new(database, access, clock, journal)), pages)
}

fn routed(shared: Arc<Shared>, pages: Pages) -> (Router, Keeper) {
    let (pages, front) = page::router(Arc::clone(&shared), pages);
    let router = server::router(Arc::clone(&shared))
        .layer(RequestBodyLimitLayer::new(LONGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
        .merge(pages)
        .layer(from_fn_with_state(shared, server::journalled));
    (router, Keeper::of(front))
}

/// Why the portal can't start.
#[derive(Debug, Error)]
pub enum PortalError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("{address} can't be listened at: {source}; choose another with --listen")]
    Address { address: SocketAddr, source: io::Error },
}

/// A portal that listens and has not begun to answer.
pub struct Portal {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    keeper: Keeper,
    shared: Arc<Shared>,
    tls: Option<TlsAcceptor>,
    /// Says to other portals that the database is this one's.
    mark: File,
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
        pages: Pages,
        journal: Journal,
    ) -> Result<Self, PortalError> {
        let (database, mark) = (Database::open(database)?, mark_running(database)?);
        let occupied = |source| PortalError::Address { address, source };
        let listener = TcpListener::bind(address).await.map_err(occupied)?;
        let address = listener.local_addr().map_err(occupied)?;
        let shared = Arc::new(Shared::new(database, access, Arc::new(Utc::now), journal));
        let (router, keeper) = routed(Arc::clone(&shared), pages);
        Ok(Self { listener, address, router, keeper, shared, tls: None, mark })
    }

    /// The portal with TLS of its own, rather than behind a proxy that has it.
    ///
    /// # Errors
    /// [`PortalError::Tls`].
    pub fn with_tls(self, files: &TlsFiles) -> Result<Self, PortalError> {
        Ok(Self { tls: Some(tls::acceptor(files)?), ..self })
    }

    /// Notified whenever a booking page has changed something: an agent in the same process need not
    /// look so often.
    pub fn page_heard(&self) -> Arc<Notify> {
        Arc::clone(&self.shared.page_heard)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until told to stop; requests under way are answered first.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, router, keeper, shared, tls, mark, .. } = self;
        let note = |event| shared.journal.note(event, Utc::now());
        note(Event::Started);
        tokio::select! {
            () = serving::serve(listener, (router, tls), serving::BOUNDS, stop) => {}
            () = keeper.run() => {}
        }
        note(Event::Stopped);
        drop(mark);
    }
}
