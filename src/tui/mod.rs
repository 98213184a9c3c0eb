//! The console.

mod backend;
pub mod input;
pub mod signals;
pub mod terminal;
