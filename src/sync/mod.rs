//! The Online Client: the agent that keeps the booking page's server in step with the clinic and brings
//! bookings back. Uses `domain`, `clinic`, `store` and `fhir`.
//!
//! Level-triggered: no queue of events that could be lost. A practitioner is computed anew when a
//! revision that touches it, the date or the notice window has moved; what is then wanted is held
//! against what is out there, and the difference is sent. A crash at any point means doing it again,
//! with the same result. A lease in the store lets one agent work while others stand by.
//!
//! The other end holds this clinic and nothing else: times that are not wanted are withdrawn, registers that
//! the clinic does not have deactivated, bookings that no book has put into the books, whoever put them there.

mod agent;
mod answers;
mod claim;
mod difference;
mod error;
mod following;
mod lease;
mod ledger;
pub mod mapping;
mod marks;
mod pace;
mod probe;
mod publications;
mod registers;
mod restored;
mod transport;
mod wire;
mod wishes;

use chrono::{DateTime, TimeDelta, Utc};

pub use crate::domain::{AgentAt, Round, SyncFault, SyncState};
pub use agent::{Agent, Worked};
pub use error::SyncError;
pub use lease::LEASE;
pub use pace::{Pace, run};
pub use probe::{Flaw, probe};
pub use transport::{Certificates, Http, Reply, Sending, TlsFault, Transport};
pub use wire::{BearerToken, Wire, WireError};

/// Whether something was done so lately that it need not be done again yet. What seems to have been done
/// later than now was timed by a clock that has been set back since: it is done again, rather than put
/// off until that clock has caught up.
fn is_lately(done: Option<DateTime<Utc>>, now: DateTime<Utc>, within: TimeDelta) -> bool {
    done.is_some_and(|at| (TimeDelta::zero()..within).contains(&now.signed_duration_since(at)))
}
