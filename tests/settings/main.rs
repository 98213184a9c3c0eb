//! The settings in the console, on a real store.

#[path = "../common/mod.rs"]
mod common;
mod desk;
mod editors;
mod fields;
#[path = "../support/mod.rs"]
mod support;
