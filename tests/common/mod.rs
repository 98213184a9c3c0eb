//! What several test files share.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod console;
pub mod glyphs;
pub mod picture;
#[cfg(unix)]
pub mod place;
#[cfg(unix)]
pub mod pty;
