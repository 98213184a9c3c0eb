//! The agent between a clinic and a portal, both real, on loopback.

mod bookings;
mod claims;
mod convergence;
mod costs;
#[path = "../common/dice.rs"]
mod dice;
mod foreign;
mod meanwhile;
mod mine;
mod place;
mod probing;
#[path = "../common/provider.rs"]
#[allow(dead_code, reason = "a provider that does wrong is for the pages' own tests")]
mod provider;
mod publishing;
mod restored;
#[path = "../support/mod.rs"]
mod support;
#[path = "../common/valid.rs"]
mod valid;
mod validity;
