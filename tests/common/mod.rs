//! What several test files share.
#![allow(dead_code, reason = "each test file uses a part of it")]

/// The variables by which the program finds what else it reads: preferences, configuration, data.
pub const HOMES: [&str; 5] =
    ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS"];

pub mod console;
pub mod drawing;
pub mod glyphs;
pub mod picture;
#[cfg(unix)]
pub mod place;
#[cfg(unix)]
pub mod pty;
