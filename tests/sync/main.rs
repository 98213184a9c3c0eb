//! The agent between a clinic and a portal, both real, on loopback.

mod bookings;
mod convergence;
mod costs;
mod foreign;
mod place;
mod probing;
mod publishing;
#[path = "../support/mod.rs"]
mod support;
#[path = "../common/valid.rs"]
mod valid;
mod validity;
