//! The agent between a clinic and a portal, both real, on loopback.

mod bookings;
mod convergence;
mod place;
mod publishing;
#[path = "../support/mod.rs"]
mod support;
