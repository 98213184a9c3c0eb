//! The portal as its agent and its booking page meet it: a real server on loopback.

mod database;
mod desk;
mod endpoint;
mod page;
mod privacy;
#[path = "../common/valid.rs"]
mod valid;
mod wishes;
