//! Log-in with e-ID through OpenID Connect, so that any broker fits: which provider, who is logged in,
//! and the way there and back.

mod log_in;
mod provider;
mod sessions;
mod settings;
mod token;
mod unidentified;

pub(super) use log_in::{log_in, log_out, logged_in, not_logged_in, session_of};
pub use provider::EId;
pub(super) use sessions::{Sessions, Sign, Who};
pub use settings::{EIdError, EIdSettings, Preset};
