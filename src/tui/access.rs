//! How the console was entered, and what the machine's configuration asks of it. Pure.

use crate::domain::SignIn;

/// How the console was entered, and what is asked of it.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// How users get in.
    pub sign_in: SignIn,
    /// The account that runs the program, offered as the first administrator's.
    pub account: Option<String>,
    /// Minutes without a key after which the screen locks.
    pub lock_minutes: Option<u32>,
    pub suspend: Suspend,
}

/// Whether the console may stop and leave the terminal to what started it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Suspend {
    #[default]
    Allowed,
    /// Nothing is there that could take over, or it must not.
    Off,
}
