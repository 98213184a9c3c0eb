//! E-mail to patients about their online bookings: confirmation, reminder, and what the clinic moves or
//! cancels. Uses `clinic`, `domain` and `texts`. Off until configured.
//!
//! What is to be told is decided level-triggered, from the books and from what has been told
//! ([`crate::domain`]); the store keeps which booking and what became of it, never address or text. A
//! message is claimed before it is given to the server and settled after, so that it is sent once; where
//! the answer is lost it is sent again under the same Message-ID.

mod guarded;
mod mailer;
mod message;
mod settings;
mod smtp;

pub use mailer::{Mailed, Mailer, check};
pub use settings::{BadMailSettings, MailPassword, MailSettings, Security};
