//! The queries, by entity, as methods of [`Session`](super::Session). Portable SQL, parameters by
//! name, no leaning on the database's order of texts.

mod audit;
mod bookings;
mod books;
mod calls;
mod commands;
mod counts;
mod erasing;
mod find;
mod inbox;
mod lists;
mod notices;
mod online;
mod out_there;
mod patients;
mod register_writes;
mod registers;
mod resource_steps;
mod revisions;
mod setting_writes;
mod sign_in;
mod sync;
mod users;
mod week_templates;

pub(in crate::store) use audit::{AuditHeads, ChainedEntry, Head};
pub(in crate::store) use books::Assumed;
pub use books::{BookPages, Stretch, Whose};
pub use commands::{Opening, StoredCommand};
pub use counts::Counts;
pub(crate) use erasing::entities_of;
pub use notices::{Attempt, OnlineBookings};
pub use revisions::{Locked, RevisionScope, Revisions};
pub use sign_in::FailedSignIns;
pub use sync::{AskedOfAgent, Polled, SyncLease, ToldByAgent};
